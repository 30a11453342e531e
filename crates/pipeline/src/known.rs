//! Which ledgers a registry already has: the same bytes are not loaded twice, and another version of
//! a loaded ledger is not loaded beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use matricule_ingest::LedgerFile;
use matricule_loader::LoadedFile;
use matricule_record::{Code, FileFacts, Finding, RejectedRow, Text};
use matricule_report::{FileFinding, FileState, FileSummary, LeftAside};

use crate::Error;

/// What a registry is asked.
pub(crate) trait Holdings {
    /// The loaded file with these bytes.
    fn with_bytes(&self, sha256: &str) -> Result<Option<LoadedFile>, Error>;
    /// The loaded file under this path.
    fn with_path(&self, path: &str) -> Result<Option<LoadedFile>, Error>;
}

impl Holdings for matricule_loader::Registry {
    fn with_bytes(&self, sha256: &str) -> Result<Option<LoadedFile>, Error> {
        Ok(self.loaded(sha256)?)
    }
    fn with_path(&self, path: &str) -> Result<Option<LoadedFile>, Error> {
        Ok(self.loaded_path(path)?)
    }
}

impl Holdings for matricule_loader::Load {
    fn with_bytes(&self, sha256: &str) -> Result<Option<LoadedFile>, Error> {
        Ok(self.loaded(sha256)?)
    }
    fn with_path(&self, path: &str) -> Result<Option<LoadedFile>, Error> {
        Ok(self.loaded_path(path)?)
    }
}

/// Ledgers divided by what is to be done with them.
#[derive(Default)]
pub(crate) struct Sorted {
    /// To be read.
    pub new: Vec<LedgerFile>,
    /// Not to be read, and why.
    pub known: Vec<FileSummary>,
    /// Copies of another ledger of this run.
    pub copies: Vec<LeftAside>,
}

/// Asks a registry about each ledger.
pub(crate) fn sort(ledgers: Vec<LedgerFile>, registry: &dyn Holdings) -> Result<Sorted, Error> {
    let mut sorted = Sorted::default();
    let mut seen: BTreeMap<Text, Arc<str>> = BTreeMap::new();
    for ledger in ledgers {
        if let Some(first) = seen.get(&ledger.sha256) {
            let reason = format!("the same bytes as {first}, which this run has");
            sorted.copies.push(LeftAside { path: ledger.relative.to_string(), reason });
            continue;
        }
        seen.insert(ledger.sha256.clone(), Arc::clone(&ledger.relative));
        if let Some(loaded) = registry.with_bytes(&ledger.sha256)? {
            sorted.known.push(already(&ledger, &loaded));
        } else if let Some(loaded) = registry.with_path(&ledger.relative)? {
            sorted.known.push(other_version(&ledger, &loaded));
        } else {
            sorted.new.push(ledger);
        }
    }
    Ok(sorted)
}

fn facts(ledger: &LedgerFile) -> FileFacts {
    FileFacts {
        path: Arc::clone(&ledger.relative),
        sha256: ledger.sha256.clone(),
        bytes: ledger.bytes,
        format: ledger.format.name().into(),
        ..FileFacts::default()
    }
}

fn already(ledger: &LedgerFile, loaded: &LoadedFile) -> FileSummary {
    let state = FileState::AlreadyLoaded { run_id: loaded.run_id, run_status: u8::from(loaded.has_rejects) };
    FileSummary::new(&facts(ledger), state, Vec::new(), Vec::new())
}

fn other_version(ledger: &LedgerFile, loaded: &LoadedFile) -> FileSummary {
    let message = format!("run {} loaded this ledger with other content; nothing of the new version was loaded.", loaded.run_id);
    let finding = Finding::new(Code::L702, message)
        .suggest("Keep the version that is loaded, or convert the corrected ledgers into a new registry.");
    let row = RejectedRow::whole(Arc::clone(&ledger.relative), "".into(), finding);
    FileSummary::new(&facts(ledger), FileState::Refused, Vec::new(), FileFinding::all(&row))
}
