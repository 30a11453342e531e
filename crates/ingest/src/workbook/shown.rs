//! What the text that an ods shows for a number says of it: the number itself, in whatever language it is written, or more.

use matricule_record::CellKind;
use matricule_text::decimal_digit;

use super::number_format::Shape;
use crate::sheet_row::kind_of_text;

/// Digits of a number at most that is shown with zeros in front.
pub(super) const SHOWN_DIGITS: usize = 15;

/// The shape in which a number is shown, where not as it is: with zeros in front, with an exponent, as an error, as a
/// text that ends with it, as `PT92-0012`; or as a text that does not tell where it comes from.
pub(super) fn shape_of(shown: &str, number: f64) -> Option<Shape> {
    if shown.is_empty() || number < 0.0 {
        return None;
    }
    if kind_of_text(shown) == CellKind::Error {
        return Some(Shape::Shown(shown.into()));
    }
    let text: String = shown.chars().map(western).collect();
    let is_zero_filled = text.len() > 1 && text.starts_with('0') && !text.starts_with(['.', ',']);
    let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_whole && text.parse() == Ok(number) {
        let is_short = is_zero_filled && text.len() <= SHOWN_DIGITS;
        return is_short.then_some(Shape::Zeros(text.len()));
    }
    if text.contains(['E', 'e']) && text.replace(',', ".").parse::<f64>().is_ok() {
        return Some(Shape::Exponent);
    }
    if !is_padded(&text) && says(&text, number) {
        return None;
    }
    let runs = || text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    let digits: String = runs().collect();
    let is_of = |digits: &str| digits.len() <= SHOWN_DIGITS && digits.parse() == Ok(number);
    if !is_whole
        && (is_of(&digits) || runs().next_back().is_some_and(is_of) || runs().next().is_some_and(is_of))
    {
        return Some(Shape::Shown(shown.into()));
    }
    (number.fract() == 0.0).then(|| Shape::Unclear(shown.into()))
}

/// A character as a Western program writes it.
fn western(letter: char) -> char {
    match letter {
        '٬' => ',',
        '٫' => '.',
        _ => decimal_digit(letter).and_then(|digit| char::from_digit(digit.into(), 10)).unwrap_or(letter),
    }
}

/// Whether zeros stand in front of a whole number.
fn is_padded(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut behind = digits.chars().skip_while(|c| *c == '0');
    digits.starts_with('0')
        && digits.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
        && behind.next().is_some()
}

/// Whether a text is the number with blanks, points, commas and a unit, perhaps rounded to the decimals that it shows;
/// letters and signs beside a number without decimals may be those of a serial.
fn says(text: &str, number: f64) -> bool {
    let is_unit = |c: char| c.is_alphabetic() || c == '%';
    let amount = text.trim_matches(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
    let around: String = text.replacen(amount, "", 1);
    let has_letters = around.chars().any(|c| is_unit(c) || matches!(c, '-' | '/' | '№'))
        || around.chars().any(|c| !c.is_alphanumeric() && !c.is_whitespace() && !is_currency(c));
    let read = |point: char, group: char| {
        let plain: String =
            amount.chars().filter(|c| !c.is_whitespace() && *c != group && *c != '\'').collect();
        let plain = plain.replace(point, ".");
        let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let half = 0.5 / 10_f64.powi(i32::try_from(decimals).unwrap_or(0)) + 1e-9;
        let is_near = |value: f64| {
            value.total_cmp(&number).is_eq() || (number.fract() != 0.0 && (value - number).abs() <= half)
        };
        let is_allowed = !has_letters || decimals > 0;
        is_allowed && plain.parse::<f64>().is_ok_and(is_near)
    };
    read('.', ',') || read(',', '.')
}

fn is_currency(sign: char) -> bool {
    matches!(sign, '$' | '¢' | '£' | '¤' | '¥') || ('\u{20a0}'..='\u{20cf}').contains(&sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_an_ods_are_shown_in_shapes() {
        let shown = |text: &str| Some(Shape::Shown(text.into()));
        let unclear = |text: &str| Some(Shape::Unclear(text.into()));
        for (text, number, expect) in [
            ("001234", 1234.0, Some(Shape::Zeros(6))),
            ("1234", 1234.0, None),
            ("0", 0.0, None),
            ("0.5", 0.5, None),
            ("1.01E+07", 10_100_000.0, Some(Shape::Exponent)),
            ("4.59E+04", 45_945.0, Some(Shape::Exponent)),
            ("4,59E+04", 45_945.0, Some(Shape::Exponent)),
            ("AB-0012", 12.0, shown("AB-0012")),
            ("A048B", 48.0, shown("A048B")),
            ("012-345", 12_345.0, shown("012-345")),
            ("Err:502", 0.0, shown("Err:502")),
            ("5.00 mm", 5.0, None),
            ("9 mm", 9.0, shown("9 mm")),
            ("12 345", 12_345.0, None),
            ("1,234", 1234.0, None),
            ("1.234,00 €", 1234.0, None),
            ("$12.35", 12.345, None),
            ("١٢٣٤", 1234.0, None),
            ("PT92-00012", 12.0, shown("PT92-00012")),
            ("M1-0034", 34.0, shown("M1-0034")),
            ("★0012", 12.0, shown("★0012")),
            ("AB0012", 12.0, shown("AB0012")),
            ("001235", 1234.0, unclear("001235")),
            ("1907", 7.0, unclear("1907")),
            ("", 7.0, None),
            ("-12", -12.0, None),
        ] {
            assert_eq!(shape_of(text, number), expect, "{text}");
        }
    }
}
