//! Letters of a column that is declared numeral: תשמ״ד in a column of years is 744.

use matricule_record::Text;
use matricule_text::{NumeralSystem, nfc, script_of};

/// The decimal digits of a cell that is one number written with letters; `None` where it is not.
pub(crate) fn decimal(text: &str, language: Option<&str>) -> Option<Text> {
    let characters: Vec<char> = nfc(text).chars().filter(|c| !c.is_whitespace()).collect();
    let system = system_of(characters.iter().copied().find(|c| c.is_alphabetic())?, language)?;
    let (length, value) = system.read(&characters, true)?;
    value.filter(|_| length == characters.len()).map(Into::into)
}

fn system_of(letter: char, language: Option<&str>) -> Option<NumeralSystem> {
    Some(match script_of(letter) {
        "Grek" => NumeralSystem::Greek,
        "Hebr" => NumeralSystem::Hebrew,
        "Armn" => NumeralSystem::Armenian,
        "Cyrl" => NumeralSystem::Cyrillic,
        "Geor" => NumeralSystem::Georgian,
        "Arab" if matches!(language, Some("fa" | "ur" | "ps")) => NumeralSystem::AbjadEastern,
        "Arab" => NumeralSystem::Abjad,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_numbers_where_the_column_says_so() {
        for (text, language, expect) in [
            ("ה׳תשמ״ד", Some("he"), Some("5744")),
            ("ΑϠΞΗ", Some("el"), None),
            ("͵αϡξηʹ", Some("el"), Some("1968")),
            ("غشكا", Some("fa"), Some("1321")),
            ("غشكا", Some("ar"), None),
            ("1987", None, None),
            ("ПМ", Some("ru"), None),
        ] {
            assert_eq!(decimal(text, language).as_deref(), expect, "{text}");
        }
    }
}
