//! What an entry states, as one text: how it is kept once a run has stated it anew, and how it is put back.
//!
//! The text is a JSON object of the columns of `entry` that are set, and of its child rows, each with
//! its members in the order of their names, so that equal statements are equal texts.

use std::collections::BTreeMap;

use matricule_record::EntryId;
use rusqlite::types::{Value as SqlValue, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};
use serde_json::Value;

use crate::entry::{CHILD_TABLES, PreparedEntry, text_columns};
use crate::stored::FieldChange;

/// Columns that do not state anything: the number, and what the log of state changes says.
const NOT_STATED: [&str; 2] = ["entry_id", "withdrawn"];

/// Columns that are no text: where an entry stands, how complete it is, and which runs made it so.
const NUMBERS: [&str; 6] = ["sheet_id", "row", "completeness", "stated_by", "run_id", "reject_id"];

/// An entry's statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement(BTreeMap<String, Value>);

impl Statement {
    /// What an entry states at present.
    pub fn of(connection: &Connection, entry: EntryId) -> rusqlite::Result<Self> {
        let mut columns: BTreeMap<String, Value> = connection
            .prepare_cached("SELECT * FROM entry WHERE entry_id = ?1")?
            .query_row([entry], |row| columns_of(row, &NOT_STATED))?;
        for table in CHILD_TABLES {
            let sql = format!("SELECT * FROM {} WHERE entry_id = ?1 ORDER BY ordinal", table.name);
            let rows: Vec<Value> = connection
                .prepare_cached(&sql)?
                .query_map([entry], |row| Ok(Value::Object(columns_of(row, &["entry_id"])?)))?
                .collect::<rusqlite::Result<_>>()?;
            if !rows.is_empty() {
                columns.insert(table.name.to_owned(), Value::Array(rows));
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
        ];
        let texts = prepared.texts().map(|(name, text)| (name, Value::from(text)));
        let children = prepared.children().into_iter().filter(|(_, rows)| !rows.is_empty());
        let children = children.map(|(name, rows)| (name, Value::Array(rows)));
        let all = origin.chain(numbers).chain(texts).chain(children);
        Self(all.map(|(name, value)| (name.to_owned(), value)).collect())
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

    /// The same of an entry whose file may be another than the run's that loaded it.
    pub fn loaded_by(mut self, run: i64) -> Self {
        self.0.entry("run_id".to_owned()).or_insert_with(|| Value::from(run));
        self
    }

    /// Makes an entry state this, that states `present`. What is the same is left as it is: to write a column is
    /// to write the indexes on it.
    pub fn put(&self, connection: &Connection, entry: EntryId, present: &Self) -> rusqlite::Result<()> {
        let differs = |name: &&str| self.0.get(*name) != present.0.get(*name);
        let names: Vec<&str> = NUMBERS.into_iter().chain(text_columns()).filter(differs).collect();
        if !names.is_empty() {
            let set: Vec<String> = names.iter().map(|name| format!("\"{name}\" = ?")).collect();
            let values = names.iter().map(|name| sql_value(self.0.get(*name)));
            connection
                .prepare_cached(&format!("UPDATE entry SET {} WHERE entry_id = ?", set.join(", ")))?
                .execute(params_from_iter(values.chain([SqlValue::Integer(entry)])))?;
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

/// The columns of a row that are set, by name.
fn columns_of<C: FromIterator<(String, Value)>>(row: &Row<'_>, except: &[&str]) -> rusqlite::Result<C> {
    let mut columns = Vec::new();
    for (at, name) in row.as_ref().column_names().enumerate().filter(|(_, name)| !except.contains(name)) {
        let value = match row.get_ref(at)? {
            ValueRef::Null => continue,
            ValueRef::Integer(number) => Value::from(number),
            ValueRef::Real(number) => Value::from(number),
            // What is no text any more is told as something else, so that the evidence finds it.
            ValueRef::Text(text) | ValueRef::Blob(text) => {
                Value::from(std::str::from_utf8(text).unwrap_or("\u{fffd}"))
            }
        };
        columns.push((name.to_owned(), value));
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
        let stated: BTreeSet<&str> =
            query.column_names().into_iter().filter(|name| !NOT_STATED.contains(name)).collect();
        assert_eq!(stated, NUMBERS.into_iter().chain(text_columns()).collect());
    }
}
