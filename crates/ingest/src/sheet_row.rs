//! A physical row as a file reader hands it over: its number, its cells, and why it has to be
//! refused where it could not be read whole.
//!
//! It also travels from the workbook reader's process, hence the serde.

use matricule_record::{Cells, Code, Finding, Text};
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
    /// What was found when the row was read before, from its file.
    #[serde(skip)]
    Known(Box<Finding>),
}

impl Trouble {
    /// The trouble as a person reads it.
    pub fn finding(&self) -> Finding {
        match self {
            Self::Undecodable { encoding, offset } => undecodable(encoding, *offset),
            Self::Unconfirmed { encoding } => unconfirmed(encoding),
            Self::Known(finding) => Finding::clone(finding),
            Self::BrokenQuotes => {
                Finding::new(Code::I106, "a quoted cell is not closed by a quote and a delimiter or line end")
                    .suggest("Close the quote, and write a quote inside a quoted cell twice (\"\"). For a cell that is very long, raise `quoted_bytes` and `quoted_lines` in [limits] of the profile.")
            }
            Self::Columns { column, limit } => Finding::new(
                Code::I107,
                format!("holds a value to the right of column {limit}, the last one allowed"),
            )
            .at(None, Some(*column as usize), "")
            .suggest("Delete the stray value, or raise `columns` in [limits] of the profile."),
            Self::CellCharacters { column, limit } => {
                Finding::new(Code::I107, format!("a cell holds more than {limit} characters"))
                    .at(None, Some(*column as usize), "")
                    .suggest("Shorten the cell, or raise `cell_characters` in [limits] of the profile.")
            }
            Self::LineBytes { limit } => {
                Finding::new(Code::I107, format!("the line is longer than {limit} bytes"))
                    .suggest("Check that the file is a table with line ends, or raise `line_bytes` in [limits] of the profile.")
            }
        }
    }
}

/// `encoding` may be two, `IBM866 or KOI8-U`.
fn unconfirmed(encoding: &str) -> Finding {
    if let Some((first, second)) = encoding.split_once(" or ") {
        let message =
            format!("the encoding may be {first} or {second}: both make words of it, and other serials");
        return Finding::new(Code::I105, message).suggest(format!(
            "Look at the cells with each, and write the right one under [file] of ledger.toml: `encoding = \"{first}\"` \
             or `encoding = \"{second}\"`."
        ));
    }
    Finding::new(Code::I105, format!("the encoding ({encoding}) is a guess that no word confirms")).suggest(
        format!(
            "If the cells are readable, write `encoding = \"{encoding}\"` under [file] of ledger.toml, else the right one."
        ),
    )
}

fn undecodable(encoding: &str, offset: Option<u64>) -> Finding {
    let place = offset.map(|at| format!(" at byte {at} of the file")).unwrap_or_default();
    Finding::new(Code::I105, format!("there are bytes{place} that are no text in {encoding}")).suggest(
        "Correct the cell in the source and export it again as UTF-8, or declare `encoding` in [file] of the profile.",
    )
}
