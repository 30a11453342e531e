//! The tables, views and indexes of a registry, and how an older one is brought up to date.
//!
//! To add a field: one line in `Field` (crate `record`), one file `migrations/000N.sql` with
//! `ALTER TABLE entry ADD COLUMN "name" TEXT;` and its line in [`MIGRATIONS`]. A migration is frozen
//! once released, so it writes its columns out; `v_entry` and the insert of an entry are derived
//! from `Field::ALL`, and a test holds table and fields together.

use std::path::Path;

use matricule_record::{Field, WEAPON_FIELDS};
use rusqlite::Connection;

use crate::{Error, Result};

/// `PRAGMA application_id` of every registry: the letters `MTRC`. It tells a registry from any
/// other SQLite database, for this crate and for `file(1)`.
pub const APPLICATION_ID: i32 = 0x4D54_5243;

/// What brings a registry from version `n` to `n + 1` stands at index `n`.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001.sql"),
    include_str!("../migrations/0002.sql"),
    include_str!("../migrations/0003.sql"),
    include_str!("../migrations/0004.sql"),
    include_str!("../migrations/0005.sql"),
    include_str!("../migrations/0006.sql"),
    include_str!("../migrations/0007.sql"),
];

/// `PRAGMA user_version` of a registry made by this version of the program.
pub const VERSION: i64 = MIGRATIONS.len().cast_signed() as i64;

const VIEWS: &str = include_str!("../schema/views.sql");
const INDEXES: &str = include_str!("../schema/indexes.sql");

/// Brings tables and views to [`VERSION`], inside the caller's transaction. A new database, of
/// version 0, gets all of them.
pub(crate) fn migrate(connection: &Connection) -> rusqlite::Result<()> {
    let version = user_version(connection)?;
    if version == VERSION {
        return Ok(());
    }
    for migration in &MIGRATIONS[usize::try_from(version).unwrap_or(0)..] {
        connection.execute_batch(migration)?;
    }
    connection.execute_batch(&views())?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", VERSION)
}

/// Makes the indexes that are missing.
pub(crate) fn index(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(INDEXES)
}

/// Drops the indexes of entries and markings until [`index`] makes them again: rows in random order
/// of their serials go into a table ten times faster than into an index that exceeds the cache.
pub(crate) fn defer_indexes(connection: &Connection) -> rusqlite::Result<()> {
    let names: Vec<String> = connection
        .prepare(
            "SELECT name FROM sqlite_master
             WHERE type = 'index' AND tbl_name IN ('entry', 'marking') AND sql IS NOT NULL",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    names.iter().try_for_each(|name| connection.execute_batch(&format!("DROP INDEX \"{name}\"")))
}

/// Checks that the open database is a registry that this version knows.
pub(crate) fn check(connection: &Connection, path: &Path) -> Result<()> {
    let pragmas = || -> rusqlite::Result<(i32, i64)> {
        let id = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        Ok((id, user_version(connection)?))
    };
    match pragmas().map_err(|error| Error::reading(path, error))? {
        (APPLICATION_ID, version) if version > VERSION => {
            Err(Error::Newer { path: path.to_owned(), found: version, known: VERSION })
        }
        (APPLICATION_ID, version) if version > 0 => Ok(()),
        _ => Err(Error::NotARegistry {
            path: path.to_owned(),
            reason: "an empty file or a database of another program".to_owned(),
        }),
    }
}

fn user_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// The views, with the column of every field filled in.
fn views() -> String {
    let fields: Vec<String> = Field::ALL.iter().map(|field| format!("e.\"{field}\"")).collect();
    let sources: Vec<String> = WEAPON_FIELDS.iter().map(|field| source(field)).collect();
    let mut views = VIEWS.replace("{fields}", &fields.join(", ")).replace("{sources}", &sources.join(", "));
    let written = ["serial_original", "serial_script", "no_serial"].map(|column| (column, "serial"));
    for (column, field) in written.into_iter().chain(WEAPON_FIELDS.map(|field| (field, field))) {
        views = views.replace(&format!("{{stated {column}}}"), &stated(column, field));
    }
    views
}

/// A column of a weapon: of the entry that states the field, or of its only entry.
fn stated(column: &str, field: &str) -> String {
    format!(
        "CASE WHEN w.\"{field}\" IS NULL THEN e.\"{column}\"
        ELSE (SELECT o.\"{column}\" FROM entry o WHERE o.entry_id = w.\"{field}\") END AS \"{column}\""
    )
}

/// The member of `sources` for a field: the entry that states it.
fn source(field: &str) -> String {
    format!("'{field}', coalesce(w.\"{field}\", CASE WHEN e.\"{field}\" IS NOT NULL THEN e.entry_id END)")
}

/// `docs/schema.md`: the public views with their columns, and the tables behind them.
pub fn schema_page() -> Result<String> {
    let fault = |error| Error::sqlite(Path::new("docs/schema.md"), error);
    let connection = Connection::open_in_memory().map_err(fault)?;
    migrate(&connection).map_err(fault)?;
    let views = view_columns(&connection).map_err(fault)?;
    let mut page =
        "# Registry\n\nA registry is one SQLite file. The views are public: scripts may rely on them. \
                    The tables behind them may change.\n\n## Views\n\n| view | columns |\n|---|---|\n"
            .to_owned();
    for (view, columns) in views {
        page.push_str(&format!("| `{view}` | {columns} |\n"));
    }
    page.push_str(&format!("\n## Tables of version {VERSION}\n"));
    for migration in MIGRATIONS {
        page.push_str(&format!("\n```sql\n{}\n```\n", migration.trim_end()));
    }
    Ok(page)
}

/// Every view and its columns, joined by commas.
fn view_columns(connection: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    let sql = "SELECT m.name, (SELECT group_concat(name, ', ') FROM pragma_table_info(m.name))
               FROM sqlite_master m WHERE m.type = 'view' ORDER BY m.name";
    connection.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

#[cfg(test)]
mod tests {
    /// The version that brought the present views, and the beginning of their SHA-256.
    const VIEWS_OF: (i64, &str) = (7, "f69707ed5eb47e8f");

    #[test]
    fn views_do_not_change_without_a_new_version() {
        use sha2::{Digest, Sha256};
        let digest = crate::evidence::hexadecimal(&Sha256::digest(views()));
        let found = (VERSION, &digest[..16]);
        assert_eq!(
            found, VIEWS_OF,
            "registries of this version keep the views that they have: a change of views needs a migration"
        );
    }

    use super::*;

    #[test]
    fn every_field_has_its_column() {
        let connection = Connection::open_in_memory().unwrap();
        migrate(&connection).unwrap();
        let columns: Vec<String> = connection
            .prepare("SELECT name FROM pragma_table_info('entry')")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
        for field in Field::ALL {
            assert!(columns.iter().any(|column| column == field.name()), "no migration adds {field}");
        }
    }

    #[test]
    fn every_field_of_a_weapon_has_its_column() {
        let connection = Connection::open_in_memory().unwrap();
        migrate(&connection).unwrap();
        for field in WEAPON_FIELDS {
            connection.prepare(&format!("SELECT \"{field}\" FROM stated")).unwrap();
            connection.prepare(&format!("SELECT \"{field}\" FROM v_weapon")).unwrap();
        }
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let connection = Connection::open_in_memory().unwrap();
        for _ in 0..2 {
            migrate(&connection).unwrap();
            index(&connection).unwrap();
        }
        assert_eq!(user_version(&connection).unwrap(), VERSION);
    }

    #[test]
    fn every_table_is_strict() {
        let connection = Connection::open_in_memory().unwrap();
        migrate(&connection).unwrap();
        let lax: i64 = connection
            .query_row(
                "SELECT count(*) FROM pragma_table_list
                 WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(lax, 0);
    }
}
