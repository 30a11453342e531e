//! Cells to rows: gathers the cells of a row, keeps the limits, and sends rows in frames.

use std::collections::BTreeSet;
use std::io::Write;
use std::iter::Peekable;
use std::vec::IntoIter;

use matricule_record::{CellKind, Cells};

use super::failure::Failure;
use super::frame::{self, FRAME_BYTES, FRAME_ROWS, Frame};
use super::merged::Merged;
use super::outline::{Hidden, Outline};
use super::value::ValueText;
use crate::limits::Limits;
use crate::sheet_row::{Note, SheetRow, Trouble};

/// The rows of a sheet under construction.
pub(crate) struct RowBuilder<'a> {
    output: &'a mut dyn Write,
    columns: u64,
    cell_characters: u64,
    formula_depth: u64,
    /// The encoding of its texts, where it is a guess.
    doubted: Option<&'static str>,
    /// The row that is open, counted from 0.
    row: Option<u32>,
    cells: Cells,
    trouble: Option<Trouble>,
    hidden: Peekable<IntoIter<(u32, u32)>>,
    merged: Merged,
    notes: Peekable<IntoIter<(u32, u32, Note)>>,
    textless: BTreeSet<(u32, u32)>,
    width: usize,
    rows: Vec<SheetRow>,
    bytes: usize,
}

impl<'a> RowBuilder<'a> {
    pub fn new(limits: &Limits, output: &'a mut dyn Write) -> Self {
        Self {
            output,
            columns: limits.columns,
            cell_characters: limits.cell_characters,
            formula_depth: limits.formula_depth,
            doubted: None,
            row: None,
            cells: Cells::default(),
            trouble: None,
            hidden: Hidden::new().into_iter().peekable(),
            merged: Merged::default(),
            notes: Vec::new().into_iter().peekable(),
            textless: BTreeSet::new(),
            width: 16,
            rows: Vec::new(),
            bytes: 0,
        }
    }

    /// What writes the values of its cells.
    pub fn value_text(&self) -> ValueText {
        ValueText::new(usize::try_from(self.formula_depth).unwrap_or(usize::MAX))
    }

    /// Takes what is known of the sheet besides its cells, before these come.
    pub fn outline(&mut self, outline: Outline) {
        self.hidden = outline.hidden.into_iter().peekable();
        self.merged = Merged::new(outline.merged, self.columns);
        self.notes = outline.notes.into_iter().peekable();
        self.textless = outline.textless;
    }

    /// What is said of the cells of a row. Rows come in order.
    fn notes_of(&mut self, row: u32) -> Vec<(u32, Note)> {
        while self.notes.next_if(|(above, ..)| *above < row).is_some() {}
        let here = std::iter::from_fn(|| self.notes.next_if(|(at, ..)| *at == row));
        here.map(|(_, column, note)| (column, note)).collect()
    }

    /// Names the encoding of its texts where it is a guess: rows with letters beyond ASCII are then refused.
    pub fn doubt(&mut self, encoding: Option<&'static str>) {
        self.doubted = encoding;
    }

    fn is_hidden(&mut self, row: u32) -> bool {
        while self.hidden.next_if(|&(_, last)| last < row).is_some() {}
        self.hidden.peek().is_some_and(|&(first, _)| first <= row)
    }

    /// Takes a cell by its row and column, counted from 0. Rows come in order.
    pub fn cell(&mut self, (row, column): (u32, u32), kind: CellKind, text: &str) -> Result<(), Failure> {
        if self.row != Some(row) {
            if self.row.is_some_and(|open| open > row) {
                return Err(Failure::Damaged(format!("row {} stands below a later one", row + 1)));
            }
            self.end_row()?;
            self.row = Some(row);
        }
        if u64::from(column) >= self.columns {
            self.trouble.get_or_insert(Trouble::Columns { column, limit: self.columns });
            return Ok(());
        }
        if text.len() as u64 > self.cell_characters && text.chars().count() as u64 > self.cell_characters {
            self.trouble.get_or_insert(Trouble::CellCharacters { column, limit: self.cell_characters });
        }
        if let Some(encoding) = self.doubted.filter(|_| !text.is_ascii()) {
            self.trouble.get_or_insert(Trouble::CodePage { encoding: encoding.to_owned() });
        }
        self.put(column as usize, kind, text);
        Ok(())
    }

    fn put(&mut self, column: usize, kind: CellKind, text: &str) {
        if self.cells.is_empty() {
            self.cells = Cells::with_capacity(self.width, self.width * 12);
        }
        if column >= self.cells.len() {
            self.cells.pad(column);
            self.cells.push(kind, text);
            return;
        }
        // A cell out of order, or given twice.
        let known = self.cells.get(column);
        if !known.text.is_empty() && known.text != text {
            self.trouble.get_or_insert(Trouble::Twice { column: column as u32 });
        }
        let mut cells = Cells::with_capacity(self.cells.len(), 0);
        for (at, cell) in self.cells.iter().enumerate() {
            if at == column { cells.push(kind, text) } else { cells.push(cell.kind, cell.text) }
        }
        self.cells = cells;
    }

    fn end_row(&mut self) -> Result<(), Failure> {
        let (Some(row), cells, mut trouble) =
            (self.row.take(), std::mem::take(&mut self.cells), self.trouble.take())
        else {
            return Ok(());
        };
        if let Some(&(_, column)) = self.textless.range((row, 0)..=(row, u32::MAX)).next() {
            trouble.get_or_insert(Trouble::NoText { column });
        }
        if cells.is_blank() && trouble.is_none() {
            return Ok(());
        }
        self.width = self.width.max(cells.len());
        self.bytes += cells.iter().map(|cell| cell.text.len()).sum::<usize>();
        let hidden = self.is_hidden(row);
        let (spans, notes) = (self.merged.spans(row, &cells), self.notes_of(row));
        self.rows.push(SheetRow { row: row + 1, cells, hidden, spans, notes, trouble });
        if self.rows.len() >= FRAME_ROWS || self.bytes >= FRAME_BYTES { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> Result<(), Failure> {
        self.bytes = 0;
        let frame = Frame::Rows(std::mem::take(&mut self.rows));
        frame::write(&frame, &mut self.output).map_err(|error| Failure::damaged(&error))
    }

    /// Sends what is left.
    pub fn finish(mut self) -> Result<(), Failure> {
        self.end_row()?;
        if self.rows.is_empty() { Ok(()) } else { self.send() }
    }
}
