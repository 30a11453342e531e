//! Formulas that are nothing but text: `="00"&"123"`, which people write to keep leading zeros.
//!
//! What such a formula says is known without calculating: literals, joined. Everything else is none of
//! them, as a text that is half of a serial would be worse than no text.

/// Functions that join what they are given. Files hold the English names, newer ones with a prefix.
const NAMES: [&str; 3] = ["CONCATENATE", "_xlfn.CONCAT", "CONCAT"];

/// Functions and parentheses inside each other that are followed at most, whatever a profile allows: each
/// takes of the stack.
const DEEPEST: usize = 4_096;

/// Most digits of a number in a formula: with more, a spreadsheet program has changed the last ones.
const DIGITS: usize = 15;

/// The text of a formula of literals, joined by `&`, `CONCATENATE` or `CONCAT`, not more than `depth` of them
/// inside each other.
pub(crate) fn literal_text(formula: &str, depth: usize) -> Option<String> {
    let mut text = String::new();
    let rest = sum(formula, depth.min(DEEPEST), &mut text)?;
    rest.trim().is_empty().then_some(text)
}

/// One or more terms joined by `&`.
fn sum<'a>(formula: &'a str, depth: usize, text: &mut String) -> Option<&'a str> {
    let depth = depth.checked_sub(1)?;
    let mut rest = term(formula.trim_start(), depth, text)?;
    while let Some(next) = rest.trim_start().strip_prefix('&') {
        rest = term(next.trim_start(), depth, text)?;
    }
    Some(rest)
}

fn term<'a>(formula: &'a str, depth: usize, text: &mut String) -> Option<&'a str> {
    match formula.chars().next()? {
        '"' => string(&formula[1..], text),
        '(' => sum(&formula[1..], depth, text)?.trim_start().strip_prefix(')'),
        '0'..='9' => number(formula, text),
        _ => function(formula, depth, text),
    }
}

/// A literal after its opening quote; a quote inside it is written twice.
fn string<'a>(literal: &'a str, text: &mut String) -> Option<&'a str> {
    let mut rest = literal;
    loop {
        let end = rest.find('"')?;
        text.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        let Some(next) = rest.strip_prefix('"') else { return Some(rest) };
        text.push('"');
        rest = next;
    }
}

/// A whole number that joining gives back as it stands.
fn number<'a>(formula: &'a str, text: &mut String) -> Option<&'a str> {
    let end = formula.find(|c: char| !c.is_ascii_digit()).unwrap_or(formula.len());
    let (digits, rest) = formula.split_at(end);
    let is_plain = (digits == "0" || !digits.starts_with('0')) && digits.len() <= DIGITS;
    let ends = rest.trim_start().starts_with(['&', ',', ';', ')']) || rest.trim().is_empty();
    text.push_str(digits);
    (is_plain && ends).then_some(rest)
}

/// A function that joins its arguments.
fn function<'a>(formula: &'a str, depth: usize, text: &mut String) -> Option<&'a str> {
    let is_named =
        |name: &&&str| formula.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let name = NAMES.iter().find(is_named)?;
    let mut rest = formula[name.len()..].trim_start().strip_prefix('(')?;
    loop {
        rest = sum(rest, depth, text)?.trim_start();
        match rest.strip_prefix([',', ';']) {
            Some(next) => rest = next,
            None => return rest.strip_prefix(')'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(formula: &str, expect: Option<&str>) {
        let start: String = formula.chars().take(60).collect();
        assert_eq!(literal_text(formula, 64).as_deref(), expect, "{start}");
    }

    #[test]
    fn literals_are_text_and_everything_else_is_not() {
        for (formula, expect) in [
            (r#""00"&"123""#, Some("00123")),
            (r#"CONCATENATE("АВ";" ", "12")"#, Some("АВ 12")),
            (r#" concatenate( "a" & "b" ) "#, Some("ab")),
            (r#"_xlfn.CONCAT("KL","00123")"#, Some("KL00123")),
            (r#"CONCATENATE(CONCATENATE("A","B"),"-",("1"&"2"))"#, Some("AB-12")),
            (r#"CONCATENATE("IL",12345)"#, Some("IL12345")),
            (r#""a""b""#, Some("a\"b")),
            (r#"""""&"7""#, Some("\"7")),
            (r#""a"&A1"#, None),
            (r#"CONCATENATE("AB",A2)"#, None),
            (r#"CONCATENATE("AB"#, None),
            (r#"CONCATENATE("AB","12"#, None),
            (r#"CONCATENATE("AB" "12")"#, None),
            // A spreadsheet program would have dropped these zeros, and counted these.
            (r#"CONCATENATE("AB",0012)"#, None),
            (r#""AB"&1.50"#, None),
            (r#""AB"&1E5"#, None),
            (r#""AB"&12%"#, None),
            (r#""AB"&1+1"#, None),
            (r#""AB"&1234567890123456"#, None),
            (r#"CONCATENAR("AB";"12")"#, None),
            (r#"TEXT(12,"0000")"#, None),
            (r#"CONCATENATEX("AB")"#, None),
            ("A1", None),
            (r#""a"#, None),
            ("", None),
        ] {
            check(formula, expect);
        }
    }

    #[test]
    fn a_formula_is_followed_as_deep_as_is_allowed() {
        let nested = |depth: usize| format!("{}\"7\"{}", "(".repeat(depth - 1), ")".repeat(depth - 1));
        assert_eq!(literal_text(&nested(64), 64).as_deref(), Some("7"));
        assert_eq!(literal_text(&nested(65), 64), None);
        assert_eq!(literal_text(&nested(65), 65).as_deref(), Some("7"));
        assert_eq!(literal_text(&nested(1 << 20), usize::MAX), None);
    }

    #[test]
    fn a_formula_without_end_overflowed_the_stack() {
        check(&"(".repeat(1 << 20), None);
        check(&"CONCAT(".repeat(1 << 17), None);
        check(&"\"\"".repeat(1 << 20), Some(&"\"".repeat((1 << 20) - 1)));
    }
}
