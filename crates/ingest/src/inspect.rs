//! What a file looks like before anything is loaded: the same reading, watched instead of loaded.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use matricule_mapping::Draft;
use matricule_record::{
    Cells, Column, Field, FieldKind, FileFacts, Finding, Ledger, LedgerRow, SerialPart, SkipClass, Text,
};

use crate::csv;
use crate::discover::LedgerFile;
use crate::event::Event;
use crate::flow::{Ingest, Stop};
use crate::layout::{Markers, read_header};
use crate::profile::settings_of;

/// Records shown of a sheet.
const SAMPLES: usize = 5;

/// Skipped rows that are listed of a sheet.
const LISTED: usize = 10_000;

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
    /// Whether rows were read to the end.
    pub whole: bool,
    /// The name of the file, by which a profile knows it.
    file_name: String,
    /// The delimiter of a CSV.
    delimiter: Option<u8>,
    /// Whether the encoding is more than a guess.
    is_encoding_certain: bool,
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
    /// The rows that are no records, as far as they were read: row number, class and first text.
    pub skipped: Vec<(u32, SkipClass, Text)>,
    /// How many of each class, where reading went to the end.
    pub classes: BTreeMap<SkipClass, u64>,
    /// Further tables below the first: first row seen of each, and its columns.
    pub tables: Vec<(u32, Vec<ColumnInspection>)>,
    /// Records, as far as they were read.
    pub records: u64,
    /// Refused rows, as far as they were read.
    pub refused: u64,
    /// Why it is not read, if it is not.
    pub finding: Option<Finding>,
    /// The columns of the table that the last record stood in.
    last_columns: Option<Vec<Column>>,
}

/// What is seen in a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnInspection {
    /// Its header.
    pub header: Text,
    /// The field that it was matched to.
    pub field: Option<Field>,
    /// The part of the serial that it holds beside the serial's own column.
    pub part: Option<SerialPart>,
    /// Why that field: the languages that call it so, or the profile.
    pub evidence: String,
    /// Another field that the header may mean.
    pub runner_up: Option<Field>,
    /// Why that other one.
    pub runner_up_evidence: String,
    /// The day-month order of its dates, and why; empty where it is not a column of dates.
    pub date_order: String,
}

impl ColumnInspection {
    /// What `[columns]` of a profile calls it.
    fn declaration(&self) -> Option<&'static str> {
        self.field.map(Field::name).or_else(|| self.part.map(SerialPart::name))
    }
}

impl Ingest<'_> {
    /// Looks at a file. Of a CSV only the beginning is read, unless the whole is wanted; of a workbook
    /// every sheet.
    pub fn inspect(&self, file: &LedgerFile, whole: bool) -> Inspection {
        let profile = match self.profile_of(file) {
            Ok(profile) => profile,
            Err(finding) => {
                return Inspection { facts: file.facts(), failure: Some(finding), ..Inspection::default() };
            }
        };
        let markers = self.markers(&profile);
        let whole = whole || !file.format.is_text();
        let file_name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let facts = file.facts();
        let mut inspection = Inspection { facts, whole, file_name, ..Inspection::default() };
        if file.format.is_text() {
            let language = settings_of(&profile, &self.overrides).language;
            match csv::examine(file, &markers, language.as_ref()) {
                Ok(examined) => {
                    inspection.encoding_evidence = Some(examined.encoded.evidence);
                    inspection.is_encoding_certain = !examined.encoded.uncertain;
                    inspection.delimiter = Some(examined.dialect.delimiter);
                    inspection.dialect_evidence = Some(examined.dialect.evidence);
                }
                Err(Stop::Failed(finding)) => inspection.failure = Some(*finding),
                Err(Stop::Receiver) => {}
            }
        }
        self.read(file, &mut |event| inspection.watch(event, &markers));
        inspection
    }
}

impl Inspection {
    fn watch(&mut self, event: Event, markers: &Markers<'_>) -> ControlFlow<()> {
        let whole = self.whole;
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
                    .map_or(ControlFlow::Continue(()), |sheet| sheet.watch(event, markers, whole));
            }
        }
        ControlFlow::Continue(())
    }
}

impl Inspection {
    /// A profile that reads the file so again, over the one that held already.
    pub fn draft(&self, declared: &str) -> Draft {
        let language = self.sheets.first().and_then(|sheet| sheet.language.clone());
        let one_language =
            self.sheets.iter().all(|sheet| sheet.columns.is_empty() || sheet.language == language);
        let encoding = self.facts.encoding.as_deref().filter(|_| self.is_encoding_certain);
        Draft {
            declared: declared.to_owned(),
            file: self.file_name.clone(),
            language: language.filter(|_| one_language).as_deref().map(str::to_owned),
            encoding: encoding.map(str::to_owned),
            delimiter: self.delimiter.map(char::from),
            columns: self.columns_to_declare(),
        }
    }

    /// What headers mean, where that can be declared of the whole file: one that stands over two columns,
    /// or means something else in another table, is left to be read as it was.
    fn columns_to_declare(&self) -> BTreeMap<String, String> {
        let tables = self.sheets.iter().flat_map(|sheet| sheet.tables.iter().map(|(_, columns)| columns));
        let all = || self.sheets.iter().map(|sheet| &sheet.columns).chain(tables.clone());
        let same = |header: &str, column: &&ColumnInspection| column.header.trim() == header;
        let is_clear = |header: &str, name: &str| {
            !header.is_empty()
                && all().all(|columns| {
                    let mut found = columns.iter().filter(|column| same(header, column));
                    found.next().is_none_or(|column| column.declaration() == Some(name))
                        && found.next().is_none()
                })
        };
        let columns = self.sheets.iter().flat_map(|sheet| &sheet.columns);
        let known = columns.filter_map(|column| Some((column.header.trim(), column.declaration()?)));
        let clear = known.filter(|(header, name)| is_clear(header, name));
        clear.map(|(header, name)| (header.to_owned(), name.to_owned())).collect()
    }
}

impl SheetInspection {
    fn new(ledger: &Ledger, markers: &Markers<'_>) -> Self {
        let reading = read_header(&header_of(ledger), markers, ledger.settings.language.as_ref());
        Self {
            name: ledger.sheet.clone(),
            columns: columns_of(ledger, markers),
            last_columns: Some(ledger.columns.clone()),
            language: ledger.settings.language.clone(),
            languages: reading.languages,
            ..Self::default()
        }
    }

    fn watch(&mut self, event: Event, markers: &Markers<'_>, whole: bool) -> ControlFlow<()> {
        match event {
            Event::Row(row) => return self.record(row, markers, whole),
            Event::Refused(_) => self.refused += 1,
            Event::Skipped { source, class, cells } => {
                if class == SkipClass::Header {
                    self.header_row.get_or_insert(source.row);
                }
                if self.skipped.len() < LISTED {
                    let first = cells.iter().map(|cell| cell.text.trim()).find(|text| !text.is_empty());
                    self.skipped.push((source.row, class, first.unwrap_or_default().into()));
                }
            }
            Event::EndSheet(facts) => (self.rows_read, self.classes) = (facts.rows_read, facts.skipped),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn record(&mut self, row: LedgerRow, markers: &Markers<'_>, whole: bool) -> ControlFlow<()> {
        let ledger = &row.source.ledger;
        if self.last_columns.as_ref().is_some_and(|last| *last != ledger.columns) {
            self.last_columns = Some(ledger.columns.clone());
            self.tables.push((row.source.row, columns_of(ledger, markers)));
        }
        self.records += 1;
        if self.samples.len() < SAMPLES {
            self.samples.push((row.source.row, row.cells));
        } else if !whole {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

fn header_of(ledger: &Ledger) -> Cells {
    Cells::from_texts(ledger.columns.iter().map(|column| column.header.as_str()))
}

/// The columns of a ledger, each with what it may mean and why.
fn columns_of(ledger: &Ledger, markers: &Markers<'_>) -> Vec<ColumnInspection> {
    let reading = read_header(&header_of(ledger), markers, ledger.settings.language.as_ref());
    let others = reading.runners_up.into_iter().chain(std::iter::repeat(None));
    let column = |(column, runner_up): (&Column, Option<Field>)| {
        let runner_up = runner_up.filter(|other| Some(*other) != column.field);
        let why = |field: Option<Field>| {
            field.map(|field| evidence(&column.header, field, markers)).unwrap_or_default()
        };
        ColumnInspection {
            header: column.header.clone(),
            field: column.field,
            part: column.part,
            evidence: column
                .part
                .map_or_else(|| why(column.field), |_| part_evidence(&column.header, markers)),
            runner_up,
            runner_up_evidence: why(runner_up),
            date_order: date_order(column, ledger.settings.date_order.as_deref()),
        }
    };
    ledger.columns.iter().zip(others).map(column).collect()
}

/// Why a column holds a part of the serial.
fn part_evidence(header: &str, markers: &Markers<'_>) -> String {
    if markers.profile.column_part(header).is_some() { "profile".into() } else { "beside the number".into() }
}

/// How the dates of a column are read, and why.
fn date_order(column: &Column, declared: Option<&str>) -> String {
    if column.field.is_none_or(|field| field.kind() != FieldKind::Date) {
        return String::new();
    }
    match (declared, &column.date_order, &column.date_order_evidence) {
        (Some(order), ..) => format!("{order} (profile)"),
        (None, Some(order), Some((row, text))) => format!("{order} (row {row}: {text})"),
        _ => "not shown by the first rows; a date that can be read in two ways is refused".to_owned(),
    }
}

/// Why a header means a field.
fn evidence(header: &str, field: Field, markers: &Markers<'_>) -> String {
    if markers.profile.column_field(header) == Some(field) {
        return "profile".into();
    }
    let found = markers.headers.matches(header);
    let found = found.iter().filter(|found| found.field == field);
    let languages: Vec<&str> = found.map(|found| found.language.as_str()).take(4).collect();
    if !languages.is_empty() {
        let word = markers.headers.unqualified(header).map(|word| format!(": read as {word}"));
        return languages.join(" ") + &word.unwrap_or_default();
    }
    match markers.headers.short_for(header) {
        Some((found, word)) if found.field == field => format!("{}: short for {word}", found.language),
        _ if markers.headers.is_pair(header, field, Field::Model) => "make and model together".into(),
        _ => "group or values".into(),
    }
}
