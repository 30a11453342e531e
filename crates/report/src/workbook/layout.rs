//! The columns of one sheet of `rejected.xlsx`: the ledger's own, what is wrong, and where it is repaired.

use std::collections::BTreeSet;

use matricule_record::{Column, StoredReject};
use matricule_record::{cell::column_letters, message};
use matricule_text::script_of;

use crate::correction::{Target, names};
use crate::texts::workbook as texts;

/// Rows with these headers share a sheet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LayoutKey(Vec<String>);

impl LayoutKey {
    /// The layout of a refused row; `None` for a refused file or sheet.
    pub fn of(row: &StoredReject) -> Option<Self> {
        row.row.row?;
        Some(Self(
            row.table
                .columns
                .iter()
                .map(|column| format!("{}\u{1f}{}", column.header, field_of(column)))
                .collect(),
        ))
    }
}

fn field_of(column: &Column) -> &'static str {
    column.field.map_or("", matricule_record::Field::name)
}

/// What is known of a layout before its rows are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// The name of its sheet in the workbook, from its first file.
    pub title: String,
    /// Its headers, first column first; wider rows have letters only.
    pub headers: Vec<String>,
    /// Where rows of it want another value.
    wanted: BTreeSet<Target>,
    /// Whether it is read from right to left.
    pub right_to_left: bool,
}

impl Layout {
    /// Takes a row of it into account.
    pub fn add(&mut self, row: &StoredReject) {
        if self.headers.is_empty() {
            self.title = stem(&row.row.file);
            self.headers = row.table.columns.iter().map(|column| column.header.to_string()).collect();
            self.right_to_left = is_right_to_left(&self.headers);
        }
        if self.headers.len() < row.row.cells.len() {
            self.headers.resize(row.row.cells.len(), String::new());
        }
        self.wanted.extend(Target::of(row));
    }

    /// Where rows of it want another value.
    pub fn wanted(&self) -> impl Iterator<Item = Target> {
        self.wanted.iter().copied()
    }

    /// The columns of its sheet.
    pub fn columns(&self) -> Vec<SheetColumn> {
        let cells = (0..self.headers.len()).map(Role::Cell);
        let reasons = [
            Role::File,
            Role::Sheet,
            Role::Row,
            Role::Codes,
            Role::Messages,
            Role::Suggestion,
            Role::Proposal,
        ];
        let corrections = self.corrections().into_iter().map(Role::Correct);
        let roles = cells.chain(reasons).chain([Role::Action]).chain(corrections).chain([
            Role::Note,
            Role::Sha256,
            Role::Digest,
        ]);
        roles.map(|role| SheetColumn { role, header: self.header(role) }).collect()
    }

    /// Where values can be written: what is wanted first, then every other cell, because the mistake is not
    /// always in the cell that shows it.
    fn corrections(&self) -> Vec<Target> {
        let others = (0..self.headers.len()).map(Target::Cell).filter(|target| !self.wanted.contains(target));
        self.wanted.iter().copied().chain(others).collect()
    }

    fn header(&self, role: Role) -> String {
        match role {
            Role::Cell(column) => self.cell_header(column),
            Role::Correct(Target::Cell(column)) => texts::corrected(&self.cell_header(column)),
            Role::Correct(Target::Field(field)) => texts::corrected(field.name()),
            Role::File => message!("workbook-file").to_owned(),
            Role::Sheet => message!("workbook-sheet").to_owned(),
            Role::Row => message!("workbook-row").to_owned(),
            Role::Codes => message!("workbook-codes").to_owned(),
            Role::Messages => message!("workbook-messages").to_owned(),
            Role::Suggestion => message!("workbook-suggestion").to_owned(),
            Role::Proposal => message!("workbook-proposal").to_owned(),
            Role::Action => message!("workbook-action").to_owned(),
            Role::Note => message!("workbook-note").to_owned(),
            Role::Sha256 => message!("workbook-sha256").to_owned(),
            Role::Digest => message!("workbook-digest").to_owned(),
        }
    }

    fn cell_header(&self, column: usize) -> String {
        let header = self.headers.get(column).map(|header| header.trim()).unwrap_or_default();
        if header.is_empty() { column_letters(column) } else { header.to_owned() }
    }
}

/// What stands in a column of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Cell(usize),
    File,
    Sheet,
    Row,
    Codes,
    Messages,
    Suggestion,
    Proposal,
    Action,
    Correct(Target),
    Note,
    Sha256,
    Digest,
}

impl Role {
    /// The name by which the column is found again.
    pub fn name(self) -> String {
        let name = match self {
            Self::Cell(column) => return column_letters(column),
            Self::Correct(target) => return target.name(),
            Self::File => names::FILE,
            Self::Sheet => names::SHEET,
            Self::Row => names::ROW,
            Self::Codes => names::CODES,
            Self::Messages => names::MESSAGES,
            Self::Suggestion => names::SUGGESTION,
            Self::Proposal => names::PROPOSAL,
            Self::Action => names::ACTION,
            Self::Note => names::NOTE,
            Self::Sha256 => names::SHA256,
            Self::Digest => names::DIGEST,
        };
        name.to_owned()
    }

    /// Whether the operator writes into it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Action | Self::Correct(_) | Self::Note)
    }

    /// Whether it is there for the program only.
    pub fn is_hidden(self) -> bool {
        matches!(self, Self::Sha256 | Self::Digest)
    }

    /// Width in characters.
    pub fn width(self) -> f64 {
        match self {
            Self::Row => 7.0,
            Self::Codes => 12.0,
            Self::Messages | Self::Suggestion => 50.0,
            Self::File | Self::Note => 26.0,
            _ => 16.0,
        }
    }
}

/// A column of a sheet with the header that people read.
#[derive(Clone, Debug)]
pub(super) struct SheetColumn {
    pub role: Role,
    pub header: String,
}

/// The last part of a path, without what follows its last point.
fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

/// Whether most letters of the headers are of a script that is written from right to left.
pub(crate) fn is_right_to_left(headers: &[String]) -> bool {
    let scripts = headers
        .iter()
        .flat_map(|header| header.chars())
        .filter(|c| c.is_alphabetic() && !c.is_ascii())
        .map(script_of);
    let balance: i64 = scripts
        .map(|script| if matches!(script, "Arab" | "Hebr" | "Syrc" | "Thaa" | "Nkoo") { 1 } else { -1 })
        .sum();
    balance > 0
}
