//! The flow, on one page.
//!
//! ```text
//! source ──▶ standardize ──▶ transliterate ──▶ link ──▶ load, then resolve
//! one thread └──────── several workers ────────┘       the calling thread
//! ```
//!
//! Each stage is a plain function from one row type to the next, or to a reject; a row refused by
//! any of them rides along to the writer. Queues are bounded and order is kept, so the registry is
//! the same for any number of workers and any size of batch.

use std::ops::ControlFlow;
use std::sync::Arc;

use matricule_deduplication::{Linker, link, link_entry, link_exact};
use matricule_ingest::{Event, Ingest, KnownLedger, LedgerFile};
use matricule_loader::Load;
use matricule_record::{Code, Finding, Ledger, LinkMode, Resolution};
use matricule_transliteration::Conversion;

use crate::batch::{Batch, Preparation};
use crate::clock::{Clock, Part};
use crate::convert::Request;
use crate::conveyor::{self, Out};
use crate::known::Input;
use crate::merge::{self, MergedLedger};
use crate::writer::{Tally, Writer};
use crate::{Error, Progress, Stages, Watch, amend, decide, resolve};

/// Reads ledgers into a registry that is being loaded, after what was counted already; publishes nothing.
pub(crate) fn run(
    stages: &Stages,
    (input, counted): (&Input, Tally),
    request: &Request,
    load: &mut Load,
    (clock, watch): (&Clock, &dyn Watch),
) -> Result<(Tally, Resolution), Error> {
    let mut linker = Linker::new(request.link == LinkMode::Exact);
    load.existing(|entry| linker.add(entry.id, link_entry(&entry)))?;
    let part = request.parts.map(|parts| parts.rows);
    let mut writer = Writer::new((load, &mut linker), watch, counted, part);
    conveyor::in_order(
        request.split,
        |out| source(stages, input, request.split.batch, (clock, watch), out),
        |events| {
            let (mut conversion, mut preparation) = (Conversion::default(), Preparation::default());
            let mut reader = stages.standardization.reader();
            let link = if request.link == LinkMode::Exact { link_exact } else { link };
            Batch::new(events)
                .step(clock, Part::Standardize, |row| Ok(reader.standardize(row)))
                .step(clock, Part::Transliterate, |row| {
                    stages.transliteration.transliterate(row, &mut conversion)
                })
                .step(clock, Part::Link, |row| Ok(link(row)))
                .step(clock, Part::Prepare, |row| Ok(preparation.prepare(row)))
        },
        |batch| clock.time(Part::Load, || writer.load(batch)),
    )?;
    let tally = writer.counted();
    amend::state_kept(stages, load)?;
    merge::record_origins(load, &input.merged)?;
    let has_said = merge::take_over(stages, input, load)?;
    watch.progress(Progress::Resolving);
    // Links are complete only when all rows are in. Entries of earlier runs that state something else now were
    // gathered by what they said before.
    let resolution = clock.time(Part::Resolve, || {
        if has_said {
            resolve::registry(load, request.link)
        } else if load.has_renewed() {
            resolve::revised(load, request.link)
        } else {
            resolve::gathered(load, linker, request.link)
        }
    })?;
    match decide::torn(&resolution).filter(|_| has_said) {
        Some((a, b)) => Err(Error::Undecidable(a, b)),
        None => Ok((tally, resolution)),
    }
}

/// Reads file after file into batches of events; the files refused unopened come first.
fn source(
    stages: &Stages,
    input: &Input,
    size: usize,
    (clock, watch): (&Clock, &dyn Watch),
    out: Out<'_, Vec<Event>>,
) {
    let ingest = stages.ingest();
    let mut batch: Vec<Event> =
        input.refused.iter().map(|(facts, why)| Event::Failed(facts.clone(), why.clone())).collect();
    let files = input.ledgers.iter().map(Source::File);
    let merged = input.merged.iter().map(Source::Merged);
    for ledger in files.chain(input.again.as_ref().map(Source::Kept)).chain(merged) {
        watch.progress(Progress::File { path: ledger.path() });
        let mut receive = |event| {
            batch.push(event);
            if batch.len() < size {
                return ControlFlow::Continue(());
            }
            let full = std::mem::replace(&mut batch, Vec::with_capacity(size));
            clock.pause(Part::Ingest, || out(full))
        };
        let flow = clock.time(Part::Ingest, || read(&ingest, stages, &ledger, &mut receive));
        if flow.is_break() || watch.is_interrupted() {
            return;
        }
    }
    let _ = out(batch);
}

/// Reads a ledger that a registry holds.
pub(crate) fn read_known(stages: &Stages, ledger: &KnownLedger, out: Out<'_, Event>) -> ControlFlow<()> {
    read(&stages.ingest(), stages, &Source::Kept(ledger), out)
}

/// Where the rows of a ledger are.
enum Source<'a> {
    /// In its file.
    File(&'a LedgerFile),
    /// In the registry.
    Kept(&'a KnownLedger),
    /// In another registry.
    Merged(&'a MergedLedger),
}

impl Source<'_> {
    fn path(&self) -> &str {
        match self {
            Self::File(file) => &file.relative,
            Self::Kept(known) => &known.facts.path,
            Self::Merged(ledger) => &ledger.facts.path,
        }
    }

    fn read(&self, ingest: &Ingest<'_>, out: &mut dyn FnMut(Event) -> ControlFlow<()>) {
        match self {
            Self::File(file) => ingest.read(file, out),
            Self::Kept(known) => ingest.read_again(known, out),
            Self::Merged(ledger) => match ledger.known() {
                Ok(known) => ingest.read_again(&known, out),
                Err(finding) => {
                    let _ = out(Event::Failed(ledger.facts.clone(), finding));
                }
            },
        }
    }
}

/// Reads one ledger. One whose own mapping rows do not compile is refused as a whole.
fn read(ingest: &Ingest<'_>, stages: &Stages, ledger: &Source<'_>, out: Out<'_, Event>) -> ControlFlow<()> {
    let mut flow = ControlFlow::Continue(());
    let mut facts = None;
    let mut personal = PersonalColumns::default();
    ledger.read(ingest, &mut |event| {
        if let Event::File(known) = &event {
            facts = Some(known.clone());
        }
        let fault = match &event {
            Event::Sheet(sheet) => stages.transliteration.prepare(&sheet.settings).err(),
            _ => None,
        };
        let Some((faults, facts)) = fault.zip(facts.clone()) else {
            flow = out(personal.marked(event, stages));
            return flow;
        };
        let message = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let finding = Finding::new(Code::M506, format!("its own mapping rows are not valid: {message}"));
        flow = out(Event::Failed(facts, finding));
        ControlFlow::Break(())
    });
    flow
}

/// The table being read with its columns of personal data marked. A sheet may hold several tables, one after the
/// other; the rows of one share it.
#[derive(Default)]
struct PersonalColumns(Option<(Arc<Ledger>, Arc<Ledger>)>);

impl PersonalColumns {
    /// The same event, its table marked.
    fn marked(&mut self, mut event: Event, stages: &Stages) -> Event {
        let ledger = match &mut event {
            Event::Sheet(ledger) => Some(ledger),
            Event::Row(row) => Some(&mut row.source.ledger),
            Event::Refused(reject) => Some(&mut reject.source.ledger),
            Event::Skipped { source, .. } => Some(&mut source.ledger),
            _ => None,
        };
        if let Some(ledger) = ledger {
            *ledger = self.of(ledger, stages);
        }
        event
    }

    fn of(&mut self, ledger: &Arc<Ledger>, stages: &Stages) -> Arc<Ledger> {
        if let Some((_, marked)) = self.0.as_ref().filter(|(known, _)| Arc::ptr_eq(known, ledger)) {
            return Arc::clone(marked);
        }
        let marked = stages.with_personal_columns(ledger);
        self.0 = Some((Arc::clone(ledger), Arc::clone(&marked)));
        marked
    }
}
