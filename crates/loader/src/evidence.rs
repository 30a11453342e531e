//! The chain of evidence: what every run wrote, as one number that no later change leaves the same.
//!
//! Each row that a run writes has a SHA-256 over its column names and texts. The digests of a file's
//! entries, of its refusals and of its skipped rows are hashed in their order, with what is
//! recorded of the file and its sheets; the digests of its files and mapping files give the run's.
//! The *chain head* after a run is SHA-256 of the head before it and the run's digest. A head that
//! was written down outside (in a report, on paper) proves that nothing up to its run was changed.
//!
//! What may change later is left out: states, and what is derived and can be derived again.

use std::collections::{BTreeMap, HashSet};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use crate::entry::{MARKING_COLUMNS, text_columns};
use crate::former::Statement;
use crate::history;

/// SHA-256.
pub(crate) type Hash = [u8; 32];

/// Ends a name and a text: no UTF-8 holds these bytes.
const NAME_END: [u8; 1] = [0xff];
const TEXT_END: [u8; 1] = [0xfe];

fn add(hasher: &mut Sha256, name: &str, text: &[u8]) {
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
    let mut hasher = Sha256::new();
    hasher.update(row.to_le_bytes());
    hasher.update(completeness.to_bits().to_le_bytes());
    texts.for_each(|(name, text)| add(&mut hasher, name, text.as_bytes()));
    hasher.finalize().into()
}

/// The digest of an entry with one more marking.
pub(crate) fn with_marking(digest: Hash, ordinal: usize, texts: &[&str; 11]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(digest);
    hasher.update((ordinal as u32).to_le_bytes());
    MARKING_COLUMNS.iter().zip(texts).for_each(|(name, text)| add(&mut hasher, name, text.as_bytes()));
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

/// The head after a run whose rows hash to `files`.
pub(crate) fn head_after(
    connection: &Connection,
    run_id: i64,
    files: &mut Files,
) -> rusqlite::Result<String> {
    let mut run = Sha256::new();
    run.update(head_before(connection, run_id)?);
    add_rows(connection, &mut run, "SELECT * FROM run WHERE run_id = ?1", run_id, &["state", "chain"])?;
    let mappings = "SELECT kind, id, digest FROM run_mapping WHERE run_id = ?1 ORDER BY kind, id";
    add_rows(connection, &mut run, mappings, run_id, &[])?;
    let ids: Vec<i64> = connection
        .prepare("SELECT file_id FROM file WHERE run_id = ?1 ORDER BY file_id")?
        .query_map([run_id], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for file_id in ids {
        let states = &["state", "moved"];
        add_rows(connection, &mut run, "SELECT * FROM file WHERE file_id = ?1", file_id, states)?;
        for sql in OF_FILE {
            add_rows(connection, &mut run, sql, file_id, states)?;
        }
        for hash in files.remove(&file_id).unwrap_or_default().finish() {
            run.update(hash);
        }
    }
    let changes = "SELECT * FROM change WHERE run_id = ?1 ORDER BY change_id";
    add_rows(connection, &mut run, changes, run_id, &[])?;
    history::add_revisions(connection, &mut run, run_id)?;
    Ok(hexadecimal(&run.finalize()))
}

/// Hashes the rows of a query: every column that is set, by name.
pub(crate) fn add_rows(
    connection: &Connection,
    hasher: &mut Sha256,
    sql: &str,
    id: i64,
    except: &[&str],
) -> rusqlite::Result<()> {
    let mut query = connection.prepare(sql)?;
    let names: Vec<String> = query.column_names().map(str::to_owned).collect();
    let mut rows = query.query([id])?;
    while let Some(row) = rows.next()? {
        for (at, name) in names.iter().enumerate().filter(|(_, name)| !except.contains(&name.as_str())) {
            match row.get_ref(at)? {
                ValueRef::Null => {}
                ValueRef::Integer(number) => add(hasher, name, &number.to_le_bytes()),
                ValueRef::Real(number) => add(hasher, name, &number.to_bits().to_le_bytes()),
                ValueRef::Text(text) | ValueRef::Blob(text) => add(hasher, name, text),
            }
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
        "SELECT s.file_id, k.row, k.class, k.cells FROM skipped_row k JOIN sheet s ON s.sheet_id = k.sheet_id
         ORDER BY k.skipped_id",
    )?;
    let mut rows = skipped.query([])?;
    while let Some(row) = rows.next()? {
        let (class, cells) = (row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?);
        files.entry(row.get(0)?).or_default().skip(row.get(1)?, class, cells);
    }
    Ok(files)
}

fn add_entries(connection: &Connection, files: &mut Files) -> rusqlite::Result<()> {
    let columns: Vec<String> = text_columns().map(|name| format!("e.\"{name}\"")).collect();
    let sql = format!(
        "SELECT s.file_id, e.entry_id, e.row, e.completeness, {}, e.run_id FROM entry e
         JOIN sheet s ON s.sheet_id = e.sheet_id ORDER BY e.entry_id",
        columns.join(", ")
    );
    let (mut entries, mut markings) = (connection.prepare(&sql)?, Markings::start(connection)?);
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
        let texts = text_columns().zip(4..).filter_map(|(name, at)| Some((name, text_of(row, at)?)));
        let digest = of_entry(row.get(2)?, row.get(3)?, texts);
        let digest = markings.add(row.get(1)?, digest)?;
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
    let texts = text_columns().filter_map(|name| Some((name, first.column(name)?)));
    let row = first.number("row").and_then(|row| u32::try_from(row).ok()).unwrap_or_default();
    let mut digest = of_entry(row, first.share("completeness"), texts);
    for (at, marking) in first.children("marking").iter().enumerate() {
        let texts = MARKING_COLUMNS.map(|name| marking[name].as_str().unwrap_or_default());
        digest = with_marking(digest, at + 1, &texts);
    }
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

/// The markings of entries, read as the entries come.
struct Markings<'a> {
    by_entry: rusqlite::Statement<'a>,
    /// Entries that have markings, to ask only for those.
    owners: HashSet<i64>,
}

impl<'a> Markings<'a> {
    fn start(connection: &'a Connection) -> rusqlite::Result<Self> {
        let columns: Vec<String> = MARKING_COLUMNS.iter().map(|name| format!("\"{name}\"")).collect();
        let sql = format!(
            "SELECT ordinal, {} FROM marking WHERE entry_id = ?1 ORDER BY ordinal",
            columns.join(", ")
        );
        let owners = ids(connection, "SELECT DISTINCT entry_id FROM marking")?;
        Ok(Self { by_entry: connection.prepare(&sql)?, owners })
    }

    fn add(&mut self, entry_id: i64, mut digest: Hash) -> rusqlite::Result<Hash> {
        if !self.owners.contains(&entry_id) {
            return Ok(digest);
        }
        let mut rows = self.by_entry.query([entry_id])?;
        while let Some(row) = rows.next()? {
            let texts = std::array::from_fn(|at| text_of(row, at + 1).unwrap_or_default());
            digest = with_marking(digest, row.get::<_, u32>(0)? as usize, &texts);
        }
        Ok(digest)
    }
}

/// The digest of an entry with its markings, read from the tables.
pub(crate) fn with_markings(
    connection: &Connection,
    entry_id: i64,
    mut digest: Hash,
) -> rusqlite::Result<Hash> {
    let columns: Vec<String> = MARKING_COLUMNS.iter().map(|name| format!("\"{name}\"")).collect();
    let sql =
        format!("SELECT ordinal, {} FROM marking WHERE entry_id = ?1 ORDER BY ordinal", columns.join(", "));
    let mut query = connection.prepare_cached(&sql)?;
    let mut rows = query.query([entry_id])?;
    while let Some(row) = rows.next()? {
        let texts = std::array::from_fn(|at| text_of(row, at + 1).unwrap_or_default());
        digest = with_marking(digest, row.get::<_, u32>(0)? as usize, &texts);
    }
    Ok(digest)
}

/// What a refused row hashes to; its findings follow.
const REFUSED: &str = "SELECT reject_id, file_id, row, cells, carried FROM reject WHERE";

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
    evidence.refusal(row.get(2)?, text_of(row, 3), text_of(row, 4));
    let mut findings = connection.prepare_cached(
        "SELECT code, coalesce(field, ''), coalesce(\"column\", ''), coalesce(cell, ''), original, message, suggestion
         FROM finding WHERE reject_id = ?1 ORDER BY finding",
    )?;
    let mut found = findings.query(params![row.get::<_, i64>(0)?])?;
    while let Some(finding) = found.next()? {
        let column = match finding.get_ref(2)? {
            ValueRef::Integer(number) => number.to_string(),
            _ => String::new(),
        };
        let text = |at| text_of(finding, at).unwrap_or_default();
        evidence.finding(&finding_texts([text(0), text(1), &column, text(3), text(4), text(5), text(6)]));
    }
    Ok(())
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
