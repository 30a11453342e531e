//! Whether a guessed encoding is confirmed. Many encodings make letters of any bytes, and the
//! wrong letters in a serial are the serial of another weapon: a guess holds only where a word
//! that is known comes out of it, or where all letters are those of the declared language.

use std::collections::HashSet;

use encoding_rs::UTF_8;
use matricule_record::Text;
use matricule_text::{nfc, script_of};

use super::fields::Decoder;
use super::records::Records;
use crate::layout::Markers;
use crate::limits::Limits;

/// Rows of a sample in which a known word is looked for.
const ROWS: usize = 200;
/// Words at the beginning of a cell that may be a known phrase.
const PHRASE_WORDS: usize = 6;

/// What confirms the encoding of a sample, given as the texts that it would make.
pub(crate) fn confirm(
    texts: &[String],
    delimiter: u8,
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> Option<String> {
    let words: HashSet<String> = markers.written_words().map(spelling).collect();
    let known = texts.iter().find_map(|text| known_word(text, delimiter, &words));
    known.map(|word| format!("the word `{word}` confirms it")).or_else(|| {
        let language = language.filter(|language| are_letters_of(texts, language))?;
        Some(format!("all its letters are those of the declared language ({language})"))
    })
}

/// A phrase with letters beyond ASCII that is known exactly so, accents and all.
fn known_word(text: &str, delimiter: u8, words: &HashSet<String>) -> Option<String> {
    let mut records = Records::new(text.as_bytes(), delimiter, 0);
    let mut decoder = Decoder::new(UTF_8, delimiter, &Limits::default());
    for _ in 0..ROWS {
        let Ok(Some(record)) = records.next() else { break };
        if record.bytes.is_ascii() {
            continue;
        }
        let row = decoder.row(&record);
        let mut cells = row.cells.iter().filter(|cell| cell.text.chars().any(is_telling));
        if let Some(word) = cells.find_map(|cell| known_phrase(cell.text, words)) {
            return Some(word);
        }
    }
    None
}

fn known_phrase(text: &str, words: &HashSet<String>) -> Option<String> {
    let first: Vec<&str> = text.split_whitespace().take(PHRASE_WORDS).collect();
    let phrases = (1..=first.len()).rev().map(|count| first[..count].join(" "));
    let mut telling = phrases.filter(|phrase| phrase.chars().any(is_telling));
    telling.find(|phrase| words.contains(&spelling(phrase)))
}

/// A letter that another encoding would not show so; an ordinal sign is none.
fn is_telling(letter: char) -> bool {
    !letter.is_ascii() && letter.is_alphabetic() && !matches!(letter, 'º' | 'ª')
}

/// The form in which words compare here: case, blanks and signs do not count, accents do.
fn spelling(word: &str) -> String {
    let word = word.to_lowercase();
    nfc(&word).chars().filter(|c| !c.is_whitespace() && !c.is_ascii_punctuation()).collect()
}

/// Whether all letters beyond ASCII are those of a language. A capital behind a small letter, as in
/// `зАВОД`, is the mark of KOI8-R read as windows-1251 or the other way round.
fn are_letters_of(texts: &[String], language: &str) -> bool {
    let Some(letters) = letters_of(language) else { return false };
    let mut found = false;
    for text in texts {
        let mut before = ' ';
        for letter in text.chars() {
            if !letter.is_ascii() && letter.is_alphabetic() {
                found = true;
                if !letters.have(letter) || (before.is_lowercase() && letter.is_uppercase()) {
                    return false;
                }
            }
            before = letter;
        }
    }
    found
}

/// The letters beyond ASCII that a language is written in.
#[derive(Clone, Copy)]
enum Letters {
    /// Some of a script that many languages share.
    Alphabet(&'static str),
    /// All of a script.
    Scripts(&'static [&'static str]),
}

impl Letters {
    fn have(self, letter: char) -> bool {
        match self {
            Self::Alphabet(alphabet) => letter.to_lowercase().all(|small| alphabet.contains(small)),
            Self::Scripts(scripts) => {
                let script = script_of(letter);
                matches!(script, "Zyyy" | "Zinh") || scripts.contains(&script)
            }
        }
    }
}

fn letters_of(language: &str) -> Option<Letters> {
    Some(match language {
        "ru" => Letters::Alphabet("абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
        "uk" => Letters::Alphabet("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
        "bg" => Letters::Alphabet("абвгдежзийклмнопрстуфхцчшщъьюя"),
        "sr" => Letters::Alphabet("абвгдђежзијклљмнњопрстћуфхцчџшčćđšž"),
        "fr" => Letters::Alphabet("àâæçéèêëîïôœùûüÿºª"),
        "es" => Letters::Alphabet("áéíóúüñºª"),
        "pt" => Letters::Alphabet("áàâãçéêíóôõúºª"),
        "it" => Letters::Alphabet("àèéìíîòóùúºª"),
        "de" => Letters::Alphabet("äöüß"),
        "pl" => Letters::Alphabet("ąćęłńóśźż"),
        "ro" => Letters::Alphabet("ăâîșşțţ"),
        "tr" => Letters::Alphabet("çğıi\u{307}öşüâîû"),
        "el" => Letters::Scripts(&["Grek"]),
        "he" => Letters::Scripts(&["Hebr"]),
        "ar" | "fa" | "ur" | "ps" => Letters::Scripts(&["Arab"]),
        "zh" => Letters::Scripts(&["Hani"]),
        "ja" => Letters::Scripts(&["Hani", "Hira", "Kana"]),
        "ko" => Letters::Scripts(&["Hang", "Hani"]),
        "th" => Letters::Scripts(&["Thai"]),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_another_encoding_are_not_those_of_the_language() {
        for (text, language, expect) in [
            ("Завод Тула", "ru", true),
            ("гЮБНД рСКЮ", "ru", false),
            ("Тула", "bg", true),
            ("Ижевск №", "ru", true),
            ("ђубЁ", "ru", false),
            ("Şarsılmaz İ", "tr", true),
            ("Modčle", "fr", false),
            ("ascii", "fr", false),
            ("Größe", "xx", false),
            ("七七式", "zh", true),
        ] {
            assert_eq!(are_letters_of(&[text.to_owned()], language), expect, "{text}");
        }
    }

    #[test]
    fn words_are_known_with_their_accents_only() {
        let words: HashSet<String> = ["Modèle", "Итого"].map(spelling).into();
        for (text, expect) in [
            ("a,MODÈLE", Some("MODÈLE")),
            ("Modčle", None),
            ("x\n1,\"Итого: 12\"", Some("Итого:")),
            ("Modele", None),
        ] {
            assert_eq!(known_word(text, b',', &words).as_deref(), expect, "{text}");
        }
    }
}
