//! The source of the flow: ledgers into batches of events, in the order of the ledgers.
//!
//! While the rows of one ledger are on their way, those that come next are read already, each by a thread of its
//! own and, a workbook, by a process of its own: one reader alone is slower than what follows it.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::{Scope, ScopedJoinHandle};

use crossbeam_channel::{Receiver, bounded};
use matricule_ingest::{Event, Ingest, KnownLedger, LedgerFile};
use matricule_record::{Code, Finding, Ledger, message};

use crate::clock::{Clock, Part};
use crate::conveyor::{Out, Split};
use crate::known::Input;
use crate::merge::MergedLedger;
use crate::{Progress, Stages, Watch};

/// Batches of a ledger that wait for those of the ledgers before it.
const WAITING: usize = 8;

/// Reads ledgers into batches of events; the files refused unopened come first.
pub(crate) fn read(
    stages: &Stages,
    input: &Input,
    split: Split,
    (clock, watch): (&Clock, &dyn Watch),
    out: Out<'_, Vec<Event>>,
) {
    let mut batch: Vec<Event> =
        input.refused.iter().map(|(facts, why)| Event::Failed(facts.clone(), why.clone())).collect();
    let files = input.ledgers.iter().map(Source::File);
    let merged = input.merged.iter().map(Source::Merged);
    let mut ledgers = files.chain(input.again.as_ref().map(Source::Kept)).chain(merged);
    std::thread::scope(|scope| {
        let start = |ledger| Reading::start(scope, (stages, clock), ledger, split.batch);
        let mut readings: VecDeque<Reading<'_, '_>> =
            ledgers.by_ref().take(split.workers.max(1)).map(start).collect();
        while let Some(reading) = readings.pop_front() {
            watch.progress(Progress::File { path: reading.ledger.path() });
            for events in &reading.batches {
                // Small ledgers share a batch.
                if batch.is_empty() {
                    batch = events;
                } else {
                    batch.extend(events);
                }
                if batch.len() >= split.batch && out(std::mem::take(&mut batch)).is_break() {
                    return;
                }
            }
            if let Err(panic) = reading.thread.join() {
                resume_unwind(panic);
            }
            if watch.is_interrupted() {
                return;
            }
            readings.extend(ledgers.next().map(start));
        }
        let _ = out(batch);
    });
}

/// Reads a ledger that a registry holds.
pub(crate) fn read_known(stages: &Stages, ledger: &KnownLedger, out: Out<'_, Event>) -> ControlFlow<()> {
    read_one(&stages.ingest(), stages, Source::Kept(ledger), out)
}

/// A ledger that is being read.
struct Reading<'scope, 'a> {
    ledger: Source<'a>,
    batches: Receiver<Vec<Event>>,
    thread: ScopedJoinHandle<'scope, ()>,
}

impl<'scope, 'a: 'scope> Reading<'scope, 'a> {
    /// Reads on a thread, which ends when nobody takes what it reads any more.
    fn start(
        scope: &'scope Scope<'scope, '_>,
        (stages, clock): (&'a Stages, &'a Clock),
        ledger: Source<'a>,
        size: usize,
    ) -> Self {
        let (to, batches) = bounded(WAITING);
        let thread = scope.spawn(move || {
            let mut batch = Vec::with_capacity(size);
            clock.time(Part::Ingest, || {
                let _ = read_one(&stages.ingest(), stages, ledger, &mut |event| {
                    batch.push(event);
                    if batch.len() < size {
                        return ControlFlow::Continue(());
                    }
                    let full = std::mem::replace(&mut batch, Vec::with_capacity(size));
                    match clock.pause(Part::Ingest, || to.send(full)) {
                        Ok(()) => ControlFlow::Continue(()),
                        Err(_) => ControlFlow::Break(()),
                    }
                });
            });
            let _ = to.send(batch);
        });
        Self { ledger, batches, thread }
    }
}

/// Where the rows of a ledger are.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// In its file.
    File(&'a LedgerFile),
    /// In the registry.
    Kept(&'a KnownLedger),
    /// In another registry.
    Merged(&'a MergedLedger),
}

impl Source<'_> {
    fn path(&self) -> &'_ str {
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
fn read_one(
    ingest: &Ingest<'_>,
    stages: &Stages,
    ledger: Source<'_>,
    out: Out<'_, Event>,
) -> ControlFlow<()> {
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
        let finding = Finding::new(Code::M506, message!("m506-mapping-rows", message = message));
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
