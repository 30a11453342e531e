//! Another registry merged in: the same as if its ledgers had been converted here, and nothing lost without a word.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;

use support::{case, check, matricule, registry, root, rows};

const HEADER: &str = "Serial No.,Manufacturer,Model,Type,Calibre,Country of manufacture,Holder\n";
const OFFICE: &str = "kind,from,to,when,source,note\nmap,Х,H,,office,overrides ICAO 9303\n";

fn digest(folder: &Path, name: &str) -> String {
    check(folder, &format!("audit --digest --registry {name}"), 0)
}

/// The sample ledgers divided among two offices, the second with files that are refused as a whole, too.
fn offices() -> tempfile::TempDir {
    let folder = case("tour");
    for entry in fs::read_dir(folder.path().join("ledgers")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let number: u32 = name[..2].parse().unwrap();
        let office = folder.path().join(if number % 2 == 1 { "one" } else { "two" });
        fs::create_dir_all(&office).unwrap();
        fs::rename(folder.path().join("ledgers").join(&name), office.join(&name)).unwrap();
    }
    for name in ["I101-damaged.xlsx", "I105-undecodable.csv", "T302-mixed.csv"] {
        fs::copy(root().join("samples/refused/ledgers").join(name), folder.path().join("two").join(name))
            .unwrap();
    }
    folder
}

/// Merges one registry into another; the same as all ledgers in one.
fn check_merge(link: &str, directions: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = offices();
    let here = folder.path();
    for (ledgers, name) in [("one", "one.db"), ("two", "two.db"), ("one two", "all.db")] {
        check(here, &format!("convert {ledgers} --registry {name} --link {link}"), 1);
    }
    let all = digest(here, "all.db");
    for (into, other) in directions {
        let merged = format!("into-{into}");
        fs::copy(here.join(into), here.join(&merged)).unwrap();
        check(here, &format!("convert {other} --registry {merged} --link {link}"), 1);
        assert_eq!(digest(here, &merged), all, "{other} into {into}");
    }
    folder
}

#[test]
fn a_merged_registry_is_what_all_ledgers_come_to_with_exact_links() {
    let folder = check_merge("exact", &[("one.db", "two.db"), ("two.db", "one.db")]);
    let here = folder.path();
    check(here, "audit --registry into-one.db", 0);
    let before = fs::read(here.join("into-one.db")).unwrap();
    let again = check(here, "convert two.db --registry into-one.db --link exact", 1);
    assert!(again.contains("nothing was written"), "{again}");
    assert!(fs::read(here.join("into-one.db")).unwrap() == before, "merging twice changes nothing");
    check(here, "runs undo 2 --registry into-one.db", 0);
    check(here, "audit --registry into-one.db", 0);
}

#[test]
fn a_merged_registry_is_what_all_ledgers_come_to_with_full_links() {
    let folder = check_merge("full", &[("one.db", "two.db")]);
    let here = folder.path();
    check(here, "convert two.db one.db --registry both.db --link full", 1);
    assert_eq!(digest(here, "both.db"), digest(here, "all.db"), "both into a new one");
}

/// Rows of a ledger: two of one weapon, two that are alike, one to be amended, one to be corrected, one to be waived.
const BOOK: &str = "AB1234,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n00123,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n\
    AB1234,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n123,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n\
    CD77,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n△,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n\
    △,FN,FAL,rifle,7.62x51,Belgium,Depot 2\n";

fn write(folder: &Path, name: &str, lines: &str) {
    fs::write(folder.join(name), format!("{HEADER}{lines}")).unwrap();
}

/// A registry of that ledger, `other.db`, in which persons said all that can be said.
fn said() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    write(here, "book.csv", BOOK);
    check(here, "convert book.csv --registry other.db", 1);
    check(here, "entries amend 5 --set model=FNC --reason seen --operator tester --registry other.db", 0);
    check(here, "review refuse 2 4 --reason seen --operator tester --registry other.db", 0);
    let refused = fs::read_to_string(here.join("matricule-report/rejected-safe.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(refused.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|known| known == name).unwrap();
    let mut writer = csv::Writer::from_path(here.join("repaired.csv")).unwrap();
    writer.write_record(&header).unwrap();
    for (record, action) in reader.records().zip(["correct", "waive"]) {
        let mut cells: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        action.clone_into(&mut cells[column("action")]);
        "looked at".clone_into(&mut cells[column("note")]);
        if action == "correct" {
            "EF88".clone_into(&mut cells[column("correct_A")]);
        }
        writer.write_record(&cells).unwrap();
    }
    writer.flush().unwrap();
    check(here, "rejects import repaired.csv --operator tester --registry other.db", 0);
    folder
}

/// What a query finds in `registry.db`, as one line.
fn one(folder: &Path, query: &str) -> String {
    rows(&registry(folder), query).iter().map(|row| row.join(" ")).collect::<Vec<_>>().join(", ")
}

#[test]
fn what_persons_said_is_taken_over() {
    let folder = said();
    let here = folder.path();
    check(here, "convert other.db", 1);
    assert_eq!(digest(here, "registry.db"), digest(here, "other.db"));
    check(here, "audit", 0);
    assert_eq!(
        one(here, "SELECT model, serial FROM v_entry WHERE row IN (6, 7) ORDER BY row"),
        "FNC CD77, FAL EF88"
    );
    assert_eq!(one(here, "SELECT row, state FROM v_reject ORDER BY row"), "7 corrected, 8 waived");
    assert_eq!(
        one(here, "SELECT verdict, operator, reason FROM v_decision"),
        "refused tester seen (run 3 of other.db)"
    );
    assert_eq!(
        one(here, "SELECT DISTINCT cause FROM v_change WHERE field = 'model'"),
        "amended in other.db: seen"
    );
    let origin = one(here, "SELECT merged_from FROM v_file");
    assert!(origin.starts_with("merged from other.db: file 1, chain head "), "{origin}");
    assert!(origin.ends_with("after run 4"), "{origin}");
    assert!(check(here, "convert other.db", 1).contains("nothing was written"));
    check(here, "runs undo 1", 0);
    assert_eq!(one(here, "SELECT count(*) FROM v_entry"), "0");
    check(here, "audit", 0);
}

#[test]
fn what_was_said_since_is_told() {
    let folder = said();
    let here = folder.path();
    check(here, "convert other.db", 1);
    let other = "--reason again --operator tester --registry other.db";
    check(here, &format!("review confirm 2 4 {other}"), 0);
    check(here, &format!("review confirm 1 3 {other}"), 0);
    let told = check(here, "convert other.db", 1);
    assert!(told.contains("the contrary was decided"), "{told}");
    assert_eq!(one(here, "SELECT verdict FROM v_decision ORDER BY decision_id"), "refused, confirmed");
    check(here, &format!("entries amend 5 --set model=CAL {other}"), 0);
    check(here, &format!("review confirm 1 5 {other}"), 0);
    let told = check(here, "convert other.db", 1);
    assert!(told.contains("L708") && told.contains("neither was the ledger of one of its rows"), "{told}");
    assert_eq!(
        one(here, "SELECT message FROM v_reject WHERE code = 'L708'"),
        "it is loaded here already, and row 6 says something else here than in other.db; nothing of that was taken over."
    );
    assert_eq!(one(here, "SELECT verdict FROM v_decision ORDER BY decision_id"), "refused, confirmed");
    assert_eq!(one(here, "SELECT count(DISTINCT weapon_id) FROM v_entry WHERE row IN (2, 6)"), "2");
    let told = check(here, "convert other.db", 1);
    assert!(told.contains("nothing was written") && told.contains("neither was the ledger"), "{told}");
    check(here, "audit", 0);
}

/// What was decided of another weapon binds nobody elsewhere, until it is decided again.
#[test]
fn a_decision_that_waits_is_left_aside() {
    let folder = said();
    let here = folder.path();
    let other = "--reason seen --operator tester --registry other.db";
    check(here, &format!("entries amend 4 --set make=Colt {other}"), 0);
    let told = check(here, "convert other.db", 1);
    assert!(told.contains("not taken over: it waits there"), "{told}");
    assert_eq!(one(here, "SELECT count(*) FROM v_decision"), "0");
    check(here, &format!("review refuse 2 4 {other}"), 0);
    check(here, "convert other.db", 1);
    assert_eq!(one(here, "SELECT verdict FROM v_decision"), "refused");
    check(here, "audit", 0);
}

#[test]
fn a_decision_is_left_aside_with_the_copy_of_a_ledger_that_it_rests_on() {
    let folder = said();
    let here = folder.path();
    fs::copy(here.join("other.db"), here.join("first.db")).unwrap();
    check(here, "review confirm 1 5 --reason same --operator tester --registry other.db", 0);
    let told = check(here, "convert first.db other.db", 1);
    assert!(told.contains("neither was the ledger of one of its rows"), "{told}");
    assert_eq!(one(here, "SELECT verdict FROM v_decision"), "refused");
    let report = fs::read_to_string(here.join("matricule-report/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let published = one(here, "SELECT rows_loaded, rows_rejected FROM v_run");
    assert_eq!(published, one(here, "SELECT rows_loaded, rows_rejected FROM v_file"), "as it stands");
    assert_eq!(
        published,
        format!("{} {}", report["totals"]["rows_loaded"], report["totals"]["rows_rejected"])
    );
    check(here, "audit", 0);
}

#[test]
fn a_ledger_that_reads_otherwise_here_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    write(
        here,
        "book.csv",
        "ХА12,FN,FAL,rifle,7.62x51,Belgium,Depot 1\nХА13,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n",
    );
    write(here, "latin.csv", "AB12,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n");
    fs::create_dir_all(here.join("office/scripts")).unwrap();
    fs::write(here.join("office/scripts/cyrl-rus-icao9303.csv"), OFFICE).unwrap();
    check(here, "convert book.csv latin.csv --language ru --mappings office --registry other.db", 0);
    check(here, "convert other.db", 1);
    assert_eq!(one(here, "SELECT path, state FROM v_file ORDER BY 1"), "book.csv failed, latin.csv current");
    let message = one(here, "SELECT code, message FROM v_reject");
    let expected =
        "L708 row 2 comes out otherwise than other.db states it: serial was \"HA12\", would be \"KHA12\"";
    assert!(message.starts_with(expected), "{message}");
    assert!(check(here, "convert other.db", 1).contains("nothing was written"));
    check(here, "convert other.db --mappings office", 0);
    assert_eq!(one(here, "SELECT serial FROM v_entry ORDER BY 1"), "AB12, HA12, HA13");
    check(here, "audit", 0);
}

#[test]
fn another_ledger_of_the_same_name_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for (serial, name) in [("AB12", "other.db"), ("AB13", "registry.db")] {
        write(here, "book.csv", &format!("{serial},FN,FAL,rifle,7.62x51,Belgium,Depot 1\n"));
        check(here, &format!("convert book.csv --registry {name}"), 0);
    }
    check(here, "convert other.db", 1);
    assert_eq!(one(here, "SELECT serial FROM v_entry"), "AB13");
    assert_eq!(one(here, "SELECT code FROM v_reject"), "L702");
    assert!(check(here, "convert other.db", 1).contains("nothing was written"));
}

/// Merges a registry that cannot be merged in; nothing is published.
fn check_refused(folder: &Path, command: &str, reason: &str) {
    let output = matricule(folder, command.split(' '));
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains(reason), "{error}");
}

#[test]
fn a_registry_that_is_not_whole_is_refused() {
    let folder = said();
    let here = folder.path();
    check_refused(here, "convert other.db --registry other.db", "it is the registry that is written to");
    fs::copy(here.join("other.db"), here.join("altered.db")).unwrap();
    let other = rusqlite::Connection::open(here.join("altered.db")).unwrap();
    other.execute("UPDATE entry SET holder = 'Depot 9' WHERE entry_id = 1", []).unwrap();
    drop(other);
    check_refused(here, "convert altered.db", "the chain of evidence");
    assert!(!here.join("registry.db").exists());
}
