//! Xls and ods: the library reads these whole, so the child's memory limit is what bounds them.
//! Their ranges begin at the first value, not at A1.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Cursor};
use std::path::Path;

use calamine::{Data, Ods, OdsError, Range, Reader, Xls, XlsError, XlsOptions, open_workbook};
use matricule_record::message;

use super::biff::{self, Stream};
use super::book::{Book, worksheets};
use super::compound::{globals, half, hidden_rows, sheet_starts, workbook_stream};
use super::failure::Failure;
use super::number_format::Shapes;
use super::ods_outline::outlines_of_ods;
use super::outline::{Outline, Region};
use super::row_builder::RowBuilder;
use super::xls_check::check_sheet;
use super::xls_format::{shapes_of_sheet, shapes_of_styles};

struct XlsBook {
    book: Xls<Cursor<Vec<u8>>>,
    /// The workbook's own stream.
    stream: Vec<u8>,
    is_biff8: bool,
    /// The encoding of its texts, where nothing says which it is.
    doubted: Option<&'static str>,
}

struct OdsBook {
    book: Ods<BufReader<File>>,
    outlines: HashMap<String, Outline>,
}

/// Opens a workbook of Excel 5 to 2003.
pub(crate) fn open_xls(path: &Path) -> Result<Box<dyn Book>, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::damaged(&error))?;
    let mut options = XlsOptions::default();
    let looked = biff::look(&bytes);
    if looked == Stream::Encrypted {
        return Err(Failure::Password);
    }
    let stream =
        workbook_stream(&bytes).ok_or_else(|| Failure::Damaged(message!("i101-no-stream").to_owned()))?;
    let is_biff8 = looked == Stream::Biff8;
    let doubted = (looked == Stream::Older && !names_code_page(&stream)).then_some("windows-1252");
    if is_biff8 {
        // Texts of BIFF8 are UTF-16 with or without their high bytes, whatever code page the file
        // names; believing the name gives a NUL after each letter.
        options.force_codepage = Some(1200);
    } else if doubted.is_some() {
        options.force_codepage = Some(1252);
    }
    let book = Xls::new_with_options(Cursor::new(bytes), options).map_err(xls_failure)?;
    Ok(Box::new(XlsBook { book, stream, is_biff8, doubted }))
}

/// Whether a workbook of Excel 5 names the code page of its texts, and not that of UTF-16, in which they cannot be.
fn names_code_page(stream: &[u8]) -> bool {
    const CODE_PAGE: u16 = 0x0042;
    let named = globals(stream).find(|(kind, _)| *kind == CODE_PAGE).and_then(|(_, data)| half(data, 0));
    named.is_some_and(|page| !matches!(page, 0 | 1200 | 1201))
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
        rows.doubt(self.doubted);
        let values = self.book.worksheet_range(sheet).map_err(xls_failure)?;
        check_sheet(&self.stream, start, self.is_biff8, &values)?;
        let formulas = self.book.worksheet_formula(sheet).map_err(xls_failure)?;
        put_range(&values, &formulas, shapes, rows, self.book.has_1904_epoch())
    }
}

impl Book for OdsBook {
    fn sheets(&self) -> Vec<(String, bool)> {
        worksheets(self.book.sheets_metadata())
    }

    fn rows(&mut self, sheet: &str, rows: &mut RowBuilder<'_>) -> Result<(), Failure> {
        let mut outline = self.outlines.remove(sheet).unwrap_or_default();
        if let Some(fault) = outline.fault.take() {
            return Err(Failure::Damaged(fault));
        }
        let of_styles = std::mem::take(&mut outline.shapes);
        let shapes = Shapes::new(of_styles, std::mem::take(&mut outline.shown));
        rows.outline(outline);
        let values = self.book.worksheet_range(sheet).map_err(ods_failure)?;
        let formulas = self.book.worksheet_formula(sheet).map_err(ods_failure)?;
        put_range(&values, &formulas, shapes, rows, false)
    }
}

/// Gives the cells of the rectangle that holds all values and formulas.
fn put_range(
    values: &Range<Data>,
    formulas: &Range<String>,
    mut shapes: Shapes,
    rows: &mut RowBuilder<'_>,
    is_1904: bool,
) -> Result<(), Failure> {
    let starts = [values.start(), formulas.start()];
    let ends = [values.end(), formulas.end()];
    let Some(top) = starts.iter().flatten().map(|start| start.0).min() else { return Ok(()) };
    let left = starts.iter().flatten().map(|start| start.1).min().unwrap_or(0);
    let bottom = ends.iter().flatten().map(|end| end.0).max().unwrap_or(0);
    let right = ends.iter().flatten().map(|end| end.1).max().unwrap_or(0);
    let mut text = rows.value_text();
    text.is_1904 = is_1904;
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
