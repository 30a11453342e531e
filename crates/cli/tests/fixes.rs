//! One repair for many rows: each kind played from the refused rows to the registry that holds them. And what is being
//! repaired by hand is not lost.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;

use support::{case, check, check_conservation, check_shows, matricule, registry, rows};

/// A repair, and what has to come of it.
struct Fix<'a> {
    case: &'a str,
    /// The options of `rejects fix`, one command after the other.
    fixes: &'a [&'a str],
    /// What the last of them has to print.
    told: &'a [&'a str],
    /// What then makes it so.
    apply: &'a str,
    /// The refused rows that load by it: file, row, serial, its script, series mark.
    loads: &'a [[&'a str; 5]],
}

fn check_fix(fix: &Fix<'_>) {
    let folder = case(fix.case);
    let here = folder.path();
    check(here, "convert ledgers --registry registry.db --report report", 1);
    let before = states(here);
    let mut told = String::new();
    for options in fix.fixes {
        told = check(here, &format!("rejects fix {options}"), 1);
    }
    for line in fix.told {
        assert!(told.contains(line), "{line:?} is not in\n{told}");
    }
    assert_eq!(states(here), before, "nothing is changed before it is asked for");
    check(here, &format!("{} --operator rk", fix.apply), 0);
    let db = registry(here);
    let loaded = rows(
        &db,
        "SELECT file, row, serial, serial_script, series_mark FROM v_entry WHERE reject_id IS NOT NULL ORDER BY 1, 2",
    );
    assert_eq!(loaded, fix.loads);
    let changed = format!("reject {}", fix.loads.len());
    let corrected =
        "SELECT subject || ' ' || count(*) FROM state_change WHERE after = 'corrected' GROUP BY subject";
    assert_eq!(rows(&db, corrected), [[changed]], "only what the repair is about has changed");
    let others = "SELECT count(*) FROM v_reject WHERE state = 'superseded'";
    assert_eq!(rows(&db, others), [["0"]], "no other row is refused anew");
    check_conservation(&db);
    drop(db);
    check(here, "audit --registry registry.db", 0);
    check(here, "runs undo 2 --operator rk", 0);
    assert_eq!(states(here), before);
}

/// Every refused row with what became of it.
fn states(here: &Path) -> Vec<Vec<String>> {
    rows(&registry(here), "SELECT file, row, code, state FROM v_reject ORDER BY reject_id, finding")
}

#[test]
fn a_letter_that_no_table_has_gets_a_row() {
    check_fix(&Fix {
        case: "refused",
        fixes: &[
            "--code T301 --character Ⰰ --map A --source order-12 --mappings office",
            "--code T301 --character Ⰱ --map B --source order-12 --mappings office",
        ],
        told: &[
            "office/scripts/common.csv: map,Ⰱ,B,,order-12,",
            "common: Ⰰ no row → A; common: Ⰱ no row → B\n",
            "1 refused rows load",
        ],
        apply: "rerun --apply --mappings office",
        loads: &[["T301-unmapped.csv", "3", "AB1806", "Glag", ""]],
    });
}

#[test]
fn a_letter_marked_for_review_gets_a_value() {
    check_fix(&Fix {
        case: "refused",
        fixes: &["--code T310 --character Ь --map X --source order-12 --mappings office"],
        told: &[
            "office/scripts/cyrl-rus-icao9303.csv: map,Ь,X,,order-12,overrides review",
            "cyrl-rus-icao9303: Ь review → X\n",
            "1 refused rows load",
        ],
        apply: "rerun --apply --mappings office",
        loads: &[["T310-review/T310-review.csv", "3", "VX17", "Cyrl", ""]],
    });
}

#[test]
fn a_sign_gets_a_name() {
    check_fix(&Fix {
        case: "refused",
        fixes: &[
            "--code T303 --character △ --map TRIANGLE --mappings office",
            "--code T303 --character ★ --map STAR --as series_mark --source order-12 --mappings office",
        ],
        told: &["office/symbols/own.csv: symbol,★,STAR,series_mark,order-12,", "2 refused rows load"],
        apply: "rerun --apply --mappings office",
        loads: &[
            ["T303-symbol.csv", "3", "1234", "Zyyy", "TRIANGLE"],
            ["T303-symbol.csv", "4", "56", "Zyyy", "STAR"],
        ],
    });
}

#[test]
fn letters_of_several_scripts_are_read_as_they_are_meant() {
    let fold = |letters: &str| format!("--code T302 --ledger T302-mixed.csv --fold {letters}");
    let (latin, native) = (fold("latin"), fold("native"));
    check_fix(&Fix {
        case: "refused",
        fixes: &[&latin],
        told: &["2 rows loaded", "Nothing was changed.", "--apply --operator NAME"],
        apply: &format!("rejects fix {latin} --apply"),
        loads: &[["T302-mixed.csv", "3", "AA100", "Latn", ""], ["T302-mixed.csv", "4", "MB2207", "Latn", ""]],
    });
    check_fix(&Fix {
        case: "refused",
        fixes: &[&native],
        told: &["2 rows loaded"],
        apply: &format!("rejects fix {native} --apply"),
        loads: &[["T302-mixed.csv", "3", "AA100", "Cyrl", ""], ["T302-mixed.csv", "4", "MV2207", "Grek", ""]],
    });
}

#[test]
fn a_row_needs_no_more_than_a_letter_and_its_value() {
    check_fix(&Fix {
        case: "refused",
        fixes: &["--code T310 --character Ь --map X", "--code T310 --character Ь --map X --operator rk"],
        told: &["Stands in mappings/scripts/cyrl-rus-icao9303.csv: map,Ь,X,,decided on 20"],
        apply: "rerun --apply --mappings mappings",
        loads: &[["T310-review/T310-review.csv", "3", "VX17", "Cyrl", ""]],
    });
}

#[test]
fn what_a_repair_would_do_is_shown_without_a_trace() {
    let folder = case("refused");
    check(folder.path(), "convert ledgers --registry registry.db --report report", 1);
    let fix = "rejects fix --code T302 --ledger T302-mixed.csv --fold latin";
    let told = check_shows(folder.path(), fix, 1);
    assert!(told.contains("2 rows loaded"), "{told}");
}

#[test]
fn what_cannot_be_repaired_for_many_rows_is_told() {
    let folder = case("refused");
    check(folder.path(), "convert ledgers --registry registry.db --report report", 1);
    for (options, told) in [
        (
            "--code T302 --ledger T301-unmapped.csv --fold latin",
            "no open refused row of T301-unmapped.csv has T302",
        ),
        ("--code T301 --character Q --map Q --mappings office", "no open refused row has T301 for (U+0051)"),
        ("--code T301 --character Ⰰ", "give --character and --map"),
        (
            "--code T301 --character Ⰰ --map A --table cyrl-rus-icao9303 --mappings office",
            "no open refused row names the table cyrl-rus-icao9303 for (U+2C00)",
        ),
        ("--code T301 --character Ⰰ --map é --mappings office", "the row was not kept"),
        ("--code S201", "`S201` has no repair for many rows; use rejects import for them"),
    ] {
        let output = matricule(folder.path(), ["rejects", "fix"].into_iter().chain(options.split(' ')));
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{options}");
        assert!(error.contains(told), "{told:?} is not in\n{error}");
    }
    assert!(!folder.path().join("office").exists(), "nothing is written where nothing is repaired");
}

/// The files of a report that persons fill in, by name, with their content.
fn filled_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(folder.join("matricule-report")).unwrap().map(|entry| entry.unwrap().path());
    let named = files.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    let is_it = |name: &str| name.contains(".xlsx") || name.starts_with("rejected-safe");
    let mut found: Vec<_> =
        named.filter(|(name, _)| is_it(name)).map(|(name, path)| (name, fs::read(path).unwrap())).collect();
    found.sort();
    found
}

#[test]
fn a_file_that_somebody_began_to_fill_in_is_never_written_over() {
    let folder = case("tour");
    let here = folder.path();
    check(here, "convert ledgers", 1);
    let report = here.join("matricule-report");
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    // As it was written it is written again, by whichever command.
    for command in
        ["convert ledgers --dry-run --registry other.db", "rejects export --report matricule-report"]
    {
        check(here, command, 1);
        assert_eq!(names(&filled_in(here)), ["rejected-safe.csv", "rejected.xlsx"], "{command}");
    }
    let mut expect: Vec<Vec<u8>> = Vec::new();
    for (round, command) in [
        "convert ledgers --dry-run --registry other.db",
        "rejects export --report matricule-report",
        "convert ledgers --registry other.db",
    ]
    .into_iter()
    .enumerate()
    {
        for name in ["rejected.xlsx", "rejected-safe.csv"] {
            let written = [fs::read(report.join(name)).unwrap(), format!("typed {round}").into()].concat();
            fs::write(report.join(name), &written).unwrap();
            expect.push(written);
        }
        let output = matricule(here, command.split(' '));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("it is kept as matricule-report/rejected (kept 20"), "{command}: {said}");
        let found = filled_in(here);
        for kept in &expect {
            assert!(found.iter().any(|(_, bytes)| bytes == kept), "{command} lost what was typed");
        }
        assert_eq!(found.len(), expect.len() + 2, "{:?}", names(&found));
    }
}
