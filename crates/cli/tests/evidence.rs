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

/// Changes one bit of one cell of a table; what was changed, or `None` where nothing could be.
fn change(registry: &Path, at: usize) -> Option<String> {
    let connection = Connection::open(registry).unwrap();
    connection.execute_batch("PRAGMA ignore_check_constraints = 1; PRAGMA foreign_keys = 0").unwrap();
    let names = |sql: &str, column: usize| -> Vec<String> {
        connection
            .prepare(sql)
            .unwrap()
            .query_map([], |row| row.get(column))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let tables = names("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", 0);
    let table = &tables[at % tables.len()];
    // Numbers of derived rows mean nothing: they are made anew with them.
    let columns = names(&format!("PRAGMA table_info({table})"), 1);
    let columns: Vec<&String> =
        columns.iter().filter(|name| !matches!(name.as_str(), "conflict_id" | "duplicate_id")).collect();
    let column = columns[at / 7 % columns.len()];
    let rows: i64 =
        connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
    let row = (i64::try_from(at).unwrap() * 31) % rows.max(1);
    let select = format!("SELECT \"{column}\" FROM {table} LIMIT 1 OFFSET {row}");
    let value: Value = connection.query_row(&select, [], |row| row.get(0)).ok()?;
    let changed = flipped(&value, at)?;
    let keys = names(&format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk"), 0)
        .join("\", \"");
    let update = format!(
        "UPDATE {table} SET \"{column}\" = ?1 WHERE (\"{keys}\") = (SELECT \"{keys}\" FROM {table} LIMIT 1 OFFSET {row})"
    );
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
    for at in (0..1200).step_by(if std::env::var_os("MATRICULE_BITS").is_some() { 1 } else { 83 }) {
        fs::copy(&whole, &copy).unwrap();
        if let Some(what) = change(&copy, at) {
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
