//! Calibres, and what one says of the chamber that it is shot from.

use jiff::civil::Date;
use matricule_record::{CellKind, Code, Field, Finding, Flag, Text, message};

use super::Work;
use crate::calibre::Calibre;
use crate::written::{self, Doubt, Family, Fault, Written};

impl Work<'_> {
    pub(super) fn of_calibre(&mut self, text: &str, kind: CellKind) -> Result<Text, Box<Finding>> {
        let cartridges = &self.stage.vocabularies.calibre;
        if let Some((form, chamber)) = self.gauge_of_month(text, kind) {
            let detail = message!("w415-recovered", text = text, form = form, chamber = chamber);
            self.flags.push(Flag::new(Code::W415, Some(Field::Calibre), detail.as_str()));
            return Ok(self.chambered(&form, chamber));
        }
        let is_date = kind == CellKind::Date || self.is_shown_date(text);
        let read = if is_date { Calibre::NotUnderstood } else { cartridges.read(text) };
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
                let repair = message!("s208-repair");
                Err(Box::new(
                    Finding::new(Code::S208, message!("s208-no-calibre", text = text)).suggest(repair),
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

    /// Whether a text is how a spreadsheet shows a date, `19-Sep`: it was `9x19` or `9/19` on paper. Words with a blank
    /// between may name a cartridge, as `9 mm Mars`.
    fn is_shown_date(&self, text: &str) -> bool {
        !text.contains(char::is_whitespace)
            && text.contains(char::is_alphabetic)
            && match written::read(text, &self.order().context) {
                Ok(written) => written.month.is_some_and(|(family, _)| family != Family::Number),
                // A month in several languages, and not the same in all.
                Err(fault) => fault == Fault::Doubt(Doubt::Word),
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
            let message = message!("s208-no-chamber", text = text);
            let repair = message!("s208-chamber-repair");
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
                let message = message!("s208-two-chambers", field = field, text = text, known = known);
                let finding = Finding::new(Code::S208, message).suggest(message!("repair-one-is-wrong"));
                self.refuse(field, column, &text, finding);
            }
        }
    }
}
