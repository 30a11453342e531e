//! What the workbook library reads of the sheet of an .xls without a word though it cannot be right: records that are cut,
//! cells that are given twice, texts that the workbook does not hold. Each is damage.

use calamine::{Data, Range};
use matricule_record::message;

use super::compound::{half, is_ended, sheet};
use super::failure::Failure;

const BLANK: u16 = 0x0201;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const TRUTH: u16 = 0x0205;
const STRING: u16 = 0x0207;
const ROW: u16 = 0x0208;
const RK: u16 = 0x027e;
const SHARED: u16 = 0x00fd;
const MULTIPLE_RK: u16 = 0x00bd;
const MULTIPLE_BLANK: u16 = 0x00be;
const RICH: u16 = 0x00d6;
const FORMULA: u16 = 0x0006;

/// Refuses the sheet that begins at a place where its records cannot be what was written, or are not among the values
/// that were read of it.
pub(super) fn check_sheet(
    stream: &[u8],
    start: usize,
    is_biff8: bool,
    values: &Range<Data>,
) -> Result<(), Failure> {
    if !is_ended(stream, start) {
        return Err(damaged(message!("i101-sheet-end")));
    }
    let mut cells = Cells::default();
    for (kind, data) in sheet(stream, start) {
        cells.take(kind, data, is_biff8)?;
    }
    let is_missing = |(row, column): &&(u16, u16)| {
        values.get_value((u32::from(*row), u32::from(*column))).is_none_or(|value| *value == Data::Empty)
    };
    if let Some((row, _)) = cells.written.iter().find(is_missing) {
        return Err(damaged(message!("i101-index", row = u32::from(*row) + 1)));
    }
    cells.end()
}

fn damaged(what: impl Into<String>) -> Failure {
    Failure::Damaged(what.into())
}

/// The cells of a sheet while its records go by.
#[derive(Default)]
struct Cells {
    /// Row and column of each cell with a value, and of those whose value is no formula's.
    places: Vec<(u16, u16)>,
    written: Vec<(u16, u16)>,
    /// The row of the last formula, whose text follows.
    formula: u16,
}

impl Cells {
    fn take(&mut self, kind: u16, data: &[u8], is_biff8: bool) -> Result<(), Failure> {
        let Some((row, column)) = half(data, 0).zip(half(data, 2)) else { return Ok(()) };
        let line = u32::from(row) + 1;
        if kind == STRING {
            let is_whole = is_whole(data, is_biff8);
            let row = u32::from(self.formula) + 1;
            return if is_whole { Ok(()) } else { Err(damaged(message!("i101-text-cut", row = row))) };
        }
        let Some(is_sound) = is_sound(kind, data, is_biff8) else { return Ok(()) };
        if !is_sound {
            return Err(damaged(message!("i101-record", row = line)));
        }
        if kind == FORMULA {
            self.formula = row;
        }
        let columns = match kind {
            ROW | BLANK | MULTIPLE_BLANK => 0,
            MULTIPLE_RK => (data.len() - 6) / 6,
            _ => 1,
        };
        let places = (column..).take(columns).map(|column| (row, column));
        if kind != FORMULA {
            self.written.extend(places.clone());
        }
        self.places.extend(places);
        Ok(())
    }

    fn end(mut self) -> Result<(), Failure> {
        self.places.sort_unstable();
        if let Some(twice) = self.places.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(damaged(message!("i101-cell-twice", row = u32::from(twice[0].0) + 1)));
        }
        Ok(())
    }
}

/// Whether the record of a cell has the length that its kind has; `None` for records of other things.
fn is_sound(kind: u16, data: &[u8], is_biff8: bool) -> Option<bool> {
    let length = data.len();
    Some(match kind {
        NUMBER => length == 14,
        RK | SHARED => length == 10,
        TRUTH => length == 8,
        BLANK => length == 6,
        ROW => length == 16,
        MULTIPLE_RK => length >= 12 && length.is_multiple_of(6),
        MULTIPLE_BLANK => length >= 8 && length.is_multiple_of(2),
        LABEL | RICH => data.get(6..).is_some_and(|text| is_whole(text, is_biff8)),
        FORMULA => half(data, 20).is_some_and(|bytes| length >= 22 + usize::from(bytes)),
        _ => return None,
    })
}

/// Whether a text of a length stands in its record with all its letters.
fn is_whole(text: &[u8], is_biff8: bool) -> bool {
    let letters = usize::from(half(text, 0).unwrap_or(u16::MAX));
    match (is_biff8, text.get(2)) {
        (true, Some(flags)) => text.len() >= 3 + letters * if flags & 1 == 1 { 2 } else { 1 },
        (true, None) => letters == 0,
        (false, _) => text.len() >= 2 + letters,
    }
}
