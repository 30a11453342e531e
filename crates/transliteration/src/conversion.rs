//! What the conversion of a serial yields: the result, its trace, or why there is none.

use matricule_record::Code;
use matricule_text::NumeralSystem;

use crate::automaton::Entry;
use crate::convert::Transliterator;

/// A row applied to characters of a serial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// First character, counted from 0 in the serial's NFC form.
    pub at: u32,
    /// How many characters.
    pub length: u32,
    /// The row of the table ([`Transliterator::row`]).
    pub row: u32,
    /// Where its output ends in the conversion.
    pub end: u32,
}

/// Why a serial is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A `T` code.
    pub code: Code,
    /// The character, where it is about one.
    pub character: Option<char>,
    /// Where it stands first, counted from 0 in the serial's NFC form.
    pub at: u32,
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
    /// The characters that drop rows let disappear, in order.
    pub dropped: String,
    /// Whether its digits come from more than one script.
    pub mixed_digits: bool,
    /// Whether its letters were read as the names of Latin letters (`에이케이` as AK).
    pub letter_names: bool,
    pub(crate) characters: Vec<char>,
    pub(crate) normal: String,
    pub(crate) survey: Survey,
}

/// What is known of all characters of a serial together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Survey {
    pub facts: u16,
    /// Whether one is not in Normalization Form C wherever it stands.
    pub is_open: bool,
    /// Whether one marks letters as a numeral.
    pub has_sign: bool,
    digits: u16,
}

impl Conversion {
    /// The result, or the first fault's code.
    pub fn result(&self) -> Result<&str, Code> {
        self.faults.first().map_or(Ok(&self.converted), |fault| Err(fault.code))
    }

    /// The serial in Normalization Form C, as steps and faults count its characters.
    pub fn characters(&self) -> &[char] {
        &self.characters
    }

    pub(crate) fn clear(&mut self) {
        self.converted.clear();
        self.steps.clear();
        self.faults.clear();
        self.dropped.clear();
        self.letter_names = false;
    }

    pub(crate) fn fault(&mut self, code: Code, character: Option<char>, at: usize) {
        let is_known = |fault: &Fault| (fault.code, fault.character) == (code, character);
        if !self.faults.iter().any(is_known) {
            self.faults.push(Fault { code, character, at: at as u32 });
        }
    }

    pub(crate) fn push(&mut self, at: usize, length: usize, row: u32, output: &str) {
        self.converted.push_str(output);
        self.step(at as u32, length as u32, row);
    }

    /// Forgets what was known of the characters of the serial before.
    pub(crate) fn begin(&mut self) {
        self.characters.clear();
        (self.survey, self.mixed_digits) = (Survey::default(), false);
    }

    pub(crate) fn step(&mut self, at: u32, length: u32, row: u32) {
        self.steps.push(Step { at, length, row, end: self.converted.len() as u32 });
    }

    /// Takes the characters of a serial in, with what is known of them.
    pub(crate) fn read(&mut self, serial: &str, table: &Transliterator) {
        self.begin();
        for character in serial.chars() {
            self.characters.push(character);
            match table.automaton.entry(character) {
                Some(entry) => self.note(*entry),
                None => self.note(Entry::of(character)),
            }
            self.survey.has_sign |= !character.is_ascii() && NumeralSystem::is_letter_sign(character);
        }
    }

    pub(crate) fn note(&mut self, entry: Entry) {
        let survey = &mut self.survey;
        survey.facts |= entry.facts(Entry::LOOK_ALIKE | Entry::NAME);
        survey.is_open |= !entry.is(Entry::INERT);
        if entry.digits != 0 {
            self.mixed_digits |= survey.digits != 0 && survey.digits != entry.digits;
            survey.digits = entry.digits;
        }
    }
}
