//! Xlsb: cells are streamed. The library leaves out formulas whose value is an error, so the
//! formulas are read first, and those without a value stand in for it.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Reader, Xlsb, XlsbError, open_workbook};

use super::biff12::XlsbOutlines;
use super::book::{Book, worksheets};
use super::failure::Failure;
use super::number_format::Shapes;
use super::put::Put;
use super::row_builder::RowBuilder;

struct XlsbBook {
    book: Xlsb<BufReader<File>>,
    outlines: XlsbOutlines,
}

/// Opens a workbook.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Book>, Failure> {
    let book: Xlsb<_> = open_workbook(path).map_err(failure)?;
    Ok(Box::new(XlsbBook { book, outlines: XlsbOutlines::open(path)? }))
}

fn failure(error: XlsbError) -> Failure {
    match error {
        XlsbError::Password => Failure::Password,
        error => Failure::damaged(&error),
    }
}

/// A formula and its place.
type Formula = ((u32, u32), String);

impl Book for XlsbBook {
    fn sheets(&self) -> Vec<(String, bool)> {
        worksheets(self.book.sheets_metadata())
    }

    fn rows(&mut self, sheet: &str, rows: &mut RowBuilder<'_>) -> Result<(), Failure> {
        let mut outline = self.outlines.of(sheet)?;
        let shapes = Shapes::new(std::mem::take(&mut outline.shapes), std::mem::take(&mut outline.shown));
        rows.outline(outline);
        let mut text = rows.value_text();
        text.is_1904 = self.book.has_1904_epoch();
        let mut put = Put { shapes, rows };
        let mut formulas = self.formulas(sheet).into_iter().peekable();
        let mut reader = self.book.worksheet_cells_reader(sheet).map_err(failure)?;
        while let Some(cell) = reader.next_cell().map_err(failure)? {
            let position = cell.get_position();
            while let Some((missing, formula)) = formulas.next_if(|(place, _)| *place <= position) {
                if missing != position {
                    put.cell(missing, &DataRef::Empty, Some(&formula), &mut text)?;
                }
            }
            put.cell(position, cell.get_value(), None, &mut text)?;
        }
        formulas.try_for_each(|(place, formula)| put.cell(place, &DataRef::Empty, Some(&formula), &mut text))
    }
}

impl XlsbBook {
    /// The formulas of a sheet, as far as the library understands them.
    fn formulas(&mut self, sheet: &str) -> Vec<Formula> {
        let mut formulas = Vec::new();
        let Ok(mut reader) = self.book.worksheet_cells_reader(sheet) else { return formulas };
        while let Ok(Some(cell)) = reader.next_formula() {
            formulas.push((cell.get_position(), cell.get_value().clone()));
        }
        formulas
    }
}
