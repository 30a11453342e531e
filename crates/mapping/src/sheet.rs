//! A mapping file as rows with line numbers: what all of them have in common.
//!
//! Operators edit these files in spreadsheet programs, which like to change the separator and the
//! encoding: `;` and tab are accepted, text that is not UTF-8 is refused with advice. The same table
//! may be a workbook: its first sheet is read, each cell as its text.

use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx};
use matricule_record::Code;
use matricule_text::delimiter_of;

use crate::error::is_workbook;
use crate::files::Layer;
use crate::{Error, Place};

/// A row of a mapping file: its cells under the known columns, trimmed.
pub(crate) struct SheetRow {
    pub line: u64,
    pub cells: Vec<String>,
    /// Where each cell begins: the character of the line, or the column of the workbook, from 1.
    pub starts: Vec<u32>,
}

impl SheetRow {
    /// The place of a cell.
    pub fn place(&self, layer: &Layer, cell: usize) -> Place {
        Place::new(layer.path.as_str(), self.line).at(self.starts.get(cell).copied().unwrap_or_default())
    }
}

/// Most rows and columns that a mapping workbook has.
const LARGEST_WORKBOOK: (u32, u32) = (200_000, 64);

/// What is done with each row.
type Each<'a> = &'a mut dyn FnMut(SheetRow) -> Result<(), Error>;

/// Reads a file with the given columns, in any order; all of them have to be there.
pub(crate) fn read(
    layer: &Layer,
    columns: &[&str],
    mut each: impl FnMut(SheetRow) -> Result<(), Error>,
) -> Result<(), Error> {
    if is_workbook(&layer.path) {
        read_workbook(layer, columns, &mut each)
    } else {
        read_text(layer, columns, &mut each)
    }
}

fn read_text(layer: &Layer, columns: &[&str], each: Each<'_>) -> Result<(), Error> {
    let text = decode(layer)?;
    let delimiter = delimiter_of(text.as_bytes());
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| broken(layer, &error))?.clone();
    let header: Vec<&str> = header.iter().collect();
    let places = places(layer, &header, columns)?;
    for record in reader.records() {
        let record = record.map_err(|error| broken(layer, &error))?;
        let (line, byte) = record.position().map_or((0, 0), |at| (at.line(), at.byte() as usize));
        let (starts, open) = starts(text.get(byte..).unwrap_or_default(), delimiter);
        if let Some(column) = open {
            let message =
                "a quotation mark opens and never closes; close it, or write two for one that is meant";
            return Err(Error::at(Code::M501, Place::new(layer.path.as_str(), line).at(column), message));
        }
        if record.len() > header.len() {
            let message = format!(
                "has {} cells under {} columns; quote a cell that holds a separator",
                record.len(),
                header.len()
            );
            let place = Place::new(layer.path.as_str(), line);
            return Err(Error::at(Code::M501, place.at(starts[header.len()]), message));
        }
        let cells = places.iter().map(|&at| record.get(at).unwrap_or_default().trim().to_owned()).collect();
        let starts = places.iter().map(|&at| starts.get(at).copied().unwrap_or_default()).collect();
        each(SheetRow { line, cells, starts })?;
    }
    Ok(())
}

/// The character, counted from 1, at which each cell of a record begins, and a quotation mark that never
/// closes.
fn starts(record: &str, delimiter: u8) -> (Vec<u32>, Option<u32>) {
    let (mut starts, mut open) = (vec![1], None);
    for (character, at) in record.trim_start_matches(['\r', '\n']).chars().zip(2..) {
        match character {
            '"' => open = if open.is_some() { None } else { Some(at - 1) },
            '\n' | '\r' if open.is_none() => break,
            _ if character == char::from(delimiter) && open.is_none() => starts.push(at),
            _ => {}
        }
    }
    (starts, open)
}

fn decode(layer: &Layer) -> Result<&str, Error> {
    let bytes = layer.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&layer.bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|&byte| byte == b'\n').count() as u64;
        let column = 1 + before.iter().rev().take_while(|&&byte| byte != b'\n').count() as u32;
        let message = "is not UTF-8; save it again as \"CSV UTF-8\" from the spreadsheet program";
        Error::at(Code::M501, Place::new(layer.path.as_str(), line).at(column), message)
    })
}

fn places(layer: &Layer, header: &[&str], columns: &[&str]) -> Result<Vec<usize>, Error> {
    let place = |name: &&str| {
        header.iter().position(|cell| cell.trim() == *name).ok_or_else(|| {
            let found = if header.iter().all(|cell| cell.is_empty()) {
                "the file is empty".to_owned()
            } else {
                format!("its first line is `{}`", header.join(","))
            };
            let message =
                format!("has no column `{name}`: {found}; the first line must be `{}`", columns.join(","));
            Error::new(Code::M501, &layer.path, 1, message)
        })
    };
    columns.iter().map(place).collect()
}

fn broken(layer: &Layer, error: &csv::Error) -> Error {
    let line = error.position().map_or(0, csv::Position::line);
    Error::new(Code::M501, &layer.path, line, format!("is not readable as CSV: {error}"))
}

fn read_workbook(layer: &Layer, columns: &[&str], each: Each<'_>) -> Result<(), Error> {
    let lines = workbook_lines(layer)?;
    let Some(((_, header), rows)) = lines.split_first() else {
        return Err(places(layer, &[], columns).err().unwrap_or_else(|| unreadable(layer, "it is empty")));
    };
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let places = places(layer, &header, columns)?;
    let row = |(line, cells): &(u64, Vec<String>)| SheetRow {
        line: *line,
        cells: places.iter().map(|&at| cells.get(at).map_or("", |cell| cell.trim()).to_owned()).collect(),
        starts: places.iter().map(|&at| at as u32 + 1).collect(),
    };
    rows.iter().map(row).try_for_each(each)
}

/// The rows of a workbook's first sheet that hold something, each with its number.
fn workbook_lines(layer: &Layer) -> Result<Vec<(u64, Vec<String>)>, Error> {
    let fault = |error: calamine::XlsxError| unreadable(layer, &error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&layer.bytes)).map_err(fault)?;
    let sheet = book.sheet_names().first().cloned().unwrap_or_default();
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(fault)?;
    let mut lines: Vec<(u64, Vec<String>)> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(fault)? {
        let (row, column) = cell.get_position();
        if row >= LARGEST_WORKBOOK.0 || column >= LARGEST_WORKBOOK.1 {
            return Err(unreadable(layer, "it has more rows or columns than a mapping table"));
        }
        let text = cell_text(cell.get_value());
        if lines.last().is_none_or(|(line, _)| *line != u64::from(row) + 1) {
            lines.push((u64::from(row) + 1, Vec::new()));
        }
        if let Some((_, cells)) = lines.last_mut() {
            cells.resize((column as usize + 1).max(cells.len()), String::new());
            cells[column as usize] = text;
        }
    }
    Ok(lines)
}

fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(is) => is.to_string().to_uppercase(),
        _ => String::new(),
    }
}

fn unreadable(layer: &Layer, why: &str) -> Error {
    let message = format!("is not readable as an .xlsx workbook: {why}; save it again, or as CSV UTF-8");
    Error::new(Code::M501, &layer.path, 0, message)
}

/// A cell that may be written `U+XXXX` (several joined by blanks) because the character itself is
/// invisible or risky; `None` where a code point is not one.
pub(crate) fn unescape(cell: &str) -> Option<String> {
    if !cell.starts_with("U+") || cell.contains("..") {
        return Some(cell.to_owned());
    }
    cell.split_whitespace()
        .map(|part| char::from_u32(u32::from_str_radix(part.strip_prefix("U+")?, 16).ok()?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(layer: &Layer, columns: &[&str]) -> Result<Vec<SheetRow>, Error> {
        let mut rows = Vec::new();
        read(layer, columns, |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    fn check(text: &str, expect: Result<&[&[&str]], &str>) {
        let layer = Layer { path: "t.csv".into(), bytes: text.as_bytes().to_vec() };
        match (all(&layer, &["from", "to"]), expect) {
            (Ok(rows), Ok(cells)) => {
                let found: Vec<Vec<&str>> =
                    rows.iter().map(|r| r.cells.iter().map(String::as_str).collect()).collect();
                assert_eq!(found, cells, "{text:?}");
            }
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, expect) => panic!("{text:?}: {:?} instead of {expect:?}", found.map(|rows| rows.len())),
        }
    }

    #[test]
    fn separators_and_column_order_do_not_matter() {
        check("from,to\nЖ,ZH\n", Ok(&[&["Ж", "ZH"]]));
        check("\u{feff}to;from\nZH;Ж\n", Ok(&[&["Ж", "ZH"]]));
        check("from\tto\nЖ\tZH\n", Ok(&[&["Ж", "ZH"]]));
        check("from,to\nЖ\n", Ok(&[&["Ж", ""]]));
    }

    #[test]
    fn broken_files_are_named_with_their_line() {
        check("", Err("t.csv:1: has no column `from`: the file is empty"));
        check("from,to\n\"Ж,ZH\nЩ,X\n", Err("t.csv:2:1: a quotation mark opens and never closes"));
        check("from,into\nЖ,ZH\n", Err("t.csv:1: has no column `to`"));
        check("from,to\nЖ,ZH\nЩ,SH,CH\n", Err("t.csv:3:6: has 3 cells under 2 columns"));
        let layer = Layer { path: "t.csv".into(), bytes: b"from,to\nab\xc6,ZH\n".to_vec() };
        assert!(
            all(&layer, &["from", "to"]).is_err_and(|e| e.to_string().contains("t.csv:2:3: is not UTF-8"))
        );
        let layer = Layer { path: "t.xlsx".into(), bytes: b"no workbook".to_vec() };
        let error = all(&layer, &["from"]).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("t.xlsx: is not readable as an .xlsx workbook"), "{error}");
    }

    #[test]
    fn cells_have_their_place_in_the_line() {
        let layer =
            Layer { path: "t.csv".into(), bytes: "from,to\n\"Ж, б\",ZH\nЩ,X\n".as_bytes().to_vec() };
        let rows = all(&layer, &["to", "from"]).unwrap();
        let shown = |row: usize, cell| rows[row].place(&layer, cell).to_string();
        assert_eq!((shown(0, 0), shown(0, 1)), ("t.csv:2:8".to_owned(), "t.csv:2:1".to_owned()));
        assert_eq!(shown(1, 0), "t.csv:3:3");
        assert_eq!(Place::new("t.xlsx", 7).at(28).to_string(), "t.xlsx!AB7");
    }

    #[test]
    fn risky_characters_are_written_as_code_points() {
        for (cell, text) in
            [("U+200B", Some("\u{200b}")), ("U+0416 U+0417", Some("ЖЗ")), ("Ж", Some("Ж")), ("U+D800", None)]
        {
            assert_eq!(unescape(cell).as_deref(), text);
        }
    }
}
