//! Who gave a weapon and who received it: what is left of a clause.

use matricule_record::Text;

use super::clause::{Word, is_joined_script, join};
use super::{Events, Role};

/// The parties of an event.
#[derive(Debug, Default)]
pub(super) struct Parties {
    pub from: Option<Text>,
    pub to: Option<Text>,
}

/// The words of a clause without its kind, date and document.
struct Reader<'a> {
    events: &'a Events,
    languages: &'a [&'a str],
    kind: &'a str,
}

impl Parties {
    /// Reads them; `None` where anything stands there that is not told to be a party.
    pub fn read(events: &Events, languages: &[&str], kind: &str, words: &[Word<'_>]) -> Option<Self> {
        let (reader, mut found) = (Reader { events, languages, kind }, Self::default());
        for part in words.split_inclusive(|word| word.ends) {
            reader.part(part, &mut found)?;
        }
        Some(found)
    }

    fn set(&mut self, side: Role, text: &str) -> Option<()> {
        let party = if side == Role::To { &mut self.to } else { &mut self.from };
        let text = text.trim();
        if party.is_some() || !text.chars().any(char::is_alphanumeric) {
            return None;
        }
        *party = Some(text.into());
        Some(())
    }
}

impl Reader<'_> {
    fn part(&self, part: &[Word<'_>], found: &mut Parties) -> Option<()> {
        let is_first = found.from.is_none() && found.to.is_none();
        let has = |at: usize, role| self.events.has_role(part[at].text, role, self.languages);
        let (side, start) = match part {
            [_, _, ..] if has(0, Role::To) => (Role::To, 1),
            [_, _, ..] if has(0, Role::From) => (Role::From, 1),
            [_, ..] if is_first && self.is_name(part) => (self.side_of(&join(part))?, 0),
            _ => return None,
        };
        let other = if side == Role::To { Role::From } else { Role::To };
        match (start + 1..part.len()).find(|at| has(*at, other)) {
            None => found.set(side, self.without_affix(&join(&part[start..]), side)),
            Some(at) if self.kind == "transferred" && at + 1 < part.len() => {
                found.set(side, &join(&part[start..at]))?;
                found.set(other, &join(&part[at + 1..]))
            }
            Some(_) if side == Role::To && start == 1 && self.is_genitive(&part[start..]) => {
                found.set(side, &join(&part[start..]))
            }
            Some(_) => None,
        }
    }

    /// Whether a part can be a party without a word that says so.
    fn is_name(&self, part: &[Word<'_>]) -> bool {
        let numbers = part.iter().filter(|word| word.text.chars().all(char::is_numeric)).count();
        let has = |role| part.iter().any(|word| self.events.has_role(word.text, role, self.languages));
        numbers < 2 && numbers < part.len() && !has(Role::To)
    }

    /// On which side of the event a party without a word before it stands.
    fn side_of(&self, text: &str) -> Option<Role> {
        let has_affix = |side: &Role| self.without_affix(text, *side) != text;
        [Role::To, Role::From].into_iter().find(has_affix).or(match self.kind {
            "issued" | "transferred" | "sold" | "exported" => Some(Role::To),
            "received" | "purchased" | "imported" | "seized" => Some(Role::From),
            _ => None,
        })
    }

    /// A party without the word that is written to it without a blank, in scripts that do so.
    fn without_affix<'t>(&self, text: &'t str, side: Role) -> &'t str {
        if !text.chars().any(is_joined_script) {
            return text;
        }
        let name = if side == Role::To { "to" } else { "from" };
        let of_side = self.events.words.rows().iter().filter(|row| row.value == name);
        let own = of_side.filter(|row| self.languages.contains(&row.language.as_str()));
        let stripped =
            own.filter_map(|row| text.strip_suffix(&*row.word).or_else(|| text.strip_prefix(&*row.word)));
        stripped.min_by_key(|rest| rest.len()).filter(|rest| !rest.is_empty()).map_or(text, str::trim)
    }

    /// Whether the words in a party that can mean `from` mean `of`: `à la brigade de Lyon`.
    fn is_genitive(&self, party: &[Word<'_>]) -> bool {
        let of = ["de", "du", "des", "del", "do", "da", "dos", "di", "von", "vom"];
        let from = |word: &&Word<'_>| self.events.has_role(word.text, Role::From, self.languages);
        party.iter().filter(from).all(|word| of.contains(&word.text.to_lowercase().as_str()))
    }
}
