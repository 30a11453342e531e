//! A whole registry's entries for the model: gathered as they come, weighed in the order of their addresses.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use matricule_record::{DuplicateRules, EntryFacts, EntryId, Resolution, Ruling, Text};
use matricule_text::identity_key;

use crate::keys::{known, link_entry, without_label};
use crate::linker::{Groups, Linker};
use crate::model::{Columns, Config, Edge, Error, Explanation, Hints, Level, Linkage, Vocabulary, link};
use crate::resolve;

/// How entries are compared.
const CONFIG: &str = include_str!("registry.toml");

/// A register with fewer entries says too little about which serials are common.
const SMALL: usize = 1_000;

/// Where the serial stands among the fields of [`CONFIG`].
const SERIAL: usize = 5;

/// Where the calibre stands among them.
const CALIBRE: usize = 7;

/// Rows of a sheet that are taken for one page where the ledger names none.
const PAGE_ROWS: u32 = 40;

/// The present entries of a registry.
pub struct Register {
    linker: Linker,
    config: Config,
    columns: Columns,
    ids: Vec<EntryId>,
    /// The sheet of each entry, by its place in `sheets`, and its row there.
    places: Vec<(u32, u32)>,
    sheets: BTreeMap<(Text, Text), u32>,
    readings: Vec<[u64; 4]>,
    /// The lowest odds at which a ledger asks a person, or lets the model merge.
    review_at: f64,
    /// Names as they are compared, by how they are written.
    names: HashMap<Text, String>,
}

impl Register {
    /// One without entries, for keys that are gathered already: see [`Register::add_keyed`].
    pub fn new(linker: Linker) -> Result<Self, Error> {
        let config = Config::parse(CONFIG)?;
        Ok(Self {
            linker,
            names: HashMap::new(),
            columns: Columns::new(&config),
            config,
            ids: Vec::new(),
            places: Vec::new(),
            sheets: BTreeMap::new(),
            readings: Vec::new(),
            review_at: DuplicateRules::REVIEW_AT_BITS,
        })
    }

    /// Adds an entry. Every present entry is added once, in any order.
    pub fn add(&mut self, entry: &EntryFacts) {
        self.linker.add(entry.id, link_entry(entry));
        self.add_keyed(entry);
    }

    /// Adds an entry whose keys the linker has.
    pub fn add_keyed(&mut self, entry: &EntryFacts) {
        self.ids.push(entry.id);
        let next = self.sheets.len() as u32;
        let sheet = self.sheets.entry((entry.file.clone(), entry.sheet.clone())).or_insert(next);
        self.places.push((*sheet, entry.row));
        self.readings.push(readings(entry));
        for written in [&entry.make, &entry.model] {
            if !self.names.contains_key(written) {
                self.names.insert(written.clone(), name(written));
            }
        }
        let texts = texts(entry, &self.names);
        self.columns.push(texts.iter().map(AsRef::as_ref));
        for declared in [entry.rules.review_at_bits, entry.rules.merge_at_bits].into_iter().flatten() {
            self.review_at = self.review_at.min(declared);
        }
    }

    /// Resolves all entries with the model. `facts` gives what is known of the entries asked for, in any order.
    pub fn resolve<E: From<Error>>(
        self,
        rulings: &[Ruling],
        facts: impl FnOnce(&[EntryId]) -> Result<Vec<EntryFacts>, E>,
    ) -> Result<Resolution, E> {
        self.weigh(|groups, weights| resolve::run(groups, Some(weights), rulings, facts))?
    }

    /// Why two of the entries have their odds, in words, whether or not anything links them; nothing where one of them is
    /// not among them.
    pub fn explain(self, a: &EntryFacts, b: &EntryFacts) -> Result<Vec<String>, Error> {
        self.weigh(|_, weights| resolve::told(weights, a, b))
    }

    fn weigh<R>(mut self, then: impl FnOnce(Groups, &Weights<'_>) -> R) -> Result<R, Error> {
        self.sort();
        let rows = Rows::new(&self.ids);
        let groups = self.linker.groups();
        let pairs = groups.alike.iter().flat_map(|group| rows.pairs(group)).collect();
        let hints = Hints { pairs, readings: self.readings, ..Hints::default() };
        let ids = &self.ids;
        let review_at = self.review_at;
        link(&self.config, self.columns, &Vocabulary::default(), hints, |linkage| {
            then(groups, &Weights { linkage: &linkage, ids, rows, review_at })
        })
    }

    /// Puts the entries into the order of their addresses.
    fn sort(&mut self) {
        let mut ranks = vec![0_u32; self.sheets.len()];
        for (rank, &sheet) in (0..).zip(self.sheets.values()) {
            ranks[sheet as usize] = rank;
        }
        let mut order: Vec<u32> = (0..self.ids.len() as u32).collect();
        let key = |at: u32| {
            let (sheet, row) = self.places[at as usize];
            (ranks[sheet as usize], row, self.ids[at as usize])
        };
        order.sort_unstable_by_key(|&at| key(at));
        self.columns.reorder(&order);
        self.ids = order.iter().map(|&at| self.ids[at as usize]).collect();
        self.readings = order.iter().map(|&at| self.readings[at as usize]).collect();
        self.places = Vec::new();
    }
}

/// The hashes of an entry's serial in every reading.
fn readings(entry: &EntryFacts) -> [u64; 4] {
    if !entry.has_serial() {
        return [0; 4];
    }
    let converted = entry.converted.as_str();
    let all = [
        Some(converted),
        entry.other_reading.as_deref(),
        entry.plain_key.as_deref(),
        without_label(converted),
    ];
    all.map(|text| text.map_or(0, |text| crate::model::hash_of(text).max(1)))
}

/// The texts of an entry, in the order of the fields of [`CONFIG`].
fn texts<'a>(entry: &'a EntryFacts, names: &'a HashMap<Text, String>) -> [Cow<'a, str>; 13] {
    let text = |value: &'a Text| Cow::from(known(value).unwrap_or_default());
    let name = |value: &'a Text| Cow::from(names.get(value).map_or("", String::as_str));
    let own = |value: &'a Text, otherwise: u32| {
        if value.is_empty() { Cow::from(format!("~{otherwise}")) } else { text(value) }
    };
    let serial = if entry.has_serial() { entry.canonical.as_str() } else { "" };
    [
        format!("{}!{}!{}", entry.file, entry.sheet, entry.book).into(),
        own(&entry.page, entry.row / PAGE_ROWS),
        own(&entry.line, entry.row),
        name(&entry.make),
        name(&entry.model),
        serial.into(),
        text(&entry.weapon_type),
        text(&entry.calibre),
        text(&entry.year),
        text(&entry.registered_on),
        text(&entry.holder),
        text(&entry.status),
        text(&entry.country),
    ]
}

/// A name with the signs that belong to it (`△66`) spelled out: the model compares letters and digits only.
fn name(value: &str) -> String {
    let key = known(value).map(identity_key).unwrap_or_default();
    let spelled = |c: char| if c.is_alphanumeric() { c.to_string() } else { format!("x{:x}", u32::from(c)) };
    key.chars().map(spelled).collect()
}

/// Where each entry stands among the sorted ones.
struct Rows(Vec<(EntryId, u32)>);

impl Rows {
    fn new(ids: &[EntryId]) -> Self {
        let mut rows: Vec<(EntryId, u32)> = ids.iter().copied().zip(0..).collect();
        rows.sort_unstable();
        Self(rows)
    }

    fn of(&self, entry: EntryId) -> Option<u32> {
        let at = self.0.binary_search_by_key(&entry, |(id, _)| *id).ok()?;
        Some(self.0[at].1)
    }

    /// All pairs of a group, the lower row in the upper half.
    fn pairs(&self, group: &[EntryId]) -> Vec<u64> {
        let mut rows: Vec<u32> = group.iter().filter_map(|&entry| self.of(entry)).collect();
        rows.sort_unstable();
        rows.dedup();
        let pair = |a: u32, b: u32| (u64::from(a) << 32) | u64::from(b);
        (0..rows.len())
            .flat_map(|at| rows[at + 1..].iter().map(|&b| pair(rows[at], b)).collect::<Vec<_>>())
            .collect()
    }
}

/// What the model says about pairs of entries.
pub(crate) struct Weights<'a> {
    linkage: &'a Linkage<'a>,
    ids: &'a [EntryId],
    rows: Rows,
    review_at: f64,
}

/// A pair that the model finds worth a look, the entry with the lower address first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weighed {
    pub a: EntryId,
    pub b: EntryId,
    pub bits: f64,
    /// The relation of the two serials.
    pub serial: Level,
}

impl Weights<'_> {
    /// The pairs at or above the lowest odds at which a person is asked, or at or above `least`.
    pub fn pairs(&self, least: f64) -> Vec<Weighed> {
        let weighed = |edge: &Edge| Weighed {
            a: self.ids[edge.a as usize],
            b: self.ids[edge.b as usize],
            bits: rounded(edge.bits),
            serial: self.linkage.level(edge, SERIAL),
        };
        let worth = |edge: &&Edge| rounded(edge.bits) >= self.review_at.min(least);
        self.linkage.edges.iter().filter(worth).map(weighed).collect()
    }

    /// The odds of two entries.
    pub fn bits(&self, a: EntryId, b: EntryId) -> Option<f64> {
        let (a, b) = (self.rows.of(a)?, self.rows.of(b)?);
        Some(rounded(self.linkage.bits(a.min(b), a.max(b))))
    }

    /// From which odds on entries of one identity are merged: an equal serial that is common proves less.
    pub fn identity_at(&self) -> f64 {
        if self.ids.len() < SMALL { 0.0 } else { 4.0 }
    }

    /// The odds of two entries of one serial against a miskeyed copy of another weapon of the consignment.
    pub fn sibling_bits(&self, a: EntryId, b: EntryId) -> f64 {
        let rows = self.rows.of(a).zip(self.rows.of(b));
        rows.map_or(f64::MAX, |(a, b)| -f64::from(self.linkage.miskeyed(a.min(b), a.max(b))).log2())
    }

    /// Whether one of two entries names a calibre that its model hardly ever has, and the other none.
    pub fn has_implausible_calibre(&self, a: EntryId, b: EntryId) -> bool {
        self.ids.len() >= SMALL
            && self
                .rows
                .of(a)
                .zip(self.rows.of(b))
                .is_some_and(|(a, b)| self.linkage.is_implausible(a, b, CALIBRE))
    }

    /// Why two entries have their odds.
    pub fn explain(&self, a: EntryId, b: EntryId) -> Option<Explanation> {
        let (a, b) = (self.rows.of(a)?, self.rows.of(b)?);
        Some(self.linkage.explain(a.min(b), a.max(b)))
    }
}

/// Hundredths of a bit: more would be noise.
fn rounded(bits: f32) -> f64 {
    let bits = (f64::from(bits) * 100.0).round() / 100.0;
    // Minus zero is zero.
    bits + 0.0
}

#[cfg(test)]
mod tests;
