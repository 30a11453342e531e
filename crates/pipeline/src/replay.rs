//! A row that the registry holds goes through the stages again, as it did when its ledger was read.

use std::sync::Arc;

use matricule_deduplication::link;
use matricule_loader::{Amended, StoredRow};
use matricule_record::{
    CellKind, Cells, Column, ConvertedRow, Field, Finding, Ledger, LedgerRow, NoSerial, Reject, SerialPart,
    SerialState, Source, Text,
};
use matricule_text::canonical_serial;
use matricule_transliteration::Conversion;

use crate::Stages;
use crate::batch::{Preparation, ReadyRow};

/// What one thread works with.
#[derive(Default)]
pub(crate) struct Replay {
    conversion: Conversion,
    preparation: Preparation,
}

impl Replay {
    /// What a row comes to now: an entry, or a reject with all that is wrong with it.
    ///
    /// What persons said is read in place of the ledger's cells; the cells themselves stay as they are. What
    /// ingest found wrong with a row stays wrong, unless a person corrected that cell.
    pub fn run(&mut self, stages: &Stages, row: &StoredRow) -> Result<ReadyRow, Reject> {
        if is_refused_by_ingest(row) {
            return Err(refused_as_it_is(row));
        }
        let standard = stages.standardization.standardize(as_read(row));
        let mut converted = stages
            .transliteration
            .transliterate(standard, &mut self.conversion)
            .map_err(|reject| Reject { cells: row.cells.clone(), carried: row.carried.clone(), ..reject })?;
        keep_originals(&mut converted, row);
        converted.cells.clone_from(&row.cells);
        converted.carried.clone_from(&row.carried);
        Ok(self.preparation.prepare(link(converted)))
    }
}

/// Whether ingest refused the row as a whole, so that no stage after it ever saw it: its one finding is on no cell.
fn is_refused_by_ingest(row: &StoredRow) -> bool {
    let whole = |finding: &Finding| finding.code.is_of_ingest() && finding.column.is_none();
    row.amended.is_empty() && matches!(&row.findings[..], [finding] if whole(finding))
}

fn refused_as_it_is(row: &StoredRow) -> Reject {
    Reject {
        source: row.source.clone(),
        cells: row.cells.clone(),
        carried: row.carried.clone(),
        findings: row.findings.clone(),
    }
}

/// A marking that a person corrected keeps what the ledger wrote as its original, beside what was converted.
fn keep_originals(converted: &mut ConvertedRow, row: &StoredRow) {
    let main = match &mut converted.serial {
        SerialState::Converted(marking) => Some(marking),
        // What nobody can convert is still searched for.
        SerialState::Absent { code: NoSerial::Untranslatable, pattern } => {
            let written = row.source.ledger.written(Field::Serial, &row.cells);
            *pattern = canonical_serial(&written).into();
            None
        }
        SerialState::Absent { .. } => None,
    };
    for marking in main.into_iter().chain(&mut converted.markings) {
        if row.amended.iter().any(|amended| amended.field == Some(marking.field)) {
            marking.original = row.source.ledger.written(marking.field, &row.cells);
        }
    }
}

/// The row as it is to be read.
fn as_read(row: &StoredRow) -> LedgerRow {
    let mut ledger = Arc::clone(&row.source.ledger);
    let amended: Vec<(usize, &Text)> =
        row.amended.iter().map(|amended| (column_of(&mut ledger, amended), &amended.text)).collect();
    let is_amended = |column: usize| amended.iter().any(|(at, _)| *at == column);
    let stands = |finding: &&Finding| finding.code.is_of_ingest() && !finding.column.is_some_and(is_amended);
    LedgerRow {
        source: Source { ledger, row: row.source.row },
        cells: with(&row.cells, &with_letters(&row.source.ledger, amended.clone())),
        carried: row.carried.iter().filter(|(column, _)| !is_amended(*column)).cloned().collect(),
        no_serial: decided(row),
        findings: row.findings.iter().filter(stands).cloned().collect(),
    }
}

/// The code that a person gave in place of a serial: the one that no ledger's words come to.
fn decided(row: &StoredRow) -> Option<NoSerial> {
    let code = NoSerial::Untranslatable;
    let is_it =
        |amended: &Amended| amended.field == Some(Field::Serial) && amended.text.trim() == code.name();
    row.amended.iter().any(is_it).then_some(code)
}

/// The column that an amendment is read in; one is added behind the ledger's where it has none for the field.
fn column_of(ledger: &mut Arc<Ledger>, amended: &Amended) -> usize {
    let Some(field) = amended.field else { return amended.column };
    ledger.column_of(field).unwrap_or_else(|| {
        let columns = &mut Arc::make_mut(ledger).columns;
        columns.push(Column { field: Some(field), ..Column::default() });
        columns.len() - 1
    })
}

/// What persons said, and where one stated a serial with its letters, no other letters beside it.
fn with_letters<'a>(ledger: &Ledger, mut amended: Vec<(usize, &'a Text)>) -> Vec<(usize, &'a Text)> {
    static NONE: Text = Text::const_new("");
    let serial = ledger.column_of(Field::Serial);
    let stated = amended.iter().find(|(at, _)| Some(*at) == serial);
    if stated.is_some_and(|(_, text)| text.chars().any(char::is_alphabetic)) {
        let parts = SerialPart::ALL.into_iter().flat_map(|part| ledger.columns_of_part(part));
        let blank: Vec<usize> = parts.filter(|part| amended.iter().all(|(at, _)| at != part)).collect();
        amended.extend(blank.into_iter().map(|at| (at, &NONE)));
    }
    amended
}

fn with(cells: &Cells, amended: &[(usize, &Text)]) -> Cells {
    if amended.is_empty() {
        return cells.clone();
    }
    let last = amended.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
    let mut read = Cells::default();
    for column in 0..cells.len().max(last) {
        let cell = cells.get(column);
        match amended.iter().find(|(at, _)| *at == column) {
            Some((_, text)) => read.push(CellKind::Text, text),
            None => read.push(cell.kind, cell.text),
        }
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The letters, the number and the suffix of a row as they are read after what persons said.
    fn check(said: &[(usize, &str)], expect: [&str; 3]) {
        let mut ledger = Ledger::default();
        for (field, part) in
            [(None, Some(SerialPart::Prefix)), (Some(Field::Serial), None), (None, Some(SerialPart::Suffix))]
        {
            ledger.columns.push(Column { field, part, ..Column::default() });
        }
        let texts: Vec<(usize, Text)> = said.iter().map(|(at, text)| (*at, Text::from(*text))).collect();
        let amended = texts.iter().map(|(at, text)| (*at, text)).collect();
        let read = with(&Cells::from_texts(["АВ", "1234", "C"]), &with_letters(&ledger, amended));
        assert_eq!([0, 1, 2].map(|at| read.get(at).text), expect, "{said:?}");
    }

    #[test]
    fn a_serial_stated_with_letters_is_whole() {
        check(&[], ["АВ", "1234", "C"]);
        check(&[(1, "1235")], ["АВ", "1235", "C"]);
        check(&[(0, "АГ")], ["АГ", "1234", "C"]);
        check(&[(1, "АГ 1235")], ["", "АГ 1235", ""]);
        check(&[(0, "АГ"), (1, "Б1235")], ["АГ", "Б1235", ""]);
    }
}
