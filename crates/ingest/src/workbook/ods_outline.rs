//! What the workbook library does not tell of an ods: hidden rows, merged cells, comments, lines through a text, and
//! how a number is shown. The text that a clerk saw stands in the file beside the number.

mod strikes;

use std::collections::HashMap;
use std::path::Path;

use matricule_record::message;

use super::failure::Failure;
use super::markup::of_cell;
use super::number_format::Shape;
use super::outline::{CDATA, Element, Outline, Region, has_part, open_zip, read_part};
use super::shown::{SHOWN_DIGITS, shape_of};
use strikes::{Strikes, Styles};

/// Drawings that stand in the cell to which they are fastened, and may hold text.
const DRAWINGS: [&str; 14] = [
    "caption",
    "circle",
    "connector",
    "control",
    "custom-shape",
    "ellipse",
    "frame",
    "g",
    "line",
    "path",
    "polygon",
    "polyline",
    "rect",
    "regular-polygon",
];
/// Numbers of a table at most that are shown otherwise than they are: a cell that is repeated costs a few bytes.
const SHOWN_CELLS: usize = 1 << 22;

/// The outline of every table of an ods, by its name.
pub(crate) fn outlines_of_ods(path: &Path) -> Result<HashMap<String, Outline>, Failure> {
    let mut archive = open_zip(path)?;
    let mut tables = HashMap::new();
    // A table may stand in a cell of another.
    let mut open: Vec<OdsTable> = Vec::new();
    let (mut is_too_large, mut is_nameless) = (false, false);
    let mut styles = Styles::default();
    if has_part(&archive, "styles.xml") {
        read_part(&mut archive, "styles.xml", |element| {
            styles.take(element);
            true
        })?;
    }
    read_part(&mut archive, "content.xml", |element| {
        match (element.name(), element.is_start) {
            ("table", true) => {
                let name = element.attribute("name").unwrap_or_default();
                is_nameless |= name.is_empty() && open.is_empty();
                let outline = Outline { shapes: shapes_of_ods(), ..Outline::default() };
                open.push(OdsTable { name, outline, ..OdsTable::default() });
            }
            ("table", false) => {
                if let Some(table) = open.pop().filter(|_| open.is_empty()) {
                    tables.insert(table.name, table.outline.sorted());
                }
            }
            _ => {
                styles.take(element);
                if let Some(table) = open.last_mut() {
                    table.take(element, &styles);
                    is_too_large = table.outline.shown.len() > SHOWN_CELLS;
                }
            }
        }
        !is_too_large
    })?;
    if is_too_large {
        return Err(Failure::Limit(format!(
            "more than {SHOWN_CELLS} numbers are shown otherwise than they are"
        )));
    }
    if is_nameless {
        return Err(Failure::Damaged(message!("i101-no-name").to_owned()));
    }
    Ok(tables)
}

/// A table of an ods while its rows come.
#[derive(Default)]
struct OdsTable {
    name: String,
    outline: Outline,
    /// The row and the column that come next.
    row: u32,
    column: u32,
    next_row: u32,
    /// The number of the cell that is open, and the column behind its last repetition.
    number: Option<(f64, u32)>,
    /// The first column of the cell that is open.
    first: u32,
    /// What it shows.
    shown: String,
    /// How many paragraphs and how many comments are open.
    paragraphs: u32,
    comments: u32,
    comment: String,
    strikes: Strikes,
    /// How many drawings are open in the cell, and whether the cell says what its value is.
    drawings: u32,
    is_typed: bool,
    /// Whether a cell is open: drawings and forms have paragraphs, too.
    is_open: bool,
}

/// The shapes that many cells of an ods share: an exponent, then zeros in front, by how many digits there are.
fn shapes_of_ods() -> Vec<Option<Shape>> {
    (0..=SHOWN_DIGITS)
        .map(|digits| Some(if digits == 0 { Shape::Exponent } else { Shape::Zeros(digits) }))
        .collect()
}

impl OdsTable {
    /// Notes what is said of the open cell, in its first place: nobody repeats a comment or a struck entry.
    fn note(&mut self) {
        let place = (self.row, self.first);
        let comment = of_cell(place, &std::mem::take(&mut self.comment));
        let struck = self.strikes.note().map(|note| (place.0, place.1, note));
        self.outline.notes.extend(comment.into_iter().chain(struck));
    }

    /// Notes how the number of the open cell is shown, in each place where the cell stands.
    fn end_cell(&mut self) {
        self.note();
        self.is_open = false;
        let shown = std::mem::take(&mut self.shown);
        let Some((number, end)) = self.number.take() else { return };
        let Some(shape) = shape_of(shown.trim(), number).map(Some) else { return };
        let shapes = &mut self.outline.shapes;
        let at =
            shapes.iter().take(SHOWN_DIGITS + 1).position(|known| *known == shape).unwrap_or_else(|| {
                shapes.push(shape);
                shapes.len() - 1
            });
        let columns = self.first..end;
        let places =
            (self.row..self.next_row).flat_map(|row| columns.clone().map(move |column| (row, column, at)));
        self.outline.shown.extend(places.take(SHOWN_CELLS + 1));
    }

    fn take(&mut self, element: &Element<'_>, styles: &Styles) {
        match (element.name(), element.is_start) {
            ("table-column", true) => self.strikes.column(element, styles),
            ("table-row", true) => {
                self.begin_row(element);
                self.strikes.row(element, styles);
            }
            ("table-cell" | "covered-table-cell", true) => {
                self.begin_cell(element);
                self.strikes.cell(element, self.first, styles);
            }
            ("table-cell" | "covered-table-cell", false) => self.end_cell(),
            ("annotation", true) => self.comments += 1,
            ("annotation", false) => self.comments = self.comments.saturating_sub(1),
            (CDATA, _) if self.is_open && self.paragraphs > 0 => {
                self.refuse(message!("i101-value", value = "CDATA"));
            }
            // How a word is read aloud; the library adds it to the word.
            ("ruby-text", true) if self.is_open && self.paragraphs > 0 => {
                self.refuse(message!("i101-value", value = "ruby-text"));
            }
            (name, true) if DRAWINGS.contains(&name) => self.drawings += 1,
            (name, false) if DRAWINGS.contains(&name) => self.drawings = self.drawings.saturating_sub(1),
            ("p", true) => {
                self.paragraphs += 1;
                self.show("\n");
            }
            ("p", false) => self.paragraphs = self.paragraphs.saturating_sub(1),
            ("span", is_start) => self.strikes.span(element, is_start, styles),
            ("s" | "tab" | "line-break", true) => self.show(" "),
            ("", false) => self.show(element.text),
            _ => {}
        }
    }

    fn show(&mut self, text: &str) {
        if !self.is_open || self.paragraphs == 0 {
            return;
        }
        if self.comments > 0 {
            self.comment.push_str(text);
            return;
        }
        let row = self.row.saturating_add(1);
        if !text.trim().is_empty() && self.drawings > 0 {
            self.refuse(message!("i101-drawing", row = row));
        } else if !text.trim().is_empty() && !self.is_typed {
            self.refuse(message!("i101-no-type", row = row));
        }
        self.strikes.text(text);
        if self.number.is_some() {
            self.shown.push_str(text);
        }
    }

    /// Notes the first thing that cannot be right.
    fn refuse(&mut self, what: impl Into<String>) {
        self.outline.fault.get_or_insert_with(|| what.into());
    }

    /// How often an element stands there.
    fn times(&mut self, element: &Element<'_>, name: &str) -> u32 {
        let Some(times) = element.attribute(name) else { return 1 };
        times.trim().parse().ok().filter(|times| *times > 0).unwrap_or_else(|| {
            self.refuse(message!("i101-repeated", times = &times));
            1
        })
    }

    fn begin_row(&mut self, element: &Element<'_>) {
        let rows = self.times(element, "number-rows-repeated");
        (self.row, self.column) = (self.next_row, 0);
        self.next_row = self.row.saturating_add(rows);
        let visibility = element.attribute("visibility");
        if visibility.is_some_and(|value| matches!(value.trim(), "collapse" | "filter")) {
            self.outline.hidden.push((self.row, self.next_row - 1));
        }
    }

    fn begin_cell(&mut self, element: &Element<'_>) {
        let [rows, columns] = ["number-rows-spanned", "number-columns-spanned"]
            .map(|name| element.number(name).unwrap_or(1).max(1));
        if rows.saturating_mul(columns) > 1 {
            self.outline.merged.push(Region {
                rows: (self.row, self.row.saturating_add(rows - 1)),
                columns: (self.column, self.column.saturating_add(columns - 1)),
            });
        }
        let repeated = self.times(element, "number-columns-repeated");
        let kind = element.attribute("value-type");
        let is_number = matches!(kind.as_deref(), Some("float" | "currency"));
        (self.is_open, self.is_typed) = (true, kind.is_some());
        let value = || element.attribute("value")?.trim().parse().ok();
        self.first = self.column;
        self.column = self.column.saturating_add(repeated);
        self.number = if is_number { value().map(|value| (value, self.column)) } else { None };
        (self.paragraphs, self.comments, self.drawings) = (0, 0, 0);
        self.shown.clear();
        self.comment.clear();
    }
}
