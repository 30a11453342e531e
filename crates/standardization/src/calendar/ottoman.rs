//! The Ottoman fiscal calendar (Rumi): Julian months, the year beginning in March, years near those
//! of the Hijra.
//!
//! In force from 1 March 1256 (13 March 1840). The law of 8 February 1332 brought the days in step
//! with the Gregorian calendar: 15 February 1332 (28 February 1917) was followed by 1 March 1333
//! (1 March 1917); year 1333 ended on 31 December 1917, later ones begin in January, and 31 December
//! 1341 was followed by 1 January 1926. Source: F. R. Unat, Hicrî Tarihleri Milâdî Tarihe Çevirme
//! Kılavuzu (Türk Tarih Kurumu).

use jiff::civil::Date;

use super::{Calendar, Span, civil};

/// Gregorian or Julian year of a Rumi year's first day, less the year.
const OFFSET: i32 = 584;
/// The last year of Julian months, and its last day in February.
const LAST_JULIAN: i32 = 1332;
const LAST_JULIAN_DAY: (u8, u8) = (2, 15);
const YEARS: std::ops::RangeInclusive<i32> = 1256..=1341;

/// A day; months are numbered from January, as their names are.
pub(super) fn day(year: i32, month: u8, day: u8) -> Option<Date> {
    if !YEARS.contains(&year) {
        return None;
    }
    if year > LAST_JULIAN {
        let began = year > LAST_JULIAN + 1 || month >= 3;
        return civil(year + OFFSET, month, day).filter(|_| began);
    }
    if year == LAST_JULIAN && month <= 2 && (month, day) > LAST_JULIAN_DAY {
        return None;
    }
    Calendar::Julian.day(year + OFFSET + i32::from(month < 3), month, day)
}

/// A year.
pub(super) fn year(year: i32) -> Option<Span> {
    let starts = |year: i32| {
        let month = if year > LAST_JULIAN + 1 { 1 } else { 3 };
        day(year, month, 1).or_else(|| civil(year + OFFSET, 1, 1))
    };
    let first = starts(year).filter(|_| YEARS.contains(&year))?;
    Some(Span { first, last: starts(year + 1)?.yesterday().ok()? })
}
