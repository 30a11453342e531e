//! How an entry is written: its values, the serial's provenance, and the row as the file holds it.
//!
//! This is the hot path of a load. A statement of every column is prepared once; a column without
//! a value is not bound at all and reads NULL.

use std::sync::{Arc, LazyLock};

use matricule_record::cell::column_letters;
use matricule_record::{Cells, ConvertedRow, EntryId, Field, Fields, Ledger, Marking, SerialState, Text};
use rusqlite::Connection;

use crate::{evidence, former, json};

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
    Carried,
}

const SLOTS: [(Slot, &str); 17] = [
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
    (Slot::Carried, "carried"),
];

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let slots = SLOTS.iter().map(|(slot, name)| (*slot as usize, *name));
    let fields = Field::ALL.iter().map(|field| (slot_of(*field), field.name()));
    let (values, names): (Vec<_>, Vec<_>) =
        slots.chain(fields).map(|(slot, name)| (format!("?{slot}"), format!("\"{name}\""))).unzip();
    format!("INSERT INTO entry ({}) VALUES ({})", names.join(","), values.join(","))
});

/// Every column anew; the last two parameters are the run and the entry.
static UPDATE: LazyLock<String> = LazyLock::new(|| {
    let slots = SLOTS.iter().map(|(slot, name)| (*slot as usize, *name));
    let fields = Field::ALL.iter().map(|field| (slot_of(*field), field.name()));
    let set: Vec<String> = slots.chain(fields).map(|(slot, name)| format!("\"{name}\" = ?{slot}")).collect();
    let last = slot_of(Field::ALL[Field::ALL.len() - 1]);
    format!("UPDATE entry SET {}, stated_by = ?{} WHERE entry_id = ?{}", set.join(","), last + 1, last + 2)
});

fn slot_of(field: Field) -> usize {
    SLOTS.len() + 1 + field as usize
}

/// What the entries of one sheet share: which column is what.
#[derive(Clone, Debug)]
pub struct EntryShape {
    /// The column of each field that has one.
    columns: Vec<(Field, usize)>,
    /// Columns that match no field, and the name of each in `extra`.
    extra: Vec<(usize, String)>,
}

/// An entry as it is going to be written, made by whoever has the time: the one writer only binds.
#[derive(Clone, Debug)]
pub struct PreparedEntry {
    /// The table that it was read by.
    pub(crate) ledger: Arc<Ledger>,
    row: u32,
    completeness: f64,
    /// Texts by slot, those that are set.
    texts: Vec<(usize, Text)>,
    markings: Vec<Marking>,
    digest: [u8; 32],
}

impl EntryShape {
    /// The shape of a sheet's entries.
    pub fn of(ledger: &Ledger) -> Self {
        Self {
            columns: Field::ALL.iter().filter_map(|&field| Some((field, ledger.column_of(field)?))).collect(),
            extra: extra_columns(ledger),
        }
    }

    /// Makes an entry ready to be written.
    pub fn prepare(&self, row: &ConvertedRow) -> PreparedEntry {
        let mut texts = Texts::default();
        texts.values(row);
        texts.serial(row, self);
        texts.written(row, self);
        let mut texts = texts.0;
        texts.sort_by_key(|(slot, _)| *slot);
        let digest = evidence::of_entry(
            row.source.row,
            row.completeness,
            texts.iter().map(|(slot, text)| (name_of(*slot), text.as_str())),
        );
        let (markings, completeness) = (row.markings.clone(), row.completeness);
        let digest = markings.iter().enumerate().fold(digest, |digest, (at, marking)| {
            evidence::with_marking(digest, at + 1, &marking_texts(marking))
        });
        let ledger = Arc::clone(&row.source.ledger);
        PreparedEntry { ledger, row: row.source.row, completeness, texts, markings, digest }
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
    sheet_id: i64,
    entry: &PreparedEntry,
) -> rusqlite::Result<EntryId> {
    let mut insert = connection.prepare_cached(&INSERT)?;
    insert.raw_bind_parameter(Slot::Sheet as usize, sheet_id)?;
    insert.raw_bind_parameter(Slot::Row as usize, entry.row)?;
    insert.raw_bind_parameter(Slot::Completeness as usize, entry.completeness)?;
    for (slot, text) in &entry.texts {
        insert.raw_bind_parameter(*slot, text.as_str())?;
    }
    insert.raw_execute()?;
    let entry_id = connection.last_insert_rowid();
    for (at, marking) in entry.markings.iter().enumerate() {
        insert_marking(connection, entry_id, at + 1, marking)?;
    }
    Ok(entry_id)
}

/// Makes an entry state what was prepared, and forget the markings that it had.
pub(crate) fn restate(
    connection: &Connection,
    (entry_id, sheet_id, run_id): (EntryId, i64, i64),
    prepared: &PreparedEntry,
) -> rusqlite::Result<()> {
    let mut update = connection.prepare_cached(&UPDATE)?;
    update.clear_bindings();
    update.raw_bind_parameter(Slot::Sheet as usize, sheet_id)?;
    update.raw_bind_parameter(Slot::Row as usize, prepared.row)?;
    update.raw_bind_parameter(Slot::Completeness as usize, prepared.completeness)?;
    for (slot, text) in &prepared.texts {
        update.raw_bind_parameter(*slot, text.as_str())?;
    }
    let last = slot_of(Field::ALL[Field::ALL.len() - 1]);
    update.raw_bind_parameter(last + 1, run_id)?;
    update.raw_bind_parameter(last + 2, entry_id)?;
    update.raw_execute()?;
    former::remove_all_children(connection, entry_id)?;
    for (at, marking) in prepared.markings.iter().enumerate() {
        insert_marking(connection, entry_id, at + 1, marking)?;
    }
    Ok(())
}

impl PreparedEntry {
    /// Its row in the ledger.
    pub(crate) fn row(&self) -> u32 {
        self.row
    }

    /// Its columns that hold text, those that are set, by name.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.texts.iter().map(|(slot, text)| (name_of(*slot), text.as_str()))
    }

    /// Share of the required and recommended fields that are set.
    pub(crate) fn completeness(&self) -> f64 {
        self.completeness
    }

    /// SHA-256 of what is written, for the chain of evidence.
    pub(crate) fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

/// The names of all columns of an entry that hold text, in the order of its digest.
pub(crate) fn text_columns() -> impl Iterator<Item = &'static str> {
    let number = |slot: &Slot| matches!(slot, Slot::Sheet | Slot::Row | Slot::Completeness);
    let slots = SLOTS.iter().filter(move |(slot, _)| !number(slot)).map(|(_, name)| *name);
    slots.chain(Field::ALL.iter().map(|field| field.name()))
}

fn name_of(slot: usize) -> &'static str {
    match slot.checked_sub(SLOTS.len() + 1) {
        None => SLOTS[slot - 1].1,
        Some(field) => Field::ALL[field].name(),
    }
}

/// The texts of an entry while they are gathered; an empty one stays NULL.
#[derive(Default)]
struct Texts(Vec<(usize, Text)>);

impl Texts {
    fn set(&mut self, slot: usize, text: &str) {
        // What comes later stands for the same slot, as a converted serial does for its field.
        self.0.retain(|(known, _)| *known != slot);
        if !text.is_empty() {
            self.0.push((slot, text.into()));
        }
    }

    /// The fields; the converted serials replace whatever text stands for them.
    fn values(&mut self, row: &ConvertedRow) {
        for (field, value) in row.fields.iter().filter(|(field, _)| *field != Field::Serial) {
            if !value.text.is_empty() {
                self.0.push((slot_of(field), value.text.clone()));
            }
        }
        for marking in &row.markings {
            self.set(slot_of(marking.field), &marking.converted);
        }
    }

    fn serial(&mut self, row: &ConvertedRow, shape: &EntryShape) {
        match &row.serial {
            SerialState::Converted(marking) => {
                let key = |key: &Option<Text>| key.clone().unwrap_or_default();
                let texts = [
                    (slot_of(Field::Serial), marking.converted.clone()),
                    (Slot::Original as usize, marking.original.clone()),
                    (Slot::Canonical as usize, marking.canonical.clone()),
                    (Slot::Script as usize, marking.script.clone()),
                    (Slot::Table as usize, Text::from(&*marking.table)),
                    (Slot::Reading as usize, Text::from(marking.reading.name())),
                    (Slot::OtherReading as usize, key(&marking.other_reading)),
                    (Slot::PlainKey as usize, key(&marking.plain_key)),
                    (Slot::Written as usize, Text::from(written(marking))),
                ];
                self.0.extend(texts.into_iter().filter(|(_, text)| !text.is_empty()));
            }
            SerialState::Absent { code, pattern } => {
                let column = shape.serial_column(&row.fields);
                self.set(Slot::Original as usize, column.map_or("", |at| row.cells.get(at).text));
                self.set(Slot::Canonical as usize, pattern);
                self.set(Slot::NoSerial as usize, code.name());
            }
        }
    }

    /// What the ledger wrote: changed originals, extra columns, all cells; and the flags.
    fn written(&mut self, row: &ConvertedRow, shape: &EntryShape) {
        let mut scratch = String::new();
        originals(&mut scratch, row, shape);
        self.set(Slot::Originals as usize, json::close(&mut scratch).unwrap_or_default());
        extra(&mut scratch, &row.cells, shape);
        self.set(Slot::Extra as usize, json::close(&mut scratch).unwrap_or_default());
        json::cells(&mut scratch, &row.cells);
        self.set(Slot::Cells as usize, &scratch);
        json::carried(&mut scratch, &row.carried);
        self.set(Slot::Carried as usize, json::close(&mut scratch).unwrap_or_default());
        self.set(Slot::Flags as usize, &json::flags(&row.flags).unwrap_or_default());
    }
}

/// Every field whose value is not what its cell says, with what the cell says; a cell that gave
/// no value at all included.
fn originals(out: &mut String, row: &ConvertedRow, shape: &EntryShape) {
    out.clear();
    let mut compare = |field: Field, column: Option<usize>, value: &str| {
        let Some(cell) = column.map(|at| row.cells.get(at)) else { return };
        if cell.text != value && !(value.is_empty() && cell.is_blank()) {
            json::member(out, field.name(), cell.text);
        }
    };
    compare(
        Field::Serial,
        shape.serial_column(&row.fields),
        converted(row, Field::Serial).unwrap_or_default(),
    );
    for (field, value) in row.fields.iter().filter(|(field, _)| *field != Field::Serial) {
        compare(field, value.column, converted(row, field).unwrap_or(&value.text));
    }
    for &(field, column) in shape.columns.iter().filter(|(field, _)| *field != Field::Serial) {
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
fn extra(out: &mut String, cells: &Cells, shape: &EntryShape) {
    out.clear();
    for (at, name) in &shape.extra {
        let cell = cells.get(*at);
        if !cell.is_blank() {
            json::member(out, name, cell.text);
        }
    }
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

fn marking_texts(marking: &Marking) -> [&str; 11] {
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
        let column = |header: &str, field| Column { header: header.into(), field, ..Column::default() };
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
