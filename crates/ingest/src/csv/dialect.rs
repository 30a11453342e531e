//! Which character delimits the cells of a CSV, and on what evidence.
//!
//! The delimiter under which the header's words are known wins; then the one that gives most
//! rows the same number of columns, and many of them.

use std::cmp::Ordering;
use std::collections::HashMap;

use encoding_rs::UTF_8;

use super::fields::Decoder;
use super::records::Records;
use crate::format::Format;
use crate::layout::{Markers, read_header};
use crate::limits::Limits;

const DELIMITERS: [(u8, &str); 4] =
    [(b',', "comma"), (b';', "semicolon"), (b'\t', "tab"), (b'|', "vertical bar")];
const SAMPLED_RECORDS: usize = 200;
const HEADER_ROWS: usize = 30;

/// How the cells of a CSV are delimited. Cells are quoted with `"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// The delimiter.
    pub delimiter: u8,
    /// How it was found.
    pub evidence: String,
}

/// What speaks for a delimiter.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
struct Score {
    /// Fields that the best header names.
    fields: usize,
    /// Share of the rows that have the usual number of columns, a little less for few columns.
    consistency: f64,
    columns: usize,
}

impl Dialect {
    /// Finds the delimiter of a text.
    pub fn detect(text: &str, format: Format, markers: &Markers<'_>) -> Self {
        if let Some(declared) = markers.profile.file.delimiter.as_deref().and_then(|text| text.bytes().next())
        {
            return Self { delimiter: declared, evidence: "declared in the profile".into() };
        }
        if let Some(delimiter) = spreadsheet_hint(text) {
            return Self { delimiter, evidence: "named in the first line (sep=)".into() };
        }
        let scores = DELIMITERS.map(|(delimiter, _)| (delimiter, score(text, delimiter, markers)));
        let usual = if format == Format::Tsv { b'\t' } else { b',' };
        let best = scores.into_iter().fold((usual, Score::default()), |best, next| {
            let better = next.1 > best.1 || (next.1 == best.1 && next.0 == usual);
            if better { next } else { best }
        });
        let (delimiter, found) = best;
        if found.columns == 0 {
            return Self { delimiter, evidence: "no delimiter occurs regularly; one column".into() };
        }
        let others = scores.into_iter().filter(|(other, _)| *other != delimiter);
        let runner_up = others.max_by(|a, b| a.1.partial_cmp(&b.1).unwrap_or(Ordering::Equal));
        let runner_up = runner_up
            .filter(|(_, score)| score.columns > 0)
            .map_or_else(String::new, |other| format!("; next {}: {}", name_of(other.0), other.1));
        Self { delimiter, evidence: format!("{found}{}{runner_up}", quoting(text)) }
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "most rows have {} columns; {} known header words", self.columns, self.fields)
    }
}

/// What speaks for cells being quoted.
fn quoting(text: &str) -> String {
    match text.lines().take(SAMPLED_RECORDS).filter(|line| line.contains('"')).count() {
        0 => "; no quotes".to_owned(),
        lines => format!("; quotes in {lines} of the first lines"),
    }
}

fn name_of(delimiter: u8) -> &'static str {
    DELIMITERS.iter().find(|(known, _)| *known == delimiter).map_or("another", |(_, name)| *name)
}

impl std::fmt::Display for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match DELIMITERS.iter().find(|(delimiter, _)| *delimiter == self.delimiter) {
            Some((_, name)) => write!(f, "delimiter {name}, quote \""),
            None => write!(f, "delimiter {:?}, quote \"", char::from(self.delimiter)),
        }
    }
}

/// The `sep=;` that spreadsheet programs write and understand.
fn spreadsheet_hint(text: &str) -> Option<u8> {
    match text.trim_start_matches('\u{feff}').trim_start_matches('"').as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, b'"' | b'\r' | b'\n', ..] => {
            Some(*delimiter)
        }
        _ => None,
    }
}

fn score(text: &str, delimiter: u8, markers: &Markers<'_>) -> Score {
    let mut records = Records::new(text.as_bytes(), delimiter, 0);
    let mut decoder = Decoder::new(UTF_8, delimiter, &Limits::default());
    let mut widths = HashMap::<usize, usize>::new();
    let (mut rows, mut fields) = (0, 0);
    while let Ok(Some(record)) = records.next() {
        let row = decoder.row(&record);
        if row.cells.is_blank() {
            continue;
        }
        if rows < HEADER_ROWS {
            fields = fields.max(read_header(&row.cells, markers, None).fields);
        }
        rows += 1;
        *widths.entry(row.cells.len()).or_default() += 1;
        if rows == SAMPLED_RECORDS {
            break;
        }
    }
    let usual = widths
        .into_iter()
        .filter(|(columns, _)| *columns > 1)
        .max_by_key(|&(columns, count)| (count, columns));
    match usual {
        None => Score::default(),
        Some((columns, count)) => {
            let consistency = count as f64 / f64::from(rows as u32) * (1.0 - 1.0 / (columns as f64 + 1.0));
            Score { fields, consistency, columns }
        }
    }
}
