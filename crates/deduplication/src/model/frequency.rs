//! How often a value is met by chance: of any field, within the value on which it depends; of a
//! serial, by the characters at each place within its make, model and form.

use rayon::prelude::*;

use super::config::Kind;
use super::hash::{HashedMap, Rows, of_numbers};
use super::serial;
use super::values::Values;

/// The chance of meeting each record's value again in another record that has nothing to do with it.
pub(crate) struct Frequency<'a> {
    /// Over all records.
    overall: Chances<'a>,
    /// The chance that two records disagree.
    differ: f32,
    /// The same among records that agree in a field on which this one depends, nearest field first.
    within: Vec<Within<'a>>,
}

struct Within<'a> {
    /// The field on which this one depends.
    above: usize,
    chances: Chances<'a>,
    /// For each value above, the chance that two records disagree.
    differ: Vec<f32>,
}

enum Chances<'a> {
    /// Of each record.
    Records(Vec<f32>),
    /// Of each value, as the share of the records that have it.
    Values { rows: &'a Rows, counts: Vec<u32>, total: f32 },
    /// Of each value within each value above.
    Within { above: &'a Rows, rows: &'a Rows, counts: Counts },
}

impl Chances<'_> {
    fn of(&self, row: u32) -> f32 {
        match self {
            Self::Records(chances) => chances[row as usize],
            Self::Values { rows, counts, total } => counts[rows.get(row) as usize] as f32 / total,
            Self::Within { above, rows, counts } => {
                let above = above.get(row);
                counts.of(above, rows.get(row)).unwrap_or(1) as f32 / counts.total(above).max(1) as f32
            }
        }
    }
}

/// How often each value stands with each value above.
struct Counts {
    /// Where the values of each value above begin.
    starts: Vec<u32>,
    /// The values, in order, and how often each is met.
    values: Vec<u32>,
    met: Vec<u32>,
    totals: Vec<u32>,
}

/// So many kinds of pairs of values are counted in a table; more are sorted.
const TABLE: usize = 1 << 22;

impl Counts {
    fn new(values: &Values, parent: &Values) -> Self {
        let pairs = || {
            let both = parent.rows.iter().zip(values.rows.iter());
            both.filter(|(above, value)| *above != 0 && *value != 0)
        };
        let mut new = Self { starts: vec![0], values: Vec::new(), met: Vec::new(), totals: Vec::new() };
        let width = values.texts.len();
        if width.saturating_mul(parent.texts.len()) <= TABLE {
            let mut table = vec![0_u32; width * parent.texts.len()];
            pairs().for_each(|(above, value)| table[above as usize * width + value as usize] += 1);
            for counts in table.chunks(width) {
                new.add((0..).zip(counts.iter().copied()).filter(|(_, count)| *count > 0));
            }
            return new;
        }
        let mut sorted: Vec<u64> =
            pairs().map(|(above, value)| (u64::from(above) << 32) | u64::from(value)).collect();
        sorted.par_sort_unstable();
        let mut rest = sorted.as_slice();
        for above in 0..parent.texts.len() as u64 {
            let (own, others) = rest.split_at(rest.partition_point(|pair| pair >> 32 <= above));
            new.add(own.chunk_by(|a, b| a == b).map(|group| (group[0] as u32, group.len() as u32)));
            rest = others;
        }
        new
    }

    /// Adds the values of the next value above.
    fn add(&mut self, own: impl Iterator<Item = (u32, u32)>) {
        let mut total = 0;
        for (value, count) in own {
            self.values.push(value);
            self.met.push(count);
            total += count;
        }
        self.starts.push(self.values.len() as u32);
        self.totals.push(total);
    }

    fn range(&self, above: u32) -> std::ops::Range<usize> {
        self.starts[above as usize] as usize..self.starts[above as usize + 1] as usize
    }

    fn of(&self, above: u32, value: u32) -> Option<u32> {
        let range = self.range(above);
        let found = self.values[range.clone()].binary_search(&value).ok()?;
        Some(self.met[range.start + found])
    }

    fn total(&self, above: u32) -> u32 {
        self.totals[above as usize]
    }

    /// For each value above, the chance that two of its records disagree.
    fn differ(&self) -> Vec<f32> {
        let differ = |above: u32| {
            let same: u64 = self.met[self.range(above)].iter().map(|&count| u64::from(count).pow(2)).sum();
            let total = self.total(above).max(1) as f32;
            (1.0 - same as f32 / (total * total)).max(1.0 / (total + 10.0))
        };
        (0..self.totals.len() as u32).map(differ).collect()
    }
}

impl Frequency<'_> {
    /// The chance for a pair of records that agree. `agrees` says in which other fields they do.
    pub(crate) fn of(&self, a: u32, b: u32, agrees: impl Fn(usize) -> bool) -> f32 {
        let within = self.within.iter().find(|within| agrees(within.above));
        let chances = within.map_or(&self.overall, |within| &within.chances);
        chances.of(a).max(chances.of(b))
    }

    /// How much rarer a disagreement is among records that agree in the field on which this depends;
    /// `above` is a record's value in another field.
    pub(crate) fn disagreement(&self, agrees: impl Fn(usize) -> bool, above: impl Fn(usize) -> u32) -> f32 {
        let within = self.within.iter().find(|within| agrees(within.above));
        let differ = within.and_then(|within| within.differ.get(above(within.above) as usize));
        differ.map_or(1.0, |differ| (differ / self.differ.max(1e-6)).clamp(0.001, 10.0))
    }

    /// The share of a record's value among those that agree in the nearest field on which it depends.
    pub(crate) fn share_within(&self, row: u32) -> f32 {
        self.within.first().map_or(1.0, |within| within.chances.of(row))
    }

    /// The chance that two records agree.
    pub(crate) fn collision(&self) -> f32 {
        1.0 - self.differ
    }
}

/// The frequencies of each field.
pub(crate) fn all<'a>(parents: &[Vec<usize>], values: &'a [Values]) -> Vec<Frequency<'a>> {
    let of = |at: usize| {
        let (all, own) = (&values[at], &parents[at]);
        if all.kind == Kind::Serial { of_serials(all, own, values) } else { of_values(all, own, values) }
    };
    (0..values.len()).map(of).collect()
}

fn of_values<'a>(values: &'a Values, parents: &[usize], all: &'a [Values]) -> Frequency<'a> {
    let mut counts = vec![0_u32; values.texts.len()];
    for value in values.rows.iter() {
        counts[value as usize] += 1;
    }
    let total = (values.rows.len() as u32 - counts[0]).max(1) as f32;
    let same: u64 = counts.iter().skip(1).map(|&count| u64::from(count).pow(2)).sum();
    let agreement = same as f32 / (total * total);
    let overall = Chances::Values { rows: &values.rows, counts, total };
    let within = parents.iter().map(|&above| within(values, above, &all[above])).collect();
    Frequency { overall, differ: 1.0 - agreement, within }
}

fn within<'a>(values: &'a Values, above: usize, parent: &'a Values) -> Within<'a> {
    let counts = Counts::new(values, parent);
    let differ = counts.differ();
    Within { above, chances: Chances::Within { above: &parent.rows, rows: &values.rows, counts }, differ }
}

/// Serials: the product over the places of the share of their characters.
fn of_serials<'a>(values: &Values, parents: &[usize], all: &[Values]) -> Frequency<'a> {
    let overall = by_characters(values, |row| of_numbers(&[serial::form(values.look_text(row))]), |_| 0);
    let within = |&parent: &usize| {
        let above = |row: u32| u64::from(all[parent].rows.get(row));
        let shares = by_characters(
            values,
            |row| of_numbers(&[above(row), serial::form(values.look_text(row))]),
            above,
        );
        Within { above: parent, chances: Chances::Records(shares), differ: Vec::new() }
    };
    Frequency {
        overall: Chances::Records(overall),
        differ: 1.0,
        within: parents.iter().map(within).collect(),
    }
}

/// `group` is the form of a record's serial within its make; `outer` what forms are shares of.
fn by_characters(
    values: &Values,
    group: impl Fn(u32) -> u64 + Sync,
    outer: impl Fn(u32) -> u64 + Sync,
) -> Vec<f32> {
    let rows = || (0..values.rows.len() as u32).filter(|&row| !values.is_missing(row));
    let mut counts: HashedMap<u32> = HashedMap::default();
    let mut add = |key: u64| *counts.entry(key).or_default() += 1;
    for row in rows() {
        let form = group(row);
        add(form);
        add(of_numbers(&[outer(row), 1, 1]));
        for (at, c) in values.look_text(row).chars().enumerate() {
            add(of_numbers(&[form, at as u64, u64::from(c)]));
        }
    }
    let count = |key: u64| counts.get(&key).copied().unwrap_or(1) as f32;
    let chance = |row: u32| {
        let (form, all) = (group(row), count(of_numbers(&[outer(row), 1, 1])));
        let size = count(form);
        let places = values.look_text(row).chars().enumerate().map(|(at, c)| {
            let base = if c.is_ascii_digit() { 10.0 } else { 26.0 };
            (count(of_numbers(&[form, at as u64, u64::from(c)])) + 2.0) / (size + 2.0 * base)
        });
        (places.product::<f32>() * size / all).max(1e-12)
    };
    let rows = (0..values.rows.len() as u32).into_par_iter();
    rows.map(|row| if values.is_missing(row) { 1.0 } else { chance(row) }).collect()
}
