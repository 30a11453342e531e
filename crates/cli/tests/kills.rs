//! Death at any moment: a registry is what it was, or what it was to become.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use support::copy;
use support::trial::{TRIALS, Trial, audit, files, run, state};

/// Rows of the ledger: enough that most of the time goes into writing them.
const ROWS: usize = 900;

/// How many kills are tried in all: `MATRICULE_KILLS`, else one of each command. Where they are fewer than the
/// commands, the first ones are tried.
fn kills() -> usize {
    std::env::var("MATRICULE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(TRIALS.len())
}

fn start(folder: &Path, command: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_matricule"))
        .args(command.split(' '))
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Starts a command and kills it after a while; whether it was still running.
fn kill_at(folder: &Path, command: &str, after: Duration) -> bool {
    let mut child = start(folder, command);
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// Moments spread evenly over a span, in an order that no run of the command keeps step with.
fn moment(kill: usize, of: usize, span: Duration) -> Duration {
    let place = (kill * 7919) % of;
    span.mul_f64((place as f64 + 0.5) / of as f64)
}

fn check(trial: &Trial, kills: usize) {
    let before = tempfile::tempdir().unwrap();
    (trial.prepare)(before.path(), ROWS);
    let whole = tempfile::tempdir().unwrap();
    copy(before.path(), whole.path());
    let started = Instant::now();
    run(trial, whole.path());
    let span = started.elapsed().mul_f64(1.1);
    let (old, new) = (state(before.path()), state(whole.path()));
    assert_ne!(old, new, "{} does nothing", trial.name);
    let (mut killed, mut done) = (0, 0);
    for kill in 0..kills {
        let folder = tempfile::tempdir().unwrap();
        copy(before.path(), folder.path());
        killed += usize::from(kill_at(folder.path(), trial.command, moment(kill, kills, span)));
        let found = state(folder.path());
        assert!(found == old || found == new, "{}, kill {kill}: torn", trial.name);
        done += usize::from(found == new);
        // Nobody has to clean up: the same command again ends as if nothing had happened.
        if found == old {
            run(trial, folder.path());
            assert!(state(folder.path()) == new, "{}, kill {kill}: not repeatable", trial.name);
        }
        audit(folder.path());
        let names = |folder: &Path| files(folder).into_keys().collect::<Vec<_>>();
        if found == old {
            assert_eq!(names(folder.path()), names(whole.path()), "{}, kill {kill}", trial.name);
        }
    }
    // A machine that was busy when the whole run was timed runs faster now: earlier, then.
    let mut earlier = span / 4;
    while killed == 0 && earlier > Duration::from_millis(1) {
        let folder = tempfile::tempdir().unwrap();
        copy(before.path(), folder.path());
        killed += usize::from(kill_at(folder.path(), trial.command, earlier));
        let found = state(folder.path());
        assert!(found == old || found == new, "{}: torn after {earlier:?}", trial.name);
        earlier /= 2;
    }
    eprintln!("{}: {killed} of {kills} killed while they ran, {done} with everything in", trial.name);
    assert!(killed > 0, "{}: every run was over before it could be killed", trial.name);
}

#[test]
fn a_command_killed_at_any_moment_leaves_the_state_before_or_after_it() {
    let kills = kills();
    for trial in TRIALS.iter().take(kills) {
        check(trial, (kills / TRIALS.len()).max(1));
    }
}
