//! A workbook as rows. It is read by a child process, because a workbook can make its reader ask
//! for all memory, loop for ever, or abort; the child is confined and its end is an answer.
//!
//! ```text
//! parent: read ── Request ──▶ child: serve ─▶ confine ─▶ open ─▶ rows
//!           ◀───── Frame* ─────────────────────────────────────────┘
//! ```

#[cfg(test)]
mod agreement;
mod biff;
mod biff12;
mod book;
mod child;
mod compound;
mod confine;
mod failure;
mod format_code;
mod formula;
mod frame;
mod markup;
mod merged;
mod number_format;
mod ods_outline;
mod outline;
mod plain;
mod plain_values;
mod put;
mod row_builder;
mod serve;
mod shown;
mod value;
pub(crate) mod whole;
mod xls_check;
mod xls_format;
pub(crate) mod xlsb;
pub(crate) mod xlsx;

pub(crate) use book::Book;
use child::Reader;
pub use child::ReaderCommand;
pub(crate) use failure::Failure;
use frame::{Frame, Request};
pub use plain::{is_workbook, plain_rows};
pub use serve::serve_workbook;

use crate::discover::LedgerFile;
use crate::flow::{FileFlow, Stop};

/// Reads a workbook sheet by sheet.
pub(crate) fn read(
    file: &LedgerFile,
    command: &ReaderCommand,
    flow: &mut FileFlow<'_, '_>,
) -> Result<(), Stop> {
    let request = Request { format: file.format, bytes: file.bytes, limits: flow.limits.clone() };
    let mut reader = Reader::start(command, &file.path, &request)?;
    loop {
        match reader.next_frame()? {
            Frame::Sheet { name, hidden } => flow.start_sheet(&name, hidden)?,
            Frame::Rows(rows) => rows.into_iter().try_for_each(|row| flow.row(row))?,
            Frame::SheetFailed(failure) => flow.sheet_failed(failure.finding())?,
            Frame::Failed(failure) => return Err(failure.finding().into()),
            Frame::End => return flow.end_sheet(),
        }
    }
}
