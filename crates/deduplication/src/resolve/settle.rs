//! What is asked and told once all weapons stand.

use std::collections::BTreeSet;

use matricule_record::{
    Conflict, Duplicate, DuplicateRules, DuplicateState, EntryFacts, EntryId, Resolution,
};

use super::words::told;
use super::{Pair, Resolver, in_order};
use crate::compare::{has_common_serial, is_collision, may_be_counted_anew, same_page};
use crate::survivorship::stated;

/// What the rule of likeness names is asked about from this many bits lower than what the model alone finds: a
/// small register says little about chance, and its clerks' habits are not in it.
const RULE_BITS: f64 = 9.0;

/// A contradiction is asked about from this many bits lower: below that the entries are two weapons with one serial.
const CONFLICT_BITS: f64 = 6.0;

/// Where a ledger wants a person to be asked.
pub(super) fn asked_at(entry: &EntryFacts) -> f64 {
    entry.rules.review_at_bits.unwrap_or(DuplicateRules::REVIEW_AT_BITS)
}

impl Resolver<'_> {
    /// All that was concluded.
    pub(super) fn finish(mut self) -> Resolution {
        let apart: BTreeSet<Pair> = (self.ruled.iter())
            .filter(|(pair, is_one)| !**is_one && !self.on_hold.contains(*pair))
            .map(|(&(a, b), _)| self.weapons_of(a, b))
            .collect();
        for (pair, mut found) in std::mem::take(&mut self.pairs) {
            let state = match self.ruled.get(&pair) {
                _ if self.on_hold.contains(&pair) => self.undecided(&found, &apart),
                Some(true) => Some(DuplicateState::Confirmed),
                Some(false) => Some(DuplicateState::Refused),
                None => self.undecided(&found, &apart),
            };
            let Some(state) = state else { continue };
            found.state = state;
            found.bits = self.bits(pair);
            match self.both(pair) {
                Some((a, b)) if !self.is_asked(found.kind, found.state, (a, b)) => {
                    self.resolution.not_asked += usize::from(found.kind == "exact");
                }
                _ => {
                    self.explain(&mut found);
                    self.resolution.duplicates.push(found);
                }
            }
        }
        let mut conflicts = std::mem::take(&mut self.resolution.conflicts);
        for conflict in &mut conflicts {
            self.place(conflict, &apart);
        }
        self.resolution.conflicts = conflicts;
        self.resolution.conflicts.sort_by_key(|c| (c.entry_a, c.entry_b, c.field));
        self.resolution.conflicts.dedup();
        self.resolution.merged = self.weapons.merged();
        let several = self.weapons.several().map(|(weapon, members)| {
            let facts: Vec<&EntryFacts> = members.iter().filter_map(|&entry| self.facts(entry)).collect();
            stated(weapon, &facts)
        });
        self.resolution.stated = several.collect();
        self.resolution
    }

    fn bits(&self, (a, b): Pair) -> Option<f64> {
        self.weights.and_then(|weights| weights.bits(a, b))
    }

    /// Whether a pair is worth a person's time: its odds are high enough, or nothing else would tell of it. Without the
    /// model every pair is. Two originals with one converted serial are always named: what a conversion brings together must
    /// not be taken for one weapon; so are two lines of one page with one identity, one identity whose serial is not common,
    /// or whose facts exclude each other where no maker counts anew, and what a person decided, even if that waits. How many
    /// pairs of one identity are left out is counted.
    pub(super) fn is_asked(
        &self,
        kind: &str,
        state: DuplicateState,
        (a, b): (&EntryFacts, &EntryFacts),
    ) -> bool {
        let Some(bits) = self.bits((a.id, b.id)) else { return true };
        let below = if kind == "conflict" { CONFLICT_BITS } else { RULE_BITS };
        // Numbers that every workshop gives are asked about only where they are rare here.
        let exact = kind == "exact" && !has_common_serial(a, b);
        let always = state != DuplicateState::Review || exact || is_collision(a, b);
        let decided = self.on_hold.contains(&in_order(a, b));
        let is_one_identity = self.is_resolved(a, b);
        let incompatible = kind == "conflict" && is_one_identity && !may_be_counted_anew(a, b);
        let one_page = is_one_identity && same_page(a, b);
        always || decided || incompatible || one_page || bits >= asked_at(a).min(asked_at(b)) - below
    }

    /// What is to be said of a contradiction: whether it is settled, and whether it is one at all. Two weapons may
    /// have the same serial, where a maker counts every model or every year anew; where nothing speaks for that, equal
    /// identities with other facts are incompatible records, however likely two weapons are.
    fn place(&self, conflict: &mut Conflict, apart: &BTreeSet<Pair>) {
        let (a, b) = (conflict.entry_a, conflict.entry_b);
        let weapons = self.weapons_of(a, b);
        conflict.state = match () {
            () if self.by_word.of(a) == self.by_word.of(b) => "confirmed",
            () if apart.contains(&weapons) => "refused",
            () => "open",
        };
        let Some((x, y)) = self.both((a, b)) else { return };
        if conflict.state == "open" && !self.is_asked("conflict", DuplicateState::Review, (x, y)) {
            conflict.kind = "repeated_serial";
        }
    }

    /// Every part of the odds, for a person. Of pairs that are merged it is told when somebody asks.
    fn explain(&self, found: &mut Duplicate) {
        let weights = self.weights.filter(|_| found.state != DuplicateState::Merged);
        if let Some((weights, (a, b))) = weights.zip(self.both((found.entry_a, found.entry_b))) {
            found.reasons.extend(told(weights, a, b));
        }
    }

    fn weapons_of(&self, a: EntryId, b: EntryId) -> Pair {
        let (a, b) = (self.weapons.of(a), self.weapons.of(b));
        (a.min(b), a.max(b))
    }

    /// What becomes of a pair on which nobody decided: one whose weapons are one already, or were said to be
    /// two, is not asked about.
    fn undecided(&self, found: &Duplicate, apart: &BTreeSet<Pair>) -> Option<DuplicateState> {
        let weapons = self.weapons_of(found.entry_a, found.entry_b);
        let settled = weapons.0 == weapons.1 || apart.contains(&weapons);
        (found.state == DuplicateState::Merged || !settled).then_some(found.state)
    }
}
