//! All in or not at all: what readers, other runs and a crash see of a run.

use std::fs;

use matricule_loader::{Error, LeftBehind, Load, Registry, left_builds, remove_left_builds};
use matricule_record::{Code, Finding, SheetFacts};
use rusqlite::Connection;

use crate::fixture::{Place, facts, ledger, load_file, manifest, plain, reader, ready};

/// The error of a run that may not begin on `place`.
fn refusal(place: &Place) -> Error {
    Load::begin(&place.path, &manifest()).expect_err("the run should not begin")
}

#[test]
fn a_first_build_appears_at_once() {
    let place = Place::new();
    let mut load = place.begin();
    load_file(&mut load, "a.csv", &["A1", "A2"], 1);
    assert!(!place.path.exists());
    assert_eq!(load.publish().unwrap().run_id, 1);
    assert_eq!(place.names(), ["registry.db"]);
    assert_eq!(place.value::<i64>("SELECT count(*) FROM v_entry"), 2);
    let run = &Registry::open(&place.path).unwrap().runs().unwrap()[0];
    assert_eq!((run.state.as_str(), run.rows.read, run.rows.loaded), ("published", 4, 2));
    assert_eq!(run.tables, r#"{"latn":"digest of latn"}"#);
    assert!(run.finished_at >= Some(run.started_at.clone()) && run.started_at.ends_with('Z'), "{run:?}");
}

#[test]
fn a_run_that_is_dropped_leaves_nothing() {
    let place = Place::new();
    let mut load = place.begin();
    load_file(&mut load, "a.csv", &["A1"], 0);
    drop(load);
    assert_eq!(place.names(), [""; 0]);
}

#[cfg(unix)]
#[test]
fn a_partial_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let load = place.begin();
    for name in place.names() {
        let mode = fs::metadata(place.directory.path().join(&name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    load.publish().unwrap();
    assert_eq!(fs::metadata(&place.path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn only_partials_without_an_owner_are_removed() {
    let place = Place::new();
    let (stale, torn) = ("registry.db.partial.00000000deadbeef", "registry.db.partial.000000000000cafe");
    for (name, bytes) in [
        (stale, &b""[..]),
        (&format!("{stale}-journal"), b"left over"),
        // The first page of a build that was killed before anything of it was committed is a hole.
        (torn, &[0; 4096]),
        ("registry.db.partial.notes", b"left over"),
        ("other.db.partial.00000000deadbeef", b""),
    ] {
        fs::write(place.directory.path().join(name), bytes).unwrap();
    }
    let first = place.begin();
    let second = place.begin();
    let names = place.names();
    let partials =
        names.iter().filter(|name| name.starts_with("registry.db.partial.") && !name.contains('-'));
    assert_eq!(partials.count(), 3, "two live partials and a file of somebody else: {names:?}");
    assert!(!names.iter().any(|name| name.starts_with(stale) || name.starts_with(torn)), "{names:?}");
    drop((first, second));
    assert_eq!(place.names(), ["other.db.partial.00000000deadbeef", "registry.db.partial.notes"]);
}

#[test]
fn a_partial_that_cannot_be_read_is_left_and_named() {
    let place = Place::new();
    let name = |build: u64| format!("registry.db.partial.{build:016x}");
    let path = |build: u64| place.directory.path().join(name(build));
    fs::write(path(7), "under another key").unwrap();
    let first = Load::begin_in_parts(&place.path, &manifest(), 8, false).unwrap();
    drop((first, place.begin()));
    for resume in [false, true] {
        let error = Load::begin_in_parts(&place.path, &manifest(), 7, resume).unwrap_err().to_string();
        assert!(error.contains(&name(7)), "{error}");
    }
    assert_eq!(left_builds(&place.path), LeftBehind { known: vec![], unknown: vec![path(7)] });
    // One that nothing of a registry was written to, and one that was.
    fs::write(path(9), "").unwrap();
    let mut begun = Load::begin_in_parts(&place.path, &manifest(), 10, false).unwrap();
    begun.commit_part("{}").unwrap();
    drop(begun);
    assert_eq!(place.names(), [name(7), name(10)]);
    let removed = remove_left_builds(&place.path);
    assert_eq!(removed, LeftBehind { known: vec![path(10)], unknown: vec![path(7)] });
    assert_eq!((place.names(), fs::read(path(7)).unwrap()), (vec![name(7)], b"under another key".to_vec()));
}

#[test]
fn a_first_build_that_is_only_tried_leaves_nothing_beside_its_place() {
    let place = Place::new();
    let stale = "registry.db.partial.00000000deadbeef";
    fs::write(place.directory.path().join(stale), "").unwrap();
    let mut load = Load::rehearse(&place.path, &manifest()).unwrap();
    load_file(&mut load, "a.csv", &["A1"], 1);
    assert_eq!((load.totals().unwrap().rows.loaded, place.names()), (1, vec![stale.to_owned()]));
    assert!(matches!(load.publish().unwrap_err(), Error::OutOfOrder { call: "publish", .. }));
    assert_eq!(place.names(), [stale]);
}

#[test]
fn publishing_never_replaces_a_file() {
    let place = Place::new();
    let load = place.begin();
    fs::write(&place.path, "mine").unwrap();
    let error = load.publish().unwrap_err();
    assert_eq!(error.code(), Some(Code::L701), "{error}");
    assert_eq!(fs::read_to_string(&place.path).unwrap(), "mine");
    assert_eq!(place.names(), ["registry.db"]);
}

#[test]
fn a_run_that_is_only_tried_is_in_a_copy_and_cannot_be_published() {
    let place = Place::with(&["A1"]);
    let before = fs::read(&place.path).unwrap();
    // As if another run were being loaded: a copy waits for nobody.
    let other = place.begin();
    let mut load = Load::rehearse(&place.path, &manifest()).unwrap();
    load_file(&mut load, "b.csv", &["B1"], 0);
    assert_eq!(load.totals().unwrap().rows.loaded, 1);
    let error = load.publish().unwrap_err();
    assert!(matches!(error, Error::OutOfOrder { call: "publish", .. }), "{error}");
    drop(other);
    assert!(fs::read(&place.path).unwrap()[100..] == before[100..], "only the header counts the other run");
    assert_eq!(
        (place.names(), place.value("SELECT count(*) FROM v_entry")),
        (vec!["registry.db".to_owned()], 1)
    );
}

#[test]
fn a_reader_sees_the_old_state_until_an_addition_is_published() {
    let place = Place::with(&["A1"]);
    let before = reader(&place.path);
    let count = |connection: &Connection| -> i64 {
        connection.query_row("SELECT count(*) FROM v_entry", [], |row| row.get(0)).unwrap()
    };
    let mut load = place.begin();
    assert_eq!(load.run_id(), 2);
    assert_eq!(load_file(&mut load, "b.csv", &["B1"], 0), [2]);
    assert_eq!(count(&before), 1);
    load.publish().unwrap();
    assert_eq!(count(&before), 2);
    assert_eq!(place.value::<String>("PRAGMA integrity_check"), "ok");
}

#[test]
fn a_bulk_addition_has_its_indexes_again() {
    let place = Place::with(&["A1"]);
    let indexes = || place.value::<i64>("SELECT count(*) FROM sqlite_master WHERE type = 'index'");
    let before = indexes();
    let serials: Vec<String> = (0..10_010).map(|number| format!("B{number}")).collect();
    let serials: Vec<&str> = serials.iter().map(String::as_str).collect();
    let mut load = place.begin();
    load.start_file(&facts("b.csv")).unwrap();
    let open = ledger("b.csv");
    load.start_sheet(&open).unwrap();
    for (at, serial) in (2..).zip(&serials) {
        load.entry(&ready(&plain(&open, at, serial))).unwrap();
    }
    load.fail_file(&facts("b.csv"), &Finding::new(Code::I101, "the file ends early")).unwrap();
    load_file(&mut load, "c.csv", &serials, 0);
    load.publish().unwrap();
    assert_eq!(indexes(), before);
    assert_eq!(place.value::<i64>("SELECT entry_id FROM v_entry WHERE serial = 'B10009'"), 10_011);
    assert_eq!(place.value::<String>("PRAGMA integrity_check"), "ok");
    assert_eq!(place.names(), ["registry.db"], "the write-ahead log is gone");
}

#[test]
fn an_addition_that_is_dropped_changes_nothing() {
    let place = Place::with(&["A1"]);
    load_file(&mut place.begin(), "b.csv", &["B1"], 0);
    assert_eq!(place.value::<i64>("SELECT max(entry_id) + (SELECT count(*) FROM v_run) FROM v_entry"), 2);
    place.begin();
}

#[test]
fn a_second_run_is_told_to_wait() {
    let place = Place::with(&["A1"]);
    let _first = place.begin();
    let error = refusal(&place);
    assert_eq!(error.code(), Some(Code::L701));
    assert!(error.to_string().contains("Wait"), "{error}");
}

#[test]
fn a_file_that_is_no_registry_is_left_alone() {
    let foreign = Place::new();
    Connection::open(&foreign.path).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    let text = Place::new();
    fs::write(&text.path, "serial;make\n1;2\n".repeat(100)).unwrap();
    let empty = Place::new();
    fs::write(&empty.path, "").unwrap();
    for place in [foreign, text, empty] {
        let bytes = fs::read(&place.path).unwrap();
        assert!(matches!(refusal(&place), Error::NotARegistry { .. }), "{}", refusal(&place));
        assert!(matches!(Registry::open(&place.path), Err(Error::NotARegistry { .. })));
        assert_eq!(fs::read(&place.path).unwrap(), bytes);
        assert_eq!(place.names(), ["registry.db"]);
    }
}

#[test]
fn a_registry_of_a_newer_version_is_refused() {
    let place = Place::with(&["A1"]);
    Connection::open(&place.path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(refusal(&place).code(), Some(Code::L704));
    assert_eq!(Registry::open(&place.path).unwrap_err().code(), Some(Code::L704));
}

#[test]
fn a_place_that_cannot_be_written_is_l705() {
    let mut place = Place::new();
    place.path = place.directory.path().join("missing").join("registry.db");
    assert_eq!(refusal(&place).code(), Some(Code::L705));
    assert!(matches!(Registry::open(&place.path), Err(Error::NotReadable { .. })));
}

#[test]
fn a_failed_file_takes_only_its_own_rows_along() {
    let place = Place::new();
    let mut load = place.begin();
    load_file(&mut load, "a.csv", &["A1"], 1);
    load.start_file(&facts("b.csv")).unwrap();
    let open = ledger("b.csv");
    load.start_sheet(&open).unwrap();
    assert_eq!(load.entry(&ready(&plain(&open, 2, "B1"))).unwrap(), Some(2));
    load.fail_file(&facts("b.csv"), &Finding::new(Code::I101, "the file ends early")).unwrap();
    load.fail_file(&facts("c.csv"), &Finding::new(Code::I102, "password-protected")).unwrap();
    assert_eq!(load_file(&mut load, "d.csv", &["D1", "D2"], 0), [2, 3]);

    let totals = load.totals().unwrap();
    let states: Vec<(&str, &str, u64)> =
        totals.files.iter().map(|file| (&*file.path, &*file.state, file.rows.read)).collect();
    let wanted =
        [("a.csv", "current", 3), ("b.csv", "failed", 0), ("c.csv", "failed", 0), ("d.csv", "current", 3)];
    assert_eq!(states, wanted);
    assert_eq!(totals.rows.read, totals.rows.loaded + totals.rows.rejected + totals.rows.skipped);
    let mut refused = Vec::new();
    load.rejects(|reject| refused.push((reject.file.to_string(), reject.row, reject.findings.len())))
        .unwrap();
    assert_eq!(refused, [("a.csv".into(), Some(3), 2), ("b.csv".into(), None, 1), ("c.csv".into(), None, 1)]);

    load.publish().unwrap();
    assert_eq!(place.value::<i64>("SELECT count(*) FROM v_sheet"), 2);
    assert_eq!(place.value::<i64>("SELECT count(*) FROM v_reject WHERE row IS NULL AND sheet IS NULL"), 2);
    assert_eq!(place.value::<i64>("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_eq!(place.value::<String>("PRAGMA integrity_check"), "ok");
}

#[test]
fn a_run_without_a_good_file_is_published() {
    let place = Place::new();
    let mut load = place.begin();
    load.fail_file(&facts("a.csv"), &Finding::new(Code::I101, "unreadable")).unwrap();
    load.publish().unwrap();
    assert_eq!(place.value::<String>("SELECT state FROM v_file"), "failed");
    let registry = Registry::open(&place.path).unwrap();
    assert_eq!(registry.loaded("sha of a.csv").unwrap(), None);
}

#[test]
fn a_sheet_that_does_not_add_up_is_refused() {
    for (read, loaded) in [(3, 1), (2, 2)] {
        let place = Place::new();
        let mut load = place.begin();
        load.start_file(&facts("a.csv")).unwrap();
        let open = ledger("a.csv");
        load.start_sheet(&open).unwrap();
        load.entry(&ready(&plain(&open, 1, "A1"))).unwrap();
        let counts = SheetFacts { rows_read: read, rows_loaded: loaded, ..SheetFacts::default() };
        assert!(matches!(load.end_sheet(&counts), Err(Error::Unbalanced { .. })));
    }
}

#[test]
fn calls_out_of_order_are_refused() {
    let place = Place::new();
    let mut load = place.begin();
    assert!(matches!(load.entry(&ready(&plain(&ledger("a.csv"), 1, "A1"))), Err(Error::OutOfOrder { .. })));
    assert!(matches!(load.end_file(), Err(Error::OutOfOrder { .. })));
    load.start_file(&facts("a.csv")).unwrap();
    assert!(matches!(load.start_file(&facts("b.csv")), Err(Error::OutOfOrder { .. })));
    assert!(matches!(load.publish(), Err(Error::OutOfOrder { .. })));
    assert_eq!(place.names(), [""; 0]);
}
