//! The part of an entry's digest that stands in rows of other tables: its markings and its events.

use std::collections::HashSet;

use rusqlite::{Connection, Row};

use super::{Hash, ids, text_of};
use crate::entry::ChildTable;

/// Rows of another table that belong to entries, read as the entries come.
pub(super) struct Belonging<'a> {
    by_entry: rusqlite::Statement<'a>,
    /// Entries that have any, to ask only for those.
    owners: HashSet<i64>,
}

impl<'a> Belonging<'a> {
    pub fn start(connection: &'a Connection, table: &ChildTable) -> rusqlite::Result<Self> {
        let owners = ids(connection, &format!("SELECT DISTINCT entry_id FROM {}", table.name))?;
        Ok(Self { by_entry: connection.prepare(&table.select)?, owners })
    }

    /// Those of an entry.
    pub fn of<const N: usize>(&mut self, entry_id: i64) -> rusqlite::Result<Vec<ChildRow<N>>> {
        if !self.owners.contains(&entry_id) {
            return Ok(Vec::new());
        }
        self.by_entry.query_map([entry_id], child_row)?.collect()
    }
}

/// The number of a row that belongs to an entry, and its texts.
pub(super) type ChildRow<const N: usize> = (u32, [String; N]);

fn child_row<const N: usize>(row: &Row<'_>) -> rusqlite::Result<ChildRow<N>> {
    Ok((row.get(0)?, std::array::from_fn(|at| text_of(row, at + 1).unwrap_or_default().to_owned())))
}

/// The digest of an entry with rows that belong to it.
pub(super) fn with_rows<const N: usize>(
    digest: Hash,
    rows: &[ChildRow<N>],
    with: impl Fn(Hash, usize, &[&str; N]) -> Hash,
) -> Hash {
    rows.iter().fold(digest, |digest, (ordinal, texts)| {
        with(digest, *ordinal as usize, &std::array::from_fn(|at| texts[at].as_str()))
    })
}
