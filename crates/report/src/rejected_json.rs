//! `rejected.json`: the refused rows for programs, one object a row, each line one row of the array.
//!
//! Scripts of other people read it: a key is added, never renamed or removed.

use std::io::Write;

use matricule_record::cell::column_letters;
use matricule_record::{Code, Field, Finding, StoredReject};
use serde::Serialize;

use crate::Result;
use crate::rejected::cell_name;

/// Writes `rejected.json`, a row at a time.
pub struct RejectedJson<W: Write> {
    writer: W,
    rows: u64,
    unmask: bool,
}

#[derive(Serialize)]
struct RowJson<'a> {
    file: &'a str,
    sheet: &'a str,
    row: Option<u32>,
    sha256: &'a str,
    digest: &'a str,
    state: &'a str,
    register: Option<&'a str>,
    language: Option<&'a str>,
    cells: Vec<CellJson<'a>>,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct CellJson<'a> {
    column: String,
    header: &'a str,
    field: Option<&'static str>,
    /// `None` where it is masked.
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    code: Code,
    title: &'static str,
    cell: Option<String>,
    field: Option<&'static str>,
    text: &'a str,
    message: &'a str,
    suggestion: &'a str,
    proposals: Vec<&'a str>,
}

impl<W: Write> RejectedJson<W> {
    /// Starts the array. Without `unmask`, the text of cells of personal fields is `null` where nothing is wrong with it.
    pub fn create(mut writer: W, unmask: bool) -> Result<Self> {
        writer.write_all(b"[")?;
        Ok(Self { writer, rows: 0, unmask })
    }

    /// Adds a row.
    pub fn write(&mut self, row: &StoredReject) -> Result<()> {
        self.writer.write_all(if self.rows == 0 { b"\n" } else { b",\n" })?;
        self.rows += 1;
        let json = RowJson {
            file: &row.row.file,
            sheet: &row.row.sheet,
            row: row.row.row,
            sha256: &row.table.sha256,
            digest: if row.row.row.is_some() { &row.digest } else { "" },
            state: &row.state,
            register: row.table.register.as_deref(),
            language: row.table.language.as_deref(),
            cells: (0..row.row.cells.len()).map(|column| self.cell(row, column)).collect(),
            findings: row.row.findings.iter().map(|finding| finding_of(row, finding)).collect(),
        };
        serde_json::to_writer(&mut self.writer, &json)?;
        Ok(())
    }

    /// Ends the array and gives the writer back.
    pub fn finish(mut self) -> Result<W> {
        self.writer.write_all(b"\n]\n")?;
        Ok(self.writer)
    }

    fn cell<'a>(&self, row: &'a StoredReject, column: usize) -> CellJson<'a> {
        let is_shown = self.unmask || !row.is_masked(column);
        CellJson {
            column: column_letters(column),
            header: row.table.columns.get(column).map_or("", |column| &column.header),
            field: row.field(column).map(Field::name),
            text: is_shown.then(|| row.row.cells.get(column).text),
        }
    }
}

fn finding_of<'a>(row: &StoredReject, finding: &'a Finding) -> FindingJson<'a> {
    FindingJson {
        code: finding.code,
        title: finding.code.title(),
        cell: cell_name(row.row.row, finding),
        field: finding.field.map(Field::name),
        text: &finding.original,
        message: &finding.message,
        suggestion: &finding.suggestion,
        proposals: finding.proposals(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use matricule_record::{Cells, Column, Finding, RefusedTable, RejectedRow, proposed};

    use super::*;

    /// The example that docs/cli.md shows is what is written: every key, by example.
    #[test]
    fn the_documented_example_is_what_is_written() {
        let column = |header: &str, field| Column { header: header.into(), field, ..Column::default() };
        let columns = vec![
            column("Serial No.", Some(Field::Serial)),
            column("Country", Some(Field::CountryOfManufacture)),
            column("Issued to", Some(Field::IssuedTo)),
        ];
        let table = RefusedTable {
            sha256: "9f86d081…".into(),
            columns,
            language: Some("en".into()),
            register: Some("police".into()),
        };
        let finding = Finding::new(Code::S205, "`Zimbabve` is not in the vocabulary")
            .at(Some(Field::CountryOfManufacture), Some(1), "Zimbabve")
            .suggest(format!("Correct the cell. Nearest: {} (ZW).", proposed("zimbabwe")));
        let row = RejectedRow {
            file: "book2.xlsx".into(),
            sheet: "Page 1".into(),
            row: Some(42),
            cells: Cells::from_texts(["AB 1234", "Zimbabve", "Example Person"]),
            findings: vec![finding],
        };
        let row = StoredReject {
            reject_id: 1,
            state: "open".into(),
            table: Arc::new(table),
            digest: "60303ae2…".to_owned(),
            row,
        };
        let mut json = RejectedJson::create(Vec::new(), false).unwrap();
        json.write(&row).unwrap();
        let written: serde_json::Value = serde_json::from_slice(&json.finish().unwrap()).unwrap();
        let documented: serde_json::Value = serde_json::from_str(crate::REJECTED_JSON_EXAMPLE).unwrap();
        assert_eq!(written, documented);
    }

    #[test]
    fn no_rows_are_an_empty_array() {
        let json = RejectedJson::create(Vec::new(), false).unwrap();
        assert_eq!(json.finish().unwrap(), b"[\n]\n");
    }
}
