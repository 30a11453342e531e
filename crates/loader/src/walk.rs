//! Serials that fit a pattern, found by walking an index and not the table.
//!
//! The texts of an index in their order are a tree of prefixes. From the prefix that stands, every
//! character that may follow is tried: the index says at once which text is the first at or behind a
//! prefix, so a branch that holds nothing costs one look, however many serials there are.

use std::collections::BTreeSet;

use rusqlite::{CachedStatement, Connection, OptionalExtension};

/// Looks into the index that one search may cost at most: a fraction of a second.
const LOOKS: usize = 50_000;

/// What may stand at one place of a serial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// One of these characters.
    Of(Vec<char>),
    /// Any one character.
    Any,
    /// Any characters, or none.
    Run,
}

/// The outcome of a walk: the texts found, and whether it was given up before its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Walked {
    pub texts: Vec<String>,
    pub given_up: bool,
}

/// The texts of an index that fit `pattern`. `first` is a query for the first text at or behind `?1`.
pub(crate) fn fitting(connection: &Connection, first: &str, pattern: &[Place]) -> rusqlite::Result<Walked> {
    let mut walk = Walk::start(connection, first)?;
    walk.fit(pattern, &mut String::new(), &closure(pattern, [0].into()))?;
    Ok(walk.walked)
}

/// The patterns of an index, in which `?` is one character and `*` any, that `serial` fits.
pub(crate) fn fitted_by(connection: &Connection, first: &str, serial: &str) -> rusqlite::Result<Walked> {
    let mut walk = Walk::start(connection, first)?;
    let serial: Vec<char> = serial.chars().collect();
    walk.be_fitted(&serial, &mut String::new(), &[0].into())?;
    Ok(walk.walked)
}

/// Signs in a stored pattern for one character that could not be read.
const ONE: [char; 1] = ['?'];
/// Signs for any number of them.
const MANY: [char; 4] = ['*', '…', '#', '№'];

struct Walk<'a> {
    first: CachedStatement<'a>,
    looks: usize,
    walked: Walked,
}

/// The places of a pattern, or of a serial, that a prefix may have reached.
type Reached = BTreeSet<usize>;

/// The places reached, and those behind runs that may be empty.
fn closure(pattern: &[Place], mut reached: Reached) -> Reached {
    for (at, place) in pattern.iter().enumerate() {
        if *place == Place::Run && reached.contains(&at) {
            reached.insert(at + 1);
        }
    }
    reached
}

impl<'a> Walk<'a> {
    fn start(connection: &'a Connection, first: &str) -> rusqlite::Result<Self> {
        Ok(Self { first: connection.prepare_cached(first)?, looks: 0, walked: Walked::default() })
    }

    /// The first text at or behind a bound that begins with a prefix.
    fn look(&mut self, bound: &str, prefix: &str) -> rusqlite::Result<Option<String>> {
        self.looks += 1;
        if self.looks > LOOKS {
            self.walked.given_up = true;
            return Ok(None);
        }
        let found: Option<String> = self.first.query_row([bound], |row| row.get(0)).optional()?;
        Ok(found.filter(|text| text.starts_with(prefix)))
    }

    /// Follows the characters that may stand behind `prefix`.
    fn fit(&mut self, pattern: &[Place], prefix: &mut String, reached: &Reached) -> rusqlite::Result<()> {
        if reached.contains(&pattern.len()) && self.look(prefix, prefix)?.as_deref() == Some(prefix) {
            self.walked.texts.push(prefix.clone());
        }
        let open = || reached.iter().filter_map(|&at| pattern.get(at));
        if open().any(|place| matches!(place, Place::Any | Place::Run)) {
            return self.each_character(prefix, |walk, prefix, next| {
                walk.fit(pattern, prefix, &after(pattern, reached, next))
            });
        }
        let next: BTreeSet<char> = open().flat_map(characters).collect();
        self.these_characters(next, prefix, |walk, prefix, next| {
            walk.fit(pattern, prefix, &after(pattern, reached, next))
        })
    }

    /// The same for patterns in the index.
    fn be_fitted(&mut self, serial: &[char], prefix: &mut String, reached: &Reached) -> rusqlite::Result<()> {
        if reached.contains(&serial.len()) && self.look(prefix, prefix)?.as_deref() == Some(prefix) {
            self.walked.texts.push(prefix.clone());
        }
        let own = reached.iter().filter_map(|&at| serial.get(at).copied());
        let next: BTreeSet<char> = own.chain(ONE).chain(MANY).collect();
        self.these_characters(next, prefix, |walk, prefix, next| {
            let reached: Reached = match next {
                next if MANY.contains(&next) => {
                    reached.first().map_or_else(Reached::new, |&first| (first..=serial.len()).collect())
                }
                next => reached
                    .iter()
                    .filter(|&&at| serial.get(at).is_some_and(|&own| own == next || ONE.contains(&next)))
                    .map(|at| at + 1)
                    .collect(),
            };
            if reached.is_empty() { Ok(()) } else { walk.be_fitted(serial, prefix, &reached) }
        })
    }

    /// Goes on with each of some characters that texts have behind `prefix`.
    fn these_characters(
        &mut self,
        next: BTreeSet<char>,
        prefix: &mut String,
        mut go_on: impl FnMut(&mut Self, &mut String, char) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        for next in next {
            prefix.push(next);
            if self.look(prefix, prefix)?.is_some() {
                go_on(self, prefix, next)?;
            }
            prefix.pop();
        }
        Ok(())
    }

    /// Goes on with every character that texts have behind `prefix`.
    fn each_character(
        &mut self,
        prefix: &mut String,
        mut go_on: impl FnMut(&mut Self, &mut String, char) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let mut bound = format!("{prefix}\u{1}");
        while let Some(text) = self.look(&bound, prefix)? {
            let Some(next) = text[prefix.len()..].chars().next() else { return Ok(()) };
            prefix.push(next);
            go_on(self, prefix, next)?;
            prefix.pop();
            // Behind everything that begins with this character: U+10FFFF is no character of a text.
            bound = format!("{prefix}{next}\u{10ffff}");
        }
        Ok(())
    }
}

fn characters(place: &Place) -> Vec<char> {
    match place {
        Place::Of(characters) => characters.clone(),
        Place::Any | Place::Run => Vec::new(),
    }
}

/// The places reached behind one more character.
fn after(pattern: &[Place], reached: &Reached, next: char) -> Reached {
    let step = |&at: &usize| match pattern.get(at)? {
        Place::Of(characters) => characters.contains(&next).then_some(at + 1),
        Place::Any => Some(at + 1),
        Place::Run => Some(at),
    };
    closure(pattern, reached.iter().filter_map(step).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "SELECT text FROM texts WHERE text >= ?1 ORDER BY text LIMIT 1";

    fn texts(texts: &[&str]) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE texts (text TEXT PRIMARY KEY) WITHOUT ROWID").unwrap();
        for text in texts {
            connection.execute("INSERT INTO texts VALUES (?1)", [text]).unwrap();
        }
        connection
    }

    fn pattern(text: &str) -> Vec<Place> {
        let place = |c| match c {
            '?' => Place::Any,
            '*' => Place::Run,
            '0' => Place::Of(vec!['0', 'O']),
            other => Place::Of(vec![other]),
        };
        text.chars().map(place).collect()
    }

    #[test]
    fn what_fits_a_pattern_is_found() {
        let stored = texts(&["A01", "AO1", "A", "AB", "AB1", "B01", "Щ7", "Щ77", ""]);
        for (asked, expect) in [
            ("A01", vec!["A01", "AO1"]),
            ("A?", vec!["AB"]),
            ("A??", vec!["A01", "AB1", "AO1"]),
            ("A*1", vec!["A01", "AB1", "AO1"]),
            ("A*", vec!["A", "A01", "AB", "AB1", "AO1"]),
            ("?01", vec!["A01", "AO1", "B01"]),
            ("Щ*7", vec!["Щ7", "Щ77"]),
            ("C", vec![]),
        ] {
            let mut found = fitting(&stored, FIRST, &pattern(asked)).unwrap();
            found.texts.sort_unstable();
            assert_eq!(
                found,
                Walked { texts: expect.into_iter().map(Into::into).collect(), given_up: false },
                "{asked}"
            );
        }
    }

    #[test]
    fn patterns_that_a_serial_fits_are_found() {
        let stored = texts(&["T1102*", "T11??", "T*9", "*", "T1102", "?1102", "T#9", "Ш?7"]);
        for (serial, expect) in [
            ("T11023", vec!["*", "T1102*"]),
            ("T1102", vec!["*", "?1102", "T1102", "T1102*", "T11??"]),
            ("T19", vec!["*", "T#9", "T*9"]),
            ("Ш17", vec!["*", "Ш?7"]),
            ("X", vec!["*"]),
        ] {
            let mut found = fitted_by(&stored, FIRST, serial).unwrap();
            found.texts.sort_unstable();
            assert_eq!(found.texts, expect, "{serial}");
        }
    }

    #[test]
    fn a_pattern_that_says_too_little_is_given_up() {
        let many: Vec<String> = (0..60_000).map(|number| format!("{number:06}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let stored = texts(&many);
        assert!(fitting(&stored, FIRST, &[Place::Run, Place::Of(vec!['X'])]).unwrap().given_up);
    }
}
