//! The row at each state between the ledger and the registry.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Cells, Field, Finding, Flag, Ledger, LinkKeys, Reading, Reject, Text};

/// Where a row stands: its ledger and its number, counted from 1 as a spreadsheet program shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// File, sheet, columns and settings.
    pub ledger: Arc<Ledger>,
    /// Row number.
    pub row: u32,
}

/// A record of a ledger: cells under known columns.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerRow {
    /// Where it stands.
    pub source: Source,
    /// Its cells, as the file holds them.
    pub cells: Cells,
    /// Cells whose value stands elsewhere (a ditto mark, a merged cell): column and value meant.
    pub carried: Vec<(usize, Text)>,
    /// What a person decided about its serial, in place of its cell: that there is none to compare, and why.
    pub no_serial: Option<NoSerial>,
    /// What is wrong with it so far.
    pub findings: Vec<Finding>,
}

impl LedgerRow {
    /// A record as its cells alone have it: nothing carried, decided or found.
    pub fn new(source: Source, cells: Cells) -> Self {
        Self { source, cells, carried: Vec::new(), no_serial: None, findings: Vec::new() }
    }
}

/// A field's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldValue {
    /// The value, in the registry's vocabulary.
    pub text: Text,
    /// The column that it was read from; `None` for a constant of the profile.
    pub column: Option<usize>,
}

/// The fields of a row that are set, in field order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(Field, FieldValue)>);

impl Fields {
    /// None set yet, with room for so many.
    pub fn with_capacity(fields: usize) -> Self {
        Self(Vec::with_capacity(fields))
    }

    /// Sets a field; a field set before is replaced.
    pub fn set(&mut self, field: Field, value: FieldValue) {
        match self.0.binary_search_by_key(&field, |(f, _)| *f) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (field, value)),
        }
    }

    /// A field's value.
    pub fn get(&self, field: Field) -> Option<&FieldValue> {
        self.0.binary_search_by_key(&field, |(f, _)| *f).ok().map(|at| &self.0[at].1)
    }

    /// A field's text; empty where it is not set.
    pub fn text(&self, field: Field) -> &str {
        self.get(field).map_or("", |value| &value.text)
    }

    /// All fields set, in field order.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &FieldValue)> {
        self.0.iter().map(|(field, value)| (*field, value))
    }
}

/// Why a weapon has no serial number to compare (domain page, section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NoSerial {
    /// The maker marked none.
    NoneMarked,
    /// It was removed.
    Obliterated,
    /// It cannot be read, in part or at all.
    Illegible,
    /// A person decided that it cannot be converted.
    Untranslatable,
    /// The ledger says that it is not known.
    Unknown,
}

impl NoSerial {
    /// The five codes.
    pub const ALL: [Self; 5] =
        [Self::NoneMarked, Self::Obliterated, Self::Illegible, Self::Untranslatable, Self::Unknown];

    /// The code in views and vocabularies.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoneMarked => "NONE_MARKED",
            Self::Obliterated => "OBLITERATED",
            Self::Illegible => "ILLEGIBLE",
            Self::Untranslatable => "UNTRANSLATABLE",
            Self::Unknown => "UNKNOWN",
        }
    }

    /// The code of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }
}

/// What a ledger says in its serial column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenSerial {
    /// A serial number, as written but for blanks at its ends and a label before it.
    Number(WrittenMarking),
    /// Words or signs that mean that there is none to compare.
    Absent {
        /// Which of the five codes.
        code: NoSerial,
        /// The serial as far as it was read (`??3669`), for search; empty for a phrase.
        pattern: Text,
    },
    /// Missing or refused; the row's findings say why.
    Refused,
}

/// A marking that is to be converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenMarking {
    /// The field it stands in.
    pub field: Field,
    /// The cell, as written.
    pub original: Text,
    /// The marking, without blanks at its ends and a label before it.
    pub text: Text,
    /// Its column.
    pub column: Option<usize>,
}

/// Something that happened to a weapon, as its ledger tells it in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEvent {
    /// What, by `mappings/vocabulary/event.csv`.
    pub kind: Text,
    /// When: a day or an interval, ISO 8601.
    pub date: Option<Text>,
    /// Who gave.
    pub from_party: Option<Text>,
    /// Who received.
    pub to_party: Option<Text>,
    /// What it rests on.
    pub document: Option<Text>,
    /// The field in which it is told.
    pub field: Field,
    /// The words.
    pub original: Text,
}

impl Default for HistoryEvent {
    fn default() -> Self {
        Self {
            kind: Text::default(),
            date: None,
            from_party: None,
            to_party: None,
            document: None,
            field: Field::History,
            original: Text::default(),
        }
    }
}

/// A record whose cells have become values.
#[derive(Clone, Debug, PartialEq)]
pub struct StandardRow {
    /// Where it stands.
    pub source: Source,
    /// Its cells, as the file holds them.
    pub cells: Cells,
    /// Cells whose value stands elsewhere: column and value meant.
    pub carried: Vec<(usize, Text)>,
    /// The values.
    pub fields: Fields,
    /// What stands in the serial column.
    pub serial: WrittenSerial,
    /// Serials of further components.
    pub markings: Vec<WrittenMarking>,
    /// What happened to the weapon, as told in words.
    pub events: Vec<HistoryEvent>,
    /// Share of the required and recommended fields that are set, 0 to 1.
    pub completeness: f64,
    /// Warnings.
    pub flags: Vec<Flag>,
    /// What is wrong with it so far.
    pub findings: Vec<Finding>,
}

/// A converted marking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marking {
    /// The field it stands in.
    pub field: Field,
    /// As written.
    pub original: Text,
    /// What was converted: the original without blanks at its ends, a label before it and named signs.
    pub written: Text,
    /// The canonical original: what identity rests on, with the script.
    pub canonical: Text,
    /// ISO 15924 code of its letters; `Zyyy` where it has digits only.
    pub script: Text,
    /// A–Z 0–9.
    pub converted: Text,
    /// The characters that drop rows let disappear, in order.
    pub dropped: Text,
    /// The table that converted it: its id.
    pub table: Arc<str>,
    /// By sound or by look.
    pub reading: Reading,
    /// The conversion under the other reading, where it differs: by look, or letter by letter where
    /// the serial was read by letter names; a search key only.
    pub other_reading: Option<Text>,
    /// The serial as a foreign request spells it, where it differs (Arabic, Hebrew); a search key only.
    pub plain_key: Option<Text>,
}

/// The serial of an accepted row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SerialState {
    /// Converted.
    Converted(Marking),
    /// None to compare.
    Absent {
        /// Which of the five codes.
        code: NoSerial,
        /// The serial as far as it was read, in canonical form.
        pattern: Text,
    },
}

/// A record that can be loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvertedRow {
    /// Where it stands.
    pub source: Source,
    /// Its cells, as the file holds them.
    pub cells: Cells,
    /// Cells whose value stands elsewhere: column and value meant.
    pub carried: Vec<(usize, Text)>,
    /// The values.
    pub fields: Fields,
    /// The serial.
    pub serial: SerialState,
    /// Serials of further components.
    pub markings: Vec<Marking>,
    /// What happened to the weapon, as told in words.
    pub events: Vec<HistoryEvent>,
    /// Names of people and places in Latin letters, for search, where they were written in others.
    pub romanized: Vec<(Field, Text)>,
    /// Share of the required and recommended fields that are set, 0 to 1.
    pub completeness: f64,
    /// Warnings.
    pub flags: Vec<Flag>,
}

/// A record with the keys under which its duplicates are found.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkedRow {
    /// The record.
    pub row: ConvertedRow,
    /// Its keys.
    pub keys: LinkKeys,
}

impl StandardRow {
    /// The row as a reject, with all its findings.
    pub fn into_reject(self) -> Reject {
        Reject { source: self.source, cells: self.cells, carried: self.carried, findings: self.findings }
    }
}
