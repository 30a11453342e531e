//! Gathering keys while rows stream, and grouping entries by them at the end.

use matricule_record::{EntryFacts, EntryId, LinkKeys, Resolution, Ruling};
use rayon::slice::ParallelSliceMut;

use crate::resolve;

/// A loose key that more entries share than this gathers coincidences, not weapons.
const CROWD: usize = 64;
/// More entries of one identity than this are no weapon's: nothing is merged among them.
const IDENTITY_CROWD: usize = 500;

/// The keys of all entries: 48 bytes a row, 16 more where a serial may begin with a label.
#[derive(Clone, Debug, Default)]
pub struct Linker {
    identities: Vec<(u128, EntryId)>,
    proposals: Vec<(u64, EntryId)>,
    exact_only: bool,
}

/// Entries that share a key.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// Those of one identity.
    pub same: Vec<Vec<EntryId>>,
    /// Those of one loose key.
    pub alike: Vec<Vec<EntryId>>,
    /// Sizes of the groups that are too large.
    pub crowded: Vec<usize>,
}

impl Linker {
    /// One that proposes pairs, or one that links only entries of one identity.
    pub fn new(exact_only: bool) -> Self {
        Self { exact_only, ..Self::default() }
    }

    /// Adds an entry's keys.
    pub fn add(&mut self, entry: EntryId, keys: LinkKeys) {
        self.identities.extend(keys.identity.map(|key| (key, entry)));
        let keys = if self.exact_only { LinkKeys { proposals: [None; 4], ..keys } } else { keys };
        self.proposals.extend(keys.proposals.iter().flatten().map(|&key| (key, entry)));
    }

    /// Forgets the entries from a number on: those of a file that could not be read to its end.
    pub fn forget_from(&mut self, first: EntryId) {
        self.identities.retain(|(_, entry)| *entry < first);
        self.proposals.retain(|(_, entry)| *entry < first);
    }

    /// Resolves all entries by their keys alone, without the model. `facts` gives what is known of the
    /// entries asked for, in any order.
    pub fn resolve<E>(
        self,
        rulings: &[Ruling],
        facts: impl FnOnce(&[EntryId]) -> Result<Vec<EntryFacts>, E>,
    ) -> Result<Resolution, E> {
        resolve::run(self.groups(), None, rulings, facts)
    }

    /// The groups of entries that share a key.
    pub(crate) fn groups(mut self) -> Groups {
        let (same, crowds): (Vec<_>, Vec<_>) =
            groups(&mut self.identities).into_iter().partition(|group| group.len() <= IDENTITY_CROWD);
        let (alike, crowded): (Vec<_>, Vec<_>) =
            groups(&mut self.proposals).into_iter().partition(|group| group.len() <= CROWD);
        let mut crowded: Vec<usize> = crowds.iter().chain(&crowded).map(Vec::len).collect();
        crowded.sort_unstable();
        Groups { same, alike, crowded }
    }
}

/// The entries that share a key with others, by key.
fn groups<K: Ord + Send + Copy>(keys: &mut [(K, EntryId)]) -> Vec<Vec<EntryId>> {
    keys.par_sort_unstable();
    keys.chunk_by(|a, b| a.0 == b.0)
        .map(|group| group.iter().map(|(_, entry)| *entry).collect::<Vec<_>>())
        .filter(|group: &Vec<EntryId>| group.first() != group.last())
        .collect()
}

#[cfg(test)]
mod tests;
