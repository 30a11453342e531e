//! How long entries have been kept.

use jiff::civil::date;
use matricule_loader::{Registry, Retention};
use matricule_record::{Field, FieldValue, SerialState};

use crate::fixture::{Place, facts, ledger, marking, ready, row, sheet_facts};

/// A registry of one ledger whose rows name these days, of registration and of status.
fn registry_of(days: &[(&str, &str)]) -> Place {
    let place = Place::new();
    let mut load = place.begin();
    load.start_file(&facts("a.csv")).unwrap();
    let open = ledger("a.csv");
    load.start_sheet(&open).unwrap();
    for (at, (registered, status)) in (2..).zip(days) {
        let mut linked = row(&open, at, &["A1"], SerialState::Converted(marking(Field::Serial, "A1", "A1")));
        for (field, text) in [(Field::RegisteredOn, registered), (Field::StatusDate, status)] {
            if !text.is_empty() {
                linked.row.fields.set(field, FieldValue { text: (*text).into(), column: None });
            }
        }
        load.entry(&ready(&linked)).unwrap();
    }
    load.end_sheet(&sheet_facts(days.len() as u64, 0)).unwrap();
    load.end_file().unwrap();
    load.publish().unwrap();
    place
}

#[test]
fn a_period_runs_out_on_its_day_and_not_before() {
    let today = date(2026, 5, 12);
    for (registered, status, entries, of_manufacture, oldest) in [
        ("2006-05-12", "", 1, 0, "2006-05-12"),
        ("2006-05-13", "", 0, 0, ""),
        ("1996-05-12", "", 1, 1, "1996-05-12"),
        ("1951-03-04", "2007-01-01", 0, 0, ""),
        ("1951-03-04", "1960-01-01", 1, 1, "1960-01-01"),
        ("", "2001-02-03", 1, 0, "2001-02-03"),
        // The last day that may be meant.
        ("2005", "", 1, 0, "2005-12-31"),
        ("2006", "", 0, 0, ""),
        ("2006-05", "", 0, 0, ""),
        ("1902/1903", "", 1, 1, "1903-12-31"),
        // Without a date that is known, from the day on which it was loaded.
        ("12.05.87", "", 0, 0, ""),
        ("", "", 0, 0, ""),
    ] {
        let place = registry_of(&[(registered, status)]);
        let found = Registry::open(&place.path).unwrap().retention(today).unwrap();
        let line = Retention {
            file: "a.csv".into(),
            entries,
            entries_of_manufacture: of_manufacture,
            oldest: oldest.into(),
        };
        let expect: Vec<Retention> = (entries > 0).then_some(line).into_iter().collect();
        assert_eq!(found, expect, "{registered} {status}");
    }
    // In the year 2060 what was loaded without a date is old, too.
    let place = registry_of(&[("", ""), ("1951-03-04", "")]);
    let found = Registry::open(&place.path).unwrap().retention(date(2060, 1, 1)).unwrap();
    assert_eq!((found[0].entries, found[0].entries_of_manufacture), (2, 2));
}
