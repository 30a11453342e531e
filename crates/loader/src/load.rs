//! A run while it is loaded: the order of its steps, and that it is all in or not at all.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use matricule_record::{
    Cells, Code, EntryFacts, EntryId, FileFacts, Finding, Ledger, LinkMode, Reject, RejectedRow, Resolution,
    SheetFacts, SkipClass, StoredReject,
};
use rusqlite::{Connection, params};

use crate::entry::{Inserter, PreparedEntry};
use crate::evidence::{self, Files};
use crate::history::KnownStatements;
use crate::live::{Live, open, open_copy, open_nameless, open_registry, prepare_new};
use crate::partial::Partial;
use crate::place::{OpenFile, OpenSheet, Place, insert_file};
use crate::registry::{self, LoadedFile};
use crate::renewal::{Renewal, Renewed};
use crate::seal::{Salt, of_personal};
use crate::stored::Stored;
use crate::totals::{self, RunTotals};
use crate::{
    Error, Manifest, RejectQuery, Result, access, json, manifest, parts, refusal, refused, resolution,
    revise, schema, substring,
};

/// A run that adds more entries than this, and than the share of those already there, is faster with
/// indexes made at its end.
const BULK_ENTRIES: i64 = 10_000;
const BULK_SHARE: i64 = 16;

/// A run being loaded, in one transaction. Nothing of it is visible to readers until
/// [`Load::publish`]; dropped before, it leaves nothing.
#[derive(Debug)]
pub struct Load {
    // Declared before `target`: it must be closed when a partial file is removed.
    pub(crate) connection: Live,
    pub(crate) target: Target,
    pub(crate) path: PathBuf,
    run_id: i64,
    /// The number that the run's first entry gets.
    first_entry: EntryId,
    /// The number that the first entry got which was not there when this process began: a build in parts
    /// goes on with a run.
    pub(crate) next_entry: EntryId,
    /// The entry from which on indexes are left to the end. A file that is taken back takes the
    /// numbers and the dropping back with it, so this needs no state.
    bulk_entry: EntryId,
    pub(crate) place: Place,
    /// What the rows of its files hash to.
    pub(crate) evidence: Files,
    /// What it stated anew.
    pub(crate) known: KnownStatements,
    /// Whether a ledger was sent again: then entries of earlier runs state something else.
    has_renewed: bool,
    /// Entries that persons amended, of ledgers that were sent again: see [`Load::take_kept`].
    kept: Vec<EntryId>,
}

/// A published run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its number.
    pub run_id: i64,
    /// The head of the chain of evidence after it.
    pub chain: String,
}

/// How a file ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndOfFile {
    /// It is loaded.
    Loaded,
    /// It is loaded as a new version of a ledger.
    Renewed(Renewed),
    /// It has the name of a loaded ledger, but less than half of its rows: it is another one. Nothing is
    /// settled; the file has to be given up.
    OtherLedger,
    /// A person amended this entry, and its row says something else in the new version, or is gone. Nothing
    /// is settled; the file has to be given up.
    Amended(String),
}

/// Where the rows go.
#[derive(Debug)]
pub(crate) enum Target {
    /// A first build.
    Partial(Partial),
    /// An existing registry.
    Registry,
    /// A copy of one, which nobody sees.
    Copy,
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
        let path = path.as_ref();
        access::require_file(path)?;
        if path.try_exists().map_err(|error| Error::io(path, &error))? {
            return Self::start(path, open_registry(path)?, Target::Registry, manifest);
        }
        let partial = Partial::create(path).map_err(|error| Error::io(path, &error))?;
        Self::first_build(path, partial, manifest)
    }

    /// Starts a run that is only tried, to see what it would come to: in a copy of the registry at `path`, to which
    /// nothing is written and which may stand where nothing can be; where there is none, in a new one without a name.
    /// It cannot be published.
    pub fn rehearse(path: impl AsRef<Path>, manifest: &Manifest) -> Result<Self> {
        let path = path.as_ref();
        access::require_file(path)?;
        let is_there = path.try_exists().map_err(|error| Error::io(path, &error))?;
        let copy = if is_there { open_copy(path)? } else { open_nameless(path)? };
        Self::start(path, copy, Target::Copy, manifest)
    }

    /// Starts a run in an empty partial file.
    pub(crate) fn first_build(path: &Path, partial: Partial, manifest: &Manifest) -> Result<Self> {
        let connection = open(partial.path()).and_then(prepare_new);
        let connection = Live(connection.map_err(|error| Error::sqlite(path, error))?);
        Self::start(path, connection, Target::Partial(partial), manifest)
    }

    fn start(path: &Path, connection: Live, target: Target, manifest: &Manifest) -> Result<Self> {
        let started = start_run(&connection, manifest);
        let (run_id, first_entry) = started.map_err(|error| Error::sqlite(path, error))?;
        Ok(Self::started((path, connection, target), run_id, first_entry))
    }

    /// A run that is recorded, before its first row.
    pub(crate) fn started(
        (path, connection, target): (&Path, Live, Target),
        run_id: i64,
        first_entry: EntryId,
    ) -> Self {
        Self {
            connection,
            target,
            path: path.to_owned(),
            run_id,
            first_entry,
            next_entry: first_entry,
            bulk_entry: first_entry + (first_entry / BULK_SHARE).max(BULK_ENTRIES),
            place: Place::Between,
            evidence: Files::new(),
            known: KnownStatements::default(),
            has_renewed: false,
            kept: Vec::new(),
        }
    }

    /// Whether a ledger was sent again, so that entries of earlier runs state something else.
    pub fn has_renewed(&self) -> bool {
        self.has_renewed
    }

    /// Entries that persons amended, whose rows a new version of their ledger has: they are in their new place,
    /// and state what they stated under the tables of an earlier run until they are stated anew.
    pub fn take_kept(&mut self) -> Vec<EntryId> {
        std::mem::take(&mut self.kept)
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
        let before = self.loaded_path(&facts.path)?.filter(|before| before.run_id < self.run_id);
        let mut file = self.at(OpenFile::start(&self.connection, self.run_id, facts))?;
        if let Some(before) = before {
            let is_same_bytes = !facts.sha256.is_empty() && before.sha256 == facts.sha256;
            let renewal = Renewal::start(&self.connection, (before.file_id, before.run_id), is_same_bytes);
            file.renewal = Some(self.at(renewal)?);
            self.has_renewed = true;
        }
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

    /// Writes a row of the open sheet as an entry and returns the entry's number; `None` where the ledger is
    /// sent again, and its entries are known when it is read to its end.
    pub fn entry(&mut self, prepared: &PreparedEntry) -> Result<Option<EntryId>> {
        let mut entry = None;
        self.entries([prepared], |written| entry = written)?;
        Ok(entry)
    }

    /// Writes rows of the open sheet as entries, and tells the number of each; `None` where the ledger is sent
    /// again, and its entries are known when it is read to its end.
    pub fn entries<'a>(
        &mut self,
        prepared: impl IntoIterator<Item = &'a PreparedEntry>,
        mut written: impl FnMut(Option<EntryId>),
    ) -> Result<()> {
        let (file, sheet) = self.place.sheet("load a row")?;
        let at = |error| Error::sqlite(&self.path, error);
        let mut inserter = Inserter::start(&self.connection, sheet.sheet_id).map_err(at)?;
        for prepared in prepared {
            sheet.read_by(&self.connection, &prepared.ledger, prepared.row()).map_err(at)?;
            sheet.loaded += 1;
            if let Some(renewal) = &mut file.renewal {
                renewal.meet(&self.connection, self.run_id, sheet.sheet_id, prepared).map_err(at)?;
                written(None);
                continue;
            }
            let entry = inserter.insert(prepared).map_err(at)?;
            file.evidence.entry(prepared.digest());
            written(Some(entry));
            if entry == self.bulk_entry {
                schema::defer_indexes(&self.connection).map_err(at)?;
            }
        }
        Ok(())
    }

    /// Writes a refused row of the open sheet; whether it is refused: in a ledger that is sent again, a row that a
    /// person corrected stays loaded.
    pub fn reject(&mut self, reject: &Reject) -> Result<bool> {
        let (file, sheet) = self.place.sheet("refuse a row")?;
        if let Some(renewal) = &mut file.renewal {
            let met = renewal.meet_refused(&self.connection, self.run_id, sheet.sheet_id, reject);
            if met.map_err(|error| Error::sqlite(&self.path, error))? {
                sheet.loaded += 1;
                return Ok(false);
            }
        }
        let place = (file.file_id, sheet.sheet_id);
        let written = sheet
            .read_by(&self.connection, &reject.source.ledger, reject.source.row)
            .and_then(|()| refusal::insert(&self.connection, place, reject, &mut file.evidence));
        sheet.rejected += 1;
        self.at(written)?;
        Ok(true)
    }

    /// Keeps a row of the open sheet that is no record but says something. Blank rows need no
    /// call: they are only counted.
    pub fn skip(&mut self, row: u32, class: SkipClass, cells: &Cells) -> Result<()> {
        let (file, sheet) = self.place.sheet("skip a row")?;
        let sheet_id = sheet.sheet_id;
        let mut text = String::new();
        json::cells(&mut text, cells);
        let salt = Salt::draw();
        let personal = of_personal(salt.as_str(), [("cells", text.as_str())].into_iter());
        file.evidence.sealed_skip(row, class.name(), &personal);
        let sql = "INSERT INTO skipped_row (sheet_id, row, class, cells, salt) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = self.at(self.connection.prepare_cached(sql))?;
        self.at(insert.execute(params![sheet_id, row, class.name(), text, salt.as_str()]))?;
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
    pub fn end_file(&mut self) -> Result<EndOfFile> {
        let Place::File(file) = &mut self.place else { return Err(self.place.out_of_order("end a file")) };
        let mut end = EndOfFile::Loaded;
        if let Some(mut renewal) = file.renewal.take() {
            if !renewal.is_same_ledger() {
                return Ok(EndOfFile::OtherLedger);
            }
            if let Some(place) = renewal.amended_and_changed() {
                return Ok(EndOfFile::Amended(place));
            }
            let rows = std::mem::take(&mut file.rows);
            self.kept.append(&mut renewal.take_kept());
            let renewed = renewal.settle(&self.connection, self.run_id, file, &rows);
            end = EndOfFile::Renewed(renewed.map_err(|error| Error::sqlite(&self.path, error))?);
        }
        let Place::File(file) = &self.place else { return Err(self.place.out_of_order("end a file")) };
        self.at(file.finish(&self.connection))?;
        self.at(revise::supersede_failures(&self.connection, self.run_id, &file.path))?;
        self.at(self.connection.execute_batch("RELEASE ledger"))?;
        if let Place::File(file) = std::mem::replace(&mut self.place, Place::Between) {
            self.evidence.insert(file.file_id, file.evidence);
        }
        Ok(end)
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

    /// Visits all entries that were present when the load began: those of earlier runs, and of the parts of
    /// this one that are gone on with; in order of their numbers.
    pub fn existing(&self, visitor: impl FnMut(EntryFacts)) -> Result<()> {
        self.at(resolution::visit(&self.connection, self.next_entry, visitor))
    }

    /// The facts of entries of this run or earlier ones, in the order asked.
    pub fn facts(&self, entries: &[EntryId]) -> Result<Vec<EntryFacts>> {
        self.at(resolution::facts(&self.connection, entries))
    }

    /// Visits all present entries, of this run and earlier ones, in order of their numbers.
    pub fn present(&self, visitor: impl FnMut(EntryFacts)) -> Result<()> {
        self.at(resolution::visit(&self.connection, EntryId::MAX, visitor))
    }

    /// Which links the last run looked for; `None` where none is known to have looked for any.
    pub fn link_mode(&self) -> Result<Option<LinkMode>> {
        self.at(resolution::mode(&self.connection))
    }

    /// Records what all entries, of this run and earlier ones, describe; what an earlier run
    /// derived is replaced as a whole.
    pub fn resolve(&mut self, resolution: &Resolution, mode: LinkMode) -> Result<()> {
        self.at(resolution::replace(&self.connection, self.run_id, resolution, mode))
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
        if matches!(self.target, Target::Copy) {
            return Err(Error::OutOfOrder { call: "publish", state: "the run is only tried" });
        }
        self.at(manifest::finish(&self.connection, self.run_id))?;
        let chain = evidence::head_after(&self.connection, self.run_id, &mut self.evidence, &self.known);
        let chain = self.at(chain)?;
        self.at(manifest::seal(&self.connection, self.run_id, &chain))?;
        self.at(schema::index(&self.connection))?;
        self.at(parts::forget(&self.connection))?;
        self.at(substring::extend(&self.connection, self.first_entry, self.run_id))?;
        self.at(self.connection.execute_batch("COMMIT"))?;
        match self.target {
            Target::Registry | Target::Copy => {}
            Target::Partial(partial) => {
                drop(self.connection);
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

/// Makes the index of parts of serials, or makes it anew; later runs keep it up.
///
/// Fails with L701 where a run is writing, as [`Load::begin`] does.
pub fn index_substrings(path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    access::require_file(path)?;
    if !path.try_exists().map_err(|error| Error::io(path, &error))? {
        let reason = "there is no such file".to_owned();
        return Err(Error::NotReadable { path: path.to_owned(), reason });
    }
    let connection = open_registry(path)?;
    let made = substring::build(&connection).and_then(|()| connection.execute_batch("COMMIT"));
    made.map_err(|error| Error::sqlite(path, error))
}

fn unpublished(path: &Path, error: &std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::AlreadyExists => Error::Appeared { path: path.to_owned() },
        _ => Error::io(path, error),
    }
}

/// Records the run and returns its number and that of its first entry.
fn start_run(connection: &Connection, manifest: &Manifest) -> rusqlite::Result<(i64, EntryId)> {
    let run_id = manifest::record(connection, manifest)?;
    let first =
        connection.query_row("SELECT coalesce(max(entry_id), 0) + 1 FROM entry", [], |row| row.get(0))?;
    Ok((run_id, first))
}
