//! A comparison that several machines share: each scores the pairs of its own records, and one joins what they wrote.
//!
//! Every machine reads all records, because frequencies are those of the whole file. What is learnt over all pairs, and what
//! rivals and clusters take, is left to the one that joins; so the outcome is that of a single machine, to the last bit.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::blocking::{Blocked, candidates};
use super::hash::{mix, of_text};
use super::score::{Classes, Scorer};
use super::shards::{Item, Shards, Spill};
use super::values::{self, Values};
use super::{Config, Error, Table, Vocabulary, weigh};

/// One part of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which one, from 1.
    pub number: usize,
    /// Of how many.
    pub count: usize,
}

impl Part {
    /// The file of this part in a folder.
    pub fn file(self, folder: &Path) -> PathBuf {
        folder.join(format!("part-{}-of-{}", self.number, self.count))
    }

    /// The records whose pairs with later ones belong to it.
    fn records(self, rows: usize) -> Range<u32> {
        let each = rows.div_ceil(self.count).max(1);
        let end = |parts: usize| (parts * each).min(rows) as u32;
        end(self.number - 1)..end(self.number)
    }
}

/// Scores the pairs of one part and writes them into its file under `folder`. Returns how many they are.
pub fn score_part(
    config: &Config,
    table: Table,
    vocabulary: &Vocabulary,
    part: Part,
    folder: &Path,
    spill: Option<&Spill>,
) -> Result<usize, Error> {
    let (_, columns) = table.sorted()?;
    let rows = columns.len();
    let values = values::all(config, columns, vocabulary)?;
    let (mut pairs, blocks) = candidates(config, &values, part.records(rows), Vec::new(), spill)?;
    let scorer = Scorer::new(config, &values, Vec::new())?;
    let mut likely = weigh(&scorer, &mut pairs, spill)?;
    let mut file = BufWriter::new(std::fs::File::create(part.file(folder))?);
    write!(file, "{}", header(part, digest(config, &values), &blocks))?;
    let (mut count, mut bytes) = (0, Vec::new());
    for shard in 0..pairs.count() {
        count += pairs.read(shard)?.len();
    }
    file.write_all(&(count as u64).to_le_bytes())?;
    for shard in 0..pairs.count() {
        let (pairs, likely) = (pairs.take(shard)?, likely.take(shard)?);
        for (pair, classes) in pairs.into_iter().zip(likely) {
            bytes.clear();
            pair.put(&mut bytes);
            classes.put(&mut bytes);
            file.write_all(&bytes)?;
        }
    }
    file.flush()?;
    Ok(count)
}

/// A line for the part, one for each block, and one that ends the header.
fn header(part: Part, digest: u64, blocks: &[Blocked]) -> String {
    let mut text = format!("matricule linkage, part {} of {}, of {digest:016x}\n", part.number, part.count);
    for block in blocks {
        text.push_str(&format!(
            "{} {} {} {}\n",
            block.pairs, block.dropped, block.dropped_records, block.keys
        ));
    }
    text.push('\n');
    text
}

/// A number that other records, other canonical values and other configurations do not have.
fn digest(config: &Config, values: &[Values]) -> u64 {
    values.iter().fold(of_text(&format!("{config:?}")), |sum, values| {
        let texts: Vec<u64> = (0..values.texts.len() as u32).map(|n| of_text(values.texts.get(n))).collect();
        values.rows.iter().fold(mix(sum, 1), |sum, number| mix(sum, texts[number as usize]))
    })
}

/// What the parts under a folder hold.
pub(super) struct Joined {
    pub(super) pairs: Shards<u64>,
    pub(super) likely: Shards<Classes>,
    pub(super) blocks: Vec<Blocked>,
}

/// Reads all parts of a comparison. Where pairs go to files, their shards are the parts.
pub(super) fn join(
    folder: &Path,
    count: usize,
    (config, values): (&Config, &[Values]),
    spill: Option<&Spill>,
) -> Result<Joined, Error> {
    let mut joined = Joined {
        pairs: Shards::new(spill, "pairs")?,
        likely: Shards::new(spill, "classes")?,
        blocks: Vec::new(),
    };
    let digest = digest(config, values);
    for number in 1..=count {
        let part = Part { number, count };
        let path = part.file(folder);
        let wrong = || Error::Part(path.display().to_string());
        let mut file = BufReader::new(std::fs::File::open(&path).map_err(|_| wrong())?);
        let blocks = blocks(&mut file, part, digest)?.ok_or_else(wrong)?;
        add(&mut joined.blocks, blocks);
        let shard = if joined.pairs.count() == count { number - 1 } else { 0 };
        let is_whole = read(&mut file, |pairs, likely| {
            joined.pairs.append(shard, pairs)?;
            joined.likely.append(shard, likely)
        })?;
        if !is_whole {
            return Err(wrong());
        }
    }
    Ok(joined)
}

/// The blocks that the header names; `None` where it is not that of this part of these records.
fn blocks(file: &mut impl BufRead, part: Part, digest: u64) -> Result<Option<Vec<Blocked>>, Error> {
    let mut text = String::new();
    let mut blocks = Vec::new();
    while file.read_line(&mut text)? > 1 && text.lines().last().is_some_and(|line| !line.is_empty()) {
        let mut words = text.lines().last().unwrap_or_default().splitn(4, ' ');
        let mut next = || words.next().and_then(|word| word.parse().ok());
        if let (Some(pairs), Some(dropped), Some(dropped_records)) = (next(), next(), next()) {
            let keys = words.next().unwrap_or_default().to_owned();
            blocks.push(Blocked { keys, pairs, dropped, dropped_records });
        }
    }
    Ok((text == header(part, digest, &blocks)).then_some(blocks))
}

/// Every part sees all groups, and the pairs of its own records.
fn add(all: &mut Vec<Blocked>, own: Vec<Blocked>) {
    if all.is_empty() {
        *all = own;
        return;
    }
    for (all, own) in all.iter_mut().zip(own) {
        all.pairs += own.pairs;
    }
}

/// So many pairs are read at a time.
const WINDOW: usize = 1 << 16;

/// Reads the number of pairs and the pairs; whether they are as many.
fn read(
    file: &mut impl Read,
    mut each: impl FnMut(Vec<u64>, Vec<Classes>) -> Result<(), Error>,
) -> Result<bool, Error> {
    const PAIR: usize = <u64 as Item>::BYTES + <Classes as Item>::BYTES;
    let mut bytes = Vec::new();
    file.by_ref().take(<u64 as Item>::BYTES as u64).read_to_end(&mut bytes)?;
    let expected = if bytes.len() == <u64 as Item>::BYTES { u64::get(&bytes) } else { u64::MAX };
    let mut found = 0;
    bytes.clear();
    while file.by_ref().take((WINDOW * PAIR) as u64).read_to_end(&mut bytes)? > 0 {
        let pairs = bytes.chunks_exact(PAIR).map(|item| u64::get(&item[..8])).collect();
        let likely = bytes.chunks_exact(PAIR).map(|item| Classes::get(&item[8..])).collect();
        each(pairs, likely)?;
        found += bytes.len() as u64;
        bytes.clear();
    }
    Ok(expected.checked_mul(PAIR as u64) == Some(found))
}
