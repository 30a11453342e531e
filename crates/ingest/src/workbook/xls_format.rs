//! Number formats of an .xls (the records Format and XF of \[MS-XLS\]), of which the workbook library keeps quiet: a
//! serial stored as a number is shown with its zeros by its format alone.

use super::compound::{globals, half, sheet};
use super::number_format::{Shape, Shapes, Styled};

const FORMAT: u16 = 0x041e;
const FORMAT_OF_BIFF4: u16 = 0x001e;
const XF: u16 = 0x00e0;
const NUMBER: u16 = 0x0203;
const RK: u16 = 0x027e;
const MULRK: u16 = 0x00bd;
const FORMULA: u16 = 0x0006;

/// The shapes that the styles of a workbook give to numbers, in the order of the styles.
pub(super) fn shapes_of_styles(stream: &[u8]) -> Vec<Option<Shape>> {
    let named = |kind: u16| kind == FORMAT || kind == FORMAT_OF_BIFF4;
    let formats: Vec<(u16, String)> = globals(stream)
        .filter(|(kind, _)| named(*kind))
        .filter_map(|(_, data)| Some((half(data, 0)?, code(data.get(2..)?)?)))
        .collect();
    let shape = |format: u16| match formats.iter().find(|(own, _)| *own == format) {
        Some((_, code)) => Shape::of(code),
        None => Shape::built_in(format.into()),
    };
    let styles = globals(stream).filter(|(kind, _)| *kind == XF);
    styles.map(|(_, data)| half(data, 2).and_then(shape)).collect()
}

/// The code of a format: in BIFF8 its length, a flag for letters of two bytes, and its letters; before, a length of
/// one byte and its letters.
fn code(data: &[u8]) -> Option<String> {
    let wide = |letters: &[u8]| {
        let letters: Vec<u16> =
            letters.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        String::from_utf16(&letters).ok()
    };
    let narrow = |letters: &[u8]| letters.iter().map(|&letter| char::from(letter)).collect::<String>();
    let length = usize::from(half(data, 0)?);
    match data.get(2..)? {
        [0, letters @ ..] if letters.len() == length => Some(narrow(letters)),
        [1, letters @ ..] if letters.len() == length * 2 => wide(letters),
        _ => match data {
            [length, letters @ ..] if letters.len() == usize::from(*length) => Some(narrow(letters)),
            _ => None,
        },
    }
}

/// The numbers of a sheet that are shown in another shape.
pub(super) fn shapes_of_sheet(stream: &[u8], start: usize, of_styles: &[Option<Shape>]) -> Shapes {
    let mut cells = Vec::new();
    if of_styles.iter().any(Option::is_some) {
        for (kind, data) in sheet(stream, start) {
            styled(kind, data, &mut |cell| {
                if of_styles.get(cell.2).is_some_and(Option::is_some) {
                    cells.push(cell);
                }
            });
        }
    }
    cells.sort_unstable();
    Shapes::new(of_styles.to_vec(), cells)
}

/// Gives the numbers of a record with their styles.
fn styled(kind: u16, data: &[u8], give: &mut dyn FnMut(Styled)) -> Option<()> {
    let (row, column) = (u32::from(half(data, 0)?), u32::from(half(data, 2)?));
    match kind {
        NUMBER | RK | FORMULA => give((row, column, usize::from(half(data, 4)?))),
        MULRK => {
            let cells = data.get(4..data.len().checked_sub(2)?)?.chunks_exact(6);
            for (column, cell) in (column..).zip(cells) {
                give((row, column, usize::from(half(cell, 0)?)));
            }
        }
        _ => {}
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::value::ValueText;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    #[test]
    fn formats_are_found_by_the_styles_of_cells() {
        let xf = |format: u16| record(XF, &[&[0, 0][..], &format.to_le_bytes(), &[0; 16]].concat());
        let stream = [
            record(FORMAT, b"\xa4\0\x06\0\x00000000"),
            record(FORMAT, b"\xa5\0\x05\0\x01\"\0A\0\"\x000\x000\0"),
            record(FORMAT_OF_BIFF4, b"\xa6\0\x040000"),
            [xf(0), xf(164), xf(165), xf(166), xf(11), xf(14)].concat(),
        ]
        .concat();
        let styles = shapes_of_styles(&stream);
        let zeros = |digits| Some(Shape::Zeros(digits));
        assert_eq!([&styles[0], &styles[1], &styles[3], &styles[5]], [&None, &zeros(6), &zeros(4), &None]);
        assert!(matches!(styles[2], Some(Shape::Pattern(_))) && styles[4] == Some(Shape::Exponent));

        let cells = [
            record(NUMBER, &[&[7, 0, 2, 0, 1, 0][..], &[0; 8]].concat()),
            record(MULRK, &[&[3, 0, 1, 0, 0, 0][..], &[0; 4], &[3, 0], &[0; 4], &[2, 0]].concat()),
        ]
        .concat();
        let mut shapes = shapes_of_sheet(&cells, 0, &styles);
        let mut text = ValueText::new(64);
        for (place, expect) in
            [((3, 1), None), ((3, 2), Some("0012")), ((7, 1), None), ((7, 2), Some("000012"))]
        {
            let shown = shapes.show(place, Some(12.0), &mut text).map(|_| text.last().to_owned());
            assert_eq!(shown.as_deref(), expect, "{place:?}");
        }
    }
}
