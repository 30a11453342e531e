//! The canonical original of a serial: what two clerks who saw the same mark must have written.
//!
//! Identity rests on it (domain page, section 4), so it changes nothing that could tell two marks
//! apart: letters keep their script, separators stay, compatibility forms such as ㋑ stay.

use std::borrow::Cow;

use unicode_normalization::char::canonical_combining_class;

use crate::character::{decimal_digit, invisible_name, is_blank, is_dash, script_of};
use crate::nfc;

const TATWEEL: char = '\u{640}';

/// NFC; invisible characters, tatweel and blanks removed; decimal digits of every script as ASCII
/// digits; full-width, half-width and Arabic presentation forms as their letters; dashes as a hyphen; upper case.
pub fn canonical_serial(text: &str) -> String {
    if text.is_ascii() {
        return text.chars().filter(|c| !is_blank(*c)).map(|c| c.to_ascii_uppercase()).collect();
    }
    let mut canonical = String::with_capacity(text.len());
    for character in with_chillus(&nfc(text)).chars() {
        push_canonical(character, &mut canonical);
    }
    nfc(&canonical).into_owned()
}

/// Malayalam chillu letters as the one character that they are: written with a joiner, they would lose
/// it with the other invisible characters, and become another letter.
fn with_chillus(text: &str) -> Cow<'_, str> {
    const CHILLUS: [(&str, &str); 6] = [
        ("ണ്\u{200d}", "ൺ"),
        ("ന്\u{200d}", "ൻ"),
        ("ര്\u{200d}", "ർ"),
        ("ല്\u{200d}", "ൽ"),
        ("ള്\u{200d}", "ൾ"),
        ("ക്\u{200d}", "ൿ"),
    ];
    if !text.contains("\u{d4d}\u{200d}") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(CHILLUS.iter().fold(text.to_owned(), |text, (written, one)| text.replace(written, one)))
}

fn push_canonical(character: char, out: &mut String) {
    if is_blank(character) || character == TATWEEL || invisible_name(character).is_some() {
        return;
    }
    if let Some(digit) = decimal_digit(character) {
        out.push(char::from(b'0' + digit));
    } else if is_dash(character) {
        out.push('-');
    } else {
        push_letter(character, out);
    }
}

/// Width and presentation forms unfolded, upper case.
fn push_letter(character: char, out: &mut String) {
    let is_form = matches!(character, '\u{ff01}'..='\u{ff5e}' | '\u{ff66}'..='\u{ff9f}' | '\u{fb00}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    if matches!(character, 'Ა'..='Ჿ' | 'ẞ') {
        // Capitals that are a way of writing the same letters.
        out.extend(character.to_lowercase());
    } else if is_form {
        unicode_normalization::char::decompose_compatible(character, |c| out.extend(c.to_uppercase()));
    } else if character.is_lowercase() {
        push_upper(character, out);
    } else {
        out.push(character);
    }
}

/// Upper case, but for letters whose upper case is another mark: Georgian Mkhedruli has no capitals
/// in writing, and `ß` would become two letters.
fn push_upper(character: char, out: &mut String) {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(capital), None) if script_of(character) != "Geor" => out.push(capital),
        _ => out.push(character),
    }
}

/// The script of a serial's letters, ISO 15924; `Zyyy` where it has none, `Zmth` never occurs:
/// a serial of several scripts names them in order of appearance, joined by `+`.
pub fn script_of_serial(canonical: &str) -> String {
    let mut scripts: Vec<&'static str> = Vec::new();
    for character in canonical.chars() {
        let script = script_of(character);
        if script != "Zyyy"
            && script != "Zinh"
            && canonical_combining_class(character) == 0
            && !scripts.contains(&script)
        {
            scripts.push(script);
        }
    }
    if scripts.is_empty() { "Zyyy".to_owned() } else { scripts.join("+") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_form_keeps_what_tells_marks_apart() {
        for (written, canonical, script) in [
            ("АВ 1234", "АВ1234", "Cyrl"),
            ("ab 12-34", "AB12-34", "Latn"),
            ("AB 12–34", "AB12-34", "Latn"),
            ("أ ب ١٢٣٤", "أب1234", "Arab"),
            ("مـم ٤٤", "مم44", "Arab"),
            ("ﺏ ٣", "ب3", "Arab"),
            ("ﬡ1", "א1", "Hebr"),
            ("ＡＫ－４７", "AK-47", "Latn"),
            ("٤۴", "44", "Zyyy"),
            ("A\u{200b}1\u{ad}2", "A12", "Latn"),
            ("㋑ 45", "㋑45", "Kana"),
            ("ჟღ 12", "ჟღ12", "Geor"),
            ("groß", "GROß", "Latn"),
            ("00123", "00123", "Zyyy"),
            ("ｲﾛﾊ1", "イロハ1", "Kana"),
            ("ｶﾞ5", "ガ5", "Kana"),
            ("ᲟᲦ12", "ჟღ12", "Geor"),
            ("GROẞ", "GROß", "Latn"),
            ("കന്\u{200d}1", "കൻ1", "Mlym"),
        ] {
            assert_eq!(canonical_serial(written), canonical, "{written}");
            assert_eq!(script_of_serial(&canonical_serial(written)), script, "{written}");
        }
    }

    #[test]
    fn canonical_form_is_stable() {
        for written in ["АВ 12-34", "ﻻ ٣", "и\u{306}1", "ＡＫ－４７", "ǆ1"] {
            let once = canonical_serial(written);
            assert_eq!(canonical_serial(&once), once, "{written}");
        }
    }
}
