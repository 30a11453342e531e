//! Texts alone: where one goes on with the record above it, and where it is the foot of a page.

use matricule_record::{Field, SkipClass};

use super::super::columns::IDENTITY;
use super::super::furniture::may_be_serial;
use super::super::markers::Markers;
use super::super::shape::{few_values, is_heading, is_words};
use super::{Table, Told};
use crate::sheet_row::SheetRow;

/// Texts whose lines may go on in the row below.
const CONTINUED: [Field; 2] = [Field::Remarks, Field::HolderAddress];
/// What a footnote begins with.
const FOOTNOTE: [char; 3] = ['*', '†', '‡'];
/// Words of a footnote at least.
const FOOTNOTE_WORDS: usize = 4;

/// Digits of a number that may be a serial.
const SERIAL_DIGITS: usize = 4;
/// Signs between the parts of a date.
const DATE_SIGNS: usize = 2;

impl Table {
    /// Whether a text alone may be anything but a serial.
    pub(super) fn is_loose(&self, row: &SheetRow, column: usize, markers: &Markers<'_>) -> bool {
        let text = row.cells.get(column).text;
        let has_digit = || text.chars().any(char::is_numeric);
        let names_weapon = || text.split_whitespace().any(|word| markers.is_weapon_type(word));
        self.furniture.serial != Some(column) || is_heading(row) || !has_digit() || names_weapon()
    }

    /// The column of a text alone where texts stand whose lines go on.
    pub(super) fn lone_line(&self, row: &SheetRow) -> Option<usize> {
        let (column, alone) = few_values(&row.cells)?;
        let field = self.ledger.columns.get(column).and_then(|column| column.field);
        (alone && field.is_some_and(|field| CONTINUED.contains(&field))).then_some(column)
    }

    /// The same, directly below a record or below a line of the foot of a page.
    pub(super) fn may_go_on(&self, row: &SheetRow) -> Option<usize> {
        self.lone_line(row).filter(|_| self.last_record.max(self.foot) + 1 == row.row)
    }

    /// What a text alone is that may go on with the record above it: above a header and below the last record it is the
    /// foot of a page, the number of one or whoever signs.
    pub(super) fn settle_line(
        &mut self,
        row: &SheetRow,
        column: usize,
        below: Option<&SheetRow>,
        markers: &Markers<'_>,
    ) -> Told {
        let is_last = below.is_none_or(|below| self.is_header(below, markers));
        let is_weapon = is_last && may_be_weapon(row.cells.get(column).text, markers);
        if is_last && !is_weapon {
            (self.foot, self.last_break) = (row.row, row.row);
            return Told::Skip(SkipClass::Footer);
        }
        if is_weapon || self.last_record + 1 != row.row || !is_words(&row.cells, column, markers) {
            return self.tell_body(row, markers);
        }
        self.last_record = row.row;
        self.lone.record(row);
        Told::Continues(column)
    }

    /// Whether a row that does not stand directly below a record says `word: …` in each of its values, or is a footnote.
    /// What names a field of the weapon's identity may be its rest, and `AB: 12` a serial.
    pub(super) fn is_of_foot(&self, row: &SheetRow, markers: &Markers<'_>) -> bool {
        let is_signed = |text: &str| {
            let Some((word, _)) = text.split_once([':', '：']) else { return false };
            let is_identity = || markers.headers.matches(word).iter().any(|it| IDENTITY.contains(&it.field));
            word.chars().any(char::is_alphabetic)
                && !word.chars().any(char::is_numeric)
                && !may_be_serial(text, SkipClass::Footer)
                && !may_be_weapon(text, markers)
                && !is_identity()
        };
        let is_footnote =
            |text: &str| text.starts_with(FOOTNOTE) && text.split_whitespace().count() >= FOOTNOTE_WORDS;
        let mut texts = row.cells.iter().map(|cell| cell.text.trim()).filter(|text| !text.is_empty());
        self.last_record + 1 < row.row
            && few_values(&row.cells).is_some()
            && texts.all(|text| is_signed(text) || is_footnote(text))
    }

    /// Whether no record stands below a row: a header, a line of the page, or nothing.
    pub(super) fn ends_above(&mut self, below: Option<&SheetRow>, markers: &Markers<'_>) -> bool {
        below.is_none_or(|below| {
            self.furniture.class(&below.cells, markers).is_some() || self.is_header(below, markers)
        })
    }
}

/// Whether a text may say of a weapon what tells it from others: letters and digits in one word, a number of four digits
/// or more that is no date, or a number beside a kind of weapon.
fn may_be_weapon(text: &str, markers: &Markers<'_>) -> bool {
    let words =
        || text.split(|c: char| c.is_whitespace() || ":：,;()".contains(c)).filter(|word| !word.is_empty());
    let digits = |word: &str| word.chars().filter(|c| c.is_numeric()).count();
    let has_letter = |word: &str| word.chars().any(char::is_alphabetic);
    let is_date = |word: &str| !has_letter(word) && word.matches(['/', '.', '-']).count() == DATE_SIGNS;
    let is_year = |word: &str| {
        word.len() == SERIAL_DIGITS
            && ["19", "20"].iter().any(|century| word.starts_with(century))
            && words().count() > DATE_SIGNS
    };
    let is_number = |word: &str| {
        let is_long = digits(word) >= SERIAL_DIGITS && !is_date(word) && !is_year(word);
        is_long || digits(word) > 0 && has_letter(word)
    };
    words().any(is_number) || digits(text) > 0 && words().any(|word| markers.is_weapon_type(word))
}
