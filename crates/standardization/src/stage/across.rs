//! What one cell says about other fields of its row: marks in the serial, a state that only its year
//! tells.

use matricule_record::{Code, Field, Finding, Flag, NoSerial, Symbol, Text, WrittenMarking, WrittenSerial};

use super::Work;
use crate::symbol;

impl Work<'_> {
    /// The serial without the signs that are named, which become marks.
    pub(super) fn without_symbols(&mut self, written: WrittenMarking) -> WrittenSerial {
        let parts = symbol::divide(&written.text, self.symbols());
        self.marks.extend(parts.marks);
        self.marks.extend(parts.model.map(|model| (Field::Model, model)));
        if !parts.serial.is_empty() {
            return WrittenSerial::Number(WrittenMarking { text: parts.serial, ..written });
        }
        if self.marks.iter().any(|(field, _)| *field == Field::OwnerMark) {
            return WrittenSerial::Absent { code: NoSerial::Unknown, pattern: Text::default() };
        }
        let message = "nothing is left of the serial when its mark is taken out.";
        let repair = "Put a blank between the mark and the serial, or correct the cell.";
        let finding = Finding::new(Code::T306, message).suggest(repair);
        self.refuse(Field::Serial, written.column, &written.original, finding);
        WrittenSerial::Refused
    }

    /// The signs that are named, the ledger's own first.
    fn symbols(&self) -> impl Iterator<Item = &'_ Symbol> {
        self.ledger.settings.symbols.iter().chain(self.stage.vocabularies.symbols.rows())
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
                let message = format!("the serial shows the mark {mark}, its own column says {known}.");
                let finding = Finding::new(Code::T303, message).suggest("Correct the one that is wrong.");
                self.refuse(field, column, &mark, finding);
            }
        }
    }

    /// A sign written into the column of series marks is the same mark.
    fn name_series_mark(&mut self) {
        let written = Text::from(self.fields.text(Field::SeriesMark));
        let parts = symbol::divide(&written, self.symbols());
        if let ([(Field::SeriesMark, mark)], true) = (&parts.marks[..], parts.serial.is_empty()) {
            self.set(Field::SeriesMark, mark, self.ledger.column_of(Field::SeriesMark));
        }
    }

    /// A code that states had one after the other, such as `CS`: the year of manufacture tells which, or
    /// nothing does.
    pub(super) fn settle_country(&mut self) {
        let Some((column, word)) = self.dated_country.take() else { return };
        // A range of years does not parse, and so decides nothing.
        let year: Option<u16> = self.fields.text(Field::YearOfManufacture).parse().ok();
        let states = &self.stage.vocabularies.country_year;
        if let Some(state) = year.and_then(|year| states.of_year(&word, year)) {
            let state = Text::from(state);
            return self.set(Field::CountryOfManufacture, &state, column);
        }
        let message = format!(
            "`{word}` was the code of {}, and the year of manufacture does not tell which.",
            states.meanings(&word)
        );
        let repair = "Write the name of the state, or its code of four letters.";
        let finding = Finding::new(Code::S205, message).suggest(repair);
        self.refuse(Field::CountryOfManufacture, column, &word, finding);
    }
}
