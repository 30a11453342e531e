//! Where the table of a sheet stands: titles above it, its header, its records, and the rows
//! between them that are no records.
//!
//! Rows are held back until a header is found among the first of them. From there on a row is told at
//! once, but for a text alone, which the row below explains, and the last record, whose text may go on.

mod cards;
mod columns;
mod counting;
mod date_order;
mod declared;
mod ditto;
mod furniture;
mod groups;
mod header;
mod joint;
mod lines;
mod lone;
mod markers;
mod noted;
mod numbers;
mod quantity;
mod repeated;
mod second_header;
mod sections;
mod serial_parts;
mod shape;
mod side_by_side;
mod straddling;
mod structure;
mod table;
mod values;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use columns::read_header;
pub(crate) use declared::check_met;
pub(crate) use markers::Markers;
use matricule_record::{
    Cells, Code, Finding, Ledger, LedgerRow, Reject, Settings, SheetFacts, SkipClass, Source, Text, message,
};
pub use structure::likely_header;

use crate::event::Event;
use crate::flow::{Emitter, Stop};
use crate::profile::loads_hidden;
use crate::sheet_row::SheetRow;
use columns::HeaderReading;
use counting::settle_by_counting;
use header::{SEARCHED_ROWS, choose_header};
use table::{Table, Told};
use values::settle_by_values;

/// Rows, hidden ones too, that are held back at most while a header is looked for.
const HELD_ROWS: usize = 2_000;

/// Texts alone that wait for the row below them at most.
const LOOSE_ROWS: usize = 8;

/// What to do with a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Look for its table.
    Read,
    /// Count its rows as hidden.
    Hidden,
    /// Count its rows as no weapons, as the profile names other sheets.
    NotALedger,
}

/// How a sheet ended.
pub(crate) enum SheetEnd {
    /// It has a table.
    Read,
    /// Its rows were counted only.
    Aside,
    /// It holds no value.
    Empty,
    /// It has no table.
    Refused(Finding),
}

enum Phase {
    Searching(Vec<SheetRow>),
    Aside(SkipClass, Arc<Ledger>),
    Body(Box<Table>),
    /// The only sheet of a file: the file is refused with it.
    NoHeader(Finding),
    /// A sheet among others: every row of it is refused for one reason.
    Refusing(Finding, Arc<Ledger>),
}

/// A sheet while its rows come in.
pub(crate) struct Layout<'a> {
    markers: &'a Markers<'a>,
    settings: Settings,
    phase: Phase,
    facts: SheetFacts,
    accounted: u64,
    /// Texts alone, until the row below them comes.
    loose: Vec<SheetRow>,
    /// The last record, and the lines that go on with it.
    last: Option<LastRecord>,
}

/// A record whose text may go on in the rows below.
struct LastRecord {
    record: LedgerRow,
    lines: Vec<Event>,
}

impl<'a> Layout<'a> {
    /// A sheet before its first row.
    pub fn new(name: &str, plan: Plan, settings: Settings, markers: &'a Markers<'a>) -> Self {
        let aside = |class| {
            let ledger = Ledger { sheet: name.into(), settings: settings.clone(), ..Ledger::default() };
            Phase::Aside(class, Arc::new(ledger))
        };
        let phase = match plan {
            Plan::Read => Phase::Searching(Vec::new()),
            Plan::Hidden => aside(SkipClass::Hidden),
            Plan::NotALedger => aside(SkipClass::NotAWeapon),
        };
        let facts = SheetFacts { sheet: name.into(), ..SheetFacts::default() };
        Self { markers, settings, phase, facts, accounted: 0, loose: Vec::new(), last: None }
    }

    /// The sheet's name.
    pub fn name(&self) -> Arc<str> {
        self.facts.sheet.clone()
    }

    /// Whether nothing of the sheet has been told yet.
    pub fn is_searching(&self) -> bool {
        matches!(self.phase, Phase::Searching(_) | Phase::NoHeader(_))
    }

    /// Takes the next row.
    pub fn push(&mut self, mut row: SheetRow, emitter: &mut Emitter<'_>) -> Result<(), Stop> {
        if row.trouble.is_none() && (row.cells.is_blank() || is_end_mark(&row.cells)) {
            return Ok(());
        }
        row.hidden &= !loads_hidden(self.markers.profile);
        match &mut self.phase {
            Phase::Body(_) => self.tell(row, emitter),
            Phase::NoHeader(_) => Ok(()),
            Phase::Refusing(finding, ledger) => {
                let (finding, ledger) = (finding.clone(), ledger.clone());
                self.refuse(row, finding, ledger, emitter)
            }
            Phase::Aside(class, ledger) => {
                let (class, ledger) = (*class, ledger.clone());
                self.set_aside(row, class, ledger, emitter)
            }
            Phase::Searching(held) => {
                held.push(row);
                if self.has_searched_enough() { self.decide(emitter) } else { Ok(()) }
            }
        }
    }

    fn has_searched_enough(&self) -> bool {
        let Phase::Searching(held) = &self.phase else { return false };
        match self.markers.profile.file.header_row {
            Some(declared) => held.last().is_some_and(|row| row.row > declared),
            None => held.len() >= HELD_ROWS || held.iter().filter(|row| !row.hidden).count() >= SEARCHED_ROWS,
        }
    }

    /// Chooses the header among the rows held back and tells them all.
    fn decide(&mut self, emitter: &mut Emitter<'_>) -> Result<(), Stop> {
        let Phase::Searching(held) = &mut self.phase else { return Ok(()) };
        let held = std::mem::take(held);
        let language = self.settings.language.as_ref();
        let mut chosen = match choose_header(&held, self.markers, language) {
            Ok(chosen) => chosen,
            Err(finding) => return self.refuse_all(held, finding, emitter),
        };
        let below = chosen.at + chosen.lines;
        let settled = settle(chosen.reading, &held, chosen.at..below, self.markers, language);
        chosen.reading = match settled {
            Ok(reading) => reading,
            Err(finding) => return self.refuse_all(held, finding, emitter),
        };
        let declared = self.settings.date_order.as_deref();
        if let Some(finding) = date_order::contradiction(&chosen.reading.columns, declared) {
            return self.refuse_all(held, finding, emitter);
        }
        let headers: Vec<&str> = chosen.reading.columns.iter().map(|column| column.header.as_str()).collect();
        declared::check_fields(&headers, self.markers.profile)?;
        emitter.headers_met.extend(headers.into_iter().map(str::to_owned));
        emitter.headers_met.extend(chosen.reading.headings.iter().map(|heading| heading.word.clone()));
        if self.facts.sheet.is_empty() {
            // A file of one sheet: what it lacks is known before its rows are told.
            check_met(&emitter.headers_met, self.markers.profile)?;
        }
        let mut settings = self.settings.clone();
        settings.language.clone_from(&chosen.reading.language);
        emitter.open(settings.language.as_ref())?;
        let (file, sheet) = (emitter.facts.path.clone(), self.name());
        let mut columns = chosen.reading.columns;
        date_order::decide(&mut columns, held[chosen.at].row, &held[below..]);
        let ledger = Arc::new(Ledger { file, sheet, columns, settings });
        emitter.emit(Event::Sheet(ledger.clone()))?;
        self.phase = Phase::Body(Box::new(self.table(ledger, &held[..below], chosen.at)));
        for (at, row) in held.into_iter().enumerate() {
            if at < chosen.at && row.hidden {
                self.skip(row, SkipClass::Hidden, emitter)?;
            } else if at < chosen.at && row.trouble.is_none() {
                self.above_header(row, emitter)?;
            } else if at < below {
                self.skip(row, SkipClass::Header, emitter)?;
            } else {
                self.tell(row, emitter)?;
            }
        }
        Ok(())
    }

    /// The table below its first rows, of which those from `header` on are the header.
    fn table(&self, ledger: Arc<Ledger>, first: &[SheetRow], header: usize) -> Table {
        let mut table = Table::new(ledger, first.last().map_or(0, |row| row.row), self.markers);
        table.name_sheet(&self.facts.sheet, self.markers);
        let is_declared = self.markers.profile.file.header_row.is_some();
        for (at, row) in first.iter().enumerate().filter(|(_, row)| is_whole(row)) {
            if at >= header {
                table.first_page(row, SkipClass::Header, self.markers);
            } else if is_declared || !table.is_record_like(&row.cells) {
                table.first_page(row, SkipClass::Title, self.markers);
            }
        }
        table
    }

    /// Refuses a sheet without a readable table. One among others is refused row by row, so that every
    /// row of the file is accounted for; of a file of one sheet nothing is read.
    fn refuse_all(
        &mut self,
        held: Vec<SheetRow>,
        finding: Finding,
        emitter: &mut Emitter<'_>,
    ) -> Result<(), Stop> {
        if self.facts.sheet.is_empty() {
            self.phase = Phase::NoHeader(finding);
            return Ok(());
        }
        emitter.open(self.settings.language.as_ref())?;
        let (file, sheet) = (emitter.facts.path.clone(), self.name());
        let ledger = Arc::new(Ledger { file, sheet, columns: Vec::new(), settings: self.settings.clone() });
        emitter.emit(Event::Sheet(ledger.clone()))?;
        self.phase = Phase::Refusing(finding.clone(), ledger.clone());
        held.into_iter().try_for_each(|row| self.refuse(row, finding.clone(), ledger.clone(), emitter))
    }

    fn refuse(
        &mut self,
        row: SheetRow,
        finding: Finding,
        ledger: Arc<Ledger>,
        emitter: &mut Emitter<'_>,
    ) -> Result<(), Stop> {
        if row.hidden {
            return self.tell_skipped(row.row, row.cells, SkipClass::Hidden, ledger, emitter);
        }
        self.end_record(emitter)?;
        self.account(row.row);
        let source = Source { ledger, row: row.row };
        emitter.emit(Event::Refused(Reject {
            source,
            cells: row.cells,
            carried: Vec::new(),
            findings: vec![finding],
        }))
    }

    /// A row above the header: a title, unless it has values where a record has them. A weapon there
    /// has no header of its own, so nobody knows what its cells mean.
    fn above_header(&mut self, row: SheetRow, emitter: &mut Emitter<'_>) -> Result<(), Stop> {
        let Phase::Body(table) = &self.phase else { return Ok(()) };
        let is_declared = self.markers.profile.file.header_row.is_some();
        if is_declared || !table.is_record_like(&row.cells) {
            return self.skip(row, SkipClass::Title, emitter);
        }
        let finding = Finding::new(Code::I112, message!("i112-above")).suggest(message!("i112-above-repair"));
        let ledger = table.ledger().clone();
        self.refuse(row, finding, ledger, emitter)
    }

    fn tell(&mut self, row: SheetRow, emitter: &mut Emitter<'_>) -> Result<(), Stop> {
        let Phase::Body(table) = &mut self.phase else { return Ok(()) };
        if (1..LOOSE_ROWS).contains(&self.loose.len()) && is_whole(&row) && table.waits(&row, self.markers) {
            self.loose.push(row);
            return Ok(());
        }
        self.settle(Some(&row), emitter)?;
        let Phase::Body(table) = &mut self.phase else { return Ok(()) };
        let told = match &row.trouble {
            // What it says still stands above the next row.
            None if row.hidden => {
                table.tell(&row, self.markers);
                Told::Skip(SkipClass::Hidden)
            }
            Some(_) if row.hidden => {
                table.forget_above();
                Told::Skip(SkipClass::Hidden)
            }
            Some(trouble) => {
                table.forget_above();
                Told::Refuse(trouble.finding())
            }
            None => table.tell(&row, self.markers),
        };
        let against_last = table.against_last().filter(|_| !row.hidden);
        if let (Some(finding), Some(last)) = (against_last, &mut self.last) {
            last.record.findings.push(finding);
        }
        emitter.headers_met.extend(table.headers_met());
        self.say(row, told, emitter)
    }

    /// Tells the texts alone above a row, or at the end.
    fn settle(&mut self, below: Option<&SheetRow>, emitter: &mut Emitter<'_>) -> Result<(), Stop> {
        for row in std::mem::take(&mut self.loose) {
            let Phase::Body(table) = &mut self.phase else { return Ok(()) };
            let told = table.settle(&row, below, self.markers);
            self.say(row, told, emitter)?;
        }
        Ok(())
    }

    /// Says what a row is.
    fn say(&mut self, mut row: SheetRow, told: Told, emitter: &mut Emitter<'_>) -> Result<(), Stop> {
        let Phase::Body(table) = &mut self.phase else { return Ok(()) };
        match told {
            Told::Skip(class) => self.skip(row, class, emitter),
            Told::Refuse(finding) => {
                table.keep_comments(&mut row);
                let ledger = table.ledger().clone();
                self.refuse(row, finding, ledger, emitter)
            }
            Told::Record(carried, findings) => {
                let record = table.record(row, carried, findings);
                self.end_record(emitter)?;
                self.account(record.source.row);
                self.last = Some(LastRecord { record, lines: Vec::new() });
                Ok(())
            }
            Told::Continues(column) => self.go_on(row, column, emitter),
            Told::Loose => {
                self.loose.push(row);
                Ok(())
            }
        }
    }

    /// Tells the last record, as nothing can go on with it any more.
    fn end_record(&mut self, emitter: &mut Emitter<'_>) -> Result<(), Stop> {
        let Some(LastRecord { record, lines }) = self.last.take() else { return Ok(()) };
        emitter.emit(Event::Row(record))?;
        lines.into_iter().try_for_each(|line| emitter.emit(line))
    }

    /// Adds the text of a row to that of the record above it.
    fn go_on(&mut self, mut row: SheetRow, column: usize, emitter: &mut Emitter<'_>) -> Result<(), Stop> {
        let follows =
            |last: &&mut LastRecord| last.record.source.row + last.lines.len() as u32 + 1 == row.row;
        let Some(LastRecord { record, lines }) = self.last.as_mut().filter(follows) else {
            return self.skip(row, SkipClass::Note, emitter);
        };
        let carried = record.carried.iter().position(|(at, _)| *at == column);
        let above = carried.map(|at| record.carried.remove(at).1);
        let above = above.as_deref().unwrap_or_else(|| record.cells.get(column).text.trim());
        let text = format!("{above} {}", row.cells.get(column).text.trim());
        record.carried.push((column, text.trim().into()));
        if let Phase::Body(table) = &mut self.phase {
            table.keep_comments(&mut row);
        }
        let source = Source { ledger: record.source.ledger.clone(), row: row.row };
        lines.push(Event::Skipped { source, class: SkipClass::Note, cells: row.cells });
        *self.facts.skipped.entry(SkipClass::Note).or_default() += 1;
        self.account(row.row);
        Ok(())
    }

    fn skip(&mut self, mut row: SheetRow, class: SkipClass, emitter: &mut Emitter<'_>) -> Result<(), Stop> {
        let Phase::Body(table) = &mut self.phase else { return Ok(()) };
        table.keep_comments(&mut row);
        let ledger = table.ledger().clone();
        self.tell_skipped(row.row, row.cells, class, ledger, emitter)
    }

    fn set_aside(
        &mut self,
        row: SheetRow,
        class: SkipClass,
        mut ledger: Arc<Ledger>,
        emitter: &mut Emitter<'_>,
    ) -> Result<(), Stop> {
        if self.accounted == 0 {
            emitter.open(self.settings.language.as_ref())?;
            Arc::make_mut(&mut ledger).file = emitter.facts.path.clone();
            self.phase = Phase::Aside(class, ledger.clone());
            emitter.emit(Event::Sheet(ledger.clone()))?;
        }
        self.tell_skipped(row.row, row.cells, class, ledger, emitter)
    }

    fn tell_skipped(
        &mut self,
        row: u32,
        cells: Cells,
        class: SkipClass,
        ledger: Arc<Ledger>,
        emitter: &mut Emitter<'_>,
    ) -> Result<(), Stop> {
        self.end_record(emitter)?;
        self.account(row);
        *self.facts.skipped.entry(class).or_default() += 1;
        emitter.emit(Event::Skipped { source: Source { ledger, row }, class, cells })
    }

    fn account(&mut self, row: u32) {
        self.accounted += 1;
        self.facts.rows_read = row.into();
    }

    /// Ends the sheet. Rows that never came are blank.
    pub fn finish(mut self, emitter: &mut Emitter<'_>) -> Result<SheetEnd, Stop> {
        if matches!(&self.phase, Phase::Searching(held) if held.is_empty()) {
            return Ok(SheetEnd::Empty);
        }
        self.decide(emitter)?;
        self.settle(None, emitter)?;
        self.end_record(emitter)?;
        let end = match self.phase {
            Phase::NoHeader(finding) => return Ok(SheetEnd::Refused(finding)),
            Phase::Refusing(finding, _) => SheetEnd::Refused(finding),
            Phase::Aside(..) if self.accounted == 0 => return Ok(SheetEnd::Empty),
            Phase::Aside(..) => SheetEnd::Aside,
            Phase::Body(_) | Phase::Searching(_) => SheetEnd::Read,
        };
        let blank = self.facts.rows_read.saturating_sub(self.accounted);
        if blank > 0 {
            self.facts.skipped.insert(SkipClass::Blank, blank);
        }
        emitter.emit(Event::EndSheet(self.facts))?;
        Ok(end)
    }
}

/// What the columns mean, as far as the rows below the header tell it; a finding where they leave it open.
fn settle(
    reading: HeaderReading,
    held: &[SheetRow],
    header: Range<usize>,
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> Result<HeaderReading, Finding> {
    let (first, below) = held.split_at(header.end);
    let is_declared = markers.profile.file.header_row.is_some();
    if let Some(finding) = cards::finding(held, header.start, markers).filter(|_| !is_declared) {
        return Err(finding);
    }
    let reading = settle_by_counting(reading, below, markers, language);
    let reading = settle_by_values(reading, below, markers, language);
    let reading = side_by_side::settle(reading, (first, below), markers, language)?;
    let finding = reading.ambiguity().or_else(|| numbers::doubt(&reading, below, markers));
    let finding = finding.or_else(|| joint::undivided(&reading, markers));
    finding.map_or(Ok(reading), Err)
}

/// Whether a row is shown, and was read as it stands.
fn is_whole(row: &SheetRow) -> bool {
    !row.hidden && row.trouble.is_none()
}

/// Whether a row is nothing but the sign by which DOS ended a text file.
fn is_end_mark(cells: &Cells) -> bool {
    let mut values = cells.iter().filter(|cell| !cell.is_blank());
    values.next().is_some_and(|cell| cell.text.trim() == "\u{1a}") && values.next().is_none()
}

/// A sheet whose header could not be found.
pub(crate) fn no_header(message: String) -> Finding {
    Finding::new(Code::I104, message).suggest(message!("i104-repair"))
}
