//! Values merged over columns of several fields. `Huglu` over `Make` and `Model` may be the make, or both, or a
//! word for neither: the cell alone does not tell, so the row is refused.

use matricule_record::{Cells, Code, Column, Field, Finding, message, messages};

use super::columns::IDENTITY;
use crate::sheet_row::{SheetRow, Span};

/// Why a row with merged cells cannot be read.
pub(crate) fn finding(row: &SheetRow, columns: &[Column]) -> Option<Finding> {
    row.spans.iter().find_map(|span| straddling(row, span, columns).or_else(|| covered(row, span, columns)))
}

/// A value that lies over two fields, one of which tells weapons apart.
fn straddling(row: &SheetRow, span: &Span, columns: &[Column]) -> Option<Finding> {
    let (first, text) = (span.first as usize, value_of(span, row));
    let fields = fields_under(span, columns);
    let others = fields.iter().filter(|(at, _)| *at > first);
    let is_identity = |field: &Field| IDENTITY.contains(field);
    let first_counts = fields.iter().any(|(at, field)| *at == first && is_identity(field));
    let is_doubtful = others.clone().any(|(_, field)| first_counts || is_identity(field));
    if text.trim().is_empty() || !is_doubtful {
        return None;
    }
    let names: Vec<String> = fields
        .iter()
        .map(|(at, _)| message!("column-of", header = columns[*at].header, number = at + 1))
        .collect();
    let message = message!("i111-merged", columns = messages::both(&names));
    let finding =
        Finding::new(Code::I111, message).at(fields.first().map(|(_, field)| *field), Some(first), text);
    Some(finding.suggest(message!("i111-merged-repair")))
}

/// A value that nobody sees, as a merged cell lies over it.
fn covered(row: &SheetRow, span: &Span, columns: &[Column]) -> Option<Finding> {
    let is_first = |at: usize| at == span.first as usize && span.top == row.row;
    let shown = value_of(span, row);
    let hidden = |at: usize, cells: &Cells| {
        let cell = cells.get(at);
        !is_first(at) && !cell.is_blank() && cell.text.trim() != shown.trim()
    };
    let (at, field) = fields_under(span, columns).into_iter().find(|(at, _)| hidden(*at, &row.cells))?;
    let message = message!("i111-under-merged");
    let finding = Finding::new(Code::I111, message).at(Some(field), Some(at), row.cells.get(at).text);
    Some(finding.suggest(message!("i111-under-merged-repair")))
}

/// What a merged cell shows.
fn value_of<'a>(span: &'a Span, row: &'a SheetRow) -> &'a str {
    if span.top == row.row { row.cells.get(span.first as usize).text } else { &span.text }
}

fn fields_under(span: &Span, columns: &[Column]) -> Vec<(usize, Field)> {
    let last = (span.last as usize + 1).min(columns.len());
    let under = columns.get(span.first as usize..last).unwrap_or_default();
    let fields = (span.first as usize..).zip(under);
    fields.filter_map(|(at, column)| Some((at, column.field?))).collect()
}
