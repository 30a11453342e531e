//! What belongs to an entry and has rows of its own: the serials of its further components, and its events.

use matricule_record::{EntryId, Field, HistoryEvent, Marking, Text};
use rusqlite::Connection;

/// Writes the serials of an entry's further components, and its events.
pub(super) fn insert(
    connection: &Connection,
    entry_id: EntryId,
    markings: &[Marking],
    events: &[HistoryEvent],
) -> rusqlite::Result<()> {
    for (at, marking) in markings.iter().enumerate() {
        insert_marking(connection, entry_id, at + 1, marking)?;
    }
    for (at, event) in events.iter().enumerate() {
        insert_event(connection, entry_id, at + 1, event)?;
    }
    Ok(())
}

/// The columns of a marking that hold text, after its number; an empty one stays NULL where it may.
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

fn insert_marking(
    connection: &Connection,
    entry_id: EntryId,
    ordinal: usize,
    marking: &Marking,
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO marking (entry_id, ordinal, component, kind, original, canonical, script, converted,
            other_reading, plain_key, written, \"table\", reading)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, nullif(?9, ''), nullif(?10, ''), nullif(?11, ''), ?12, ?13)",
    )?;
    insert.raw_bind_parameter(1, entry_id)?;
    insert.raw_bind_parameter(2, ordinal as u32)?;
    for (text, slot) in marking_texts(marking).into_iter().zip(3..) {
        insert.raw_bind_parameter(slot, text)?;
    }
    insert.raw_execute()?;
    Ok(())
}

/// The columns of an event that hold text, after its number; an empty one stays NULL where it may.
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

fn insert_event(
    connection: &Connection,
    entry_id: EntryId,
    ordinal: usize,
    event: &HistoryEvent,
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO event (entry_id, ordinal, kind, date, from_party, to_party, document, field, original)
         VALUES (?1, ?2, ?3, nullif(?4, ''), nullif(?5, ''), nullif(?6, ''), nullif(?7, ''), ?8, ?9)",
    )?;
    insert.raw_bind_parameter(1, entry_id)?;
    insert.raw_bind_parameter(2, ordinal as u32)?;
    for (text, slot) in event_texts(event).into_iter().zip(3..) {
        insert.raw_bind_parameter(slot, text)?;
    }
    insert.raw_execute()?;
    Ok(())
}

/// What was converted, where it is not the original.
pub(super) fn written(marking: &Marking) -> &str {
    if marking.written == marking.original { "" } else { &marking.written }
}

/// The component that a serial field speaks of: `barrel` for `barrel_serial`.
fn component(field: Field) -> &'static str {
    field.name().strip_suffix("_serial").unwrap_or("control")
}
