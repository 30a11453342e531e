//! The words that tell rows and columns apart, looked up once a file and not once a row.

use std::collections::HashSet;

use matricule_mapping::{HeaderWords, Profile, Vocabulary};
use matricule_record::{CellKind, Cells, Field, SkipClass};
use matricule_text::{is_ditto_mark, plain_quotes};

/// Header words, furniture and ditto marks, and what the profile says about them.
pub(crate) struct Markers<'a> {
    /// What columns are called.
    pub headers: &'a HeaderWords,
    /// The profile.
    pub profile: &'a Profile,
    furniture: &'a Vocabulary,
    ditto: HashSet<String>,
    ditto_bytes: usize,
}

impl<'a> Markers<'a> {
    pub fn new(
        headers: &'a HeaderWords,
        furniture: &'a Vocabulary,
        ditto: &'a Vocabulary,
        profile: &'a Profile,
    ) -> Self {
        let ditto: HashSet<String> = ditto.rows().iter().map(|row| plain_quotes(&row.word)).collect();
        let ditto_bytes = ditto.iter().map(String::len).max().unwrap_or(0);
        Self { headers, profile, furniture, ditto, ditto_bytes }
    }

    /// Whether a cell's text repeats the value above it.
    pub fn is_ditto(&self, text: &str) -> bool {
        // Most cells are longer than any mark, or hold a digit, which no mark does.
        let text = text.trim();
        if text.is_empty() || text.len() > self.ditto_bytes || text.bytes().any(|byte| byte.is_ascii_digit())
        {
            return false;
        }
        self.ditto.contains(text) || is_ditto_mark(text) || self.ditto.contains(&plain_quotes(text))
    }

    /// What a row of so many values at most is, by its first words, if it is no record.
    pub fn furniture_class(&self, cells: &Cells, most: usize) -> Option<SkipClass> {
        let values = || cells.iter().filter(|cell| !cell.is_blank());
        if values().nth(most).is_some() {
            return None;
        }
        let first = values().find(|cell| cell.kind == CellKind::Text)?;
        SkipClass::from_name(self.furniture.prefix_value(first.text)?)
    }

    /// Whether a text is called like a serial column.
    pub fn names_a_serial(&self, text: &str) -> bool {
        self.profile.column_field(text) == Some(Field::Serial)
            || self.headers.matches(text).iter().any(|found| found.field == Field::Serial)
    }
}
