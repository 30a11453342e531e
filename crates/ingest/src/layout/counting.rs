//! The column of row numbers: where two columns are called a number, the one that counts 1, 2, 3 down
//! the page is no serial.

use matricule_record::{Field, Text};
use matricule_text::fold;

use super::columns::{HeaderReading, Rivals, read_headings};
use super::is_whole;
use super::markers::Markers;
use crate::sheet_row::SheetRow;

/// Numbers that a column has to count before it is believed.
const COUNTED: usize = 3;

/// Values that a record has at least.
const RECORD_CELLS: usize = 3;

/// Reads a header anew where two columns claim the serial and one of them counts the rows below.
pub(crate) fn settle_by_counting(
    reading: HeaderReading,
    below: &[SheetRow],
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> HeaderReading {
    let Some(Rivals { field: Field::Serial, holder, other }) = reading.rivals else { return reading };
    let counting = match [holder, other].map(|column| counts(below, column)) {
        [true, false] => holder,
        [false, true] => other,
        _ => return reading,
    };
    let mut headings = reading.headings;
    headings[counting].field = Some(Field::Line);
    read_headings(&headings, markers, language)
}

/// Whether a column holds 1, 2, 3 … in the rows that may be records, and may begin anew on a page.
fn counts(rows: &[SheetRow], column: usize) -> bool {
    let (mut last, mut counted) = (0_u64, 0_usize);
    for text in records(rows).map(|row| row.cells.get(column).text.trim()).filter(|text| !text.is_empty()) {
        match fold(text).parse::<u64>() {
            Ok(number) if number == last + 1 || number == 1 => (last, counted) = (number, counted + 1),
            // A header on a later page is no number.
            Err(_) if !text.chars().any(char::is_numeric) => {}
            _ => return false,
        }
    }
    counted >= COUNTED && last >= COUNTED as u64
}

/// The rows that may be records.
pub(super) fn records(rows: &[SheetRow]) -> impl Iterator<Item = &SheetRow> {
    let is_filled =
        |row: &&SheetRow| row.cells.iter().filter(|cell| !cell.is_blank()).count() >= RECORD_CELLS;
    rows.iter().filter(|row| is_whole(row)).filter(is_filled)
}
