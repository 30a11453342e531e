//! Xlsb: cells are streamed. The library leaves out formulas whose value is an error, so the
//! formulas are read first, and those without a value stand in for it.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Reader, Xlsb, XlsbError, open_workbook};

use super::biff12::XlsbOutlines;
use super::book::{Book, worksheets};
use super::failure::Failure;
use super::row_builder::RowBuilder;
use super::value::ValueText;

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
        rows.outline(self.outlines.of(sheet)?);
        let mut formulas = self.formulas(sheet).into_iter().peekable();
        let mut reader = self.book.worksheet_cells_reader(sheet).map_err(failure)?;
        let mut text = rows.value_text();
        while let Some(cell) = reader.next_cell().map_err(failure)? {
            let position = cell.get_position();
            while let Some((missing, formula)) = formulas.next_if(|(place, _)| *place <= position) {
                if missing != position {
                    put(missing, &DataRef::Empty, Some(&formula), &mut text, rows)?;
                }
            }
            put(position, cell.get_value(), None, &mut text, rows)?;
        }
        formulas.try_for_each(|(place, formula)| put(place, &DataRef::Empty, Some(&formula), &mut text, rows))
    }
}

fn put(
    place: (u32, u32),
    value: &DataRef<'_>,
    formula: Option<&str>,
    text: &mut ValueText,
    rows: &mut RowBuilder<'_>,
) -> Result<(), Failure> {
    match text.of(value, formula) {
        Some((kind, text)) => rows.cell(place, kind, text),
        None => Ok(()),
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
