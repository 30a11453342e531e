//! `rejected-safe.csv`: the refused rows for people who open a CSV in a spreadsheet program.
//!
//! Text that such a program would take for a formula is neutralised with `'`, cells of personal fields that
//! nothing is wrong with are masked, and the columns of a repair stand ready, under the names of
//! [`crate::correction`]. `rejected.csv` is the file for machines: whole, and byte for byte.

use std::borrow::Cow;
use std::io::Write;

use matricule_record::cell::column_letters;
use matricule_record::{StoredReject, message};

use crate::correction::{Target, names, proposal};
use crate::rejected::reasons;
use crate::{Error, Result};

/// Writes `rejected-safe.csv`, a row at a time.
pub struct SafeCsv<W: Write> {
    writer: csv::Writer<W>,
    columns: usize,
    targets: Vec<Target>,
    unmask: bool,
}

impl<W: Write> SafeCsv<W> {
    /// Starts the file with its header. `columns` is the width of the widest row, `targets` are the corrections that
    /// its rows ask for.
    pub fn create(mut writer: W, columns: usize, targets: Vec<Target>, unmask: bool) -> Result<Self> {
        // Without a mark, spreadsheet programs take UTF-8 for something else.
        writer.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::Writer::from_writer(writer);
        for column in 0..columns {
            writer.write_field(column_letters(column))?;
        }
        let reasons = [
            names::FILE,
            names::SHEET,
            names::ROW,
            names::CODES,
            names::CELLS,
            names::MESSAGES,
            names::SUGGESTION,
        ];
        for name in reasons.into_iter().chain([names::PROPOSAL, names::ACTION]) {
            writer.write_field(name)?;
        }
        for target in &targets {
            writer.write_field(target.name())?;
        }
        writer.write_record([names::NOTE, names::SHA256, names::DIGEST])?;
        Ok(Self { writer, columns, targets, unmask })
    }

    /// Adds a row.
    pub fn write(&mut self, row: &StoredReject) -> Result<()> {
        for column in 0..self.columns {
            let text = row.row.cells.get(column).text;
            let is_masked = !self.unmask && !text.is_empty() && row.is_masked(column);
            self.writer.write_field(&*neutral(if is_masked { message!("masked") } else { text }))?;
        }
        for reason in reasons(&row.row) {
            self.writer.write_field(&*neutral(&reason))?;
        }
        let values = proposal(&row.row.findings).unwrap_or_default();
        let values: Vec<String> = values
            .into_iter()
            .map(|(column, value)| format!("{} = {value}", column_letters(column)))
            .collect();
        self.writer.write_field(&*neutral(&values.join(", ")))?;
        for _ in 0..=self.targets.len() {
            self.writer.write_field("")?;
        }
        self.writer.write_record(["", row.table.sha256.as_str(), &row.digest])?;
        Ok(())
    }

    /// Writes what is left and gives the writer back.
    pub fn finish(self) -> Result<W> {
        self.writer.into_inner().map_err(|error| Error::Io(error.into_error()))
    }
}

/// The text as no spreadsheet program takes it for a formula.
pub fn neutral(text: &str) -> Cow<'_, str> {
    if text
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
    {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use matricule_record::{Cells, Code, Column, Field, Finding, RefusedTable, RejectedRow};

    use super::*;

    #[test]
    fn formulas_are_neutralised_and_personal_cells_masked() {
        let column = |header: &str, field| Column { header: header.into(), field, ..Column::default() };
        let columns = vec![column("No", Some(Field::Serial)), column("Holder", Some(Field::Holder))];
        let table = RefusedTable { sha256: "f00d".into(), columns, ..RefusedTable::default() };
        let findings =
            vec![Finding::new(Code::T309, "hardly a serial").at(Some(Field::Serial), Some(0), "=cmd|x")];
        let cells = Cells::from_texts(["=cmd|x", "Example Person"]);
        let row = RejectedRow { file: "-a.csv".into(), sheet: "".into(), row: Some(4), cells, findings };
        let row = StoredReject {
            reject_id: 1,
            state: "open".into(),
            table: Arc::new(table),
            digest: "d1".to_owned(),
            row,
        };
        let mut csv =
            SafeCsv::create(Vec::new(), 2, vec![Target::Cell(0), Target::Field(Field::Make)], false).unwrap();
        csv.write(&row).unwrap();
        assert_eq!(
            String::from_utf8(csv.finish().unwrap()).unwrap(),
            "\u{feff}A,B,file,sheet,row,codes,cells,messages,suggestion,proposal,action,correct_A,correct_make,note,sha256,digest\n\
             '=cmd|x,(masked),'-a.csv,,4,T309,A4,hardly a serial.,,,,,,,f00d,d1\n"
        );
    }

    #[test]
    fn only_what_could_begin_a_formula_is_touched() {
        for (text, expect) in
            [("-5", "'-5"), ("\tx", "'\tx"), ("＝1", "'＝1"), ("A-5", "A-5"), ("", ""), ("'0", "'0")]
        {
            assert_eq!(neutral(text), expect);
        }
    }
}
