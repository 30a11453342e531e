//! Header words: which field a column of a ledger holds, in many languages.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use matricule_record::{Code, Field, StoredMapping, Text};
use matricule_text::fold;

use crate::abbreviation::LongWords;
use crate::files::Files;
use crate::qualifier::Qualifiers;
use crate::{Error, hex_digest, sheet};

/// A field that a header may mean, and the language in which it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderMatch {
    /// The field.
    pub field: Field,
    /// ISO 639-1.
    pub language: Text,
}

/// No two names together are longer, in bytes. A line of a million commas is divided at each of them otherwise.
const PAIR_BYTES: usize = 120;

/// The language of a word of any.
const UNDETERMINED: &str = "und";

/// Letters at most of a word between the names of two fields.
const BETWEEN_LETTERS: usize = 4;

/// The words of `mappings/headers.csv`, by their folded form.
#[derive(Clone, Debug, Default)]
pub struct HeaderWords {
    words: HashMap<String, Vec<HeaderMatch>>,
    /// The same by what they mean.
    by_field: BTreeMap<Field, Vec<String>>,
    /// The words for which an abbreviation may stand.
    long: LongWords,
    /// What may stand behind any word.
    qualifiers: Qualifiers,
    /// The words as written, in file order.
    rows: Vec<(HeaderMatch, Text)>,
    stored: Option<StoredMapping>,
}

impl HeaderWords {
    pub(crate) fn load(files: &Files) -> Result<Self, Error> {
        let mut words: HashMap<String, Vec<HeaderMatch>> = HashMap::new();
        let (mut content, mut long, mut rows) = (String::new(), LongWords::default(), Vec::new());
        for layer in files.layers("headers.csv")? {
            sheet::read(&layer, &["field", "language", "word"], |row| {
                let field = Field::from_name(&row.cells[0]).ok_or_else(|| {
                    Error::at(Code::M502, row.place(&layer, 0), format!("`{}` is no field", row.cells[0]))
                })?;
                let found = HeaderMatch { field, language: row.cells[1].as_str().into() };
                content.push_str(&format!("{}\t{}\t{}\n", row.cells[0], row.cells[1], row.cells[2]));
                let matches = words.entry(fold(&row.cells[2])).or_default();
                rows.push((found.clone(), row.cells[2].as_str().into()));
                if !matches.contains(&found) {
                    long.add(&found, &row.cells[2]);
                    matches.push(found);
                }
                Ok(())
            })?;
        }
        let mut by_field = BTreeMap::<Field, Vec<String>>::new();
        for (word, found) in &words {
            for field in found.iter().map(|found| found.field).collect::<BTreeSet<_>>() {
                by_field.entry(field).or_default().push(word.clone());
            }
        }
        let (qualifiers, qualifying) = Qualifiers::load(files)?;
        content.push_str(&qualifying);
        let digest = hex_digest(content.as_bytes());
        let stored = StoredMapping { kind: "headers", id: "headers".into(), digest, content };
        Ok(Self { words, by_field, long, qualifiers, rows, stored: Some(stored) })
    }

    /// What a header may mean, without a unit or the like at its end where the whole is not known; empty where no
    /// word is like it.
    pub fn matches(&self, header: &str) -> Cow<'_, [HeaderMatch]> {
        let known = |word: &str| self.words.get(&fold(word)).map(Vec::as_slice);
        if let Some(found) = known(header) {
            return Cow::Borrowed(found);
        }
        match self.qualified(header) {
            Some((_, found)) => Cow::Owned(found),
            None => Cow::Borrowed(self.one_of_synonyms(header).and_then(known).unwrap_or_default()),
        }
    }

    /// The first of several words with a sign between them that all mean one thing: `Make / Manufacturer`.
    fn one_of_synonyms<'a>(&self, header: &'a str) -> Option<&'a str> {
        let known = |word: &str| self.words.get(&fold(word));
        let mut words = header.split(['/', '(', ')', '\n']).map(str::trim).filter(|word| !word.is_empty());
        let first = words.next().filter(|_| header.len() <= PAIR_BYTES)?;
        let found = known(first)?;
        let field = found.first()?.field;
        let means_it = |word: &str| known(word).is_some_and(|other| is_synonym(field, found, other));
        (words.clone().next().is_some() && words.all(means_it)).then_some(first)
    }

    /// The known word in a header that is none as a whole: `Calibre` of `Calibre (mm)`.
    pub fn unqualified<'a>(&'a self, header: &'a str) -> Option<&'a str> {
        let is_known = self.words.contains_key(&fold(header));
        self.qualified(header).filter(|_| !is_known).map(|(word, _)| word)
    }

    /// The word of a header with an addition, and what it means with it.
    fn qualified<'a>(&'a self, header: &'a str) -> Option<(&'a str, Vec<HeaderMatch>)> {
        self.qualifiers.without(header).find_map(|(word, kind)| {
            let known = self.words.get(&fold(word)).into_iter().flatten();
            let mut found: Vec<HeaderMatch> =
                known.filter(|found| kind.keeps(found.field)).cloned().collect();
            if found.is_empty() && kind.makes_serial() && self.is_number(word) {
                found.push(HeaderMatch { field: Field::Serial, language: UNDETERMINED.into() });
            }
            (!found.is_empty()).then(|| (word.trim(), found))
        })
    }

    /// Whether a header says that a number stands below it and not which: `Number`, `№`.
    pub fn is_number(&self, header: &str) -> bool {
        self.qualifiers.is_number(header)
    }

    /// Whether a header that is no word itself names two fields, one after the other: `Marca/Modelo`, `Make and model`.
    pub fn is_pair(&self, header: &str, first: Field, second: Field) -> bool {
        let means = |part: &str, field: Field| self.matches(part).iter().any(|found| found.field == field);
        let is_pair = |(left, right): (&str, &str)| means(left, first) && means(right, second);
        header.len() <= PAIR_BYTES
            && self.matches(header).is_empty()
            && (by_sign(header).any(is_pair) || by_word(header).any(is_pair))
    }

    /// What an abbreviated header means, and the word that it is short for: `Año de fab.` can only be one
    /// thing. `None` where it may be short for words of several fields, or for none.
    pub fn short_for(&self, header: &str) -> Option<(&HeaderMatch, &str)> {
        self.long.short_for(header)
    }

    /// The first word for a field in a language that means no other field there.
    pub fn word_of(&self, field: Field, language: &str) -> Option<&str> {
        let is_own = |found: &HeaderMatch| found.language == language;
        let means_only = |word: &str| self.matches(word).iter().filter(|found| is_own(found)).count() == 1;
        let mut own = self.rows.iter().filter(|(found, _)| found.field == field && is_own(found));
        own.find(|(_, word)| means_only(word)).map(|(_, word)| word.as_str())
    }

    /// The languages that have words, sorted.
    pub fn languages(&self) -> BTreeSet<&str> {
        self.rows.iter().map(|(found, _)| found.language.as_str()).collect()
    }

    /// Whether a field has a word with these letters in it, in any language; they are given folded.
    pub fn has_word_with(&self, field: Field, letters: &str) -> bool {
        self.by_field.get(&field).is_some_and(|words| words.iter().any(|word| word.contains(letters)))
    }

    /// The rows as a registry keeps them.
    pub fn stored(&self) -> Option<&StoredMapping> {
        self.stored.as_ref()
    }
}

/// Whether two words mean a field. In a language that has both, it is what the other one means first: `Модель / Тип`
/// is no model, though a Serbian `Тип` may be one.
fn is_synonym(field: Field, first: &[HeaderMatch], other: &[HeaderMatch]) -> bool {
    let in_language = |language: &Text| other.iter().find(|found| found.language == *language);
    let own = first.iter().filter(|found| found.field == field);
    let mut shared = own.filter_map(|found| in_language(&found.language));
    other.iter().any(|found| found.field == field) && shared.all(|found| found.field == field)
}

/// A header divided at each sign that may stand between two names.
fn by_sign(header: &str) -> impl Iterator<Item = (&str, &str)> {
    let signs = header.match_indices(['/', ',', ';', '&', '+', '-', '–', '(', '、', '،', '\n']);
    signs.map(|(at, sign)| (&header[..at], header[at + sign.len()..].trim_end_matches(')')))
}

/// A header divided at each short word between others, such as `and`.
fn by_word(header: &str) -> impl Iterator<Item = (&str, &str)> {
    let blanks = header.match_indices(' ').map(|(at, _)| at);
    blanks.filter_map(|at| {
        let (word, after) = header[at + 1..].split_once(' ')?;
        (1..=BETWEEN_LETTERS).contains(&word.chars().count()).then_some((&header[..at], after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_many_languages_name_the_serial() {
        let words = Files::shipped().header_words().unwrap();
        for header in ["Serial No.", "Заводской номер", "№ зброї", "رقم السلاح", "枪号", "Nº de Série", "S/N"]
        {
            let fields: Vec<Field> = words.matches(header).iter().map(|found| found.field).collect();
            assert!(fields.contains(&Field::Serial), "{header}: {fields:?}");
        }
        assert!(words.matches("Zzyzx").is_empty());
    }

    #[test]
    fn a_header_may_name_two_fields() {
        let words = Files::shipped().header_words().unwrap();
        for (header, expect) in [
            ("Marca/Modelo", true),
            ("Marka i model", true),
            ("Make and model", true),
            ("Make & Model", true),
            ("Марка, модель", true),
            ("Marke (Modell)", true),
            ("Modelo/Marca", false),
            ("Make", false),
            ("Make of the model", false),
            ("Marca/Calibre", false),
        ] {
            assert_eq!(words.is_pair(header, Field::Make, Field::Model), expect, "{header}");
        }
        let long = format!("Make{}Model", ",".repeat(PAIR_BYTES));
        assert!(!words.is_pair(&long, Field::Make, Field::Model));
    }

    #[test]
    fn the_name_of_a_thing_is_its_type_before_it_is_its_model() {
        let words = Files::shipped().header_words().unwrap();
        for (header, language) in
            [("Désignation", "fr"), ("Denominación", "es"), ("Denominação", "pt"), ("Denominazione", "it")]
        {
            let found = words.matches(header);
            let found = found.iter().filter(|found| found.language == language);
            let fields: Vec<Field> = found.map(|found| found.field).collect();
            assert_eq!(fields, [Field::WeaponType, Field::Model], "{header}");
        }
    }

    #[test]
    fn a_unit_or_a_footnote_behind_a_word_changes_nothing() {
        let words = Files::shipped().header_words().unwrap();
        for (header, expect) in [
            ("Serial No. (frame)", Some("Serial No.")),
            ("Serial No.\n(receiver)", Some("Serial No.")),
            ("Serial No.(1)", Some("Serial No.")),
            ("Serial No [12]", Some("Serial No")),
            ("Serial No.¹", Some("Serial No.")),
            ("Serial Number of weapon", Some("Serial Number")),
            ("S/No. of weapon", Some("S/No.")),
            ("Calibre (mm)", Some("Calibre")),
            ("Calibre in mm", Some("Calibre")),
            ("Calibre (en mm)", Some("Calibre")),
            ("Calibre/mm", Some("Calibre")),
            ("Kaliber [mm]", Some("Kaliber")),
            ("العيار (ملم)", Some("العيار")),
            ("口径（mm）", Some("口径")),
            ("구경(mm)", Some("구경")),
            ("Διαμέτρημα (mm)", Some("Διαμέτρημα")),
            ("Date of Registration (dd/mm/yyyy)", Some("Date of Registration")),
            ("Make of the weapon", Some("Make")),
            ("Number on receiver", Some("Number")),
            ("No. stamped", Some("No.")),
            // What stands on the frame or belongs to the weapon may be another thing.
            ("Year stamped", None),
            ("Country stamped", None),
            ("Mark on the frame", None),
            ("Owner stamped", None),
            ("Unit stamped", None),
            ("Address (receiver)", None),
            ("Model (mm)", None),
            ("Serial No. (B)", None),
            // Another thing than the word alone, or a word as a whole.
            ("Serial No. (barrel)", None),
            ("Serial No. of magazine", None),
            ("Serial No. (123)", None),
            ("Calibre (ammunition)", None),
            ("Make / Model", None),
            ("Serial No.", None),
            ("(mm)", None),
        ] {
            assert_eq!(words.unqualified(header), expect, "{header}");
            assert_eq!(
                words.matches(header).is_empty(),
                expect.is_none() && header != "Serial No.",
                "{header}"
            );
        }
    }

    #[test]
    fn a_number_of_the_weapon_was_the_number_of_the_line() {
        let words = Files::shipped().header_words().unwrap();
        for header in ["No. of weapon", "No. on frame", "No. stamped", "Number (frame)", "N° (boîtier)"] {
            let fields: Vec<Field> = words.matches(header).iter().map(|found| found.field).collect();
            assert_eq!(fields, [Field::Serial], "{header}");
        }
    }

    #[test]
    fn two_words_for_one_thing_mean_it() {
        let words = Files::shipped().header_words().unwrap();
        for (header, expect) in [
            ("Make / Manufacturer", Some(Field::Make)),
            ("Calibre (Калибр)", Some(Field::Calibre)),
            ("Serial No.\nЗаводской номер", Some(Field::Serial)),
            ("Make / Model", None),
            ("Модель / Тип", None),
            ("Serial No. / Barrel No.", None),
        ] {
            let found = words.matches(header).first().map(|found| found.field);
            assert_eq!(found, expect, "{header}");
        }
    }

    #[test]
    fn an_abbreviation_of_one_field_is_understood() {
        let words = Files::shipped().header_words().unwrap();
        for (header, expect) in [
            ("Año de fab.", Some(Field::YearOfManufacture)),
            ("F. de ingreso", Some(Field::RegisteredOn)),
            ("Pays de fabric.", Some(Field::CountryOfManufacture)),
            // Short for words of several fields, for none, or not short at all.
            ("Fab.", None),
            ("N. de o.", None),
            ("Xyz. de abc.", None),
            ("Año de", None),
            (".", None),
            ("", None),
        ] {
            assert_eq!(words.short_for(header).map(|(found, _)| found.field), expect, "{header}");
        }
    }
}
