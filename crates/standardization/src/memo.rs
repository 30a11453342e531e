//! What cells came to, by field and text: a ledger says the same few things on every line.
//!
//! A memo holds for the settings of one ledger and is bounded, so that a column of different
//! texts costs a lookup a cell and no memory that grows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;
use matricule_record::{Cell, Field, Finding, Flag, Ledger, Text};

/// What a cell came to: a value or a finding, what it says of other fields, and the warnings on it.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub value: Result<Text, Box<Finding>>,
    /// What it says of other fields of its row.
    pub beside: Vec<(Field, Text)>,
    pub flags: Vec<Flag>,
}

/// The outcomes of one ledger's cells.
#[derive(Default)]
pub(crate) struct Memo {
    ledger: Arc<Ledger>,
    /// By field and kind of cell.
    texts: Vec<HashMap<Text, Outcome, RandomState>>,
}

/// Memos that are not in use; each worker takes one for its rows.
#[derive(Default)]
pub(crate) struct Memos(Mutex<Vec<Memo>>);

/// Texts of one field that are remembered at most.
const TEXTS: usize = 4096;
/// Longer texts are seldom said twice.
const LENGTH: usize = 80;

/// Kinds of cells.
const KINDS: usize = 6;

fn place(field: Field, cell: Cell<'_>) -> usize {
    field as usize * KINDS + cell.kind as usize
}

impl Memo {
    /// What a cell of that text came to before.
    pub(crate) fn get(&self, field: Field, cell: Cell<'_>) -> Option<&Outcome> {
        self.texts.get(place(field, cell))?.get(cell.text)
    }

    /// Remembers it.
    pub(crate) fn set(&mut self, field: Field, cell: Cell<'_>, outcome: Outcome) {
        if cell.text.len() > LENGTH {
            return;
        }
        if self.texts.is_empty() {
            self.texts.resize_with(Field::ALL.len() * KINDS, HashMap::default);
        }
        let Some(texts) = self.texts.get_mut(place(field, cell)) else { return };
        if texts.len() >= TEXTS {
            texts.clear();
        }
        texts.insert(cell.text.into(), outcome);
    }

    /// Whether it holds for the rows of a ledger.
    pub(crate) fn is_of(&self, ledger: &Arc<Ledger>) -> bool {
        Arc::ptr_eq(&self.ledger, ledger)
    }
}

impl Memos {
    /// A memo for the rows of a ledger: one of the same settings, or an empty one.
    pub(crate) fn take(&self, ledger: &Arc<Ledger>) -> Memo {
        let mut memos = self.lock();
        let is_same = |memo: &Memo| memo.is_of(ledger) || same_reading(&memo.ledger, ledger);
        let at = memos.iter().position(is_same);
        if let Some(at) = at {
            return Memo { ledger: Arc::clone(ledger), ..memos.swap_remove(at) };
        }
        memos.pop();
        Memo { ledger: Arc::clone(ledger), texts: Vec::new() }
    }

    /// Gives it back.
    pub(crate) fn put(&self, memo: Memo) {
        self.lock().push(memo);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Memo>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a cell of one ledger comes to the same in the other: columns may show orders of dates.
fn same_reading(a: &Ledger, b: &Ledger) -> bool {
    a.settings == b.settings && a.columns == b.columns
}
