//! From levels to posterior odds: which class explains a pair best, and by how many bits.

use rayon::prelude::*;

use super::Error;
use super::config::{Config, Kind, Role};
use super::context::Context;
use super::frequency::{self, Frequency};
use super::level::{LEVELS, Level, LevelTable, Likelihood};
use super::serial;
use super::shards::Shards;
use super::values::Values;

/// Fields of a configuration and the three of context.
pub(crate) const MOST_FIELDS: usize = 16;

/// The levels of a pair, field by field, then place, attestation and neighbourhood.
pub(crate) type Pattern = [Level; MOST_FIELDS];

/// Log2 likelihoods of a pair in each class: match, sibling, repeat, coincidence.
pub(crate) type Classes = [f32; 4];

/// Where context stands in a pattern.
pub(crate) const CONTEXT: [(usize, &str); 3] =
    [(PLACE, "place"), (ATTESTED, "attested"), (NEIGHBOUR, "neighbour")];

const PLACE: usize = MOST_FIELDS - 3;
const ATTESTED: usize = MOST_FIELDS - 2;
const NEIGHBOUR: usize = MOST_FIELDS - 1;

/// Pairs that are drawn at random to see what coincidence does.
const DRAWN: u64 = 200_000;

/// Everything that scores a pair.
pub(crate) struct Scorer<'a> {
    pub(crate) values: &'a [Values],
    context: Option<Context<'a>>,
    frequencies: Vec<Frequency<'a>>,
    parents: Vec<Vec<usize>>,
    pub(crate) serial: Option<usize>,
    tables: Vec<[Likelihood; LEVELS]>,
    restarting: Option<usize>,
    restarts: Option<Restarts>,
    readings: Vec<[u64; 4]>,
}

/// How much more often than on average the series of each value start anew, as log2.
struct Restarts {
    above: usize,
    bits: Vec<f32>,
}

impl<'a> Scorer<'a> {
    pub(crate) fn new(config: &Config, values: &'a [Values], readings: Vec<[u64; 4]>) -> Result<Self, Error> {
        if values.len() > PLACE {
            return Err(Error::TooManyFields(PLACE));
        }
        let above = |field: &super::Field| field.given.iter().map(|name| config.field(name)).collect();
        let parents = config.fields.iter().map(above).collect::<Result<Vec<Vec<usize>>, Error>>()?;
        let mut new = Self {
            values,
            context: Context::of(config, values)?,
            frequencies: frequency::all(&parents, values),
            parents,
            serial: config.fields.iter().position(|field| field.kind == Kind::Serial),
            tables: tables(config),
            restarts: None,
            readings,
            restarting: config.fields.iter().position(|field| field.is(Role::Restarts)),
        };
        new.observe_coincidence();
        new.observe_places(config);
        Ok(new)
    }

    /// How the fields of two records are related.
    pub(crate) fn pattern(&self, a: u32, b: u32) -> Pattern {
        let mut pattern = [Level::Missing; MOST_FIELDS];
        for (level, values) in pattern.iter_mut().zip(self.values) {
            *level = values.compare(a, b);
        }
        let Some(serial) = self.serial else { return pattern };
        if pattern[serial] > Level::Written && self.reads_alike(a, b) {
            pattern[serial] = Level::Reading;
            return self.placed(a, b, pattern);
        }
        if !matches!(pattern[serial], Level::Missing | Level::Exact | Level::Written) {
            let values = &self.values[serial];
            let close = serial::neighbours(values.look_text(a), values.look_text(b));
            pattern[NEIGHBOUR] = if close { Level::Exact } else { Level::Different };
        }
        self.placed(a, b, pattern)
    }

    /// Whether two serials are equal in a reading of either.
    fn reads_alike(&self, a: u32, b: u32) -> bool {
        let of = |row: u32| self.readings.get(row as usize).copied().unwrap_or_default();
        of(a).iter().any(|reading| *reading != 0 && of(b).contains(reading))
    }

    fn placed(&self, a: u32, b: u32, mut pattern: Pattern) -> Pattern {
        if let Some(context) = &self.context {
            pattern[PLACE] = context.place(a, b);
            if let Some(at) = self.serial
                && pattern[NEIGHBOUR] != Level::Missing
            {
                let looks = || (self.values[at].look_text(a), self.values[at].look_text(b));
                let is_one_number = || serial::is_one_number(looks(), pattern[at]);
                pattern[ATTESTED] = context.attested(a, b, is_one_number);
            }
        }
        pattern
    }

    /// The odds that one of two records with one serial is a miskeyed copy of another weapon of its consignment.
    pub(crate) fn miskeyed(&self, a: u32, b: u32) -> f32 {
        self.context.as_ref().map_or(0.0, |context| context.miskeyed(a, b))
    }

    /// The likelihoods of a pair in each class.
    pub(crate) fn classes(&self, a: u32, b: u32, pattern: &Pattern) -> Classes {
        let mut sum = [0.0; 4];
        for at in (0..MOST_FIELDS).filter(|&at| pattern[at] != Level::Missing) {
            let evidence = self.evidence(at, a, b, pattern);
            sum.iter_mut().zip(evidence).for_each(|(sum, bits)| *sum += bits);
        }
        sum[2] += self.restarting_bits(a, pattern);
        sum
    }

    /// The log2 likelihoods of one field's level in each class.
    pub(crate) fn evidence(&self, at: usize, a: u32, b: u32, pattern: &Pattern) -> Classes {
        let entry = &self.tables[at][pattern[at] as usize];
        let chance = self.coincidence(at, entry, (a, b), pattern);
        let of = |class: Option<f32>| class.unwrap_or(chance).max(1e-9).log2();
        [of(Some(entry.r#match)), of(entry.sibling), of(entry.repeat), chance.max(1e-12).log2()]
    }

    /// How much more often than on average series start anew under the model of two records.
    pub(crate) fn restarting_bits(&self, a: u32, pattern: &Pattern) -> f32 {
        let restarts = self.restarts.as_ref().filter(|restarts| pattern[restarts.above].agrees());
        restarts.map_or(0.0, |restarts| restarts.bits[self.values[restarts.above].rows.get(a) as usize])
    }

    /// The frequencies of each field.
    pub(crate) fn frequencies(&self) -> &[Frequency<'a>] {
        &self.frequencies
    }

    /// Counts, model by model, the serials that stand twice under different years.
    pub(crate) fn observe_restarts(&mut self, pairs: &mut Shards<u64>) -> Result<(), Error> {
        let (Some(serial), Some(year)) = (self.serial, self.restarting) else { return Ok(()) };
        let Some(&above) = self.parents[year].first() else { return Ok(()) };
        let rows = &self.values[above].rows;
        let ends = |pair: u64| ((pair >> 32) as u32, pair as u32);
        let restarted = |&(a, b): &(u32, u32)| {
            rows.get(a) != 0
                && rows.get(a) == rows.get(b)
                && !self.values[serial].is_missing(a)
                && self.values[serial].look(a) == self.values[serial].look(b)
                && self.values[year].compare(a, b) == Level::Different
        };
        let mut found = vec![0.1_f32; self.values[above].texts.len()];
        let mut records = vec![1.0_f32; found.len()];
        let mut all = 0;
        for shard in 0..pairs.count() {
            let pairs = pairs.read(shard)?;
            let restarts = pairs.par_iter().map(|&pair| ends(pair)).filter(restarted);
            let models: Vec<u32> = restarts.map(|(a, _)| rows.get(a)).collect();
            for &model in &models {
                found[model as usize] += 1.0;
            }
            all += models.len();
        }
        for model in rows.iter() {
            records[model as usize] += 1.0;
        }
        let count = |counted: usize, each: f32| counted as f32 + each * found.len() as f32;
        let average = count(all, 0.1) / count(rows.len(), 1.0);
        let bits = found.iter().zip(&records).map(|(found, records)| (found / records / average).log2());
        self.restarts = Some(Restarts { above, bits: bits.map(|bits| bits.clamp(-7.0, 5.0)).collect() });
        Ok(())
    }

    fn coincidence(&self, at: usize, entry: &Likelihood, pair: (u32, u32), pattern: &Pattern) -> f32 {
        let fixed = entry.coincidence.unwrap_or(1.0);
        let Some(frequency) = self.frequencies.get(at) else { return fixed };
        let agrees = |field: usize| pattern[field].agrees();
        let above = |field: usize| self.values[field].rows.get(pair.0);
        match entry.variants {
            Some(variants) => (variants * frequency.of(pair.0, pair.1, agrees)).min(1.0),
            None if Some(at) == self.serial => fixed,
            None => (fixed * frequency.disagreement(agrees, above)).min(1.0),
        }
    }

    /// Replaces likelihoods of coincidence by what random pairs show.
    fn observe_coincidence(&mut self) {
        let rows = self.values.first().map_or(0, |values| values.rows.len()) as u64;
        if rows < 100 {
            return;
        }
        let draw = |n: u64| ((super::hash::mix(n, 7) % rows) as u32, (super::hash::mix(n, 11) % rows) as u32);
        let patterns: Vec<Pattern> = (0..DRAWN)
            .into_par_iter()
            .map(draw)
            .filter(|(a, b)| a != b)
            .map(|(a, b)| self.pattern(a, b))
            .collect();
        for at in (0..self.values.len()).filter(|&at| Some(at) != self.serial) {
            observe(&mut self.tables[at], patterns.iter().map(|pattern| pattern[at]));
        }
    }

    /// The chance that two records stand in one ledger, or on one page of it.
    fn observe_places(&mut self, config: &Config) {
        let Some(place) = &config.place else { return };
        let collision = |name: &str| config.field(name).map_or(0.0, |at| self.frequencies[at].collision());
        let (ledger, page) = (collision(&place.ledger), place.page.as_deref().map_or(0.0, collision));
        let chances =
            [(Level::SameLedger, ledger), (Level::SamePage, ledger * page), (Level::Elsewhere, 1.0 - ledger)];
        for (level, chance) in chances {
            self.tables[PLACE][level as usize].coincidence = Some(chance.max(1e-7));
        }
    }

    /// Learns how matches differ from the pairs that are certain.
    pub(crate) fn learn(&mut self, certain: &[Pattern]) {
        for at in 0..self.values.len() {
            let mut counts = [0_u32; LEVELS];
            for pattern in certain {
                counts[pattern[at] as usize] += 1;
            }
            counts[Level::Missing as usize] = 0;
            let total = counts.iter().sum::<u32>() as f32;
            let known: f32 = self.tables[at].iter().map(|entry| entry.r#match).sum();
            for (entry, &count) in self.tables[at].iter_mut().zip(&counts) {
                entry.r#match = (count as f32 + 50.0 * entry.r#match / known.max(1e-6)) / (total + 50.0);
            }
        }
    }
}

/// The tables of all fields, then of context.
fn tables(config: &Config) -> Vec<[Likelihood; LEVELS]> {
    let unknown = Likelihood { r#match: 1.0, coincidence: Some(1.0), ..Likelihood::default() };
    let mut tables = vec![[unknown; LEVELS]; MOST_FIELDS];
    let contexts = CONTEXT.into_iter().filter_map(|(at, name)| Some((at, config.context.get(name)?)));
    let fields = config.fields.iter().map(|field| &field.levels).enumerate();
    for (at, levels) in fields.chain(contexts) {
        fill(&mut tables[at], levels);
    }
    tables
}

fn fill(table: &mut [Likelihood; LEVELS], levels: &LevelTable) {
    for entry in table.iter_mut() {
        entry.r#match = 0.0;
    }
    for (&level, &likelihood) in levels {
        table[level as usize] = likelihood;
    }
}

fn observe(table: &mut [Likelihood; LEVELS], levels: impl Iterator<Item = Level>) {
    let mut counts = [0_u32; LEVELS];
    levels.filter(|&level| level != Level::Missing).for_each(|level| counts[level as usize] += 1);
    let total = counts.iter().sum::<u32>() as f32;
    for (entry, &count) in table.iter_mut().zip(&counts).filter(|(entry, _)| entry.variants.is_none()) {
        entry.coincidence = entry.coincidence.map(|prior| (count as f32 + 200.0 * prior) / (total + 200.0));
    }
}

/// How many pairs each class is expected to have, as log2 of their share of all pairs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shares(pub(crate) [f32; 4]);

impl Shares {
    /// What is expected before anything is compared.
    pub(crate) fn expected(config: &Config, rows: usize) -> Self {
        let all = (rows as f32) * (rows as f32) / 2.0;
        let share = |count: f32| (count / all).max(1e-30).log2();
        let rows = rows as f32;
        let ledgers = if config.place.is_some() { 1.0 } else { 0.0 };
        let repeats = if config.fields.iter().any(|field| field.is(Role::Restarts)) { ledgers } else { 0.0 };
        Self([
            share(config.decide.matches_per_record * rows),
            share(4.0 * rows * ledgers),
            share(0.03 * rows * repeats),
            0.0,
        ])
    }

    /// The posterior odds of a match, as log2.
    pub(crate) fn bits(&self, classes: &Classes) -> f32 {
        let odds = |class: usize| self.0[class] + classes[class];
        let others = [odds(1), odds(2), odds(3)];
        let best = others.iter().copied().fold(f32::MIN, f32::max);
        let sum: f32 = others.iter().map(|other| (other - best).exp2()).sum();
        odds(0) - best - sum.log2()
    }

    /// Learns the shares from scored pairs, a few times over.
    pub(crate) fn learn(mut self, likely: &mut Shards<Classes>, rows: usize) -> Result<Self, Error> {
        let all = (rows as f64) * (rows as f64) / 2.0;
        for _ in 0..6 {
            let mut sums = [1.0_f64; 3];
            for shard in 0..likely.count() {
                likely.read(shard)?.iter().for_each(|classes| self.count(classes, &mut sums));
            }
            for (share, sum) in self.0.iter_mut().zip(sums).filter(|(share, _)| **share > -90.0) {
                *share = (sum / all).log2() as f32;
            }
        }
        Ok(self)
    }

    /// Adds the probabilities of a pair's classes.
    fn count(&self, classes: &Classes, sums: &mut [f64; 3]) {
        let odds: [f32; 4] = std::array::from_fn(|class| self.0[class] + classes[class]);
        let best = odds.iter().copied().fold(f32::MIN, f32::max);
        let parts = odds.map(|odd| f64::from((odd - best).exp2()));
        let total: f64 = parts.iter().sum();
        sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part / total);
    }
}
