//! The only place where stages meet and where threads live.
//!
//! [`flow`] is the picture of the product on one page; [`conveyor`] moves batches between threads;
//! [`convert`] is the command around the flow: what is read, what is published, what is reported.

mod amend;
pub mod audit;
mod batch;
mod clock;
pub mod convert;
mod conveyor;
mod corrections;
mod decide;
mod erase;
mod export;
pub mod flow;
mod known;
mod merge;
mod pages;
mod parts;
mod replay;
mod report;
mod rerun;
pub mod resolve;
mod scans;
mod source;
mod spot_check;
mod stages;
mod standing;
mod tables;
mod watch;
mod writer;

mod error;

pub use amend::{Act, AmendRequest, Amended, address, amend, undo};
pub use audit::{Audit, Check, audit};
pub use convert::{Personal, Request, convert};
pub use conveyor::Split;
pub use corrections::{
    Fault, FoldFix, ImportRequest, Imported, MappingFix, WrittenRow, fix_mapping, fix_mixed, import,
    take_back,
};
pub use decide::{Decided, Torn, decide};
pub use erase::{EraseRequest, Erasure, erase};
pub use error::Error;
pub use export::{ExportRequest, export};
pub use parts::Parts;
pub use report::{Kept, Shown, export_rejects};
pub use rerun::{
    Change, Collision, LanguageFix, Plan, Planned, ProfileRequest, Rerun, RerunRequest, fix_language, rerun,
    rerun_profile,
};
pub use spot_check::spot_check;
pub use stages::{Declarations, Stages};
pub use tables::tables_in_force;
pub use watch::{Progress, Silent, Watch};
