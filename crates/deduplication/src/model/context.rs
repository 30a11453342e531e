//! What stands around an entry: its place in the ledger, and whether its serial is attested elsewhere.

use rayon::prelude::*;

use super::Error;
use super::blocking::part_of;
use super::config::{Config, Kind};
use super::hash::{Rows, of_numbers};
use super::level::{Level, LevelTable};
use super::serial;
use super::values::Values;

/// What is known of each record beside its fields.
pub(crate) struct Context<'a> {
    ledger: &'a Rows,
    page: Option<&'a Rows>,
    line: Option<&'a Rows>,
    /// How each serial is attested: [`ELSEWHERE`], and a bit for each neighbour that stands in its run.
    attested: Vec<u8>,
    /// In the order of their records.
    consignments: Vec<Consignment>,
}

/// The consignment of a record whose serial stands elsewhere too.
struct Consignment {
    row: u32,
    /// Which one it is.
    key: u64,
    /// The odds that a copy of one of its other weapons was miskeyed to this serial, against a copy of this weapon.
    miskeyed: f32,
}

/// How far behind each other the serials of a run may be.
const RUN: u64 = 3;

/// The serial stands elsewhere too.
const ELSEWHERE: u8 = 1 << 7;

/// The bits of the neighbours: those behind, nearest first, then those before.
const NEIGHBOURS: u8 = (1 << (2 * RUN)) - 1;

/// From so many neighbours on that stand in both places two runs are one, written in two ways.
const PARALLEL: u32 = 2;

/// How many weapons of a consignment are looked at on either side.
const SIBLINGS: usize = 64;

impl<'a> Context<'a> {
    /// The context of all records, if the configuration says where it stands.
    pub(crate) fn of(config: &Config, values: &'a [Values]) -> Result<Option<Self>, Error> {
        let Some(place) = &config.place else { return Ok(None) };
        let rows = |name: &str| config.field(name).map(|at| &values[at].rows);
        let named = |name: &Option<String>| name.as_deref().map(rows).transpose();
        let (ledger, page, line) = (rows(&place.ledger)?, named(&place.page)?, named(&place.line)?);
        let (date, make) = (rows(&place.date)?, rows(&place.make)?);
        let Some(at) = values.iter().position(|values| values.kind == Kind::Serial) else { return Ok(None) };
        let elsewhere = partners(&values[at], make);
        let mut attested: Vec<u8> =
            elsewhere.iter().map(|&found| if found { ELSEWHERE } else { 0 }).collect();
        let mut consignments = Vec::new();
        let parts = values[at].rows.len().div_ceil(PART).max(1);
        for part in 0..parts {
            let runs = Runs::new(&values[at], [ledger, date, make], |key| part_of(key, parts) == part);
            consignments.extend(runs.consignments(&config.fields[at].levels, &elsewhere));
            runs.attest(&mut attested);
        }
        consignments.sort_unstable_by_key(|found| found.row);
        Ok(Some(Self { ledger, page, line, attested, consignments }))
    }

    /// The odds that one of two records with one serial is a copy of another weapon of the consignment, miskeyed to the
    /// serial of the other record, against their being one weapon. A serial whose neighbours stand around it in
    /// both places is right in both; one line keyed twice is one weapon.
    pub(crate) fn miskeyed(&self, a: u32, b: u32) -> f32 {
        if self.place(a, b) == Level::SameLine {
            return 0.0;
        }
        let of = |row: u32| {
            let found = self.consignments.binary_search_by_key(&row, |found| found.row);
            found.ok().map(|at| &self.consignments[at])
        };
        match (of(a), of(b)) {
            (Some(x), Some(y)) if x.key != y.key => 0.0,
            (x, y) => x.into_iter().chain(y).map(|found| found.miskeyed).fold(0.0, f32::max),
        }
    }

    /// Where two records stand to each other.
    pub(crate) fn place(&self, a: u32, b: u32) -> Level {
        // Whether both name one; `None` where one of them names none.
        let same = |rows: &Rows| (rows.get(a) != 0 && rows.get(b) != 0).then(|| rows.get(a) == rows.get(b));
        match (same(self.ledger), self.page.and_then(same), self.line.and_then(same)) {
            (None, ..) => Level::Missing,
            (Some(false), ..) => Level::Elsewhere,
            (_, None | Some(false), _) | (_, _, None) => Level::SameLedger,
            (.., Some(true)) => Level::SameLine,
            (.., Some(false)) => Level::SamePage,
        }
    }

    /// How many of two serials that are nearly equal are attested elsewhere. Where all serials of a run lost their
    /// zeros or their letter, their neighbours stand in both places: that is one error made all along, not two runs.
    pub(crate) fn attested(&self, a: u32, b: u32, is_one_number: impl Fn() -> bool) -> Level {
        let (x, y) = (self.attested[a as usize], self.attested[b as usize]);
        let (shared, all) = (x & y & NEIGHBOURS, (x | y) & NEIGHBOURS);
        if shared.count_ones() >= PARALLEL && shared == all && is_one_number() {
            return Level::Parallel;
        }
        match u8::from(x != 0) + u8::from(y != 0) {
            0 => Level::None,
            1 => Level::One,
            _ => Level::Both,
        }
    }
}

/// So many records are sorted at a time.
const PART: usize = 2_000_000;

/// Which serials stand elsewhere for the same make.
fn partners(serial: &Values, make: &Rows) -> Vec<bool> {
    let rows = 0..serial.rows.len() as u32;
    let key = |row: u32| of_numbers(&[(u64::from(serial.look(row)) << 32) | u64::from(make.get(row))]);
    let mut found = vec![false; rows.len()];
    let parts = rows.len().div_ceil(PART).max(1);
    for part in 0..parts {
        let known = rows.clone().into_par_iter().filter(|&row| !serial.is_missing(row));
        let keys = known.map(|row| (key(row), row)).filter(|(key, _)| part_of(*key, parts) == part);
        let mut keys: Vec<(u64, u32)> = keys.collect();
        keys.par_sort_unstable();
        for group in keys.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            for &(_, row) in group {
                found[row as usize] = true;
            }
        }
    }
    found
}

/// Serials in the order of their series, ledger by ledger and day by day.
struct Runs<'a> {
    serial: &'a Values,
    /// Series, number, record.
    order: Vec<(u64, u64, u32)>,
}

impl<'a> Runs<'a> {
    /// The series whose hashes are wanted.
    fn new(serial: &'a Values, within: [&Rows; 3], wanted: impl Fn(u64) -> bool + Sync) -> Self {
        let run = |row: u32| {
            let parts = within.map(|rows| u64::from(rows.get(row)));
            let (stem, number) = serial::series(serial.look_text(row));
            (of_numbers(&[stem, parts[0], parts[1], parts[2]]), number, row)
        };
        let rows = (0..serial.rows.len() as u32).into_par_iter().filter(|&row| !serial.is_missing(row));
        let mut order: Vec<(u64, u64, u32)> = rows.map(run).filter(|(key, ..)| wanted(*key)).collect();
        order.par_sort_unstable();
        Self { serial, order }
    }

    /// Marks serials that have others close behind or before them.
    fn attest(&self, attested: &mut [u8]) {
        for (at, &(key, number, row)) in self.order.iter().enumerate() {
            let behind =
                self.order[at + 1..].iter().take_while(|next| next.0 == key && next.1 <= number + RUN);
            for &(_, next, other) in behind.take(16).filter(|next| next.1 != number) {
                let distance = next - number - 1;
                attested[row as usize] |= 1 << distance;
                attested[other as usize] |= 1 << (RUN + distance);
            }
        }
    }

    /// The consignments of the records whose serials stand elsewhere too.
    fn consignments(&self, levels: &LevelTable, elsewhere: &[bool]) -> Vec<Consignment> {
        let mut found = Vec::new();
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
                found.push(Consignment { row, key, miskeyed: miskeyed.sum() });
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    /// The worked example of docs/design-deduplication.md: twenty rifles, and which of them may become this one.
    #[test]
    fn the_odds_of_a_miskeyed_sibling() {
        let config = Config::parse(include_str!("../../../../benches/linkage/registry.toml")).unwrap();
        let levels = &config.fields[config.field("serial").unwrap()].levels;
        let odds: f32 = (445_120..=445_139)
            .filter(|&other: &u32| other != 445_125)
            .map(|other| miskeying(levels, serial::relation("445125", &other.to_string())))
            .sum();
        assert_eq!(format!("{odds:.4} {:.1}", -odds.log2()), "0.0167 5.9");
    }
}
