//! The day-month order of a column of dates, by what stands in it: `25/03/1990` can only be day first,
//! and then `05/03/1990` below it is too. Where both orders occur, or neither shows, nothing is decided.

use matricule_record::{CellKind, Code, Column, FieldKind, Finding, message};
use matricule_text::decimal_digit;

use crate::sheet_row::SheetRow;

/// How masks begin that stand behind a header word, in several languages, and the order they say: `(mm/dd/yyyy)`.
const MASKS: [(&str, &str); 11] = [
    ("mm/dd", "mdy"),
    ("mm-dd", "mdy"),
    ("m/d/", "mdy"),
    ("dd/mm", "dmy"),
    ("dd-mm", "dmy"),
    ("dd.mm", "dmy"),
    ("d/m/", "dmy"),
    ("jj/mm", "dmy"),
    ("tt.mm", "dmy"),
    ("gg/mm", "dmy"),
    ("дд.мм", "dmy"),
];

/// Gives each column of dates the order that its header or its first rows show.
pub(crate) fn decide(columns: &mut [Column], header_row: u32, rows: &[SheetRow]) {
    for (at, column) in columns.iter_mut().enumerate() {
        if column.field.is_some_and(|field| field.kind() == FieldKind::Date) {
            let cells = rows.iter().map(|row| (row.row, row.cells.get(at)));
            let texts =
                cells.filter(|(_, cell)| cell.kind == CellKind::Text).map(|(row, cell)| (row, cell.text));
            let (said, shown) = (of_header(&column.header), order(texts));
            let is_contradicted = matches!((said, shown), (Some(said), Some((shown, ..))) if said != shown);
            let header = said.map(|order| (order, header_row, column.header.as_str()));
            if let Some((order, row, text)) = shown.or(header).filter(|_| !is_contradicted) {
                column.date_order = Some(order.into());
                column.date_order_evidence = Some((row, text.trim().into()));
            }
        }
    }
}

/// Why the dates of a column cannot be read: its header says another order than the profile declares.
pub(crate) fn contradiction(columns: &[Column], declared: Option<&str>) -> Option<Finding> {
    let declared = declared?;
    let dates = columns.iter().filter(|it| it.field.is_some_and(|field| field.kind() == FieldKind::Date));
    let mut said = dates.filter_map(|column| Some((column, of_header(&column.header)?)));
    let (column, order) = said.find(|(_, order)| *order != declared)?;
    let message = message!("i111-date-order", header = column.header, order = order, declared = declared);
    Some(Finding::new(Code::I111, message).suggest(message!("i111-date-order-repair")))
}

/// The order that a mask in a header says; of one that begins with the year there is none to say.
fn of_header(header: &str) -> Option<&'static str> {
    let header: String = header.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let begins =
        |at: usize| !header[..at].ends_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '-' | '.'));
    MASKS.iter().find_map(|(mask, order)| header.find(mask).filter(|at| begins(*at)).map(|_| *order))
}

/// The order that some dates show, with the first that does; `None` where another shows another one.
fn order<'a>(dates: impl Iterator<Item = (u32, &'a str)>) -> Option<(&'static str, u32, &'a str)> {
    let mut found: Option<(&'static str, u32, &'a str)> = None;
    for (row, text) in dates {
        let Some(order) = shown_order(text) else { continue };
        match found {
            Some((known, ..)) if known != order => return None,
            Some(_) => {}
            None => found = Some((order, row, text)),
        }
    }
    found
}

/// The order that a date shows by itself; `None` where it shows none.
fn shown_order(text: &str) -> Option<&'static str> {
    let parts: Vec<&str> = text.trim().split(['.', '/', '-']).collect();
    let [first, second, year] = parts[..] else { return None };
    let (first, second) = (number(first)?, number(second)?);
    number(year)?;
    match (first, second) {
        (13..=31, 1..=12) => Some("dmy"),
        (1..=12, 13..=31) => Some("mdy"),
        _ => None,
    }
}

/// A number of digits of any script, of at most four places.
fn number(text: &str) -> Option<u32> {
    let digits: Option<Vec<u8>> = text.trim().chars().map(decimal_digit).collect();
    let digits = digits.filter(|digits| (1..=4).contains(&digits.len()))?;
    Some(digits.into_iter().fold(0, |number, digit| number * 10 + u32::from(digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_in_a_header_says_the_order() {
        for (header, expect) in [
            ("Date of Registration (mm/dd/yyyy)", Some("mdy")),
            ("Date (DD/MM/YYYY)", Some("dmy")),
            ("Дата (дд.мм.гггг)", Some("dmy")),
            ("Date (yyyy-mm-dd)", None),
            ("Date", None),
        ] {
            assert_eq!(of_header(header), expect, "{header}");
        }
    }

    #[test]
    fn a_column_shows_its_order_or_none() {
        for (texts, expect) in [
            (&["05/03/1990", "25/03/1990"][..], Some(("dmy", 2, "25/03/1990"))),
            (&["03/25/1990", "05/03/1990"], Some(("mdy", 1, "03/25/1990"))),
            (&["05/03/1990", "06/04/1991"], None),
            (&["25/03/1990", "03/25/1990"], None),
            (&["१५/०३/१९६७"], Some(("dmy", 1, "१५/०३/१९६७"))),
            (&["1990-03-25", "", "без даты"], None),
            (&["25.03.90"], Some(("dmy", 1, "25.03.90"))),
        ] {
            assert_eq!(order((1..).zip(texts.iter().copied())), expect, "{texts:?}");
        }
    }
}
