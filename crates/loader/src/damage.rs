//! What a registry keeps and this version does not understand is an error that names the row: something empty in its
//! place would be quietly wrong. Readers stop there; an audit lists all of it.

use std::fmt::Display;

use matricule_record::{Code, EntryId, Field, Flag, Reading, SkipClass, message};
use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, Row};

use crate::former::Statement;
use crate::{Registry, Result, json};

/// A text of a registry that is damaged, or that a newer version wrote.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Damage {
    /// The column of its table.
    column: &'static str,
    /// What is wrong with it.
    fault: String,
}

/// Whose a text is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner {
    /// An entry's.
    Entry(EntryId),
    /// A refused row's, or a refused file's.
    Reject(i64),
    /// A row's that is no record.
    Skipped(i64),
    /// That of a row of a sheet.
    Row(i64, u32),
    /// A sheet's.
    Sheet(i64),
    /// A file's.
    File(i64),
}

impl Damage {
    pub fn new(column: &'static str, fault: impl Display) -> Self {
        Self { column, fault: fault.to_string() }
    }

    /// A name that this version does not know.
    pub fn unknown(column: &'static str, name: &str) -> Self {
        Self::new(column, message!("damaged-unknown", name = name))
    }

    fn told(&self, connection: &Connection, owner: Owner) -> String {
        message!("damaged", place = owner.place(connection), column = self.column, fault = &self.fault)
    }
}

/// What is read of a registry, before it is said whose it is.
pub(crate) trait Kept<T> {
    /// The same, where what is damaged names the row.
    fn of(self, connection: &Connection, owner: Owner) -> rusqlite::Result<T>;
}

impl<T> Kept<T> for std::result::Result<T, Damage> {
    fn of(self, connection: &Connection, owner: Owner) -> rusqlite::Result<T> {
        self.map_err(|damage| {
            let told = damage.told(connection, owner);
            rusqlite::Error::FromSqlConversionFailure(0, Type::Text, told.into())
        })
    }
}

const OF_ROWS: &str = "JOIN sheet s ON s.sheet_id = t.sheet_id JOIN file f ON f.file_id = s.file_id WHERE";

impl Owner {
    /// Its address, `file!sheet!row`, as far as it has one.
    fn place(self, connection: &Connection) -> String {
        let (sql, number) = match self {
            Self::Entry(entry) => {
                (format!("SELECT f.path, s.sheet, t.row FROM entry t {OF_ROWS} t.entry_id = ?1"), entry)
            }
            Self::Skipped(skipped) => {
                let sql =
                    format!("SELECT f.path, s.sheet, t.row FROM skipped_row t {OF_ROWS} t.skipped_id = ?1");
                (sql, skipped)
            }
            Self::Reject(reject) => (
                "SELECT f.path, s.sheet, t.row FROM reject t JOIN file f ON f.file_id = t.file_id
                 LEFT JOIN sheet s ON s.sheet_id = t.sheet_id WHERE t.reject_id = ?1"
                    .to_owned(),
                reject,
            ),
            Self::Row(sheet, row) => {
                (format!("SELECT f.path, t.sheet, {row} FROM sheet t {OF_ROWS} t.sheet_id = ?1"), sheet)
            }
            Self::Sheet(sheet) => {
                (format!("SELECT f.path, t.sheet, NULL FROM sheet t {OF_ROWS} t.sheet_id = ?1"), sheet)
            }
            Self::File(file) => {
                ("SELECT f.path, NULL, NULL FROM file f WHERE f.file_id = ?1".to_owned(), file)
            }
        };
        let parts = |row: &Row<'_>| -> rusqlite::Result<[Option<String>; 3]> {
            let number: Option<i64> = row.get(2)?;
            Ok([row.get(0)?, row.get(1)?, number.map(|number| number.to_string())])
        };
        let found = connection.query_row(&sql, [number], parts);
        // Where the rows that say it are damaged, too, its number says which it is.
        found.map_or_else(
            |_| format!("{self:?}"),
            |parts| parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("!"),
        )
    }
}

/// A field by its name.
pub(crate) fn field(name: Option<&str>) -> std::result::Result<Option<Field>, Damage> {
    name.map(|name| Field::from_name(name).ok_or_else(|| Damage::unknown("field", name))).transpose()
}

/// A code by its name.
pub(crate) fn code(name: &str) -> std::result::Result<Code, Damage> {
    Code::from_name(name).ok_or_else(|| Damage::unknown("code", name))
}

/// By what serials are converted; by sound where nothing is said.
pub(crate) fn reading(name: Option<&str>) -> std::result::Result<Reading, Damage> {
    let known = |name| Reading::from_name(name).ok_or_else(|| Damage::unknown("reading", name));
    name.map_or_else(|| Ok(Reading::default()), known)
}

/// What a row is that is no record.
pub(crate) fn class(name: &str) -> std::result::Result<SkipClass, Damage> {
    SkipClass::from_name(name).ok_or_else(|| Damage::unknown("class", name))
}

/// The warnings of an entry.
pub(crate) fn flags(text: &str) -> std::result::Result<Vec<Flag>, Damage> {
    Flag::from_json(text).map_err(|error| Damage::new("flags", error))
}

/// Reads a text and says only whether it can be read.
type Reader = fn(&str) -> std::result::Result<(), Damage>;

/// What is kept as more than a plain text: a query of its owner and of texts that may be missing, and what reads each.
struct Texts {
    sql: &'static str,
    owner: fn(i64) -> Owner,
    readers: &'static [Reader],
}

const CELLS: Reader = |text| json::cells_of(text).map(drop);
const CARRIED: Reader = |text| json::carried_of(text).map(drop);
const COLUMNS: Reader = |text| json::columns_of(text).map(drop);
const SETTINGS: Reader = |text| json::settings_of(text).map(drop);
const SKIPPED: Reader = |text| json::skipped_of(text).map(drop);
const FIELD: Reader = |name| field(Some(name)).map(drop);

const ALL: [Texts; 10] = [
    Texts {
        sql: "SELECT file_id, skipped, reading FROM file",
        owner: Owner::File,
        readers: &[SKIPPED, |name| reading(Some(name)).map(drop)],
    },
    Texts {
        sql: "SELECT sheet_id, columns, settings, skipped FROM sheet",
        owner: Owner::Sheet,
        readers: &[COLUMNS, SETTINGS, SKIPPED],
    },
    Texts { sql: "SELECT sheet_id, columns FROM sheet_table", owner: Owner::Sheet, readers: &[COLUMNS] },
    Texts {
        sql: "SELECT entry_id, cells, carried, originals, romanized, extra, flags FROM entry",
        owner: Owner::Entry,
        readers: &[
            CELLS,
            CARRIED,
            |text| json::members_of("originals", text).map(drop),
            |text| json::members_of("romanized", text).map(drop),
            |text| json::members_of("extra", text).map(drop),
            |text| flags(text).map(drop),
        ],
    },
    Texts {
        sql: "SELECT entry_id, content FROM former",
        owner: Owner::Entry,
        readers: &[|text| Statement::read(text).map(drop)],
    },
    Texts {
        sql: "SELECT reject_id, cells, carried FROM reject",
        owner: Owner::Reject,
        readers: &[CELLS, CARRIED],
    },
    Texts {
        sql: "SELECT reject_id, code, field FROM finding",
        owner: Owner::Reject,
        readers: &[|name| code(name).map(drop), FIELD],
    },
    Texts {
        sql: "SELECT skipped_id, class, cells FROM skipped_row",
        owner: Owner::Skipped,
        readers: &[|name| class(name).map(drop), CELLS],
    },
    Texts {
        sql: "SELECT entry_id, field FROM amendment WHERE entry_id IS NOT NULL",
        owner: Owner::Entry,
        readers: &[FIELD],
    },
    Texts {
        sql: "SELECT reject_id, field FROM amendment WHERE reject_id IS NOT NULL",
        owner: Owner::Reject,
        readers: &[FIELD],
    },
];

impl Registry {
    /// Texts that this version does not understand, each with the address of its row; of more than so many, how many
    /// more there are.
    pub fn damaged(&self, most: usize) -> Result<Vec<String>> {
        self.require_current()?;
        self.at(damaged(self.connection(), most))
    }
}

fn damaged(connection: &Connection, most: usize) -> rusqlite::Result<Vec<String>> {
    let (mut found, mut others) = (Vec::new(), 0_u64);
    for texts in ALL {
        let mut query = connection.prepare(texts.sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            for (reader, at) in texts.readers.iter().zip(1..) {
                let Err(damage) = understood(row, at, *reader) else { continue };
                if found.len() < most {
                    found.push(damage.told(connection, (texts.owner)(row.get(0)?)));
                } else {
                    others += 1;
                }
            }
        }
    }
    if others > 0 {
        found.push(message!("and-more", number = others));
    }
    Ok(found)
}

fn understood(row: &Row<'_>, at: usize, reader: Reader) -> std::result::Result<(), Damage> {
    match row.get_ref(at) {
        Ok(ValueRef::Null) => Ok(()),
        Ok(value) => match value.as_str() {
            Ok(text) => reader(text),
            // What is no text any more.
            Err(_) => reader("\u{fffd}"),
        },
        Err(_) => reader("\u{fffd}"),
    }
}
