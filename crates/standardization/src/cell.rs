//! A cell's text, rid of what a spreadsheet or a keyboard left in it.

use std::borrow::Cow;

use matricule_text::{decimal_digit, invisible_name};

/// Trimmed; invisible characters and `_x000D_` removed; runs of blanks and line breaks as one blank.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let visible: String =
        text.replace("_x000D_", " ").chars().filter(|&c| invisible_name(c).is_none()).collect();
    Cow::Owned(visible.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn is_clean(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.is_ascii()
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !bytes.iter().any(u8::is_ascii_control)
        && !bytes.windows(2).any(|pair| pair == b"  ")
        && !text.contains("_x000D_")
}

/// Whether a cell of a descriptive field says nothing: blank, or a dash alone.
pub(crate) fn says_nothing(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}'))
}

/// The text with the decimal digits of every script as ASCII digits.
pub(crate) fn ascii_digits(text: &str) -> String {
    text.chars().map(|c| decimal_digit(c).map_or(c, |digit| char::from(b'0' + digit))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_rid_of_what_nobody_wrote() {
        for (text, expect) in [
            ("  Izhmash ", "Izhmash"),
            ("Smith  &\u{a0}Wesson", "Smith & Wesson"),
            ("A\u{200b}K\u{ad}M", "AKM"),
            ("Tula_x000D_\nArms", "Tula Arms"),
            ("9x18", "9x18"),
        ] {
            assert_eq!(clean(text), expect);
        }
        assert!(says_nothing(" — "));
        assert!(!says_nothing("?"));
    }
}
