//! The pages of refused rows, in the order of the ledgers.

use std::io::Write;
use std::sync::Arc;

use askama::Template;
use matricule_record::{Code, Field, Finding, RefusedTable, StoredReject};
use matricule_record::{cell::column_letters, message};

use super::{Frame, OpenPage, Pager, Shown, TablePlaces, render};
use crate::Result;
use crate::rejected::cell_name;
use crate::texts::pages as t;
use crate::workbook::is_right_to_left;

/// Rows of one page.
pub(super) const PAGE: u64 = 1000;

/// Says where the scan of a page stands that a ledger names: by the ledger's path and the text of the cell.
pub type ScanLink<'a> = dyn Fn(&str, &str) -> Option<String> + 'a;

#[derive(Template)]
#[template(path = "rejects.html")]
struct RejectsPage<'a> {
    frame: Frame,
    pager: Pager,
    tables: &'a [Table],
}

/// Rows under one header.
struct Table {
    key: (Arc<str>, Arc<str>, Arc<RefusedTable>),
    title: String,
    is_rtl: bool,
    headers: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    ordinal: u64,
    label: String,
    cells: Vec<Cell>,
    faults: Vec<Fault>,
    scan: Option<String>,
}

struct Cell {
    text: Shown,
    is_offending: bool,
}

struct Fault {
    code: Code,
    cell: String,
    message: String,
    suggestion: String,
    table: Option<String>,
}

/// Writes `pages/rejects-1.html` and so on, a row at a time.
pub struct RowPages<'a, W> {
    open: Box<OpenPage<'a, W>>,
    scan: &'a ScanLink<'a>,
    tables: &'a TablePlaces,
    registry: &'a str,
    unmask: bool,
    pages: usize,
    written: u64,
    page: Vec<Table>,
}

/// The page on which the row of that number, counted from 0, stands.
pub(super) fn page_of(ordinal: u64) -> u64 {
    ordinal / PAGE + 1
}

impl<'a, W: Write> RowPages<'a, W> {
    /// Pages for so many rows. `tables` are the conversion tables that have a page.
    pub fn new(
        rows: u64,
        tables: &'a TablePlaces,
        registry: &'a str,
        unmask: bool,
        scan: &'a ScanLink<'a>,
        open: Box<OpenPage<'a, W>>,
    ) -> Self {
        let pages = rows.div_ceil(PAGE) as usize;
        Self { open, scan, tables, registry, unmask, pages, written: 0, page: Vec::new() }
    }

    /// Adds a row.
    pub fn write(&mut self, row: &StoredReject) -> Result<()> {
        let key = (Arc::clone(&row.row.file), Arc::clone(&row.row.sheet), Arc::clone(&row.table));
        let is_same =
            |table: &Table| table.key.0 == key.0 && table.key.1 == key.1 && Arc::ptr_eq(&table.key.2, &key.2);
        if !self.page.last().is_some_and(is_same) {
            let headers = headers(row);
            let is_rtl = is_right_to_left(&headers);
            self.page.push(Table { title: title(row), is_rtl, headers, rows: Vec::new(), key });
        }
        let line = self.row(row);
        if let Some(table) = self.page.last_mut() {
            table.widen(line.cells.len());
            table.rows.push(line);
        }
        self.written += 1;
        if self.written.is_multiple_of(PAGE) { self.flush() } else { Ok(()) }
    }

    /// Writes the last page.
    pub fn finish(mut self) -> Result<()> {
        if self.page.is_empty() { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<()> {
        self.page.iter_mut().for_each(Table::level);
        let number = page_of(self.written - 1) as usize;
        let pager = Pager { stem: "rejects", number, last: self.pages };
        let page =
            RejectsPage { frame: Frame::page("rejects", true, self.registry), pager, tables: &self.page };
        render(&page, (self.open)(&format!("pages/rejects-{number}.html"))?)?;
        self.page.clear();
        Ok(())
    }

    fn row(&self, row: &StoredReject) -> Row {
        let scan = (0..row.row.cells.len()).find(|&column| row.field(column) == Some(Field::Scan));
        Row {
            ordinal: self.written,
            label: row.row.row.map_or_else(|| message!("page-whole-file").to_owned(), |row| row.to_string()),
            cells: (0..row.row.cells.len()).map(|column| self.cell(row, column)).collect(),
            faults: row.row.findings.iter().map(|finding| self.fault(row, finding)).collect(),
            scan: scan.and_then(|column| (self.scan)(&row.row.file, row.row.cells.get(column).text)),
        }
    }

    fn cell(&self, row: &StoredReject, column: usize) -> Cell {
        let text = row.row.cells.get(column).text;
        let is_offending = row.is_offending(column);
        let is_serial =
            row.field(column).is_some_and(|field| field.kind() == matricule_record::FieldKind::Serial);
        let text = if !self.unmask && !text.is_empty() && row.is_masked(column) {
            Shown::plain(message!("masked"))
        } else if is_serial || is_offending {
            Shown::exact(text, is_serial)
        } else {
            Shown::plain(text)
        };
        Cell { text, is_offending }
    }

    fn fault(&self, row: &StoredReject, finding: &Finding) -> Fault {
        Fault {
            code: finding.code,
            cell: cell_name(row.row.row, finding).unwrap_or_default(),
            message: super::cut(&finding.message),
            suggestion: super::cut(&finding.suggestion),
            table: self.tables.link(&finding.message),
        }
    }
}

impl Table {
    fn widen(&mut self, columns: usize) {
        while self.headers.len() < columns {
            self.headers.push(column_letters(self.headers.len()));
        }
    }

    /// Gives every row as many cells as there are headers.
    fn level(&mut self) {
        let width = self.headers.len();
        for row in &mut self.rows {
            row.cells.resize_with(width, || Cell { text: Shown::plain(""), is_offending: false });
        }
    }
}

fn title(row: &StoredReject) -> String {
    super::cut(&if row.row.sheet.is_empty() {
        row.row.file.to_string()
    } else {
        format!("{}!{}", row.row.file, row.row.sheet)
    })
}

fn headers(row: &StoredReject) -> Vec<String> {
    let header = |(at, header): (usize, &str)| {
        let letters = column_letters(at);
        if header.trim().is_empty() { letters } else { format!("{letters} {}", super::cut(header)) }
    };
    row.table.columns.iter().map(|column| column.header.as_str()).enumerate().map(header).collect()
}
