//! What every workbook format gives: its sheets, and the rows of a sheet.
//!
//! To add a format: one file with a [`Book`], and a line in the table of `format.rs`.

use std::path::Path;

use calamine::{Sheet, SheetType, SheetVisible};

use super::failure::Failure;
use super::row_builder::RowBuilder;
use crate::format::Format;

/// An open workbook.
pub(crate) trait Book {
    /// Its worksheets in order: name, and whether it is hidden.
    fn sheets(&self) -> Vec<(String, bool)>;

    /// Gives every cell of a sheet that holds a value, row by row.
    fn rows(&mut self, sheet: &str, rows: &mut RowBuilder<'_>) -> Result<(), Failure>;
}

/// Opens a workbook.
pub(crate) fn open(path: &Path, format: Format) -> Result<Box<dyn Book>, Failure> {
    match format.opener() {
        Some(open) => open(path),
        None => Err(Failure::Format("is text and no workbook".into())),
    }
}

/// The sheets that hold cells: charts, dialogs and macros do not.
pub(crate) fn worksheets(sheets: &[Sheet]) -> Vec<(String, bool)> {
    let cells = sheets.iter().filter(|sheet| matches!(sheet.typ, SheetType::WorkSheet));
    cells.map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible)).collect()
}
