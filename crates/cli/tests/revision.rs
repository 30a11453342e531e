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
fn check_rerun(name: &str, office: &Office, plan: &[&str], counts: [u32; 4]) {
    let (folder, fresh) = (case(name), case(name));
    let (here, there) = (folder.path(), fresh.path());
    write_office(here, office);
    write_office(there, office);
    check(here, "convert ledgers", 1);
    let before = public(here);
    check(there, "convert ledgers --mappings office", 1);
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
        &[("scripts/cyrl-rus-icao9303.csv", "map,Х,H,,office decision 2026-11,overrides ICAO 9303\n")],
        &["cyrl-rus-icao9303: Х KH → H", "НХ 0715", "NKH0715", "NH0715"],
        [1, 0, 0, 0],
    );
}

#[test]
fn a_letter_under_review_refuses_its_serials_and_a_decided_one_loads_them() {
    check_rerun(
        "tour",
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
        &[("vocabulary/weapon_type.csv", "pistol,ru,Хрымза\n")],
        &["vocabulary weapon_type", "loads"],
        [0, 1, 0, 0],
    );
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
