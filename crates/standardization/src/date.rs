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
        if time.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.')) { date } else { plain.as_str() }
    });
    let separator = date.chars().find(|c| !c.is_ascii_digit());
    let Some(separator) = separator.filter(|c| matches!(c, '-' | '/' | '.')) else { return Day::NotUnderstood };
    let parts: Vec<&str> = date.trim_end_matches('.').split(separator).collect();
    let [a, b, c] = parts[..] else { return Day::NotUnderstood };
    if ![a, b, c].iter().all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())) {
        return Day::NotUnderstood;
    }
    of_parts([a, b, c], separator, order)
}

fn of_parts(parts: [&str; 3], separator: char, order: Order<'_>) -> Day {
    let number = |part: &str| part.parse::<u16>().unwrap_or(0);
    let [a, b, c] = parts.map(number);
    let day = |year, month, day| of_calendar(year, month, day, order.today);
    match (order.declared, parts.map(str::len)) {
        (_, [4, ..]) => day(a, b, c),
        (Some("ymd"), [.., 2]) => century(a, order, |year| day(year, b, c), parts, separator),
        (declared, [.., last]) if last == 4 || last == 2 => {
            let month_first = match declared {
                Some(order) => order == "mdy",
                None if separator == '.' || a > 12 => false,
                None if b > 12 => true,
                None if a == b => false,
                None => return Day::Ambiguous,
            };
            let (d, m) = if month_first { (b, a) } else { (a, b) };
            if last == 4 { day(c, m, d) } else { century(c, order, |year| day(year, m, d), parts, separator) }
        }
        _ => Day::NotUnderstood,
    }
}

fn century(two_digits: u16, order: Order<'_>, day: impl Fn(u16) -> Day, parts: [&str; 3], separator: char) -> Day {
    match order.pivot {
        Some(pivot) => day(of_century(two_digits, pivot)),
        None => Day::TwoDigits(parts.join(&separator.to_string())),
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
        check(None, None, &[
            ("1987-05-12", known("1987-05-12")),
            ("1987-05-12T00:00:00", known("1987-05-12")),
            ("1987/5/12", known("1987-05-12")),
            ("١٩٨٧-٠٥-١٢", known("1987-05-12")),
            ("12.05.1987", known("1987-05-12")),
            ("13/05/1987", known("1987-05-13")),
            ("05/13/1987", known("1987-05-13")),
            ("05/05/1987", known("1987-05-05")),
        ]);
    }

    #[test]
    fn what_could_be_two_days_is_not_guessed() {
        check(None, None, &[("05/12/1987", Day::Ambiguous), ("12.05.87", Day::TwoDigits("12.05.87".into()))]);
        check(Some("dmy"), Some(1950), &[("05/12/1987", known("1987-12-05")), ("12.05.87", known("1987-05-12"))]);
        check(Some("mdy"), None, &[("05/12/1987", known("1987-05-12"))]);
    }

    #[test]
    fn impossible_days_and_other_texts_are_refused() {
        check(None, None, &[
            ("31.02.1987", Day::Impossible),
            ("1987-13-01", Day::Impossible),
            ("2031-01-01", Day::Impossible),
            ("0087-01-01", Day::Impossible),
            ("??.??.????", Day::NotUnderstood),
            ("XX/YY/ZZ", Day::NotUnderstood),
            ("1987", Day::NotUnderstood),
            ("12 мая 1987", Day::NotUnderstood),
            ("1.2.3.4", Day::NotUnderstood),
        ]);
    }
}
