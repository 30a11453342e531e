//! Where a header stands by the shape of its sheet alone, whatever its words mean: above the first rows
//! of numbers.
//!
//! A table whose words nobody knows is refused, but its operator is told which row to name.

use matricule_record::{Cell, CellKind, Cells};
use matricule_text::decimal_digit;

/// Rows of which two have to hold numbers for the first of them to begin the data.
const BLOCK: usize = 4;

/// The row that is likeliest the header, of rows some of which may be blank.
pub fn likely_header(rows: &[Cells]) -> Option<usize> {
    let filled: Vec<usize> = (0..rows.len()).filter(|&at| !rows[at].is_blank()).collect();
    let data: Vec<bool> = filled.iter().map(|&at| is_data(&rows[at])).collect();
    let begins = |at: usize| {
        let block = &data[at..data.len().min(at + BLOCK)];
        data[at] && block.iter().filter(|data| **data).count() >= block.len().min(2)
    };
    match (0..data.len()).find(|&at| begins(at)) {
        Some(0) => filled.first().copied(),
        Some(first) => {
            let above = filled[..first].iter().rev();
            above
                .copied()
                .find(|&at| values(&rows[at]).count() > 1)
                .or_else(|| filled.get(first - 1).copied())
        }
        None => widest(rows, &filled),
    }
}

/// The first of the wide rows, in a sheet without numbers.
fn widest(rows: &[Cells], filled: &[usize]) -> Option<usize> {
    let width = |at: usize| values(&rows[at]).count();
    let most = filled.iter().map(|&at| width(at)).max()?;
    filled.iter().copied().find(|&at| width(at) > 1 && width(at) * 3 >= most * 2).or(filled.first().copied())
}

fn values(cells: &Cells) -> impl Iterator<Item = (usize, Cell<'_>)> {
    cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank())
}

/// Whether more than half of a row's values are numbers, its label not counted. Years and quarters alone
/// are headings, unless a year is the label.
fn is_data(cells: &Cells) -> bool {
    let body = || values(cells).filter(|(at, _)| *at > 0).map(|(_, cell)| cell);
    let numbers = body().filter(is_number).count();
    if numbers * 2 <= body().count() {
        return false;
    }
    let mut digits = body().filter(|cell| is_number(cell) && has_digit(cell.text)).peekable();
    let only_periods = digits.peek().is_some() && digits.all(|cell| is_period(cell.text));
    let label = cells.get(0);
    !only_periods || (!label.is_blank() && (is_period(label.text) || numbers < 2))
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|c| decimal_digit(c).is_some())
}

/// A number, a date, a sign for none (`–`, `...`), or a short note in its place (`(X)`).
fn is_number(cell: &Cell<'_>) -> bool {
    if matches!(cell.kind, CellKind::Number | CellKind::Date) {
        return true;
    }
    let text: String = cell.text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_sign = text.chars().all(|c| matches!(c, '-' | '–' | '—' | '.' | '…'));
    let is_note = text.len() <= 5 && text.starts_with('(') && !has_digit(&text);
    let bare = text.trim_start_matches(['(', '[', '<', '>', '~', '$', '£', '€', '+', '-', '–']);
    let bare = bare.trim_end_matches([')', ']', '%', '*']);
    let is_plain = |c: char| decimal_digit(c).is_some() || matches!(c, '.' | ',' | ':' | '/' | '-');
    is_sign || is_note || (has_digit(bare) && bare.chars().all(is_plain))
}

/// A year, or a part of one: `1987`, `2008/1`, `1999-2000`.
fn is_period(text: &str) -> bool {
    let text = text.trim();
    let text = text.strip_suffix(".0").unwrap_or(text);
    let Some((year, rest)) = text.split_at_checked(4) else { return false };
    let is_year = year.parse::<u16>().is_ok_and(|year| (1500..2100).contains(&year));
    let rest = rest.trim_start_matches(['/', '-', '–', ':', '.', ' ']);
    is_year && rest.len() <= 4 && rest.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &[&[&str]], expect: Option<usize>) {
        let rows: Vec<Cells> = rows.iter().map(|row| Cells::from_texts(row.iter().copied())).collect();
        assert_eq!(likely_header(&rows), expect, "{rows:?}");
    }

    #[test]
    fn a_header_stands_above_the_numbers() {
        check(
            &[&["Title"], &[], &["Place", "Men", "Arms"], &["A", "12", "3,400"], &["B", "–", "(X)"]],
            Some(2),
        );
        check(&[&["Title"], &["", "1990", "2000"], &["A", "12", "34"], &["B", "1", "2"]], Some(1));
        check(&[&["Title"], &["Year", "Arms"], &["1990", "1,200"], &["1991", "1,300"]], Some(1));
        check(&[&["a", "b", "c"], &["x", "y", "z"]], Some(0));
        check(&[&["Title"], &["a", "b", "c"], &["x", "y", "z"]], Some(1));
        check(&[&[], &[]], None);
    }
}
