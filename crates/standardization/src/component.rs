//! Several serials in one cell, each with the word of its component: `AANK242 (armação); YWL058 (cano)`.
//!
//! A cell is divided where only one division is possible: every serial has one word of
//! `mappings/vocabulary/component.csv` beside it, or is the first and has none, for the column is that of the
//! control component. What leaves a doubt is not divided, and the row is refused.

use std::collections::HashSet;

use matricule_mapping::{Error, Files, Vocabulary};
use matricule_record::Field;
use matricule_text::{fold, is_dash};

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

/// Letters that a serial may begin with.
const PREFIX: usize = 3;
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
        if !pieces.iter().any(|piece| matches!(piece, Piece::Label(_))) || may_be_prefix(text, &pieces) {
            return Division::Whole;
        }
        parts(&pieces).filter(|parts| is_certain(parts)).map_or(Division::Unclear, Division::Parts)
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
        for character in text.replace(" / ", " ; ").replace(" + ", " ; ").replace(" & ", " ; ").chars() {
            match punctuation(character) {
                Some(sign) => spaced.extend([' ', sign, ' ']),
                None => spaced.push(character),
            }
        }
        let split = |word: &str| -> Vec<String> {
            let end = word.find(|c: char| c.is_ascii_alphanumeric()).unwrap_or(word.len());
            let (name, serial) = word.split_at(end);
            if !serial.is_empty() && self.value(name, language).is_some() {
                return vec![name.to_owned(), serial.to_owned()];
            }
            vec![word.to_owned()]
        };
        spaced.split_whitespace().flat_map(split).collect()
    }
}

/// Whether what looks like the name of a component may be the letters of a serial: two or three of them before a
/// number and nothing else, as `קת 926`. A sign of Han or kana is a word.
fn may_be_prefix(text: &str, pieces: &[Piece]) -> bool {
    let word = text.split_whitespace().next().unwrap_or_default();
    let is_bare =
        matches!(pieces, [Piece::Label(_), Piece::Serial(_)]) && !text.contains(|c| punctuation(c).is_some());
    is_bare && word.chars().count() <= PREFIX && word.chars().all(|c| c < IDEOGRAPHS)
}

/// Signs that divide: `;` between parts, brackets, and `:` between a name and its serial.
fn punctuation(character: char) -> Option<char> {
    match character {
        ';' | '；' | '؛' | ',' | '，' | '、' | '،' | '|' | '\n' | '\r' => Some(';'),
        '(' | '[' | '（' | '［' => Some('('),
        ')' | ']' | '）' | '］' => Some(')'),
        ':' | '：' | '=' => Some(':'),
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

/// A serial without dashes at its ends and without a sign for "number" before it.
fn without_number_sign(serial: &str) -> Option<String> {
    let is_edge = |c: char| c.is_whitespace() || c == '-' || is_dash(c);
    let mut rest = serial.trim_matches(is_edge);
    let signs = ["№", "nº", "n°", "no.", "nr.", "n.", "s/n", "#"];
    while let Some(sign) = signs.iter().find(|sign| starts_with(rest, sign)) {
        rest = rest[sign.len()..].trim_matches(is_edge);
    }
    (!rest.is_empty()).then(|| rest.to_owned())
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
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let components = Components::load(&Files::shipped()).unwrap();
        let found = match components.divide(text, None) {
            Division::Whole => "whole".to_owned(),
            Division::Unclear => "unclear".to_owned(),
            Division::Parts(parts) => {
                let shown = |part: &Part| {
                    format!("{}={}", part.component.as_deref().unwrap_or_default(), part.serial)
                };
                parts.iter().map(shown).collect::<Vec<_>>().join(" ")
            }
        };
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn serials_with_the_words_of_their_components_are_divided() {
        for (text, expect) in [
            ("AANK242 (armação); YWL058 (cano)", "frame=AANK242 barrel=YWL058"),
            ("AANK242 (armação) YWL058 (cano)", "frame=AANK242 barrel=YWL058"),
            ("AANK 242 armação / YWL058 cano", "frame=AANK 242 barrel=YWL058"),
            ("ствольная коробка АВ 1234, затвор АВ 1235", "receiver=АВ 1234 bolt=АВ 1235"),
            ("ствол: № 77; рамка: № 78", "barrel=77 frame=78"),
            ("12345 (barrel 678)", "=12345 barrel=678"),
            ("12345; ствол 678", "=12345 barrel=678"),
            ("Rahmen 12 Lauf 13 Schlitten 14", "frame=12 barrel=13 slide=14"),
            ("机匣12345，枪管12346", "receiver=12345 barrel=12346"),
            ("機関部 1234、銃身 1235", "receiver=1234 barrel=1235"),
            ("البدن ١٢٣٤ - السبطانة ٥٦٧", "frame=١٢٣٤ barrel=٥٦٧"),
            ("โครงปืน ๑๒๓ ลำกล้อง ๑๒๔", "frame=๑๒๓ barrel=๑๒๔"),
            ("σκελετός: A12, κάννη: A13", "frame=A12 barrel=A13"),
            ("gövde no. 55; namlu no. 56", "frame=55 barrel=56"),
            ("frame 12; mag. 13", "frame=12 magazine=13"),
            ("frame RASPADO; barrel 12", "frame=RASPADO barrel=12"),
            ("frame 1234", "frame=1234"),
            ("1234 (barrel)", "barrel=1234"),
            ("枪管 12", "barrel=12"),
            ("рам: 12", "frame=12"),
        ] {
            check(text, expect);
        }
    }

    #[test]
    fn what_leaves_a_doubt_is_not_divided() {
        for text in [
            "12345 barrel 678",
            "12345; 678; barrel 9",
            "barrel 12; 13",
            "barrel 12; barrel 13",
            "frame 12; receiver 13",
            "12; frame 13",
            "(armação) AANK242 (cano) YWL058",
            "barrel",
        ] {
            check(text, "unclear");
        }
    }

    #[test]
    fn a_serial_without_the_name_of_a_component_stays_whole() {
        for text in [
            "AB 1234",
            "CANO1234",
            "12-34",
            "五六式 1234",
            "К 123; К 124",
            "LAUFEN 12",
            "קת 926",
            "РАМ 12",
            "cev 12",
            "A1 / B2",
        ] {
            check(text, "whole");
        }
    }

    #[test]
    fn the_words_are_of_many_languages_and_every_value_is_known() {
        let components = Components::load(&Files::shipped()).unwrap();
        let rows = components.words.rows();
        let languages: HashSet<&str> = rows.iter().map(|row| row.language.as_str()).collect();
        assert!(languages.len() >= 20, "{languages:?}");
        for name in ["frame", "receiver", "barrel", "slide", "bolt", "cylinder"] {
            assert!(field(name).is_some() && rows.iter().any(|row| row.value == name), "{name}");
        }
    }
}
