//! Entries that became one weapon.

use std::collections::BTreeMap;

use matricule_record::EntryId;

/// Groups of entries. A group is named by its first entry, so that a weapon keeps its number when others
/// join it, and the part that has its first entry keeps it when it splits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Weapons {
    weapon: BTreeMap<EntryId, EntryId>,
    members: BTreeMap<EntryId, Vec<EntryId>>,
}

impl Weapons {
    /// The weapon of an entry.
    pub fn of(&self, entry: EntryId) -> EntryId {
        self.weapon.get(&entry).copied().unwrap_or(entry)
    }

    /// The entries of a weapon.
    pub fn members(&self, weapon: EntryId) -> Vec<EntryId> {
        self.members.get(&weapon).cloned().unwrap_or_else(|| vec![weapon])
    }

    /// Unites the weapons of two entries, unless two of their entries may never be one.
    pub fn unite(&mut self, a: EntryId, b: EntryId, never: impl Fn(EntryId, EntryId) -> bool) -> bool {
        let (a, b) = (self.of(a), self.of(b));
        if a == b {
            return true;
        }
        let (mut all, others) = (self.members(a), self.members(b));
        if all.iter().any(|&x| others.iter().any(|&y| never(x, y))) {
            return false;
        }
        all.extend(others);
        let first = a.min(b);
        self.members.remove(&a.max(b));
        for &entry in &all {
            self.weapon.insert(entry, first);
        }
        self.members.insert(first, all);
        true
    }

    /// Entries that are not the first of their weapon, each with it.
    pub fn merged(&self) -> Vec<(EntryId, EntryId)> {
        let pairs = self.weapon.iter().map(|(&entry, &weapon)| (entry, weapon));
        pairs.filter(|(entry, weapon)| entry != weapon).collect()
    }

    /// The weapons of several entries.
    pub fn several(&self) -> impl Iterator<Item = (EntryId, &[EntryId])> {
        self.members.iter().map(|(&weapon, members)| (weapon, members.as_slice()))
    }
}
