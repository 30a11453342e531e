//! Days of the Gregorian calendar.
//!
//! ISO 8601 always; day, month and year with separators where their order is declared, written
//! with dots (no locale of CLDR writes the month first with dots), or can only be one. An order is
//! never guessed.

use jiff::civil::Date;

use crate::cell::ascii_digits;
use crate::year::of_century;

/// What a cell of a date column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Day {
    /// A day, ISO 8601.
    Known(String),
    /// Two digits of the year, and no pivot: kept as written.
    TwoDigits(String),
    /// No such day, or one to come.
    Impossible,
    /// Either of two days: the order of day and month is not known.
    Ambiguous,
    /// Not a date.
    NotUnderstood,
}

/// What is known about the dates of a ledger.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order<'a> {
    pub declared: Option<&'a str>,
    pub pivot: Option<u16>,
    pub today: Date,
}

/// Reads a cleaned cell.
pub(crate) fn read(text: &str, order: Order<'_>) -> Day {
    let plain = ascii_digits(text);
    let date = plain.split_once(['T', ' ']).map_or(plain.as_str(), |(date, time)| {
        if time.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.')) {
            date
        } else {
            plain.as_str()
        }
    });
    let separator = date.chars().find(|c| !c.is_ascii_digit());
    let Some(separator) = separator.filter(|c| matches!(c, '-' | '/' | '.')) else {
        return Day::NotUnderstood;
    };
    let parts: Vec<&str> = date.trim_end_matches('.').split(separator).collect();
    let [first, second, third] = parts[..] else { return Day::NotUnderstood };
    let is_number = |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if ![first, second, third].iter().all(is_number) {
        return Day::NotUnderstood;
    }
    in_order([first, second, third], separator, order)
}

/// Three numbers as year, month and day, where their order is known.
fn in_order(parts: [&str; 3], separator: char, order: Order<'_>) -> Day {
    let [first, second, third] = parts.map(|part| part.parse::<u16>().unwrap_or(0));
    let [first_digits, _, third_digits] = parts.map(str::len);
    let year_first = first_digits == 4 || (order.declared == Some("ymd") && third_digits <= 2);
    let (year, digits, month, day) = if year_first {
        (first, first_digits, second, third)
    } else {
        match is_month_first(first, second, separator, order.declared) {
            Some(true) => (third, third_digits, first, second),
            Some(false) => (third, third_digits, second, first),
            None => return Day::Ambiguous,
        }
    };
    match (digits, order.pivot) {
        (4, _) => of_calendar(year, month, day, order.today),
        (2, Some(pivot)) => of_calendar(of_century(year, pivot), month, day, order.today),
        (2, None) => Day::TwoDigits(parts.join(&separator.to_string())),
        _ => Day::NotUnderstood,
    }
}

/// Whether the month stands before the day; `None` where either may.
fn is_month_first(first: u16, second: u16, separator: char, declared: Option<&str>) -> Option<bool> {
    match declared {
        Some("mdy") => Some(true),
        Some("dmy") => Some(false),
        None if separator == '.' || first > 12 || first == second => Some(false),
        None if second > 12 => Some(true),
        _ => None,
    }
}

fn of_calendar(year: u16, month: u16, day: u16, today: Date) -> Day {
    let date = i8::try_from(month).ok().zip(i8::try_from(day).ok());
    let date = date.and_then(|(month, day)| Date::new(year.cast_signed(), month, day).ok());
    match date {
        Some(date) if year >= 1500 && date <= today => Day::Known(date.to_string()),
        _ => Day::Impossible,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(declared: Option<&str>, pivot: Option<u16>, lines: &[(&str, Day)]) {
        let order = Order { declared, pivot, today: jiff::civil::date(2026, 6, 1) };
        for (text, expect) in lines {
            assert_eq!(read(text, order), *expect, "{text} ({declared:?})");
        }
    }

    fn known(day: &str) -> Day {
        Day::Known(day.to_owned())
    }

    #[test]
    fn iso_and_unambiguous_dates_are_read() {
        check(
            None,
            None,
            &[
                ("1987-05-12", known("1987-05-12")),
                ("1987-05-12T00:00:00", known("1987-05-12")),
                ("1987/5/12", known("1987-05-12")),
                ("١٩٨٧-٠٥-١٢", known("1987-05-12")),
                ("12.05.1987", known("1987-05-12")),
                ("13/05/1987", known("1987-05-13")),
                ("05/13/1987", known("1987-05-13")),
                ("05/05/1987", known("1987-05-05")),
            ],
        );
    }

    #[test]
    fn what_could_be_two_days_is_not_guessed() {
        check(None, None, &[("05/12/1987", Day::Ambiguous), ("12.05.87", Day::TwoDigits("12.05.87".into()))]);
        check(
            Some("dmy"),
            Some(1950),
            &[("05/12/1987", known("1987-12-05")), ("12.05.87", known("1987-05-12"))],
        );
        check(Some("mdy"), None, &[("05/12/1987", known("1987-05-12"))]);
        check(Some("ymd"), Some(1950), &[("05/12/1987", Day::Ambiguous), ("87/05/12", known("1987-05-12"))]);
    }

    #[test]
    fn impossible_days_and_other_texts_are_refused() {
        check(
            None,
            None,
            &[
                ("31.02.1987", Day::Impossible),
                ("1987-13-01", Day::Impossible),
                ("2031-01-01", Day::Impossible),
                ("0087-01-01", Day::Impossible),
                ("??.??.????", Day::NotUnderstood),
                ("XX/YY/ZZ", Day::NotUnderstood),
                ("1987", Day::NotUnderstood),
                ("12 мая 1987", Day::NotUnderstood),
                ("1.2.3.4", Day::NotUnderstood),
            ],
        );
    }
}
