//! A mapping file as rows with line numbers: what all of them have in common.
//!
//! Operators edit these files in spreadsheet programs, which like to change the separator and the
//! encoding: `;` and tab are accepted, text that is not UTF-8 is refused with advice.

use matricule_record::Code;

use crate::Error;
use crate::files::Layer;

/// A row of a mapping file: its cells under the known columns, trimmed.
pub(crate) struct SheetRow {
    pub line: u64,
    pub cells: Vec<String>,
}

/// Reads a file with the given columns, in any order; all of them have to be there.
pub(crate) fn read(layer: &Layer, columns: &[&str]) -> Result<Vec<SheetRow>, Error> {
    let text = decode(layer)?;
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter(text)).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| broken(layer, &error))?.clone();
    let places = columns.iter().map(|name| column(layer, &header, name)).collect::<Result<Vec<_>, _>>()?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(layer, &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() > header.len() {
            let message = format!(
                "has {} cells under {} columns; quote a cell that holds a separator",
                record.len(),
                header.len()
            );
            return Err(Error::new(Code::M501, &layer.path, line, message));
        }
        let cells = places.iter().map(|&at| record.get(at).unwrap_or_default().trim().to_owned()).collect();
        rows.push(SheetRow { line, cells });
    }
    Ok(rows)
}

fn decode(layer: &Layer) -> Result<&str, Error> {
    let bytes = layer.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&layer.bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|&byte| byte == b'\n').count() as u64;
        let message = "is not UTF-8; save it again as \"CSV UTF-8\" from the spreadsheet program";
        Error::new(Code::M501, &layer.path, line, message)
    })
}

fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|&d| header.bytes().filter(|&b| b == d).count())
        .unwrap_or(b',')
}

fn column(layer: &Layer, header: &csv::StringRecord, name: &str) -> Result<usize, Error> {
    header.iter().position(|cell| cell.trim() == name).ok_or_else(|| {
        let found: Vec<&str> = header.iter().collect();
        let message = format!("has no column `{name}`; its first line is `{}`", found.join(","));
        Error::new(Code::M501, &layer.path, 1, message)
    })
}

fn broken(layer: &Layer, error: &csv::Error) -> Error {
    let line = error.position().map_or(0, csv::Position::line);
    Error::new(Code::M501, &layer.path, line, format!("is not readable as CSV: {error}"))
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

    fn check(text: &str, expect: Result<&[&[&str]], &str>) {
        let layer = Layer { path: "t.csv".into(), bytes: text.as_bytes().to_vec() };
        match (read(&layer, &["from", "to"]), expect) {
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
        check("from,into\nЖ,ZH\n", Err("t.csv:1: has no column `to`"));
        check("from,to\nЖ,ZH\nЩ,SH,CH\n", Err("t.csv:3: has 3 cells under 2 columns"));
        let layer = Layer { path: "t.csv".into(), bytes: b"from,to\n\xc6,ZH\n".to_vec() };
        assert!(
            read(&layer, &["from", "to"]).is_err_and(|e| e.to_string().contains("t.csv:2: is not UTF-8"))
        );
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
