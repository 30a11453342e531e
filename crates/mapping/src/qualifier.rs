//! What stands behind a header word and changes nothing: a unit (`Calibre (mm)`), the mark of a footnote (`Serial No.¹`),
//! the weapon or its frame (`Serial No. (frame)`). Any other addition (`Serial No. (barrel)`) may change everything.

use std::collections::HashSet;

use matricule_text::{decimal_digit, fold};

use crate::Error;
use crate::files::Files;
use crate::vocabulary::Vocabulary;

/// A longer header, in bytes, is a sentence.
const HEADER_BYTES: usize = 120;
/// Digits of the mark of a footnote.
const MARK: usize = 2;
/// The components whose serial is that of the weapon.
const WEAPON: [&str; 2] = ["frame", "receiver"];
/// Signs in which an addition stands.
const BRACKETS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('（', '）'), ('［', '］')];

/// The additions, in comparable form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Qualifiers {
    words: HashSet<String>,
    components: HashSet<String>,
}

impl Qualifiers {
    /// The additions, with the rows of which a digest is made.
    pub fn load(files: &Files) -> Result<(Self, String), Error> {
        let (words, components) = (files.vocabulary("qualifier")?, files.vocabulary("component")?);
        let content = words.stored().content.clone();
        let of = |vocabulary: &Vocabulary, is_meant: fn(&str) -> bool| {
            let rows = vocabulary.rows().iter().filter(|row| is_meant(&row.value));
            rows.map(|row| fold(&row.word)).filter(|word| !word.is_empty()).collect()
        };
        let found = Self {
            words: of(&words, |_| true),
            components: of(&components, |value| WEAPON.contains(&value)),
        };
        Ok((found, content))
    }

    /// What a header may be without its addition, the longest addition first.
    pub fn without<'a>(&'a self, header: &'a str) -> impl Iterator<Item = &'a str> {
        let whole = header.trim();
        let plain = whole.trim_end_matches(|c: char| c.is_numeric() && decimal_digit(c).is_none());
        let marked = (plain != whole).then_some(plain.trim_end());
        let found = bracketed(plain).filter(|(_, addition)| self.is_addition(addition)).map(|(rest, _)| rest);
        let is_short = header.len() <= HEADER_BYTES;
        marked.into_iter().chain(found).chain(self.without_tail(plain)).filter(move |_| is_short)
    }

    fn without_tail<'a>(&'a self, header: &'a str) -> impl Iterator<Item = &'a str> {
        let is_boundary = |c: char| c.is_whitespace() || matches!(c, '/' | ',');
        let boundaries = header.match_indices(is_boundary).take(HEADER_BYTES);
        let parts = boundaries.map(|(at, sign)| (&header[..at], &header[at + sign.len()..]));
        parts.filter(|(_, tail)| self.words.contains(&fold(tail))).map(|(rest, _)| rest)
    }

    fn is_addition(&self, addition: &str) -> bool {
        let is_mark = || {
            let letters = || addition.chars().filter(|c| c.is_alphanumeric());
            let are_digits = letters().all(|c| c.is_ascii_digit()) && letters().count() <= MARK;
            are_digits || addition.len() == 1
        };
        let word = fold(addition);
        is_mark() || self.words.contains(&word) || self.components.contains(&word)
    }
}

/// A header and what stands in brackets at its end.
fn bracketed(header: &str) -> Option<(&str, &str)> {
    BRACKETS.iter().find_map(|&(open, close)| {
        let (rest, addition) = header.strip_suffix(close)?.rsplit_once(open)?;
        (!rest.trim().is_empty()).then_some((rest, addition.trim()))
    })
}
