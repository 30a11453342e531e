//! A first build in parts: what it is built from, what it had counted, what is still to be read.

use std::collections::BTreeSet;
use std::path::Path;

use matricule_loader::{LeftBehind, Load, left_builds, remove_left_builds};
use matricule_record::message;
use sha2::{Digest, Sha256};

use crate::convert::Request;
use crate::known::Input;
use crate::writer::Tally;
use crate::{Error, Stages, Watch};

/// How a first build is committed in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// A part is committed at the end of a ledger when so many rows were read since the last.
    pub rows: u64,
    /// Whether to go on after the last part of the same build, where one was killed.
    pub resume: bool,
}

/// What is said of first builds that were cut off.
pub(crate) struct LeftBuilds<'a> {
    registry: &'a Path,
    watch: &'a dyn Watch,
    /// Whether one was to be gone on with.
    resume: bool,
    /// What was left behind before this run.
    left: LeftBehind,
}

impl<'a> LeftBuilds<'a> {
    /// To be made before the run opens its own: to look at a file ends the locks that this process has on it. Tells
    /// which ones cannot be read.
    pub fn of(request: &'a Request, watch: &'a dyn Watch) -> Self {
        let resume = request.parts.is_some_and(|parts| parts.resume);
        let left = if request.dry_run { LeftBehind::default() } else { left_builds(&request.registry) };
        for file in &left.unknown {
            watch.tell(&message!("build-unknown", file = file.display()));
        }
        Self { registry: &request.registry, watch, resume, left }
    }

    /// Once there is a registry, nothing goes on with what is left: it is removed, and that is told.
    pub fn remove(&self) {
        for file in remove_left_builds(self.registry).known {
            let registry = self.registry.display();
            self.watch.tell(&message!("build-removed", file = file.display(), registry = registry));
        }
    }

    /// Says so where a build was to be gone on with and `load`, which is begun, goes on with none.
    pub fn tell_begun(&self, load: &Load, is_in_parts: bool) -> Result<(), Error> {
        if !self.resume || load.progress()?.is_some() {
            return Ok(());
        }
        if !load.is_first_build() {
            self.tell_registry();
        } else if !is_in_parts {
            self.watch.tell(message!("resume-merged"));
        } else {
            self.watch.tell(message!("resume-nothing"));
        }
        let left = &self.left.known;
        if load.is_first_build() && !left.is_empty() {
            let files: Vec<String> = left.iter().map(|file| file.display().to_string()).collect();
            self.watch.tell(&message!("resume-others", files = files.join(", ")));
        }
        Ok(())
    }

    /// The same where nothing is new.
    pub fn tell_idle(&self) {
        if self.resume {
            self.tell_registry();
        }
    }

    fn tell_registry(&self) {
        self.watch.tell(&message!("resume-registry", registry = self.registry.display()));
    }

    /// Why a build that is kept was not published: unless there is a registry now, it can be gone on with.
    pub fn unfinished(&self, error: Error) -> Error {
        if !self.registry.exists() {
            return Error::Unfinished(Box::new(error));
        }
        self.remove();
        error
    }
}

/// A number that stands for all that a build is made from: the program, the ledgers, what is declared about them, the
/// mapping files, and which links are looked for. The day is left out: a build may go on after midnight.
pub(crate) fn inputs(stages: &Stages, request: &Request, input: &Input) -> u64 {
    let mut hasher = Sha256::new();
    let mut add = |text: &str| {
        hasher.update(text);
        hasher.update([0xff]);
    };
    add(env!("CARGO_PKG_VERSION"));
    add(&format!("{:?} {:?} {:?}", request.link, stages.overrides(), stages.profile()));
    for mapping in stages.stored() {
        [mapping.kind, &mapping.id, &mapping.digest].into_iter().for_each(&mut add);
    }
    for ledger in &input.ledgers {
        add(&ledger.relative);
        add(&ledger.sha256);
        for profile in ledger.profiles.iter() {
            // What cannot be read now says so when the ledger is.
            add(&std::fs::read_to_string(profile).unwrap_or_default());
        }
    }
    for (facts, finding) in &input.refused {
        add(&facts.path);
        add(finding.code.name());
    }
    let digest = hasher.finalize();
    digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// What was counted up to the last part that was committed.
pub(crate) fn counted(load: &Load) -> Result<Tally, Error> {
    let Some(progress) = load.progress()? else { return Ok(Tally::default()) };
    serde_json::from_str(&progress).map_err(|error| Error::Part(error.to_string()))
}

/// What is still to be read, after what was counted.
pub(crate) fn remaining(input: Input, counted: &Tally) -> Input {
    // Two ledgers of one run may have one name, in different folders.
    let done: BTreeSet<(&str, &str)> =
        counted.files.iter().map(|file| (&*file.path, file.sha256.as_str())).collect();
    let is_left = |path: &str, sha256: &str| !done.contains(&(path, sha256));
    Input {
        ledgers: input
            .ledgers
            .into_iter()
            .filter(|ledger| is_left(&ledger.relative, &ledger.sha256))
            .collect(),
        refused: input.refused.into_iter().filter(|(facts, _)| is_left(&facts.path, &facts.sha256)).collect(),
        ..input
    }
}
