//! From keys, odds and decisions to weapons and pairs.
//!
//! What a person decided comes first and holds: confirmed pairs are one weapon, refused ones never are, and
//! no union that would bring refused ones together is made. A decision that waits, because an entry names another weapon
//! now, unites nothing and keeps apart what it kept apart. Then the exact rule unites entries of one identity, then
//! the model those that both ledgers allow it to (`merge_at_bits`); neither adds to a weapon what contradicts one of its
//! entries and no person confirmed. All else is proposed, where somebody's time is not wasted on it (`settle`).

use std::collections::{BTreeMap, BTreeSet};

use matricule_record::{
    Conflict, Duplicate, DuplicateState, EntryFacts, EntryId, ProposalKind, Resolution, Ruling, message,
};

use crate::compare::{
    has_common_serial, is_collision, likeness, makes_differ, marked_alike, marked_apart, other_register,
    same_page,
};
use crate::contradiction::{contradictions, implausible_calibre};
use crate::linker::Groups;
use crate::model::Level;
use crate::proposal;
use crate::register::{Weighed, Weights};
use crate::weapons::Weapons;

mod decided;
mod settle;
mod words;

use settle::asked_at;
pub(crate) use words::told;
use words::{apart_because, differences, proposed};

type Pair = (EntryId, EntryId);

/// The same against a miskeyed copy of another weapon of the consignment, which looks as right as a right one.
const SIBLING_BITS: f64 = 8.0;

/// From these odds on a pair whose serials are equal, however they are written, is one weapon that is stated in ways
/// that exclude each other.
const CONFLICT_AT: f64 = 1.0;

/// Resolves all entries.
pub(crate) fn run<E>(
    groups: Groups,
    weights: Option<&Weights<'_>>,
    rulings: &[Ruling],
    facts: impl FnOnce(&[EntryId]) -> Result<Vec<EntryFacts>, E>,
) -> Result<Resolution, E> {
    let weighed = weights.map(|weights| weights.pairs(CONFLICT_AT)).unwrap_or_default();
    let wanted: BTreeSet<EntryId> = (groups.same.iter().chain(&groups.alike).flatten().copied())
        .chain(weighed.iter().flat_map(|pair| [pair.a, pair.b]))
        .chain(rulings.iter().flat_map(|ruling| [ruling.a, ruling.b]))
        .collect();
    let wanted: Vec<EntryId> = wanted.into_iter().collect();
    let entries: BTreeMap<EntryId, EntryFacts> =
        facts(&wanted)?.into_iter().map(|entry| (entry.id, entry)).collect();
    let mut resolver = Resolver::new(&entries, rulings, weights);
    resolver.resolution.crowded = groups.crowded;
    resolver.confirm();
    for group in &groups.same {
        resolver.identity(group);
    }
    resolver.merge(&weighed);
    for pair in &weighed {
        resolver.propose(pair);
    }
    for group in &groups.alike {
        resolver.propose_alike(group);
    }
    resolver.name_rulings();
    resolver.tell_united();
    Ok(resolver.finish())
}

/// Entries of an identity that are one weapon by confirmation.
struct Unit<'a> {
    weapon: EntryId,
    entries: Vec<&'a EntryFacts>,
    /// All entries of the weapon, those of other identities too.
    whole: Vec<&'a EntryFacts>,
}

struct Resolver<'a> {
    weights: Option<&'a Weights<'a>>,
    entries: &'a BTreeMap<EntryId, EntryFacts>,
    /// Decided pairs, the lower address first, and whether they are one.
    ruled: BTreeMap<Pair, bool>,
    /// Pairs that were decided when one of them named another weapon. What was confirmed binds no more; what was
    /// refused stays apart until it is decided again.
    on_hold: BTreeSet<Pair>,
    weapons: Weapons,
    /// What the word of persons alone makes one weapon.
    by_word: Weapons,
    /// The identity group of each entry that has one.
    identity: BTreeMap<EntryId, usize>,
    identities: usize,
    pairs: BTreeMap<Pair, Duplicate>,
    resolution: Resolution,
}

impl<'a> Resolver<'a> {
    fn new(
        entries: &'a BTreeMap<EntryId, EntryFacts>,
        rulings: &[Ruling],
        weights: Option<&'a Weights<'a>>,
    ) -> Self {
        let mut new = Self {
            weights,
            entries,
            ruled: BTreeMap::new(),
            on_hold: BTreeSet::new(),
            weapons: Weapons::default(),
            by_word: Weapons::default(),
            identity: BTreeMap::new(),
            identities: 0,
            pairs: BTreeMap::new(),
            resolution: Resolution::default(),
        };
        // A decision on an entry that is present no more waits until it is again.
        for ruling in rulings {
            let Some((a, b)) = entries.get(&ruling.a).zip(entries.get(&ruling.b)) else { continue };
            if ruling.on_hold {
                new.on_hold.insert(in_order(a, b));
            }
            if !(ruling.on_hold && ruling.is_one) {
                new.ruled.insert(in_order(a, b), ruling.is_one);
            }
        }
        new
    }

    fn facts(&self, entry: EntryId) -> Option<&'a EntryFacts> {
        self.entries.get(&entry)
    }

    fn both(&self, (a, b): Pair) -> Option<(&'a EntryFacts, &'a EntryFacts)> {
        self.facts(a).zip(self.facts(b))
    }

    /// The fields in which two entries exclude each other. Where the registry says what is usual, a calibre that the model
    /// of its entry hardly ever has contradicts an entry that names none.
    fn contradictions(&self, a: &EntryFacts, b: &EntryFacts) -> Vec<Conflict> {
        let mut found = contradictions(a, b);
        if self.weights.is_some_and(|weights| weights.has_implausible_calibre(a.id, b.id)) {
            found.push(implausible_calibre(a, b));
        }
        found
    }

    /// What a person said of two entries.
    fn ruling(&self, a: &EntryFacts, b: &EntryFacts) -> Option<bool> {
        self.ruled.get(&in_order(a, b)).copied()
    }

    fn is_refused(&self, a: EntryId, b: EntryId) -> bool {
        self.both((a, b)).and_then(|(a, b)| self.ruling(a, b)) == Some(false)
    }

    fn unite(&mut self, a: EntryId, b: EntryId) -> bool {
        let mut weapons = std::mem::take(&mut self.weapons);
        let united = weapons.unite(a, b, |x, y| self.is_refused(x, y));
        self.weapons = weapons;
        united
    }

    fn by_address(&self, group: &[EntryId]) -> Vec<&'a EntryFacts> {
        let mut found: Vec<&EntryFacts> = group.iter().filter_map(|&entry| self.facts(entry)).collect();
        found.sort_by_key(|entry| entry.address());
        found.dedup_by_key(|entry| entry.id);
        found
    }

    /// Entries of one identity. Two are one weapon if neither contradicts the other nor stands on its
    /// page, and if both stand alike to every other entry of the identity: an entry that says little may
    /// fit two weapons that contradict each other, and then nobody but a person can say which it is.
    /// Entries that a person confirmed to be one stand together: what fits one of them and is excluded by none fits all.
    fn identity(&mut self, group: &[EntryId]) {
        let group = self.by_address(group);
        self.identities += 1;
        self.identity.extend(group.iter().map(|entry| (entry.id, self.identities)));
        let units = self.confirmed_units(&group);
        let fits: Vec<Vec<bool>> =
            units.iter().map(|a| units.iter().map(|b| self.units_fit(a, b)).collect()).collect();
        let mut weapons: Vec<(usize, Vec<&EntryFacts>)> = Vec::new();
        for (at, unit) in units.iter().enumerate() {
            match weapons.iter_mut().find(|(first, _)| fits[*first] == fits[at]) {
                Some((_, weapon)) => weapon.extend(&unit.entries),
                None => weapons.push((at, unit.entries.clone())),
            }
        }
        for (at, (_, weapon)) in weapons.iter().enumerate() {
            self.unite_exact(weapon);
            for (_, other) in &weapons[at + 1..] {
                self.keep_apart(weapon, other);
            }
        }
    }

    /// The entries of an identity, those together that are one by confirmation.
    fn confirmed_units(&self, group: &[&'a EntryFacts]) -> Vec<Unit<'a>> {
        let mut units: Vec<Unit<'_>> = Vec::new();
        for entry in group {
            let weapon = self.weapons.of(entry.id);
            if let Some(unit) = units.iter_mut().find(|unit| unit.weapon == weapon) {
                unit.entries.push(entry);
            } else {
                let whole = self.by_address(&self.weapons.members(weapon));
                units.push(Unit { weapon, entries: vec![entry], whole });
            }
        }
        units
    }

    fn units_fit(&self, a: &Unit<'_>, b: &Unit<'_>) -> bool {
        if a.weapon == b.weapon {
            return true;
        }
        pairs_of(&a.entries, &b.entries).any(|(x, y)| self.can_be_one(x, y))
            && (a.whole.len() + b.whole.len() == 2
                || !pairs_of(&a.whole, &b.whole).any(|(x, y)| self.is_excluded(x, y)))
    }

    /// Whether no union may bring two entries together that a person did not confirm.
    fn is_excluded(&self, a: &EntryFacts, b: &EntryFacts) -> bool {
        let is_one = self.ruling(a, b);
        is_one.map_or_else(|| same_page(a, b) || !self.contradictions(a, b).is_empty(), |is_one| !is_one)
    }

    fn can_be_one(&self, a: &EntryFacts, b: &EntryFacts) -> bool {
        if a.id == b.id {
            return true;
        }
        let doubtful = a.doubtful || b.doubtful;
        let fits = || self.contradictions(a, b).is_empty() && !same_page(a, b) && self.doubt(a, b).is_none();
        self.ruling(a, b).unwrap_or_else(|| !doubtful && fits())
    }

    /// Why the model objects that two entries of one identity are one weapon. Where a serial is common, as one of three
    /// digits is, an equal one proves little; and a copy of another weapon of a consignment may have
    /// been miskeyed to just this serial.
    fn doubt(&self, a: &EntryFacts, b: &EntryFacts) -> Option<&'static str> {
        if has_common_serial(a, b) {
            return Some(message!("pair-common"));
        }
        let weights = self.weights?;
        if weights.sibling_bits(a.id, b.id) < SIBLING_BITS {
            return Some(message!("pair-sibling"));
        }
        weights.bits(a.id, b.id).filter(|&bits| bits < weights.identity_at()).map(|_| message!("pair-common"))
    }

    fn unite_exact(&mut self, weapon: &[&EntryFacts]) {
        for (at, entry) in weapon.iter().enumerate().skip(1) {
            let fits = |earlier: &&&EntryFacts| self.can_be_one(earlier, entry);
            let Some(first) = weapon[..at].iter().find(fits).copied() else { continue };
            let conflicts = self.contradictions(first, entry);
            if !conflicts.is_empty() {
                self.conflicting(first, entry, conflicts);
                continue;
            }
            let (state, reason) = if self.unite(first.id, entry.id) {
                (DuplicateState::Merged, message!("pair-identity"))
            } else {
                (DuplicateState::Review, message!("pair-held-apart"))
            };
            self.add(first, entry, "exact", state, vec![reason.to_owned()]);
        }
    }

    /// A pair of one identity that contradicts itself.
    fn conflicting(&mut self, a: &EntryFacts, b: &EntryFacts, conflicts: Vec<Conflict>) {
        let registers = other_register(a, b).then(|| proposed(a, b, ProposalKind::OtherRegister.words()));
        let reasons = registers.into_iter().chain(apart_because(a, b, &conflicts, None)).collect();
        self.add(a, b, "conflict", DuplicateState::Review, reasons);
        self.resolution.conflicts.extend(conflicts);
    }

    /// Two weapons of one identity: what keeps them apart, by the pair of entries that says most. Where that contradicts
    /// itself and is too unlikely to be asked about, a pair that does not is asked about as well.
    fn keep_apart(&mut self, weapon: &[&'a EntryFacts], other: &[&'a EntryFacts]) {
        let addresses = |a: &EntryFacts, b: &EntryFacts| std::cmp::Reverse((address(a), address(b)));
        let mut pairs: Vec<_> = pairs_of(weapon, other)
            .map(|(a, b)| ordered(a, b))
            .map(|(a, b)| (self.contradictions(a, b).len(), same_page(a, b), addresses(a, b), a, b))
            .collect();
        pairs.sort_by(|x, y| (y.0, y.1, &y.2).cmp(&(x.0, x.1, &x.2)));
        let Some(&(count, .., a, b)) = pairs.first() else { return };
        if count > 0 {
            self.conflicting(a, b, self.contradictions(a, b));
        }
        if count == 0 || !self.is_asked("conflict", DuplicateState::Review, (a, b)) {
            let Some(&(.., a, b)) = pairs.iter().find(|(count, ..)| *count == 0) else { return };
            self.add(a, b, "exact", DuplicateState::Review, apart_because(a, b, &[], self.doubt(a, b)));
        }
    }

    /// What the model may merge by itself, where both ledgers allow it: the surest pairs first, and none whose
    /// weapons have entries that contradict each other or stand on one page.
    fn merge(&mut self, weighed: &[Weighed]) {
        let mut sure: Vec<&Weighed> = weighed.iter().filter(|pair| self.may_merge(pair)).collect();
        sure.sort_by(|x, y| y.bits.total_cmp(&x.bits));
        for pair in sure {
            let Some((a, b)) = self.both((pair.a, pair.b)) else { continue };
            let mut weapons = std::mem::take(&mut self.weapons);
            let never = |x: EntryId, y: EntryId| self.both((x, y)).is_some_and(|(x, y)| self.excluded(x, y));
            let united = weapons.unite(pair.a, pair.b, never);
            self.weapons = weapons;
            if united {
                let kind = proposal::kind(a, b, pair.serial);
                let reasons = vec![proposed(a, b, kind.words()), message!("pair-by-odds").to_owned()];
                self.add(a, b, kind.name(), DuplicateState::Merged, reasons);
            }
        }
    }

    fn may_merge(&self, pair: &Weighed) -> bool {
        let Some((a, b)) = self.both((pair.a, pair.b)) else { return false };
        let asked = a.rules.merge_at_bits.zip(b.rules.merge_at_bits);
        let sure = asked.is_some_and(|(x, y)| pair.bits >= x.max(y));
        sure && a.has_serial() && b.has_serial() && !other_register(a, b) && !is_collision(a, b) && {
            let doubtful = a.doubtful || b.doubtful;
            !doubtful && !self.excluded(a, b) && self.ruling(a, b).is_none()
        }
    }

    /// Whether two entries may not be one weapon without a person.
    fn excluded(&self, a: &EntryFacts, b: &EntryFacts) -> bool {
        self.is_excluded(a, b) || self.ruling(a, b).is_none() && !marked_alike(a, b)
    }

    /// Entries with one loose key: pairs that may be one weapon, but for those already resolved by
    /// their identity.
    fn propose_alike(&mut self, group: &[EntryId]) {
        let group = self.by_address(group);
        for (at, a) in group.iter().enumerate() {
            for b in &group[at + 1..] {
                let kind = if self.is_resolved(a, b) { None } else { likeness(a, b) };
                match kind {
                    Some(ProposalKind::Separators | ProposalKind::OtherRegister)
                        if !self.contradictions(a, b).is_empty() =>
                    {
                        self.conflicting(a, b, self.contradictions(a, b));
                    }
                    Some(kind) => self.ask(a, b, kind, &self.contradictions(a, b)),
                    None => {}
                }
            }
        }
    }

    fn is_resolved(&self, a: &EntryFacts, b: &EntryFacts) -> bool {
        self.identity.get(&a.id).zip(self.identity.get(&b.id)).is_some_and(|(x, y)| x == y)
    }

    /// A pair that the model finds worth a look.
    fn propose(&mut self, pair: &Weighed) {
        let Some((a, b)) = self.both((pair.a, pair.b)) else { return };
        if self.is_resolved(a, b) || marked_apart(a, b) || self.pairs.contains_key(&(a.id, b.id)) {
            return;
        }
        let asked = pair.bits >= asked_at(a).min(asked_at(b));
        let conflicts = self.contradictions(a, b);
        let kind = proposal::kind(a, b, pair.serial);
        let one_serial = pair.serial.agrees() || pair.serial == Level::Reading;
        let contradicting = one_serial && !conflicts.is_empty();
        if contradicting && (asked || pair.bits >= CONFLICT_AT && !makes_differ(a, b)) {
            let name = if is_collision(a, b) { kind.name() } else { "conflict" };
            let is_told = a.canonical == b.canonical && !other_register(a, b);
            let words = if is_told { Vec::new() } else { vec![proposed(a, b, kind.words())] };
            let reasons = [words, apart_because(a, b, &conflicts, None)].concat();
            self.add(a, b, name, DuplicateState::Review, reasons);
            self.resolution.conflicts.extend(conflicts);
        } else if asked {
            self.ask(a, b, kind, &conflicts);
        }
    }

    /// A pair for a person: why it is asked about, and what the entries contradict each other in.
    fn ask(&mut self, a: &EntryFacts, b: &EntryFacts, kind: ProposalKind, conflicts: &[Conflict]) {
        let reasons = [vec![proposed(a, b, kind.words())], differences(conflicts)].concat();
        self.add(a, b, kind.name(), DuplicateState::Review, reasons);
    }

    /// A pair is listed once, under the first kind that it is found under.
    fn add(
        &mut self,
        a: &EntryFacts,
        b: &EntryFacts,
        kind: &'static str,
        state: DuplicateState,
        reasons: Vec<String>,
    ) {
        let (entry_a, entry_b) = in_order(a, b);
        let new = Duplicate { entry_a, entry_b, kind, bits: None, state, reasons };
        self.pairs.entry((entry_a, entry_b)).or_insert(new);
    }
}

/// Every entry of one weapon with every entry of another.
fn pairs_of<'a>(
    weapon: &[&'a EntryFacts],
    other: &[&'a EntryFacts],
) -> impl Iterator<Item = (&'a EntryFacts, &'a EntryFacts)> {
    weapon.iter().flat_map(|a| other.iter().map(|b| (*a, *b)))
}

fn address(entry: &EntryFacts) -> (String, String, u32) {
    (entry.file.to_string(), entry.sheet.to_string(), entry.row)
}

/// Two entries, the lower address first.
fn ordered<'a>(a: &'a EntryFacts, b: &'a EntryFacts) -> (&'a EntryFacts, &'a EntryFacts) {
    if a.address() <= b.address() { (a, b) } else { (b, a) }
}

fn in_order(a: &EntryFacts, b: &EntryFacts) -> Pair {
    let (a, b) = ordered(a, b);
    (a.id, b.id)
}

fn in_address_order(mut pairs: Vec<Pair>, entries: &BTreeMap<EntryId, EntryFacts>) -> Vec<Pair> {
    pairs.sort_by_key(|(a, b)| [a, b].map(|entry| entries.get(entry).map(EntryFacts::address)));
    pairs
}
