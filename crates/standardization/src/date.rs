//! Days: what a cell of a date column says, as ISO 8601.
//!
//! A month or a year alone is the interval of its days. A day of another calendar becomes the
//! Gregorian one; which calendar it was is told beside it.

use jiff::civil::Date;
use matricule_record::CellKind;

use crate::calendar::{Calendar, Span};
use crate::written::{self, Context, Doubt, Family, Fault, Written};
use crate::year::of_century;

/// What a cell of a date column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Day {
    /// A day or an interval of days, ISO 8601, and the calendar that it was written in.
    Known(String, Calendar),
    /// Two digits of the year, and no pivot: kept as written.
    TwoDigits(String),
    /// No such day, or one to come.
    Impossible,
    /// One of several days.
    Unclear(Doubt),
    /// Not a date.
    NotUnderstood,
}

/// What is known about the dates of a ledger.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order<'a> {
    pub context: Context<'a>,
    pub pivot: Option<u16>,
    pub today: Date,
}

/// The days that a date can be, or why there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    Days(Span, Calendar),
    TwoDigits,
    Impossible,
    Unclear(Doubt),
}

/// The first year in which a weapon of a register can have been made.
pub(crate) const EARLIEST: i16 = 1500;
/// A year of the Buddhist Era that a spreadsheet took for one of its own.
const BUDDHIST_IN_A_CELL: i16 = 2400;
/// Years of Shōwa that a stamp `year.month` means: no other era was stamped with that number.
const STAMPED: [std::ops::RangeInclusive<u32>; 2] = [2..=13, 16..=20];

/// Reads a cleaned cell.
pub(crate) fn read(text: &str, kind: CellKind, order: &Order<'_>) -> Day {
    let (date, has_time) = without_time(text);
    if is_zero(date, has_time) {
        return Day::Impossible;
    }
    let packed = packed(date, order.context.calendar);
    let date = packed.as_deref().unwrap_or(date);
    if kind == CellKind::Date {
        return of_reading(of_cell(date, order), text);
    }
    match written::read(date, &order.context) {
        Ok(Written { doubt: Some(doubt), .. }) | Err(Fault::Doubt(doubt)) => Day::Unclear(doubt),
        Ok(written) => of_reading(days(&written, order), text),
        Err(Fault::NotUnderstood) => Day::NotUnderstood,
    }
}

fn of_reading(reading: Reading, text: &str) -> Day {
    match reading {
        Reading::Days(span, calendar) if span.first == span.last => {
            Day::Known(span.first.to_string(), calendar)
        }
        Reading::Days(span, calendar) => Day::Known(format!("{}/{}", span.first, span.last), calendar),
        Reading::TwoDigits => Day::TwoDigits(text.to_owned()),
        Reading::Impossible => Day::Impossible,
        Reading::Unclear(doubt) => Day::Unclear(doubt),
    }
}

/// The text without the time of day that a database or a spreadsheet put behind it, and whether there was one.
fn without_time(text: &str) -> (&str, bool) {
    let is_zone =
        |word: &str| matches!(word.to_ascii_lowercase().as_str(), "am" | "pm" | "a.m." | "p.m." | "utc");
    let is_time = |word: &str| {
        let clock = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let behind = &word[clock.len()..];
        (behind.is_empty() || behind == "Z" || is_zone(behind))
            && clock.contains(':')
            && clock.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'+' | b'-'))
    };
    let found =
        text.match_indices(['T', ' ']).map(|(at, _)| (&text[..at], &text[at + 1..])).find(|(_, rest)| {
            let mut words = rest.split_whitespace();
            words.next().is_some_and(is_time) && words.all(is_zone)
        });
    found.map_or((text, false), |(date, _)| (date.trim_end(), true))
}

/// The day from which a program counts, which it writes where there is none.
fn is_zero(date: &str, has_time: bool) -> bool {
    matches!(date, "1899-12-30" | "1899-12-31" | "1753-01-01" | "0001-01-01" | "0000-00-00")
        || (has_time && matches!(date, "1900-01-01" | "1/1/1900" | "01/01/1900" | "1970-01-01"))
}

/// `19770312` with its signs: a year, a month and a day of the Gregorian calendar.
fn packed(date: &str, calendar: Calendar) -> Option<String> {
    let is_packed = date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit());
    if !is_packed || calendar != Calendar::Gregorian {
        return None;
    }
    let written = format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]);
    written.parse::<Date>().is_ok_and(|day| (1800..2100).contains(&day.year())).then_some(written)
}

/// A date that a spreadsheet holds as one: of its own calendar, but where a clerk may have typed
/// numbers of the ledger's that look the same.
pub(crate) fn of_cell(date: &str, order: &Order<'_>) -> Reading {
    let Ok(day) = date.parse::<Date>() else { return Reading::Impossible };
    match order.context.calendar {
        Calendar::Ethiopian | Calendar::Julian => Reading::Unclear(Doubt::Cell),
        Calendar::Buddhist if day.year() > BUDDHIST_IN_A_CELL => {
            let [month, number] = [day.month().cast_unsigned(), day.day().cast_unsigned()];
            let day = Calendar::Buddhist.day(i32::from(day.year()), month, number);
            checked(day.map(Span::of_day), Calendar::Buddhist, order.today)
        }
        _ => checked(Some(Span::of_day(day)), Calendar::Gregorian, order.today),
    }
}

/// The days of a written date.
pub(crate) fn days(written: &Written, order: &Order<'_>) -> Reading {
    let calendar = match calendar_of(written, order.context.calendar) {
        Ok(calendar) => calendar,
        Err(doubt) => return doubt,
    };
    let year = match full_year(written, calendar, order.pivot) {
        Ok(year) => year,
        Err(reading) => return reading,
    };
    let is_counted = matches!(written.month, Some((Family::Number, _)));
    if calendar == Calendar::Rumi && is_counted && calendar.year(year).is_some() {
        return Reading::Unclear(Doubt::Month);
    }
    let reading = checked(span(calendar, year, written), calendar, order.today);
    let is_declared = written.era.is_none() && calendar == order.context.calendar;
    if reading == Reading::Impossible
        && is_declared
        && written.year.digits == 4
        && !can_be(calendar, year, order.today)
    {
        return checked(span(Calendar::Gregorian, year, written), Calendar::Gregorian, order.today);
    }
    reading
}

/// The calendar that a date names itself, or its month does, or its ledger declares.
fn calendar_of(written: &Written, declared: Calendar) -> Result<Calendar, Reading> {
    let is_hijri = |calendar| matches!(calendar, Calendar::HijriCivil | Calendar::HijriUmalqura);
    let month = written.month.map_or(Family::Number, |(family, _)| family);
    let named = match written.era {
        Some(era) if is_hijri(era) && is_hijri(declared) => Some(declared),
        Some(Calendar::Gregorian) if declared == Calendar::Julian => Some(declared),
        era => era,
    };
    let own = match month {
        Family::Hijri if is_hijri(declared) => declared,
        Family::Hijri => Calendar::HijriCivil,
        Family::Persian => Calendar::Persian,
        Family::Ethiopian => Calendar::Ethiopian,
        Family::Roman if !declared.has_roman_months() => Calendar::Gregorian,
        Family::Roman | Family::Number => declared,
    };
    let fits = |calendar: Calendar| match month {
        Family::Number => true,
        Family::Roman => calendar.has_roman_months(),
        Family::Hijri => is_hijri(calendar),
        Family::Persian | Family::Ethiopian => calendar == own,
    };
    named.map_or(Ok(own), |named| if fits(named) { Ok(named) } else { Err(Reading::Impossible) })
}

/// The year with its century, as its calendar counts.
fn full_year(written: &Written, calendar: Calendar, pivot: Option<u16>) -> Result<i32, Reading> {
    let year = written.year.value.cast_signed();
    match (calendar, written.year.digits) {
        (_, 4) | (Calendar::Minguo | Calendar::Japanese(Some(_)) | Calendar::Rattanakosin, 1..=3) => Ok(year),
        (Calendar::Japanese(None), 1..=2) => Err(Reading::Unclear(Doubt::Era)),
        (_, 2) => {
            let pivot = pivot.ok_or(Reading::TwoDigits)?;
            Ok(i32::from(of_century(written.year.value as u16, pivot)))
        }
        _ => Err(Reading::Impossible),
    }
}

fn span(calendar: Calendar, year: i32, written: &Written) -> Option<Span> {
    match (written.month, written.day) {
        (Some((_, month)), Some(day)) => calendar.day(year, month, day).map(Span::of_day),
        (Some((_, month)), None) => calendar.month(year, month),
        (None, _) => calendar.year(year),
    }
}

fn checked(span: Option<Span>, calendar: Calendar, today: Date) -> Reading {
    match span {
        Some(span) if span.first.year() >= EARLIEST && span.first <= today => Reading::Days(span, calendar),
        _ => Reading::Impossible,
    }
}

/// Whether something a register holds can have happened in that year of the calendar. A year that
/// no declared calendar can mean is one of the Gregorian: a maker's stamp, a foreign paper.
fn can_be(calendar: Calendar, year: i32, today: Date) -> bool {
    calendar == Calendar::Gregorian || checked(calendar.year(year), calendar, today) != Reading::Impossible
}

/// A year and month as stamped (`13.8`) in a ledger of Japanese arms: Shōwa, where no other era had
/// that year on a stamp (nambuworld.com: Taishō 14 and 15 and Shōwa 14 and 15 are both found).
pub(crate) fn of_stamp(written: Written, declared: Calendar) -> Written {
    let is_known = STAMPED.iter().any(|years| years.contains(&written.year.value));
    if written.is_stamp && written.era.is_none() && declared == Calendar::Japanese(None) && is_known {
        let era = Calendar::named("japanese-showa");
        return Written { era, ..written };
    }
    written
}

#[cfg(test)]
mod tests;
