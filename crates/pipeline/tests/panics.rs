//! A panic anywhere in the flow ends the run with an error, and nothing is published.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use matricule_mapping::Files;
use matricule_pipeline::{Error, Progress, Split, Watch, convert};

use support::{request, stages};

/// A watcher who panics when a file is opened: the thread that reads does so, too.
struct PanicsAtFile;

impl Watch for PanicsAtFile {
    fn progress(&self, progress: Progress<'_>) {
        assert!(!matches!(progress, Progress::File { .. }), "no more files");
    }
}

#[test]
fn nothing_is_published_when_a_stage_panics() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ledger.csv"), "Serial No.,Make\nA 1,FN\n").unwrap();
    let request = request(folder.path(), "ledger.csv", Split { workers: 2, batch: 8 });
    let result = convert(&stages(Files::shipped(), None), &request, &PanicsAtFile);
    assert!(
        matches!(&result, Err(Error::Panicked { stage: "ingest", message }) if message.contains("no more files"))
    );
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["ledger.csv"]);
}
