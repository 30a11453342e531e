//! `rejected.csv`: every refused row with its original cells, byte for byte, and the reasons.
//!
//! Cells stand under their spreadsheet letters and not under header texts, because ledgers of
//! several layouts share the file. This is the file for machines: nothing is neutralised in it, so
//! a cell that begins with `=` still does.

use std::io::Write;

use matricule_record::cell::column_letters;
use matricule_record::{Finding, RejectedRow};

use crate::{Error, Result};

/// The columns that follow the original cells.
const REASON_COLUMNS: [&str; 7] = ["file", "sheet", "row", "codes", "cells", "messages", "suggestion"];

/// Writes `rejected.csv`, a row at a time.
pub struct RejectedCsv<W: Write> {
    writer: csv::Writer<W>,
    columns: usize,
}

impl<W: Write> RejectedCsv<W> {
    /// Starts the file with its header. `columns` is the width of the widest sheet of the run.
    pub fn create(writer: W, columns: usize) -> Result<Self> {
        let mut writer = csv::Writer::from_writer(writer);
        for column in 0..columns {
            writer.write_field(column_letters(column))?;
        }
        writer.write_record(REASON_COLUMNS)?;
        Ok(Self { writer, columns })
    }

    /// Adds a row. A row with text beyond the header's columns is refused rather than cut.
    pub fn write(&mut self, row: &RejectedRow) -> Result<()> {
        self.check_width(row)?;
        for column in 0..self.columns {
            self.writer.write_field(row.cells.get(column).text)?;
        }
        self.writer.write_record(reasons(row))?;
        Ok(())
    }

    /// Writes what is left and gives the writer back.
    pub fn finish(self) -> Result<W> {
        self.writer.into_inner().map_err(|error| Error::Io(error.into_error()))
    }

    fn check_width(&self, row: &RejectedRow) -> Result<()> {
        let beyond =
            (self.columns..row.cells.len()).rev().find(|&column| !row.cells.get(column).text.is_empty());
        let Some(column) = beyond else { return Ok(()) };
        Err(Error::TooWide {
            address: row.place(None),
            column: column_letters(column),
            columns: self.columns,
        })
    }
}

/// The fields under [`REASON_COLUMNS`]. Codes, cells and suggestions are named once each.
pub(crate) fn reasons(row: &RejectedRow) -> [String; 7] {
    let findings = &row.findings;
    [
        row.file.to_string(),
        row.sheet.to_string(),
        row.row.map(|row| row.to_string()).unwrap_or_default(),
        joined(findings.iter().map(|finding| finding.code.to_string()), "+"),
        joined(findings.iter().filter_map(|finding| cell_name(row.row, finding)), " "),
        joined(findings.iter().map(|finding| finding.message.clone()), " | "),
        joined(findings.iter().map(|finding| finding.suggestion.clone()), " | "),
    ]
}

/// `C42`, where the finding is on a cell.
pub(crate) fn cell_name(row: Option<u32>, finding: &Finding) -> Option<String> {
    Some(format!("{}{}", column_letters(finding.column?), row?))
}

/// The parts that are not empty, each once, in the order of their first occurrence.
pub(crate) fn joined(parts: impl Iterator<Item = String>, separator: &str) -> String {
    let mut distinct: Vec<String> = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        if !distinct.contains(&part) {
            distinct.push(part);
        }
    }
    distinct.join(separator)
}

#[cfg(test)]
mod tests {
    use matricule_record::{Cells, Code, Field};

    use super::*;

    fn row(file: &str, sheet: &str, row: u32, cells: &[&str], findings: Vec<Finding>) -> RejectedRow {
        let cells = Cells::from_texts(cells.iter().copied());
        RejectedRow { file: file.into(), sheet: sheet.into(), row: Some(row), cells, findings }
    }

    fn unmapped(column: usize, original: &str) -> Finding {
        Finding::new(Code::T301, format!("no mapping for '{original}'."))
            .at(Some(Field::Serial), Some(column), original)
            .suggest("Add a row.")
    }

    /// Checks the lines of a `rejected.csv` with that many columns.
    fn check(columns: usize, rows: &[RejectedRow], expect: &str) {
        let mut csv = RejectedCsv::create(Vec::new(), columns).unwrap();
        for row in rows {
            csv.write(row).unwrap();
        }
        assert_eq!(String::from_utf8(csv.finish().unwrap()).unwrap(), expect);
    }

    #[test]
    fn sheets_of_different_width_share_the_file() {
        let narrow = row("a.csv", "", 7, &["1", "Ѣ 8"], vec![unmapped(1, "Ѣ")]);
        let country = Finding::new(Code::S205, "unknown country 'XQ'.").at(None, Some(3), "XQ");
        let wide = row("b.xlsx", "Book 2", 42, &["2", "TT", "Ѣ 9", "XQ"], vec![unmapped(2, "Ѣ"), country]);
        check(
            4,
            &[narrow, wide],
            "A,B,C,D,file,sheet,row,codes,cells,messages,suggestion\n\
             1,Ѣ 8,,,a.csv,,7,T301,B7,no mapping for 'Ѣ'.,Add a row.\n\
             2,TT,Ѣ 9,XQ,b.xlsx,Book 2,42,T301+S205,C42 D42,no mapping for 'Ѣ'. | unknown country 'XQ'.,Add a row.\n",
        );
    }

    #[test]
    fn cells_keep_every_character() {
        let cells = ["=1+1", " a\u{a0}", "x,\"y\"\r\nz", "\u{200f}١٢", "'0"];
        let finding = Finding::new(Code::I108, "surplus");
        check(
            5,
            &[row("a.csv", "", 2, &cells, vec![finding])],
            "A,B,C,D,E,file,sheet,row,codes,cells,messages,suggestion\n\
             =1+1, a\u{a0},\"x,\"\"y\"\"\r\nz\",\u{200f}١٢,'0,a.csv,,2,I108,,surplus.,\n",
        );
    }

    #[test]
    fn a_code_found_twice_is_named_once() {
        let findings = vec![unmapped(1, "Ѣ"), unmapped(1, "Ѳ")];
        check(
            2,
            &[row("a.csv", "", 3, &["", "ѢѲ"], findings)],
            "A,B,file,sheet,row,codes,cells,messages,suggestion\n\
             ,ѢѲ,a.csv,,3,T301,B3,no mapping for 'Ѣ'. | no mapping for 'Ѳ'.,Add a row.\n",
        );
    }

    #[test]
    fn a_file_as_a_whole_has_no_row() {
        let finding = Finding::new(Code::I102, "The workbook asks for a password.");
        check(
            1,
            &[RejectedRow::whole("p.xlsx".into(), "".into(), finding)],
            "A,file,sheet,row,codes,cells,messages,suggestion\n\
             ,p.xlsx,,,I102,,The workbook asks for a password.,\n",
        );
    }

    #[test]
    fn text_beyond_the_header_is_refused_and_blanks_are_not() {
        let mut csv = RejectedCsv::create(Vec::new(), 1).unwrap();
        let finding = || vec![Finding::new(Code::I108, "surplus").at(None, Some(2), "x")];
        csv.write(&row("a.csv", "", 4, &["1", "", ""], finding())).unwrap();
        let error = csv.write(&row("a.csv", "", 5, &["1", "", "x", ""], finding())).unwrap_err();
        let expect = "a.csv!5: the row holds text in column C, but rejected.csv was created with 1 columns";
        assert_eq!(error.to_string(), expect);
    }

    #[test]
    fn addresses_name_what_is_known() {
        for (sheet, row_number, column, expect) in [
            ("S", Some(42), Some(2), "f!S!C42"),
            ("", Some(42), Some(2), "f!C42"),
            ("S", Some(42), None, "f!S!42"),
            ("S", None, None, "f!S"),
            ("", None, None, "f"),
        ] {
            let finding = Finding::new(Code::I104, "").at(None, column, "");
            let mut row = RejectedRow::whole("f".into(), sheet.into(), finding.clone());
            row.row = row_number;
            assert_eq!(row.address(&finding), expect);
        }
    }
}
