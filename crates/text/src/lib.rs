//! Facts about characters that every stage shares: normal form, script, decimal digits, the
//! invisible characters that a spreadsheet leaves behind, and the key under which words compare.
//!
//! Nothing here is a conversion: what a letter becomes is decided by the tables under `mappings/`.

mod canonical;
mod character;
mod delimiter;
mod ditto;
mod key;
mod letter_numeral;
mod numeral;

pub use canonical::{canonical_serial, script_of_serial};
pub use character::{
    decimal_digit, has_case, invisible_name, is_dash, is_nfc_inert, is_private_or_replacement, is_separator,
    is_symbol, look_alike_script, script_of,
};
pub use delimiter::delimiter_of;
pub use ditto::{is_ditto_mark, plain_quotes, unframed};
pub use key::{confusion_key, fold, identity_key};
pub use numeral::NumeralSystem;

pub use unicode_normalization::UNICODE_VERSION;

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The text in Normalization Form C (UAX #15). Compatibility forms stay as they are: ㋑ is no イ
/// and ½ no 1⁄2 until a table says so.
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// As [`nfc`], into a text that is used again and again.
pub fn nfc_into(text: &str, out: &mut String) {
    out.clear();
    out.extend(text.nfc());
}

/// The text as it may be shown to a person: control, bidi and other invisible characters are
/// written as `<U+200F>`, so that what is read is what is there.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control()
            || invisible_name(character).is_some()
            || is_private_or_replacement(character)
        {
            shown.push_str(&format!("<U+{:04X}>", u32::from(character)));
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nfc_keeps_compatibility_forms() {
        for (text, expect) in [("e\u{301}", "é"), ("и\u{306}", "й"), ("㋑④½", "㋑④½"), ("AB 12", "AB 12")]
        {
            assert_eq!(nfc(text), expect);
        }
    }

    #[test]
    fn invisible_characters_are_shown() {
        assert_eq!(visible("A\u{200f}\u{1b}[1m\u{e001}"), "A<U+200F><U+001B>[1m<U+E001>");
    }
}
