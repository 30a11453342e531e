//! How numbers are shown where not as they are: `00000000` shows leading zeros, `0.00E+00` an exponent, `"AB"0000` a
//! serial of which only the digits are stored. What a format does is read by `format_code.rs`.

use std::iter::Peekable;
use std::vec::IntoIter;

use calamine::{ExcelDateTime, ExcelDateTimeType};
use matricule_record::CellKind;

use super::format_code::{Section, sections};
use super::value::ValueText;
use crate::sheet_row::kind_of_text;

/// How a format shows a number, where not as it is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// With zeros in front, to this many digits.
    Zeros(usize),
    /// With an exponent.
    Exponent,
    /// As a date of a calendar or in words that the workbook library does not take for one.
    Date,
    /// With other characters among its digits.
    Pattern(Pattern),
    /// By the first of these sections that the number fits.
    Sections(Vec<Section>),
    /// In a way that is not understood, by this format.
    Unclear(Box<str>),
    /// As this text, which the file holds beside the number.
    Shown(Box<str>),
}

/// Digits and other characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub tokens: Vec<Token>,
    /// Whether a comma stands before each three digits.
    pub is_grouped: bool,
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
    /// The point before decimals.
    Point,
    /// The number as it is.
    Number,
}

/// Formats that need no code: `0.00E+00` and `##0.0E+0`, and the Thai dates.
const EXPONENTS: [u32; 2] = [11, 48];
const THAI_DATES: std::ops::RangeInclusive<u32> = 71..=81;

impl Shape {
    /// The shape that a format gives a number; `None` where it shows the number itself.
    pub fn of(format: &str) -> Option<Self> {
        let mut sections = sections(format);
        match sections.len() {
            0 => None,
            1 if sections[0].condition.is_none() => sections.pop()?.shape,
            _ if sections.iter().all(|section| section.shape.is_none()) => None,
            _ => Some(Self::Sections(sections)),
        }
    }

    /// The shape of a format that every program knows by its number.
    pub fn built_in(number: u32) -> Option<Self> {
        match number {
            _ if EXPONENTS.contains(&number) => Some(Self::Exponent),
            _ if THAI_DATES.contains(&number) => Some(Self::Date),
            _ => None,
        }
    }

    /// Writes a number as it is shown; `None` for one that the shape does not fit.
    pub fn show(&self, number: f64, text: &mut ValueText) -> Option<CellKind> {
        match self {
            Self::Zeros(digits) => text.zero_filled(number, *digits).map(|(kind, _)| kind),
            Self::Exponent => text.exponent(number).map(|(kind, _)| kind),
            Self::Date => {
                let date = ExcelDateTime::new(number, ExcelDateTimeType::DateTime, text.is_1904);
                Some(text.date(&date).0)
            }
            Self::Pattern(pattern) => {
                text.write(&pattern.show(number)?);
                Some(CellKind::Text)
            }
            Self::Sections(sections) => {
                let section = sections.iter().find(|section| section.holds(number))?;
                section.shape.as_ref()?.show(number, text)
            }
            // A serial that is stored so is refused, and the format told.
            Self::Unclear(format) => {
                let number = text.zero_filled(number, 1)?.1.to_owned();
                text.write(&format!("{number} ({format})"));
                Some(CellKind::Number)
            }
            Self::Shown(shown) => {
                text.write(shown);
                Some(kind_of_text(shown))
            }
        }
    }
}

impl Pattern {
    /// A number as it is shown; `None` for one that is below 0 or that its digits do not say whole.
    fn show(&self, number: f64) -> Option<String> {
        let point = self.tokens.iter().position(|token| *token == Token::Point).unwrap_or(self.tokens.len());
        let (whole, decimals) = self.tokens.split_at(point);
        let places = decimals.iter().filter(|token| matches!(token, Token::Zero | Token::Digit)).count();
        if whole.contains(&Token::Number) {
            return (0.0..1e15).contains(&number).then(|| spell(whole, &number.to_string()));
        }
        let digits = format!("{number:.places$}");
        if !(0.0..1e15).contains(&number) || digits.parse() != Ok(number) {
            return None;
        }
        let (before, behind) = digits.split_once('.').unwrap_or((&digits, ""));
        if before != "0" && !whole.iter().any(|token| matches!(token, Token::Zero | Token::Digit)) {
            return None;
        }
        Some(self.fill(whole, before) + &decimals_of(decimals, behind))
    }

    /// The digits in the places of a pattern, the last in the last; what is over stands in the first.
    fn fill(&self, tokens: &[Token], digits: &str) -> String {
        let mut left = digits.trim_start_matches('0').chars().rev();
        let first = tokens.iter().position(|token| !matches!(token, Token::Literal(_)));
        let (mut shown, mut count) = (Vec::new(), 0);
        let mut push = |shown: &mut Vec<char>, digit: char| {
            if self.is_grouped && count > 0 && count % 3 == 0 {
                shown.push(',');
            }
            count += 1;
            shown.push(digit);
        };
        for (at, token) in tokens.iter().enumerate().rev() {
            if let Token::Literal(literal) = token {
                shown.push(*literal);
                continue;
            }
            match left.next() {
                Some(digit) => push(&mut shown, digit),
                None if *token == Token::Zero => push(&mut shown, '0'),
                None => {}
            }
            if Some(at) == first {
                left.by_ref().for_each(|digit| push(&mut shown, digit));
            }
        }
        shown.iter().rev().collect::<String>().trim().to_owned()
    }
}

/// The literals with a number in its place.
fn spell(tokens: &[Token], number: &str) -> String {
    let piece = |token: &Token| match token {
        Token::Literal(literal) => literal.to_string(),
        _ => number.to_owned(),
    };
    tokens.iter().map(piece).collect::<String>().trim().to_owned()
}

/// The digits behind the point, with what stands among them; the last zeros only where the pattern wants them.
fn decimals_of(tokens: &[Token], digits: &str) -> String {
    let (mut shown, mut rest) = (String::new(), digits);
    for token in tokens {
        match token {
            Token::Literal(literal) => shown.push(*literal),
            Token::Point => shown.push('.'),
            Token::Digit if rest.bytes().all(|digit| digit == b'0') => rest = "",
            _ => {
                let (digit, after) = rest.split_at_checked(1).unwrap_or(("0", ""));
                shown.push_str(digit);
                rest = after;
            }
        }
    }
    shown.trim_end().to_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_show_a_number_otherwise() {
        for (format, expect) in [
            ("00000000", Some(Shape::Zeros(8))),
            ("#000000", Some(Shape::Zeros(6))),
            ("000000_)", Some(Shape::Zeros(6))),
            ("[$-409]000000", Some(Shape::Zeros(6))),
            ("[Black]000000", Some(Shape::Zeros(6))),
            ("0.00E+00", Some(Shape::Exponent)),
            ("##0.0E+0", Some(Shape::Exponent)),
            ("ggge", Some(Shape::Date)),
            ("ee", Some(Shape::Date)),
            ("aaaa", Some(Shape::Date)),
            ("0", None),
            ("General", None),
            ("[Red]General", None),
            ("#,##0.00", None),
            ("#,##0 ;[Red](#,##0)", None),
            ("_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", None),
            ("_($* #,##0.00_);_($* (#,##0.00);_($* \"-\"??_);_(@_)", None),
            ("[$€-407] #,##0.00", None),
            ("# ##0", None),
            ("0%", None),
            ("0 ", None),
            ("0_ ", None),
            ("0;-0;;@", None),
            (";;;", None),
            ("@", None),
            ("dd-mm-yy", None),
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
        check("\"Ø\"0.00", 9.5, Some("Ø9.50"));
        check("\"AB\"0000", 1.5, None);
        check("\"AB\"0000", -1.0, None);
        check("000 000", 1234.0, Some("001 234"));
        check("\"AB-\"00000_)", 1234.0, Some("AB-01234"));
        check("\"AB\"#,##0", 1234.0, Some("AB1,234"));
        check("\"AB-\"General", 1234.0, Some("AB-1234"));
        check("\"AB-\"@", 7.0, Some("AB-7"));
        check("[$AB-409]0000", 12.0, Some("AB0012"));
    }

    #[test]
    fn the_section_that_fits_shows_the_number() {
        check("\"AB-\"00000;-0", 1234.0, Some("AB-01234"));
        check("\"AB-\"00000;;;", 1234.0, Some("AB-01234"));
        check("000000;[Red]-000000", 1234.0, Some("001234"));
        check("[>100]\"HI-\"0;\"LO-\"0", 1234.0, Some("HI-1234"));
        check("[>100]\"HI-\"0;\"LO-\"0", 7.0, Some("LO-7"));
        check("[Blue]\"AB-\"00000;\"CD-\"0;\"none \"0", 0.0, Some("none 0"));
    }

    #[test]
    fn what_is_not_understood_is_told() {
        check("# ?/?", 1234.0, Some("1234 (# ?/?)"));
        check("0,", 1234.0, Some("1234 (0,)"));
        check("\"AB", 1234.0, Some("1234 (\"AB)"));
        check("\"AB\"", 1234.0, Some("1234 (\"AB\")"));
        check("*-0", 1234.0, Some("1234 (*-0)"));
        check("[DBNum1]General", 1234.0, Some("1234 ([DBNum1]General)"));
        check("# ?/?", 0.5, None);
    }
}
