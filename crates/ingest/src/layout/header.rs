//! Which row is the header.

use matricule_record::{Finding, Text};

use super::columns::{HeaderReading, read_header};
use super::markers::Markers;
use super::no_header;
use crate::sheet_row::{SheetRow, Trouble};

/// Rows with a value among which the header is looked for.
pub(crate) const SEARCHED_ROWS: usize = 60;

/// The header: its place among the rows looked at, and what its columns mean.
pub(crate) struct ChosenHeader {
    pub at: usize,
    pub reading: HeaderReading,
}

/// The row that the profile names, or the one that names most fields, the first of several.
pub(crate) fn choose_header(
    rows: &[SheetRow],
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> Result<ChosenHeader, Finding> {
    if let Some(declared) = markers.profile.file.header_row {
        return declared_header(rows, declared, markers, language);
    }
    let mut best: Option<ChosenHeader> = None;
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.trouble.is_none()) {
        let reading = read_header(&row.cells, markers, language);
        let enough = reading.fields >= 2 && reading.fields * 3 > reading.named;
        if enough && best.as_ref().is_none_or(|best| reading.fields > best.reading.fields) {
            best = Some(ChosenHeader { at, reading });
        }
    }
    best.ok_or_else(|| why_none(rows))
}

fn declared_header(
    rows: &[SheetRow],
    declared: u32,
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> Result<ChosenHeader, Finding> {
    let found = rows.iter().position(|row| row.row == declared && row.trouble.is_none());
    let at = found
        .ok_or_else(|| no_header(format!("row {declared}, which the profile names as header, is blank")))?;
    Ok(ChosenHeader { at, reading: read_header(&rows[at].cells, markers, language) })
}

/// A sheet without header that is over a limit is refused for that, as its cause.
fn why_none(rows: &[SheetRow]) -> Finding {
    let over = |trouble: &&Trouble| !matches!(trouble, Trouble::Undecodable { .. } | Trouble::BrokenQuotes);
    match rows.iter().filter_map(|row| row.trouble.as_ref()).find(over) {
        Some(trouble) => trouble.finding(),
        None => {
            no_header(format!("none of the first {} rows with a value names two known columns", rows.len()))
        }
    }
}
