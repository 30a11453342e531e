//! Rows that a run stated, admitted or opened after the one under whose tables their file stands.

use std::collections::HashMap;

use rusqlite::Connection;

use super::{StandingFile, Stored, StoredId};
use crate::Result;

/// Entries and refused rows that runs after one stated, let in or opened again, with the file and the last such run.
const SINCE: &str = "
    SELECT s.file_id, 'entry', e.entry_id, max(t.run_id) FROM (
            SELECT entry_id, run_id FROM former WHERE run_id > ?1
            UNION ALL SELECT entry_id, run_id FROM entry WHERE run_id IS NOT NULL AND run_id > ?1) t
        JOIN entry e ON e.entry_id = t.entry_id JOIN sheet s ON s.sheet_id = e.sheet_id
        WHERE e.withdrawn IS NULL GROUP BY e.entry_id
    UNION ALL SELECT r.file_id, 'reject', r.reject_id, max(t.run_id) FROM (
            SELECT reject_id, run_id FROM reject WHERE run_id IS NOT NULL AND run_id > ?1
            UNION ALL SELECT subject_id, run_id FROM state_change WHERE subject = 'reject' AND run_id > ?1) t
        JOIN reject r ON r.reject_id = t.reject_id
        WHERE r.state = 'open' AND r.row IS NOT NULL GROUP BY r.reject_id
    ORDER BY 1, 2, 3";

impl Stored<'_> {
    /// The present rows of some files that a run after the file's standing one stated or opened: an amendment, a
    /// correction or an undo may have read them by other mapping files, or put back what was said before. By file, in
    /// the order of their numbers.
    pub fn stated_since(&self, files: &[StandingFile]) -> Result<Vec<(i64, StoredId)>> {
        self.at(stated_since(self.connection, files))
    }
}

fn stated_since(connection: &Connection, files: &[StandingFile]) -> rusqlite::Result<Vec<(i64, StoredId)>> {
    let standing: HashMap<i64, i64> = files.iter().map(|file| (file.file_id, file.standing)).collect();
    let Some(first) = standing.values().min() else { return Ok(Vec::new()) };
    let mut query = connection.prepare(SINCE)?;
    let mut rows = query.query([first])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (file, run): (i64, i64) = (row.get(0)?, row.get(3)?);
        if standing.get(&file).is_none_or(|standing| run <= *standing) {
            continue;
        }
        let id = match row.get_ref(1)?.as_str()? {
            "entry" => StoredId::Entry(row.get(2)?),
            _ => StoredId::Reject(row.get(2)?),
        };
        found.push((file, id));
    }
    Ok(found)
}
