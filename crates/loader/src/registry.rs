//! An existing registry, opened to be read.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use matricule_record::{Code, EntryFacts, EntryId, LinkMode, Resolution, Settings};
use rusqlite::{Connection, OptionalExtension, Row};

use crate::damage::{Kept as _, Owner};
use crate::find::{self, FindQuery, Found};
use crate::stored::Stored;
use crate::totals::RowCounts;
use crate::{Derived, Error, Result, access, json, refusal, resolution, schema, substring};

/// How long a reader or writer waits for a lock before it gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

/// A registry opened read-only. Readers see the state of the last published run, also while
/// another run is being loaded.
#[derive(Debug)]
pub struct Registry {
    connection: Connection,
    path: PathBuf,
}

/// A file that is already in the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedFile {
    /// The run that loaded it.
    pub run_id: i64,
    /// Its number.
    pub file_id: i64,
    /// Its path, relative to the argument it came from.
    pub path: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Whether rows or sheets of it were refused.
    pub has_rejects: bool,
}

/// A run, as `v_run` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// Its number.
    pub run_id: i64,
    /// When it started, RFC 3339 in UTC.
    pub started_at: String,
    /// When it was published.
    pub finished_at: Option<String>,
    /// `published` or `undone`.
    pub state: String,
    /// The command line.
    pub command: String,
    /// Who ran it.
    pub operator: Option<String>,
    /// Version of the program.
    pub version: String,
    /// Script tables used: JSON object of id and digest.
    pub tables: String,
    /// Ledger profiles used: JSON object of file path and digest.
    pub profiles: String,
    /// What became of its rows.
    pub rows: RowCounts,
}

/// A converted serial with what decided its conversion.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredSerial {
    /// Its entry.
    pub entry_id: i64,
    /// Path of its file.
    pub file: String,
    /// Its sheet; empty for a CSV.
    pub sheet: String,
    /// Its row, from 1.
    pub row: u32,
    /// What was converted.
    pub written: String,
    /// What it became.
    pub converted: String,
    /// The run that loaded it.
    pub run_id: i64,
    /// The table that converted it.
    pub table: String,
    /// The settings of its ledger, as far as they decide.
    pub settings: Arc<Settings>,
}

impl Registry {
    /// Opens the registry at `path`.
    ///
    /// Fails where there is none, where the file is something else, and where a newer version of
    /// the program made it (L704).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        access::require_file(&path)?;
        let connection = access::read_only(&path).map_err(|error| Error::reading(&path, error))?;
        schema::check(&connection, &path)?;
        Ok(Self { connection, path })
    }

    /// The file with this digest, where one is loaded and current.
    pub fn loaded(&self, sha256: &str) -> Result<Option<LoadedFile>> {
        self.at(loaded(&self.connection, sha256))
    }

    /// The current file of this path, whatever its digest.
    pub fn loaded_path(&self, path: &str) -> Result<Option<LoadedFile>> {
        self.at(loaded_path(&self.connection, path))
    }

    /// Why the file of this path and digest was refused when it was last tried; empty where it was
    /// not refused. A file whose bytes could not be read has an empty digest.
    pub fn failed(&self, path: &str, sha256: &str) -> Result<Vec<Code>> {
        self.at(refusal::failed(&self.connection, path, sha256))
    }

    /// All runs, the newest last.
    pub fn runs(&self) -> Result<Vec<RunRow>> {
        self.at(runs(&self.connection))
    }

    /// Entries with one of these serials, the surest matches first.
    ///
    /// Fails where parts of serials are asked for and there is no index of them.
    pub fn find(&self, query: &FindQuery) -> Result<Found> {
        self.require_current()?;
        if query.substring && !self.at(substring::exists(&self.connection))? {
            return Err(Error::NoSubstringIndex { path: self.path.clone() });
        }
        self.at(find::find(&self.connection, query))
    }

    /// Visits the present entries as deduplication sees them, in the order of their numbers.
    pub fn facts(&self, visitor: impl FnMut(EntryFacts)) -> Result<()> {
        self.at(resolution::visit(&self.connection, i64::MAX, visitor))
    }

    /// The facts of entries, in the order asked.
    pub fn facts_of(&self, entries: &[EntryId]) -> Result<Vec<EntryFacts>> {
        self.at(resolution::facts(&self.connection, entries))
    }

    /// Which links the last run looked for; `None` where none is known to have looked for any.
    pub fn link_mode(&self) -> Result<Option<LinkMode>> {
        self.at(resolution::mode(&self.connection))
    }

    /// Whether what the tables hold as derived is what a resolution of all entries concludes.
    pub fn holds(&self, resolution: &Resolution) -> Result<Derived> {
        let held = self.at(resolution::derived(&self.connection))?;
        Ok(resolution::compared(&held, &resolution::lines(resolution)))
    }

    /// Visits the converted serials of all present entries, in the order of their numbers. One that is damaged is an
    /// error of its own.
    pub fn serials(&self, mut visit: impl FnMut(Result<StoredSerial>)) -> Result<()> {
        self.require_current()?;
        self.at(serials(&self.connection, |serial| visit(self.at(serial))))
    }

    /// Fails where an older version of the program made the registry: what it lacks cannot be asked, and
    /// a reader does not write.
    pub(crate) fn require_current(&self) -> Result<()> {
        if self.is_current()? { Ok(()) } else { Err(Error::Older { path: self.path.clone() }) }
    }

    /// Whether this version of the program, or a newer one, made the registry or brought it up to date.
    pub fn is_current(&self) -> Result<bool> {
        let found: i64 =
            self.at(self.connection.pragma_query_value(None, "user_version", |row| row.get(0)))?;
        Ok(found >= schema::VERSION)
    }

    /// What the registry holds.
    pub fn stored(&self) -> Result<Stored<'_>> {
        self.require_current()?;
        Ok(Stored::new(&self.connection, &self.path))
    }

    /// Where it stands.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn at<T>(&self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|error| Error::reading(&self.path, error))
    }
}

/// See [`Registry::loaded`]; a file that could not be read has no digest and matches none.
pub(crate) fn loaded(connection: &Connection, sha256: &str) -> rusqlite::Result<Option<LoadedFile>> {
    loaded_where(connection, "sha256 = ?1 AND sha256 <> ''", sha256)
}

/// See [`Registry::loaded_path`].
pub(crate) fn loaded_path(connection: &Connection, path: &str) -> rusqlite::Result<Option<LoadedFile>> {
    loaded_where(connection, "path = ?1", path)
}

fn loaded_where(connection: &Connection, condition: &str, key: &str) -> rusqlite::Result<Option<LoadedFile>> {
    connection
        .prepare_cached(&format!(
            "SELECT run_id, file_id, path, sha256,
                EXISTS (SELECT 1 FROM reject r WHERE r.file_id = file.file_id) AS has_rejects FROM file
             WHERE {condition} AND state = 'current' ORDER BY file_id DESC LIMIT 1"
        ))?
        .query_row([key], |row| {
            Ok(LoadedFile {
                run_id: row.get("run_id")?,
                file_id: row.get("file_id")?,
                path: row.get("path")?,
                sha256: row.get("sha256")?,
                has_rejects: row.get("has_rejects")?,
            })
        })
        .optional()
}

fn runs(connection: &Connection) -> rusqlite::Result<Vec<RunRow>> {
    connection.prepare("SELECT * FROM v_run ORDER BY run_id")?.query_map([], read_run)?.collect()
}

fn read_run(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    Ok(RunRow {
        run_id: row.get("run_id")?,
        started_at: row.get("started_at")?,
        finished_at: row.get("finished_at")?,
        state: row.get("state")?,
        command: row.get("command")?,
        operator: row.get("operator")?,
        version: row.get("version")?,
        tables: row.get("tables")?,
        profiles: row.get("profiles")?,
        rows: RowCounts::read(row)?,
    })
}

fn serials(
    connection: &Connection,
    mut visit: impl FnMut(rusqlite::Result<StoredSerial>),
) -> rusqlite::Result<()> {
    let mut query = connection.prepare(
        "SELECT e.entry_id, f.path, s.sheet, e.row, coalesce(e.serial_written, e.serial_original), e.serial,
            s.sheet_id, s.settings, coalesce(e.stated_by, e.run_id, f.run_id), coalesce(e.serial_table, '')
         FROM entry e JOIN sheet s ON s.sheet_id = e.sheet_id JOIN file f ON f.file_id = s.file_id
         WHERE e.serial IS NOT NULL AND e.withdrawn IS NULL AND f.state = 'current' ORDER BY e.entry_id",
    )?;
    let mut rows = query.query([])?;
    let mut last: Option<(i64, Arc<Settings>)> = None;
    while let Some(row) = rows.next()? {
        visit(read_serial(connection, row, &mut last));
    }
    Ok(())
}

/// A serial, with the settings of its sheet; those of the last one are read once.
fn read_serial(
    connection: &Connection,
    row: &Row<'_>,
    last: &mut Option<(i64, Arc<Settings>)>,
) -> rusqlite::Result<StoredSerial> {
    let sheet_id = row.get(6)?;
    let settings = match last {
        Some((known, settings)) if *known == sheet_id => Arc::clone(settings),
        _ => {
            Arc::new(json::settings_of(row.get_ref(7)?.as_str()?).of(connection, Owner::Entry(row.get(0)?))?)
        }
    };
    *last = Some((sheet_id, Arc::clone(&settings)));
    Ok(StoredSerial {
        entry_id: row.get(0)?,
        file: row.get(1)?,
        sheet: row.get(2)?,
        row: row.get(3)?,
        written: row.get(4)?,
        converted: row.get(5)?,
        run_id: row.get(8)?,
        table: row.get(9)?,
        settings,
    })
}
