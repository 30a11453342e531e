//! What belongs to an entry and has rows of its own: the serials of its further components, and its events.

use std::sync::LazyLock;

use matricule_record::{EntryId, Field, HistoryEvent, Marking, Text};
use rusqlite::{Connection, Row};
use serde_json::Value;

/// A table whose rows belong to entries, numbered from 1 in each.
pub(crate) struct ChildTable {
    /// Its name, which is also that of its member in a statement.
    pub name: &'static str,
    /// Its columns that hold text, in the order of their digest.
    pub columns: &'static [&'static str],
    /// Those of them that stay NULL where there is no text.
    optional: &'static [&'static str],
    insert: LazyLock<String>,
    /// The rows of an entry: number, and texts.
    pub select: LazyLock<String>,
}

/// The serials of an entry's further components.
pub(crate) static MARKING: ChildTable = ChildTable {
    name: "marking",
    columns: &MARKING_COLUMNS,
    optional: &["other_reading", "plain_key", "written"],
    insert: LazyLock::new(|| MARKING.insert_statement()),
    select: LazyLock::new(|| MARKING.select_statement()),
};

/// What happened to a weapon, as its entry tells it.
pub(crate) static EVENT: ChildTable = ChildTable {
    name: "event",
    columns: &EVENT_COLUMNS,
    optional: &["date", "from_party", "to_party", "document"],
    insert: LazyLock::new(|| EVENT.insert_statement()),
    select: LazyLock::new(|| EVENT.select_statement()),
};

/// All of them.
pub(crate) static CHILD_TABLES: [&ChildTable; 2] = [&MARKING, &EVENT];

impl ChildTable {
    fn names(&self) -> String {
        self.columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    }

    fn insert_statement(&self) -> String {
        let slots = vec!["?"; self.columns.len() + 2].join(", ");
        format!("INSERT INTO {} (entry_id, ordinal, {}) VALUES ({slots})", self.name, self.names())
    }

    fn select_statement(&self) -> String {
        format!("SELECT ordinal, {} FROM {} WHERE entry_id = ?1 ORDER BY ordinal", self.names(), self.name)
    }

    /// The rows of an entry, in their order.
    pub fn rows_of<T>(
        &self,
        connection: &Connection,
        entry: EntryId,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        connection.prepare_cached(&self.select)?.query_map([entry], read)?.collect()
    }

    /// The texts of a row by their columns, without those that stay NULL.
    fn set<'a, 'b: 'a>(
        &'a self,
        texts: &'a [&'b str],
    ) -> impl Iterator<Item = (usize, &'static str, &'b str)> {
        let columns = self.columns.iter().zip(texts).enumerate();
        let columns = columns.map(|(at, (&name, &text))| (at, name, text));
        columns.filter(|(_, name, text)| !text.is_empty() || !self.optional.contains(name))
    }

    /// Writes a row, its texts in the order of the columns.
    pub fn insert(
        &self,
        connection: &Connection,
        entry_id: EntryId,
        ordinal: usize,
        texts: &[&str],
    ) -> rusqlite::Result<()> {
        let mut insert = connection.prepare_cached(&self.insert)?;
        insert.clear_bindings();
        insert.raw_bind_parameter(1, entry_id)?;
        insert.raw_bind_parameter(2, ordinal as u32)?;
        for (at, _, text) in self.set(texts) {
            insert.raw_bind_parameter(at + 3, text)?;
        }
        insert.raw_execute()?;
        Ok(())
    }

    /// A row as a statement tells it.
    fn stated(&self, ordinal: usize, texts: &[&str]) -> Value {
        let texts = self.set(texts).map(|(_, name, text)| (name.to_owned(), Value::from(text)));
        Value::Object(texts.chain([("ordinal".to_owned(), Value::from(ordinal))]).collect())
    }
}

/// Writes the serials of an entry's further components, and its events.
pub(super) fn insert(
    connection: &Connection,
    entry_id: EntryId,
    markings: &[Marking],
    events: &[HistoryEvent],
) -> rusqlite::Result<()> {
    for (at, marking) in markings.iter().enumerate() {
        MARKING.insert(connection, entry_id, at + 1, &marking_texts(marking))?;
    }
    for (at, event) in events.iter().enumerate() {
        EVENT.insert(connection, entry_id, at + 1, &event_texts(event))?;
    }
    Ok(())
}

/// The same as a statement tells them, by the names of their tables.
pub(super) fn stated(markings: &[Marking], events: &[HistoryEvent]) -> [(&'static str, Vec<Value>); 2] {
    let number = |at: usize| at + 1;
    let markings = markings.iter().enumerate();
    let events = events.iter().enumerate();
    [
        (
            MARKING.name,
            markings.map(|(at, marking)| MARKING.stated(number(at), &marking_texts(marking))).collect(),
        ),
        (EVENT.name, events.map(|(at, event)| EVENT.stated(number(at), &event_texts(event))).collect()),
    ]
}

/// The columns of a marking that hold text, after its number.
pub(crate) const MARKING_COLUMNS: [&str; 11] = [
    "component",
    "kind",
    "original",
    "canonical",
    "script",
    "converted",
    "other_reading",
    "plain_key",
    "written",
    "table",
    "reading",
];

pub(super) fn marking_texts(marking: &Marking) -> [&str; 11] {
    [
        component(marking.field),
        "serial",
        &marking.original,
        &marking.canonical,
        &marking.script,
        &marking.converted,
        marking.other_reading.as_deref().unwrap_or_default(),
        marking.plain_key.as_deref().unwrap_or_default(),
        written(marking),
        &marking.table,
        marking.reading.name(),
    ]
}

/// The columns of an event that hold text, after its number.
pub(crate) const EVENT_COLUMNS: [&str; 7] =
    ["kind", "date", "from_party", "to_party", "document", "field", "original"];

pub(super) fn event_texts(event: &HistoryEvent) -> [&str; 7] {
    fn text(text: Option<&Text>) -> &str {
        text.map_or("", Text::as_str)
    }
    [
        &event.kind,
        text(event.date.as_ref()),
        text(event.from_party.as_ref()),
        text(event.to_party.as_ref()),
        text(event.document.as_ref()),
        event.field.name(),
        &event.original,
    ]
}

/// What was converted, where it is not the original.
pub(super) fn written(marking: &Marking) -> &str {
    if marking.written == marking.original { "" } else { &marking.written }
}

/// The component that a serial field speaks of: `barrel` for `barrel_serial`.
fn component(field: Field) -> &'static str {
    field.name().strip_suffix("_serial").unwrap_or("control")
}
