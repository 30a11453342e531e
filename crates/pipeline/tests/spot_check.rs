//! Entries drawn by lot: as many as were asked for, as the ledger has them, the same for everybody.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;

use calamine::Reader as _;
use matricule_loader::Registry;
use matricule_mapping::Files;
use matricule_pipeline::{Request, Silent, Split, convert, spot_check};

use support::{request, stages};

const ROWS: usize = 30;

fn put_registry(folder: &Path) -> Registry {
    let mut text = "Serial No.,Make,Model,Type,Country of manufacture,Holder\n".to_owned();
    for row in 0..ROWS {
        text.push_str(&format!("AB-{row:03},FN,FAL,rifle,BE,Example Person\n"));
    }
    fs::write(folder.join("ledger.csv"), text).unwrap();
    let link = matricule_record::LinkMode::Exact;
    let request = Request { link, ..request(folder, "ledger.csv", Split { workers: 1, batch: 64 }) };
    convert(&stages(Files::shipped(), Some("en")), &request, &Silent).unwrap();
    Registry::open(request.registry).unwrap()
}

fn read(path: &Path) -> Vec<Vec<String>> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

fn check(registry: &Registry, asked: usize, expect: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("1.xlsx"), folder.path().join("2.xlsx"));
    assert_eq!(spot_check(registry, asked, &first).unwrap(), expect as u64);
    spot_check(registry, asked, &second).unwrap();
    let rows = read(&first);
    assert_eq!(rows, read(&second), "the same lot");
    let column = |name: &str| rows[0].iter().position(|header| header == name).unwrap();
    let (row, original, serial) = (column("row"), column("serial_original"), column("serial"));
    assert_eq!(rows.len(), 1 + expect);
    let mut numbers: Vec<usize> = rows[1..].iter().map(|cells| cells[row].parse().unwrap()).collect();
    for (cells, number) in rows[1..].iter().zip(&numbers) {
        assert_eq!(cells[original], format!("AB-{:03}", number - 2));
        assert_eq!(cells[serial], format!("AB{:03}", number - 2));
    }
    assert!(numbers.is_sorted());
    numbers.dedup();
    assert_eq!(numbers.len(), expect);
    assert!(!rows.concat().contains(&"Example Person".to_owned()), "nobody needs it for this");
    assert!(spot_check(registry, asked, &first).is_err(), "a sheet that may be filled in is not overwritten");
}

#[test]
fn a_sample_is_drawn_by_lot_and_the_same_for_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let registry = put_registry(folder.path());
    check(&registry, 5, 5);
    check(&registry, 1, 1);
    check(&registry, ROWS * 2, ROWS);
}
