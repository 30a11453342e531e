//! Entries and weapons out of a registry, column by column, as an export writes them.

use matricule_record::Field;
use rusqlite::types::ValueRef;
use rusqlite::{Row, ToSql};

use crate::{Error, Registry, Result};

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exported {
    /// One row a ledger row.
    Entries,
    /// One row a weapon.
    Weapons,
}

/// Which rows are exported: all that meet every condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportFilter {
    /// Columns and the text that they have to hold; an empty text means that the column says nothing.
    pub equal: Vec<(String, String)>,
    /// Only entries that this run or a later one stated.
    pub since_run: Option<i64>,
}

/// Columns of `v_entry` that hold the row as the ledger wrote it, personal data and all.
const WHOLE: [&str; 3] = ["originals", "extra", "cells"];

/// Columns of `v_entry` beside the fields.
const BEFORE: [&str; 6] = ["entry_id", "weapon_id", "run_id", "file", "sheet", "row"];
const AFTER: [&str; 8] = [
    "serial_original",
    "serial_canonical",
    "serial_script",
    "serial_table",
    "serial_reading",
    "no_serial",
    "completeness",
    "flags",
];
const WEAPON: [&str; 15] = [
    "weapon_id",
    "serial",
    "serial_original",
    "serial_script",
    "no_serial",
    "make",
    "model",
    "type",
    "calibre",
    "country_of_manufacture",
    "year_of_manufacture",
    "series_mark",
    "register",
    "entries",
    "conflicts",
];

impl Exported {
    /// The name of what is exported.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::Weapons => "weapons",
        }
    }

    /// Its columns. The row as the ledger wrote it comes along only where personal data may be shown.
    pub fn columns(self, unmask: bool) -> Vec<&'static str> {
        match self {
            Self::Weapons => WEAPON.to_vec(),
            Self::Entries => {
                let fields = Field::ALL.iter().map(|field| field.name());
                let whole = WHOLE.into_iter().filter(|_| unmask);
                BEFORE.into_iter().chain(fields).chain(AFTER).chain(whole).collect()
            }
        }
    }
}

impl Registry {
    /// Visits what is exported, in the order of the registry, as texts under [`Exported::columns`].
    pub fn export(
        &self,
        what: Exported,
        filter: &ExportFilter,
        columns: &[&str],
        mut visitor: impl FnMut(&[Option<String>]),
    ) -> Result<()> {
        self.require_current()?;
        let (sql, values) = query(what, filter, columns)?;
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = self.connection().prepare(&sql)?;
            let values: Vec<&dyn ToSql> = values.iter().map(|value| value as &dyn ToSql).collect();
            let mut rows = statement.query(&values[..])?;
            while let Some(row) = rows.next()? {
                let texts: Vec<_> =
                    (0..columns.len()).map(|at| text(row, at)).collect::<rusqlite::Result<_>>()?;
                visitor(&texts);
            }
            Ok(())
        };
        self.at(read())
    }
}

fn query(what: Exported, filter: &ExportFilter, columns: &[&str]) -> Result<(String, Vec<String>)> {
    let known = what.columns(false);
    let mut values = Vec::new();
    let mut conditions = Vec::new();
    for (name, value) in &filter.equal {
        if !known.contains(&name.as_str()) {
            let known = known.join(", ");
            return Err(Error::NoSuchColumn { name: name.clone(), what: what.name(), known });
        }
        values.push(value.clone());
        let at = values.len();
        conditions.push(format!("coalesce(CAST(\"{name}\" AS TEXT), '') = ?{at}"));
    }
    if let Some(run) = filter.since_run {
        values.push(run.to_string());
        let at = values.len();
        let stated = "SELECT entry_id FROM entry e WHERE coalesce(e.stated_by, e.run_id, v.run_id)";
        let id = match what {
            Exported::Entries => "v.entry_id",
            Exported::Weapons => "v.weapon_id",
        };
        let own = match what {
            Exported::Entries => stated.to_owned(),
            Exported::Weapons => "SELECT weapon_id FROM v_entry e WHERE e.run_id".to_owned(),
        };
        conditions.push(format!("{id} IN ({own} >= CAST(?{at} AS INTEGER))"));
    }
    let (view, order) = match what {
        Exported::Entries => ("v_entry", "entry_id"),
        Exported::Weapons => ("v_weapon", "weapon_id"),
    };
    let condition =
        if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
    let columns: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
    Ok((format!("SELECT {} FROM {view} v{condition} ORDER BY v.{order}", columns.join(", ")), values))
}

fn text(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<String>> {
    Ok(match row.get_ref(at)? {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(text) | ValueRef::Blob(text) => Some(String::from_utf8_lossy(text).into_owned()),
    })
}
