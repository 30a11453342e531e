//! What the pages of a report show beside the rows: the tables in force, the first pairs and contradictions.

use std::collections::BTreeSet;

use matricule_loader::Stored;
use matricule_mapping::ScriptTable;
use matricule_record::{ListedConflict, ListedPair};
use matricule_report::Overview;
use matricule_report::pages::{TableDescription, TableLine};
use matricule_report::{Repairs, Summary, masked};

use crate::{Error, Stages};

/// Most pairs, and most contradictions, that the overview lists.
const LISTED: u32 = 500;

/// What the overview lists of a registry.
#[derive(Default)]
pub(crate) struct Lists {
    pairs: Vec<ListedPair>,
    conflicts: Vec<ListedConflict>,
}

impl Lists {
    pub fn of(stored: Stored<'_>, unmask: bool) -> Result<Self, Error> {
        let mut conflicts = stored.listed_conflicts(LISTED)?;
        for conflict in &mut conflicts {
            let ListedConflict { field, value_a, value_b, .. } = conflict;
            for value in [value_a, value_b] {
                *value = masked(field, value, unmask).to_owned();
            }
        }
        Ok(Self { pairs: stored.listed_pairs(LISTED)?, conflicts })
    }

    pub fn overview<'a>(
        &'a self,
        summary: &'a Summary,
        repairs: &'a Repairs,
        tables: &'a [TableDescription],
    ) -> Overview<'a> {
        Overview { summary, repairs, tables, pairs: &self.pairs, conflicts: &self.conflicts }
    }
}

/// The tables of these ids, as their pages show them.
pub(crate) fn tables(stages: &Stages, ids: &BTreeSet<String>) -> Vec<TableDescription> {
    let all = stages.transliteration.tables().iter().map(|table| table.table());
    all.filter(|table| ids.contains(&table.id)).map(described).collect()
}

fn described(table: &ScriptTable) -> TableDescription {
    let edition = table.meta("edition");
    let description = format!(
        "{} {}, by {}{}",
        table.script(),
        table.language(),
        table.reading().name(),
        if edition.is_empty() { String::new() } else { format!(", edition {edition}") }
    );
    let line = |row: &std::sync::Arc<matricule_mapping::TableRow>| TableLine {
        kind: row.kind.name().to_owned(),
        from: row.from.to_string(),
        to: row.to.to_string(),
        when: row.when.to_string(),
        source: row.source.to_string(),
        note: row.note.to_string(),
    };
    TableDescription { id: table.id.clone(), description, rows: table.rows.iter().map(line).collect() }
}
