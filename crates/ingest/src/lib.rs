//! Ledger files to ledger rows: what a file is, how its bytes are text, where its table stands and
//! what its columns mean.
//!
//! ```text
//! discover ──▶ LedgerFile ──┬─ csv: encoding ─▶ dialect ─▶ records ─▶ fields ─┐
//!                           └─ workbook: child process ─▶ frames ─────────────┴─▶ SheetRow ─▶ layout ─▶ Event
//! ```
//!
//! Nothing here decides what a cell is worth: that is standardization's business. What is decided
//! here is which physical rows are records, and every other row is accounted for by class.

mod again;
mod csv;
mod discover;
mod event;
mod flow;
mod format;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod inspect;
mod layout;
mod limits;
mod packed;
mod profile;
mod sheet_row;
mod sniff;
mod workbook;

pub use again::{KnownLedger, KnownRow, KnownSheet};
pub use discover::{Discovery, LedgerFile, discover};
pub use event::Event;
pub use flow::{Ingest, Overrides};
pub use format::Format;
pub use inspect::{ColumnInspection, Inspection, SheetInspection};
pub use layout::likely_header;
pub use limits::{LIMITS, Limit, Limits};
pub use packed::Packing;
pub use workbook::{ReaderCommand, is_workbook, plain_rows, serve_workbook};
