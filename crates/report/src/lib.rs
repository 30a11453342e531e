//! What people read after a run: the rejected rows, the summary for machines and the closing text
//! on the terminal.
//!
//! ```text
//! StoredReject ─┬▶ RejectedCsv, SafeCsv, RejectedJson, RejectedXlsx ──▶ rejected.csv, -safe.csv, .json, .xlsx
//!               ├▶ RowPages, Repairs ──▶ pages/*.html      (Overview: report.html)
//!               └▶ CodeTally ──▶ Summary ──▶ report.json   (write_json)
//!                                    └─────▶ terminal      (render)
//! ```
//!
//! Nothing here opens a file that is not temporary, or touches the registry: callers bring writers and counts.

pub mod completeness;
pub mod correction;
pub mod error;
pub mod export;
pub mod pages;
mod print;
pub mod rejected;
pub mod rejected_json;
pub mod safe;
pub mod summary;
pub mod tally;
mod temporary;
pub mod terminal;
mod texts;
pub mod workbook;

pub use completeness::{
    Completeness, CompletenessSummary, CompletenessTally, FieldCompleteness, RegisterCompleteness, Unlisted,
    UnlistedTally,
};
pub use error::{Error, Result};
pub use export::{Export, ExportFormat, ExportManifest, write_manifest};
pub use pages::{Overview, Repairs, RowPages};
pub use rejected::RejectedCsv;
pub use rejected_json::RejectedJson;
pub use safe::SafeCsv;
/// One `report.json` with a value under every key: its schema by example.
pub const JSON_EXAMPLE: &str = include_str!("summary/schema.json");

/// One `rejected.json` with a value under every key: its schema by example.
pub const REJECTED_JSON_EXAMPLE: &str = include_str!("rejected.example.json");

pub use summary::{
    CodeSummary, DuplicateSummary, Example, FileFinding, FileState, FileSummary, LeftAside, NamedCount,
    ReadingInForce, ReviewPairs, RunState, StageTime, Summary, Totals, write_json,
};
pub use tally::CodeTally;
pub use temporary::check_temporary_folder;
pub use terminal::render;
pub use texts::{masked, masked_entry};
pub use workbook::{Layouts, RejectedXlsx};
