//! A first build in parts: what it is built from, what it had counted, what is still to be read.

use std::collections::BTreeSet;

use matricule_loader::Load;
use sha2::{Digest, Sha256};

use crate::convert::Request;
use crate::known::Input;
use crate::writer::Tally;
use crate::{Error, Stages};

/// How a first build is committed in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// A part is committed at the end of a ledger when so many rows were read since the last.
    pub rows: u64,
    /// Whether to go on after the last part of the same build, where one was killed.
    pub resume: bool,
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
