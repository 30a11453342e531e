//! Ditto marks: cells that mean the value above them.

use matricule_record::{Cells, Code, Field, FieldKind, Finding, Ledger, Text, message};

use matricule_text::is_dash;

use super::markers::Markers;

/// What is said in names that no vocabulary has all of: a sign there would become one.
const NAMED: [Field; 4] = [Field::Make, Field::Model, Field::Calibre, Field::Holder];

/// The values of the record above, as far as ditto marks can mean them.
pub(crate) struct Above {
    columns: Vec<(usize, Option<Field>)>,
    known: bool,
    /// A column of which a group row speaks that stands between.
    between: Option<usize>,
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
    /// For the columns of a ledger, those without a field too: a row may be told apart by them. A
    /// mark in a serial is no value: standardization refuses it.
    pub fn new(ledger: &Ledger) -> Self {
        let columns = ledger.columns.iter().enumerate().filter(|(_, column)| !column.header.is_empty());
        let columns = columns.map(|(at, column)| (at, column.field));
        let columns = columns
            .filter(|(_, field)| field.is_none_or(|field| field.kind() != FieldKind::Serial))
            .collect();
        Self { columns, known: false, between: None, text: String::new(), ends: Vec::new() }
    }

    /// Forgets the record above, because what it says is not known.
    pub fn forget(&mut self) {
        self.known = false;
    }

    /// Forgets what it says in one column, as another text stands between.
    pub fn forget_column(&mut self, column: usize) {
        self.between = Some(column);
    }

    /// What the marks of a row mean.
    pub fn resolve(&self, cells: &Cells, markers: &Markers<'_>) -> Carried {
        let mut carried = Carried::default();
        for (at, &(column, field)) in self.columns.iter().enumerate() {
            let cell = cells.get(column);
            if let Some(field) = field.filter(|field| NAMED.contains(field) && is_sign(cell.text))
                && !markers.is_ditto(cell.text)
            {
                carried.findings.push(unclear(field, column, cell.text));
            } else if markers.is_ditto(cell.text) {
                match (self.value(at).filter(|value| !value.trim().is_empty()), field) {
                    (Some(value), _) => carried.values.push((column, value.into())),
                    (None, Some(field)) => carried.findings.push(nothing_above(field, column, cell.text)),
                    (None, None) => {}
                }
            }
        }
        carried
    }

    /// What the record above says in a column, if that is known.
    pub fn of_column(&self, column: usize) -> Option<&str> {
        let at = self.columns.iter().position(|(own, _)| *own == column)?;
        self.value(at).filter(|value| !value.trim().is_empty())
    }

    fn value(&self, at: usize) -> Option<&str> {
        if !self.known || self.between == Some(self.columns[at].0) {
            return None;
        }
        let start = if at == 0 { 0 } else { *self.ends.get(at - 1)? };
        self.text.get(start..*self.ends.get(at)?)
    }

    /// Makes a row the one above the next.
    pub fn remember(&mut self, cells: &Cells, carried: &Carried) {
        self.known = true;
        self.between = None;
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

/// Whether a text is a sign that some write for the value above and others for nothing: `=`, `,,-`, `//-`, `-II-`.
fn is_sign(text: &str) -> bool {
    let text = text.trim();
    let bare = text.trim_matches(|c| c == '-' || is_dash(c));
    let is_framed =
        text.starts_with(|c| c == '-' || is_dash(c)) && text.ends_with(|c| c == '-' || is_dash(c));
    let is_drawn =
        !bare.is_empty() && bare.chars().all(|c| matches!(c, '=' | ',' | '/' | '|' | '\\' | '-' | ' '));
    (is_framed && bare.len() < text.len() && matches!(bare, "II" | "ll" | "11"))
        || (is_drawn
            && (text.contains('=') || [",,", "//", "||", "\\\\"].iter().any(|pair| text.contains(pair))))
}

fn unclear(field: Field, column: usize, text: &str) -> Finding {
    Finding::new(Code::S206, message!("s206-unclear", text = text.trim()))
        .at(Some(field), Some(column), text)
        .suggest(message!("s206-repair"))
}

fn nothing_above(field: Field, column: usize, text: &str) -> Finding {
    Finding::new(Code::S206, message!("s206-nothing-above"))
        .at(Some(field), Some(column), text)
        .suggest(message!("s206-repair"))
}
