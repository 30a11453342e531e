//! A make that a group row or a merged cell carries down to a blank cell, against what the row itself says.

use matricule_record::{Code, Column, Field, Finding, message};

use super::Work;
use crate::make::Make;

/// Words of a maker's name at most that are looked for in a text.
const WORDS: usize = 4;

impl Work<'_> {
    /// Refuses a carried make where a column that has no field names another maker: the value above may not
    /// hold for this row, and the row's own words are in no form that could be read as its make.
    pub(super) fn check_carried_make(&mut self) {
        let is_make = |at: usize| self.ledger.columns.get(at).is_some_and(|it| it.field == Some(Field::Make));
        let carried = self.row.carried.iter().find(|(at, _)| is_make(*at));
        let Some((_, carried)) = carried.filter(|(at, _)| self.row.cells.get(*at).is_blank()) else { return };
        let make = self.fields.text(Field::Make);
        // A person may have a maker's name, and what a report quotes is not masked.
        let is_open = |column: &Column| column.field.is_none() && !column.holds_personal_data();
        let named = self.ledger.columns.iter().enumerate().filter(|(_, column)| is_open(column));
        // A cell with a finding is told already.
        let is_told = |at: usize| self.row.findings.iter().any(|finding| finding.column == Some(at));
        let named = named.map(|(at, _)| at).filter(|at| !is_told(*at));
        let texts = named.map(|at| (at, self.row.cells.get(at).text.trim()));
        let other = texts.filter(|(_, text)| !text.is_empty()).find_map(|(at, text)| {
            let makers = self.makers_in(text);
            let agrees = makers.is_empty() || makers.contains(&make);
            (!agrees).then(|| (at, text, makers.join(", ")))
        });
        let Some((own, text, makers)) = other else { return };
        let message = message!(
            "i111-carried-make",
            carried = carried,
            header = self.ledger.columns[own].header,
            makers = makers
        );
        let finding = Finding::new(Code::I111, message).suggest(message!("i111-carried-make-repair"));
        self.refuse(Field::Make, Some(own), text, finding);
    }

    /// The known makers whose names a text holds as words, the longest name at each place.
    fn makers_in(&self, text: &str) -> Vec<&str> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (mut found, mut at) = (Vec::new(), 0);
        while at < words.len() {
            let most = WORDS.min(words.len() - at);
            let known = (1..=most).rev().find_map(|length| {
                let phrase = words[at..at + length].join(" ");
                let phrase = phrase.trim_matches(|c: char| !c.is_alphanumeric());
                match self.stage.vocabularies.make.read(phrase) {
                    Make::Known(maker) => Some((length, maker)),
                    _ => None,
                }
            });
            at += known.map_or(1, |(length, _)| length);
            found.extend(known.map(|(_, maker)| maker));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use matricule_mapping::Files;
    use matricule_record::{Cells, Ledger, LedgerRow, Source};

    use super::*;
    use crate::{Standardization, Vocabularies};

    fn check(stage: &Standardization, own: &str, carried: &str, is_refused: bool) {
        check_under(stage, false, own, carried, is_refused);
    }

    fn check_under(stage: &Standardization, is_personal: bool, own: &str, carried: &str, is_refused: bool) {
        let column =
            |field: Option<Field>| Column { field, header: "Description".into(), ..Column::default() };
        let own_column = Column { is_personal, ..column(None) };
        let columns = vec![column(Some(Field::Serial)), own_column, column(Some(Field::Make))];
        let source = Source { ledger: Arc::new(Ledger { columns, ..Ledger::default() }), row: 3 };
        let cells = Cells::from_texts(["A1", own, ""]);
        let above = vec![(2, carried.into())];
        let row = stage.standardize(LedgerRow { carried: above, ..LedgerRow::new(source, cells) });
        let found = row.findings.iter().any(|finding| finding.code == Code::I111);
        assert_eq!(found, is_refused, "{own} under {carried}: {:?}", row.findings);
    }

    #[test]
    fn a_make_carried_down_does_not_contradict_the_row_itself() {
        let vocabularies = Vocabularies::load(&Files::shipped()).unwrap();
        let stage = Standardization::new(vocabularies, jiff::civil::date(2026, 1, 1));
        for (own, carried, is_refused) in [
            ("REVOLVER COLT", "WEBLEY", true),
            ("револьвер Тульский оружейный завод", "Ижмаш", true),
            ("Smith & Wesson, nickel", "Zzyzx Arms", true),
            ("REVOLVER COLT", "Colt", false),
            ("Colt's Mfg. Co. .45", "COLT", false),
            ("lent by Colt to Webley", "Webley", false),
            ("nickel plated", "Webley", false),
            ("", "Webley", false),
        ] {
            check(&stage, own, carried, is_refused);
        }
        check_under(&stage, false, "Samuel Colt", "Webley", true);
        check_under(&stage, true, "Samuel Colt", "Webley", false);
    }
}
