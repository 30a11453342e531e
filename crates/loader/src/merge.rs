//! What one registry takes over from another: its present ledgers, what persons said about their rows and pairs, by
//! places that mean the same in both, and where a file came from.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use matricule_record::{EntryId, FileFacts, Finding};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::damage::{self, Kept as _, Owner};
use crate::decision::{IN_FORCE, is_on_hold};
use crate::revise::{self, Subject};
use crate::schema::APPLICATION_ID;
use crate::{Amendment, Load, Registry, Result, Stored, StoredId, access, key, known, refusal};

/// A row of a ledger by what does not depend on the registry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// SHA-256 of the file.
    pub sha256: String,
    /// The sheet; empty for a CSV.
    pub sheet: String,
    /// The row, from 1.
    pub row: u32,
}

/// A decision in force on two rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedDecision {
    /// The rows.
    pub places: (Place, Place),
    /// Whether they were confirmed as one weapon; else they were refused.
    pub is_one: bool,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub operator: String,
    /// The run that recorded it.
    pub run_id: i64,
    /// Whether one of the rows names another weapon now than when it was decided.
    pub on_hold: bool,
}

/// What persons said about a row.
#[derive(Clone, Debug, PartialEq)]
pub enum SaidOfRow {
    /// It is an entry that states what is read in place of its cells.
    Amended {
        /// The entry.
        entry: EntryId,
        /// Every amendment in force, the last on a cell last.
        amendments: Vec<Amendment>,
    },
    /// It is refused and set aside.
    Waived {
        /// Why.
        cause: String,
    },
}

/// The magic string of an SQLite file, and where its application id stands, big-endian.
pub(crate) const MAGIC: &[u8] = b"SQLite format 3\0";
const APPLICATION_ID_AT: std::ops::Range<usize> = 68..72;

impl Registry {
    /// Whether a file is a registry, by its first bytes. One that is encrypted does not show it: it is one that opens
    /// with the key of this process.
    pub fn is_at(path: &Path) -> bool {
        let mut head = [0; APPLICATION_ID_AT.end];
        let is_read =
            path.is_file() && File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok();
        let id = head[APPLICATION_ID_AT].iter().fold(0_i64, |id, byte| id << 8 | i64::from(*byte));
        is_read && (head.starts_with(MAGIC) && id == i64::from(APPLICATION_ID) || is_under_key(path))
    }
}

/// Pages of an encrypted registry; see [`crate::live`].
const ENCRYPTED_PAGE: u64 = 4096;

/// Whether a file is a registry under the key of this process. To try a key takes a tenth of a second: a ledger is
/// hardly ever as long as whole pages are.
fn is_under_key(path: &Path) -> bool {
    let is_whole = |bytes: u64| bytes > 0 && bytes.is_multiple_of(ENCRYPTED_PAGE);
    let id = || -> rusqlite::Result<i32> {
        access::read_only(path)?.pragma_query_value(None, "application_id", |row| row.get(0))
    };
    key::is_set() && path.metadata().is_ok_and(|file| is_whole(file.len())) && id() == Ok(APPLICATION_ID)
}

impl Stored<'_> {
    /// The present ledgers, in the order of their numbers.
    pub fn ledgers(&self) -> Result<Vec<(i64, FileFacts)>> {
        self.at(known::ledgers(self.connection()))
    }

    /// Files that were refused as a whole when they were last tried, and why.
    pub fn failed_files(&self) -> Result<Vec<(FileFacts, Finding)>> {
        self.at(failed_files(self.connection()))
    }

    /// The present row in a place of a file: an entry, or a refused row that nothing took the place of.
    pub fn row_at(&self, file: i64, sheet: &str, row: u32) -> Result<Option<StoredId>> {
        self.at(row_at(self.connection(), (file, sheet, row)))
    }

    /// The present entry in a place.
    pub fn entry_at(&self, place: &Place) -> Result<Option<EntryId>> {
        self.at(entry_at(self.connection(), place))
    }

    /// What persons said about rows of a file, with sheet and row, in the order of their numbers.
    pub fn said_of_rows(&self, file: i64) -> Result<Vec<(String, u32, SaidOfRow)>> {
        self.at(said_of_rows(self.connection(), file))
    }

    /// The decisions in force on present entries.
    pub fn decisions(&self) -> Result<Vec<PlacedDecision>> {
        self.at(decisions(self.connection()))
    }
}

impl Load {
    /// Records where a file came from that this run loaded.
    pub fn came_from(&mut self, file: i64, cause: &str) -> Result<()> {
        self.at(revise::set_state(self.connection(), self.run_id(), Subject::File(file), "current", cause))
    }
}

/// What makes a file `f` that failed stand still: it was the last try, and no present file has its path.
pub(crate) const STANDS: &str = "f.file_id = (SELECT max(l.file_id) FROM file l WHERE l.path = f.path)
    AND NOT EXISTS (SELECT 1 FROM file c WHERE c.path = f.path AND c.state = 'current')";

fn failed_files(connection: &Connection) -> rusqlite::Result<Vec<(FileFacts, Finding)>> {
    let sql = "SELECT min(reject_id) FROM reject WHERE file_id = ?1";
    let mut failed = Vec::new();
    for (file, facts) in known::files_where(connection, &format!("f.state = 'failed' AND {STANDS}"))? {
        let reject: Option<i64> = connection.query_row(sql, [file], |row| row.get(0))?;
        let findings = reject.map(|reject| refusal::findings(connection, reject)).transpose()?;
        failed.extend(findings.into_iter().flatten().next().map(|finding| (facts, finding)));
    }
    Ok(failed)
}

fn row_at(connection: &Connection, place: (i64, &str, u32)) -> rusqlite::Result<Option<StoredId>> {
    let find = |sql: &str| -> rusqlite::Result<Option<i64>> {
        connection.prepare_cached(sql)?.query_row(place, |row| row.get(0)).optional()
    };
    let entry = find(
        "SELECT e.entry_id FROM entry e JOIN sheet s ON s.sheet_id = e.sheet_id
         WHERE s.file_id = ?1 AND s.sheet = ?2 AND e.row = ?3 AND e.withdrawn IS NULL",
    )?;
    if let Some(entry) = entry {
        return Ok(Some(StoredId::Entry(entry)));
    }
    let reject = find(
        "SELECT r.reject_id FROM reject r JOIN sheet s ON s.sheet_id = r.sheet_id
         WHERE s.file_id = ?1 AND s.sheet = ?2 AND r.row = ?3 AND r.state IN ('open', 'waived')",
    )?;
    Ok(reject.map(StoredId::Reject))
}

fn entry_at(connection: &Connection, place: &Place) -> rusqlite::Result<Option<EntryId>> {
    connection
        .prepare_cached(
            "SELECT e.entry_id FROM file f JOIN sheet s ON s.file_id = f.file_id
             JOIN entry e ON e.sheet_id = s.sheet_id
             WHERE f.sha256 = ?1 AND f.state = 'current' AND s.sheet = ?2 AND e.row = ?3 AND e.withdrawn IS NULL",
        )?
        .query_row(params![place.sha256, place.sheet, place.row], |row| row.get(0))
        .optional()
}

const AMENDED: &str = "
    SELECT s.sheet, e.row, e.entry_id, a.field, a.\"column\", a.before, a.cell, a.reason
    FROM amendment a JOIN entry e ON e.entry_id = a.entry_id JOIN sheet s ON s.sheet_id = e.sheet_id
    WHERE s.file_id = ?1 AND e.withdrawn IS NULL AND NOT EXISTS (SELECT 1 FROM state_change c
        WHERE c.subject = 'amendment' AND c.subject_id = a.amendment_id)
    ORDER BY e.entry_id, a.amendment_id";

const WAIVED: &str = "
    SELECT s.sheet, r.row, coalesce((SELECT c.cause FROM state_change c WHERE c.subject = 'reject'
            AND c.subject_id = r.reject_id ORDER BY c.state_change_id DESC LIMIT 1), '')
    FROM reject r JOIN sheet s ON s.sheet_id = r.sheet_id
    WHERE s.file_id = ?1 AND r.row IS NOT NULL AND r.state = 'waived' ORDER BY r.reject_id";

fn said_of_rows(connection: &Connection, file: i64) -> rusqlite::Result<Vec<(String, u32, SaidOfRow)>> {
    let mut said: Vec<(String, u32, SaidOfRow)> = Vec::new();
    let mut query = connection.prepare(AMENDED)?;
    let mut rows = query.query([file])?;
    while let Some(row) = rows.next()? {
        let (entry, amendment) = (row.get(2)?, read_amendment(connection, row)?);
        match said.last_mut() {
            Some((_, _, SaidOfRow::Amended { entry: last, amendments })) if *last == entry => {
                amendments.push(amendment);
            }
            _ => {
                let amended = SaidOfRow::Amended { entry, amendments: vec![amendment] };
                said.push((row.get(0)?, row.get(1)?, amended));
            }
        }
    }
    let mut query = connection.prepare(WAIVED)?;
    let waived = query
        .query_map([file], |row| Ok((row.get(0)?, row.get(1)?, SaidOfRow::Waived { cause: row.get(2)? })))?;
    for row in waived {
        said.push(row?);
    }
    Ok(said)
}

fn read_amendment(connection: &Connection, row: &Row<'_>) -> rusqlite::Result<Amendment> {
    let field = damage::field(row.get_ref(3)?.as_str_or_null()?);
    Ok(Amendment {
        field: field.of(connection, Owner::Entry(row.get(2)?))?,
        column: row.get::<_, u32>(4)? as usize,
        before: row.get(5)?,
        cell: row.get(6)?,
        reason: row.get(7)?,
    })
}

fn decisions(connection: &Connection) -> rusqlite::Result<Vec<PlacedDecision>> {
    let sql = format!(
        "SELECT d.verdict, d.reason, d.operator, d.run_id, fa.sha256, sa.sheet, a.row, fb.sha256, sb.sheet, b.row,
            d.entry_a, d.entry_b
         FROM ({IN_FORCE} AND verdict <> 'reopened') d
         JOIN entry a ON a.entry_id = d.entry_a JOIN sheet sa ON sa.sheet_id = a.sheet_id
         JOIN file fa ON fa.file_id = sa.file_id
         JOIN entry b ON b.entry_id = d.entry_b JOIN sheet sb ON sb.sheet_id = b.sheet_id
         JOIN file fb ON fb.file_id = sb.file_id
         WHERE a.withdrawn IS NULL AND b.withdrawn IS NULL AND fa.state = 'current' AND fb.state = 'current'
         ORDER BY d.decision_id"
    );
    let place = |row: &Row<'_>, at: usize| -> rusqlite::Result<Place> {
        Ok(Place { sha256: row.get(at)?, sheet: row.get(at + 1)?, row: row.get(at + 2)? })
    };
    let read = |row: &Row<'_>| {
        let run_id = row.get(3)?;
        Ok(PlacedDecision {
            places: (place(row, 4)?, place(row, 7)?),
            is_one: row.get_ref(0)?.as_str()? == "confirmed",
            reason: row.get(1)?,
            operator: row.get(2)?,
            run_id,
            on_hold: is_on_hold(connection, run_id, (row.get(10)?, row.get(11)?))?,
        })
    };
    connection.prepare(&sql)?.query_map([], read)?.collect()
}
