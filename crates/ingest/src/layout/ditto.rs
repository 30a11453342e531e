//! Ditto marks: cells that mean the value above them.

use matricule_record::{Cells, Code, Field, FieldKind, Finding, Ledger, Text};

use super::markers::Markers;

/// The values of the record above, as far as ditto marks can mean them.
pub(crate) struct Above {
    columns: Vec<(usize, Field)>,
    known: bool,
    text: String,
    ends: Vec<usize>,
}

/// What ditto marks in a row mean, and those that mean nothing.
#[derive(Default)]
pub(crate) struct Carried {
    pub values: Vec<(usize, Text)>,
    pub findings: Vec<Finding>,
}

impl Above {
    /// For the columns of a ledger. A mark in a serial is no value: standardization refuses it.
    pub fn new(ledger: &Ledger) -> Self {
        let field = |(at, column): (usize, &matricule_record::Column)| Some((at, column.field?));
        let columns = ledger.columns.iter().enumerate().filter_map(field);
        let columns = columns.filter(|(_, field)| field.kind() != FieldKind::Serial).collect();
        Self { columns, known: false, text: String::new(), ends: Vec::new() }
    }

    /// Forgets the record above, because what it says is not known.
    pub fn forget(&mut self) {
        self.known = false;
    }

    /// Reads a record's marks and makes it the record above the next one.
    pub fn carry(&mut self, cells: &Cells, markers: &Markers<'_>) -> Carried {
        let mut carried = Carried::default();
        for (at, &(column, field)) in self.columns.iter().enumerate() {
            let cell = cells.get(column);
            if markers.is_ditto(cell.text) {
                match self.value(at).filter(|value| !value.trim().is_empty()) {
                    Some(value) => carried.values.push((column, value.into())),
                    None => carried.findings.push(nothing_above(field, column, cell.text)),
                }
            }
        }
        self.remember(cells, &carried);
        carried
    }

    fn value(&self, at: usize) -> Option<&str> {
        if !self.known {
            return None;
        }
        let start = if at == 0 { 0 } else { *self.ends.get(at - 1)? };
        self.text.get(start..*self.ends.get(at)?)
    }

    fn remember(&mut self, cells: &Cells, carried: &Carried) {
        self.known = true;
        self.text.clear();
        self.ends.clear();
        for &(column, _) in &self.columns {
            let value = carried.values.iter().find(|(at, _)| *at == column).map(|(_, value)| value.as_str());
            let unresolved = carried.findings.iter().any(|finding| finding.column == Some(column));
            self.text.push_str(if unresolved { "" } else { value.unwrap_or(cells.get(column).text) });
            self.ends.push(self.text.len());
        }
    }
}

fn nothing_above(field: Field, column: usize, text: &str) -> Finding {
    Finding::new(Code::S206, "the ditto mark has no value above it")
        .at(Some(field), Some(column), text)
        .suggest("Write the value that is meant.")
}
