//! What deduplication asks of a row and what it concludes: the words that it shares with the
//! loader, which stores both.

use serde::Serialize;

use crate::Text;

/// Number of an entry in the registry; rows get theirs in address order.
pub type EntryId = i64;

/// The keys of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkKeys {
    /// Core identity (serial, script, make, country, mark, register), where all of it is known: 128
    /// bits of SHA-256 of its canonical text, so that equal keys mean equal text.
    pub identity: Option<u128>,
    /// Loose keys of the serial in either reading and as a foreign request spells it, with the make. They only gather pairs, which are
    /// compared field by field before one is proposed to a person.
    pub proposals: [Option<u64>; 3],
}

/// Why two entries may describe one weapon although their identities differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum ProposalKind {
    /// Equal but for separators.
    Separators,
    /// Equal under another reading or in another script.
    OtherReading,
    /// Equal but for leading zeros.
    LeadingZeros,
    /// Equal but for characters that are taken for each other (0/O, 1/I, 5/S, 8/B).
    Confusable,
    /// Equal serial, part of the identity not known.
    Incomplete,
    /// Equal identity in two registers.
    OtherRegister,
}

impl ProposalKind {
    /// The name in `v_duplicate.kind`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Separators => "separators",
            Self::OtherReading => "other_reading",
            Self::LeadingZeros => "leading_zeros",
            Self::Confusable => "confusable",
            Self::Incomplete => "incomplete",
            Self::OtherRegister => "other_register",
        }
    }
}

/// What resolution has to know of an entry whose key another one has too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
}

/// Where a proposed or made link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum DuplicateState {
    /// The two entries describe one weapon.
    Merged,
    /// A person is asked.
    Review,
}

impl DuplicateState {
    /// The name in `v_duplicate.state`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Review => "review",
        }
    }
}

/// Two entries that describe, or may describe, one weapon. `entry_a < entry_b`.
#[derive(Clone, Debug, PartialEq)]
pub struct Duplicate {
    /// The entry with the lower number.
    pub entry_a: EntryId,
    /// The other one.
    pub entry_b: EntryId,
    /// `exact` or the name of a [`ProposalKind`].
    pub kind: &'static str,
    /// Merged or to be reviewed.
    pub state: DuplicateState,
    /// Why, in words.
    pub reasons: Vec<String>,
}

/// Two entries of one identity that contradict each other in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The entry with the lower number.
    pub entry_a: EntryId,
    /// The other one.
    pub entry_b: EntryId,
    /// The field in which they differ, by its name.
    pub field: &'static str,
    /// Its value in the first entry.
    pub value_a: Text,
    /// Its value in the other one.
    pub value_b: Text,
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
    /// Sizes of the groups of similar serials that were too large to compare pair by pair.
    pub crowded: Vec<usize>,
}
