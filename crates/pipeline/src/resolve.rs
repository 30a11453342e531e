//! What the entries of a registry describe, concluded anew after a run changed some of them.

use matricule_deduplication::{Linker, link_entry};
use matricule_loader::Load;
use matricule_record::Resolution;

use crate::Error;

/// Resolves all present entries, those of this run included, and records the conclusion.
pub(crate) fn all(load: &mut Load, exact_only: bool) -> Result<Resolution, Error> {
    let mut linker = Linker::new(exact_only);
    load.present(|entry| linker.add(entry.id, link_entry(&entry)))?;
    let resolution = linker.resolve(|entries| load.facts(entries))?;
    load.resolve(&resolution)?;
    Ok(resolution)
}
