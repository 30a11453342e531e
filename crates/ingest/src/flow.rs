//! How a file is read, on one page: its declarations, its bytes, its sheets, its end.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use matricule_mapping::{HeaderWords, Profile, Vocabulary};
use matricule_record::{Code, FileFacts, Finding, Reading, Settings, Text, Variant};

use crate::discover::{LedgerFile, unreadable};
use crate::event::Event;
use crate::format::Format;
use crate::layout::{Layout, Markers, Plan, SheetEnd, check_met};
use crate::limits::Limits;
use crate::profile::{Declared, declared_for, loads_hidden, one_matches, settings_of, the_one};
use crate::sheet_row::SheetRow;
use crate::workbook::ReaderCommand;
use crate::{csv, workbook};

/// What the command line declares about every file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// By sound or by look.
    pub reading: Option<Reading>,
    /// The standard or the strict variant.
    pub variant: Option<Variant>,
    /// Register of the ledgers.
    pub register: Option<Text>,
    /// Language of the ledgers.
    pub language: Option<Text>,
}

/// Everything that reading needs to know besides the file.
#[derive(Clone, Debug)]
pub struct Ingest<'a> {
    /// What columns are called.
    pub headers: &'a HeaderWords,
    /// What rows that are no records begin with: `furniture`.
    pub furniture: &'a Vocabulary,
    /// Marks that repeat the value above: `ditto`.
    pub ditto: &'a Vocabulary,
    /// Words that cells may hold (types, countries, states): where they come out of a guessed encoding,
    /// they confirm it.
    pub words: &'a [Vocabulary],
    /// A profile for all files; without it, the `ledger.toml` beside each file.
    pub profile: Option<&'a Profile>,
    /// What the command line declares.
    pub overrides: Overrides,
    /// How to start the isolated workbook reader.
    pub reader: ReaderCommand,
    /// What a file may cost.
    pub limits: Limits,
}

/// Why reading ends before the file does.
pub(crate) enum Stop {
    /// The receiver wants no more.
    Receiver,
    /// The file is refused.
    Failed(Box<Finding>),
}

impl From<Finding> for Stop {
    fn from(finding: Finding) -> Self {
        Self::Failed(Box::new(finding))
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        unreadable(&error.to_string()).into()
    }
}

impl Ingest<'_> {
    /// Reads a file and tells `out` what is in it. Memory does not grow with the number of rows.
    pub fn read(&self, file: &LedgerFile, out: &mut dyn FnMut(Event) -> ControlFlow<()>) {
        let mut emitter = Emitter::new(file.facts(), out);
        match self.read_with(file, &mut emitter) {
            Ok(()) | Err(Stop::Receiver) => {}
            Err(Stop::Failed(finding)) => {
                let facts = emitter.facts.clone();
                let _ = emitter.emit(Event::Failed(facts, of_content(file, *finding)));
            }
        }
    }

    /// The words that tell rows and columns apart, under a profile.
    pub(crate) fn markers<'m>(&'m self, profile: &'m Profile) -> Markers<'m> {
        Markers::new(self.headers, (self.furniture, self.ditto, self.words), profile)
    }

    /// The profile that holds for a file: by its name, or else by its header.
    pub(crate) fn profile_of(&self, file: &LedgerFile) -> Result<Cow<'_, Profile>, Finding> {
        match declared_for(&file.path, &file.profiles, self.profile)? {
            Declared::Profile(profile) => Ok(profile),
            Declared::ByHeader(mut profiles, otherwise) => {
                profiles.retain(|(_, profile)| self.has_header(file, profile));
                Ok(the_one(profiles)?.unwrap_or(otherwise))
            }
        }
    }

    /// Whether the first table of a file has every column that a profile names.
    fn has_header(&self, file: &LedgerFile, profile: &Profile) -> bool {
        let mut has = false;
        let mut look = |event| {
            let Event::Sheet(ledger) = event else { return ControlFlow::Continue(()) };
            if ledger.columns.is_empty() {
                return ControlFlow::Continue(());
            }
            let is_there = |named: &String| ledger.columns.iter().any(|column| column.header == named.trim());
            has = profile.columns.len() > 1 && profile.columns.keys().all(is_there);
            ControlFlow::Break(())
        };
        let mut emitter = Emitter::new(file.facts(), &mut look);
        let read = self.read_by(profile, file, &mut emitter);
        has && matches!(read, Err(Stop::Receiver))
    }

    fn read_with(&self, file: &LedgerFile, emitter: &mut Emitter<'_>) -> Result<(), Stop> {
        let profile = self.profile_of(file)?;
        self.read_by(&profile, file, emitter)
    }

    fn read_by(&self, profile: &Profile, file: &LedgerFile, emitter: &mut Emitter<'_>) -> Result<(), Stop> {
        let settings = settings_of(profile, &self.overrides);
        emitter.facts.reading = settings.reading;
        emitter.facts.register.clone_from(&settings.register);
        emitter.facts.profile = (!profile.text.is_empty()).then(|| profile.text.clone());
        let limits = self.limits.changed_by(&profile.limits)?;
        let markers = self.markers(profile);
        let mut flow = FileFlow::new(profile, settings, &markers, limits, emitter);
        if file.format.is_text() {
            csv::read(file, &mut flow)?;
        } else {
            workbook::read(file, &self.reader, &mut flow)?;
        }
        unchanged(file)?;
        flow.finish()
    }
}

/// Why a file has no table, which is told first where it is a text that has the name of a workbook.
fn of_content(file: &LedgerFile, mut finding: Finding) -> Finding {
    let is_claimed = Format::from_extension(&file.path).is_some_and(|claimed| !claimed.is_text());
    if finding.code == Code::I104 && is_claimed && file.format.is_text() {
        let extension = file.path.extension().unwrap_or_default().to_string_lossy();
        let message = std::mem::take(&mut finding.message);
        finding.message = format!("the file is named .{extension} but its content is text: {message}");
    }
    finding
}

/// Refuses a file that was written to since it was discovered: its digest is of other bytes.
fn unchanged(file: &LedgerFile) -> Result<(), Stop> {
    let now = std::fs::metadata(&file.path)?;
    if now.len() == file.on_disk && now.modified().ok() == file.modified {
        return Ok(());
    }
    let finding = Finding::new(Code::I101, "the file was changed while it was read");
    Err(finding.suggest("Convert it again when nothing writes to it.").into())
}

/// The receiver, and what it has been told so far.
pub(crate) struct Emitter<'o> {
    out: &'o mut dyn FnMut(Event) -> ControlFlow<()>,
    /// What is known about the file.
    pub facts: FileFacts,
    /// The headers of the sheets read, as they stand there.
    pub headers_met: BTreeSet<String>,
    opened: bool,
    pending: Vec<(Arc<str>, Finding)>,
}

impl<'o> Emitter<'o> {
    /// A receiver that has been told nothing.
    pub fn new(facts: FileFacts, out: &'o mut dyn FnMut(Event) -> ControlFlow<()>) -> Self {
        Self { out, facts, headers_met: BTreeSet::new(), opened: false, pending: Vec::new() }
    }

    /// Tells the receiver about the file, once.
    pub fn open(&mut self, language: Option<&Text>) -> Result<(), Stop> {
        if self.opened {
            return Ok(());
        }
        self.opened = true;
        self.facts.language = language.cloned();
        self.emit(Event::File(self.facts.clone()))?;
        self.emit_pending()
    }

    pub fn emit(&mut self, event: Event) -> Result<(), Stop> {
        match (self.out)(event) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stop::Receiver),
        }
    }

    fn emit_pending(&mut self) -> Result<(), Stop> {
        for (sheet, finding) in std::mem::take(&mut self.pending) {
            self.emit(Event::SheetFinding(sheet, finding))?;
        }
        Ok(())
    }
}

/// A file while it is read: its declarations, its receiver, and the sheet that is open.
pub(crate) struct FileFlow<'f, 'o> {
    /// What is declared about it.
    pub profile: &'f Profile,
    /// How its rows are to be read, as far as declared.
    pub settings: Settings,
    /// The words that tell rows and columns apart.
    pub markers: &'f Markers<'f>,
    /// What it may cost.
    pub limits: Limits,
    /// The receiver.
    pub emitter: &'f mut Emitter<'o>,
    layout: Option<Layout<'f>>,
    sheets: usize,
    /// Why sheets were refused, in their order.
    refused: Vec<Finding>,
}

impl<'f, 'o> FileFlow<'f, 'o> {
    /// A file of which nothing is read.
    pub fn new(
        profile: &'f Profile,
        settings: Settings,
        markers: &'f Markers<'f>,
        limits: Limits,
        emitter: &'f mut Emitter<'o>,
    ) -> Self {
        Self { profile, settings, markers, limits, emitter, layout: None, sheets: 0, refused: Vec::new() }
    }

    /// Opens a sheet; the one before is closed.
    pub fn start_sheet(&mut self, name: &str, hidden: bool) -> Result<(), Stop> {
        self.end_sheet()?;
        let plan = if !one_matches(&self.profile.ledger.sheets, name) && !name.is_empty() {
            Plan::NotALedger
        } else if hidden && !loads_hidden(self.profile) {
            Plan::Hidden
        } else {
            Plan::Read
        };
        self.layout = Some(Layout::new(name, plan, self.settings.clone(), self.markers));
        Ok(())
    }

    /// Takes a row of the open sheet.
    pub fn row(&mut self, row: SheetRow) -> Result<(), Stop> {
        if u64::from(row.row) > self.limits.rows {
            let message = format!("a sheet has more than {} rows", self.limits.rows);
            let finding = Finding::new(Code::I107, message);
            return Err(finding.suggest("Split it, or raise `rows` in [limits] of the profile.").into());
        }
        match &mut self.layout {
            Some(layout) => layout.push(row, self.emitter),
            None => Ok(()),
        }
    }

    /// Gives up the open sheet. A sheet that breaks off after rows of it were told takes the file
    /// with it: what was loaded would be a part that looks like the whole.
    pub fn sheet_failed(&mut self, finding: Finding) -> Result<(), Stop> {
        match self.layout.take() {
            Some(layout) if layout.is_searching() => self.refuse_sheet(layout.name(), finding),
            _ => Err(finding.into()),
        }
    }

    /// Tells why a sheet is not read.
    pub fn refuse_sheet(&mut self, sheet: Arc<str>, finding: Finding) -> Result<(), Stop> {
        self.emitter.pending.push((sheet, finding));
        if self.emitter.opened { self.emitter.emit_pending() } else { Ok(()) }
    }

    /// Closes the open sheet, if there is one.
    pub fn end_sheet(&mut self) -> Result<(), Stop> {
        let Some(layout) = self.layout.take() else { return Ok(()) };
        match layout.finish(self.emitter)? {
            SheetEnd::Read => self.sheets += 1,
            SheetEnd::Aside | SheetEnd::Empty => {}
            SheetEnd::Refused(finding) => self.refused.push(finding),
        }
        Ok(())
    }

    /// Closes the file: one without any table is refused, for the reason of its first sheet.
    pub fn finish(&mut self) -> Result<(), Stop> {
        self.end_sheet()?;
        if self.sheets > 0 {
            check_met(&self.emitter.headers_met, self.profile)?;
            return self.emitter.emit(Event::EndFile);
        }
        let none = || Finding::new(Code::I104, "there is no table in the file: no row of it is a header");
        let damaged = self.emitter.pending.drain(..).map(|(_, finding)| finding);
        let first = self.refused.drain(..).chain(damaged).next();
        Err(first.unwrap_or_else(none).into())
    }
}
