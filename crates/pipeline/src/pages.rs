//! What the pages of a report show beside the rows: the tables in force, the first pairs and contradictions.

use std::collections::BTreeSet;

use matricule_loader::Load;
use matricule_mapping::ScriptTable;
use matricule_report::Overview;
use matricule_report::pages::{ConflictLine, PairLine, TableDescription, TableLine};
use matricule_report::{Repairs, Summary};

use crate::{Error, Stages};

/// Most pairs, and most contradictions, that the overview lists.
const LISTED: u32 = 500;

/// What the overview lists of a registry that is about to be published.
#[derive(Default)]
pub(crate) struct Lists {
    pairs: Vec<PairLine>,
    conflicts: Vec<ConflictLine>,
}

impl Lists {
    pub fn of(load: &Load) -> Result<Self, Error> {
        let pair = |pair: matricule_loader::ListedPair| PairLine {
            entry_a: pair.entry_a,
            serial_a: pair.serial_a,
            entry_b: pair.entry_b,
            serial_b: pair.serial_b,
            kind: pair.kind,
            state: pair.state,
            reasons: pair.reasons,
        };
        let conflict = |conflict: matricule_loader::ListedConflict| ConflictLine {
            entry_a: conflict.entry_a,
            entry_b: conflict.entry_b,
            field: conflict.field,
            value_a: conflict.value_a,
            value_b: conflict.value_b,
        };
        Ok(Self {
            pairs: load.listed_pairs(LISTED)?.into_iter().map(pair).collect(),
            conflicts: load.listed_conflicts(LISTED)?.into_iter().map(conflict).collect(),
        })
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
