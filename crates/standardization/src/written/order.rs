//! Which number of a written date is what.

use super::{Calendar, Context, Doubt, Family, Fault, Number, Token, Unit, Word, Written};

/// A number with the unit that stands beside it.
#[derive(Clone, Copy, Debug)]
struct Part {
    number: Number,
    unit: Option<Unit>,
}

/// The tokens of a date, sorted.
#[derive(Default)]
struct Parts {
    numbers: Vec<Part>,
    month: Option<(Family, u8)>,
    era: Option<Calendar>,
    signs: Vec<char>,
    /// A unit that stood before its number.
    pending: Option<Unit>,
}

const NO: Fault = Fault::NotUnderstood;

/// Reads the tokens of a date.
pub(super) fn arrange(tokens: &[Token], context: &Context<'_>) -> Result<Written, Fault> {
    let mut parts = Parts::default();
    let mut after_number = false;
    for token in tokens {
        match token {
            Token::Number(number) => parts.push(*number),
            Token::Sign(sign) => parts.signs.push(*sign),
            Token::Word(word) => parts.add(*word, after_number)?,
        }
        after_number = matches!(token, Token::Number(_));
    }
    if parts.pending.is_some() {
        return Err(NO);
    }
    match (&parts.month, parts.numbers.len()) {
        (Some(_), 1 | 2) => parts.with_named_month(context),
        (None, 1) => parts.year_alone(),
        (None, 2) => parts.year_and_month(context),
        (None, 3) => parts.three_numbers(context),
        _ => Err(NO),
    }
}

impl Parts {
    fn push(&mut self, number: Number) {
        self.numbers.push(Part { number, unit: self.pending.take() });
    }

    /// A unit belongs to the number before it, else to the one after. An era before a number makes it
    /// the year.
    fn add(&mut self, word: Word, after_number: bool) -> Result<(), Fault> {
        let is_free = match word {
            Word::Month(family, month) => self.month.replace((family, month)).is_none(),
            Word::Link => true,
            Word::Era(calendar) => {
                if !after_number {
                    self.pending = Some(Unit::Year);
                }
                self.era.replace(calendar).is_none()
            }
            // `ngày 12 tháng 3`: a number that has its unit leaves the next to the number behind it.
            Word::Unit(unit) => match self
                .numbers
                .last_mut()
                .filter(|part| after_number && part.unit.is_none_or(|own| own == unit))
            {
                Some(part) => part.unit.replace(unit).is_none_or(|before| before == unit),
                None => self.pending.replace(unit).is_none_or(|before| before == unit),
            },
        };
        if is_free { Ok(()) } else { Err(NO) }
    }

    fn written(&self, year: Part, month: Option<(Family, u8)>, day: Option<u8>) -> Result<Written, Fault> {
        let is_counted = year.number.digits > 1 || year.unit == Some(Unit::Year) || self.era.is_some();
        if !matches!(year.unit, None | Some(Unit::Year)) || year.number.digits > 4 || !is_counted {
            return Err(NO);
        }
        Ok(Written { year: year.number, month, day, era: self.era, is_stamp: false, doubt: None })
    }

    fn year_alone(&self) -> Result<Written, Fault> {
        self.written(self.numbers[0], None, None)
    }

    fn with_named_month(&self, context: &Context<'_>) -> Result<Written, Fault> {
        let [first, rest @ ..] = self.numbers.as_slice() else { return Err(NO) };
        let Some(second) = rest.first() else { return self.written(*first, self.month, None) };
        let (year, day) = match (first.is_year(), second.is_year()) {
            (true, true) => return Err(NO),
            (true, false) => (first, second),
            (false, false) if context.order == Some("ymd") => (first, second),
            (false, _) => (second, first),
        };
        self.written(*year, self.month, Some(day.small(Unit::Day)?))
    }

    fn year_and_month(&self, context: &Context<'_>) -> Result<Written, Fault> {
        let [first, second] = self.numbers[..] else { return Err(NO) };
        let is_dotted = self.signs == ['.'];
        let year_first = matches!(self.calendar(context), Calendar::Japanese(_) | Calendar::Minguo);
        let (year, month) = match (first.is_year(), second.is_year()) {
            (true, false) => (first, second),
            (false, true) => (second, first),
            (false, false) if year_first && is_dotted => (first, second),
            _ => return Err(NO),
        };
        if self.signs.iter().any(|sign| matches!(sign, ',' | ' ' | '\u{060c}')) {
            return Err(NO);
        }
        let month = (Family::Number, month.small(Unit::Month)?);
        let written = self.written(year, Some(month), None)?;
        Ok(Written { is_stamp: is_dotted && !first.is_year() && !second.is_year(), ..written })
    }

    fn three_numbers(&self, context: &Context<'_>) -> Result<Written, Fault> {
        let [first, second, third] = self.numbers[..] else { return Err(NO) };
        let units = [first.unit, second.unit, third.unit];
        let unlike = self.signs.len() == 2 && self.signs[0] != self.signs[1];
        if unlike || self.signs.contains(&',') {
            return Err(NO);
        }
        if units[1..] == [Some(Unit::Month), Some(Unit::Day)] {
            return self.year_first(first, second, third);
        }
        if units[..2] == [Some(Unit::Day), Some(Unit::Month)] {
            return self.year_first(third, second, first);
        }
        if units[1..].iter().any(Option::is_some) && units[2] != Some(Unit::Year) {
            return Err(NO);
        }
        let order = context.order;
        let short = first.number.digits <= 2 && third.number.digits <= 2;
        let written_so = matches!(self.calendar(context), Calendar::Japanese(_) | Calendar::Minguo);
        let is_first = first.unit == Some(Unit::Year)
            || first.number.digits > 2
            || (short && third.unit.is_none() && (order == Some("ymd") || (written_so && order.is_none())));
        if is_first {
            self.year_first(first, second, third)
        } else {
            self.year_last(first, second, third, context)
        }
    }

    fn year_first(&self, year: Part, month: Part, day: Part) -> Result<Written, Fault> {
        let month = (Family::Number, month.small(Unit::Month)?);
        self.written(year, Some(month), Some(day.small(Unit::Day)?))
    }

    fn year_last(&self, a: Part, b: Part, year: Part, context: &Context<'_>) -> Result<Written, Fault> {
        let sign = self.signs.first().copied().unwrap_or(' ');
        let [first, second] = [a.small(Unit::Day)?, b.small(Unit::Day)?];
        let (month, day, doubt) = match self.is_month_first(first, second, sign, context) {
            Some(true) => (first, second, None),
            Some(false) => (second, first, None),
            None => (second, first, Some(Doubt::Order)),
        };
        let written = self.written(year, Some((Family::Number, month)), Some(day))?;
        Ok(Written { doubt, ..written })
    }

    /// Whether the month stands before the day; `None` where either may. No locale of CLDR writes it
    /// first with dots, nor one whose own calendar is another than the Gregorian.
    fn is_month_first(&self, first: u8, second: u8, sign: char, context: &Context<'_>) -> Option<bool> {
        let is_own = |calendar| !matches!(calendar, Calendar::Gregorian | Calendar::Julian);
        match context.order {
            Some("mdy") => Some(true),
            Some("dmy") => Some(false),
            None if sign == '.' || first > 12 || first == second => Some(false),
            // An Ethiopian year has thirteen months, so this comes before what only twelve allow.
            None if is_own(self.calendar(context)) => Some(false),
            None if second > 12 => Some(true),
            _ => None,
        }
    }

    fn calendar(&self, context: &Context<'_>) -> Calendar {
        self.era.unwrap_or(context.calendar)
    }
}

impl Part {
    /// Whether it can only be a year.
    fn is_year(&self) -> bool {
        self.unit == Some(Unit::Year) || self.number.digits > 2 || self.number.value > 31
    }

    /// Its value as a day or month.
    fn small(&self, unit: Unit) -> Result<u8, Fault> {
        let is_unit = self.unit.is_none_or(|own| own == unit);
        u8::try_from(self.number.value).ok().filter(|_| is_unit && self.number.digits <= 2).ok_or(NO)
    }
}
