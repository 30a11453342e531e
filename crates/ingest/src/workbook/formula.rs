//! Formulas that are nothing but text: `="00"&"123"`, which people write to keep leading zeros.

const NAME: &str = "CONCATENATE";

/// The text of a formula of string literals, joined by `&` or `CONCATENATE`.
pub(crate) fn literal_text(formula: &str) -> Option<String> {
    let mut text = String::new();
    let rest = sum(formula, &mut text)?;
    rest.trim().is_empty().then_some(text)
}

/// One or more terms joined by `&`.
fn sum<'a>(formula: &'a str, text: &mut String) -> Option<&'a str> {
    let mut rest = term(formula.trim_start(), text)?;
    while let Some(next) = rest.trim_start().strip_prefix('&') {
        rest = term(next.trim_start(), text)?;
    }
    Some(rest)
}

fn term<'a>(formula: &'a str, text: &mut String) -> Option<&'a str> {
    if let Some(literal) = formula.strip_prefix('"') {
        return string(literal, text);
    }
    let name = formula.get(..NAME.len()).filter(|name| name.eq_ignore_ascii_case(NAME))?;
    let mut rest = formula[name.len()..].trim_start().strip_prefix('(')?;
    loop {
        rest = sum(rest, text)?.trim_start();
        match rest.strip_prefix([',', ';']) {
            Some(next) => rest = next,
            None => return rest.strip_prefix(')'),
        }
    }
}

/// A literal after its opening quote; a quote inside it is written twice.
fn string<'a>(literal: &'a str, text: &mut String) -> Option<&'a str> {
    let end = literal.find('"')?;
    text.push_str(&literal[..end]);
    let rest = &literal[end + 1..];
    match rest.strip_prefix('"') {
        Some(next) => {
            text.push('"');
            string(next, text)
        }
        None => Some(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_text_and_everything_else_is_not() {
        for (formula, expect) in [
            (r#""00"&"123""#, Some("00123")),
            (r#"CONCATENATE("АВ";" ", "12")"#, Some("АВ 12")),
            (r#" concatenate( "a" & "b" ) "#, Some("ab")),
            (r#""a""b""#, Some("a\"b")),
            (r#""a"&A1"#, None),
            ("A1", None),
            (r#""a"#, None),
            ("", None),
        ] {
            assert_eq!(literal_text(formula).as_deref(), expect, "{formula}");
        }
    }
}
