//! Names of people and places in Latin letters: a search key beside the name, which is never altered.
//!
//! The tables that convert serials convert names too, by sound; Arabic and Hebrew as a foreign request spells
//! them. A sign that only softens or voices a letter says nothing in a search and is left out. A name with a
//! letter that its table lacks, or whose table is not determined, has no key.

use matricule_record::{Field, Fields, Reading, Settings, Text};
use matricule_text::{canonical_serial, script_of, script_of_serial};

use crate::conversion::Conversion;
use crate::convert::Context;
use crate::select::{Choice, Transliteration};
use crate::stage::Work;

/// Fields that name people, places and makers.
const NAMES: [Field; 8] = [
    Field::Make,
    Field::Model,
    Field::Holder,
    Field::HolderAddress,
    Field::ReceivedFrom,
    Field::IssuedTo,
    Field::Document,
    Field::Unit,
];

impl Work<'_> {
    /// The names of a row that are written in other letters, each in Latin ones.
    pub(crate) fn romanized(&mut self, fields: &Fields) -> Vec<(Field, Text)> {
        let mut found = Vec::new();
        for (field, value) in fields.iter().filter(|(field, _)| NAMES.contains(field)) {
            if !value.text.is_ascii()
                && let Some(key) = self.stage.romanize(&value.text, field, self.settings, self.conversion)
            {
                found.push((field, key));
            }
        }
        found
    }
}

impl Transliteration {
    /// A name in A–Z 0–9, words apart by a blank; `None` where it cannot be told.
    pub fn romanize(
        &self,
        name: &str,
        field: Field,
        settings: &Settings,
        out: &mut Conversion,
    ) -> Option<Text> {
        let mut key = Text::default();
        for word in name.split(|c: char| !is_of_word(c)) {
            let letters: String = word.chars().filter(|c| !is_left_out(*c)).collect();
            if letters.is_empty() {
                continue;
            }
            key.push_str(if key.is_empty() { "" } else { " " });
            key.push_str(&self.romanize_word(&letters, field, settings, out)?);
        }
        (!key.is_empty()).then_some(key)
    }

    fn romanize_word(
        &self,
        word: &str,
        field: Field,
        settings: &Settings,
        out: &mut Conversion,
    ) -> Option<Text> {
        if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Some(word.to_ascii_uppercase().into());
        }
        let script = script_of_serial(&canonical_serial(word));
        let table = match self.plain_table(&script, settings) {
            Some(plain) => plain,
            None => match self.choose_for(&script, word, settings, Reading::Sound) {
                Choice::Table(table) => table,
                Choice::Undetermined(_) => return None,
            },
        };
        table.convert(word, Context { by_letter: true, ..Context::from(field) }, out);
        out.result().ok().map(Text::from)
    }
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || is_left_out(character) || is_mark(character)
}

fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

/// Signs that change no letter: soft and hard signs, apostrophes in a word, the vowel marks of Arabic and
/// Hebrew, tatweel.
fn is_left_out(character: char) -> bool {
    matches!(character, 'ь' | 'Ь' | 'ъ' | 'Ъ' | '\'' | '’' | 'ʼ' | '\u{640}')
        || (is_mark(character) && matches!(script_of(character), "Arab" | "Hebr" | "Zinh"))
            && !matches!(character, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use matricule_mapping::Files;

    fn check(language: &str, lines: &[(&str, &str)]) {
        let tables = Transliteration::new(Files::shipped()).unwrap();
        let settings =
            Settings { language: (!language.is_empty()).then(|| language.into()), ..Settings::default() };
        for (name, expect) in lines {
            let mut out = Conversion::default();
            let found = tables.romanize(name, Field::Holder, &settings, &mut out);
            assert_eq!(found.as_deref().unwrap_or("none"), *expect, "{language} {name}");
        }
    }

    #[test]
    fn names_are_spelled_for_search() {
        check(
            "ru",
            &[
                ("Иванов Игорь Ильич", "IVANOV IGOR ILICH"),
                ("в/ч 12345", "V CH 12345"),
                ("Depot №4, Тверь", "DEPOT 4 TVER"),
            ],
        );
        check("ar", &[("مُحَمَّد", "MHMD"), ("بغداد", "BGHDAD")]);
        check("fr", &[("Élise Müller", "ELISE MUELLER")]);
        check("el", &[("Αθήνα", "ATHINA")]);
        check("ko", &[("김철수", "GIMCHEOLSU")]);
    }

    #[test]
    fn what_cannot_be_told_has_no_key() {
        check("", &[("Їжак Гнат", "none")]);
        check("ru", &[("Иванов 漢", "none")]);
    }
}
