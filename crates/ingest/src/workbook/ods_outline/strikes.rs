//! Lines through texts of an ods. A cell has the style that it names, or that of its row, or that of its column; a part
//! of a text may have one of its own.

use std::collections::HashMap;

use super::super::outline::Element;
use crate::sheet_row::Note;

/// Columns with a style at most: no sheet has more.
const COLUMNS: usize = 1 << 14;

/// The styles of a workbook, by family and name: whether they say that there is a line, and the style they go on from.
#[derive(Default)]
pub(super) struct Styles {
    known: HashMap<(String, String), (Option<bool>, Option<String>)>,
    open: Option<(String, String)>,
}

impl Styles {
    pub fn take(&mut self, element: &Element<'_>) {
        match (element.name(), element.is_start) {
            ("style", true) => {
                let key = ["family", "name"].map(|name| element.attribute(name).unwrap_or_default());
                let key = key.into();
                self.known.insert(Clone::clone(&key), (None, element.attribute("parent-style-name")));
                self.open = Some(key);
            }
            ("style", false) => self.open = None,
            ("text-properties", true) => {
                let style = self.open.as_ref().and_then(|key| self.known.get_mut(key));
                let names = ["text-line-through-style", "text-line-through-type"];
                let line = names.into_iter().find_map(|name| element.attribute(name));
                if let (Some(style), Some(line)) = (style, line) {
                    style.0 = Some(line != "none");
                }
            }
            _ => {}
        }
    }

    /// Whether a style has a line, where it or one that it goes on from says so.
    fn line(&self, family: &str, name: &str) -> Option<bool> {
        let mut name = name.to_owned();
        // No chain of styles is longer, unless it is a circle.
        for _ in 0..=self.known.len().min(32) {
            let (line, parent) = self.known.get(&(family.to_owned(), name))?;
            if line.is_some() {
                return *line;
            }
            name = parent.clone()?;
        }
        None
    }
}

/// The lines of a table while its cells come.
#[derive(Default)]
pub(super) struct Strikes {
    columns: Vec<bool>,
    row: Option<bool>,
    cell: bool,
    spans: Vec<bool>,
    /// Whether the open cell has text without and with a line.
    seen: [bool; 2],
}

fn style(element: &Element<'_>, attribute: &str, styles: &Styles) -> Option<bool> {
    Some(styles.line("table-cell", &element.attribute(attribute)?).unwrap_or_default())
}

impl Strikes {
    pub fn column(&mut self, element: &Element<'_>, styles: &Styles) {
        let line = style(element, "default-cell-style-name", styles).unwrap_or_default();
        let columns = element.number("number-columns-repeated").unwrap_or(1) as usize;
        let end = self.columns.len().saturating_add(columns).min(COLUMNS);
        self.columns.resize(end, line);
    }

    pub fn row(&mut self, element: &Element<'_>, styles: &Styles) {
        self.row = style(element, "default-cell-style-name", styles);
    }

    pub fn cell(&mut self, element: &Element<'_>, column: u32, styles: &Styles) {
        let of_column = || self.columns.get(column as usize).copied().unwrap_or_default();
        self.cell = style(element, "style-name", styles).or(self.row).unwrap_or_else(of_column);
        self.spans.clear();
        self.seen = [false; 2];
    }

    pub fn span(&mut self, element: &Element<'_>, is_start: bool, styles: &Styles) {
        if is_start {
            let around = self.spans.last().copied().unwrap_or(self.cell);
            let own = element.attribute("style-name").and_then(|name| styles.line("text", &name));
            self.spans.push(own.unwrap_or(around));
        } else {
            self.spans.pop();
        }
    }

    pub fn text(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.seen[usize::from(self.spans.last().copied().unwrap_or(self.cell))] = true;
        }
    }

    /// What there is to say of the cell.
    pub fn note(&self) -> Option<Note> {
        Note::of_lines(self.seen)
    }
}
