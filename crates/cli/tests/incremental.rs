//! Loading in parts, in any order, with decisions made on the way, gives what loading at once gives.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

#[path = "support/ledgers.rs"]
mod ledgers;
mod support;

use std::fs;
use std::path::Path;

use support::{check, copy, matricule, registry, rows};

const LEDGERS: u64 = 6;

/// Where the ledger of a number lies.
fn place(ledger: u64) -> String {
    format!("{}/l{ledger}.csv", if ledger % 3 == 2 { "police" } else { "army" })
}

/// Loads batch after batch of ledgers into one registry; each batch is a folder of its own with the same paths.
fn load(all: &Path, folder: &Path, batches: &[&[u64]]) {
    for (number, batch) in batches.iter().enumerate() {
        let part = folder.join(format!("part{number}"));
        for &ledger in *batch {
            let target = part.join(place(ledger));
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(all.join(place(ledger)), &target).unwrap();
            fs::copy(
                all.join(place(ledger)).with_file_name("ledger.toml"),
                target.with_file_name("ledger.toml"),
            )
            .unwrap();
        }
        let output = matricule(folder, ["convert", part.to_str().unwrap()]);
        assert!(output.status.code() < Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        fs::remove_dir_all(part).unwrap();
    }
}

/// What must not depend on the order: weapons as sets of addresses with what states them, pairs, contradictions.
fn links(folder: &Path) -> Vec<Vec<String>> {
    let db = registry(folder);
    let address =
        |id: &str| format!("(SELECT x.file || '!' || x.row FROM v_entry x WHERE x.entry_id = {id})");
    let queries = [
        "SELECT file, row, (SELECT min(o.file || '!' || o.row) FROM v_entry o WHERE o.weapon_id = e.weapon_id) FROM v_entry e ORDER BY 1, 2".to_owned(),
        format!(
            "SELECT {}, {}, kind, bits, state, reasons FROM v_duplicate ORDER BY 1, 2, 3",
            address("entry_a"),
            address("entry_b")
        ),
        format!(
            "SELECT {}, {}, field, value_a, value_b, kind, state FROM v_conflict ORDER BY 1, 2, 3",
            address("entry_a"),
            address("entry_b")
        ),
        format!(
            "SELECT serial, make, model, holder, status, entries, conflicts, {} FROM v_weapon ORDER BY 1, 2, 3, 4, 5, 8",
            address("(sources ->> 'holder')")
        ),
    ];
    queries.iter().flat_map(|query| rows(&db, query)).collect()
}

fn digest(folder: &Path) -> String {
    check(folder, "audit --digest", 0)
}

/// Writes verdicts on some of the proposed pairs, by address.
fn verdicts(folder: &Path) -> String {
    let csv = check(folder, "review list --csv", 0);
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).unwrap();
    for (at, record) in reader.records().enumerate() {
        let mut record: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        ["confirm", "refuse", ""][at % 3].clone_into(&mut record[0]);
        "by the test".clone_into(&mut record[1]);
        writer.write_record(&record).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn decide(folder: &Path, verdicts: &str) {
    fs::write(folder.join("verdicts.csv"), verdicts).unwrap();
    check(folder, "review apply verdicts.csv --operator tester", 0);
}

/// All at once, then in parts, in several orders, with and without decisions.
fn check_orders(seed: u64) {
    let (all, once) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    ledgers::write(all.path(), seed, LEDGERS, 40);
    load(all.path(), once.path(), &[&[0, 1, 2, 3, 4, 5]]);
    let expected = links(once.path());
    let pairs = expected.iter().filter(|row| row.len() == 6).count();
    assert!(pairs > 15, "only {pairs} pairs: the ledgers say too little");
    let orders: [&[&[u64]]; 2] = [&[&[5], &[3, 0], &[1, 4, 2]], &[&[2, 4, 1], &[5, 0, 3]]];
    for order in orders {
        let folder = tempfile::tempdir().unwrap();
        load(all.path(), folder.path(), order);
        assert_eq!(links(folder.path()), expected, "{order:?}");
        assert_eq!(digest(folder.path()), digest(once.path()), "{order:?}");
    }
    // Decisions on the first ledgers, made before the others are there or after.
    let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    load(all.path(), before.path(), &[&[4, 1, 5]]);
    let said = verdicts(before.path());
    decide(before.path(), &said);
    load(all.path(), before.path(), &[&[0, 2], &[3]]);
    copy(once.path(), after.path());
    decide(after.path(), &said);
    let decided = links(after.path());
    assert_ne!(decided, expected);
    assert_eq!(links(before.path()), decided);
    assert_eq!(digest(before.path()), digest(after.path()));
    check(before.path(), "audit", 0);
    check(after.path(), "audit", 0);
}

#[test]
fn parts_in_any_order_give_the_same_weapons_and_pairs() {
    check_orders(1);
}
