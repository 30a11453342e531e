//! Whether a guessed encoding is confirmed. Many encodings make letters of any bytes, and the
//! wrong letters in a serial are the serial of another weapon: a guess holds only where words that
//! are known come out of it, and out of no other encoding more of them, or where all letters are those
//! of the declared language.

use std::collections::{BTreeSet, HashSet};

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GBK, IBM866, ISO_8859_2, ISO_8859_5, ISO_8859_6, ISO_8859_7, KOI8_U,
    MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253,
    WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258, X_MAC_CYRILLIC,
};
use matricule_record::Text;
use matricule_text::{nfc, script_of};

use super::fields::Decoder;
use super::records::Records;
use crate::layout::Markers;
use crate::limits::Limits;

/// Encodings that are tried beside the guessed one, the usual ones first.
const OTHERS: [&Encoding; 23] = [
    WINDOWS_1251,
    WINDOWS_1252,
    WINDOWS_1250,
    WINDOWS_1253,
    WINDOWS_1254,
    WINDOWS_1255,
    WINDOWS_1256,
    WINDOWS_1257,
    WINDOWS_1258,
    WINDOWS_874,
    IBM866,
    KOI8_U,
    X_MAC_CYRILLIC,
    MACINTOSH,
    ISO_8859_2,
    ISO_8859_5,
    ISO_8859_6,
    ISO_8859_7,
    SHIFT_JIS,
    EUC_JP,
    EUC_KR,
    GBK,
    BIG5,
];

/// Rows of a sample in which known words are looked for, and the bytes that are tried.
const ROWS: usize = 200;
const BYTES: usize = 1 << 16;
/// Words at the beginning of a cell that may be a known phrase.
const PHRASE_WORDS: usize = 6;

/// What is to be thought of a guess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// It holds, for this reason.
    Confirmed(String),
    /// Another encoding has the words, this one has fewer or none.
    Better(&'static Encoding, String),
    /// Nothing decides; another encoding that has as many words, if there is one.
    Doubtful(Option<&'static Encoding>),
}

/// Judges a guess by the parts of a file that tell.
pub(crate) fn judge(
    parts: &[&[u8]],
    guess: &'static Encoding,
    delimiter: u8,
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> Judgement {
    let words: HashSet<String> = markers.written_words().map(spelling).collect();
    let of = |encoding| words_in(parts, encoding, delimiter, &words);
    let own = of(guess);
    let mut others: Vec<_> =
        OTHERS.into_iter().filter(|other| *other != guess).map(|other| (other, of(other))).collect();
    others.sort_by_key(|(_, found)| std::cmp::Reverse(found.len()));
    let most = others.first().map_or(0, |(_, found)| found.len());
    if let Some(word) = own.first().filter(|_| own.len() >= most) {
        return Judgement::Confirmed(format!("{} confirm it, as `{word}`", count(own.len())));
    }
    let best: Vec<&'static Encoding> =
        others.iter().filter(|(_, found)| found.len() == most && most > 0).map(|(other, _)| *other).collect();
    match best.as_slice() {
        [first, rest @ ..] if rest.iter().all(|other| reads_alike(parts, first, other)) => {
            let word = others.first().and_then(|(_, found)| found.first().cloned()).unwrap_or_default();
            Judgement::Better(
                first,
                format!("{}, as `{word}`, where {} has {}", count(most), guess.name(), own.len()),
            )
        }
        [first, ..] => Judgement::Doubtful(Some(first)),
        [] => by_letters(parts, guess, language),
    }
}

fn count(words: usize) -> String {
    format!("{words} known word{}", if words == 1 { "" } else { "s" })
}

fn by_letters(parts: &[&[u8]], guess: &'static Encoding, language: Option<&Text>) -> Judgement {
    let texts: Vec<String> = parts.iter().map(|part| text_of(part, guess)).collect();
    match language.filter(|language| are_letters_of(&texts, language)) {
        Some(language) => {
            Judgement::Confirmed(format!("all its letters are those of the declared language ({language})"))
        }
        None => Judgement::Doubtful(None),
    }
}

fn text_of(part: &[u8], encoding: &'static Encoding) -> String {
    encoding.decode_without_bom_handling(part).0.into_owned()
}

fn reads_alike(parts: &[&[u8]], one: &'static Encoding, other: &'static Encoding) -> bool {
    parts.iter().all(|part| text_of(part, one) == text_of(part, other))
}

/// The phrases with letters beyond ASCII that are known exactly so, accents and all, in the first rows
/// of some parts; none where the bytes are no text in the encoding.
fn words_in(
    parts: &[&[u8]],
    encoding: &'static Encoding,
    delimiter: u8,
    words: &HashSet<String>,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for part in parts {
        let part = whole_lines(part);
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(part) {
            add_known(&text, delimiter, words, &mut found);
        }
    }
    found
}

fn whole_lines(part: &[u8]) -> &[u8] {
    match part.get(..BYTES) {
        Some(head) => memchr::memrchr(b'\n', head).map_or(head, |end| &head[..end]),
        None => part,
    }
}

fn add_known(text: &str, delimiter: u8, words: &HashSet<String>, found: &mut BTreeSet<String>) {
    let mut records = Records::new(text.as_bytes(), delimiter, 0);
    let mut decoder = Decoder::new(UTF_8, delimiter, &Limits::default());
    for _ in 0..ROWS {
        let Ok(Some(record)) = records.next() else { break };
        if record.bytes.is_ascii() {
            continue;
        }
        let row = decoder.row(&record);
        let cells = row.cells.iter().filter(|cell| cell.text.chars().any(is_telling));
        found.extend(cells.filter_map(|cell| known_phrase(cell.text, words)));
    }
}

fn known_phrase(text: &str, words: &HashSet<String>) -> Option<String> {
    let first: Vec<&str> = text.split_whitespace().take(PHRASE_WORDS).collect();
    let phrases = (1..=first.len()).rev().map(|count| first[..count].join(" "));
    let mut telling = phrases.filter(|phrase| phrase.chars().any(is_telling));
    telling.find(|phrase| is_long(phrase) && words.contains(&spelling(phrase)))
}

/// Whether a phrase has two letters at least, or one of a script that writes a word with one: a single letter of an
/// alphabet may as well be that of a serial.
fn is_long(phrase: &str) -> bool {
    let mut letters = phrase.chars().filter(|c| c.is_alphabetic());
    let first = letters.next();
    letters.next().is_some() || first.is_some_and(|letter| script_of(letter) == "Hani")
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
        let words: HashSet<String> = ["Modèle", "Итого", "ص", "型"].map(spelling).into();
        for (text, expect) in [
            ("a,MODÈLE", Some("MODÈLE")),
            ("Modčle", None),
            ("x\n1,\"Итого: 12\"", Some("Итого:")),
            ("Modele", None),
            ("ص 80", None),
            ("型", Some("型")),
        ] {
            let mut found = BTreeSet::new();
            add_known(text, b',', &words, &mut found);
            assert_eq!(found.first().map(String::as_str), expect, "{text}");
        }
    }
}
