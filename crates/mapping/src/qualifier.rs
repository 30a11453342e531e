//! What stands behind a header word and changes nothing: a unit (`Calibre (mm)`), the mark of a footnote (`Serial No.¹`),
//! the weapon or its frame (`Serial No. (frame)`). Each belongs behind some words only: a `Year stamped` is no year of
//! manufacture. Any other addition (`Serial No. (barrel)`) may change everything.

use std::collections::{HashMap, HashSet};

use matricule_record::Field;
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
/// The value of the words for a number.
const NUMBER: &str = "number";
/// Signs in which an addition stands.
const BRACKETS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('（', '）'), ('［', '］')];

/// What an addition says, and so behind which words it changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The mark of a footnote: behind any.
    Mark,
    /// In what unit a size is written.
    Unit,
    /// How a date is written.
    Date,
    /// That the weapon is meant.
    Weapon,
    /// Where on the weapon it is marked.
    Place,
}

impl Kind {
    fn from_name(name: &str) -> Option<Self> {
        let kinds =
            [("unit", Self::Unit), ("date", Self::Date), ("weapon", Self::Weapon), ("place", Self::Place)];
        kinds.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// Whether a word for a field still means it.
    pub fn keeps(self, field: Field) -> bool {
        match self {
            Self::Mark => true,
            Self::Unit => field == Field::Calibre,
            Self::Date => matches!(
                field,
                Field::RegisteredOn | Field::StatusDate | Field::YearOfManufacture | Field::ImportYear
            ),
            Self::Weapon => matches!(
                field,
                Field::Serial | Field::Make | Field::Model | Field::WeaponType | Field::Calibre
            ),
            Self::Place => field == Field::Serial,
        }
    }

    /// Whether a number without another name is the serial: `No. of the weapon`, `Number on receiver`.
    pub fn makes_serial(self) -> bool {
        matches!(self, Self::Weapon | Self::Place)
    }
}

/// The additions, in comparable form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Qualifiers {
    words: HashMap<String, Kind>,
    numbers: HashSet<String>,
    components: HashSet<String>,
}

impl Qualifiers {
    /// The additions, with the rows of which a digest is made.
    pub fn load(files: &Files) -> Result<(Self, String), Error> {
        let (words, components) = (files.vocabulary("qualifier")?, files.vocabulary("component")?);
        let content = words.stored().content.clone();
        let rows = |vocabulary: &Vocabulary| -> Vec<(String, String)> {
            let rows = vocabulary.rows().iter().map(|row| (fold(&row.word), row.value.to_string()));
            rows.filter(|(word, _)| !word.is_empty()).collect()
        };
        let mut found = Self::default();
        for (word, value) in rows(&words) {
            if let Some(kind) = Kind::from_name(&value) {
                found.words.insert(word, kind);
            } else if value == NUMBER {
                found.numbers.insert(word);
            }
        }
        let of_the_weapon =
            rows(&components).into_iter().filter(|(_, value)| WEAPON.contains(&value.as_str()));
        found.components = of_the_weapon.map(|(word, _)| word).collect();
        Ok((found, content))
    }

    /// Whether a text is a word for a number and says no more: `Number`, `№`.
    pub fn is_number(&self, text: &str) -> bool {
        self.numbers.contains(&fold(text))
    }

    /// What a header may be without its addition, and what that says, the longest addition first.
    pub fn without<'a>(&'a self, header: &'a str) -> impl Iterator<Item = (&'a str, Kind)> {
        let whole = header.trim();
        let plain = whole.trim_end_matches(|c: char| c.is_numeric() && decimal_digit(c).is_none());
        let marked = (plain != whole).then_some((plain.trim_end(), Kind::Mark));
        let found = bracketed(plain).and_then(|(rest, addition)| Some((rest, self.kind_of(addition)?)));
        let is_short = header.len() <= HEADER_BYTES;
        marked.into_iter().chain(found).chain(self.without_tail(plain)).filter(move |_| is_short)
    }

    fn without_tail<'a>(&'a self, header: &'a str) -> impl Iterator<Item = (&'a str, Kind)> {
        let is_boundary = |c: char| c.is_whitespace() || matches!(c, '/' | ',');
        let boundaries = header.match_indices(is_boundary).take(HEADER_BYTES);
        let parts = boundaries.map(|(at, sign)| (&header[..at], &header[at + sign.len()..]));
        parts.filter_map(|(rest, tail)| Some((rest, *self.words.get(&fold(tail))?)))
    }

    /// What an addition in brackets says.
    fn kind_of(&self, addition: &str) -> Option<Kind> {
        let is_mark = || {
            let letters = || addition.chars().filter(|c| c.is_alphanumeric());
            letters().all(|c| c.is_ascii_digit()) && letters().count() <= MARK
        };
        let word = fold(addition);
        if is_mark() {
            return Some(Kind::Mark);
        }
        let place = self.components.contains(&word).then_some(Kind::Place);
        self.words.get(&word).copied().or(place)
    }
}

/// A header and what stands in brackets at its end.
fn bracketed(header: &str) -> Option<(&str, &str)> {
    BRACKETS.iter().find_map(|&(open, close)| {
        let (rest, addition) = header.strip_suffix(close)?.rsplit_once(open)?;
        (!rest.trim().is_empty()).then_some((rest, addition.trim()))
    })
}
