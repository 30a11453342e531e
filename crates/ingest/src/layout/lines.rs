//! A header of two lines: the upper one names groups of columns or begins their names, the lower one
//! goes on.
//!
//! Two rows are one header only where together they name more than either does alone, or where the
//! upper one is nothing but groups. What stands over a column in the upper row may change what it
//! means: a `Country` under `Import` is none of manufacture.

use matricule_record::{CellKind, Field, Text};
use matricule_text::fold;

use super::columns::{HeaderReading, Heading, read_header, read_headings};
use super::markers::Markers;
use crate::sheet_row::{SheetRow, Span};

/// Fields whose meaning a group changes, with what they then mean.
const SIBLINGS: [(Field, &[Field]); 3] = [
    (Field::Serial, &[Field::BarrelSerial, Field::SlideSerial, Field::BoltSerial, Field::CylinderSerial]),
    (Field::CountryOfManufacture, &[Field::ImportCountry]),
    (Field::YearOfManufacture, &[Field::ImportYear]),
];

/// What stands in the upper line over a column.
#[derive(Clone, Copy)]
struct Over<'a> {
    text: &'a str,
    /// Whether it stands over other columns too.
    wide: bool,
    /// Whether the cell is the column's own.
    own: bool,
}

/// Reads two rows as the lines of one header, where they are.
pub(crate) fn read_lines(
    upper: &SheetRow,
    lower: &SheetRow,
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> Option<HeaderReading> {
    if upper.row + 1 != lower.row || !is_header_like(lower) {
        return None;
    }
    let headings = compose(upper, lower, markers);
    if !is_named_by(&headings, lower) {
        return None;
    }
    let together = read_headings(&headings, markers, language);
    let alone = [upper, lower].map(|row| read_header(&row.cells, markers, language).fields);
    let most = alone[0].max(alone[1]);
    let groups = together.fields == most && are_groups(upper, lower);
    (together.fields >= 2 && (together.fields > most || groups)).then_some(together)
}

/// Whether a row may be words of a header: no number, date or formula stands in it.
fn is_header_like(row: &SheetRow) -> bool {
    row.cells.iter().filter(|cell| !cell.is_blank()).all(|cell| cell.kind == CellKind::Text)
}

/// Whether at least half of the lower line's cells are part of a name that is known.
fn is_named_by(headings: &[Heading], lower: &SheetRow) -> bool {
    let values = lower.cells.iter().zip(headings).filter(|(cell, _)| !cell.is_blank());
    let (named, all) =
        values.fold((0, 0), |(named, all), (_, heading)| (named + usize::from(heading.lower_known), all + 1));
    all > 0 && named * 2 >= all
}

/// Whether the upper line is the names of groups: two or more, without digits, none over nothing.
fn are_groups(upper: &SheetRow, lower: &SheetRow) -> bool {
    let named = || upper.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
    named().count() >= 2
        && named().all(|(at, cell)| {
            let below = !lower.cells.get(at).is_blank() || span_at(&lower.spans, at).is_some();
            below && !cell.text.chars().any(char::is_numeric)
        })
}

/// What the columns are called under two lines.
fn compose(upper: &SheetRow, lower: &SheetRow, markers: &Markers<'_>) -> Vec<Heading> {
    let columns = upper.cells.len().max(lower.cells.len());
    let mut headings: Vec<Heading> =
        (0..columns).map(|at| heading(over(upper, at), lower.cells.get(at).text.trim(), markers)).collect();
    // A name that two columns share is told apart by its group.
    let texts: Vec<String> = headings.iter().map(|heading| fold(&heading.text)).collect();
    for at in 0..columns {
        let shared = texts.iter().filter(|text| !text.is_empty() && **text == texts[at]).count() > 1;
        if let Some(over) = over(upper, at).filter(|over| shared && headings[at].text != over.text) {
            headings[at].text = joined(over.text, &headings[at].text);
        }
    }
    headings
}

fn heading(over: Option<Over<'_>>, lower: &str, markers: &Markers<'_>) -> Heading {
    let Some(over) = over else { return Heading::lower(lower, markers) };
    if lower.is_empty() {
        return if over.own { Heading::plain(over.text) } else { Heading::default() };
    }
    let both = joined(over.text, lower);
    if markers.is_header_word(&both) {
        // Under a group a column is still called by its own name.
        let text = if over.wide { lower.to_owned() } else { both.clone() };
        return Heading { text, word: both, lower_known: true, ..Heading::default() };
    }
    if let Some(field) = changed_meaning(over.text, lower, markers) {
        return Heading {
            text: both,
            word: lower.into(),
            field: Some(field),
            lower_known: true,
            ..Heading::default()
        };
    }
    let known = |text| markers.is_header_word(text);
    match (known(over.text), known(lower)) {
        _ if over.wide => Heading::lower(lower, markers),
        (true, false) => Heading { word: over.text.into(), ..Heading::plain(&both) },
        (false, true) => Heading { word: lower.into(), lower_known: true, ..Heading::plain(&both) },
        _ => Heading::plain(&both),
    }
}

fn joined(upper: &str, lower: &str) -> String {
    format!("{upper} {lower}")
}

/// The field that a column has under a group whose name is part of that field's words and of none of
/// the column's own.
fn changed_meaning(group: &str, lower: &str, markers: &Markers<'_>) -> Option<Field> {
    let found = markers.headers.matches(lower);
    let (field, siblings) =
        SIBLINGS.iter().find(|(field, _)| found.iter().any(|found| found.field == *field))?;
    let stem = stem(group)?;
    if markers.headers.has_word_with(*field, &stem) {
        return None;
    }
    siblings.iter().copied().find(|sibling| markers.headers.has_word_with(*sibling, &stem))
}

/// The part of a word that its forms share: two thirds of it.
fn stem(word: &str) -> Option<String> {
    let letters: Vec<char> = fold(word).chars().collect();
    let ideographs = letters.iter().all(|letter| ('\u{2e80}'..'\u{a000}').contains(letter));
    let least = if ideographs { 2 } else { 4 };
    (letters.len() >= least).then(|| letters[..least.max(letters.len() * 2 / 3)].iter().collect())
}

/// What the upper line says over a column: its own cell, the merged cell that it lies under, or, in a
/// line without merged cells, the last text to the left.
fn over(upper: &SheetRow, at: usize) -> Option<Over<'_>> {
    let text = |at: usize| upper.cells.get(at).text.trim();
    let merges = upper.spans.iter().any(|span| span.last > span.first);
    if !text(at).is_empty() {
        let spread = !merges && at + 1 < upper.cells.len() && text(at + 1).is_empty();
        let wide = spread || span_at(&upper.spans, at).is_some_and(|span| span.last > span.first);
        return Some(Over { text: text(at), wide, own: true });
    }
    if let Some(span) = span_at(&upper.spans, at) {
        let text = if span.text.is_empty() { text(span.first as usize) } else { span.text.trim() };
        return (!text.is_empty()).then_some(Over { text, wide: true, own: false });
    }
    let left = || (0..at).rev().map(text).find(|text| !text.is_empty());
    let text = if merges { None } else { left() }?;
    Some(Over { text, wide: true, own: false })
}

fn span_at(spans: &[Span], at: usize) -> Option<&Span> {
    spans.iter().find(|span| (span.first as usize..=span.last as usize).contains(&at))
}
