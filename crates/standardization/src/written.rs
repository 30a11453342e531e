//! A date as a clerk wrote it: which number is the year, which the month, and of what calendar.
//!
//! A text is numbers and what stands between them. Between them stand one sign (`12.05.1987`) or
//! words of `mappings/vocabulary/month.csv` and `date_word.csv`: months, units (`年`, `г.`), eras (`พ.ศ.`,
//! 昭和) and connecting words. Anything else makes it no date. Order is decided by what only one reading
//! allows; where two remain, the doubt is told and nothing is guessed.

use std::borrow::Cow;

use matricule_mapping::{Lookup, Vocabulary};
use matricule_text::fold;

use crate::calendar::Calendar;
use crate::cell::plain_numerals;

mod order;

/// The names of months, by the calendars that they belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// January to December: of every calendar but the three below.
    Roman,
    Hijri,
    Persian,
    Ethiopian,
    /// A number: of any calendar.
    Number,
}

/// Why a text is no date, or not one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotUnderstood,
    Doubt(Doubt),
}

/// What would have to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Whether the day or the month stands first.
    Order,
    /// Of which language or calendar a word is.
    Word,
    /// Whether a month of the Ottoman year is counted from January or from March.
    Month,
    /// Of which era a year is.
    Era,
    /// Whether a spreadsheet's date is of its own calendar or of the ledger's.
    Cell,
    /// Whether the second number is a month or another year.
    Interval,
}

/// A number with how many digits it was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub value: u32,
    pub digits: usize,
}

/// A date as written: a year at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    pub year: Number,
    pub month: Option<(Family, u8)>,
    pub day: Option<u8>,
    /// The calendar that it names itself.
    pub era: Option<Calendar>,
    /// `13.8`: two small numbers with a dot, as arsenals stamped year and month.
    pub is_stamp: bool,
    /// What is not known about it, beyond the year.
    pub doubt: Option<Doubt>,
}

/// What is known of the ledger that a date stands in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub months: &'a Vocabulary,
    pub words: &'a Vocabulary,
    pub language: Option<&'a str>,
    /// `dmy`, `mdy` or `ymd`, where declared.
    pub order: Option<&'a str>,
    pub calendar: Calendar,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Year,
    Month,
    Day,
}

/// What a word between numbers says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Month(Family, u8),
    Unit(Unit),
    Era(Calendar),
    Link,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Number(Number),
    Word(Word),
    Sign(char),
}

/// Signs that may stand between the parts of a date.
const SIGNS: [char; 9] = ['-', '/', '.', ',', '\u{2013}', '\u{2010}', '\u{060c}', '\u{30fb}', '\u{2019}'];

/// Reads a cleaned text.
pub(crate) fn read(text: &str, context: &Context<'_>) -> Result<Written, Fault> {
    order::arrange(&tokens(&without_ordinal_signs(&plain_numerals(text)), context)?, context)
}

/// `1º de março` is the first of March.
fn without_ordinal_signs(text: &str) -> Cow<'_, str> {
    let Some(at) = text.find(['º', '°']).filter(|at| text[..*at].ends_with(|c: char| c.is_ascii_digit()))
    else {
        return Cow::Borrowed(text);
    };
    Cow::Owned(text.chars().take(text[..at].chars().count()).chain(text[at..].chars().skip(1)).collect())
}

fn tokens(text: &str, context: &Context<'_>) -> Result<Vec<Token>, Fault> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 {
            let value = rest[..digits].parse().map_err(|_| Fault::NotUnderstood)?;
            tokens.push(Token::Number(Number { value, digits }));
            rest = &rest[digits..];
        }
        let gap = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let is_inside = !tokens.is_empty() && gap < rest.len();
        between(&rest[..gap], is_inside, context, &mut tokens)?;
        rest = &rest[gap..];
    }
    Ok(tokens)
}

/// What stands before, between or after numbers: a sign, or words. A Roman month stands apart from
/// its numbers: `9x19` is a calibre.
fn between(gap: &str, is_inside: bool, context: &Context<'_>, tokens: &mut Vec<Token>) -> Result<(), Fault> {
    let words = gap.trim_matches(|c: char| c.is_whitespace() || SIGNS.contains(&c));
    if words == gap
        && words.bytes().all(|b| matches!(b, b'i' | b'I' | b'v' | b'V' | b'x' | b'X'))
        && is_inside
    {
        return Err(Fault::NotUnderstood);
    }
    if !words.is_empty() {
        return phrases(words, context, tokens);
    }
    let mut signs = gap.trim().chars();
    match (signs.next(), signs.next(), is_inside) {
        (sign, None, true) if !gap.is_empty() => {
            tokens.push(Token::Sign(sign.unwrap_or(' ')));
            Ok(())
        }
        (None | Some('.' | ','), None, false) => Ok(()),
        _ => Err(Fault::NotUnderstood),
    }
}

/// Words, the longest known phrase first.
fn phrases(text: &str, context: &Context<'_>, tokens: &mut Vec<Token>) -> Result<(), Fault> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut at = 0;
    while at < words.len() {
        let lengths = (1..=words.len() - at).rev();
        let found = lengths.map(|length| (length, meaning(&words[at..at + length].join(" "), context)));
        let mut known = found.filter(|(_, meaning)| *meaning != Err(Fault::NotUnderstood));
        let (length, word) = known.next().ok_or(Fault::NotUnderstood)?;
        tokens.push(Token::Word(word?));
        at += length;
    }
    Ok(())
}

/// What a phrase means. A single Latin letter is a word of its own language only.
fn meaning(phrase: &str, context: &Context<'_>) -> Result<Word, Fault> {
    let key = fold(phrase);
    let is_letter = key.len() == 1;
    let mut doubt = Fault::NotUnderstood;
    for vocabulary in [context.words, context.months] {
        let found = if is_letter && !key.starts_with(['v', 'x', 'i']) {
            vocabulary.lookup_own(phrase, context.language)
        } else {
            vocabulary.lookup(phrase, context.language)
        };
        match found {
            Lookup::Found(value) => return word_of(value),
            Lookup::Ambiguous(_) => doubt = Fault::Doubt(Doubt::Word),
            Lookup::Unknown => {}
        }
    }
    Err(doubt)
}

/// The word that a vocabulary's value stands for.
fn word_of(value: &str) -> Result<Word, Fault> {
    let (kind, what) = value.split_once(' ').unwrap_or((value, ""));
    let family = match kind {
        "year" => return Ok(Word::Unit(Unit::Year)),
        "month" => return Ok(Word::Unit(Unit::Month)),
        "day" => return Ok(Word::Unit(Unit::Day)),
        "link" => return Ok(Word::Link),
        "era" => return Calendar::named(what).map(Word::Era).ok_or(Fault::NotUnderstood),
        "roman" => Family::Roman,
        "hijri" => Family::Hijri,
        "persian" => Family::Persian,
        "ethiopian" => Family::Ethiopian,
        _ => return Err(Fault::Doubt(Doubt::Word)),
    };
    what.parse().map(|month| Word::Month(family, month)).map_err(|_| Fault::NotUnderstood)
}
