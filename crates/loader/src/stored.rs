//! Rows as they came from their ledgers, read back from the registry so that they can go through the
//! stages again without their file.

mod serials;
mod since;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use matricule_record::{Cells, EntryId, Field, Finding, Ledger, Source, Text};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::damage::{self, Kept as _, Owner};
use crate::entry::{self, PreparedEntry};
use crate::evidence::Hash;
use crate::former::{self, Statement};
use crate::{Error, Result, json, refusal};

/// Which row of the registry it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoredId {
    /// An entry.
    Entry(EntryId),
    /// A refused row.
    Reject(i64),
}

/// What is to be read in place of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amended {
    /// The field; `None` for a column without one.
    pub field: Option<Field>,
    /// The column, from 0, where there is no field.
    pub column: usize,
    /// What is read.
    pub text: Text,
}

/// A row of a ledger, as the registry keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRow {
    /// What it is at present.
    pub id: StoredId,
    /// Where it stands, with the columns and settings by which it was read.
    pub source: Source,
    /// Its cells, as the file holds them.
    pub cells: Cells,
    /// Cells whose value stands elsewhere: column and value meant.
    pub carried: Vec<(usize, Text)>,
    /// What persons say is to be read in place of cells, the last word on each.
    pub amended: Vec<Amended>,
    /// What was found wrong with it; empty for an entry.
    pub findings: Vec<Finding>,
    /// What the entry states; `None` for a refused row.
    pub stated: Option<Stated>,
}

/// What an entry states, to be compared with what its row comes to now. Two are equal where they say the same, whatever
/// their numbers in a registry.
#[derive(Clone, Debug, Default)]
pub struct Stated(pub(crate) Statement);

impl PartialEq for Stated {
    fn eq(&self, other: &Self) -> bool {
        self.0.content() == other.0.content()
    }
}

/// A column of an entry that is stated anew. Texts that are not set are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The column.
    pub field: &'static str,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
}

/// Columns whose change is told by others: the row as the file holds it does not change, and originals
/// and search keys follow from what does.
const NOT_TOLD: [&str; 3] = ["cells", "carried", "originals"];

impl Stated {
    /// A column's text; empty where it is not set.
    pub fn text(&self, column: &str) -> &str {
        self.0.column(column).unwrap_or_default()
    }

    /// What the entry says otherwise when it is stated as prepared; `None` where it says the same. Of an entry of which
    /// something was erased, warnings tell that it is not there, which is no change.
    pub fn difference(&self, prepared: &PreparedEntry) -> Option<Vec<FieldChange>> {
        let differing = self.0.changed(prepared);
        let is_marked_alike = || self.0.with_markings(Hash::default()) == prepared.marked();
        let says_the_same = match self.0.column("erased") {
            Some(_) => differing.iter().all(|name| *name == "flags") && is_marked_alike(),
            None => differing.is_empty() && self.0.says_besides(prepared),
        };
        if says_the_same {
            return None;
        }
        let change = |field| FieldChange {
            field,
            before: self.text(field).to_owned(),
            after: prepared.text(field).to_owned(),
        };
        let told = entry::text_columns().filter(|name| differing.contains(name) && !NOT_TOLD.contains(name));
        let mut changes: Vec<FieldChange> = told.map(change).collect();
        if changes.is_empty() {
            let (_, before) = self.0.row_and_completeness();
            let [before, after] = [before, prepared.completeness()].map(|share| share.to_string());
            changes.push(if before == after {
                let field = if is_marked_alike() { "events" } else { "markings" };
                FieldChange { field, before: String::new(), after: String::new() }
            } else {
                FieldChange { field: "completeness", before, after }
            });
        }
        Some(changes)
    }
}

/// A present file, with what a re-run asks about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingFile {
    /// Its number.
    pub file_id: i64,
    /// Its path.
    pub path: String,
    /// The run under whose tables all its rows are known to read as they do.
    pub standing: i64,
    /// Version of the program of that run.
    pub version: String,
    /// Whether the registry keeps everything that its rows were read by.
    pub is_whole: bool,
}

/// What a registry holds, asked in the same way before a run and during one.
#[derive(Clone, Copy, Debug)]
pub struct Stored<'a> {
    pub(crate) connection: &'a Connection,
    path: &'a Path,
}

impl<'a> Stored<'a> {
    pub(crate) fn new(connection: &'a Connection, path: &'a Path) -> Self {
        Self { connection, path }
    }

    /// The present files, in the order of their numbers.
    pub fn files(&self) -> Result<Vec<StandingFile>> {
        self.at(files(self.connection))
    }

    /// The file of an entry, where it is present.
    pub fn file_of(&self, entry: EntryId) -> Result<Option<i64>> {
        self.at(file_of(self.connection, entry))
    }

    /// A reader of rows.
    pub fn rows(&self) -> StoredRows<'a> {
        let reader = Reader { connection: self.connection, ledgers: Ledgers::default() };
        StoredRows { stored: *self, reader }
    }

    /// The mapping files of a run: kind, id and digest.
    pub fn mapping_digests(&self, run: i64) -> Result<Vec<(String, String, String)>> {
        let read = || -> rusqlite::Result<_> {
            self.connection
                .prepare("SELECT kind, id, digest FROM run_mapping WHERE run_id = ?1 ORDER BY kind, id")?
                .query_map([run], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect()
        };
        self.at(read())
    }

    /// The content of a mapping file of that digest.
    pub fn mapping(&self, digest: &str) -> Result<String> {
        let sql = "SELECT content FROM mapping WHERE digest = ?1";
        self.at(self.connection.query_row(sql, [digest], |row| row.get(0)))
    }

    /// The head of the chain of evidence: of the last run that is published.
    pub fn head(&self) -> Result<String> {
        let sql = "SELECT chain FROM run WHERE chain IS NOT NULL ORDER BY run_id DESC LIMIT 1";
        let head = self.connection.query_row(sql, [], |row| row.get(0)).optional();
        Ok(self.at(head)?.unwrap_or_default())
    }

    pub(crate) fn connection(&self) -> &'a Connection {
        self.connection
    }

    pub(crate) fn at<T>(&self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|error| Error::reading(self.path, error))
    }
}

/// Reads stored rows; what they share is read once.
pub struct StoredRows<'a> {
    stored: Stored<'a>,
    reader: Reader<'a>,
}

impl StoredRows<'_> {
    /// An entry; `None` where there is none of that number.
    pub fn entry(&mut self, entry: EntryId) -> Result<Option<StoredRow>> {
        let row = self.reader.entry(entry);
        self.stored.at(row)
    }

    /// An entry with the number of its file; `None` where it is not present.
    pub fn present_entry(&mut self, entry: EntryId) -> Result<Option<(i64, StoredRow)>> {
        let row = self.reader.present_entry(entry);
        self.stored.at(row)
    }

    /// A refused row; `None` where there is none, or where a whole file or sheet was refused.
    pub fn reject(&mut self, reject: i64) -> Result<Option<StoredRow>> {
        let row = self.reader.reject(reject);
        self.stored.at(row)
    }

    /// Visits the present entries of a file in the order of their numbers.
    pub fn entries_of(&mut self, file: i64, visit: impl FnMut(StoredRow)) -> Result<()> {
        let visited = self.reader.entries_of(file, visit);
        self.stored.at(visited)
    }

    /// The open refused rows of a file, in the order of their numbers.
    pub fn open_rejects_of(&self, file: i64) -> Result<Vec<i64>> {
        self.stored.at(self.reader.open_rejects_of(file))
    }
}

/// The present files, in the order of their numbers.
fn files(connection: &Connection) -> rusqlite::Result<Vec<StandingFile>> {
    let mut query = connection.prepare(
        "SELECT f.file_id, f.path, r.run_id, r.version FROM file f JOIN run r ON r.run_id = coalesce(
            (SELECT max(s.run_id) FROM standing s JOIN run u ON u.run_id = s.run_id
                WHERE s.file_id = f.file_id AND u.state <> 'undone'), f.run_id)
         WHERE f.state = 'current' ORDER BY f.file_id",
    )?;
    let mut sheets = connection.prepare("SELECT settings FROM sheet WHERE file_id = ?1 AND rows_read > 0")?;
    let mut rows = query.query([])?;
    let mut files = Vec::new();
    while let Some(row) = rows.next()? {
        let file_id = row.get(0)?;
        let settings = sheets.query_map([file_id], |row| row.get::<_, String>(0))?;
        let settings: Vec<String> = settings.collect::<rusqlite::Result<_>>()?;
        files.push(StandingFile {
            file_id,
            path: row.get(1)?,
            standing: row.get(2)?,
            version: row.get(3)?,
            is_whole: settings.iter().all(|settings| json::settings_are_whole(settings)),
        });
    }
    Ok(files)
}

/// What is known of sheets, each read once.
#[derive(Default)]
pub(crate) struct Ledgers(HashMap<i64, SheetTables>);

/// A sheet's file, where that is present, and its tables, each with its first row.
struct SheetTables {
    file: Option<i64>,
    tables: Vec<(u32, Arc<Ledger>)>,
}

impl Ledgers {
    /// The table that a row of a sheet was read by: the last one that begins at or above it.
    pub fn of(&mut self, connection: &Connection, sheet_id: i64, row: u32) -> rusqlite::Result<Arc<Ledger>> {
        let tables = &self.sheet(connection, sheet_id)?.tables;
        let at = tables.partition_point(|(first, _)| *first <= row).saturating_sub(1);
        Ok(Arc::clone(&tables[at].1))
    }

    fn sheet(&mut self, connection: &Connection, sheet_id: i64) -> rusqlite::Result<&SheetTables> {
        Ok(match self.0.entry(sheet_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(tables(connection, sheet_id)?),
        })
    }
}

fn tables(connection: &Connection, sheet_id: i64) -> rusqlite::Result<SheetTables> {
    let owner = Owner::Sheet(sheet_id);
    let (file, first) = connection
        .prepare_cached(
            "SELECT f.path, s.sheet, s.columns, s.settings, CASE f.state WHEN 'current' THEN f.file_id END
             FROM sheet s JOIN file f ON f.file_id = s.file_id WHERE s.sheet_id = ?1",
        )?
        .query_row([sheet_id], |row| {
            let ledger = Ledger {
                file: row.get(0)?,
                sheet: row.get(1)?,
                columns: json::columns_of(row.get_ref(2)?.as_str()?).of(connection, owner)?,
                settings: json::settings_of(row.get_ref(3)?.as_str()?).of(connection, owner)?,
            };
            Ok((row.get(4)?, ledger))
        })?;
    let later: Vec<(u32, String)> = connection
        .prepare_cached("SELECT row, columns FROM sheet_table WHERE sheet_id = ?1 ORDER BY row")?
        .query_map([sheet_id], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let later = later.into_iter().map(|(row, columns)| {
        let columns = json::columns_of(&columns).of(connection, owner)?;
        Ok((row, Arc::new(Ledger { columns, ..first.clone() })))
    });
    let later: Vec<_> = later.collect::<rusqlite::Result<_>>()?;
    Ok(SheetTables { file, tables: [(0, Arc::new(first))].into_iter().chain(later).collect() })
}

/// Reads stored rows; what they share is read once.
struct Reader<'a> {
    connection: &'a Connection,
    ledgers: Ledgers,
}

static AMENDED_ENTRY: LazyLock<String> = LazyLock::new(|| amendments_of("entry_id"));
static AMENDED_REJECT: LazyLock<String> = LazyLock::new(|| amendments_of("reject_id"));

fn amendments_of(column: &str) -> String {
    format!(
        "SELECT field, \"column\", cell FROM amendment a WHERE {column} = ?1 AND NOT EXISTS (SELECT 1
            FROM state_change c WHERE c.subject = 'amendment' AND c.subject_id = a.amendment_id)
         ORDER BY amendment_id"
    )
}

/// What persons said is to be read in place of a row's cells; of several words on one cell the last holds.
fn amended(connection: &Connection, id: StoredId) -> rusqlite::Result<Vec<Amended>> {
    let (sql, number, owner) = match id {
        StoredId::Entry(entry) => (&AMENDED_ENTRY, entry, Owner::Entry(entry)),
        StoredId::Reject(reject) => (&AMENDED_REJECT, reject, Owner::Reject(reject)),
    };
    let mut query = connection.prepare_cached(sql)?;
    let mut rows = query.query([number])?;
    let mut found: BTreeMap<(Option<Field>, usize), Text> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let field = damage::field(row.get_ref(0)?.as_str_or_null()?).of(connection, owner)?;
        let column = if field.is_some() { 0 } else { row.get::<_, u32>(1)? as usize };
        found.insert((field, column), row.get_ref(2)?.as_str()?.into());
    }
    let amended = |((field, column), text)| Amended { field, column, text };
    Ok(found.into_iter().map(amended).collect())
}

static ENTRY: LazyLock<String> =
    LazyLock::new(|| format!("SELECT e.entry_id, {} FROM entry e", *former::SELECTED));
/// The same, of one entry; and of one that no run took out.
static ENTRY_NUMBERED: LazyLock<String> = LazyLock::new(|| format!("{} WHERE e.entry_id = ?1", *ENTRY));
static NOT_WITHDRAWN: LazyLock<String> =
    LazyLock::new(|| format!("{} AND e.withdrawn IS NULL", *ENTRY_NUMBERED));
const REJECT: &str = "SELECT r.reject_id, r.sheet_id, r.row, r.cells, r.carried FROM reject r";

impl Reader<'_> {
    /// An entry; `None` where there is none of that number.
    pub fn entry(&mut self, entry: EntryId) -> rusqlite::Result<Option<StoredRow>> {
        let mut query = self.connection.prepare_cached(&ENTRY_NUMBERED)?;
        let mut rows = query.query([entry])?;
        rows.next()?.map(|row| self.read_entry(row, entry)).transpose()
    }

    /// An entry with its file; `None` where it is not present.
    pub fn present_entry(&mut self, entry: EntryId) -> rusqlite::Result<Option<(i64, StoredRow)>> {
        let mut query = self.connection.prepare_cached(&NOT_WITHDRAWN)?;
        let mut rows = query.query([entry])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let sheet = row.get(former::SHEET_AT)?;
        let Some(file) = self.ledgers.sheet(self.connection, sheet)?.file else { return Ok(None) };
        Ok(Some((file, self.read_entry(row, entry)?)))
    }

    /// A refused row; `None` where there is none of that number, or where a whole file or sheet was refused.
    pub fn reject(&mut self, reject: i64) -> rusqlite::Result<Option<StoredRow>> {
        let sql = format!("{REJECT} WHERE r.reject_id = ?1 AND r.row IS NOT NULL");
        let mut query = self.connection.prepare_cached(&sql)?;
        let mut rows = query.query([reject])?;
        rows.next()?.map(|row| self.read_reject(row, reject)).transpose()
    }

    /// Visits the present entries of a file in the order of their numbers.
    pub fn entries_of(&mut self, file_id: i64, mut visit: impl FnMut(StoredRow)) -> rusqlite::Result<()> {
        let mut query = self.connection.prepare_cached(&format!(
            "{} JOIN sheet s ON s.sheet_id = e.sheet_id
             WHERE s.file_id = ?1 AND e.withdrawn IS NULL ORDER BY e.entry_id",
            *ENTRY
        ))?;
        let mut rows = query.query([file_id])?;
        while let Some(row) = rows.next()? {
            visit(self.read_entry(row, row.get(0)?)?);
        }
        Ok(())
    }

    /// The open refused rows of a file, in the order of their numbers.
    pub fn open_rejects_of(&self, file_id: i64) -> rusqlite::Result<Vec<i64>> {
        self.connection
            .prepare_cached(
                "SELECT reject_id FROM reject WHERE file_id = ?1 AND row IS NOT NULL AND state = 'open'
                 ORDER BY reject_id",
            )?
            .query_map([file_id], |row| row.get(0))?
            .collect()
    }

    fn read_entry(&mut self, row: &Row<'_>, entry: EntryId) -> rusqlite::Result<StoredRow> {
        let statement = Statement::of_row(self.connection, (row, 1), entry)?;
        let ((at, _), sheet_id) = (statement.row_and_completeness(), statement.number("sheet_id"));
        let owner = Owner::Entry(entry);
        let carried = statement.column("carried").map(json::carried_of).transpose();
        Ok(StoredRow {
            id: StoredId::Entry(entry),
            source: Source {
                ledger: self.ledgers.of(self.connection, sheet_id.unwrap_or_default(), at)?,
                row: at,
            },
            cells: json::cells_of(statement.column("cells").unwrap_or_default())
                .of(self.connection, owner)?,
            carried: carried.of(self.connection, owner)?.unwrap_or_default(),
            amended: amended(self.connection, StoredId::Entry(entry))?,
            findings: Vec::new(),
            stated: Some(Stated(statement)),
        })
    }

    fn read_reject(&mut self, row: &Row<'_>, reject: i64) -> rusqlite::Result<StoredRow> {
        let (sheet_id, at): (i64, u32) = (row.get(1)?, row.get(2)?);
        let carried = row.get_ref(4)?.as_str_or_null()?.map(json::carried_of).transpose();
        Ok(StoredRow {
            id: StoredId::Reject(reject),
            source: Source { ledger: self.ledgers.of(self.connection, sheet_id, at)?, row: at },
            cells: refusal::cells_of(self.connection, reject, row.get_ref(3)?.as_str_or_null()?)?,
            carried: carried.of(self.connection, Owner::Reject(reject))?.unwrap_or_default(),
            amended: amended(self.connection, StoredId::Reject(reject))?,
            findings: refusal::findings(self.connection, reject)?,
            stated: None,
        })
    }
}

/// The file of an entry, where it is present.
fn file_of(connection: &Connection, entry: EntryId) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT f.file_id FROM entry e JOIN sheet s ON s.sheet_id = e.sheet_id
             JOIN file f ON f.file_id = s.file_id
             WHERE e.entry_id = ?1 AND e.withdrawn IS NULL AND f.state = 'current'",
        )?
        .query_row(params![entry], |row| row.get(0))
        .optional()
}
