//! Years of the Gregorian calendar.

use crate::cell::ascii_digits;

/// What a cell of a year column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Year {
    /// A year, or an ISO 8601 interval of years.
    Known(String),
    /// Two digits, and no pivot to tell the century: kept as written.
    TwoDigits(String),
    /// A year in which no weapon was made, or one to come.
    Impossible,
    /// Not a year.
    NotUnderstood,
}

/// The first year in which a weapon of a register can have been made.
const EARLIEST: u16 = 1500;
/// Words and signs that may stand beside a year.
const YEAR_WORDS: [&str; 12] = ["", "г", "год", "р", "рік", "год.", "y", "year", "年", "ano", "año", "г."];

/// Reads a cleaned cell; `pivot` is the first year that two-digit years stand for, `this_year` the
/// last possible one.
pub(crate) fn read(text: &str, pivot: Option<u16>, this_year: u16) -> Year {
    let plain = ascii_digits(text);
    if let Some((first, last)) = plain.split_once(['/', '-', '\u{2013}']) {
        return interval(first.trim(), last.trim(), this_year);
    }
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let Some((before, after)) = plain.split_once(digits.as_str()).filter(|_| !digits.is_empty()) else {
        return Year::NotUnderstood;
    };
    let is_word =
        |text: &str| YEAR_WORDS.contains(&text.trim().trim_end_matches('.').to_lowercase().as_str());
    if !is_word(before) || !is_word(after.trim_start_matches('.')) {
        return Year::NotUnderstood;
    }
    match (digits.len(), digits.parse::<u16>(), pivot) {
        (4, Ok(year), _) => four_digits(year, this_year),
        (2, Ok(year), Some(pivot)) => four_digits(of_century(year, pivot), this_year),
        (2, Ok(_), None) => Year::TwoDigits(text.to_owned()),
        _ => Year::NotUnderstood,
    }
}

fn four_digits(year: u16, this_year: u16) -> Year {
    if (EARLIEST..=this_year).contains(&year) { Year::Known(year.to_string()) } else { Year::Impossible }
}

/// The year ending in two digits, of the hundred years that begin with the pivot.
pub(crate) fn of_century(two_digits: u16, pivot: u16) -> u16 {
    let year = pivot - pivot % 100 + two_digits;
    if year < pivot { year + 100 } else { year }
}

fn interval(first: &str, last: &str, this_year: u16) -> Year {
    match (first.parse::<u16>(), last.parse::<u16>()) {
        (Ok(first), Ok(last)) if first < 1000 || last < 1000 || first > last => Year::NotUnderstood,
        (Ok(first), Ok(last)) if first < EARLIEST || last > this_year => Year::Impossible,
        (Ok(first), Ok(last)) => Year::Known(format!("{first}/{last}")),
        _ => Year::NotUnderstood,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_read_or_refused() {
        let known = |year: &str| Year::Known(year.to_owned());
        for (text, pivot, expect) in [
            ("1987", None, known("1987")),
            ("١٩٨٧", None, known("1987")),
            ("1987 г.", None, known("1987")),
            ("1987年", None, known("1987")),
            ("1902/1903", None, known("1902/1903")),
            ("87", Some(1950), known("1987")),
            ("49", Some(1950), Year::Impossible),
            ("15", Some(1950), known("2015")),
            ("87", None, Year::TwoDigits("87".into())),
            ("1321", None, Year::Impossible),
            ("2999", None, Year::Impossible),
            ("19x7", None, Year::NotUnderstood),
            ("model 1987", None, Year::NotUnderstood),
            ("13.8", None, Year::NotUnderstood),
            ("", None, Year::NotUnderstood),
        ] {
            assert_eq!(read(text, pivot, 2026), expect, "{text}");
        }
    }
}
