//! `rejected.xlsx`: the refused rows as an operator repairs them.
//!
//! Rows of one layout (the same headers) share a sheet, under the headers of their ledger. The first row of a
//! sheet is hidden and holds the names by which columns are found again (see [`crate::correction`]), so that
//! a workbook whose columns were moved, or whose headers were translated, can be fed back. Rows are streamed:
//! what was written is in a temporary file and not in memory.

mod layout;
mod patient;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Seek, Write};

use matricule_record::StoredReject;
use rust_xlsxwriter::Workbook;

pub(crate) use self::layout::is_right_to_left;
use self::layout::{Layout, LayoutKey};
use self::patient::Patient;
use self::sheet::{FilesSheet, Formats, OpenSheet, guide};
use crate::correction::Target;
use crate::{Result, check_temporary_folder};

/// Most rows of one workbook, unless [`RejectedXlsx::at_most`] says otherwise; beyond it another one begins.
const ROWS: usize = 500_000;
/// Most layouts of one workbook: each open sheet is an open file.
const SHEETS: usize = 100;

/// Which layouts the refused rows have: to be asked of all rows before the first is written.
#[derive(Clone, Debug, Default)]
pub struct Layouts(BTreeMap<LayoutKey, Layout>);

impl Layouts {
    /// Takes a row into account.
    pub fn add(&mut self, row: &StoredReject) {
        if let Some(key) = LayoutKey::of(row) {
            self.0.entry(key).or_default().add(row);
        }
    }

    /// Columns of the widest layout or row.
    pub fn widest(&self) -> usize {
        self.0.values().map(|layout| layout.headers.len()).max().unwrap_or(0)
    }

    /// Where rows of any layout want another value, and every other cell after them.
    pub fn targets(&self) -> Vec<Target> {
        let wanted: BTreeSet<Target> = self.0.values().flat_map(Layout::wanted).collect();
        let cells = (0..self.widest()).map(Target::Cell).filter(|target| !wanted.contains(target));
        wanted.iter().copied().chain(cells).collect()
    }
}

/// Writes `rejected.xlsx`, a row at a time; `rejected-2.xlsx` and so on where one workbook is full.
pub struct RejectedXlsx<'a, F> {
    layouts: &'a Layouts,
    unmask: bool,
    /// Opens the file of the workbook of that number, from 1.
    open: F,
    book: Book,
    number: usize,
    /// Most rows of one workbook.
    most: usize,
}

/// A workbook being written.
struct Book {
    workbook: Workbook,
    formats: Formats,
    sheets: BTreeMap<LayoutKey, OpenSheet>,
    files: Option<FilesSheet>,
    rows: usize,
}

impl<'a, W: Write + Seek + Send, F: FnMut(usize) -> Result<W>> RejectedXlsx<'a, F> {
    /// Starts the first workbook. Without `unmask`, cells of personal fields that nothing is wrong with are masked.
    pub fn create(layouts: &'a Layouts, unmask: bool, open: F) -> Result<Self> {
        Ok(Self { layouts, unmask, open, book: Book::new()?, number: 1, most: ROWS })
    }

    /// With another number of rows after which a workbook is full.
    #[must_use]
    pub fn at_most(self, rows: usize) -> Self {
        Self { most: rows, ..self }
    }

    /// Adds a row.
    pub fn write(&mut self, row: &StoredReject) -> Result<()> {
        let Some(key) = LayoutKey::of(row) else { return self.book.write_file(row) };
        let is_new = !self.book.sheets.contains_key(&key);
        if self.book.rows == self.most || (is_new && self.book.sheets.len() == SHEETS) {
            self.save()?;
            self.book = Book::new()?;
            self.number += 1;
        }
        let Some(layout) = self.layouts.0.get(&key) else { return Ok(()) };
        self.book.write_row(&key, layout, row, self.unmask)
    }

    /// Saves the last workbook and says how many there are.
    pub fn finish(mut self) -> Result<usize> {
        self.save()?;
        Ok(self.number)
    }

    fn save(&mut self) -> Result<()> {
        self.book.finish()?;
        let mut file = Patient::new((self.open)(self.number)?);
        self.book.workbook.save_to_writer(&mut file)?;
        Ok(file.finish()?)
    }
}

impl Book {
    fn new() -> Result<Self> {
        check_temporary_folder()?;
        let mut workbook = Workbook::new();
        let formats = Formats::new();
        guide(&mut workbook, &formats)?;
        Ok(Self { workbook, formats, sheets: BTreeMap::new(), files: None, rows: 0 })
    }

    fn write_row(
        &mut self,
        key: &LayoutKey,
        layout: &Layout,
        row: &StoredReject,
        unmask: bool,
    ) -> Result<()> {
        if !self.sheets.contains_key(key) {
            let number = self.sheets.len() + 1;
            let sheet = OpenSheet::start(&mut self.workbook, layout, number, &self.formats)?;
            self.sheets.insert(key.clone(), sheet);
        }
        let Some(sheet) = self.sheets.get_mut(key) else { return Ok(()) };
        self.rows += 1;
        sheet.write(&mut self.workbook, row, unmask, &self.formats)
    }

    fn write_file(&mut self, row: &StoredReject) -> Result<()> {
        if self.files.is_none() {
            self.files = Some(FilesSheet::start(&mut self.workbook, &self.formats)?);
        }
        self.files.as_mut().map_or(Ok(()), |files| files.write(&mut self.workbook, row))
    }

    fn finish(&mut self) -> Result<()> {
        self.sheets.values().try_for_each(|sheet| sheet.finish(&mut self.workbook))
    }
}

#[cfg(test)]
mod tests;
