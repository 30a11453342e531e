//! The keys of a row.

use matricule_record::{ConvertedRow, EntryFacts, Field, LinkKeys, LinkedRow, Marking, SerialState};
use matricule_text::{canonical_serial, confusion_key, fold, identity_key};
use sha2::{Digest, Sha256};

/// What the keys are made of.
struct Identity<'a> {
    canonical: &'a str,
    script: &'a str,
    converted: &'a str,
    other_reading: Option<&'a str>,
    plain_key: Option<&'a str>,
    make: &'a str,
    country: &'a str,
    series_mark: &'a str,
    component: &'a str,
    register: &'a str,
}

/// Gives a row its keys.
pub fn link(row: ConvertedRow) -> LinkedRow {
    let keys = match &row.serial {
        SerialState::Converted(serial) => of_row(&row, serial).keys(),
        SerialState::Absent { .. } => LinkKeys::default(),
    };
    LinkedRow { row, keys }
}

/// Gives a row the key of its identity only, where nothing else is linked.
pub fn link_exact(row: ConvertedRow) -> LinkedRow {
    let identity = match &row.serial {
        SerialState::Converted(serial) => of_row(&row, serial).exact(),
        SerialState::Absent { .. } => None,
    };
    LinkedRow { row, keys: LinkKeys { identity, ..LinkKeys::default() } }
}

fn of_row<'a>(row: &'a ConvertedRow, serial: &'a Marking) -> Identity<'a> {
    Identity {
        canonical: &serial.canonical,
        script: &serial.script,
        converted: &serial.converted,
        other_reading: serial.other_reading.as_deref(),
        plain_key: serial.plain_key.as_deref(),
        make: row.fields.text(Field::Make),
        country: row.fields.text(Field::CountryOfManufacture),
        series_mark: row.fields.text(Field::SeriesMark),
        component: row.fields.text(Field::Component),
        register: row.fields.text(Field::Register),
    }
}

/// The keys of an entry that a registry holds: the same as its row had.
pub fn link_entry(entry: &EntryFacts) -> LinkKeys {
    if !entry.has_serial() {
        return LinkKeys::default();
    }
    Identity {
        canonical: &entry.canonical,
        script: &entry.script,
        converted: &entry.converted,
        other_reading: entry.other_reading.as_deref(),
        plain_key: entry.plain_key.as_deref(),
        make: &entry.make,
        country: &entry.country,
        series_mark: &entry.series_mark,
        component: &entry.component,
        register: &entry.register,
    }
    .keys()
}

impl Identity<'_> {
    /// The key of the make; none where it is not known.
    fn make(&self) -> Option<String> {
        known(self.make).map(identity_key).filter(|make| !make.is_empty())
    }

    fn exact(&self) -> Option<u128> {
        self.identity(&self.make()?)
    }

    fn keys(&self) -> LinkKeys {
        let Some(make) = self.make() else { return LinkKeys::default() };
        let loose_key = |serial: &str| (digest(&[&loose(serial), &make]) >> 64) as u64;
        LinkKeys {
            identity: self.identity(&make),
            proposals: [
                Some(self.converted),
                self.other_reading,
                self.plain_key,
                without_label(self.converted),
            ]
            .map(|key| key.map(loose_key)),
        }
    }

    fn identity(&self, make: &str) -> Option<u128> {
        let country = known(self.country)?;
        let (mark, component) = (canonical_serial(self.series_mark), identity_key(self.component));
        Some(digest(&[self.canonical, self.script, make, country, &mark, &component, &fold(self.register)]))
    }
}

/// A value, unless it says that it is not known.
pub(crate) fn known(value: &str) -> Option<&str> {
    (!value.is_empty() && value != "unknown").then_some(value)
}

/// The first 128 bits of the SHA-256 of parts, each ended by a byte that no text holds.
fn digest(parts: &[&str]) -> u128 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0xff]);
    }
    let bytes = hasher.finalize();
    bytes.iter().take(16).fold(0, |key, &byte| key << 8 | u128::from(byte))
}

/// A converted serial without leading zeros, with characters that are taken for each other alike.
pub(crate) fn loose(converted: &str) -> String {
    confusion_key(without_zeros(converted))
}

/// What remains of a serial that may begin with a label: `NO 1234` is a number, or a series of the letters NO. Nothing
/// is dropped from it; it is found under both.
pub(crate) fn without_label(converted: &str) -> Option<&str> {
    let rest = ["NO", "NR"].iter().find_map(|label| converted.strip_prefix(label))?;
    (rest.len() > 2 && rest.contains(|c: char| c.is_ascii_digit())).then_some(rest)
}

/// The serial without the zeros that it begins with.
pub(crate) fn without_zeros(converted: &str) -> &str {
    let rest = converted.trim_start_matches('0');
    if rest.is_empty() { converted } else { rest }
}
