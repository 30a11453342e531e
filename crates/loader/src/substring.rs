//! The index of parts of serials: made when somebody first asks for it, kept up from then on.
//!
//! It holds every three characters of the serials and canonical originals (FTS5, trigram), without
//! the texts themselves. What an entry was before stays in it, so what it names is looked up again.

use rusqlite::{Connection, OptionalExtension, params};

use matricule_record::EntryId;

/// Shorter parts are in no trigram.
pub(crate) const SHORTEST: usize = 3;

const MAKE: &str = "
    DROP TABLE IF EXISTS serial_part;
    CREATE VIRTUAL TABLE serial_part USING fts5 (
        serial, serial_canonical, content = 'entry', content_rowid = 'entry_id', tokenize = 'trigram',
        detail = none, columnsize = 0
    );
    INSERT INTO serial_part (rowid, serial, serial_canonical)
        SELECT entry_id, serial, serial_canonical FROM entry WHERE serial_canonical IS NOT NULL;";

/// Whether the registry has the index.
pub(crate) fn exists(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'serial_part'";
    Ok(connection.query_row(sql, [], |_| Ok(())).optional()?.is_some())
}

/// Makes the index, or makes it anew.
pub(crate) fn build(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(MAKE)
}

/// Adds what a run wrote, where there is an index: its own entries, from `first` on, and those that it
/// stated anew.
pub(crate) fn extend(connection: &Connection, first: EntryId, run_id: i64) -> rusqlite::Result<()> {
    if !exists(connection)? {
        return Ok(());
    }
    connection.execute(
        "INSERT INTO serial_part (rowid, serial, serial_canonical)
         SELECT entry_id, serial, serial_canonical FROM entry
         WHERE serial_canonical IS NOT NULL
            AND (entry_id >= ?1 OR entry_id IN (SELECT entry_id FROM former WHERE run_id = ?2))",
        params![first, run_id],
    )?;
    Ok(())
}

/// Entries whose column holds `?1`.
pub(crate) fn query(column: &str) -> String {
    format!("SELECT rowid, {column} FROM serial_part WHERE {column} LIKE '%' || ?1 || '%'")
}

/// The entries whose serial contains a part, in the column given.
pub(crate) fn containing(
    connection: &Connection,
    column: &str,
    part: &str,
) -> rusqlite::Result<Vec<EntryId>> {
    if part.chars().count() < SHORTEST {
        return Ok(Vec::new());
    }
    let mut entries = Vec::new();
    let mut query = connection.prepare(&query(column))?;
    let mut rows = query.query([part])?;
    while let Some(row) = rows.next()? {
        // LIKE has signs of its own (`_`, `%`) and folds letters; the serial itself decides.
        if row.get_ref(1)?.as_str_or_null()?.is_some_and(|text| text.contains(part)) {
            entries.push(row.get(0)?);
        }
    }
    Ok(entries)
}
