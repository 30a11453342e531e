//! What deduplication asks of a row and what it concludes: the words that it shares with the
//! loader, which stores both.

use crate::message;
use std::sync::Arc;

use serde::Serialize;

use crate::Text;

/// Which links between entries are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkMode {
    /// Entries of one identity.
    Exact,
    /// Also entries that the model finds alike, for a person to decide.
    #[default]
    Full,
}

impl LinkMode {
    /// The word in `run.link`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Full => "full",
        }
    }
}

/// Number of an entry in the registry; rows get theirs in address order.
pub type EntryId = i64;

/// The keys of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkKeys {
    /// Core identity (serial, script, make, country, mark, register), where all of it is known: 128
    /// bits of SHA-256 of its canonical text, so that equal keys mean equal text.
    pub identity: Option<u128>,
    /// Loose keys of the serial in either reading, as a foreign request spells it and without a label in front, with the make. They only gather pairs, which are
    /// compared field by field before one is proposed to a person.
    pub proposals: [Option<u64>; 4],
}

/// Why two entries may describe one weapon although their identities differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum ProposalKind {
    /// Equal but for separators.
    Separators,
    /// Equal under another reading, or in the spelling of a foreign request.
    OtherReading,
    /// Two originals in two scripts have one converted serial.
    CrossScript,
    /// Two originals have one converted serial, because the table writes two letters alike.
    MergeGroup,
    /// Two originals have one converted serial, because a letter is written as two others are.
    Digraph,
    /// Equal but for a label that was keyed as part of one of them: `No 1234`.
    Label,
    /// Equal but for leading zeros.
    LeadingZeros,
    /// Equal but for characters that are taken for each other (0/O, 1/I, 5/S, 8/B).
    Confusable,
    /// Two neighbouring characters are exchanged.
    Transposed,
    /// A character is dropped or doubled.
    Dropped,
    /// One digit stands for another that looks like it.
    Digit,
    /// One character stands for another.
    Substituted,
    /// A spreadsheet rounded one of them to an exponent.
    Rounded,
    /// More than one error, and all else agrees.
    SeveralErrors,
    /// One of them has no serial that can be read; all else agrees.
    NoSerial,
    /// Equal serial, part of the identity not known.
    Incomplete,
    /// Equal serial, make or country written otherwise.
    Miswritten,
    /// Equal identity in two registers.
    OtherRegister,
    /// Only a person said that they belong together or do not.
    Decision,
}

impl ProposalKind {
    /// All kinds, in order.
    pub const ALL: [Self; 19] = [
        Self::Separators,
        Self::OtherReading,
        Self::CrossScript,
        Self::MergeGroup,
        Self::Digraph,
        Self::Label,
        Self::LeadingZeros,
        Self::Confusable,
        Self::Transposed,
        Self::Dropped,
        Self::Digit,
        Self::Substituted,
        Self::Rounded,
        Self::SeveralErrors,
        Self::NoSerial,
        Self::Incomplete,
        Self::Miswritten,
        Self::OtherRegister,
        Self::Decision,
    ];

    /// Every word in `v_duplicate.kind`.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ["exact", "conflict"].into_iter().chain(Self::ALL.map(Self::name))
    }

    /// The name in `v_duplicate.kind`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Separators => "separators",
            Self::OtherReading => "other_reading",
            Self::CrossScript => "cross_script",
            Self::MergeGroup => "merge_group",
            Self::Digraph => "digraph",
            Self::Label => "label",
            Self::LeadingZeros => "leading_zeros",
            Self::Confusable => "confusable",
            Self::Transposed => "transposed",
            Self::Dropped => "dropped",
            Self::Digit => "digit",
            Self::Substituted => "substituted",
            Self::Rounded => "rounded",
            Self::SeveralErrors => "several_errors",
            Self::NoSerial => "no_serial",
            Self::Incomplete => "incomplete",
            Self::Miswritten => "miswritten",
            Self::OtherRegister => "other_register",
            Self::Decision => "decision",
        }
    }

    /// What it means, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Separators => message!("pair-separators"),
            Self::OtherReading => message!("pair-other-reading"),
            Self::CrossScript => message!("pair-cross-script"),
            Self::MergeGroup => message!("pair-merge-group"),
            Self::Digraph => message!("pair-digraph"),
            Self::Label => message!("pair-label"),
            Self::LeadingZeros => message!("pair-leading-zeros"),
            Self::Confusable => message!("pair-confusable"),
            Self::Transposed => message!("pair-transposed"),
            Self::Dropped => message!("pair-dropped"),
            Self::Digit => message!("pair-digit"),
            Self::Substituted => message!("pair-substituted"),
            Self::Rounded => message!("pair-rounded"),
            Self::SeveralErrors => message!("pair-several-errors"),
            Self::NoSerial => message!("pair-no-serial"),
            Self::Incomplete => message!("pair-incomplete"),
            Self::Miswritten => message!("pair-miswritten"),
            Self::OtherRegister => message!("pair-other-register"),
            Self::Decision => message!("pair-decision"),
        }
    }
}

/// What a ledger's profile says about resolving duplicates, section `[duplicates]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DuplicateRules {
    /// From which posterior log2 odds on a person is asked, where declared.
    pub review_at_bits: Option<f64>,
    /// From which on the model merges by itself; `None`: never.
    pub merge_at_bits: Option<f64>,
    /// How much the ledger is trusted where several state a weapon: the higher rank states it.
    pub source_rank: i64,
    /// What decides which entry states a field of a weapon, first criterion first; empty where not declared.
    pub survivorship: Vec<Survivorship>,
}

impl DuplicateRules {
    /// Where a person is asked, unless declared otherwise.
    pub const REVIEW_AT_BITS: f64 = 4.0;

    /// Whether nothing is declared.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A criterion by which one entry's value for a weapon is preferred to another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Survivorship {
    /// The ledger with the higher `source_rank`.
    SourceRank,
    /// The later status date or registration.
    Recency,
    /// The entry with more of its fields filled.
    Completeness,
}

impl Survivorship {
    /// The order where no ledger declares one.
    pub const SHIPPED: [Self; 3] = [Self::SourceRank, Self::Recency, Self::Completeness];

    /// The word in `survivorship` of a profile.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SourceRank => "source_rank",
            Self::Recency => "recency",
            Self::Completeness => "completeness",
        }
    }

    /// The criterion with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::SHIPPED.into_iter().find(|criterion| criterion.name() == name)
    }
}

/// What resolution has to know of an entry whose key another one has too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntryFacts {
    /// Its number.
    pub id: EntryId,
    /// Path of its file.
    pub file: Text,
    /// Its sheet.
    pub sheet: Text,
    /// Its row.
    pub row: u32,
    /// Canonical serial.
    pub canonical: Text,
    /// Script of the canonical serial.
    pub script: Text,
    /// Converted serial.
    pub converted: Text,
    /// The serial under the other reading, where it differs.
    pub other_reading: Option<Text>,
    /// The serial as a foreign request spells it, where it differs (Arabic, Hebrew).
    pub plain_key: Option<Text>,
    /// Make, as loaded; empty where not known.
    pub make: Text,
    /// Country of manufacture; empty where not known.
    pub country: Text,
    /// Series or arsenal mark.
    pub series_mark: Text,
    /// Component that the serial stands on.
    pub component: Text,
    /// Register.
    pub register: Text,
    /// Model.
    pub model: Text,
    /// Weapon type.
    pub weapon_type: Text,
    /// Calibre.
    pub calibre: Text,
    /// Year of manufacture.
    pub year: Text,
    /// Holder.
    pub holder: Text,
    /// Status.
    pub status: Text,
    /// Book of the ledger.
    pub book: Text,
    /// Page of the book.
    pub page: Text,
    /// Line of the page, where the row itself names it: a ditto mark under a line is another line.
    pub line: Text,
    /// When the status began.
    pub status_date: Text,
    /// When it was registered.
    pub registered_on: Text,
    /// Names in Latin letters, where they are written in others.
    pub latin: LatinNames,
    /// The share of the fields of a complete record that it has.
    pub completeness: f64,
    /// Whether it was read with less confidence than its ledger asks for: it is not merged without a person.
    pub doubtful: bool,
    /// What its ledger's profile says about duplicates.
    pub rules: Arc<DuplicateRules>,
}

/// Names in Latin letters, by sound: search keys beside names that are written in others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LatinNames {
    /// Of the make.
    pub make: Option<Text>,
    /// Of the model.
    pub model: Option<Text>,
    /// Of the holder.
    pub holder: Option<Text>,
}

impl EntryFacts {
    /// Where it stands: file, sheet, row.
    pub fn address(&self) -> (&str, &str, u32) {
        (&self.file, &self.sheet, self.row)
    }

    /// Whether it has a serial that may be a key.
    pub fn has_serial(&self) -> bool {
        !self.canonical.is_empty() && !self.converted.is_empty()
    }
}

/// Where a proposed or made link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum DuplicateState {
    /// The two entries describe one weapon.
    Merged,
    /// A person is asked.
    Review,
    /// A person said that they are one weapon.
    Confirmed,
    /// A person said that they are two.
    Refused,
}

impl DuplicateState {
    /// The name in `v_duplicate.state`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Review => "review",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
        }
    }
}

/// The decision in force on two entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// One entry.
    pub a: EntryId,
    /// The other.
    pub b: EntryId,
    /// Whether they are one weapon.
    pub is_one: bool,
    /// Whether one of them names another weapon now than when it was decided: a person is asked again.
    pub on_hold: bool,
}

/// Two entries that describe, or may describe, one weapon; the first one has the lower address.
#[derive(Clone, Debug, PartialEq)]
pub struct Duplicate {
    /// The entry with the lower address.
    pub entry_a: EntryId,
    /// The other one.
    pub entry_b: EntryId,
    /// `exact`, `conflict` or the name of a [`ProposalKind`].
    pub kind: &'static str,
    /// The posterior log2 odds that they are one weapon, where the model was asked.
    pub bits: Option<f64>,
    /// What became of it.
    pub state: DuplicateState,
    /// Why, in words.
    pub reasons: Vec<String>,
}

/// Two entries of one identity that contradict each other in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The entry with the lower address.
    pub entry_a: EntryId,
    /// The other one.
    pub entry_b: EntryId,
    /// The field in which they differ, by its name.
    pub field: &'static str,
    /// Its value in the first entry.
    pub value_a: Text,
    /// Its value in the other one.
    pub value_b: Text,
    /// What it may mean: `contradiction`, `transfer_candidate`, `two_holders`, `destroyed_later`,
    /// `seen_after_destruction`, `destroyed_and_in_use`, `destroyed_twice` and the same four of a deactivation,
    /// `gone_and_in_use`, `implausible_calibre`; `repeated_serial` where they are hardly one weapon.
    pub kind: &'static str,
    /// `open`, or what a person said of the pair: `confirmed` one weapon, `refused`.
    pub state: &'static str,
}

/// The fields of a weapon that its entries state, as [`StatedBy`] names them.
pub const WEAPON_FIELDS: [&str; 11] = [
    "serial",
    "make",
    "model",
    "type",
    "calibre",
    "country_of_manufacture",
    "year_of_manufacture",
    "series_mark",
    "register",
    "holder",
    "status",
];

/// Which entry of a weapon states each of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedBy {
    /// The weapon: its first entry.
    pub weapon: EntryId,
    /// For each of [`WEAPON_FIELDS`] the entry that states it.
    pub from: [Option<EntryId>; WEAPON_FIELDS.len()],
}

/// What resolution concludes about all entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolution {
    /// Entries that are not the first of their weapon: entry, first entry of the weapon.
    pub merged: Vec<(EntryId, EntryId)>,
    /// Links made and proposed.
    pub duplicates: Vec<Duplicate>,
    /// Contradictions.
    pub conflicts: Vec<Conflict>,
    /// For weapons of several entries, which of them states what.
    pub stated: Vec<StatedBy>,
    /// Sizes of the groups of similar serials that were too large to compare pair by pair.
    pub crowded: Vec<usize>,
    /// Decided pairs of which one names another weapon now: they are asked about again.
    pub on_hold: usize,
    /// Pairs of one identity, without a contradiction, that are too unlikely to be asked about: their number is common.
    pub not_asked: usize,
}
