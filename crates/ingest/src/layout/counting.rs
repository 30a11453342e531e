//! The column of row numbers: where two columns are called a number, the one that counts 1, 2, 3 down
//! the page is no serial.

use std::collections::BTreeSet;

use matricule_record::{CellKind, Code, Column, Field, Finding, Text, message};
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

/// Why the column of serials may be that of row numbers, though no other column is called one: it counts 1, 2, 3 and
/// a column without a meaning holds what tells the rows better apart.
pub(crate) fn doubt(reading: &HeaderReading, below: &[SheetRow], markers: &Markers<'_>) -> Option<Finding> {
    let is_serial = |column: &Column| column.field == Some(Field::Serial);
    let serial = reading.columns.iter().position(is_serial)?;
    let counted = &reading.columns[serial].header;
    if markers.profile.column_field(counted).is_some() || !counts(below, serial) {
        return None;
    }
    let is_open =
        |at: &usize| reading.columns[*at].field.is_none() && !reading.columns[*at].header.is_empty();
    let other = (0..reading.columns.len()).filter(is_open).find(|&at| tells_rows_apart(below, at))?;
    Some(counted_instead(counted, &reading.columns[other].header))
}

/// The column called `counted` may be that of row numbers, and the one called `header` that of the serials.
pub(super) fn counted_instead(counted: &str, header: &str) -> Finding {
    let message = message!("i111-counted", counted = counted, header = header);
    let finding = Finding::new(Code::I111, message).at(Some(Field::Serial), None, "");
    let [header, counted] = [header, counted].map(|header| format!("{header:?}"));
    finding.suggest(message!("i111-counted-repair", header = header, counted = counted))
}

/// Whether a column holds another text with a digit in each of the rows that may be records, and no dates.
fn tells_rows_apart(rows: &[SheetRow], column: usize) -> bool {
    let cells = || records(rows).map(|row| row.cells.get(column)).filter(|cell| !cell.is_blank());
    let is_number = |text: &str| text.chars().any(char::is_numeric);
    let texts: BTreeSet<&str> = cells().map(|cell| cell.text.trim()).filter(|text| is_number(text)).collect();
    let all = cells().count();
    all >= COUNTED && texts.len() == all && cells().all(|cell| cell.kind != CellKind::Date)
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
