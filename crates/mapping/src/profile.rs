//! A ledger profile, `ledger.toml`: what its owner declares about a ledger.
//!
//! Every key is optional; an unknown one is an error that names the nearest known key, because a
//! key that is silently ignored is a declaration that silently does not hold.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use matricule_record::{
    Code, DuplicateRules, Field, FieldKind, Mixed, Reading, SerialPart, Settings, Survivorship, Symbol, Text,
    Variant,
};
use serde::Deserialize;

use crate::{Content, Error, hex_digest, symbols};

mod draft;
mod keys;

pub use draft::{Draft, differing_keys, with_language};

/// A ledger profile as declared.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Section `[ledger]`.
    pub ledger: LedgerSection,
    /// Section `[file]`.
    pub file: FileSection,
    /// Section `[limits]`: limits by name.
    pub limits: BTreeMap<String, u64>,
    /// Section `[numerals]`.
    pub numerals: NumeralsSection,
    /// Section `[mapping]`: the ledger's own rows, from and to.
    pub mapping: BTreeMap<String, String>,
    /// Section `[symbols]`: a sign to its name and place, such as `"TRIANGLE series_mark"`.
    pub symbols: BTreeMap<String, String>,
    /// Section `[rows]`: which rows are weapons at all.
    pub rows: RowsSection,
    /// Section `[columns]`: header text to field name, or to the name of a part of the serial.
    pub columns: BTreeMap<String, String>,
    /// Section `[constants]`: field name to value.
    pub constants: BTreeMap<String, String>,
    /// Section `[content]`: changes to the minimum content.
    pub content: ContentSection,
    /// Section `[duplicates]`.
    pub duplicates: DuplicatesSection,
    /// The file as read.
    #[serde(skip)]
    pub text: Arc<str>,
}

/// Section `[ledger]` of a profile.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct LedgerSection {
    /// Name of the ledger.
    pub name: Option<String>,
    /// Register it belongs to.
    pub register: Option<String>,
    /// Language, ISO 639-1.
    pub language: Option<String>,
    /// By sound or by look.
    pub reading: Option<Reading>,
    /// Variant of the language's table.
    pub variant: Option<Variant>,
    /// What to do with mixed scripts.
    pub mixed: Option<Mixed>,
    /// Calendar of its dates.
    pub calendar: Option<String>,
    /// Day-month order of its dates.
    pub date_order: Option<String>,
    /// First year that two-digit years stand for.
    pub pivot_year: Option<u16>,
    /// Name of the minimum content.
    pub content: Option<String>,
    /// Files that the profile is for, as patterns of file names.
    pub files: Vec<String>,
    /// Whether it is for every other ledger too whose first table has all columns of `[columns]`.
    pub same_header: bool,
    /// Sheets that the profile is for, as patterns.
    pub sheets: Vec<String>,
}

/// Section `[file]` of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FileSection {
    /// Encoding of a CSV, by a WHATWG label.
    pub encoding: Option<String>,
    /// Delimiter of a CSV.
    pub delimiter: Option<String>,
    /// Row of the header, counted from 1.
    pub header_row: Option<u32>,
    /// `skip` or `load` hidden sheets and rows.
    pub hidden: Option<String>,
}

/// Section `[numerals]` of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct NumeralsSection {
    /// Fields whose letters are numerals.
    pub columns: Vec<String>,
}

/// Section `[rows]` of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct RowsSection {
    /// Header text to the values of that column that a weapon's row has.
    pub keep: BTreeMap<String, Vec<String>>,
    /// Fields that are written once and hold for the blank cells below.
    pub fill: Vec<String>,
}

/// Section `[content]` of a profile.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ContentSection {
    /// Fields without which a row is refused.
    pub required: Option<Vec<String>>,
    /// Fields whose absence is flagged.
    pub recommended: Option<Vec<String>>,
    /// The least confidence with which a scanned row may be read.
    pub confidence: Option<f64>,
}

/// Section `[duplicates]` of a profile.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct DuplicatesSection {
    /// From which posterior log2 odds on a person is asked.
    pub review_at_bits: Option<f64>,
    /// From which on the model merges by itself: a number, or `off`.
    pub merge_at_bits: Option<toml::Value>,
    /// How much the ledger is trusted where several state a weapon.
    pub source_rank: Option<i64>,
    /// What decides which entry states a field of a weapon, first criterion first.
    pub survivorship: Option<Vec<String>>,
}

impl DuplicatesSection {
    fn rules(&self) -> Result<DuplicateRules, String> {
        let merge_at_bits = match &self.merge_at_bits {
            None => None,
            Some(toml::Value::String(word)) if word == "off" => None,
            Some(toml::Value::Integer(bits)) => Some(*bits as f64),
            Some(toml::Value::Float(bits)) => Some(*bits),
            Some(other) => return Err(format!("merge_at_bits = {other} is neither a number nor \"off\"")),
        };
        let criterion = |name: &String| {
            let known = Survivorship::SHIPPED.map(Survivorship::name).join(", ");
            Survivorship::named(name).ok_or_else(|| format!("survivorship names `{name}`; known are {known}"))
        };
        let survivorship = self.survivorship.iter().flatten().map(criterion).collect::<Result<_, _>>()?;
        let source_rank = self.source_rank.unwrap_or_default();
        Ok(DuplicateRules { review_at_bits: self.review_at_bits, merge_at_bits, source_rank, survivorship })
    }
}

impl Profile {
    /// A profile with every key, as an example.
    pub const EXAMPLE: &'static str = include_str!("profile/contract.toml");

    /// Reads a profile; M506 where it is not valid.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::new(Code::M506, &shown, 0, format!("cannot be read: {error}")))?;
        Self::parse(&text, &shown)
    }

    /// Reads a profile's text; `path` is for messages.
    pub fn parse(text: &str, path: &str) -> Result<Self, Error> {
        let fault = |error: toml::de::Error| {
            let line = error.span().map_or(0, |span| 1 + text[..span.start].matches('\n').count() as u64);
            Error::new(Code::M506, path, line, error.message())
        };
        let table: toml::Table = text.parse().map_err(fault)?;
        keys::check(&table).map_err(|message| Error::new(Code::M506, path, 0, message))?;
        let mut profile: Self = toml::from_str(text).map_err(fault)?;
        profile.text = text.into();
        profile.check_values().map_err(|message| Error::new(Code::M506, path, 0, message))?;
        Ok(profile)
    }

    /// SHA-256 of the file in hexadecimal.
    pub fn digest(&self) -> String {
        hex_digest(self.text.as_bytes())
    }

    fn check_values(&self) -> Result<(), String> {
        let content = self.content.required.iter().chain(&self.content.recommended).flatten();
        let columns = self.columns.values().filter(|name| SerialPart::from_name(name).is_none());
        let fields = columns.chain(self.constants.keys()).chain(&self.numerals.columns).chain(content);
        for name in fields {
            keys::known_field(name)?;
        }
        self.symbols()?;
        for name in &self.rows.fill {
            keys::known_field(name)?;
            if Field::from_name(name).is_some_and(|field| field.kind() == FieldKind::Serial) {
                return Err(format!("[rows] fill names {name}, but a serial is of one weapon only"));
            }
        }
        self.check_support()?;
        if self.content.confidence.is_some_and(|least| !(least > 0.0 && least <= 100.0)) {
            return Err("[content] confidence is a share such as 0.8, or percent such as 80".to_owned());
        }
        keys::one_of("content", self.ledger.content.as_deref(), &Content::ALL.map(|content| content.name))?;
        keys::one_of("calendar", self.ledger.calendar.as_deref(), keys::CALENDARS)?;
        keys::one_of("date_order", self.ledger.date_order.as_deref(), &["dmy", "mdy", "ymd"])?;
        keys::one_of("hidden", self.file.hidden.as_deref(), &["skip", "load"])?;
        if self.ledger.same_header && self.columns.len() < 2 {
            return Err("same_header = true needs two headers under [columns] at least".to_owned());
        }
        match self.file.delimiter.as_deref() {
            Some(text) if text.len() != 1 => Err(format!("delimiter = {text:?} is not one ASCII character")),
            _ => Ok(()),
        }
    }

    /// Refuses what this version would have to ignore: a declaration that does not hold is worse than
    /// none.
    fn check_support(&self) -> Result<(), String> {
        self.duplicates.rules().map_err(|message| format!("[duplicates]: {message}"))?;
        let language = self.ledger.language.as_deref().unwrap_or("en");
        if (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Ok(());
        }
        Err(format!("language = \"{language}\" is not a code of ISO 639 such as \"ru\""))
    }

    /// The groups of the content it names; a profile that states its required fields states them all.
    fn required_any(&self, content: Content) -> Vec<Vec<Field>> {
        if self.content.required.is_some() {
            return Vec::new();
        }
        content.required_any.iter().map(|any| any.to_vec()).collect()
    }

    /// The signs that it names.
    fn symbols(&self) -> Result<Vec<Symbol>, String> {
        let symbol = |(sign, text): (&String, &String)| {
            symbols::of_profile(sign, text).map_err(|message| format!("[symbols]: {message}"))
        };
        self.symbols.iter().map(symbol).collect()
    }

    /// The field that a header means by this profile.
    pub fn column_field(&self, header: &str) -> Option<Field> {
        self.column_name(header).and_then(Field::from_name)
    }

    /// The part of a serial that the column under a header holds by this profile.
    pub fn column_part(&self, header: &str) -> Option<SerialPart> {
        self.column_name(header).and_then(SerialPart::from_name)
    }

    fn column_name(&self, header: &str) -> Option<&str> {
        let header = header.trim();
        self.columns.iter().find(|(text, _)| text.trim() == header).map(|(_, name)| name.as_str())
    }

    /// The settings that the profile declares; what it does not say is as without a profile.
    pub fn settings(&self) -> Settings {
        let content = self.ledger.content.as_deref().and_then(Content::named).unwrap_or(Content::ALL[0]);
        let text = |value: &Option<String>| value.as_deref().map(Text::from);
        let pairs = |map: &BTreeMap<String, String>| {
            map.iter().map(|(a, b)| (a.as_str().into(), b.as_str().into())).collect()
        };
        Settings {
            language: text(&self.ledger.language),
            reading: self.ledger.reading.unwrap_or_default(),
            variant: self.ledger.variant.unwrap_or_default(),
            mixed: self.ledger.mixed.unwrap_or_default(),
            register: text(&self.ledger.register),
            calendar: text(&self.ledger.calendar).filter(|calendar| calendar != "gregorian"),
            date_order: text(&self.ledger.date_order),
            pivot_year: self.ledger.pivot_year,
            constants: fields_of(self.constants.iter()),
            required: named(self.content.required.as_ref(), content.required),
            required_any: self.required_any(content),
            recommended: named(self.content.recommended.as_ref(), content.recommended),
            strict_content: content.strict,
            confidence: self.content.confidence,
            numerals: fields_named(&self.numerals.columns),
            mapping: pairs(&self.mapping),
            symbols: self.symbols().unwrap_or_default(),
            profile: (!self.text.is_empty()).then(|| self.digest().into()),
            duplicates: self.duplicates.rules().unwrap_or_default(),
        }
    }
}

fn fields_of<'a>(constants: impl Iterator<Item = (&'a String, &'a String)>) -> Vec<(Field, Text)> {
    constants.filter_map(|(name, value)| Some((Field::from_name(name)?, value.as_str().into()))).collect()
}

fn named(names: Option<&Vec<String>>, otherwise: &[Field]) -> Vec<Field> {
    names.map_or_else(|| otherwise.to_vec(), |names| fields_named(names))
}

fn fields_named(names: &[String]) -> Vec<Field> {
    names.iter().filter_map(|name| Field::from_name(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Result<(), &str>) {
        match (Profile::parse(text, "ledger.toml"), expect) {
            (Ok(_), Ok(())) => {}
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error} lacks {part:?}"),
            (found, expect) => panic!("{text:?}: {found:?} instead of {expect:?}"),
        }
    }

    #[test]
    fn the_profile_of_the_contract_is_read() {
        let profile = Profile::parse(Profile::EXAMPLE, "ledger.toml").unwrap();
        let settings = profile.settings();
        assert_eq!(settings.language.as_deref(), Some("ru"));
        assert_eq!(settings.pivot_year, Some(1950));
        assert_eq!(settings.constants, [(Field::CountryOfManufacture, "SU".into())]);
        assert_eq!(settings.mapping, [("Ѵ".into(), "V".into())]);
        assert_eq!(profile.column_field(" Заводской № "), Some(Field::Serial));
        assert_eq!(settings.required.len(), 4);
    }

    #[test]
    fn mistakes_name_what_was_meant() {
        check("", Ok(()));
        check("[ledger]\nlangauge = \"ru\"", Err("`langauge`; did you mean `language`?"));
        check("[ledgers]\nlanguage = \"ru\"", Err("did you mean `ledger`?"));
        check("[ledger]\nreading = \"sond\"", Err("ledger.toml:2"));
        check("[ledger]\ncalendar = \"budhist\"", Err("did you mean `buddhist`?"));
        check("[columns]\n\"No\" = \"serail\"", Err("did you mean `serial`?"));
        check("[constants]\ncountry = \"SU\"", Err("is no field"));
        check("[limits]\ncolumn = 4000", Err("did you mean `columns`?"));
        check("[rows]\nfill = [\"maek\"]", Err("did you mean `make`?"));
        check("[rows]\nfill = [\"serial\"]", Err("a serial is of one weapon"));
        check("[ledger]\nlanguage = \"RU\"", Err("is not a code of ISO 639"));
        check("[ledger]\nvariant = \"strict\"", Ok(()));
        check("[ledger]\nvariant = \"strickt\"", Err("ledger.toml:2"));
        check("[symbols]\n\"△\" = \"TRIANGLE series_mark\"\n\"㋑\" = \"keep-letter\"", Ok(()));
        check("[symbols]\n\"△\" = \"TRIANGLE\"", Err("belongs nowhere"));
        check("[duplicates]\nreview_at_bits = 4\nmerge_at_bits = \"off\"\nsource_rank = 2", Ok(()));
        check("[duplicates]\nmerge_at_bits = \"of\"", Err("neither a number nor"));
        check("[duplicates]\nreview_at = 4", Err("did you mean `review_at_bits`?"));
        check(
            "[duplicates]\nsurvivorship = [\"recent\"]",
            Err("known are source_rank, recency, completeness"),
        );
        check("[ledger]\nsame_header = true", Err("needs two headers under [columns]"));
        check("[content]\nconfidence = 0.8", Ok(()));
        check("[content]\nconfidence = 80", Ok(()));
        check("[content]\nconfidence = 0", Err("is a share such as 0.8"));
        check("[content]\nconfidence = \"80 %\"", Err("ledger.toml:2"));
        check("[file]\ndelimiter = \";;\"", Err("not one ASCII character"));
        check("[ledger\n", Err("ledger.toml:1"));
    }
}
