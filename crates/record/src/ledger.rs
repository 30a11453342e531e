//! What is known about a ledger beyond its rows: the file, the sheet, its columns, and the
//! settings that decide how the rows are read.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Cells, DuplicateRules, Field, Symbol, Text};

/// By sound or by look (`АВ` is `AV` by sound and `AB` by look).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reading {
    /// Letters are transliterated by the standard for their language.
    #[default]
    Sound,
    /// Letters become the Latin capital that they look like.
    Look,
}

impl Reading {
    /// The name in profiles, tables and views.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Look => "look",
        }
    }

    /// The reading of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Sound, Self::Look].into_iter().find(|reading| reading.name() == name)
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Sound => Self::Look,
            Self::Look => Self::Sound,
        }
    }
}

/// Which variant of a language's table converts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// The named standard, letter by letter.
    #[default]
    Standard,
    /// The standard with an overlay that is proven uniquely decodable.
    Strict,
}

impl Variant {
    /// The name in profiles and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Strict => "strict",
        }
    }
}

/// What to do with look-alike letters of several scripts in one serial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mixed {
    /// Refuse the row (T302).
    #[default]
    Reject,
    /// Read the look-alikes as Latin letters.
    FoldToLatin,
    /// Read the look-alikes as letters of the ledger's own script.
    FoldToNative,
}

/// Why a physical row was not a record (design contract, section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipClass {
    /// A title above the header.
    Title,
    /// The header.
    Header,
    /// The header again, on a later page.
    RepeatHeader,
    /// A row without a value.
    Blank,
    /// A total of a page or a book.
    Subtotal,
    /// A sum carried over from or to another page.
    CarriedForward,
    /// A heading that applies to the rows below.
    Group,
    /// The foot of a page or book.
    Footer,
    /// A note.
    Note,
    /// A hidden row or a row of a hidden sheet.
    Hidden,
    /// A cancelled entry.
    Cancelled,
    /// A row that the profile says is no weapon.
    NotAWeapon,
}

impl SkipClass {
    /// Every class, in the order of the contract.
    pub const ALL: [Self; 12] = [
        Self::Title,
        Self::Header,
        Self::RepeatHeader,
        Self::Blank,
        Self::Subtotal,
        Self::CarriedForward,
        Self::Group,
        Self::Footer,
        Self::Note,
        Self::Hidden,
        Self::Cancelled,
        Self::NotAWeapon,
    ];

    /// The name in views and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Header => "header",
            Self::RepeatHeader => "repeat_header",
            Self::Blank => "blank",
            Self::Subtotal => "subtotal",
            Self::CarriedForward => "carried_forward",
            Self::Group => "group",
            Self::Footer => "footer",
            Self::Note => "note",
            Self::Hidden => "hidden",
            Self::Cancelled => "cancelled",
            Self::NotAWeapon => "not_a_weapon",
        }
    }

    /// The class of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

/// How the rows of a ledger are to be read: the profile, completed by what was detected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Language of the ledger, ISO 639-1; `None` where it could not be decided.
    pub language: Option<Text>,
    /// By sound or by look.
    pub reading: Reading,
    /// Variant of the language's table.
    pub variant: Variant,
    /// What to do with mixed scripts.
    pub mixed: Mixed,
    /// Register the ledger belongs to.
    pub register: Option<Text>,
    /// Calendar of its dates and years, where one other than the Gregorian is declared.
    pub calendar: Option<Text>,
    /// Day-month order of written dates (`dmy`, `mdy`, `ymd`), where declared.
    pub date_order: Option<Text>,
    /// First year of the century that two-digit years stand for, where declared.
    pub pivot_year: Option<u16>,
    /// Values of fields that the ledger has no column for.
    pub constants: Vec<(Field, Text)>,
    /// Fields without which a row is refused.
    pub required: Vec<Field>,
    /// Groups of fields of which a row needs one each.
    pub required_any: Vec<Vec<Field>>,
    /// Fields whose absence is flagged.
    pub recommended: Vec<Field>,
    /// Whether a required field without a column refuses the row (`iti`, `eu`), not only flags it.
    pub strict_content: bool,
    /// The least confidence with which a scanned row may be read, where declared: a share of one, or
    /// percent where it is above one.
    pub confidence: Option<f64>,
    /// Fields whose letters are numerals.
    pub numerals: Vec<Field>,
    /// Signs that the ledger's profile names.
    pub symbols: Vec<Symbol>,
    /// The ledger's own mapping rows, the highest layer: from, to.
    pub mapping: Vec<(Text, Text)>,
    /// SHA-256 of the profile file in hexadecimal, where there is one.
    pub profile: Option<Arc<str>>,
    /// What is declared about its duplicates.
    pub duplicates: DuplicateRules,
}

/// Which part of a serial a column holds that stands beside the column of the serial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum SerialPart {
    /// What comes before the number: `АВ` of `АВ 1234`.
    #[serde(rename = "serial_prefix")]
    Prefix,
    /// What comes after it.
    #[serde(rename = "serial_suffix")]
    Suffix,
}

impl SerialPart {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Prefix, Self::Suffix];

    /// The name in profiles and in the registry.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prefix => "serial_prefix",
            Self::Suffix => "serial_suffix",
        }
    }

    /// What it is, for manuals.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Prefix => "letters of the serial in a column of their own, before those of `serial`",
            Self::Suffix => "letters of the serial in a column of their own, behind those of `serial`",
        }
    }

    /// The part of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }
}

/// One column of a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The header as written.
    pub header: Text,
    /// The field it was matched to; `None` keeps the column as extra data.
    pub field: Option<Field>,
    /// The part of the serial that it holds, where the serial stands in several columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<SerialPart>,
    /// Day-month order of its dates (`dmy`, `mdy`), where its first rows show one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<Text>,
    /// The row that shows it, and what stands there.
    #[serde(skip)]
    pub date_order_evidence: Option<(u32, Text)>,
    /// Whether its header names something personal, whatever its field.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_personal: bool,
}

/// What the column for comments is called.
const COMMENTS: &str = "Cell comments";

impl Column {
    /// The column that holds what persons wrote to the cells of a workbook. A name may stand there.
    pub fn comments() -> Self {
        Self { header: COMMENTS.into(), is_personal: true, ..Self::default() }
    }

    /// Whether it is that column.
    pub fn is_comments(&self) -> bool {
        self.field.is_none() && self.header == COMMENTS
    }

    /// Whether its cells are personal data, which exports and reports redact unless asked.
    pub fn holds_personal_data(&self) -> bool {
        self.is_personal || self.field.is_some_and(Field::is_personal)
    }
}

/// One sheet of one file, with everything that holds for all its rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Path relative to the argument it came from, with `/`.
    pub file: Arc<str>,
    /// Name of the sheet; empty for a CSV.
    pub sheet: Arc<str>,
    /// The columns, first one first.
    pub columns: Vec<Column>,
    /// How its rows are read.
    pub settings: Settings,
}

impl Ledger {
    /// The column that holds a field, counted from 0.
    pub fn column_of(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| column.field == Some(field))
    }

    /// The cells of a row as its file holds them, and the comments that were put behind them.
    pub fn without_comments(&self, cells: &Cells) -> (Cells, String) {
        let column = self.columns.iter().rposition(Column::is_comments);
        match column.filter(|column| column + 1 == cells.len()) {
            Some(column) => {
                let mut own = Cells::with_capacity(column, cells.bytes());
                cells.iter().take(column).for_each(|cell| own.push(cell.kind, cell.text));
                (own, cells.get(column).text.to_owned())
            }
            None => (cells.clone(), String::new()),
        }
    }

    /// The columns that hold a part of the serial beside its own.
    pub fn columns_of_part(&self, part: SerialPart) -> impl Iterator<Item = usize> + '_ {
        let columns = self.columns.iter().enumerate();
        columns.filter(move |(_, column)| column.part == Some(part)).map(|(at, _)| at)
    }

    /// What a row has in the column of a field; of a serial in several columns all that is written there.
    pub fn written(&self, field: Field, cells: &Cells) -> Text {
        let Some(own) = self.column_of(field) else { return Text::default() };
        let own = cells.get(own).text;
        if field != Field::Serial || self.columns.iter().all(|column| column.part.is_none()) {
            return own.into();
        }
        let part = |part| self.columns_of_part(part).map(|at| cells.get(at).text.trim());
        let texts = part(SerialPart::Prefix).chain([own.trim()]).chain(part(SerialPart::Suffix));
        let texts: Vec<&str> = texts.filter(|text| text.chars().any(char::is_alphanumeric)).collect();
        texts.join(" ").into()
    }
}

/// What is known about a file, as `v_file` shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FileFacts {
    /// Path relative to the argument it came from, with `/`.
    pub path: Arc<str>,
    /// SHA-256 of its bytes, hexadecimal; empty where they could not be read.
    pub sha256: Text,
    /// Size in bytes.
    pub bytes: u64,
    /// `csv`, `tsv`, `xlsx`, `xls`, `xlsb`, `ods`.
    pub format: Text,
    /// Encoding of a CSV, by its WHATWG name.
    pub encoding: Option<Text>,
    /// Delimiter and quoting of a CSV, in words.
    pub dialect: Option<Text>,
    /// Language read or declared.
    pub language: Option<Text>,
    /// By sound or by look.
    pub reading: Reading,
    /// Register.
    pub register: Option<Text>,
    /// The profile that was used: its text, stored in the registry by digest.
    pub profile: Option<Arc<str>>,
}

/// What became of the physical rows of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetFacts {
    /// Name of the sheet; empty for a CSV.
    pub sheet: Arc<str>,
    /// Rows from 1 to the last that holds a value.
    pub rows_read: u64,
    /// Rows loaded as entries.
    pub rows_loaded: u64,
    /// Rows refused.
    pub rows_rejected: u64,
    /// Rows that are no record, by class.
    pub skipped: BTreeMap<SkipClass, u64>,
}

impl SheetFacts {
    /// Rows that are no record, of all classes.
    pub fn rows_skipped(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// Whether every row read is accounted for.
    pub fn is_conserved(&self) -> bool {
        self.rows_read == self.rows_loaded + self.rows_rejected + self.rows_skipped()
    }
}
