//! That a change of anything a registry holds is found, wherever it was made.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;
use support::{case, check, matricule};

/// Audits a registry; the exit status and what it says.
fn audit(registry: &Path) -> (i32, String) {
    let folder = registry.parent().unwrap();
    let output = matricule(folder, ["audit", "--registry", registry.to_str().unwrap()]);
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// One bit of a value changed; `None` for a value that has none to change.
fn flipped(value: &Value, at: usize) -> Option<Value> {
    Some(match value {
        Value::Text(text) if !text.is_empty() => {
            let mut bytes = text.clone().into_bytes();
            let place = at % bytes.len();
            bytes[place] ^= 1 << (at % 5);
            Value::Text(String::from_utf8(bytes).ok()?)
        }
        Value::Integer(number) => Value::Integer(number ^ (1 << (at % 8))),
        Value::Real(number) => Value::Real(f64::from_bits(number.to_bits() ^ (1 << (at % 52)))),
        _ => return None,
    })
}

/// Every column of every table.
fn columns(connection: &Connection) -> Vec<(String, String)> {
    let sql = "SELECT t.name, c.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c
               WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY 1, 2";
    let mut query = connection.prepare(sql).unwrap();
    query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

/// Changes one bit of one cell of a column that says something; what was changed, or `None` where nothing could be.
fn change(registry: &Path, (table, column): &(String, String), at: usize) -> Option<String> {
    let connection = Connection::open(registry).unwrap();
    connection.execute_batch("PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0").unwrap();
    let says = format!("FROM {table} WHERE \"{column}\" IS NOT NULL AND \"{column}\" <> ''");
    let rows: u32 = connection.query_row(&format!("SELECT count(*) {says}"), [], |row| row.get(0)).unwrap();
    let row = (at * 31) % rows.max(1) as usize;
    let one = format!("{says} LIMIT 1 OFFSET {row}");
    let value: Value =
        connection.query_row(&format!("SELECT \"{column}\" {one}"), [], |row| row.get(0)).ok()?;
    let changed = flipped(&value, at)?;
    let keys: String = connection
        .query_row(
            "SELECT coalesce(group_concat('\"' || name || '\"'), 'rowid') FROM pragma_table_info(?1) WHERE pk > 0",
            [table],
            |row| row.get(0),
        )
        .unwrap();
    let update = format!("UPDATE {table} SET \"{column}\" = ?1 WHERE ({keys}) = (SELECT {keys} {one})");
    let done = connection.execute(&update, [changed.clone()]).ok()?;
    (done == 1).then(|| format!("{table}.{column}: {value:?} → {changed:?}"))
}

#[test]
fn an_untouched_registry_is_clean_and_says_its_head() {
    let folder = case("tour");
    let said = check(folder.path(), "convert ledgers --json", 1);
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    let head = report["chain_head"].as_str().unwrap().to_owned();
    let (status, text) = audit(&folder.path().join("registry.db"));
    assert_eq!(status, 0, "{text}");
    assert!(text.contains(&head), "{text}");
    check(folder.path(), &format!("audit --expect {head}"), 0);
    check(folder.path(), &format!("audit --expect {}", "0".repeat(64)), 1);
}

#[test]
fn a_single_bit_that_was_changed_is_found() {
    flip_bits("declared");
}

#[test]
fn a_single_bit_of_chambers_and_events_that_was_changed_is_found() {
    flip_bits("values");
}

fn flip_bits(name: &str) {
    let folder = case(name);
    check(folder.path(), "convert ledgers", 1);
    // Something of everything that later runs write: statements, changes, amendments, states.
    check(folder.path(), "entries amend 1 --set remarks=seen --reason inspection --operator rk", 0);
    check(folder.path(), "entries amend 2 --set remarks=seen --reason inspection --operator rk", 0);
    check(folder.path(), "runs undo 2", 0);
    check(folder.path(), "review refuse 1 2 --operator tester --reason seen", 0);
    let (whole, copy) = (folder.path().join("registry.db"), folder.path().join("changed.db"));
    let (mut changed, mut missed) = (0, Vec::new());
    let columns = columns(&Connection::open(&whole).unwrap());
    // A few of them in an ordinary run, others in each of its tests; all of them several times where that is asked.
    let all = std::env::var_os("MATRICULE_BITS").is_some();
    let tries = if all { columns.len() * 6 } else { columns.len() };
    for at in (name.len()..tries).step_by(if all { 1 } else { 13 }) {
        fs::copy(&whole, &copy).unwrap();
        if let Some(what) = change(&copy, &columns[at % columns.len()], at) {
            changed += 1;
            if audit(&copy).0 == 0 {
                missed.push(what);
            }
        }
    }
    assert!(changed > 6, "only {changed} changes could be made");
    assert!(
        missed.is_empty(),
        "{} of {changed} changes were not found:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

/// What is damaged by hand, where that is, and the commands that read it.
const DAMAGE: [(&str, &str, &[&str]); 11] = [
    ("entry SET cells = '[\"AB12\"' WHERE entry_id = 1", "book.csv!3: `cells`", &[PROFILE, AMEND, ERASE]),
    ("entry SET carried = '{\"x\":\"\"}' WHERE entry_id = 1", "book.csv!3: `carried`", &[PROFILE, AMEND]),
    // One byte that is no text any more.
    ("entry SET extra = CAST(x'7bff7d' AS TEXT) WHERE entry_id = 2", "book.csv!5: `extra`", &[]),
    ("entry SET flags = '[{\"code\":\"W999\"}]' WHERE entry_id = 2", "book.csv!5: `flags`", &[EXPORT]),
    ("reject SET cells = '{}'", "book.csv!4: `cells`", &[EXPORT, PROFILE, ERASE]),
    ("skipped_row SET cells = '[1]' WHERE skipped_id = 1", "book.csv!1: `cells`", &[PROFILE, ERASE]),
    ("finding SET field = 'sreial'", "book.csv!4: `field`", &[EXPORT, PROFILE, ERASE]),
    ("finding SET code = 'T999'", "book.csv!4: `code`", &[EXPORT, PROFILE]),
    ("amendment SET field = 'remarsk'", "book.csv!5: `field`", &[PROFILE]),
    ("former SET content = '{'", "book.csv!5: `content`", &[ERASE, "runs undo 2"]),
    ("sheet SET settings = '{\"reading\":\"smell\"}'", "book.csv: `settings`", &[PROFILE, AMEND]),
];

const PROFILE: &str = "rerun --profile new.toml --ledger book.csv";
const AMEND: &str = "entries amend 1 --set remarks=x --reason seen --operator rk";
const ERASE: &str = "erase --person Zapf --reason request --operator rk";
const EXPORT: &str = "rejects export --report repair";

/// Changes a registry behind its back.
fn damage(registry: &Path, change: &str) {
    let connection = Connection::open(registry).unwrap();
    assert!(connection.execute(&format!("UPDATE {change}"), []).unwrap() > 0, "{change}");
}

#[test]
fn what_is_damaged_is_never_read_as_something_empty() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let ledger = "Register of rifles\nSerial No.,Make,Model,Type,Country of manufacture,Year,Holder\n\
        AB12,FN,FAL,rifle,BE,1970,Zapf\n△,FN,FAL,rifle,BE,1971,Zapf\nAB13,FN,FAL,rifle,BE,1972,Other\n";
    fs::write(folder.join("book.csv"), ledger).unwrap();
    fs::write(folder.join("new.toml"), "[ledger]\nregister = \"police\"\n").unwrap();
    let (file, whole, all) = (folder.join("registry.db"), folder.join("whole.db"), folder.join("all.db"));
    check(folder, "convert book.csv", 1);
    check(folder, "entries amend 2 --set remarks=seen --reason inspection --operator rk", 0);
    fs::copy(&file, &whole).unwrap();
    fs::copy(&file, &all).unwrap();
    for (change, told, commands) in DAMAGE {
        for command in commands {
            fs::copy(&whole, &file).unwrap();
            damage(&file, change);
            let output = matricule(folder, command.split(' '));
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{change}: {command}: {said}");
            assert!(said.contains(told), "{change}: {command} does not say {told}: {said}");
        }
        // The later ones hide the earlier ones nowhere.
        damage(&all, change);
    }
    let (status, text) = audit(&all);
    assert_eq!(status, 1, "{text}");
    for (change, told, _) in DAMAGE {
        assert!(text.contains(told), "{change}: the audit does not say {told}:\n{text}");
    }
    assert!(text.contains("chain head") && text.contains("derived again"), "it goes to its end: {text}");
    check(folder, "find AB12 --registry all.db", 0);
    let output = matricule(folder, ["convert", "all.db", "--registry", "new.db"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!folder.join("new.db").exists());
}

/// What a registry holds beside its rows, or says of them where no digest looks, and what the audit says of it.
const TAMPERING: [(&str, &str); 7] = [
    ("DROP INDEX entry_serial", "the index entry_serial is missing"),
    ("DROP VIEW v_change", "the view v_change is missing"),
    (
        "DROP VIEW v_change; CREATE VIEW v_change AS SELECT * FROM change WHERE field <> 'make'",
        "the view v_change is not the one",
    ),
    (
        "CREATE TRIGGER hide AFTER UPDATE ON entry BEGIN DELETE FROM change; END",
        "the trigger hide is not of this program",
    ),
    ("CREATE TABLE notes (text TEXT) STRICT", "the table notes is not of this program"),
    ("UPDATE entry SET stated_by = 2 WHERE entry_id = 1", "entry 1 is said to be stated by run 2"),
    (
        "INSERT INTO reject (reject_id, file_id, sheet_id, row, run_id, cells, state) VALUES (99, 1, 1, 3, 2, '[]', 'open')",
        "reject 99 stands where run 2 refused no row",
    ),
];

#[test]
fn what_no_digest_covers_is_compared_with_what_the_program_makes() {
    let folder = case("tour");
    let folder = folder.path();
    check(folder, "convert ledgers", 1);
    check(folder, "entries amend 7 --set remarks=seen --reason inspection --operator rk", 0);
    check(folder, "find --index", 0);
    let (file, whole) = (folder.join("registry.db"), folder.join("whole.db"));
    assert_eq!(audit(&file).0, 0);
    fs::copy(&file, &whole).unwrap();
    for (change, told) in TAMPERING {
        fs::copy(&whole, &file).unwrap();
        Connection::open(&file).unwrap().execute_batch(change).unwrap();
        let (status, text) = audit(&file);
        assert_eq!(status, 1, "{change}: {text}");
        assert!(text.contains(told), "{change}: the audit does not say {told}:\n{text}");
    }
    // The registry ends in the midst of its pages.
    let bytes = fs::read(&whole).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let output = matricule(folder, ["audit"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("the file is damaged"), "{said}");
    // One page of it says something else.
    let mut bytes = fs::read(&whole).unwrap();
    let at = bytes.len() / 2;
    bytes[at..at + 4096].fill(0xff);
    fs::write(&file, &bytes).unwrap();
    let (status, text) = audit(&file);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("The registry is not as its runs left it"), "{text}");
}
