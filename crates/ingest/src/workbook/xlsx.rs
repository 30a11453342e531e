//! Xlsx: cells are streamed. A number formatted `00000000` is shown with its zeros, which the
//! file does not hold: they are taken from the cell's format.

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

/// A cell with a format of zeros: row, column, digits.
type ZeroFilled = (u32, u32, usize);

impl Book for XlsxBook {
    fn sheets(&self) -> Vec<(String, bool)> {
        worksheets(self.0.sheets_metadata())
    }

    fn rows(&mut self, sheet: &str, rows: &mut RowBuilder<'_>) -> Result<(), Failure> {
        let Some(zero_filled) = self.zero_filled(sheet)? else { return Ok(()) };
        let mut zero_filled = zero_filled.into_iter().peekable();
        let mut reader = self.0.worksheet_cells_reader(sheet).map_err(failure)?;
        let mut text = ValueText::default();
        while let Some(cell) = reader.next_cell_with_formula().map_err(failure)? {
            let digits = zero_filled
                .next_if(|&(row, column, _)| (row, column) == cell.pos)
                .map(|(_, _, digits)| digits);
            let filled = match (&cell.value, digits) {
                (DataRef::Float(number), Some(digits)) => text.zero_filled(*number, digits).is_some(),
                _ => false,
            };
            let value =
                if filled { Some(text.last_number()) } else { text.of(&cell.value, cell.formula.as_deref()) };
            if let Some((kind, text)) = value {
                rows.cell(cell.pos, kind, text)?;
            }
        }
        Ok(())
    }
}

impl XlsxBook {
    /// The cells of a sheet whose format fills in zeros, in the order of the file; `None` for a
    /// sheet without cells, such as a chart.
    fn zero_filled(&mut self, sheet: &str) -> Result<Option<Vec<ZeroFilled>>, Failure> {
        let mut reader = match self.0.worksheet_cells_reader(sheet) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(_)) => return Ok(None),
            Err(error) => return Err(failure(error)),
        };
        let formats = reader.styles().iter().map(|style| style.number_format.as_ref());
        let digits: Vec<usize> =
            formats.map(|format| format.map_or(0, |format| zeros(&format.format_code))).collect();
        let mut cells = Vec::new();
        if digits.iter().all(|&digits| digits == 0) {
            return Ok(Some(cells));
        }
        while let Some((row, column, style)) = reader.next_style_id().map_err(failure)? {
            match digits.get(style) {
                Some(&digits) if digits > 0 => cells.push((row, column, digits)),
                _ => {}
            }
        }
        Ok(Some(cells))
    }
}

/// How many digits a format of nothing but zeros shows; 0 for any other format.
fn zeros(format: &str) -> usize {
    let all = format.len() > 1 && format.bytes().all(|byte| byte == b'0');
    if all { format.len() } else { 0 }
}
