//! The first duplicates and contradictions with the addresses of their entries, as a report lists them.

use matricule_record::{ListedConflict, ListedPair};
use rusqlite::{Connection, Row, params};

use crate::{Result, Stored};

/// Contradictions of one kind on which nobody decided yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incompatible {
    /// Kind, as in `v_conflict.kind`.
    pub kind: String,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Vec<ListedConflict>,
}

/// So many of each kind are told one by one.
const EXAMPLES: u32 = 3;

impl Stored<'_> {
    /// The contradictions that wait for a person, kind by kind: incompatible records. Repeated serials, which nobody is asked
    /// about, are none.
    pub fn incompatible(&self) -> Result<Vec<Incompatible>> {
        self.at(incompatible(self.connection))
    }

    /// The first pairs, those that wait for a decision before all others.
    pub fn listed_pairs(&self, most: u32) -> Result<Vec<ListedPair>> {
        self.at(pairs(self.connection, most))
    }

    /// The first contradictions.
    pub fn listed_conflicts(&self, most: u32) -> Result<Vec<ListedConflict>> {
        self.at(conflicts(self.connection, most))
    }
}

/// SQL for the address and the serial of an entry.
fn place(entry: &str) -> String {
    format!(
        "(SELECT f.path || CASE s.sheet WHEN '' THEN '' ELSE '!' || s.sheet END || '!' || e.row
            FROM entry e JOIN sheet s ON s.sheet_id = e.sheet_id JOIN file f ON f.file_id = s.file_id
            WHERE e.entry_id = {entry}),
         (SELECT coalesce(serial_original, serial, '') FROM entry WHERE entry_id = {entry})"
    )
}

fn pairs(connection: &Connection, most: u32) -> rusqlite::Result<Vec<ListedPair>> {
    let (a, b) = (place("d.entry_a"), place("d.entry_b"));
    let sql = format!(
        "SELECT {a}, {b}, d.kind, d.state,
            (SELECT group_concat(value, '; ') FROM json_each(d.reasons)) FROM duplicate d
         ORDER BY d.state <> 'review', d.entry_a, d.entry_b LIMIT ?1"
    );
    let pair = |row: &Row<'_>| {
        Ok(ListedPair {
            entry_a: row.get(0)?,
            serial_a: row.get(1)?,
            entry_b: row.get(2)?,
            serial_b: row.get(3)?,
            kind: row.get(4)?,
            state: row.get(5)?,
            reasons: row.get::<_, Option<String>>(6)?.unwrap_or_default(),
        })
    };
    connection.prepare(&sql)?.query_map([most], pair)?.collect()
}

fn incompatible(connection: &Connection) -> rusqlite::Result<Vec<Incompatible>> {
    let sql = "SELECT kind, count(*) FROM v_conflict WHERE state = 'open' AND kind <> 'repeated_serial'
         GROUP BY kind ORDER BY kind";
    let mut query = connection.prepare(sql)?;
    let mut rows = query.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        let first = conflicts_of(connection, Some(&kind), EXAMPLES)?;
        found.push(Incompatible { kind, count: row.get::<_, i64>(1)?.cast_unsigned(), first });
    }
    Ok(found)
}

fn conflicts(connection: &Connection, most: u32) -> rusqlite::Result<Vec<ListedConflict>> {
    conflicts_of(connection, None, most)
}

/// The first contradictions: all, or those of a kind on which nobody decided.
fn conflicts_of(
    connection: &Connection,
    kind: Option<&str>,
    most: u32,
) -> rusqlite::Result<Vec<ListedConflict>> {
    let (a, b) = (place("c.entry_a"), place("c.entry_b"));
    let sql = format!(
        "SELECT {a}, {b}, c.field, c.value_a, c.value_b FROM conflict c
         WHERE ?2 IS NULL OR (c.kind = ?2 AND c.state = 'open')
         ORDER BY c.entry_a, c.entry_b, c.field LIMIT ?1"
    );
    let conflict = |row: &Row<'_>| {
        Ok(ListedConflict {
            entry_a: row.get(0)?,
            entry_b: row.get(2)?,
            field: row.get(4)?,
            value_a: row.get(5)?,
            value_b: row.get(6)?,
        })
    };
    connection.prepare(&sql)?.query_map(params![most, kind], conflict)?.collect()
}
