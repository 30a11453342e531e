//! A column of make and model together: `Marca/Modelo`. The maker's name that the cell begins with is the make, and
//! the rest the model. Where no name that is known stands there, nobody can tell where the one ends.

use matricule_record::{Code, Field, Finding, Text};

use super::Work;
use crate::make::Make;

impl Work<'_> {
    /// Whether the column of makes is one of models too.
    pub(super) fn is_make_and_model(&self) -> bool {
        let named = |field: Field| {
            let mut columns = self.ledger.columns.iter();
            columns.find(|column| column.field == Some(field) && !column.header.is_empty())
        };
        let headers = &self.stage.vocabularies.headers;
        named(Field::Model).is_none()
            && named(Field::Make)
                .is_some_and(|column| headers.is_pair(&column.header, Field::Make, Field::Model))
    }

    /// The make of such a cell; its model is what stands beside it.
    pub(super) fn of_make_and_model(&mut self, text: Text) -> Result<Text, Box<Finding>> {
        if self.is_unknown(&text) || self.is_maker(&text) {
            return Ok(self.of_make(text));
        }
        let ends = text.char_indices().rev().filter(|(_, letter)| !letter.is_alphanumeric());
        let divided = ends.map(|(at, _)| text.split_at(at)).find(|(name, _)| self.is_maker(name.trim_end()));
        let model = divided.map(|(_, rest)| rest.trim_matches(|c: char| is_between(c)));
        match divided.zip(model).filter(|(_, model)| !self.begins_with_maker(model)) {
            Some(((make, _), model)) if !model.is_empty() => {
                self.beside.push((Field::Model, model.into()));
                Ok(self.of_make(make.trim_end().into()))
            }
            _ => Err(Box::new(not_divided(&text))),
        }
    }

    fn is_maker(&self, name: &str) -> bool {
        self.stage.vocabularies.make.read(name) != Make::Unlisted
    }

    fn begins_with_maker(&self, text: &str) -> bool {
        let ends = text.char_indices().filter(|(_, letter)| !letter.is_alphanumeric()).map(|(at, _)| at);
        ends.chain([text.len()]).any(|end| {
            let name = &text[..end];
            name.chars().any(char::is_alphabetic) && self.is_maker(name.trim_end())
        })
    }
}

/// Whether a sign may stand between make and model, or around the model.
fn is_between(sign: char) -> bool {
    sign.is_whitespace() || matches!(sign, '/' | ',' | ';' | ':' | '-' | '–' | '(' | ')' | '|')
}

fn not_divided(text: &str) -> Finding {
    let message =
        format!("`{text}` stands in a column of make and model, and begins with no maker that is known.");
    Finding::new(Code::I111, message).suggest(
        "Write make and model into columns of their own, or add the maker to mappings/vocabulary/make.csv.",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use matricule_mapping::Files;
    use matricule_record::{Cells, Column, Ledger, LedgerRow, Source};

    use super::*;
    use crate::{Standardization, Vocabularies};

    fn check(stage: &Standardization, header: &str, cell: &str, expect: Result<[&str; 2], Code>) {
        let column = |header: &str, field: Field| Column {
            header: header.into(),
            field: Some(field),
            ..Column::default()
        };
        let columns = vec![column("Serial", Field::Serial), column(header, Field::Make)];
        let ledger = Arc::new(Ledger { columns, ..Ledger::default() });
        let source = Source { ledger, row: 2 };
        let cells = Cells::from_texts(["A1", cell]);
        let row = stage.standardize(LedgerRow::new(source, cells));
        let refused = row.findings.iter().find(|finding| finding.field == Some(Field::Make));
        let found = refused
            .map_or(Ok([Field::Make, Field::Model].map(|field| row.fields.text(field))), |finding| {
                Err(finding.code)
            });
        assert_eq!(found, expect, "{header}: {cell}");
    }

    #[test]
    fn a_cell_is_divided_behind_the_name_of_a_maker() {
        let stage = Standardization::new(
            Vocabularies::load(&Files::shipped()).unwrap(),
            jiff::civil::date(2026, 1, 1),
        );
        for (cell, expect) in [
            ("TAURUS PT 92", Ok(["Taurus", "PT92"])),
            ("Rossi / Pomba", Ok(["Rossi", "Pomba"])),
            ("Heckler & Koch (G3)", Ok(["Heckler & Koch", "G3"])),
            ("Norinco", Ok(["Norinco", ""])),
            ("Mosin 91/30", Ok(["Mosin", "91/30"])),
            ("", Ok(["", ""])),
            ("Xyzzy 3000", Err(Code::I111)),
            ("Taurus Rossi 38", Err(Code::I111)),
            ("TaurusPT92", Err(Code::I111)),
        ] {
            check(&stage, "Marca/Modelo", cell, expect);
        }
        // A column of makes alone is read as before.
        check(&stage, "Marca", "Xyzzy 3000", Ok(["Xyzzy 3000", ""]));
    }
}
