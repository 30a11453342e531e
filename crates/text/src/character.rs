//! What kind of character something is.

use std::sync::OnceLock;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, is_nfc_quick};
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};

const PAGE: usize = 256;

/// Scripts of characters, a page of 256 at a time as they are asked for: every serial asks.
static SCRIPTS: [OnceLock<Box<[Script; PAGE]>>; 0x11_0000 / PAGE] =
    [const { OnceLock::new() }; 0x11_0000 / PAGE];

fn script(character: char) -> Script {
    let point = u32::from(character) as usize;
    let page = SCRIPTS[point / PAGE].get_or_init(|| {
        let first = point / PAGE * PAGE;
        Box::new(std::array::from_fn(|at| {
            char::from_u32((first + at) as u32).map_or(Script::Unknown, |c| c.script())
        }))
    });
    page[point % PAGE]
}

/// Whether a character is of a script that has capitals and small letters.
pub fn has_case(character: char) -> bool {
    matches!(script_of(character), "Latn" | "Cyrl" | "Grek" | "Armn")
}

/// The ISO 15924 code of a character's script; `Zyyy` for what scripts share (digits, signs).
pub fn script_of(character: char) -> &'static str {
    match character {
        'A'..='Z' | 'a'..='z' => "Latn",
        '\0'..='\u{7f}' => "Zyyy",
        _ => script(character).short_name(),
    }
}

/// Whether a text of such characters alone is in Normalization Form C, in whatever order they
/// stand: no composition or reordering concerns them.
pub fn is_nfc_inert(character: char) -> bool {
    canonical_combining_class(character) == 0 && is_nfc_quick(std::iter::once(character)) == IsNormalized::Yes
}

/// The script, for a letter of one of those whose letters are taken for each other
/// (Latin, Cyrillic, Greek, Armenian); `None` for anything else.
pub fn look_alike_script(character: char) -> Option<&'static str> {
    if character.is_ascii() {
        return character.is_ascii_alphabetic().then_some("Latn");
    }
    if !character.is_alphabetic() {
        return None;
    }
    match script(character) {
        Script::Latin => Some("Latn"),
        Script::Cyrillic => Some("Cyrl"),
        Script::Greek => Some("Grek"),
        Script::Armenian => Some("Armn"),
        _ => None,
    }
}

/// The value of a decimal digit of any script (general category Nd): each system is ten
/// contiguous code points from zero on (The Unicode Standard, section 4.6).
pub fn decimal_digit(character: char) -> Option<u8> {
    if character.is_ascii() {
        return character.to_digit(10).map(|digit| digit as u8);
    }
    if !character.is_numeric() || character.general_category() != GeneralCategory::DecimalNumber {
        return None;
    }
    Some(distance_from_zero(character))
}

/// How far a digit stands from the zero of its run. Runs may touch (the mathematical digits), so
/// the distance to the start of all touching runs is taken modulo ten.
fn distance_from_zero(digit: char) -> u8 {
    let is_digit = |point: u32| {
        char::from_u32(point).is_some_and(|c| c.general_category() == GeneralCategory::DecimalNumber)
    };
    let mut start = u32::from(digit);
    while is_digit(start - 1) {
        start -= 1;
    }
    ((u32::from(digit) - start) % 10) as u8
}

/// Whether the character divides the parts of a serial: blanks, hyphens and dashes, slash, dot, comma.
pub fn is_separator(character: char) -> bool {
    matches!(
        character,
        '-' | '/' | '.' | ',' | '\u{2212}' | '\u{ff0d}' | '\u{ff0f}' | '\u{ff0e}' | '\u{ff0c}'
    ) || is_blank(character)
        || is_dash(character)
}

/// White space of any width.
pub(crate) fn is_blank(character: char) -> bool {
    character.is_whitespace()
}

/// Dashes that stand for a hyphen.
pub fn is_dash(character: char) -> bool {
    matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}')
}

/// The name of an invisible character that serials are rid of: zero-width, soft-hyphen and
/// bidirectional controls; `None` for any other character.
pub fn invisible_name(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{ad}' => "soft hyphen",
        '\u{34f}' => "combining grapheme joiner",
        '\u{61c}' => "Arabic letter mark",
        '\u{180e}' => "Mongolian vowel separator",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{200e}' => "left-to-right mark",
        '\u{200f}' => "right-to-left mark",
        '\u{202a}'..='\u{202e}' => "bidirectional embedding or override",
        '\u{2060}' => "word joiner",
        '\u{2061}'..='\u{2064}' => "invisible operator",
        '\u{2066}'..='\u{2069}' => "bidirectional isolate",
        '\u{feff}' => "byte order mark",
        _ => return None,
    })
}

/// U+FFFD, private use and unassigned code points: what a character was before is not known.
pub fn is_private_or_replacement(character: char) -> bool {
    !character.is_ascii()
        && (character == '\u{fffd}'
            || matches!(
                character.general_category(),
                GeneralCategory::PrivateUse | GeneralCategory::Unassigned
            ))
}

/// A sign that is neither letter, mark nor number: symbols and punctuation.
pub fn is_symbol(character: char) -> bool {
    matches!(
        character.general_category_group(),
        GeneralCategoryGroup::Symbol | GeneralCategoryGroup::Punctuation
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_all_scripts_have_their_value() {
        for (digit, value) in
            [('7', 7), ('٤', 4), ('۴', 4), ('๙', 9), ('१', 1), ('９', 9), ('𝟠', 8), ('𝟘', 0), ('᠐', 0)]
        {
            assert_eq!(decimal_digit(digit), Some(value), "{digit}");
        }
        for other in ['A', '①', '፩', '〇', '௰', '²', 'Ⅳ'] {
            assert_eq!(decimal_digit(other), None, "{other} is no decimal digit");
        }
    }

    #[test]
    fn every_decimal_digit_agrees_with_ten_to_a_run() {
        let digits: Vec<char> = (0..=0x10_ffff)
            .filter_map(char::from_u32)
            .filter(|c| c.general_category() == GeneralCategory::DecimalNumber)
            .collect();
        assert_eq!(digits.len() % 10, 0);
        for run in digits.chunks(10) {
            let values: Vec<u8> = run.iter().filter_map(|&c| decimal_digit(c)).collect();
            assert_eq!(values, (0..10).collect::<Vec<u8>>(), "run from U+{:04X}", u32::from(run[0]));
        }
    }

    #[test]
    fn scripts_are_named() {
        for (character, script) in
            [('Ж', "Cyrl"), ('A', "Latn"), ('Ω', "Grek"), ('ب', "Arab"), ('3', "Zyyy"), ('-', "Zyyy")]
        {
            assert_eq!(script_of(character), script);
        }
        assert_eq!(look_alike_script('٣'), None);
        assert_eq!(look_alike_script('я'), Some("Cyrl"));
    }
}
