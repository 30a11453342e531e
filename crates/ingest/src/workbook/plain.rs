//! A workbook as plain rows, without looking for a table: a file that this program wrote comes back.

use std::path::Path;

use matricule_record::{Cells, Finding, message};

use super::child::Reader;
use super::frame::{Frame, Request};
use super::{Failure, ReaderCommand};
use crate::discover::discover;
use crate::flow::Stop;
use crate::limits::Limits;

/// Whether a file is a workbook by its content.
pub fn is_workbook(path: &Path) -> bool {
    discover(&[path.to_owned()], None).files.first().is_some_and(|file| !file.format.is_text())
}

/// Visits the rows of all sheets of a workbook, in a process of its own as for a ledger: the sheet, the row number
/// from 1, the cells. Rows without a value are left out.
pub fn plain_rows(
    path: &Path,
    command: &ReaderCommand,
    mut visit: impl FnMut(&str, u32, &Cells),
) -> Result<(), Box<Finding>> {
    let found = discover(&[path.to_owned()], None);
    if let Some((_, finding)) = found.refused.into_iter().next() {
        return Err(Box::new(finding));
    }
    let Some(file) = found.files.into_iter().next() else {
        return Err(Box::new(Failure::Damaged(message!("i101-no-workbook").to_owned()).finding()));
    };
    let request = Request { format: file.format, bytes: file.bytes, limits: Limits::default() };
    let mut reader =
        Reader::start(command, &file.path, &request).map_err(|stop| Box::new(finding_of(stop)))?;
    let mut sheet = String::new();
    loop {
        match reader.next_frame().map_err(|stop| Box::new(finding_of(stop)))? {
            Frame::Sheet { name, .. } => sheet = name,
            Frame::Rows(rows) => rows.iter().for_each(|row| visit(&sheet, row.row, &row.cells)),
            Frame::SheetFailed(failure) | Frame::Failed(failure) => return Err(Box::new(failure.finding())),
            Frame::End => return Ok(()),
        }
    }
}

fn finding_of(stop: Stop) -> Finding {
    match stop {
        Stop::Failed(finding) => *finding,
        Stop::Receiver => Failure::Damaged(message!("i101-given-up").to_owned()).finding(),
    }
}
