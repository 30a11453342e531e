//! Commands that write, as data: what stands before each, and what is run. Kills and faults try them all;
//! a command that writes is added here and nowhere else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{check, check_conservation, content, copy, matricule, registry, root, rows};

/// A command that writes to a registry.
pub struct Trial {
    /// What it is, for messages.
    pub name: &'static str,
    /// Makes what stands before it, in a folder of its own.
    pub prepare: fn(&Path, usize),
    /// The command. Run again after a kill, it has to end as if it had never been killed.
    pub command: &'static str,
    /// Its exit status when nothing happens to it.
    pub status: i32,
}

/// Every command that writes, those first that write most.
pub const TRIALS: [Trial; 11] = [
    Trial { name: "a first build", prepare: put_ledger, command: "convert large.csv", status: 1 },
    Trial {
        name: "a first build in parts",
        prepare: put_ledgers,
        command: "convert ledgers --resume --part 1",
        status: 1,
    },
    Trial { name: "an addition", prepare: put_registry, command: "convert large.csv", status: 1 },
    Trial { name: "a re-run", prepare: correct_table, command: RERUN, status: 0 },
    Trial { name: "an undo", prepare: rerun, command: "runs undo 2", status: 0 },
    Trial { name: "an import of corrections", prepare: repair, command: IMPORT, status: 0 },
    Trial { name: "another profile", prepare: put_profile, command: PROFILE, status: 0 },
    Trial { name: "a merge", prepare: put_other, command: "convert other.db", status: 1 },
    Trial { name: "an amendment", prepare: load_ledger, command: AMEND, status: 0 },
    Trial { name: "a decision", prepare: load_ledger, command: DECIDE, status: 0 },
    Trial { name: "the index of parts of serials", prepare: load_ledger, command: "find --index", status: 0 },
];

const RERUN: &str = "rerun --mappings office --apply";
const IMPORT: &str = "rejects import repaired.csv --operator tester";
const PROFILE: &str = "rerun --profile new.toml --ledger large.csv --apply";
const AMEND: &str = "entries amend 7 --set make=Zastava --reason seen --operator tester";
const DECIDE: &str = "review refuse 1 2 --operator tester --reason seen";

fn put_ledger(folder: &Path, rows: usize) {
    put_large(&folder.join("large.csv"), rows);
}

/// The rows in several ledgers.
fn put_ledgers(folder: &Path, rows: usize) {
    fs::create_dir(folder.join("ledgers")).unwrap();
    for ledger in 0..LEDGERS {
        let path = folder.join(format!("ledgers/{ledger}.csv"));
        write_rows(&path, (1 + ledger * rows / LEDGERS)..=((ledger + 1) * rows / LEDGERS));
    }
}

/// How many those are.
const LEDGERS: usize = 6;

fn put_registry(folder: &Path, rows: usize) {
    copy(&root().join("samples/refused/ledgers"), &folder.join("ledgers"));
    put_ledger(folder, rows);
    check(folder, "convert ledgers", 1);
}

/// Two registries; persons said something in the one that is merged in.
fn put_other(folder: &Path, rows: usize) {
    put_registry(folder, rows);
    check(folder, "convert large.csv --registry other.db", 1);
    check(folder, &format!("{AMEND} --registry other.db"), 0);
    check(folder, &format!("{DECIDE} --registry other.db"), 0);
}

fn load_ledger(folder: &Path, rows: usize) {
    put_ledger(folder, rows);
    check(folder, "convert large.csv", 1);
}

/// A registry of serials whose letter is corrected since.
fn correct_table(folder: &Path, rows: usize) {
    put_ledger(folder, rows);
    let ledger = fs::read_to_string(folder.join("large.csv")).unwrap().replace(",AB", ",ХА");
    fs::write(folder.join("large.csv"), ledger).unwrap();
    let scripts = folder.join("office/scripts");
    fs::create_dir_all(&scripts).unwrap();
    let table = "kind,from,to,when,source,note\nmap,Х,H,,office,overrides ICAO 9303\n";
    fs::write(scripts.join("cyrl-rus-icao9303.csv"), table).unwrap();
    check(folder, "convert large.csv --language ru", 1);
}

fn rerun(folder: &Path, rows: usize) {
    correct_table(folder, rows);
    check(folder, RERUN, 0);
}

/// A registry whose refused rows are repaired.
fn repair(folder: &Path, rows: usize) {
    load_ledger(folder, rows);
    let refused = fs::read_to_string(folder.join("matricule-report/rejected-safe.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(refused.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|known| known == name).unwrap();
    let mut writer = csv::Writer::from_path(folder.join("repaired.csv")).unwrap();
    writer.write_record(&header).unwrap();
    for (at, record) in reader.records().enumerate() {
        let mut cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        "correct".clone_into(&mut cells[column("action")]);
        cells[column("correct_B")] = format!("ZZ{at:05}");
        writer.write_record(&cells).unwrap();
    }
    writer.flush().unwrap();
}

fn put_profile(folder: &Path, rows: usize) {
    load_ledger(folder, rows);
    fs::write(folder.join("new.toml"), "[ledger]\nregister = \"police\"\n").unwrap();
}

/// A ledger of many rows, some of them refused.
pub fn put_large(path: &Path, rows: usize) {
    write_rows(path, 1..=rows);
}

fn write_rows(path: &Path, rows: std::ops::RangeInclusive<usize>) {
    let mut text = "No,Serial No.,Make,Model,Type,Calibre,Country of manufacture,Year\n".to_owned();
    for row in rows {
        let serial = if row % 97 == 0 { "△".to_owned() } else { format!("AB{row:06}") };
        text.push_str(&format!("{row},{serial},FN,FAL,rifle,7.62x51,BE,19{:02}\n", row % 90));
    }
    fs::write(path, text).unwrap();
}

/// What a registry says, whole: its public content, its runs, its changes and the chain over them;
/// `None` where there is none. What is torn does not pass.
pub fn state(folder: &Path) -> Option<Vec<Vec<String>>> {
    if !folder.join("registry.db").exists() {
        return None;
    }
    let db = registry(folder);
    assert_eq!(rows(&db, "PRAGMA integrity_check").concat(), ["ok"]);
    check_conservation(&db);
    let mut state = content(&db);
    state.extend(rows(&db, "SELECT run_id, state, rows_read, rows_loaded FROM v_run ORDER BY 1"));
    state.extend(rows(
        &db,
        "SELECT entry_id, run_id, field, before, after, cause FROM v_change ORDER BY 1, 2, 3",
    ));
    state.extend(rows(&db, "SELECT name FROM sqlite_master ORDER BY 1"));
    Some(state)
}

/// Every file of a folder, by its path in it.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            let inside =
                files(&entry.path()).into_iter().map(|(path, bytes)| (format!("{name}/{path}"), bytes));
            found.extend(inside);
        } else {
            found.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    found
}

/// Runs the command of a trial to its end.
pub fn run(trial: &Trial, folder: &Path) {
    check(folder, trial.command, trial.status);
}

/// Whether the registry is what its runs wrote.
pub fn audit(folder: &Path) {
    let output = matricule(folder, ["audit"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}
