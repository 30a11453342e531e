//! Calendars: a year, a month or a day of one as Gregorian days.
//!
//! Arithmetic is that of `icu_calendar` where it has the calendar. The Ottoman fiscal calendar, the
//! Thai reckonings and the Japanese eras have files of their own, with their sources, because what
//! sets them apart are reforms and not rules.

use icu_calendar::cal::hijri::{TabularAlgorithmEpoch, TabularAlgorithmLeapYears};
use icu_calendar::cal::{Ethiopian, Hijri, Julian, Persian};
use icu_calendar::types::Month;
use icu_calendar::{Calendar as IcuCalendar, Iso};
use jiff::civil::Date;

mod japanese;
mod ottoman;
#[cfg(test)]
mod tests;
mod thai;

pub(crate) use japanese::Era;

/// A calendar that dates of a ledger can be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Calendar {
    Gregorian,
    Julian,
    /// Arithmetic, 11 leap years in 30 (type II), epoch Friday: what tables of conversion print.
    HijriCivil,
    /// As the Saudi state computes it, 1300 to 1600; before and after as the civil one.
    HijriUmalqura,
    Rumi,
    Persian,
    Buddhist,
    Rattanakosin,
    Ethiopian,
    Minguo,
    /// Without an era its years are of none.
    Japanese(Option<Era>),
}

/// The days of a year, a month, or one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub first: Date,
    pub last: Date,
}

/// Names in profiles and in `mappings/vocabulary/date_word.csv`.
const NAMES: [(&str, Calendar); 17] = [
    ("gregorian", Calendar::Gregorian),
    ("julian", Calendar::Julian),
    ("hijri-civil", Calendar::HijriCivil),
    ("hijri", Calendar::HijriCivil),
    ("hijri-umalqura", Calendar::HijriUmalqura),
    ("rumi", Calendar::Rumi),
    ("persian", Calendar::Persian),
    ("buddhist", Calendar::Buddhist),
    ("rattanakosin", Calendar::Rattanakosin),
    ("ethiopian", Calendar::Ethiopian),
    ("minguo", Calendar::Minguo),
    ("japanese", Calendar::Japanese(None)),
    ("japanese-meiji", Calendar::Japanese(Some(Era::Meiji))),
    ("japanese-taisho", Calendar::Japanese(Some(Era::Taisho))),
    ("japanese-showa", Calendar::Japanese(Some(Era::Showa))),
    ("japanese-heisei", Calendar::Japanese(Some(Era::Heisei))),
    ("japanese-reiwa", Calendar::Japanese(Some(Era::Reiwa))),
];

/// Years of the reckoning that Iran counted from Cyrus, in force from 1976 to 1978.
const IMPERIAL_YEARS: std::ops::RangeInclusive<i32> = 2535..=2537;

impl Calendar {
    /// The calendar of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, calendar)| *calendar)
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        NAMES.iter().find(|(_, calendar)| *calendar == self).map_or("", |(name, _)| name)
    }

    /// A day of it.
    pub(crate) fn day(self, year: i32, month: u8, day: u8) -> Option<Date> {
        match self {
            Self::Gregorian => civil(year, month, day),
            Self::Julian => through(Julian, year, month, day),
            Self::HijriCivil => through(tabular(), year, month, day),
            Self::HijriUmalqura => through(Hijri::new_umm_al_qura(), year, month, day),
            Self::Rumi => ottoman::day(year, month, day),
            Self::Persian if IMPERIAL_YEARS.contains(&year) => through(Persian, year - 1180, month, day),
            Self::Persian => through(Persian, year, month, day),
            Self::Buddhist => thai::buddhist_day(year, month, day),
            Self::Rattanakosin => thai::rattanakosin_day(year, month, day),
            Self::Ethiopian => through(Ethiopian::new(), year, month, day),
            Self::Minguo => civil(year + 1911, month, day).filter(|_| year >= 1),
            Self::Japanese(era) => era?.day(year, month, day),
        }
    }

    /// The days of a month of it.
    pub(crate) fn month(self, year: i32, month: u8) -> Option<Span> {
        let first = (1..=31).find_map(|day| self.day(year, month, day))?;
        let last = (1..=31).rev().find_map(|day| self.day(year, month, day))?;
        Some(Span { first, last })
    }

    /// The days of a year of it.
    pub(crate) fn year(self, year: i32) -> Option<Span> {
        match self {
            Self::Rumi => ottoman::year(year),
            Self::Buddhist => thai::buddhist_year(year),
            Self::Rattanakosin => thai::rattanakosin_year(year),
            Self::Japanese(era) => era?.year(year),
            _ => {
                let next = self.day(year + 1, 1, 1)?;
                Some(Span { first: self.day(year, 1, 1)?, last: next.yesterday().ok()? })
            }
        }
    }

    /// Whether its months are the twelve of Rome, from January to December.
    pub(crate) fn has_roman_months(self) -> bool {
        !matches!(self, Self::HijriCivil | Self::HijriUmalqura | Self::Persian | Self::Ethiopian)
    }
}

impl Span {
    /// One day.
    pub(crate) fn of_day(day: Date) -> Self {
        Self { first: day, last: day }
    }
}

/// The arithmetic Hijri calendar, type II, epoch Friday.
fn tabular() -> Hijri<icu_calendar::cal::hijri::TabularAlgorithm> {
    Hijri::new_tabular(TabularAlgorithmLeapYears::TypeII, TabularAlgorithmEpoch::Friday)
}

/// A day of the Gregorian calendar.
fn civil(year: i32, month: u8, day: u8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A day of a calendar of `icu_calendar`, counted in the era that begins with its year 1.
fn through<C: IcuCalendar>(calendar: C, year: i32, month: u8, day: u8) -> Option<Date> {
    if year < 1 {
        return None;
    }
    let iso =
        icu_calendar::Date::try_new(year.into(), Month::new(month), day, calendar).ok()?.to_calendar(Iso);
    civil(iso.year().extended_year(), iso.month().number(), iso.day_of_month().0)
}
