//! The conversion of one serial by one compiled table: longest match, left to right, each step
//! naming its row.

use std::sync::Arc;

use matricule_mapping::{ScriptTable, TableRow, When};
use matricule_record::{Code, Field, Reading, Settings, Text, Variant};
use matricule_text::{
    NumeralSystem, decimal_digit, invisible_name, is_private_or_replacement, is_separator, is_symbol,
    nfc_into,
};

use crate::automaton::{Action, Answer, Automaton, Entry, Rule, SHORT};
use crate::conversion::{Conversion, Fault, Step};
use crate::names::{ByName, LetterName, Names};
use crate::select::tag;

/// Serials of up to so many characters are converted in one pass.
const PLAIN: usize = 32;
/// Serials longer than this many characters are implausible (T309).
const LONGEST: usize = 32;

/// A compiled table.
#[derive(Clone, Debug)]
pub struct Transliterator {
    pub(crate) id: Arc<str>,
    pub(crate) purpose: Purpose,
    pub(crate) table: ScriptTable,
    pub(crate) automaton: Automaton,
    /// Whether each row is marked unverified; empty where none is.
    pub(crate) unverified: Vec<bool>,
    /// The systems of numerals that it evaluates, each with its row.
    pub(crate) numerals: Vec<(NumeralSystem, u32)>,
    /// The names of Latin letters in its language.
    pub(crate) names: Names,
}

/// What a table is for, asked of every table for every serial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Purpose {
    pub script: Text,
    pub language: Text,
    pub language_tag: u32,
    pub reading: Reading,
    pub standard: bool,
    pub strict: bool,
    pub is_plain: bool,
}

impl Purpose {
    /// What a table says that it is for. A look-alike reading has one table, which serves either
    /// variant.
    pub fn of(table: &ScriptTable) -> Self {
        let is_look = table.reading() == Reading::Look;
        Self {
            script: table.script().into(),
            language: table.language().into(),
            language_tag: tag(table.language()),
            reading: table.reading(),
            standard: is_look || table.serves(Variant::Standard),
            strict: is_look || table.serves(Variant::Strict),
            is_plain: table.meta("variant") == "plain",
        }
    }

    pub fn serves(&self, reading: Reading, variant: Variant) -> bool {
        self.reading == reading
            && match variant {
                Variant::Standard => self.standard,
                Variant::Strict => self.strict,
            }
    }
}

/// Where a serial stands, as far as its conversion depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The field.
    pub field: Field,
    /// Whether its letters are declared to be numerals (`[numerals]` of a profile).
    pub letters_are_numerals: bool,
    /// Whether it is read letter by letter, also where its letters are the names of Latin ones: a strict
    /// conversion could not be read back otherwise.
    pub by_letter: bool,
}

impl Context {
    /// A field of a ledger, as its settings have it.
    pub fn of(field: Field, settings: &Settings) -> Self {
        let letters_are_numerals = settings.numerals.contains(&field);
        Self { field, letters_are_numerals, by_letter: settings.variant == Variant::Strict }
    }
}

impl From<Field> for Context {
    fn from(field: Field) -> Self {
        Self { field, letters_are_numerals: false, by_letter: false }
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
        let is_unverified = |step: &&Step| self.unverified.get(step.row as usize).is_some_and(|is| *is);
        conversion.steps.iter().find(is_unverified).map(|step| self.row(*step))
    }

    /// Converts a serial; `out` holds the result and is cleared first.
    pub fn convert(&self, serial: &str, context: impl Into<Context>, out: &mut Conversion) {
        self.convert_in(serial, context.into(), out);
    }

    /// Converts a serial letter by letter, also where its letters are the names of Latin ones.
    pub fn convert_by_letter(&self, serial: &str, context: impl Into<Context>, out: &mut Conversion) {
        self.convert_in(serial, Context { by_letter: true, ..context.into() }, out);
    }

    /// Converts a serial of characters with one row each, as most are; `false` where it is not one, and
    /// what was done is to be done again.
    fn convert_plainly(&self, serial: &str, out: &mut Conversion) -> bool {
        out.begin();
        // Outputs are gathered where there is room for any of a plain entry's: one test a serial instead
        // of one a letter.
        let (mut bytes, mut end) = ([0_u8; PLAIN * SHORT], 0_usize);
        for (character, at) in serial.chars().zip(0..) {
            let entry = self.automaton.entry(character).filter(|entry| entry.is_plain());
            let (Some(entry), true) = (entry, (at as usize) < PLAIN) else { return false };
            out.note(*entry);
            out.characters.push(character);
            bytes[end..end + SHORT].copy_from_slice(entry.whole_output());
            end += entry.output().len();
            if entry.answer == Answer::Nothing {
                out.dropped.push(character);
            }
            out.steps.push(Step { at, length: 1, row: entry.row, end: end as u32 });
        }
        out.converted.push_str(std::str::from_utf8(&bytes[..end]).unwrap_or_default());
        let characters = std::mem::take(&mut out.characters);
        check_whole(&characters, out);
        out.characters = characters;
        true
    }

    fn convert_in(&self, serial: &str, context: Context, out: &mut Conversion) {
        out.clear();
        if !context.letters_are_numerals && self.convert_plainly(serial, out) {
            return;
        }
        out.clear();
        out.read(serial, self);
        if out.survey.is_open {
            let mut normal = std::mem::take(&mut out.normal);
            nfc_into(serial, &mut normal);
            out.read(&normal, self);
            out.normal = normal;
        }
        let characters = std::mem::take(&mut out.characters);
        let work = Work { table: self, characters: &characters, context };
        let names = if !context.by_letter && out.survey.facts & Entry::NAME != 0 {
            work.names(out)
        } else {
            Vec::new()
        };
        work.apply(&names, out);
        check_whole(&characters, out);
        out.characters = characters;
    }
}

/// The conversion of one serial in progress.
struct Work<'a> {
    table: &'a Transliterator,
    characters: &'a [char],
    context: Context,
}

impl Work<'_> {
    /// The letter names that the serial consists of, where it does.
    fn names(&self, out: &mut Conversion) -> Vec<LetterName> {
        let names = &self.table.names;
        if !self.characters.iter().any(|&c| is_unseen(c)) {
            return self.take_names(names.read(self.characters), out);
        }
        // Read without what nobody sees, and told by the places in the serial as it is.
        let is_seen = |at: &usize| !is_unseen(self.characters[*at]);
        let seen: Vec<usize> = (0..self.characters.len()).filter(is_seen).collect();
        let characters: Vec<char> = seen.iter().map(|&at| self.characters[at]).collect();
        let mut reading = names.read(&characters);
        if let Some(read) = &mut reading {
            read.doubtful = read.doubtful.map(|at| seen[at]);
            for name in &mut read.names {
                let last = seen[name.at + name.length - 1];
                name.at = seen[name.at];
                name.length = last + 1 - name.at;
                let inside = self.characters[name.at..=last].iter();
                out.dropped.extend(inside.filter(|&&c| is_unseen(c)));
            }
        }
        self.take_names(reading, out)
    }

    fn take_names(&self, reading: Option<ByName>, out: &mut Conversion) -> Vec<LetterName> {
        let Some(reading) = reading else { return Vec::new() };
        out.letter_names = true;
        if let Some(at) = reading.doubtful {
            out.fault(Code::T312, Some(self.characters[at]), at);
        }
        reading.names
    }

    /// Applies the rows from left to right.
    fn apply(&self, names: &[LetterName], out: &mut Conversion) {
        let (mut at, mut after_letter) = (0, false);
        let mut names = names.iter().peekable();
        let reads_letters = out.survey.has_sign || self.context.letters_are_numerals;
        while at < self.characters.len() {
            if let Some(name) = names.next_if(|name| name.at == at) {
                out.push(at, name.length, name.row, name.letter.encode_utf8(&mut [0; 4]));
                (at, after_letter) = (at + name.length, true);
                continue;
            }
            let character = self.characters[at];
            let entry = self.table.automaton.entry(character).copied().unwrap_or_default();
            let is_special = entry.is(Entry::NUMERAL) || (reads_letters && !character.is_ascii());
            if let Some(length) = is_special.then(|| self.numeral(at, out)).flatten() {
                (at, after_letter) = (at + length, false);
                continue;
            }
            let length = match entry.answer {
                Answer::Output | Answer::Nothing => {
                    out.converted.extend(entry.output().iter().map(|&byte| char::from(byte)));
                    out.step(at as u32, 1, entry.row);
                    out.dropped.extend((entry.answer == Answer::Nothing).then_some(character));
                    1
                }
                Answer::Rules => self.apply_list(entry.row, at, after_letter, out),
                Answer::None => self.refuse(at, out),
            };
            if !entry.is(Entry::TRANSPARENT) {
                after_letter = is_letter(entry, character);
            }
            at += length;
        }
    }

    fn refuse(&self, at: usize, out: &mut Conversion) -> usize {
        let character = self.characters[at];
        out.fault(refusal(character), Some(character), at);
        1
    }

    /// Applies the first rule of a list that fits; how many characters it takes.
    fn apply_list(&self, list: u32, at: usize, after_letter: bool, out: &mut Conversion) -> usize {
        let place = Position { work: self, at, after_letter };
        let mut rules = self.table.automaton.list(list).iter();
        let Some((rule, length)) = rules.find_map(|rule| Some((rule, place.length_of(rule)?))) else {
            return self.refuse(at, out);
        };
        out.push(at, length, rule.row, &rule.output);
        let taken = &self.characters[at..at + length];
        if rule.action == Action::Drop {
            out.dropped.extend(taken);
        } else if length > rule.from.len() {
            out.dropped.extend(taken.iter().filter(|&&c| is_unseen(c)));
        }
        if rule.action == Action::Review {
            out.fault(Code::T310, Some(self.characters[at]), at);
        }
        length
    }

    /// Reads a numeral, where one of the table's systems begins; how many characters it has.
    fn numeral(&self, at: usize, out: &mut Conversion) -> Option<usize> {
        let rest = &self.characters[at..];
        let declared = self.context.letters_are_numerals;
        let read = |(system, row): &(NumeralSystem, u32)| Some((*system, system.read(rest, declared)?, *row));
        let (system, (length, value), row) = self.table.numerals.iter().find_map(read)?;
        // `十5` is 105 to one reader and 15 to another, a blank between them or not; digits for digits
        // can be told.
        let is_number = |c: &char| decimal_digit(*c).is_some() || NumeralSystem::of(*c).is_some();
        let mut before = self.characters[..at].iter().rev().filter(|c| !is_separator(**c));
        let mut behind = rest[length..].iter().filter(|c| !is_separator(**c));
        let touches_digits = before.next().is_some_and(is_number) || behind.next().is_some_and(is_number);
        let value = value.filter(|_| !touches_digits || system.is_digit_by_digit(&rest[..length]));
        out.push(at, length, row, value.as_deref().unwrap_or_default());
        if value.is_none() {
            out.fault(Code::T304, Some(rest[0]), at);
        }
        Some(length)
    }

    fn entry(&self, character: char) -> Entry {
        self.table.automaton.entry(character).copied().unwrap_or_else(|| Entry::of(character))
    }

    /// The character at a position, past invisible ones.
    fn seen_from(&self, at: usize) -> Option<char> {
        self.characters[at..].iter().copied().find(|&c| !is_unseen(c))
    }

    /// The character before a position, past invisible ones.
    fn seen_before(&self, at: usize) -> Option<char> {
        self.characters[..at].iter().rev().copied().find(|&c| !is_unseen(c))
    }

    /// Whether the letters go on at a position, past characters that are dropped unseen.
    fn letter_follows(&self, at: usize) -> bool {
        let rest = self.characters[at..].iter().map(|&character| self.entry(character));
        rest.into_iter()
            .find(|entry| !entry.is(Entry::TRANSPARENT))
            .is_some_and(|entry| entry.is(Entry::LETTER))
    }
}

/// Whether nobody sees the character; the joiners of Indic scripts change what is seen.
fn is_unseen(character: char) -> bool {
    !matches!(character, '\u{200c}' | '\u{200d}') && invisible_name(character).is_some()
}

/// A letter: for a character on a page without rows the entry does not say.
fn is_letter(entry: Entry, character: char) -> bool {
    if entry == Entry::default() { Entry::of(character).is(Entry::LETTER) } else { entry.is(Entry::LETTER) }
}

/// A place in a serial, as conditions see it.
struct Position<'a> {
    work: &'a Work<'a>,
    at: usize,
    after_letter: bool,
}

impl Position<'_> {
    /// How many characters the rule takes here, where it fits. What nobody sees may stand inside.
    fn length_of(&self, rule: &Rule) -> Option<usize> {
        let rest = &self.work.characters[self.at..];
        let mut length = 0;
        for (&wanted, number) in rule.from.iter().zip(0..) {
            let unseen = rest[length..].iter().take_while(|&&c| c != wanted && number > 0 && is_unseen(c));
            length += unseen.count();
            rest.get(length).filter(|found| **found == wanted)?;
            length += 1;
        }
        self.holds(&rule.when, self.at + length).then_some(length)
    }

    fn holds(&self, when: &When, end: usize) -> bool {
        match when {
            When::Always => true,
            When::Initial => !self.after_letter,
            When::Final => !self.work.letter_follows(end),
            When::After(set) => self.work.seen_before(self.at).is_some_and(|last| contains(set, last)),
            When::Before(set) => self.work.seen_from(end).is_some_and(|next| contains(set, next)),
            When::Field(name) => *self.work.context.field.name() == **name,
        }
    }
}

/// Whether a set of a condition has a character in either case.
fn contains(set: &str, character: char) -> bool {
    set.chars().any(|c| c == character || c.to_lowercase().eq(character.to_lowercase()))
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
    if (out.survey.facts & Entry::LOOK_ALIKE).count_ones() > 1 {
        // No one table could have all its letters: that is the finding, not the letters.
        out.faults.retain(|fault| fault.code != Code::T301);
        out.faults.insert(0, Fault { code: Code::T302, character: None, at: 0 });
    }
    if !out.faults.is_empty() {
        return;
    }
    if out.converted.is_empty() {
        out.fault(Code::T306, None, 0);
    } else if is_implausible(characters, &out.converted) {
        out.fault(Code::T309, None, 0);
    }
}

/// All zeros, too long, or a phrase: three words and no digit.
fn is_implausible(characters: &[char], converted: &str) -> bool {
    let words = || characters.split(|c| c.is_whitespace()).filter(|word| !word.is_empty()).count();
    converted.bytes().all(|byte| byte == b'0')
        || (characters.len() > LONGEST && characters.iter().filter(|c| !c.is_whitespace()).count() > LONGEST)
        || (characters.len() > 8 && !converted.bytes().any(|byte| byte.is_ascii_digit()) && words() > 2)
}
