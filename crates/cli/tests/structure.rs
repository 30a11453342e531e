//! The structure of the code: who imports whom, and that ARCHITECTURE.md speaks of what is there.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;

use support::root;

const GROUND: [&str; 3] = ["record", "text", "mapping"];
const STAGES: [&str; 6] =
    ["ingest", "standardization", "transliteration", "deduplication", "loader", "report"];

/// The crates of ours that a crate imports, tests aside.
fn imports(name: &str) -> BTreeSet<String> {
    let manifest = std::fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).unwrap();
    let dependencies = manifest.split("\n[dependencies]").nth(1).unwrap_or_default();
    let dependencies = dependencies.split("\n[").next().unwrap_or_default();
    dependencies
        .lines()
        .filter_map(|line| Some(line.strip_prefix("matricule-")?.split(['.', ' ', '=']).next()?.to_owned()))
        .collect()
}

fn crates() -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("crates")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn imports_go_downwards_only() {
    for name in crates() {
        let allowed: Vec<&str> = match name.as_str() {
            "record" => Vec::new(),
            "text" => vec!["record"],
            "mapping" => vec!["record", "text"],
            stage if STAGES.contains(&stage) => GROUND.to_vec(),
            "pipeline" => [&GROUND[..], &STAGES[..]].concat(),
            "cli" => [&GROUND[..], &STAGES[..], &["pipeline"]].concat(),
            other => panic!("crates/{other} has no place in the dependency direction of ARCHITECTURE.md"),
        };
        for import in imports(&name) {
            assert!(allowed.contains(&import.as_str()), "crates/{name} may not import {import}");
        }
    }
}

#[test]
fn only_the_pipeline_has_threads_and_queues() {
    for name in crates().iter().filter(|name| name.as_str() != "pipeline") {
        let manifest = std::fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).unwrap();
        assert!(!manifest.contains("crossbeam"), "crates/{name} has queues of its own");
    }
}

#[test]
fn architecture_names_every_crate_and_no_other() {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let headings: BTreeSet<String> =
        page.lines().filter_map(|line| Some(line.strip_prefix("### crates/")?.to_owned())).collect();
    assert_eq!(headings, crates());
    let folders = page
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .filter(|heading| !heading.starts_with("crates/"));
    for folder in folders {
        assert!(root().join(folder).is_dir(), "ARCHITECTURE.md speaks of {folder}/, which is not there");
    }
    let files = page.split('`').filter(|word| word.starts_with("crates/") && word.contains(".rs"));
    for file in files.filter(|file| !file.contains('<')) {
        assert!(root().join(file).exists(), "ARCHITECTURE.md names {file}, which is not there");
    }
}

#[test]
fn a_field_is_one_line_and_a_migration() {
    let db = rusqlite::Connection::open_in_memory().unwrap();
    let migrations = root().join("crates/loader/migrations");
    let mut files: Vec<_> =
        std::fs::read_dir(migrations).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        db.execute_batch(&std::fs::read_to_string(file).unwrap()).unwrap();
    }
    let columns: BTreeSet<String> =
        support::rows(&db, "SELECT name FROM pragma_table_info('entry')").into_iter().flatten().collect();
    for field in matricule_record::Field::ALL {
        assert!(columns.contains(field.name()), "the migrations have no column for the field {field}");
    }
}
