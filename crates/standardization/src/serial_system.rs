//! What a serial says by the known system of its maker: a year, a series. It is told and never changes
//! anything: `mappings/vocabulary/serial_system.csv` names patterns, and what each says.
//!
//! In a pattern `#` is a digit, `@` a letter, `*` one digit or more; what stands in braces is the year. A
//! hyphen has to be there; where a pattern has none, those of the serial do not count. What it says is one of
//! `year 1960+` (the digits are counted from 1960), `year from 1995` (the first year from 1995 on that ends in
//! them), `years 1942-1945 …` and `series …`.

use matricule_mapping::{Error, Files, Table};
use matricule_record::{Code, StoredMapping};
use matricule_text::canonical_serial;

/// The file's name.
pub(crate) const NAME: &str = "serial_system";
const COLUMNS: [&str; 5] = ["pattern", "says", "make", "country", "model"];

/// The systems that are known.
pub(crate) struct SerialSystems {
    systems: Vec<System>,
    table: Table,
}

struct System {
    pattern: String,
    says: Says,
    /// Whose it is; empty where it holds for all.
    make: String,
    country: String,
    model: String,
    /// What it says, as the file has it.
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    /// The digits count the years from this one.
    Since(u16),
    /// The last two digits of a year from this one on.
    EndsFrom(u16),
    /// Made in these years.
    Years(u16, u16),
    /// Nothing of a year.
    Series,
}

/// What is said of the weapon whose serial is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weapon<'a> {
    pub make: &'a str,
    pub country: &'a str,
    pub model: &'a str,
    pub year: &'a str,
    /// The year in which it is asked: nothing was made later.
    pub this_year: u16,
}

/// What a serial says, and how that contradicts the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Annotation {
    pub says: String,
    pub contradiction: Option<String>,
}

impl SerialSystems {
    /// Reads the file.
    pub(crate) fn load(files: &Files) -> Result<Self, Error> {
        let table = Table::load(files, NAME, &COLUMNS)?;
        let mut systems = Vec::new();
        for row in table.rows() {
            let [pattern, says, make, country, model] = row.as_slice() else { continue };
            let read = read(says).filter(|says| says.needs_digits() == pattern.contains('{'));
            let says_what = read.ok_or_else(|| {
                let message = format!("`{says}` with the pattern `{pattern}` is not understood; write `year 1960+`, `year from 1995`, `years 1942-1945 …` or `series …`, and braces around the digits of a year");
                Error::new(Code::M502, &format!("mappings/vocabulary/{NAME}.csv"), 0, message)
            })?;
            systems.push(System {
                pattern: pattern.clone(),
                says: says_what,
                make: make.clone(),
                country: country.clone(),
                model: model.clone(),
                text: says.clone(),
            });
        }
        Ok(Self { systems, table })
    }

    /// The rows as a registry keeps them.
    pub(crate) fn stored(&self) -> &StoredMapping {
        self.table.stored()
    }

    /// What a serial says by the first system of its maker whose pattern it has, if by any.
    pub(crate) fn annotate(&self, serial: &str, weapon: &Weapon<'_>) -> Option<Annotation> {
        let mut of_weapon = self.systems.iter().filter(|system| system.is_of(weapon)).peekable();
        of_weapon.peek()?;
        let serial = canonical_serial(serial);
        let plain: String = serial.chars().filter(|c| c.is_alphanumeric()).collect();
        of_weapon.find_map(|system| system.annotate(&serial, &plain, weapon))
    }
}

impl System {
    fn is_of(&self, weapon: &Weapon<'_>) -> bool {
        let is = |own: &str, said: &str| own.is_empty() || own == said;
        is(&self.make, weapon.make) && is(&self.country, weapon.country) && is(&self.model, weapon.model)
    }

    fn annotate(&self, serial: &str, plain: &str, weapon: &Weapon<'_>) -> Option<Annotation> {
        let serial = if self.pattern.contains('-') { serial } else { plain };
        let digits = matched(&self.pattern, serial)?;
        let (first, last) = match self.says {
            Says::Since(year) => one(year.checked_add(digits.parse().ok()?)?),
            Says::EndsFrom(from) => one(ends_in(from, digits.parse().ok()?)),
            Says::Years(first, last) => (first, last),
            Says::Series => return Some(Annotation { says: self.told(), contradiction: None }),
        };
        if first > weapon.this_year {
            return None;
        }
        let years = if first == last { first.to_string() } else { format!("{first} to {last}") };
        let contradiction = stated(weapon.year)
            .filter(|(from, to)| *to < first || *from > last)
            .map(|_| format!("the serial is of {years} by its maker's system, not of {}", weapon.year));
        let says = if self.says.needs_digits() { format!("year {years}") } else { self.told() };
        Some(Annotation { says: format!("{says} (pattern {})", self.pattern), contradiction })
    }

    fn told(&self) -> String {
        self.text.clone()
    }
}

impl Says {
    fn needs_digits(self) -> bool {
        matches!(self, Self::Since(_) | Self::EndsFrom(_))
    }
}

fn one(year: u16) -> (u16, u16) {
    (year, year)
}

/// The first year from one on that ends in two digits.
fn ends_in(from: u16, digits: u16) -> u16 {
    let year = from / 100 * 100 + digits;
    if year < from { year + 100 } else { year }
}

/// The years that a field states: `1985`, `1985/1986`.
fn stated(year: &str) -> Option<(u16, u16)> {
    let number = |text: &str| text.get(..4)?.parse::<u16>().ok();
    let (first, last) = year.split_once('/').unwrap_or((year, year));
    Some((number(first)?, number(last)?))
}

fn read(says: &str) -> Option<Says> {
    let (kind, rest) = says.split_once(' ')?;
    let years = rest.split(' ').next()?;
    match kind {
        "year" => match rest.strip_prefix("from ") {
            Some(year) => year.parse().ok().map(Says::EndsFrom),
            None => rest.strip_suffix('+')?.parse().ok().map(Says::Since),
        },
        "years" => {
            let (first, last) = years.split_once('-')?;
            let (first, last) = (first.parse().ok()?, last.parse().ok()?);
            (first <= last).then_some(Says::Years(first, last))
        }
        "series" => Some(Says::Series),
        _ => None,
    }
}

/// The digits in a pattern's braces, where the serial has the pattern; empty where it has no braces.
fn matched(pattern: &str, serial: &str) -> Option<String> {
    let mut rest = serial.chars().peekable();
    let (mut digits, mut is_inside) = (String::new(), false);
    for sign in pattern.chars() {
        if matches!(sign, '{' | '}') {
            is_inside = sign == '{';
            continue;
        }
        let found = rest.next().filter(|c| fits(sign, *c))?;
        if is_inside {
            digits.push(found);
        }
        while sign == '*' && rest.next_if(char::is_ascii_digit).is_some() {}
    }
    rest.next().is_none().then_some(digits)
}

fn fits(sign: char, character: char) -> bool {
    match sign {
        '#' | '*' => character.is_ascii_digit(),
        '@' => character.is_alphabetic(),
        _ => sign == character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(serial: &str, weapon: [&str; 4], expect: Option<(&str, Option<&str>)>) {
        let systems = SerialSystems::load(&Files::shipped()).unwrap();
        let [make, country, model, year] = weapon;
        let found = systems.annotate(serial, &Weapon { make, country, model, year, this_year: 2026 });
        let found = found.as_ref().map(|found| (found.says.as_str(), found.contradiction.as_deref()));
        assert_eq!(found, expect, "{serial} {weapon:?}");
    }

    #[test]
    fn serials_of_known_systems_say_their_year() {
        let bulgarian = Some(("year 1985 (pattern @@{##}####)", None));
        check("ИК 25 1777", ["Arsenal", "BG", "PM", ""], bulgarian);
        check("IK-25-1777", ["Arsenal", "BG", "PM", "1985"], bulgarian);
        let spanish = Some(("year 1996 (pattern *-##-*-{##})", None));
        check("16-03-103-96", ["AyA", "ES", "", "1996"], spanish);
        check("16-03-0007-04", ["", "ES", "", ""], Some(("year 2004 (pattern *-##-*-{##})", None)));
        let victory = Some(("years 1942-1945 Victory model (pattern V*)", None));
        check("V 123456", ["Smith & Wesson", "US", "", "1943"], victory);
    }

    #[test]
    fn a_stated_year_that_contradicts_is_told() {
        let why = "the serial is of 1985 by its maker's system, not of 1979";
        check(
            "IK 25 1777",
            ["Arsenal", "BG", "PM", "1979"],
            Some(("year 1985 (pattern @@{##}####)", Some(why))),
        );
        let why = "the serial is of 1942 to 1945 by its maker's system, not of 1951/1952";
        check(
            "V1",
            ["Smith & Wesson", "", "", "1951/1952"],
            Some(("years 1942-1945 Victory model (pattern V*)", Some(why))),
        );
    }

    #[test]
    fn a_serial_of_another_maker_or_pattern_says_nothing() {
        for (serial, weapon) in [
            ("IK 25 1777", ["Izhmash", "RU", "PM", ""]),
            ("IK 25 1777", ["Arsenal", "BG", "AR", ""]),
            ("IK 25 17777", ["Arsenal", "BG", "PM", ""]),
            ("IK 25 177", ["Arsenal", "BG", "PM", ""]),
            ("160310396", ["AyA", "ES", "", ""]),
            ("VA1234", ["Smith & Wesson", "US", "", ""]),
            // 2040 and 2094 have not come.
            ("BE 80 4410", ["Arsenal", "BG", "PM", ""]),
            ("16-03-103-94", ["AyA", "ES", "", ""]),
        ] {
            check(serial, weapon, None);
        }
    }

    #[test]
    fn what_is_not_understood_is_no_system() {
        for (text, expect) in [
            ("year 1960+", Some(Says::Since(1960))),
            ("year from 1995", Some(Says::EndsFrom(1995))),
            ("years 1942-1945 Victory", Some(Says::Years(1942, 1945))),
            ("series K frame", Some(Says::Series)),
            ("years 1945-1942", None),
            ("year 1960", None),
            ("month 3", None),
        ] {
            assert_eq!(read(text), expect, "{text}");
        }
    }
}
