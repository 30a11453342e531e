//! Serials become A–Z 0–9 by mapping tables, and every character can say by which row.
//!
//! A table (rows of several layers, see the mapping crate) is compiled into a [`Transliterator`];
//! the compiler fails closed. [`Transliteration`] holds all tables of a run, chooses among them by
//! the script of a serial and the settings of its ledger, and is the stage of the pipeline.
//!
//! What is never done: a character left out without a `drop` row, a value guessed, scripts mixed.

mod automaton;
mod compile;
mod conversion;
mod convert;
mod difference;
mod faults;
mod keys;
mod mixed;
mod names;
mod proof;
mod select;
mod skeleton;
mod stage;
mod strict;

pub use conversion::{Conversion, Fault, Step};
pub use convert::{Context, Transliterator};
pub use difference::{Presence, RowDifference, TableDifference, difference, row_differences};
pub use keys::SearchKeys;
pub use proof::{Ambiguity, Merged, Proof};
pub use select::{Choice, ExplainedStep, Explanation, Transliteration};
pub use skeleton::skeleton;
