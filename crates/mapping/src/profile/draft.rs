//! A profile written down from what was found out about a ledger, for a person to correct.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

/// A profile's text that also declares the language; all else is as declared before.
pub fn with_language(declared: &str, language: &str) -> String {
    let mut table: Table = declared.parse().unwrap_or_default();
    let section = table.entry("ledger").or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(ledger) = section {
        ledger.insert("language".to_owned(), language.into());
    }
    table.to_string()
}

/// The keys that two profiles declare otherwise, each with what it says in both: `ledger.language: - → "ru"`.
pub fn differing_keys(before: &str, after: &str) -> Vec<String> {
    let keys = |text: &str| {
        let mut keys = BTreeMap::new();
        flatten("", &Value::Table(text.parse().unwrap_or_default()), &mut keys);
        keys
    };
    let (before, after) = (keys(before), keys(after));
    let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let says = |value: Option<&String>| value.map_or("-", String::as_str).to_owned();
    all.into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| format!("{key}: {} → {}", says(before.get(key)), says(after.get(key))))
        .collect()
}

/// Adds the keys of a value to those found, with the names of their sections.
fn flatten(name: &str, value: &Value, keys: &mut BTreeMap<String, String>) {
    match value {
        Value::Table(table) => {
            for (key, value) in table {
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                flatten(&name, value, keys);
            }
        }
        value => {
            keys.insert(name.to_owned(), value.to_string());
        }
    }
}

/// What is known about how a ledger is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The profile that held already; what it declares stays.
    pub declared: String,
    /// Name of the file.
    pub file: String,
    /// Its language, ISO 639-1.
    pub language: Option<String>,
    /// Encoding of a CSV.
    pub encoding: Option<String>,
    /// Delimiter of a CSV.
    pub delimiter: Option<char>,
    /// Header text to field name.
    pub columns: BTreeMap<String, String>,
}

impl Draft {
    /// The text of the profile: what was declared, and what was found where nothing was.
    pub fn text(&self) -> String {
        let mut table: Table = self.declared.parse().unwrap_or_default();
        let text = |value: &Option<String>| value.as_deref().map(Value::from);
        let files = Value::from(vec![self.file.as_str()]);
        let same_header = (self.columns.len() > 1).then_some(Value::from(true));
        let ledger =
            [("files", Some(files)), ("same_header", same_header), ("language", text(&self.language))];
        add(&mut table, "ledger", ledger);
        let delimiter = self.delimiter.map(|delimiter| Value::from(delimiter.to_string()));
        add(&mut table, "file", [("encoding", text(&self.encoding)), ("delimiter", delimiter)]);
        let columns = self.columns.iter();
        add(
            &mut table,
            "columns",
            columns.map(|(header, field)| (header.as_str(), Some(field.as_str().into()))),
        );
        toml::to_string(&table).unwrap_or_default()
    }
}

/// Adds the keys of a section that it lacks.
fn add<'a>(table: &mut Table, section: &str, keys: impl IntoIterator<Item = (&'a str, Option<Value>)>) {
    let mut found = table.get(section).and_then(Value::as_table).cloned().unwrap_or_default();
    for (key, value) in keys {
        if let Some(value) = value.filter(|_| !found.contains_key(key)) {
            found.insert(key.to_owned(), value);
        }
    }
    if !found.is_empty() {
        table.insert(section.to_owned(), Value::Table(found));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    #[test]
    fn a_draft_keeps_what_was_declared_and_reads_back() {
        let draft = Draft {
            declared: "[ledger]\nlanguage = \"uk\"\n[rows]\nfill = [\"make\"]\n".into(),
            file: "book \"2\".csv".into(),
            language: Some("ru".into()),
            encoding: Some("windows-1251".into()),
            delimiter: Some('\t'),
            columns: [("Заводской\n№".to_owned(), "serial".to_owned())].into(),
        };
        let profile = Profile::parse(&draft.text(), "ledger.toml").unwrap();
        assert_eq!(profile.ledger.language.as_deref(), Some("uk"));
        assert_eq!(profile.ledger.files, ["book \"2\".csv"]);
        assert_eq!(profile.rows.fill, ["make"]);
        assert_eq!(profile.file.delimiter.as_deref(), Some("\t"));
        assert_eq!(profile.column_field("Заводской\n№"), Some(matricule_record::Field::Serial));
        assert_eq!(Profile::parse(&Draft::default().text(), "").unwrap().ledger.files, [""]);
    }
}
