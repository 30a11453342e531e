//! Refused rows as reports and repairs need them: with the columns of their table and the digest of their
//! cells.

use std::sync::Arc;

use matricule_record::{RefusedTable, RejectedRow, StoredReject};
use rusqlite::{Connection, Row, params};
use sha2::{Digest, Sha256};

use crate::damage::{Kept as _, Owner};
use crate::evidence::hexadecimal;
use crate::{Load, Registry, Result, json, refusal};

/// Which refused rows are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RejectQuery {
    /// Those of one run; of all runs without it.
    pub run: Option<i64>,
    /// Only those that nobody has dealt with yet.
    pub open_only: bool,
}

impl Registry {
    /// Visits refused rows in address order: files and sheets as loaded, then rows.
    pub fn refused(&self, query: RejectQuery, visitor: impl FnMut(StoredReject)) -> Result<()> {
        self.require_current()?;
        self.at(visit(self.connection(), query, visitor))
    }
}

const QUERY: &str = "
SELECT r.reject_id, r.file_id, f.path, f.sha256, f.language, f.register, s.sheet, s.columns, r.sheet_id, r.row,
    r.cells,
    CASE WHEN f.state IN ('superseded', 'withdrawn') THEN 'superseded' ELSE r.state END AS state,
    (SELECT max(t.row) FROM sheet_table t WHERE t.sheet_id = r.sheet_id AND t.row <= r.row) AS table_row
FROM reject r
JOIN file f ON f.file_id = r.file_id
LEFT JOIN sheet s ON s.sheet_id = r.sheet_id
WHERE (?1 IS NULL OR coalesce(r.run_id, f.run_id) = ?1)
    AND (NOT ?2 OR (r.state = 'open' AND f.state NOT IN ('superseded', 'withdrawn')))
ORDER BY r.file_id, r.sheet_id, r.row, r.reject_id";

pub(crate) fn visit(
    connection: &Connection,
    query: RejectQuery,
    mut visitor: impl FnMut(StoredReject),
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(QUERY)?;
    let mut rows = statement.query(params![query.run, query.open_only])?;
    let mut table = OpenTable::default();
    while let Some(row) = rows.next()? {
        table.advance(connection, row)?;
        visitor(stored(connection, row, &table)?);
    }
    Ok(())
}

fn stored(connection: &Connection, row: &Row<'_>, table: &OpenTable) -> rusqlite::Result<StoredReject> {
    let cells = row.get_ref("cells")?.as_str_or_null()?;
    let reject_id = row.get("reject_id")?;
    Ok(StoredReject {
        reject_id,
        state: row.get_ref("state")?.as_str()?.into(),
        table: Arc::clone(&table.table),
        digest: hexadecimal(&Sha256::digest(cells.unwrap_or("[]"))),
        row: RejectedRow {
            file: Arc::clone(&table.file),
            sheet: Arc::clone(&table.sheet),
            row: row.get("row")?,
            cells: refusal::cells_of(connection, reject_id, cells)?,
            findings: refusal::findings(connection, reject_id)?,
        },
    })
}

/// The table whose rows are passing, read once.
#[derive(Default)]
struct OpenTable {
    /// File, sheet, and the row on which a later table of the sheet begins.
    key: Option<(i64, Option<i64>, Option<u32>)>,
    file: Arc<str>,
    sheet: Arc<str>,
    table: Arc<RefusedTable>,
}

impl OpenTable {
    fn advance(&mut self, connection: &Connection, row: &Row<'_>) -> rusqlite::Result<()> {
        let key = (row.get("file_id")?, row.get("sheet_id")?, row.get("table_row")?);
        if self.key == Some(key) {
            return Ok(());
        }
        let columns = match key.2 {
            Some(start) => Some(later_columns(connection, key.1, start)?),
            None => row.get::<_, Option<String>>("columns")?,
        };
        let columns = columns.map_or_else(|| Ok(Vec::new()), |columns| json::columns_of(&columns));
        let text = |name| row.get::<_, Option<String>>(name);
        let table = RefusedTable {
            sha256: row.get_ref("sha256")?.as_str()?.into(),
            columns: columns.of(connection, Owner::Sheet(key.1.unwrap_or_default()))?,
            language: text("language")?.map(Into::into),
            register: text("register")?.map(Into::into),
        };
        let sheet = text("sheet")?.unwrap_or_default();
        *self = Self { key: Some(key), file: row.get("path")?, sheet: sheet.into(), table: Arc::new(table) };
        Ok(())
    }
}

/// Which refused row it is, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RejectState {
    /// Its number.
    pub reject_id: i64,
    /// Path of its file.
    pub file: String,
    /// SHA-256 of the bytes of its file, hexadecimal.
    pub sha256: String,
    /// Its sheet; empty for a CSV.
    pub sheet: String,
    /// Its row, from 1.
    pub row: u32,
    /// SHA-256 of its cells, hexadecimal.
    pub digest: String,
    /// `open`, `corrected`, `waived` or `superseded`.
    pub state: String,
}

impl Load {
    /// Visits all refused rows, the last one of a row after the earlier ones.
    pub fn reject_states(&self, visitor: impl FnMut(RejectState)) -> Result<()> {
        self.at(states(self.connection(), visitor))
    }
}

fn states(connection: &Connection, mut visitor: impl FnMut(RejectState)) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(
        "SELECT r.reject_id, f.path, f.sha256, s.sheet, r.row, r.cells,
            CASE WHEN f.state IN ('superseded', 'withdrawn') THEN 'superseded' ELSE r.state END
         FROM reject r JOIN file f ON f.file_id = r.file_id JOIN sheet s ON s.sheet_id = r.sheet_id
         WHERE r.row IS NOT NULL AND r.cells IS NOT NULL ORDER BY r.reject_id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        visitor(RejectState {
            reject_id: row.get(0)?,
            file: row.get(1)?,
            sha256: row.get(2)?,
            sheet: row.get(3)?,
            row: row.get(4)?,
            digest: hexadecimal(&Sha256::digest(row.get_ref(5)?.as_str()?)),
            state: row.get(6)?,
        });
    }
    Ok(())
}

fn later_columns(connection: &Connection, sheet_id: Option<i64>, start: u32) -> rusqlite::Result<String> {
    connection
        .prepare_cached("SELECT columns FROM sheet_table WHERE sheet_id = ?1 AND row = ?2")?
        .query_row(params![sheet_id, start], |row| row.get(0))
}
