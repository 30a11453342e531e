//! What a run is before it starts: who asked for what, with which mapping files.

use jiff::Timestamp;
use matricule_record::StoredMapping;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use crate::evidence::hexadecimal;

/// What is recorded of a run before its first row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The command line, as given.
    pub command: String,
    /// Who ran it, where declared.
    pub operator: Option<String>,
    /// Version of the program.
    pub version: String,
    /// Every mapping file that it uses.
    pub mappings: Vec<StoredMapping>,
}

/// Records the start of a run and returns its number.
pub(crate) fn record(connection: &Connection, manifest: &Manifest) -> rusqlite::Result<i64> {
    connection.execute(
        "INSERT INTO run (started_at, state, command, operator, version) VALUES (?1, 'loading', ?2, ?3, ?4)",
        params![now(), manifest.command, manifest.operator, manifest.version],
    )?;
    let run_id = connection.last_insert_rowid();
    for mapping in &manifest.mappings {
        connection.execute(
            "INSERT OR IGNORE INTO mapping (digest, content) VALUES (?1, ?2)",
            params![mapping.digest, mapping.content],
        )?;
        connection.execute(
            "INSERT OR IGNORE INTO run_mapping (run_id, kind, id, digest) VALUES (?1, ?2, ?3, ?4)",
            params![run_id, mapping.kind, mapping.id, mapping.digest],
        )?;
    }
    Ok(run_id)
}

/// Records the end of a run, with the sums of its files.
pub(crate) fn finish(connection: &Connection, run_id: i64) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE run SET finished_at = ?2, state = 'published',
            (rows_read, rows_loaded, rows_rejected, rows_skipped) =
            (SELECT coalesce(sum(rows_read), 0), coalesce(sum(rows_loaded), 0),
                coalesce(sum(rows_rejected), 0), coalesce(sum(rows_skipped), 0)
             FROM file WHERE run_id = ?1)
         WHERE run_id = ?1",
        params![run_id, now()],
    )?;
    Ok(())
}

/// Records the head of the chain of evidence after a run.
pub(crate) fn seal(connection: &Connection, run_id: i64, chain: &str) -> rusqlite::Result<()> {
    connection.execute("UPDATE run SET chain = ?2 WHERE run_id = ?1", params![run_id, chain])?;
    Ok(())
}

/// Stores a ledger profile and returns its digest: SHA-256 of the text, hexadecimal.
pub(crate) fn store_profile(connection: &Connection, text: &str) -> rusqlite::Result<String> {
    let digest = hexadecimal(&Sha256::digest(text));
    connection
        .prepare_cached("INSERT OR IGNORE INTO profile (digest, content) VALUES (?1, ?2)")?
        .execute(params![digest, text])?;
    Ok(digest)
}

/// The time, RFC 3339 in UTC, to the second.
fn now() -> String {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
