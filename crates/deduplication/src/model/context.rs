//! What stands around an entry: its place in the ledger, and whether its serial is attested elsewhere.

use super::Error;
use super::config::Config;
use super::hash::{HashedMap, of_numbers};
use super::level::{Level, LevelTable};
use super::serial;
use super::values::Values;

/// What is known of each record beside its fields.
pub(crate) struct Context<'a> {
    ledger: &'a [u32],
    page: &'a [u32],
    line: &'a [u32],
    attested: Vec<bool>,
    consignments: HashedMap<Consignment>,
}

/// The consignment of a record whose serial stands elsewhere too.
struct Consignment {
    /// Which one it is.
    key: u64,
    /// The odds that a copy of one of its other weapons was miskeyed to this serial, against a copy of this weapon.
    miskeyed: f32,
}

/// How far behind each other the serials of a run may be.
const RUN: u64 = 3;

/// How many weapons of a consignment are looked at on either side.
const SIBLINGS: usize = 64;

impl<'a> Context<'a> {
    /// The context of all records, if the configuration says where it stands.
    pub(crate) fn of(config: &Config, values: &'a [Values]) -> Result<Option<Self>, Error> {
        let Some(place) = &config.place else { return Ok(None) };
        let rows = |name: &str| config.field(name).map(|at| values[at].rows.as_slice());
        let (ledger, page, line) = (rows(&place.ledger)?, rows(&place.page)?, rows(&place.line)?);
        let (date, make) = (rows(&place.date)?, rows(&place.make)?);
        let Some(at) = values.iter().position(|values| !values.shapes.is_empty()) else { return Ok(None) };
        let mut attested = partners(&values[at], make);
        let runs = Runs::new(&values[at], [ledger, date, make]);
        let consignments = runs.consignments(&config.fields[at].levels, &attested);
        runs.attest(&mut attested);
        Ok(Some(Self { ledger, page, line, attested, consignments }))
    }

    /// The odds that one of two records with one serial is a copy of another weapon of the consignment, miskeyed to the
    /// serial of the other record, against their being one weapon. A serial whose neighbours stand around it in
    /// both places is right in both; one line keyed twice is one weapon.
    pub(crate) fn miskeyed(&self, a: u32, b: u32) -> f32 {
        if self.place(a, b) == Level::SameLine {
            return 0.0;
        }
        let of = |row: u32| self.consignments.get(&u64::from(row));
        match (of(a), of(b)) {
            (Some(x), Some(y)) if x.key != y.key => 0.0,
            (x, y) => x.into_iter().chain(y).map(|found| found.miskeyed).fold(0.0, f32::max),
        }
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

/// Serials in the order of their series, ledger by ledger and day by day.
struct Runs<'a> {
    serial: &'a Values,
    /// Series, number, record.
    order: Vec<(u64, u64, u32)>,
}

impl<'a> Runs<'a> {
    fn new(serial: &'a Values, within: [&[u32]; 3]) -> Self {
        let key = |row: u32| {
            let parts = within.map(|rows| u64::from(rows[row as usize]));
            of_numbers(&[serial.shape(row).stem, parts[0], parts[1], parts[2]])
        };
        let rows = (0..serial.rows.len() as u32).filter(|&row| !serial.is_missing(row));
        let mut order: Vec<(u64, u64, u32)> =
            rows.map(|row| (key(row), serial.shape(row).number, row)).collect();
        order.sort_unstable();
        Self { serial, order }
    }

    /// Marks serials that have others close behind or before them.
    fn attest(&self, attested: &mut [bool]) {
        for (at, &(key, number, row)) in self.order.iter().enumerate() {
            let behind =
                self.order[at + 1..].iter().take_while(|next| next.0 == key && next.1 <= number + RUN);
            for &(_, _, next) in behind.take(16).filter(|next| next.1 != number) {
                attested[row as usize] = true;
                attested[next as usize] = true;
            }
        }
    }

    /// The consignments of the records whose serials stand elsewhere too.
    fn consignments(&self, levels: &LevelTable, elsewhere: &[bool]) -> HashedMap<Consignment> {
        let mut found = HashedMap::default();
        for (at, &(key, number, row)) in self.order.iter().enumerate() {
            if !elsewhere[row as usize] {
                continue;
            }
            let near =
                |other: &&(u64, u64, u32)| other.0 == key && other.1.abs_diff(number) <= serial::CONSIGNMENT;
            let before = self.order[..at].iter().rev().take(SIBLINGS).take_while(near);
            let behind = self.order[at + 1..].iter().take(SIBLINGS).take_while(near);
            let mut others: Vec<(u64, u32)> = before.chain(behind).map(|other| (other.1, other.2)).collect();
            others.retain(|other| other.0 != number);
            others.sort_unstable();
            others.dedup_by_key(|other| other.0);
            if others.iter().any(|other| other.0.abs_diff(number) <= RUN) {
                let miskeyed = others.iter().map(|&(_, other)| {
                    let level = serial::relation(self.serial.look_text(row), self.serial.look_text(other));
                    miskeying(levels, level)
                });
                found.insert(u64::from(row), Consignment { key, miskeyed: miskeyed.sum() });
            }
        }
        found
    }
}

/// The chance that a serial is keyed as another one that stands in this relation to it, against being keyed right:
/// the likelihood of a relation is shared by all serials that stand in it.
fn miskeying(levels: &LevelTable, level: Level) -> f32 {
    let likelihood = |level: Level| levels.get(&level).map_or(0.0, |entry| entry.r#match);
    let right = likelihood(Level::Exact) + likelihood(Level::Written);
    let variants = levels.get(&level).and_then(|entry| entry.variants).unwrap_or(1.0);
    if level.is_near() { likelihood(level) / variants / right.max(1e-3) } else { 0.0 }
}
