//! Xls and ods: the library reads these whole, so the child's memory limit is what bounds them.
//! Their ranges begin at the first value, not at A1.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Cursor};
use std::path::Path;

use calamine::{Data, Ods, OdsError, Range, Reader, Xls, XlsError, XlsOptions, open_workbook};

use super::biff::{self, Stream};
use super::book::{Book, worksheets};
use super::compound::{hidden_rows, sheet_starts, workbook_stream};
use super::failure::Failure;
use super::number_format::Shapes;
use super::outline::{Outline, Region, outlines_of_ods};
use super::row_builder::RowBuilder;
use super::xls_format::{shapes_of_sheet, shapes_of_styles};

struct XlsBook {
    book: Xls<Cursor<Vec<u8>>>,
    /// The workbook's own stream; empty where it is not understood.
    stream: Vec<u8>,
}

struct OdsBook {
    book: Ods<BufReader<File>>,
    outlines: HashMap<String, Outline>,
}

/// Opens a workbook of Excel 5 to 2003.
pub(crate) fn open_xls(path: &Path) -> Result<Box<dyn Book>, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::damaged(&error))?;
    let mut options = XlsOptions::default();
    match biff::look(&bytes) {
        Stream::Encrypted => return Err(Failure::Password),
        // Texts of BIFF8 are UTF-16 with or without their high bytes, whatever code page the file
        // names; believing the name gives a NUL after each letter.
        Stream::Biff8 => options.force_codepage = Some(1200),
        Stream::Older | Stream::Unknown => {}
    }
    let stream = workbook_stream(&bytes).unwrap_or_default();
    let book = Xls::new_with_options(Cursor::new(bytes), options).map_err(xls_failure)?;
    Ok(Box::new(XlsBook { book, stream }))
}

/// Opens an `OpenDocument` spreadsheet.
pub(crate) fn open_ods(path: &Path) -> Result<Box<dyn Book>, Failure> {
    let book: Ods<_> = open_workbook(path).map_err(ods_failure)?;
    Ok(Box::new(OdsBook { book, outlines: outlines_of_ods(path)? }))
}

fn xls_failure(error: XlsError) -> Failure {
    match error {
        XlsError::Password => Failure::Password,
        error => Failure::damaged(&error),
    }
}

fn ods_failure(error: OdsError) -> Failure {
    match error {
        OdsError::Password => Failure::Password,
        OdsError::CellLimitExceeded { .. } => Failure::Limit(format!("the sheet is too large: {error}")),
        OdsError::InvalidMime(_) => Failure::Format("is an OpenDocument file, but no spreadsheet".into()),
        error => Failure::damaged(&error),
    }
}

impl Book for XlsBook {
    fn sheets(&self) -> Vec<(String, bool)> {
        worksheets(self.book.sheets_metadata())
    }

    fn rows(&mut self, sheet: &str, rows: &mut RowBuilder<'_>) -> Result<(), Failure> {
        let merged = self.book.merge_cells_by_sheet_name(sheet).map_err(xls_failure)?;
        let mut merged: Vec<Region> = merged.into_iter().map(Region::from).collect();
        merged.sort_unstable();
        let at = self.book.sheets_metadata().iter().position(|known| known.name == sheet);
        let start = at.and_then(|at| sheet_starts(&self.stream).nth(at)).unwrap_or(usize::MAX);
        let hidden = hidden_rows(&self.stream, start);
        let shapes = shapes_of_sheet(&self.stream, start, &shapes_of_styles(&self.stream));
        rows.outline(Outline { hidden, merged, ..Outline::default() });
        let values = self.book.worksheet_range(sheet).map_err(xls_failure)?;
        let formulas = self.book.worksheet_formula(sheet).map_err(xls_failure)?;
        put_range(&values, &formulas, shapes, rows)
    }
}

impl Book for OdsBook {
    fn sheets(&self) -> Vec<(String, bool)> {
        worksheets(self.book.sheets_metadata())
    }

    fn rows(&mut self, sheet: &str, rows: &mut RowBuilder<'_>) -> Result<(), Failure> {
        let mut outline = self.outlines.remove(sheet).unwrap_or_default();
        let of_styles = std::mem::take(&mut outline.shapes);
        let shapes = Shapes::new(of_styles, std::mem::take(&mut outline.shown));
        rows.outline(outline);
        let values = self.book.worksheet_range(sheet).map_err(ods_failure)?;
        let formulas = self.book.worksheet_formula(sheet).map_err(ods_failure)?;
        put_range(&values, &formulas, shapes, rows)
    }
}

/// Gives the cells of the rectangle that holds all values and formulas.
fn put_range(
    values: &Range<Data>,
    formulas: &Range<String>,
    mut shapes: Shapes,
    rows: &mut RowBuilder<'_>,
) -> Result<(), Failure> {
    let starts = [values.start(), formulas.start()];
    let ends = [values.end(), formulas.end()];
    let Some(top) = starts.iter().flatten().map(|start| start.0).min() else { return Ok(()) };
    let left = starts.iter().flatten().map(|start| start.1).min().unwrap_or(0);
    let bottom = ends.iter().flatten().map(|end| end.0).max().unwrap_or(0);
    let right = ends.iter().flatten().map(|end| end.1).max().unwrap_or(0);
    let mut text = rows.value_text();
    for row in top..=bottom {
        for column in left..=right {
            let value = values.get_value((row, column)).unwrap_or(&Data::Empty);
            let formula = formulas.get_value((row, column)).map(String::as_str);
            let number = match value {
                Data::Float(number) => Some(*number),
                Data::Int(number) => Some(*number as f64),
                _ => None,
            };
            let shown = match shapes.show((row, column), number, &mut text) {
                Some(kind) => Some((kind, text.last())),
                None => text.of_owned(value, formula),
            };
            if let Some((kind, text)) = shown {
                rows.cell((row, column), kind, text)?;
            }
        }
    }
    Ok(())
}
