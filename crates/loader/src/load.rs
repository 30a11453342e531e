//! A run while it is loaded: the order of its steps, and that it is all in or not at all.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use matricule_record::{
    Cells, Code, EntryFacts, EntryId, FileFacts, Finding, Ledger, Reject, RejectedRow, Resolution,
    SheetFacts, SkipClass, StoredReject,
};
use rusqlite::{Connection, OpenFlags, params};

use crate::entry::PreparedEntry;
use crate::evidence::{self, Files};
use crate::partial::Partial;
use crate::place::{OpenFile, OpenSheet, Place, insert_file};
use crate::registry::{self, LoadedFile, PATIENCE};
use crate::stored::Stored;
use crate::totals::{self, RunTotals};
use crate::{
    Error, Manifest, RejectQuery, Result, entry, json, manifest, refusal, refused, resolution, schema,
};

/// Statements that a load keeps prepared; it has about a dozen.
const STATEMENTS: usize = 32;

/// A run that adds more entries than this, and than the share of those already there, is faster with
/// indexes made at its end.
const BULK_ENTRIES: i64 = 10_000;
const BULK_SHARE: i64 = 16;

/// A run being loaded, in one transaction. Nothing of it is visible to readers until
/// [`Load::publish`]; dropped before, it leaves nothing.
#[derive(Debug)]
pub struct Load {
    // Declared before `target`: it must be closed when a partial file is removed.
    connection: Connection,
    target: Target,
    path: PathBuf,
    run_id: i64,
    /// The number that the run's first entry gets.
    first_entry: EntryId,
    /// The entry from which on indexes are left to the end. A file that is taken back takes the
    /// numbers and the dropping back with it, so this needs no state.
    bulk_entry: EntryId,
    place: Place,
    /// What the rows of its files hash to.
    evidence: Files,
}

/// A published run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its number.
    pub run_id: i64,
    /// The head of the chain of evidence after it.
    pub chain: String,
}

/// Where the rows go.
#[derive(Debug)]
enum Target {
    /// A first build.
    Partial(Partial),
    /// An existing registry.
    Registry,
}

impl Load {
    /// Starts a run on the registry at `path`, which is made where there is none.
    ///
    /// A first build removes the partial files that crashed runs left beside `path`. An existing
    /// registry is brought to this version's schema and locked against other writers.
    ///
    /// Fails with L701 where another run is writing, L704 where a newer version made the registry,
    /// L705 where the place may not be written to; a file that is no registry is left untouched.
    pub fn begin(path: impl AsRef<Path>, manifest: &Manifest) -> Result<Self> {
        let path = path.as_ref().to_owned();
        let (connection, target) = if path.try_exists().map_err(|error| Error::io(&path, &error))? {
            (open_registry(&path)?, Target::Registry)
        } else {
            let partial = Partial::create(&path).map_err(|error| Error::io(&path, &error))?;
            let connection = open(partial.path()).and_then(prepare_new);
            (connection.map_err(|error| Error::sqlite(&path, error))?, Target::Partial(partial))
        };
        let started = start_run(&connection, manifest);
        let (run_id, first_entry) = started.map_err(|error| Error::sqlite(&path, error))?;
        let bulk_entry = first_entry + (first_entry / BULK_SHARE).max(BULK_ENTRIES);
        Ok(Self {
            connection,
            target,
            path,
            run_id,
            first_entry,
            bulk_entry,
            place: Place::Between,
            evidence: Files::new(),
        })
    }

    /// The number of this run.
    pub fn run_id(&self) -> i64 {
        self.run_id
    }

    /// The file with this digest, where one is loaded and current, files of this run included.
    pub fn loaded(&self, sha256: &str) -> Result<Option<LoadedFile>> {
        self.at(registry::loaded(&self.connection, sha256))
    }

    /// The current file of this path, whatever its digest, files of this run included.
    pub fn loaded_path(&self, path: &str) -> Result<Option<LoadedFile>> {
        self.at(registry::loaded_path(&self.connection, path))
    }

    /// Starts a file. Everything until [`Load::end_file`] can be taken back by [`Load::fail_file`].
    pub fn start_file(&mut self, facts: &FileFacts) -> Result<()> {
        let Place::Between = self.place else { return Err(self.place.out_of_order("start a file")) };
        self.at(self.connection.execute_batch("SAVEPOINT ledger"))?;
        let file = self.at(OpenFile::start(&self.connection, self.run_id, facts))?;
        self.place = Place::File(file);
        Ok(())
    }

    /// Starts a sheet of the open file.
    pub fn start_sheet(&mut self, ledger: &Arc<Ledger>) -> Result<()> {
        let Place::File(file) = &self.place else { return Err(self.place.out_of_order("start a sheet")) };
        let sheet = self.at(OpenSheet::start(&self.connection, file.file_id, ledger))?;
        if let Place::File(file) = std::mem::replace(&mut self.place, Place::Between) {
            self.place = Place::Sheet(file, sheet);
        }
        Ok(())
    }

    /// Writes a row of the open sheet as an entry and returns the entry's number.
    pub fn entry(&mut self, prepared: &PreparedEntry) -> Result<EntryId> {
        let (file, sheet) = self.place.sheet("load a row")?;
        let written = sheet
            .read_by(&self.connection, &prepared.ledger, prepared.row())
            .and_then(|()| entry::insert(&self.connection, sheet.sheet_id, prepared));
        file.evidence.entry(prepared.digest());
        sheet.loaded += 1;
        let entry = self.at(written)?;
        if entry == self.bulk_entry {
            self.at(schema::defer_indexes(&self.connection))?;
        }
        Ok(entry)
    }

    /// Writes a refused row of the open sheet.
    pub fn reject(&mut self, reject: &Reject) -> Result<()> {
        let (file, sheet) = self.place.sheet("refuse a row")?;
        let place = (file.file_id, sheet.sheet_id);
        let written = sheet
            .read_by(&self.connection, &reject.source.ledger, reject.source.row)
            .and_then(|()| refusal::insert(&self.connection, place, reject, &mut file.evidence));
        sheet.rejected += 1;
        self.at(written)?;
        Ok(())
    }

    /// Keeps a row of the open sheet that is no record but says something. Blank rows need no
    /// call: they are only counted.
    pub fn skip(&mut self, row: u32, class: SkipClass, cells: &Cells) -> Result<()> {
        let (file, sheet) = self.place.sheet("skip a row")?;
        let sheet_id = sheet.sheet_id;
        let mut text = String::new();
        json::cells(&mut text, cells);
        file.evidence.skip(row, class.name(), &text);
        let sql = "INSERT INTO skipped_row (sheet_id, row, class, cells) VALUES (?1, ?2, ?3, ?4)";
        let mut insert = self.at(self.connection.prepare_cached(sql))?;
        self.at(insert.execute(params![sheet_id, row, class.name(), text]))?;
        Ok(())
    }

    /// Ends the open sheet. Fails where its counts do not add up or are not what was written.
    pub fn end_sheet(&mut self, facts: &SheetFacts) -> Result<()> {
        let (file, sheet) = self.place.sheet("end a sheet")?;
        file.add(sheet, facts)?;
        let written = sheet.finish(&self.connection, facts);
        self.at(written)?;
        if let Place::Sheet(file, _) = std::mem::replace(&mut self.place, Place::Between) {
            self.place = Place::File(file);
        }
        Ok(())
    }

    /// Ends the open file, with the sums of its sheets.
    pub fn end_file(&mut self) -> Result<()> {
        let Place::File(file) = &self.place else { return Err(self.place.out_of_order("end a file")) };
        self.at(file.finish(&self.connection))?;
        self.at(self.connection.execute_batch("RELEASE ledger"))?;
        if let Place::File(file) = std::mem::replace(&mut self.place, Place::Between) {
            self.evidence.insert(file.file_id, file.evidence);
        }
        Ok(())
    }

    /// Gives a file up, started or not: it stays listed as failed, with its finding and without
    /// rows; all else that was written of it is gone and its numbers are used again.
    pub fn fail_file(&mut self, facts: &FileFacts, finding: &Finding) -> Result<()> {
        if !matches!(self.place, Place::Between) {
            self.at(self.connection.execute_batch("ROLLBACK TO ledger; RELEASE ledger"))?;
            self.place = Place::Between;
        }
        let file_id = self.at(insert_file(&self.connection, self.run_id, facts, "failed"))?;
        let evidence = self.evidence.entry(file_id).or_default();
        let written = refusal::insert_for_file(&self.connection, file_id, None, finding, evidence);
        self.at(written)
    }

    /// Refuses one sheet of the open file: it stays listed without rows, with its finding.
    pub fn sheet_finding(&mut self, sheet: &str, finding: &Finding) -> Result<()> {
        if !matches!(self.place, Place::File(_)) {
            return Err(self.place.out_of_order("refuse a sheet"));
        }
        let Place::File(file) = &mut self.place else { return Ok(()) };
        let ledger = Arc::new(Ledger { sheet: sheet.into(), ..Ledger::default() });
        let refused = OpenSheet::start(&self.connection, file.file_id, &ledger);
        let written = refused.and_then(|refused| {
            let (id, evidence) = (file.file_id, &mut file.evidence);
            refusal::insert_for_file(&self.connection, id, Some(refused.sheet_id), finding, evidence)
        });
        self.at(written)
    }

    /// See [`crate::Registry::failed`].
    pub fn failed(&self, path: &str, sha256: &str) -> Result<Vec<Code>> {
        self.at(refusal::failed(&self.connection, path, sha256))
    }

    /// Visits all present entries of earlier runs, in order of their numbers.
    pub fn existing(&self, visitor: impl FnMut(EntryFacts)) -> Result<()> {
        self.at(resolution::visit(&self.connection, self.first_entry, visitor))
    }

    /// Visits all present entries, those of this run included, in order of their numbers.
    pub fn present(&self, visitor: impl FnMut(EntryFacts)) -> Result<()> {
        self.at(resolution::visit(&self.connection, EntryId::MAX, visitor))
    }

    /// The facts of entries of this run or earlier ones, in the order asked.
    pub fn facts(&self, entries: &[EntryId]) -> Result<Vec<EntryFacts>> {
        self.at(resolution::facts(&self.connection, entries))
    }

    /// Records what all entries, of this run and earlier ones, describe; what an earlier run
    /// derived is replaced as a whole.
    pub fn resolve(&mut self, resolution: &Resolution) -> Result<()> {
        self.at(resolution::replace(&self.connection, resolution))
    }

    /// Visits what this run refused, in address order: files and sheets as loaded, then rows.
    pub fn rejects(&self, visitor: impl FnMut(RejectedRow)) -> Result<()> {
        self.at(refusal::visit(&self.connection, self.run_id, visitor))
    }

    /// The same with what a repair needs: the columns, the digests.
    pub fn refused(&self, visitor: impl FnMut(StoredReject)) -> Result<()> {
        let query = RejectQuery { run: Some(self.run_id), open_only: false };
        self.at(refused::visit(&self.connection, query, visitor))
    }

    /// What became of the rows of this run, of every file ended so far.
    pub fn totals(&self) -> Result<RunTotals> {
        self.at(totals::of_run(&self.connection, self.run_id))
    }

    /// Makes the run visible to readers, durably, and returns its number.
    ///
    /// A first build never replaces a file that appeared under the registry's name meanwhile.
    pub fn publish(mut self) -> Result<Published> {
        let Place::Between = self.place else { return Err(self.place.out_of_order("publish")) };
        self.at(manifest::finish(&self.connection, self.run_id))?;
        let chain = evidence::head_after(&self.connection, self.run_id, &mut self.evidence);
        let chain = self.at(chain)?;
        self.at(manifest::seal(&self.connection, self.run_id, &chain))?;
        self.at(schema::index(&self.connection))?;
        self.at(self.connection.execute_batch("COMMIT"))?;
        match self.target {
            Target::Registry => {
                // The run is published. Where no reader is in the way, the registry becomes one
                // file again, which can be copied and read from a read-only place.
                let _ = self.connection.busy_timeout(Duration::ZERO);
                let _ = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
                let _ = self.connection.execute_batch("PRAGMA journal_mode = DELETE");
            }
            Target::Partial(partial) => {
                self.connection.close().map_err(|(_, error)| Error::sqlite(&self.path, error))?;
                partial.publish(&self.path).map_err(|error| unpublished(&self.path, &error))?;
            }
        }
        Ok(Published { run_id: self.run_id, chain })
    }

    /// What the registry holds.
    pub fn stored(&self) -> Stored<'_> {
        Stored::new(&self.connection, &self.path)
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn at<T>(&self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|error| Error::sqlite(&self.path, error))
    }
}

fn unpublished(path: &Path, error: &std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::AlreadyExists => Error::Appeared { path: path.to_owned() },
        _ => Error::io(path, error),
    }
}

/// Settings of every load. Journal and fsync stay at SQLite's safe defaults, which were also
/// measured to be the fast ones. Temporary storage stays in files: in memory it would grow with the
/// number of rows. One helper thread sorts while an index is made: a third less time.
const SETTINGS: &str = "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;
    PRAGMA cache_size = -32768; PRAGMA threads = 1;";

/// Opens a database file for one writer.
fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

/// Starts the one transaction of a first build. Entries are long rows (about 600 bytes): pages of
/// 16 KiB load and index them a fifth faster than the default 4 KiB.
fn prepare_new(connection: Connection) -> rusqlite::Result<Connection> {
    connection.execute_batch("PRAGMA page_size = 16384; BEGIN EXCLUSIVE")?;
    schema::migrate(&connection)?;
    Ok(connection)
}

/// Opens an existing registry and locks it against other writers; readers go on reading.
fn open_registry(path: &Path) -> Result<Connection> {
    let at = |error| Error::sqlite(path, error);
    let connection = open(path).map_err(at)?;
    schema::check(&connection, path)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE").map_err(at)?;
    schema::migrate(&connection).map_err(at)?;
    schema::index(&connection).map_err(at)?;
    Ok(connection)
}

/// Records the run and returns its number and that of its first entry.
fn start_run(connection: &Connection, manifest: &Manifest) -> rusqlite::Result<(i64, EntryId)> {
    let run_id = manifest::record(connection, manifest)?;
    let first =
        connection.query_row("SELECT coalesce(max(entry_id), 0) + 1 FROM entry", [], |row| row.get(0))?;
    Ok((run_id, first))
}
