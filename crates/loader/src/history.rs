//! The part of the chain of evidence that is about rows of earlier runs: what a run stated anew, refused,
//! corrected, took out, and what persons said in it.
//!
//! What an entry states is hashed with the run that made it state so: its first statement with the file that
//! it was loaded from, each later one with the run that stated it.

use std::collections::HashMap;

use matricule_record::EntryId;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::evidence::{self, FileEvidence};
use crate::former::Statement;
use crate::seal::Seal;

/// Rows of the log that a run wrote, as they are, and which of their columns are under a seal.
const LOG: [(&str, &[&str]); 5] = [
    ("SELECT * FROM standing WHERE run_id = ?1 ORDER BY file_id", &[]),
    ("SELECT * FROM amendment WHERE run_id = ?1 ORDER BY amendment_id", &evidence::SEALED_AMENDMENT),
    ("SELECT * FROM state_change WHERE run_id = ?1 ORDER BY state_change_id", &[]),
    ("SELECT * FROM sheet_reading WHERE run_id = ?1 ORDER BY sheet_id, row", &[]),
    ("SELECT * FROM erasure WHERE run_id = ?1 ORDER BY erasure_id", &[]),
];

/// Statements that a run made a moment ago, as they are hashed: those are not read back. `audit` knows none.
#[derive(Debug, Default)]
pub(crate) struct KnownStatements(HashMap<EntryId, String>);

/// Statements that are remembered; of a run that makes more the others are read back.
const REMEMBERED: usize = 32_768;

impl KnownStatements {
    /// What an entry states now.
    pub fn remember(&mut self, entry: EntryId, hashed: String) {
        if self.0.len() < REMEMBERED || self.0.contains_key(&entry) {
            self.0.insert(entry, hashed);
        }
    }
}

/// Hashes what a run did to rows of earlier ones. A run that only loaded ledgers adds nothing.
pub(crate) fn add_revisions(
    connection: &Connection,
    hasher: &mut Sha256,
    run: i64,
    known: &KnownStatements,
) -> rusqlite::Result<()> {
    for (sql, sealed) in LOG {
        evidence::add_rows(connection, hasher, (sql, run), &[], sealed)?;
    }
    let mut refusals = FileEvidence::default();
    let refused = evidence::add_refusals_of_run(connection, run, &mut refusals)?;
    if refused > 0 {
        refusals.finish().iter().for_each(|hash| hasher.update(hash));
    }
    for entry in stated_by(connection, run)? {
        hasher.update(entry.to_le_bytes());
        match known.0.get(&entry) {
            Some(statement) => hasher.update(statement),
            None => hasher.update(statement_of(connection, run, entry)?),
        }
    }
    Ok(())
}

/// The entries that a run stated: rows of earlier runs anew, or refused rows for the first time.
fn stated_by(connection: &Connection, run: i64) -> rusqlite::Result<Vec<EntryId>> {
    let mut entries: Vec<EntryId> = connection
        .prepare_cached("SELECT entry_id FROM former WHERE run_id = ?1")?
        .query_map([run], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let loaded: Vec<EntryId> = connection
        .prepare_cached("SELECT entry_id FROM entry WHERE run_id = ?1")?
        .query_map([run], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for entry in loaded {
        let first = first_statement(connection, entry)?;
        if first.is_none_or(|statement| statement.number("run_id") == Some(run)) {
            entries.push(entry);
        }
    }
    entries.sort_unstable();
    entries.dedup();
    Ok(entries)
}

/// What an entry stated before any run stated it anew; `None` where none did.
pub(crate) fn first_statement(
    connection: &Connection,
    entry: EntryId,
) -> rusqlite::Result<Option<Statement>> {
    let sql = "SELECT content FROM former WHERE entry_id = ?1 ORDER BY former_id LIMIT 1";
    let text =
        connection.prepare_cached(sql)?.query_row([entry], |row| row.get::<_, String>(0)).optional()?;
    Ok(text.as_deref().map(Statement::hashed))
}

/// What an entry stated after a run: what the next run to state it found, or what it states now.
fn statement_of(connection: &Connection, run: i64, entry: EntryId) -> rusqlite::Result<String> {
    // `+run_id`: looked for among the statements of the entry, which are few, not among those of the run.
    let next = connection
        .prepare_cached(
            "SELECT content FROM former WHERE entry_id = ?1 AND former_id > coalesce(
                (SELECT max(former_id) FROM former WHERE entry_id = ?1 AND +run_id = ?2), 0)
             ORDER BY former_id LIMIT 1",
        )?
        .query_row(params![entry, run], |row| row.get::<_, String>(0))
        .optional()?;
    next.map_or_else(|| Ok(Statement::of(connection, entry)?.sealed_text()), |text| Ok(sealed(text)))
}

/// A statement that is kept, as it is hashed: without a seal as it is, letter by letter.
fn sealed(text: String) -> String {
    let statement = Statement::hashed(&text);
    if statement.seal() == Seal::None { text } else { statement.sealed_text() }
}
