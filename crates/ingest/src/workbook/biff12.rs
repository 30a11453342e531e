//! The records of an xlsb, as far as the workbook library keeps quiet about them: hidden rows, merged cells and
//! number formats (`BrtRowHdr`, `BrtMergeCell`, `BrtBundleSh`, `BrtFmt` and `BrtXF` of \[MS-XLSB\]).

use std::collections::HashMap;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::compound::half;
use super::failure::Failure;
use super::number_format::Shape;
use super::outline::{Archive, Outline, Region, absolute, open_zip, part_reader, relationships};

const ROW: u16 = 0;
const SHEET: u16 = 156;
const MERGED: u16 = 176;
const FORMAT: u16 = 44;
const STYLE: u16 = 47;
const STYLES: u16 = 617;
const STYLES_END: u16 = 618;
/// Cells with a number: short, long, and of a formula.
const NUMBERS: [u16; 3] = [2, 5, 9];
/// Records that matter are shorter; the rest of a longer one is passed over.
const KEPT_BYTES: u64 = 4096;

/// The outlines of an xlsb, read sheet by sheet.
pub(crate) struct XlsbOutlines {
    archive: Archive,
    /// The part of each sheet, by its name.
    parts: HashMap<String, String>,
    /// The shapes that its styles give to numbers.
    of_styles: Vec<Option<Shape>>,
}

impl XlsbOutlines {
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let mut archive = open_zip(path)?;
        let targets = relationships(&mut archive, "xl/_rels/workbook.bin.rels")?;
        let mut parts = HashMap::new();
        read_records(part_reader(&mut archive, "xl/workbook.bin")?, |kind, data| {
            let names = if kind == SHEET { sheet_names(data) } else { None };
            if let Some((target, name)) = names.and_then(|(id, name)| Some((targets.get(&id)?, name))) {
                parts.insert(name, absolute("xl", &target.0));
            }
        })?;
        let of_styles = shapes_of_styles(&mut archive)?;
        Ok(Self { archive, parts, of_styles })
    }

    /// The outline of a sheet.
    pub fn of(&mut self, sheet: &str) -> Result<Outline, Failure> {
        let Some(part) = self.parts.get(sheet) else {
            return Err(Failure::Damaged(format!("the part of the sheet {sheet:?} is not named")));
        };
        let mut outline = Outline { shapes: self.of_styles.clone(), ..Outline::default() };
        let mut row = 0;
        read_records(part_reader(&mut self.archive, part)?, |kind, data| match kind {
            ROW => {
                row = number(data, 0).unwrap_or(row);
                if data.get(11).is_some_and(|flags| flags & 0x10 != 0) {
                    outline.hidden.push((row, row));
                }
            }
            _ if NUMBERS.contains(&kind) => {
                // The upper byte of the style is a flag.
                let place = number(data, 0).zip(number(data, 4).map(|style| (style & 0x00ff_ffff) as usize));
                let shaped = |style: &usize| self.of_styles.get(*style).is_some_and(Option::is_some);
                let shown = place.filter(|(_, style)| shaped(style));
                outline.shown.extend(shown.map(|(column, style)| (row, column, style)));
            }
            MERGED => {
                if let [Some(top), Some(bottom), Some(left), Some(right)] =
                    [0, 4, 8, 12].map(|at| number(data, at))
                {
                    outline.merged.push(Region { rows: (top, bottom), columns: (left, right) });
                }
            }
            _ => {}
        })?;
        Ok(outline.sorted())
    }
}

/// The shapes that styles give to numbers, in the order of the styles.
fn shapes_of_styles(archive: &mut Archive) -> Result<Vec<Option<Shape>>, Failure> {
    let (mut formats, mut shapes, mut is_open) = (HashMap::new(), Vec::new(), false);
    let Ok(part) = part_reader(archive, "xl/styles.bin") else { return Ok(shapes) };
    read_records(part, |kind, data| match kind {
        FORMAT => formats.extend(half(data, 0).zip(data.get(2..).and_then(text).map(|(code, _)| code))),
        STYLES => is_open = true,
        STYLES_END => is_open = false,
        STYLE if is_open => {
            let shape = |format: u16| match formats.get(&format) {
                Some(code) => Shape::of(code),
                None => Shape::built_in(format.into()),
            };
            shapes.push(half(data, 2).and_then(shape));
        }
        _ => {}
    })?;
    Ok(shapes)
}

/// The relationship and the name of a sheet.
fn sheet_names(data: &[u8]) -> Option<(String, String)> {
    let (id, rest) = text(data.get(8..)?)?;
    Some((id, text(rest)?.0))
}

/// A text of two bytes a letter, and what follows it.
fn text(data: &[u8]) -> Option<(String, &[u8])> {
    let bytes = usize::try_from(number(data, 0)?).ok()?.checked_mul(2)?;
    let letters = data.get(4..bytes.checked_add(4)?)?;
    let letters: Vec<u16> =
        letters.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    Some((String::from_utf16_lossy(&letters), &data[4 + bytes..]))
}

fn number(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Gives every record: its kind and its data.
fn read_records(input: impl Read, mut take: impl FnMut(u16, &[u8])) -> Result<(), Failure> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut data = Vec::new();
    while let Some(first) = byte(&mut input)? {
        let second = if first & 0x80 == 0 { 0 } else { byte(&mut input)?.unwrap_or(0) };
        let kind = u16::from(first & 0x7f) | (u16::from(second) << 7);
        let mut length = 0_u64;
        for shift in [0, 7, 14, 21] {
            let part = byte(&mut input)?.unwrap_or(0);
            length |= u64::from(part & 0x7f) << shift;
            if part & 0x80 == 0 {
                break;
            }
        }
        data.clear();
        input
            .by_ref()
            .take(length.min(KEPT_BYTES))
            .read_to_end(&mut data)
            .map_err(|error| Failure::damaged(&error))?;
        let rest = &mut input.by_ref().take(length.saturating_sub(KEPT_BYTES));
        io::copy(rest, &mut io::sink()).map_err(|error| Failure::damaged(&error))?;
        take(kind, &data);
    }
    Ok(())
}

fn byte(input: &mut impl Read) -> Result<Option<u8>, Failure> {
    let mut byte = [0];
    match input.read(&mut byte).map_err(|error| Failure::damaged(&error))? {
        0 => Ok(None),
        _ => Ok(Some(byte[0])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_told_by_kind() {
        let mut bytes = vec![0x9c, 0x01, 3, b'a', b'b', b'c', 0, 0x80 | 5, 0x00, 1, 2, 3, 4, 5];
        bytes.extend([0xb0, 0x01, 0]);
        let mut found = Vec::new();
        read_records(bytes.as_slice(), |kind, data| found.push((kind, data.to_vec()))).unwrap();
        assert_eq!(found, [(SHEET, b"abc".to_vec()), (ROW, vec![1, 2, 3, 4, 5]), (MERGED, Vec::new())]);
    }

    #[test]
    fn a_sheet_names_its_part() {
        let wide = |text: &str| {
            let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [&(letters.len() as u32 / 2).to_le_bytes()[..], &letters].concat()
        };
        let data = [&[0; 8][..], &wide("rId1"), &wide("Книга")].concat();
        assert_eq!(sheet_names(&data), Some(("rId1".to_owned(), "Книга".to_owned())));
        assert_eq!(sheet_names(&data[..15]), None);
    }
}
