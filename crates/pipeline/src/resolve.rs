//! The resolution of a registry: which of its present entries are one weapon, with every decision that was made.
//!
//! [`registry`] or [`again`] is called by every command that changed entries or decisions, inside its transaction
//! and after its last change. What they conclude depends on the present entries and on decisions alone; [`again`]
//! resolves no more than what the run touched where that gives the same.

mod part;

use matricule_deduplication::{Linker, Register, link_entry};
use matricule_loader::{Load, Registry};
use matricule_record::{EntryFacts, EntryId, LinkMode, Resolution, Ruling};

use crate::Error;

/// Where entries are asked for.
trait Entries {
    fn visit(&self, visitor: &mut dyn FnMut(EntryFacts)) -> Result<(), Error>;
    fn facts(&self, entries: &[EntryId]) -> Result<Vec<EntryFacts>, Error>;
    fn rulings(&self) -> Result<Vec<Ruling>, Error>;
}

impl Entries for Load {
    fn visit(&self, visitor: &mut dyn FnMut(EntryFacts)) -> Result<(), Error> {
        Ok(self.present(visitor)?)
    }
    fn facts(&self, entries: &[EntryId]) -> Result<Vec<EntryFacts>, Error> {
        Ok(Self::facts(self, entries)?)
    }
    fn rulings(&self) -> Result<Vec<Ruling>, Error> {
        Ok(Self::rulings(self)?)
    }
}

impl Entries for Registry {
    fn visit(&self, visitor: &mut dyn FnMut(EntryFacts)) -> Result<(), Error> {
        Ok(Self::facts(self, visitor)?)
    }
    fn facts(&self, entries: &[EntryId]) -> Result<Vec<EntryFacts>, Error> {
        Ok(self.facts_of(entries)?)
    }
    fn rulings(&self) -> Result<Vec<Ruling>, Error> {
        Ok(Self::rulings(self)?)
    }
}

/// Resolves all present entries of a registry and replaces what was derived before.
pub fn registry(load: &mut Load, mode: LinkMode) -> Result<Resolution, Error> {
    let resolution = resolution(load, mode)?;
    load.resolve(&resolution, mode)?;
    Ok(resolution)
}

/// Resolves again what this run may have changed, as the last run that resolved did. Of what it returns only
/// that much is certain: it may leave out what stands.
pub(crate) fn again(load: &mut Load) -> Result<Resolution, Error> {
    let mode = load.link_mode()?.unwrap_or_default();
    revised(load, mode)
}

/// The same in a mode: where that is another than before, all is resolved.
pub(crate) fn revised(load: &mut Load, mode: LinkMode) -> Result<Resolution, Error> {
    match mode {
        LinkMode::Exact => match part::exact(load)? {
            Some(resolution) => Ok(resolution),
            None => registry(load, LinkMode::Exact),
        },
        LinkMode::Full => registry(load, LinkMode::Full),
    }
}

/// The same where the keys of all present entries were gathered while rows streamed.
pub(crate) fn gathered(load: &mut Load, linker: Linker, mode: LinkMode) -> Result<Resolution, Error> {
    let rulings = load.rulings()?;
    let resolution = match mode {
        LinkMode::Exact => linker.resolve(&rulings, |entries| load.facts(entries))?,
        LinkMode::Full => {
            let mut register = Register::new(linker)?;
            load.present(|entry| register.add_keyed(&entry))?;
            register.resolve(&rulings, |entries| Entries::facts(&*load, entries))?
        }
    };
    load.resolve(&resolution, mode)?;
    Ok(resolution)
}

/// Why two entries have their odds, in words, whether or not anything links them; nothing where the registry was resolved
/// without the model.
pub fn explained(registry: &Registry, (a, b): (EntryId, EntryId)) -> Result<Vec<String>, Error> {
    let asked = registry.facts_of(&[a, b])?;
    let ([a, b], LinkMode::Full) = (asked.as_slice(), registry.link_mode()?.unwrap_or_default()) else {
        return Ok(Vec::new());
    };
    let mut register = Register::new(Linker::new(false))?;
    Entries::visit(registry, &mut |entry| register.add(&entry))?;
    Ok(register.explain(a, b)?)
}

/// What the present entries of a registry come to; nothing is written.
pub fn derived(registry: &Registry, mode: LinkMode) -> Result<Resolution, Error> {
    resolution(registry, mode)
}

fn resolution(entries: &dyn Entries, mode: LinkMode) -> Result<Resolution, Error> {
    let rulings = entries.rulings()?;
    let facts = |asked: &[EntryId]| entries.facts(asked);
    match mode {
        LinkMode::Exact => {
            let mut linker = Linker::new(true);
            entries.visit(&mut |entry| linker.add(entry.id, link_entry(&entry)))?;
            linker.resolve(&rulings, facts)
        }
        LinkMode::Full => {
            let mut register = Register::new(Linker::new(false))?;
            entries.visit(&mut |entry| register.add(&entry))?;
            register.resolve(&rulings, facts)
        }
    }
}
