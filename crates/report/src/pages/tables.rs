//! The conversion tables in force, each row with its standard.

use std::collections::BTreeSet;
use std::io::Write;

use askama::Template;

use super::{Frame, OpenPage, points, render};
use crate::Result;
use crate::texts::pages as t;

/// A conversion table as its page shows it.
#[derive(Clone, Debug, Default)]
pub struct TableDescription {
    /// Its id.
    pub id: String,
    /// Script, language, reading and edition, in words.
    pub description: String,
    /// Its rows, the lowest layer first.
    pub rows: Vec<TableLine>,
}

/// A row of a conversion table.
#[derive(Clone, Debug, Default)]
pub struct TableLine {
    /// `map`, `drop`, `review` …
    pub kind: String,
    /// The characters that it is about.
    pub from: String,
    /// What they become.
    pub to: String,
    /// Where it applies.
    pub when: String,
    /// The standard that says so.
    pub source: String,
    /// A note.
    pub note: String,
}

impl TableLine {
    /// The character that the row is about, where it is one.
    pub(super) fn single(&self) -> Option<char> {
        let mut characters = self.from.chars();
        characters.next().filter(|_| characters.next().is_none())
    }
}

/// The place of the first row about a character.
pub(super) fn anchor(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

#[derive(Template)]
#[template(path = "table.html")]
struct TablePage<'a> {
    frame: Frame,
    table: Described<'a>,
}

#[derive(Template)]
#[template(path = "tables.html")]
struct TablesPage<'a> {
    frame: Frame,
    tables: Vec<&'a str>,
}

struct Described<'a> {
    id: &'a str,
    description: &'a str,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    kind: &'a str,
    from: &'a str,
    /// `U+0416`, on the first row about that character.
    anchor: Option<String>,
    points: String,
    to: &'a str,
    when: &'a str,
    source: &'a str,
    note: &'a str,
}

/// Writes `pages/tables.html` and a page for each table.
pub(super) fn write<W: Write>(
    tables: &[TableDescription],
    (has_rejects, registry): (bool, &str),
    open: &mut OpenPage<'_, W>,
) -> Result<()> {
    let ids = tables.iter().map(|table| table.id.as_str()).collect();
    render(
        &TablesPage { frame: Frame::page("tables", has_rejects, registry), tables: ids },
        open("pages/tables.html")?,
    )?;
    for table in tables {
        let page = TablePage { frame: Frame::page("tables", has_rejects, registry), table: described(table) };
        render(&page, open(&format!("pages/table-{}.html", table.id))?)?;
    }
    Ok(())
}

fn described(table: &TableDescription) -> Described<'_> {
    let mut seen = BTreeSet::new();
    let row = |line| row_of(line, &mut seen);
    Described { id: &table.id, description: &table.description, rows: table.rows.iter().map(row).collect() }
}

fn row_of<'a>(line: &'a TableLine, seen: &mut BTreeSet<char>) -> Row<'a> {
    Row {
        kind: &line.kind,
        from: &line.from,
        anchor: line.single().filter(|c| seen.insert(*c)).map(anchor),
        points: points(&line.from),
        to: &line.to,
        when: &line.when,
        source: &line.source,
        note: &line.note,
    }
}
