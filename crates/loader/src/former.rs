//! What an entry states, as one text: how it is kept once a run has stated it anew, and how it is put back.
//!
//! The text is a JSON object of the columns of `entry` that are set, and of its child rows, each with
//! its members in the order of their names, so that equal statements are equal texts.

use std::collections::BTreeMap;

use matricule_record::EntryId;
use rusqlite::types::{Value as SqlValue, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};
use serde_json::{Map, Value};

use crate::entry;
use crate::stored::FieldChange;

/// Columns that do not state anything: the number, and what the log of state changes says.
const NOT_STATED: [&str; 2] = ["entry_id", "withdrawn"];

/// Tables whose rows belong to an entry's statement.
const CHILDREN: [&str; 1] = ["marking"];

/// An entry's statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement(BTreeMap<String, Value>);

impl Statement {
    /// What an entry states at present.
    pub fn of(connection: &Connection, entry: EntryId) -> rusqlite::Result<Self> {
        let mut columns: BTreeMap<String, Value> = connection
            .prepare_cached("SELECT * FROM entry WHERE entry_id = ?1")?
            .query_row([entry], |row| columns_of(row, &NOT_STATED))?;
        for table in CHILDREN {
            let sql = format!("SELECT * FROM {table} WHERE entry_id = ?1 ORDER BY ordinal");
            let rows: Vec<Value> = connection
                .prepare_cached(&sql)?
                .query_map([entry], |row| Ok(Value::Object(columns_of(row, &["entry_id"])?)))?
                .collect::<rusqlite::Result<_>>()?;
            if !rows.is_empty() {
                columns.insert(table.to_owned(), Value::Array(rows));
            }
        }
        Ok(Self(columns))
    }

    /// The statement that [`Statement::text`] wrote.
    pub fn read(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }

    /// The statement as it is kept.
    pub fn text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// A column's text; `None` where it is not set.
    pub fn column(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A column that holds a number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    /// A column that holds a share.
    pub fn share(&self, name: &str) -> f64 {
        self.0.get(name).and_then(Value::as_f64).unwrap_or_default()
    }

    /// The rows of a child table, in their order.
    pub fn children(&self, table: &str) -> &[Value] {
        self.0.get(table).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Makes an entry state this; what is not set becomes NULL.
    pub fn put_back(&self, connection: &Connection, entry: EntryId) -> rusqlite::Result<()> {
        let names = stated_columns(connection)?;
        let set: Vec<String> = names.iter().map(|name| format!("\"{name}\" = ?")).collect();
        let values = names.iter().map(|name| sql_value(self.0.get(name)));
        connection
            .prepare_cached(&format!("UPDATE entry SET {} WHERE entry_id = ?", set.join(", ")))?
            .execute(params_from_iter(values.chain([SqlValue::Integer(entry)])))?;
        for table in CHILDREN {
            remove_children(connection, entry, table)?;
            for row in self.children(table).iter().filter_map(Value::as_object) {
                insert_child(connection, entry, table, row)?;
            }
        }
        Ok(())
    }
}

/// Takes the child rows of an entry away, for others to be written.
pub(crate) fn remove_all_children(connection: &Connection, entry: EntryId) -> rusqlite::Result<()> {
    CHILDREN.iter().try_for_each(|table| remove_children(connection, entry, table))
}

fn remove_children(connection: &Connection, entry: EntryId, table: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(&format!("DELETE FROM {table} WHERE entry_id = ?1"))?.execute([entry])?;
    Ok(())
}

fn insert_child(
    connection: &Connection,
    entry: EntryId,
    table: &str,
    row: &Map<String, Value>,
) -> rusqlite::Result<()> {
    let names: Vec<String> = row.keys().map(|name| format!("\"{name}\"")).collect();
    let slots = vec!["?"; names.len() + 1].join(", ");
    let sql = format!("INSERT INTO {table} (entry_id, {}) VALUES ({slots})", names.join(", "));
    let values = row.values().map(|value| sql_value(Some(value)));
    let values = [SqlValue::Integer(entry)].into_iter().chain(values);
    connection.prepare_cached(&sql)?.execute(params_from_iter(values))?;
    Ok(())
}

fn stated_columns(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let query = connection.prepare_cached("SELECT * FROM entry LIMIT 0")?;
    let names = query.column_names().map(str::to_owned);
    Ok(names.filter(|name| !NOT_STATED.contains(&name.as_str())).collect())
}

/// The columns of a row that are set, by name.
fn columns_of<C: FromIterator<(String, Value)>>(row: &Row<'_>, except: &[&str]) -> rusqlite::Result<C> {
    let names: Vec<String> = row.as_ref().column_names().map(str::to_owned).collect();
    let mut columns = Vec::with_capacity(names.len());
    for (at, name) in names.into_iter().enumerate().filter(|(_, name)| !except.contains(&name.as_str())) {
        let value = match row.get_ref(at)? {
            ValueRef::Null => continue,
            ValueRef::Integer(number) => Value::from(number),
            ValueRef::Real(number) => Value::from(number),
            // What is no text any more is told as something else, so that the evidence finds it.
            ValueRef::Text(text) | ValueRef::Blob(text) => {
                Value::from(std::str::from_utf8(text).unwrap_or("\u{fffd}"))
            }
        };
        columns.push((name, value));
    }
    Ok(columns.into_iter().collect())
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
    let told = entry::text_columns().filter(|name| !NOT_TOLD.contains(name));
    told.filter_map(|field| {
        let [before, after] = [before, after].map(|said| said.column(field).unwrap_or_default());
        (before != after).then(|| FieldChange { field, before: before.to_owned(), after: after.to_owned() })
    })
    .collect()
}
