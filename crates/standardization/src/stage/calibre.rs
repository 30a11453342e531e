//! Calibres, and what one says of the chamber that it is shot from.

use jiff::civil::Date;
use matricule_record::{CellKind, Code, Field, Finding, Flag, Text};

use super::Work;
use crate::calibre::Calibre;
use crate::written::{self, Family, Written};

impl Work<'_> {
    pub(super) fn of_calibre(&mut self, text: &str, kind: CellKind) -> Result<Text, Box<Finding>> {
        let cartridges = &self.stage.vocabularies.calibre;
        if let Some((form, chamber)) = self.gauge_of_month(text, kind) {
            let detail = format!("{text} was {form}, chamber {chamber}");
            self.flags.push(Flag::new(Code::W415, Some(Field::Calibre), detail.as_str()));
            return Ok(self.chambered(&form, chamber));
        }
        let read = if kind == CellKind::Date { Calibre::NotUnderstood } else { cartridges.read(text) };
        match read {
            Calibre::Listed(form) => {
                if cartridges.lacks_rim(text, &form) {
                    self.flags.push(Flag::new(Code::W419, Some(Field::Calibre), form.as_str()));
                }
                Ok(form.into())
            }
            Calibre::Chambered(form, chamber) => Ok(self.chambered(&form, chamber)),
            Calibre::Unlisted(form) => {
                self.flags.push(Flag::new(Code::W407, Some(Field::Calibre), form.as_str()));
                Ok(form.into())
            }
            Calibre::NotUnderstood => {
                let repair = "Correct the cell (such as 7.62x39, .38 Special, 12 ga), or add a row for it to mappings/vocabulary/calibre.csv.";
                Err(Box::new(
                    Finding::new(Code::S208, format!("`{text}` does not have the form of a calibre."))
                        .suggest(repair),
                ))
            }
        }
    }

    /// The gauge that a spreadsheet turned into a month: a cell of the first of December 1970, or its
    /// text `Dec-70`, was `12/70`.
    fn gauge_of_month(&self, text: &str, kind: CellKind) -> Option<(String, u32)> {
        let cartridges = &self.stage.vocabularies.calibre;
        if kind == CellKind::Date {
            let day = text.get(..10)?.parse::<Date>().ok().filter(|day| day.day() == 1)?;
            return cartridges.of_month(day.month().cast_unsigned(), day.year().cast_unsigned());
        }
        if !text.contains(char::is_alphabetic) || !text.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let written = written::read(text, &self.order().context).ok()?;
        match written {
            Written { month: Some((Family::Roman, month)), day: None, era: None, year, .. }
                if year.digits == 2 =>
            {
                cartridges.of_month(month, year.value as u16)
            }
            _ => None,
        }
    }

    /// A shotgun's gauge; the chamber written with it goes to its own field.
    fn chambered(&mut self, form: &str, chamber: u32) -> Text {
        self.beside.push((Field::ChamberLength, chamber.to_string().into()));
        form.into()
    }

    /// The length of a chamber in millimetres, from a column of its own.
    pub(super) fn of_chamber(&self, text: &str, kind: CellKind) -> Result<Text, Box<Finding>> {
        let known = self.stage.vocabularies.calibre.chamber(text).filter(|_| kind != CellKind::Date);
        known.map(|length| length.to_string().into()).ok_or_else(|| {
            let message = format!("`{text}` is not a length of a shotgun's chamber.");
            let repair = "Write it in millimetres, such as 70, or in inches, such as 2 3/4.";
            Box::new(Finding::new(Code::S208, message).suggest(repair))
        })
    }

    /// Gives what a cell says of another field to that field. A column of its own must not say something
    /// else; a model that has one was amended.
    pub(super) fn place_beside(&mut self) {
        for (field, text, column) in std::mem::take(&mut self.found_beside) {
            let known = Text::from(self.fields.text(field));
            if known.is_empty() && !self.is_refused(field) {
                self.set(field, &text, column);
            } else if field != Field::Model && known != text && !known.is_empty() {
                let message = format!("the calibre says {field} {text}, its own column says {known}.");
                let finding = Finding::new(Code::S208, message).suggest("Correct the one that is wrong.");
                self.refuse(field, column, &text, finding);
            }
        }
    }
}
