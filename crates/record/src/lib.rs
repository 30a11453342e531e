//! The ground that every stage stands on: what a row is at each state, where it came from, and
//! what can be wrong with it.
//!
//! A row moves through these types, one a state, and each keeps its [`Source`]:
//!
//! ```text
//! SheetRow ──▶ LedgerRow ──▶ StandardRow ──▶ ConvertedRow ──▶ LinkedRow
//!   (ingest)    (ingest)  (standardization) (transliteration) (deduplication)
//!                    └────────────┴───────────────┴──▶ Reject
//! ```
//!
//! This crate does no input or output and imports no crate of ours; every other crate imports it.

pub mod cell;
pub mod code;
pub mod field;
pub mod ledger;
pub mod link;
pub mod messages;
pub mod reject;
pub mod row;
pub mod stored;
pub mod symbol;

pub use cell::{Cell, CellKind, Cells};
pub use code::Code;
pub use field::{Field, FieldKind, is_erasable_column, is_personal_column};
pub use ledger::{
    Column, FileFacts, Ledger, Mixed, Reading, SerialPart, Settings, SheetFacts, SkipClass, Variant,
};
pub use link::{
    Conflict, Duplicate, DuplicateRules, DuplicateState, EntryFacts, EntryId, LatinNames, LinkKeys, LinkMode,
    ProposalKind, Resolution, Ruling, StatedBy, Survivorship, WEAPON_FIELDS,
};
pub use reject::{Finding, Flag, Reject, RejectedRow, proposed};
pub use row::{
    ConvertedRow, FieldValue, Fields, HistoryEvent, LedgerRow, LinkedRow, Marking, NoSerial, SerialState,
    Source, StandardRow, WrittenMarking, WrittenSerial,
};
pub use stored::{ListedConflict, ListedPair, RefusedTable, StoredMapping, StoredReject, is_masked};
pub use symbol::{Belonging, Symbol};

/// Text of a cell or a value: most are short and then need no allocation.
pub type Text = compact_str::CompactString;
