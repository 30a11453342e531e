//! What persons decided: confirmed pairs are one weapon, and what they contradict each other in stays in sight.

use std::collections::BTreeSet;

use matricule_record::{DuplicateState, EntryFacts, EntryId, Text, message};

use super::words::{differences, proposed};
use super::{Pair, Resolver, in_address_order};
use crate::compare::likeness;

impl Resolver<'_> {
    fn confirmed(&self) -> impl Iterator<Item = Pair> {
        self.ruled.iter().filter(|(_, is_one)| **is_one).map(|(pair, _)| *pair)
    }

    /// Confirmed pairs are one weapon.
    pub(super) fn confirm(&mut self) {
        let confirmed = self.confirmed().collect();
        for (a, b) in in_address_order(confirmed, self.entries) {
            self.unite(a, b);
        }
        self.by_word = self.weapons.clone();
    }

    /// A decided pair is listed, whether or not anything else says that it belongs together.
    pub(super) fn name_rulings(&mut self) {
        let decided = self.ruled.keys().chain(&self.on_hold);
        let decided: Vec<_> = decided.filter_map(|&pair| self.both(pair)).collect();
        for (a, b) in decided {
            let words = likeness(a, b).map_or(message!("pair-decision"), |kind| kind.words());
            let name = likeness(a, b).map_or("decision", |kind| kind.name());
            let reasons = [vec![proposed(a, b, words)], differences(&self.contradictions(a, b))].concat();
            self.add(a, b, name, DuplicateState::Review, reasons);
        }
        for pair in &self.on_hold {
            if let Some(found) = self.pairs.get_mut(pair) {
                found.reasons.insert(0, message!("pair-on-hold").to_owned());
            }
        }
        self.resolution.on_hold = self.on_hold.len();
    }

    /// A person may unite entries that contradict each other. Each contradiction within a weapon is told once, by the
    /// first pair of its entries that shows it.
    pub(super) fn tell_united(&mut self) {
        let weapons: BTreeSet<EntryId> = self.confirmed().map(|(a, _)| self.weapons.of(a)).collect();
        for weapon in weapons {
            let entries = self.by_address(&self.weapons.members(weapon));
            let told = self.resolution.conflicts.iter();
            let told =
                told.filter(|c| [c.entry_a, c.entry_b].iter().all(|&entry| self.weapons.of(entry) == weapon));
            let mut told: BTreeSet<_> =
                told.map(|c| (c.field, values(&c.value_a, &c.value_b), c.kind)).collect();
            for (at, a) in entries.iter().enumerate() {
                for b in &entries[at + 1..] {
                    let new = self.new_contradictions((a, b), &mut told);
                    self.resolution.conflicts.extend(new);
                }
            }
        }
    }

    fn new_contradictions(
        &self,
        (a, b): (&EntryFacts, &EntryFacts),
        told: &mut BTreeSet<(&'static str, [Text; 2], &'static str)>,
    ) -> Vec<matricule_record::Conflict> {
        let mut found = self.contradictions(a, b);
        found.retain(|c| told.insert((c.field, values(&c.value_a, &c.value_b), c.kind)));
        found
    }
}

/// Two values, whichever entry states which.
fn values(a: &Text, b: &Text) -> [Text; 2] {
    let mut both = [a.clone(), b.clone()];
    both.sort_unstable();
    both
}
