//! Calibre: every spelling of a cartridge to its normal form (domain page, section 2).
//!
//! A text is cut into numbers, crosses and words; words of `mappings/vocabulary/calibre_word.csv` become
//! their one form or say nothing (`мм`, `cal.`). What remains is a key, and the keys of
//! `mappings/vocabulary/calibre.csv` name cartridges. Metric forms and gauges are read by their shape. Two
//! cartridges are one only where the list says so; a bare bore that several share (`9 mm`) is of none.

use std::collections::HashMap;

use matricule_mapping::{Error, Files, Vocabulary};

use self::key::{Key, Token, Words};

mod gauge;
mod key;
#[cfg(test)]
mod tests;

/// What a cell of a calibre column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Calibre {
    /// A calibre of the list, in normal form.
    Listed(String),
    /// A shotgun's gauge and the length of its chamber in millimetres.
    Chambered(String, u32),
    /// Of the form of a calibre, but not in the list.
    Unlisted(String),
    /// Not a calibre.
    NotUnderstood,
}

/// The cartridges that are known, by key.
pub(crate) struct Cartridges {
    list: Vocabulary,
    words: Words,
    /// The form of a key; `None` where spellings of two cartridges have it.
    by_key: HashMap<String, Option<Box<str>>>,
}

/// The bore that is named by its inches and not by its gauge.
const SMALL_BORE: &str = ".410";

/// What a part of a text comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Known(String),
    Chambered(String, u32),
    /// A metric form that the list lacks.
    Metric(String),
    Unknown,
}

impl Cartridges {
    /// Reads the list and its words.
    pub(crate) fn load(files: &Files) -> Result<Self, Error> {
        let (list, words) = (files.vocabulary("calibre")?, Words::load(files)?);
        let mut found = Self { list, words, by_key: HashMap::new() };
        let rows: Vec<(String, String)> =
            found.list.rows().iter().map(|row| (row.value.to_string(), row.word.to_string())).collect();
        for (value, word) in &rows {
            found.add(value, value);
            found.add(word, value);
        }
        Ok(found)
    }

    /// The vocabularies, for the registry to keep.
    pub(crate) fn vocabularies(&self) -> [&Vocabulary; 2] {
        [&self.list, &self.words.vocabulary]
    }

    fn add(&mut self, word: &str, value: &str) {
        let key = Key::of(word, &self.words).full();
        if !key.is_empty() {
            let known = self.by_key.entry(key).or_insert_with(|| Some(value.into()));
            if known.as_deref() != Some(value) {
                *known = None;
            }
        }
    }

    /// Reads a cleaned cell.
    pub(crate) fn read(&self, text: &str) -> Calibre {
        match self.part(text) {
            Part::Known(form) => Calibre::Listed(form),
            Part::Chambered(form, chamber) => Calibre::Chambered(form, chamber),
            part => match self.alternatives(text) {
                Some(form) => Calibre::Listed(form),
                None => match part {
                    Part::Metric(form) => Calibre::Unlisted(form),
                    _ if has_form_of_a_name(&Key::of(text, &self.words)) => {
                        Calibre::Unlisted(text.to_owned())
                    }
                    _ => Calibre::NotUnderstood,
                },
            },
        }
    }

    /// A gauge that a spreadsheet took for month and year: `12/70` as December 1970.
    pub(crate) fn of_month(&self, month: u8, year: u16) -> Option<(String, u32)> {
        match self.part(&format!("{month}/{:02}", year % 100)) {
            Part::Chambered(form, chamber) => Some((form, chamber)),
            _ => None,
        }
    }

    /// Whether a text leaves out the rim that its cartridge has: `7.62x54` for 7.62x54R.
    pub(crate) fn lacks_rim(&self, text: &str, form: &str) -> bool {
        let Some(rimless) = form.strip_suffix('R') else { return false };
        let metric = Key::of(text, &self.words).metric();
        metric.is_some_and(|(_, case, rest)| rest.is_empty() && rimless.ends_with(&format!("x{case}")))
    }

    /// The length of a chamber in millimetres.
    pub(crate) fn chamber(&self, text: &str) -> Option<u32> {
        gauge::length(&Key::of(text, &self.words))
    }

    fn part(&self, text: &str) -> Part {
        let key = Key::of(text, &self.words);
        if let Some(chamber) = gauge::small_bore(&key) {
            return Part::Chambered(SMALL_BORE.to_owned(), chamber);
        }
        if let Some((bore, chamber)) = gauge::read(&key) {
            let form = format!("{bore} ga");
            return chamber.map_or(Part::Known(form.clone()), |chamber| Part::Chambered(form, chamber));
        }
        if let Some(form) = self.form_of(&key.full()).or_else(|| self.form_of(&key.without_gauge())) {
            return Part::Known(form.to_owned());
        }
        key.metric().map_or(Part::Unknown, |(bore, case, rest)| self.metric(&bore, &case, &rest))
    }

    fn form_of(&self, key: &str) -> Option<&str> {
        self.by_key.get(key)?.as_deref()
    }

    /// Bore by case, with words behind that must say the same (`9x19 Para` is 9x19 and 9 Para).
    fn metric(&self, bore: &str, case: &str, rest: &str) -> Part {
        let bores = [Some(bore.to_owned()), hundredths(bore)];
        let known =
            bores.iter().flatten().find_map(|bore| Some((bore, self.form_of(&format!("{bore}x{case}"))?)));
        match known {
            Some((_, form)) if rest.is_empty() => Part::Known(form.to_owned()),
            Some((bore, form)) if self.form_of(&format!("{bore}{rest}")) == Some(form) => {
                Part::Known(form.to_owned())
            }
            None if rest.is_empty() && is_plausible(bore, case) => Part::Metric(key::written(bore, case)),
            _ => Part::Unknown,
        }
    }

    /// `9 mm (9x19)`, `.380 ACP / 9 kurz`: parts that each name the same cartridge, or only its bore.
    fn alternatives(&self, text: &str) -> Option<String> {
        let parts: Vec<&str> = text
            .split(['(', ')', '/', ';', '=', '[', ']'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        if parts.len() < 2 {
            return None;
        }
        let mut known: Option<String> = None;
        let mut bores = Vec::new();
        for part in parts {
            match self.part(part) {
                Part::Known(form) if known.as_ref().is_none_or(|known| *known == form) => known = Some(form),
                Part::Unknown => bores.push(Key::of(part, &self.words).bore()?),
                _ => return None,
            }
        }
        let known = known?;
        bores.iter().all(|bore| has_bore(&known, bore)).then_some(known)
    }
}

/// Whether a form is of a bore: `9x19` of 9, `.38 Special` of 38.
fn has_bore(form: &str, bore: &str) -> bool {
    let form = form.trim_start_matches('.');
    let digits = form.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(form.len());
    form[..digits] == *bore
}

/// `762` for `7.62`, where a clerk left the point out.
fn hundredths(bore: &str) -> Option<String> {
    let is_whole = (3..=4).contains(&bore.len()) && bore.bytes().all(|b| b.is_ascii_digit());
    is_whole.then(|| key::plain_number(&format!("{}.{}", &bore[..bore.len() - 2], &bore[bore.len() - 2..])))
}

/// Whether a bore and a case can be a cartridge at all.
fn is_plausible(bore: &str, case: &str) -> bool {
    let length: String = case.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let is_number =
        |text: &str, most: f64| text.parse::<f64>().is_ok_and(|number| number >= 1.0 && number < most);
    is_number(bore, 200.0) && is_number(&length, 400.0) && !case.starts_with('0')
}

/// A bore by itself (`7.62 mm`) or an inch name (`.303 British`): a number and at most four words.
fn has_form_of_a_name(key: &Key) -> bool {
    let numbers = key.tokens.iter().filter(|token| matches!(token, Token::Number { .. })).count();
    let digits: usize = key
        .tokens
        .iter()
        .map(|token| if let Token::Number { text, .. } = token { text.len() } else { 0 })
        .sum();
    let first = key.tokens.iter().find(|token| **token != Token::Word(key::GAUGE.to_owned()));
    let starts = matches!(first, Some(Token::Number { .. }));
    let ends = !matches!(key.tokens.last(), Some(Token::Cross))
        && key.tokens.last() != Some(&Token::Word("x".to_owned()));
    starts && ends && numbers <= 4 && digits <= 12 && key.tokens.len() <= 8 && !key.is_like_a_date()
}
