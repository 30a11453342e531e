//! What a registry holds at present, in numbers: every file and sheet with what became of its rows since, the
//! tables that converted its serials, its pairs and contradictions.

use matricule_record::{EntryId, Field, FileFacts, Flag, Reading, SheetFacts, Text};
use rusqlite::{Connection, Row};

use crate::damage::{self, Kept as _, Owner};
use crate::decision;
use crate::merge::STANDS;
use crate::{Result, Stored, json};

/// A file of a registry that no later version replaced.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PresentFile {
    /// What is known about it.
    pub facts: FileFacts,
    /// Whether nothing of it was loaded.
    pub is_failed: bool,
    /// Its sheets, with what became of their rows, later runs included.
    pub sheets: Vec<SheetFacts>,
}

/// Present entries whose serials one table converted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PresentReading {
    /// ISO 15924 code.
    pub script: Text,
    /// Id of the table.
    pub table: String,
    /// By sound or by look.
    pub reading: Reading,
    /// ISO 639-1 code of their ledgers; `None` where it is not known.
    pub language: Option<Text>,
    /// How many.
    pub serials: u64,
}

/// What a report counts of a present entry.
#[derive(Clone, Debug)]
pub struct PresentEntry<'a> {
    /// Its number.
    pub entry: EntryId,
    /// Path of its ledger.
    pub file: &'a str,
    /// Empty where none is named.
    pub register: &'a str,
    /// Year or range of years; empty where it is not known.
    pub year_of_manufacture: &'a str,
    /// Share of what the content asks for that it says.
    pub completeness: f64,
    /// The fields that it states; a serial that is a phrase states that there is none.
    pub fields: Vec<Field>,
    /// Its warnings.
    pub flags: Vec<Flag>,
}

/// Pairs and contradictions of a registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PresentLinks {
    /// Pairs that describe one weapon.
    pub merged: u64,
    /// Pairs that wait for a decision, by kind.
    pub review: Vec<(String, u64)>,
    /// Contradictions that nobody decided on.
    pub conflicts: u64,
    /// Contradictions between entries that are hardly one weapon.
    pub repeated_serials: u64,
    /// Decisions that wait, because an entry names another weapon now.
    pub on_hold: u64,
}

impl Stored<'_> {
    /// The present files, and those that could not be read, in the order of their paths.
    pub fn present_files(&self) -> Result<Vec<PresentFile>> {
        self.at(files(self.connection))
    }

    /// Each present entry with what a report counts of it, file by file as [`Stored::present_files`] orders them.
    pub fn present_entries(&self, mut visit: impl FnMut(&PresentEntry<'_>)) -> Result<()> {
        self.at(entries(self.connection, &mut visit))
    }

    /// The tables that converted the serials of present entries.
    pub fn present_readings(&self) -> Result<Vec<PresentReading>> {
        self.at(readings(self.connection))
    }

    /// Refused rows of present files that a person waived.
    pub fn waived_rows(&self) -> Result<u64> {
        let sql = "SELECT count(DISTINCT r.reject_id) FROM v_reject r JOIN v_file f USING (file_id)
             WHERE r.state = 'waived' AND f.state = 'current'";
        self.at(self.connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned))
    }

    /// The pairs and contradictions, counted.
    pub fn present_links(&self) -> Result<PresentLinks> {
        self.at(links(self.connection))
    }
}

fn files(connection: &Connection) -> rusqlite::Result<Vec<PresentFile>> {
    let sql = format!(
        "SELECT f.* FROM v_file f WHERE f.state = 'current' OR (f.state = 'failed' AND {STANDS})
         ORDER BY f.path, f.file_id"
    );
    let mut query = connection.prepare(&sql)?;
    let mut rows = query.query([])?;
    let mut files = Vec::new();
    while let Some(row) = rows.next()? {
        let file = row.get("file_id")?;
        let sheets = connection
            .prepare_cached("SELECT * FROM v_sheet WHERE file_id = ?1 ORDER BY sheet")?
            .query_map([file], |row| sheet(connection, file, row))?
            .collect::<rusqlite::Result<_>>()?;
        let is_failed = row.get_ref("state")?.as_str()? == "failed";
        files.push(PresentFile { facts: facts(connection, file, row)?, is_failed, sheets });
    }
    Ok(files)
}

fn entries(connection: &Connection, visit: &mut dyn FnMut(&PresentEntry<'_>)) -> rusqlite::Result<()> {
    let stated: Vec<String> = Field::ALL.iter().map(|field| format!("\"{field}\" IS NOT NULL")).collect();
    let sql = format!(
        "SELECT file, register, year_of_manufacture, completeness, no_serial IS NOT NULL, entry_id, flags, {}
         FROM v_entry ORDER BY file, file_id, entry_id",
        stated.join(", ")
    );
    let mut query = connection.prepare(&sql)?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let text =
            |at: usize| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str_or_null()?.unwrap_or_default());
        let has_no_serial: bool = row.get(4)?;
        let is_stated = |(at, field): &(usize, Field)| {
            Ok::<_, rusqlite::Error>(
                row.get::<_, bool>(7 + at)? || (*field == Field::Serial && has_no_serial),
            )
        };
        let mut fields = Vec::new();
        for numbered in Field::ALL.iter().copied().enumerate() {
            if is_stated(&numbered)? {
                fields.push(numbered.1);
            }
        }
        visit(&PresentEntry {
            entry: row.get(5)?,
            flags: damage::flags(text(6)?).of(connection, Owner::Entry(row.get(5)?))?,
            file: text(0)?,
            register: text(1)?,
            year_of_manufacture: text(2)?,
            completeness: row.get(3)?,
            fields,
        });
    }
    Ok(())
}

fn facts(connection: &Connection, file: i64, row: &Row<'_>) -> rusqlite::Result<FileFacts> {
    let text = |name| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(name)?.map(Text::from));
    Ok(FileFacts {
        path: row.get("path")?,
        sha256: text("sha256")?.unwrap_or_default(),
        bytes: row.get::<_, i64>("bytes")?.cast_unsigned(),
        format: text("format")?.unwrap_or_default(),
        encoding: text("encoding")?,
        dialect: text("dialect")?,
        language: text("language")?,
        reading: damage::reading(row.get_ref("reading")?.as_str_or_null()?)
            .of(connection, Owner::File(file))?,
        register: text("register")?,
        profile: None,
    })
}

fn sheet(connection: &Connection, file: i64, row: &Row<'_>) -> rusqlite::Result<SheetFacts> {
    let count = |name| row.get::<_, i64>(name).map(i64::cast_unsigned);
    Ok(SheetFacts {
        sheet: row.get("sheet")?,
        rows_read: count("rows_read")?,
        rows_loaded: count("rows_loaded")?,
        rows_rejected: count("rows_rejected")?,
        skipped: json::skipped_of(row.get_ref("skipped")?.as_str()?).of(connection, Owner::File(file))?,
    })
}

fn readings(connection: &Connection) -> rusqlite::Result<Vec<PresentReading>> {
    let found = |row: &Row<'_>| {
        Ok(PresentReading {
            script: row.get::<_, String>(0)?.into(),
            table: row.get(1)?,
            reading: damage::reading(row.get_ref(2)?.as_str_or_null()?)
                .of(connection, Owner::Entry(row.get(5)?))?,
            language: row.get::<_, Option<String>>(3)?.map(Text::from),
            serials: row.get::<_, i64>(4)?.cast_unsigned(),
        })
    };
    connection
        .prepare(
            "SELECT e.serial_script, e.serial_table, e.serial_reading, f.language, count(*),
                min(e.entry_id)
             FROM v_entry e JOIN v_file f USING (file_id)
             WHERE e.serial_table IS NOT NULL AND e.serial_script IS NOT NULL
             GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        )?
        .query_map([], found)?
        .collect()
}

fn links(connection: &Connection) -> rusqlite::Result<PresentLinks> {
    let count = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).map(i64::cast_unsigned);
    let review = connection
        .prepare("SELECT kind, count(*) FROM v_duplicate WHERE state = 'review' GROUP BY kind ORDER BY kind")?
        .query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned())))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(PresentLinks {
        merged: count("SELECT count(*) FROM v_duplicate WHERE state = 'merged'")?,
        review,
        conflicts: count(
            "SELECT count(*) FROM v_conflict WHERE state = 'open' AND kind <> 'repeated_serial'",
        )?,
        repeated_serials: count(
            "SELECT count(*) FROM v_conflict WHERE state = 'open' AND kind = 'repeated_serial'",
        )?,
        on_hold: decision::waiting(connection)?,
    })
}
