//! The words of `rejected.xlsx`.

pub const GUIDE_SHEET: &str = "Read me";
pub const FILES_SHEET: &str = "Files";
pub const FILE: &str = "File";
pub const SHEET: &str = "Sheet";
/// Above the numbers of rows.
pub const ROW: &str = "Row";
pub const CODES: &str = "Codes";
pub const MESSAGES: &str = "What is wrong";
pub const SUGGESTION: &str = "What to do";
pub const PROPOSAL: &str = "Suggested value";
pub const ACTION: &str = "Action";
pub const ACTION_HELP: &str = "Choose one of: correct, accept suggestion, waive, leave.";
pub const NOTE: &str = "Note (who says so, why)";
pub const SHA256: &str = "SHA-256 of the file";
pub const DIGEST: &str = "SHA-256 of the row";
pub const CUT: &str = "… (cut here; rejected.csv has the whole text)";

/// How the workbook is used, a line each; the first is its title.
pub const GUIDE: &[&str] = &[
    "Rows that were refused, and how to feed them back",
    "Each sheet holds the rows of ledgers with the same columns. The ledger's own cells stand first, as text; a \
     cell with something wrong is coloured. Then follow where the row stands, what is wrong and what to do.",
    "The green columns are yours; everything else is locked.",
    "To repair a row, write the right value into the column `corrected: …` of its header. Only what you write is \
     changed; an empty cell means: as the ledger has it. The word (empty) means: the cell holds nothing. \
     The action `correct` is understood where you wrote a value and no action.",
    "Action `accept suggestion`: take the value in the column `Suggested value`.",
    "Action `waive`: this row is not to be loaded; write why into the note.",
    "Action `leave`, or nothing: not decided yet.",
    "Personal data are masked unless they are what is wrong; convert with --unmask to see them.",
    "Save the workbook, then: matricule rejects import rejected.xlsx --registry registry.db --operator NAME",
    "The file may be half filled, sorted, its columns moved, or saved by another spreadsheet program. It may be \
     imported again: a row that was repaired stays repaired.",
    "Do not change the hidden columns and the hidden first row: they say which row of which ledger a line is.",
];

/// The header of the column into which a corrected value is written.
pub fn corrected(header: &str) -> String {
    format!("corrected: {header}")
}
