//! Which ledgers a registry already knows: the same bytes are not loaded twice, and a file that was refused
//! and still is is not recorded again.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use matricule_ingest::{Event, Ingest, KnownLedger, LedgerFile};
use matricule_loader::{Load, LoadedFile, Registry, Stored};
use matricule_record::{Code, FileFacts, Finding, RejectedRow, Text, message};
use matricule_report::{FileFinding, FileState, FileSummary, LeftAside};

use crate::merge::{self, MergedDecision, MergedLedger, Rulings, Standing};
use crate::writer::other_ledger;
use crate::{Error, Stages, Watch};

/// What a registry is asked.
pub(crate) trait Holdings {
    /// The loaded file with these bytes.
    fn with_bytes(&self, sha256: &str) -> Result<Option<LoadedFile>, Error>;
    /// The loaded file under this path.
    fn with_path(&self, path: &str) -> Result<Option<LoadedFile>, Error>;
    /// Why the file with this path and these bytes was refused.
    fn failed_with(&self, path: &str, sha256: &str) -> Result<Vec<Code>, Error>;
    /// All that it holds; `None` where it is not there yet, or is of an older version, which a run brings up to date.
    fn stored(&self) -> Result<Option<Stored<'_>>, Error>;
}

macro_rules! holdings {
    ($($registry:ty: $stored:expr),*) => {$(
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
            fn stored(&self) -> Result<Option<Stored<'_>>, Error> {
                let stored: fn(&Self) -> matricule_loader::Result<Option<Stored<'_>>> = $stored;
                Ok(stored(self)?)
            }
        }
    )*};
}

holdings!(
    Registry: |registry| if registry.is_current()? { registry.stored().map(Some) } else { Ok(None) },
    Load: |load| Ok(Some(load.stored()))
);

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
    fn stored(&self) -> Result<Option<Stored<'_>>, Error> {
        Ok(None)
    }
}

/// What a run reads: ledgers, and files that are refused before they are opened.
#[derive(Default)]
pub(crate) struct Input {
    pub ledgers: Vec<LedgerFile>,
    pub refused: Vec<(FileFacts, Finding)>,
    /// A ledger that the registry holds, to be read by another profile.
    pub again: Option<KnownLedger>,
    /// Ledgers of other registries.
    pub merged: Vec<MergedLedger>,
    /// Files that other registries refused as a whole.
    pub refused_there: Vec<(FileFacts, Finding)>,
    /// Decisions of other registries.
    pub decisions: Vec<MergedDecision>,
}

impl Input {
    /// Whether there is nothing to read and nothing to decide.
    pub fn is_idle(&self, registry: &dyn Holdings) -> Result<bool, Error> {
        let Some(stored) = registry.stored()? else { return Ok(false) };
        let rulings = Rulings::of(&stored)?;
        for decision in &self.decisions {
            if matches!(rulings.standing(&stored, decision)?, Standing::New(..)) {
                return Ok(false);
            }
        }
        Ok(self.ledgers.is_empty() && self.refused.is_empty() && self.merged.is_empty())
    }
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
pub(crate) fn sort(
    mut input: Input,
    registry: &dyn Holdings,
    (stages, watch): (&Stages, &dyn Watch),
) -> Result<Sorted, Error> {
    let ingest = stages.ingest();
    let mut sorted = Sorted::default();
    let mut seen: BTreeMap<Text, Arc<str>> = BTreeMap::new();
    let says_the_same = sort_merged(&mut input, (registry, stages, watch), &mut seen, &mut sorted)?;
    for ledger in input.ledgers {
        if let Some(first) = seen.get(&ledger.sha256) {
            let reason = message!("aside-same-bytes", first = first);
            sorted.copies.push(LeftAside { path: ledger.relative.to_string(), reason });
            continue;
        }
        seen.insert(ledger.sha256.clone(), Arc::clone(&ledger.relative));
        match known(&ledger, registry, &ingest)? {
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
    // A decision rests on what its rows say there: without their ledgers it is about other rows.
    for mut merged in input.decisions {
        let (a, b) = &merged.decision.places;
        let is_same = [a, b].map(|place| {
            says_the_same.get(&(merged.origin.path().to_owned(), Text::from(place.sha256.as_str())))
        });
        // A ledger that is not met again was met before.
        merged.is_founded = is_same.iter().all(|same| same.copied().unwrap_or(merged.is_founded));
        if merged.is_founded {
            sorted.new.decisions.push(merged);
        } else {
            sorted.copies.push(merge::left_aside(&merged, message!("merge-unfounded")));
        }
    }
    Ok(sorted)
}

/// Sorts the ledgers of other registries; whether each says the same here as there, by its registry and SHA-256.
/// Those that are refused stand with the refused files afterwards.
fn sort_merged(
    input: &mut Input,
    (registry, stages, watch): (&dyn Holdings, &Stages, &dyn Watch),
    seen: &mut BTreeMap<Text, Arc<str>>,
    sorted: &mut Sorted,
) -> Result<BTreeMap<(PathBuf, Text), bool>, Error> {
    let mut says_the_same = BTreeMap::new();
    let file = |ledger: &LedgerFile| (Arc::clone(&ledger.relative), ledger.sha256.clone());
    let mut paths: BTreeMap<Arc<str>, Text> = input.ledgers.iter().map(file).collect();
    for mut ledger in std::mem::take(&mut input.merged) {
        if watch.is_interrupted() {
            return Err(Error::Interrupted);
        }
        let facts = ledger.facts.clone();
        if let Some(first) = seen.insert(facts.sha256.clone(), Arc::clone(&facts.path)) {
            let reason = message!("aside-same-bytes-merged", first = first, ledger = ledger.origin.name());
            sorted.copies.push(LeftAside { path: facts.path.to_string(), reason });
            continue;
        }
        let loaded = registry.with_bytes(&facts.sha256)?;
        let is_taken = paths.get(&facts.path).is_some_and(|sha256| *sha256 != facts.sha256)
            || registry.with_path(&facts.path)?.is_some_and(|other| other.sha256 != *facts.sha256);
        let proof = match (&loaded, registry.stored()?) {
            (Some(loaded), Some(stored)) => merge::is_same(&ledger, &stored, loaded.file_id)?,
            _ if is_taken => Err(path_taken(&facts)),
            _ if ledger.is_proven => Ok(()),
            _ => merge::prove(stages, &ledger),
        };
        says_the_same.insert((ledger.origin.path().to_owned(), facts.sha256.clone()), proof.is_ok());
        match (proof, loaded) {
            (Err(finding), _) => input.refused.push((facts, finding)),
            (Ok(()), Some(loaded)) => {
                sorted.known.push(FileSummary::new(&facts, already(&loaded), Vec::new(), Vec::new()));
            }
            (Ok(()), None) => {
                ledger.is_proven = true;
                paths.insert(Arc::clone(&facts.path), facts.sha256.clone());
                sorted.new.merged.push(ledger);
            }
        }
    }
    for (facts, finding) in std::mem::take(&mut input.refused_there) {
        if !seen.contains_key(&facts.sha256) && registry.with_bytes(&facts.sha256)?.is_none() {
            input.refused.push((facts, finding));
        }
    }
    Ok(says_the_same)
}

fn already(loaded: &LoadedFile) -> FileState {
    FileState::AlreadyLoaded { run_id: loaded.run_id, run_status: u8::from(loaded.has_rejects) }
}

/// Why a ledger of another registry is not taken over whose path means other bytes here.
fn path_taken(facts: &FileFacts) -> Finding {
    let message = message!("l702-merged", path = facts.path);
    Finding::new(Code::L702, message).suggest(message!("l702-merged-repair"))
}

/// What is known of a ledger; `None` where it is to be read.
fn known(
    ledger: &LedgerFile,
    registry: &dyn Holdings,
    ingest: &Ingest<'_>,
) -> Result<Option<FileSummary>, Error> {
    if let Some(loaded) = registry.with_bytes(&ledger.sha256)? {
        return Ok(Some(FileSummary::new(&ledger.facts(), already(&loaded), Vec::new(), Vec::new())));
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
