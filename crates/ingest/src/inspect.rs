//! What a file looks like before anything is loaded: the same reading, watched instead of loaded.

use std::ops::ControlFlow;
use std::sync::Arc;

use matricule_record::{Cells, Field, FileFacts, Finding, Ledger, SkipClass, Text};

use crate::csv;
use crate::discover::LedgerFile;
use crate::event::Event;
use crate::flow::{Ingest, Stop};
use crate::layout::{Markers, read_header};
use crate::profile::{profile_for, settings_of};

/// Records shown of a sheet.
const SAMPLES: usize = 5;

/// What is seen in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// The file, with encoding, dialect and language as far as they are known.
    pub facts: FileFacts,
    /// Why that encoding.
    pub encoding_evidence: Option<String>,
    /// Why that delimiter.
    pub dialect_evidence: Option<String>,
    /// The sheets that have rows, visible ones first.
    pub sheets: Vec<SheetInspection>,
    /// Why the file is refused, if it is.
    pub failure: Option<Finding>,
}

/// What is seen in a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetInspection {
    /// Its name; empty for a CSV.
    pub name: Arc<str>,
    /// The row of its header, counted from 1; `None` for a sheet that is not read.
    pub header_row: Option<u32>,
    /// Its columns.
    pub columns: Vec<ColumnInspection>,
    /// Its language, declared or read from the header.
    pub language: Option<Text>,
    /// How many headers are words of each language, most first.
    pub languages: Vec<(Text, usize)>,
    /// Its first records: row number and cells.
    pub samples: Vec<(u32, Cells)>,
    /// Rows from 1 to the last with a value; 0 where reading ended before.
    pub rows_read: u64,
    /// Why it is not read, if it is not.
    pub finding: Option<Finding>,
}

/// What is seen in a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnInspection {
    /// Its header.
    pub header: Text,
    /// The field that it was matched to.
    pub field: Option<Field>,
    /// Another field that the header may mean.
    pub runner_up: Option<Field>,
}

impl Ingest<'_> {
    /// Looks at a file. Of a CSV only the beginning is read, of a workbook every sheet.
    pub fn inspect(&self, file: &LedgerFile) -> Inspection {
        let profile = match profile_for(file, self.profile) {
            Ok(profile) => profile,
            Err(finding) => {
                return Inspection { facts: file.facts(), failure: Some(finding), ..Inspection::default() };
            }
        };
        let markers = self.markers(&profile);
        let mut inspection = Inspection { facts: file.facts(), ..Inspection::default() };
        if file.format.is_text() {
            let language = settings_of(&profile, &self.overrides).language;
            match csv::examine(file, &markers, language.as_ref()) {
                Ok(examined) => {
                    inspection.encoding_evidence = Some(examined.encoded.evidence);
                    inspection.dialect_evidence = Some(examined.dialect.evidence);
                }
                Err(Stop::Failed(finding)) => inspection.failure = Some(*finding),
                Err(Stop::Receiver) => {}
            }
        }
        self.read(file, &mut |event| inspection.watch(event, &markers, file.format.is_text()));
        inspection
    }
}

impl Inspection {
    fn watch(&mut self, event: Event, markers: &Markers<'_>, is_text: bool) -> ControlFlow<()> {
        match event {
            Event::File(facts) => self.facts = facts,
            Event::Sheet(ledger) => self.sheets.push(SheetInspection::new(&ledger, markers)),
            Event::SheetFinding(name, finding) => {
                self.sheets.push(SheetInspection {
                    name,
                    finding: Some(finding),
                    ..SheetInspection::default()
                });
            }
            Event::Failed(facts, finding) => (self.facts, self.failure) = (facts, Some(finding)),
            event => {
                return self
                    .sheets
                    .last_mut()
                    .map_or(ControlFlow::Continue(()), |sheet| sheet.watch(event, is_text));
            }
        }
        ControlFlow::Continue(())
    }
}

impl SheetInspection {
    fn new(ledger: &Ledger, markers: &Markers<'_>) -> Self {
        let header = Cells::from_texts(ledger.columns.iter().map(|column| column.header.as_str()));
        let reading = read_header(&header, markers, ledger.settings.language.as_ref());
        let columns = ledger.columns.iter().zip(reading.runners_up).map(|(column, runner_up)| {
            ColumnInspection { header: column.header.clone(), field: column.field, runner_up }
        });
        Self {
            name: ledger.sheet.clone(),
            columns: columns.collect(),
            language: ledger.settings.language.clone(),
            languages: reading.languages,
            ..Self::default()
        }
    }

    fn watch(&mut self, event: Event, is_text: bool) -> ControlFlow<()> {
        match event {
            Event::Row(row) if self.samples.len() < SAMPLES => self.samples.push((row.source.row, row.cells)),
            Event::Row(_) if is_text => return ControlFlow::Break(()),
            Event::Skipped { source, class: SkipClass::Header, .. } => {
                self.header_row.get_or_insert(source.row);
            }
            Event::EndSheet(facts) => self.rows_read = facts.rows_read,
            _ => {}
        }
        ControlFlow::Continue(())
    }
}
