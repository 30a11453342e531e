//! What a serial cell holds beside or instead of one serial: several, a range, words, a date. Converted as it
//! stands, it would become a serial that no weapon has, or one row would stand for several weapons.
//!
//! What is refused can be written in a form that is read, where it is one serial after all: without blanks, or in
//! capitals.

use std::collections::HashSet;

use matricule_record::message;
use matricule_text::{decimal_digit, has_case, is_dash};

/// Letters of a word that stands after a number: a suffix has fewer.
const WORD: usize = 4;
/// Letters of a word in small letters that stands before a number: a prefix has fewer.
const SMALL_WORD: usize = 3;
/// Digits of a number that may be one end of a range.
const RANGE: usize = 3;
/// Digits of two numbers with a comma between, which is no sign of a serial.
const LISTED: usize = 4;
/// Letters of a word in capitals that a blank sets off from the number behind it: a prefix has fewer …
const LONG_WORD: usize = 5;
/// … and of one in a script without capitals.
const UNCASED_WORD: usize = 6;
/// Digits of a number whose last digits a shortened end of a range replaces.
const SHORTENED: usize = 4;
/// How far apart two numbers are at most that a mere dash joins to a range.
const DASHED: u128 = 200;
/// How far apart two numbers are at most that stand side by side with a mere blank between …
const NEIGHBOURS: u128 = 10;
/// … and with a dash or a word that is set off by blanks.
const NEAR: u128 = 100;
/// Words for "number" before one.
const NUMBER_WORDS: [&str; 14] = [
    "no",
    "nr",
    "sn",
    "зав",
    "сер",
    "num",
    "nro",
    "number",
    "nummer",
    "numer",
    "numero",
    "número",
    "numéro",
    "номер",
];

/// What a cell holds that is not one serial. Names of letters before a number are no words.
pub(crate) fn more_than_a_serial(text: &str, letter_names: &HashSet<String>) -> Option<&'static str> {
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
        beside_number(text, letter_names)
    }
}

/// `No.`, `S/N`, `Nr.:`, `no` and the like; `NO` may be the letters of a serial.
fn is_label(word: &str) -> bool {
    let label = word.trim_end_matches([':', '.']);
    let is_marked = label.len() < word.len() || has_small_letter(word) || label.chars().count() > SMALL_WORD;
    let small = label.to_lowercase();
    matches!(small.as_str(), "s/n" | "n°" | "nº" | "serial" | "ser" | "lot" | "lote" | "nsn")
        || (is_marked && is_number_word(label))
}

/// What stands behind a label, where the cell is a label and a text with a number: `Nr. 55512`.
pub(crate) fn behind_label(text: &str) -> Option<&str> {
    let (label, rest) = text.split_once(char::is_whitespace).filter(|(word, _)| is_label(word))?;
    let is_number = |c: char| c.is_numeric();
    (!label.contains(is_number) && rest.contains(is_number)).then(|| rest.trim())
}

/// Whether a word means "number" in some language.
pub(crate) fn is_number_word(word: &str) -> bool {
    NUMBER_WORDS.contains(&word.to_lowercase().as_str())
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

/// Whether two numbers that follow each other are the ends of a range or items of a list: `AB1234 to AB1240`,
/// `998 - 1005`, `1234,1235`.
fn is_range(text: &str) -> bool {
    // Most serials have one run of digits: something stands before each but one at the beginning.
    let is_digit = |c: char| decimal_digit(c).is_some();
    let others = text.split(is_digit).filter(|between| !between.is_empty()).count();
    if others + usize::from(text.starts_with(is_digit)) < 2 {
        return false;
    }
    let numbers = numbers(text);
    numbers.windows(2).any(|pair| joins(&pair[0], &pair[1]))
        || matches!(numbers.as_slice(), [first, last] if is_close_range(first, last))
}

/// `1001-1010`, `995-1005`, `1001-10`: two numbers and no third, with a mere dash between.
fn is_close_range(first: &Number, last: &Number) -> bool {
    let mut joint = last.before.chars();
    let is_joined = joint.next().is_some_and(|sign| sign == '-' || is_dash(sign)) && joint.next().is_none();
    let is_long = first.digits.len() >= RANGE && last.digits.len() >= first.digits.len();
    let is_plain = || is_long && distance(first, last).is_some_and(|it| it <= DASHED);
    let is_cut = || first.digits.len() >= SHORTENED && last.digits.len() > 1 && is_shortened(first, last);
    is_joined && (is_plain() || is_cut())
}

fn joins(first: &Number, last: &Number) -> bool {
    let is_long = first.digits.len().max(last.digits.len()) >= RANGE;
    let (own, between) = (letters_at_end(&first.before), &last.before);
    if !own.is_empty() && letters_at_end(between).starts_with(&own) {
        return is_long && distance(first, last).is_some();
    }
    let is_set_off = between.starts_with(char::is_whitespace) || between.ends_with(char::is_whitespace);
    let (joint, is_same) = (between.trim(), begin_alike(first, last));
    let is_near = || is_same || distance(first, last).is_some_and(|it| it <= NEAR);
    let is_listed = first.digits.len().min(last.digits.len()) >= LISTED;
    match (joint, joint.chars().next().filter(|_| joint.chars().nth(1).is_none())) {
        ("", _) => {
            is_same && first.digits.len() > RANGE && distance(first, last).is_some_and(|it| it <= NEIGHBOURS)
        }
        // The conjunctions of Arabic and Hebrew, of one letter.
        ("و" | "ו" | "ו-", _) => is_long && is_set_off,
        (_, Some('/')) => is_same,
        (_, Some(',' | '،' | '，' | '、')) => is_same || is_listed,
        (_, Some(sign)) if sign == '-' || is_dash(sign) => {
            is_set_off && (is_near() || is_shortened(first, last))
        }
        (_, Some(sign)) => sign.is_alphabetic() && is_set_off && is_long && is_near(),
        _ if joint.contains("..") || joint.contains(char::is_alphabetic) || joint.starts_with('-') => {
            is_long && is_near()
        }
        _ => false,
    }
}

/// The letters at the end of a text, last first.
fn letters_at_end(text: &str) -> String {
    let visible = text.chars().rev().filter(|c| !c.is_whitespace());
    visible.take_while(|c| c.is_alphabetic()).collect()
}

/// How far the second number is above the first.
fn distance(first: &Number, last: &Number) -> Option<u128> {
    let [first, last] = [first, last].map(|number| number.digits.parse::<u128>().ok());
    last?.checked_sub(first?).filter(|distance| *distance > 0)
}

/// Whether two numbers of as many digits, three at least, ascend and have half of them in common.
fn begin_alike(first: &Number, last: &Number) -> bool {
    let alike = first.digits.bytes().zip(last.digits.bytes()).take_while(|(a, b)| a == b).count();
    let length = first.digits.len();
    length == last.digits.len() && length >= RANGE && alike * 2 >= length && distance(first, last).is_some()
}

/// Whether the second number is the end of a range without the digits that both have in common: `1234 - 40`.
fn is_shortened(first: &Number, last: &Number) -> bool {
    let (first, last) = (&first.digits, &last.digits);
    first.len() >= RANGE && last.len() < first.len() && first[first.len() - last.len()..] < **last
}

/// What stands before or after the first number of a cell and is no part of a serial.
fn beside_number(text: &str, letter_names: &HashSet<String>) -> Option<&'static str> {
    let tokens: Vec<&str> = text.split_whitespace().collect();
    let has_digit = |token: &&str| token.chars().any(char::is_numeric);
    let at = tokens.iter().position(has_digit)?;
    let (first, rest) = (tokens[at], &tokens[at + 1..]);
    let is_followed = rest.iter().any(has_digit);
    let is_letter = |word: &str| letter_names.contains(&word.to_lowercase());
    let are_letters = |word: &str| is_letter(word) || word.split('-').all(is_letter);
    if tokens[..at].iter().any(|word| is_word_before(word) && !are_letters(word)) {
        return Some(message!("t309-and-words"));
    }
    if at > 1 && tokens[..at].iter().any(|word| is_number_word(word)) {
        return Some(message!("t309-label"));
    }
    if let Some(what) = before_digits(first) {
        return Some(what);
    }
    if is_measure(first) || (is_followed && at == 0 && is_decimal(first)) {
        return Some(message!("t309-and-measure"));
    }
    if is_followed && is_date(first) {
        return Some(message!("t309-and-date"));
    }
    let after = rest.iter().enumerate().find_map(|(at, token)| {
        let is_last = at + 1 == rest.len();
        match () {
            () if is_date(token) => Some(message!("t309-and-date")),
            () if is_decimal(token) => Some(message!("t309-and-measure")),
            () if is_words(token, is_last) => Some(message!("t309-and-words")),
            () if is_measure(token) => Some(message!("t309-and-measure")),
            () => None,
        }
    });
    let label = || text.trim_start_matches(['#', '№', '＃', ' ']).contains('№');
    after
        .or_else(|| are_two(text).then_some(message!("t309-two-serials")))
        .or_else(|| label().then_some(message!("t309-label")))
}

/// Whether a word before a number is more than the letters of a serial: three in small letters, five in capitals, six
/// of a script that has none, or an abbreviation.
fn is_word_before(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let has_case = word.chars().any(has_case);
    let is_long = letters >= if has_case { LONG_WORD } else { UNCASED_WORD };
    is_long || (has_small_letter(word) && (letters >= SMALL_WORD || word.ends_with(['.', ':'])))
}

/// A word or a label that a sign joins to the number behind it: `Reg.no.1234`, `NO.1234`, `weapon-1234`.
fn before_digits(token: &str) -> Option<&'static str> {
    let word = &token[..token.find(char::is_numeric)?];
    let sign = word.chars().next_back().filter(|c| !c.is_alphanumeric())?;
    let is_point = matches!(sign, '.' | ':');
    if is_point && (is_label(word) || is_number_word(word.trim_end_matches(['.', ':']))) {
        return Some(message!("t309-label"));
    }
    let has_word = word.split(|c: char| !c.is_alphabetic()).any(is_word_before);
    (has_word || (is_point && has_small_letter(word))).then_some(message!("t309-and-words"))
}

/// Whether a text is two serials side by side: letters and digits, and letters and digits again.
fn are_two(text: &str) -> bool {
    let digits = |token: &str| {
        let start = token.find(char::is_numeric).unwrap_or(token.len());
        let (letters, digits) = token.split_at(start);
        let is_serial = letters.chars().all(char::is_alphabetic) && digits.chars().all(char::is_numeric);
        is_serial.then(|| (letters.chars().count(), digits.chars().count()))
    };
    let is_long = |token: &str| digits(token).is_some_and(|(letters, digits)| letters > 0 && digits >= RANGE);
    let is_clear = |token: &str| {
        is_long(token) || digits(token).is_some_and(|(letters, digits)| letters > 1 && digits > 1)
    };
    let tokens: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == ',').collect();
    let parts: Vec<&str> = text.split('/').map(str::trim).collect();
    tokens.windows(2).any(|pair| pair.iter().all(|token| is_clear(token)))
        || parts.windows(2).any(|pair| pair.iter().all(|part| is_long(part)))
}

/// Words after a number: letters in lower case, or more of them than a serial has there. Only of scripts that have
/// capitals. One small letter at the very end is the series of a German pistol: `1234 a`.
fn is_words(token: &str, is_last: bool) -> bool {
    let letters = || token.chars().filter(|c| c.is_alphabetic());
    let plain = token.trim_matches(|c: char| !c.is_alphanumeric());
    let is_pure = !plain.is_empty() && plain.chars().all(char::is_alphabetic);
    let is_series = is_last && letters().count() == 1 && token.ends_with(char::is_alphabetic);
    (has_small_letter(token) && !is_series)
        || (is_pure && letters().count() >= WORD && letters().all(has_case))
}

fn has_small_letter(text: &str) -> bool {
    text.chars().any(|c| c.is_lowercase() && has_case(c))
}

/// `9mm`, `9MM`, `9x19`, `7.62X39`: a number of a calibre with its unit, or two with a cross.
fn is_measure(token: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let end = token.find(|c: char| !is_digit(c) && !matches!(c, '.' | ',')).unwrap_or(token.len());
    let (number, rest) = token.split_at(end);
    let is_fraction = is_decimal(number);
    let is_short = matches!(number.len(), 1 | 2) && number.chars().all(is_digit);
    if !is_fraction && !is_short {
        return false;
    }
    let is_cross = |c: char| matches!(c, 'x' | 'х' | '×') || (is_fraction && matches!(c, 'X' | 'Х'));
    match rest.strip_prefix(is_cross) {
        Some(length) => {
            let end = length.find(|c: char| !is_digit(c)).unwrap_or(length.len());
            matches!(end, 2 | 3) && length[end..].chars().all(char::is_alphabetic)
        }
        None => matches!(rest.to_lowercase().trim_end_matches('.'), "mm" | "cm" | "мм" | "см"),
    }
}

/// `12/05/1987`, `1987-05-12`, `12.5.87`.
pub(crate) fn is_date(token: &str) -> bool {
    let parts: Vec<&str> = token.split(['.', '/', '-']).collect();
    let number = |part: &&str| part.parse::<u16>().ok().filter(|_| part.len() <= 4);
    let is_year =
        |part: &&str| part.len() == 4 && number(part).is_some_and(|year| (1800..2100).contains(&year));
    let is_small = |part: &&str| part.len() <= 2 && number(part).is_some_and(|day| (1..=31).contains(&day));
    match parts.as_slice() {
        [a, b, c] if is_small(b) => {
            let is_short = is_small(a) && c.len() == 2 && number(c).is_some() && !token.contains('-');
            (is_year(a) && is_small(c)) || (is_small(a) && is_year(c)) || is_short
        }
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
mod tests;
