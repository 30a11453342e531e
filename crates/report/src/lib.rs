//! What people read after a run: the rejected rows, the summary for machines and the closing text
//! on the terminal.
//!
//! ```text
//! RejectedRow ──▶ RejectedCsv ──▶ rejected.csv
//!      └────────▶ CodeTally ──▶ Summary ──▶ report.json   (write_json)
//!                                   └─────▶ terminal      (render)
//! ```
//!
//! Nothing here opens a file or touches the registry: callers bring writers and counts.

pub mod completeness;
mod error;
mod print;
pub mod rejected;
pub mod summary;
pub mod tally;
pub mod terminal;
mod texts;

pub use completeness::{
    Completeness, CompletenessSummary, CompletenessTally, RegisterCompleteness, Unlisted, UnlistedTally,
};
pub use error::{Error, Result};
pub use rejected::RejectedCsv;
/// One `report.json` with a value under every key: its schema by example.
pub const JSON_EXAMPLE: &str = include_str!("summary/schema.json");

pub use summary::{
    CodeSummary, DuplicateSummary, Example, FileFinding, FileState, FileSummary, LeftAside, NamedCount,
    ReadingInForce, ReviewPairs, RunState, StageTime, Summary, Totals, write_json,
};
pub use tally::CodeTally;
pub use terminal::render;
