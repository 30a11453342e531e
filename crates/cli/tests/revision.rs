//! A registry over the years: tables corrected, entries amended, runs taken back. Whatever was done, the weapons
//! are those of a fresh conversion under the same tables, and the evidence holds.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;

use support::{case, check, check_conservation, content, registry, rows};

/// An operator's files: path below the directory of mappings, and content.
type Office = [(&'static str, &'static str)];

const HEAD: &str = "kind,from,to,when,source,note\n";

fn write_office(folder: &Path, office: &Office) {
    for (path, body) in office {
        let path = folder.join("office").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let head = if path.to_string_lossy().contains("scripts") { HEAD } else { "value,language,word\n" };
        fs::write(path, format!("{head}{body}")).unwrap();
    }
}

/// What is public of a registry, with `moved` rows left out: a fresh one has none.
fn public(folder: &Path) -> Vec<Vec<String>> {
    let db = registry(folder);
    check_conservation(&db);
    content(&db)
}

/// Converts a case, corrects mapping files, runs again, takes that back, and runs again.
///
/// `plan` are lines that the plan has to show, and `counts` its four totals: entries that change, refused rows
/// that load, entries that are refused, rows that are refused for other reasons.
fn check_rerun(name: &str, link: &str, office: &Office, plan: &[&str], counts: [u32; 4]) {
    let (folder, fresh) = (case(name), case(name));
    let (here, there) = (folder.path(), fresh.path());
    write_office(here, office);
    write_office(there, office);
    check(here, &format!("convert ledgers --link {link}"), 1);
    let before = public(here);
    check(there, &format!("convert ledgers --link {link} --mappings office"), 1);
    let said = check(here, "rerun --mappings office", 1);
    for line in plan {
        assert!(said.contains(line), "the plan does not say {line:?}:\n{said}");
    }
    let [changed, loaded, refused, otherwise] = counts;
    let totals = format!(
        "{changed} entries change, {loaded} refused rows load, {refused} entries are refused, {otherwise} rows are refused for other reasons."
    );
    assert!(said.contains(&totals), "the plan does not say {totals:?}:\n{said}");
    assert_eq!(public(here), before, "a plan changes nothing");
    check(here, "rerun --mappings office --apply", 0);
    assert_eq!(without_superseded(public(here)), without_superseded(public(there)), "as a fresh conversion");
    check(here, "audit", 0);
    check(here, "runs undo 2", 0);
    assert_eq!(without_superseded(public(here)), without_superseded(before), "as before the run");
    check(here, "audit", 0);
    check(here, "rerun --mappings office --apply", 0);
    assert_eq!(
        without_superseded(public(here)),
        without_superseded(public(there)),
        "as a fresh conversion, again"
    );
    assert!(check(here, "rerun --mappings office", 0).contains("Nothing is to be done."));
    check(here, "audit", 0);
}

/// Refused rows that became something else stay listed; a fresh conversion never had them.
fn without_superseded(content: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let gone =
        |line: &Vec<String>| line.last().is_some_and(|state| state == "superseded" || state == "corrected");
    content.into_iter().filter(|line| !gone(line)).collect()
}

#[test]
fn a_corrected_letter_restates_its_serials() {
    check_rerun(
        "tour",
        "exact",
        &[("scripts/cyrl-rus-icao9303.csv", "map,Х,H,,office decision 2026-11,overrides ICAO 9303\n")],
        &["cyrl-rus-icao9303: Х KH → H", "НХ 0715", "NKH0715", "NH0715"],
        [1, 0, 0, 0],
    );
}

#[test]
fn a_letter_under_review_refuses_its_serials_and_a_decided_one_loads_them() {
    check_rerun(
        "tour",
        "full",
        &[(
            "scripts/cyrl-rus-icao9303.csv",
            "review,Х,,,office decision 2026-11,overrides ICAO 9303\nmap,Ь,X,,office decision 2026-11,overrides review\n",
        )],
        &["T310", "ВЬ 17", "VX17", "loads"],
        [0, 1, 1, 0],
    );
}

#[test]
fn a_new_word_loads_the_row_that_lacked_it() {
    check_rerun(
        "tour",
        "full",
        &[("vocabulary/weapon_type.csv", "pistol,ru,Хрымза\n")],
        &["vocabulary weapon_type", "loads"],
        [0, 1, 0, 0],
    );
}

/// What an undo puts back is older than the tables under which the ledger stands: it is read again.
#[test]
fn an_older_run_that_is_taken_back_is_read_again() {
    let (folder, fresh) = (case("tour"), case("tour"));
    let (here, there) = (folder.path(), fresh.path());
    let first = "map,Х,H,,office decision 2026-11,overrides ICAO 9303\n";
    let both = format!("{first}map,Ь,X,,office decision 2026-11,overrides review\n");
    let office = |folder: &Path, rows: &str| {
        let path = folder.join("office/scripts/cyrl-rus-icao9303.csv");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{HEAD}{rows}")).unwrap();
    };
    check(here, "convert ledgers --link exact", 1);
    office(here, first);
    check(here, "rerun --mappings office --apply", 0);
    office(here, &both);
    check(here, "rerun --mappings office --apply", 0);
    check(here, "runs undo 2", 0);
    let said = check(here, "rerun --mappings office --apply", 0);
    for line in
        ["read by other mapping files since", "NKH0715", "NH0715", "1 entries change, 0 refused rows load"]
    {
        assert!(said.contains(line), "{line}: {said}");
    }
    office(there, &both);
    check(there, "convert ledgers --link exact --mappings office", 1);
    assert_eq!(without_superseded(public(here)), without_superseded(public(there)), "as a fresh conversion");
    assert!(check(here, "rerun --mappings office", 0).contains("Nothing is to be done."));
    check(here, "audit", 0);
}

/// What refuses a row for the rows around it cannot be seen in the row alone.
#[test]
fn what_the_reader_of_ledgers_refused_stays_refused() {
    let folder = case("refused");
    let here = folder.path();
    write_office(here, &[("vocabulary/make.csv", "Zzyzx Arms,und,Zzyzx Arms Works\n")]);
    check(here, "convert ledgers", 1);
    let said = check(here, "rerun --mappings office", 0);
    assert!(said.contains("Nothing is to be done."), "{said}");
    assert!(said.contains("rows read again"), "the refused rows were read: {said}");
}

#[test]
fn a_plan_that_moved_is_not_executed() {
    let folder = case("tour");
    let here = folder.path();
    write_office(here, &[("scripts/cyrl-rus-icao9303.csv", "map,Х,H,,office,overrides ICAO 9303\n")]);
    check(here, "convert ledgers", 1);
    let said = check(here, "rerun --mappings office --json", 1);
    let plan: serde_json::Value = serde_json::from_str(&said).unwrap();
    let digest = plan["plan"].as_str().unwrap();
    check(here, "entries amend 1 --set remarks=seen --reason inspection --operator rk", 0);
    let output = support::matricule(here, ["rerun", "--mappings", "office", "--plan", digest]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("L706"));
    assert_eq!(rows(&registry(here), "SELECT count(*) FROM v_run"), [["2"]], "nothing was executed");
}

#[test]
fn an_amendment_binds_later_runs_and_keeps_the_original() {
    let folder = case("tour");
    let here = folder.path();
    write_office(here, &[("scripts/cyrl-rus-icao9303.csv", "map,Х,H,,office,overrides ICAO 9303\n")]);
    check(here, "convert ledgers", 1);
    let entry = "SELECT entry_id, serial_original, serial FROM v_entry WHERE serial_original = 'НХ 0715'";
    let id = rows(&registry(here), entry)[0][0].clone();
    check(
        here,
        &format!("entries amend {id} --set serial=НХ0716 --set barrel_serial=77 --reason seen --operator rk"),
        0,
    );
    let amended =
        "SELECT serial_original, serial_canonical, serial, barrel_serial FROM v_entry WHERE entry_id = ";
    let said = || rows(&registry(here), &format!("{amended}{id}")).remove(0);
    assert_eq!(said(), ["НХ 0715", "НХ0716", "NKH0716", "77"]);
    check(here, "audit", 0);
    check(here, "rerun --mappings office --apply", 0);
    assert_eq!(
        said(),
        ["НХ 0715", "НХ0716", "NH0716", "77"],
        "the table is the new one, the amendment holds"
    );
    let output = support::matricule(here, ["runs", "undo", "2"]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("L707") && error.contains("run 3"), "{error}");
    check(here, "runs undo 3", 0);
    check(here, "runs undo 2", 0);
    assert_eq!(said(), ["НХ 0715", "НХ0715", "NKH0715", ""]);
    check(here, "audit", 0);
    let log =
        "SELECT run_id, field, before, after, cause FROM v_change WHERE field = 'serial' ORDER BY run_id";
    assert_eq!(
        rows(&registry(here), log),
        [
            ["2", "serial", "NKH0715", "NKH0716", "amended: seen"],
            ["3", "serial", "NKH0716", "NH0716", "cyrl-rus-icao9303: Х KH → H"],
            ["4", "serial", "NH0716", "NKH0716", "undo of run 3"],
            ["5", "serial", "NKH0716", "NKH0715", "undo of run 2"],
        ]
    );
    check(here, &format!("entries amend {id} --set type=nothing --reason seen --operator rk"), 1);
    assert_eq!(rows(&registry(here), "SELECT count(*) FROM v_run"), [["5"]], "a refused amendment is no run");
}

#[test]
fn an_undone_conversion_is_no_longer_present_and_can_be_made_again() {
    let folder = case("tour");
    let here = folder.path();
    check(here, "convert ledgers", 1);
    let before = public(here);
    check(here, "runs undo 1", 0);
    assert_eq!(rows(&registry(here), "SELECT count(*) FROM v_entry"), [["0"]]);
    check(here, "audit", 0);
    check(here, "convert ledgers", 1);
    let present = |content: Vec<Vec<String>>| -> Vec<Vec<String>> {
        content
            .into_iter()
            .filter(|line| !line.iter().any(|cell| cell == "withdrawn" || cell == "superseded"))
            .collect()
    };
    assert_eq!(present(public(here)), present(before));
    check(here, "audit", 0);
}

/// A ledger of Russian weapons, a line each: serial, make, model, year.
fn ledger(lines: &[&str]) -> String {
    let head = "№ п/п;Серия и номер;Завод-изготовитель;Модель;Вид оружия;Калибр;Страна;Год\n".to_owned();
    let line = |(at, line): (usize, &&str)| {
        let [serial, model, year] = line.split('|').collect::<Vec<_>>()[..] else { panic!("{line}") };
        format!("{};{serial};Ижмаш;{model};пистолет;9х18;СССР;{year}\n", at + 1)
    };
    head + &lines.iter().enumerate().map(line).collect::<String>()
}

const FIRST: [&str; 6] = [
    "АБ 1001|ПМ|1961",
    "АБ 1002|ПМ|1962",
    "ВЬ 1003|ПМ|1963",
    "АБ 1004|ПМ|1964",
    "АБ 1005|ПМ|1965",
    "АБ 1006|ПМ|1966",
];

/// Loads a ledger, then the ledger as it is sent again; what the second run says of it, and the registry's folder.
fn check_version(second: &[&str], status: i32, said: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.csv");
    fs::write(&path, ledger(&FIRST)).unwrap();
    check(folder.path(), "convert book.csv", 1);
    fs::write(&path, ledger(second)).unwrap();
    let dry = check(folder.path(), "convert book.csv --dry-run", status);
    assert!(dry.contains(said), "{dry}");
    assert_eq!(rows(&registry(folder.path()), "SELECT count(*) FROM v_run"), [["1"]], "a dry run is no run");
    let found = check(folder.path(), "convert book.csv", status);
    assert!(found.contains(said), "{found}");
    check(folder.path(), "audit", 0);
    folder
}

#[test]
fn a_ledger_sent_again_keeps_its_entries() {
    let second = [
        "АБ 1001|ПМ|1961",
        "АБ 1009|ПМ|1962",
        "ВБ 1003|ПМ|1963",
        "АБ 1004|ПМ|1984",
        "АБ 1005|ПМ|1965",
        "АБ 1007|ПМ|1967",
    ];
    let folder = check_version(&second, 0, "2 rows are as they were, 3 changed, 1 are new, 0 are gone");
    let here = folder.path();
    let entries = "SELECT entry_id, run_id, row, serial, year_of_manufacture FROM v_entry ORDER BY row";
    assert_eq!(
        rows(&registry(here), entries),
        [
            ["1", "1", "2", "AB1001", "1961"],
            ["2", "1", "3", "AB1009", "1962"],
            ["6", "2", "4", "VB1003", "1963"],
            ["3", "1", "5", "AB1004", "1984"],
            ["4", "1", "6", "AB1005", "1965"],
            ["5", "1", "7", "AB1007", "1967"],
        ]
    );
    let changes = "SELECT entry_id, field, before, after, cause FROM v_change WHERE field IN ('serial', 'year_of_manufacture') ORDER BY 1, 2";
    assert_eq!(
        rows(&registry(here), changes),
        [
            ["2", "serial", "AB1002", "AB1009", "the ledger was sent again"],
            ["3", "year_of_manufacture", "1964", "1984", "the ledger was sent again"],
            ["5", "serial", "AB1006", "AB1007", "the ledger was sent again"],
            ["5", "year_of_manufacture", "1966", "1967", "the ledger was sent again"],
        ]
    );
    assert_eq!(
        rows(&registry(here), "SELECT state, rows_loaded FROM v_file ORDER BY file_id"),
        [["superseded", "5"], ["current", "6"]]
    );
    assert_eq!(rows(&registry(here), "SELECT row, state FROM v_reject"), [["4", "superseded"]]);
    check(here, "runs undo 2", 0);
    check(here, "audit", 0);
    let serials = rows(&registry(here), "SELECT entry_id, row, serial FROM v_entry ORDER BY row");
    assert_eq!(
        serials.iter().map(|row| row[2].as_str()).collect::<Vec<_>>(),
        ["AB1001", "AB1002", "AB1004", "AB1005", "AB1006"]
    );
    assert_eq!(rows(&registry(here), "SELECT row, state FROM v_reject"), [["4", "open"]]);
}

#[test]
fn rows_that_move_keep_their_entries_and_rows_that_vanish_are_withdrawn() {
    let second =
        ["АБ 1000|ПМ|1960", "АБ 1001|ПМ|1961", "АБ 1002|ПМ|1962", "АБ 1005|ПМ|1965", "АБ 1006|ПММ|1966"];
    let folder = check_version(&second, 0, "0 rows are as they were, 4 changed, 1 are new, 1 are gone");
    let here = folder.path();
    assert_eq!(
        rows(&registry(here), "SELECT entry_id, row, serial FROM v_entry ORDER BY row"),
        [
            ["6", "2", "AB1000"],
            ["1", "3", "AB1001"],
            ["2", "4", "AB1002"],
            ["4", "5", "AB1005"],
            ["5", "6", "AB1006"]
        ]
    );
    let gone = "SELECT entry_id, field, after FROM v_change WHERE field = 'state'";
    assert_eq!(rows(&registry(here), gone), [["3", "state", "withdrawn"]]);
}

#[test]
fn another_ledger_of_the_same_name_replaces_nothing() {
    let other =
        ["КЛ 1|ТТ|1951", "КЛ 2|ТТ|1952", "КЛ 3|ТТ|1953", "КЛ 4|ТТ|1954", "АБ 1005|ПМ|1965", "КЛ 6|ТТ|1956"];
    let folder = check_version(&other, 1, "L702");
    let here = folder.path();
    assert_eq!(rows(&registry(here), "SELECT count(*) FROM v_entry WHERE serial LIKE 'AB%'"), [["5"]]);
    let before = fs::read(here.join("registry.db")).unwrap();
    check(here, "convert book.csv", 1);
    assert!(before == fs::read(here.join("registry.db")).unwrap(), "the same again is not recorded again");
}

#[test]
fn what_a_person_amended_holds_in_the_next_version_or_stops_it() {
    let folder = tempfile::tempdir().unwrap();
    let (here, path) = (folder.path(), folder.path().join("book.csv"));
    fs::write(&path, ledger(&FIRST)).unwrap();
    check(here, "convert book.csv", 1);
    check(here, "entries amend 1 --set year_of_manufacture=1971 --reason seen --operator rk", 0);
    let mut second = FIRST;
    second[2] = "ВБ 1003|ПМ|1963";
    fs::write(&path, ledger(&second)).unwrap();
    check(here, "convert book.csv", 0);
    let year = "SELECT year_of_manufacture FROM v_entry WHERE entry_id = 1";
    assert_eq!(rows(&registry(here), year), [["1971"]], "the amendment holds");
    check(here, "audit", 0);
    second[0] = "АБ 1001|ПМ|1981";
    fs::write(&path, ledger(&second)).unwrap();
    assert!(check(here, "convert book.csv", 1).contains("amended by a person"));
    assert_eq!(rows(&registry(here), year), [["1971"]], "and a row that says otherwise replaces nothing");
    check(here, "audit", 0);
}

#[test]
fn what_is_counted_is_what_the_run_came_to() {
    let folder = tempfile::tempdir().unwrap();
    let (here, path) = (folder.path(), folder.path().join("book.csv"));
    let (first, second) = (
        ledger(&["АБ 1001|ПМ|1961", "АБ 1002|ПМ|1962"]),
        ledger(&["АБ 1001|ПМ|1961", "АБ 1002|ПМ|1962", "АБ 1001|ПМ|1961"]),
    );
    fs::write(&path, first).unwrap();
    check(here, "convert book.csv --link exact", 0);
    fs::write(&path, second).unwrap();
    check(here, "convert book.csv --link exact", 0);
    let report = fs::read_to_string(here.join("matricule-report/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let merged = rows(&registry(here), "SELECT count(*) FROM v_duplicate WHERE state = 'merged'");
    assert_eq!(merged, [[report["duplicates"]["merged_pairs"].to_string()]]);

    // A ledger that could not be read, and then could, is no failure any more.
    fs::write(here.join("late.csv"), "PK\u{3}\u{4}no workbook").unwrap();
    check(here, "convert late.csv", 1);
    check(here, "rejects export --report failed", 1);
    fs::write(here.join("late.csv"), ledger(&["АБ 2001|ПМ|1961"])).unwrap();
    check(here, "convert late.csv --link exact", 0);
    check(here, "rejects export --report repaired", 0);
}

#[test]
fn a_run_is_taken_back_only_before_what_rests_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let (here, path) = (folder.path(), folder.path().join("book.csv"));
    write_office(here, &[("scripts/cyrl-rus-icao9303.csv", "map,Б,P,,office,overrides ICAO 9303\n")]);
    fs::write(&path, ledger(&FIRST)).unwrap();
    check(here, "convert book.csv --link exact", 1);
    let present = |here: &Path| -> Vec<Vec<String>> {
        let gone = |line: &Vec<String>| line.iter().any(|cell| cell == "withdrawn" || cell == "superseded");
        public(here).into_iter().filter(|line| !gone(line)).collect()
    };
    let before = present(here);
    check(here, "rerun --mappings office --apply", 0);
    let mut second = FIRST;
    second[0] = "АБ 1001|ПММ|1961";
    fs::write(&path, ledger(&second)).unwrap();
    check(here, "convert book.csv --link exact --mappings office", 1);
    check(here, "entries amend 4 --set remarks=seen --reason seen --operator rk --mappings office", 0);
    for (run, resting) in [(1, "run 2"), (1, "run 3"), (2, "run 3"), (3, "run 4")] {
        let output = support::matricule(here, ["runs", "undo", &run.to_string()]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2));
        assert!(error.contains("L707") && error.contains(resting), "undo of {run}: {error}");
    }
    for run in [4, 3, 2] {
        check(here, &format!("runs undo {run}"), 0);
        check(here, "audit", 0);
    }
    assert_eq!(present(here), before);
}

#[test]
fn a_ledger_sent_again_under_other_tables_tells_which_of_both_changed_a_row() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let put = |rows: &str| {
        let ledger = format!("Serial No.,Make,Type,Country of manufacture,Remarks\n{rows}");
        fs::write(here.join("book.csv"), ledger.replace("FN", "FN,rifle,BE")).unwrap();
    };
    put("НХ 1,FN,a\nНХ 2,FN,b\nАВ 3,FN,c\nНХ 4,FN,d\nАВ 5,FN,e\n");
    check(here, "convert book.csv --language ru", 0);
    write_office(here, &[("scripts/cyrl-rus-icao9303.csv", "map,Х,H,,office,overrides ICAO 9303\n")]);
    // As it was, another cell, another cell under the same table row, another serial, as it was.
    put("НХ 1,FN,a\nНХ 2,FN,B\nАВ 3,FN,C\nНХ 7,FN,d\nАВ 5,FN,e\n");
    check(here, "convert book.csv --language ru --mappings office", 0);
    let changes = "SELECT entry_id, field, before, after, cause FROM v_change
                   WHERE field IN ('serial', 'remarks') ORDER BY 1, 2";
    let sent = "the ledger was sent again";
    let row = "its row is as it was, and is read otherwise: by other tables, words or columns, or by what stands above it";
    assert_eq!(
        rows(&registry(here), changes),
        [
            ["1", "serial", "NKH1", "NH1", row],
            ["2", "remarks", "b", "B", sent],
            [
                "2",
                "serial",
                "NKH2",
                "NH2",
                "its serial is as it was, and the tables of this run convert it otherwise"
            ],
            ["3", "remarks", "c", "C", sent],
            ["4", "serial", "NKH4", "NH7", sent],
        ]
    );
    check(here, "audit", 0);
}
