//! A serial that stands in several columns: letters in one, the number in another. Each part is read by its own
//! rules, so that a ditto mark, a dash or a damaged number is what it is when it stands alone; then they are one.

use matricule_mapping::Lookup;
use matricule_record::{Cell, CellKind, Code, Field, Finding, SerialPart, message};
use matricule_text::is_ditto_mark;

use super::Work;
use super::findings::{error_value, formula};
use crate::cell::{says_nothing, unquoted};
use crate::serial::{self, Said, ditto, no_single_serial};

/// Letters that a part has at most; more are a word.
const LETTERS: usize = 4;

impl Work<'_> {
    /// Reads the serial of a row with the letters that other columns hold; whether there are such columns.
    pub(super) fn read_serial_in_parts(&mut self, column: usize, cell: Cell<'_>) -> bool {
        let part = |part| self.ledger.columns_of_part(part).collect::<Vec<usize>>();
        let (before, after) = (part(SerialPart::Prefix), part(SerialPart::Suffix));
        if before.is_empty() && after.is_empty() {
            return false;
        }
        let told =
            |finding: &Finding| finding.column.is_some_and(|at| before.contains(&at) || after.contains(&at));
        if self.row.findings.iter().any(told) {
            return true;
        }
        let read = |columns: &[usize]| {
            let parts: Result<Vec<&str>, _> = columns.iter().map(|at| self.letters(*at)).collect();
            parts.map(|parts| parts.concat())
        };
        let (before, after) = match (read(&before), read(&after)) {
            (Ok(before), Ok(after)) => (before, after),
            (Err((at, finding)), _) | (_, Err((at, finding))) => {
                let text = self.row.cells.get(at).text;
                self.refuse(Field::Serial, Some(at), text, *finding);
                return true;
            }
        };
        if before.is_empty() && after.is_empty() {
            return false;
        }
        self.join(column, cell, &before, &after);
        true
    }

    /// The letters in a column beside the serial's; its column and why, where they are none.
    fn letters(&self, at: usize) -> Result<&str, (usize, Box<Finding>)> {
        let cell = self.row.cells.get(at);
        let text = unquoted(cell.text).trim();
        let refused = |finding: Finding| Err((at, Box::new(finding)));
        let no_letters = || {
            let message = message!("t309-part", text = text, header = self.ledger.columns[at].header);
            refused(Finding::new(Code::T309, message).suggest(message!("t309-part-repair")))
        };
        match cell.kind {
            CellKind::Error => return refused(error_value(text)),
            CellKind::Formula => return refused(formula(text)),
            _ if says_nothing(text) => return Ok(""),
            CellKind::Text => {}
            CellKind::Number | CellKind::Date | CellKind::Boolean => return no_letters(),
        }
        let words = &self.stage.vocabularies;
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let is_ditto_word =
            words.ditto.exact_value(text).is_some() || words.ditto.lookup(text, None) != Lookup::Unknown;
        if is_ditto_mark(text) || is_ditto_word {
            return refused(ditto());
        }
        let is_phrase = words.no_serial.lookup(text, None) != Lookup::Unknown;
        let is_other = |c: char| c.is_numeric() || matches!(c, '/' | '\\' | '~' | '^' | '↑' | '(' | ')');
        if letters == 0 || letters > LETTERS || text.contains(is_other) || is_phrase {
            return no_letters();
        }
        Ok(text)
    }

    /// Puts the letters to what stands in the serial's own column.
    fn join(&mut self, column: usize, cell: Cell<'_>, before: &str, after: &str) {
        let words = self.stage.vocabularies.of_serials();
        let language = self.ledger.settings.language.as_deref();
        let original = self.ledger.written(Field::Serial, &self.row.cells);
        let joined = |text: &str| format!("{before} {text} {after}").trim().to_owned();
        let refused = |text: &str, what: &str| Said::Refused(Box::new(no_single_serial(text, what)));
        let said = match serial::read(cell, language, words) {
            Said::Number(text, flag) => {
                let has_own = (!before.is_empty() && text.starts_with(char::is_alphabetic))
                    || (!after.is_empty() && text.ends_with(char::is_alphabetic));
                let all = joined(&text);
                match serial::read(Cell { kind: CellKind::Text, text: &all }, language, words) {
                    _ if has_own => refused(&original, message!("t309-letters-twice")),
                    _ if self.names_another_thing(&all) => refused(&original, message!("t309-and-name")),
                    Said::Number(text, also) => Said::Number(text, flag.or(also)),
                    said => said,
                }
            }
            Said::Absent(code, pattern) if !pattern.is_empty() => Said::Absent(code, joined(&pattern).into()),
            Said::Absent(..) => refused(&original, message!("t309-letters-and-words")),
            Said::Blank => refused(&original, message!("t309-letters")),
            said @ Said::Refused(_) => said,
        };
        self.take_serial(Field::Serial, Some(column), &original, said);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use matricule_mapping::Files;
    use matricule_record::{Cells, Column, Ledger, LedgerRow, Source, WrittenSerial};

    use crate::{Standardization, Vocabularies};

    use super::*;

    /// What the cells under `Серия`, `Номер` and `Suffix` come to: the serial and what was written, or the code.
    fn check(stage: &Standardization, cells: [(CellKind, &str); 3], expect: &str) {
        let column = |field, part| Column { field, part, ..Column::default() };
        let columns = vec![
            column(None, Some(SerialPart::Prefix)),
            column(Some(Field::Serial), None),
            column(None, Some(SerialPart::Suffix)),
        ];
        let source = Source { ledger: Arc::new(Ledger { columns, ..Ledger::default() }), row: 2 };
        let mut row = Cells::default();
        for (kind, text) in cells {
            row.push(kind, text);
        }
        let row = stage.standardize(LedgerRow::new(source, row));
        let own = |finding: &&Finding| finding.field == Some(Field::Serial);
        let found = match (&row.serial, row.findings.iter().find(own)) {
            (_, Some(finding)) => finding.code.to_string(),
            (WrittenSerial::Number(marking), None) => format!("{} <{}", marking.text, marking.original),
            (WrittenSerial::Absent { code, pattern }, None) => format!("{} {pattern}", code.name()),
            (WrittenSerial::Refused, None) => "refused".to_owned(),
        };
        assert_eq!(found, expect, "{cells:?}");
    }

    #[test]
    fn each_part_is_read_by_its_own_rules() {
        let vocabularies = Vocabularies::load(&Files::shipped()).unwrap();
        let stage = Standardization::new(vocabularies, jiff::civil::date(2026, 1, 1));
        for (before, number, after, expect) in [
            ("АВ", "1234", "", "АВ 1234 <АВ 1234"),
            ("", "1234", "C", "1234 C <1234 C"),
            ("AB", "1234", "C", "AB 1234 C <AB 1234 C"),
            ("", "1234", "", "1234 <1234"),
            ("-", "1234", "—", "1234 <1234"),
            ("—", "1234", "C", "1234 C <1234 C"),
            ("то же", "1236", "", "S207"),
            ("-//-", "1236", "", "S207"),
            ("//", "1236", "", "S207"),
            ("DO", "1236", "", "S207"),
            ("ID", "1236", "", "S207"),
            ("AB", "12345.0", "", "T307"),
            ("AB", "1235,00", "", "T307"),
            ("AB", "1.23E+05", "", "T307"),
            ("A12345", "17", "", "T309"),
            ("7", "1236", "", "T309"),
            ("без серии", "1238", "", "T309"),
            ("нет", "1239", "", "T309"),
            ("?", "1244", "", "T309"),
            ("А?", "1244", "", "ILLEGIBLE А? 1244"),
            ("АВ", "12?4", "", "ILLEGIBLE АВ 12?4"),
            ("АВ", "б/н", "", "T309"),
            ("АВ", "\"", "", "S207"),
            ("АВ", "", "", "T309"),
            ("АВ", "1234-1236", "", "T309"),
            ("АВ", "АВ1234", "", "T309"),
            ("", "1234C", "C", "T309"),
            ("АВ", "12.05.1987", "", "T308"),
        ] {
            check(&stage, [before, number, after].map(|text| (CellKind::Text, text)), expect);
        }
        for (kind, text, expect) in [
            (CellKind::Boolean, "TRUE", "T309"),
            (CellKind::Error, "#N/A", "I109"),
            (CellKind::Number, "12", "T309"),
            (CellKind::Date, "2019-12-05", "T309"),
        ] {
            check(&stage, [(kind, text), (CellKind::Text, "1234"), (CellKind::Text, "")], expect);
        }
    }
}
