//! What happened to a weapon, told in words: `issued 12.03.1994 to 4th depot, act 17; returned 1996`.
//!
//! A chain is clauses, and a clause is one event: its kind by `mappings/vocabulary/event.csv`, and beside it
//! at most one date, the parties and a document, each set off by a word of `event_word.csv` or a comma. A
//! clause in which anything else stands is not understood as a whole: nothing is taken out of it.

use std::collections::{HashMap, HashSet};

use matricule_mapping::{Error, Files, Lookup, Vocabulary};
use matricule_record::{Field, HistoryEvent, Text};
use matricule_text::fold;

use crate::date::Order;

mod clause;
mod parties;
#[cfg(test)]
mod tests;

/// The kinds of events and the words around them.
pub(crate) struct Events {
    kinds: Vocabulary,
    words: Vocabulary,
    /// What a word of `event_word.csv` sets off, each with its language.
    roles: HashMap<String, Vec<(Role, Text)>>,
    /// The languages of a kind's words.
    languages: HashMap<String, Vec<Text>>,
    /// The first words of kinds, and the first letters of those that are written without blanks.
    first_words: HashSet<String>,
    first_letters: HashSet<char>,
}

/// What a word sets off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Who received.
    To,
    /// Who gave.
    From,
    /// A date.
    On,
    /// A document.
    Document,
    /// That it did not happen.
    Not,
    /// Nothing: `was`, `then`.
    Link,
}

/// What a text tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// The events that were understood, in the order of the text.
    pub events: Vec<HistoryEvent>,
    /// Calendars of their dates other than the Gregorian.
    pub calendars: Vec<&'static str>,
    /// The clauses that were not.
    pub unknown: Vec<String>,
}

/// Words of a kind at most (`struck off strength`).
const LONGEST: usize = 4;
/// Signs that end a clause.
const ENDS: [char; 8] = [';', '；', '؛', '\n', '。', '|', '→', '।'];

impl Events {
    /// Reads the vocabularies.
    pub(crate) fn load(files: &Files) -> Result<Self, Error> {
        let (kinds, words) = (files.vocabulary("event")?, files.vocabulary("event_word")?);
        let mut roles: HashMap<String, Vec<(Role, Text)>> = HashMap::new();
        for row in words.rows() {
            let role = match row.value.as_str() {
                "to" => Role::To,
                "from" => Role::From,
                "on" => Role::On,
                "document" => Role::Document,
                "not" => Role::Not,
                _ => Role::Link,
            };
            roles.entry(fold(&row.word)).or_default().push((role, row.language.clone()));
        }
        let mut found = Self {
            kinds,
            words,
            roles,
            languages: HashMap::new(),
            first_words: HashSet::new(),
            first_letters: HashSet::new(),
        };
        found.index_kinds();
        Ok(found)
    }

    fn index_kinds(&mut self) {
        for row in self.kinds.rows() {
            self.languages.entry(fold(&row.word)).or_default().push(row.language.clone());
            self.first_words.extend(row.word.split_whitespace().next().map(fold));
            let first = row.word.chars().next();
            self.first_letters.extend(first.filter(|letter| clause::is_joined_script(*letter)));
        }
    }

    /// Whether a text can tell an event with its date at all: most remarks do not, and need not be read.
    pub(crate) fn may_tell(&self, text: &str) -> bool {
        text.chars().any(char::is_numeric)
            && (text.chars().any(|letter| self.first_letters.contains(&letter))
                || text.split_whitespace().any(|word| self.first_words.contains(&fold(word))))
    }

    /// The vocabularies, for the registry to keep.
    pub(crate) fn vocabularies(&self) -> [&Vocabulary; 2] {
        [&self.kinds, &self.words]
    }

    /// Reads a text of a field.
    pub(crate) fn read(&self, text: &str, field: Field, order: &Order<'_>) -> Told {
        let mut told = Told::default();
        for clause in self.clauses(text, order) {
            match self.clause(clause, order) {
                Some((event, calendar)) => {
                    told.calendars.extend(calendar);
                    told.events.push(HistoryEvent { field, original: clause.into(), ..event });
                }
                None => told.unknown.push(clause.to_owned()),
            }
        }
        told
    }

    /// The clauses of a text: ended by a sign, or by a comma or full stop before the kind of another
    /// event.
    fn clauses<'t>(&self, text: &'t str, order: &Order<'_>) -> Vec<&'t str> {
        let mut clauses = Vec::new();
        for part in text.split(ENDS) {
            let (mut start, mut from) = (0, 0);
            while let Some(at) = part[from..].find([',', '.', '،', '，']).map(|at| from + at) {
                let width = part[at..].chars().next().map_or(1, char::len_utf8);
                from = at + width;
                let rest = &part[from..];
                if rest.starts_with(char::is_whitespace) && self.begins_with_kind(rest, order) {
                    clauses.push(&part[start..at]);
                    start = from;
                }
            }
            clauses.push(&part[start..]);
        }
        clauses
            .into_iter()
            .map(str::trim)
            .filter(|clause| clause.chars().any(char::is_alphanumeric))
            .collect()
    }

    /// Whether a text begins with the kind of an event, or with a number and one.
    fn begins_with_kind(&self, text: &str, order: &Order<'_>) -> bool {
        let words: Vec<&str> = text.split_whitespace().collect();
        let has_digit = |word: &&&str| word.chars().any(char::is_numeric) && !word.ends_with(['.', ',']);
        let skipped = words.iter().take_while(has_digit).count();
        self.kind_at_start(&words[skipped..], order.context.language).is_some()
    }

    /// The kind that a text of words begins with, and how many words it takes: the longest.
    fn kind_at_start(&self, words: &[&str], language: Option<&str>) -> Option<(&str, usize)> {
        (1..=words.len().min(LONGEST)).rev().find_map(|count| {
            let kind = self.kind(&words[..count].join(" "), language)?;
            Some((kind, count))
        })
    }

    fn kind(&self, phrase: &str, language: Option<&str>) -> Option<&str> {
        match self.kinds.lookup(phrase.trim_end_matches([',', ':', '.']), language) {
            Lookup::Found(kind) => Some(kind),
            Lookup::Ambiguous(_) | Lookup::Unknown => None,
        }
    }

    /// Whether a phrase has a role in one of the languages of a kind's words.
    fn has_role(&self, phrase: &str, role: Role, languages: &[&str]) -> bool {
        let known = self.roles.get(&fold(phrase));
        known.is_some_and(|known| {
            known.iter().any(|(own, language)| *own == role && languages.contains(&language.as_str()))
        })
    }

    /// The languages in which a phrase is a kind: the ledger's own, where it is.
    fn languages(&self, phrase: &str, language: Option<&str>) -> Vec<&str> {
        let known = self.languages.get(&fold(phrase)).map_or(&[][..], Vec::as_slice);
        let own = known.iter().find(|own| Some(own.as_str()) == language);
        own.map_or_else(|| known.iter().map(Text::as_str).collect(), |own| vec![own.as_str()])
    }
}
