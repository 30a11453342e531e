//! How the rows of a sheet are read, as a registry keeps it.

use matricule_record::{
    Belonging, DuplicateRules, Field, Mixed, Reading, Settings, Survivorship, Symbol, Text, Variant,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Read, known, parsed};
use crate::damage;

const COLUMN: &str = "settings";

/// What decides how a sheet's rows are read, so that they can be read again without their file.
pub(crate) fn settings(settings: &Settings) -> String {
    let mixed = match settings.mixed {
        Mixed::Reject => "reject",
        Mixed::FoldToLatin => "fold-to-latin",
        Mixed::FoldToNative => "fold-to-native",
    };
    let names = |fields: &[Field]| fields.iter().map(|field| field.name()).collect::<Vec<_>>();
    let mut object = json!({
        "language": settings.language.as_deref(),
        "reading": settings.reading.name(),
        "variant": settings.variant.name(),
        "mixed": mixed,
        "register": settings.register.as_deref(),
        "calendar": settings.calendar.as_deref(),
        "date_order": settings.date_order.as_deref(),
        "pivot_year": settings.pivot_year,
        "constants": settings.constants.iter().map(|(f, text)| [f.name(), text.as_str()]).collect::<Vec<_>>(),
        "required": names(&settings.required),
        "recommended": names(&settings.recommended),
        "required_any": settings.required_any.iter().map(|group| names(group)).collect::<Vec<_>>(),
        "strict_content": settings.strict_content,
        "numerals": names(&settings.numerals),
        "symbols": settings.symbols.iter().map(symbol).collect::<Vec<_>>(),
        "mapping": settings.mapping.iter().map(|(from, to)| [from.as_str(), to.as_str()]).collect::<Vec<_>>(),
        "profile": settings.profile.as_deref(),
    });
    if let Some(confidence) = settings.confidence {
        object["confidence"] = confidence.into();
    }
    if !settings.duplicates.is_default() {
        object["duplicates"] = duplicates(&settings.duplicates);
    }
    object.to_string()
}

/// What a ledger declares about duplicates; numbers that are not declared are null.
fn duplicates(rules: &DuplicateRules) -> Value {
    json!({
        "review_at_bits": rules.review_at_bits,
        "merge_at_bits": rules.merge_at_bits,
        "source_rank": rules.source_rank,
        "survivorship": rules.survivorship.iter().map(|criterion| criterion.name()).collect::<Vec<_>>(),
    })
}

fn symbol(symbol: &Symbol) -> [&str; 4] {
    let (belongs, field) = match symbol.belongs {
        Belonging::Attached(field) => ("attached", field.name()),
        Belonging::ToEnd(field) => ("to-end", field.name()),
        Belonging::KeepLetter => ("keep-letter", ""),
    };
    [&symbol.sign, &symbol.name, belongs, field]
}

/// What [`settings`] wrote. What it does not say is as by default; what it says and this version does not know is an
/// error.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Written {
    language: Option<Text>,
    reading: Reading,
    variant: Variant,
    mixed: Mixed,
    register: Option<Text>,
    calendar: Option<Text>,
    date_order: Option<Text>,
    pivot_year: Option<u16>,
    constants: Vec<(String, Text)>,
    required: Vec<String>,
    recommended: Vec<String>,
    required_any: Vec<Vec<String>>,
    confidence: Option<f64>,
    strict_content: bool,
    numerals: Vec<String>,
    /// Sign, name, to what it belongs, and the field of that.
    symbols: Vec<(Text, Text, String, String)>,
    mapping: Vec<(Text, Text)>,
    profile: Option<Text>,
    duplicates: WrittenDuplicates,
}

/// What [`duplicates`] wrote.
#[derive(Default, Deserialize)]
#[serde(default)]
struct WrittenDuplicates {
    review_at_bits: Option<f64>,
    merge_at_bits: Option<f64>,
    source_rank: i64,
    survivorship: Vec<String>,
}

impl WrittenDuplicates {
    fn rules(self) -> Read<DuplicateRules> {
        let criteria = self.survivorship.iter();
        Ok(DuplicateRules {
            review_at_bits: self.review_at_bits,
            merge_at_bits: self.merge_at_bits,
            source_rank: self.source_rank,
            survivorship: criteria
                .map(|name| known(COLUMN, name, Survivorship::named))
                .collect::<Read<_>>()?,
        })
    }
}

fn field(name: &str) -> Read<Field> {
    known(COLUMN, name, Field::from_name)
}

fn fields(names: &[String]) -> Read<Vec<Field>> {
    names.iter().map(|name| field(name)).collect()
}

fn symbol_of((sign, name, belongs, to): (Text, Text, String, String)) -> Read<Symbol> {
    let belongs = match belongs.as_str() {
        "attached" => Belonging::Attached(field(&to)?),
        "to-end" => Belonging::ToEnd(field(&to)?),
        "keep-letter" => Belonging::KeepLetter,
        other => return Err(damage::Damage::unknown(COLUMN, other)),
    };
    Ok(Symbol { sign, name, belongs })
}

/// The least confidence that the settings of a sheet ask for, where they do.
pub(crate) fn confidence_of(text: &str) -> Read<Option<f64>> {
    if !text.contains("\"confidence\"") {
        return Ok(None);
    }
    Ok(parsed::<Written>(COLUMN, text)?.confidence)
}

/// What [`settings`] wrote about duplicates.
pub(crate) fn duplicates_of(text: &str) -> Read<DuplicateRules> {
    parsed::<Written>(COLUMN, text)?.duplicates.rules()
}

/// Whether [`settings`] wrote everything that a row is read by: the first two versions kept only what
/// decides the conversion of serials.
pub(crate) fn settings_are_whole(text: &str) -> bool {
    text.contains("\"strict_content\"")
}

/// The settings that [`settings`] wrote.
pub(crate) fn settings_of(text: &str) -> Read<Settings> {
    let written: Written = parsed(COLUMN, text)?;
    let constants = written.constants.into_iter().map(|(name, text)| Ok((field(&name)?, text)));
    Ok(Settings {
        language: written.language,
        reading: written.reading,
        variant: written.variant,
        mixed: written.mixed,
        register: written.register,
        calendar: written.calendar,
        date_order: written.date_order,
        pivot_year: written.pivot_year,
        constants: constants.collect::<Read<_>>()?,
        required: fields(&written.required)?,
        recommended: fields(&written.recommended)?,
        required_any: written.required_any.iter().map(|group| fields(group)).collect::<Read<_>>()?,
        confidence: written.confidence,
        strict_content: written.strict_content,
        numerals: fields(&written.numerals)?,
        symbols: written.symbols.into_iter().map(symbol_of).collect::<Read<_>>()?,
        mapping: written.mapping,
        profile: written.profile.as_deref().map(Into::into),
        duplicates: written.duplicates.rules()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_were() {
        let all = Settings {
            language: Some("ru".into()),
            reading: Reading::Look,
            variant: Variant::Strict,
            mixed: Mixed::FoldToNative,
            mapping: vec![("Ѣ".into(), "E".into())],
            numerals: vec![Field::YearOfManufacture],
            register: Some("police".into()),
            calendar: Some("rumi".into()),
            date_order: Some("dmy".into()),
            pivot_year: Some(1950),
            constants: vec![(Field::CountryOfManufacture, "SU".into())],
            required: vec![Field::Serial, Field::Make],
            recommended: vec![Field::Model],
            required_any: vec![vec![Field::Model, Field::Calibre]],
            confidence: Some(0.8),
            strict_content: true,
            symbols: [
                Belonging::Attached(Field::SeriesMark),
                Belonging::ToEnd(Field::OwnerMark),
                Belonging::KeepLetter,
            ]
            .map(|belongs| Symbol { sign: "△".into(), name: "TRIANGLE".into(), belongs })
            .into(),
            profile: Some("ab12".into()),
            duplicates: DuplicateRules::default(),
        };
        assert_eq!(settings_of(&settings(&all)), Ok(all));
        assert_eq!(settings_of(&settings(&Settings::default())), Ok(Settings::default()));
        assert_eq!(settings_of("{}"), Ok(Settings::default()));
    }

    #[test]
    fn settings_that_are_not_understood_are_not_those_by_default() {
        for damaged in [
            "",
            "[]x",
            r#"{"reading":"smell"}"#,
            r#"{"mixed":"fold"}"#,
            r#"{"required":["sreial"]}"#,
            r#"{"constants":[["make"]]}"#,
            r#"{"symbols":[["A","B","beside",""]]}"#,
            r#"{"pivot_year":70000}"#,
            r#"{"duplicates":{"survivorship":["age"]}}"#,
        ] {
            assert!(settings_of(damaged).is_err(), "{damaged}");
        }
    }
}
