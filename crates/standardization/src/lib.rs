//! Cells become values: in the registry's vocabulary, or with a finding that says why not.
//!
//! Nothing is guessed. A value that is present but not understood refuses the row, even in a field
//! that may be empty; what a clerk wrote stays in the row's cells whatever becomes of it.

mod calendar;
mod calibre;
mod cell;
mod component;
mod confidence;
mod country;
mod date;
mod event;
mod make;
mod memo;
mod model;
mod numeral;
mod serial;
mod serial_system;
mod several;
mod stage;
mod symbol;
mod written;
mod year;

pub use stage::{Standardization, Vocabularies};

/// The value of a field that the ledger says, or by its form cannot say, is not known.
pub const UNKNOWN: &str = "unknown";

/// The digits that a number of a spreadsheet holds exactly.
pub(crate) const EXACT_DIGITS: usize = 15;
