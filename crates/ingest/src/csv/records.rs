//! Bytes to records: where one row of a CSV ends and the next begins.
//!
//! The csv crate does the same, with two answers that a registry cannot use: it skips empty lines,
//! so its row numbers are not those that a spreadsheet program shows; and a quote that is never
//! closed swallows the rest of the file. Here an empty line is a record, and a quoted cell that is
//! not closed by a quote and a delimiter or line end costs the line it begins in.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use crate::limits::{Limits, QuotedCell};

/// Longest line of a CSV in bytes, where no limit is declared.
const LINE_BYTES: usize = 1 << 20;

const BUFFER_BYTES: usize = 256 * 1024;
/// Delimiters before a quoted cell from which on a line in it that has as many is another record; fewer are the commas
/// of an address.
const DIVIDED: usize = 3;
/// How much of a line over the limit is shown.
const SHOWN_BYTES: usize = 256;

/// How a record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Without quotes.
    Plain,
    /// With quotes, all of them closed.
    Quoted,
    /// A line in which a quoted cell begins that is not closed.
    BrokenQuotes,
    /// The beginning of a line that is too long.
    TooLong,
}

/// A record without its line end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub bytes: &'a [u8],
    pub shape: Shape,
    /// Row number, counted from 1.
    pub row: u32,
    /// Its first byte's place in the file.
    pub offset: u64,
}

/// The records of a reader.
pub(crate) struct Records<R> {
    input: R,
    delimiter: u8,
    /// Bytes of the longest line.
    longest: usize,
    quoted: QuotedCell,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    offset: u64,
    row: u32,
    /// The beginning of the last line that was too long.
    shown: Vec<u8>,
}

/// What the bytes at hand hold.
#[derive(Debug, PartialEq, Eq)]
enum Scan {
    Record { length: usize, shape: Shape },
    TooLong,
    More,
    End,
}

impl<R: Read> Records<R> {
    /// The records of a reader that stands at `offset` of its file.
    pub fn new(input: R, delimiter: u8, offset: u64) -> Self {
        Self {
            input,
            delimiter,
            longest: LINE_BYTES,
            quoted: Limits::default().quoted(),
            buffer: vec![0; BUFFER_BYTES],
            start: 0,
            end: 0,
            ended: false,
            offset,
            row: 0,
            shown: Vec::new(),
        }
    }

    /// The same with another buffer to begin with; it grows with the longest record.
    #[cfg(feature = "fuzzing")]
    pub fn with_buffer(mut self, bytes: usize) -> Self {
        self.buffer = vec![0; bytes.max(SHOWN_BYTES)];
        self
    }

    /// The same with other limits on lines and quoted cells.
    pub fn with_limits(mut self, limits: &Limits) -> Self {
        self.longest = limits.line_length().max(SHOWN_BYTES);
        self.quoted = limits.quoted();
        self
    }

    /// The next record.
    pub fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        loop {
            match self.scan() {
                Scan::End => return Ok(None),
                Scan::More => self.fill()?,
                Scan::TooLong => return self.skip_line().map(Some),
                Scan::Record { length, shape } => return Ok(Some(self.take(length, shape))),
            }
        }
    }

    /// The first record of the bytes at hand.
    fn scan(&self) -> Scan {
        let (bytes, ended) = (&self.buffer[self.start..self.end], self.ended);
        let line = match line_end(bytes, self.longest, ended) {
            Ok(line) => line,
            Err(scan) => return scan,
        };
        if memchr(b'"', &bytes[..line]).is_none() {
            return Scan::Record { length: line, shape: Shape::Plain };
        }
        match quoted_record(bytes, self.delimiter, self.quoted, ended) {
            Quoted::Record(length) => Scan::Record { length, shape: Shape::Quoted },
            Quoted::Broken => Scan::Record { length: line, shape: Shape::BrokenQuotes },
            Quoted::More => Scan::More,
        }
    }

    fn take(&mut self, length: usize, shape: Shape) -> Record<'_> {
        let (start, offset) = (self.start, self.offset);
        let rest = &self.buffer[start + length..self.end];
        let line_end = match rest {
            [b'\r', b'\n', ..] => 2,
            [] => 0,
            _ => 1,
        };
        self.start += length + line_end;
        self.offset += (length + line_end) as u64;
        self.row = self.row.saturating_add(1);
        Record { bytes: &self.buffer[start..start + length], shape, row: self.row, offset }
    }

    /// Moves what is left to the front and reads on; makes room where there is none.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let read = self.input.read(&mut self.buffer[self.end..])?;
        self.ended = read == 0;
        self.end += read;
        Ok(())
    }

    /// Drops a line that is too long, but for its beginning.
    fn skip_line(&mut self) -> io::Result<Record<'_>> {
        self.shown = self.buffer[self.start..self.start + SHOWN_BYTES].to_vec();
        let offset = self.offset;
        loop {
            let rest = &self.buffer[self.start..self.end];
            let found = memchr2(b'\n', b'\r', rest);
            let dropped = found.unwrap_or(rest.len());
            self.start += dropped;
            self.offset += dropped as u64;
            let split_line_end = self.buffer[self.start..self.end] == *b"\r" && !self.ended;
            if (found.is_some() && !split_line_end) || self.ended {
                break;
            }
            self.fill()?;
        }
        let row = self.take(0, Shape::TooLong).row;
        Ok(Record { bytes: &self.shown, shape: Shape::TooLong, row, offset })
    }
}

/// Where the first line of some bytes ends; where that cannot be said, why.
fn line_end(bytes: &[u8], longest: usize, ended: bool) -> Result<usize, Scan> {
    let line = match memchr2(b'\n', b'\r', bytes) {
        Some(end) if bytes[end] == b'\r' && end + 1 == bytes.len() && !ended => return Err(Scan::More),
        Some(end) => end,
        None if ended && bytes.is_empty() => return Err(Scan::End),
        None if ended => bytes.len(),
        None if bytes.len() > longest => return Err(Scan::TooLong),
        None => return Err(Scan::More),
    };
    if line > longest { Err(Scan::TooLong) } else { Ok(line) }
}

/// What a record with quotes comes to.
enum Quoted {
    /// A record, or a cell, that ends here.
    Record(usize),
    Broken,
    More,
}

/// The length of a record in which there are quotes: cell by cell, because a quote opens a cell
/// only as its first byte, and closes it only as its last.
fn quoted_record(bytes: &[u8], delimiter: u8, most: QuotedCell, ended: bool) -> Quoted {
    let mut at = 0;
    loop {
        at = if bytes.get(at) == Some(&b'"') {
            match closing_quote(bytes, at + 1, delimiter, most, ended) {
                Quoted::Record(end) if swallows(bytes, (at, end), delimiter) => return Quoted::Broken,
                Quoted::Record(end) => end,
                other => return other,
            }
        } else {
            match memchr3(delimiter, b'\n', b'\r', &bytes[at..]) {
                Some(length) => at + length,
                None if ended => bytes.len(),
                None => return Quoted::More,
            }
        };
        match bytes.get(at) {
            Some(&byte) if byte == delimiter => at += 1,
            Some(b'\r') if at + 1 == bytes.len() && !ended => return Quoted::More,
            _ => return Quoted::Record(at),
        }
        if at == bytes.len() && !ended {
            return Quoted::More;
        }
    }
}

/// Where a quoted cell ends that begins before `from`.
fn closing_quote(bytes: &[u8], from: usize, delimiter: u8, most: QuotedCell, ended: bool) -> Quoted {
    let mut at = from;
    loop {
        let Some(length) = memchr(b'"', &bytes[at..]) else {
            let over = bytes.len() - from > most.bytes || is_over_lines(&bytes[from..], most);
            return if ended || over { Quoted::Broken } else { Quoted::More };
        };
        at += length + 1;
        if bytes.get(at) == Some(&b'"') {
            at += 1;
            continue;
        }
        let blanks = bytes[at..].iter().take_while(|&&byte| byte == b' ').count();
        let within = at - from <= most.bytes && !is_over_lines(&bytes[from..at], most);
        return match bytes.get(at + blanks) {
            None if !ended => Quoted::More,
            None | Some(b'\n' | b'\r') if within => Quoted::Record(at + blanks),
            Some(&byte) if byte == delimiter && within => Quoted::Record(at + blanks),
            _ => Quoted::Broken,
        };
    }
}

/// Whether a quoted cell holds a line that is divided as often as the record is before it: the quote was a ditto mark,
/// or a stray one, and the next one closed it records later.
fn swallows(bytes: &[u8], (start, end): (usize, usize), delimiter: u8) -> bool {
    let divided = |bytes: &[u8]| memchr_iter(delimiter, bytes).count();
    let mut lines = bytes[start..end].split(|byte| matches!(byte, b'\n' | b'\r')).skip(1).peekable();
    let needed = |before: usize| if before < DIVIDED { 2 * DIVIDED } else { before };
    lines.peek().is_some() && {
        let needed = needed(divided(&bytes[..start]));
        lines.any(|line| divided(line) >= needed)
    }
}

fn is_over_lines(bytes: &[u8], most: QuotedCell) -> bool {
    memchr_iter(b'\n', bytes).nth(most.lines - 1).is_some()
}

#[cfg(test)]
mod tests;
