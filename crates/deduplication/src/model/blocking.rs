//! Which pairs are compared at all: records that share a key.

use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;

use super::Error;
use super::config::{Block, Config, Kind};
use super::hash::{mix, of_text};
use super::name;
use super::serial;
use super::shards::{Shards, Spill};
use super::values::Values;

/// Keys of a block are sorted in parts of about this many entries.
const PART: usize = 3_000_000;

/// So many records have their keys made at a time where keys go to files.
const WINDOW: usize = 1 << 16;

/// So many of these by one thread.
const STEP: usize = 1 << 13;

/// What a block's keys led to.
#[derive(Clone, Debug)]
pub struct Blocked {
    /// The keys, as the configuration names them.
    pub keys: String,
    /// Pairs that share such a key.
    pub pairs: usize,
    /// Groups that were too large, and the records in them.
    pub dropped: usize,
    /// The records in groups that were too large.
    pub dropped_records: usize,
}

/// A part of a key.
struct Part<'a> {
    values: &'a Values,
    form: Form,
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Value,
    Look,
    Fold,
    Zeros,
    Deletions,
    Initials,
    First(usize),
    Last(usize),
}

impl Form {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "value" => Self::Value,
            "look" => Self::Look,
            "fold" => Self::Fold,
            "zeros" => Self::Zeros,
            "deletions" => Self::Deletions,
            "initials" => Self::Initials,
            _ => {
                let first = text.strip_prefix("first").map(|count| count.parse().map(Self::First));
                let last = || text.strip_prefix("last").map(|count| count.parse().map(Self::Last));
                first.or_else(last)?.ok()?
            }
        })
    }
}

impl Part<'_> {
    /// The hashes of a record's value in this form; none if it is missing.
    fn hashes(&self, row: u32, mut each: impl FnMut(u64)) {
        if self.values.is_missing(row) {
            return;
        }
        match self.form {
            Form::Value => each(u64::from(self.values.rows.get(row))),
            Form::Look => each(u64::from(self.values.look(row))),
            Form::Fold => each(serial::folded(self.values.look_text(row))),
            Form::Zeros => each(serial::zeroless(self.values.look_text(row))),
            Form::Deletions => serial::deletions(self.values.look_text(row), each),
            Form::Initials => each(of_text(&name::initials(self.values.text(row)))),
            Form::First(count) => {
                each(of_text(&self.values.text(row).chars().take(count).collect::<String>()));
            }
            Form::Last(count) => {
                each(of_text(&self.values.text(row).chars().rev().take(count).collect::<String>()));
            }
        }
    }
}

struct Keys<'a> {
    parts: Vec<Part<'a>>,
    missing: Option<&'a Values>,
    largest: usize,
    wanted: Range<u32>,
}

impl<'a> Keys<'a> {
    fn new(block: &Block, config: &Config, values: &'a [Values], wanted: Range<u32>) -> Result<Self, Error> {
        let part = |text: &String| {
            let (field, form) = text.split_once(':').unwrap_or((text, "value"));
            let form = Form::parse(form).ok_or_else(|| Error::Form(text.clone()))?;
            let values = &values[config.field(field)?];
            let needs_serial = matches!(form, Form::Fold | Form::Zeros | Form::Deletions);
            let fits = !needs_serial || values.kind == Kind::Serial;
            fits.then_some(Part { values, form }).ok_or_else(|| Error::Form(text.clone()))
        };
        let missing = block.missing.as_deref().map(|name| config.field(name)).transpose()?;
        let parts = block.keys.iter().map(part).collect::<Result<_, _>>()?;
        Ok(Self { parts, missing: missing.map(|at| &values[at]), largest: block.largest, wanted })
    }

    /// All keys of a record.
    fn each(&self, row: u32, mut each: impl FnMut(u64)) {
        let (mut single, mut complete, mut many) = (self.parts.len() as u64, true, None);
        for part in &self.parts {
            if part.form == Form::Deletions {
                many = Some(part);
                complete &= !part.values.is_missing(row);
                continue;
            }
            let mut found = false;
            part.hashes(row, |hash| {
                single = mix(single, hash);
                found = true;
            });
            complete &= found;
        }
        match many {
            _ if !complete => {}
            Some(part) => part.hashes(row, |hash| each(mix(single, hash))),
            None => each(single),
        }
    }

    /// About how many keys there are.
    fn count(&self, rows: usize) -> usize {
        rows * if self.parts.iter().any(|part| part.form == Form::Deletions) { 10 } else { 1 }
    }

    /// The pairs that share a key, and how many groups and records in them were too large. Keys go into parts by their
    /// hash, so that each part can be sorted in memory.
    fn pairs(&self, rows: usize, spill: Option<&Spill>, pairs: &mut Rows) -> Result<(usize, usize), Error> {
        let parts = self.count(rows).div_ceil(PART).max(1);
        let mut files = spill.map(|spill| self.spilled(rows, &spill.folder, parts)).transpose()?;
        let (mut dropped, mut records) = (0, 0);
        for part in 0..parts {
            let mut entries = match &mut files {
                Some(files) => files.take(part)?,
                None => self.entries(0..rows as u32, |key| part_of(key, parts) == part),
            };
            entries.par_sort_unstable();
            entries.dedup();
            let mut found = Vec::new();
            for group in entries.chunk_by(|a, b| a.0 == b.0) {
                if group.len() <= self.largest {
                    self.add_pairs(group, &mut found);
                } else {
                    dropped += 1;
                    records += group.len();
                }
            }
            drop(entries);
            pairs.append(found)?;
        }
        Ok((dropped, records))
    }

    /// All keys, each in the file of its part.
    fn spilled(&self, rows: usize, folder: &Path, parts: usize) -> Result<Shards<(u64, u32)>, Error> {
        let mut files = Shards::of(Some(folder), "keys", parts)?;
        for start in (0..rows as u32).step_by(WINDOW) {
            let window = start..(start + WINDOW as u32).min(rows as u32);
            let mut lists = vec![Vec::new(); parts];
            for entry in self.entries(window, |_| true) {
                lists[part_of(entry.0, parts)].push(entry);
            }
            for (part, list) in lists.into_iter().enumerate() {
                files.append(part, list)?;
            }
        }
        Ok(files)
    }

    /// All pairs of a group; where the key is for missing values, only those in which one is missing.
    fn add_pairs(&self, group: &[(u64, u32)], pairs: &mut Vec<u64>) {
        let missing = |row: u32| self.missing.is_none_or(|values| values.is_missing(row));
        for (at, &(_, a)) in group.iter().enumerate().filter(|(_, (_, a))| self.wanted.contains(a)) {
            let others = group[at + 1..].iter().filter(|(_, b)| missing(a) || missing(*b));
            pairs.extend(others.map(|&(_, b)| (u64::from(a) << 32) | u64::from(b)));
        }
    }

    fn entries(&self, rows: Range<u32>, wanted: impl Fn(u64) -> bool + Sync) -> Vec<(u64, u32)> {
        let chunks: Vec<u32> = rows.clone().step_by(STEP).collect();
        let lists: Vec<Vec<(u64, u32)>> = chunks
            .into_par_iter()
            .map(|start| {
                let mut list = Vec::new();
                for row in start..(start + STEP as u32).min(rows.end) {
                    self.each(row, |key| {
                        if wanted(key) {
                            list.push((key, row));
                        }
                    });
                }
                list
            })
            .collect();
        lists.concat()
    }
}

/// The part of a key.
pub(crate) fn part_of(key: u64, parts: usize) -> usize {
    ((key >> 33) % parts as u64) as usize
}

/// Pairs in shards by their lower record, so that the shards one after the other are in the order of the records.
struct Rows {
    shards: Shards<u64>,
    /// How many records a shard is for.
    each: u64,
}

impl Rows {
    fn new(rows: usize, spill: Option<&Spill>, name: &str) -> Result<Self, Error> {
        let shards = Shards::new(spill, name)?;
        let each = rows.div_ceil(shards.count()).max(1) as u64;
        Ok(Self { shards, each })
    }

    fn append(&mut self, pairs: Vec<u64>) -> Result<(), Error> {
        if self.shards.count() == 1 {
            return self.shards.append(0, pairs);
        }
        let mut lists = vec![Vec::new(); self.shards.count()];
        for pair in pairs {
            lists[((pair >> 32) / self.each) as usize].push(pair);
        }
        lists.into_iter().enumerate().try_for_each(|(shard, list)| self.shards.append(shard, list))
    }
}

fn sorted(mut pairs: Vec<u64>) -> Vec<u64> {
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}

/// All pairs that share a key of any block, and those of `known`, each once, in order. Only those whose lower record is `wanted`.
pub(crate) fn candidates(
    config: &Config,
    values: &[Values],
    wanted: Range<u32>,
    known: Vec<u64>,
    spill: Option<&Spill>,
) -> Result<(Shards<u64>, Vec<Blocked>), Error> {
    let rows = values.first().map_or(0, |values| values.rows.len());
    let mut report = Vec::new();
    let mut all = Rows::new(rows, spill, "pairs")?;
    all.append(sorted(known))?;
    for block in &config.blocks {
        let mut found = Rows::new(rows, spill, "block")?;
        let keys = Keys::new(block, config, values, wanted.clone())?;
        let (dropped, dropped_records) = keys.pairs(rows, spill, &mut found)?;
        let mut pairs = 0;
        let mut merged = Rows::new(rows, spill, &format!("pairs{}", report.len()))?;
        for shard in 0..all.shards.count() {
            let own = sorted(found.shards.take(shard)?);
            pairs += own.len();
            let mut both = all.shards.take(shard)?;
            both.extend(own);
            merged.shards.append(shard, sorted(both))?;
        }
        report.push(Blocked { keys: block.keys.join("+"), pairs, dropped, dropped_records });
        all = merged;
    }
    Ok((all.shards, report))
}
