//! Canonical values of makes, models and calibres: aliases, and one keying error beside them.

use std::collections::{BTreeMap, BTreeSet};

use strsim::osa_distance;

/// The aliases of a field's values, some only within a value of another field.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    fields: BTreeMap<String, Aliases>,
}

/// Folded alias → canonical values, each with the value of the other field within which it holds.
type Aliases = BTreeMap<String, BTreeSet<(String, String)>>;

impl Vocabulary {
    /// One more alias of a value.
    pub fn push(&mut self, field: &str, within: &str, value: &str, alias: &str) {
        let aliases = self.fields.entry(field.to_owned()).or_default();
        for text in [alias, value] {
            aliases.entry(folded(text)).or_default().insert((folded(within), folded(value)));
        }
    }

    /// The canonical value of a text, and within which value of the other field it holds, where
    /// that is known or where the text leaves no choice.
    pub(crate) fn find(&self, field: &str, within: &str, text: &str) -> Option<(String, String)> {
        let (aliases, text) = (self.fields.get(field)?, folded(text));
        if let Some(values) = aliases.get(&text) {
            return only(values, within);
        }
        let close = aliases.iter().filter(|(alias, _)| is_close(alias, &text));
        let mut values: BTreeSet<_> = close.filter_map(|(_, values)| only(values, within)).collect();
        let value = values.pop_first()?;
        values.is_empty().then_some(value)
    }
}

fn only(values: &BTreeSet<(String, String)>, within: &str) -> Option<(String, String)> {
    let mut fitting =
        values.iter().filter(|(scope, _)| within.is_empty() || scope.is_empty() || scope == within);
    let first = fitting.next()?;
    fitting.next().is_none().then(|| first.clone())
}

fn is_close(alias: &str, text: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    alias.chars().count() >= 4
        && alias.len().abs_diff(text.len()) <= 2
        && digits(alias) == digits(text)
        && osa_distance(alias, text) <= 1
}

/// The text for comparison: letters and digits, capitals, no accents.
pub(crate) fn folded(text: &str) -> String {
    let upper: String = super::name::plain(text).to_uppercase();
    upper.chars().filter(|c| c.is_alphanumeric() || *c == '.' || *c == '&').collect()
}
