//! What a re-run asks of the indexes of serials.

use std::collections::BTreeSet;

use matricule_record::EntryId;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::Stored;
use crate::Result;

impl Stored<'_> {
    /// The entries, withdrawn ones included, of which a canonical serial, of the weapon or of a further component,
    /// holds one of some texts: indexes are read, not the entries.
    pub fn entries_holding(&self, texts: &BTreeSet<&str>) -> Result<BTreeSet<EntryId>> {
        self.at(entries_holding(self.connection, texts))
    }

    /// The present entries with this converted serial, but those left out: number, and canonical original. An index is
    /// read, and of the entries no more than is asked for.
    pub fn with_serial(
        &self,
        serial: &str,
        is_left_out: impl Fn(EntryId) -> bool,
    ) -> Result<Vec<(EntryId, String)>> {
        self.at(with_serial(self.connection, serial, is_left_out))
    }
}

/// Texts that are looked for in one go over an index.
const SOUGHT: usize = 100;

/// See [`Stored::entries_holding`]. SQLite compares: of a million serials hardly one in a hundred comes out of it.
fn entries_holding(connection: &Connection, texts: &BTreeSet<&str>) -> rusqlite::Result<BTreeSet<EntryId>> {
    let mut found = BTreeSet::new();
    let texts: Vec<&str> = texts.iter().copied().collect();
    for texts in texts.chunks(SOUGHT) {
        for (index, canonical) in [
            ("entry INDEXED BY entry_canonical", "serial_canonical"),
            ("marking INDEXED BY marking_canonical", "canonical"),
        ] {
            let holds = vec![format!("instr({canonical}, ?)"); texts.len()].join(" OR ");
            let sql = format!("SELECT entry_id FROM {index} WHERE {canonical} IS NOT NULL AND ({holds})");
            let mut query = connection.prepare(&sql)?;
            let mut rows = query.query(params_from_iter(texts))?;
            while let Some(row) = rows.next()? {
                found.insert(row.get(0)?);
            }
        }
    }
    Ok(found)
}

fn with_serial(
    connection: &Connection,
    serial: &str,
    is_left_out: impl Fn(EntryId) -> bool,
) -> rusqlite::Result<Vec<(EntryId, String)>> {
    let mut ids = connection.prepare_cached("SELECT entry_id FROM entry WHERE serial = ?1")?;
    let mut canonical = connection.prepare_cached(
        "SELECT e.serial_canonical FROM entry e JOIN sheet s ON s.sheet_id = e.sheet_id
         JOIN file f ON f.file_id = s.file_id
         WHERE e.entry_id = ?1 AND e.withdrawn IS NULL AND f.state = 'current'",
    )?;
    let mut found = Vec::new();
    for entry in ids.query_map([serial], |row| row.get(0))? {
        let entry = entry?;
        if !is_left_out(entry) {
            let present = canonical.query_row([entry], |row| row.get(0)).optional()?;
            found.extend(present.map(|canonical| (entry, canonical)));
        }
    }
    Ok(found)
}
