//! Section rows: `II | Rifles` between the records, an ordinal where those have their running number and one text
//! beside it. A record that lost its cells looks nearly so; what tells them apart is that a section does not count
//! along with the records, and stands above one.

use matricule_record::{Cells, Field, FieldKind, Ledger};
use matricule_text::fold;

use super::markers::Markers;

/// Named columns from which on two values are few.
const WIDE: usize = 6;

/// The ordinal of a section, or the running number of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ordinal {
    /// Counted in digits of any script.
    Number(u64),
    /// Counted in letters: `II`, `B`, `一`.
    Letter,
}

/// What is known of the sections of a table.
pub(crate) struct Sections {
    /// Where records are counted; `None` where nothing says so, or the table is narrow.
    line: Option<usize>,
    serial: Option<usize>,
    /// Columns in which any word is said of a weapon.
    said: Vec<usize>,
    /// The number of the last record.
    last: Option<u64>,
    /// Sections met so far.
    met: u64,
}

impl Sections {
    pub fn new(ledger: &Ledger) -> Self {
        let is_wide = ledger.columns.iter().filter(|column| !column.header.is_empty()).count() >= WIDE;
        let has_field = |at: usize| ledger.columns.get(at).is_some_and(|column| column.field.is_some());
        let line = ledger.column_of(Field::Line).or_else(|| (!has_field(0)).then_some(0));
        let says = |field: Field| matches!(field.kind(), FieldKind::Serial) || field == Field::Remarks;
        let said = |at: &usize| ledger.columns[*at].field.is_some_and(says);
        Self {
            line: line.filter(|_| is_wide),
            serial: ledger.column_of(Field::Serial),
            said: (0..ledger.columns.len()).filter(said).collect(),
            last: None,
            met: 0,
        }
    }

    /// The column of the text of a row that may be the heading of a section: an ordinal and a text without digits.
    pub fn heading(&self, cells: &Cells, markers: &Markers<'_>) -> Option<usize> {
        let line = self.line?;
        let mut values = cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
        let ((first, number), (text, heading)) = (values.next()?, values.next()?);
        let is_alone = values.next().is_none() && first == line && ordinal(number.text).is_some();
        let is_text = heading.text.chars().any(char::is_alphabetic)
            && !heading.text.chars().any(char::is_numeric)
            && !markers.is_ditto(heading.text);
        // What is said of a weapon whose other cells are blank is said of a weapon.
        let is_elsewhere = !self.said.contains(&text) || markers.is_weapon_type(heading.text);
        (is_alone && is_text && is_elsewhere).then_some(text)
    }

    /// The same, where the row below tells that it is one: a record, and the section is not counted with it.
    pub fn opens(&self, cells: &Cells, below: &Cells, markers: &Markers<'_>) -> Option<usize> {
        let (line, text) = (self.line?, self.heading(cells, markers)?);
        let has_serial = self.serial.is_some_and(|serial| !below.get(serial).is_blank());
        let Some(Ordinal::Number(next)) = ordinal(below.get(line).text).filter(|_| has_serial) else {
            return None;
        };
        let is_type = || markers.is_weapon_type(cells.get(text).text);
        let is_section = match ordinal(cells.get(line).text)? {
            Ordinal::Letter => text == line + 1 || is_type(),
            Ordinal::Number(own) => {
                let begins_anew = next == 1;
                let goes_on = self.last.is_some_and(|last| next == last + 1);
                own == self.met + 1 && next != own + 1 && (begins_anew || goes_on) && is_type()
            }
        };
        is_section.then_some(text)
    }

    /// Notes a section.
    pub fn met(&mut self) {
        self.met += 1;
    }

    /// Notes a record.
    pub fn record(&mut self, cells: &Cells) {
        let Some(line) = self.line else { return };
        if let Some(Ordinal::Number(number)) = ordinal(cells.get(line).text) {
            self.last = Some(number);
        }
    }
}

/// A text as an ordinal: `3`, `3.`, `II`, `b)`, `一、`.
fn ordinal(text: &str) -> Option<Ordinal> {
    let text =
        text.trim().trim_end_matches(['.', ')', '、', '．', '）', ':']).trim_start_matches(['(', '（']);
    let is_roman = |text: &str| {
        text.len() <= 5 && text.bytes().all(|byte| matches!(byte.to_ascii_uppercase(), b'I' | b'V' | b'X'))
    };
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(first), _) if first.is_numeric() && first.is_alphabetic() => {
            letters.next().is_none().then_some(Ordinal::Letter)
        }
        (Some(first), None) if first.is_alphabetic() => Some(Ordinal::Letter),
        (Some(_), _) if is_roman(text) => Some(Ordinal::Letter),
        (Some(_), _) => fold(text).parse().ok().map(Ordinal::Number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_are_told_from_other_texts() {
        for (text, expect) in [
            ("3", Some(Ordinal::Number(3))),
            (" 12. ", Some(Ordinal::Number(12))),
            ("٣", Some(Ordinal::Number(3))),
            ("I", Some(Ordinal::Letter)),
            ("xiv.", Some(Ordinal::Letter)),
            ("Ⅲ", Some(Ordinal::Letter)),
            ("Б)", Some(Ordinal::Letter)),
            ("一、", Some(Ordinal::Letter)),
            ("AB", None),
            ("1a", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(ordinal(text), expect, "{text:?}");
        }
    }
}
