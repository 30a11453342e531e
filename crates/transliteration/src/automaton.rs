//! Finding the rules for a character.
//!
//! Code points are divided into pages of 256. A first index gives the page of a character, the
//! page gives a slot, and the slot is the list of rules whose `from` begins with the character,
//! in the order in which they are to be tried: longest first, then those with a condition, so that
//! the first rule that fits is the right one. Two array look-ups answer "no rule" for any character.

use matricule_mapping::When;

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

const PAGE: usize = 256;
const PAGES: usize = 0x11_0000 / PAGE;

/// All rules of a table, by first character.
#[derive(Clone, Debug)]
pub(crate) struct Automaton {
    index: Vec<u16>,
    pages: Vec<[u32; PAGE]>,
    slots: Vec<Vec<Rule>>,
}

impl Automaton {
    pub fn new(rules: Vec<Rule>) -> Self {
        let mut automaton = Self { index: vec![0; PAGES], pages: vec![[0; PAGE]], slots: vec![Vec::new()] };
        for rule in rules {
            automaton.add(rule);
        }
        for slot in &mut automaton.slots {
            slot.sort_by_key(|rule| (std::cmp::Reverse(rule.from.len()), rule.when == When::Always));
        }
        automaton
    }

    fn add(&mut self, rule: Rule) {
        let (page, place) = split(rule.from[0]);
        if self.index[page] == 0 {
            self.index[page] = self.pages.len() as u16;
            self.pages.push([0; PAGE]);
        }
        let slot = &mut self.pages[usize::from(self.index[page])][place];
        if *slot == 0 {
            *slot = self.slots.len() as u32;
            self.slots.push(Vec::new());
        }
        self.slots[*slot as usize].push(rule);
    }

    /// The rules that begin with a character, in the order to be tried.
    pub fn rules(&self, first: char) -> &[Rule] {
        let (page, place) = split(first);
        let slot = self.pages[usize::from(self.index[page])][place];
        &self.slots[slot as usize]
    }
}

fn split(character: char) -> (usize, usize) {
    let point = u32::from(character) as usize;
    (point / PAGE, point % PAGE)
}
