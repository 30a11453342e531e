//! What changes from one set of tables to another: rows, and what they merge.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use matricule_mapping::{RowKind, ScriptTable, TableRow, When};

use crate::convert::Transliterator;
use crate::proof::Merged;
use crate::select::Transliteration;

/// How a table differs from its earlier state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableDifference {
    /// The table's id.
    pub id: String,
    /// Whether it is there only before, only after, or in both.
    pub presence: Presence,
    /// Rows that differ: as they were and as they are.
    pub rows: Vec<RowDifference>,
    /// Merge groups that are there only after.
    pub merges_opened: Vec<Merged>,
    /// Merge groups that are there only before.
    pub merges_closed: Vec<Merged>,
}

/// Where a table is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// Before and after.
    #[default]
    Both,
    /// Only before.
    Removed,
    /// Only after.
    Added,
}

/// A row before and after; `None` where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowDifference {
    /// As it was.
    pub before: Option<Arc<TableRow>>,
    /// As it is.
    pub after: Option<Arc<TableRow>>,
}

/// The tables that differ between two sets, by id.
pub fn difference(before: &Transliteration, after: &Transliteration) -> Vec<TableDifference> {
    let (before, after) = (by_id(before), by_id(after));
    let ids: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    let of = |id: &str| of_table(id, before.get(id).copied(), after.get(id).copied());
    ids.into_iter().filter_map(of).collect()
}

fn by_id(stage: &Transliteration) -> BTreeMap<&str, &Transliterator> {
    stage.tables().iter().map(|table| (&**table.id(), table.as_ref())).collect()
}

fn of_table(
    id: &str,
    before: Option<&Transliterator>,
    after: Option<&Transliterator>,
) -> Option<TableDifference> {
    let presence = match (before, after) {
        (Some(before), Some(after)) if before.table().digest() == after.table().digest() => return None,
        (Some(_), Some(_)) => Presence::Both,
        (Some(_), None) => Presence::Removed,
        _ => Presence::Added,
    };
    let merges = |table: Option<&Transliterator>| table.map(|table| table.proof().merged).unwrap_or_default();
    let (merged_before, merged_after) = (merges(before), merges(after));
    let only = |here: &[Merged], there: &[Merged]| -> Vec<Merged> {
        here.iter().filter(|group| !there.contains(group)).cloned().collect()
    };
    Some(TableDifference {
        id: id.to_owned(),
        presence,
        rows: row_differences(before.map(Transliterator::table), after.map(Transliterator::table)),
        merges_opened: only(&merged_after, &merged_before),
        merges_closed: only(&merged_before, &merged_after),
    })
}

/// What a row is about: two rows about the same are the row before and after.
type Key<'a> = (RowKindOrder, &'a str, &'a When);
type RowKindOrder = u8;

/// The rows that differ between two states of a table, test rows left out.
pub fn row_differences(before: Option<&ScriptTable>, after: Option<&ScriptTable>) -> Vec<RowDifference> {
    let (before, after) = (in_force(before), in_force(after));
    let keys: BTreeSet<Key<'_>> = before.keys().chain(after.keys()).copied().collect();
    let pair = |key: &Key<'_>| (before.get(key).copied(), after.get(key).copied());
    let says = |row: Option<&Arc<TableRow>>| row.map(|row| (row.kind, row.to.clone(), row.source.clone()));
    keys.iter()
        .map(pair)
        .filter(|(before, after)| says(*before) != says(*after))
        .map(|(before, after)| RowDifference { before: before.cloned(), after: after.cloned() })
        .collect()
}

/// The rows in force, by what they are about.
fn in_force(table: Option<&ScriptTable>) -> BTreeMap<Key<'_>, &Arc<TableRow>> {
    let rows = table.into_iter().flat_map(|table| &table.rows);
    let rows = rows.filter(|row| !matches!(row.kind, RowKind::Test));
    rows.map(|row| ((order(row.kind), row.from.as_str(), &row.when), row)).collect()
}

/// Map, drop and review rows are about the same characters; names and the rest are about others.
fn order(kind: RowKind) -> u8 {
    match kind {
        RowKind::Map | RowKind::Drop | RowKind::Review => 0,
        RowKind::Digits => 1,
        RowKind::Numeral => 2,
        RowKind::Name => 3,
        RowKind::Symbol | RowKind::Test | RowKind::Waive => 4,
    }
}
