//! What became of the rows of a run, in all and by file.

use matricule_record::SheetFacts;
use rusqlite::{Connection, Row};

use crate::{Load, Result};

/// Rows read = loaded + rejected + skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Rows from 1 to the last that holds a value.
    pub read: u64,
    /// Rows loaded as entries.
    pub loaded: u64,
    /// Rows refused.
    pub rejected: u64,
    /// Rows that are no record.
    pub skipped: u64,
}

/// What became of one file of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTotals {
    /// Its number in the registry.
    pub file_id: i64,
    /// Path relative to the argument it came from, with `/`.
    pub path: String,
    /// `current`, or `failed` where nothing of it was loaded.
    pub state: String,
    /// Its rows.
    pub rows: RowCounts,
}

/// What became of the files of a run, in the order in which they were loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunTotals {
    /// The rows of all files.
    pub rows: RowCounts,
    /// Each file.
    pub files: Vec<FileTotals>,
}

/// What a sheet of this run counts after all that the run did: rows that were read as they are loaded may be refused
/// by the end of it, and refused ones corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recount {
    /// Path of its file.
    pub path: String,
    /// Its name.
    pub sheet: String,
    /// Its rows that are loaded.
    pub loaded: u64,
    /// Its rows that are refused, waived ones included.
    pub rejected: u64,
}

impl Load {
    /// Counts the rows of this run's ledgers as they stand; those of which it is otherwise than they were read.
    pub fn recount(&mut self) -> Result<Vec<Recount>> {
        self.at(recount(self.connection(), self.run_id()))
    }
}

fn recount(connection: &Connection, run: i64) -> rusqlite::Result<Vec<Recount>> {
    let moved = connection
        .prepare(
            "SELECT f.path, s.sheet, s.rows_loaded + s.moved, s.rows_rejected - s.moved
             FROM sheet s JOIN file f ON f.file_id = s.file_id WHERE f.run_id = ?1 AND s.moved <> 0 ORDER BY s.sheet_id",
        )?
        .query_map([run], |row| {
            let count = |at| row.get::<_, i64>(at).map(i64::cast_unsigned);
            Ok(Recount { path: row.get(0)?, sheet: row.get(1)?, loaded: count(2)?, rejected: count(3)? })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    // What a run publishes is counted as it publishes it; from then on rows move.
    for (table, whose) in
        [("sheet", "file_id IN (SELECT file_id FROM file WHERE run_id = ?1)"), ("file", "run_id = ?1")]
    {
        let sql = format!(
            "UPDATE {table} SET rows_loaded = rows_loaded + moved, rows_rejected = rows_rejected - moved, moved = 0
             WHERE moved <> 0 AND {whose}"
        );
        connection.execute(&sql, [run])?;
    }
    Ok(moved)
}

impl RowCounts {
    /// The counts of a sheet.
    pub fn of(facts: &SheetFacts) -> Self {
        Self {
            read: facts.rows_read,
            loaded: facts.rows_loaded,
            rejected: facts.rows_rejected,
            skipped: facts.rows_skipped(),
        }
    }

    /// Adds the counts of another part.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.loaded += other.loaded;
        self.rejected += other.rejected;
        self.skipped += other.skipped;
    }

    /// The columns `rows_read`, `rows_loaded`, `rows_rejected`, `rows_skipped` of a query.
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let count = |name| row.get::<_, i64>(name).map(i64::cast_unsigned);
        Ok(Self {
            read: count("rows_read")?,
            loaded: count("rows_loaded")?,
            rejected: count("rows_rejected")?,
            skipped: count("rows_skipped")?,
        })
    }
}

/// The finished files of a run.
pub(crate) fn of_run(connection: &Connection, run_id: i64) -> rusqlite::Result<RunTotals> {
    let mut totals = RunTotals::default();
    let mut files = connection.prepare_cached("SELECT * FROM v_file WHERE run_id = ?1 ORDER BY file_id")?;
    let mut rows = files.query([run_id])?;
    while let Some(row) = rows.next()? {
        let counts = RowCounts::read(row)?;
        totals.rows.add(&counts);
        totals.files.push(FileTotals {
            file_id: row.get("file_id")?,
            path: row.get("path")?,
            state: row.get("state")?,
            rows: counts,
        });
    }
    Ok(totals)
}
