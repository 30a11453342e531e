//! The key under which words of vocabularies and headers compare.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

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
    } else if let Some(letters) = other_form(character, key) {
        key.push_str(letters);
    } else if character.is_alphanumeric() && character != '\u{640}' && invisible_name(character).is_none() {
        key.extend(character.to_lowercase());
    } else if character == '№' {
        key.push_str("no");
    }
}

/// What a letter is in the other case or the other spelling of a word: `ΑΡΙΘΜΟΣ` is `αριθμός`, and `ՍԵՎ` or `ՍԵՒ` is `սև`.
fn other_form(character: char, before: &str) -> Option<&'static str> {
    match character {
        'ς' => Some("σ"),
        'և' => Some("եվ"),
        'ւ' | 'Ւ' if before.ends_with('ե') => Some("վ"),
        _ => None,
    }
}

/// The key under which names that belong to an identity compare: [`fold`], but what could tell two
/// of them apart stays: symbols (`C` and `C++`, `△66` and `★66`) and points between digits (`M1.6` and `M16`).
pub fn identity_key(name: &str) -> String {
    let mut key = fold(name);
    if key.len() == name.len() && !name.contains('և') {
        return key;
    }
    let characters: Vec<char> = name.chars().collect();
    let symbols = characters.iter().filter(|c| c.general_category_group() == GeneralCategoryGroup::Symbol);
    key.extend(symbols.filter(|c| !matches!(c, '°' | '№' | '`' | '´')));
    let points = characters.windows(3).filter(|w| {
        matches!(w[1], '.' | ',') && decimal_digit(w[0]).is_some() && decimal_digit(w[2]).is_some()
    });
    for around in points {
        key.extend([around[0], '.', around[2]]);
    }
    key
}

/// The key under which converted serials compare that a reader may have mistaken: letters and digits
/// that are taken for each other are one sign (0/O, 1/I/L, 5/S, 8/B; domain page, section 4). A search
/// key only.
pub fn confusion_key(converted: &str) -> String {
    let sign = |c| match c {
        'O' => '0',
        'I' | 'L' => '1',
        'S' => '5',
        'B' => '8',
        other => other,
    };
    converted.chars().map(sign).collect()
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
            ("Αριθμός όπλου", "αριθμοσοπλου"),
            ("ΑΡΙΘΜΌΣ ΌΠΛΟΥ", "αριθμοσοπλου"),
            ("Սև", "սեվ"),
            ("ՍԵՎ", "սեվ"),
            ("ՍԵՒ", "սեվ"),
            ("համարը ու", "համարըու"),
            ("й", "й"),
            ("ปืนพก", "ปืนพก"),
            ("S/N", "sn"),
            ("枪号", "枪号"),
            ("〃", ""),
        ] {
            assert_eq!(fold(word), key, "{word}");
        }
    }

    #[test]
    fn identity_keeps_what_tells_names_apart() {
        for (a, b, same) in [
            ("Smith & Wesson", "smith and wesson", false),
            ("Smith & Wesson", "SMITH WESSON", true),
            ("F.A.L.", "FAL", true),
            ("92 FS", "92FS", true),
            ("C++", "C", false),
            ("Սև++", "Սև", false),
            ("△66", "★66", false),
            ("△66", "66", false),
            ("㋑", "", false),
            ("M1.6", "M16", false),
            ("Česká zbrojovka", "Ceska Zbrojovka", true),
        ] {
            assert_eq!(identity_key(a) == identity_key(b), same, "{a} and {b}");
        }
    }
}
