//! Xlsx: cells are streamed. What a clerk saw of a number is in the cell's format alone: a number
//! formatted `00000000` is shown with its zeros, one formatted `0.00E+00` with an exponent.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Font, Reader, Xlsx, XlsxError, open_workbook};

use super::book::{Book, worksheets};
use super::failure::Failure;
use super::number_format::{Shape, Shapes};
use super::outline::XlsxOutlines;
use super::row_builder::RowBuilder;
use super::value::ValueText;

struct XlsxBook {
    book: Xlsx<BufReader<File>>,
    outlines: XlsxOutlines,
}

/// Opens a workbook.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Book>, Failure> {
    let outlines = XlsxOutlines::open(path);
    let book: Xlsx<_> = open_workbook(path).map_err(failure)?;
    Ok(Box::new(XlsxBook { book, outlines: outlines? }))
}

fn failure(error: XlsxError) -> Failure {
    match error {
        XlsxError::Password => Failure::Password,
        error => Failure::damaged(&error),
    }
}

impl Book for XlsxBook {
    fn sheets(&self) -> Vec<(String, bool)> {
        worksheets(self.book.sheets_metadata())
    }

    fn rows(&mut self, sheet: &str, rows: &mut RowBuilder<'_>) -> Result<(), Failure> {
        let Some((shapes, struck)) = self.shapes(sheet)? else { return Ok(()) };
        let mut outline = self.outlines.of(sheet)?;
        outline.strike(struck);
        let is_plain = outline.is_without_formulas;
        rows.outline(outline);
        let mut text = rows.value_text();
        let mut put = Put { shapes, rows };
        let mut reader = self.book.worksheet_cells_reader(sheet).map_err(failure)?;
        if is_plain {
            while let Some(cell) = reader.next_cell().map_err(failure)? {
                put.cell(cell.get_position(), cell.get_value(), None, &mut text)?;
            }
            return Ok(());
        }
        while let Some(cell) = reader.next_cell_with_formula().map_err(failure)? {
            put.cell(cell.pos, &cell.value, cell.formula.as_deref(), &mut text)?;
        }
        Ok(())
    }
}

/// Where cells go, each in the shape that its format gives it.
struct Put<'r, 'o> {
    shapes: Shapes,
    rows: &'r mut RowBuilder<'o>,
}

impl Put<'_, '_> {
    fn cell(
        &mut self,
        place: (u32, u32),
        value: &DataRef<'_>,
        formula: Option<&str>,
        text: &mut ValueText,
    ) -> Result<(), Failure> {
        let number = if let DataRef::Float(number) = value { Some(*number) } else { None };
        let value = match self.shapes.show(place, number, text) {
            Some(kind) => Some((kind, text.last())),
            None => text.of(value, formula),
        };
        match value {
            Some((kind, text)) => self.rows.cell(place, kind, text),
            None => Ok(()),
        }
    }
}

impl XlsxBook {
    /// The cells whose number is shown in another shape, and those with a line through them; `None` for a sheet
    /// without cells, such as a chart.
    fn shapes(&mut self, sheet: &str) -> Result<Option<(Shapes, Vec<(u32, u32)>)>, Failure> {
        let mut reader = match self.book.worksheet_cells_reader(sheet) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(_)) => return Ok(None),
            Err(error) => return Err(failure(error)),
        };
        let formats = reader.styles().iter().map(|style| style.number_format.as_ref());
        let of_styles: Vec<Option<Shape>> =
            formats.map(|format| format.and_then(|format| Shape::of(&format.format_code))).collect();
        let fonts = reader.styles().iter().map(|style| style.font.as_ref());
        let strikes: Vec<bool> = fonts.map(|font| font.is_some_and(Font::has_strikethrough)).collect();
        let (mut cells, mut struck) = (Vec::new(), Vec::new());
        if of_styles.iter().all(Option::is_none) && !strikes.contains(&true) {
            return Ok(Some((Shapes::new(of_styles, cells), struck)));
        }
        while let Some((row, column, style)) = reader.next_style_id().map_err(failure)? {
            if of_styles.get(style).is_some_and(Option::is_some) {
                cells.push((row, column, style));
            }
            if strikes.get(style) == Some(&true) {
                struck.push((row, column));
            }
        }
        Ok(Some((Shapes::new(of_styles, cells), struck)))
    }
}
