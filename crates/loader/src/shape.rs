//! Whether a registry has the tables, views and indexes that this version makes, and nothing else that acts.
//!
//! The digests are of rows. Who asks a view believes its text, so an audit compares that, too.

use std::collections::BTreeMap;

use matricule_record::message;
use rusqlite::{Connection, Row};

use crate::{Registry, Result, schema, substring};

impl Registry {
    /// Tables, views, indexes and triggers that are not as this version makes them. Empty where all are.
    pub fn misshapen(&self) -> Result<Vec<String>> {
        self.require_current()?;
        self.at(misshapen(self.connection()))
    }
}

/// The type and the name of something that a schema defines, and its definition.
type Objects = BTreeMap<(String, String), String>;

fn misshapen(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let fresh = Connection::open_in_memory()?;
    schema::migrate(&fresh)?;
    schema::index(&fresh)?;
    if substring::exists(connection)? {
        substring::build(&fresh)?;
    }
    let (made, mut found) = (objects(&fresh)?, objects(connection)?);
    let mut told = Vec::new();
    for (object, definition) in made {
        let (kind, name) = &object;
        match found.remove(&object) {
            None => told.push(message!("schema-missing", kind = kind, name = name)),
            Some(other) if other != definition => {
                told.push(message!("schema-changed", kind = kind, name = name));
            }
            Some(_) => {}
        }
    }
    told.extend(found.into_keys().map(|(kind, name)| message!("schema-added", kind = kind, name = name)));
    Ok(told)
}

/// Everything that a schema defines. What the library of the full-text index makes for itself counts by its name.
fn objects(connection: &Connection) -> rusqlite::Result<Objects> {
    let object = |row: &Row<'_>| Ok(((row.get(0)?, row.get(1)?), row.get(2)?));
    connection
        .prepare(
            "SELECT type, name, CASE WHEN name GLOB 'serial_part_*' THEN '' ELSE coalesce(sql, '') END
             FROM sqlite_master",
        )?
        .query_map([], object)?
        .collect()
}
