//! `report.html` and the pages beside it: what auditors read.
//!
//! Every page stands alone: it opens from disk, asks the network for nothing, and is readable without script.
//! Templates escape whatever comes from a ledger; their words stand in `texts/pages.rs`.
//!
//! ```text
//! report.html ─▶ pages/repairs-1.html … ─▶ pages/rejects-1.html … ─▶ pages/codes.html, pages/table-….html
//!   numbers        groups with every row       rows and their cells       the manual, the standard
//! ```

mod chart;
mod manual;
mod overview;
mod repairs;
mod rows;
mod tables;

use std::collections::HashSet;
use std::io::Write;

use askama::Template;
use matricule_text::{script_of, visible};

pub use self::overview::Overview;
pub use self::repairs::Repairs;
pub use self::rows::{RowPages, ScanLink};
pub use self::tables::{TableDescription, TableLine};

use crate::Result;
use crate::texts::pages::page_of;

/// Opens a file of the report by its name, such as `pages/codes.html`.
pub type OpenPage<'a, W> = dyn FnMut(&str) -> std::io::Result<W> + 'a;

/// Characters of a cell that a page shows; `rejected.csv` has the whole.
const CELL_CHARACTERS: usize = 300;
/// Most code points that are spelled out for one text.
const CODE_POINTS: usize = 24;

/// What every page has around its content.
struct Frame {
    style: &'static str,
    /// Which page it is, for the navigation.
    here: &'static str,
    /// What leads to report.html.
    up: &'static str,
    /// What leads to the folder of the pages.
    pages: &'static str,
    has_rejects: bool,
    /// Which registry the report is of: a printed page is read alone.
    registry: String,
    version: &'static str,
}

impl Frame {
    fn top(here: &'static str, has_rejects: bool, registry: &str) -> Self {
        Self {
            style: include_str!("../../templates/style.css"),
            here,
            up: "",
            pages: "pages/",
            has_rejects,
            registry: registry.to_owned(),
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    fn page(here: &'static str, has_rejects: bool, registry: &str) -> Self {
        Self { up: "../", pages: "", ..Self::top(here, has_rejects, registry) }
    }
}

/// A text of a ledger as a page shows it.
struct Shown {
    text: String,
    /// Whether it is shown from left to right whatever its letters: serials are.
    is_ltr: bool,
    /// Code points of everything outside ASCII; empty where they are not asked for.
    points: String,
}

impl Shown {
    fn plain(text: &str) -> Self {
        Self { text: cut(text), is_ltr: false, points: String::new() }
    }

    /// A text whose characters matter one by one.
    fn exact(text: &str, is_serial: bool) -> Self {
        Self { text: cut(text), is_ltr: is_serial, points: points(text) }
    }
}

fn cut(text: &str) -> String {
    let shown = visible(text);
    if shown.chars().count() <= CELL_CHARACTERS {
        return shown;
    }
    shown.chars().take(CELL_CHARACTERS).chain(['…']).collect()
}

/// `Cyrl U+0416 U+0414, Latn U+00C9`: the characters outside ASCII, in order, with their scripts.
fn points(text: &str) -> String {
    let mut points = String::new();
    let mut last = None;
    for (at, character) in text.chars().filter(|c| !c.is_ascii()).enumerate() {
        if at == CODE_POINTS {
            points.push_str(" …");
            break;
        }
        let script = script_of(character);
        if last != Some(script) {
            points.push_str(if last.is_some() { ", " } else { "" });
            points.push_str(script);
            last = Some(script);
        }
        points.push_str(&format!(" U+{:04X}", u32::from(character)));
    }
    points
}

/// Where a page stands among those of its kind.
struct Pager {
    stem: &'static str,
    number: usize,
    last: usize,
}

impl Pager {
    fn title(&self) -> String {
        page_of(self.number, self.last)
    }

    /// The pages that are linked by number: the first, the last, and those around.
    fn near(&self) -> Vec<usize> {
        let near = |page: &usize| *page == 1 || *page == self.last || page.abs_diff(self.number) <= 3;
        (1..=self.last).filter(near).collect()
    }
}

/// The first word of a message that is the id of a table.
pub fn named_table(message: &str, is_table: impl Fn(&str) -> bool) -> Option<&str> {
    message.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').find(|word| is_table(word))
}

/// The conversion tables that have a page, and the places in them that can be linked.
#[derive(Clone, Debug, Default)]
pub struct TablePlaces {
    ids: HashSet<String>,
    /// `cyrl-rus-icao9303.html#U+0416`.
    rows: HashSet<String>,
}

impl TablePlaces {
    /// Those of tables.
    pub fn of(tables: &[TableDescription]) -> Self {
        let ids = tables.iter().map(|table| table.id.clone()).collect();
        let row = |table: &TableDescription, line: &TableLine| {
            line.single().map(|character| format!("{}.html#{}", table.id, tables::anchor(character)))
        };
        let rows = tables.iter().flat_map(|table| table.rows.iter().filter_map(move |line| row(table, line)));
        Self { ids, rows: rows.collect() }
    }

    /// The link to the table that a message names, to the row of the character where there is one:
    /// `table-cyrl-rus-icao9303.html#U+0416`.
    fn link(&self, message: &str) -> Option<String> {
        let table = named_table(message, |word| self.ids.contains(word))?;
        let point = message.split_once("(U+").and_then(|(_, rest)| rest.split_once(')'));
        let row = point.map(|(point, _)| format!("{table}.html#U+{point}"));
        let place = row.filter(|row| self.rows.contains(row)).unwrap_or_else(|| format!("{table}.html"));
        Some(format!("table-{place}"))
    }
}

fn render(template: &impl Template, mut writer: impl Write) -> Result<()> {
    Template::write_into(template, &mut writer)?;
    writer.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests;
