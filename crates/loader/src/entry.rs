//! How an entry is written: its values, the serial's provenance, and the row as the file holds it.
//!
//! This is the hot path of a load. A statement of every column is prepared once; a column without
//! a value is not bound at all and reads NULL.

mod children;

use std::sync::{Arc, LazyLock};

use matricule_record::cell::column_letters;
use matricule_record::{
    Cells, ConvertedRow, EntryId, Field, Fields, HistoryEvent, Ledger, Marking, SerialState, Text,
    is_erasable_column,
};
use rusqlite::types::Null;
use rusqlite::{CachedStatement, Connection};
use serde_json::Value;

pub(crate) use self::children::{CHILD_TABLES, ChildTable, EVENT, EVENT_COLUMNS, MARKING, MARKING_COLUMNS};
use self::children::{event_texts, marking_texts, written};
use crate::evidence::Hash;
use crate::seal::{Salt, Seal};
use crate::{evidence, json};

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
    Romanized,
    Cells,
    Carried,
    Salt,
}

const SLOTS: [(Slot, &str); 19] = [
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
    (Slot::Romanized, "romanized"),
    (Slot::Cells, "cells"),
    (Slot::Carried, "carried"),
    (Slot::Salt, "salt"),
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

/// What the entries of one sheet share: which column is what.
#[derive(Clone, Debug)]
pub struct EntryShape {
    /// The column of each field that has one.
    columns: Vec<(Field, usize)>,
    /// Columns that match no field, and the name of each in `extra`.
    extra: Vec<(usize, String)>,
}

/// An entry as it is going to be written, made by whoever has the time: the one writer only binds.
///
/// Its texts stand in one string, because a million rows have no time for thirty allocations each.
#[derive(Clone, Debug)]
pub struct PreparedEntry {
    /// The table that it was read by.
    pub(crate) ledger: Arc<Ledger>,
    row: u32,
    completeness: f64,
    text: String,
    /// The slots that are set, in order, each with the end of its text.
    ends: Vec<(usize, usize)>,
    markings: Vec<Marking>,
    events: Vec<HistoryEvent>,
    salt: Salt,
    digest: Hash,
}

/// A text of an entry with the name of its column, and whether it can name a person.
pub(crate) type EntryText<'a> = (&'static str, &'a str, bool);

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
        let written = Written::of(row, self);
        let mut texts = Texts::new();
        texts.values(row);
        texts.serial(row, self);
        texts.written(&written);
        let (text, ends) = texts.joined();
        let mut prepared = PreparedEntry {
            ledger: Arc::clone(&row.source.ledger),
            row: row.source.row,
            completeness: row.completeness,
            text,
            ends,
            markings: row.markings.clone(),
            events: row.events.clone(),
            salt: Salt::draw(),
            digest: Hash::default(),
        };
        prepared.digest = prepared.hash(&Seal::Salt(prepared.salt.as_str()));
        prepared
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
pub(crate) fn extra_columns(ledger: &Ledger) -> Vec<(usize, String)> {
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

/// Writes entries of one sheet, one after the other.
pub(crate) struct Inserter<'a> {
    connection: &'a Connection,
    insert: CachedStatement<'a>,
    /// The slots that hold a text of the entry before, as bits.
    bound: u128,
}

impl<'a> Inserter<'a> {
    pub fn start(connection: &'a Connection, sheet_id: i64) -> rusqlite::Result<Self> {
        let mut insert = connection.prepare_cached(&INSERT)?;
        insert.raw_bind_parameter(Slot::Sheet as usize, sheet_id)?;
        Ok(Self { connection, insert, bound: 0 })
    }

    /// Writes an entry and the markings of its further components, and returns its number.
    pub fn insert(&mut self, entry: &PreparedEntry) -> rusqlite::Result<EntryId> {
        self.insert.raw_bind_parameter(Slot::Row as usize, entry.row)?;
        self.insert.raw_bind_parameter(Slot::Completeness as usize, entry.completeness)?;
        self.insert.raw_bind_parameter(Slot::Salt as usize, entry.salt.as_str())?;
        let before = std::mem::take(&mut self.bound);
        for (slot, text) in entry.slots() {
            self.insert.raw_bind_parameter(slot, text)?;
            self.bound |= 1 << slot;
        }
        let mut unset = before & !self.bound;
        while unset != 0 {
            self.insert.raw_bind_parameter(unset.trailing_zeros() as usize, Null)?;
            unset &= unset - 1;
        }
        self.insert.raw_execute()?;
        let entry_id = self.connection.last_insert_rowid();
        children::insert(self.connection, entry_id, &entry.markings, &entry.events)?;
        Ok(entry_id)
    }
}

impl PreparedEntry {
    /// Its row in the ledger.
    pub(crate) fn row(&self) -> u32 {
        self.row
    }

    /// A column's text; empty where it is not set.
    pub fn text(&self, column: &str) -> &str {
        self.texts().find(|(name, _)| *name == column).map_or("", |(_, text)| text)
    }

    /// The rows of other tables that belong to it, as a statement tells them.
    pub(crate) fn children(&self) -> [(&'static str, Vec<Value>); 2] {
        children::stated(&self.markings, &self.events)
    }

    /// Its columns that hold text, those that are set, by name.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.slots().map(|(slot, text)| (name_of(slot), text))
    }

    /// The fields that it states; a serial that is a phrase states that there is none.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.ends.iter().filter_map(|(slot, _)| match slot.checked_sub(SLOTS.len() + 1) {
            Some(field) => Some(Field::ALL[field]),
            None => (*slot == Slot::NoSerial as usize).then_some(Field::Serial),
        })
    }

    /// Share of the required and recommended fields that are set.
    pub fn completeness(&self) -> f64 {
        self.completeness
    }

    /// SHA-256 of what is written, for the chain of evidence: no two have the same.
    pub(crate) fn digest(&self) -> &Hash {
        &self.digest
    }

    fn hash(&self, seal: &Seal<'_>) -> Hash {
        let events = |digest| self.with_events(digest);
        let markings = |digest| self.with_markings(digest);
        let texts = || self.slots().map(|(slot, text)| (name_of(slot), text, is_erasable(slot)));
        evidence::of_whole_entry((self.row, self.completeness), texts, seal, markings, events)
    }

    /// SHA-256 of all that belongs to it in rows of other tables.
    pub(crate) fn belonging(&self) -> Hash {
        self.with_events(self.marked())
    }

    fn with_events(&self, digest: Hash) -> Hash {
        let numbered = self.events.iter().zip(1..);
        numbered.fold(digest, |digest, (event, at)| evidence::with_event(digest, at, &event_texts(event)))
    }

    /// SHA-256 of the markings of further components.
    pub(crate) fn marked(&self) -> Hash {
        self.with_markings(Hash::default())
    }

    fn with_markings(&self, digest: Hash) -> Hash {
        self.markings
            .iter()
            .zip(1..)
            .fold(digest, |digest, (marking, at)| evidence::with_marking(digest, at, &marking_texts(marking)))
    }

    /// The salt of what can name a person.
    pub(crate) fn salt(&self) -> &Salt {
        &self.salt
    }

    /// The slots that are set, with their texts.
    fn slots(&self) -> impl Iterator<Item = (usize, &str)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(_, end)| *end));
        starts.zip(&self.ends).map(|(start, &(slot, end))| (slot, &self.text[start..end]))
    }
}

/// The names of all columns of an entry that hold text, in the order of its digest.
pub(crate) fn text_columns() -> impl Iterator<Item = &'static str> {
    entry_columns().map(|(name, _)| name)
}

/// The same, and whether each can name a person.
pub(crate) fn entry_columns() -> impl Iterator<Item = (&'static str, bool)> {
    let says = |slot: &Slot| !matches!(slot, Slot::Sheet | Slot::Row | Slot::Completeness | Slot::Salt);
    let slots = SLOTS.iter().filter(move |(slot, _)| says(slot)).map(|(slot, _)| *slot as usize);
    let slots = slots.chain(Field::ALL.iter().map(|field| slot_of(*field)));
    slots.map(|slot| (name_of(slot), is_erasable(slot)))
}

fn is_erasable(slot: usize) -> bool {
    static ERASABLE: LazyLock<[bool; COLUMNS]> =
        LazyLock::new(|| std::array::from_fn(|slot| slot > 0 && is_erasable_column(name_of(slot))));
    ERASABLE[slot]
}

fn name_of(slot: usize) -> &'static str {
    match slot.checked_sub(SLOTS.len() + 1) {
        None => SLOTS[slot - 1].1,
        Some(field) => Field::ALL[field].name(),
    }
}

/// Texts by slot; one that is not set is empty and stays NULL. Slot 0 is none.
struct Texts<'a>([&'a str; COLUMNS]);

const COLUMNS: usize = SLOTS.len() + 1 + Field::ALL.len();

/// The slots that are bound are kept as the bits of a number.
const _: () = assert!(COLUMNS <= u128::BITS as usize);

impl<'a> Texts<'a> {
    fn new() -> Self {
        Self([""; COLUMNS])
    }

    /// The fields; the converted serials replace whatever text stands for them.
    fn values(&mut self, row: &'a ConvertedRow) {
        for (field, value) in row.fields.iter().filter(|(field, _)| *field != Field::Serial) {
            self.0[slot_of(field)] = &value.text;
        }
        for marking in &row.markings {
            self.0[slot_of(marking.field)] = &marking.converted;
        }
    }

    fn serial(&mut self, row: &'a ConvertedRow, shape: &EntryShape) {
        match &row.serial {
            SerialState::Converted(marking) => {
                self.0[slot_of(Field::Serial)] = &marking.converted;
                self.0[Slot::Original as usize] = &marking.original;
                self.0[Slot::Canonical as usize] = &marking.canonical;
                self.0[Slot::Script as usize] = &marking.script;
                self.0[Slot::Table as usize] = &marking.table;
                self.0[Slot::Reading as usize] = marking.reading.name();
                self.0[Slot::OtherReading as usize] = marking.other_reading.as_deref().unwrap_or_default();
                self.0[Slot::PlainKey as usize] = marking.plain_key.as_deref().unwrap_or_default();
                self.0[Slot::Written as usize] = written(marking);
            }
            SerialState::Absent { code, pattern } => {
                let column = shape.serial_column(&row.fields);
                self.0[Slot::Original as usize] = column.map_or("", |at| row.cells.get(at).text);
                self.0[Slot::Canonical as usize] = pattern;
                self.0[Slot::NoSerial as usize] = code.name();
            }
        }
    }

    fn written(&mut self, written: &'a Written) {
        self.0[Slot::Originals as usize] = &written.originals;
        self.0[Slot::Extra as usize] = &written.extra;
        self.0[Slot::Romanized as usize] = &written.romanized;
        self.0[Slot::Cells as usize] = &written.cells;
        self.0[Slot::Flags as usize] = &written.flags;
        self.0[Slot::Carried as usize] = &written.carried;
    }

    /// All of them in one string, and where each ends.
    fn joined(&self) -> (String, Vec<(usize, usize)>) {
        let bytes = self.0.iter().map(|text| text.len()).sum();
        let set = self.0.iter().filter(|text| !text.is_empty()).count();
        let (mut joined, mut ends) = (String::with_capacity(bytes), Vec::with_capacity(set));
        for (slot, text) in self.0.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            joined.push_str(text);
            ends.push((slot, joined.len()));
        }
        (joined, ends)
    }
}

/// What the ledger wrote, as JSON: changed originals, extra columns, all cells; and the flags. A text
/// that says nothing is empty.
struct Written {
    originals: String,
    extra: String,
    romanized: String,
    cells: String,
    carried: String,
    flags: String,
}

impl Written {
    fn of(row: &ConvertedRow, shape: &EntryShape) -> Self {
        let mut written = Self {
            originals: String::new(),
            extra: String::new(),
            romanized: String::new(),
            cells: String::new(),
            carried: String::new(),
            flags: json::flags(&row.flags),
        };
        originals(&mut written.originals, row, shape);
        extra(&mut written.extra, &row.cells, shape);
        json::close(&mut written.originals);
        json::close(&mut written.extra);
        for (field, name) in &row.romanized {
            json::member(&mut written.romanized, field.name(), name);
        }
        json::close(&mut written.romanized);
        json::cells(&mut written.cells, &row.cells);
        json::carried(&mut written.carried, &row.carried);
        json::close(&mut written.carried);
        written
    }
}

/// Every field whose value is not what its cell says, with what the cell says; a cell that gave
/// no value at all included.
fn originals(out: &mut String, row: &ConvertedRow, shape: &EntryShape) {
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
    for (at, name) in &shape.extra {
        let cell = cells.get(*at);
        if !cell.is_blank() {
            json::member(out, name, cell.text);
        }
    }
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
