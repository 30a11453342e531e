//! What is wrong with the vocabularies and the header words, all of it with its line: `matricule mappings check`.
//!
//! Reading a vocabulary stops at its first unreadable row. What only looks right is told here: a spelling of two
//! values in one language, a language that is none, a value that the program does not know.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use matricule_record::{Code, Field};
use matricule_text::{fold, identity_key, plain_quotes};

use crate::files::{Files, Layer};
use crate::sheet::{self, SheetRow};
use crate::{Error, Place};

/// The columns of vocabularies that list words.
const WORDS: [&str; 4] = ["value", "language", "word", "note"];
/// The vocabulary of which one word may play several parts: `of` before a date and before a person.
const PARTS: &str = "event_word";
/// How the note of a row begins whose word is meant to be of several values, and so resolves to none.
const SHARED: &str = "shared";

/// Vocabularies whose values are the program's own: an operator adds words for them, never values.
const CLOSED: [&str; 17] = [
    "calibre_word",
    "component",
    "condition",
    "date_word",
    "ditto",
    "event",
    "event_word",
    "furniture",
    "legal_form",
    "month",
    "no_serial",
    "personal",
    "qualifier",
    "quantity",
    "serial_part",
    "status",
    "weapon_type",
];

/// Vocabularies of names that belong to an identity: they compare by what tells two of them apart.
const NAMES: [&str; 2] = ["make", "designer"];
/// The vocabulary whose words compare by a key of their own; here only the same characters are one spelling.
const CALIBRE: &str = "calibre";

/// The vocabulary whose codes no word may be taken for.
const COUNTRY: &str = "country";
/// What a word of it may mean that is no country.
const UNKNOWN: &str = "unknown";

/// A file with columns of its own.
struct OwnColumns {
    name: &'static str,
    columns: &'static [&'static str],
    /// The cells that name values of a vocabulary.
    references: &'static [(usize, &'static str)],
}

const TABLES: [OwnColumns; 4] = [
    OwnColumns {
        name: "country_year",
        columns: &["value", "word", "first_year", "last_year"],
        references: &[(0, "country")],
    },
    OwnColumns {
        name: "make_country",
        columns: &["make", "country"],
        references: &[(0, "make"), (1, "country")],
    },
    OwnColumns {
        name: "model",
        columns: &["make", "value", "word", "type", "calibre", "first_year"],
        references: &[(0, "make"), (3, "weapon_type"), (4, "calibre")],
    },
    OwnColumns {
        name: "serial_system",
        columns: &["pattern", "says", "make", "country", "model"],
        references: &[(2, "make"), (3, "country")],
    },
];

/// ISO 639-1, and `und` for any language, `zxx` for a code.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy \
    da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii \
    ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr \
    ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl \
    sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh \
    zu und zxx";

/// What the check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VocabularyCheck {
    /// Files that were looked at, and their rows.
    pub files: Vec<(String, usize)>,
    /// What is wrong, each with its place.
    pub faults: Vec<Error>,
}

impl Files {
    /// Looks at every vocabulary and the header words, each row of each layer.
    pub fn check_vocabularies(&self) -> Result<VocabularyCheck, Error> {
        let mut work = Work { files: self, values: HashMap::new(), found: VocabularyCheck::default() };
        for name in self.ids("vocabulary") {
            match TABLES.iter().find(|table| table.name == name) {
                Some(table) => work.table(table)?,
                None => work.words(&name)?,
            }
        }
        work.headers()?;
        Ok(work.found)
    }
}

struct Work<'a> {
    files: &'a Files,
    /// The values of vocabularies that were asked for.
    values: HashMap<String, BTreeSet<String>>,
    found: VocabularyCheck,
}

impl Work<'_> {
    fn words(&mut self, name: &str) -> Result<(), Error> {
        let layers = self.files.layers(&format!("vocabulary/{name}.csv"))?;
        if !is_shipped(&layers) {
            let message = "would not be used: no vocabulary has that name";
            self.found.faults.push(Error::new(Code::M501, &layers[0].path, 0, message));
            return Ok(());
        }
        let mut spellings = Spellings::default();
        let mut codes = Codes::default();
        let mut values = BTreeSet::new();
        let mut rows = 0;
        for (depth, layer) in layers.iter().enumerate() {
            sheet::read(layer, columns_of(layer), |row| {
                rows += 1;
                let is_known = depth == 0 || values.contains(&row.cells[0]);
                if depth == 0 {
                    values.insert(row.cells[0].clone());
                }
                let faults = [
                    empty(&row, layer, &[0, 2]),
                    language(&row, layer, 1),
                    (!is_known && CLOSED.contains(&name))
                        .then(|| unknown_value(row.place(layer, 0), &row.cells[0], name, &values)),
                    if name == PARTS { None } else { spellings.add(name, &row, layer) },
                ];
                self.found.faults.extend(faults.into_iter().flatten());
                if name == COUNTRY {
                    codes.add(&row, layer);
                }
                Ok(())
            })?;
        }
        self.found.faults.extend(codes.faults());
        self.found.files.push((name.to_owned(), rows));
        Ok(())
    }

    fn table(&mut self, table: &OwnColumns) -> Result<(), Error> {
        let OwnColumns { name, columns, references } = table;
        let mut rows = 0;
        for (_, vocabulary) in *references {
            self.values_of(vocabulary)?;
        }
        for layer in self.files.layers(&format!("vocabulary/{name}.csv"))? {
            sheet::read(&layer, columns, |row| {
                rows += 1;
                self.found.faults.extend(empty(&row, &layer, &[0, 1]));
                for &(cell, vocabulary) in *references {
                    let known = &self.values[vocabulary];
                    let is_unknown =
                        |part: &&str| !part.is_empty() && !known.contains(*part) && !is_gauge(part);
                    let unknown = row.cells[cell].split(';').find(is_unknown);
                    let fault = |value| unknown_value(row.place(&layer, cell), value, vocabulary, known);
                    self.found.faults.extend(unknown.map(fault));
                }
                Ok(())
            })?;
        }
        self.found.files.push(((*name).to_owned(), rows));
        Ok(())
    }

    fn values_of(&mut self, name: &str) -> Result<(), Error> {
        if !self.values.contains_key(name) {
            let mut values = BTreeSet::new();
            for layer in self.files.layers(&format!("vocabulary/{name}.csv"))? {
                sheet::read(&layer, &["value"], |row| {
                    values.extend(row.cells);
                    Ok(())
                })?;
            }
            self.values.insert(name.to_owned(), values);
        }
        Ok(())
    }

    fn headers(&mut self) -> Result<(), Error> {
        let mut rows = 0;
        for layer in self.files.layers("headers.csv")? {
            sheet::read(&layer, &["field", "language", "word"], |row| {
                rows += 1;
                let is_field = Field::from_name(&row.cells[0]).is_some();
                let message = || format!("`{}` is no field", row.cells[0]);
                let field = (!is_field).then(|| Error::at(Code::M502, row.place(&layer, 0), message()));
                let faults = [empty(&row, &layer, &[0, 2]), field, language(&row, &layer, 1)];
                self.found.faults.extend(faults.into_iter().flatten());
                Ok(())
            })?;
        }
        self.found.files.push(("headers".to_owned(), rows));
        Ok(())
    }
}

/// The columns of a vocabulary; an operator's may do without notes.
fn columns_of(layer: &Layer) -> &'static [&'static str] {
    let has_notes = sheet::read(layer, &WORDS, |_| Ok(())).is_ok();
    if has_notes { &WORDS } else { &WORDS[..3] }
}

fn is_shipped(layers: &[Layer]) -> bool {
    layers.first().is_some_and(|layer| layer.path.starts_with("mappings/vocabulary/"))
}

/// A shotgun's gauge, which is read by its form and needs no row: `12 ga`.
fn is_gauge(value: &str) -> bool {
    value.strip_suffix(" ga").is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The first of these cells that is empty.
fn empty(row: &SheetRow, layer: &Layer, cells: &[usize]) -> Option<Error> {
    let cell = cells.iter().copied().find(|&cell| row.cells[cell].is_empty())?;
    let message = "a row needs this cell; take the row away or fill it";
    Some(Error::at(Code::M502, row.place(layer, cell), message))
}

fn language(row: &SheetRow, layer: &Layer, cell: usize) -> Option<Error> {
    let code = row.cells[cell].as_str();
    let is_known = LANGUAGES.split_whitespace().any(|known| known == code);
    (!is_known).then(|| {
        let message = format!(
            "`{code}` is no language; write two letters of ISO 639-1, `und` for any language, `zxx` for a code"
        );
        Error::at(Code::M502, row.place(layer, cell), message)
    })
}

fn unknown_value(place: Place, value: &str, vocabulary: &str, known: &BTreeSet<String>) -> Error {
    let likeness = |candidate: &&String| strsim::jaro_winkler(candidate, value);
    let near = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let near = near.filter(|near| likeness(near) > 0.8);
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let message = format!("`{value}` is no value of vocabulary/{vocabulary}.csv{hint}");
    Error::at(Code::M502, place, message)
}

/// The spellings of a vocabulary, each with what it means and where that is said.
#[derive(Default)]
struct Spellings(BTreeMap<(String, String), (String, Place)>);

impl Spellings {
    /// Notes a row, and tells where another value has its spelling in its language.
    fn add(&mut self, name: &str, row: &SheetRow, layer: &Layer) -> Option<Error> {
        let [value, language, word] = [0, 1, 2].map(|cell| row.cells[cell].as_str());
        // A row without a word is told for that alone.
        if word.is_empty() {
            return None;
        }
        let key = spelling(name, language, word);
        let place = row.place(layer, 2);
        let first =
            self.0.entry((language.to_owned(), key)).or_insert_with(|| (value.to_owned(), place.clone()));
        (first.0 != value && !row.cells.get(3).is_some_and(|note| note.starts_with(SHARED))).then(|| {
            let message = format!("`{word}` means {value} here and {} in {}", first.0, first.1);
            Error::at(Code::M503, place, message)
        })
    }
}

/// The codes of countries, and the words that would be taken for one where a clerk writes it small: `Mỹ` for `MY`.
#[derive(Default)]
struct Codes {
    codes: BTreeMap<String, String>,
    /// Each word with its key and what it means.
    words: Vec<(String, String, String, Place)>,
}

impl Codes {
    fn add(&mut self, row: &SheetRow, layer: &Layer) {
        let [value, language, word] = [0, 1, 2].map(|cell| row.cells[cell].clone());
        // What is nothing but punctuation is taken for no code.
        if fold(&word).is_empty() {
            return;
        }
        if language == "zxx" {
            self.codes.insert(fold(&word), value);
        } else if value != UNKNOWN {
            self.words.push((fold(&word), word, value, row.place(layer, 2)));
        }
    }

    fn faults(self) -> Vec<Error> {
        let Self { codes, words } = self;
        let faults = words.into_iter().filter_map(|(key, word, value, place)| {
            let code = codes.get(&key).filter(|code| **code != value)?;
            let message =
                format!("`{word}` means {value} here, and `{}` is the code of {code}", key.to_uppercase());
            Some(Error::at(Code::M503, place, message))
        });
        faults.collect()
    }
}

/// What of a word makes two of them one to the program.
fn spelling(name: &str, language: &str, word: &str) -> String {
    let key = match name {
        CALIBRE => plain_quotes(word),
        _ if NAMES.contains(&name) => identity_key(word),
        _ if language == "zxx" => return word.to_owned(),
        _ => fold(word),
    };
    if key.is_empty() { format!("={}", plain_quotes(word)) } else { key }
}

#[cfg(test)]
mod tests {
    use matricule_text::script_of;

    use super::*;

    /// The faults of one operator's file over the shipped ones.
    fn check(name: &str, text: &str, expect: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        let found = Files::with_directory(folder.path()).unwrap().check_vocabularies().unwrap();
        let shown = |fault: &Error| {
            fault.to_string().replace(&folder.path().display().to_string(), "DIR").replace('\\', "/")
        };
        assert_eq!(found.faults.iter().map(shown).collect::<Vec<_>>(), expect, "{text}");
    }

    #[test]
    fn the_shipped_vocabularies_are_without_fault() {
        let found = Files::shipped().check_vocabularies().unwrap();
        let shown: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
        assert!(shown.is_empty(), "{}", shown.join("\n"));
        for name in CLOSED.iter().chain(&NAMES).chain(&["calibre", "country", "headers", "model"]) {
            assert!(found.files.iter().any(|(file, rows)| file == name && *rows > 0), "{name}");
        }
    }

    #[test]
    fn no_shipped_word_is_a_code_of_another_country() {
        let countries = Files::shipped().vocabulary(COUNTRY).unwrap();
        let codes: BTreeMap<String, &str> = (countries.rows().iter())
            .filter(|row| row.language == "zxx")
            .map(|row| (plain_quotes(&row.word), row.value.as_str()))
            .collect();
        assert!(codes.contains_key("do") && codes.contains_key("nga"), "{codes:?}");
        for row in Files::shipped().vocabulary("ditto").unwrap().rows() {
            // `DO` is the Dominican Republic, and `do` is not.
            assert!(row.word == "do" || !codes.contains_key(&plain_quotes(&row.word)), "{row:?}");
        }
        // Latin letters lose their marks when words compare, and two letters are soon those of another word.
        let is_latin =
            |word: &str| word.chars().filter(|c| c.is_alphabetic()).all(|c| script_of(c) == "Latn");
        for name in [COUNTRY, "status"] {
            for row in Files::shipped().vocabulary(name).unwrap().rows() {
                let key = fold(&row.word);
                let is_own = codes.get(&key) == Some(&row.value.as_str());
                let is_word = row.language != "zxx" && row.value != UNKNOWN && is_latin(&row.word);
                assert!(!is_word || is_own || key.len() > 2, "{name}: {row:?}");
            }
        }
    }

    #[test]
    fn an_operators_faults_are_told_with_their_lines() {
        let head = "value,language,word,source,note\n";
        let path = "vocabulary/weapon_type.csv";
        check(path, &format!("{head}rifle,ru,Мушкет,office,\n"), &[]);
        check(
            path,
            &format!("{head}rifle,rus,Мушкет,office,\n"),
            &[
                "M502 DIR/vocabulary/weapon_type.csv:2:7: `rus` is no language; write two letters of ISO 639-1, `und` for any language, `zxx` for a code",
            ],
        );
        check(
            path,
            &format!("{head}rifel,ru,Мушкет,office,\n,ru,Пищаль,office,\n"),
            &[
                "M502 DIR/vocabulary/weapon_type.csv:2:1: `rifel` is no value of vocabulary/weapon_type.csv; did you mean `rifle`?",
                "M502 DIR/vocabulary/weapon_type.csv:3:1: a row needs this cell; take the row away or fill it",
                "M502 DIR/vocabulary/weapon_type.csv:3:1: `` is no value of vocabulary/weapon_type.csv",
            ],
        );
        check(
            path,
            &format!(
                "{head}rifle,qu,kancha,office,\nshotgun,qu,Kancha.,office,\nother,qu,Kancha,office,shared name: resolved to none\n"
            ),
            &[
                "M503 DIR/vocabulary/weapon_type.csv:3:12: `Kancha.` means shotgun here and rifle in DIR/vocabulary/weapon_type.csv:2:10",
            ],
        );
        check(
            "vocabulary/model.csv",
            "make,value,word,type,calibre,first_year\nIzhmash,X1,X1,rifle;pistil,9x18,\nIzhmach,X2,X2,,,\n",
            &[
                "M502 DIR/vocabulary/model.csv:2:15: `pistil` is no value of vocabulary/weapon_type.csv; did you mean `pistol`?",
                "M502 DIR/vocabulary/model.csv:3:1: `Izhmach` is no value of vocabulary/make.csv; did you mean `Izhmash`?",
            ],
        );
        check(
            "vocabulary/country.csv",
            &format!("{head}US,vi,Mỹ,office,\nUS,en,U.S.,office,\nunknown,en,n.a.,office,\n"),
            &["M503 DIR/vocabulary/country.csv:2:7: `Mỹ` means US here, and `MY` is the code of MY"],
        );
        check(
            "vocabulary/weapons.csv",
            head,
            &["M501 DIR/vocabulary/weapons.csv: would not be used: no vocabulary has that name"],
        );
        check(
            "headers.csv",
            "field,language,word\nserial,xx,Zeichen\n",
            &[
                "M502 DIR/headers.csv:2:8: `xx` is no language; write two letters of ISO 639-1, `und` for any language, `zxx` for a code",
            ],
        );
    }

    #[test]
    fn signs_alone_are_no_name_and_a_blank_is_told_once() {
        let rows = "BE,en,---,office,\nFR,zxx,..,office,\nBE,en,,office,\nFR,en,,office,\n";
        check(
            "vocabulary/country.csv",
            &format!("value,language,word,source,note\n{rows}"),
            &[
                "M502 DIR/vocabulary/country.csv:4:7: a row needs this cell; take the row away or fill it",
                "M502 DIR/vocabulary/country.csv:5:7: a row needs this cell; take the row away or fill it",
            ],
        );
    }
}
