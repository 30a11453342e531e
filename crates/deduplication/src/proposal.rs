//! What a pair that is proposed to a person is called.

use matricule_record::{EntryFacts, ProposalKind};

use crate::compare::{likeness, other_register};
use crate::model::Level;

/// The kind of a pair by the rule of likeness, and where that says nothing by the relation of the serials.
pub(crate) fn kind(a: &EntryFacts, b: &EntryFacts, serial: Level) -> ProposalKind {
    likeness(a, b).unwrap_or_else(|| by_level(a, b, serial))
}

fn by_level(a: &EntryFacts, b: &EntryFacts, serial: Level) -> ProposalKind {
    match serial {
        Level::Exact | Level::Written if other_register(a, b) => ProposalKind::OtherRegister,
        Level::Exact => ProposalKind::Miswritten,
        Level::Written if a.script != b.script => ProposalKind::OtherReading,
        Level::Written => ProposalKind::Separators,
        Level::Reading => ProposalKind::OtherReading,
        Level::Confusable => ProposalKind::Confusable,
        Level::Zeros => ProposalKind::LeadingZeros,
        Level::Transposed => ProposalKind::Transposed,
        Level::Dropped => ProposalKind::Dropped,
        Level::Digit => ProposalKind::Digit,
        Level::Substituted => ProposalKind::Substituted,
        Level::Rounded => ProposalKind::Rounded,
        Level::Missing => ProposalKind::NoSerial,
        _ => ProposalKind::SeveralErrors,
    }
}
