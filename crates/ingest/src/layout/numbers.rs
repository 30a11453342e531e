//! Whether the column of serials may be another one than its header says: a running number, or a number of a person
//! or a rack, beside a column that tells the weapons better apart.

use std::collections::BTreeSet;

use matricule_record::{CellKind, Code, Field, Finding, message};

use super::columns::HeaderReading;
use super::counting::{COUNTED, counts, follows_on, records};
use super::markers::Markers;
use crate::sheet_row::SheetRow;

/// What a word for the serial may mean as well, and then is no number of a weapon.
const NUMBERS: [Field; 5] =
    [Field::Line, Field::HolderId, Field::OwnerMark, Field::LicenceNumber, Field::Document];

/// Records that are seldom numbered 1, 2, 3 … by their makers.
const MANY: usize = 10;

/// Parts of a date.
const DATE_PARTS: usize = 3;

/// Why the serial may stand in another column than the one taken for it, or in one where none was.
pub(crate) fn doubt(reading: &HeaderReading, below: &[SheetRow], markers: &Markers<'_>) -> Option<Finding> {
    let is_serial = |at: &usize| reading.columns[*at].field == Some(Field::Serial);
    let all = || 0..reading.columns.len();
    let may_be = |at: &usize| may_be_serial(*at, reading, below, markers);
    let Some(serial) = all().find(is_serial) else {
        let is_called = |at: &usize| {
            reading.is_number(*at, markers) || reading.means_also(*at, &[Field::SeriesMark], markers)
        };
        let other = all().filter(is_called).filter(may_be).find(|&at| !follows_on(below, at))?;
        return Some(unnamed(reading, other));
    };
    if !reading.is_free(serial, markers) {
        return None;
    }
    let weight = Weight::of(below, serial);
    let other = || all().filter(|at| *at != serial).filter(may_be);
    let fuller = || other().find(|&at| Weight::of(below, at) > weight);
    let is_weak = reading.means_also(serial, &NUMBERS, markers);
    if counts(below, serial) {
        return other()
            .find(|&at| reading.columns[at].field.is_none())
            .or_else(fuller)
            .map(|at| counted(reading, serial, at))
            .or_else(|| (records(below).count() >= MANY).then(|| only_counted(reading, serial)));
    }
    if follows_on(below, serial) {
        return fuller().map(|at| counted(reading, serial, at));
    }
    if !is_weak {
        return None;
    }
    let found = fuller().map(|at| other_number(reading, serial, at));
    found.or_else(|| reading.is_beside_name(serial, markers).then(|| number_of_person(reading, serial)))
}

/// Whether a column that no other field has may be the serial.
fn may_be_serial(at: usize, reading: &HeaderReading, below: &[SheetRow], markers: &Markers<'_>) -> bool {
    let is_open = match reading.columns[at].field {
        None | Some(Field::SeriesMark) => true,
        Some(Field::Line) => !follows_on(below, at),
        Some(_) => false,
    };
    let header = &reading.columns[at].header;
    is_open && reading.is_free(at, markers) && !markers.is_personal(header) && tells_rows_apart(below, at)
}

/// Whether a column holds another text with a digit in each of the rows that may be records, and no dates.
pub(super) fn tells_rows_apart(rows: &[SheetRow], column: usize) -> bool {
    let cells = || records(rows).map(|row| row.cells.get(column)).filter(|cell| !cell.is_blank());
    let is_number = |text: &str| text.chars().any(char::is_numeric) && !is_date(text);
    let texts: BTreeSet<&str> = cells().map(|cell| cell.text.trim()).filter(|text| is_number(text)).collect();
    let all = cells().count();
    all >= COUNTED && texts.len() == all && cells().all(|cell| cell.kind != CellKind::Date)
}

/// Whether a text is written as a date in numbers is: `01/02/2010`.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    let is_part = |part: &&str| (1..=4).contains(&part.chars().count()) && part.chars().all(char::is_numeric);
    parts.len() == DATE_PARTS && parts.iter().all(is_part)
}

/// How much a column says in each row: letters among its digits, then how many of both.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Weight {
    has_letters: bool,
    /// Letters and digits of ten values.
    length: usize,
}

impl Weight {
    fn of(rows: &[SheetRow], column: usize) -> Self {
        let texts =
            || records(rows).map(|row| row.cells.get(column).text).filter(|text| !text.trim().is_empty());
        let letters = texts().flat_map(str::chars).filter(|c| c.is_alphanumeric()).count();
        let has_letters =
            texts().any(|text| text.chars().any(char::is_alphabetic) && text.chars().any(char::is_numeric));
        Self { has_letters, length: letters * 10 / texts().count().max(1) }
    }
}

fn counted(reading: &HeaderReading, serial: usize, other: usize) -> Finding {
    let [counted, header] = [serial, other].map(|at| reading.columns[at].header.as_str());
    counted_instead(counted, header)
}

fn only_counted(reading: &HeaderReading, serial: usize) -> Finding {
    let header = &reading.columns[serial].header;
    let finding = refused(message!("i111-only-counted", counted = header));
    finding.suggest(message!("i111-which-serial-repair", header = format!("{:?}", header.as_str())))
}

/// The column called `counted` may be that of row numbers, and the one called `header` that of the serials.
pub(super) fn counted_instead(counted: &str, header: &str) -> Finding {
    let finding = refused(message!("i111-counted", counted = counted, header = header));
    let [header, counted] = [header, counted].map(|header| format!("{header:?}"));
    finding.suggest(message!("i111-counted-repair", header = header, counted = counted))
}

fn other_number(reading: &HeaderReading, serial: usize, other: usize) -> Finding {
    let [taken, header] = [serial, other].map(|at| &reading.columns[at].header);
    let finding = refused(message!("i111-other-number", taken = taken, header = header));
    finding.suggest(message!("i111-which-serial-repair", header = format!("{:?}", header.as_str())))
}

fn number_of_person(reading: &HeaderReading, serial: usize) -> Finding {
    let [name, taken] = [serial - 1, serial].map(|at| &reading.columns[at].header);
    let finding = refused(message!("i111-number-of-person", taken = taken, name = name));
    finding.suggest(message!("i111-which-serial-repair", header = format!("{:?}", taken.as_str())))
}

fn unnamed(reading: &HeaderReading, other: usize) -> Finding {
    let header = &reading.columns[other].header;
    let finding = refused(message!("i111-no-serial", header = header));
    finding.suggest(message!("i111-which-serial-repair", header = format!("{:?}", header.as_str())))
}

fn refused(message: String) -> Finding {
    Finding::new(Code::I111, message).at(Some(Field::Serial), None, "")
}
