//! `matricule review confirm` and `refuse`: decisions of a person, each in a run of its own that resolves anew.

use std::collections::BTreeMap;
use std::path::Path;

use matricule_loader::{Decision, Load, Manifest, Published};
use matricule_record::{DuplicateState, EntryFacts, EntryId, Resolution, message};

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
    check(&load, &resolution)?;
    Ok(Decided { published: Some(load.publish()?), recorded, unchanged })
}

/// Two decisions that cannot both hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Torn {
    /// The pair that is confirmed, and yet not one weapon.
    pub confirmed: (EntryId, EntryId),
    /// The refused pair of the same weapons, where one is known.
    pub refused: Option<(EntryId, EntryId)>,
    /// The entries with their addresses, in the same order.
    names: Vec<String>,
}

impl std::fmt::Display for Torn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = |at: usize| self.names.get(at).map(String::as_str).unwrap_or_default();
        let text = match self.refused {
            Some(_) => {
                message!("review-torn", a = name(0), b = name(1), x = name(2), y = name(3))
            }
            None => message!("review-torn-somewhere", a = name(0), b = name(1)),
        };
        f.write_str(&text)
    }
}

/// Whether every decision of a resolution holds beside the others.
pub(crate) fn check(load: &Load, resolution: &Resolution) -> Result<(), Error> {
    let Some((confirmed, refused)) = torn(resolution) else { return Ok(()) };
    let entries: Vec<EntryId> =
        [Some(confirmed), refused].into_iter().flatten().flat_map(|(a, b)| [a, b]).collect();
    let name = |facts: &EntryFacts| {
        let (file, sheet, row) = facts.address();
        format!("{} ({})", facts.id, format!("{file}!{sheet}!{row}").replace("!!", "!"))
    };
    let names = load.facts(&entries)?.iter().map(name).collect();
    Err(Error::Undecidable(Torn { confirmed, refused, names }))
}

type Pair = (EntryId, EntryId);

/// A confirmed pair that is not one weapon, and a refused one that keeps its weapons apart.
fn torn(resolution: &Resolution) -> Option<(Pair, Option<Pair>)> {
    let weapons: BTreeMap<EntryId, EntryId> = resolution.merged.iter().copied().collect();
    let weapon = |entry: EntryId| weapons.get(&entry).copied().unwrap_or(entry);
    let of_state = |state: DuplicateState| {
        resolution.duplicates.iter().filter(move |found| found.state == state).map(|d| (d.entry_a, d.entry_b))
    };
    let ends = |(a, b): Pair| (weapon(a).min(weapon(b)), weapon(a).max(weapon(b)));
    let confirmed = of_state(DuplicateState::Confirmed).find(|&(a, b)| weapon(a) != weapon(b))?;
    let refused = of_state(DuplicateState::Refused).find(|&pair| ends(pair) == ends(confirmed));
    Some((confirmed, refused))
}
