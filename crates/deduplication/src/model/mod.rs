//! Which records of a file describe one thing, by how likely each explanation of a pair is.
//!
//! Records in, pairs and clusters out; no input or output. `docs/design-deduplication.md` teaches the
//! classes, weights and constraints first.

mod blocking;
mod cluster;
mod config;
mod context;
mod explain;
mod frequency;
mod hash;
mod judge;
mod level;
pub(crate) mod name;
mod parts;
mod score;
mod serial;
mod shards;
mod table;
mod values;
mod vocabulary;

use std::path::PathBuf;

use rayon::prelude::*;

pub use blocking::Blocked;
pub use config::{Block, Config, Decide, Field, Kind, Place, Role};
pub use explain::Explanation;
pub use level::{Level, LevelTable, Likelihood};
pub use parts::{Part, score_part};
pub use shards::Spill;
pub use table::{Columns, Ids, Table};
pub use vocabulary::Vocabulary;

use cluster::{Clusters, weigh_rivals};
use judge::Judge;
use score::{Classes, Pattern, Scorer, Shares};
use shards::Shards;
use values::Values;

/// The hash of a text, the same in every run.
pub(crate) fn hash_of(text: &str) -> u64 {
    hash::of_text(text)
}

/// What cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration is no TOML, or has a key that is not known.
    #[error("the configuration cannot be read: {0}")]
    Toml(toml::de::Error),
    /// A record has one serial.
    #[error(
        "the fields `{0}` and `{1}` are both of the kind serial; one of them is the number, give the other the kind code"
    )]
    TwoSerials(String, String),
    /// Canonical values from nowhere.
    #[error(
        "the field `{0}` takes its values from a vocabulary, and no file is named: write `vocabulary = \"FILE.csv\"` at the top"
    )]
    NoVocabulary(String),
    /// No probability.
    #[error("the levels of `{0}` have the likelihood {1}; a likelihood lies between 0 and 1")]
    Likelihood(String, f32),
    /// A name that no field has.
    #[error("the configuration names the field `{0}`, which it does not describe")]
    Field(String),
    /// A form of a key that is not known, or not for this kind of field.
    #[error(
        "`{0}` is no key: after the field comes value, initials, first3 or last3, for a serial also look, fold, zeros or deletions"
    )]
    Form(String),
    /// A record without an id.
    #[error("the id is empty")]
    NoId,
    /// An id twice.
    #[error("the id `{0}` stands twice")]
    Id(String),
    /// A text that is no value.
    #[error("a value of more than {0} bytes")]
    TooLong(usize),
    /// An id that no record has.
    #[error("no record has the id `{0}`")]
    Unknown(String),
    /// More fields than a pattern holds.
    #[error("more than {0} fields")]
    TooManyFields(usize),
    /// A part that is missing, or is not one of this comparison.
    #[error(
        "`{0}` is not there, or is no part of a comparison of these records by this configuration; score it again with --part"
    )]
    Part(String),
    /// What was spilled cannot be written or read back.
    #[error("temporary files for keys and pairs: {0}")]
    Spill(#[from] std::io::Error),
}

/// What a pair is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Merged without a person.
    Match,
    /// One weapon, stated in ways that exclude each other.
    Conflict,
    /// One weapon, another holder at a later date.
    Transfer,
    /// A person is asked.
    Review,
}

impl Class {
    /// The word in `pairs.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Conflict => "conflict",
            Self::Transfer => "transfer",
            Self::Review => "review",
        }
    }
}

/// Two records that may be one.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// The record with the lower id.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// The posterior log2 odds that they are one.
    pub bits: f32,
    /// What is to be done.
    pub class: Class,
    near: bool,
}

/// What came of it.
pub struct Outcome {
    /// The ids of the records.
    pub ids: Ids,
    /// Pairs worth a look, best first.
    pub edges: Vec<Edge>,
    /// For each record the first record of its cluster.
    pub clusters: Vec<u32>,
    /// What each key led to.
    pub blocks: Vec<Blocked>,
    /// How many pairs were compared.
    pub compared: usize,
    /// How many matches a record has, as the model expects.
    pub matches: f32,
    /// What looks wrong with the whole.
    pub warnings: Vec<String>,
    /// The pairs that were asked about, with their ids.
    pub explanations: Vec<([String; 2], Explanation)>,
}

/// Finds the records of a table that describe one thing.
///
/// `asked` are the ids of pairs to be explained. Where `hints` say so, keys and pairs go to files, or come from the parts that
/// others scored; the outcome is the same.
pub fn deduplicate(
    config: &Config,
    table: Table,
    vocabulary: &Vocabulary,
    asked: &[[String; 2]],
    hints: Hints,
) -> Result<Outcome, Error> {
    let (ids, columns) = table.sorted()?;
    link(config, columns, vocabulary, hints, |linkage| outcome(config, linkage, ids, asked))?
}

fn outcome(config: &Config, linkage: Linkage, ids: Ids, asked: &[[String; 2]]) -> Result<Outcome, Error> {
    let row = |id: &String| ids.find(id).ok_or_else(|| Error::Unknown(id.clone()));
    let explain = |pair: &[String; 2]| -> Result<_, Error> {
        let (a, b) = (row(&pair[0])?, row(&pair[1])?);
        let (a, b) = (a.min(b), a.max(b));
        Ok(([ids.get(a).to_owned(), ids.get(b).to_owned()], linkage.explain(a, b)))
    };
    let explanations = asked.iter().map(explain).collect::<Result<Vec<_>, _>>()?;
    let Linkage { judge, mut edges, blocks, compared, shares, .. } = linkage;
    edges.retain(|edge| edge.bits >= config.decide.review_at_bits);
    edges.par_iter_mut().for_each(|edge| edge.class = judge.class(edge));
    edges.par_sort_by(|x, y| y.bits.total_cmp(&x.bits).then((x.a, x.b).cmp(&(y.a, y.b))));
    if config.decide.one_to_one {
        edges.retain(|edge| !ids.is_one_list(edge.a, edge.b));
        keep_best(&mut edges, ids.len());
    }
    let clusters = clusters(config, &edges, &judge, ids.len());
    let matches = shares.0[0].exp2() * ids.len() as f32 / 2.0;
    let warnings = warnings(config, matches);
    Ok(Outcome { ids, edges, clusters, blocks, compared, matches, warnings, explanations })
}

/// What is known beside the values of the configured fields.
#[derive(Default)]
pub struct Hints {
    /// Pairs that are compared whether or not they share a key: the lower record in the upper half.
    pub pairs: Vec<u64>,
    /// For each record the hashes of its serial in every reading, 0 for none; empty where there are none.
    pub readings: Vec<[u64; 4]>,
    /// Where keys and pairs go to; in memory where it is not said.
    pub spill: Option<Spill>,
    /// Where the parts of a comparison lie that were scored already, and how many they are.
    pub parts: Option<(PathBuf, usize)>,
}

/// Records whose candidate pairs are scored.
pub struct Linkage<'a> {
    config: &'a Config,
    scorer: &'a Scorer<'a>,
    judge: Judge<'a>,
    shares: Shares,
    /// Pairs that are not beyond hope, in the order of their records.
    pub edges: Vec<Edge>,
    blocks: Vec<Blocked>,
    compared: usize,
}

impl Linkage<'_> {
    /// The scored pair of two records, `a < b`, where it is not beyond hope.
    pub fn edge(&self, a: u32, b: u32) -> Option<&Edge> {
        let found = self.edges.binary_search_by_key(&(a, b), |edge| (edge.a, edge.b));
        found.ok().map(|at| &self.edges[at])
    }

    /// How a field's values are related, by its place in the configuration.
    pub fn level(&self, edge: &Edge, field: usize) -> Level {
        self.scorer.pattern(edge.a, edge.b)[field]
    }

    /// The posterior log2 odds of two records, `a < b`.
    pub fn bits(&self, a: u32, b: u32) -> f32 {
        self.edge(a, b).map_or_else(
            || self.shares.bits(&self.scorer.classes(a, b, &self.scorer.pattern(a, b))),
            |edge| edge.bits,
        )
    }

    /// The odds that one of two records with one serial is a miskeyed copy of another weapon of its consignment.
    pub fn miskeyed(&self, a: u32, b: u32) -> f32 {
        self.scorer.miskeyed(a, b)
    }

    /// Whether one of two records has a value in a field that hardly ever stands with the value above it, and the other none.
    pub fn is_implausible(&self, a: u32, b: u32, field: usize) -> bool {
        self.judge.is_implausible(a, b, field)
    }

    /// Why two records, `a < b`, have their score.
    pub fn explain(&self, a: u32, b: u32) -> Explanation {
        let after = self.edge(a, b).map(|edge| edge.bits);
        explain::explain(self.config, self.scorer, &self.shares, (a, b), after)
    }

    /// Keys under which groups were too large to be compared.
    pub fn blocks(&self) -> &[Blocked] {
        &self.blocks
    }
}

/// Scores the candidate pairs of records and hands them to `then`.
///
/// The records are in an order that does not depend on how they were read.
pub fn link<R>(
    config: &Config,
    columns: Columns,
    vocabulary: &Vocabulary,
    hints: Hints,
    then: impl FnOnce(Linkage<'_>) -> R,
) -> Result<R, Error> {
    let rows = columns.len();
    let values = values::all(config, columns, vocabulary)?;
    let spill = hints.spill.as_ref();
    let (pairs, likely, blocks) = if let Some((folder, count)) = hints.parts {
        let joined = parts::join(&folder, count, (config, &values), spill)?;
        (joined.pairs, Some(joined.likely), joined.blocks)
    } else {
        let (pairs, blocks) = blocking::candidates(config, &values, 0..rows as u32, hints.pairs, spill)?;
        (pairs, None, blocks)
    };
    let mut scorer = Scorer::new(config, &values, hints.readings)?;
    let Scored { mut edges, shares, compared } = score(config, &mut scorer, (pairs, likely), rows, spill)?;
    rivals(&mut edges, &values);
    siblings(&mut edges, &scorer);
    let judge = Judge::new(config, &scorer);
    let linkage = Linkage { config, scorer: &scorer, judge, shares, edges, blocks, compared };
    Ok(then(linkage))
}

/// A share of matches far from what was expected says that the model does not fit the file.
fn warnings(config: &Config, matches: f32) -> Vec<String> {
    let (least, most) = (config.decide.matches_per_record / 20.0, config.decide.matches_per_record * 5.0);
    let plausible = (least..=most).contains(&matches);
    let text = format!(
        "{matches:.3} matches a record, where {least:.3} to {most:.3} were expected: look at a sample of pairs before \
         any is used, or state matches_per_record"
    );
    (!plausible).then_some(text).into_iter().collect()
}

/// Scored pairs.
struct Scored {
    edges: Vec<Edge>,
    shares: Shares,
    compared: usize,
}

fn ends(pair: u64) -> (u32, u32) {
    ((pair >> 32) as u32, pair as u32)
}

/// The pairs that are not beyond hope, with their posterior odds. Likelihoods that others found do not know yet how often
/// series start anew.
fn score(
    config: &Config,
    scorer: &mut Scorer,
    (mut pairs, likely): (Shards<u64>, Option<Shards<Classes>>),
    rows: usize,
    spill: Option<&Spill>,
) -> Result<Scored, Error> {
    scorer.observe_restarts(&mut pairs)?;
    let mut likely = match likely {
        Some(likely) => restarted(scorer, &mut pairs, likely, spill)?,
        None => weigh(scorer, &mut pairs, spill)?,
    };
    let mut shares = Shares::expected(config, rows).learn(&mut likely, rows)?;
    for _ in 0..if config.decide.learn { 3 } else { 0 } {
        let mut certain: Vec<Pattern> = Vec::new();
        for shard in 0..pairs.count() {
            let (pairs, likely) = (pairs.read(shard)?, likely.read(shard)?);
            let sure =
                pairs.par_iter().zip(likely.as_ref()).filter(|(_, classes)| shares.bits(classes) > 6.0);
            certain.par_extend(sure.map(|(&pair, _)| scorer.pattern(ends(pair).0, ends(pair).1)));
        }
        scorer.learn(&certain);
        likely = weigh(scorer, &mut pairs, spill)?;
        shares = shares.learn(&mut likely, rows)?;
    }
    let (mut edges, mut compared) = (Vec::new(), 0);
    for shard in 0..pairs.count() {
        let (pairs, likely) = (pairs.take(shard)?, likely.take(shard)?);
        compared += pairs.len();
        let kept = pairs.par_iter().zip(&likely);
        edges.par_extend(kept.filter_map(|(&pair, classes)| edge(scorer, pair, shares.bits(classes))));
    }
    Ok(Scored { edges, shares, compared })
}

/// The likelihoods of all pairs.
fn weigh(scorer: &Scorer, pairs: &mut Shards<u64>, spill: Option<&Spill>) -> Result<Shards<Classes>, Error> {
    let mut likely = Shards::new(spill, "classes")?;
    for shard in 0..pairs.count() {
        let classes = |&pair: &u64| {
            let (a, b) = ends(pair);
            scorer.classes(a, b, &scorer.pattern(a, b))
        };
        likely.append(shard, pairs.read(shard)?.par_iter().map(classes).collect())?;
    }
    Ok(likely)
}

/// Likelihoods with how often series of the models start anew.
fn restarted(
    scorer: &Scorer,
    pairs: &mut Shards<u64>,
    mut likely: Shards<Classes>,
    spill: Option<&Spill>,
) -> Result<Shards<Classes>, Error> {
    let mut found = Shards::new(spill, "restarted")?;
    for shard in 0..pairs.count() {
        let mut likely = likely.take(shard)?;
        likely.par_iter_mut().zip(pairs.read(shard)?.as_ref()).for_each(|(classes, &pair)| {
            let (a, b) = ends(pair);
            classes[2] += scorer.restarting_bits(a, &scorer.pattern(a, b));
        });
        found.append(shard, likely)?;
    }
    Ok(found)
}

/// A pair that is not beyond hope.
fn edge(scorer: &Scorer, pair: u64, bits: f32) -> Option<Edge> {
    let (a, b) = ends(pair);
    (bits > -12.0).then(|| {
        let pattern = scorer.pattern(a, b);
        let near = pattern.iter().any(|level| level.is_near());
        Edge { a, b, bits, class: Class::Review, near }
    })
}

fn rivals(edges: &mut [Edge], values: &[Values]) {
    if let Some(serial) = values.iter().find(|values| values.kind == Kind::Serial) {
        weigh_rivals(edges, |row| serial.look(row));
    }
}

/// Takes from equal serials the odds that one of them is a miskeyed sibling's.
fn siblings(edges: &mut [Edge], scorer: &Scorer) {
    let Some(serial) = scorer.serial else { return };
    let agree = |edge: &&mut Edge| scorer.values[serial].compare(edge.a, edge.b).agrees();
    edges.par_iter_mut().filter(agree).for_each(|edge| {
        let odds = (-edge.bits).exp2() + scorer.miskeyed(edge.a, edge.b);
        edge.bits = -odds.log2();
    });
}

/// Keeps the best pair of each record.
fn keep_best(edges: &mut Vec<Edge>, rows: usize) {
    let mut taken = vec![false; rows];
    edges.retain(|edge| {
        let free = !taken[edge.a as usize] && !taken[edge.b as usize];
        if free {
            taken[edge.a as usize] = true;
            taken[edge.b as usize] = true;
        }
        free
    });
}

/// Unites records, the best pairs first.
fn clusters(config: &Config, edges: &[Edge], judge: &Judge, rows: usize) -> Vec<u32> {
    let mut clusters = Clusters::new(rows);
    for edge in edges.iter().filter(|edge| edge.bits >= config.decide.cluster_at_bits) {
        clusters.unite(edge.a, edge.b, config.decide.largest_cluster, |x, y| judge.counted_twice(x, y));
    }
    (0..rows as u32).map(|row| clusters.root(row)).collect()
}

#[cfg(test)]
mod tests;
