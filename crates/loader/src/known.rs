//! A present ledger as its registry keeps it, row by row: what it is read again from, and what became of each row.

use std::collections::BTreeMap;
use std::sync::Arc;

use matricule_record::{Cells, EntryId, FileFacts, Finding, Ledger, Settings, SkipClass, Text};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::damage::{self, Damage, Kept as _, Owner};
use crate::entry;
use crate::stored::{FieldChange, Ledgers, Stored};
use crate::{Load, Result, json, refusal};

/// A present ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoredFile {
    /// Its number.
    pub file_id: i64,
    /// The run that loaded it.
    pub run_id: i64,
    /// What is known of the file, its profile included.
    pub facts: FileFacts,
    /// Its sheets.
    pub sheets: Vec<StoredSheet>,
}

/// A sheet of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoredSheet {
    /// Its name.
    pub name: Arc<str>,
    /// Whether a table was found in it.
    pub has_table: bool,
    /// How its rows are read.
    pub settings: Settings,
    /// Whether the registry keeps everything that its rows were read by.
    pub is_whole: bool,
    /// Why it was not read, where it was not.
    pub refused: Option<Finding>,
    /// Its rows that hold a value, in their order.
    pub rows: Vec<SheetRowKept>,
}

/// A row of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetRowKept {
    /// Its number.
    pub row: u32,
    /// Its cells.
    pub cells: Cells,
    /// Values that stand elsewhere.
    pub carried: Vec<(usize, Text)>,
    /// The table that it was read by.
    pub ledger: Arc<Ledger>,
    /// What became of it.
    pub became: Became,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Became {
    /// An entry.
    Entry {
        /// Its number.
        entry: EntryId,
        /// Its converted serial; empty where it has none.
        serial: String,
        /// The serial in canonical form.
        canonical: String,
    },
    /// It is refused, and open or waived.
    Refused {
        /// Its number among the refused rows.
        reject: i64,
        /// What is wrong with it.
        findings: Vec<Finding>,
    },
    /// It is no record.
    Skipped(SkipClass),
}

impl Stored<'_> {
    /// The present ledger under a path; `None` where there is none.
    pub fn ledger(&self, path: &str) -> Result<Option<StoredFile>> {
        let last = "SELECT max(file_id) FROM file WHERE path = ?1 AND state = 'current'";
        let number = self.connection().query_row(last, [path], |row| row.get::<_, Option<i64>>(0));
        self.at(number)?.map_or(Ok(None), |number| self.ledger_numbered(number))
    }

    /// The present ledger of a number; `None` where there is none.
    pub fn ledger_numbered(&self, file: i64) -> Result<Option<StoredFile>> {
        self.at(ledger(self.connection(), file))
    }

    /// The text of the profile that the present ledger under a path was read by; `None` where there is none.
    pub fn profile_of(&self, path: &str) -> Result<Option<String>> {
        let sql = "SELECT p.content FROM file f JOIN profile p ON p.digest = f.profile
            WHERE f.path = ?1 AND f.state = 'current' ORDER BY f.file_id DESC LIMIT 1";
        self.at(self.connection().query_row(sql, [path], |row| row.get(0)).optional())
    }
}

impl Load {
    /// What this run changed so far in entries, column by column.
    pub fn changes(&self) -> Result<BTreeMap<EntryId, Vec<FieldChange>>> {
        self.at(changes(self.connection(), self.run_id()))
    }
}

fn changes(connection: &Connection, run: i64) -> rusqlite::Result<BTreeMap<EntryId, Vec<FieldChange>>> {
    let sql = "SELECT c.entry_id, c.field, coalesce(c.before, ''), coalesce(c.after, '') FROM change c
        WHERE c.run_id = ?1 AND c.entry_id IN (SELECT entry_id FROM former WHERE run_id = ?1) ORDER BY c.change_id";
    let mut query = connection.prepare(sql)?;
    let mut rows = query.query([run])?;
    let mut changes: BTreeMap<EntryId, Vec<FieldChange>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let name = row.get_ref(1)?.as_str()?;
        let others = ["markings", "events", "completeness"];
        let field = entry::text_columns().chain(others).find(|known| *known == name);
        let field = field.ok_or_else(|| Damage::unknown("field", name));
        let field = field.of(connection, Owner::Entry(row.get(0)?))?;
        let change = FieldChange { field, before: row.get(2)?, after: row.get(3)? };
        changes.entry(row.get(0)?).or_default().push(change);
    }
    Ok(changes)
}

const FILES: &str = "SELECT f.file_id, f.run_id, f.path, f.sha256, f.bytes, f.format, f.encoding, f.dialect,
        f.language, f.reading, f.register, p.content
    FROM file f LEFT JOIN profile p ON p.digest = f.profile WHERE";

/// The present ledgers, in the order of their numbers.
pub(crate) fn ledgers(connection: &Connection) -> rusqlite::Result<Vec<(i64, FileFacts)>> {
    files_where(connection, "f.state = 'current'")
}

/// The files of which something holds, in the order of their numbers.
pub(crate) fn files_where(connection: &Connection, holds: &str) -> rusqlite::Result<Vec<(i64, FileFacts)>> {
    let sql = format!("{FILES} {holds} ORDER BY f.file_id");
    let facts = |row: &Row<'_>| read_file(connection, row).map(|file| (file.file_id, file.facts));
    connection.prepare(&sql)?.query_map([], facts)?.collect()
}

fn ledger(connection: &Connection, file: i64) -> rusqlite::Result<Option<StoredFile>> {
    let sql = format!("{FILES} f.file_id = ?1 AND f.state = 'current'");
    let found = connection.query_row(&sql, [file], |row| read_file(connection, row)).optional()?;
    let Some(mut found) = found else { return Ok(None) };
    let ids = read_sheets(connection, &mut found)?;
    read_rows(connection, &ids, &mut found)?;
    Ok(Some(found))
}

fn read_file(connection: &Connection, row: &Row<'_>) -> rusqlite::Result<StoredFile> {
    let text = |at: usize| -> rusqlite::Result<Text> { Ok(row.get_ref(at)?.as_str()?.into()) };
    let known = |at: usize| -> rusqlite::Result<Option<Text>> {
        Ok(row.get_ref(at)?.as_str_or_null()?.map(Text::from))
    };
    let facts = FileFacts {
        path: row.get::<_, String>(2)?.into(),
        sha256: text(3)?,
        bytes: row.get::<_, i64>(4)?.cast_unsigned(),
        format: text(5)?,
        encoding: known(6)?,
        dialect: known(7)?,
        language: known(8)?,
        reading: damage::reading(row.get_ref(9)?.as_str_or_null()?)
            .of(connection, Owner::File(row.get(0)?))?,
        register: known(10)?,
        profile: row.get::<_, Option<String>>(11)?.map(Into::into),
    };
    Ok(StoredFile { file_id: row.get(0)?, run_id: row.get(1)?, facts, sheets: Vec::new() })
}

/// Reads the sheets of a file, and returns where each stands among them.
fn read_sheets(connection: &Connection, file: &mut StoredFile) -> rusqlite::Result<BTreeMap<i64, usize>> {
    let mut ids = BTreeMap::new();
    let mut query = connection.prepare(
        "SELECT s.sheet_id, s.sheet, s.columns, s.settings,
            (SELECT min(r.reject_id) FROM reject r WHERE r.sheet_id = s.sheet_id AND r.row IS NULL)
         FROM sheet s WHERE s.file_id = ?1 ORDER BY s.sheet_id",
    )?;
    let mut rows = query.query([file.file_id])?;
    while let Some(row) = rows.next()? {
        ids.insert(row.get(0)?, file.sheets.len());
        let settings = row.get_ref(3)?.as_str()?;
        let refused: Option<i64> = row.get(4)?;
        let findings = refused.map(|reject| refusal::findings(connection, reject)).transpose()?;
        file.sheets.push(StoredSheet {
            name: row.get::<_, String>(1)?.into(),
            has_table: row.get_ref(2)?.as_str()? != "[]",
            settings: json::settings_of(settings).of(connection, Owner::Sheet(row.get(0)?))?,
            is_whole: json::settings_are_whole(settings),
            refused: findings.and_then(|findings| findings.into_iter().next()),
            rows: Vec::new(),
        });
    }
    Ok(ids)
}

/// Entries, refused rows that nothing took the place of, and rows that are no record.
const ROWS: &str = "
    SELECT e.sheet_id, e.row, e.cells, e.carried, 'entry', e.entry_id, coalesce(e.serial, ''),
        coalesce(e.serial_canonical, '')
    FROM entry e WHERE e.withdrawn IS NULL AND e.sheet_id IN (SELECT sheet_id FROM sheet WHERE file_id = ?1)
    UNION ALL SELECT r.sheet_id, r.row, coalesce(r.cells, '[]'), r.carried, 'reject', r.reject_id, '', ''
    FROM reject r WHERE r.file_id = ?1 AND r.row IS NOT NULL AND r.state IN ('open', 'waived')
    UNION ALL SELECT k.sheet_id, k.row, k.cells, NULL, 'skipped', 0, k.class, ''
    FROM skipped_row k WHERE k.sheet_id IN (SELECT sheet_id FROM sheet WHERE file_id = ?1)
    ORDER BY 1, 2";

fn read_rows(
    connection: &Connection,
    ids: &BTreeMap<i64, usize>,
    file: &mut StoredFile,
) -> rusqlite::Result<()> {
    let mut ledgers = Ledgers::default();
    let mut query = connection.prepare(ROWS)?;
    let mut rows = query.query(params![file.file_id])?;
    while let Some(row) = rows.next()? {
        let (sheet_id, at): (i64, u32) = (row.get(0)?, row.get(1)?);
        let Some(sheet) = ids.get(&sheet_id).map(|&at| &mut file.sheets[at]) else { continue };
        let became = match row.get_ref(4)?.as_str()? {
            "entry" => Became::Entry { entry: row.get(5)?, serial: row.get(6)?, canonical: row.get(7)? },
            "reject" => {
                let reject = row.get(5)?;
                Became::Refused { reject, findings: refusal::findings(connection, reject)? }
            }
            _ => {
                let class = damage::class(row.get_ref(6)?.as_str()?);
                Became::Skipped(class.of(connection, Owner::Row(sheet_id, at))?)
            }
        };
        let owner = Owner::Row(sheet_id, at);
        let carried = row.get_ref(3)?.as_str_or_null()?.map(json::carried_of).transpose();
        sheet.rows.push(SheetRowKept {
            row: at,
            cells: json::cells_of(row.get_ref(2)?.as_str()?).of(connection, owner)?,
            carried: carried.of(connection, owner)?.unwrap_or_default(),
            ledger: ledgers.of(connection, sheet_id, at)?,
            became,
        });
    }
    Ok(())
}
