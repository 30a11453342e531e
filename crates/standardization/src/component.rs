//! Several serials in one cell, each with the word of its component: `AANK242 (armação); YWL058 (cano)`.
//!
//! A cell is divided where only one division is possible: every serial has one word of
//! `mappings/vocabulary/component.csv` beside it, or is the first and has none, for the column is that of the
//! control component. What leaves a doubt is not divided, and the row is refused.

use std::collections::HashSet;

use matricule_mapping::{Error, Files, Vocabulary, VocabularyRow};
use matricule_record::Field;
use matricule_text::{decimal_digit, fold, is_dash};

use crate::several::is_number_word;

/// The words for components.
pub(crate) struct Components {
    words: Vocabulary,
    /// The folded first words of all of them: a serial that holds none of these is not looked at further.
    starts: HashSet<String>,
}

/// What a cell's serials come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Division {
    /// No component is named.
    Whole,
    /// Each serial, with the value of its component where one is named.
    Parts(Vec<Part>),
    /// Components are named, and it is not certain what belongs to which.
    Unclear,
}

/// A serial and its component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub component: Option<String>,
    pub serial: String,
}

/// Words of one component at most: `крышка ствольной коробки`.
const PHRASE: usize = 3;
/// Bytes that a word has at least: of Latin, three letters; of Han, one.
const SHORTEST: usize = 3;

/// Letters that a serial may begin or end with.
const PREFIX: usize = 3;
/// Digits of a number that may as well be a count or a length: `2 mag.`, `barrel 26`.
const COUNT: usize = 2;
/// Where the signs begin of which one or two are a word.
const IDEOGRAPHS: char = '\u{2e80}';

/// A piece of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// The end of a part.
    Break,
    /// An opening and a closing bracket.
    Open,
    Close,
    /// The value of a component.
    Label(String),
    Serial(String),
}

impl Components {
    /// Reads the words.
    pub(crate) fn load(files: &Files) -> Result<Self, Error> {
        let words = files.vocabulary("component")?;
        let first = |word: &str| word.split([' ', '-']).next().map(fold);
        let starts = words.rows().iter().filter_map(|row| first(&row.word)).collect();
        Ok(Self { words, starts })
    }

    /// The words, for the registry to keep.
    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.words
    }

    /// Divides a cell.
    pub(crate) fn divide(&self, text: &str, language: Option<&str>) -> Division {
        if !self.names_one(text) {
            return Division::Whole;
        }
        let pieces = self.pieces(text, language);
        if !pieces.iter().any(|piece| matches!(piece, Piece::Label(_))) {
            return Division::Whole;
        }
        if let Some(word) = bare_word(text, &pieces) {
            if may_be_prefix(word) {
                return Division::Whole;
            }
            if !self.is_written_so(word, language) {
                return Division::Unclear;
            }
        }
        let parts = parts(&pieces).filter(|parts| is_certain(parts) && !holds_count(parts));
        parts.map_or(Division::Unclear, Division::Parts)
    }

    /// Whether a word is the name of a component as the ledger's language writes it, marks and all. Where no language
    /// is known, a word in capitals may be the letters of a serial; a sign of Han or kana is a word in any.
    fn is_written_so(&self, word: &str, language: Option<&str>) -> bool {
        let small = word.to_lowercase();
        let is_sure = match language {
            _ if word.chars().all(|c| c >= IDEOGRAPHS) => true,
            None => word.chars().any(|c| c.is_alphabetic() && !c.is_uppercase()),
            Some(_) => false,
        };
        let is_own = |row: &VocabularyRow| is_sure || Some(row.language.as_str()) == language;
        self.words.rows().iter().any(|row| is_own(row) && row.word.to_lowercase() == small)
    }

    /// Whether a word of the cell may begin the name of a component.
    fn names_one(&self, text: &str) -> bool {
        let is_end = |c: char| c.is_whitespace() || c.is_numeric() || punctuation(c).is_some() || c == '-';
        text.split(is_end).any(|word| word.len() >= SHORTEST && self.starts.contains(&fold(word)))
    }

    fn pieces(&self, text: &str, language: Option<&str>) -> Vec<Piece> {
        let tokens = self.tokens(text, language);
        let (mut pieces, mut at) = (Vec::new(), 0);
        while at < tokens.len() {
            if let Some((length, value)) = self.label(&tokens[at..], language) {
                pieces.push(Piece::Label(value));
                at += length;
                continue;
            }
            match tokens[at].as_str() {
                ";" => pieces.push(Piece::Break),
                "(" => pieces.push(Piece::Open),
                ")" => pieces.push(Piece::Close),
                ":" => {}
                word => match pieces.last_mut() {
                    Some(Piece::Serial(serial)) => serial.extend([" ", word]),
                    _ => pieces.push(Piece::Serial(word.to_owned())),
                },
            }
            at += 1;
        }
        pieces
    }

    /// A stroke without blanks divides where the name of a component stands on either side of it: `frame 12/barrel 13`.
    fn slashes(&self, text: &str) -> String {
        let is_name = |word: Option<&str>| {
            let word = word.unwrap_or_default().trim_matches(|c: char| !c.is_alphabetic());
            word.len() >= SHORTEST && self.starts.contains(&fold(word))
        };
        let mut divided = String::with_capacity(text.len() + 4);
        for part in text.split('/') {
            if !divided.is_empty() {
                let before = divided.split_whitespace().next_back();
                let is_break = is_name(before) || is_name(part.split_whitespace().next());
                divided.push_str(if is_break { " ; " } else { "/" });
            }
            divided.push_str(part);
        }
        divided
    }

    /// The name of a component at the start of the tokens, the longest such: how many tokens, and its value.
    fn label(&self, tokens: &[String], language: Option<&str>) -> Option<(usize, String)> {
        let words =
            tokens.iter().take(PHRASE).take_while(|token| !matches!(token.as_str(), ";" | "(" | ")" | ":"));
        (1..=words.count()).rev().find_map(|length| {
            let phrase = tokens[..length].join(" ");
            let value = self.value(&phrase, language)?;
            Some((length, value))
        })
    }

    fn value(&self, phrase: &str, language: Option<&str>) -> Option<String> {
        let is_long = phrase.len() >= SHORTEST && !phrase.bytes().any(|byte| byte.is_ascii_digit());
        match self.words.lookup(phrase, language) {
            matricule_mapping::Lookup::Found(value) if is_long => Some(value.to_owned()),
            _ => None,
        }
    }

    /// Words and signs, a word of a component that stands close to its serial (`枪管12345`) apart from it.
    fn tokens(&self, text: &str, language: Option<&str>) -> Vec<String> {
        let mut spaced = String::with_capacity(text.len() + 16);
        let text = self.slashes(text).replace(" / ", " ; ").replace(" + ", " ; ").replace(" & ", " ; ");
        for character in text.chars() {
            match punctuation(character) {
                Some(sign) => spaced.extend([' ', sign, ' ']),
                None => spaced.push(character),
            }
        }
        let split = |word: &str| -> Vec<String> {
            let is_end = |c: char| c.is_ascii_alphanumeric() || c.is_numeric();
            let end = word.find(is_end).unwrap_or(word.len());
            let (name, serial) = word.split_at(end);
            if !serial.is_empty() && self.value(name, language).is_some() {
                return vec![name.to_owned(), serial.to_owned()];
            }
            vec![word.to_owned()]
        };
        spaced.split_whitespace().flat_map(split).collect()
    }
}

/// The words of a cell that is the name of a component, a serial and nothing else.
fn bare_word<'t>(text: &'t str, pieces: &[Piece]) -> Option<&'t str> {
    if text.contains(|c| punctuation(c).is_some()) {
        return None;
    }
    let text = text.trim();
    let has_digit = |word: &str| word.chars().any(char::is_numeric);
    let is_edge = |c: char| c.is_whitespace() || c.is_numeric();
    match pieces {
        [Piece::Label(_), Piece::Serial(serial)] => {
            let start = serial.split_whitespace().next().and_then(|word| text.find(word))?;
            Some(text[..start].trim_matches(is_edge))
        }
        [Piece::Serial(serial), Piece::Label(_)] if has_digit(serial) => {
            let last = serial.split_whitespace().next_back()?;
            Some(text[text.find(last)? + last.len()..].trim_matches(is_edge))
        }
        _ => None,
    }
}

/// Whether what looks like the name of a component may be the letters of a serial: two or three of them, none small,
/// as `קת 926`. A sign of Han or kana is a word.
fn may_be_prefix(word: &str) -> bool {
    word.chars().count() <= PREFIX && word.chars().all(|c| c < IDEOGRAPHS && !c.is_lowercase())
}

/// Signs that divide: `;` between parts, brackets, and `:` or a sign for "number" between a name and its serial.
fn punctuation(character: char) -> Option<char> {
    match character {
        ';' | '；' | '؛' | ',' | '，' | '、' | '،' | '|' | '\n' | '\r' => Some(';'),
        '(' | '[' | '（' | '［' => Some('('),
        ')' | ']' | '）' | '］' => Some(')'),
        ':' | '：' | '=' | '№' => Some(':'),
        _ => None,
    }
}

/// The serials with their names, part by part; `None` where a part can be read in two ways or none.
fn parts(pieces: &[Piece]) -> Option<Vec<Part>> {
    let mut found = Vec::new();
    for part in in_brackets(pieces)?.split(|piece| *piece == Piece::Break).filter(|part| !part.is_empty()) {
        read_part(part, &mut found)?;
    }
    Some(found)
}

/// Brackets around a name alone are taken away, those around a name and its serial end a part; any other
/// are no division.
fn in_brackets(pieces: &[Piece]) -> Option<Vec<Piece>> {
    let (mut plain, mut at) = (Vec::new(), 0);
    while at < pieces.len() {
        match (&pieces[at], &pieces[at + 1..]) {
            (Piece::Open, [label @ Piece::Label(_), Piece::Close, ..]) => {
                plain.extend([label.clone(), Piece::Break]);
                at += 3;
            }
            (Piece::Open, [one, other, Piece::Close, ..]) if is_named(one, other) || is_named(other, one) => {
                plain.extend([Piece::Break, one.clone(), other.clone(), Piece::Break]);
                at += 4;
            }
            (Piece::Open | Piece::Close, _) => return None,
            (piece, _) => {
                plain.push(piece.clone());
                at += 1;
            }
        }
    }
    Some(plain)
}

/// Whether one piece is the name of a component, and the other a serial.
fn is_named(name: &Piece, serial: &Piece) -> bool {
    matches!((name, serial), (Piece::Label(_), Piece::Serial(_)))
}

/// `name serial name serial …` or `serial name serial name …`, or one serial without a name.
fn read_part(pieces: &[Piece], found: &mut Vec<Part>) -> Option<()> {
    let mut push = |component: Option<&str>, serial: &str| {
        let serial = without_number_sign(serial)?;
        found.push(Part { component: component.map(str::to_owned), serial });
        Some(())
    };
    if let [Piece::Serial(serial)] = pieces {
        return push(None, serial);
    }
    if !pieces.len().is_multiple_of(2) {
        return None;
    }
    for pair in pieces.chunks(2) {
        match (pair, &pieces[0]) {
            ([Piece::Label(name), Piece::Serial(serial)], Piece::Label(_))
            | ([Piece::Serial(serial), Piece::Label(name)], Piece::Serial(_)) => push(Some(name), serial)?,
            _ => return None,
        }
    }
    Some(())
}

/// A serial without dashes at its ends and without a sign or word for "number" before it. Two or three capitals may
/// be the letters of the serial: then it is not certain, as it is where nothing is left.
fn without_number_sign(serial: &str) -> Option<String> {
    let is_edge = |c: char| c.is_whitespace() || c == '-' || is_dash(c);
    let mut rest = serial.trim_matches(is_edge);
    let signs = ["nº", "n°", "no.", "nr.", "n.", "s/n", "#"];
    loop {
        if let Some(sign) = signs.iter().find(|sign| starts_with(rest, sign)) {
            rest = rest[sign.len()..].trim_matches(is_edge);
            continue;
        }
        let (word, after) = rest.split_at(rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len()));
        if !after.starts_with(|c: char| c.is_whitespace() || c == '.')
            || !(is_number_word(word) || word.eq_ignore_ascii_case("n"))
        {
            return (!rest.is_empty()).then(|| rest.to_owned());
        }
        if !after.starts_with('.') && may_be_prefix(word) {
            return None;
        }
        rest = after.trim_matches(|c| is_edge(c) || c == '.');
    }
}

fn starts_with(text: &str, sign: &str) -> bool {
    text.get(..sign.len()).is_some_and(|start| start.to_lowercase() == *sign)
}

/// Whether the parts leave no doubt: the first alone may have no name, and no name comes twice.
fn is_certain(parts: &[Part]) -> bool {
    let mut seen = HashSet::new();
    parts.iter().enumerate().all(|(at, part)| match &part.component {
        Some(name) => seen.insert(kind(name)),
        None => at == 0 && seen.insert(Kind::Control),
    })
}

/// Whether a part may be a count or a length: one or two digits of a component other than the control component,
/// whose own serial is more than that.
fn holds_count(parts: &[Part]) -> bool {
    let is_count = |part: &Part| {
        part.serial.chars().count() <= COUNT && part.serial.chars().all(|c| decimal_digit(c).is_some())
    };
    let is_of_control = |part: &Part| part.component.as_deref().is_none_or(is_control);
    let is_longer = |part: &Part| part.serial.chars().any(char::is_numeric) && !is_count(part);
    parts.iter().any(|part| is_of_control(part) && is_longer(part))
        && parts.iter().any(|part| !is_of_control(part) && is_count(part))
}

/// Which component a name is of, as far as a weapon has one of it.
#[derive(PartialEq, Eq, Hash)]
enum Kind<'a> {
    Control,
    Other(&'a str),
}

fn kind(name: &str) -> Kind<'_> {
    if is_control(name) { Kind::Control } else { Kind::Other(name) }
}

/// Whether a component is the control component.
pub(crate) fn is_control(name: &str) -> bool {
    matches!(name, "frame" | "receiver")
}

/// The field of a component's serial, where it has one.
pub(crate) fn field(name: &str) -> Option<Field> {
    match name {
        _ if is_control(name) => Some(Field::Serial),
        "barrel" => Some(Field::BarrelSerial),
        "slide" => Some(Field::SlideSerial),
        "bolt" => Some(Field::BoltSerial),
        "cylinder" => Some(Field::CylinderSerial),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
