//! What a registry tells about one entry or one run.

use matricule_record::EntryId;
use rusqlite::{Connection, OptionalExtension};

use crate::{Registry, Result};

/// What an entry says, and how it came to say so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryHistory {
    /// Its columns that are set, by name, in the order of the registry.
    pub columns: Vec<(String, String)>,
    /// What later runs changed, in their order.
    pub changes: Vec<LoggedChange>,
    /// Whether it is part of the present state.
    pub is_present: bool,
}

/// A line of `v_change`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedChange {
    /// The run.
    pub run_id: i64,
    /// The column, or `state`.
    pub field: String,
    /// What it said.
    pub before: Option<String>,
    /// What it says.
    pub after: Option<String>,
    /// Why.
    pub cause: String,
}

/// What a run did beside loading files: what it is called, and how often.
const WORK: [(&str, &str); 9] = [
    ("rows read", "SELECT rows_read FROM run WHERE run_id = ?1"),
    ("rows loaded", "SELECT rows_loaded FROM run WHERE run_id = ?1"),
    ("rows rejected", "SELECT rows_rejected FROM run WHERE run_id = ?1"),
    ("rows skipped", "SELECT rows_skipped FROM run WHERE run_id = ?1"),
    ("entries restated", "SELECT count(*) FROM former WHERE run_id = ?1"),
    (
        "refused rows loaded",
        "SELECT count(*) FROM state_change WHERE run_id = ?1 AND subject = 'reject' AND after = 'corrected'",
    ),
    (
        "entries taken out",
        "SELECT count(*) FROM state_change WHERE run_id = ?1 AND subject = 'entry' AND after = 'withdrawn'",
    ),
    ("rows refused later", "SELECT count(*) FROM reject WHERE run_id = ?1"),
    ("amendments", "SELECT count(*) FROM amendment WHERE run_id = ?1"),
];

impl Registry {
    /// What an entry says and how it came to say so; `None` where there is no such entry.
    pub fn history(&self, entry: EntryId) -> Result<Option<EntryHistory>> {
        self.require_current()?;
        self.at(history(self.connection(), entry))
    }

    /// What a run did, by name; what it did not do is left out.
    pub fn work_of(&self, run: i64) -> Result<Vec<(&'static str, i64)>> {
        self.require_current()?;
        let mut work = Vec::new();
        for (name, sql) in WORK {
            let count: Option<i64> =
                self.at(self.connection().query_row(sql, [run], |row| row.get(0)).optional())?;
            work.extend(count.filter(|count| *count > 0).map(|count| (name, count)));
        }
        Ok(work)
    }
}

fn history(connection: &Connection, entry: EntryId) -> rusqlite::Result<Option<EntryHistory>> {
    let mut query = connection.prepare("SELECT * FROM entry WHERE entry_id = ?1")?;
    let names: Vec<String> = query.column_names().map(str::to_owned).collect();
    let mut rows = query.query([entry])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let mut columns = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        let said: Option<String> = match row.get_ref(at)? {
            rusqlite::types::ValueRef::Null => None,
            rusqlite::types::ValueRef::Integer(number) => Some(number.to_string()),
            rusqlite::types::ValueRef::Real(number) => Some(number.to_string()),
            rusqlite::types::ValueRef::Text(text) | rusqlite::types::ValueRef::Blob(text) => {
                Some(String::from_utf8_lossy(text).into_owned())
            }
        };
        columns.extend(said.map(|said| (name, said)));
    }
    let changes = connection
        .prepare("SELECT run_id, field, before, after, cause FROM v_change WHERE entry_id = ?1 ORDER BY run_id, field")?
        .query_map([entry], |row| {
            Ok(LoggedChange {
                run_id: row.get(0)?,
                field: row.get(1)?,
                before: row.get(2)?,
                after: row.get(3)?,
                cause: row.get(4)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let is_present = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM v_entry WHERE entry_id = ?1)",
        [entry],
        |row| row.get(0),
    )?;
    Ok(Some(EntryHistory { columns, changes, is_present }))
}
