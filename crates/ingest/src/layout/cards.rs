//! Index cards: a label and its value beside it, pair after pair, one weapon on several rows. No row of them is a
//! header, though half of its cells are header words.

use matricule_record::{Code, Finding, message};

use super::is_whole;
use super::markers::Markers;
use crate::sheet_row::SheetRow;

/// Why a sheet is none of records below a header: the row taken for the header is pairs of label and value, and most
/// rows are.
pub(crate) fn finding(rows: &[SheetRow], header: usize, markers: &Markers<'_>) -> Option<Finding> {
    let first = &rows[header];
    let (label, value) = pair(first, markers)?;
    let of_several = |row: &&SheetRow| is_whole(row) && values(row).nth(1).is_some();
    let several = rows.iter().filter(of_several);
    let (pairs, all) = several
        .fold((0, 0), |(pairs, all), row| (pairs + usize::from(pair(row, markers).is_some()), all + 1));
    let message = message!("i104-cards", row = first.row, label = label, value = value);
    (pairs * 2 > all).then(|| Finding::new(Code::I104, message).suggest(message!("i104-cards-repair")))
}

/// The first label of a row of pairs, with its value: every other value is a header word, and at least half of those
/// between them are none.
fn pair<'a>(row: &'a SheetRow, markers: &Markers<'_>) -> Option<(&'a str, &'a str)> {
    let texts: Vec<&str> = values(row).collect();
    let mut pairs = texts.chunks(2);
    let are_labelled = pairs.clone().all(|pair| markers.is_header_word(pair[0]));
    let words = texts.chunks_exact(2).filter(|pair| markers.is_header_word(pair[1])).count();
    let is_pairs = are_labelled && texts.len() >= 2 && words * 2 < texts.len() / 2;
    let first = pairs.next().filter(|_| is_pairs)?;
    Some((first[0], first.get(1)?))
}

fn values(row: &SheetRow) -> impl Iterator<Item = &str> {
    row.cells.iter().map(|cell| cell.text.trim()).filter(|text| !text.is_empty())
}
