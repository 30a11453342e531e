//! What reading a file tells its receiver, in the order in which it is told.
//!
//! ```text
//! File, (Sheet, (Row | Refused | Skipped)*, EndSheet)*, EndFile        a file that was read
//! …, Failed                                                            one that was not
//! ```
//!
//! A `SheetFinding` stands between sheets, after `File`. Rows without a value have no event of
//! their own: they are counted in `EndSheet`.

use std::sync::Arc;

use matricule_record::{Cells, FileFacts, Finding, Ledger, LedgerRow, Reject, SheetFacts, SkipClass, Source};

/// One thing learned about a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The file is readable and has a table; this is how it is read.
    File(FileFacts),
    /// A sheet with its columns and settings; the rows that follow are its rows.
    Sheet(Arc<Ledger>),
    /// A record.
    Row(LedgerRow),
    /// A row that could not be read.
    Refused(Reject),
    /// A row with a value that is no record.
    Skipped {
        /// Where it stands.
        source: Source,
        /// What it is instead.
        class: SkipClass,
        /// Its cells.
        cells: Cells,
    },
    /// The sheet is done: rows read and skipped are filled in, rows loaded and rejected are 0.
    EndSheet(SheetFacts),
    /// One sheet of the file, by its name, is not read; the others go on. Its rows are not counted.
    SheetFinding(Arc<str>, Finding),
    /// The file is done.
    EndFile,
    /// The file is refused. Whatever was told about it before is to be forgotten.
    Failed(FileFacts, Finding),
}
