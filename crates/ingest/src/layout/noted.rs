//! What a workbook says of the cells of a row beside their values: comments, which become a column of their own behind
//! the others, and lines through a text, of which nobody knows whether it still holds.

use std::sync::Arc;

use matricule_record::{CellKind, Cells, Code, Column, Field, Finding, Ledger, message, proposed};

use crate::sheet_row::{Note, SheetRow};

/// Puts the comments of a row into its column for them, which the ledger gets where it has none behind its own columns.
pub(super) fn keep_comments(row: &mut SheetRow, ledger: &mut Arc<Ledger>, own_columns: usize) {
    let comments = row.notes.iter().filter_map(|(_, note)| match note {
        Note::Comment(text) => Some(text.as_str()),
        _ => None,
    });
    let text = comments.collect::<Vec<_>>().join("\n");
    if text.is_empty() {
        return;
    }
    let added = ledger.columns.iter().skip(own_columns).position(Column::is_comments);
    let column = added.map_or(ledger.columns.len(), |at| at + own_columns);
    if column == ledger.columns.len() {
        Arc::make_mut(ledger).columns.push(Column::comments());
    }
    // A value beyond the header keeps its place.
    let last = (0..row.cells.len()).rfind(|&at| !row.cells.get(at).is_blank()).map_or(0, |at| at + 1);
    let mut cells = Cells::with_capacity(column + 1, row.cells.bytes() + text.len());
    row.cells.iter().take(last.max(own_columns)).for_each(|cell| cells.push(cell.kind, cell.text));
    cells.pad(column);
    cells.push(CellKind::Text, &text);
    row.cells = cells;
}

/// Why a row may be cancelled: there is a line through its serial, or else through other values of it.
pub(super) fn struck(row: &SheetRow, ledger: &Ledger) -> Vec<Finding> {
    let struck = row.notes.iter().filter_map(|(column, note)| match note {
        Note::Struck => Some((*column as usize, true)),
        Note::PartStruck => Some((*column as usize, false)),
        Note::Comment(_) => None,
    });
    let mut struck: Vec<(usize, bool)> =
        struck.filter(|(column, _)| !row.cells.get(*column).is_blank()).collect();
    if let Some(serial) = struck.iter().copied().find(|(at, _)| ledger.column_of(Field::Serial) == Some(*at))
    {
        struck = vec![serial];
    }
    struck.dedup_by_key(|(column, _)| *column);
    struck.into_iter().map(|(column, is_whole)| finding(row, column, is_whole, ledger)).collect()
}

fn finding(row: &SheetRow, column: usize, is_whole: bool, ledger: &Ledger) -> Finding {
    let text = row.cells.get(column).text;
    let field = ledger.columns.get(column).and_then(|column| column.field);
    let message = if is_whole { message!("i114-struck") } else { message!("i114-part-struck") };
    let finding = Finding::new(Code::I114, message).at(field, Some(column), text);
    if is_whole {
        finding.suggest(message!("i114-struck-repair", text = proposed(text)))
    } else {
        finding.suggest(message!("i114-part-struck-repair"))
    }
}
