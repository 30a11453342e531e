//! How an entry is written: its values, the serial's provenance, and the row as the file holds it.
//!
//! This is the hot path of a load. A statement of every column is prepared once; a column without
//! a value is not bound at all and reads NULL.

use std::sync::LazyLock;

use matricule_record::cell::column_letters;
use matricule_record::{Cells, ConvertedRow, EntryId, Field, Fields, Ledger, Marking, SerialState, Text};
use rusqlite::{CachedStatement, Connection, params};

use crate::json;

/// Parameters of the insert beside the fields, whose parameters follow the last of these.
#[derive(Clone, Copy)]
enum Slot {
    Sheet = 1,
    Row,
    Original,
    Canonical,
    Script,
    Table,
    Reading,
    OtherReading,
    PlainKey,
    Written,
    NoSerial,
    Originals,
    Completeness,
    Flags,
    Extra,
    Cells,
}

const SLOTS: [(Slot, &str); 16] = [
    (Slot::Sheet, "sheet_id"),
    (Slot::Row, "row"),
    (Slot::Original, "serial_original"),
    (Slot::Canonical, "serial_canonical"),
    (Slot::Script, "serial_script"),
    (Slot::Table, "serial_table"),
    (Slot::Reading, "serial_reading"),
    (Slot::OtherReading, "other_reading"),
    (Slot::PlainKey, "plain_key"),
    (Slot::Written, "serial_written"),
    (Slot::NoSerial, "no_serial"),
    (Slot::Originals, "originals"),
    (Slot::Completeness, "completeness"),
    (Slot::Flags, "flags"),
    (Slot::Extra, "extra"),
    (Slot::Cells, "cells"),
];

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let slots = SLOTS.iter().map(|(slot, name)| (*slot as usize, *name));
    let fields = Field::ALL.iter().map(|field| (slot_of(*field), field.name()));
    let (values, names): (Vec<_>, Vec<_>) =
        slots.chain(fields).map(|(slot, name)| (format!("?{slot}"), format!("\"{name}\""))).unzip();
    format!("INSERT INTO entry ({}) VALUES ({})", names.join(","), values.join(","))
});

fn slot_of(field: Field) -> usize {
    SLOTS.len() + 1 + field as usize
}

/// What the entries of one sheet share.
#[derive(Debug)]
pub(crate) struct Layout {
    sheet_id: i64,
    /// The column of each field that has one.
    columns: Vec<(Field, usize)>,
    /// Columns that match no field, and the name of each in `extra`.
    extra: Vec<(usize, String)>,
    scratch: String,
}

impl Layout {
    /// The layout of a sheet's columns.
    pub(crate) fn new(sheet_id: i64, ledger: &Ledger) -> Self {
        Self {
            sheet_id,
            columns: Field::ALL.iter().filter_map(|&field| Some((field, ledger.column_of(field)?))).collect(),
            extra: extra_columns(ledger),
            scratch: String::new(),
        }
    }

    /// The column that the serial was read from, or would have been.
    fn serial_column(&self, fields: &Fields) -> Option<usize> {
        match fields.get(Field::Serial) {
            Some(value) => value.column,
            None => self.columns.iter().find(|(field, _)| *field == Field::Serial).map(|(_, column)| *column),
        }
    }
}

/// A header that is blank or not alone gets its column's letters, so that no name hides another.
fn extra_columns(ledger: &Ledger) -> Vec<(usize, String)> {
    let free = || ledger.columns.iter().enumerate().filter(|(_, column)| column.field.is_none());
    let name = |(at, header): (usize, &Text)| {
        let alone = free().filter(|(_, other)| other.header == *header).count() == 1;
        let name = if alone && !header.trim().is_empty() {
            header.to_string()
        } else {
            format!("{header} [{}]", column_letters(at)).trim_start().to_owned()
        };
        (at, name)
    };
    free().map(|(at, column)| name((at, &column.header))).collect()
}

/// Writes an entry and the markings of its further components, and returns its number.
pub(crate) fn insert(
    connection: &Connection,
    layout: &mut Layout,
    row: &ConvertedRow,
) -> rusqlite::Result<EntryId> {
    let mut insert = Insert(connection.prepare_cached(&INSERT)?);
    insert.0.raw_bind_parameter(Slot::Sheet as usize, layout.sheet_id)?;
    insert.0.raw_bind_parameter(Slot::Row as usize, row.source.row)?;
    insert.0.raw_bind_parameter(Slot::Completeness as usize, row.completeness)?;
    insert.values(row)?;
    insert.serial(row, layout)?;
    insert.written(row, layout)?;
    insert.0.raw_execute()?;
    let entry_id = connection.last_insert_rowid();
    for (at, marking) in row.markings.iter().enumerate() {
        insert_marking(connection, entry_id, at + 1, marking)?;
    }
    Ok(entry_id)
}

/// The statement while its parameters are being bound.
struct Insert<'a>(CachedStatement<'a>);

impl Insert<'_> {
    /// Binds a text; an empty one stays NULL.
    fn text(&mut self, slot: usize, text: &str) -> rusqlite::Result<()> {
        if text.is_empty() { Ok(()) } else { self.0.raw_bind_parameter(slot, text) }
    }

    /// The fields; the converted serials replace whatever text stands for them.
    fn values(&mut self, row: &ConvertedRow) -> rusqlite::Result<()> {
        for (field, value) in row.fields.iter().filter(|(field, _)| *field != Field::Serial) {
            self.text(slot_of(field), &value.text)?;
        }
        for marking in &row.markings {
            self.text(slot_of(marking.field), &marking.converted)?;
        }
        Ok(())
    }

    fn serial(&mut self, row: &ConvertedRow, layout: &Layout) -> rusqlite::Result<()> {
        match &row.serial {
            SerialState::Converted(marking) => {
                self.text(slot_of(Field::Serial), &marking.converted)?;
                self.text(Slot::Original as usize, &marking.original)?;
                self.text(Slot::Canonical as usize, &marking.canonical)?;
                self.text(Slot::Script as usize, &marking.script)?;
                self.text(Slot::Table as usize, &marking.table)?;
                self.text(Slot::Reading as usize, marking.reading.name())?;
                self.text(Slot::OtherReading as usize, marking.other_reading.as_deref().unwrap_or_default())?;
                self.text(Slot::PlainKey as usize, marking.plain_key.as_deref().unwrap_or_default())?;
                self.text(Slot::Written as usize, written(marking))
            }
            SerialState::Absent { code, pattern } => {
                let column = layout.serial_column(&row.fields);
                self.text(Slot::Original as usize, column.map_or("", |at| row.cells.get(at).text))?;
                self.text(Slot::Canonical as usize, pattern)?;
                self.text(Slot::NoSerial as usize, code.name())
            }
        }
    }

    /// What the ledger wrote: changed originals, extra columns, all cells; and the flags.
    fn written(&mut self, row: &ConvertedRow, layout: &mut Layout) -> rusqlite::Result<()> {
        let mut scratch = std::mem::take(&mut layout.scratch);
        originals(&mut scratch, row, layout);
        self.text(Slot::Originals as usize, json::close(&mut scratch).unwrap_or_default())?;
        extra(&mut scratch, &row.cells, layout);
        self.text(Slot::Extra as usize, json::close(&mut scratch).unwrap_or_default())?;
        json::cells(&mut scratch, &row.cells);
        self.text(Slot::Cells as usize, &scratch)?;
        layout.scratch = scratch;
        self.text(Slot::Flags as usize, &json::flags(&row.flags).unwrap_or_default())
    }
}

/// Every field whose value is not what its cell says, with what the cell says; a cell that gave
/// no value at all included.
fn originals(out: &mut String, row: &ConvertedRow, layout: &Layout) {
    out.clear();
    let mut compare = |field: Field, column: Option<usize>, value: &str| {
        let Some(cell) = column.map(|at| row.cells.get(at)) else { return };
        if cell.text != value && !(value.is_empty() && cell.is_blank()) {
            json::member(out, field.name(), cell.text);
        }
    };
    compare(
        Field::Serial,
        layout.serial_column(&row.fields),
        converted(row, Field::Serial).unwrap_or_default(),
    );
    for (field, value) in row.fields.iter().filter(|(field, _)| *field != Field::Serial) {
        compare(field, value.column, converted(row, field).unwrap_or(&value.text));
    }
    for &(field, column) in layout.columns.iter().filter(|(field, _)| *field != Field::Serial) {
        if row.fields.get(field).is_none() {
            compare(field, Some(column), converted(row, field).unwrap_or_default());
        }
    }
}

/// The conversion of a field that was converted.
fn converted(row: &ConvertedRow, field: Field) -> Option<&str> {
    let main = match &row.serial {
        SerialState::Converted(marking) => Some(marking),
        SerialState::Absent { .. } => None,
    };
    let of_field = |marking: &&Marking| marking.field == field;
    main.into_iter().chain(&row.markings).find(of_field).map(|marking| marking.converted.as_str())
}

/// The cells of columns that match no field, where they say something.
fn extra(out: &mut String, cells: &Cells, layout: &Layout) {
    out.clear();
    for (at, name) in &layout.extra {
        let cell = cells.get(*at);
        if !cell.is_blank() {
            json::member(out, name, cell.text);
        }
    }
}

fn insert_marking(
    connection: &Connection,
    entry_id: EntryId,
    ordinal: usize,
    marking: &Marking,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO marking (entry_id, ordinal, component, kind, original, canonical, script, converted,
                other_reading, plain_key, written, \"table\", reading)
             VALUES (?1, ?2, ?3, 'serial', ?4, ?5, ?6, ?7, ?8, ?9, nullif(?10, ''), ?11, ?12)",
        )?
        .execute(params![
            entry_id,
            ordinal as u32,
            component(marking.field),
            marking.original.as_str(),
            marking.canonical.as_str(),
            marking.script.as_str(),
            marking.converted.as_str(),
            marking.other_reading.as_deref(),
            marking.plain_key.as_deref(),
            written(marking),
            &*marking.table,
            marking.reading.name(),
        ])?;
    Ok(())
}

/// What was converted, where it is not the original.
fn written(marking: &Marking) -> &str {
    if marking.written == marking.original { "" } else { &marking.written }
}

/// The component that a serial field speaks of: `barrel` for `barrel_serial`.
fn component(field: Field) -> &'static str {
    field.name().strip_suffix("_serial").unwrap_or("control")
}

#[cfg(test)]
mod tests {
    use super::*;
    use matricule_record::Column;

    #[test]
    fn a_header_never_hides_another() {
        let column = |header: &str, field| Column { header: header.into(), field };
        let ledger = Ledger {
            columns: vec![
                column("№", Some(Field::Serial)),
                column("Note", None),
                column("", None),
                column("Shelf", None),
                column("Note", None),
            ],
            ..Ledger::default()
        };
        let names: Vec<String> = extra_columns(&ledger).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["Note [B]", "[C]", "Shelf", "Note [E]"]);
    }
}
