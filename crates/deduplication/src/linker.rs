//! Gathering keys while rows stream, and resolving them at the end.

use std::collections::{BTreeMap, BTreeSet};

use matricule_record::{Duplicate, DuplicateState, EntryFacts, EntryId, LinkKeys, Resolution};
use rayon::slice::ParallelSliceMut;

use crate::compare::{contradictions, likeness, same_page};

/// A loose key that more entries share than this gathers coincidences, not weapons.
const CROWD: usize = 64;
/// More entries of one identity than this are no weapon's: nothing is merged among them.
const IDENTITY_CROWD: usize = 500;

/// The keys of all entries: 48 bytes a row at most.
#[derive(Clone, Debug, Default)]
pub struct Linker {
    identities: Vec<(u128, EntryId)>,
    proposals: Vec<(u64, EntryId)>,
    exact_only: bool,
}

impl Linker {
    /// One that proposes pairs, or one that links only entries of one identity.
    pub fn new(exact_only: bool) -> Self {
        Self { exact_only, ..Self::default() }
    }

    /// Adds an entry's keys.
    pub fn add(&mut self, entry: EntryId, keys: LinkKeys) {
        self.identities.extend(keys.identity.map(|key| (key, entry)));
        let keys = if self.exact_only { LinkKeys { proposals: [None; 3], ..keys } } else { keys };
        self.proposals.extend(keys.proposals.iter().flatten().map(|&key| (key, entry)));
    }

    /// Forgets the entries from a number on: those of a file that could not be read to its end.
    pub fn forget_from(&mut self, first: EntryId) {
        self.identities.retain(|(_, entry)| *entry < first);
        self.proposals.retain(|(_, entry)| *entry < first);
    }

    /// Resolves all entries. `facts` gives what is known of the entries asked for, in any order.
    pub fn resolve<E>(
        mut self,
        facts: impl FnOnce(&[EntryId]) -> Result<Vec<EntryFacts>, E>,
    ) -> Result<Resolution, E> {
        let mut resolution = Resolution::default();
        let (same, crowds): (Vec<_>, Vec<_>) =
            groups(&mut self.identities).into_iter().partition(|group| group.len() <= IDENTITY_CROWD);
        let (alike, crowded): (Vec<_>, Vec<_>) =
            groups(&mut self.proposals).into_iter().partition(|group| group.len() <= CROWD);
        resolution.crowded = crowds.iter().chain(&crowded).map(Vec::len).collect();
        resolution.crowded.sort_unstable();
        let wanted: BTreeSet<EntryId> = same.iter().chain(&alike).flatten().copied().collect();
        let wanted: Vec<EntryId> = wanted.into_iter().collect();
        let entries = facts(&wanted)?.into_iter().map(|entry| (entry.id, entry)).collect();
        let identity = identity_of(&same);
        for group in &same {
            merge(&by_address(group, &entries), &mut resolution);
        }
        for group in &alike {
            propose(&by_address(group, &entries), &identity, &mut resolution);
        }
        finish(&mut resolution);
        Ok(resolution)
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

/// The identity group of each entry that has one.
fn identity_of(same: &[Vec<EntryId>]) -> BTreeMap<EntryId, usize> {
    same.iter()
        .enumerate()
        .flat_map(|(number, group)| group.iter().map(move |&entry| (entry, number)))
        .collect()
}

fn by_address<'a>(group: &[EntryId], entries: &'a BTreeMap<EntryId, EntryFacts>) -> Vec<&'a EntryFacts> {
    let mut found: Vec<&EntryFacts> = group.iter().filter_map(|entry| entries.get(entry)).collect();
    found.sort_by_key(|entry| (&entry.file, &entry.sheet, entry.row));
    found.dedup_by_key(|entry| entry.id);
    found
}

/// Entries of one identity. Two are one weapon if neither contradicts the other nor stands on its
/// page, and if both stand alike to every other entry of the identity: an entry that says little may
/// fit two weapons that contradict each other, and then nobody but a person can say which it is.
fn merge(group: &[&EntryFacts], resolution: &mut Resolution) {
    let fits: Vec<Vec<bool>> =
        group.iter().map(|a| group.iter().map(|b| can_be_one(a, b)).collect()).collect();
    let mut weapons: Vec<Vec<usize>> = Vec::new();
    for at in 0..group.len() {
        match weapons.iter_mut().find(|weapon| fits[weapon[0]] == fits[at]) {
            Some(weapon) => weapon.push(at),
            None => weapons.push(vec![at]),
        }
    }
    let weapons: Vec<Vec<&EntryFacts>> =
        weapons.iter().map(|weapon| weapon.iter().map(|&at| group[at]).collect()).collect();
    for (at, weapon) in weapons.iter().enumerate() {
        unite(weapon, resolution);
        for other in &weapons[at + 1..] {
            keep_apart(weapon, other, resolution);
        }
    }
}

fn can_be_one(a: &EntryFacts, b: &EntryFacts) -> bool {
    a.id == b.id || (contradictions(a, b).is_empty() && !same_page(a, b))
}

fn unite(weapon: &[&EntryFacts], resolution: &mut Resolution) {
    let Some(first) = weapon.iter().map(|entry| entry.id).min() else { return };
    for entry in weapon.iter().filter(|entry| entry.id != first) {
        resolution.merged.push((entry.id, first));
        let reasons =
            vec!["serial, script, make, country and mark are equal; nothing contradicts".to_owned()];
        resolution.duplicates.push(pair(first, entry.id, "exact", DuplicateState::Merged, reasons));
    }
}

/// Two weapons of one identity: what keeps them apart, by the pair of entries that says most.
fn keep_apart(weapon: &[&EntryFacts], other: &[&EntryFacts], resolution: &mut Resolution) {
    let pairs =
        weapon.iter().flat_map(|a| other.iter().map(move |b| if a.id < b.id { (*a, *b) } else { (*b, *a) }));
    let Some((a, b)) = pairs
        .max_by_key(|(a, b)| (contradictions(a, b).len(), same_page(a, b), std::cmp::Reverse((a.id, b.id))))
    else {
        return;
    };
    let conflicts = contradictions(a, b);
    let mut reasons: Vec<String> = conflicts
        .iter()
        .map(|c| format!("{} is {} in one and {} in the other", c.field, c.value_a, c.value_b))
        .collect();
    if same_page(a, b) {
        reasons.push("both stand on one page, where a clerk counted two".to_owned());
    }
    if reasons.is_empty() {
        reasons.push("one of them fits several weapons that contradict each other".to_owned());
    }
    let kind = if conflicts.is_empty() { "exact" } else { "conflict" };
    resolution.duplicates.push(pair(a.id, b.id, kind, DuplicateState::Review, reasons));
    resolution.conflicts.extend(conflicts);
}

/// Entries with one loose key: pairs that may be one weapon, but for those already resolved by
/// their identity.
fn propose(group: &[&EntryFacts], identity: &BTreeMap<EntryId, usize>, resolution: &mut Resolution) {
    for (at, a) in group.iter().enumerate() {
        for b in &group[at + 1..] {
            let resolved = identity.get(&a.id).zip(identity.get(&b.id)).is_some_and(|(x, y)| x == y);
            let kind = if resolved { None } else { likeness(a, b) };
            if let Some(kind) = kind {
                let reasons =
                    vec![format!("{} and {}: {}", a.canonical, b.canonical, kind.name().replace('_', " "))];
                resolution.duplicates.push(pair(a.id, b.id, kind.name(), DuplicateState::Review, reasons));
            }
        }
    }
}

fn pair(
    a: EntryId,
    b: EntryId,
    kind: &'static str,
    state: DuplicateState,
    reasons: Vec<String>,
) -> Duplicate {
    Duplicate { entry_a: a.min(b), entry_b: a.max(b), kind, state, reasons }
}

/// One line a pair, in order: a pair that two keys gathered is one pair.
fn finish(resolution: &mut Resolution) {
    resolution.merged.sort_unstable();
    resolution.duplicates.sort_by(|a, b| (a.entry_a, a.entry_b, a.kind).cmp(&(b.entry_a, b.entry_b, b.kind)));
    resolution.duplicates.dedup_by_key(|d| (d.entry_a, d.entry_b, d.kind));
    resolution.conflicts.sort_by_key(|c| (c.entry_a, c.entry_b, c.field));
    resolution.conflicts.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link_entry;

    type Change = fn(&mut EntryFacts);

    /// A line: id, file, row, serial (Latin, or Cyrillic with its look), make, calibre.
    fn entry(id: EntryId, file: &str, row: u32, serial: &str, make: &str, calibre: &str) -> EntryFacts {
        let cyrillic = serial.contains('А');
        let converted = serial.replace('А', "A").replace('В', "V").replace(['-', ' '], "");
        EntryFacts {
            id,
            file: file.into(),
            row,
            canonical: serial.replace(' ', "").into(),
            script: if cyrillic { "Cyrl" } else { "Latn" }.into(),
            other_reading: cyrillic.then(|| converted.replace('V', "B").into()),
            converted: converted.into(),
            make: make.into(),
            country: "SUHH".into(),
            calibre: calibre.into(),
            ..EntryFacts::default()
        }
    }

    fn check(entries: &[EntryFacts], merged: &[(EntryId, EntryId)], review: &[(EntryId, EntryId, &str)]) {
        for order in [entries.to_vec(), entries.iter().rev().cloned().collect()] {
            let mut linker = Linker::default();
            for entry in &order {
                linker.add(entry.id, link_entry(entry));
            }
            let facts = |ids: &[EntryId]| {
                Ok::<_, ()>(entries.iter().filter(|e| ids.contains(&e.id)).cloned().collect())
            };
            let found = linker.resolve(facts).unwrap();
            assert_eq!(found.merged, merged);
            let reviewed: Vec<_> = found
                .duplicates
                .iter()
                .filter(|d| d.state == DuplicateState::Review)
                .map(|d| (d.entry_a, d.entry_b, d.kind))
                .collect();
            assert_eq!(reviewed, review);
        }
    }

    #[test]
    fn equal_identity_merges_across_files() {
        check(
            &[entry(1, "a", 3, "АВ1234", "Izhmash", "9x18"), entry(2, "b", 9, "АВ 1234", "IZHMASH", "")],
            &[(2, 1)],
            &[],
        );
    }

    #[test]
    fn contradictions_and_lines_of_one_page_are_not_merged() {
        check(
            &[entry(1, "a", 3, "AB1", "FN", "9x19"), entry(2, "b", 3, "AB1", "FN", "7.62x51")],
            &[],
            &[(1, 2, "conflict")],
        );
        check(
            &[entry(1, "a", 3, "AB1", "FN", ""), entry(2, "a", 4, "AB1", "FN", "")],
            &[],
            &[(1, 2, "exact")],
        );
        check(&[entry(1, "a", 3, "AB1", "FN", ""), entry(2, "a", 400, "AB1", "FN", "")], &[(2, 1)], &[]);
    }

    #[test]
    fn an_entry_that_fits_two_contradicting_weapons_is_left_to_a_person() {
        let entries = [
            entry(1, "a", 3, "AB1", "FN", "9x19"),
            entry(2, "b", 3, "AB1", "FN", "7.62x25"),
            entry(3, "c", 3, "AB1", "FN", ""),
        ];
        check(&entries, &[], &[(1, 2, "conflict"), (1, 3, "exact"), (2, 3, "exact")]);
    }

    #[test]
    fn a_contradiction_with_any_entry_of_a_weapon_is_reported() {
        let entries = [
            entry(1, "a", 3, "AB1", "FN", "9x19"),
            entry(2, "b", 3, "AB1", "FN", "9x19"),
            entry(3, "c", 3, "AB1", "FN", "7.62x25"),
        ];
        check(&entries, &[(2, 1)], &[(1, 3, "conflict")]);
    }

    #[test]
    fn marks_components_and_holders_tell_weapons_apart() {
        let with = |id, file, change: Change| {
            let mut entry = entry(id, file, 3, "AB1", "FN", "");
            change(&mut entry);
            entry
        };
        let cases: [(Change, Change, &str); 5] = [
            (|e| e.series_mark = "㋑".into(), |e| e.series_mark = "㋺".into(), ""),
            (|e| e.component = "frame".into(), |e| e.component = "barrel".into(), ""),
            (|e| e.make = "△66".into(), |e| e.make = "★66".into(), ""),
            (|e| e.holder = "Depot 1".into(), |e| e.holder = "Depot 2".into(), "conflict"),
            (|e| e.status = "destroyed".into(), |e| e.status = "in service".into(), "conflict"),
        ];
        for (a, b, kind) in cases {
            let review = [(1, 2, kind)];
            let review = if kind.is_empty() { &review[..0] } else { &review[..] };
            check(&[with(1, "a", a), with(2, "b", b)], &[], review);
        }
    }

    #[test]
    fn likeness_is_proposed_and_never_merged() {
        for (a, b, kind) in [
            ("АВ1234", "AB1234", "other_reading"),
            ("00123", "123", "leading_zeros"),
            ("12-34", "1234", "separators"),
            ("AB1O3", "AB103", "confusable"),
        ] {
            check(&[entry(1, "a", 3, a, "FN", ""), entry(2, "b", 3, b, "FN", "")], &[], &[(1, 2, kind)]);
        }
    }

    #[test]
    fn consecutive_serials_and_other_makes_are_no_pair() {
        check(&[entry(1, "a", 3, "AB1234", "FN", ""), entry(2, "b", 3, "AB1235", "FN", "")], &[], &[]);
        check(&[entry(1, "a", 3, "AB1234", "FN", ""), entry(2, "b", 3, "AB1234", "Colt", "")], &[], &[]);
        check(&[entry(1, "a", 3, "AB1234", "", ""), entry(2, "b", 3, "AB1234", "", "")], &[], &[]);
    }

    #[test]
    fn a_file_that_failed_is_forgotten() {
        let mut linker = Linker::default();
        linker.add(1, link_entry(&entry(1, "a", 3, "AB1", "FN", "")));
        linker.add(2, link_entry(&entry(2, "b", 3, "AB1", "FN", "")));
        linker.forget_from(2);
        let found = linker.resolve(|_| Ok::<_, ()>(Vec::new())).unwrap();
        assert_eq!(found, Resolution::default());
    }
}
