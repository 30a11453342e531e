//! Every write, fsync, truncation, rename and link that a command makes fails once, each in turn: a full
//! disk, an error of the device, half a write. Calls are failed inside the process by a shim between
//! it and the C library, so those of SQLite and our own are all tried.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::copy;
use support::trial::{TRIALS, Trial, files, state};

/// Rows of the ledger.
const ROWS: usize = 300;

/// How many calls of each command are tried in each way, if not all: `MATRICULE_FAULTS=all`.
const TRIED: usize = 2;

/// The ways in which a call fails.
const KINDS: [&str; 3] = ["enospc", "eio", "short"];

/// The shim; `None` where the machine has no C compiler.
fn shim(folder: &Path) -> Option<PathBuf> {
    let (source, library) =
        (Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/fault.c"), folder.join("fault.so"));
    let output = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .output()
        .ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(library)
}

/// Runs a command with its `at`th call failing; none for 0.
fn run(trial: &Trial, folder: &Path, shim: &Path, (at, kind): (usize, &str)) -> Output {
    Command::new(env!("CARGO_BIN_EXE_matricule"))
        .args(trial.command.split(' '))
        .current_dir(folder)
        .env("LD_PRELOAD", shim)
        .env("FAULT_FOLDER", folder)
        .env("FAULT_AT", at.to_string())
        .env("FAULT_KIND", kind)
        .env("FAULT_COUNT", counter(trial, shim))
        .output()
        .unwrap()
}

/// Where the calls of a command are counted: trials run beside each other.
fn counter(trial: &Trial, shim: &Path) -> PathBuf {
    shim.with_file_name(trial.name)
}

/// A folder as it stands before a command.
fn folder_of(trial: &Trial) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    (trial.prepare)(folder.path(), ROWS);
    folder
}

/// A file without what SQLite counts in its header: how it keeps its journal, and how often it was written.
fn uncounted(mut bytes: Vec<u8>) -> Vec<u8> {
    for counter in [18..20, 24..28, 92..100] {
        if let Some(counter) = bytes.get_mut(counter) {
            counter.fill(0);
        }
    }
    bytes
}

fn uncounted_files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let is_registry = |name: &str| name == "registry.db";
    let files = files(folder).into_iter();
    files
        .map(|(name, bytes)| if is_registry(&name) { (name, uncounted(bytes)) } else { (name, bytes) })
        .collect()
}

/// What a command may leave when one of its calls fails.
fn check(trial: &Trial, before: &Path, whole: &Path, shim: &Path, fault: (usize, &str)) {
    let folder = tempfile::tempdir().unwrap();
    copy(before, folder.path());
    let output = run(trial, folder.path(), shim, fault);
    let place = format!("{}, call {} ({})", trial.name, fault.0, fault.1);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let left = |folder: &Path| files(folder).into_keys().collect::<Vec<_>>();
    if output.status.code() == Some(trial.status) {
        assert!(state(folder.path()) == state(whole), "{place}: said to be done, and is not");
        assert_eq!(left(folder.path()), left(whole), "{place}");
        return;
    }
    assert_eq!(output.status.code(), Some(2), "{place}: {said}");
    assert_ne!(fault.1, "short", "{place}: half a write is no fault: {said}");
    let names_a_place = said.contains(".db") || said.contains("report");
    assert!(names_a_place, "{place} does not say where: {said}");
    if said.contains("is published") {
        assert!(state(folder.path()) == state(whole), "{place}: {said}");
    } else {
        let (mut found, old) = (uncounted_files(folder.path()), uncounted_files(before));
        // Parts of a first build stay, and are gone on with.
        found.retain(|name, _| !(said.contains("--resume") && name.starts_with("registry.db.partial.")));
        assert_eq!(found.keys().collect::<Vec<_>>(), old.keys().collect::<Vec<_>>(), "{place}: {said}");
        assert!(found == old, "{place} changed a file: {said}");
        if said.contains("--resume") {
            support::trial::run(trial, folder.path());
            assert!(state(folder.path()) == state(whole), "{place}: not resumed");
            assert_eq!(left(folder.path()), left(whole), "{place}");
        }
    }
}

#[test]
fn a_call_that_fails_leaves_everything_as_it_was_and_is_told() {
    let tools = tempfile::tempdir().unwrap();
    let Some(shim) = shim(tools.path()) else {
        eprintln!("left out: there is no C compiler (cc)");
        return;
    };
    std::thread::scope(|scope| {
        for part in 0..THREADS {
            let shim = &shim;
            let trials = TRIALS.iter().enumerate().skip(part).step_by(THREADS);
            scope.spawn(move || trials.for_each(|(number, trial)| fail_calls(trial, number, shim)));
        }
    });
}

/// Trials that run at a time.
const THREADS: usize = 2;

fn fail_calls(trial: &Trial, number: usize, shim: &Path) {
    let all = std::env::var("MATRICULE_FAULTS").is_ok_and(|value| value == "all");
    let (before, whole) = (folder_of(trial), tempfile::tempdir().unwrap());
    copy(before.path(), whole.path());
    run(trial, whole.path(), shim, (0, KINDS[0]));
    // Not all: each command in one way.
    for (_, kind) in KINDS.into_iter().enumerate().filter(|(at, _)| all || number % KINDS.len() == *at) {
        let counted = tempfile::tempdir().unwrap();
        copy(before.path(), counted.path());
        let _ = fs::remove_file(counter(trial, shim));
        let output = run(trial, counted.path(), shim, (0, kind));
        assert_eq!(output.status.code(), Some(trial.status));
        let calls = fs::read(counter(trial, shim)).unwrap().len();
        assert!(calls > 10, "{}: only {calls} calls were seen", trial.name);
        let step = if all { 1 } else { calls.div_ceil(TRIED) };
        // The last calls are those of publishing, each of which matters.
        let tried = (1..=calls).filter(|at| at % step == 0 || *at + 2 > calls);
        for at in tried {
            check(trial, before.path(), whole.path(), shim, (at, kind));
        }
        eprintln!("{}, {kind}: {calls} calls, every {step}th failed once", trial.name);
    }
}
