//! Years: one of the Gregorian calendar, or the interval of those that a written one can mean.

use matricule_record::CellKind;

use crate::calendar::{Calendar, Span};
use crate::cell::ascii_digits;
use crate::date::{self, Order, Reading};
use crate::written::{self, Doubt, Fault, Number, Written};

/// What a cell of a year column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Year {
    /// A year, or an ISO 8601 interval of years, and the calendar that it was written in.
    Known(String, Calendar),
    /// Two digits, and no pivot to tell the century: kept as written.
    TwoDigits(String),
    /// A year in which no weapon was made, or one to come.
    Impossible,
    /// One of several years.
    Unclear(Doubt),
    /// Not a year.
    NotUnderstood,
}

/// Years that a spreadsheet shows a plain year as, when it takes it for the number of a day.
const DAMAGED: [i16; 2] = [1904, 1905];

/// Reads a cleaned cell.
pub(crate) fn read(text: &str, kind: CellKind, order: &Order<'_>) -> Year {
    if kind == CellKind::Date {
        return of_cell(text, order);
    }
    match interval(&ascii_digits(text)) {
        Some(Err(doubt)) => return Year::Unclear(doubt),
        Some(Ok([first, last])) => return of_interval(first, last, order),
        None => {}
    }
    let text = text.strip_suffix(".0").filter(|year| year.len() == 4).unwrap_or(text);
    match written::read(text, &order.context).map(|written| date::of_stamp(written, order.context.calendar)) {
        Ok(written) => of_reading(of_written(written, order), text),
        Err(Fault::Doubt(doubt)) => Year::Unclear(doubt),
        Err(Fault::NotUnderstood) => Year::NotUnderstood,
    }
}

/// A whole date whose month is in doubt still tells its year.
fn of_written(written: Written, order: &Order<'_>) -> Reading {
    let year = Written { month: None, day: None, doubt: None, ..written };
    match date::days(&written, order) {
        Reading::Unclear(Doubt::Month) => date::days(&year, order),
        _ if written.doubt.is_some() => date::days(&year, order),
        reading => reading,
    }
}

fn of_cell(text: &str, order: &Order<'_>) -> Year {
    let reading = date::of_cell(text.get(..10).unwrap_or(text), order);
    match reading {
        Reading::Days(span, _) if DAMAGED.contains(&span.first.year()) => Year::NotUnderstood,
        reading => of_reading(reading, text),
    }
}

fn of_reading(reading: Reading, text: &str) -> Year {
    match reading {
        Reading::Days(span, calendar) => Year::Known(years(span), calendar),
        Reading::TwoDigits => Year::TwoDigits(text.to_owned()),
        Reading::Impossible => Year::Impossible,
        Reading::Unclear(doubt) => Year::Unclear(doubt),
    }
}

fn years(span: Span) -> String {
    match (span.first.year(), span.last.year()) {
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}/{last}"),
    }
}

/// The year ending in two digits, of the hundred years that begin with the pivot.
pub(crate) fn of_century(two_digits: u16, pivot: u16) -> u16 {
    let year = pivot - pivot % 100 + two_digits;
    if year < pivot { year + 100 } else { year }
}

/// `1902/1903`, `1941-45`: two years. `1941-05` is a month; `1908-12` may be either.
fn interval(plain: &str) -> Option<Result<[u32; 2], Doubt>> {
    let (first, last) = plain.split_once(['/', '-', '\u{2013}'])?;
    let number = |text: &str| {
        let text = text.trim();
        text.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| text.parse::<u32>().ok())
            .flatten()
            .zip(Some(text.len()))
    };
    match (number(first)?, number(last)?) {
        ((first, 4), (last, 4)) => Some(Ok([first, last])),
        ((first, 4), (last, 2)) if last > 12 && last > first % 100 => {
            Some(Ok([first, first - first % 100 + last]))
        }
        ((first, 4), (last, 2)) if last > first % 100 => Some(Err(Doubt::Interval)),
        _ => None,
    }
}

fn of_interval(first: u32, last: u32, order: &Order<'_>) -> Year {
    if first > last {
        return Year::NotUnderstood;
    }
    let read = |value| {
        let year = Number { value, digits: 4 };
        let written = Written { year, month: None, day: None, era: None, is_stamp: false, doubt: None };
        date::days(&written, order)
    };
    match (read(first), read(last)) {
        (Reading::Days(first, calendar), Reading::Days(last, _)) => {
            Year::Known(years(Span { first: first.first, last: last.last }), calendar)
        }
        (Reading::Unclear(doubt), _) => Year::Unclear(doubt),
        _ => Year::Impossible,
    }
}

#[cfg(test)]
mod tests;
