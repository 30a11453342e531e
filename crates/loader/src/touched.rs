//! What a run touched, as resolution asks it: entries whose weapons may be others since, and the serials under
//! which those stand, that they had before or have now.

use std::collections::BTreeSet;

use matricule_record::{EntryFacts, EntryId, LinkMode, Resolution};
use rusqlite::{Connection, OptionalExtension, params};

use crate::load::Load;
use crate::{Result, resolution};

/// The entries that a run touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Their numbers, those that are present no more included.
    pub entries: BTreeSet<EntryId>,
    /// Their canonical serials, before the run and after it.
    pub serials: BTreeSet<String>,
}

/// Entries that the run `?1` stated anew, loaded from a refused row, took out or brought back, and those that it
/// decided on. A run that undoes another takes back what that one decided.
const ENTRIES: &str = "
    SELECT entry_id FROM former WHERE run_id = ?1
    UNION SELECT entry_id FROM entry WHERE run_id = ?1
    UNION SELECT subject_id FROM state_change WHERE run_id = ?1 AND subject = 'entry'
    UNION SELECT entry_id FROM erasure WHERE run_id = ?1 AND entry_id IS NOT NULL
    UNION SELECT entry_a FROM decision WHERE run_id IN runs
    UNION SELECT entry_b FROM decision WHERE run_id IN runs";

/// Runs whose decisions come into force or go out of it with the run `?1`.
const RUNS: &str = "runs AS (SELECT ?1 AS run_id UNION SELECT subject_id FROM state_change
    WHERE run_id = ?1 AND subject = 'run')";

/// Sheets of which any entry may be concerned: of a file that came or went.
const SHEETS: &str = "
    SELECT s.sheet_id FROM file f JOIN sheet s ON s.file_id = f.file_id WHERE f.run_id = ?1
    UNION SELECT s.sheet_id FROM state_change c JOIN sheet s ON s.file_id = c.subject_id
        WHERE c.run_id = ?1 AND c.subject = 'file'";

impl Load {
    /// What this run touched so far.
    pub fn touched(&self) -> Result<Touched> {
        self.at(touched(self.connection(), self.run_id()))
    }

    /// How many entries there are or were: the highest number.
    pub fn last_entry(&self) -> Result<EntryId> {
        let sql = "SELECT coalesce(max(entry_id), 0) FROM entry";
        self.at(self.connection().query_row(sql, [], |row| row.get(0)))
    }

    /// The facts of the present entries with this canonical serial, in the order of their numbers.
    pub fn with_canonical(&self, canonical: &str) -> Result<Vec<EntryFacts>> {
        self.at(resolution::with_canonical(self.connection(), canonical))
    }

    /// Whether what is derived came from a run of this version in this mode, so that a part of it can be
    /// replaced and the rest stand.
    pub fn is_derived_by(&self, mode: LinkMode) -> Result<bool> {
        let sql =
            "SELECT link = ?1 AND version = ?2 FROM run WHERE link IS NOT NULL ORDER BY run_id DESC LIMIT 1";
        let by = params![mode.name(), env!("CARGO_PKG_VERSION")];
        let derived = self.connection().query_row(sql, by, |row| row.get(0)).optional();
        Ok(self.at(derived)?.unwrap_or(false))
    }

    /// Records what some entries describe; what was derived of them before is replaced, all else stands.
    ///
    /// `entries` are all entries that can be connected with a touched one, before the run or after it.
    pub fn resolve_part(
        &mut self,
        resolution: &Resolution,
        mode: LinkMode,
        entries: &BTreeSet<EntryId>,
    ) -> Result<()> {
        self.at(resolution::replace_part(self.connection(), self.run_id(), (resolution, mode), entries))
    }
}

fn touched(connection: &Connection, run: i64) -> rusqlite::Result<Touched> {
    let mut touched = Touched::default();
    let sql = format!(
        "WITH {RUNS} SELECT e.entry_id, e.serial_canonical FROM entry e WHERE e.entry_id IN ({ENTRIES})"
    );
    gather(connection, &sql, run, &mut touched)?;
    let sheets: bool =
        connection.query_row(&format!("SELECT EXISTS (SELECT 1 FROM ({SHEETS}))"), params![run], |row| {
            row.get(0)
        })?;
    if sheets {
        let sql =
            format!("SELECT e.entry_id, e.serial_canonical FROM entry e WHERE e.sheet_id IN ({SHEETS})");
        gather(connection, &sql, run, &mut touched)?;
    }
    let former = "SELECT content ->> 'serial_canonical' FROM former WHERE run_id = ?1";
    let mut query = connection.prepare(former)?;
    let mut rows = query.query([run])?;
    while let Some(row) = rows.next()? {
        touched.serials.extend(row.get::<_, Option<String>>(0)?);
    }
    Ok(touched)
}

fn gather(connection: &Connection, sql: &str, run: i64, touched: &mut Touched) -> rusqlite::Result<()> {
    let mut query = connection.prepare(sql)?;
    let mut rows = query.query([run])?;
    while let Some(row) = rows.next()? {
        touched.entries.insert(row.get(0)?);
        touched.serials.extend(row.get::<_, Option<String>>(1)?);
    }
    Ok(())
}
