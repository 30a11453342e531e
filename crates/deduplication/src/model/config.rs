//! `linkage.toml`: which columns are compared, how, and under which keys candidates meet.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Error;
use super::level::{LevelTable, Likelihood};

const WEIGHTS: &str = include_str!("weights.toml");

/// What a comparison needs to know about a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The column that names a record.
    pub id: String,
    /// The file of canonical values and their aliases, beside the configuration.
    #[serde(default)]
    pub vocabulary: Option<String>,
    /// The columns that are compared.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    /// The keys under which candidates meet.
    #[serde(rename = "block")]
    pub blocks: Vec<Block>,
    /// Where a ledger's structure stands.
    #[serde(default)]
    pub place: Option<Place>,
    /// From which posterior on what is done.
    #[serde(default)]
    pub decide: Decide,
    /// Likelihoods of context: place, attestation, neighbourhood of serials.
    #[serde(default)]
    pub context: BTreeMap<String, LevelTable>,
}

/// A column that is compared.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in this configuration.
    pub name: String,
    /// Its header in the file.
    #[serde(default)]
    pub column: Option<String>,
    /// How it is compared.
    pub kind: Kind,
    /// The fields on which its frequencies depend, as those of a calibre on the model; the nearest first.
    #[serde(default)]
    pub given: Vec<String>,
    /// What is written where nothing is known.
    #[serde(default)]
    pub placeholders: Vec<String>,
    /// Whether a vocabulary gives its canonical values.
    #[serde(default)]
    pub vocabulary: bool,
    /// What it means beside being evidence.
    #[serde(default)]
    pub is: Vec<Role>,
    /// Only these values contradict others: after them no other may come.
    #[serde(default)]
    pub terminal: Vec<String>,
    /// A value rarer than this among those that agree in `given` contradicts a record in which none is written.
    #[serde(default)]
    pub implausible_below: f32,
    /// Likelihoods of its own, over those of its kind.
    #[serde(default)]
    pub levels: LevelTable,
}

/// What a field means beside being evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A merge without a person needs it complete and equal.
    Identity,
    /// Two different values contradict each other.
    Contradicts,
    /// Series of serials start anew with it, as with the year at some makers.
    Restarts,
}

impl Field {
    /// Whether it has a role.
    pub(crate) fn is(&self, role: Role) -> bool {
        self.is.contains(&role)
    }
}

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The number stamped on the thing.
    Serial,
    /// One of a list: make, model, calibre, status.
    Category,
    /// A person or institution: words in any order, initials, spellings.
    Name,
    /// A word or phrase with keying errors.
    Text,
    /// Digits and letters with keying errors, such as a post code.
    Code,
    /// A date.
    Date,
    /// A whole number, such as a year.
    Number,
    /// Not compared: for keys and places only.
    Key,
}

/// A key under which candidates meet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// `field` or `field:form`.
    pub keys: Vec<String>,
    /// The key is only for pairs in which this field is missing in one record.
    #[serde(default)]
    pub missing: Option<String>,
    /// Groups above this size are not compared; they are reported.
    #[serde(default = "largest_block")]
    pub largest: usize,
}

fn largest_block() -> usize {
    64
}

/// Where a ledger's structure stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The field of the ledger.
    pub ledger: String,
    /// The field of the page, where there are pages.
    #[serde(default)]
    pub page: Option<String>,
    /// The field of the line, where there are lines.
    #[serde(default)]
    pub line: Option<String>,
    /// The field of the date, for consignments where the ledger is not known.
    pub date: String,
    /// The field of the maker, within which serials are unique.
    pub make: String,
}

/// From which posterior on what is done, as log2 odds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Decide {
    /// A person is asked.
    pub review_at_bits: f32,
    /// Records are merged without a person, where nothing contradicts.
    pub merge_at_bits: f32,
    /// Contradicting entries are called a conflict.
    pub conflict_at_bits: f32,
    /// Records of clusters are united.
    pub cluster_at_bits: f32,
    /// A record has one partner at most: two lists without duplicates are linked.
    pub one_to_one: bool,
    /// The expected number of matches a record, to begin with.
    pub matches_per_record: f32,
    /// Whether likelihoods of matches are learnt from the pairs that are certain.
    pub learn: bool,
    /// The largest cluster.
    pub largest_cluster: usize,
}

impl Default for Decide {
    fn default() -> Self {
        Self {
            review_at_bits: 0.0,
            merge_at_bits: 10.0,
            conflict_at_bits: 4.0,
            cluster_at_bits: 2.0,
            one_to_one: false,
            matches_per_record: 0.1,
            learn: false,
            largest_cluster: 64,
        }
    }
}

impl Config {
    /// Reads a configuration; what it leaves out comes from the shipped weights.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut config: Self = toml::from_str(text).map_err(Error::Toml)?;
        config.check()?;
        let shipped: BTreeMap<String, LevelTable> = toml::from_str(WEIGHTS).map_err(Error::Toml)?;
        for field in &mut config.fields {
            complete(&mut field.levels, shipped.get(field.kind.name()));
        }
        for name in ["place", "attested", "neighbour"] {
            complete(config.context.entry(name.to_owned()).or_default(), shipped.get(name));
        }
        Ok(config)
    }

    /// What would be read and mean nothing.
    fn check(&self) -> Result<(), Error> {
        let mut serials = self.fields.iter().filter(|field| field.kind == Kind::Serial);
        if let (Some(first), Some(second)) = (serials.next(), serials.next()) {
            return Err(Error::TwoSerials(first.name.clone(), second.name.clone()));
        }
        if let Some(field) = self.fields.iter().find(|field| field.vocabulary && self.vocabulary.is_none()) {
            return Err(Error::NoVocabulary(field.name.clone()));
        }
        let tables = self.fields.iter().map(|field| (&field.name, &field.levels)).chain(&self.context);
        for (name, levels) in tables {
            if let Some(value) = levels.values().find_map(Likelihood::impossible) {
                return Err(Error::Likelihood(name.clone(), value));
            }
        }
        Ok(())
    }

    /// The place of a field in the list.
    pub(crate) fn field(&self, name: &str) -> Result<usize, Error> {
        let known = self.fields.iter().position(|field| field.name == name);
        known.ok_or_else(|| Error::Field(name.to_owned()))
    }

    /// The headers that are read, in the order of the fields.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.column.as_deref().unwrap_or(&field.name))
    }
}

fn complete(levels: &mut LevelTable, shipped: Option<&LevelTable>) {
    for (&level, &likelihood) in shipped.into_iter().flatten() {
        levels.entry(level).or_insert(likelihood);
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Serial => "serial",
            Self::Category => "category",
            Self::Name => "name",
            Self::Text => "text",
            Self::Code => "code",
            Self::Date => "date",
            Self::Number => "number",
            Self::Key => "key",
        }
    }
}
