//! The codes of number formats: sections, conditions, and what stands among the places of digits.

use super::number_format::{Pattern, Shape, Token};

/// Signs of currencies: an amount is no serial with a letter in front.
const CURRENCIES: [char; 5] = ['$', '¢', '£', '¤', '¥'];
/// Colours that a section may name; those by number begin so, too.
const COLOURS: [&str; 9] = ["black", "blue", "color", "cyan", "green", "magenta", "red", "white", "yellow"];
/// Letters of which dates are made, and those that the workbook library knows to be so.
const DATE_LETTERS: &str = "abdeghmnrsy";
const KNOWN_DATE_LETTERS: &str = "dhmsy";

/// A section of a format: for which numbers it is, and in which shape it shows them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Section {
    /// A comparison and the number beside it; all numbers where there is none.
    pub condition: Option<(Comparison, f64)>,
    /// The shape; `None` for the number itself.
    pub shape: Option<Shape>,
}

/// How a number is compared with that of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    More,
}

impl Section {
    /// Whether it is for this number.
    pub fn holds(&self, number: f64) -> bool {
        let Some((comparison, limit)) = self.condition else { return true };
        match comparison {
            Comparison::Less => number < limit,
            Comparison::AtMost => number <= limit,
            Comparison::Equal => number.total_cmp(&limit).is_eq(),
            Comparison::Unequal => number.total_cmp(&limit).is_ne(),
            Comparison::AtLeast => number >= limit,
            Comparison::More => number > limit,
        }
    }
}

/// The sections for numbers, in the order in which they are tried. The last is for all that are left.
pub(super) fn sections(format: &str) -> Vec<Section> {
    let mut parts = split(format);
    // The fourth is for texts.
    parts.truncate(3);
    let count = parts.len();
    let usual = |at: usize| match (at, count) {
        (0, 2) => Some((Comparison::AtLeast, 0.0)),
        (0, 3) => Some((Comparison::More, 0.0)),
        (1, 3) => Some((Comparison::Less, 0.0)),
        _ => None,
    };
    let section = |(at, part): (usize, &str)| {
        let mut code = Code::default();
        let is_read = code.read(part).is_some();
        let condition = code.condition.or_else(|| usual(at));
        let has_letters =
            code.tokens.iter().any(|token| matches!(token, Token::Literal(letter) if letter.is_alphabetic()));
        let shape = if is_read { code.shape(format) } else { Some(Shape::Unclear(format.into())) };
        (Section { condition, shape }, has_letters)
    };
    let mut sections: Vec<(Section, bool)> = parts.into_iter().enumerate().map(section).collect();
    let is_usual = sections.first().is_some_and(|(first, _)| first.condition == usual(0));
    if is_usual {
        // Numbers below 0 are told as they are; a stroke for nothing is 0.
        sections.iter_mut().skip(1).take(1).for_each(|(negative, _)| negative.shape = None);
        sections.iter_mut().skip(2).filter(|(_, letters)| !letters).for_each(|(zero, _)| zero.shape = None);
    }
    sections.into_iter().map(|(section, _)| section).collect()
}

/// The parts between semicolons that are no text.
fn split(format: &str) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    let (mut is_quoted, mut is_escaped, mut is_bracketed) = (false, false, false);
    for (at, letter) in format.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '\\' | '_' | '*' => is_escaped = true,
            '[' => is_bracketed = true,
            ']' => is_bracketed = false,
            ';' if !is_bracketed => {
                parts.push(&format[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&format[start..]);
    parts
}

/// What a section says.
#[derive(Default)]
struct Code {
    tokens: Vec<Token>,
    condition: Option<(Comparison, f64)>,
    has_exponent: bool,
    has_date: bool,
    has_known_date: bool,
    has_percent: bool,
    /// A comma behind the last digit divides by 1000; one between digits groups them.
    is_grouped: bool,
    is_divided: bool,
}

impl Code {
    /// Reads a section; `None` for one that is not understood.
    fn read(&mut self, section: &str) -> Option<()> {
        let mut rest = section;
        while let Some(first) = rest.chars().next() {
            let after = &rest[first.len_utf8()..];
            rest = match first {
                '"' => {
                    let (literal, after) = after.split_once('"')?;
                    self.tokens.extend(literal.chars().map(Token::Literal));
                    after
                }
                '\\' | '_' | '*' => self.escaped(first, after)?,
                '[' => {
                    let (inner, after) = after.split_once(']')?;
                    self.bracket(inner)?;
                    after
                }
                _ if starts_with_word(rest, "general") => {
                    self.tokens.push(Token::Number);
                    &rest["general".len()..]
                }
                'E' | 'e' if after.starts_with(['+', '-']) && self.has_digits() => {
                    self.has_exponent = true;
                    &after[1..]
                }
                _ => {
                    self.sign(first)?;
                    after
                }
            };
        }
        Some(())
    }

    /// A letter that is no code, the width of one, or one that fills the cell.
    fn escaped<'a>(&mut self, first: char, rest: &'a str) -> Option<&'a str> {
        let letter = rest.chars().next()?;
        match first {
            '\\' => self.tokens.push(Token::Literal(letter)),
            '_' => self.tokens.push(Token::Literal(' ')),
            _ if letter == ' ' => {}
            _ => return None,
        }
        Some(&rest[letter.len_utf8()..])
    }

    /// A colour, a condition, or a currency with a language.
    fn bracket(&mut self, inner: &str) -> Option<()> {
        if let Some(currency) = inner.strip_prefix('$') {
            let sign = currency.rsplit_once('-').map_or(currency, |(sign, _)| sign);
            self.tokens.extend(sign.chars().map(Token::Literal));
            return Some(());
        }
        if inner.starts_with(['<', '>', '=']) {
            self.condition = Some(condition(inner)?);
            return Some(());
        }
        let name = inner.to_lowercase();
        if !name.is_empty() && name.chars().all(|letter| matches!(letter, 'h' | 'm' | 's')) {
            (self.has_date, self.has_known_date) = (true, true);
            return Some(());
        }
        COLOURS.iter().any(|colour| name.starts_with(colour)).then_some(())
    }

    fn sign(&mut self, sign: char) -> Option<()> {
        match sign {
            '0' => self.digit(Token::Zero),
            '#' | '?' => self.digit(Token::Digit),
            '.' => self.tokens.push(Token::Point),
            ',' if self.has_digits() => self.is_divided = true,
            '%' => self.has_percent = true,
            '@' => self.tokens.push(Token::Number),
            '/' if self.has_digits() && !self.has_date => return None,
            _ if DATE_LETTERS.contains(sign.to_ascii_lowercase()) => {
                self.has_date = true;
                self.has_known_date |= KNOWN_DATE_LETTERS.contains(sign.to_ascii_lowercase());
            }
            _ if sign.is_ascii_alphabetic() => return None,
            _ => self.tokens.push(Token::Literal(sign)),
        }
        Some(())
    }

    fn digit(&mut self, token: Token) {
        self.is_grouped |= self.is_divided;
        self.is_divided = false;
        self.tokens.push(token);
    }

    fn has_digits(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Zero | Token::Digit))
    }

    /// The shape that it gives numbers; `None` where it shows the number itself.
    fn shape(self, format: &str) -> Option<Shape> {
        let is_sign = |token: &Token| matches!(token, Token::Literal(sign) if !is_blank_or_currency(*sign));
        let has_signs = self.tokens.iter().any(is_sign);
        let has_places = self.has_digits() || self.tokens.contains(&Token::Number);
        if self.has_date && (!has_places || self.has_known_date) {
            return (!self.has_known_date).then_some(Shape::Date);
        }
        if self.has_exponent {
            return Some(Shape::Exponent);
        }
        if self.is_divided || self.has_date || (has_signs && (self.has_percent || !has_places)) {
            return Some(Shape::Unclear(format.into()));
        }
        let whole = self.tokens.iter().take_while(|token| **token != Token::Point);
        let digits: Vec<&Token> = whole.filter(|token| matches!(token, Token::Zero | Token::Digit)).collect();
        let zeros = digits.iter().position(|token| **token == Token::Zero).map_or(0, |at| digits.len() - at);
        let is_plain =
            self.tokens.trim_blanks().iter().all(|token| matches!(token, Token::Zero | Token::Digit));
        match zeros {
            _ if has_signs => Some(Shape::Pattern(self.pattern())),
            0 | 1 => None,
            _ if is_plain && !self.is_grouped => Some(Shape::Zeros(zeros)),
            _ => Some(Shape::Pattern(self.pattern())),
        }
    }

    fn pattern(self) -> Pattern {
        Pattern { tokens: self.tokens, is_grouped: self.is_grouped }
    }
}

/// Tokens without the blanks around them.
trait Blanks {
    fn trim_blanks(&self) -> &[Token];
}

impl Blanks for Vec<Token> {
    fn trim_blanks(&self) -> &[Token] {
        let is_shown = |token: &Token| !matches!(token, Token::Literal(sign) if is_blank_or_currency(*sign));
        match (self.iter().position(is_shown), self.iter().rposition(is_shown)) {
            (Some(first), Some(last)) => &self[first..=last],
            _ => &[],
        }
    }
}

fn is_blank_or_currency(sign: char) -> bool {
    sign.is_whitespace() || CURRENCIES.contains(&sign) || ('\u{20a0}'..='\u{20cf}').contains(&sign)
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// A condition such as `>=100`.
fn condition(text: &str) -> Option<(Comparison, f64)> {
    let end = text.find(|c: char| !matches!(c, '<' | '>' | '='))?;
    let comparison = match &text[..end] {
        "<" => Comparison::Less,
        "<=" => Comparison::AtMost,
        "=" => Comparison::Equal,
        "<>" => Comparison::Unequal,
        ">=" => Comparison::AtLeast,
        ">" => Comparison::More,
        _ => return None,
    };
    Some((comparison, text[end..].trim().parse().ok()?))
}
