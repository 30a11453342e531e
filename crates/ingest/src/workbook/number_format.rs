//! Number formats that show other characters than the number's own: `00000000` its leading zeros,
//! `0.00E+00` an exponent, `"AB"0000` a serial of which only the digits are stored.

use std::iter::Peekable;
use std::vec::IntoIter;

use matricule_record::CellKind;

use super::value::ValueText;
use crate::sheet_row::kind_of_text;

/// How a format shows a number, where not as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// With zeros in front, to this many digits.
    Zeros(usize),
    /// With an exponent.
    Exponent,
    /// With other characters among its digits.
    Pattern(Vec<Token>),
    /// As this text, which the file holds beside the number.
    Shown(Box<str>),
}

/// A piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// Shown as it is.
    Literal(char),
    /// A digit, 0 where the number has none.
    Zero,
    /// A digit where the number has one.
    Digit,
}

impl Shape {
    /// The shape that a format gives a number; `None` where it shows the number itself, or shows it
    /// in a way that is not understood.
    pub fn of(format: &str) -> Option<Self> {
        if format.len() > 1 && format.bytes().all(|byte| byte == b'0') {
            return Some(Self::Zeros(format.len()));
        }
        if let Some(tokens) = pattern(format) {
            return Some(Self::Pattern(tokens));
        }
        let code = format.to_ascii_uppercase();
        (code.contains("0E+") || code.contains("0E-")).then_some(Self::Exponent)
    }

    /// Writes a number as it is shown; `None` for one that the shape does not fit.
    pub fn show(&self, number: f64, text: &mut ValueText) -> Option<CellKind> {
        match self {
            Self::Zeros(digits) => text.zero_filled(number, *digits).map(|(kind, _)| kind),
            Self::Exponent => text.exponent(number).map(|(kind, _)| kind),
            Self::Pattern(tokens) => {
                let digits = text.zero_filled(number, 1)?.1.to_owned();
                text.write(&fill(tokens, &digits));
                Some(CellKind::Text)
            }
            Self::Shown(shown) => {
                text.write(shown);
                Some(kind_of_text(shown))
            }
        }
    }
}

/// Row and column of a cell, counted from 0, and the place of its style.
pub(crate) type Styled = (u32, u32, usize);

/// The cells of a sheet whose format shows their number in another shape.
pub(crate) struct Shapes {
    of_styles: Vec<Option<Shape>>,
    cells: Peekable<IntoIter<Styled>>,
}

impl Shapes {
    /// The shapes that styles give, and the cells that have such a style, in the order of rows.
    pub fn new(of_styles: Vec<Option<Shape>>, cells: Vec<Styled>) -> Self {
        Self { of_styles, cells: cells.into_iter().peekable() }
    }

    /// Writes the number of a cell as it is shown, where not as it is. Rows come in order.
    pub fn show(&mut self, place: (u32, u32), number: Option<f64>, text: &mut ValueText) -> Option<CellKind> {
        while self.cells.next_if(|&(row, ..)| row < place.0).is_some() {}
        let (_, _, style) = self.cells.next_if(|&(row, column, _)| (row, column) == place)?;
        self.of_styles.get(style)?.as_ref()?.show(number?, text)
    }
}

/// The pieces of a format of digits and literals, at least one of which is a letter or a sign.
fn pattern(format: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        let mut next = &rest[first.len_utf8()..];
        match first {
            '0' => tokens.push(Token::Zero),
            '#' => tokens.push(Token::Digit),
            '"' => {
                let (literal, after) = next.split_once('"')?;
                tokens.extend(literal.chars().map(Token::Literal));
                next = after;
            }
            '\\' => {
                let escaped = next.chars().next()?;
                tokens.push(Token::Literal(escaped));
                next = &next[escaped.len_utf8()..];
            }
            ' ' | '-' | '(' | ')' | ':' | '№' => tokens.push(Token::Literal(first)),
            _ => return None,
        }
        rest = next;
    }
    let is_literal = |token: &Token| matches!(token, Token::Literal(literal) if !literal.is_whitespace());
    (tokens.iter().any(is_literal) && !tokens.iter().all(is_literal)).then_some(tokens)
}

/// The digits in the places of a pattern, the last in the last; what is over stands in the first.
fn fill(tokens: &[Token], digits: &str) -> String {
    let mut left = digits.trim_start_matches('0');
    let first = tokens.iter().position(|token| !matches!(token, Token::Literal(_)));
    let mut shown = Vec::new();
    for (at, token) in tokens.iter().enumerate().rev() {
        if let Token::Literal(literal) = token {
            shown.push(*literal);
            continue;
        }
        match left.chars().next_back() {
            Some(digit) => shown.push(digit),
            None if *token == Token::Zero => shown.push('0'),
            None => {}
        }
        left = &left[..left.len().saturating_sub(1)];
        if Some(at) == first {
            shown.extend(left.chars().rev());
        }
    }
    shown.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_show_a_number_otherwise() {
        for (format, expect) in [
            ("00000000", Some(Shape::Zeros(8))),
            ("0.00E+00", Some(Shape::Exponent)),
            ("##0.0E+0", Some(Shape::Exponent)),
            ("0", None),
            ("General", None),
            ("#,##0.00", None),
            ("0%", None),
            ("0 ", None),
            ("0_ ", None),
            ("@", None),
            ("dd-mm-yy", None),
            ("\"AB\"0000;-0", None),
            ("\"AB", None),
            ("\"AB\"", None),
        ] {
            assert_eq!(Shape::of(format), expect, "{format}");
        }
    }

    fn check(format: &str, number: f64, expect: Option<&str>) {
        let mut text = ValueText::new(64);
        let shape = Shape::of(format).unwrap_or_else(|| panic!("{format} has no shape"));
        let shown = shape.show(number, &mut text).map(|_| text.last().to_owned());
        assert_eq!(shown.as_deref(), expect, "{format} {number}");
    }

    #[test]
    fn letters_of_a_format_are_shown() {
        check("\"AB\"0000", 12.0, Some("AB0012"));
        check("\"AB\"0000", 123_456.0, Some("AB123456"));
        check("\"№\"00000", 0.0, Some("№00000"));
        check("№ 00000", 7.0, Some("№ 00007"));
        check("\\A\\B#", 12.0, Some("AB12"));
        check("0000\\-00", 12_345.0, Some("0123-45"));
        check("0000-00", 1_234_567.0, Some("12345-67"));
        check("0\" mm\"", 9.0, Some("9 mm"));
        check("\"AB\"0000", 1.5, None);
        check("\"AB\"0000", -1.0, None);
    }
}
