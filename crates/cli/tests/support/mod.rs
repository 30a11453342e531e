//! What the tests of the whole product share: the binary, its registry, the samples.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod trial;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rusqlite::Connection;

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The binary, in a folder, with arguments.
pub fn matricule<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_matricule")).args(arguments).current_dir(folder).output().unwrap()
}

/// What a command printed on standard output; it has to end with the status expected.
pub fn check(folder: &Path, arguments: &str, status: i32) -> String {
    let output = matricule(folder, arguments.split_whitespace());
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "matricule {arguments}\n{out}\n{err}");
    out.into_owned()
}

/// The same for a command that only shows something: no byte of any file may be another afterwards.
pub fn check_shows(folder: &Path, arguments: &str, status: i32) -> String {
    let before = trial::files(folder);
    let out = check(folder, arguments, status);
    assert!(trial::files(folder) == before, "matricule {arguments} left a trace");
    out
}

/// A registry, read only.
pub fn registry(folder: &Path) -> Connection {
    // A killed run may have left a journal, which a reader cannot roll back.
    let tidied = Connection::open(folder.join("registry.db")).unwrap();
    tidied.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0)).unwrap();
    drop(tidied);
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    Connection::open_with_flags(folder.join("registry.db"), flags).unwrap()
}

/// The rows of a query, each a vector of texts; NULL is an empty text.
pub fn rows(db: &Connection, query: &str) -> Vec<Vec<String>> {
    let mut statement = db.prepare(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let columns = statement.column_count();
    let text = |row: &rusqlite::Row<'_>, at| match row.get_ref(at).unwrap() {
        rusqlite::types::ValueRef::Null => String::new(),
        rusqlite::types::ValueRef::Integer(number) => number.to_string(),
        rusqlite::types::ValueRef::Real(number) => format!("{number:.3}"),
        rusqlite::types::ValueRef::Text(text) | rusqlite::types::ValueRef::Blob(text) => {
            String::from_utf8_lossy(text).into_owned()
        }
    };
    let rows = statement.query_map([], |row| Ok((0..columns).map(|at| text(row, at)).collect())).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A folder of its own with the ledgers of a sample case in `ledgers`.
pub fn case(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("samples").join(name).join("ledgers"), &folder.path().join("ledgers"));
    folder
}

/// Whether every file, sheet and run accounts for every row that it read.
pub fn check_conservation(db: &Connection) {
    for view in ["v_file", "v_sheet", "v_run"] {
        let query =
            format!("SELECT * FROM {view} WHERE rows_read <> rows_loaded + rows_rejected + rows_skipped");
        assert_eq!(rows(db, &query), Vec::<Vec<String>>::new(), "{view} does not add up");
    }
}

/// The public content of a registry without ids and times: what must not depend on how it was made.
pub fn content(db: &Connection) -> Vec<Vec<String>> {
    let entry = "(SELECT e.file || '!' || e.sheet || '!' || e.row FROM v_entry e WHERE e.entry_id = ";
    let queries = [
        "SELECT e.file, e.sheet, e.row, e.serial, e.serial_canonical, e.serial_script, e.serial_table, e.no_serial, e.make, e.model, \
         e.type, e.calibre, e.country_of_manufacture, e.year_of_manufacture, e.originals, e.flags, e.extra, e.cells, \
         (SELECT min(o.file || '!' || o.sheet || '!' || o.row) FROM v_entry o WHERE o.weapon_id = e.weapon_id) FROM v_entry e ORDER BY 1, 2, 3"
            .to_owned(),
        "SELECT file, sheet, row, cell, field, code, original, message, suggestion, state FROM v_reject ORDER BY 1, 2, 3, 4, 6".to_owned(),
        format!(
            "SELECT min({entry}entry_a), {entry}entry_b)), max({entry}entry_a), {entry}entry_b)), kind, state FROM v_duplicate ORDER BY 1, 2, 3"
        ),
        "SELECT path, state, rows_read, rows_loaded, rows_rejected, rows_skipped, skipped FROM v_file ORDER BY 1".to_owned(),
    ];
    queries.iter().flat_map(|query| rows(db, query)).collect()
}
