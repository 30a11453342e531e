//! How often a value is met by chance: of any field, within the value on which it depends; of a
//! serial, by the characters at each place within its make, model and form.

use rayon::prelude::*;

use super::config::{Config, Kind};
use super::hash::{HashedMap, of_numbers};
use super::values::Values;

/// The chance of meeting each record's value again in another record that has nothing to do with it.
pub(crate) struct Frequency {
    /// For each record, over all records.
    overall: Vec<f32>,
    /// For each record, among those that agree in the field on which this one depends.
    within: Vec<f32>,
    /// The chance that two records disagree, in the same sense: over all, and for each record.
    differ: f32,
    differ_within: Vec<f32>,
}

impl Frequency {
    /// The chance for a pair of records that agree, and how the chance of disagreement compares to
    /// that over all.
    pub(crate) fn of(&self, a: u32, b: u32, same_parent: bool) -> f32 {
        let list = if same_parent && !self.within.is_empty() { &self.within } else { &self.overall };
        list[a as usize].max(list[b as usize])
    }

    /// How much rarer a disagreement is among records that agree in the field on which this depends.
    pub(crate) fn disagreement(&self, a: u32, same_parent: bool) -> f32 {
        match self.differ_within.get(a as usize) {
            Some(&within) if same_parent => (within / self.differ.max(1e-6)).clamp(0.001, 10.0),
            _ => 1.0,
        }
    }

    /// The share of a record's value among those that agree in the field on which it depends.
    pub(crate) fn share_within(&self, row: u32) -> f32 {
        self.within.get(row as usize).copied().unwrap_or(1.0)
    }

    /// The chance that two records agree.
    pub(crate) fn collision(&self) -> f32 {
        1.0 - self.differ
    }
}

/// The frequencies of each field.
pub(crate) fn all(config: &Config, values: &[Values]) -> Vec<Frequency> {
    let parent = |at: usize| config.fields[at].given.as_deref().and_then(|name| config.field(name).ok());
    (0..values.len())
        .into_par_iter()
        .map(|at| {
            let parent = parent(at).map(|parent| &values[parent]);
            if values[at].kind == Kind::Serial { of_serials(&values[at], parent) } else { of_values(&values[at], parent) }
        })
        .collect()
}

fn of_values(values: &Values, parent: Option<&Values>) -> Frequency {
    let mut counts = vec![0_u32; values.texts.len()];
    values.rows.iter().for_each(|&value| counts[value as usize] += 1);
    let total = (values.rows.len() as u32 - counts[0]).max(1) as f32;
    let differ = 1.0 - agreement(counts.iter().skip(1), total);
    let overall = values.rows.iter().map(|&value| counts[value as usize] as f32 / total).collect();
    let (within, differ_within) = parent.map_or_else(Default::default, |parent| within(values, parent));
    Frequency { overall, within, differ, differ_within }
}

/// The chance that two of `total` records agree.
fn agreement<'a>(counts: impl Iterator<Item = &'a u32>, total: f32) -> f32 {
    counts.map(|&count| (count as f32 / total).powi(2)).sum()
}

fn within(values: &Values, parent: &Values) -> (Vec<f32>, Vec<f32>) {
    let pairs = || parent.rows.iter().zip(&values.rows).filter(|(above, value)| **above != 0 && **value != 0);
    let mut counts: HashedMap<u32> = HashedMap::default();
    let mut totals = vec![0_u32; parent.texts.len()];
    for (&above, &value) in pairs() {
        *counts.entry(key(above, value)).or_default() += 1;
        totals[above as usize] += 1;
    }
    let mut same = vec![0_u64; totals.len()];
    for (key, count) in &counts {
        same[(key >> 32) as usize] += u64::from(*count).pow(2);
    }
    let share = |above: u32, value: u32| {
        let count = counts.get(&key(above, value)).copied().unwrap_or(1);
        count as f32 / totals[above as usize].max(1) as f32
    };
    let differ = |above: u32| {
        let total = totals[above as usize].max(1) as f32;
        (1.0 - same[above as usize] as f32 / (total * total)).max(1.0 / (total + 10.0))
    };
    let shares = parent.rows.iter().zip(&values.rows).map(|(&above, &value)| share(above, value)).collect();
    (shares, parent.rows.iter().map(|&above| differ(above)).collect())
}

fn key(above: u32, value: u32) -> u64 {
    (u64::from(above) << 32) | u64::from(value)
}

/// Serials: the product over the places of the share of their characters.
fn of_serials(values: &Values, parent: Option<&Values>) -> Frequency {
    let overall = by_characters(values, |row| of_numbers(&[values.shape(row).shape]), |_| 0);
    let within = parent.map_or_else(Vec::new, |parent| {
        let above = |row: u32| u64::from(parent.rows[row as usize]);
        by_characters(values, |row| of_numbers(&[above(row), values.shape(row).shape]), above)
    });
    Frequency { overall, within, differ: 1.0, differ_within: Vec::new() }
}

/// `group` is the form of a record's serial within its make; `outer` what forms are shares of.
fn by_characters(values: &Values, group: impl Fn(u32) -> u64, outer: impl Fn(u32) -> u64) -> Vec<f32> {
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
    (0..values.rows.len() as u32).map(|row| if values.is_missing(row) { 1.0 } else { chance(row) }).collect()
}
