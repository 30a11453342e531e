//! One clause of a chain: the kind, and what stands beside it.

use matricule_record::{CellKind, HistoryEvent, Text};

use super::parties::Parties;
use super::{Events, LONGEST, Role};
use crate::calendar::Calendar;
use crate::date::{self, Day, Order};

/// Words of a date at most.
const DATE_WORDS: usize = 5;
/// Signs that set off the parts of a clause.
const BREAKS: [char; 7] = [',', '،', '，', '、', ':', ')', '('];

/// Languages in which the kind may stand behind the party: elsewhere `to be destroyed` would be an event.
const VERB_LAST: [&str; 12] = ["am", "de", "fa", "hi", "hu", "hy", "ja", "ka", "kk", "ko", "tr", "zh"];

/// A word of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word<'t> {
    pub text: &'t str,
    /// Whether a sign behind it ends its part of the clause.
    pub ends: bool,
}

/// The event of a clause, and the calendar of its date where that is not the Gregorian.
type Read = (HistoryEvent, Option<&'static str>);

/// A clause being read, and the languages that its little words can be of.
struct Clause<'a, 't> {
    events: &'a Events,
    order: &'a Order<'a>,
    languages: Vec<&'a str>,
    words: Vec<Word<'t>>,
}

impl Events {
    /// The event that a clause tells; `None` where anything of it is not understood.
    pub(super) fn clause(&self, clause: &str, order: &Order<'_>) -> Option<Read> {
        let spaced = with_spaces(clause);
        let words = words(&spaced);
        let languages = self.languages_of(&words, order.context.language);
        let mut clause = Clause { events: self, order, languages, words };
        let document = clause.take_document();
        let date = clause.take_date();
        if clause.has_another_date() || clause.is_denied() {
            return None;
        }
        let kind = clause.take_kind()?;
        let parties = Parties::read(self, &clause.languages, &kind, &clause.words)?;
        let calendar = date.as_ref().map(|(_, calendar)| *calendar);
        let event = HistoryEvent {
            kind,
            date: date.map(|(date, _)| date.into()),
            from_party: parties.from,
            to_party: parties.to,
            document,
            ..HistoryEvent::default()
        };
        Some((event, calendar.filter(|calendar| *calendar != Calendar::Gregorian).map(Calendar::name)))
    }

    /// The languages that the kind of a clause can be of: its little words are of the same.
    fn languages_of(&self, words: &[Word<'_>], language: Option<&str>) -> Vec<&str> {
        let phrases = (0..words.len()).flat_map(|start| {
            (1..=LONGEST.min(words.len() - start)).rev().map(move |count| join(&words[start..start + count]))
        });
        let mut found = phrases.map(|phrase| self.languages(&phrase, language));
        let of_ledger =
            || self.kinds.rows().iter().map(|row| row.language.as_str()).find(|own| Some(*own) == language);
        found.find(|languages| !languages.is_empty()).unwrap_or_else(|| of_ledger().into_iter().collect())
    }
}

impl Clause<'_, '_> {
    fn has_role(&self, phrase: &str, role: Role) -> bool {
        self.events.has_role(phrase, role, &self.languages)
    }

    fn kind_of(&self, words: &[Word<'_>]) -> Option<&str> {
        self.events.kind(&join(words), self.order.context.language)
    }

    fn is_verb_last(&self) -> bool {
        self.languages.iter().any(|language| VERB_LAST.contains(language))
    }

    /// A document with its number, to the end of its part: `act 17`, `акт № 17 от 12.03.1994`.
    fn take_document(&mut self) -> Option<Text> {
        let words = &self.words;
        let starts = |at: usize| {
            (1..=3.min(words.len() - at))
                .rev()
                .find(|count| self.has_role(&join(&words[at..at + count]), Role::Document))
        };
        let (start, length) = (0..words.len()).find_map(|at| Some((at, starts(at)?)))?;
        let mut end = start + length;
        let has_number = |word: &Word<'_>| word.text.chars().any(char::is_numeric);
        if words[end - 1].ends || !words[end..].iter().take(2).any(has_number) {
            return None;
        }
        while end < words.len() && !words[end - 1].ends && !self.is_party_at(end) {
            end += 1;
        }
        let text = join(&words[start..end]);
        self.take(start, end);
        Some(text.into())
    }

    /// Whether a word sets off a party, and not the date of a document (`от 12.03.1994`).
    fn is_party_at(&self, at: usize) -> bool {
        let is_party =
            [Role::To, Role::From].into_iter().any(|role| self.has_role(self.words[at].text, role));
        is_party && date_at(&self.words[at + 1..], self.order).is_none_or(|(at, ..)| at > 0)
    }

    /// The date of a clause. A year alone is one only where nothing but a word for it, the kind or the
    /// beginning of the clause stands before it: another number may be of a regiment.
    fn take_date(&mut self) -> Option<(String, Calendar)> {
        let mut from = 0;
        loop {
            let (at, count, day, calendar) = date_at(&self.words[from..], self.order)?;
            let at = from + at;
            if !is_bare(&self.words[at..at + count]) || self.can_be_a_year(at) {
                let is_set_off = at > 0 && self.has_role(self.words[at - 1].text, Role::On);
                let is_followed = self.is_verb_last()
                    && self.words.get(at + count).is_some_and(|word| self.has_role(word.text, Role::On));
                let (start, end) = (at - usize::from(is_set_off), at + count + usize::from(is_followed));
                self.take(start, end);
                return Some((day, calendar));
            }
            from = at + count;
        }
    }

    /// Whether a number can be the year of the event, by what stands before it.
    fn can_be_a_year(&self, at: usize) -> bool {
        let Some(last) = at.checked_sub(1).map(|last| &self.words[last]) else { return true };
        let ends_with_kind =
            (1..=at.min(LONGEST)).any(|count| self.kind_of(&self.words[at - count..at]).is_some());
        last.ends || ends_with_kind || self.has_role(last.text, Role::On)
    }

    /// Whether a date is left that is more than a number in a party, or something that may have been one.
    fn has_another_date(&self) -> bool {
        let mut from = 0;
        while let Some((at, count, ..)) = date_at(&self.words[from..], self.order) {
            let at = from + at;
            if !is_bare(&self.words[at..at + count]) || self.can_be_a_year(at) {
                return true;
            }
            from = at + count;
        }
        self.words.iter().any(|word| is_like_a_date(word.text, self.order))
    }

    /// Whether a word says that it did not happen.
    fn is_denied(&self) -> bool {
        let rows = self.events.words.rows().iter().filter(|row| row.value == "not");
        let denials: Vec<&str> = rows
            .filter(|row| self.languages.contains(&row.language.as_str()))
            .map(|row| row.word.as_str())
            .collect();
        self.words.iter().any(|word| {
            let is_joined =
                word.text.chars().any(|c| matches!(matricule_text::script_of(c), "Hani" | "Thai"));
            self.has_role(word.text, Role::Not)
                || (is_joined && denials.iter().any(|denial| word.text.contains(denial)))
        })
    }

    /// Takes words out; what stood before them ends where they did.
    fn take(&mut self, start: usize, end: usize) {
        if start > 0 && self.words[end - 1].ends {
            self.words[start - 1].ends = true;
        }
        self.words.drain(start..end);
    }

    /// The kind, which begins or ends what is left of the clause.
    fn take_kind(&mut self) -> Option<Text> {
        while self.words.first().is_some_and(|word| self.has_role(word.text, Role::Link)) {
            self.words.remove(0);
        }
        let (all, longest) = (self.words.len(), self.words.len().min(LONGEST));
        let at_start = (1..=longest).rev().map(|count| (0, count));
        let is_last = self.is_verb_last();
        let at_end = (1..=longest).rev().map(|count| (all - count, all)).filter(|_| is_last);
        let found = at_start
            .chain(at_end)
            .find_map(|(start, end)| Some((start, end, Text::from(self.kind_of(&self.words[start..end])?))));
        let Some((start, end, kind)) = found else { return self.take_joined_kind() };
        self.words.drain(start..end);
        Some(kind)
    }

    /// The kind at an end of a text that is written without blanks: `发给四号仓库`, `第4倉庫へ払出`.
    fn take_joined_kind(&mut self) -> Option<Text> {
        let language = self.order.context.language;
        let kind = |text: &str| self.events.kind(text, language).map(Text::from);
        let first = self.words.first()?.text;
        if !first.chars().any(is_joined_script) {
            return None;
        }
        let mut inner = first.char_indices().rev().map(|(at, _)| at);
        if let Some((at, kind)) = inner.find_map(|at| Some((at, kind(&first[..at])?))) {
            self.words[0].text = &first[at..];
            return Some(kind);
        }
        let last = self.words.last()?.text;
        let mut inner = last.char_indices().skip(1).map(|(at, _)| at);
        let (at, kind) = inner.find_map(|at| Some((at, kind(&last[at..])?)))?;
        self.words.last_mut()?.text = &last[..at];
        Some(kind)
    }
}

/// The first date in words: where it begins, how many words it takes, and its day.
fn date_at(words: &[Word<'_>], order: &Order<'_>) -> Option<(usize, usize, String, Calendar)> {
    (0..words.len()).find_map(|at| {
        (1..=DATE_WORDS.min(words.len() - at)).rev().find_map(|count| {
            let text = as_written(&words[at..at + count]);
            if !text.chars().any(char::is_numeric) || is_apart(&words[at..at + count]) {
                return None;
            }
            match date::read(&text, CellKind::Text, order) {
                Day::Known(day, calendar) => Some((at, count, day, calendar)),
                _ => None,
            }
        })
    })
}

/// Whether words are numbers apart from each other: `4 1987` and `4 в 1987` are a number and a year.
fn is_apart(words: &[Word<'_>]) -> bool {
    let is_number = |word: &&Word<'_>| word.text.trim_end_matches('.').chars().all(char::is_numeric);
    let is_short = |word: &&Word<'_>| !is_number(word) && word.text.chars().count() <= 2;
    let (numbers, short) = (words.iter().filter(is_number).count(), words.iter().filter(is_short).count());
    numbers > 1 && numbers + short == words.len()
}

/// Whether one word is a day that cannot be, or that can be one of two.
fn is_like_a_date(text: &str, order: &Order<'_>) -> bool {
    let numbers =
        text.split(['.', '/', '-']).filter(|part| !part.is_empty() && part.chars().all(char::is_numeric));
    numbers.count() > 1
        && matches!(
            date::read(text, CellKind::Text, order),
            Day::Impossible | Day::TwoDigits(_) | Day::Unclear(_) | Day::Known(..)
        )
}

/// Whether a date is one number and nothing else.
fn is_bare(words: &[Word<'_>]) -> bool {
    words.len() == 1 && words[0].text.trim_end_matches('.').chars().all(char::is_numeric)
}

/// The words of a clause. A dash alone ends a part, as a comma does.
fn words(clause: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    for word in clause.split_whitespace() {
        let text = word.trim_matches(BREAKS);
        if word.starts_with('(') || text.chars().all(|c| matches!(c, '-' | '–' | '—')) {
            words.last_mut().into_iter().for_each(|last| last.ends = true);
        }
        if text.chars().any(char::is_alphanumeric) || text == "№" || text == "#" {
            words.push(Word { text, ends: word.ends_with(BREAKS) });
        }
    }
    words
}

/// A blank behind a date that is written without one: `1994年3月12日发给`.
fn with_spaces(clause: &str) -> String {
    let characters: Vec<char> = clause.chars().collect();
    let mut spaced = String::with_capacity(clause.len() + 4);
    for (at, &character) in characters.iter().enumerate() {
        spaced.push(character);
        let is_digit_before = at > 0 && characters[at - 1].is_numeric();
        let is_joined_behind =
            characters.get(at + 1).is_some_and(|next| next.is_alphabetic() && !next.is_numeric());
        let ends_date = matches!(character, '日' | '年') && is_digit_before && is_joined_behind;
        if ends_date || matches!(character, '，' | '、') {
            spaced.push(' ');
        }
    }
    spaced
}

/// Whether words are written without blanks in the script of a character.
pub(super) fn is_joined_script(character: char) -> bool {
    let script = matricule_text::script_of(character);
    matches!(script, "Hani" | "Hira" | "Kana" | "Hang" | "Thai" | "Khmr" | "Laoo" | "Mymr")
}

pub(super) fn join(words: &[Word<'_>]) -> String {
    words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}

/// Words with the commas between them, as in `March 12, 1994`.
fn as_written(words: &[Word<'_>]) -> String {
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        text.push_str(word.text);
        if at + 1 < words.len() {
            text.push_str(if word.ends { ", " } else { " " });
        }
    }
    text
}
