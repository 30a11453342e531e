//! The serial columns of a row: one serial, several of one cell with the names of their components, or words;
//! and what the serial says by its maker's system.

use matricule_mapping::{Lookup, Vocabulary};
use matricule_record::{
    Cell, CellKind, Code, Field, Finding, Flag, Text, WrittenMarking, WrittenSerial, message,
};
use matricule_text::canonical_serial;

use super::{Work, meant};
use crate::cell::says_nothing;
use crate::component::{self, Division, Part};
use crate::make::Make;
use crate::serial::{self, Said, no_single_serial};
use crate::serial_system::Weapon;

/// Letters that the name of something has at least; fewer are a prefix.
const NAME: usize = 4;
/// Letters that a word for a column has at least.
const WORD: usize = 3;

impl Work<'_> {
    pub(super) fn read_serial(&mut self, field: Field, column: Option<usize>, cell: Cell<'_>) {
        if field != Field::Serial && says_nothing(cell.text) {
            return;
        }
        if let (Field::Serial, Some(code)) = (field, self.row.no_serial) {
            return self.take_serial(field, column, cell.text, Said::Absent(code, Text::default()));
        }
        if let (Field::Serial, Some(at)) = (field, column)
            && self.read_serial_in_parts(at, cell)
        {
            return;
        }
        let words = &self.stage.vocabularies;
        let language = self.ledger.settings.language.as_deref();
        let division = match cell.kind {
            CellKind::Text => words.components.divide(cell.text, language),
            _ => Division::Whole,
        };
        match division {
            Division::Whole if cell.kind == CellKind::Text && self.names_another_thing(cell.text) => {
                let finding = no_single_serial(cell.text, message!("t309-and-name"));
                self.refuse(field, column, cell.text, finding);
            }
            Division::Whole => {
                let said = serial::read(cell, language, words.of_serials());
                self.take_serial(field, column, cell.text, said);
            }
            Division::Parts(parts) => self.take_parts(field, column, cell.text, &parts),
            Division::Unclear => self.refuse(field, column, cell.text, unclear(cell.text)),
        }
    }

    /// Whether a word beside the digits of a cell is a name or a word of another column: `COLT 1234`, `CAL 12 1234`.
    pub(super) fn names_another_thing(&self, text: &str) -> bool {
        let is_divided = |c: char| c.is_whitespace() || matches!(c, '/' | '-' | '.' | '№');
        if !text.chars().any(char::is_numeric) || !text.contains(is_divided) {
            return false;
        }
        let words = &self.stage.vocabularies;
        let is_of = |word: &str, vocabularies: &[&Vocabulary]| {
            vocabularies.iter().any(|words| words.lookup(word, None) != Lookup::Unknown)
        };
        let names = [&words.weapon_type, words.components.vocabulary(), &words.country, &words.status];
        let is_name = |word: &str| {
            word.chars().count() >= NAME
                && (matches!(words.make.read(word), Make::Known(_)) || is_of(word, &names))
        };
        let is_word = |word: &&str| word.chars().all(char::is_alphabetic);
        let mut found = text.split(|c: char| !c.is_alphanumeric()).filter(is_word);
        found.any(is_name) || self.begins_with_a_word(text) || self.names_a_month(text)
    }

    /// Whether a word that a blank sets off from the number behind it is one for a column, for the value above or for
    /// there being no serial: `LOT 12`.
    fn begins_with_a_word(&self, text: &str) -> bool {
        let words = &self.stage.vocabularies;
        let is_word = |word: &str| word.chars().count() >= WORD && word.chars().all(char::is_alphabetic);
        let is_known = |word: &str| {
            !words.headers.matches(word).is_empty()
                || [&words.no_serial, &words.ditto].iter().any(|it| it.lookup(word, None) != Lookup::Unknown)
        };
        let before = text.split_whitespace().take_while(|word| !word.contains(char::is_numeric));
        let mut before = before.filter(|word| is_word(word));
        text.contains(char::is_whitespace) && before.any(is_known)
    }

    /// Whether a word between a number and a year is a month: `1234 MAY 1987`.
    fn names_a_month(&self, text: &str) -> bool {
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_month = |word: &str| self.stage.vocabularies.month.lookup(word, None) != Lookup::Unknown;
        let has_digit = |word: &str| word.contains(char::is_numeric);
        words.windows(3).any(|three| {
            has_digit(three[0]) && !has_digit(three[1]) && is_year(three[2]) && is_month(three[1])
        })
    }

    pub(super) fn take_serial(&mut self, field: Field, column: Option<usize>, original: &str, said: Said) {
        let written = |text| WrittenMarking { field, original: original.into(), text, column };
        match (said, field) {
            (Said::Refused(finding), _) => self.refuse(field, column, original, *finding),
            (Said::Number(text, flag), Field::Serial) => {
                self.serial = self.without_symbols(written(text));
                self.flags.extend(flag);
            }
            (Said::Number(text, flag), _) => {
                self.markings.push(written(text));
                self.flags.extend(flag.map(|flag| Flag { field: Some(field), ..flag }));
            }
            (Said::Absent(code, pattern), Field::Serial) => {
                if !pattern.is_empty() {
                    self.set(Field::MarkingCondition, "illegible", column);
                }
                self.serial = WrittenSerial::Absent { code, pattern };
            }
            // A component without a serial to compare has none; what the clerk wrote stays in the cells.
            (Said::Blank | Said::Absent(..), _) => {}
        }
    }

    /// The serials of a cell, each for its component. The column of the control component has to state that
    /// one, any other column its own and no other.
    fn take_parts(&mut self, field: Field, column: Option<usize>, original: &str, parts: &[Part]) {
        let field_of = |part: &Part| part.component.as_deref().map_or(Some(field), component::field);
        let has_own = parts.iter().any(|part| field_of(part) == Some(field));
        let is_alone = field == Field::Serial || parts.len() == 1;
        let said: Vec<Said> = parts.iter().map(|part| self.said(&part.serial)).collect();
        let is_refused = said.iter().any(|said| matches!(said, Said::Refused(_) | Said::Blank));
        if !has_own || !is_alone || is_refused {
            return self.refuse(field, column, original, unclear(original));
        }
        if let Some((component, own)) = parts.iter().find_map(|part| self.other_component(part)) {
            let message = message!("t309-component-column", component = component, own = own);
            let finding = Finding::new(Code::T309, message).suggest(message!("repair-one-is-wrong"));
            return self.refuse(field, column, original, finding);
        }
        let mut others = Vec::new();
        for (part, said) in parts.iter().zip(said) {
            let name = part.component.as_deref().unwrap_or_default();
            if component::is_control(name) && self.ledger.column_of(Field::Component).is_none() {
                self.set(Field::Component, name, column);
            }
            match field_of(part) {
                Some(field) => self.take_serial(field, column, original, said),
                None if matches!(said, Said::Absent(..)) => {}
                None => others.push(format!("{name} {}", part.serial)),
            }
        }
        if !others.is_empty() {
            self.marks.push((Field::OtherMark, others.join("; ").into()));
        }
        let told = |part: &Part| format!("{} {}", part.component.as_deref().unwrap_or_default(), part.serial);
        let told = parts.iter().map(told).collect::<Vec<_>>().join("; ");
        self.flags.push(Flag::new(Code::W422, Some(field), told.trim_start()));
    }

    /// The control component that a part names and what the row's own column calls it, where that is another one.
    fn other_component<'p>(&self, part: &'p Part) -> Option<(&'p str, &str)> {
        let name = part.component.as_deref().filter(|name| component::is_control(name))?;
        let own = meant(self.row, self.ledger.column_of(Field::Component)?).text.trim();
        let words = self.stage.vocabularies.components.vocabulary();
        match words.lookup(own, self.ledger.settings.language.as_deref()) {
            Lookup::Found(value) if !component::is_control(value) => Some((name, own)),
            _ => None,
        }
    }

    fn said(&self, serial: &str) -> Said {
        let words = &self.stage.vocabularies;
        let language = self.ledger.settings.language.as_deref();
        let cell = Cell { kind: CellKind::Text, text: serial };
        let said = serial::read(cell, language, words.of_serials());
        match &said {
            // Beside the name of a component, words that are no phrase are a remark and no serial.
            Said::Number(text, _) if !text.chars().any(char::is_numeric) => Said::Blank,
            Said::Number(text, _) if self.names_another_thing(text) || ends_in_year(text) => {
                let what = message!("t309-and-other");
                Said::Refused(Box::new(no_single_serial(text, what)))
            }
            _ => said,
        }
    }

    /// A component's serial that its own column and the serial column both state is one serial.
    pub(super) fn settle_markings(&mut self) {
        let mut kept: Vec<WrittenMarking> = Vec::with_capacity(self.markings.len());
        for marking in std::mem::take(&mut self.markings) {
            match kept.iter().find(|other| other.field == marking.field) {
                None => kept.push(marking),
                Some(other) if canonical_serial(&other.text) == canonical_serial(&marking.text) => {}
                Some(other) => {
                    let message = message!(
                        "t309-two-cells",
                        text = other.text,
                        field = marking.field,
                        other = marking.text
                    );
                    let finding = Finding::new(Code::T309, message).suggest(message!("repair-one-is-wrong"));
                    self.refuse(marking.field, marking.column, &marking.original, finding);
                }
            }
        }
        self.markings = kept;
    }

    /// Tells what the serial says by its maker's system, and whether the year of the row contradicts it.
    pub(super) fn annotate_serial(&mut self) {
        let WrittenSerial::Number(marking) = &self.serial else { return };
        let weapon = Weapon {
            make: self.fields.text(Field::Make),
            country: self.fields.text(Field::CountryOfManufacture),
            model: self.fields.text(Field::Model),
            year: self.fields.text(Field::YearOfManufacture),
            this_year: u16::try_from(self.stage.today.year()).unwrap_or(u16::MAX),
        };
        let found = self.stage.vocabularies.serial_systems.annotate(&marking.text, &weapon);
        let Some(found) = found else { return };
        self.flags.push(Flag::new(Code::W421, Some(Field::Serial), Text::from(found.says)));
        let why = found.contradiction.map(|why| Flag::new(Code::W418, Some(Field::Serial), Text::from(why)));
        self.flags.extend(why);
    }
}

/// Whether a number and a year stand side by side: `1235 1987`.
fn ends_in_year(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    matches!(words[..], [number, year] if number.chars().all(char::is_numeric) && is_year(year))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse().is_ok_and(|year: u16| (1800..2100).contains(&year))
}

fn unclear(text: &str) -> Finding {
    let message = message!("t309-components", text = text);
    Finding::new(Code::T309, message).suggest(message!("t309-components-repair"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use matricule_mapping::Files;
    use matricule_record::{Cells, Column, Ledger, LedgerRow, Settings, Source};

    use super::*;
    use crate::{Standardization, Vocabularies};

    /// What a cell in a column comes to, beside the named component of the row: the serial, its component and the other
    /// marks, or the code of the refusal.
    fn check(stage: &Standardization, field: Field, cell: &str, component: &str, expect: &str) {
        let column = |field: Field| Column { field: Some(field), ..Column::default() };
        let columns = [field, Field::Component, Field::OtherMark].map(column).to_vec();
        let settings = Settings { language: Some("en".into()), ..Settings::default() };
        let source = Source { ledger: Arc::new(Ledger { columns, settings, ..Ledger::default() }), row: 2 };
        let cells = Cells::from_texts([cell, component, ""]);
        let row = stage.standardize(LedgerRow::new(source, cells));
        let mut found: Vec<String> = match &row.serial {
            WrittenSerial::Number(marking) => vec![marking.text.to_string()],
            _ => Vec::new(),
        };
        found.extend(row.markings.iter().map(|marking| format!("{}={}", marking.field, marking.text)));
        let texts = [Field::Component, Field::OtherMark].map(|field| row.fields.text(field).to_owned());
        found.extend(texts.into_iter().filter(|text| !text.is_empty()));
        let own = |finding: &&Finding| finding.field == Some(field) && finding.code != Code::S201;
        if let Some(finding) = row.findings.iter().find(own) {
            found = vec![finding.code.to_string()];
        }
        assert_eq!(found.join(" | "), expect, "{cell} {component}");
    }

    #[test]
    fn parts_are_read_as_a_whole_cell_is() {
        let vocabularies = Vocabularies::load(&Files::shipped()).unwrap();
        let stage = Standardization::new(vocabularies, jiff::civil::date(2026, 1, 1));
        for (cell, component, expect) in [
            ("A12; barrel 1234", "", "A12 | barrel_serial=1234"),
            ("A1 (frame); mag 201; stock 301", "frame", "A1 | frame | magazine 201; stock 301"),
            ("A1234; magazine none", "", "A1234"),
            ("A3 (frame)", "frame", "A3 | frame"),
            ("A3 (frame)", "receiver", "A3 | receiver"),
            ("A3 (frame)", "barrel", "T309"),
            ("frame COLT 1234; barrel 1235", "", "T309"),
            ("frame old 1234; barrel 1235", "", "T309"),
            ("frame 1234; slide replaced 1235", "", "T309"),
            ("receiver group 1234", "", "T309"),
            ("frame 1234; barrel 9mm", "", "T309"),
            ("frame 1234; barrel 9x19", "", "T309"),
            ("frame 1234; barrel 1235 1987", "", "T309"),
            ("1234 MAY 1987", "", "T309"),
            ("MAY 1987", "", "MAY 1987"),
            ("barrel-1234", "", "T309"),
            ("Lauf-Nr.12", "", "T309"),
            ("COLT 1234", "", "T309"),
            ("FN-1234", "", "FN-1234"),
            ("SRB 8702-01", "", "SRB 8702-01"),
            ("FN 1234", "", "FN 1234"),
            ("CAL 12 1234", "", "T309"),
            ("LOTE 12", "", "T309"),
            ("MODELO 12 1234", "", "T309"),
            ("SAME 1234", "", "T309"),
            ("DNI 12345678", "", "T309"),
            ("LOT 45/77", "", "T309"),
            ("NSN 1005-00-123", "", "T309"),
            ("KENYA 1234", "", "T309"),
            ("LOST 1234", "", "T309"),
        ] {
            check(&stage, Field::Serial, cell, component, expect);
        }
        check(&stage, Field::BarrelSerial, "barrel no 7", "", "barrel_serial=7");
        check(&stage, Field::BarrelSerial, "9mm", "", "T309");
    }
}
