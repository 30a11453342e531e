//! Finding what a table does with a character.
//!
//! Code points are divided into pages of 256. A first index gives the page of a character, and the
//! page gives its [`Entry`]: sixteen bytes that hold the whole answer for a letter with one row that
//! always applies, together with what the conversion of any serial has to know of the character.
//! Letters with conditions or longer sequences lead to a list of rules, in the order in which they
//! are to be tried: longest first, then those with a condition, so that the first that fits is the
//! right one. Two array look-ups answer "no row" for any character.
//!
//! Most pages of most tables are those of the common table, so that tables share equal pages.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use matricule_mapping::{TableRow, When};
use matricule_text::{decimal_digit, is_nfc_inert, is_separator, look_alike_script};

/// What a rule does with the characters it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// They become the output.
    Map,
    /// They disappear.
    Drop,
    /// The serial is refused.
    Review,
}

/// A row of a table, ready to be matched.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub from: Box<[char]>,
    pub output: Box<str>,
    pub when: When,
    pub action: Action,
    /// Index of the row in the table.
    pub row: u32,
}

impl Rule {
    /// Whether a letter before the rule's characters still stands before what follows them:
    /// invisible characters and tatweel do not end a run of letters, separators do.
    pub fn is_transparent(&self) -> bool {
        self.action == Action::Drop && !is_separator(self.from[0])
    }

    /// Whether it stands alone for its character and always applies.
    fn is_plain(&self) -> bool {
        self.from.len() == 1
            && self.when == When::Always
            && self.action != Action::Review
            && self.output.len() <= SHORT
    }
}

/// Longest output that stands in an entry itself.
pub(crate) const SHORT: usize = 6;

/// How an entry answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Answer {
    /// No row begins with the character.
    #[default]
    None,
    /// It becomes the output.
    Output,
    /// It disappears.
    Nothing,
    /// A list of rules decides.
    Rules,
}

/// What a table knows of a character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub answer: Answer,
    output: [u8; SHORT],
    length: u8,
    /// [`Entry::LETTER`] and the other facts.
    facts: u16,
    /// Which run of decimal digits it belongs to; 0 for none.
    pub digits: u16,
    /// The row; for [`Answer::Rules`] the number of the list.
    pub row: u32,
}

impl Entry {
    /// A letter, as conditions see it.
    pub const LETTER: u16 = 1;
    /// In Normalization Form C wherever it stands.
    pub const INERT: u16 = 2;
    /// Dropped, and a run of letters goes on past it.
    pub const TRANSPARENT: u16 = 4;
    /// A Latin letter, a Cyrillic, a Greek, an Armenian one: they are taken for each other.
    pub const LATIN: u16 = 8;
    pub const CYRILLIC: u16 = 16;
    pub const GREEK: u16 = 32;
    pub const ARMENIAN: u16 = 256;
    /// Any of the four.
    pub const LOOK_ALIKE: u16 = Self::LATIN | Self::CYRILLIC | Self::GREEK | Self::ARMENIAN;
    /// A letter name may begin with it.
    pub const NAME: u16 = 64;
    /// A numeral may begin with it.
    pub const NUMERAL: u16 = 128;

    /// What is true of a character in every table; the table's answer is still to come.
    pub fn of(character: char) -> Self {
        let is_letter = character.is_alphabetic() && decimal_digit(character).is_none();
        let look = match look_alike_script(character) {
            Some("Latn") => Self::LATIN,
            Some("Cyrl") => Self::CYRILLIC,
            Some("Grek") => Self::GREEK,
            Some("Armn") => Self::ARMENIAN,
            _ => 0,
        };
        let facts =
            u16::from(is_letter) * Self::LETTER + u16::from(is_nfc_inert(character)) * Self::INERT + look;
        // Runs of digits begin at even code points below U+20000.
        let zero = decimal_digit(character).map_or(0, |digit| u32::from(character) - u32::from(digit));
        Self { facts, digits: (zero / 2) as u16, ..Self::default() }
    }

    pub fn is(self, fact: u16) -> bool {
        self.facts & fact != 0
    }

    /// The facts that are also asked.
    pub fn facts(self, mask: u16) -> u16 {
        self.facts & mask
    }

    /// Whether the answer holds wherever the character stands and nothing else can begin there.
    pub fn is_plain(self) -> bool {
        matches!(self.answer, Answer::Output | Answer::Nothing)
            && self.facts & (Self::INERT | Self::NAME | Self::NUMERAL) == Self::INERT
    }

    /// What the character becomes, for [`Answer::Output`].
    pub fn output(&self) -> &[u8] {
        &self.output[..usize::from(self.length)]
    }

    /// The same with what stands behind it, which means nothing.
    pub fn whole_output(&self) -> &[u8; SHORT] {
        &self.output
    }

    fn answer_with(&mut self, rule: &Rule) {
        self.row = rule.row;
        self.length = rule.output.len() as u8;
        self.output[..rule.output.len()].copy_from_slice(rule.output.as_bytes());
        self.answer = if rule.action == Action::Drop { Answer::Nothing } else { Answer::Output };
        self.facts |= u16::from(rule.is_transparent()) * Self::TRANSPARENT;
    }
}

const PAGE: usize = 256;
const PAGES: usize = 0x11_0000 / PAGE;

type Page = Arc<[Entry; PAGE]>;

/// What several tables have: pages, and rows that were checked.
#[derive(Debug, Default)]
pub(crate) struct SharedPages(HashMap<u64, Vec<Page>>, HashSet<*const TableRow>);

impl SharedPages {
    /// Whether a row of a shared layer is met for the first time.
    pub fn is_first(&mut self, row: &Arc<TableRow>) -> bool {
        self.1.insert(Arc::as_ptr(row))
    }

    fn share(&mut self, page: Page) -> Page {
        // Rows tell pages apart well enough to look for an equal one among few.
        let key = page.iter().zip(1..).fold(0, |key, (entry, at)| key + u64::from(entry.row) * at);
        let alike = self.0.entry(key).or_default();
        if let Some(known) = alike.iter().find(|known| **known == page) {
            return Arc::clone(known);
        }
        alike.push(Arc::clone(&page));
        page
    }
}

/// All rules of a table, by first character.
#[derive(Clone, Debug)]
pub(crate) struct Automaton {
    index: Box<[u16]>,
    pages: Vec<Page>,
    lists: Vec<Vec<Rule>>,
}

impl Automaton {
    /// From the rules of a table, and characters with facts of their own.
    pub fn new(mut rules: Vec<Rule>, marked: &[(char, u16)], shared: &mut SharedPages) -> Self {
        let empty = Arc::new([Entry::default(); PAGE]);
        let mut automaton =
            Self { index: vec![0; PAGES].into(), pages: vec![shared.share(empty)], lists: Vec::new() };
        let order = |rule: &Rule| (std::cmp::Reverse(rule.from.len()), rule.when == When::Always);
        rules.sort_by(|a, b| a.from[0].cmp(&b.from[0]).then_with(|| order(a).cmp(&order(b))));
        for group in rules.chunk_by(|a, b| a.from[0] == b.from[0]) {
            automaton.add(group);
        }
        for (character, fact) in marked {
            automaton.entry_mut(*character).facts |= fact;
        }
        automaton.pages = automaton.pages.into_iter().map(|page| shared.share(page)).collect();
        automaton
    }

    /// The rules of one first character.
    fn add(&mut self, rules: &[Rule]) {
        let list = self.lists.len() as u32;
        let entry = self.entry_mut(rules[0].from[0]);
        if let [rule] = rules
            && rule.is_plain()
        {
            return entry.answer_with(rule);
        }
        (entry.answer, entry.row) = (Answer::Rules, list);
        let is_transparent = rules.last().is_some_and(Rule::is_transparent);
        entry.facts |= u16::from(is_transparent) * Entry::TRANSPARENT;
        self.lists.push(rules.to_vec());
    }

    fn entry_mut(&mut self, character: char) -> &mut Entry {
        let (page, place) = split(character);
        if self.index[page] == 0 {
            self.index[page] = self.pages.len() as u16;
            self.pages.push(Arc::clone(facts_of_page(page)));
        }
        let page = usize::from(self.index[page]);
        &mut Arc::make_mut(&mut self.pages[page])[place]
    }

    /// What is known of a character. Where the table has no page for it, nothing is, not even the
    /// facts: [`Entry::of`] has them.
    pub fn entry(&self, character: char) -> Option<&Entry> {
        let (page, place) = split(character);
        match self.index[page] {
            0 => None,
            page => Some(&self.pages[usize::from(page)][place]),
        }
    }

    /// A list of rules, in the order to be tried.
    pub fn list(&self, number: u32) -> &[Rule] {
        &self.lists[number as usize]
    }

    /// The output of a character by a row of its own that always applies.
    pub fn plain_output(&self, character: char) -> Option<&str> {
        let entry = self.entry(character).filter(|entry| entry.answer == Answer::Output)?;
        std::str::from_utf8(entry.output()).ok()
    }
}

/// A page without answers, made once for all tables.
fn facts_of_page(page: usize) -> &'static Page {
    static FACTS: [OnceLock<Page>; PAGES] = [const { OnceLock::new() }; PAGES];
    FACTS[page].get_or_init(|| {
        let first = (page * PAGE) as u32;
        let entry = |at| char::from_u32(first + at as u32).map(Entry::of).unwrap_or_default();
        Arc::new(std::array::from_fn(entry))
    })
}

fn split(character: char) -> (usize, usize) {
    let point = u32::from(character) as usize;
    (point / PAGE, point % PAGE)
}
