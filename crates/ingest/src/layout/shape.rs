//! What a row looks like, whatever the table means by it.

use matricule_record::{CellKind, Cells};
use matricule_text::fold;

use super::markers::Markers;
use crate::sheet_row::{SheetRow, Span};

/// A row that numbers fewer columns may be a record.
const NUMBERED_COLUMNS: usize = 4;
/// The number of a column is not longer, in bytes.
const NUMBER_BYTES: usize = 12;
/// How columns are numbered in letters, in small ones.
const ROMAN: [&str; 20] = [
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi",
    "xvii", "xviii", "xix", "xx",
];

/// A merged cell over as many columns is a heading, not a value.
const HEADING_COLUMNS: u32 = 3;

/// The column of the first value of a row that has one or two, and whether it is the only one.
pub(super) fn few_values(cells: &Cells) -> Option<(usize, bool)> {
    let mut values = cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
    let (first, second) = (values.next()?, values.next());
    values.next().is_none().then_some((first.0, second.is_none()))
}

/// Whether a row is one text merged over several columns.
pub(super) fn is_heading(row: &SheetRow) -> bool {
    let wide = |span: &Span| span.top == row.row && span.last - span.first + 1 >= HEADING_COLUMNS;
    row.spans.iter().any(|span| wide(span) && !row.cells.get(span.first as usize).is_blank())
}

/// Whether a row may be the upper line of a header: words without a digit, two or more, each merged with
/// cells beside or below it or a header word by itself, and one at least over several columns. No
/// record looks like that.
pub(super) fn is_group_line(row: &SheetRow, markers: &Markers<'_>) -> bool {
    let starts = |at: usize| row.spans.iter().find(|span| span.top == row.row && span.first as usize == at);
    let values = || row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
    let has_groups = values().any(|(at, _)| starts(at).is_some_and(|span| span.last > span.first));
    has_groups
        && values().nth(1).is_some()
        && values().all(|(at, cell)| {
            let is_words = is_words(&row.cells, at, markers) && !cell.text.chars().any(char::is_numeric);
            is_words && (starts(at).is_some() || markers.is_header_word(cell.text))
        })
}

/// Whether a cell holds words, and no value of another kind.
pub(super) fn is_words(cells: &Cells, column: usize, markers: &Markers<'_>) -> bool {
    let cell = cells.get(column);
    cell.kind == CellKind::Text && cell.text.chars().any(char::is_alphabetic) && !markers.is_ditto(cell.text)
}

/// Whether a row numbers the columns, as forms do below their header, and holds nothing else: 1, 2, 3 … or a, b, c …
/// or I, II, III …
pub(super) fn is_column_numbers(cells: &Cells, columns: usize) -> bool {
    let texts = || cells.iter().map(|cell| cell.text.trim()).filter(|text| !text.is_empty());
    let is_number = |text: &str, number: &str| text.len() <= NUMBER_BYTES && fold(text) == number;
    let is_first = |text: &str| ["1", "a", "i"].iter().any(|first| is_number(text, first));
    if !texts().next().is_some_and(is_first) || texts().count() < NUMBERED_COLUMNS.max(columns * 3 / 4) {
        return false;
    }
    let numbers = (1..).map(|number: usize| number.to_string());
    let all = |mut numbers: Box<dyn Iterator<Item = String>>| {
        texts().all(|text| numbers.next().is_some_and(|number| is_number(text, &number)))
    };
    all(Box::new(numbers))
        || all(Box::new(('a'..='z').map(String::from)))
        || all(Box::new(ROMAN.iter().map(|&number| number.to_owned())))
}
