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

/// Why a row cannot be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Trouble {
    /// Bytes that the encoding does not have, and where in the file, if known.
    Undecodable { encoding: String, offset: Option<u64> },
    /// Letters beyond ASCII in an encoding that was guessed, and that no known word confirms.
    Unconfirmed { encoding: String },
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
    /// What was found when the row was read before, from its file.
    #[serde(skip)]
    Known(Box<Finding>),
}

/// The words that spreadsheets write for a value that could not be computed.
const ERRORS: [&str; 10] = [
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#REF!",
    "#VALUE!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
];

/// Signs of which a column that is too narrow for its number is full; fewer may stand for places that cannot be read.
const NARROW: usize = 5;

/// What a text stands for: a text, or the error of a spreadsheet that was saved as text.
pub(crate) fn kind_of_text(text: &str) -> CellKind {
    let is_error = match text.as_bytes() {
        [b'#', ..] => {
            let text = text.trim_end();
            ERRORS.contains(&text) || (text.len() >= NARROW && text.bytes().all(|byte| byte == b'#'))
        }
        [b'E', b'r', b'r', b':', rest @ ..] => rest.len() == 3 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if is_error { CellKind::Error } else { CellKind::Text }
}

impl Trouble {
    /// The trouble as a person reads it.
    pub fn finding(&self) -> Finding {
        match self {
            Self::Undecodable { encoding, offset } => undecodable(encoding, *offset),
            Self::Unconfirmed { encoding } => unconfirmed(encoding),
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
