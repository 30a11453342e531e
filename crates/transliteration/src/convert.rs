//! The conversion of one serial by one compiled table: longest match, left to right, each step
//! naming its row.

use std::sync::Arc;

use matricule_mapping::{ScriptTable, TableRow, When};
use matricule_record::{Code, Field, Reading, Text, Variant};
use matricule_text::{
    NumeralSystem, decimal_digit, is_private_or_replacement, is_separator, is_symbol, look_alike_script, nfc,
};

use crate::automaton::{Action, Automaton, Rule};

/// Serials longer than this many characters are implausible (T309).
const LONGEST: usize = 32;

/// A compiled table.
#[derive(Clone, Debug)]
pub struct Transliterator {
    pub(crate) id: Arc<str>,
    pub(crate) purpose: Purpose,
    pub(crate) table: ScriptTable,
    pub(crate) automaton: Automaton,
    /// Whether each row is marked unverified.
    pub(crate) unverified: Vec<bool>,
    /// The systems of numerals that it evaluates, each with its row.
    pub(crate) numerals: Vec<(NumeralSystem, u32)>,
}

/// What a table is for, asked of every table for every serial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Purpose {
    pub script: Text,
    pub language: Text,
    pub reading: Reading,
    pub variant: Variant,
}

/// A row applied to characters of a serial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// First character, counted from 0 in the serial's NFC form.
    pub at: u32,
    /// How many characters.
    pub length: u32,
    /// The row of the table ([`Transliterator::row`]).
    pub row: u32,
}

/// Why a serial is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A `T` code.
    pub code: Code,
    /// The character, where it is about one.
    pub character: Option<char>,
}

/// What the conversion of a serial yields. Reused from serial to serial, it allocates nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    /// A–Z 0–9; whole only where there is no fault.
    pub converted: String,
    /// Every row applied, in order.
    pub steps: Vec<Step>,
    /// Why it is refused; empty where it is not.
    pub faults: Vec<Fault>,
    /// Whether its digits come from more than one script.
    pub mixed_digits: bool,
    characters: Vec<char>,
}

impl Conversion {
    /// The result, or the first fault's code.
    pub fn result(&self) -> Result<&str, Code> {
        self.faults.first().map_or(Ok(&self.converted), |fault| Err(fault.code))
    }

    fn fault(&mut self, code: Code, character: Option<char>) {
        let fault = Fault { code, character };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

impl Transliterator {
    /// The table's id.
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// The table it was compiled from.
    pub fn table(&self) -> &ScriptTable {
        &self.table
    }

    /// The row of a step.
    pub fn row(&self, step: Step) -> &TableRow {
        &self.table.rows[step.row as usize]
    }

    /// The first row of a conversion that no second source confirms.
    pub fn unverified_row(&self, conversion: &Conversion) -> Option<&TableRow> {
        conversion.steps.iter().find(|step| self.unverified[step.row as usize]).map(|step| self.row(*step))
    }

    /// Converts a serial in a field; `out` holds the result and is cleared first.
    pub fn convert(&self, serial: &str, field: Field, out: &mut Conversion) {
        out.converted.clear();
        out.steps.clear();
        out.faults.clear();
        out.characters.clear();
        out.characters.extend(nfc(serial).chars());
        let characters = std::mem::take(&mut out.characters);
        self.apply(&characters, field, out);
        check_whole(&characters, out);
        out.characters = characters;
    }

    /// Applies the rules from left to right.
    fn apply(&self, characters: &[char], field: Field, out: &mut Conversion) {
        let (mut at, mut after_letter) = (0, false);
        while at < characters.len() {
            if let Some(length) = self.numeral(characters, at, out) {
                (at, after_letter) = (at + length, false);
                continue;
            }
            let rules = self.automaton.rules(characters[at]);
            let place = Position { characters, at, after_letter, field };
            let Some(rule) = rules.iter().find(|rule| place.fits(rule, self)) else {
                out.fault(refusal(characters[at]), Some(characters[at]));
                after_letter = characters[at].is_alphabetic();
                at += 1;
                continue;
            };
            out.steps.push(Step { at: at as u32, length: rule.from.len() as u32, row: rule.row });
            match rule.action {
                Action::Map => out.converted.push_str(&rule.output),
                Action::Drop => {}
                Action::Review => out.fault(Code::T310, Some(characters[at])),
            }
            after_letter = if Self::is_transparent(rule) { after_letter } else { is_letter(characters[at]) };
            at += rule.from.len();
        }
    }

    /// Reads a numeral, where one of the table's systems begins; how many characters it has.
    fn numeral(&self, characters: &[char], at: usize, out: &mut Conversion) -> Option<usize> {
        if characters[at].is_ascii() {
            return None;
        }
        let system = NumeralSystem::of(characters[at])?;
        let (_, row) = self.numerals.iter().find(|(known, _)| *known == system)?;
        let (length, value) = system.read(&characters[at..])?;
        out.steps.push(Step { at: at as u32, length: length as u32, row: *row });
        match value {
            Some(digits) => out.converted.push_str(&digits),
            None => out.fault(Code::T304, Some(characters[at])),
        }
        Some(length)
    }

    /// Whether a letter before the rule's characters still stands before what follows them:
    /// invisible characters and tatweel do not end a run of letters, separators do.
    fn is_transparent(rule: &Rule) -> bool {
        rule.action == Action::Drop && !is_separator(rule.from[0])
    }

    /// Whether the letters go on at a position, past characters that are dropped unseen.
    fn letter_follows(&self, characters: &[char], mut at: usize) -> bool {
        while let Some(&character) = characters.get(at) {
            match self.automaton.rules(character).last() {
                Some(rule) if Self::is_transparent(rule) => at += 1,
                _ => return is_letter(character),
            }
        }
        false
    }
}

/// A place in a serial, as conditions see it.
struct Position<'a> {
    characters: &'a [char],
    at: usize,
    after_letter: bool,
    field: Field,
}

impl Position<'_> {
    fn fits(&self, rule: &Rule, table: &Transliterator) -> bool {
        let end = self.at + rule.from.len();
        self.characters.get(self.at..end) == Some(&rule.from[..]) && self.holds(&rule.when, end, table)
    }

    fn holds(&self, when: &When, end: usize, table: &Transliterator) -> bool {
        match when {
            When::Always => true,
            When::Initial => !self.after_letter,
            When::Final => !table.letter_follows(self.characters, end),
            When::After(set) => self.at > 0 && contains(set, self.characters[self.at - 1]),
            When::Before(set) => self.characters.get(end).is_some_and(|&next| contains(set, next)),
            When::Field(name) => self.field.name() == name,
        }
    }
}

/// Whether a set of a condition has a character in either case.
fn contains(set: &str, character: char) -> bool {
    set.chars().any(|c| c == character || c.to_lowercase().eq(character.to_lowercase()))
}

fn is_letter(character: char) -> bool {
    character.is_alphabetic() && decimal_digit(character).is_none()
}

/// Why a character without a rule is refused.
fn refusal(character: char) -> Code {
    if is_private_or_replacement(character) {
        Code::T305
    } else if is_symbol(character) {
        Code::T303
    } else {
        Code::T301
    }
}

/// What can only be seen on the serial as a whole.
fn check_whole(characters: &[char], out: &mut Conversion) {
    let mut scripts = characters.iter().filter_map(|&character| look_alike_script(character));
    let first = scripts.next();
    if scripts.any(|script| Some(script) != first) {
        // No one table could have all its letters: that is the finding, not the letters.
        out.faults.retain(|fault| fault.code != Code::T301);
        out.faults.insert(0, Fault { code: Code::T302, character: None });
    }
    let mut zeros =
        characters.iter().filter_map(|&c| decimal_digit(c).map(|digit| u32::from(c) - u32::from(digit)));
    let zero = zeros.next();
    out.mixed_digits = zeros.any(|other| Some(other) != zero);
    if !out.faults.is_empty() {
        return;
    }
    if out.converted.is_empty() {
        out.fault(Code::T306, None);
    } else if is_implausible(characters, &out.converted) {
        out.fault(Code::T309, None);
    }
}

/// All zeros, too long, or a phrase: three words and no digit.
fn is_implausible(characters: &[char], converted: &str) -> bool {
    let words = || characters.split(|c| c.is_whitespace()).filter(|word| !word.is_empty()).count();
    converted.bytes().all(|byte| byte == b'0')
        || converted.len() > LONGEST
        || (words() > 2 && !converted.bytes().any(|byte| byte.is_ascii_digit()) && characters.len() > 8)
}
