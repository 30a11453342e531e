//! A physical row as a file reader hands it over: its number, its cells, and why it has to be
//! refused where it could not be read whole.
//!
//! It also travels from the workbook reader's process, hence the serde.

use matricule_record::{CellKind, Cells, Code, Finding, Text, message};
use serde::{Deserialize, Serialize};

/// One physical row of a sheet. Rows without a value may be left out: numbers do not lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SheetRow {
    /// Row number, counted from 1.
    pub row: u32,
    /// The cells.
    pub cells: Cells,
    /// Whether the sheet hides it.
    pub hidden: bool,
    /// Where merged cells lie in it, from the left.
    pub spans: Vec<Span>,
    /// What the file says of its cells beside their values, each with its column.
    pub notes: Vec<(u32, Note)>,
    /// Why the row is refused, if it is.
    pub trouble: Option<Trouble>,
}

/// The part of a merged region that lies in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Span {
    /// Its first column, counted from 0.
    pub first: u32,
    /// Its last column.
    pub last: u32,
    /// The region's first row, counted from 1.
    pub top: u32,
    /// What the region says, where it begins in a row above.
    pub text: Text,
}

/// What a person sees of a cell beside its value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Note {
    /// A line through all of it.
    Struck,
    /// A line through a part of it.
    PartStruck,
    /// What somebody wrote to it, with the cell's address before it.
    Comment(String),
}

impl Note {
    /// What there is to say of a text that has, or has not, parts without and with a line through them.
    pub fn of_lines(seen: [bool; 2]) -> Option<Self> {
        match seen {
            [_, false] => None,
            [false, true] => Some(Self::Struck),
            [true, true] => Some(Self::PartStruck),
        }
    }
}

/// Why a row cannot be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Trouble {
    /// Bytes that the encoding does not have, and where in the file, if known.
    Undecodable { encoding: String, offset: Option<u64> },
    /// Letters beyond ASCII in an encoding that was guessed, and that no known word confirms.
    Unconfirmed { encoding: String },
    /// Letters beyond ASCII in a workbook that does not name their code page.
    CodePage { encoding: String },
    /// A quoted cell that is not closed as it should.
    BrokenQuotes,
    /// A value to the right of the last column allowed.
    Columns { column: u32, limit: u64 },
    /// A cell with more characters than allowed.
    CellCharacters { column: u32, limit: u64 },
    /// A line with more bytes than allowed.
    LineBytes { limit: u64 },
    /// A cell that the sheet holds twice, with two values.
    Twice { column: u32 },
    /// A cell that names a text of the workbook by something that is no number.
    NoText { column: u32 },
    /// What was found when the row was read before, from its file.
    #[serde(skip)]
    Known(Box<Finding>),
}

/// What spreadsheets write in several languages for a value that is not available; other errors end with a sign.
const NOT_AVAILABLE: [&str; 6] = ["#N/A", "#N/D", "#Н/Д", "#NV", "#GETTING_DATA", "#N/B"];
/// What `LibreOffice` writes before the number of an error, in several languages.
const NUMBERED: [&str; 6] = ["Err", "Fehler", "Ошибка", "Erro", "Errore", "Erreur"];
/// Signs of which a column that is too narrow for its number is full; fewer may stand for places that cannot be read.
const NARROW: usize = 5;

/// What a text stands for: a text, or the error of a spreadsheet that was saved as text.
pub(crate) fn kind_of_text(text: &str) -> CellKind {
    let first = text.trim_start().chars().next();
    let may_be = first == Some('#') || (first.is_some_and(char::is_alphabetic) && text.contains(':'));
    if may_be && is_error(text.trim()) { CellKind::Error } else { CellKind::Text }
}

/// `#NAME?`, `#ССЫЛКА!`, `#DIV/0!`, `Err:502`, `########`.
fn is_error(text: &str) -> bool {
    if let Some((word, number)) = text.split_once(':') {
        let is_number = number.trim().len() == 3 && number.trim().bytes().all(|byte| byte.is_ascii_digit());
        return is_number && NUMBERED.contains(&word.trim());
    }
    let word = text.trim_start_matches(['#', '¡', '¿']).trim_end_matches(['!', '?']);
    let is_word = word.chars().filter(|c| c.is_alphabetic()).count() > 2;
    let is_plain = word.replace("/0", "").chars().all(char::is_alphabetic);
    NOT_AVAILABLE.contains(&text)
        || (text.ends_with(['!', '?']) && is_word && is_plain)
        || (text.len() >= NARROW && text.bytes().all(|byte| byte == b'#'))
}

impl Trouble {
    /// The trouble as a person reads it.
    pub fn finding(&self) -> Finding {
        match self {
            Self::Undecodable { encoding, offset } => undecodable(encoding, *offset),
            Self::Unconfirmed { encoding } => unconfirmed(encoding),
            Self::CodePage { encoding } => {
                Finding::new(Code::I105, message!("i105-code-page", encoding = encoding))
                    .suggest(message!("i105-code-page-repair"))
            }
            Self::Known(finding) => Finding::clone(finding),
            Self::BrokenQuotes => {
                Finding::new(Code::I106, message!("i106-quoting")).suggest(message!("i106-repair"))
            }
            Self::Columns { column, limit } => {
                Finding::new(Code::I107, message!("i107-columns", limit = limit))
                    .at(None, Some(*column as usize), "")
                    .suggest(message!("i107-columns-repair"))
            }
            Self::CellCharacters { column, limit } => {
                Finding::new(Code::I107, message!("i107-cell", limit = limit))
                    .at(None, Some(*column as usize), "")
                    .suggest(message!("i107-cell-repair"))
            }
            Self::Twice { column } => Finding::new(Code::I101, message!("i101-twice"))
                .at(None, Some(*column as usize), "")
                .suggest(message!("i101-twice-repair")),
            Self::NoText { column } => Finding::new(Code::I101, message!("i101-no-text"))
                .at(None, Some(*column as usize), "")
                .suggest(message!("i101-twice-repair")),
            Self::LineBytes { limit } => Finding::new(Code::I107, message!("i107-line", limit = limit))
                .suggest(message!("i107-line-repair")),
        }
    }
}

/// `encoding` may be two, `IBM866 or KOI8-U`.
fn unconfirmed(encoding: &str) -> Finding {
    if let Some((first, second)) = encoding.split_once(" or ") {
        let message = message!("i105-two-encodings", first = first, second = second);
        return Finding::new(Code::I105, message).suggest(message!(
            "i105-two-encodings-repair",
            first = first,
            second = second
        ));
    }
    Finding::new(Code::I105, message!("i105-guess", encoding = encoding))
        .suggest(message!("i105-guess-repair", encoding = encoding))
}

fn undecodable(encoding: &str, offset: Option<u64>) -> Finding {
    let message = match offset {
        Some(at) => message!("i105-bytes-at", at = at, encoding = encoding),
        None => message!("i105-bytes", encoding = encoding),
    };
    Finding::new(Code::I105, message).suggest(message!("i105-repair"))
}
