//! Two tables beside each other, an empty column between them. What stands beyond it is said of something else: the
//! calibres of an ammunition list are not those of the weapons in the same rows.

use std::ops::Range;

use matricule_record::{Code, Field, Finding, Text, message};

use super::columns::{HeaderReading, Heading, IDENTITY, read_headings};
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
    let own = &parts(&reading, first, below).find(|part| part.contains(&serial)).unwrap_or_default();
    let mut apart = Vec::new();
    for part in parts(&reading, first, below).filter(|part| !part.contains(&serial)) {
        match stands_apart(&reading, &part, own, below, markers) {
            Some(true) => apart.push(part),
            Some(false) => return Err(divided(&reading, &part, markers)),
            None => {}
        }
    }
    if apart.is_empty() {
        return Ok(reading);
    }
    let mut headings = reading.headings;
    apart.into_iter().flatten().for_each(|at| set_apart(&mut headings[at]));
    Ok(read_headings(&headings, markers, language))
}
/// The columns between the empty ones.
fn parts(
    reading: &HeaderReading,
    first: &[SheetRow],
    below: &[SheetRow],
) -> impl Iterator<Item = Range<usize>> {
    let columns = reading.columns.len();
    let empty = (0..columns).filter(|at| is_empty(*at, reading, first, below));
    let mut begin = 0;
    let parts = empty.chain([columns]).map(|end| std::mem::replace(&mut begin, end + 1)..end);
    parts.collect::<Vec<_>>().into_iter()
}

/// Whether a part of the header is that of another table; `None` where it is said of the weapons, whichever it is.
fn stands_apart(
    reading: &HeaderReading,
    part: &Range<usize>,
    own: &Range<usize>,
    below: &[SheetRow],
    markers: &Markers<'_>,
) -> Option<bool> {
    let is_named = |at: &usize| !reading.columns[*at].header.is_empty();
    if part.clone().filter(is_named).count() < COLUMNS
        || !part.clone().any(|at| field(reading, at, markers).is_some())
    {
        return None;
    }
    let is_apart = is_apart(part, own, below);
    let says_of_weapon = part.clone().filter_map(|at| field(reading, at, markers)).any(is_of_a_weapon);
    (is_apart || says_of_weapon).then_some(is_apart)
}

/// The field of a column which the profile does not name.
fn field(reading: &HeaderReading, at: usize, markers: &Markers<'_>) -> Option<Field> {
    let column = &reading.columns[at];
    column.field.filter(|_| markers.profile.column_field(&column.header).is_none())
}

fn divided(reading: &HeaderReading, part: &Range<usize>, markers: &Markers<'_>) -> Finding {
    let is_doubtful = |at: &usize| field(reading, *at, markers).is_some_and(is_of_a_weapon);
    let header = &reading.columns[part.clone().find(is_doubtful).unwrap_or(part.start)].header;
    // The empty column stands at one of its ends.
    let divider = if part.start > 0 { part.start } else { part.end + 1 };
    let message = message!("i111-divided", column = divider, header = header);
    Finding::new(Code::I111, message).suggest(message!("i111-divided-repair"))
}

/// Leaves a column out of the table of the serials.
pub(super) fn set_apart(heading: &mut Heading) {
    heading.word.clear();
    heading.field = None;
    heading.is_apart = true;
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

/// Whether a part is proven to be another table: a row stands on it, and not where the weapons stand.
fn is_apart(part: &Range<usize>, own: &Range<usize>, below: &[SheetRow]) -> bool {
    let count = |row: &SheetRow, columns: &Range<usize>| {
        columns.clone().filter(|&at| !row.cells.get(at).is_blank()).count()
    };
    let mut rows = below.iter().filter(|row| is_whole(row));
    rows.any(|row| count(row, part) >= COLUMNS && count(row, own) == 0)
}
