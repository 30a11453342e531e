//! The key under which words of vocabularies and headers compare.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::character::{decimal_digit, invisible_name, script_of};

/// Case, punctuation, blanks and the accents of Latin and Greek letters removed; digits of every
/// script as ASCII digits. Marks of other scripts are letters there and stay.
///
/// Two words with one key are one word to a vocabulary, so the key is for words only: serials
/// have [`crate::canonical_serial`].
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|b| char::from(b.to_ascii_lowercase()))
            .collect();
    }
    let mut key = String::with_capacity(word.len());
    let mut base = "Zyyy";
    for character in word.nfd() {
        if is_combining_mark(character) {
            if !matches!(base, "Latn" | "Grek") {
                key.push(character);
            }
            continue;
        }
        base = script_of(character);
        push_folded(character, &mut key);
    }
    key.nfc().collect()
}

fn push_folded(character: char, key: &mut String) {
    if let Some(digit) = decimal_digit(character) {
        key.push(char::from(b'0' + digit));
    } else if matches!(character, '\u{ff01}'..='\u{ff5e}') {
        unicode_normalization::char::decompose_compatible(character, |c| push_folded(c, key));
    } else if matches!(character, 'º' | '°') {
        key.push('o');
    } else if character.is_alphanumeric() && character != '\u{640}' && invisible_name(character).is_none() {
        key.extend(character.to_lowercase());
    } else if character == '№' {
        key.push_str("no");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_compare_by_their_letters() {
        for (word, key) in [
            ("Nº de Série", "nodeserie"),
            ("N° arme", "noarme"),
            ("Зав. №", "завno"),
            ("Винтовка ", "винтовка"),
            ("Sub-Machine Gun", "submachinegun"),
            ("سـلاح", "سلاح"),
            ("Τουφέκι", "τουφεκι"),
            ("й", "й"),
            ("ปืนพก", "ปืนพก"),
            ("S/N", "sn"),
            ("枪号", "枪号"),
            ("〃", ""),
        ] {
            assert_eq!(fold(word), key, "{word}");
        }
    }
}
