//! The chain of evidence: what every run wrote, as one number that no later change leaves the same.
//!
//! Each row that a run writes has a SHA-256 over its column names and texts. The digests of a file's
//! entries, of its refusals and of its skipped rows are hashed in their order, with what is
//! recorded of the file and its sheets; the digests of its files and mapping files give the run's.
//! The *chain head* after a run is SHA-256 of the head before it and the run's digest. A head that
//! was written down outside (in a report, on paper) proves that nothing up to its run was changed.
//!
//! What may change later is left out: states, and what is derived and can be derived again.
//!
//! What can name a person is hashed on its own, with a salt of its row ([`crate::seal`]), so that it can be erased
//! by law: its digest, kept, stands in for it.

mod children;

use std::collections::{BTreeMap, HashSet};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use self::children::{Belonging, with_rows};
use crate::entry::{EVENT, EVENT_COLUMNS, EntryText, MARKING, MARKING_COLUMNS, entry_columns, text_columns};
use crate::former::Statement;
use crate::history::{self, KnownStatements};
use crate::seal::{self, Seal};

/// SHA-256.
pub(crate) type Hash = [u8; 32];

/// Ends a name and a text: no UTF-8 holds these bytes.
const NAME_END: [u8; 1] = [0xff];
const TEXT_END: [u8; 1] = [0xfe];

/// What the texts of most entries and their names take.
const MESSAGE: usize = 2048;

/// Names what is under a seal, where its digest is hashed in its place.
pub(crate) const SEALED: &str = "sealed";

pub(crate) fn add(hasher: &mut Sha256, name: &str, text: &[u8]) {
    hasher.update(name);
    hasher.update(NAME_END);
    hasher.update(text);
    hasher.update(TEXT_END);
}

/// The digest of an entry: row, completeness, and its texts in the order of their columns.
pub(crate) fn of_entry<'a>(
    row: u32,
    completeness: f64,
    texts: impl Iterator<Item = (&'a str, &'a str)>,
) -> Hash {
    // Hashed at once: thirty short texts, each with its name, are slow one by one.
    let mut message = Vec::with_capacity(MESSAGE);
    message.extend_from_slice(&row.to_le_bytes());
    message.extend_from_slice(&completeness.to_bits().to_le_bytes());
    for (name, text) in texts {
        message.extend_from_slice(name.as_bytes());
        message.extend_from_slice(&NAME_END);
        message.extend_from_slice(text.as_bytes());
        message.extend_from_slice(&TEXT_END);
    }
    Sha256::digest(&message).into()
}

/// The digest of an entry with one more marking.
pub(crate) fn with_marking(digest: Hash, ordinal: usize, texts: &[&str; 11]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(digest);
    hasher.update((ordinal as u32).to_le_bytes());
    MARKING_COLUMNS.iter().zip(texts).for_each(|(name, text)| add(&mut hasher, name, text.as_bytes()));
    hasher.finalize().into()
}

/// The digest of an entry with one more event.
pub(crate) fn with_event(digest: Hash, ordinal: usize, texts: &[&str; 7]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(digest);
    hasher.update((ordinal as u32).to_le_bytes());
    EVENT_COLUMNS.iter().zip(texts).for_each(|(name, text)| add(&mut hasher, name, text.as_bytes()));
    hasher.finalize().into()
}

/// The digest of an entry: its texts, the rows that belong to it, and what can name a person under its seal.
/// Entries of versions that knew no seal have all in the open.
pub(crate) fn of_whole_entry<'a, T: Iterator<Item = EntryText<'a>>>(
    (row, completeness): (u32, f64),
    texts: impl Fn() -> T,
    seal: &Seal<'_>,
    markings: impl FnOnce(Hash) -> Hash,
    events: impl FnOnce(Hash) -> Hash,
) -> Hash {
    let named = |(name, text, _): EntryText<'a>| (name, text);
    let personal = match seal {
        Seal::None => {
            let digest = of_entry(row, completeness, texts().map(named));
            return events(markings(digest));
        }
        Seal::Erased(kept) => *kept,
        Seal::Salt(salt) => {
            events(seal::of_personal(salt, texts().filter(|(.., erasable)| *erasable).map(named)))
        }
    };
    let open = of_entry(row, completeness, texts().filter(|(.., erasable)| !*erasable).map(named));
    let mut hasher = Sha256::new();
    hasher.update(markings(open));
    hasher.update(personal);
    hasher.finalize().into()
}

/// What a file's rows hash to.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileEvidence {
    entries: Sha256,
    refusals: Sha256,
    skipped: Sha256,
}

impl FileEvidence {
    pub fn entry(&mut self, digest: &Hash) {
        self.entries.update(digest);
    }

    pub fn refusal(&mut self, row: Option<u32>, cells: Option<&str>, carried: Option<&str>) {
        self.refusals.update(row.unwrap_or(0).to_le_bytes());
        add(&mut self.refusals, "cells", cells.unwrap_or_default().as_bytes());
        if let Some(carried) = carried {
            add(&mut self.refusals, "carried", carried.as_bytes());
        }
    }

    pub fn finding(&mut self, texts: &[(&str, &str)]) {
        for (name, text) in texts {
            add(&mut self.refusals, name, text.as_bytes());
        }
    }

    pub fn skip(&mut self, row: u32, class: &str, cells: &str) {
        self.skipped.update(row.to_le_bytes());
        add(&mut self.skipped, class, cells.as_bytes());
    }

    /// A refused row under its seal, with its findings.
    pub fn sealed_refusal(&mut self, row: u32, personal: &Hash) {
        self.refusals.update(row.to_le_bytes());
        add(&mut self.refusals, SEALED, personal);
    }

    /// A skipped row under its seal.
    pub fn sealed_skip(&mut self, row: u32, class: &str, personal: &Hash) {
        self.skipped.update(row.to_le_bytes());
        add(&mut self.skipped, class, personal);
    }

    pub fn finish(self) -> [Hash; 3] {
        [self.entries, self.refusals, self.skipped].map(|hasher| hasher.finalize().into())
    }
}

/// The evidence of the rows of files, by their numbers.
pub(crate) type Files = BTreeMap<i64, FileEvidence>;

/// The head before a run: of the last one published before it. Empty where there is none.
pub(crate) fn head_before(connection: &Connection, run_id: i64) -> rusqlite::Result<String> {
    let sql = "SELECT coalesce(chain, '') FROM run WHERE run_id < ?1 ORDER BY run_id DESC LIMIT 1";
    Ok(connection.query_row(sql, [run_id], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// What is recorded of a file beside its rows.
const OF_FILE: [&str; 2] = [
    "SELECT * FROM sheet WHERE file_id = ?1 ORDER BY sheet_id",
    "SELECT t.* FROM sheet_table t JOIN sheet s ON s.sheet_id = t.sheet_id WHERE s.file_id = ?1
     ORDER BY t.sheet_id, t.row",
];

/// The head after a run whose rows hash to `files`, and which stated entries anew, some of them as is known.
pub(crate) fn head_after(
    connection: &Connection,
    run_id: i64,
    files: &mut Files,
    known: &KnownStatements,
) -> rusqlite::Result<String> {
    let mut run = Sha256::new();
    run.update(head_before(connection, run_id)?);
    let own = "SELECT * FROM run WHERE run_id = ?1";
    add_rows(connection, &mut run, (own, run_id), &["state", "chain"], &[])?;
    let mappings = "SELECT kind, id, digest FROM run_mapping WHERE run_id = ?1 ORDER BY kind, id";
    add_rows(connection, &mut run, (mappings, run_id), &[], &[])?;
    let ids: Vec<i64> = connection
        .prepare("SELECT file_id FROM file WHERE run_id = ?1 ORDER BY file_id")?
        .query_map([run_id], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for file_id in ids {
        let states = &["state", "moved"];
        add_rows(connection, &mut run, ("SELECT * FROM file WHERE file_id = ?1", file_id), states, &[])?;
        for sql in OF_FILE {
            add_rows(connection, &mut run, (sql, file_id), states, &[])?;
        }
        for hash in files.remove(&file_id).unwrap_or_default().finish() {
            run.update(hash);
        }
    }
    let changes = "SELECT * FROM change WHERE run_id = ?1 ORDER BY change_id";
    add_rows(connection, &mut run, (changes, run_id), &[], &SEALED_CHANGE)?;
    let decisions = "SELECT * FROM decision WHERE run_id = ?1 ORDER BY decision_id";
    add_rows(connection, &mut run, (decisions, run_id), &[], &[])?;
    history::add_revisions(connection, &mut run, run_id, known)?;
    Ok(hexadecimal(&run.finalize()))
}

/// What a seal covers of a change and of an amendment.
pub(crate) const SEALED_CHANGE: [&str; 2] = ["before", "after"];
pub(crate) const SEALED_AMENDMENT: [&str; 2] = ["before", "cell"];

/// Hashes the rows of a query: every column that is set, by name. Columns `sealed` are hashed under the seal of
/// their row, where it has one.
pub(crate) fn add_rows(
    connection: &Connection,
    hasher: &mut Sha256,
    (sql, id): (&str, i64),
    except: &[&str],
    sealed: &[&str],
) -> rusqlite::Result<()> {
    let mut query = connection.prepare(sql)?;
    let names: Vec<String> = query.column_names().map(str::to_owned).collect();
    let mut rows = query.query([id])?;
    while let Some(row) = rows.next()? {
        let personal = if sealed.is_empty() { None } else { seal::of_row(row, sealed)? };
        let is_open =
            |name: &str| personal.is_none() || !(sealed.contains(&name) || seal::COLUMNS.contains(&name));
        let open =
            names.iter().enumerate().filter(|(_, name)| !except.contains(&name.as_str()) && is_open(name));
        add_columns(hasher, row, open)?;
        if let Some(personal) = personal {
            add(hasher, SEALED, &personal);
        }
    }
    Ok(())
}

fn add_columns<'a>(
    hasher: &mut Sha256,
    row: &Row<'_>,
    columns: impl Iterator<Item = (usize, &'a String)>,
) -> rusqlite::Result<()> {
    for (at, name) in columns {
        match row.get_ref(at)? {
            ValueRef::Null => {}
            ValueRef::Integer(number) => add(hasher, name, &number.to_le_bytes()),
            ValueRef::Real(number) => add(hasher, name, &number.to_bits().to_le_bytes()),
            ValueRef::Text(text) | ValueRef::Blob(text) => add(hasher, name, text),
        }
    }
    Ok(())
}

/// What the rows of all files hash to, read back from the tables.
pub(crate) fn of_tables(connection: &Connection) -> rusqlite::Result<Files> {
    let mut files = Files::new();
    add_entries(connection, &mut files)?;
    add_refusals(connection, &mut files)?;
    let mut skipped = connection.prepare(
        "SELECT s.file_id, k.row, k.class, k.cells, k.salt, k.erased FROM skipped_row k
         JOIN sheet s ON s.sheet_id = k.sheet_id ORDER BY k.skipped_id",
    )?;
    let mut rows = skipped.query([])?;
    while let Some(row) = rows.next()? {
        let (class, cells) = (row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?);
        let evidence = files.entry(row.get(0)?).or_default();
        match seal::of_row(row, &["cells"])? {
            Some(personal) => evidence.sealed_skip(row.get(1)?, class, &personal),
            None => evidence.skip(row.get(1)?, class, cells),
        }
    }
    Ok(files)
}

fn add_entries(connection: &Connection, files: &mut Files) -> rusqlite::Result<()> {
    let columns: Vec<String> = text_columns().map(|name| format!("e.\"{name}\"")).collect();
    let sql = format!(
        "SELECT s.file_id, e.entry_id, e.row, e.completeness, {}, e.run_id, e.salt, e.erased FROM entry e
         JOIN sheet s ON s.sheet_id = e.sheet_id ORDER BY e.entry_id",
        columns.join(", ")
    );
    let mut entries = connection.prepare(&sql)?;
    let mut markings = Belonging::start(connection, &MARKING)?;
    let mut events = Belonging::start(connection, &EVENT)?;
    let restated = ids(connection, "SELECT DISTINCT entry_id FROM former")?;
    let mut rows = entries.query([])?;
    while let Some(row) = rows.next()? {
        if restated.contains(&row.get(1)?) {
            if let Some(first) = history::first_statement(connection, row.get(1)?)? {
                add_statement(connection, files, &first)?;
            }
            continue;
        }
        if row.get_ref("run_id")? != ValueRef::Null {
            continue;
        }
        let entry_id = row.get(1)?;
        let texts = || {
            let columns = entry_columns().zip(4..);
            columns.filter_map(|((name, erasable), at)| Some((name, text_of(row, at)?, erasable)))
        };
        let (marked, told) = (markings.of(entry_id)?, events.of(entry_id)?);
        let digest = of_whole_entry(
            (row.get(2)?, row.get(3)?),
            texts,
            &Seal::of(text_of_column(row, "salt"), text_of_column(row, "erased")),
            |digest| with_rows(digest, &marked, with_marking),
            |digest| with_rows(digest, &told, with_event),
        );
        files.entry(row.get(0)?).or_default().entry(&digest);
    }
    Ok(())
}

/// The first statement of an entry that was stated anew, with the file that it was loaded from. A row that a
/// later run loaded is hashed with that run.
fn add_statement(connection: &Connection, files: &mut Files, first: &Statement) -> rusqlite::Result<()> {
    if first.number("run_id").is_some() {
        return Ok(());
    }
    let sheet = first.number("sheet_id").unwrap_or_default();
    let sql = "SELECT file_id FROM sheet WHERE sheet_id = ?1";
    let file = connection.prepare_cached(sql)?.query_row([sheet], |row| row.get(0)).optional()?;
    let digest = of_whole_entry(
        first.row_and_completeness(),
        || first.texts(),
        &first.seal(),
        |digest| first.with_markings(digest),
        |digest| first.with_events(digest),
    );
    files.entry(file.unwrap_or_default()).or_default().entry(&digest);
    Ok(())
}

fn ids(connection: &Connection, sql: &str) -> rusqlite::Result<HashSet<i64>> {
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

/// A text that is set. What is no text any more is hashed as something else.
fn text_of<'a>(row: &'a Row<'_>, at: usize) -> Option<&'a str> {
    match row.get_ref(at) {
        Ok(ValueRef::Null) => None,
        Ok(value) => Some(value.as_str().unwrap_or("\u{fffd}")),
        Err(_) => Some("\u{fffd}"),
    }
}

/// The same of a column by its name.
fn text_of_column<'a>(row: &'a Row<'_>, name: &str) -> Option<&'a str> {
    row.as_ref().column_index(name).ok().and_then(|at| text_of(row, at))
}

/// What a refused row hashes to; its findings follow.
const REFUSED: &str = "SELECT reject_id, file_id, row, cells, carried, salt, erased FROM reject WHERE";

fn add_refusals(connection: &Connection, files: &mut Files) -> rusqlite::Result<()> {
    let mut refusals = connection.prepare(&format!("{REFUSED} run_id IS NULL ORDER BY reject_id"))?;
    let mut rows = refusals.query([])?;
    while let Some(row) = rows.next()? {
        add_refusal(connection, row, files.entry(row.get(1)?).or_default())?;
    }
    Ok(())
}

/// Hashes the rows that a run refused under sheets of earlier ones, and returns how many.
pub(crate) fn add_refusals_of_run(
    connection: &Connection,
    run: i64,
    evidence: &mut FileEvidence,
) -> rusqlite::Result<usize> {
    let mut refusals = connection.prepare(&format!("{REFUSED} run_id = ?1 ORDER BY reject_id"))?;
    let mut rows = refusals.query([run])?;
    let mut refused = 0;
    while let Some(row) = rows.next()? {
        add_refusal(connection, row, evidence)?;
        refused += 1;
    }
    Ok(refused)
}

fn add_refusal(connection: &Connection, row: &Row<'_>, evidence: &mut FileEvidence) -> rusqlite::Result<()> {
    let (cells, carried) = (text_of(row, 3), text_of(row, 4));
    let found = findings_of(connection, row.get(0)?)?;
    let findings = || found.iter().map(|texts| finding_texts(std::array::from_fn(|at| texts[at].as_str())));
    let seal = Seal::of(text_of(row, 5), text_of(row, 6));
    if let Some(personal) = seal.hash(seal::refusal_texts(cells, carried, findings().flatten())) {
        evidence.sealed_refusal(row.get(2)?, &personal);
    } else {
        evidence.refusal(row.get(2)?, cells, carried);
        findings().for_each(|finding| evidence.finding(&finding));
    }
    Ok(())
}

/// The findings of a refused row, as their texts.
pub(crate) fn findings_of(connection: &Connection, reject: i64) -> rusqlite::Result<Vec<[String; 7]>> {
    let mut query = connection.prepare_cached(
        "SELECT code, coalesce(field, ''), coalesce(\"column\", ''), coalesce(cell, ''), original, message, suggestion
         FROM finding WHERE reject_id = ?1 ORDER BY finding",
    )?;
    let texts = |row: &Row<'_>| {
        let column = match row.get_ref(2)? {
            ValueRef::Integer(number) => number.to_string(),
            _ => String::new(),
        };
        let text = |at| if at == 2 { column.as_str() } else { text_of(row, at).unwrap_or_default() };
        Ok(std::array::from_fn(|at| text(at).to_owned()))
    };
    query.query_map([reject], texts)?.collect()
}

/// The texts of a finding with their names.
pub(crate) fn finding_texts(texts: [&str; 7]) -> [(&'static str, &str); 7] {
    let names = ["code", "field", "column", "cell", "original", "message", "suggestion"];
    std::array::from_fn(|at| (names[at], texts[at]))
}

/// Lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
