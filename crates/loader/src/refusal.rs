//! How a refused row or file is written, and how the report reads a run's refusals back.

use std::sync::Arc;

use matricule_record::cell::column_letters;
use matricule_record::{Cells, Code, Field, Finding, Reject, RejectedRow};
use rusqlite::{Connection, Row, params};

use crate::damage::{self, Kept as _, Owner};
use crate::evidence::{FileEvidence, finding_texts};
use crate::json;
use crate::seal::{Salt, of_personal, refusal_texts};

/// Writes a refused row and returns its number.
pub(crate) fn insert(
    connection: &Connection,
    (file_id, sheet_id): (i64, i64),
    reject: &Reject,
    evidence: &mut FileEvidence,
) -> rusqlite::Result<i64> {
    let mut cells = String::new();
    json::cells(&mut cells, &reject.cells);
    let mut carried = String::new();
    json::carried(&mut carried, &reject.carried);
    let carried = json::close(&mut carried);
    let salt = Salt::draw();
    connection
        .prepare_cached(
            "INSERT INTO reject (file_id, sheet_id, row, cells, carried, state, salt)
             VALUES (?1, ?2, ?3, ?4, ?5, 'open', ?6)",
        )?
        .execute(params![file_id, sheet_id, reject.source.row, cells, carried, salt.as_str()])?;
    let reject_id = connection.last_insert_rowid();
    for (at, finding) in reject.findings.iter().enumerate() {
        insert_finding(connection, (reject_id, at + 1, Some(reject.source.row)), finding)?;
    }
    let findings: Vec<_> =
        reject.findings.iter().map(|finding| texts_of(finding, Some(reject.source.row))).collect();
    let findings =
        findings.iter().flat_map(|texts| finding_texts(std::array::from_fn(|at| texts[at].as_str())));
    let personal = of_personal(salt.as_str(), refusal_texts(Some(&cells), carried, findings));
    evidence.sealed_refusal(reject.source.row, &personal);
    Ok(reject_id)
}

/// Writes the refusal of a whole file, or of one sheet of it.
pub(crate) fn insert_for_file(
    connection: &Connection,
    file_id: i64,
    sheet_id: Option<i64>,
    finding: &Finding,
    evidence: &mut FileEvidence,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO reject (file_id, sheet_id, state) VALUES (?1, ?2, 'open')";
    connection.execute(sql, params![file_id, sheet_id])?;
    evidence.refusal(None, None, None);
    insert_finding(connection, (connection.last_insert_rowid(), 1, None), finding)?;
    let texts = texts_of(finding, None);
    evidence.finding(&finding_texts(std::array::from_fn(|at| texts[at].as_str())));
    Ok(())
}

/// A finding as its texts, in the order of [`finding_texts`].
fn texts_of(finding: &Finding, row: Option<u32>) -> [String; 7] {
    [
        finding.code.name().to_owned(),
        finding.field.map(Field::name).unwrap_or_default().to_owned(),
        finding.column.map(|column| column.to_string()).unwrap_or_default(),
        cell_of(finding, row).unwrap_or_default(),
        finding.original.clone(),
        finding.message.clone(),
        finding.suggestion.clone(),
    ]
}

/// The cell of a finding, as a spreadsheet program shows it.
fn cell_of(finding: &Finding, row: Option<u32>) -> Option<String> {
    finding.column.zip(row).map(|(column, row)| format!("{}{row}", column_letters(column)))
}

fn insert_finding(
    connection: &Connection,
    (reject_id, ordinal, row): (i64, usize, Option<u32>),
    finding: &Finding,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO finding (reject_id, finding, code, field, \"column\", cell, original, message, suggestion)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            reject_id,
            ordinal as u32,
            finding.code.name(),
            finding.field.map(Field::name),
            finding.column.map(|column| column as u32),
            cell_of(finding, row),
            finding.original,
            finding.message,
            finding.suggestion,
        ])?;
    Ok(())
}

/// Visits the refusals of a run in address order: files and sheets as loaded, then rows.
pub(crate) fn visit(
    connection: &Connection,
    run_id: i64,
    mut visitor: impl FnMut(RejectedRow),
) -> rusqlite::Result<()> {
    let mut query = connection.prepare(
        "SELECT r.reject_id, f.path, coalesce(s.sheet, '') AS sheet, r.row, r.cells, r.sheet_id
         FROM reject r JOIN file f ON f.file_id = r.file_id LEFT JOIN sheet s ON s.sheet_id = r.sheet_id
         WHERE f.run_id = ?1 AND r.state = 'open' ORDER BY r.file_id, r.sheet_id, r.row, r.reject_id",
    )?;
    let mut rows = query.query([run_id])?;
    let mut sheet = SharedSheet::default();
    while let Some(row) = rows.next()? {
        sheet.advance(row)?;
        let reject_id = row.get("reject_id")?;
        visitor(RejectedRow {
            file: Arc::clone(&sheet.file),
            sheet: Arc::clone(&sheet.sheet),
            row: row.get("row")?,
            cells: cells_of(connection, reject_id, row.get_ref("cells")?.as_str_or_null()?)?,
            findings: findings(connection, reject_id)?,
        });
    }
    Ok(())
}

/// What the refused rows of one sheet share, read once.
#[derive(Default)]
struct SharedSheet {
    sheet_id: Option<i64>,
    file: Arc<str>,
    sheet: Arc<str>,
}

impl SharedSheet {
    /// Moves on where the row is of another sheet; a refused file has none.
    fn advance(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let sheet_id: Option<i64> = row.get("sheet_id")?;
        if sheet_id.is_none() || sheet_id != self.sheet_id {
            *self = Self { sheet_id, file: row.get("path")?, sheet: row.get("sheet")? };
        }
        Ok(())
    }
}

/// See [`crate::Registry::failed`].
pub(crate) fn failed(connection: &Connection, path: &str, sha256: &str) -> rusqlite::Result<Vec<Code>> {
    let mut codes = connection.prepare_cached(
        "SELECT d.code, r.reject_id FROM reject r JOIN finding d ON d.reject_id = r.reject_id
         WHERE r.file_id = (SELECT max(file_id) FROM file WHERE path = ?1)
            AND EXISTS (SELECT 1 FROM file WHERE file_id = r.file_id AND sha256 = ?2 AND state = 'failed')",
    )?;
    let code =
        |row: &Row<'_>| damage::code(row.get_ref(0)?.as_str()?).of(connection, Owner::Reject(row.get(1)?));
    codes.query_map(params![path, sha256], code)?.collect()
}

pub(crate) fn findings(connection: &Connection, reject_id: i64) -> rusqlite::Result<Vec<Finding>> {
    connection
        .prepare_cached("SELECT * FROM finding WHERE reject_id = ?1 ORDER BY finding")?
        .query_map([reject_id], |row| read_finding(connection, row, Owner::Reject(reject_id)))?
        .collect()
}

/// The cells of a refused row; a file that was refused as a whole has none.
pub(crate) fn cells_of(
    connection: &Connection,
    reject_id: i64,
    cells: Option<&str>,
) -> rusqlite::Result<Cells> {
    cells.map_or_else(|| Ok(Cells::default()), json::cells_of).of(connection, Owner::Reject(reject_id))
}

fn read_finding(connection: &Connection, row: &Row<'_>, owner: Owner) -> rusqlite::Result<Finding> {
    let code = damage::code(row.get_ref("code")?.as_str()?).of(connection, owner)?;
    let field = damage::field(row.get_ref("field")?.as_str_or_null()?).of(connection, owner)?;
    let column = row.get::<_, Option<u32>>("column")?.map(|column| column as usize);
    Ok(Finding {
        code,
        field,
        column,
        original: row.get("original")?,
        message: row.get("message")?,
        suggestion: row.get("suggestion")?,
    })
}
