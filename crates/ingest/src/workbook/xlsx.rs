//! Xlsx: cells are streamed. What a clerk saw of a number is in the cell's format alone: a number
//! formatted `00000000` is shown with its zeros, one formatted `0.00E+00` with an exponent.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Font, NumberFormat, Reader, Xlsx, XlsxError, XlsxFormulaMetadata, open_workbook};
use matricule_record::message;

use super::book::{Book, worksheets};
use super::failure::Failure;
use super::number_format::{Shape, Shapes};
use super::outline::XlsxOutlines;
use super::put::Put;
use super::row_builder::RowBuilder;

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

/// Whether a sheet that begins so holds no cells by its nature.
fn is_without_cells(root: &str) -> bool {
    matches!(root, "chartsheet" | "dialogsheet")
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
        text.is_1904 = self.book.has_1904_epoch();
        let mut put = Put { shapes, rows };
        let mut reader = self.book.worksheet_cells_reader(sheet).map_err(failure)?;
        if is_plain {
            while let Some(cell) = reader.next_cell().map_err(failure)? {
                put.cell(cell.get_position(), cell.get_value(), None, &mut text)?;
            }
            return Ok(());
        }
        // The library would write a shared formula anew for each of its cells.
        let mut shared = HashMap::new();
        while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(failure)? {
            let formula = match cell.formula {
                Some(XlsxFormulaMetadata::Normal { formula }) => Some(formula),
                Some(XlsxFormulaMetadata::Shared { shared_index, formula, .. }) => {
                    shared.insert(shared_index, formula.clone());
                    Some(formula)
                }
                // One without a value is told by the formula that it shares.
                Some(XlsxFormulaMetadata::SharedDerived { shared_index }) if cell.value == DataRef::Empty => {
                    Some(shared.get(&shared_index).cloned().unwrap_or_else(|| "?".to_owned()))
                }
                _ => None,
            };
            put.cell(cell.pos, &cell.value, formula.as_deref(), &mut text)?;
        }
        Ok(())
    }
}

/// What the formats of a sheet say: numbers that are shown in another shape, and cells with a line through them.
type Formats = (Shapes, Vec<(u32, u32)>);

impl XlsxBook {
    /// The cells whose number is shown in another shape, and those with a line through them; `None` for a sheet
    /// without cells, such as a chart.
    fn shapes(&mut self, sheet: &str) -> Result<Option<Formats>, Failure> {
        let mut reader = match self.book.worksheet_cells_reader(sheet) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(root)) if is_without_cells(&root) => return Ok(None),
            Err(XlsxError::NotAWorksheet(root)) => {
                return Err(Failure::Damaged(message!("i101-sheet-kind", root = root)));
            }
            Err(error) => return Err(failure(error)),
        };
        let formats = reader.styles().iter().map(|style| style.number_format.as_ref());
        let of_styles: Vec<Option<Shape>> = formats.map(|format| format.and_then(shape_of)).collect();
        let fonts = reader.styles().iter().map(|style| style.font.as_ref());
        let strikes: Vec<bool> = fonts.map(|font| font.is_some_and(Font::has_strikethrough)).collect();
        let (mut cells, mut struck) = (Vec::new(), Vec::new());
        if of_styles.iter().all(Option::is_none) && !strikes.contains(&true) {
            return Ok(Some((Shapes::new(of_styles, cells), struck)));
        }
        // The style of cells that name none is seldom more than the usual one, and then costs a reading of values.
        let is_usual = of_styles.first().is_none_or(Option::is_none) && strikes.first() != Some(&true);
        let mut next = || {
            if is_usual {
                return reader.next_style_id();
            }
            let cell = reader.next_cell_with_style_id()?;
            Ok(cell.map(|(cell, style)| (cell.get_position().0, cell.get_position().1, style)))
        };
        while let Some((row, column, style)) = next().map_err(failure)? {
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

/// The shape that a format gives; formats of some languages have a number and no code.
fn shape_of(format: &NumberFormat) -> Option<Shape> {
    Shape::of(&format.format_code).or_else(|| Shape::built_in(format.format_id?))
}
