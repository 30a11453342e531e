//! The end of the flow: batches, in order, into the registry, and what is counted on the way.

use std::collections::BTreeMap;
use std::sync::Arc;

use matricule_deduplication::Linker;
use matricule_ingest::Event;
use matricule_loader::{EndOfFile, Load, Recount, Renewed};
use matricule_record::{
    Code, EntryId, FileFacts, Finding, Ledger, Reading, Reject, RejectedRow, SheetFacts, Text,
};
use matricule_report::{
    CodeTally, CompletenessTally, FileFinding, FileState, FileSummary, ReadingInForce, UnlistedTally,
};

use serde::{Deserialize, Serialize};

use crate::batch::{Batch, CountedConversion, Item, ReadyRow};
use crate::{Error, Progress, Watch};

/// What was counted while rows were written. A first build keeps it with each of its parts.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub files: Vec<FileSummary>,
    pub flags: CodeTally,
    pub completeness: CompletenessTally,
    pub unlisted: UnlistedTally,
    pub readings: Vec<ReadingInForce>,
    /// How often drop rows let a character of a loaded serial disappear.
    pub dropped: BTreeMap<char, u64>,
    /// Loaded entries by decade of manufacture.
    pub decades: BTreeMap<u16, u64>,
}

impl Tally {
    /// Counts sheets as they stand after all that the run did.
    pub fn recount(&mut self, sheets: Vec<Recount>) {
        for recount in sheets {
            let files = self.files.iter_mut().filter(|file| *file.path == *recount.path);
            let mut all = files.flat_map(|file| &mut file.sheets);
            if let Some(sheet) = all.find(|sheet| *sheet.sheet == *recount.sheet) {
                (sheet.rows_loaded, sheet.rows_rejected) = (recount.loaded, recount.rejected);
            }
        }
    }
}

/// Writes a run's rows.
pub(crate) struct Writer<'a> {
    load: &'a mut Load,
    linker: &'a mut Linker,
    watch: &'a dyn Watch,
    tally: Tally,
    readings: BTreeMap<ReadingKey, u64>,
    file: OpenFile,
    part: Part,
}

/// When the next part of a first build is committed.
struct Part {
    /// After so many rows; `None` where it is not built in parts.
    rows: Option<u64>,
    /// Rows read since the last.
    read: u64,
}

/// Script, table, reading and the language of the ledger: serials are counted by them.
type ReadingKey = (Text, Arc<str>, Reading, Option<Text>);

/// The file whose rows are being written.
#[derive(Default)]
struct OpenFile {
    facts: FileFacts,
    first_entry: Option<EntryId>,
    sheets: Vec<SheetFacts>,
    findings: Vec<FileFinding>,
    loaded: u64,
    rejected: u64,
    readings: Vec<(ReadingKey, u64)>,
    dropped: BTreeMap<char, u64>,
    decades: BTreeMap<u16, u64>,
    flags: CodeTally,
    completeness: CompletenessTally,
    unlisted: UnlistedTally,
}

impl<'a> Writer<'a> {
    /// Goes on after what was counted; `part` rows make a part of a first build.
    pub fn new(
        (load, linker): (&'a mut Load, &'a mut Linker),
        watch: &'a dyn Watch,
        mut counted: Tally,
        part: Option<u64>,
    ) -> Self {
        let key = |reading: ReadingInForce| {
            ((reading.script, reading.table, reading.reading, reading.language), reading.serials)
        };
        let readings = std::mem::take(&mut counted.readings).into_iter().map(key).collect();
        let part = Part { rows: part.filter(|_| load.is_first_build()), read: 0 };
        Self { load, linker, watch, tally: counted, readings, file: OpenFile::default(), part }
    }

    /// Writes a batch.
    pub fn load(&mut self, batch: Batch<ReadyRow>) -> Result<(), Error> {
        if self.watch.is_interrupted() {
            return Err(Error::Interrupted);
        }
        let rows = batch.0.iter().filter(|item| !matches!(item, Item::Mark(_))).count();
        let mut ready = Vec::new();
        for item in batch.0 {
            match item {
                Item::Row(row) => ready.push(row),
                Item::Refused(reject) => {
                    self.entries(&mut ready)?;
                    self.reject(&reject)?;
                }
                Item::Mark(mark) => {
                    self.entries(&mut ready)?;
                    self.mark(mark)?;
                }
            }
        }
        self.entries(&mut ready)?;
        self.watch.progress(Progress::Rows(rows as u64));
        Ok(())
    }

    /// Writes rows that follow each other.
    fn entries(&mut self, ready: &mut Vec<ReadyRow>) -> Result<(), Error> {
        if ready.is_empty() {
            return Ok(());
        }
        let (mut rows, file, linker) = (ready.iter(), &mut self.file, &mut *self.linker);
        self.load.entries(ready.iter().map(|row| &row.prepared), |entry| {
            let Some(row) = rows.next() else { return };
            file.count(row);
            if let Some(entry) = entry {
                file.first_entry.get_or_insert(entry);
                linker.add(entry, row.keys);
            }
        })?;
        ready.clear();
        Ok(())
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), Error> {
        if !self.load.reject(reject)? {
            self.file.loaded += 1;
            return Ok(());
        }
        self.file.rejected += 1;
        Ok(())
    }

    fn mark(&mut self, mark: Event) -> Result<(), Error> {
        match mark {
            Event::File(facts) => {
                self.load.start_file(&facts)?;
                self.file = OpenFile { facts, ..OpenFile::default() };
            }
            Event::Sheet(ledger) => self.load.start_sheet(&ledger)?,
            Event::Skipped { source, class, cells } => self.load.skip(source.row, class, &cells)?,
            Event::EndSheet(facts) => self.end_sheet(facts)?,
            Event::SheetFinding(sheet, finding) => {
                self.load.sheet_finding(&sheet, &finding)?;
                let row = RejectedRow::whole(Arc::clone(&self.file.facts.path), sheet, finding);
                self.file.findings.extend(FileFinding::all(&row));
            }
            Event::EndFile => {
                self.end_file()?;
                self.end_part()?;
            }
            Event::Failed(facts, finding) => self.fail_file(&facts, finding)?,
            Event::Row(_) | Event::Refused(_) => {}
        }
        Ok(())
    }

    fn end_sheet(&mut self, mut facts: SheetFacts) -> Result<(), Error> {
        facts.rows_loaded = std::mem::take(&mut self.file.loaded);
        facts.rows_rejected = std::mem::take(&mut self.file.rejected);
        self.load.end_sheet(&facts)?;
        self.file.sheets.push(facts);
        Ok(())
    }

    fn end_file(&mut self) -> Result<(), Error> {
        let state = match self.load.end_file()? {
            EndOfFile::Loaded => FileState::Loaded,
            EndOfFile::Renewed(Renewed { of_run, unchanged, changed, new, withdrawn }) => {
                FileState::Renewed { of_run, unchanged, changed, new, withdrawn }
            }
            EndOfFile::OtherLedger => {
                let facts = self.file.facts.clone();
                return self.fail_file(&facts, other_ledger());
            }
            EndOfFile::Amended(place) => {
                let facts = self.file.facts.clone();
                return self.fail_file(&facts, amended(&place));
            }
        };
        let file = std::mem::take(&mut self.file);
        for (key, serials) in file.readings {
            *self.readings.entry(key).or_default() += serials;
        }
        for (character, times) in file.dropped {
            *self.tally.dropped.entry(character).or_default() += times;
        }
        for (decade, entries) in file.decades {
            *self.tally.decades.entry(decade).or_default() += entries;
        }
        self.tally.flags.merge(file.flags);
        let completeness = Some(file.completeness.all()).filter(|own| own.entries > 0);
        self.tally.completeness.merge(file.completeness);
        self.tally.unlisted.merge(file.unlisted);
        self.watch.progress(Progress::FileDone { bytes: file.facts.bytes });
        let summary = FileSummary::new(&file.facts, state, file.sheets, file.findings);
        self.tally.files.push(FileSummary { completeness, ..summary });
        Ok(())
    }

    /// Commits a part of a first build when it is large enough.
    fn end_part(&mut self) -> Result<(), Error> {
        let rows =
            self.tally.files.last().map_or(0, |file| file.sheets.iter().map(|sheet| sheet.rows_read).sum());
        self.part.read += rows;
        if self.part.rows.is_none_or(|rows| self.part.read < rows) {
            return Ok(());
        }
        self.part.read = 0;
        let progress =
            serde_json::to_string(&self.counted()).map_err(|error| Error::Part(error.to_string()))?;
        Ok(self.load.commit_part(&progress)?)
    }

    /// Forgets everything that was written of a file that could not be read to its end.
    pub fn fail_file(&mut self, facts: &FileFacts, finding: Finding) -> Result<(), Error> {
        self.load.fail_file(facts, &finding)?;
        if let Some(first) = std::mem::take(&mut self.file).first_entry {
            self.linker.forget_from(first);
        }
        self.watch.progress(Progress::FileDone { bytes: facts.bytes });
        let row = RejectedRow::whole(Arc::clone(&facts.path), "".into(), finding);
        self.tally.files.push(FileSummary::new(facts, FileState::Failed, Vec::new(), FileFinding::all(&row)));
        Ok(())
    }

    /// What was counted.
    pub fn counted(&self) -> Tally {
        let reading = |((script, table, reading, language), serials): (&ReadingKey, &u64)| ReadingInForce {
            script: script.clone(),
            language: language.clone(),
            reading: *reading,
            table: Arc::clone(table),
            serials: *serials,
        };
        Tally { readings: self.readings.iter().map(reading).collect(), ..self.tally.clone() }
    }
}

fn amended(place: &str) -> Finding {
    let message = format!(
        "{place} was amended by a person, and its row says something else in this version or is gone"
    );
    Finding::new(Code::L702, message).suggest(
        "Look at it (matricule entries show), decide which of the two holds, and undo the amendment or restore the row.",
    )
}

/// Why a file under the path of a loaded one is taken for another ledger.
pub(crate) fn other_ledger() -> Finding {
    let message = "the registry holds a ledger under this path, and less than half of its rows are in this file: it is taken for another ledger of the same name";
    Finding::new(Code::L702, message).suggest(
        "Give the file another name and convert again. If it does replace the loaded ledger, undo the run that loaded that one first (matricule runs undo).",
    )
}

impl OpenFile {
    fn count(&mut self, row: &ReadyRow) {
        self.loaded += 1;
        self.count_decade(row.prepared.text("year_of_manufacture"));
        let (register, completeness) = (row.prepared.text("register"), row.prepared.completeness());
        self.completeness.add(register, completeness, row.prepared.fields());
        if let Some(conversion) = &row.conversion {
            self.count_reading(conversion, &row.ledger);
        }
        for character in row.dropped.chars() {
            *self.dropped.entry(character).or_default() += 1;
        }
        if let Some(flagged) = &row.flagged {
            self.unlisted.add(&flagged.flags, &flagged.romanized);
            self.flags.add_flags(&flagged.source, &flagged.cells, &flagged.flags);
        }
    }

    /// Counts the first year that a year or a range of years names.
    fn count_decade(&mut self, years: &str) {
        if let Some(year) = years.get(..4).and_then(|year| year.parse::<u16>().ok()) {
            *self.decades.entry(year / 10 * 10).or_default() += 1;
        }
    }

    /// Counts a serial; there are a few readings, so a search is cheaper than a map's key.
    fn count_reading(&mut self, made: &CountedConversion, ledger: &Ledger) {
        let language = &ledger.settings.language;
        let is_known = |((script, table, reading, own), _): &&mut (ReadingKey, u64)| {
            (script, *reading, own) == (&made.script, made.reading, language) && **table == *made.table
        };
        if let Some((_, serials)) = self.readings.iter_mut().find(is_known) {
            *serials += 1;
        } else {
            let key = (made.script.clone(), Arc::clone(&made.table), made.reading, language.clone());
            self.readings.push((key, 1));
        }
    }
}
