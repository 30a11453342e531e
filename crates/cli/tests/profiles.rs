//! A ledger that the registry holds, read by another profile: what a fresh conversion by that profile gives, and taken
//! back, what was there before.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;

use support::{check, check_conservation, check_shows, content, matricule, registry, rows};

/// What is present of a registry; what was superseded or taken back stays listed, and a fresh one never had it.
fn present(folder: &Path) -> Vec<Vec<String>> {
    let db = registry(folder);
    check_conservation(&db);
    let gone = |line: &Vec<String>| {
        line.iter().any(|cell| ["superseded", "withdrawn", "corrected"].contains(&cell.as_str()))
    };
    content(&db).into_iter().filter(|line| !gone(line)).collect()
}

/// A folder with a ledger and its profile.
fn folder(ledger: &str, profile: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("book.csv"), ledger).unwrap();
    fs::write(folder.path().join("ledger.toml"), profile).unwrap();
    folder
}

/// A folder in which the ledger is loaded by a profile; the status of the conversion is not asked for.
fn loaded(ledger: &str, profile: &str, link: &str) -> tempfile::TempDir {
    let folder = folder(ledger, profile);
    let output = matricule(folder.path(), ["convert", "book.csv", "--link", link]);
    assert!(output.status.code() < Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// Loads a ledger by one profile, reads it again by another, takes that back, and reads it again.
///
/// `plan` are texts that the plan has to show.
fn check_profile(ledger: &str, [before, after]: [&str; 2], links: &[&str], plan: &[&str]) {
    for link in links {
        let (here, fresh) = (loaded(ledger, before, link), loaded(ledger, after, link));
        let (here, fresh) = (here.path(), fresh.path());
        fs::write(here.join("new.toml"), after).unwrap();
        let as_loaded = present(here);
        assert_ne!(as_loaded, present(fresh), "the two profiles say the same");
        let said = check_shows(here, "rerun --profile new.toml --ledger book.csv", 1);
        for text in plan {
            assert!(said.contains(text), "the plan does not say {text:?}:\n{said}");
        }
        let digest = said.split("--plan ").nth(1).unwrap().split(' ').next().unwrap();
        check(here, &format!("rerun --profile new.toml --ledger book.csv --plan {digest}"), 0);
        assert_eq!(present(here), present(fresh), "as a fresh conversion");
        check(here, "audit", 0);
        check(here, "runs undo 2", 0);
        assert_eq!(present(here), as_loaded, "as before the run");
        check(here, "audit", 0);
        check(here, "rerun --profile new.toml --ledger book.csv --apply", 0);
        assert_eq!(present(here), present(fresh), "as a fresh conversion, again");
        let said = check(here, "rerun --profile new.toml --ledger book.csv", 0);
        assert!(said.contains("Nothing is to be done."), "{said}");
    }
}

const UNDETERMINED: &str = "\
Serial No.,Make,Model,Type,Country of manufacture,Date of registration
ГИ 1001,Izhmash,PM,pistol,SU,05/03/1990
АБ 1002,Izhmash,PM,pistol,SU,25/03/1990
ГИ 1001,Izhmash,PM,pistol,SU,

Total 3
";

#[test]
fn a_language_that_is_declared_later_loads_what_lacked_it() {
    check_profile(
        UNDETERMINED,
        ["", "[ledger]\nlanguage = \"uk\"\n"],
        &["full"],
        &["ledger.language: - → \"uk\"", "loads", "HY1001", "2 refused rows load"],
    );
}

#[test]
fn another_language_restates_the_serials_that_it_reads_otherwise() {
    check_profile(
        UNDETERMINED,
        ["[ledger]\nlanguage = \"ru\"\n", "[ledger]\nlanguage = \"uk\"\nregister = \"police\"\n"],
        &["exact"],
        &["GI1001", "HY1001", "3 entries change"],
    );
}

const DATES: &str = "\
Serial No.,Make,Model,Type,Country of manufacture,Seen,Told
A 1001,FN,FAL,rifle,BE,05/03/1990,with sling
A 1002,FN,FAL,rifle,BE,06/03/1990,
";

const CLASSES: &str = "\
Class,Serial No.,Make,Model,Kind,Country of manufacture,Seen
GUN,A 1001,FN,FAL,rifle,BE,05/03/1990
KNIFE,A 1002,FN,FAL,rifle,BE,06/03/1990
GUN,A 1003,FN,FAL,rifle,BE,07/03/1990
SPARE,A 1004,FN,FAL,what,BE,08/03/1990
";

#[test]
fn rows_become_records_and_cease_to_be() {
    check_profile(
        CLASSES,
        ["[rows.keep]\nClass = [\"GUN\"]\n", "[rows.keep]\nClass = [\"KNIFE\", \"SPARE\"]\n"],
        &["exact", "full"],
        &[
            "no record",
            "A1002",
            "not_a_weapon",
            "S204",
            "2 rows become records, 2 rows are no record any more",
        ],
    );
}

#[test]
fn columns_get_other_fields_and_dates_another_order() {
    check_profile(
        DATES,
        [
            "",
            "[ledger]\ndate_order = \"mdy\"\n[columns]\n\"Seen\" = \"registered_on\"\n\"Told\" = \"remarks\"\n",
        ],
        &["exact"],
        &["registered_on", "1990-05-03", "remarks"],
    );
}

#[test]
fn what_only_the_file_can_tell_is_refused_and_nothing_changed() {
    let folder = loaded(DATES, "", "exact");
    let here = folder.path();
    let before = present(here);
    for (profile, ledger, reason) in [
        ("[file]\nencoding = \"windows-1251\"\n", "book.csv", "encoding decides how the file itself is read"),
        (
            "[columns]\n\"Sean\" = \"remarks\"\n",
            "book.csv",
            "the header `Sean`, which the file does not have",
        ),
        ("[ledger]\nlanguage = \"ru\"\n", "other.csv", "no present ledger \"other.csv\""),
    ] {
        fs::write(here.join("new.toml"), profile).unwrap();
        let output = matricule(here, ["rerun", "--profile", "new.toml", "--ledger", ledger, "--apply"]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(reason), "{error}");
        assert_eq!(present(here), before, "{reason}: the registry changed");
        assert_eq!(rows(&registry(here), "SELECT count(*) FROM v_run"), [["1"]]);
    }
}

#[test]
fn an_undetermined_language_is_settled_for_a_ledger() {
    let declared = loaded(UNDETERMINED, "[ledger]\nlanguage = \"uk\"\n", "full");
    let folder = loaded(UNDETERMINED, "", "full");
    let here = folder.path();
    let fix = "rejects fix --code T311 --ledger book.csv --language uk";
    let said = check_shows(here, fix, 1);
    assert!(said.contains("HY1001") && said.contains("language = \"uk\""), "{said}");
    assert_eq!(rows(&registry(here), "SELECT count(*) FROM v_run"), [["1"]]);
    check(here, &format!("{fix} --apply --operator rk"), 0);
    assert_eq!(present(here), present(declared.path()));
    check(here, "audit", 0);
    let output = matricule(here, fix.split_whitespace());
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing to repair"));
}

#[test]
fn an_amended_row_that_another_profile_refuses_comes_back_where_it_was() {
    let ledger = "Serial No.,Make,Model,Type,Country of manufacture\nA 1,FN,FAL,rifle,BE\nA 2,FN,,rifle,BE\n";
    let folder = loaded(ledger, "[ledger]\nlanguage = \"en\"\n", "exact");
    let here = folder.path();
    check(here, "entries amend 2 --set remarks=seen --reason seen --operator rk", 0);
    let before = present(here);
    let profile = "[ledger]\nlanguage = \"en\"\n[content]\nrequired = [\"serial\", \"model\"]\n";
    fs::write(here.join("new.toml"), profile).unwrap();
    check(here, "rerun --profile new.toml --ledger book.csv --apply", 0);
    assert_eq!(
        rows(&registry(here), "SELECT rows_loaded, rows_rejected FROM v_run WHERE run_id = 3"),
        [["1", "1"]]
    );
    check(here, "audit", 0);
    check(here, "runs undo 3", 0);
    assert_eq!(present(here), before);
    check(here, "audit", 0);
}

#[test]
fn a_row_that_a_person_set_aside_is_not_loaded_by_another_profile() {
    let ledger =
        "Serial No.,Make,Type,Country of manufacture,Year\nA 1,FN,rifle,BE,1950\nA 2,FN,rifle,BE,never\n";
    let folder = loaded(ledger, "[ledger]\nlanguage = \"en\"\n", "exact");
    let here = folder.path();
    check(here, "rejects export --report repair", 1);
    let rejected = fs::read_to_string(here.join("repair/rejected-safe.csv")).unwrap();
    let (header, line) = rejected.trim_end().split_once('\n').unwrap();
    let column = |name: &str| header.trim_end().split(',').position(|other| other == name).unwrap();
    let mut cells: Vec<&str> = line.trim_end().split(',').collect();
    (cells[column("action")], cells[column("note")]) = ("waive", "a replica");
    fs::write(here.join("waived.csv"), format!("{header}\n{}\n", cells.join(","))).unwrap();
    check(here, "rejects import waived.csv --operator rk", 0);
    fs::write(here.join("new.toml"), "[ledger]\nlanguage = \"en\"\n[columns]\n\"Year\" = \"remarks\"\n")
        .unwrap();
    let output = matricule(here, ["rerun", "--profile", "new.toml", "--ledger", "book.csv", "--apply"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && error.contains("which a person set aside"), "{error}");
    assert_eq!(rows(&registry(here), "SELECT DISTINCT row, state FROM v_reject"), [["3", "waived"]]);
}

#[test]
fn what_a_person_said_holds_under_another_profile_and_its_tables() {
    let folder = loaded(UNDETERMINED, "[ledger]\nlanguage = \"ru\"\n", "exact");
    let here = folder.path();
    check(here, "entries amend 2 --set serial=ГА7 --set remarks=seen --reason seen --operator rk", 0);
    fs::write(here.join("new.toml"), "[ledger]\nlanguage = \"uk\"\n").unwrap();
    check(here, "rerun --profile new.toml --ledger book.csv --apply", 0);
    let said = "SELECT serial_original, serial_canonical, serial, remarks FROM v_entry WHERE entry_id = 2";
    assert_eq!(rows(&registry(here), said), [["АБ 1002", "ГА7", "HA7", "seen"]]);
    let formers = "SELECT run_id, entry_id, count(*) FROM former GROUP BY 1, 2 ORDER BY 1, 2";
    let once = [["2", "2", "1"], ["3", "1", "1"], ["3", "2", "1"], ["3", "3", "1"]];
    assert_eq!(rows(&registry(here), formers), once, "each run keeps once what an entry stated before it");
    check(here, "audit", 0);
    let output = matricule(here, ["runs", "undo", "2"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("L707") && error.contains("run 3"), "{error}");
    for run in [3, 2] {
        check(here, &format!("runs undo {run}"), 0);
        check(here, "audit", 0);
    }
    assert_eq!(rows(&registry(here), said), [["АБ 1002", "АБ1002", "AB1002", ""]]);
}
