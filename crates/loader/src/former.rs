//! What an entry states, as one text: how it is kept once a run has stated it anew, and how it is put back.
//!
//! The text is a JSON object of the columns of `entry` that are set, and of its child rows, each with
//! its members in the order of their names, so that equal statements are equal texts.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use matricule_record::{EntryId, Field, Ledger, is_erasable_column};
use rusqlite::types::{Value as SqlValue, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use serde_json::Value;

use crate::damage::{Damage, Kept as _, Owner};
use crate::entry::{
    self, CHILD_TABLES, EVENT_COLUMNS, EntryText, MARKING_COLUMNS, PreparedEntry, entry_columns, text_columns,
};
use crate::evidence::{Hash, SEALED, hexadecimal, with_event, with_marking};
use crate::seal::{self, Seal};
use crate::stored::FieldChange;
use crate::{erasure, evidence, json};

/// Columns beside the texts: where an entry stands, how complete it is, which runs made it so, and its seal.
const BESIDE: [&str; 8] = [
    "sheet_id",
    "row",
    "completeness",
    "stated_by",
    "run_id",
    "reject_id",
    seal::COLUMNS[0],
    seal::COLUMNS[1],
];

/// Every column that states something, in the order in which they are read: all of `entry` but the number, and what
/// the log of state changes says.
static COLUMNS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| BESIDE.into_iter().chain(text_columns()).collect());

static COLUMN_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| COLUMNS.iter().copied().collect());

/// Where a sheet's number stands in a query of an entry's number and [`SELECTED`].
pub(crate) const SHEET_AT: usize = 1;

/// The same as SQL asks for them, of the table `e`.
pub(crate) static SELECTED: LazyLock<String> = LazyLock::new(|| {
    let columns: Vec<String> = COLUMNS.iter().map(|name| format!("e.\"{name}\"")).collect();
    columns.join(", ")
});

static OF_ENTRY: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM entry e WHERE e.entry_id = ?1", *SELECTED));

/// Members of a statement that are rows of other tables.
const MARKING: &str = "marking";
const EVENT: &str = "event";

/// An entry's statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Statement(Members);

type Members = BTreeMap<Cow<'static, str>, Value>;

/// What an entry stated when a run was done, where a later run stated it anew.
pub(crate) fn first_after(
    connection: &Connection,
    run: i64,
    entry: EntryId,
) -> rusqlite::Result<Option<Statement>> {
    // `+run_id`: looked for among the statements of the entry, which are few, not among those of later runs.
    let sql = "SELECT content FROM former WHERE entry_id = ?1 AND +run_id > ?2 ORDER BY former_id LIMIT 1";
    let read = |row: &Row<'_>| Statement::read(row.get_ref(0)?.as_str()?).of(connection, Owner::Entry(entry));
    connection.prepare_cached(sql)?.query_row([entry, run], read).optional()
}

impl Statement {
    /// What an entry states at present.
    pub fn of(connection: &Connection, entry: EntryId) -> rusqlite::Result<Self> {
        connection
            .prepare_cached(&OF_ENTRY)?
            .query_row([entry], |row| Self::of_row(connection, (row, 0), entry))
    }

    /// The same of a row of a query, of which [`SELECTED`] are the columns from `first` on.
    pub fn of_row(
        connection: &Connection,
        (row, first): (&Row<'_>, usize),
        entry: EntryId,
    ) -> rusqlite::Result<Self> {
        let mut columns = BTreeMap::new();
        for (at, name) in COLUMNS.iter().enumerate() {
            if let Some(value) = value_of(row.get_ref(first + at)?) {
                columns.insert(Cow::Borrowed(*name), value);
            }
        }
        for table in CHILD_TABLES {
            let rows = table.rows_of(connection, entry, |row| Ok(Value::Object(members_of(row)?)))?;
            if !rows.is_empty() {
                columns.insert(Cow::Borrowed(table.name), Value::Array(rows));
            }
        }
        Ok(Self(columns))
    }

    /// What the entry states once a run has stated it anew, of a row of a sheet; where it came from stays.
    pub fn anew(&self, sheet: i64, run: i64, prepared: &PreparedEntry) -> Self {
        let origin =
            ["run_id", "reject_id"].into_iter().filter_map(|name| Some((name, self.0.get(name)?.clone())));
        let numbers = [
            ("sheet_id", Value::from(sheet)),
            ("row", Value::from(prepared.row())),
            ("completeness", Value::from(prepared.completeness())),
            ("stated_by", Value::from(run)),
            ("salt", Value::from(prepared.salt().as_str())),
        ];
        let texts = prepared.texts().map(|(name, text)| (name, Value::from(text)));
        let children = prepared.children().into_iter().filter(|(_, rows)| !rows.is_empty());
        let children = children.map(|(name, rows)| (name, Value::Array(rows)));
        let all = origin.chain(numbers).chain(texts).chain(children);
        Self(all.map(|(name, value)| (Cow::Borrowed(name), value)).collect())
    }

    /// The statement that [`Statement::text`] wrote.
    pub fn read(text: &str) -> Result<Self, Damage> {
        serde_json::from_str(text).map(Self).map_err(|error| Damage::new("content", error))
    }

    /// The same for the evidence, which tells what is damaged from what was written by its digest.
    pub fn hashed(text: &str) -> Self {
        Self::read(text).unwrap_or_default()
    }

    /// The statement as it is kept.
    pub fn text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// The statement as it is hashed: what can name a person is under the seal, where there is one.
    pub fn sealed_text(&self) -> String {
        let Some(personal) = self.personal() else { return self.text() };
        let is_open =
            |name: &str| name != EVENT && !seal::COLUMNS.contains(&name) && !is_erasable_column(name);
        let open = self.0.iter().filter(|(name, _)| is_open(name));
        let mut open: BTreeMap<&str, Cow<'_, Value>> =
            open.map(|(name, value)| (&**name, Cow::Borrowed(value))).collect();
        open.insert(SEALED, Cow::Owned(hexadecimal(&personal).into()));
        serde_json::to_string(&open).unwrap_or_default()
    }

    /// How it keeps what can name a person.
    pub fn seal(&self) -> Seal<'_> {
        Seal::of(self.column("salt"), self.column("erased"))
    }

    /// What can name a person, as it is hashed; `None` where it is not hashed apart.
    pub fn personal(&self) -> Option<Hash> {
        match self.seal() {
            Seal::Salt(salt) => Some(self.personal_with(salt)),
            seal => seal.hash(std::iter::empty()),
        }
    }

    /// What can name a person and is there, with a salt.
    pub fn personal_with(&self, salt: &str) -> Hash {
        let personal = entry_columns().filter(|(_, erasable)| *erasable);
        let texts = personal.filter_map(|(name, _)| Some((name, self.column(name)?)));
        self.with_events(seal::of_personal(salt, texts))
    }

    /// The columns that hold another text when the entry is stated as prepared.
    pub fn changed(&self, prepared: &PreparedEntry) -> BTreeSet<&str> {
        let after: BTreeMap<&str, &str> = prepared.texts().collect();
        let is_text = |name: &str| COLUMN_SET.contains(name) && !BESIDE.contains(&name);
        let before = self.0.iter().filter(|(name, _)| is_text(name));
        let changed = before.filter(|(name, value)| after.get(&***name).copied() != value.as_str());
        let set = after.keys().copied().filter(|name| !self.0.contains_key(*name));
        changed.map(|(name, _)| &**name).chain(set).collect()
    }

    /// Whether it says what is prepared, where no column of text differs.
    pub fn says_besides(&self, prepared: &PreparedEntry) -> bool {
        self.row_and_completeness() == (prepared.row(), prepared.completeness())
            && self.with_events(self.with_markings(Hash::default())) == prepared.belonging()
    }

    /// SHA-256 of what is said: that of all statements that say the same.
    pub fn content(&self) -> Hash {
        evidence::of_whole_entry(
            self.row_and_completeness(),
            || self.texts(),
            &Seal::None,
            |digest| self.with_markings(digest),
            |digest| self.with_events(digest),
        )
    }

    /// Its row in the ledger, and how complete it is.
    pub fn row_and_completeness(&self) -> (u32, f64) {
        let row = self.number("row").and_then(|row| u32::try_from(row).ok());
        (row.unwrap_or_default(), self.0.get("completeness").and_then(Value::as_f64).unwrap_or_default())
    }

    /// Its columns that hold text, in the order of the digest.
    pub fn texts(&self) -> impl Iterator<Item = EntryText<'_>> {
        entry_columns().filter_map(|(name, erasable)| Some((name, self.column(name)?, erasable)))
    }

    /// A digest with its markings.
    pub fn with_markings(&self, digest: Hash) -> Hash {
        self.with_children(digest, MARKING, &MARKING_COLUMNS, with_marking)
    }

    /// A digest with its events.
    pub fn with_events(&self, digest: Hash) -> Hash {
        self.with_children(digest, EVENT, &EVENT_COLUMNS, with_event)
    }

    fn with_children<const N: usize>(
        &self,
        digest: Hash,
        table: &str,
        columns: &[&str; N],
        with: impl Fn(Hash, usize, &[&str; N]) -> Hash,
    ) -> Hash {
        self.children(table).iter().zip(1..).fold(digest, |digest, (row, at)| {
            with(digest, at, &columns.map(|name| row[name].as_str().unwrap_or_default()))
        })
    }

    /// A column's text; `None` where it is not set.
    pub fn column(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A column that holds a number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    /// The rows of a child table, in their order.
    pub fn children(&self, table: &str) -> &[Value] {
        self.0.get(table).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Columns that repeat what the ledger wrote of fields.
    pub const AS_WRITTEN: [&str; 4] = ["originals", "romanized", "extra", "flags"];

    /// The statement without some fields, and without what their ledger wrote in them and in some columns.
    pub fn without(&self, fields: &[Field], columns: &[usize], ledger: &Ledger) -> Result<Self, Damage> {
        let mut left = self.clone();
        let is_field = |name: &str| fields.iter().any(|field| field.name() == name);
        left.0.retain(|name, _| !is_field(name));
        left.rewrite("cells", |cells| erasure::blanked(cells, columns))?;
        left.rewrite("carried", |carried| erasure::uncarried(carried, columns))?;
        let names = entry::extra_columns(ledger);
        let is_extra =
            |name: &str| names.iter().any(|(column, extra)| extra == name && columns.contains(column));
        left.rewrite("originals", |originals| json::without_members("originals", originals, is_field))?;
        left.rewrite("romanized", |romanized| json::without_members("romanized", romanized, is_field))?;
        left.rewrite("extra", |extra| json::without_members("extra", extra, is_extra))?;
        left.rewrite("flags", |flags| json::without_details(flags, is_field))?;
        if let Some(Value::Array(events)) = left.0.get_mut(EVENT) {
            for event in events.iter_mut().filter(|event| event["field"].as_str().is_some_and(is_field)) {
                if let Some(told) = event.as_object_mut() {
                    told.retain(|name, _| !["from_party", "to_party", "document"].contains(&name.as_str()));
                    told.insert("original".to_owned(), "".into());
                }
            }
        }
        Ok(left)
    }

    /// Changes a text; one of which nothing is left is not set.
    fn rewrite(&mut self, name: &str, with: impl Fn(&str) -> Result<String, Damage>) -> Result<(), Damage> {
        let Some(text) = self.column(name).map(with).transpose()? else { return Ok(()) };
        if text.is_empty() {
            self.0.remove(name);
        } else {
            self.0.insert(Cow::Owned(name.to_owned()), text.into());
        }
        Ok(())
    }

    /// The statement with the digest of what was erased of it in place of its salt.
    pub fn erased(mut self, digest: &str) -> Self {
        self.0.remove("salt");
        self.0.insert(Cow::Borrowed("erased"), digest.into());
        self
    }

    /// The same of an entry whose file may be another than the run's that loaded it.
    pub fn loaded_by(mut self, run: i64) -> Self {
        self.0.entry(Cow::Borrowed("run_id")).or_insert_with(|| Value::from(run));
        self
    }

    /// Makes an entry state this, that states `present`. What is the same is left as it is: to write a column is
    /// to write the indexes on it. Fails where the entry states something else by now: no two statements have one
    /// salt.
    pub fn put(&self, connection: &Connection, entry: EntryId, present: &Self) -> rusqlite::Result<()> {
        let names: Vec<&str> =
            differing(&self.0, &present.0).into_iter().filter(|name| COLUMN_SET.contains(name)).collect();
        if !names.is_empty() {
            let set: Vec<String> = names.iter().map(|name| format!("\"{name}\" = ?")).collect();
            let seal = seal::COLUMNS.map(|name| format!("{name} IS ?"));
            let values = names.iter().map(|name| sql_value(self.0.get(*name)));
            let sealed = seal::COLUMNS.map(|name| sql_value(present.0.get(name)));
            let update =
                format!("UPDATE entry SET {} WHERE entry_id = ? AND {}", set.join(", "), seal.join(" AND "));
            let changed = connection
                .prepare_cached(&update)?
                .execute(params_from_iter(values.chain([SqlValue::Integer(entry)]).chain(sealed)))?;
            if changed != 1 {
                return Err(rusqlite::Error::StatementChangedRows(changed));
            }
        }
        for table in
            CHILD_TABLES.iter().filter(|table| self.children(table.name) != present.children(table.name))
        {
            let remove = format!("DELETE FROM {} WHERE entry_id = ?1", table.name);
            connection.prepare_cached(&remove)?.execute([entry])?;
            for (at, row) in self.children(table.name).iter().enumerate() {
                let texts: Vec<&str> =
                    table.columns.iter().map(|name| row[*name].as_str().unwrap_or_default()).collect();
                table.insert(connection, entry, at + 1, &texts)?;
            }
        }
        Ok(())
    }
}

/// The names of members that differ, or that only one of two statements has.
fn differing<'a>(one: &'a Members, other: &'a Members) -> Vec<&'a str> {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut names: Vec<&str> = Vec::new();
    loop {
        let order = match (one.peek(), other.peek()) {
            (None, None) => return names,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((a, _)), Some((b, _))) => a.cmp(b),
        };
        match order {
            Ordering::Less => names.extend(one.next().map(|(name, _)| &**name)),
            Ordering::Greater => names.extend(other.next().map(|(name, _)| &**name)),
            Ordering::Equal => {
                let (a, b) = (one.next(), other.next());
                names.extend(a.filter(|_| a != b).map(|(name, _)| &**name));
            }
        }
    }
}

/// The columns of a row that are set, by name.
fn members_of(row: &Row<'_>) -> rusqlite::Result<serde_json::Map<String, Value>> {
    let mut members = serde_json::Map::new();
    for (at, name) in row.as_ref().column_names().enumerate() {
        members.extend(value_of(row.get_ref(at)?).map(|value| (name.to_owned(), value)));
    }
    Ok(members)
}

fn value_of(value: ValueRef<'_>) -> Option<Value> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(Value::from(number)),
        ValueRef::Real(number) => Some(Value::from(number)),
        // What is no text any more is told as something else, so that the evidence finds it.
        ValueRef::Text(text) | ValueRef::Blob(text) => {
            Some(Value::from(std::str::from_utf8(text).unwrap_or("\u{fffd}")))
        }
    }
}

fn sql_value(value: Option<&Value>) -> SqlValue {
    match value {
        Some(Value::String(text)) => SqlValue::Text(text.clone()),
        Some(Value::Number(number)) => number
            .as_i64()
            .map(SqlValue::Integer)
            .or_else(|| number.as_f64().map(SqlValue::Real))
            .unwrap_or(SqlValue::Null),
        _ => SqlValue::Null,
    }
}

/// Columns whose change is told by others; see [`crate::stored`].
const NOT_TOLD: [&str; 6] = ["sheet_id", "row", "stated_by", "cells", "carried", "originals"];

/// What one statement says otherwise than another: columns of text.
pub(crate) fn difference(before: &Statement, after: &Statement) -> Vec<FieldChange> {
    let told = text_columns().filter(|name| !NOT_TOLD.contains(name));
    told.filter_map(|field| {
        let [before, after] = [before, after].map(|said| said.column(field).unwrap_or_default());
        (before != after).then(|| FieldChange { field, before: before.to_owned(), after: after.to_owned() })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_statement_tells_every_column_of_an_entry() {
        let connection = Connection::open_in_memory().unwrap();
        crate::schema::migrate(&connection).unwrap();
        let query = connection.prepare("SELECT * FROM entry").unwrap();
        let is_stated = |name: &&str| !["entry_id", "withdrawn"].contains(name);
        let stated: BTreeSet<&str> = query.column_names().filter(is_stated).collect();
        assert_eq!(stated, COLUMNS.iter().copied().collect());
    }
}
