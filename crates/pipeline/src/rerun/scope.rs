//! What changed in the mapping files since a file's rows were read, and which rows that can concern.

use std::collections::BTreeMap;

use matricule_loader::Stored;
use matricule_mapping::{RowKind, ScriptTable};
use matricule_record::StoredMapping;
use matricule_text::{canonical_serial, visible};
use matricule_transliteration::{RowDifference, row_differences};

use crate::{Error, Stages};

/// Mapping files that only the reader of ledgers uses: what they change holds for ledgers read from now on.
const OF_INGEST: [(&str, &str); 3] =
    [("headers", "headers"), ("vocabulary", "furniture"), ("vocabulary", "quantity")];

/// Which rows a change of mapping files can concern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// None.
    Nothing,
    /// Serials that hold one of these.
    Serials(Vec<Needle>),
    /// Any row: for these mapping files, and for what serials hold.
    Everything(Vec<String>, Vec<Needle>),
}

/// What is read otherwise of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Concerned {
    /// How a serial is converted.
    pub serial: bool,
    /// Anything else.
    pub rest: bool,
}

/// A changed row of a script table, by what a serial must hold for it to matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Needle {
    /// In canonical form.
    pub canonical: String,
    /// The table.
    table: String,
    /// The row before and after.
    change: String,
}

impl Needle {
    fn cause(&self) -> String {
        format!("{}: {}", self.table, self.change)
    }
}

impl Scope {
    /// The changes between the mapping files of an earlier run and those of now.
    pub fn since(stored: &Stored<'_>, run: i64, version: &str, stages: &Stages) -> Result<Self, Error> {
        let earlier: BTreeMap<(String, String), String> =
            stored.mapping_digests(run)?.into_iter().map(|(kind, id, digest)| ((kind, id), digest)).collect();
        let present: BTreeMap<(String, String), &StoredMapping> =
            stages.stored().iter().map(|file| ((file.kind.to_owned(), file.id.clone()), file)).collect();
        let mut needles = Vec::new();
        let mut everything = Vec::new();
        let mut parents = BTreeMap::new();
        if version != env!("CARGO_PKG_VERSION") {
            everything.push(format!("matricule {version} → {}", env!("CARGO_PKG_VERSION")));
        }
        let keys = earlier.keys().chain(present.keys());
        for key in keys.collect::<std::collections::BTreeSet<_>>() {
            let (before, after) = (earlier.get(key), present.get(key).copied());
            let is_ingest = OF_INGEST.contains(&(key.0.as_str(), key.1.as_str()));
            if before.map(String::as_str) == after.map(|file| file.digest.as_str()) || is_ingest {
                continue;
            }
            if key.0 != "script" {
                everything.push(format!("{} {}", key.0, key.1));
                continue;
            }
            let before = before.map(|digest| stored.mapping(digest)).transpose()?;
            parents.extend(after.and_then(|file| parent(&key.1, &file.content)));
            match of_table(&key.1, before.as_deref(), after.map(|file| file.content.as_str())) {
                Some(found) => needles.extend(found),
                None => everything.push(format!("table {}", key.1)),
            }
        }
        let mut needles = where_changed(&needles, &parents);
        needles.sort_by_key(|needle| (needle.cause(), needle.canonical.clone()));
        needles.dedup();
        Ok(match (everything.is_empty(), needles.is_empty()) {
            (false, _) => Self::Everything(everything, needles),
            (true, true) => Self::Nothing,
            (true, false) => Self::Serials(needles),
        })
    }

    /// Why a row with these serials, in canonical form, is read otherwise; empty where nothing of the files says why.
    /// Rows of script tables that its serials hold are the cause of what is concerned of a serial, and other mapping
    /// files that of the rest, or of a serial that holds nothing that changed.
    pub fn cause(&self, serials: &[String], concerned: Concerned) -> String {
        let (files, needles): (&[String], &[Needle]) = match self {
            Self::Nothing => (&[], &[]),
            Self::Serials(needles) => (&[], needles),
            Self::Everything(files, needles) => (files, needles),
        };
        let holds = |needle: &&Needle| serials.iter().any(|serial| serial.contains(&needle.canonical));
        let mut causes: Vec<String> = needles.iter().filter(holds).map(Needle::cause).collect();
        if !concerned.serial && !files.is_empty() {
            causes.clear();
        }
        if concerned.rest || causes.is_empty() {
            causes.extend(files.iter().cloned());
        }
        causes.join("; ")
    }

    /// What a serial has to hold one of, where only serials can be concerned.
    pub fn sought(&self) -> impl Iterator<Item = &str> {
        let needles = if let Self::Serials(needles) = self { needles.as_slice() } else { &[] };
        needles.iter().map(|needle| needle.canonical.as_str())
    }

    /// Whether a row with this serial, in canonical form, can be concerned.
    pub fn concerns(&self, serial: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything(..) => true,
            Self::Serials(needles) => needles.iter().any(|needle| serial.contains(&needle.canonical)),
        }
    }
}

/// The mapping files that only the reader of ledgers uses and that changed since a run, by name.
pub(super) fn of_ingest(stored: &Stored<'_>, run: i64, stages: &Stages) -> Result<Vec<String>, Error> {
    let is_of_ingest = |kind: &str, id: &str| OF_INGEST.contains(&(kind, id));
    let digest_of = |kind: &str, id: &str| {
        let mut files = stages.stored().iter();
        files.find(|file| (file.kind, file.id.as_str()) == (kind, id)).map(|file| file.digest.as_str())
    };
    let earlier = stored.mapping_digests(run)?.into_iter().filter(|(kind, id, _)| is_of_ingest(kind, id));
    let changed = earlier.filter(|(kind, id, digest)| digest_of(kind, id) != Some(digest));
    Ok(changed.map(|(kind, id, _)| if kind == id { id } else { format!("{kind} {id}") }).collect())
}

/// A table with the one that it extends.
fn parent(id: &str, content: &str) -> Option<(String, String)> {
    let table = ScriptTable::of_stored(id, content)?;
    Some((id.to_owned(), table.meta.get("extends")?.clone()))
}

/// The changes where they were made: a row that changed in a table has changed in every one that extends it, too.
fn where_changed(needles: &[Needle], parents: &BTreeMap<String, String>) -> Vec<Needle> {
    let has = |table: &str, needle: &Needle| {
        needles.iter().any(|other| {
            other.table == table && (&other.canonical, &other.change) == (&needle.canonical, &needle.change)
        })
    };
    let is_inherited =
        |needle: &&Needle| parents.get(&needle.table).is_some_and(|parent| has(parent, needle));
    let own = needles.iter().filter(|needle| !is_inherited(needle));
    own.cloned().collect()
}

/// The rows of a table that differ; `None` where the change can concern serials of any kind.
fn of_table(id: &str, before: Option<&str>, after: Option<&str>) -> Option<Vec<Needle>> {
    let engine = |content: Option<&str>| content.and_then(|text| text.lines().next()).map(str::to_owned);
    if before.is_some() && after.is_some() && engine(before) != engine(after) {
        return None;
    }
    let table = |content: Option<&str>| content.map(|content| ScriptTable::of_stored(id, content));
    let (before, after) = match (table(before), table(after)) {
        (Some(None), _) | (_, Some(None)) => return None,
        (before, after) => (before.flatten(), after.flatten()),
    };
    if let (Some(before), Some(after)) = (&before, &after)
        && before.meta != after.meta
    {
        return None;
    }
    row_differences(before.as_ref(), after.as_ref()).iter().map(|row| needle(id, row)).collect()
}

/// `None` for a row that can concern serials without holding a sequence of theirs: numerals, digits.
fn needle(id: &str, row: &RowDifference) -> Option<Needle> {
    let rows = [&row.before, &row.after].into_iter().flatten();
    let is_letters =
        |kind: RowKind| matches!(kind, RowKind::Map | RowKind::Drop | RowKind::Review | RowKind::Name);
    if !rows.clone().all(|row| is_letters(row.kind)) {
        return None;
    }
    let from = rows.clone().last()?.from.as_str();
    let canonical = canonical_serial(from);
    // What the canonical form leaves out, such as a tatweel, leaves nothing to look for.
    if canonical.is_empty() {
        return None;
    }
    let says = |row: &Option<std::sync::Arc<matricule_mapping::TableRow>>| match row {
        None => "no row".to_owned(),
        Some(row) if row.kind == RowKind::Map => row.to.to_string(),
        Some(row) => format!("{} {}", row.kind.name(), row.to).trim_end().to_owned(),
    };
    let change = format!("{} {} → {}", visible(from), says(&row.before), says(&row.after));
    Some(Needle { canonical, table: id.to_owned(), change })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_told_what_concerns_it() {
        let needle = |canonical: &str| Needle {
            canonical: canonical.into(),
            table: "ru".into(),
            change: format!("{canonical} A → B"),
        };
        let needles = vec![needle("Х"), needle("Щ")];
        let both = Scope::Everything(vec!["vocabulary make".into()], needles.clone());
        let serials = Scope::Serials(needles);
        for (scope, serial, concerned, cause) in [
            (&serials, "НХ1", (true, true), "ru: Х A → B"),
            (&serials, "ХЩ1", (true, false), "ru: Х A → B; ru: Щ A → B"),
            (&both, "НХ1", (true, false), "ru: Х A → B"),
            (&both, "НХ1", (false, true), "vocabulary make"),
            (&both, "НХ1", (true, true), "ru: Х A → B; vocabulary make"),
            (&both, "Н1", (true, false), "vocabulary make"),
            (&Scope::Nothing, "НХ1", (true, true), ""),
        ] {
            let (serial_too, rest) = concerned;
            let found = scope.cause(&[serial.to_owned()], Concerned { serial: serial_too, rest });
            assert_eq!(found, cause, "{serial} {concerned:?}");
        }
    }

    #[test]
    fn a_change_is_told_of_the_table_that_it_was_made_in() {
        let needle = |table: &str, change: &str| Needle {
            canonical: "Ж".into(),
            table: table.into(),
            change: change.into(),
        };
        let parents = [("ru", "common"), ("ru-strict", "ru"), ("el", "common")];
        let parents = parents.map(|(table, parent)| (table.to_owned(), parent.to_owned())).into();
        let found = where_changed(
            &[
                needle("common", "Ж A → B"),
                needle("el", "Ж A → B"),
                needle("ru", "Ж A → B"),
                needle("ru-strict", "Ж A → B"),
                needle("ru-strict", "Ж A → C"),
            ],
            &parents,
        );
        let causes: Vec<_> = found.iter().map(Needle::cause).collect();
        assert_eq!(causes, ["common: Ж A → B", "ru-strict: Ж A → C"]);
    }
}
