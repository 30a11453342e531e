//! The resolution of a part of a registry: the entries that a run touched, and those that can be connected with
//! them, before the run or since.
//!
//! By exact links entries are connected that have one identity, and so one canonical serial, or on which a person
//! decided. All that is concluded of entries follows from what they are connected with, directly or through
//! others. So whatever is connected with a touched entry is resolved anew, and the rest stands: the outcome is
//! that of a whole resolution, at a cost that follows what was touched.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use matricule_deduplication::{Linker, link_entry};
use matricule_loader::{Load, Touched};
use matricule_record::{EntryFacts, EntryId, LinkMode, Resolution, Ruling};

use crate::Error;

/// Where more than one entry in so many was touched, all are read in their order: that is quicker than to look
/// each of them up.
const SHARE: u64 = 8;

/// Resolves what this run touched, where what was derived before allows it; `None` where it does not.
pub(super) fn exact(load: &mut Load) -> Result<Option<Resolution>, Error> {
    if !load.is_derived_by(LinkMode::Exact)? {
        return Ok(None);
    }
    let touched = load.touched()?;
    if touched.entries.len() as u64 * SHARE > load.last_entry()?.cast_unsigned() {
        return Ok(None);
    }
    let neighbourhood = Neighbourhood::of(load, touched)?;
    let mut linker = Linker::new(true);
    for (&entry, facts) in &neighbourhood.present {
        linker.add(entry, link_entry(facts));
    }
    let present = |asked: &[EntryId]| -> Result<Vec<EntryFacts>, Error> {
        Ok(asked.iter().filter_map(|entry| neighbourhood.present.get(entry).cloned()).collect())
    };
    let resolution = linker.resolve(&neighbourhood.rulings, present)?;
    load.resolve_part(&resolution, LinkMode::Exact, &neighbourhood.all)?;
    Ok(Some(resolution))
}

/// Entries that are connected with no others.
#[derive(Default)]
struct Neighbourhood {
    /// Those that are present.
    present: BTreeMap<EntryId, EntryFacts>,
    /// All, those that are present no more included.
    all: BTreeSet<EntryId>,
    /// What was decided on them.
    rulings: Vec<Ruling>,
}

impl Neighbourhood {
    fn of(load: &Load, touched: Touched) -> Result<Self, Error> {
        let rulings = load.rulings()?;
        let mut decided: HashMap<EntryId, Vec<EntryId>> = HashMap::new();
        for ruling in &rulings {
            decided.entry(ruling.a).or_default().push(ruling.b);
            decided.entry(ruling.b).or_default().push(ruling.a);
        }
        let mut found = Self { all: touched.entries.clone(), ..Self::default() };
        let mut serials = touched.serials.clone();
        let (mut new_serials, mut new_entries) = (touched.serials, touched.entries);
        while !new_serials.is_empty() || !new_entries.is_empty() {
            let mut met: Vec<EntryFacts> = Vec::new();
            for serial in std::mem::take(&mut new_serials) {
                met.extend(load.with_canonical(&serial)?);
            }
            let mut named = std::mem::take(&mut new_entries);
            // Most entries are met by their serials, and are not read again.
            let read: HashSet<EntryId> = met.iter().map(|facts| facts.id).collect();
            let is_new = |entry: &EntryId| !read.contains(entry) && !found.present.contains_key(entry);
            let left: Vec<EntryId> = named.iter().copied().filter(is_new).collect();
            met.extend(load.facts(&left)?);
            named.extend(met.iter().map(|facts| facts.id));
            for entry in named {
                found.all.insert(entry);
                let others = decided.get(&entry).into_iter().flatten();
                new_entries.extend(others.filter(|other| !found.all.contains(other)));
            }
            for facts in met {
                if !facts.canonical.is_empty() && !serials.contains(facts.canonical.as_str()) {
                    let canonical = facts.canonical.to_string();
                    serials.insert(canonical.clone());
                    new_serials.insert(canonical);
                }
                found.present.insert(facts.id, facts);
            }
        }
        found.rulings = rulings.into_iter().filter(|ruling| found.all.contains(&ruling.a)).collect();
        Ok(found)
    }
}
