//! A calibre's text as numbers, crosses and words in their one form.

use std::borrow::Cow;

use matricule_mapping::{Error, Files, Vocabulary};
use matricule_text::fold;

use crate::cell::plain_numerals;

/// The words of calibres, in lower case.
pub(crate) struct Words {
    pub(super) vocabulary: Vocabulary,
    /// Units, which are also written to the word behind them: `9мм ПМ`, `9mmPara`.
    units: Vec<String>,
    /// Units with a stroke in them, which would part them: `m/m`.
    parted: Vec<String>,
}

/// What stands for a unit that is written with a stroke.
const UNIT: &str = "mm";

impl Words {
    /// Reads them.
    pub(super) fn load(files: &Files) -> Result<Self, Error> {
        let vocabulary = files.vocabulary("calibre_word")?;
        let of_unit = vocabulary.rows().iter().filter(|row| row.value == "unit");
        let (parted, units) =
            of_unit.map(|row| row.word.to_lowercase().to_string()).partition(|word| word.contains('/'));
        Ok(Self { vocabulary, units, parted })
    }

    fn value_of(&self, word: &str) -> Option<&str> {
        self.vocabulary.value_of(word)
    }

    /// A word without the unit written to its front, where what is left is a word or one letter.
    fn without_unit<'t>(&self, text: &'t str) -> &'t str {
        if self.value_of(text).is_some() {
            return text;
        }
        let rests = self.units.iter().filter_map(|unit| text.strip_prefix(unit.as_str()));
        let is_word = |rest: &&str| rest.chars().count() == 1 || self.value_of(rest).is_some();
        rests.filter(is_word).min_by_key(|rest| rest.len()).unwrap_or(text)
    }
}

/// A piece of a calibre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Digits with at most one decimal point; `joined` to the number before by this sign.
    Number {
        text: String,
        has_point: bool,
        joined: Option<char>,
    },
    /// The sign between bore and case.
    Cross,
    Word(String),
}

/// The pieces of a calibre, without the words that say nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub tokens: Vec<Token>,
    /// Whether its gauge is called a bore: in South Asia inches are called so too.
    pub is_bore: bool,
}

/// Signs between bore and case, in lower case.
const CROSSES: [char; 7] = ['x', '×', 'х', '*', '✕', '✖', '╳'];
/// The form of words for a shotgun's bore.
pub(super) const GAUGE: &str = "ga";

/// In Persian a stroke parts the decimals (`۷/۶۲×۳۹`), as a momayyez that no keyboard has: it is one between Persian
/// digits where a cross follows, which no gauge with its chamber has (`۱۲/۷۰`).
fn with_decimal_points(text: &str) -> Cow<'_, str> {
    let is_digit = |character: &char| ('۰'..='۹').contains(character);
    let Some((bore, rest)) = text.split_once('/') else { return Cow::Borrowed(text) };
    let after = rest.trim_start_matches(|character| is_digit(&character));
    let crossed = after.trim_start().to_lowercase().starts_with(CROSSES);
    if bore.ends_with(|character| is_digit(&character)) && after.len() < rest.len() && crossed {
        return Cow::Owned(format!("{bore}.{rest}"));
    }
    Cow::Borrowed(text)
}

impl Key {
    /// Reads a text.
    pub(super) fn of(text: &str, words: &Words) -> Self {
        let mut plain = plain_numerals(&with_decimal_points(text))
            .to_lowercase()
            .replace(['٫', '،'], ",")
            .replace('½', " 1/2")
            .replace('¾', " 3/4");
        for unit in &words.parted {
            plain = plain.replace(unit.as_str(), UNIT);
        }
        let characters: Vec<char> = plain.chars().collect();
        let mut key = Self { tokens: Vec::new(), is_bore: false };
        let (mut at, mut sign) = (0, None);
        while at < characters.len() {
            let character = characters[at];
            let end = if character.is_ascii_digit() {
                key.number(&characters, at, sign.take())
            } else if CROSSES.contains(&character) && key.is_cross(&characters, at) {
                key.tokens.push(Token::Cross);
                at + 1
            } else if is_letter(character) {
                key.word(&characters, at, words)
            } else {
                sign = if character.is_whitespace() { sign } else { Some(character) };
                at + 1
            };
            at = end;
        }
        key
    }

    /// A number from its first digit; returns where it ends. `0.38` and `.38` are 38 hundredths of
    /// an inch.
    fn number(&mut self, characters: &[char], start: usize, sign: Option<char>) -> usize {
        let is_digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
        let digits_from = |mut at: usize| {
            while is_digit(at) {
                at += 1;
            }
            at
        };
        let mut end = digits_from(start);
        let has_point = matches!(characters.get(end), Some('.' | ',')) && is_digit(end + 1);
        if has_point {
            end = digits_from(end + 1);
        }
        let text: String = characters[start..end].iter().map(|&c| if c == ',' { '.' } else { c }).collect();
        let inches = text.strip_prefix("0.").map(str::to_owned);
        let has_inches = inches.is_some()
            || (start > 0
                && characters[start - 1] == '.'
                && (start < 2 || !is_letter(characters[start - 2])));
        let joined = if matches!(self.tokens.last(), Some(Token::Number { .. })) {
            Some(sign.unwrap_or(' '))
        } else {
            None
        };
        let joined = joined.or(has_inches.then_some('.'));
        self.tokens.push(Token::Number {
            text: inches.unwrap_or(text),
            has_point: has_point && !has_inches,
            joined,
        });
        end
    }

    /// Whether a cross stands between two numbers, units and blanks aside.
    fn is_cross(&self, characters: &[char], at: usize) -> bool {
        let next = characters[at + 1..].iter().find(|c| !c.is_whitespace());
        let is_bore = match self.tokens.last() {
            Some(Token::Number { .. }) => true,
            Some(Token::Word(word)) => word == GAUGE,
            _ => false,
        };
        is_bore && next.is_some_and(char::is_ascii_digit)
    }

    /// Whether a unit tells the one number so far from a gauge or from hundredths of an inch: 40 mm is
    /// no .40, 12 mm no gauge.
    fn is_large_bore(&self) -> bool {
        matches!(self.tokens.as_slice(), [Token::Number { text, has_point: false, .. }] if text.parse().is_ok_and(|bore: u32| bore >= 12))
    }

    fn word(&mut self, characters: &[char], start: usize, words: &Words) -> usize {
        let length = characters[start..].iter().take_while(|c| is_letter(**c)).count();
        let text: String = characters[start..start + length].iter().collect();
        let text = words.without_unit(&text);
        match words.value_of(text) {
            Some("unit") if self.is_large_bore() => self.tokens.push(Token::Word(UNIT.to_owned())),
            Some("unit" | "calibre") => {}
            Some("bore") => {
                self.is_bore = true;
                self.tokens.push(Token::Word(GAUGE.to_owned()));
            }
            Some("x") => self.tokens.push(Token::Cross),
            Some(value) => self.tokens.extend(value.split(' ').map(|word| Token::Word(word.to_owned()))),
            None => self.tokens.push(Token::Word(fold(text))),
        }
        start + length
    }

    /// The key under which spellings compare.
    pub(super) fn full(&self) -> String {
        join(&self.tokens)
    }

    /// The same, where a word for gauge says only that a calibre follows.
    pub(super) fn without_gauge(&self) -> String {
        let tokens: Vec<Token> =
            self.tokens.iter().filter(|token| **token != Token::Word(GAUGE.to_owned())).cloned().collect();
        join(&tokens)
    }

    /// Bore, case with its rim, and the words behind.
    pub(super) fn metric(&self) -> Option<(String, String, String)> {
        let tokens: Vec<&Token> =
            self.tokens.iter().filter(|token| **token != Token::Word(GAUGE.to_owned())).collect();
        // `7,62/39`: a sign for a cross, where the bore has decimals as no year or gauge has.
        let ([Token::Number { text: bore, .. }, Token::Cross, Token::Number { text: length, .. }, rest @ ..]
        | [
            Token::Number { text: bore, has_point: true, .. },
            Token::Number { text: length, joined: Some('-' | '/'), .. },
            rest @ ..,
        ]) = tokens.as_slice()
        else {
            return None;
        };
        let (rim, rest) = match rest {
            [Token::Word(rim), rest @ ..] if matches!(rim.as_str(), "r" | "sr" | "rb" | "b" | "rimmed") => {
                (rim.as_str(), rest)
            }
            rest => ("", rest),
        };
        let rim = if rim == "rimmed" { "r" } else { rim };
        let rest: Vec<Token> = rest.iter().map(|token| (*token).clone()).collect();
        Some((plain_number(bore), format!("{}{rim}", plain_number(length)), join(&rest)))
    }

    /// The one number of a text that is nothing else.
    pub(super) fn bore(&self) -> Option<String> {
        match self.tokens.as_slice() {
            [Token::Number { text, .. }] => Some(plain_number(text)),
            _ => None,
        }
    }

    /// Numbers joined as a day is: three, or one of four digits behind another.
    pub(super) fn is_like_a_date(&self) -> bool {
        let joined = |token: &Token| match token {
            Token::Number { text, joined: Some('-' | '/' | '.'), .. } => Some(text.len()),
            _ => None,
        };
        let joined: Vec<usize> = self.tokens.iter().skip(1).filter_map(joined).collect();
        let small = |token: &Token, most: u32| match token {
            Token::Number { text, .. } => text.parse().is_ok_and(|number: u32| number <= most),
            _ => false,
        };
        let is_day = |a: &Token, b: &Token| (small(a, 31) && small(b, 12)) || (small(a, 12) && small(b, 31));
        joined.contains(&4)
            || matches!(self.tokens.as_slice(), [a, b, c] if joined.len() == 2 && (is_day(a, b) || is_day(b, c)))
    }
}

/// Numbers are kept apart by a hyphen; words follow without a sign.
fn join(tokens: &[Token]) -> String {
    let mut key = String::new();
    let mut after_number = false;
    for token in tokens {
        let is_number = matches!(token, Token::Number { .. });
        match token {
            Token::Number { text, .. } => {
                key.push_str(if after_number { "-" } else { "" });
                key.push_str(text);
            }
            Token::Cross => key.push('x'),
            Token::Word(word) => key.push_str(word),
        }
        after_number = is_number;
    }
    key
}

fn is_letter(character: char) -> bool {
    character.is_alphabetic()
        || matches!(character, '\'' | '\u{200c}' | '㎜')
        || unicode_normalization::char::is_combining_mark(character)
}

/// A number without zeros that say nothing: `9.0` → `9`.
pub(super) fn plain_number(text: &str) -> String {
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    text.to_owned()
}

/// A metric form as stored: the rim's letters in capitals.
pub(super) fn written(bore: &str, case: &str) -> String {
    format!("{bore}x{}", case.to_uppercase())
}
