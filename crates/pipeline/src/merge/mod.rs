//! `matricule convert other.db`: the ledgers that another registry holds, without their files.
//!
//! Each is read again from its kept rows, by its own profile, and is proven first: every row has to say here what the
//! other registry states. What persons said there about rows and pairs is taken over by places that mean the same in both.

mod proof;
mod said;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use matricule_ingest::KnownLedger;
use matricule_loader::{Load, PlacedDecision, Registry, StoredFile};
use matricule_record::{Code, FileFacts, Finding};

pub(crate) use self::proof::{is_same, prove};
pub(crate) use self::said::{Rulings, Standing, left_aside, not_taken_over, take_over};
use crate::known::Input;
use crate::rerun::profile;
use crate::{Error, audit};

/// A registry whose ledgers are taken over.
#[derive(Debug)]
pub(crate) struct Origin {
    path: PathBuf,
    /// The head of its chain of evidence when it was audited.
    head: String,
    /// Its last run.
    run: i64,
}

/// A ledger of another registry.
#[derive(Clone, Debug)]
pub(crate) struct MergedLedger {
    pub origin: Arc<Origin>,
    pub file: i64,
    pub facts: FileFacts,
    /// Whether its rows were proven to come out as that registry states them.
    pub is_proven: bool,
}

/// A decision of another registry.
#[derive(Clone, Debug)]
pub(crate) struct MergedDecision {
    pub origin: Arc<Origin>,
    pub decision: PlacedDecision,
    /// Whether the ledgers of its rows say the same here.
    pub is_founded: bool,
}

/// Divides arguments into those that are no registries, and what the registries hold.
pub(crate) fn gather(arguments: &[PathBuf], into: &Path) -> Result<(Vec<PathBuf>, Input), Error> {
    let (registries, others): (Vec<_>, Vec<_>) =
        arguments.iter().cloned().partition(|path| Registry::is_at(path));
    let mut input = Input::default();
    for path in registries {
        let registry = Registry::open(&path)?;
        let origin = Arc::new(origin(&registry, path, into)?);
        let stored = registry.stored()?;
        let ledger = |(file, facts)| MergedLedger { origin: origin.clone(), file, facts, is_proven: false };
        input.merged.extend(stored.ledgers()?.into_iter().map(ledger));
        input.refused_there.extend(stored.failed_files()?);
        let decision = |decision| MergedDecision { origin: origin.clone(), decision, is_founded: false };
        input.decisions.extend(stored.decisions()?.into_iter().map(decision));
        if !origin.is_unchanged(&registry)? {
            return Err(Error::NotMerged { registry: origin.path.clone(), reason: MOVED.to_owned() });
        }
    }
    Ok((others, input))
}

/// A registry that its own audit finds nothing wrong with.
fn origin(registry: &Registry, path: PathBuf, into: &Path) -> Result<Origin, Error> {
    let refuse = |reason: String| Error::NotMerged { registry: path.clone(), reason };
    if path.canonicalize().ok() == into.canonicalize().ok() {
        return Err(refuse("it is the registry that is written to; name another with --registry".to_owned()));
    }
    let audit = audit(registry, None)?;
    if let Some(check) = audit.checks.iter().find(|check| !check.findings.is_empty()) {
        let found = format!("{}: {}", check.name, check.findings[0]);
        let remedy = "see `matricule audit --registry` of it, and ask for a copy that is whole";
        return Err(refuse(format!("its audit finds something wrong with {found}; {remedy}")));
    }
    let run = registry.runs()?.last().map_or(0, |run| run.run_id);
    Ok(Origin { path, head: audit.head, run })
}

impl Origin {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its name, for messages.
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        name.to_string_lossy().into_owned()
    }

    /// Whether no run was published in it since it was audited: what was read until now is what was audited.
    fn is_unchanged(&self, registry: &Registry) -> Result<bool, Error> {
        Ok(registry.stored()?.head()? == self.head)
    }

    fn open(&self) -> Result<Registry, Error> {
        Ok(Registry::open(&self.path)?)
    }
}

impl MergedLedger {
    /// The ledger as its registry holds it; a finding where that registry changed since it was audited.
    fn stored(&self, registry: &Registry) -> Result<StoredFile, Finding> {
        let read = || -> Result<_, Error> {
            let file = registry.stored()?.ledger_numbered(self.file)?;
            Ok(if self.origin.is_unchanged(registry)? { file } else { None })
        };
        let moved = || refusal(format!("{}: {MOVED}", self.origin.name()));
        read().map_err(|error| refusal(error.to_string()))?.ok_or_else(moved)
    }

    /// The ledger as the reader knows it.
    pub fn known(&self) -> Result<KnownLedger, Finding> {
        let registry = self.origin.open().map_err(|error| refusal(error.to_string()))?;
        let file = self.stored(&registry)?;
        let read_by = profile::profile_of(&file).map_err(|error| refusal(error.to_string()))?;
        Ok(profile::known(&file, &read_by, &read_by))
    }
}

/// What is wrong with a registry in which a run was published meanwhile.
const MOVED: &str = "it changed while it was read; convert again";

/// Why a ledger is not taken over.
fn refusal(message: String) -> Finding {
    Finding::new(Code::L708, message).suggest(
        "Convert with the mapping files of that registry (--mappings), or bring it to yours first (matricule rerun --registry); otherwise convert the file of the ledger itself.",
    )
}

/// Records where the ledgers of other registries that this run loaded came from.
pub(crate) fn record_origins(load: &mut Load, merged: &[MergedLedger]) -> Result<(), Error> {
    for ledger in merged {
        if let Some(file) = loaded_now(load, ledger)? {
            let Origin { path, head, run } = &*ledger.origin;
            let cause = format!(
                "merged from {}: file {}, chain head {head} after run {run}",
                path.display(),
                ledger.file
            );
            load.came_from(file, &cause)?;
        }
    }
    Ok(())
}

/// The file that this run made of a ledger of another registry.
fn loaded_now(load: &Load, ledger: &MergedLedger) -> Result<Option<i64>, Error> {
    let loaded = load.loaded(&ledger.facts.sha256)?;
    Ok(loaded.filter(|loaded| loaded.run_id == load.run_id()).map(|loaded| loaded.file_id))
}
