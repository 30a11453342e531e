//! A record to the cells of a row: decode, then split.
//!
//! Decoding refuses what the encoding does not have; nothing is ever replaced.

use std::fmt::Write;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use encoding_rs::{DecoderResult, Encoding, UTF_8};
use matricule_record::Cells;
use memchr::memchr_iter;

use super::encoding::Encoded;
use super::records::{Record, Shape};
use crate::limits::Limits;
use crate::sheet_row::{SheetRow, Trouble, kind_of_text};

/// Makes rows of records.
pub(crate) struct Decoder {
    encoding: &'static Encoding,
    /// The encoding of the file, where it was transcoded before.
    transcoded_from: Option<&'static str>,
    /// Where letters beyond ASCII are not to be trusted, the encodings that they may be in.
    doubting: Option<String>,
    delimiter: u8,
    columns: u64,
    cell_characters: u64,
    line_bytes: u64,
    unquoter: Unquoter,
    width: usize,
}

impl Decoder {
    pub fn new(encoding: &'static Encoding, delimiter: u8, limits: &Limits) -> Self {
        Self {
            encoding,
            transcoded_from: None,
            doubting: None,
            delimiter,
            columns: limits.columns,
            cell_characters: limits.cell_characters,
            line_bytes: limits.line_bytes,
            unquoter: Unquoter::new(delimiter),
            width: 16,
        }
    }

    /// For text that was transcoded to UTF-8: faults are named after the file's own encoding.
    pub fn transcoded_from(mut self, name: &'static str) -> Self {
        self.transcoded_from = Some(name);
        self
    }

    /// For an encoding that is a guess: refuses the rows that depend on it.
    pub fn doubting(mut self, encoded: &Encoded) -> Self {
        let other = encoded.rival.map(|rival| format!(" or {}", rival.name())).unwrap_or_default();
        self.doubting = encoded.uncertain.then(|| format!("{}{other}", encoded.encoding.name()));
        self
    }

    /// A record as a row.
    pub fn row(&mut self, record: &Record<'_>) -> SheetRow {
        let row = record.row;
        let decoded = if self.encoding == UTF_8 {
            std::str::from_utf8(record.bytes).ok().map(std::borrow::Cow::Borrowed)
        } else {
            self.encoding.decode_without_bom_handling_and_without_replacement(record.bytes)
        };
        let Some(text) = decoded else { return self.undecodable(record) };
        let (cells, trouble) = match record.shape {
            Shape::Plain => self.split(&text),
            Shape::Quoted => self.unquote(&text),
            Shape::BrokenQuotes => (Cells::from_texts([&*text]), Some(Trouble::BrokenQuotes)),
            Shape::TooLong => {
                (Cells::from_texts([&*text]), Some(Trouble::LineBytes { limit: self.line_bytes }))
            }
        };
        self.width = self.width.max(cells.len());
        let mixed = self.encoding.is_single_byte()
            && !record.bytes.is_ascii()
            && std::str::from_utf8(record.bytes).is_ok();
        let trouble = trouble.or_else(|| {
            mixed.then(|| Trouble::Unconfirmed { encoding: format!("UTF-8 or {}", self.encoding.name()) })
        });
        let doubt = self.doubting.as_ref().filter(|_| !is_beyond_doubt(&text));
        let trouble =
            trouble.or_else(|| doubt.map(|encoding| Trouble::Unconfirmed { encoding: encoding.clone() }));
        SheetRow { row, cells, hidden: false, spans: Vec::new(), notes: Vec::new(), trouble }
    }

    /// The encoding of the file.
    fn name(&self) -> &'static str {
        self.transcoded_from.unwrap_or(self.encoding.name())
    }

    fn split(&self, text: &str) -> (Cells, Option<Trouble>) {
        let mut row = Row::new(self, text.len());
        let mut start = 0;
        for end in memchr_iter(self.delimiter, text.as_bytes()).chain([text.len()]) {
            row.push(text.get(start..end).unwrap_or_default());
            start = end + 1;
        }
        (row.cells, row.trouble)
    }

    fn unquote(&mut self, text: &str) -> (Cells, Option<Trouble>) {
        self.unquoter.read(text.as_bytes());
        let mut row = Row::new(self, text.len());
        for cell in self.unquoter.cells() {
            // The text was valid and is cut at ASCII only, so no cell is lost here.
            row.push(std::str::from_utf8(cell).unwrap_or_default());
        }
        (row.cells, row.trouble)
    }

    /// The row with its bad bytes shown as `\xNN`, refused.
    fn undecodable(&self, record: &Record<'_>) -> SheetRow {
        let (text, bad) = escape(record.bytes, self.encoding);
        let encoding = self.name().to_owned();
        let offset = self.transcoded_from.is_none().then_some(record.offset + bad as u64);
        let trouble = Some(Trouble::Undecodable { encoding, offset });
        SheetRow {
            row: record.row,
            cells: self.split(&text).0,
            hidden: false,
            spans: Vec::new(),
            notes: Vec::new(),
            trouble,
        }
    }
}

/// Whether a text does not depend on which of the likely encodings it is in: ASCII, blanks, and the
/// `×` of `7.62×39`, as a letter would say nothing there.
fn is_beyond_doubt(text: &str) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    text.is_ascii()
        || text.char_indices().filter(|(_, c)| !c.is_ascii()).all(|(at, c)| match c {
            '×' => {
                let (before, after) = (text[..at].trim_end(), text[at + c.len_utf8()..].trim_start());
                is_digit(before.chars().next_back()) && is_digit(after.chars().next())
            }
            '\u{a0}' | '\u{ad}' => true,
            _ => false,
        })
}

/// A row under construction, with the limits that it has to keep.
struct Row {
    cells: Cells,
    trouble: Option<Trouble>,
    columns: u64,
    cell_characters: u64,
}

impl Row {
    fn new(decoder: &Decoder, bytes: usize) -> Self {
        let cells = Cells::with_capacity(decoder.width, bytes);
        Self { cells, trouble: None, columns: decoder.columns, cell_characters: decoder.cell_characters }
    }

    fn push(&mut self, text: &str) {
        let column = self.cells.len() as u32;
        if u64::from(column) >= self.columns {
            if !text.trim().is_empty() {
                self.trouble.get_or_insert(Trouble::Columns { column, limit: self.columns });
            }
            return;
        }
        if text.len() as u64 > self.cell_characters && text.chars().count() as u64 > self.cell_characters {
            self.trouble.get_or_insert(Trouble::CellCharacters { column, limit: self.cell_characters });
        }
        self.cells.push(kind_of_text(text), text);
    }
}

/// csv-core over one record at a time.
struct Unquoter {
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
}

impl Unquoter {
    fn new(delimiter: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Self { reader, text: Vec::new(), ends: Vec::new(), count: 0 }
    }

    fn read(&mut self, record: &[u8]) {
        self.reader.reset();
        self.text.resize(record.len().max(self.text.len()), 0);
        let (mut at, mut written, mut count) = (0, 0, 0);
        loop {
            if count == self.ends.len() {
                self.ends.resize(count * 2 + 16, 0);
            }
            let (result, read, wrote, ended) =
                self.reader.read_record(&record[at..], &mut self.text[written..], &mut self.ends[count..]);
            at += read;
            written += wrote;
            count += ended;
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => break,
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2 + 16, 0),
                ReadRecordResult::InputEmpty | ReadRecordResult::OutputEndsFull => {}
            }
        }
        self.count = count;
    }

    fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.count).map(|at| {
            let start = if at == 0 { 0 } else { self.ends[at - 1] };
            &self.text[start..self.ends[at]]
        })
    }
}

/// The text of some bytes with those that are none as `\xNN`, and the place of the first of those.
fn escape(bytes: &[u8], encoding: &'static Encoding) -> (String, usize) {
    let mut text = String::new();
    let (mut at, mut first) = (0, None);
    while at < bytes.len() {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        text.reserve(decoder.max_utf8_buffer_length_without_replacement(bytes.len() - at).unwrap_or(0));
        let (result, read) = decoder.decode_to_string_without_replacement(&bytes[at..], &mut text, true);
        let DecoderResult::Malformed(length, after) = result else { break };
        let bad = at + read - usize::from(after) - usize::from(length);
        first.get_or_insert(bad);
        for byte in &bytes[bad..bad + usize::from(length)] {
            // Writing to a string cannot fail.
            let _ = write!(text, "\\x{byte:02X}");
        }
        at = (bad + usize::from(length)).max(at + 1);
    }
    (text, first.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use encoding_rs::{SHIFT_JIS, WINDOWS_1251, WINDOWS_1253};

    use super::super::records::Records;
    use super::*;

    fn rows(bytes: &[u8], encoding: &'static Encoding, limits: &Limits) -> Vec<(String, Option<Trouble>)> {
        let mut records = Records::new(bytes, b',', 0).with_limits(limits);
        let mut decoder = Decoder::new(encoding, b',', limits);
        let mut rows = Vec::new();
        while let Some(record) = records.next().unwrap() {
            let row = decoder.row(&record);
            rows.push((row.cells.to_json(), row.trouble));
        }
        rows
    }

    fn check(bytes: &[u8], encoding: &'static Encoding, expect: &[&str]) {
        let found = rows(bytes, encoding, &Limits::default());
        assert!(found.iter().all(|(_, trouble)| trouble.is_none()), "{found:?}");
        let found: Vec<&str> = found.iter().map(|(json, _)| json.as_str()).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn cells_are_split_and_unquoted() {
        check(b"a,b,\n,\n\n", UTF_8, &[r#"["a","b",""]"#, r#"["",""]"#, r#"[""]"#]);
        check(b"\"a,b\",\"\",\"c\"\"d\"\n", UTF_8, &[r#"["a,b","","c\"d"]"#]);
        check(b"1,\"a\nb\",\n", UTF_8, &[r#"["1","a\nb",""]"#]);
        check(b"5\" gun,\"x\" ,y\n", UTF_8, &[r#"["5\" gun","x ","y"]"#]);
    }

    #[test]
    fn cells_are_decoded() {
        check(b"\xc0\xc2,\"\xd2\xf3\xeb\xe0\"\n", WINDOWS_1251, &[r#"["АВ","Тула"]"#]);
        check(b"\x8f\x65,\x83\x7c\n", SHIFT_JIS, &[r#"["銃","ポ"]"#]);
    }

    #[test]
    fn bytes_that_are_no_text_refuse_their_row() {
        let found = rows(b"ok,1\na\xff,2\n\xc3\xa9,3\n", UTF_8, &Limits::default());
        let trouble = Trouble::Undecodable { encoding: "UTF-8".into(), offset: Some(6) };
        assert_eq!(found[1], (r#"["a\\xFF","2"]"#.to_owned(), Some(trouble)));
        assert_eq!(found[2], (r#"["é","3"]"#.to_owned(), None));
        let found = rows(b"\xc1\xd2,\xd2\xd2", WINDOWS_1253, &Limits::default());
        assert_eq!(found[0].0, r#"["Α\\xD2","\\xD2\\xD2"]"#);
    }

    #[test]
    fn a_line_in_utf8_within_another_encoding_was_read_as_other_letters() {
        let bytes = [&b"\xc0\xc2,1\n"[..], "АВ,2\n".as_bytes(), b"A,3\n", "Ё,4\n".as_bytes()].concat();
        let troubles: Vec<bool> = rows(&bytes, WINDOWS_1251, &Limits::default())
            .iter()
            .map(|(_, trouble)| matches!(trouble, Some(Trouble::Unconfirmed { .. })))
            .collect();
        assert_eq!(troubles, [false, true, false, true]);
    }

    #[test]
    fn limits_refuse_their_row() {
        let limits = Limits { columns: 2, cell_characters: 3, ..Limits::default() };
        let found = rows(b"a,b,\na,b,c\nabcd,1\n", UTF_8, &limits);
        assert_eq!(found[0].1, None);
        assert_eq!(found[1].1, Some(Trouble::Columns { column: 2, limit: 2 }));
        assert_eq!(found[2].1, Some(Trouble::CellCharacters { column: 0, limit: 3 }));
    }

    #[test]
    fn a_long_quoted_cell_is_read_where_the_profile_allows_it() {
        let long = format!("\"{}\",1\n", "x".repeat(70_000));
        let many = format!("\"{}\",1\n", "x\n".repeat(70));
        for (text, allowed) in [
            (&long, Limits { quoted_bytes: 80_000, cell_characters: 80_000, ..Limits::default() }),
            (&many, Limits { quoted_lines: 80, ..Limits::default() }),
        ] {
            let refused = rows(text.as_bytes(), UTF_8, &Limits::default());
            assert_eq!(refused[0].1, Some(Trouble::BrokenQuotes), "{} bytes", text.len());
            let read = rows(text.as_bytes(), UTF_8, &allowed);
            assert_eq!((read.len(), &read[0].1), (1, &None), "{} bytes", text.len());
        }
    }
}
