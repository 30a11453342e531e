//! The end of the flow: batches, in order, into the registry, and what is counted on the way.

use std::collections::BTreeMap;
use std::sync::Arc;

use matricule_deduplication::Linker;
use matricule_ingest::Event;
use matricule_loader::Load;
use matricule_record::{
    EntryId, Field, FileFacts, Finding, Marking, Reading, Reject, RejectedRow, SerialState, SheetFacts, Text,
};
use matricule_report::{CodeTally, FileFinding, FileState, FileSummary, ReadingInForce};

use crate::batch::{Batch, Item, ReadyRow};
use crate::{Error, Progress, Watch};

/// What was counted while rows were written.
#[derive(Default)]
pub(crate) struct Tally {
    pub files: Vec<FileSummary>,
    pub flags: CodeTally,
    pub readings: Vec<ReadingInForce>,
    /// How often drop rows let a character of a loaded serial disappear.
    pub dropped: BTreeMap<char, u64>,
    /// Loaded entries by decade of manufacture.
    pub decades: BTreeMap<u16, u64>,
}

/// Writes a run's rows.
pub(crate) struct Writer<'a> {
    load: &'a mut Load,
    linker: &'a mut Linker,
    watch: &'a dyn Watch,
    tally: Tally,
    readings: Readings,
    file: OpenFile,
}

/// Serials by script, table, reading and the language of their ledger.
type Readings = BTreeMap<(Text, Arc<str>, Reading, Option<Text>), u64>;

/// The file whose rows are being written.
#[derive(Default)]
struct OpenFile {
    facts: FileFacts,
    first_entry: Option<EntryId>,
    sheets: Vec<SheetFacts>,
    findings: Vec<FileFinding>,
    loaded: u64,
    rejected: u64,
    readings: Readings,
    dropped: BTreeMap<char, u64>,
    decades: BTreeMap<u16, u64>,
    flags: CodeTally,
}

impl<'a> Writer<'a> {
    pub fn new(load: &'a mut Load, linker: &'a mut Linker, watch: &'a dyn Watch) -> Self {
        let (tally, readings, file) = (Tally::default(), BTreeMap::new(), OpenFile::default());
        Self { load, linker, watch, tally, readings, file }
    }

    /// Writes a batch.
    pub fn load(&mut self, batch: Batch<ReadyRow>) -> Result<(), Error> {
        if self.watch.is_interrupted() {
            return Err(Error::Interrupted);
        }
        let rows = batch.0.iter().filter(|item| !matches!(item, Item::Mark(_))).count();
        for item in batch.0 {
            match item {
                Item::Row(row) => self.entry(&row)?,
                Item::Refused(reject) => self.reject(&reject)?,
                Item::Mark(mark) => self.mark(mark)?,
            }
        }
        self.watch.progress(Progress::Rows(rows as u64));
        Ok(())
    }

    fn entry(&mut self, ready: &ReadyRow) -> Result<(), Error> {
        let linked = &ready.linked;
        let entry = self.load.entry(&ready.prepared)?;
        self.linker.add(entry, linked.keys);
        self.file.first_entry.get_or_insert(entry);
        self.file.loaded += 1;
        if let SerialState::Converted(serial) = &linked.row.serial {
            let language = linked.row.source.ledger.settings.language.clone();
            self.file.count_reading(serial, language);
            self.file.count_dropped(serial);
        }
        self.file.count_decade(linked.row.fields.text(Field::YearOfManufacture));
        linked.row.markings.iter().for_each(|marking| self.file.count_dropped(marking));
        self.file.flags.add_flags(&linked.row.source, &linked.row.cells, &linked.row.flags);
        Ok(())
    }

    fn reject(&mut self, reject: &Reject) -> Result<(), Error> {
        self.load.reject(reject)?;
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
            Event::EndFile => self.end_file()?,
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
        self.load.end_file()?;
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
        self.watch.progress(Progress::FileDone { bytes: file.facts.bytes });
        self.tally.files.push(FileSummary::new(&file.facts, FileState::Loaded, file.sheets, file.findings));
        Ok(())
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
    pub fn finish(self) -> Tally {
        let reading = |((script, table, reading, language), serials)| ReadingInForce {
            script,
            language,
            reading,
            table,
            serials,
        };
        Tally { readings: self.readings.into_iter().map(reading).collect(), ..self.tally }
    }
}

impl OpenFile {
    fn count_dropped(&mut self, marking: &Marking) {
        for character in marking.dropped.chars() {
            *self.dropped.entry(character).or_default() += 1;
        }
    }

    /// Counts the first year that a year or a range of years names.
    fn count_decade(&mut self, years: &str) {
        if let Some(year) = years.get(..4).and_then(|year| year.parse::<u16>().ok()) {
            *self.decades.entry(year / 10 * 10).or_default() += 1;
        }
    }

    /// Counts a serial; mostly by the same table as the one before it.
    fn count_reading(&mut self, serial: &Marking, language: Option<Text>) {
        let key = (serial.script.clone(), Arc::clone(&serial.table), serial.reading, language);
        *self.readings.entry(key).or_default() += 1;
    }
}
