//! `inspect`: what it shows, and that the profile which it writes reads the ledger as before.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::path::{Path, PathBuf};

use support::{case, check, matricule, registry, rows};

/// Every ledger of a folder, with the profile beside it.
fn ledgers(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            ledgers(&path, found);
        } else if path.extension().is_none_or(|ending| ending != "toml") {
            found.push(path);
        }
    }
}

/// What becomes of each row of a ledger.
fn outcome(folder: &Path, arguments: &[&str]) -> Vec<Vec<String>> {
    let _ = std::fs::remove_file(folder.join("registry.db"));
    let report = ["--registry", "registry.db", "--report", "report"];
    let output = matricule(folder, [&["convert"], arguments, &report].concat());
    assert!(output.status.code().is_some_and(|status| status < 2), "{arguments:?}: {output:?}");
    let db = registry(folder);
    let mut found = rows(
        &db,
        "SELECT sheet, row, serial, serial_original, no_serial, make, model, type, calibre, country_of_manufacture,
                year_of_manufacture, registered_on, remarks, originals, flags, extra FROM v_entry ORDER BY sheet, row",
    );
    found.extend(rows(
        &db,
        "SELECT sheet, row, code, field, message FROM v_reject ORDER BY sheet, row, finding",
    ));
    found.extend(rows(
        &db,
        "SELECT sheet, rows_read, rows_loaded, rows_rejected, rows_skipped FROM v_sheet ORDER BY sheet",
    ));
    found
}

#[test]
fn a_written_profile_reads_the_ledger_as_before() {
    // Of the tour every third ledger, as each is converted twice.
    for (name, step) in [("tour", 3), ("declared", 1), ("layouts", 1)] {
        let folder = case(name);
        let mut found = Vec::new();
        ledgers(&folder.path().join("ledgers"), &mut found);
        found.sort();
        for ledger in found.into_iter().step_by(step) {
            let ledger = ledger.to_str().unwrap();
            let profile = folder.path().join("written.toml");
            let profile = profile.to_str().unwrap();
            let shown = matricule(folder.path(), ["inspect", ledger, "--write-profile", profile]);
            assert!(shown.status.success(), "{ledger}: {shown:?}");
            let before = outcome(folder.path(), &[ledger]);
            let after = outcome(folder.path(), &[ledger, "--profile", profile]);
            let text = std::fs::read_to_string(profile).unwrap();
            assert_eq!(after, before, "{ledger}\n{text}");
            assert!(text.contains("[columns]"), "{text}");
            std::fs::remove_file(profile).unwrap();
        }
    }
}

#[test]
fn a_profile_is_never_written_over() {
    let folder = case("layouts");
    let profile = folder.path().join("ledger.toml");
    std::fs::write(&profile, "# mine\n").unwrap();
    let arguments = ["inspect", "ledgers/02-stacked-en.csv", "--write-profile", "ledger.toml"];
    let output = matricule(folder.path(), arguments);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(std::fs::read_to_string(&profile).unwrap(), "# mine\n");
    let output = matricule(folder.path(), ["inspect", "ledgers", "--write-profile", "new.toml"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn what_is_seen_is_shown_with_its_evidence() {
    let folder = case("layouts");
    let shown =
        check(folder.path(), "inspect ledgers/02-stacked-en.csv ledgers/01-two-lines-ru.xlsx --skipped", 0);
    for part in [
        "delimiter comma, quote \" (most rows have 5 columns; 5 known header words; no quotes",
        "Serial No.",
        "(header words: en 5",
        "table     other columns from row 9 on",
        "rows      4 records, 0 refused here; skipped: title 2, header 2, blank 1, subtotal 1",
        "rows      5 records, 0 refused here; skipped: title 1, header 3, repeat_header 3, blank 1, subtotal 1, footer 1",
        "repeat_header",
        "Итого",
    ] {
        assert!(shown.contains(part), "{part:?} is not in\n{shown}");
    }
}

#[test]
fn a_fault_of_a_vocabulary_is_told_with_its_line() {
    let folder = case("tour");
    let said = check(folder.path(), "mappings check", 0);
    assert!(said.contains(" vocabularies: 0 faults."), "{said}");
    let words = folder.path().join("office/vocabulary");
    std::fs::create_dir_all(&words).unwrap();
    std::fs::write(words.join("status.csv"), "value,language,word\nlosst,en,gone away\n").unwrap();
    let said = check(folder.path(), "mappings check --mappings office", 1);
    let expect = "M502 office/vocabulary/status.csv:2:1: `losst` is no value of vocabulary/status.csv; did you mean `lost`?";
    assert!(said.contains(expect), "{said}");
}
