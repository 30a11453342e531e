//! What names a person is erased by law, wherever the registry keeps it, and the evidence of all the rest stands.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;

use support::{check, matricule, registry, rows};

const HEADER: &str =
    "Serial No.,Make,Model,Type,Country of manufacture,Status,Holder,Father's name,Remarks\n";

/// A registry of loaded, refused and hidden rows that name one person, who is written in two ways, and others.
fn convert(folder: &Path) {
    fs::create_dir(folder.join("ledgers")).unwrap();
    let ledger = format!(
        "{HEADER}AB 1001,FN,FAL,rifle,BE,in service,Quirin Zapf,Odilo Zapf,seen by Quirin Zapf\n\
         AB 1002,FN,FAL,rifle,BE,in service,Other Body,,\n\
         △,FN,FAL,rifle,BE,in service,quirin  ZAPF,,\n\
         AB 1004,FN,FAL,rifle,BE,in service,Quirin Zapf,,\n"
    );
    fs::write(folder.join("ledgers/depot.csv"), ledger).unwrap();
    check(folder, "convert ledgers", 1);
    let amend =
        ["entries", "amend", "3", "--set", "holder=Third Body", "--reason", "sold", "--operator", "rk"];
    assert_eq!(matricule(folder, amend).status.code(), Some(0));
    let amend =
        ["entries", "amend", "2", "--set", "holder=Quirin Zapf", "--reason", "bought", "--operator", "rk"];
    assert_eq!(matricule(folder, amend).status.code(), Some(0));
    check(folder, "audit", 0);
}

fn erase(folder: &Path, what: &[&str], status: i32) -> String {
    let mut arguments = vec!["erase", "--reason", "request 7", "--operator", "rk"];
    arguments.extend(what);
    let output = matricule(folder, arguments);
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{what:?}: {said}");
    said
}

/// Whether the bytes of the registry hold a text, in any case.
fn holds(folder: &Path, text: &str) -> bool {
    let bytes = fs::read(folder.join("registry.db")).unwrap().to_ascii_lowercase();
    bytes.windows(text.len()).any(|window| window == text.to_ascii_lowercase().as_bytes())
}

fn head(folder: &Path) -> String {
    let sql = "SELECT chain FROM run ORDER BY run_id DESC LIMIT 1";
    rows(&registry(folder), sql).remove(0).remove(0)
}

#[test]
fn a_person_is_erased_everywhere_and_the_chain_holds() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    convert(folder);
    let before = head(folder);
    let serials = "SELECT entry_id, serial, serial_original, make FROM v_entry ORDER BY entry_id";
    let told = rows(&registry(folder), serials);
    let bytes = fs::read(folder.join("registry.db")).unwrap();

    let said = erase(folder, &["--person", "Quirin Zapf", "--remarks"], 0);
    assert!(
        said.contains(
            "Of 4 rows: 3 entries in 5 statements, 1 refused rows, 0 skipped rows, 4 lines of the log."
        ),
        "{said}"
    );
    assert!(said.contains("Nothing was changed."), "{said}");
    assert!(head(folder) == before && holds(folder, "Quirin Zapf"));
    assert!(bytes == fs::read(folder.join("registry.db")).unwrap(), "what is only shown leaves no trace");

    erase(folder, &["--person", "Quirin Zapf", "--remarks", "--apply"], 0);
    for gone in ["Zapf", "Odilo", "Third Body", "Other Body"] {
        assert!(!holds(folder, gone), "{gone} is still there");
    }
    check(folder, "audit", 0);
    check(folder, &format!("audit --expect {before}"), 0);
    assert_eq!(rows(&registry(folder), serials), told);
    let named = "SELECT count(*) FROM v_entry WHERE holder IS NOT NULL OR remarks IS NOT NULL";
    assert_eq!(rows(&registry(folder), named), [["0"]]);

    // There is nothing left to erase, nothing to undo, and later runs go on.
    erase(folder, &["--person", "Quirin Zapf", "--apply"], 1);
    let undone = matricule(folder, ["runs", "undo", "4", "--operator", "rk"]);
    assert!(String::from_utf8_lossy(&undone.stderr).contains("what it erased is gone"), "{undone:?}");
    check(folder, "rerun", 0);
    let amend = ["entries", "amend", "1", "--set", "holder=Depot 4", "--reason", "moved", "--operator", "rk"];
    assert_eq!(matricule(folder, amend).status.code(), Some(0));
    check(folder, "runs undo 5 --operator rk", 0);
    check(folder, "audit", 0);
    check(folder, &format!("audit --expect {before}"), 0);
}

#[test]
fn only_the_row_asked_for_is_erased() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    convert(folder);
    let said = erase(folder, &["--entry", "1", "--apply"], 0);
    assert!(said.contains("depot.csv") && said.contains("1 entries in 1 statements"), "{said}");
    let rest = "SELECT entry_id, holder, remarks, cells FROM entry ORDER BY entry_id LIMIT 2";
    let rest = rows(&registry(folder), rest);
    assert_eq!(rest[0][1..3], ["", "seen by Quirin Zapf"], "remarks are asked for apart");
    assert!(rest[0][3].contains("AB 1001") && !rest[0][3].contains("Odilo"), "{}", rest[0][3]);
    assert_eq!(rest[1][1], "Quirin Zapf");
    erase(folder, &["--reject", "1", "--apply"], 0);
    let refused = rows(&registry(folder), "SELECT cells FROM reject");
    assert!(refused[0][0].contains('△') && !refused[0][0].contains("ZAPF"), "{refused:?}");
    check(folder, "audit", 0);
}

#[test]
fn what_is_left_is_part_of_the_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    convert(folder);
    erase(folder, &["--person", "Quirin Zapf", "--apply"], 0);
    let registry = folder.join("registry.db");
    let erased = fs::read(&registry).unwrap();
    for change in [
        "UPDATE entry SET holder = 'X' WHERE entry_id = 1",
        "UPDATE entry SET erased = NULL WHERE entry_id = 1",
        "UPDATE entry SET make = 'X' WHERE entry_id = 1",
        "UPDATE reject SET cells = '[]'",
        "UPDATE former SET content = json_set(content, '$.holder', 'X')",
        "UPDATE change SET after = 'X'",
        "UPDATE amendment SET cell = 'X'",
        "DELETE FROM erasure WHERE erasure_id = 1",
        "UPDATE erasure SET remaining = erased WHERE erasure_id = 1",
    ] {
        fs::write(&registry, &erased).unwrap();
        rusqlite::Connection::open(&registry).unwrap().execute_batch(change).unwrap();
        assert_ne!(matricule(folder, ["audit"]).status.code(), Some(0), "{change}");
    }
}

#[test]
fn what_is_to_be_erased_has_to_be_named() {
    let folder = tempfile::tempdir().unwrap();
    convert(folder.path());
    let said = erase(folder.path(), &["--apply"], 2);
    assert!(said.contains("--entry") && said.contains("--person"), "{said}");
}

#[test]
fn a_person_whom_only_a_former_version_names_in_a_column_without_field_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("ledgers")).unwrap();
    for father in ["Odilo Zapf", "Somebody Else"] {
        let ledger = format!("{HEADER}AB 1001,FN,FAL,rifle,BE,in service,,{father},\n");
        fs::write(folder.join("ledgers/depot.csv"), ledger).unwrap();
        check(folder, "convert ledgers", 0);
    }
    assert!(holds(folder, "Odilo Zapf"));
    erase(folder, &["--person", "Odilo Zapf", "--apply"], 0);
    assert!(!holds(folder, "Zapf"));
    check(folder, "audit", 0);
}
