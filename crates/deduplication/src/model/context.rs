//! What stands around an entry: its place in the ledger, and whether its serial is attested elsewhere.

use super::Error;
use super::config::Config;
use super::hash::{HashedMap, of_numbers};
use super::level::Level;
use super::values::Values;

/// What is known of each record beside its fields.
pub(crate) struct Context<'a> {
    ledger: &'a [u32],
    page: &'a [u32],
    line: &'a [u32],
    attested: Vec<bool>,
}

/// How far behind each other the serials of a run may be.
const RUN: u64 = 3;

impl<'a> Context<'a> {
    /// The context of all records, if the configuration says where it stands.
    pub(crate) fn of(config: &Config, values: &'a [Values]) -> Result<Option<Self>, Error> {
        let Some(place) = &config.place else { return Ok(None) };
        let rows = |name: &str| config.field(name).map(|at| values[at].rows.as_slice());
        let (ledger, page, line) = (rows(&place.ledger)?, rows(&place.page)?, rows(&place.line)?);
        let (date, make) = (rows(&place.date)?, rows(&place.make)?);
        let Some(serial) = values.iter().find(|values| !values.shapes.is_empty()) else { return Ok(None) };
        let mut attested = partners(serial, make);
        runs(serial, [ledger, date, make], &mut attested);
        Ok(Some(Self { ledger, page, line, attested }))
    }

    /// Where two records stand to each other.
    pub(crate) fn place(&self, a: u32, b: u32) -> Level {
        let same = |rows: &[u32]| rows[a as usize] == rows[b as usize];
        let known = |rows: &[u32]| rows[a as usize] != 0 && rows[b as usize] != 0;
        match () {
            () if !known(self.ledger) => Level::Missing,
            () if !same(self.ledger) => Level::Elsewhere,
            () if !known(self.page) || !same(self.page) => Level::SameLedger,
            () if !known(self.line) => Level::SameLedger,
            () if same(self.line) => Level::SameLine,
            () => Level::SamePage,
        }
    }

    /// How many of two serials that are nearly equal are attested elsewhere.
    pub(crate) fn attested(&self, a: u32, b: u32) -> Level {
        match u8::from(self.attested[a as usize]) + u8::from(self.attested[b as usize]) {
            0 => Level::None,
            1 => Level::One,
            _ => Level::Both,
        }
    }
}

/// Which serials stand elsewhere for the same make.
fn partners(serial: &Values, make: &[u32]) -> Vec<bool> {
    let rows = || 0..serial.rows.len() as u32;
    let key = |row: u32| (u64::from(serial.look(row)) << 32) | u64::from(make[row as usize]);
    let mut counts: HashedMap<u8> = HashedMap::default();
    for row in rows().filter(|&row| !serial.is_missing(row)) {
        let count = counts.entry(of_numbers(&[key(row)])).or_default();
        *count = count.saturating_add(1);
    }
    rows().map(|row| !serial.is_missing(row) && counts[&of_numbers(&[key(row)])] > 1).collect()
}

/// Which serials have others close behind or before them in one ledger and day.
fn runs(serial: &Values, within: [&[u32]; 3], attested: &mut [bool]) {
    let key = |row: u32| {
        let parts = within.map(|rows| u64::from(rows[row as usize]));
        of_numbers(&[serial.shape(row).stem, parts[0], parts[1], parts[2]])
    };
    let rows = (0..serial.rows.len() as u32).filter(|&row| !serial.is_missing(row));
    let mut order: Vec<(u64, u64, u32)> = rows.map(|row| (key(row), serial.shape(row).number, row)).collect();
    order.sort_unstable();
    for (at, &(key, number, row)) in order.iter().enumerate() {
        let behind = order[at + 1..].iter().take_while(|next| next.0 == key && next.1 <= number + RUN);
        for &(_, _, next) in behind.take(16).filter(|next| next.1 != number) {
            attested[row as usize] = true;
            attested[next as usize] = true;
        }
    }
}
