//! The ledger's own cells in a file of corrections. They are there to be read by people; what is typed over them is
//! no correction. A line in which they are others than those refused is told and not followed: somebody meant a
//! correction by it, or a program changed them while it saved the file, and then it changed the corrections, too.

use std::sync::Arc;

use matricule_loader::StoredRow;
use matricule_record::{Cells, Column, FieldKind, message};

use super::read::unneutral;

/// What a line shows of its row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Columns of the ledger.
    pub columns: Arc<[usize]>,
    /// What each of them holds.
    pub texts: Cells,
}

impl Seen {
    /// The first cell that is not as the ledger has it: its column, and what it holds here.
    pub fn differing(&self, row: &StoredRow) -> Option<(usize, &str)> {
        let pairs = self.columns.iter().enumerate().map(|(at, column)| (*column, self.texts.get(at).text));
        pairs.into_iter().find(|(column, found)| {
            let held = row.cells.get(*column).text;
            let column = row.source.ledger.columns.get(*column);
            !is_same(found, held) && !is_meant(found, held, column)
        })
    }
}

/// The same words; white space and signs that no workbook holds are left out.
fn is_same(found: &str, held: &str) -> bool {
    let words = |text| str::split(text, |c: char| c.is_whitespace() || c.is_control());
    words(found).filter(|word| !word.is_empty()).eq(words(held).filter(|word| !word.is_empty()))
}

/// Whether a cell shows what it is meant to show in place of another text.
fn is_meant(found: &str, held: &str, column: Option<&Column>) -> bool {
    let is_personal = column.is_some_and(Column::holds_personal_data);
    // The word for a mask is that of the language in which the file was written.
    let is_mask = is_personal && found.starts_with('(') && found.ends_with(')');
    let is_serial = column.and_then(|column| column.field).is_some_and(|f| f.kind() == FieldKind::Serial);
    is_mask || is_cut(found) || is_same(found, unneutral(held)) || (!is_serial && is_retyped(found, held))
}

/// Whether a cell was too long for a workbook, and ends with words that say so.
pub(super) fn is_cut(text: &str) -> bool {
    text.ends_with(message!("workbook-cut"))
}

/// Whether a spreadsheet program may have made one of the other: the same numbers, a date in another order.
fn is_retyped(found: &str, held: &str) -> bool {
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit() || "+-./:, %".contains(c));
    let value = |text: &str| text.trim().parse::<f64>().ok();
    let numbers = |text: &str| {
        let parts = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        let mut parts: Vec<String> = parts.map(|part| part.trim_start_matches('0').to_owned()).collect();
        parts.sort_unstable();
        parts
    };
    let is_one = value(found).is_some() && value(found) == value(held);
    is_number(found) && is_number(held) && !found.is_empty() && (is_one || numbers(found) == numbers(held))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_program_saved_otherwise_is_the_same() {
        let check = |found: &str, held: &str, expect: bool| {
            assert_eq!(is_same(found, held) || is_meant(found, held, None), expect, "{found:?} {held:?}");
        };
        for (found, held) in [
            ("АВ 12", " АВ\u{a0} 12\n"),
            ("-5", "'-5"),
            ("12/05/1987", "1987-05-12"),
            ("7.5", "7.50"),
            ("123", "00123"),
            ("long … (cut here; rejected.csv has the whole text)", "long and longer"),
        ] {
            check(found, held, true);
        }
        for (found, held) in [
            ("АВ 13", "АВ 12"),
            ("?? 12", "АВ 12"),
            ("", "АВ 12"),
            ("AB 12", "АВ 12"),
            ("1966", "1965"),
            ("", "1965"),
            ("(masked)", "АВ 12"),
        ] {
            check(found, held, false);
        }
    }
}
