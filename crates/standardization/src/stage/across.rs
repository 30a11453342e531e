//! What one cell says about other fields of its row: marks in the serial, a state that only its year
//! tells.

use matricule_record::{
    Code, Field, Finding, Flag, NoSerial, Symbol, Text, WrittenMarking, WrittenSerial, message,
};

use super::Work;
use crate::symbol;

impl Work<'_> {
    /// The serial without the signs that are named, which become marks.
    pub(super) fn without_symbols(&mut self, written: WrittenMarking) -> WrittenSerial {
        let parts = symbol::divide(&written.text, self.symbols(&written.text));
        self.marks.extend(parts.marks);
        self.marks.extend(parts.model.map(|model| (Field::Model, model)));
        if !parts.serial.is_empty() {
            return WrittenSerial::Number(WrittenMarking { text: parts.serial, ..written });
        }
        if self.marks.iter().any(|(field, _)| *field == Field::OwnerMark) {
            return WrittenSerial::Absent { code: NoSerial::Unknown, pattern: Text::default() };
        }
        let message = message!("t306-mark-only");
        let repair = message!("t306-mark-only-repair");
        let finding = Finding::new(Code::T306, message).suggest(repair);
        self.refuse(Field::Serial, written.column, &written.original, finding);
        WrittenSerial::Refused
    }

    /// The signs that are named and may stand in a text, the ledger's own first. Most serials are of plain letters and
    /// digits alone.
    fn symbols(&self, text: &str) -> impl Iterator<Item = &'_ Symbol> {
        let vocabularies = &self.stage.vocabularies;
        let named = if text.is_ascii() { &vocabularies.typed_symbols } else { vocabularies.symbols.rows() };
        self.ledger.settings.symbols.iter().chain(named)
    }

    /// Gives the marks found in the serial to their fields. What the ledger says in a column of its own
    /// stands, and must not say something else.
    pub(super) fn place_marks(&mut self) {
        self.name_series_mark();
        for (field, mark) in std::mem::take(&mut self.marks) {
            let column = self.ledger.column_of(Field::Serial);
            let known = Text::from(self.fields.text(field));
            if known.is_empty() {
                self.set(field, &mark, column);
            } else if field == Field::Model {
                self.flags.push(Flag::new(Code::W411, Some(Field::Serial), mark));
            } else if known != mark {
                let message = message!("t303-two-marks", mark = mark, known = known);
                let finding = Finding::new(Code::T303, message).suggest(message!("repair-one-is-wrong"));
                self.refuse(field, column, &mark, finding);
            }
        }
    }

    /// A sign written into the column of series marks is the same mark.
    fn name_series_mark(&mut self) {
        let written = Text::from(self.fields.text(Field::SeriesMark));
        if written.is_empty() {
            return;
        }
        let parts = symbol::divide(&written, self.symbols(&written));
        if let ([(Field::SeriesMark, mark)], true) = (&parts.marks[..], parts.serial.is_empty()) {
            self.set(Field::SeriesMark, mark, self.ledger.column_of(Field::SeriesMark));
        }
    }

    /// A code that states had one after the other, such as `CS`: the year of manufacture tells which, or
    /// nothing does.
    pub(super) fn settle_country(&mut self) {
        let Some((column, word)) = self.dated_country.take() else { return };
        let states = &self.stage.vocabularies.country_year;
        if let Some(state) = states.of_years(&word, self.fields.text(Field::YearOfManufacture)) {
            let state = Text::from(state);
            return self.set(Field::CountryOfManufacture, &state, column);
        }
        let message = message!("s205-former-code", word = word, states = states.meanings(&word));
        let repair = match column {
            Some(_) => message!("s205-former-code-repair"),
            None => message!("s205-former-constant-repair"),
        };
        let finding = Finding::new(Code::S205, message).suggest(repair);
        self.refuse(Field::CountryOfManufacture, column, &word, finding);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use matricule_mapping::Files;
    use matricule_record::{Cells, Column, Ledger, LedgerRow, Settings, Source};

    use super::*;
    use crate::{Standardization, Vocabularies};

    /// The country of a weapon of that year, or the code of the refusal; the ledger's cell says what it is,
    /// or else its profile.
    fn check(stage: &Standardization, year: &str, cell: Option<&str>, expect: Result<&str, Code>) {
        let column =
            |field: Field| Column { header: field.name().into(), field: Some(field), ..Column::default() };
        let mut columns = vec![column(Field::Serial), column(Field::YearOfManufacture)];
        columns.extend(cell.map(|_| column(Field::CountryOfManufacture)));
        let constants =
            if cell.is_none() { vec![(Field::CountryOfManufacture, "CS".into())] } else { Vec::new() };
        let settings = Settings { constants, ..Settings::default() };
        let ledger = Arc::new(Ledger { columns, settings, ..Ledger::default() });
        let cells = Cells::from_texts(["A1", year].into_iter().chain(cell));
        let source = Source { ledger, row: 2 };
        let row = stage.standardize(LedgerRow::new(source, cells));
        let refused = row.findings.iter().find(|finding| finding.field == Some(Field::CountryOfManufacture));
        let found =
            refused.map_or(Ok(row.fields.text(Field::CountryOfManufacture)), |finding| Err(finding.code));
        assert_eq!(found, expect, "{year:?} {cell:?}");
    }

    #[test]
    fn a_constant_cs_is_told_by_the_year_as_a_cell_is() {
        let vocabularies = Vocabularies::load(&Files::shipped()).unwrap();
        let stage = Standardization::new(vocabularies, jiff::civil::date(2026, 1, 1));
        for cell in [None, Some("CS")] {
            check(&stage, "1937", cell, Ok("CSHH"));
            check(&stage, "2004", cell, Ok("CSXX"));
            check(&stage, "1998", cell, Err(Code::S205));
            check(&stage, "", cell, Err(Code::S205));
            // A range decides where all of its years do.
            check(&stage, "1950-1953", cell, Ok("CSHH"));
            check(&stage, "1991-2004", cell, Err(Code::S205));
            check(&stage, "1990-1994", cell, Err(Code::S205));
        }
    }
}
