//! Latin letters spelled out by their names: `ए.के. 47` is AK47 to the clerk who wrote it.
//!
//! The same letters are a serial of their own script too (에이케이 is E-I-KE-I), so a serial is read
//! by names only where all its letters are names and one of them is long enough to be hardly
//! anything else; the entry is flagged, and the reading letter by letter stays a search key.

use std::collections::HashMap;

use matricule_mapping::{RowKind, ScriptTable};
use matricule_text::{invisible_name, is_separator};

/// Characters of a text beyond which it is no serial.
const LONGEST: usize = 128;

/// The letter names of a language, by first character.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    by_first: HashMap<char, Vec<Name>>,
    /// How many characters one of the names in a serial must have at least.
    shortest: usize,
    /// Whether a serial must hold several names with separators between them: in an alphabet ЗЕД is as
    /// likely three letters as the name of Z.
    divided: bool,
}

#[derive(Clone, Debug)]
struct Name {
    characters: Box<[char]>,
    /// `None` where it may name several letters.
    letter: Option<char>,
    row: u32,
}

/// A name found in a serial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LetterName {
    pub at: usize,
    pub length: usize,
    pub letter: char,
    pub row: u32,
}

/// A serial read by names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ByName {
    pub names: Vec<LetterName>,
    /// Where a name stands that may mean several letters, or where two ways to divide the serial
    /// part.
    pub doubtful: Option<usize>,
}

impl Names {
    /// The names of a table's lexicon.
    pub fn of(table: &ScriptTable) -> Self {
        let shortest = table.meta("shortest").parse().unwrap_or(2);
        let mut names = Self { shortest, divided: table.meta("names") == "divided", ..Self::default() };
        for (row, number) in table.rows.iter().zip(0..).filter(|(row, _)| row.kind == RowKind::Name) {
            let characters: Box<[char]> = row.from.chars().map(small).collect();
            let name = Name { letter: row.to.chars().next(), row: number, characters };
            let alike = names.by_first.entry(name.characters[0]).or_default();
            // A higher layer's row about the same name takes the place of the lower one's.
            alike.retain(|known| known.characters != name.characters);
            alike.push(name);
        }
        names
    }

    /// The characters that names begin with, in both cases.
    pub fn first_characters(&self) -> impl Iterator<Item = char> {
        self.by_first.keys().flat_map(|&first| std::iter::once(first).chain(first.to_uppercase()))
    }

    /// Reads a serial whose letters all belong to names; `None` where it is not such a serial.
    pub fn read(&self, characters: &[char]) -> Option<ByName> {
        if characters.len() > LONGEST || !self.reaches_end(characters, 0, SoFar::default()) {
            return None;
        }
        let characters: Vec<char> = characters.iter().map(|&character| small(character)).collect();
        // What is left to read from each place on, found from the end.
        let mut rest: Vec<Option<ByName>> = vec![None; characters.len() + 1];
        rest[characters.len()] = Some(ByName::default());
        for at in (0..characters.len()).rev() {
            rest[at] = self.read_at(&characters, at, &rest);
        }
        rest.swap_remove(0)
    }

    /// Whether the characters from a place on are names to the end, and what was read before with them
    /// a serial by names: asked of every serial, it allocates nothing.
    fn reaches_end(&self, characters: &[char], at: usize, so_far: SoFar) -> bool {
        let Some(&first) = characters.get(at) else {
            return so_far.is_long && (so_far.count > 1 || !self.divided);
        };
        let may_begin = !(self.divided && so_far.ends_name);
        let names = self.by_first.get(&small(first)).filter(|_| may_begin).map_or(&[][..], Vec::as_slice);
        names.iter().filter(|name| name.stands_at(characters, at)).any(|name| {
            let length = name.characters.len();
            let is_long = so_far.is_long || length >= self.shortest;
            let so_far = SoFar { count: so_far.count + 1, is_long, ends_name: true };
            self.reaches_end(characters, at + length, so_far)
        }) || (stands_between(first)
            && self.reaches_end(characters, at + 1, SoFar { ends_name: false, ..so_far }))
    }

    fn read_at(&self, characters: &[char], at: usize, rest: &[Option<ByName>]) -> Option<ByName> {
        let names = self.by_first.get(&characters[at]).map_or(&[][..], Vec::as_slice);
        let fitting = names.iter().filter(|name| characters[at..].starts_with(&name.characters));
        let mut readings =
            fitting.filter_map(|name| Some(name.before(at, rest[at + name.characters.len()].as_ref()?)));
        let Some(mut first) = readings.next() else {
            return if stands_between(characters[at]) { rest[at + 1].clone() } else { None };
        };
        let letters = |read: &ByName| read.names.iter().map(|name| name.letter).collect::<String>();
        if readings.any(|other| letters(&other) != letters(&first)) {
            first.doubtful = Some(at);
        }
        Some(first)
    }
}

/// What was read of a serial before a place.
#[derive(Clone, Copy, Default)]
struct SoFar {
    count: usize,
    is_long: bool,
    ends_name: bool,
}

impl Name {
    fn stands_at(&self, characters: &[char], at: usize) -> bool {
        let there = characters[at..].iter().map(|&character| small(character));
        characters.len() - at >= self.characters.len()
            && there.zip(&self.characters).all(|(there, &character)| there == character)
    }

    /// The name at a place, before what is read behind it.
    fn before(&self, at: usize, rest: &ByName) -> ByName {
        let letter = self.letter.unwrap_or('?');
        let own = LetterName { at, length: self.characters.len(), letter, row: self.row };
        let doubtful = self.letter.is_none().then_some(at).or(rest.doubtful);
        ByName { names: [&[own][..], &rest.names].concat(), doubtful }
    }
}

/// The small letter, where it is a single one: names compare without case.
fn small(character: char) -> char {
    let mut lower = character.to_lowercase();
    lower.next().filter(|_| lower.next().is_none()).unwrap_or(character)
}

/// Digits and separators stand between names.
fn stands_between(character: char) -> bool {
    character.is_ascii_digit()
        || is_separator(character)
        || matricule_text::decimal_digit(character).is_some()
        || invisible_name(character).is_some()
}
