//! The cells of one physical row, as the file holds them.
//!
//! All texts of a row stand in one string with their ends beside it, so a row of fifteen cells
//! costs two allocations, not fifteen.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a cell held in its file. A CSV cell is always [`CellKind::Text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CellKind {
    /// Text as typed; an empty cell is empty text.
    Text,
    /// A number; the text is its shortest decimal form, without exponent.
    Number,
    /// A number that the file formats as a date or time; the text is ISO 8601.
    Date,
    /// `TRUE` or `FALSE`.
    Boolean,
    /// An error value such as `#REF!`.
    Error,
    /// A formula for which the file holds no value; the text is the formula, with its `=`.
    Formula,
}

/// One cell, borrowed from its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'a> {
    /// What the file held.
    pub kind: CellKind,
    /// Its text, character for character.
    pub text: &'a str,
}

impl Cell<'_> {
    const EMPTY: Cell<'static> = Cell { kind: CellKind::Text, text: "" };

    /// Whether the cell holds nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// The cells of one physical row, first column first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    text: String,
    ends: Vec<(u32, CellKind)>,
}

impl Cells {
    /// A row of text cells.
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut cells = Self::default();
        for text in texts {
            cells.push(CellKind::Text, text);
        }
        cells
    }

    /// An empty row with room for `columns` cells and `bytes` of text.
    pub fn with_capacity(columns: usize, bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), ends: Vec::with_capacity(columns) }
    }

    /// Adds a cell at the end.
    pub fn push(&mut self, kind: CellKind, text: &str) {
        self.text.push_str(text);
        self.ends.push((self.text.len() as u32, kind));
    }

    /// Adds empty cells until there are `columns`.
    pub fn pad(&mut self, columns: usize) {
        while self.ends.len() < columns {
            self.push(CellKind::Text, "");
        }
    }

    /// How many cells there are, empty ones included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of all texts together.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Whether the row has no cell at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cell of a column counted from 0; an empty one past the end.
    pub fn get(&self, column: usize) -> Cell<'_> {
        let Some(&(end, kind)) = self.ends.get(column) else { return Cell::EMPTY };
        let start = if column == 0 { 0 } else { self.ends[column - 1].0 };
        Cell { kind, text: &self.text[start as usize..end as usize] }
    }

    /// All cells, first column first.
    pub fn iter(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.len()).map(|column| self.get(column))
    }

    /// Whether every cell is blank.
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }

    /// The row as a JSON array: text as strings, numbers as `{"number": "…"}`, and so on for each
    /// other kind, so that [`Cells::from_json`] gives the same row back.
    pub fn to_json(&self) -> String {
        let values = self.iter().map(|cell| match kind_name(cell.kind) {
            None => Value::from(cell.text),
            Some(name) => serde_json::json!({ name: cell.text }),
        });
        Value::Array(values.collect()).to_string()
    }

    /// The row written by [`Cells::to_json`]; `None` where the text is not such a row.
    pub fn from_json(json: &str) -> Option<Self> {
        let Value::Array(values) = serde_json::from_str(json).ok()? else { return None };
        let mut cells = Self::default();
        for value in &values {
            match value {
                Value::String(text) => cells.push(CellKind::Text, text),
                Value::Object(map) if map.len() == 1 => {
                    let (name, text) = map.iter().next()?;
                    cells.push(kind_of_name(name)?, text.as_str()?);
                }
                _ => return None,
            }
        }
        Some(cells)
    }
}

const KIND_NAMES: [(CellKind, &str); 5] = [
    (CellKind::Number, "number"),
    (CellKind::Date, "date"),
    (CellKind::Boolean, "boolean"),
    (CellKind::Error, "error"),
    (CellKind::Formula, "formula"),
];

/// The name of every kind but text.
fn kind_name(kind: CellKind) -> Option<&'static str> {
    KIND_NAMES.iter().find(|(k, _)| *k == kind).map(|(_, name)| *name)
}

fn kind_of_name(name: &str) -> Option<CellKind> {
    KIND_NAMES.iter().find(|(_, n)| *n == name).map(|(kind, _)| *kind)
}

/// The letters of a column counted from 0, as a spreadsheet program shows them: 0 is `A`, 27 is `AB`.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_spreadsheet_letters() {
        for (column, letters) in
            [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn a_row_survives_json() {
        let mut cells = Cells::from_texts(["АВ 1234", "", "a\"b\n"]);
        cells.push(CellKind::Number, "00123");
        cells.push(CellKind::Error, "#REF!");
        assert_eq!(cells.to_json(), r##"["АВ 1234","","a\"b\n",{"number":"00123"},{"error":"#REF!"}]"##);
        assert_eq!(Cells::from_json(&cells.to_json()), Some(cells));
    }

    #[test]
    fn past_the_end_is_an_empty_cell() {
        let cells = Cells::from_texts(["x"]);
        assert!(cells.get(7).is_blank());
        assert!(!cells.is_blank());
    }
}
