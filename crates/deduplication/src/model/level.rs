//! How two values of a field are related, and how likely each relation is in each class.

use std::collections::BTreeMap;

use matricule_record::message;
use serde::Deserialize;

/// The relation of two values. A serial knows more relations than a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Level {
    /// One of them is not written: no evidence.
    Missing,
    /// Equal as written.
    Exact,
    /// Equal but for separators, scripts that look alike, or a `.0` of a spreadsheet.
    Written,
    /// Equal in another reading or spelling of what is marked: converted forms are equal, originals are not.
    Reading,
    /// Equal once characters that are confused in writing (0 O, 1 I, 5 S …) are one.
    Confusable,
    /// Equal but for leading zeros of the number.
    Zeros,
    /// Two neighbouring characters are exchanged.
    Transposed,
    /// A character is dropped or doubled.
    Dropped,
    /// One digit stands for another that looks like it; both are legal.
    Digit,
    /// One character stands for another.
    Substituted,
    /// A number that a spreadsheet wrote with an exponent.
    Rounded,
    /// Very alike: one keying error, another spelling, one apart.
    Near,
    /// Alike.
    Similar,
    /// A part is equal.
    Partial,
    /// Nothing in common.
    Different,
    /// The same line of the same page.
    SameLine,
    /// Two lines of one page.
    SamePage,
    /// Two pages of one ledger.
    SameLedger,
    /// Two ledgers.
    Elsewhere,
    /// Neither serial is attested elsewhere.
    None,
    /// One of them is.
    One,
    /// Both are, so neither is a keying error of the other.
    Both,
}

/// How many levels there are.
pub(crate) const LEVELS: usize = Level::Both as usize + 1;

impl Level {
    /// The relation in words, as it is read aloud; nothing where the relation is told by its field.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Exact => message!("level-exact"),
            Self::Written => message!("level-written"),
            Self::Reading => message!("level-reading"),
            Self::Confusable => message!("level-confusable"),
            Self::Zeros => message!("level-zeros"),
            Self::Transposed => message!("level-transposed"),
            Self::Dropped => message!("level-dropped"),
            Self::Digit => message!("level-digit"),
            Self::Substituted => message!("level-substituted"),
            Self::Rounded => message!("level-rounded"),
            Self::Near => message!("level-near"),
            Self::Similar => message!("level-similar"),
            Self::Partial => message!("level-partial"),
            Self::Different => message!("level-different"),
            _ => "",
        }
    }

    /// Whether the values are equal, apart from how they are written.
    pub fn agrees(self) -> bool {
        matches!(self, Self::Exact | Self::Written)
    }

    /// Whether a serial may be a keying error of the other.
    pub(crate) fn is_near(self) -> bool {
        (Self::Confusable..=Self::Rounded).contains(&self)
    }
}

/// How likely a level is in each class. A class that is left out is like *coincidence*.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Likelihood {
    /// One weapon, entered twice.
    pub r#match: f32,
    /// Two weapons of one consignment.
    pub sibling: Option<f32>,
    /// Two weapons whose series use the same serials.
    pub repeat: Option<f32>,
    /// Two weapons that have nothing to do with each other.
    pub coincidence: Option<f32>,
    /// In place of `coincidence`: how many values stand in this relation to a value; their number
    /// times the frequency of the value is the likelihood.
    pub variants: Option<f32>,
}

/// The likelihoods of a field's levels.
pub type LevelTable = BTreeMap<Level, Likelihood>;
