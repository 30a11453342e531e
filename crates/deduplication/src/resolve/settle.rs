//! What is asked and told once all weapons stand.

use std::collections::BTreeSet;

use matricule_record::{
    Conflict, Duplicate, DuplicateRules, DuplicateState, EntryFacts, EntryId, Resolution, is_personal_column,
    message,
};

use super::{Pair, Resolver};
use crate::compare::is_collision;
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
        let apart: BTreeSet<Pair> = (self.ruled.iter().filter(|(_, is_one)| !**is_one))
            .map(|(&(a, b), _)| self.weapons_of(a, b))
            .collect();
        for (pair, mut found) in std::mem::take(&mut self.pairs) {
            let state = match self.ruled.get(&pair) {
                Some(true) => Some(DuplicateState::Confirmed),
                Some(false) => Some(DuplicateState::Refused),
                None => self.undecided(&found, &apart),
            };
            let Some(state) = state else { continue };
            found.state = state;
            found.bits = self.weights.and_then(|weights| weights.bits(pair.0, pair.1));
            if self.is_asked(&found) {
                self.explain(&mut found);
                self.resolution.duplicates.push(found);
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

    /// Whether a pair is worth a person's time. Two originals with one converted serial are always named: what a
    /// conversion brings together must not be taken for one weapon; so are two lines of one page.
    fn is_asked(&self, found: &Duplicate) -> bool {
        let Some((bits, (a, b))) = found.bits.zip(self.both((found.entry_a, found.entry_b))) else {
            return true;
        };
        let below = match found.kind {
            "conflict" => CONFLICT_BITS,
            _ => RULE_BITS,
        };
        let always = found.state != DuplicateState::Review || found.kind == "exact" || is_collision(a, b);
        always || bits >= asked_at(a).min(asked_at(b)) - below
    }

    /// What is to be said of a contradiction: whether it is settled, and whether it is one at all. Two weapons may
    /// have the same serial, where a maker counts every model or every year anew.
    fn place(&self, conflict: &mut Conflict, apart: &BTreeSet<Pair>) {
        let (a, b) = (conflict.entry_a, conflict.entry_b);
        let weapons = self.weapons_of(a, b);
        conflict.state = match () {
            () if weapons.0 == weapons.1 => "confirmed",
            () if apart.contains(&weapons) => "refused",
            () => "open",
        };
        let Some((x, y)) = self.both((a, b)) else { return };
        let bits = self.weights.and_then(|weights| weights.bits(a, b));
        let least = asked_at(x).min(asked_at(y)) - CONFLICT_BITS;
        if conflict.state == "open" && bits.is_some_and(|bits| bits < least) {
            conflict.kind = "repeated_serial";
        }
    }

    /// Every part of the odds, for a person. Personal data are compared and not told.
    fn explain(&self, found: &mut Duplicate) {
        let explained = self.weights.filter(|_| found.state != DuplicateState::Merged);
        if let Some(mut explanation) =
            explained.and_then(|weights| weights.explain(found.entry_a, found.entry_b))
        {
            for part in explanation.evidence.iter_mut().filter(|part| is_personal_column(&part.field)) {
                part.values = Default::default();
            }
            found.reasons.push(message!("odds-in-bits", rival = explanation.rival));
            found.reasons.extend(explanation.lines());
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
