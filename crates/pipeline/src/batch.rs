//! A batch of rows on its way through the stages, with the marks that stand between them.

use std::sync::Arc;

use matricule_ingest::Event;
use matricule_loader::{EntryShape, PreparedEntry};
use matricule_record::{
    Cells, Field, Flag, Ledger, LedgerRow, LinkKeys, LinkedRow, Marking, Reading, Reject, SerialState,
    Source, Text,
};

use crate::clock::{Clock, Part};

/// A row in the state `R`, a row that was refused, or what stands between rows.
pub(crate) enum Item<R> {
    Row(R),
    Refused(Reject),
    Mark(Event),
}

/// A row as it is going to be written, with its keys and what is counted of it. The rest of the row
/// ends on the worker: the one writer has no time to free a million rows.
pub(crate) struct ReadyRow {
    pub prepared: PreparedEntry,
    pub keys: LinkKeys,
    pub ledger: Arc<Ledger>,
    pub conversion: Option<CountedConversion>,
    /// Characters that drop rows let disappear from its markings.
    pub dropped: String,
    pub flagged: Option<Box<Flagged>>,
}

/// How the serial was converted.
pub(crate) struct CountedConversion {
    pub script: Text,
    pub table: Arc<str>,
    pub reading: Reading,
}

/// The warnings of a row, with what an example of them needs.
pub(crate) struct Flagged {
    pub source: Source,
    pub cells: Cells,
    pub flags: Vec<Flag>,
    pub romanized: Vec<(Field, Text)>,
}

/// Makes rows ready to be written; rows of one ledger share their shape.
#[derive(Default)]
pub(crate) struct Preparation(Option<(Arc<Ledger>, EntryShape)>);

impl Preparation {
    pub fn prepare(&mut self, linked: LinkedRow) -> ReadyRow {
        let LinkedRow { row, keys } = linked;
        let ledger = &row.source.ledger;
        if self.0.as_ref().is_none_or(|(known, _)| !Arc::ptr_eq(known, ledger)) {
            self.0 = None;
        }
        let (_, shape) = self.0.get_or_insert_with(|| (Arc::clone(ledger), EntryShape::of(ledger)));
        let prepared = shape.prepare(&row);
        let dropped = row.markings.iter().map(|marking| marking.dropped.as_str()).collect();
        let ledger = Arc::clone(ledger);
        let (conversion, dropped) = counted(row.serial, dropped);
        let flagged = (!row.flags.is_empty()).then(|| {
            let (flags, romanized) = (row.flags, row.romanized);
            Box::new(Flagged { source: row.source, cells: row.cells, flags, romanized })
        });
        ReadyRow { prepared, keys, ledger, conversion, dropped, flagged }
    }
}

fn counted(serial: SerialState, mut dropped: String) -> (Option<CountedConversion>, String) {
    let SerialState::Converted(Marking { script, table, reading, dropped: own, .. }) = serial else {
        return (None, dropped);
    };
    dropped.push_str(&own);
    (Some(CountedConversion { script, table, reading }), dropped)
}

/// Items in the order of their ledger. A row refused by any stage rides along to the writer.
pub(crate) struct Batch<R>(pub Vec<Item<R>>);

impl Batch<LedgerRow> {
    pub fn new(events: Vec<Event>) -> Self {
        let item = |event| match event {
            Event::Row(row) => Item::Row(row),
            Event::Refused(reject) => Item::Refused(reject),
            mark => Item::Mark(mark),
        };
        Self(events.into_iter().map(item).collect())
    }
}

impl<R> Batch<R> {
    /// Every row through a stage.
    pub fn step<S>(
        self,
        clock: &Clock,
        part: Part,
        mut stage: impl FnMut(R) -> Result<S, Reject>,
    ) -> Batch<S> {
        let advance = |item| match item {
            Item::Row(row) => stage(row).map_or_else(Item::Refused, Item::Row),
            Item::Refused(reject) => Item::Refused(reject),
            Item::Mark(mark) => Item::Mark(mark),
        };
        clock.time(part, || Batch(self.0.into_iter().map(advance).collect()))
    }
}
