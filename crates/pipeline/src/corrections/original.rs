//! The ledger's own cells in a file of corrections. They are there to be read by people; what is typed over them is
//! no correction. A line in which they are others than those refused is told and not followed: somebody meant a
//! correction by it, or a program changed them while it saved the file, and then it changed the corrections, too. Only in
//! a year or a date of a CSV a number or a day may be written otherwise: elsewhere a zero less is another number.

use std::sync::Arc;

use matricule_loader::StoredRow;
use matricule_record::{Cells, FieldKind, is_masked, message};

use super::read::unneutral;

/// What a line shows of its row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Whether a CSV shows it. The cells of a workbook are text: no program makes other values of them.
    pub is_csv: bool,
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
            let columns = &row.source.ledger.columns;
            let field = columns.get(*column).and_then(|column| column.field);
            let meant = Meant {
                held: row.cells.get(*column).text,
                is_masked: is_masked(columns, &row.findings, *column),
                is_csv: self.is_csv,
                is_time: field.is_some_and(|field| matches!(field.kind(), FieldKind::Year | FieldKind::Date)),
            };
            !meant.is_shown_by(found)
        })
    }
}

/// What a cell is meant to show.
#[derive(Clone, Copy, Debug)]
struct Meant<'a> {
    /// What the ledger holds.
    held: &'a str,
    /// Whether it was written masked.
    is_masked: bool,
    is_csv: bool,
    /// Whether it stands in a column of years or dates.
    is_time: bool,
}

impl Meant<'_> {
    fn is_shown_by(self, found: &str) -> bool {
        let held = self.held;
        let is_saved = || {
            is_same(found, unneutral(held))
                || (self.is_time && (is_number(found, held) || is_day(found, held)))
        };
        found == held
            || is_same(found, held)
            || (self.is_masked && !held.is_empty() && found.trim() == message!("masked"))
            || is_beginning(found, held)
            || (self.is_csv && is_saved())
    }
}

fn is_solid(character: char) -> bool {
    !character.is_whitespace() && !character.is_control()
}

/// The same words; white space and signs that no workbook holds are left out.
fn is_same(found: &str, held: &str) -> bool {
    let words = |text| str::split(text, |c: char| !is_solid(c));
    words(found).filter(|word| !word.is_empty()).eq(words(held).filter(|word| !word.is_empty()))
}

/// Whether a cell was too long for a workbook, and ends with words that say so.
pub(super) fn is_cut(text: &str) -> bool {
    text.ends_with(message!("workbook-cut"))
}

/// Whether it was cut, and the ledger holds what is left of it.
fn is_beginning(found: &str, held: &str) -> bool {
    let kept = found.strip_suffix(message!("workbook-cut"));
    kept.is_some_and(|kept| {
        let mut held = held.chars().filter(|c| is_solid(*c));
        kept.chars().filter(|c| is_solid(*c)).all(|character| held.next() == Some(character))
    })
}

/// The same number, whatever zeros a program left out.
fn is_number(found: &str, held: &str) -> bool {
    decimal(found).is_some_and(|number| decimal(held) == Some(number))
}

/// A number of any length as its sign and its digits before and after the point.
fn decimal(text: &str) -> Option<(bool, &str, &str)> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = [whole, part].iter().all(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
    (are_digits && whole.len() + part.len() > 0)
        .then(|| (text.starts_with('-'), whole.trim_start_matches('0'), part.trim_end_matches('0')))
}

/// The same day in another order, where no other day can be meant: 05/06 is of two.
fn is_day(found: &str, held: &str) -> bool {
    let Some([(4, year), (2, month), (2, day)]) = numbers(held, &['-']) else { return false };
    match numbers(found.trim(), &['-', '/', '.']) {
        Some([(4, first), (_, second), (_, third)]) => [first, second, third] == [year, month, day],
        Some([(_, first), (_, second), (4, third)]) => {
            let is_of_them = [[day, month], [month, day]].contains(&[first, second]);
            third == year && is_of_them && (day > 12 || day == month)
        }
        _ => false,
    }
}

/// Three numbers with their lengths.
fn numbers(text: &str, separators: &[char]) -> Option<[(usize, u16); 3]> {
    let number = |part: &str| {
        let are_digits = part.bytes().all(|digit| digit.is_ascii_digit());
        Some((part.len(), part.parse().ok().filter(|_| are_digits)?))
    };
    text.split(separators).map(number).collect::<Option<Vec<_>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Meant<'_> = Meant { held: "", is_masked: false, is_csv: false, is_time: false };
    const MASKED: Meant<'_> = Meant { is_masked: true, ..PLAIN };
    const CSV: Meant<'_> = Meant { is_csv: true, ..PLAIN };
    const TIME: Meant<'_> = Meant { is_time: true, ..CSV };

    fn check(meant: Meant<'_>, found: &str, held: &str, expect: bool) {
        let meant = Meant { held, ..meant };
        assert_eq!(meant.is_shown_by(found), expect, "{found:?} {meant:?}");
    }

    #[test]
    fn a_cell_that_a_program_saved_otherwise_is_the_same() {
        for (meant, found, held) in [
            (PLAIN, "АВ 12", " АВ\u{a0} 12\n"),
            (PLAIN, "long … (cut here; rejected.csv has the whole text)", "long and longer"),
            (MASKED, "(masked)", "Example Person"),
            (CSV, "-5", "'-5"),
            (TIME, "13/05/1987", "1987-05-13"),
            (TIME, "05/13/1987", "1987-05-13"),
            (TIME, "06.06.1987", "1987-06-06"),
            (TIME, "1987/5/6", "1987-05-06"),
            (TIME, "7.5", "7.50"),
            (TIME, "+5", "5"),
            (TIME, "123", "00123"),
            (TIME, "12345678901234567", "012345678901234567"),
        ] {
            check(meant, found, held, true);
        }
    }

    #[test]
    fn a_cell_that_says_something_else_is_not_passed_over() {
        for (meant, found, held) in [
            (TIME, "АВ 13", "АВ 12"),
            (TIME, "?? 12", "АВ 12"),
            (TIME, "", "АВ 12"),
            (TIME, "AB 12", "АВ 12"),
            (TIME, "1966", "1965"),
            (TIME, "", "1965"),
            (TIME, "-5", "5"),
            (TIME, "5,1", "1,5"),
            (TIME, "12345678901234568", "12345678901234567"),
            (TIME, "05/06/1972", "1972-05-06"),
            (TIME, "1972-06-05", "1972-05-06"),
            (TIME, "13/05/87", "1987-05-13"),
            (TIME, "13/05/1987", "1987-05-14"),
            (CSV, "123", "00123"),
            (CSV, "7.5", "7.50"),
            (CSV, "13/05/1987", "1987-05-13"),
            (PLAIN, "123", "00123"),
            (PLAIN, "1972-06-05", "1972-05-06"),
            (PLAIN, "13/05/1987", "1987-05-13"),
            (PLAIN, "other … (cut here; rejected.csv has the whole text)", "long and longer"),
            (PLAIN, "(masked)", "АВ 12"),
            (MASKED, "(widow of Petrov)", "Example Person"),
            (MASKED, "(masked)", ""),
        ] {
            check(meant, found, held, false);
        }
    }
}
