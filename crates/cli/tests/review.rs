//! What a person decides about a pair: recorded, binding, reversible, and part of the chain of evidence.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;

use support::{check, matricule, registry, rows};

const HEADER: &str = "Serial No.,Manufacturer,Model,Type,Calibre,Country of manufacture,Holder\n";

/// A registry of three ledgers: a weapon in two of them, once with a lost zero, and one that contradicts.
fn three() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    add(
        folder.path(),
        "a",
        "AB1234,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n00123,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n",
    );
    add(
        folder.path(),
        "b",
        "AB1234,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n123,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n",
    );
    add(folder.path(), "c", "AB1234,FN,FAL,rifle,9x19,Belgium,Depot 1\n");
    folder
}

fn add(folder: &Path, name: &str, lines: &str) {
    fs::write(folder.join(format!("{name}.csv")), format!("{HEADER}{lines}")).unwrap();
    check(folder, &format!("convert {name}.csv"), 0);
}

/// The weapon of each entry, the states of the pairs that are listed, and of the contradictions.
fn state(folder: &Path) -> (String, String, String) {
    let db = registry(folder);
    let one = |query: &str| rows(&db, query).concat().concat();
    (
        one("SELECT group_concat(weapon_id, ' ' ORDER BY entry_id) FROM v_entry"),
        one(
            "SELECT group_concat(entry_a || '-' || entry_b || ' ' || state, ', ' ORDER BY entry_a, entry_b) FROM v_duplicate",
        ),
        one(
            "SELECT group_concat(entry_a || '-' || entry_b || ' ' || field || ' ' || state, ', ') FROM v_conflict",
        ),
    )
}

fn says(folder: &Path, arguments: &str) -> String {
    check(folder, &format!("review {arguments} --operator tester --reason looked-at"), 0)
}

fn holds(folder: &Path, weapons: &str, pairs: &str, conflicts: &str) {
    assert_eq!(state(folder), (weapons.to_owned(), pairs.to_owned(), conflicts.to_owned()));
    check(folder, "audit", 0);
}

#[test]
fn decisions_bind_and_are_reversed_by_new_ones() {
    let folder = three();
    let folder = folder.path();
    let open = "1-5 calibre open";
    holds(folder, "1 2 1 4 5", "1-3 merged, 1-5 review, 2-4 review", open);
    says(folder, "confirm 2 4");
    holds(folder, "1 2 1 2 5", "1-3 merged, 1-5 review, 2-4 confirmed", open);
    says(folder, "refuse a.csv!2 c.csv!2");
    holds(folder, "1 2 1 2 5", "1-3 merged, 1-5 refused, 2-4 confirmed", "1-5 calibre refused");
    says(folder, "refuse 4 2");
    holds(folder, "1 2 1 4 5", "1-3 merged, 1-5 refused, 2-4 refused", "1-5 calibre refused");
    says(folder, "refuse 1 3");
    let weapons = state(folder).0;
    assert_eq!(weapons, "1 2 3 4 5", "a merge of the rule is undone by a person");
    says(folder, "reopen 1 3");
    says(folder, "confirm 1 5");
    holds(folder, "1 2 1 4 1", "1-3 merged, 1-5 confirmed, 2-4 refused", "1-5 calibre confirmed");
    add(folder, "d", "123,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n");
    assert_eq!(
        state(folder).0,
        "1 2 1 4 1 4",
        "the decision binds the next run, and no weapon changed its number"
    );
    assert!(!state(folder).1.contains("2-6 review"), "{:?}", state(folder));
}

/// An undone run says nothing any more: the last decision that stands binds, and which that is does not depend on the
/// order in which runs were undone.
#[test]
fn decisions_of_an_undone_run_do_not_bind() {
    let folder = three();
    let folder = folder.path();
    let verdict = |expect: &str| {
        let (weapons, pairs, _) = state(folder);
        let found = pairs.split(", ").find(|pair| pair.starts_with("2-4")).unwrap().to_owned();
        assert_eq!(found, format!("2-4 {expect}"));
        assert_eq!(weapons == "1 2 1 2 5", expect == "confirmed", "{weapons}");
        let binding = "SELECT group_concat(decision_id) FROM v_decision WHERE in_force";
        check(folder, "audit", 0);
        rows(&registry(folder), binding).concat().concat()
    };
    let undo = |run: u32| check(folder, &format!("runs undo {run} --operator tester"), 0);
    says(folder, "confirm 2 4"); // run 4
    says(folder, "reopen 2 4"); // run 5
    says(folder, "refuse 2 4"); // run 6
    assert_eq!(verdict("refused"), "3");
    undo(5);
    assert_eq!(
        verdict("refused"),
        "3",
        "what the reopening took back does not come to life beside the refusal"
    );
    undo(6);
    assert_eq!(verdict("confirmed"), "1");
    undo(4);
    assert_eq!(verdict("review"), "");
    says(folder, "refuse 2 4");
    assert_eq!(verdict("refused"), "4");
}

#[test]
fn a_decision_that_holds_writes_nothing() {
    let folder = three();
    says(folder.path(), "confirm 2 4");
    assert!(says(folder.path(), "confirm 4 2").contains("Nothing was written"));
    let runs = rows(&registry(folder.path()), "SELECT count(*) FROM v_run").concat().concat();
    assert_eq!(runs, "4");
}

#[test]
fn what_cannot_be_said_is_refused_whole() {
    let folder = three();
    let folder = folder.path();
    says(folder, "confirm 1 3");
    says(folder, "refuse 2 3");
    let fails = |arguments: &str, part: &str| {
        let output = matricule(folder, format!("review {arguments}").split_whitespace());
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(message.contains(part), "{arguments}: {message}");
    };
    let before = state(folder);
    fails(
        "confirm 2 1 --operator x --reason y",
        "because entries 2 (a.csv!3) and 3 (b.csv!2) of the same weapons are refused",
    );
    fails("list --kind foo", "no kind `foo`; there are: exact, conflict,");
    fails("list --register navy", "in a register `navy`");
    fails("confirm 2 99 --operator x --reason y", "no entry 99 is in the registry");
    fails("confirm 2 2 --operator x --reason y", "named twice");
    fails("confirm 2 4 --operator x", "--reason");
    let sheet = |text: &str, part: &str| {
        fs::write(folder.join("verdicts.csv"), text).unwrap();
        fails("apply verdicts.csv --operator x", part);
    };
    let header = "verdict,reason,address_a,address_b\n";
    sheet(&format!("{header}maybe,seen,a.csv!3,b.csv!3\n"), "`maybe` is no verdict");
    sheet(&format!("{header}confirm,,a.csv!3,b.csv!3\n"), "line 2: the reason is missing");
    sheet(&format!("{header},,a.csv!3,b.csv!3\n"), "no line has a verdict");
    sheet(&format!("{header}confirm,seen,a.csv!3,z.csv!3\n"), "line 2: no entry z.csv!3");
    sheet(
        &format!("{header}confirm,seen,a.csv!3,b.csv!3\nrefuse,seen,b.csv!3,a.csv!3\n"),
        "stands also on line 2",
    );
    sheet(
        &format!("{header}confirm,seen,a.csv!3,b.csv!3\nconfirm,seen,a.csv!3,a.csv!2\n"),
        "cannot both hold, on lines: 3",
    );
    sheet("verdict,reason\nconfirm,seen\n", "no column `address_a`");
    assert_eq!(state(folder), before);
    check(folder, "audit", 0);
}

#[test]
fn pairs_go_out_and_come_back_as_csv() {
    let folder = three();
    let folder = folder.path();
    let csv = check(folder, "review list --csv --kind leading_zeros", 0);
    // As a spreadsheet program saves it where the comma is the decimal sign.
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    writer.write_record(reader.headers().unwrap()).unwrap();
    for record in reader.records() {
        let mut record: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        (record[0], record[1]) = ("confirm".to_owned(), "both were looked at".to_owned());
        writer.write_record(&record).unwrap();
    }
    fs::write(folder.join("verdicts.csv"), writer.into_inner().unwrap()).unwrap();
    check(folder, "review apply verdicts.csv --operator tester", 0);
    let decided =
        rows(&registry(folder), "SELECT verdict, reason, operator, file_a, row_a, in_force FROM v_decision");
    assert_eq!(decided, [["confirmed", "both were looked at", "tester", "a.csv", "3", "1"]]);
    assert_eq!(state(folder).0, "1 2 1 2 5");
}

#[test]
fn lists_are_filtered_and_show_explains() {
    let folder = three();
    let folder = folder.path();
    let lines = |arguments: &str| check(folder, &format!("review list {arguments}"), 0).lines().count() - 1;
    assert_eq!(lines(""), 2);
    assert_eq!(lines("--kind conflict"), 1);
    assert_eq!(lines("--kind conflict --kind leading_zeros"), 2);
    assert_eq!(lines("--file c.csv"), 1);
    assert_eq!(lines("--make Zastava"), 0);
    assert_eq!(lines("--make fn"), 2);
    assert_eq!(lines("--state merged"), 1);
    assert_eq!(lines("--state all"), 3);
    assert_eq!(lines("--least-bits 900"), 0);
    assert_eq!(lines("--limit 1"), 1);
    let page = check(folder, "review show 4 a.csv!3", 0);
    for part in [
        "leading_zeros review",
        "00123 and 123: equal but for leading zeros",
        "One weapon, or two weapons",
        "serial: the same but for leading zeros, 00123 and 123",
    ] {
        assert!(page.contains(part), "{part:?} is not in\n{page}");
    }
}

/// Whoever decides sees that holders differ, not who they are, unless he asks and the registry records it.
#[test]
fn holders_are_masked_in_what_is_reviewed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    add(folder, "a", "AB1234,FN,FAL,rifle,7.62x51,Belgium,Aurelia Quint\n");
    add(folder, "b", "AB1234,FN,FAL,rifle,7.62x51,Belgium,Basil Rook\n");
    let runs = || rows(&registry(folder), "SELECT count(*) FROM v_run").concat().concat();
    let pages = |options: &str| {
        let shows =
            ["review list --csv", "review show 1 2"].map(|it| check(folder, &format!("{it} {options}"), 0));
        shows.map(|text| [text.contains("Aurelia Quint"), text.contains("Rook"), text.contains("(masked)")])
    };
    assert_eq!((pages(""), runs().as_str()), ([[false, false, true]; 2], "2"));
    assert_eq!(pages("--unmask --operator tester"), [[true, true, false]; 2]);
    assert_eq!(runs(), "4", "each is a run");
    assert!(check(folder, "review show 1 2", 0).contains("holder is not the same in both"));
    for page in ["report.html", "report.json"] {
        let text = fs::read_to_string(folder.join("matricule-report").join(page)).unwrap();
        assert!(!text.contains("Rook"), "{page}");
    }
    check(folder, "audit", 0);
}

/// A clerk who writes a ditto mark under a line writes another line, and has counted two weapons.
#[test]
fn only_a_line_that_both_rows_name_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let lines = ["12,AB1", "〃,AB1", "13,AB2", "13,AB2", "14,AB3", "15,AB3"];
    let lines: String = lines.map(|line| format!("1,4,{line},FN,FAL,rifle,7.62x51,BE\n")).concat();
    let header = "Book,Page,Line,Serial No.,Make,Model,Type,Calibre,Country of manufacture\n";
    fs::write(folder.join("a.csv"), format!("{header}{lines}")).unwrap();
    check(folder, "convert a.csv", 0);
    let (weapons, pairs, _) = state(folder);
    assert_eq!((weapons.as_str(), pairs.as_str()), ("1 2 3 3 5 6", "1-2 review, 3-4 merged, 5-6 review"));
    check(folder, "audit", 0);
}

/// A decision binds what was decided. A row that names another weapon is asked about again; once it names the first one
/// again, or comes back where it stood, the decision binds again.
#[test]
fn a_decision_waits_while_its_entry_names_another_weapon() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let line = |serial: &str| format!("{serial},FN,FAL,rifle,7.62x51,Belgium,Depot 1\n");
    let ledger = |serials: &[&str]| serials.iter().map(|serial| line(serial)).collect::<String>();
    let first = ledger(&["00123", "AB1234", "AB7651", "AC4470"]);
    add(folder, "a", &first);
    add(folder, "b", &line("123"));
    says(folder, "confirm a.csv!2 b.csv!2");
    holds(folder, "1 2 3 4 1", "1-5 confirmed", "");
    add(folder, "a", &ledger(&["ZZ9998", "AB1234", "AB7651", "AC4470"]));
    holds(folder, "1 2 3 4 5", "1-5 review", "");
    assert!(check(folder, "review show 1 5", 0).contains("what was decided waits"));
    // The same said again is another decision: it is of what the entries name now.
    says(folder, "confirm a.csv!2 b.csv!2");
    holds(folder, "1 2 3 4 1", "1-5 confirmed", "");
    check(folder, "runs undo 5 --operator tester", 0);
    holds(folder, "1 2 3 4 5", "1-5 review", "");
    add(folder, "a", &first);
    holds(folder, "1 2 3 4 1", "1-5 confirmed", "");
    add(folder, "a", &ledger(&["AB1234", "AB7651", "AC4470"]));
    holds(folder, "2 3 4 5", "", "");
    add(folder, "a", &first);
    holds(folder, "1 2 3 4 1", "1-5 confirmed", "");
    check(folder, "runs undo 9 --operator tester", 0);
    holds(folder, "2 3 4 5", "", "");
    add(folder, "a", &first);
    holds(folder, "1 2 3 4 1", "1-5 confirmed", "");
    let waits = |serials: &[&str], expect: bool| {
        fs::write(folder.join("a.csv"), format!("{HEADER}{}", ledger(serials))).unwrap();
        let summary = check(folder, "convert a.csv", 0);
        assert_eq!(summary.contains("decisions wait"), expect, "{summary}");
    };
    waits(&["ZZ9998", "AB1234", "AB7651", "AC4470"], true);
    // What was decided of an entry that is gone waits for nobody.
    waits(&["AB1234", "AB7651", "AC4470"], false);
}

/// Of a merged pair the odds are told when somebody asks; exact links say how many pairs they leave out, and an audit
/// lists what excludes each other.
#[test]
fn what_is_not_asked_is_told_on_request() {
    let folder = three();
    let folder = folder.path();
    let page = check(folder, "review show 1 3", 0);
    for part in ["nothing contradicts", "serial: the same, AB1234", "in all: each whole number doubles"] {
        assert!(page.contains(part), "{part:?} is not in\n{page}");
    }
    let audit = check(folder, "audit", 0);
    assert!(audit.contains("1  contradiction\n"), "{audit}");
    assert!(
        audit.contains("a.csv!2 and c.csv!2: calibre is 7.62x51 in one and 9x19 in the other"),
        "{audit}"
    );
    fs::write(folder.join("d.csv"), format!("{HEADER}XY77777,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n"))
        .unwrap();
    let summary = check(folder, "convert d.csv --link exact", 0);
    assert!(summary.contains("2  pairs of earlier runs that --link exact does not look for"), "{summary}");
}
