//! A corrected table row that touches one entry in a hundred: `rerun --apply` beside the `convert` that loaded them,
//! by processor time, so that what else the machine does hardly counts. The answer has to be right.
//!
//! `cargo bench -p matricule-benches --bench rerun` (ROWS=1000000 by default).

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use matricule_benches::{Fault, number, processor_seconds, request, stages, write_ledger};
use matricule_mapping::Files;
use matricule_pipeline::{Act, AmendRequest, RerunRequest, Silent, amend, convert, rerun, undo};
use matricule_record::Field;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One row in so many has a serial with the letter whose table row is corrected.
const SHARE: usize = 100;

fn main() -> ExitCode {
    matricule_benches::run("rerun", run)
}

fn run() -> Result<(), Fault> {
    let rows = number("ROWS", 1_000_000);
    let folder = tempfile::tempdir()?;
    let ledger = folder.path().join("ledger.csv");
    write_ledger(&ledger, rows)?;
    let touched = touch(&ledger)?;
    let office = folder.path().join("office");
    fs::create_dir_all(office.join("scripts"))?;
    let table = "kind,from,to,when,source,note\nmap,Ю,YU,,office,overrides ICAO 9303\n";
    fs::write(office.join("scripts/cyrl-rus-icao9303.csv"), table)?;
    let act = Act {
        registry: folder.path().join("registry.db"),
        command: "cargo bench".to_owned(),
        operator: Some("bench".to_owned()),
    };
    let shipped = stages(Files::shipped())?;
    let (loaded, converting) = timed(|| convert(&shipped, &request(&ledger, &act.registry), &Silent));
    expect("loaded rows", loaded?.totals.rows_loaded, (rows - rows / 1000) as u64)?;
    let corrected = stages(Files::with_directory(&office)?)?;
    let (planned, planning) =
        timed(|| rerun(&corrected, &RerunRequest { act: act.clone(), apply: false, plan: None }, &Silent));
    expect("planned changes", planned?.plan.changes.len(), touched)?;
    let (done, applying) =
        timed(|| rerun(&corrected, &RerunRequest { act: act.clone(), apply: true, plan: None }, &Silent));
    expect("changes", done?.plan.changes.len(), touched)?;
    expect("corrected serials", serials(&act.registry, "YUIA*")?, touched)?;
    let values = vec![(Field::Remarks, "seen".to_owned())];
    let amendment = AmendRequest { act: act.clone(), entry: 7, values, reason: "seen".to_owned() };
    let (amended, amending) = timed(|| amend(&corrected, &amendment));
    amended?;
    let (undone, undoing) = timed(|| undo(&corrected, &act, 2));
    expect("entries put back", undone?.0.restated, touched as u64)?;
    expect("former serials", serials(&act.registry, "IUIA*")?, touched)?;
    println!("{rows} rows, {touched} of them touched; seconds of the processor");
    for (what, seconds) in [
        ("convert", converting),
        ("rerun, the plan", planning),
        ("rerun --apply, plan and all", applying),
        ("entries amend", amending),
        ("runs undo", undoing),
    ] {
        println!("{what:<28} {seconds:7.2}   {:5.1} % of convert", 100.0 * seconds / converting);
    }
    Ok(())
}

/// Does something and says how much of the processor's time it took.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let before = processor_seconds();
    let result = work();
    (result, processor_seconds() - before)
}

fn expect<T: Copy + PartialEq + std::fmt::Display>(what: &str, found: T, expected: T) -> Result<(), Fault> {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found}, not {expected}").into()) }
}

/// How many entries have a serial of that pattern at present.
fn serials(registry: &Path, pattern: &str) -> Result<usize, Fault> {
    let sql = format!("SELECT count(*) FROM v_entry WHERE serial GLOB '{pattern}'");
    let connection = rusqlite::Connection::open(registry)?;
    Ok(connection.query_row(&sql, [], |row| row.get::<_, u32>(0))? as usize)
}

/// Gives one row in [`SHARE`] a serial of its own with the letter; how many.
fn touch(ledger: &Path) -> Result<usize, Fault> {
    let text = fs::read_to_string(ledger)?;
    let mut touched = 0;
    let mut out = String::with_capacity(text.len() + text.len() / 50);
    for (row, line) in text.lines().enumerate() {
        let mut cells: Vec<&str> = line.split(',').collect();
        let serial = format!("ЮЯ {row:07}");
        if row % SHARE == SHARE / 2 {
            cells[1] = &serial;
            touched += 1;
        }
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    fs::write(ledger, out)?;
    Ok(touched)
}
