//! What became of the rows of a run, in all and by file.

use matricule_record::SheetFacts;
use rusqlite::{Connection, Row};

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
