//! Years and days, by what is known of the dates of the ledger.

use matricule_record::{CellKind, Code, Field, Finding, Flag, Text, message};

use super::Work;
use super::findings::{impossible, not_a_date, unclear};
use crate::calendar::Calendar;
use crate::date::{self, Day, Order};
use crate::written::Context;
use crate::year::{self, Year};

impl Work<'_> {
    pub(super) fn of_year(&mut self, field: Field, text: &str, kind: CellKind) -> Result<Text, Box<Finding>> {
        match year::read(text, kind, &self.order()) {
            Year::Known(year, calendar) => Ok(self.converted(field, year, calendar)),
            Year::TwoDigits(year) => Ok(self.two_digits(field, &year)),
            Year::Impossible => Err(Box::new(impossible(text))),
            Year::Unclear(doubt) => Err(Box::new(unclear(text, doubt))),
            Year::NotUnderstood => {
                Err(Box::new(not_a_date(text, message!("s202-year"), message!("s202-year-example"))))
            }
        }
    }

    pub(super) fn of_date(&mut self, field: Field, text: &str, kind: CellKind) -> Result<Text, Box<Finding>> {
        match date::read(text, kind, &self.order_of(field)) {
            Day::Known(day, calendar) => Ok(self.converted(field, day, calendar)),
            Day::TwoDigits(day) => Ok(self.two_digits(field, &day)),
            Day::Impossible => Err(Box::new(impossible(text))),
            Day::Unclear(doubt) => Err(Box::new(unclear(text, doubt))),
            Day::NotUnderstood => {
                Err(Box::new(not_a_date(text, message!("s202-date"), message!("s202-date-example"))))
            }
        }
    }

    /// What is known about the dates of the ledger.
    pub(super) fn order(&self) -> Order<'_> {
        let (settings, words) = (&self.ledger.settings, &self.stage.vocabularies);
        let context = Context {
            months: &words.month,
            words: &words.date_word,
            language: settings.language.as_deref(),
            order: settings.date_order.as_deref(),
            calendar: self.calendar(),
        };
        Order { context, pivot: settings.pivot_year, today: self.stage.today }
    }

    /// The same for the dates of a column, whose first rows may have shown their order.
    pub(super) fn order_of(&self, field: Field) -> Order<'_> {
        let mut order = self.order();
        let column = self.ledger.column_of(field).and_then(|at| self.ledger.columns.get(at));
        let shown = column.and_then(|column| column.date_order.as_deref());
        order.context.order = order.context.order.or(shown);
        order
    }

    fn calendar(&self) -> Calendar {
        self.ledger.settings.calendar.as_deref().and_then(Calendar::named).unwrap_or(Calendar::Gregorian)
    }

    /// A Gregorian value, with the calendar it was written in where that is another than usual.
    fn converted(&mut self, field: Field, value: String, calendar: Calendar) -> Text {
        if calendar != Calendar::Gregorian || calendar != self.calendar() {
            self.flags.push(Flag::new(Code::W414, Some(field), calendar.name()));
        }
        value.into()
    }

    fn two_digits(&mut self, field: Field, value: &str) -> Text {
        self.flags.push(Flag::new(Code::W403, Some(field), value));
        value.into()
    }
}
