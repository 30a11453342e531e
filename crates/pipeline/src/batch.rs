//! A batch of rows on its way through the stages, with the marks that stand between them.

use std::sync::Arc;

use matricule_ingest::Event;
use matricule_loader::{EntryShape, PreparedEntry};
use matricule_record::{Ledger, LedgerRow, LinkedRow, Reject};

use crate::clock::{Clock, Part};

/// A row in the state `R`, a row that was refused, or what stands between rows.
pub(crate) enum Item<R> {
    Row(R),
    Refused(Reject),
    Mark(Event),
}

/// A row with its keys, and as it is going to be written.
pub(crate) struct ReadyRow {
    pub linked: LinkedRow,
    pub prepared: PreparedEntry,
}

/// Makes rows ready to be written; rows of one ledger share their shape.
#[derive(Default)]
pub(crate) struct Preparation(Option<(Arc<Ledger>, EntryShape)>);

impl Preparation {
    pub fn prepare(&mut self, linked: LinkedRow) -> ReadyRow {
        let ledger = &linked.row.source.ledger;
        if self.0.as_ref().is_none_or(|(known, _)| !Arc::ptr_eq(known, ledger)) {
            self.0 = None;
        }
        let (_, shape) = self.0.get_or_insert_with(|| (Arc::clone(ledger), EntryShape::of(ledger)));
        let prepared = shape.prepare(&linked.row);
        ReadyRow { linked, prepared }
    }
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
