//! The registry: one SQLite file that holds every accepted row as its ledger states it, every
//! refused row with its reasons, and what is needed to replay each conversion years later.
//!
//! A run is all in or not at all. [`Load`] writes it: into a file beside the registry's place
//! where there is none yet, and into the registry's write-ahead log where there is one; either
//! way no reader sees a row before [`Load::publish`]. [`Registry`] reads.
//!
//! ```text
//! begin ─▶ ( start_file ─▶ ( start_sheet ─▶ entry | reject | skip … ─▶ end_sheet )… ─▶ end_file
//!          |     └────────────────────── at any point ──────────────────────▶ fail_file )…
//!       ─▶ existing, facts ─▶ resolve ─▶ rejects, totals ─▶ publish
//! ```

mod access;
mod audit;
mod damage;
mod decision;
mod entry;
mod erasure;
mod error;
mod evidence;
mod export;
mod find;
mod former;
mod history;
mod json;
mod key;
mod known;
mod lists;
mod live;
mod load;
mod manifest;
mod merge;
mod partial;
mod parts;
mod place;
mod present;
mod refusal;
mod refused;
mod registry;
mod renewal;
mod resolution;
mod retention;
mod review;
mod revise;
mod schema;
mod seal;
mod shape;
mod stored;
mod story;
mod substring;
mod totals;
mod touched;
mod undo;
mod walk;

pub use audit::ChainLink;
pub use decision::{Decision, InForce, Verdict};
pub use entry::{EntryShape, PreparedEntry};
pub use erasure::{Erased, LedgerPlace, Personal};
pub use error::{Error, Result};
pub use export::{ExportFilter, Exported};
pub use find::{FindQuery, Found, FoundEntry, GoneEntry, MatchedBy};
#[cfg(feature = "sqlcipher")]
pub use key::set_key;
pub use known::{Became, SheetRowKept, StoredFile, StoredSheet};
pub use lists::Incompatible;
pub use load::{EndOfFile, Load, Published, index_substrings};
pub use manifest::Manifest;
pub use merge::{Place, PlacedDecision, SaidOfRow};
pub use partial::{LeftBehind, left_builds, remove_left_builds};
pub use present::{PresentEntry, PresentFile, PresentLinks, PresentReading};
pub use refused::{RejectQuery, RejectState};
pub use registry::{LoadedFile, Registry, RunRow, StoredSerial};
pub use renewal::Renewed;
pub use resolution::Derived;
pub use retention::{Retention, YEARS, YEARS_OF_MANUFACTURE};
pub use review::{REVIEW_FIELDS, ReviewEntry, ReviewFilter, ReviewPair};
pub use revise::{Amendment, Restatement};
pub use schema::{APPLICATION_ID, VERSION, schema_page};
pub use stored::{Amended, FieldChange, StandingFile, Stated, Stored, StoredId, StoredRow, StoredRows};
pub use story::{EntryHistory, LoggedChange};
pub use totals::{FileTotals, Recount, RowCounts, RunTotals};
pub use touched::Touched;
pub use undo::Undone;
