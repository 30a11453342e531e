//! A cell's value as text that says the same in every locale.

use std::fmt::Write;

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};
use matricule_record::CellKind;

use super::formula::literal_text;
use crate::sheet_row::kind_of_text;

/// Writes values into one buffer, so that a number costs no allocation.
pub(crate) struct ValueText {
    text: String,
    /// How deep formulas are followed.
    formula_depth: usize,
    /// Whether days are counted from 1904.
    pub is_1904: bool,
}

impl ValueText {
    /// Follows formulas so deep.
    pub fn new(formula_depth: usize) -> Self {
        Self { text: String::new(), formula_depth, is_1904: false }
    }

    /// A value as kind and text; `None` for a cell that holds none. A formula stands in where the
    /// file holds no value for it.
    pub fn of<'a>(
        &'a mut self,
        value: &'a DataRef<'_>,
        formula: Option<&str>,
    ) -> Option<(CellKind, &'a str)> {
        match value {
            DataRef::Empty => self.formula(formula?),
            DataRef::String(text) => text_cell(text),
            DataRef::SharedString(text) => text_cell(text),
            DataRef::Int(number) => Some(self.display(CellKind::Number, number)),
            DataRef::Float(number) => Some(self.number(*number)),
            DataRef::Bool(value) => Some((CellKind::Boolean, boolean(*value))),
            DataRef::DateTime(date) => Some(self.date(date)),
            DataRef::DateTimeIso(text) => Some((CellKind::Date, without_midnight(text))),
            DataRef::DurationIso(text) => Some((CellKind::Date, text)),
            DataRef::Error(error) => Some((CellKind::Error, error_text(error))),
        }
    }

    /// The same for an owned value.
    pub fn of_owned<'a>(&'a mut self, value: &'a Data, formula: Option<&str>) -> Option<(CellKind, &'a str)> {
        match value {
            Data::Empty => self.formula(formula?),
            Data::String(text) => text_cell(text),
            Data::Int(number) => Some(self.display(CellKind::Number, number)),
            Data::Float(number) => Some(self.number(*number)),
            Data::Bool(value) => Some((CellKind::Boolean, boolean(*value))),
            Data::DateTime(date) => Some(self.date(date)),
            Data::DateTimeIso(text) => Some((CellKind::Date, without_midnight(text))),
            Data::DurationIso(text) => Some((CellKind::Date, text)),
            Data::Error(error) => Some((CellKind::Error, error_text(error))),
        }
    }

    /// A whole number with zeros in front, as its format shows it.
    pub fn zero_filled(&mut self, number: f64, digits: usize) -> Option<(CellKind, &str)> {
        let whole = number.fract() == 0.0 && (0.0..1e15).contains(&number);
        whole.then(|| self.display(CellKind::Number, &format_args!("{number:0digits$}")))
    }

    /// A number as a format with an exponent shows it: `1.01E+07`.
    pub fn exponent(&mut self, number: f64) -> Option<(CellKind, &str)> {
        if !number.is_finite() {
            return None;
        }
        let shown = format!("{number:.2E}");
        let shown = if shown.contains("E-") { shown } else { shown.replace('E', "E+") };
        Some(self.display(CellKind::Number, &shown))
    }

    /// The text written last.
    pub fn last(&self) -> &str {
        &self.text
    }

    /// Replaces the text.
    pub fn write(&mut self, text: &str) {
        self.text.clear();
        self.text.push_str(text);
    }

    fn display(&mut self, kind: CellKind, value: &dyn std::fmt::Display) -> (CellKind, &str) {
        self.text.clear();
        let _ = write!(self.text, "{value}");
        (kind, &self.text)
    }

    /// Rust prints the shortest decimal that reads back the same, never with an exponent.
    fn number(&mut self, number: f64) -> (CellKind, &str) {
        if number.is_finite() {
            self.display(CellKind::Number, &(number + 0.0))
        } else {
            (CellKind::Error, "#NUM!")
        }
    }

    /// A day, a time, or both.
    pub fn date(&mut self, date: &ExcelDateTime) -> (CellKind, &str) {
        let value = date.as_f64();
        if date.is_duration() {
            return self.duration(value);
        }
        if !(f64::MIN_POSITIVE..2_958_466.0).contains(&value) {
            return self.number(value);
        }
        let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
        self.text.clear();
        if value >= 1.0 {
            let _ = write!(self.text, "{year:04}-{month:02}-{day:02}");
        }
        if value < 1.0 || (hour, minute, second, milli) != (0, 0, 0, 0) {
            let _ =
                write!(self.text, "{}{hour:02}:{minute:02}:{second:02}", if value < 1.0 { "" } else { "T" });
        }
        if milli != 0 {
            let _ = write!(self.text, ".{milli:03}");
        }
        (CellKind::Date, &self.text)
    }

    fn duration(&mut self, days: f64) -> (CellKind, &str) {
        if !(0.0..2_958_466.0).contains(&days) {
            return self.number(days);
        }
        let seconds = (days * 86_400.0).round();
        let (hours, minutes) = ((seconds / 3600.0).floor(), (seconds / 60.0).floor() % 60.0);
        self.display(CellKind::Date, &format_args!("PT{hours}H{minutes}M{}S", seconds % 60.0))
    }

    fn formula(&mut self, formula: &str) -> Option<(CellKind, &str)> {
        let formula = formula.trim();
        let formula = formula.strip_prefix("of:").unwrap_or(formula).trim_start_matches('=');
        if formula.is_empty() {
            return None;
        }
        if let Some(text) = literal_text(formula, self.formula_depth) {
            self.text = text;
            return Some((CellKind::Text, &self.text));
        }
        Some(self.display(CellKind::Formula, &format_args!("={formula}")))
    }
}

fn text_cell(text: &str) -> Option<(CellKind, &str)> {
    (!text.is_empty()).then(|| (kind_of_text(text), text))
}

fn boolean(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

/// An ISO date without a time that says nothing.
fn without_midnight(text: &str) -> &str {
    match text.split_once('T') {
        Some((date, time)) if time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'Z')) => date,
        _ => text,
    }
}

fn error_text(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    fn check(value: &DataRef<'_>, formula: Option<&str>, expect: Option<(CellKind, &str)>) {
        assert_eq!(ValueText::new(64).of(value, formula), expect);
    }

    #[test]
    fn numbers_have_no_exponent_and_no_empty_fraction() {
        for (number, text) in [
            (12345.0, "12345"),
            (-0.0, "0"),
            (9.65, "9.65"),
            (1e15, "1000000000000000"),
            (1.5e-7, "0.00000015"),
            (12_345_678_901_234_567.0, "12345678901234568"),
        ] {
            check(&DataRef::Float(number), None, Some((CellKind::Number, text)));
        }
        check(&DataRef::Float(f64::INFINITY), None, Some((CellKind::Error, "#NUM!")));
        assert_eq!(ValueText::new(64).zero_filled(12345.0, 8), Some((CellKind::Number, "00012345")));
        assert_eq!(ValueText::new(64).zero_filled(1.5, 8), None);
        assert_eq!(ValueText::new(64).exponent(10_100_000.0), Some((CellKind::Number, "1.01E+7")));
    }

    #[test]
    fn dates_are_iso() {
        for (value, text) in [
            (45_943.0, "2025-10-13"),
            (45_943.5, "2025-10-13T12:00:00"),
            (0.25, "06:00:00"),
            (60.0, "1900-02-29"),
        ] {
            let date = ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false);
            check(&DataRef::DateTime(date), None, Some((CellKind::Date, text)));
        }
        let date = ExcelDateTime::new(-1.0, ExcelDateTimeType::DateTime, false);
        check(&DataRef::DateTime(date), None, Some((CellKind::Number, "-1")));
        let span = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
        check(&DataRef::DateTime(span), None, Some((CellKind::Date, "PT36H0M0S")));
        check(
            &DataRef::DateTimeIso("1987-03-01T00:00:00".into()),
            None,
            Some((CellKind::Date, "1987-03-01")),
        );
    }

    #[test]
    fn a_formula_stands_in_for_its_missing_value() {
        check(&DataRef::Empty, Some("A1&\"x\""), Some((CellKind::Formula, "=A1&\"x\"")));
        check(&DataRef::Empty, Some("of:=[.A1]"), Some((CellKind::Formula, "=[.A1]")));
        check(&DataRef::Empty, Some("\"00\"&\"123\""), Some((CellKind::Text, "00123")));
        check(&DataRef::String("7".into()), Some("A1"), Some((CellKind::Text, "7")));
        check(&DataRef::String(String::new()), Some("A1"), None);
        check(&DataRef::Empty, None, None);
        for error in ["#DIV/0!", "#N/A", "Err:502", "########", "#ССЫЛКА!", "#¿NOMBRE?", "#NV", " #REF!"]
        {
            check(&DataRef::String(error.into()), None, Some((CellKind::Error, error)));
        }
        for text in ["#12", "###", "Err", "#NAME", "#AB?", "A:502", "#12?"] {
            check(&DataRef::String(text.into()), None, Some((CellKind::Text, text)));
        }
    }
}
