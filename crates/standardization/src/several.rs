//! What a serial cell holds beside or instead of one serial: several, a range, words, a date. Converted as it
//! stands, it would become a serial that no weapon has, or one row would stand for several weapons.
//!
//! What is refused can be written in a form that is read, where it is one serial after all: without blanks, or in
//! capitals.

use matricule_record::message;
use matricule_text::{decimal_digit, is_dash, script_of};

/// Letters of a word that stands after a number: a suffix has fewer.
const WORD: usize = 4;
/// Digits of a number that may be one end of a range.
const RANGE: usize = 3;
/// How far apart two numbers are at most that stand side by side with a mere blank between.
const NEIGHBOURS: u64 = 10;

/// What a cell holds that is not one serial.
pub(crate) fn more_than_a_serial(text: &str) -> Option<&'static str> {
    let has_digit = |part: &str| part.chars().any(char::is_numeric);
    let words = || text.split_whitespace();
    let is_word = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 2;
    if text.contains(['\n', '\r', ';']) || (text.contains(',') && text.contains(", ")) {
        Some(message!("t309-several-lines"))
    } else if text.contains('/') && text.split(" / ").filter(|part| has_digit(part)).count() > 1 {
        Some(message!("t309-two-serials"))
    } else if !has_digit(text) && words().filter(|word| is_word(word)).count() > 1 {
        Some("words")
    } else if words().count() > 1 && words().next().is_some_and(is_label) {
        Some(message!("t309-label"))
    } else if is_range(text) {
        Some(message!("t309-range"))
    } else {
        after_number(text)
    }
}

/// `No.`, `S/N`, `Nr.:` and the like.
fn is_label(word: &str) -> bool {
    let label = word.trim_end_matches([':', '.']).to_lowercase();
    matches!(label.as_str(), "s/n" | "n°" | "nº" | "serial" | "ser")
        || (matches!(label.as_str(), "no" | "nr" | "sn" | "зав" | "сер") && label.len() < word.len())
}

/// A run of decimal digits with what stands before it, back to the run before.
struct Number {
    before: String,
    digits: String,
}

fn numbers(text: &str) -> Vec<Number> {
    let (mut found, mut before, mut digits): (Vec<Number>, _, _) = (Vec::new(), String::new(), String::new());
    for character in text.chars().map(Some).chain([None]) {
        match (character, character.and_then(decimal_digit)) {
            (_, Some(digit)) => digits.push(char::from(b'0' + digit)),
            (other, None) => {
                if !digits.is_empty() {
                    let (before, digits) = (std::mem::take(&mut before), std::mem::take(&mut digits));
                    found.push(Number { before, digits });
                }
                before.extend(other);
            }
        }
    }
    found
}

/// Whether two numbers may be the ends of a range: `AB1234 to AB1240`, `1234 - 1240`, `1234 1235`. They have as
/// many digits, begin alike and ascend, and what stands between is more than a separator; or both have the same
/// letters before them.
fn is_range(text: &str) -> bool {
    let numbers = numbers(text);
    numbers.windows(2).any(|pair| {
        let ([first, last], at) = (pair, pair[0].digits.len()) else { return false };
        at == last.digits.len() && at >= RANGE && first.digits < last.digits && joins(first, last)
    })
}

fn joins(first: &Number, last: &Number) -> bool {
    let letters = |text: &str| {
        text.chars()
            .rev()
            .filter(|c| !c.is_whitespace())
            .take_while(|c| c.is_alphabetic())
            .collect::<String>()
    };
    let (own, between) = (letters(&first.before), &last.before);
    if !own.is_empty() && letters(between).starts_with(&own) {
        return true;
    }
    let alike = first.digits.bytes().zip(last.digits.bytes()).take_while(|(a, b)| a == b).count();
    let is_blank = between.chars().all(char::is_whitespace);
    let distance = || Some(last.digits.parse::<u64>().ok()? - first.digits.parse::<u64>().ok()?);
    match between.trim() {
        _ if alike * 2 < first.digits.len() => false,
        "" => is_blank && first.digits.len() > RANGE && distance().is_some_and(|it| it <= NEIGHBOURS),
        joint if joint.chars().count() == 1 => {
            let sign = joint.chars().next().is_some_and(|c| is_dash(c) || c == '-' || c.is_alphabetic());
            sign && between.starts_with(char::is_whitespace)
        }
        joint => joint.contains("..") || joint.contains(char::is_alphabetic) || joint.starts_with('-'),
    }
}

/// What stands after the first number of a cell and is no part of a serial.
fn after_number(text: &str) -> Option<&'static str> {
    let tokens: Vec<&str> = text.split_whitespace().collect();
    let has_digit = |token: &str| token.chars().any(char::is_numeric);
    let first = tokens.iter().position(|token| has_digit(token))?;
    let rest = &tokens[first + 1..];
    rest.iter().enumerate().find_map(|(at, token)| {
        let is_last = at + 1 == rest.len();
        match () {
            () if is_date(token) => Some(message!("t309-and-date")),
            () if is_decimal(token) => Some(message!("t309-and-measure")),
            () if is_words(token, is_last) => Some(message!("t309-and-words")),
            () => None,
        }
    })
}

/// Words after a number: letters in lower case, or more of them than a serial has there. Only of scripts that have
/// capitals. One small letter at the very end is the series of a German pistol: `1234 a`.
fn is_words(token: &str, is_last: bool) -> bool {
    let letters = || token.chars().filter(|c| c.is_alphabetic());
    let is_lower = |c: char| has_case(c) && c.is_lowercase();
    let plain = token.trim_matches(|c: char| !c.is_alphanumeric());
    let is_pure = !plain.is_empty() && plain.chars().all(char::is_alphabetic);
    let is_series = is_last && letters().count() == 1 && token.ends_with(char::is_alphabetic);
    (letters().any(is_lower) && !is_series)
        || (is_pure && letters().count() >= WORD && letters().all(has_case))
}

fn has_case(character: char) -> bool {
    matches!(script_of(character), "Latn" | "Cyrl" | "Grek" | "Armn")
}

/// `12/05/1987`, `1987-05-12`.
fn is_date(token: &str) -> bool {
    let parts: Vec<&str> = token.split(['.', '/', '-']).collect();
    let number = |part: &&str| part.parse::<u16>().ok().filter(|_| part.len() <= 4);
    let is_year =
        |part: &&str| part.len() == 4 && number(part).is_some_and(|year| (1800..2100).contains(&year));
    let is_small = |part: &&str| part.len() <= 2 && number(part).is_some_and(|day| (1..=31).contains(&day));
    match parts.as_slice() {
        [a, b, c] => is_small(b) && ((is_year(a) && is_small(c)) || (is_small(a) && is_year(c))),
        _ => false,
    }
}

/// `7.62`, `7,62`.
fn is_decimal(token: &str) -> bool {
    let is_number = |part: &str, most: usize| {
        !part.is_empty() && part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    token.split_once(['.', ',']).is_some_and(|(whole, rest)| is_number(whole, 2) && is_number(rest, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beside_a_serial_is_seen() {
        for (text, expect) in [
            ("AB1234 to AB1240", "the first and the last of several"),
            ("AB1234 TO AB1240", "the first and the last of several"),
            ("AB 1234 - AB 1240", "the first and the last of several"),
            ("AB1234-AB1240", "the first and the last of several"),
            ("с АВ1234 по АВ1240", "the first and the last of several"),
            ("AB1234 à AB1240", "the first and the last of several"),
            ("AB1234..1240", "the first and the last of several"),
            ("1234 - 1240", "the first and the last of several"),
            ("1234 – 1240", "the first and the last of several"),
            ("1234 1235", "the first and the last of several"),
            ("١٢٣٤ إلى ١٢٤٠", "the first and the last of several"),
            ("१२३४ से १२४०", "the first and the last of several"),
            ("1234 ถึง 1240", "the first and the last of several"),
            ("AB12 e CD34", "a serial and words"),
            ("1234 ex 5678", "a serial and words"),
            ("12345 de 1943", "a serial and words"),
            ("12345 cal 7.62", "a serial and words"),
            ("12345 CAL 7.62", "a serial and a measure"),
            ("12345 9mm", "a serial and words"),
            ("26 cm", "a serial and words"),
            ("1950 г.", "a serial and words"),
            ("12345 RUSTY", "a serial and words"),
            ("12345 ржавый", "a serial and words"),
            ("CD34 replaced 1987", "a serial and words"),
            ("old no. 1234 new no. 5678", "a serial and words"),
            ("1950 г. № 1234", "a serial and words"),
            ("12345 12/05/1987", "a serial and a date"),
            ("12345 1987-05-12", "a serial and a date"),
        ] {
            assert_eq!(more_than_a_serial(text), Some(expect), "{text}");
        }
    }

    #[test]
    fn one_serial_is_one() {
        for text in [
            "25 ИК 1777",
            "ab 1234",
            "1234 a",
            "1234a",
            "4567bb",
            "12 34 a",
            "123 456",
            "12 345 678",
            "1234-1240",
            "12-34",
            "8702-01",
            "SRB 8702-01",
            "16-03-103-96",
            "16-03-0007-04",
            "AB 12.345",
            "BXYZ 123",
            "1234 AB 5678",
            "ჟღ 12 აბ",
            "क ख १२३४",
            "أ ب ١٢٣٤",
            "1234 ب 56",
            "эй-кей 47",
            "五六式 1234",
            "△66 10121943",
            "A①②③45",
            "SRB 2019 2101",
        ] {
            assert_eq!(more_than_a_serial(text), None, "{text}");
        }
    }
}
