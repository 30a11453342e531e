//! Rejects: a row or a file that is refused, with every finding on it, its address and a repair.

use std::sync::Arc;

use serde::{Deserialize, Serialize, de::Error as _};

use crate::cell::column_letters;
use crate::{Cells, Code, Field, Source, Text, message};

/// One thing wrong with a row or a file, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub code: Code,
    /// The field concerned.
    pub field: Option<Field>,
    /// The column concerned, counted from 0.
    pub column: Option<usize>,
    /// The text that was refused, as written.
    pub original: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do, in a sentence; empty where the message says it all.
    pub suggestion: String,
}

impl Finding {
    /// A finding on a whole file or row. The message is a sentence: its full stop is added where it
    /// has none, because a suggestion follows it.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let mut message = message.into();
        if !message.ends_with(['.', '!', '?']) {
            message.push('.');
        }
        Self { code, field: None, column: None, original: String::new(), message, suggestion: String::new() }
    }

    /// The same finding on a cell.
    #[must_use]
    pub fn at(mut self, field: Option<Field>, column: Option<usize>, original: &str) -> Self {
        self.field = field;
        self.column = column;
        original.clone_into(&mut self.original);
        self
    }

    /// The same finding with a repair.
    #[must_use]
    pub fn suggest(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = suggestion.into();
        self
    }

    /// Values of the cell that the suggestion offers, each written by [`proposed`]. One alone can be accepted
    /// as it stands; of several a person writes the one that is meant.
    pub fn proposals(&self) -> Vec<&str> {
        let parts = self.suggestion.split(PROPOSAL.0).skip(1);
        parts.filter_map(|part| part.split_once(PROPOSAL.1)).map(|(value, _)| value).collect()
    }
}

/// What stands around a value that a suggestion offers for the cell.
const PROPOSAL: (char, char) = ('‹', '›');

/// A value of the cell as a suggestion offers it: to be read back by [`Finding::proposals`].
pub fn proposed(value: &str) -> String {
    format!("{}{value}{}", PROPOSAL.0, PROPOSAL.1)
}

/// A refused row.
#[derive(Clone, Debug, PartialEq)]
pub struct Reject {
    /// Where it stands.
    pub source: Source,
    /// Its cells, as the file holds them.
    pub cells: Cells,
    /// Cells whose value stands elsewhere: column and value meant.
    pub carried: Vec<(usize, Text)>,
    /// Everything found wrong with it; never empty.
    pub findings: Vec<Finding>,
}

impl Reject {
    /// The address of a finding's cell, or of the row.
    pub fn address(&self, finding: &Finding) -> String {
        finding.column.map_or_else(|| self.source.to_string(), |column| self.source.cell(column))
    }

    /// One finding as printed for a person: code, address, field, message and repair.
    pub fn describe(&self, finding: &Finding) -> String {
        let field = finding.field.map(|field| format!(" ({field})")).unwrap_or_default();
        format!(
            "{} {}{field}: {} {}",
            finding.code,
            self.address(finding),
            finding.message,
            finding.suggestion
        )
        .trim_end()
        .to_owned()
    }
}

/// A refused row, or a refused file or sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct RejectedRow {
    /// Path relative to the argument it came from, with `/`.
    pub file: Arc<str>,
    /// Name of the sheet; empty for a CSV or a finding on the whole file.
    pub sheet: Arc<str>,
    /// Row number counted from 1; `None` for a finding on the whole file or sheet.
    pub row: Option<u32>,
    /// The cells as the file holds them; none for a finding on the whole file or sheet.
    pub cells: Cells,
    /// Everything found wrong; never empty.
    pub findings: Vec<Finding>,
}

impl RejectedRow {
    /// A refused file, or one refused sheet of it; `sheet` is empty for the file.
    pub fn whole(file: Arc<str>, sheet: Arc<str>, finding: Finding) -> Self {
        Self { file, sheet, row: None, cells: Cells::default(), findings: vec![finding] }
    }

    /// The address of a finding: `file!sheet!C42`, `file!sheet!42`, `file!sheet` or `file`.
    pub fn address(&self, finding: &Finding) -> String {
        self.place(finding.column)
    }

    /// The address of one of its cells, or of the whole.
    pub fn place(&self, column: Option<usize>) -> String {
        let letters = column.map(column_letters).unwrap_or_default();
        let place = self.row.map(|row| format!("{letters}{row}")).unwrap_or_default();
        let mut address = self.file.to_string();
        for part in [&self.sheet[..], &place].into_iter().filter(|part| !part.is_empty()) {
            address.push('!');
            address.push_str(part);
        }
        address
    }
}

impl From<Reject> for RejectedRow {
    fn from(reject: Reject) -> Self {
        Self {
            file: Arc::clone(&reject.source.ledger.file),
            sheet: Arc::clone(&reject.source.ledger.sheet),
            row: Some(reject.source.row),
            cells: reject.cells,
            findings: reject.findings,
        }
    }
}

/// A warning that travels with a loaded entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flag {
    /// A `W` code.
    pub code: Code,
    /// The field concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// What in particular; empty where the code says it all.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub detail: Text,
}

impl Flag {
    /// A warning on a field.
    pub fn new(code: Code, field: Option<Field>, detail: impl Into<Text>) -> Self {
        Self { code, field, detail: detail.into() }
    }

    /// The flags of an entry, from the JSON in which a registry keeps them. What is damaged, or names a code or a field
    /// that this version does not know, is an error: an entry without warnings is something else.
    pub fn from_json(flags: &str) -> serde_json::Result<Vec<Self>> {
        if flags.is_empty() {
            return Ok(Vec::new());
        }
        let all: Vec<StoredFlag> = serde_json::from_str(flags)?;
        all.into_iter().map(Self::try_from).collect()
    }

    /// The flags of an entry as JSON, without what they quote of personal fields.
    pub fn without_personal(flags: &str) -> String {
        // Nobody knows of what is damaged what it quotes.
        let Ok(mut all) = serde_json::from_str::<Vec<serde_json::Value>>(flags) else {
            return message!("masked").to_owned();
        };
        for flag in &mut all {
            let field = flag.get("field").map(|field| field.as_str().and_then(Field::from_name));
            let is_personal = field.is_some_and(|known| known.is_none_or(Field::is_personal));
            if let Some(detail) = flag.get_mut("detail").filter(|_| is_personal) {
                *detail = message!("masked").into();
            }
        }
        serde_json::Value::from(all).to_string()
    }
}

/// A flag as a registry keeps it.
#[derive(Deserialize)]
struct StoredFlag {
    code: Code,
    field: Option<String>,
    #[serde(default)]
    detail: String,
}

impl TryFrom<StoredFlag> for Flag {
    type Error = serde_json::Error;

    fn try_from(stored: StoredFlag) -> Result<Self, Self::Error> {
        let unknown = |name: &String| serde_json::Error::custom(format!("there is no field {name:?}"));
        let field = stored.field.map(|name| Field::from_name(&name).ok_or_else(|| unknown(&name)));
        Ok(Self::new(stored.code, field.transpose()?, stored.detail))
    }
}

impl Source {
    /// The address of one of the row's cells: `file!sheet!C42`, or `file!C42` in a CSV.
    pub fn cell(&self, column: usize) -> String {
        self.address(&format!("{}{}", column_letters(column), self.row))
    }

    fn address(&self, place: &str) -> String {
        if self.ledger.sheet.is_empty() {
            format!("{}!{place}", self.ledger.file)
        } else {
            format!("{}!{}!{place}", self.ledger.file, self.ledger.sheet)
        }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.address(&self.row.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_that_are_not_understood_are_not_none() {
        let check = |json: &str, codes: Option<&[Code]>, masked: &str| {
            let read = Flag::from_json(json).ok();
            let found = read.map(|flags| flags.iter().map(|flag| flag.code).collect::<Vec<_>>());
            assert_eq!(found.as_deref(), codes, "{json}");
            assert_eq!(Flag::without_personal(json), masked, "{json}");
        };
        check("[]", Some(&[]), "[]");
        let plain = r#"[{"code":"W402","detail":"x","field":"serial"},{"code":"W404"}]"#;
        check(plain, Some(&[Code::W402, Code::W404]), plain);
        let hidden = r#"[{"code":"W402","detail":"(masked)","field":"holder"}]"#;
        check(&hidden.replace("(masked)", "Example Person"), Some(&[Code::W402]), hidden);
        check(&plain.replace("W402", "W999"), None, &plain.replace("W402", "W999"));
        let unknown = plain.replace("serial", "keeper");
        check(&unknown, None, &unknown.replace('x', "(masked)"));
        check(&plain[..plain.len() - 1], None, "(masked)");
        check("null", None, "(masked)");
        assert_eq!(Flag::from_json("").unwrap(), []);
    }

    #[test]
    fn what_a_suggestion_offers_is_read_back() {
        for (suggestion, expect) in [
            (format!("Nearest: {} (ZW).", proposed("زمبابوے")), vec!["زمبابوے"]),
            (format!("{} or {}", proposed("AA 100"), proposed("АА 100")), vec!["AA 100", "АА 100"]),
            ("Look at the paper.".to_owned(), vec![]),
            ("a sign ‹ alone".to_owned(), vec![]),
        ] {
            assert_eq!(Finding::new(Code::S205, "x").suggest(suggestion).proposals(), expect);
        }
    }
}
