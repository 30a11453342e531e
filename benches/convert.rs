//! The whole `convert` of a made-up CSV into an empty registry, beside `sqlite3 .import` of the same
//! file, in turn. Both have to give the right number of rows.
//!
//! `cargo bench -p matricule-benches` (ROWS=1000000 RUNS=5 by default; LINK=full proposes pairs too).

use std::path::Path;
use std::process::{Command, ExitCode};

use matricule_benches::{Fault, check, median, number, print_stages, request, stages, timed, write_ledger};
use matricule_mapping::Files;
use matricule_pipeline::{Silent, convert};
use matricule_report::Summary;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    matricule_benches::run("convert", run)
}

fn run() -> Result<(), Fault> {
    let (rows, runs) = (number("ROWS", 1_000_000), number("RUNS", 5));
    let folder = tempfile::tempdir()?;
    let ledger = folder.path().join("ledger.csv");
    let refused = write_ledger(&ledger, rows)?;
    let stages = stages(Files::shipped())?;
    let (mut ours, mut theirs, mut last) = (Vec::new(), Vec::new(), Summary::default());
    for _ in 0..runs {
        let registry = folder.path().join("registry.db");
        let (summary, time) = timed(|| convert(&stages, &request(&ledger, &registry), &Silent));
        last = summary?;
        check(&last, rows, refused)?;
        ours.push(time);
        std::fs::remove_file(&registry)?;
        theirs.extend(import(&ledger, folder.path(), rows)?);
    }
    report(rows, &last, median(ours), if theirs.is_empty() { 0.0 } else { median(theirs) });
    Ok(())
}

/// `sqlite3 .import` of the file; nothing where the machine has no `sqlite3`.
fn import(ledger: &Path, folder: &Path, rows: usize) -> Result<Option<std::time::Duration>, Fault> {
    let database = folder.join("import.db");
    let command = || {
        Command::new("sqlite3")
            .arg(&database)
            .args(["-cmd", ".mode csv"])
            .arg(format!(".import {} t", ledger.display()))
            .output()
    };
    let (output, time) = timed(command);
    if output.is_err() {
        return Ok(None);
    }
    let count = Command::new("sqlite3").arg(&database).arg("SELECT count(*) FROM t").output()?;
    let count = String::from_utf8_lossy(&count.stdout).trim().to_owned();
    std::fs::remove_file(&database)?;
    if count == rows.to_string() {
        Ok(Some(time))
    } else {
        Err(format!("sqlite3 imported {count} rows, not {rows}").into())
    }
}

fn report(rows: usize, last: &Summary, ours: f64, theirs: f64) {
    println!("{rows} rows, 15 columns; medians of alternate runs");
    println!("matricule convert   {ours:7.2} s");
    if theirs > 0.0 {
        println!("sqlite3 .import     {theirs:7.2} s   ratio {:.2}", ours / theirs);
    } else {
        println!("sqlite3 .import     not on this machine");
    }
    print_stages(last);
}
