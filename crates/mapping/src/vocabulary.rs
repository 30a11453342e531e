//! Vocabularies: the words of many languages for one value.

use std::collections::{BTreeSet, HashMap, HashSet};

use matricule_record::{Code, StoredMapping, Text};
use matricule_text::{fold, plain_quotes};

use crate::files::Files;
use crate::{Error, hex_digest, sheet};

/// A row of a vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VocabularyRow {
    /// The value in the registry.
    pub value: Text,
    /// ISO 639-1, `und` for any language, or `zxx` for a code.
    pub language: Text,
    /// The word as ledgers write it.
    pub word: Text,
}

/// The language of rows whose word is a code (ISO 639-2: no linguistic content).
const CODES: &str = "zxx";
/// What a word may mean that is no value of its own: `n.a.` is not `NA` in any language.
pub(crate) const UNKNOWN: &str = "unknown";

/// What a vocabulary knows of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// It means this value.
    Found(&'a str),
    /// It means one of several values, and the language does not tell which.
    Ambiguous(Vec<&'a str>),
    /// It is not in the vocabulary.
    Unknown,
}

/// A file of `mappings/vocabulary/`, by folded word.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    rows: Vec<VocabularyRow>,
    /// Rows of one folded word.
    groups: Vec<Vec<usize>>,
    by_key: HashMap<String, usize>,
    /// The group of a word as it is written in the file: ledgers mostly write it so.
    by_word: HashMap<Text, usize>,
    by_text: HashMap<String, usize>,
    /// Words of one language that look like the code of another value, by language and folded word: `AS`, the United
    /// States in Indonesian and American Samoa elsewhere. No other language knows them.
    local: HashMap<(Text, String), Vec<usize>>,
    values: HashSet<Text>,
    stored: StoredMapping,
}

impl Vocabulary {
    pub(crate) fn load(files: &Files, name: &str) -> Result<Self, Error> {
        let path = format!("vocabulary/{name}.csv");
        let layers = files.layers(&path)?;
        if layers.is_empty() {
            return Err(Error::new(
                Code::M501,
                &format!("mappings/{path}"),
                0,
                "there is no such vocabulary",
            ));
        }
        let mut rows = Vec::new();
        for layer in layers {
            sheet::read(&layer, &["value", "language", "word"], |row| {
                if row.cells[0].is_empty() || row.cells[2].is_empty() {
                    let place = row.place(&layer, if row.cells[0].is_empty() { 0 } else { 2 });
                    return Err(Error::at(Code::M502, place, "a row needs a value and a word"));
                }
                let [value, language, word] = [0, 1, 2].map(|at| Text::from(row.cells[at].as_str()));
                rows.push(VocabularyRow { value, language, word });
                Ok(())
            })?;
        }
        Ok(Self::index(name, rows))
    }

    fn index(name: &str, rows: Vec<VocabularyRow>) -> Self {
        let content: String =
            rows.iter().map(|row| format!("{}\t{}\t{}\n", row.value, row.language, row.word)).collect();
        let digest = hex_digest(content.as_bytes());
        let stored = StoredMapping { kind: "vocabulary", id: name.to_owned(), digest, content };
        let mut found = Self {
            groups: Vec::new(),
            by_key: HashMap::new(),
            by_word: HashMap::new(),
            by_text: HashMap::new(),
            local: local_words(&rows),
            values: rows.iter().map(|row| row.value.clone()).collect(),
            rows,
            stored,
        };
        for at in 0..found.rows.len() {
            found.add(at);
        }
        found
    }

    fn add(&mut self, at: usize) {
        let row = &self.rows[at];
        if let Some(rows) = self.local.get_mut(&(row.language.clone(), fold(&row.word))) {
            return rows.push(at);
        }
        let word = row.word.clone();
        self.by_text.insert(plain_quotes(&word), at);
        // A code is a code as it is written and no other way: `NO` is Norway, `No.` is not.
        let key = if self.rows[at].language == CODES { format!("={word}") } else { fold(&word) };
        if key.is_empty() {
            return;
        }
        let group = *self.by_key.entry(key).or_insert_with(|| {
            self.groups.push(Vec::new());
            self.groups.len() - 1
        });
        self.groups[group].push(at);
        self.by_word.entry(word).or_insert(group);
    }

    /// What a word means: in the language given, else in any, where all languages agree.
    pub fn lookup(&self, word: &str, language: Option<&str>) -> Lookup<'_> {
        if let Some(rows) = self.local(word, language) {
            let values = || rows.iter().map(|&at| self.rows[at].value.as_str());
            return unanimous(values()).map_or_else(|| Lookup::Ambiguous(values().collect()), Lookup::Found);
        }
        let group = self.by_word.get(word).or_else(|| self.by_key.get(&fold(word)));
        let Some(rows) = group.map(|&group| &self.groups[group]) else { return Lookup::Unknown };
        let values = |own: bool| {
            let rows = rows.iter().map(|&at| &self.rows[at]);
            rows.filter(move |row| !own || Some(row.language.as_str()) == language)
                .map(|row| row.value.as_str())
        };
        match unanimous(values(true)).or_else(|| unanimous(values(false))) {
            Some(value) => Lookup::Found(value),
            None => Lookup::Ambiguous(values(false).collect::<BTreeSet<_>>().into_iter().collect()),
        }
    }

    /// What a word means in the language given, and in no other.
    pub fn lookup_own(&self, word: &str, language: Option<&str>) -> Lookup<'_> {
        if self.local(word, language).is_some() {
            return self.lookup(word, language);
        }
        let group = self.by_word.get(word).or_else(|| self.by_key.get(&fold(word)));
        let rows = group.into_iter().flat_map(|&group| &self.groups[group]).map(|&at| &self.rows[at]);
        let own = rows.filter(|row| Some(row.language.as_str()) == language).map(|row| row.value.as_str());
        unanimous(own).map_or(Lookup::Unknown, Lookup::Found)
    }

    fn local(&self, word: &str, language: Option<&str>) -> Option<&Vec<usize>> {
        if self.local.is_empty() {
            return None;
        }
        self.local.get(&(language?.into(), fold(word)))
    }

    /// What a word means where no language is known; `None` where it is unknown or ambiguous.
    pub fn value_of(&self, word: &str) -> Option<&str> {
        match self.lookup(word, None) {
            Lookup::Found(value) => Some(value),
            Lookup::Ambiguous(_) | Lookup::Unknown => None,
        }
    }

    /// What the first words of a text mean, the longest such phrase first. A number right behind
    /// the phrase does not hide it (`合计12`).
    pub fn prefix_value(&self, text: &str) -> Option<&str> {
        let words: Vec<&str> = text.split_whitespace().collect();
        (1..=words.len()).rev().find_map(|count| {
            let phrase = words[..count].join(" ");
            self.value_of(&phrase).or_else(|| self.value_of(phrase.trim_end_matches(char::is_numeric)))
        })
    }

    /// What a text means by its exact characters but for case, kinds of quotation marks and blanks at
    /// its ends: for marks such as `-//-`, which have no folded form.
    pub fn exact_value(&self, text: &str) -> Option<&str> {
        self.by_text.get(&plain_quotes(text)).map(|&at| self.rows[at].value.as_str())
    }

    /// Whether a text is one of the values, character for character.
    pub fn has_value(&self, text: &str) -> bool {
        self.values.contains(text)
    }

    /// All rows, in file order.
    pub fn rows(&self) -> &[VocabularyRow] {
        &self.rows
    }

    /// A word for each value that a language has a word for, and an English one for the others, each as it is read in
    /// that language, in the order of the file.
    pub fn words_of(&self, language: &str) -> Vec<(&str, &str)> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        let of = |wanted| self.rows.iter().filter(move |row| row.language == wanted);
        for row in of(language).chain(of("en")) {
            let is_new = found.iter().all(|(value, _)| *value != row.value);
            if is_new && self.lookup(&row.word, Some(language)) == Lookup::Found(&row.value) {
                found.push((&row.value, &row.word));
            }
        }
        found
    }

    /// The value whose word is most like this one, for a suggestion.
    pub fn nearest(&self, word: &str) -> Option<&VocabularyRow> {
        let key = fold(word);
        let likeness = |row: &VocabularyRow| strsim::jaro_winkler(&fold(&row.word), &key);
        let best = self.rows.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
        (likeness(best) > 0.8).then_some(best)
    }

    /// The rows as a registry keeps them.
    pub fn stored(&self) -> &StoredMapping {
        &self.stored
    }
}

/// The words of languages that look like the code of another value, still without their rows.
fn local_words(rows: &[VocabularyRow]) -> HashMap<(Text, String), Vec<usize>> {
    let is_code = |row: &&VocabularyRow| row.language == CODES && !fold(&row.word).is_empty();
    let codes: HashMap<String, &Text> =
        rows.iter().filter(is_code).map(|row| (fold(&row.word), &row.value)).collect();
    let is_local = |row: &&VocabularyRow| {
        let is_named = !is_code(row) && row.value != UNKNOWN;
        is_named && codes.get(&fold(&row.word)).is_some_and(|&value| *value != row.value)
    };
    let words = rows.iter().filter(is_local).map(|row| (row.language.clone(), fold(&row.word)));
    words.map(|word| (word, Vec::new())).collect()
}

/// The value that all agree on; `None` where they do not, or there is none.
fn unanimous<'a>(mut values: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vocabulary {
        let rows = [
            ("rifle", "ru", "Винтовка"),
            ("rifle", "es", "fusil"),
            ("shotgun", "fr", "fusil"),
            ("ditto", "und", "\""),
            ("subtotal", "zh", "合计"),
            ("subtotal", "ru", "Итого по странице"),
            ("subtotal", "ru", "Итого"),
            ("NO", "zxx", "NO"),
            ("AS", "zxx", "AS"),
            ("US", "id", "AS"),
            ("NL", "zxx", "NL"),
            ("SUHH", "fi", "NL"),
            ("NL", "fi", "NL"),
        ];
        let row = |(value, language, word): (&str, &str, &str)| VocabularyRow {
            value: value.into(),
            language: language.into(),
            word: word.into(),
        };
        Vocabulary::index("sample", rows.map(row).to_vec())
    }

    #[test]
    fn a_word_means_what_its_language_says() {
        let words = sample();
        for (word, language, expect) in [
            ("ВИНТОВКА", None, Lookup::Found("rifle")),
            ("fusil", Some("fr"), Lookup::Found("shotgun")),
            ("fusil", None, Lookup::Ambiguous(vec!["rifle", "shotgun"])),
            ("fusil", Some("it"), Lookup::Ambiguous(vec!["rifle", "shotgun"])),
            ("NO", None, Lookup::Found("NO")),
            ("No.", None, Lookup::Unknown),
            ("no", None, Lookup::Unknown),
            ("AS", Some("id"), Lookup::Found("US")),
            ("A.S.", Some("id"), Lookup::Found("US")),
            ("AS", Some("en"), Lookup::Found("AS")),
            ("As", Some("en"), Lookup::Unknown),
            ("A.S.", None, Lookup::Unknown),
            ("NL", Some("fi"), Lookup::Ambiguous(vec!["SUHH", "NL"])),
            ("NL", Some("nl"), Lookup::Found("NL")),
            ("Zzyzx", None, Lookup::Unknown),
            ("", None, Lookup::Unknown),
        ] {
            assert_eq!(words.lookup(word, language), expect, "{word}");
        }
    }

    #[test]
    fn phrases_are_found_at_the_start_and_marks_by_their_characters() {
        let words = sample();
        assert_eq!(words.prefix_value("Итого по странице: 30"), Some("subtotal"));
        assert_eq!(words.prefix_value("合计12"), Some("subtotal"));
        assert_eq!(words.prefix_value("Итоговая винтовка"), None);
        assert_eq!(words.exact_value(" \" "), Some("ditto"));
        assert_eq!(words.exact_value("-"), None);
    }

    #[test]
    fn a_shipped_short_name_is_that_of_the_ledgers_language() {
        let countries = Files::shipped().vocabulary("country").unwrap();
        for (word, language, expect) in [
            ("AS", "id", Lookup::Found("US")),
            ("AS", "ms", Lookup::Found("US")),
            ("AS", "de", Lookup::Found("AS")),
            ("NGA", "vi", Lookup::Found("RU")),
            ("NGA", "en", Lookup::Found("NG")),
            ("MY", "vi", Lookup::Found("US")),
            ("MY", "ms", Lookup::Found("MY")),
            ("my", "en", Lookup::Unknown),
            ("NL", "fi", Lookup::Ambiguous(vec!["SUHH", "NL"])),
            ("NL", "nl", Lookup::Found("NL")),
            ("ČR", "cs", Lookup::Found("CZ")),
            ("SR", "sk", Lookup::Found("SK")),
            ("SR", "nl", Lookup::Found("SR")),
            ("RU", "es", Lookup::Ambiguous(vec!["GB", "RU"])),
            ("RU", "ru", Lookup::Found("RU")),
            ("Itālija", "lv", Lookup::Found("IT")),
            ("АНУ", "mn", Lookup::Found("US")),
        ] {
            assert_eq!(countries.lookup(word, Some(language)), expect, "{word} {language}");
        }
        let types = Files::shipped().vocabulary("weapon_type").unwrap();
        // A word for any long gun is no rifle.
        for (word, language, expect) in
            [("Bunduki", "sw", "other"), ("बंदूक", "hi", "other"), ("Šautuvas", "lt", "rifle")]
        {
            assert_eq!(types.lookup(word, Some(language)), Lookup::Found(expect), "{word} {language}");
        }
    }

    #[test]
    fn every_shipped_vocabulary_gives_each_word_one_value_in_its_language() {
        for name in [
            "weapon_type",
            "country",
            "status",
            "no_serial",
            "furniture",
            "ditto",
            "calibre",
            "month",
            "date_word",
            "event",
            "personal",
            "quantity",
        ] {
            let words = Files::shipped().vocabulary(name).unwrap();
            for row in words.rows() {
                if !fold(&row.word).is_empty() {
                    let found = words.lookup(&row.word, Some(&row.language));
                    let (key, is_country) = (fold(&row.word), name == "country" && row.language != CODES);
                    let same = words.rows().iter().filter(|other| {
                        is_country && other.language == row.language && fold(&other.word) == key
                    });
                    let several: BTreeSet<_> = same.map(|other| other.value.as_str()).collect();
                    // The check of vocabularies holds that such a word is said to be shared.
                    if several.len() > 1 {
                        assert!(matches!(found, Lookup::Ambiguous(_)), "{name}: {row:?}");
                    } else {
                        assert_eq!(found, Lookup::Found(row.value.as_str()), "{name}: {row:?}");
                    }
                }
            }
        }
    }
}
