//! Connections that write: how they are opened, and how they end.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::{Error, Result, access, key, schema};

/// Statements that a load keeps prepared; it has about a dozen.
const STATEMENTS: usize = 32;

/// A connection that writes. When it ends, whether what it wrote was committed or not, the registry becomes
/// one file again where no reader is in the way: one that can be copied and read from a read-only place.
#[derive(Debug)]
pub(crate) struct Live(pub(crate) Connection);

impl std::ops::Deref for Live {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if !self.is_autocommit() {
            let _ = self.execute_batch("ROLLBACK");
        }
        let path = self.path().filter(|path| !path.is_empty()).map(PathBuf::from);
        let _ = settle(&self.0);
        // Where the device failed in the midst of that, SQLite says nothing of it, and the failure may pass: once
        // more, by a connection that reads from the file how it stands, and has nothing to do where all went well.
        // Where it cannot be done, all is in the write-ahead log, and the next run does it.
        if let (Some(path), Ok(nothing)) = (path, Connection::open_in_memory()) {
            drop(std::mem::replace(&mut self.0, nothing));
            let _ = open(&path).and_then(|connection| settle(&connection));
        }
    }
}

/// Puts the write-ahead log into the registry and ends it, unless a reader is in the way.
fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::ZERO)?;
    connection.execute_batch("PRAGMA journal_mode = DELETE")
}

/// Settings of every load. Journal and fsync stay at SQLite's safe defaults, which were also
/// measured to be the fast ones. Temporary storage stays in files: in memory it would grow with the
/// number of rows. One helper thread sorts while an index is made: a third less time.
const SETTINGS: &str = "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;
    PRAGMA cache_size = -32768; PRAGMA threads = 1;";

/// A later run goes several times over the same pages, those of the rows that it concerns, which lie scattered: in
/// a cache that holds them (up to 192 MiB) they are read and written once.
const REVISION: &str = "PRAGMA cache_size = -196608";

/// Opens a database file for one writer.
pub(crate) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let connection = access::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    access::distrust_schema(&connection)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

/// Starts the one transaction of a first build. Entries are long rows (about 600 bytes): pages of
/// 16 KiB load and index them a fifth faster than the default 4 KiB. The size of encrypted pages has to be told
/// whenever a file is opened, and stays the default.
pub(crate) fn prepare_new(connection: Connection) -> rusqlite::Result<Connection> {
    if !key::is_set() {
        connection.execute_batch("PRAGMA page_size = 16384")?;
    }
    connection.execute_batch("BEGIN EXCLUSIVE")?;
    schema::migrate(&connection)?;
    Ok(connection)
}

/// Opens an existing registry and locks it against other writers; readers go on reading.
pub(crate) fn open_registry(path: &Path) -> Result<Live> {
    let at = |error| Error::sqlite(path, error);
    let connection = open(path).map_err(at)?;
    schema::check(&connection, path)?;
    let connection = Live(connection);
    connection.execute_batch("PRAGMA journal_mode = WAL").map_err(at)?;
    begin_revision(&connection).map_err(at)?;
    Ok(connection)
}

/// Copies a registry, as its readers see it, into a database without a name: SQLite takes its file away as soon as it
/// is open, so that nothing of it stays, whatever ends this process.
pub(crate) fn open_copy(path: &Path) -> Result<Live> {
    let reader = access::read_only(path).map_err(|error| Error::reading(path, error))?;
    schema::check(&reader, path)?;
    let copied = || -> rusqlite::Result<Live> {
        let mut connection = open(NAMELESS.as_ref())?;
        // All pages at once: the reader's lock is held no longer than that takes.
        if Backup::new(&reader, &mut connection)?.step(-1)? != StepResult::Done {
            return Err(busy());
        }
        let connection = Live(connection);
        begin_revision(&connection)?;
        Ok(connection)
    };
    copied().map_err(|error| not_copied(path, error))
}

/// What SQLite calls a database whose file has no name.
const NAMELESS: &str = "";

/// A new registry in such a database, to try the first build of the one at `path` in.
pub(crate) fn open_nameless(path: &Path) -> Result<Live> {
    let connection = open(NAMELESS.as_ref()).and_then(prepare_new);
    Ok(Live(connection.map_err(|error| not_copied(path, error))?))
}

fn not_copied(path: &Path, error: rusqlite::Error) -> Error {
    match Error::sqlite(path, error) {
        Error::NotWritable { path, reason } => Error::NotCopied { path, reason },
        other => other,
    }
}

fn busy() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None)
}

/// Begins a later run, in the present schema.
fn begin_revision(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(REVISION)?;
    connection.execute_batch("BEGIN IMMEDIATE")?;
    schema::migrate(connection)?;
    schema::index(connection)
}
