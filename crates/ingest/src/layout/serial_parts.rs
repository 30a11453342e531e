//! Serials in several columns, and the letters that a blank cell may leave to those above it: `АВ` written once, or
//! merged over the rows that have it.

use matricule_record::{Code, Field, Finding, Ledger, SerialPart, message};

use crate::sheet_row::{SheetRow, Span};

/// The columns that hold a part of the serial beside its own.
pub(crate) struct SerialParts {
    serial: Option<usize>,
    prefixes: Vec<usize>,
    suffixes: Vec<usize>,
    /// The last that was written under each prefix.
    above: Vec<String>,
}

impl SerialParts {
    pub fn new(ledger: &Ledger) -> Self {
        let columns = |part| ledger.columns_of_part(part).collect::<Vec<usize>>();
        let prefixes = columns(SerialPart::Prefix);
        Self {
            serial: ledger.column_of(Field::Serial),
            above: vec![String::new(); prefixes.len()],
            suffixes: columns(SerialPart::Suffix),
            prefixes,
        }
    }

    /// Why the serial of a row is not certain: its letters may be those above the blank cell.
    pub fn finding(&mut self, row: &SheetRow, ledger: &Ledger) -> Option<Finding> {
        let has_serial = self.serial.is_some_and(|at| !row.cells.get(at).is_blank());
        let mut found = None;
        for (at, above) in self.prefixes.iter().zip(&mut self.above) {
            let text = row.cells.get(*at).text.trim();
            if !text.is_empty() {
                text.clone_into(above);
            } else if has_serial && above.chars().any(char::is_alphanumeric) {
                found.get_or_insert((*at, above.clone()));
            }
        }
        let is_merged = |at: &&usize| {
            let covers = |span: &Span| span.first as usize == **at && span.top < row.row;
            row.cells.get(**at).is_blank() && row.spans.iter().any(covers)
        };
        let merged = self.prefixes.iter().chain(&self.suffixes).find(is_merged).filter(|_| has_serial);
        let (column, above) = found.or_else(|| Some((*merged?, String::new())))?;
        let header = &ledger.columns[column].header;
        let message = if above.is_empty() {
            message!("i111-part-merged", header = header)
        } else {
            message!("i111-part-blank", header = header, above = above)
        };
        let finding =
            Finding::new(Code::I111, message).suggest(message!("i111-part-repair", header = header));
        Some(finding.at(Some(Field::Serial), Some(column), ""))
    }
}
