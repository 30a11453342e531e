//! Japanese eras: the year counts from the accession, the days are Gregorian.
//!
//! The Gregorian calendar came into force on 1 January of Meiji 6 (1873); years before it were
//! lunisolar, so that of these a year can be told and a day cannot. Source: first days of the eras as
//! in CLDR (`japanese` calendar) and the Grand Council's proclamation no. 337 of Meiji 5.

use jiff::civil::{Date, date};

use super::{Span, civil};

/// An era since the first arms that a register holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Era {
    Meiji,
    Taisho,
    Showa,
    Heisei,
    Reiwa,
}

/// The last lunisolar year of Meiji.
const LAST_LUNISOLAR: i32 = 5;

impl Era {
    /// Its first and last day.
    fn bounds(self) -> Span {
        let (first, last) = match self {
            Self::Meiji => (date(1868, 1, 25), date(1912, 7, 30)),
            Self::Taisho => (date(1912, 7, 30), date(1926, 12, 25)),
            Self::Showa => (date(1926, 12, 25), date(1989, 1, 7)),
            Self::Heisei => (date(1989, 1, 8), date(2019, 4, 30)),
            Self::Reiwa => (date(2019, 5, 1), date(9999, 12, 31)),
        };
        Span { first, last }
    }

    fn gregorian(self, year: i32) -> i32 {
        i32::from(self.bounds().first.year()) + year - 1
    }

    fn holds(self, day: Date) -> bool {
        (self.bounds().first..=self.bounds().last).contains(&day)
    }

    /// A day.
    pub(super) fn day(self, year: i32, month: u8, day: u8) -> Option<Date> {
        if year < 1 || (self == Self::Meiji && year <= LAST_LUNISOLAR) {
            return None;
        }
        civil(self.gregorian(year), month, day).filter(|day| self.holds(*day))
    }

    /// A year.
    pub(super) fn year(self, year: i32) -> Option<Span> {
        let bounds = self.bounds();
        let gregorian = self.gregorian(year);
        // A lunisolar year ends in the next Gregorian one, but for the last, which was cut short.
        let is_longer = self == Self::Meiji && year < LAST_LUNISOLAR;
        let first = civil(gregorian, 1, 1)?.max(bounds.first);
        let last = civil(gregorian + i32::from(is_longer), 12, 31)?.min(bounds.last);
        (year >= 1 && first <= last).then_some(Span { first, last })
    }
}
