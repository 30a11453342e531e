//! The Thai reckonings: Buddhist Era and Rattanakosin, one solar year under two numbers.
//!
//! From 1 April 1889 (R.S. 108, B.E. 2432) years are solar and begin on 1 April. B.E. 2483 ended on 31
//! December 1940, and years begin in January from 2484 (1941) on. The Rattanakosin number was in use
//! until B.E. 2455 (R.S. 131) took its place. Before 1889 the civil year was that of the moon: a year
//! can be told, a day cannot. Source: J. C. Eade, The Calendrical Systems of Mainland South-East Asia;
//! Act on the Calendar Year, B.E. 2483.

use jiff::civil::Date;

use super::{Span, civil};

/// Buddhist Era less the Gregorian year in which its year begins.
const BUDDHIST: i32 = 543;
/// Buddhist Era less Rattanakosin.
const RATTANAKOSIN: i32 = 2324;
/// The first solar year, the year of nine months, in the Buddhist Era.
const FIRST_SOLAR: i32 = 2432;
const SHORT_YEAR: i32 = 2483;
/// Rattanakosin years that were counted.
const COUNTED: std::ops::RangeInclusive<i32> = 1..=131;

/// A day of the Buddhist Era.
pub(super) fn buddhist_day(year: i32, month: u8, day: u8) -> Option<Date> {
    if year < FIRST_SOLAR || (year == SHORT_YEAR && month < 4) {
        return None;
    }
    let is_second_part = year < SHORT_YEAR && month < 4;
    civil(year - BUDDHIST + i32::from(is_second_part), month, day)
}

/// A year of the Buddhist Era.
pub(super) fn buddhist_year(year: i32) -> Option<Span> {
    let starts = |year: i32| civil(year - BUDDHIST, if year > SHORT_YEAR { 1 } else { 4 }, 1);
    Some(Span { first: starts(year)?, last: starts(year + 1)?.yesterday().ok()? })
}

/// A day of a Rattanakosin year.
pub(super) fn rattanakosin_day(year: i32, month: u8, day: u8) -> Option<Date> {
    buddhist_day(year + RATTANAKOSIN, month, day).filter(|_| COUNTED.contains(&year))
}

/// A Rattanakosin year.
pub(super) fn rattanakosin_year(year: i32) -> Option<Span> {
    buddhist_year(year + RATTANAKOSIN).filter(|_| COUNTED.contains(&year))
}
