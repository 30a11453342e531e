//! Two tables beside each other, an empty column between them. What stands beyond it is said of something else: the
//! calibres of an ammunition list are not those of the weapons in the same rows.

use std::ops::Range;

use matricule_record::{Code, Field, Finding, Text, message};

use super::columns::{HeaderReading, IDENTITY, read_headings};
use super::is_whole;
use super::markers::Markers;
use crate::sheet_row::SheetRow;

/// Columns with a header that a table has at least.
const COLUMNS: usize = 2;

/// The header without the fields of a table beside the one of the serials; a finding where it may as well be one
/// table with an empty column in it. `first` are the rows down to the header, `below` those under it.
pub(crate) fn settle(
    reading: HeaderReading,
    (first, below): (&[SheetRow], &[SheetRow]),
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> Result<HeaderReading, Finding> {
    let has_field = |field| reading.columns.iter().position(|column| column.field == Some(field));
    let Some(serial) = has_field(Field::Serial) else { return Ok(reading) };
    let is_empty = |at: &usize| is_empty(*at, &reading, first, below);
    let Some(divider) = (0..reading.columns.len()).find(is_empty) else { return Ok(reading) };
    let (left, right) = (0..divider, divider + 1..reading.columns.len());
    let other = if serial < divider { right } else { left };
    let is_named = |at: &usize| !reading.columns[*at].header.is_empty();
    let taken = |at: &usize| {
        let column = &reading.columns[*at];
        let is_declared = markers.profile.column_field(&column.header).is_some();
        column.field.filter(|_| !is_declared).is_some_and(is_of_a_weapon)
    };
    if other.clone().filter(is_named).count() < COLUMNS || !other.clone().any(|at| taken(&at)) {
        return Ok(reading);
    }
    if !is_apart(divider, &other, below) {
        let header = reading.columns[other.clone().find(taken).unwrap_or(serial)].header.clone();
        let message = message!("i111-divided", column = divider + 1, header = header);
        return Err(Finding::new(Code::I111, message).suggest(message!("i111-divided-repair")));
    }
    let mut headings = reading.headings;
    for heading in headings.iter_mut().take(other.end).skip(other.start) {
        heading.word.clear();
        heading.field = None;
        heading.is_apart = true;
    }
    Ok(read_headings(&headings, markers, language))
}

fn is_of_a_weapon(field: Field) -> bool {
    IDENTITY.contains(&field) || field == Field::YearOfManufacture
}

/// Whether a column has neither header nor values, nor lies under a merged cell of the header.
fn is_empty(at: usize, reading: &HeaderReading, first: &[SheetRow], below: &[SheetRow]) -> bool {
    let is_named = |at: usize| reading.columns.get(at).is_some_and(|column| !column.header.is_empty());
    let is_covered = |row: &SheetRow| {
        row.spans
            .iter()
            .any(|span| span.top == row.row && (span.first as usize..=span.last as usize).contains(&at))
    };
    let header = first.last();
    at > 0
        && is_named(at - 1)
        && is_named(at + 1)
        && !is_named(at)
        && !header.is_some_and(is_covered)
        && below.iter().all(|row| row.cells.get(at).is_blank())
}

/// Whether the other side is proven to be another table: a row stands on it alone.
fn is_apart(divider: usize, other: &Range<usize>, below: &[SheetRow]) -> bool {
    let count =
        |row: &SheetRow, columns: Range<usize>| columns.filter(|&at| !row.cells.get(at).is_blank()).count();
    below.iter().filter(|row| is_whole(row)).any(|row| {
        let last = row.cells.len();
        let rest = if other.start == 0 { divider..last } else { 0..divider };
        count(row, other.clone()) >= COLUMNS && count(row, rest) == 0
    })
}
