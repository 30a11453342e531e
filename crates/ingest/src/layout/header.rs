//! Which row is the header.

use matricule_record::{Cells, Field, Finding, Text, message};

use super::columns::{HeaderReading, read_header};
use super::lines::read_lines;
use super::markers::Markers;
use super::no_header;
use super::structure::likely_header;
use crate::sheet_row::{SheetRow, Trouble};

/// Rows with a value among which the header is looked for.
pub(crate) const SEARCHED_ROWS: usize = 60;

/// A row of more values than this may be a record, wherever it stands.
const TITLE_CELLS: usize = 3;

/// Rows among which a header is that cannot be read for its encoding.
const FIRST_ROWS: usize = 5;

/// The header: its place among the rows looked at, how many of them it takes, and what its columns
/// mean.
pub(crate) struct ChosenHeader {
    pub at: usize,
    pub lines: usize,
    pub reading: HeaderReading,
}

impl ChosenHeader {
    /// The header that begins with a row, in one line, two or three.
    fn read(rows: &[SheetRow], at: usize, markers: &Markers<'_>, language: Option<&Text>) -> Self {
        let below = |lines: usize| rows.get(at + lines).filter(|row| is_readable(row));
        let both = |upper: &SheetRow, lines| {
            below(lines).and_then(|lower| read_lines(upper, lower, markers, language))
        };
        let Some(two) = both(&rows[at], 1) else {
            return Self { at, lines: 1, reading: read_header(&rows[at].cells, markers, language) };
        };
        // Two lines are one to the third; what a group makes of a column stays with its name.
        let texts = two.headings.iter().map(|heading| match heading.field {
            Some(_) => heading.text.as_str(),
            None => heading.word.as_str(),
        });
        let upper = SheetRow { cells: Cells::from_texts(texts), ..rows[at + 1].clone() };
        match both(&upper, 2).filter(|three| three.fields > two.fields) {
            Some(reading) => Self { at, lines: 3, reading },
            None => Self { at, lines: 2, reading: two },
        }
    }
}

/// The row that the profile names, or the first that names columns. A later one that names more is
/// taken only where nothing between the two can be a record: rows above a header are not loaded.
pub(crate) fn choose_header(
    rows: &[SheetRow],
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> Result<ChosenHeader, Finding> {
    if let Some(declared) = markers.profile.file.header_row {
        return declared_header(rows, declared, markers, language);
    }
    let mut best: Option<ChosenHeader> = None;
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| is_readable(row)) {
        let found = ChosenHeader::read(rows, at, markers, language);
        let enough = found.reading.names_enough();
        match &best {
            None if enough => best = Some(found),
            Some(first) if enough && found.reading.fields > first.reading.fields => best = Some(found),
            Some(first) if !enough && is_like_a_record(&row.cells, &first.reading) => break,
            _ => {}
        }
    }
    best.ok_or_else(|| why_none(rows))
}

/// Whether a row can be the header: visible, and read whole. Letters of a guessed encoding are no
/// obstacle, as words that are not known name nothing.
fn is_readable(row: &SheetRow) -> bool {
    !row.hidden && matches!(row.trouble, None | Some(Trouble::Unconfirmed { .. }))
}

/// Whether a row below a header may be a record: it has many values, or a serial and another one.
fn is_like_a_record(cells: &Cells, header: &HeaderReading) -> bool {
    let values = cells.iter().filter(|cell| !cell.is_blank()).count();
    let serial = header.columns.iter().position(|column| column.field == Some(Field::Serial));
    values > TITLE_CELLS || (values > 1 && serial.is_some_and(|at| !cells.get(at).is_blank()))
}

fn declared_header(
    rows: &[SheetRow],
    declared: u32,
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> Result<ChosenHeader, Finding> {
    let found = rows.iter().position(|row| {
        row.row == declared && matches!(row.trouble, None | Some(Trouble::Unconfirmed { .. }))
    });
    let at = found.ok_or_else(|| no_header(message!("i104-declared-blank", declared = declared)))?;
    Ok(ChosenHeader::read(rows, at, markers, language))
}

/// A sheet without header that is over a limit, or in an uncertain encoding, is refused for that,
/// as its cause.
fn why_none(rows: &[SheetRow]) -> Finding {
    let cause = |&(at, trouble): &(usize, &Trouble)| match trouble {
        Trouble::Undecodable { .. } | Trouble::BrokenQuotes => false,
        Trouble::Unconfirmed { .. } => at < FIRST_ROWS,
        _ => true,
    };
    let mut troubles = rows.iter().enumerate().filter_map(|(at, row)| Some((at, row.trouble.as_ref()?)));
    if let Some((_, trouble)) = troubles.find(cause) {
        return trouble.finding();
    }
    let searched = rows.len();
    let looks = likely(rows);
    no_header(message!("i104-none", searched = searched, looks = looks))
}

/// The row that looks like a header, with its first words.
fn likely(rows: &[SheetRow]) -> String {
    // A row that is no wider than half of the widest is a title or a sum.
    let width = |row: &SheetRow| row.cells.iter().filter(|cell| !cell.is_blank()).count();
    let widest = rows.iter().map(width).max().unwrap_or(0);
    let is_wide = |row: &SheetRow| width(row) * 2 > widest;
    let cells: Vec<Cells> =
        rows.iter().map(|row| if is_wide(row) { row.cells.clone() } else { Cells::default() }).collect();
    let Some(row) = likely_header(&cells).map(|at| &rows[at]) else { return String::new() };
    let words = row.cells.iter().filter(|cell| cell.text.chars().any(char::is_alphabetic));
    let words: Vec<String> = words.take(4).map(|cell| format!("`{}`", in_short(cell.text))).collect();
    if words.len() < 2 {
        return String::new();
    }
    format!("; {}", message!("i104-looks", row = row.row, words = words.join(", ")))
}

/// The beginning of a text, in one line.
fn in_short(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(30).collect()
}
