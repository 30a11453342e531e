//! The column of row numbers: where two columns are called a number, the one that counts 1, 2, 3 down
//! the page is no serial.

use std::collections::BTreeMap;

use matricule_record::{Field, Text};
use matricule_text::fold;

use super::columns::{HeaderReading, Rivals, read_headings};
use super::is_whole;
use super::markers::Markers;
use super::numbers::tells_rows_apart;
use crate::sheet_row::SheetRow;

/// Numbers that a column has to count before it is believed.
pub(super) const COUNTED: usize = 3;

/// Of how many lines one may be out of order.
const NEARLY: usize = 6;

/// Values that a record has at least.
const RECORD_CELLS: usize = 3;

/// Reads a header anew where two columns claim the serial and one of them counts the rows below, or where none does
/// and one of two that are called a number and no more counts them.
pub(crate) fn settle_by_counting(
    reading: HeaderReading,
    below: &[SheetRow],
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> HeaderReading {
    let (column, field) = match reading.rivals {
        Some(Rivals { field: Field::Serial, holder, other }) => {
            // A word for a running number need not begin with 1: it may be the second page of a book.
            let is_line = |column: usize| {
                if reading.means_also(column, &[Field::Line], markers) {
                    follows_on(below, column)
                } else {
                    counts(below, column)
                }
            };
            match [holder, other].map(is_line) {
                [true, false] => (holder, Field::Line),
                [false, true] => (other, Field::Line),
                _ => return reading,
            }
        }
        None => match second_number(&reading, below, markers) {
            Some(number) => (number, Field::Serial),
            None => return reading,
        },
        Some(_) => return reading,
    };
    let mut headings = reading.headings;
    headings[column].field = Some(field);
    read_headings(&headings, markers, language)
}

/// The column that is called a number, beside another that counts the rows: the serial, where no other column may be.
fn second_number(reading: &HeaderReading, below: &[SheetRow], markers: &Markers<'_>) -> Option<usize> {
    if reading.has(Field::Serial) {
        return None;
    }
    let is_number = |at: &usize| reading.is_free(*at, markers) && reading.is_number(*at, markers);
    let is_line = |at: &usize| is_number(at) || reading.columns[*at].field == Some(Field::Line);
    (0..reading.columns.len()).filter(is_line).find(|&at| counts(below, at))?;
    let may_be = |at: &usize| {
        let is_open = reading.columns[*at].field.is_none() && reading.is_free(*at, markers);
        (is_open || is_number(at)) && tells_rows_apart(below, *at) && !follows_on(below, *at)
    };
    let mut found = (0..reading.columns.len()).filter(may_be);
    let only = found.next().filter(|_| found.next().is_none())?;
    (is_number(&only) && !reading.is_beside_name(only, markers)).then_some(only)
}

/// Whether a column holds 1, 2, 3 … in the rows that may be records, and may begin anew on a page.
pub(super) fn counts(rows: &[SheetRow], column: usize) -> bool {
    goes_on(rows, column, Some(0)) || nearly_counts(rows, column)
}

/// Whether its numbers follow each other, wherever they begin: the second page of a book begins with 15.
pub(super) fn follows_on(rows: &[SheetRow], column: usize) -> bool {
    goes_on(rows, column, None) || nearly_counts(rows, column)
}

/// Whether it counts but for lines that are hidden, left out, inserted (`2a`) or exchanged: nearly all of its numbers
/// stand as far from their rows as the others do, or they go up, or down, without leaving out more than they name.
fn nearly_counts(rows: &[SheetRow], column: usize) -> bool {
    let filled = || records(rows).filter(|row| !row.cells.get(column).is_blank());
    let texts = filled().filter(|row| row.cells.get(column).text.chars().any(char::is_numeric)).count();
    let lines: Vec<(u64, u64)> = filled()
        .filter_map(|row| Some((u64::from(row.row), line_number(row.cells.get(column).text)?)))
        .collect();
    let are_most = |count: usize, of: usize| count * NEARLY >= of * (NEARLY - 1);
    let Some(highest) = lines.iter().map(|(_, number)| *number).max() else { return false };
    if lines.len() < COUNTED || !are_most(lines.len(), texts) {
        return false;
    }
    let mut distances = BTreeMap::new();
    for (row, number) in lines.iter().filter(|(row, number)| number <= row) {
        *distances.entry(row - number).or_insert(0) += 1;
    }
    if distances.values().any(|&count| are_most(count, texts)) {
        return true;
    }
    let pairs = |is_step: fn(u64, u64) -> bool| {
        are_most(lines.windows(2).filter(|pair| is_step(pair[0].1, pair[1].1)).count(), lines.len() - 1)
    };
    highest <= (lines.len() + lines.len() / 2 + 1) as u64
        && (pairs(|one, next| one < next) || pairs(|one, next| one > next))
}

/// The number of a line: digits, of which one may be inserted by a letter.
fn line_number(text: &str) -> Option<u64> {
    let text = fold(text);
    let digits = text.trim_end_matches(char::is_alphabetic);
    (text.chars().count() <= digits.chars().count() + 1).then(|| digits.parse().ok()).flatten()
}

fn goes_on(rows: &[SheetRow], column: usize, mut last: Option<u64>) -> bool {
    let mut counted = 0_usize;
    for text in records(rows).map(|row| row.cells.get(column).text.trim()).filter(|text| !text.is_empty()) {
        match fold(text).parse::<u64>() {
            Ok(number) if number == 1 || last.is_none_or(|last| Some(number) == last.checked_add(1)) => {
                (last, counted) = (Some(number), counted + 1);
            }
            // A header on a later page is no number.
            Err(_) if !text.chars().any(char::is_numeric) => {}
            _ => return false,
        }
    }
    counted >= COUNTED && last.is_some_and(|last| last >= COUNTED as u64)
}

/// The rows that may be records.
pub(super) fn records(rows: &[SheetRow]) -> impl Iterator<Item = &SheetRow> {
    let is_filled =
        |row: &&SheetRow| row.cells.iter().filter(|cell| !cell.is_blank()).count() >= RECORD_CELLS;
    rows.iter().filter(|row| is_whole(row)).filter(is_filled)
}
