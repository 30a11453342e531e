//! Which ledgers a registry already knows: the same bytes are not loaded twice, and a file that was refused
//! and still is is not recorded again.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use matricule_ingest::{Event, Ingest, KnownLedger, LedgerFile};
use matricule_loader::{Load, LoadedFile, Registry};
use matricule_record::{Code, FileFacts, Finding, RejectedRow, Text};
use matricule_report::{FileFinding, FileState, FileSummary, LeftAside};

use crate::Error;
use crate::writer::other_ledger;

/// What a registry is asked.
pub(crate) trait Holdings {
    /// The loaded file with these bytes.
    fn with_bytes(&self, sha256: &str) -> Result<Option<LoadedFile>, Error>;
    /// The loaded file under this path.
    fn with_path(&self, path: &str) -> Result<Option<LoadedFile>, Error>;
    /// Why the file with this path and these bytes was refused.
    fn failed_with(&self, path: &str, sha256: &str) -> Result<Vec<Code>, Error>;
}

macro_rules! holdings {
    ($($registry:ty),*) => {$(
        impl Holdings for $registry {
            fn with_bytes(&self, sha256: &str) -> Result<Option<LoadedFile>, Error> {
                Ok(self.loaded(sha256)?)
            }
            fn with_path(&self, path: &str) -> Result<Option<LoadedFile>, Error> {
                Ok(self.loaded_path(path)?)
            }
            fn failed_with(&self, path: &str, sha256: &str) -> Result<Vec<Code>, Error> {
                Ok(self.failed(path, sha256)?)
            }
        }
    )*};
}

holdings!(Registry, Load);

/// A registry that is not there yet.
pub(crate) struct Nothing;

impl Holdings for Nothing {
    fn with_bytes(&self, _: &str) -> Result<Option<LoadedFile>, Error> {
        Ok(None)
    }
    fn with_path(&self, _: &str) -> Result<Option<LoadedFile>, Error> {
        Ok(None)
    }
    fn failed_with(&self, _: &str, _: &str) -> Result<Vec<Code>, Error> {
        Ok(Vec::new())
    }
}

/// What a run reads: ledgers, and files that are refused before they are opened.
#[derive(Default)]
pub(crate) struct Input {
    pub ledgers: Vec<LedgerFile>,
    pub refused: Vec<(FileFacts, Finding)>,
    /// A ledger that the registry holds, to be read by another profile.
    pub again: Option<KnownLedger>,
}

/// An input divided by what is to be done with it.
#[derive(Default)]
pub(crate) struct Sorted {
    /// To be read.
    pub new: Input,
    /// Not to be read, and why.
    pub known: Vec<FileSummary>,
    /// Copies of another ledger of this run.
    pub copies: Vec<LeftAside>,
}

/// Asks a registry about each file.
pub(crate) fn sort(input: Input, registry: &dyn Holdings, ingest: &Ingest<'_>) -> Result<Sorted, Error> {
    let mut sorted = Sorted::default();
    let mut seen: BTreeMap<Text, Arc<str>> = BTreeMap::new();
    for ledger in input.ledgers {
        if let Some(first) = seen.get(&ledger.sha256) {
            let reason = format!("the same bytes as {first}");
            sorted.copies.push(LeftAside { path: ledger.relative.to_string(), reason });
            continue;
        }
        seen.insert(ledger.sha256.clone(), Arc::clone(&ledger.relative));
        match known(&ledger, registry, ingest)? {
            Some(summary) => sorted.known.push(summary),
            None => sorted.new.ledgers.push(ledger),
        }
    }
    for (facts, finding) in input.refused {
        if registry.failed_with(&facts.path, &facts.sha256)? == [finding.code] {
            sorted.known.push(refused(&facts, FileState::Failed, finding));
        } else {
            sorted.new.refused.push((facts, finding));
        }
    }
    Ok(sorted)
}

/// What is known of a ledger; `None` where it is to be read.
fn known(
    ledger: &LedgerFile,
    registry: &dyn Holdings,
    ingest: &Ingest<'_>,
) -> Result<Option<FileSummary>, Error> {
    if let Some(loaded) = registry.with_bytes(&ledger.sha256)? {
        let state =
            FileState::AlreadyLoaded { run_id: loaded.run_id, run_status: u8::from(loaded.has_rejects) };
        return Ok(Some(FileSummary::new(&ledger.facts(), state, Vec::new(), Vec::new())));
    }
    let before = registry.failed_with(&ledger.relative, &ledger.sha256)?;
    if before == [Code::L702] && registry.with_path(&ledger.relative)?.is_some() {
        return Ok(Some(refused(&ledger.facts(), FileState::Failed, other_ledger())));
    }
    let again = if before.is_empty() { None } else { failure(ledger, ingest) };
    Ok(again
        .filter(|finding| before == [finding.code])
        .map(|finding| refused(&ledger.facts(), FileState::Failed, finding)))
}

/// Why a ledger is refused before it gives a row; `None` where it gives one, or nothing is wrong.
fn failure(ledger: &LedgerFile, ingest: &Ingest<'_>) -> Option<Finding> {
    let mut failure = None;
    ingest.read(ledger, &mut |event| match event {
        Event::Row(_) => ControlFlow::Break(()),
        Event::Failed(_, finding) => {
            failure = Some(finding);
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    });
    failure
}

fn refused(facts: &FileFacts, state: FileState, finding: Finding) -> FileSummary {
    let row = RejectedRow::whole(Arc::clone(&facts.path), "".into(), finding);
    FileSummary::new(facts, state, Vec::new(), FileFinding::all(&row))
}
