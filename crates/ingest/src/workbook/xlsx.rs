//! Xlsx: cells are streamed. What a clerk saw of a number is in the cell's format alone: a number
//! formatted `00000000` is shown with its zeros, one formatted `0.00E+00` with an exponent.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Reader, Xlsx, XlsxError, open_workbook};

use super::book::{Book, worksheets};
use super::failure::Failure;
use super::row_builder::RowBuilder;
use super::value::ValueText;

struct XlsxBook(Xlsx<BufReader<File>>);

/// Opens a workbook.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Book>, Failure> {
    let book: Xlsx<_> = open_workbook(path).map_err(failure)?;
    Ok(Box::new(XlsxBook(book)))
}

fn failure(error: XlsxError) -> Failure {
    match error {
        XlsxError::Password => Failure::Password,
        error => Failure::damaged(&error),
    }
}

/// How a format shows a number, where not as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// With zeros in front, to this many digits.
    Zeros(usize),
    /// With an exponent.
    Exponent,
}

/// A cell whose format shows its number in another shape: row, column, shape.
type Shaped = (u32, u32, Shape);

impl Book for XlsxBook {
    fn sheets(&self) -> Vec<(String, bool)> {
        worksheets(self.0.sheets_metadata())
    }

    fn rows(&mut self, sheet: &str, rows: &mut RowBuilder<'_>) -> Result<(), Failure> {
        let Some(shaped) = self.shaped(sheet)? else { return Ok(()) };
        let mut shaped = shaped.into_iter().peekable();
        let mut reader = self.0.worksheet_cells_reader(sheet).map_err(failure)?;
        let mut text = ValueText::default();
        while let Some(cell) = reader.next_cell_with_formula().map_err(failure)? {
            let shape =
                shaped.next_if(|&(row, column, _)| (row, column) == cell.pos).map(|(_, _, shape)| shape);
            let is_shown = match (&cell.value, shape) {
                (DataRef::Float(number), Some(Shape::Zeros(digits))) => {
                    text.zero_filled(*number, digits).is_some()
                }
                (DataRef::Float(number), Some(Shape::Exponent)) => text.exponent(*number).is_some(),
                _ => false,
            };
            let value = if is_shown {
                Some(text.last_number())
            } else {
                text.of(&cell.value, cell.formula.as_deref())
            };
            if let Some((kind, text)) = value {
                rows.cell(cell.pos, kind, text)?;
            }
        }
        Ok(())
    }
}

impl XlsxBook {
    /// The cells of a sheet whose format shows a number in another shape, in the order of the file;
    /// `None` for a sheet without cells, such as a chart.
    fn shaped(&mut self, sheet: &str) -> Result<Option<Vec<Shaped>>, Failure> {
        let mut reader = match self.0.worksheet_cells_reader(sheet) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(_)) => return Ok(None),
            Err(error) => return Err(failure(error)),
        };
        let formats = reader.styles().iter().map(|style| style.number_format.as_ref());
        let shapes: Vec<Option<Shape>> =
            formats.map(|format| format.and_then(|format| shape(&format.format_code))).collect();
        let mut cells = Vec::new();
        if shapes.iter().all(Option::is_none) {
            return Ok(Some(cells));
        }
        while let Some((row, column, style)) = reader.next_style_id().map_err(failure)? {
            cells.extend(shapes.get(style).copied().flatten().map(|shape| (row, column, shape)));
        }
        Ok(Some(cells))
    }
}

/// The shape that a format gives a number: nothing but zeros, or an exponent.
fn shape(format: &str) -> Option<Shape> {
    if format.len() > 1 && format.bytes().all(|byte| byte == b'0') {
        return Some(Shape::Zeros(format.len()));
    }
    let code = format.to_ascii_uppercase();
    (code.contains("0E+") || code.contains("0E-")).then_some(Shape::Exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_show_a_number_otherwise() {
        for (format, expect) in [
            ("00000000", Some(Shape::Zeros(8))),
            ("0.00E+00", Some(Shape::Exponent)),
            ("##0.0E+0", Some(Shape::Exponent)),
            ("0", None),
            ("General", None),
            ("#,##0.00", None),
        ] {
            assert_eq!(shape(format), expect, "{format}");
        }
    }
}
