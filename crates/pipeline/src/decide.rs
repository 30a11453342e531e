//! `matricule review confirm` and `refuse`: decisions of a person, each in a run of its own that resolves anew.

use std::collections::BTreeMap;
use std::path::Path;

use matricule_loader::{Decision, Load, Manifest, Published};
use matricule_record::{DuplicateState, EntryId, Resolution};

use crate::{Error, resolve};

/// What became of decisions.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// The run that recorded them; `None` where each of them held already.
    pub published: Option<Published>,
    /// How many were recorded.
    pub recorded: usize,
    /// How many held already.
    pub unchanged: usize,
}

/// Records decisions and resolves the registry with them, in one run. Nothing is written where one of them cannot
/// hold beside the others.
pub fn decide(registry: &Path, manifest: &Manifest, decisions: &[Decision]) -> Result<Decided, Error> {
    let mut load = Load::begin(registry, manifest)?;
    let mut recorded = 0;
    for decision in decisions {
        recorded += usize::from(load.decide(decision)?);
    }
    let unchanged = decisions.len() - recorded;
    if recorded == 0 {
        return Ok(Decided { published: None, recorded, unchanged });
    }
    let resolution = resolve::again(&mut load)?;
    if let Some((a, b)) = torn(&resolution) {
        return Err(Error::Undecidable(a, b));
    }
    Ok(Decided { published: Some(load.publish()?), recorded, unchanged })
}

/// A confirmed pair that other decisions keep apart.
pub(crate) fn torn(resolution: &Resolution) -> Option<(EntryId, EntryId)> {
    let weapons: BTreeMap<EntryId, EntryId> = resolution.merged.iter().copied().collect();
    let weapon = |entry: EntryId| weapons.get(&entry).copied().unwrap_or(entry);
    let confirmed = resolution.duplicates.iter().filter(|found| found.state == DuplicateState::Confirmed);
    confirmed.map(|found| (found.entry_a, found.entry_b)).find(|(a, b)| weapon(*a) != weapon(*b))
}
