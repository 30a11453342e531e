//! A ledger that was read before is read again without its file: its rows as they were kept, under another
//! profile, through the same layout as any ledger.
//!
//! What a file says beside its cells is not kept: merged cells are known only by the values that they gave to
//! blank cells. So whoever asks reads the rows by the profile that they were read by first, and goes on only where
//! that gives what was read then.

use std::ops::ControlFlow;
use std::sync::Arc;

use matricule_mapping::Profile;
use matricule_record::{Cells, Code, FileFacts, Finding, Settings, SkipClass, Text, message};

use crate::event::Event;
use crate::flow::{Emitter, FileFlow, Ingest, Stop};
use crate::sheet_row::{Note, SheetRow, Span, Trouble};

/// A ledger as it was read before.
#[derive(Clone, Debug, Default)]
pub struct KnownLedger {
    /// The file.
    pub facts: FileFacts,
    /// The profile that it was read by.
    pub read_by: Profile,
    /// The profile that it is to be read by.
    pub profile: Profile,
    /// Its sheets, in their order.
    pub sheets: Vec<KnownSheet>,
}

/// A sheet of it.
#[derive(Clone, Debug, Default)]
pub struct KnownSheet {
    /// Its name; empty for a CSV.
    pub name: Arc<str>,
    /// Whether the file hides it.
    pub hidden: bool,
    /// How its rows were read.
    pub settings: Settings,
    /// Why it was not read, where it was not.
    pub refused: Option<Finding>,
    /// Its rows that hold a value, in their order.
    pub rows: Vec<KnownRow>,
}

/// A row of it.
#[derive(Clone, Debug, Default)]
pub struct KnownRow {
    /// Its number, from 1.
    pub row: u32,
    /// Its cells.
    pub cells: Cells,
    /// What persons wrote to its cells.
    pub comments: String,
    /// Values that stand elsewhere.
    pub carried: Vec<(usize, Text)>,
    /// What kind of row it was, where it was no record.
    pub class: Option<SkipClass>,
    /// What was found wrong with it.
    pub findings: Vec<Finding>,
}

impl Ingest<'_> {
    /// Reads a known ledger by its new profile.
    pub fn read_again(&self, known: &KnownLedger, out: &mut dyn FnMut(Event) -> ControlFlow<()>) {
        let mut facts = known.facts.clone();
        if let Some(sheet) = known.sheets.first() {
            let settings = settings_again(known, &sheet.settings);
            facts.reading = settings.reading;
            facts.register.clone_from(&settings.register);
        }
        facts.profile = (!known.profile.text.is_empty()).then(|| known.profile.text.clone());
        let mut emitter = Emitter::new(facts, out);
        if let Err(Stop::Failed(finding)) = self.tell_again(known, &mut emitter) {
            let facts = emitter.facts.clone();
            let _ = emitter.emit(Event::Failed(facts, *finding));
        }
    }

    fn tell_again(&self, known: &KnownLedger, emitter: &mut Emitter<'_>) -> Result<(), Stop> {
        if let Some(finding) = needs_the_file(&known.read_by, &known.profile) {
            return Err(finding.into());
        }
        let limits = self.limits.changed_by(&known.profile.limits)?;
        let markers = self.markers(&known.profile);
        let mut flow = FileFlow::new(&known.profile, Settings::default(), &markers, limits, emitter);
        for sheet in &known.sheets {
            if let Some(finding) = &sheet.refused {
                flow.refuse_sheet(Arc::clone(&sheet.name), finding.clone())?;
                continue;
            }
            flow.settings = settings_again(known, &sheet.settings);
            flow.start_sheet(&sheet.name, sheet.hidden)?;
            for row in &sheet.rows {
                flow.row(sheet_row(row, sheet.hidden))?;
            }
            flow.end_sheet()?;
        }
        flow.finish()
    }
}

/// What the new profile declares, and what was declared beside the old one or detected.
fn settings_again(known: &KnownLedger, before: &Settings) -> Settings {
    if known.profile.text == known.read_by.text {
        return before.clone();
    }
    let (was, is) = (&known.read_by.ledger, &known.profile.ledger);
    let mut settings = known.profile.settings();
    if is.language.is_none() && was.language.is_none() {
        settings.language.clone_from(&before.language);
    }
    if is.register.is_none() && was.register.is_none() {
        settings.register.clone_from(&before.register);
    }
    if is.reading.is_none() && was.reading.is_none() {
        settings.reading = before.reading;
    }
    if is.variant.is_none() && was.variant.is_none() {
        settings.variant = before.variant;
    }
    settings
}

/// What of a profile decides how bytes become rows, which are not kept.
fn needs_the_file(was: &Profile, is: &Profile) -> Option<Finding> {
    let lost_fill = was.rows.fill.iter().any(|name| !is.rows.fill.contains(name));
    let now_hidden = was.file.hidden.as_deref() == Some("load") && is.file.hidden.as_deref() != Some("load");
    let changed = [
        ("encoding", was.file.encoding != is.file.encoding),
        ("delimiter", was.file.delimiter != is.file.delimiter),
        ("hidden = \"load\"", now_hidden),
        ("[limits]", was.limits != is.limits),
        ("[rows] fill", lost_fill),
    ];
    let (key, _) = changed.into_iter().find(|(_, changed)| *changed)?;
    let message = message!("m506-again", key = key);
    Some(Finding::new(Code::M506, message).suggest(message!("m506-again-repair")))
}

fn sheet_row(known: &KnownRow, hidden_sheet: bool) -> SheetRow {
    let trouble = match known.findings.as_slice() {
        [finding] if matches!(finding.code, Code::I105 | Code::I106 | Code::I107) => {
            Some(Trouble::Known(Box::new(finding.clone())))
        }
        _ => None,
    };
    let blank = known.carried.iter().filter(|(column, _)| known.cells.get(*column).is_blank());
    let span = |(column, text): &(usize, Text)| Span {
        first: *column as u32,
        last: *column as u32,
        top: known.row.saturating_sub(1),
        text: text.clone(),
    };
    SheetRow {
        row: known.row,
        cells: known.cells.clone(),
        hidden: !hidden_sheet && known.class == Some(SkipClass::Hidden),
        spans: blank.map(span).collect(),
        notes: notes(known),
        trouble,
    }
}

/// What the workbook said of its cells: comments, and lines through a text. One through all of it may be accepted.
fn notes(known: &KnownRow) -> Vec<(u32, Note)> {
    let struck = known.findings.iter().filter(|finding| finding.code == Code::I114).filter_map(|finding| {
        let note = if finding.proposals().is_empty() { Note::PartStruck } else { Note::Struck };
        Some((finding.column? as u32, note))
    });
    let comments = Some(known.comments.clone()).filter(|text| !text.is_empty());
    struck.chain(comments.map(|text| (0, Note::Comment(text)))).collect()
}
