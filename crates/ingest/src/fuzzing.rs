//! Doors for the fuzzer to parts that have none of their own, each with what has to hold behind it.

use std::collections::BTreeSet;
use std::io::Read;
use std::ops::ControlFlow;

use encoding_rs::{SHIFT_JIS, UTF_8, WINDOWS_1251};
use matricule_mapping::Profile;
use matricule_record::{CellKind, Cells, FieldKind, FileFacts, LedgerRow, SheetFacts};

use crate::csv::fields::Decoder;
use crate::csv::records::{Records, Shape};
use crate::event::Event;
use crate::flow::{Emitter, FileFlow, Ingest, Stop};
use crate::limits::Limits;
use crate::sheet_row::{SheetRow, Span};

/// Inputs are small: a buffer for real ledgers would cost more than what is tried.
const BUFFER_BYTES: usize = 1 << 12;

/// What was found to be wrong.
type Verdict = Result<(), String>;

fn demand(holds: bool, what: &str) -> Verdict {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

/// Gives a few bytes at a time.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(7);
        self.0.read(&mut buffer[..most])
    }
}

type Seen = Vec<(Vec<u8>, Shape, u32, u64)>;

fn records(input: impl Read, delimiter: u8) -> Result<Seen, String> {
    let mut records = Records::new(input, delimiter, 0).with_buffer(BUFFER_BYTES);
    let mut seen = Vec::new();
    while let Some(record) = records.next().map_err(|error| error.to_string())? {
        seen.push((record.bytes.to_vec(), record.shape, record.row, record.offset));
    }
    Ok(seen)
}

/// A CSV: its records cover its bytes, do not depend on how these come, and make rows in every encoding.
pub fn csv(bytes: &[u8], delimiter: u8) -> Verdict {
    let seen = records(bytes, delimiter)?;
    demand(seen == records(Dripping(bytes), delimiter)?, "records depend on how the bytes come")?;
    let mut end = 0;
    for (at, (record, shape, row, offset)) in seen.iter().enumerate() {
        demand(*row as usize == at + 1, "a row number is wrong")?;
        demand(*shape == Shape::TooLong || (*offset >= end && *offset <= end + 2), "bytes between records")?;
        end = offset + record.len() as u64;
    }
    demand(seen.is_empty() || end + 2 >= bytes.len() as u64, "bytes after the last record")?;
    for encoding in [UTF_8, WINDOWS_1251, SHIFT_JIS] {
        let mut decoder = Decoder::new(encoding, delimiter, &Limits::default());
        let mut records = Records::new(bytes, delimiter, 0).with_buffer(BUFFER_BYTES);
        while let Ok(Some(record)) = records.next() {
            let row = decoder.row(&record);
            demand(
                !row.cells.iter().any(|cell| cell.text.contains('\u{fffd}')) || shows_replacement(bytes),
                "U+FFFD",
            )?;
        }
    }
    Ok(())
}

/// Whether the bytes hold the replacement character themselves.
fn shows_replacement(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|window| window == "\u{fffd}".as_bytes())
}

/// The layout of a sheet: each row with a value is told once, in order, as it stands.
pub fn layout(text: &str, ingest: &Ingest<'_>, profile: &Profile) -> Verdict {
    let rows = rows_of(text);
    let mut events = Vec::new();
    let mut out = |event| {
        events.push(event);
        ControlFlow::Continue(())
    };
    let markers = ingest.markers(profile);
    let mut emitter = Emitter::new(FileFacts::default(), &mut out);
    let mut flow = FileFlow::new(profile, profile.settings(), &markers, Limits::default(), &mut emitter);
    let read = flow.start_sheet("S", false);
    let read = read.and_then(|()| rows.iter().cloned().try_for_each(|row| flow.row(row)));
    match read.and_then(|()| flow.finish()) {
        Ok(()) => judge(&rows, &events),
        Err(Stop::Failed(_) | Stop::Receiver) => Ok(()),
    }
}

fn judge(rows: &[SheetRow], events: &[Event]) -> Verdict {
    let mut told = Vec::new();
    for event in events {
        match event {
            Event::Row(row) => {
                told.push((row.source.row, &row.cells));
                judge_record(row)?;
            }
            Event::Refused(reject) => told.push((reject.source.row, &reject.cells)),
            Event::Skipped { source, cells, .. } => told.push((source.row, cells)),
            Event::EndSheet(facts) => demand(conserves(facts, events), "rows are not conserved")?,
            _ => {}
        }
    }
    let mut given: Vec<(u32, &Cells)> =
        rows.iter().filter(|row| !row.cells.is_blank()).map(|row| (row.row, &row.cells)).collect();
    told.sort_by_key(|(row, _)| *row);
    given.sort_by_key(|(row, _)| *row);
    demand(told == given, "a row is lost, told twice, or changed")
}

fn judge_record(row: &LedgerRow) -> Verdict {
    let columns = &row.source.ledger.columns;
    let mut seen = BTreeSet::new();
    for (column, text) in &row.carried {
        let field = columns.get(*column).and_then(|column| column.field);
        demand(field.is_some(), "a value is carried into no field")?;
        demand(field.is_none_or(|field| field.kind() != FieldKind::Serial), "a serial is carried")?;
        demand(!text.trim().is_empty() && seen.insert(*column), "a value is carried twice, or none")?;
    }
    Ok(())
}

fn conserves(facts: &SheetFacts, events: &[Event]) -> bool {
    let taken =
        events.iter().filter(|event| matches!(event, Event::Row(_) | Event::Refused(_))).count() as u64;
    facts.rows_read == taken + facts.rows_skipped()
}

/// Rows of a text: cells between tabs. A line may begin with `~` (hidden), and with `[1-3^2]`: columns 1
/// to 3 are merged, from two rows above on.
fn rows_of(text: &str) -> Vec<SheetRow> {
    let mut rows: Vec<SheetRow> = Vec::new();
    for (row, line) in (1..).zip(text.lines().take(3_000)) {
        let (hidden, mut line) = (line.starts_with('~'), line.trim_start_matches('~'));
        let mut spans = Vec::new();
        while let Some((span, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            spans.extend(span_of(span, row, &rows));
            line = rest;
        }
        let mut cells = Cells::from_texts(line.split('\t').take(100));
        if line.starts_with('#') {
            cells.push(CellKind::Number, "7");
        }
        rows.push(SheetRow { row, cells, hidden, spans, notes: Vec::new(), trouble: None });
    }
    rows
}

fn span_of(text: &str, row: u32, above: &[SheetRow]) -> Option<Span> {
    let (columns, up) = text.split_once('^').unwrap_or((text, "0"));
    let (first, last) = columns.split_once('-')?;
    let (first, last, up): (u32, u32, u32) = (first.parse().ok()?, last.parse().ok()?, up.parse().ok()?);
    let top = row.checked_sub(up).filter(|top| *top > 0)?;
    let text = above.get(top as usize - 1).map(|row| row.cells.get(first as usize).text).unwrap_or_default();
    Some(Span { first, last: last.max(first), top, text: if top == row { "" } else { text }.into() })
}
