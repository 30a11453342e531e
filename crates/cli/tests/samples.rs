//! The samples: every physical row becomes what `truth.csv` says, written by hand, and the output is
//! what was blessed. `MATRICULE_BLESS=1 cargo test -p matricule --test samples` blesses anew.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::Connection;
use support::{case, check, check_conservation, matricule, registry, root, rows};

type Address = (String, String, String);

fn truth(name: &str, file: &str) -> Vec<csv::StringRecord> {
    let path = root().join("samples").join(name).join(file);
    let mut reader =
        csv::Reader::from_path(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    reader.records().map(Result::unwrap).collect()
}

fn address(row: &csv::StringRecord, first: usize) -> Address {
    (row[first].to_owned(), row[first + 1].to_owned(), row[first + 2].to_owned())
}

fn key(row: &[String]) -> Address {
    (row[0].clone(), row[1].clone(), row[2].clone())
}

/// Runs the command of a case and holds the result to its truth.
fn check_case(name: &str) {
    let folder = case(name);
    let command = std::fs::read_to_string(root().join("samples").join(name).join("command")).unwrap();
    let status = i32::from(truth(name, "truth.csv").iter().any(|row| &row[3] == "reject"));
    let summary = check(folder.path(), command.trim(), status);
    let db = registry(folder.path());
    check_conservation(&db);
    check_rows(name, &db);
    bless(name, folder.path(), &db, &summary);
}

fn check_rows(name: &str, db: &Connection) {
    let loaded: BTreeMap<Address, Vec<String>> =
        rows(db, "SELECT file, sheet, row, serial, no_serial FROM v_entry")
            .into_iter()
            .map(|row| (key(&row), row[3..].to_vec()))
            .collect();
    let mut rejected: BTreeMap<Address, BTreeSet<String>> = BTreeMap::new();
    for row in rows(db, "SELECT file, sheet, row, code FROM v_reject") {
        let place =
            if row[2].is_empty() { (row[0].clone(), String::new(), String::new()) } else { key(&row) };
        rejected.entry(place).or_default().insert(row[3].clone());
    }
    let mut faults = Vec::new();
    for row in truth(name, "truth.csv") {
        let place = address(&row, 0);
        let codes = rejected.remove(&place).unwrap_or_default();
        let found = match loaded.get(&place) {
            Some(values) => format!("load {} {}", values[0], values[1]),
            None if !codes.is_empty() => {
                format!("reject {}", codes.into_iter().collect::<Vec<_>>().join("+"))
            }
            None => "skip".to_owned(),
        };
        let expect = match &row[3] {
            "load" => format!("load {} {}", &row[5], &row[6]),
            "reject" => format!(
                "reject {}",
                row[4].split('+').collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("+")
            ),
            _ => "skip".to_owned(),
        };
        if found != expect {
            faults.push(format!("{}!{}!{}: {found}, expected {expect}", place.0, place.1, place.2));
        }
    }
    faults.extend(rejected.iter().map(|(place, codes)| format!("{place:?}: {codes:?}, not expected")));
    assert!(faults.is_empty(), "{name}:\n{}", faults.join("\n"));
    check_skipped(name, db);
}

/// Rows skipped, by sheet and class.
fn check_skipped(name: &str, db: &Connection) {
    let mut expect: BTreeMap<(String, String, String), i64> = BTreeMap::new();
    for row in truth(name, "truth.csv").iter().filter(|row| &row[3] == "skip") {
        *expect.entry((row[0].to_owned(), row[1].to_owned(), row[4].to_owned())).or_default() += 1;
    }
    let query = "SELECT f.path, s.sheet, c.key, c.value FROM v_sheet s JOIN v_file f USING (file_id), json_each(s.skipped) c WHERE c.value > 0";
    let found: BTreeMap<_, _> =
        rows(db, query).into_iter().map(|row| (key(&row), row[3].parse::<i64>().unwrap())).collect();
    let differ: Vec<String> = expect
        .keys()
        .chain(found.keys())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter(|place| expect.get(place) != found.get(place))
        .map(|place| format!("{place:?}: {:?}, expected {:?}", found.get(place), expect.get(place)))
        .collect();
    assert!(differ.is_empty(), "{name}:\n{}", differ.join("\n"));
}

/// Compares the output with the blessed one, or writes it.
fn bless(name: &str, folder: &Path, db: &Connection, summary: &str) {
    let entries = rows(
        db,
        "SELECT file, sheet, row, weapon_id, serial, serial_original, serial_script, serial_table, no_serial, make, \
        model, type, calibre, country_of_manufacture, year_of_manufacture, status, registered_on, register, printf('%.2f', completeness), \
        originals, flags, extra FROM v_entry ORDER BY file, sheet, row",
    );
    let links = rows(
        db,
        "SELECT a.file, a.row, b.file, b.row, d.kind, d.state, d.reasons FROM v_duplicate d \
        JOIN v_entry a ON a.entry_id = d.entry_a JOIN v_entry b ON b.entry_id = d.entry_b ORDER BY 1, 2, 3, 4",
    );
    let text_of = |rows: &[Vec<String>]| rows.iter().map(|row| row.join("\t") + "\n").collect::<String>();
    let rejected = std::fs::read_to_string(folder.join("report/rejected.csv")).unwrap();
    let files = [
        ("summary.txt", summary.to_owned()),
        ("rejected.csv", rejected),
        ("entries.tsv", text_of(&entries)),
        ("links.tsv", text_of(&links)),
    ];
    let expected = root().join("samples").join(name).join("expected");
    for (file, text) in files {
        if std::env::var_os("MATRICULE_BLESS").is_some() {
            std::fs::create_dir_all(&expected).unwrap();
            std::fs::write(expected.join(file), &text).unwrap();
        }
        let blessed = std::fs::read_to_string(expected.join(file)).unwrap_or_default();
        assert!(blessed == text, "samples/{name}/expected/{file} differs; bless it anew and review the diff");
    }
}

/// The pairs that have to be merged, proposed or reported as contradicting.
fn check_duplicates(name: &str) {
    let folder = case(name);
    matricule(folder.path(), ["convert", "ledgers"]);
    let db = registry(folder.path());
    for row in truth(name, "duplicates.csv") {
        let id = |first: usize| {
            let (file, sheet, line) = address(&row, first);
            let query = format!(
                "SELECT entry_id, weapon_id FROM v_entry WHERE file = '{file}' AND sheet = '{sheet}' AND row = {line}"
            );
            rows(&db, &query)
                .into_iter()
                .next()
                .unwrap_or_else(|| panic!("{file}!{sheet}!{line} is not loaded"))
        };
        let (a, b) = (id(0), id(3));
        let pair = format!(
            "min(entry_a, entry_b) = min({0}, {1}) AND max(entry_a, entry_b) = max({0}, {1})",
            a[0], b[0]
        );
        let found = match &row[6] {
            "merged" => a[1] == b[1],
            "conflict" => {
                !rows(&db, &format!("SELECT 1 FROM v_conflict WHERE {pair}")).is_empty() && a[1] != b[1]
            }
            state => {
                !rows(&db, &format!("SELECT 1 FROM v_duplicate WHERE state = '{state}' AND {pair}"))
                    .is_empty()
                    && a[1] != b[1]
            }
        };
        assert!(found, "{name}: {row:?}");
    }
}

#[test]
fn tour() {
    check_case("tour");
}

#[test]
fn declared() {
    check_case("declared");
}

#[test]
fn layouts() {
    check_case("layouts");
}

#[test]
fn refused() {
    check_case("refused");
}

#[test]
fn values() {
    check_case("values");
}

#[test]
fn flagged() {
    check_case("flagged");
    let folder = case("flagged");
    matricule(folder.path(), ["convert", "ledgers"]);
    let query = "SELECT e.file, e.sheet, e.row,
        (SELECT coalesce(group_concat(code, '+'), '') FROM
            (SELECT DISTINCT json_extract(value, '$.code') code FROM json_each(e.flags) ORDER BY 1))
        FROM v_entry e ORDER BY 1, 2, 3";
    let mut expect: Vec<Vec<String>> =
        truth("flagged", "flags.csv").iter().map(|row| row.iter().map(str::to_owned).collect()).collect();
    expect.sort();
    assert_eq!(rows(&registry(folder.path()), query), expect);
}

#[test]
fn values_are_as_written_down() {
    let folder = case("values");
    matricule(folder.path(), ["convert", "ledgers"]);
    let db = registry(folder.path());
    for row in truth("values", "values.csv") {
        let query = format!(
            "SELECT {} FROM v_entry WHERE file = '{}' AND sheet = '{}' AND row = {}",
            &row[3], &row[0], &row[1], &row[2]
        );
        assert_eq!(rows(&db, &query), [[row[4].to_owned()]], "{row:?}");
    }
    let query = "SELECT json_extract(c.value, '$.header')
        FROM (SELECT columns FROM v_sheet UNION ALL SELECT columns FROM sheet_table) s, json_each(s.columns) c
        WHERE json_extract(c.value, '$.personal') ORDER BY 1";
    let personal: Vec<String> = rows(&db, query).concat();
    assert_eq!(personal, ["Issued to", "Movements", "Phone", "Phone", "Received from", "Владелец"]);
    let holds = |name: &str, text: &str| {
        std::fs::read_to_string(folder.path().join("matricule-report").join(name)).unwrap().contains(text)
    };
    assert!(holds("rejected.csv", "555 0103"));
    for name in ["rejected-safe.csv", "rejected.json", "report.html"] {
        assert!(!holds(name, "555 0103"), "{name} shows the telephone number of a second table");
    }
    let query = "SELECT e.file, e.sheet, e.row, v.kind, v.date, v.from_party, v.to_party, v.document
        FROM v_event v JOIN v_entry e USING (entry_id)";
    let mut found = rows(&db, query);
    let mut expect: Vec<Vec<String>> =
        truth("values", "events.csv").iter().map(|row| row.iter().map(str::to_owned).collect()).collect();
    found.sort();
    expect.sort();
    assert_eq!(found, expect);
}

#[test]
fn duplicates_are_found_as_written_down() {
    check_duplicates("tour");
    check_duplicates("declared");
}
