//! The table compiler: from rows to a [`Transliterator`], or to every fault found in them.
//!
//! It fails closed. A table that could lose a letter, put something outside A–Z 0–9 into a serial,
//! or leave it open which of two rows applies, converts nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, LazyLock};

use matricule_mapping::{Error, Place, RowKind, ScriptTable, TableRow, When};
use matricule_record::{Code, Field};
use matricule_text::{NumeralSystem, decimal_digit, nfc, script_of};

use crate::automaton::{Action, Automaton, Entry, Rule, SharedPages};
use crate::conversion::Conversion;
use crate::convert::{Purpose, Transliterator};
use crate::names::Names;
use crate::select::is_written_with;
use crate::strict;

impl Transliterator {
    /// Compiles a table; all faults of its rows, where it has any.
    pub fn compile(table: ScriptTable) -> Result<Self, Vec<Error>> {
        Self::compile_among(table, &mut SharedPages::default())
    }

    /// Compiles a table whose pages other tables may share.
    pub(crate) fn compile_among(table: ScriptTable, shared: &mut SharedPages) -> Result<Self, Vec<Error>> {
        let unchecked = table.rows.iter().filter(|row| shared.is_first(row));
        let mut faults: Vec<Error> = unchecked.filter_map(|row| check_row(row).err()).collect();
        let rules = layered_rules(&table, &mut faults);
        faults.extend(name_clashes(&table));
        faults.extend(uncovered_letters(&table, &rules));
        faults.extend(small_letters(&table));
        if !faults.is_empty() {
            return Err(faults);
        }
        let rules = if table.meta("case") == "fold" { with_both_cases(rules) } else { rules };
        let names = Names::of(&table);
        let automaton = Automaton::new(rules, &marked(&names), shared);
        let compiled = Self {
            id: Arc::from(table.id.as_str()),
            purpose: Purpose::of(&table),
            automaton,
            unverified: unverified(&table),
            numerals: numeral_rows(&table),
            names,
            table,
        };
        let mut faults = compiled.failed_tests();
        if compiled.table.is_strict() {
            faults.extend(strict::faults(&compiled));
        }
        if faults.is_empty() { Ok(compiled) } else { Err(faults) }
    }

    fn failed_tests(&self) -> Vec<Error> {
        let mut conversion = Conversion::default();
        let tests = self.table.rows.iter().filter(|row| row.kind == RowKind::Test);
        tests.filter_map(|row| self.run_test(row, &mut conversion).err()).collect()
    }

    fn run_test(&self, row: &TableRow, conversion: &mut Conversion) -> Result<(), Error> {
        self.convert(&row.from, Field::Serial, conversion);
        let found = match conversion.result() {
            Ok(converted) => converted.to_owned(),
            Err(code) => format!("!{code}"),
        };
        if found == row.to || self.is_overridden(row, conversion) {
            return Ok(());
        }
        let message =
            format!("test `{}` gives `{found}`, not `{}`; correct the row or the test", row.from, row.to);
        Err(at_output(row, Code::M505, message))
    }

    /// Whether a higher layer decided otherwise than the layer that a test stands in.
    fn is_overridden(&self, test: &TableRow, conversion: &Conversion) -> bool {
        conversion.steps.iter().any(|step| self.row(*step).layer > test.layer)
    }
}

/// Characters that a numeral may begin with that is not made of letters.
static NUMERAL_SIGNS: LazyLock<Vec<char>> = LazyLock::new(|| {
    ('\u{80}'..='\u{ffff}').filter(|&character| NumeralSystem::of(character).is_some()).collect()
});

/// Characters that begin a letter name, or a numeral that is not made of letters.
fn marked(names: &Names) -> Vec<(char, u16)> {
    let numerals = NUMERAL_SIGNS.iter().map(|&character| (character, Entry::NUMERAL));
    numerals.chain(names.first_characters().map(|character| (character, Entry::NAME))).collect()
}

fn unverified(table: &ScriptTable) -> Vec<bool> {
    let marks: Vec<bool> = table.rows.iter().map(|row| row.note.contains("unverified")).collect();
    if marks.contains(&true) { marks } else { Vec::new() }
}

/// The systems of numerals that a table evaluates.
fn numeral_rows(table: &ScriptTable) -> Vec<(NumeralSystem, u32)> {
    let rows = table.rows.iter().enumerate().filter(|(_, row)| row.kind == RowKind::Numeral);
    rows.filter_map(|(number, row)| Some((NumeralSystem::from_name(&row.from)?, number as u32))).collect()
}

/// A fault of a row.
pub(crate) fn at(row: &TableRow, code: Code, message: impl Into<String>) -> Error {
    Error::at(code, row.place.clone(), message)
}

/// A fault of what a row says in `to`.
fn at_output(row: &TableRow, code: Code, message: String) -> Error {
    Error::at(code, row.place.at(row.to_column), message)
}

/// What a row has to satisfy by itself.
fn check_row(row: &TableRow) -> Result<(), Error> {
    match row.kind {
        RowKind::Test | RowKind::Waive => Ok(()),
        RowKind::Numeral => check_numeral(row),
        RowKind::Digits => digit_run(row).map(|_| ()),
        RowKind::Symbol => {
            let message =
                "a symbol row stands in a file of mappings/symbols/ or under [symbols] of ledger.toml";
            Err(at(row, Code::M502, message))
        }
        RowKind::Map | RowKind::Drop | RowKind::Review | RowKind::Name => {
            check_source(row)?;
            check_condition(row)?;
            check_output(row)?;
            check_characters(row)
        }
    }
}

/// Every row that decides about characters names who says so.
fn check_source(row: &TableRow) -> Result<(), Error> {
    if !row.source.is_empty() {
        return Ok(());
    }
    let message =
        format!("the row for `{}` names no source: write the standard, or who decided and when", row.from);
    Err(at(row, Code::M502, message))
}

/// A condition that could never hold is a mistake.
fn check_condition(row: &TableRow) -> Result<(), Error> {
    let message = match &row.when {
        When::After(set) | When::Before(set) if set.is_empty() || set.contains(['=', ';', ',']) => {
            format!(
                "the condition `{}` needs the characters themselves, one after the other, and is the only one of its row",
                row.when
            )
        }
        When::Field(name) if Field::from_name(name).is_none() => format!("`{name}` is no field"),
        _ => return Ok(()),
    };
    Err(at(row, Code::M502, message))
}

fn check_numeral(row: &TableRow) -> Result<(), Error> {
    if NumeralSystem::from_name(&row.from).is_some() {
        return Ok(());
    }
    let known = NumeralSystem::ALL.map(NumeralSystem::name).join(", ");
    let message = format!("`{}` is no system of numerals; known are {known}", row.from);
    Err(at(row, Code::M502, message))
}

fn check_output(row: &TableRow) -> Result<(), Error> {
    let is_clean = row.to.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let message = match row.kind {
        RowKind::Map if row.to.is_empty() => {
            format!("maps `{}` to nothing; only a drop row lets a character disappear", row.from)
        }
        RowKind::Map | RowKind::Name if !is_clean => unclean(&row.to),
        RowKind::Name if row.to.len() > 1 => {
            format!("a letter name stands for one letter, not for `{}`", row.to)
        }
        RowKind::Drop | RowKind::Review if !row.to.is_empty() => {
            format!("says `{}` in `to`, where such a row says nothing", row.to)
        }
        _ => return Ok(()),
    };
    Err(at_output(row, Code::M502, message))
}

/// What is wrong with an output: the character that is no A–Z 0–9, by its code point, because it may
/// look like one.
fn unclean(output: &str) -> String {
    let stranger =
        output.chars().find(|c| !c.is_ascii_uppercase() && !c.is_ascii_digit()).unwrap_or_default();
    let hint = if stranger.is_ascii_lowercase() {
        format!("write `{}`", output.to_ascii_uppercase())
    } else {
        "write the Latin letters that the standard gives".to_owned()
    };
    let (script, point) = (script_of(stranger), u32::from(stranger));
    format!("output `{output}` is not A–Z 0–9: `{stranger}` is U+{point:04X} ({script}); {hint}")
}

fn check_characters(row: &TableRow) -> Result<(), Error> {
    if row.kind == RowKind::Map
        && let Some(digit) = row.from.chars().find(|&c| decimal_digit(c).is_some())
    {
        let message = format!("`{digit}` is a decimal digit, and stays the digit that it is");
        return Err(at(row, Code::M502, message));
    }
    if nfc(&row.from) != row.from.as_str() {
        let message = format!(
            "`{}` is not in Normalization Form C, so it would never match; write `{}`",
            row.from,
            nfc(&row.from)
        );
        return Err(at(row, Code::M502, message));
    }
    match row.from.chars().find(|&c| !belongs(&row.script, c)) {
        Some(stranger) => {
            let (found, script, point) = (script_of(stranger), &row.script, u32::from(stranger));
            let message = format!(
                "`{stranger}` (U+{point:04X}) is {found}, but the table is for {script}; type the letter of that script"
            );
            Err(at(row, Code::M502, message))
        }
        None => Ok(()),
    }
}

/// A character may stand in a table of its own script; what scripts share may stand in any.
fn belongs(script: &str, character: char) -> bool {
    matches!(script_of(character), "Zyyy" | "Zinh")
        || script == "Zyyy"
        || is_written_with(script, script_of(character))
}

/// The ten characters of a digits row.
fn digit_run(row: &TableRow) -> Result<Vec<char>, Error> {
    let fault = || {
        at(
            row,
            Code::M502,
            format!("`{}` is not a run of ten decimal digits such as U+0660..U+0669 → 0..9", row.from),
        )
    };
    let (first, last) = row.from.split_once("..").ok_or_else(fault)?;
    let point = |text: &str| u32::from_str_radix(text.strip_prefix("U+")?, 16).ok();
    let (first, last) = point(first).zip(point(last)).ok_or_else(fault)?;
    let run: Vec<char> = (first..=last).filter_map(char::from_u32).collect();
    let in_order = run.iter().zip(0..).all(|(&c, value)| decimal_digit(c).is_none_or(|digit| digit == value));
    if row.to == "0..9" && run.len() == 10 && in_order { Ok(run) } else { Err(fault()) }
}

/// One rule for each (from, when), the highest layer's; duplicates and silent overrides are faults.
fn layered_rules(table: &ScriptTable, faults: &mut Vec<Error>) -> Vec<Rule> {
    let rows = table.rows.iter().enumerate();
    let mut rules: Vec<Rule> = rows.flat_map(|(number, row)| rules_of(row, number)).collect();
    // The rules of one key stand together, the lowest layer's first, in the order of their rows.
    rules.sort_by(|a, b| a.from.cmp(&b.from).then_with(|| a.when.cmp(&b.when)));
    let mut chosen: Vec<Rule> = Vec::with_capacity(rules.len());
    let mut clashes = Vec::new();
    for rule in rules {
        match chosen.last_mut() {
            Some(below) if (&below.from, &below.when) == (&rule.from, &rule.when) => {
                let [row, row_below] = [&rule, &*below].map(|rule| &table.rows[rule.row as usize]);
                clashes.extend(clash(row, row_below.layer, row_below).map(|fault| (rule.row, fault)));
                *below = rule;
            }
            _ => chosen.push(rule),
        }
    }
    clashes.sort_by_key(|(row, _)| *row);
    faults.extend(clashes.into_iter().map(|(_, fault)| fault));
    chosen
}

/// Letter names that a layer has twice, or that change a lower layer's without saying so.
fn name_clashes(table: &ScriptTable) -> Vec<Error> {
    let mut known: BTreeMap<String, &TableRow> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in table.rows.iter().filter(|row| row.kind == RowKind::Name) {
        if let Some(below) = known.insert(row.from.to_lowercase().to_string(), row) {
            faults.extend(clash(row, below.layer, below));
        }
    }
    faults
}

fn clash(row: &TableRow, layer: u16, below: &TableRow) -> Option<Error> {
    if layer == row.layer {
        return Some(at(row, Code::M503, format!("`{}` has a row already: {}", row.from, below.place)));
    }
    if row.note.contains("overrides") || (row.kind, &row.to) == (below.kind, &below.to) {
        return None;
    }
    let message = format!(
        "`{}` → `{}` would change `{}` of {}; write `overrides {}` in its note if that is meant",
        row.from, row.to, below.to, below.place, below.to
    );
    Some(at(row, Code::M503, message))
}

fn rules_of(row: &TableRow, number: usize) -> Vec<Rule> {
    let rule = |from: Box<[char]>, output: &str, action| Rule {
        from,
        output: output.into(),
        when: row.when.clone(),
        action,
        row: number as u32,
    };
    let from = || row.from.chars().collect();
    match row.kind {
        RowKind::Map => vec![rule(from(), &row.to, Action::Map)],
        RowKind::Drop => vec![rule(from(), "", Action::Drop)],
        RowKind::Review => vec![rule(from(), "", Action::Review)],
        RowKind::Digits => digit_run(row)
            .unwrap_or_default()
            .into_iter()
            .zip(0..)
            .map(|(digit, value)| rule(Box::new([digit]), &value.to_string(), Action::Map))
            .collect(),
        RowKind::Numeral | RowKind::Symbol | RowKind::Test | RowKind::Waive | RowKind::Name => Vec::new(),
    }
}

/// Every letter of the declared alphabet has to have a row that always applies.
fn uncovered_letters(table: &ScriptTable, rules: &[Rule]) -> Option<Error> {
    let alphabet = table.meta("alphabet");
    let covered: BTreeSet<char> = rules
        .iter()
        .filter(|rule| rule.from.len() == 1 && rule.when == When::Always)
        .map(|rule| rule.from[0])
        .collect();
    let missing: Vec<String> = alphabet
        .chars()
        .filter(|letter| !covered.contains(letter))
        .map(|letter| letter.to_string())
        .collect();
    let place = table.rows.iter().rev().map(|row| &*row.place.file).find(|file| file.contains("scripts"));
    let file = place.map_or_else(|| format!("mappings/scripts/{}.csv", table.id), str::to_owned);
    if alphabet.is_empty() {
        return Some(Error::new(
            Code::M504,
            &file,
            0,
            "declares no alphabet: add `meta,alphabet,…` with all its letters",
        ));
    }
    let missing = missing.join(" ");
    let message = format!("no row for {missing} of the alphabet: add a map, drop or review row for each");
    let place = table.alphabet_place.clone().unwrap_or_else(|| Place::new(file, 0));
    (!missing.is_empty()).then(|| Error::at(Code::M504, place, message))
}

/// In a table that folds case, a row about a small letter must not say something else than the one about
/// its capital.
fn small_letters(table: &ScriptTable) -> Vec<Error> {
    if table.meta("case") != "fold" {
        return Vec::new();
    }
    let decides = |row: &&Arc<TableRow>| matches!(row.kind, RowKind::Map | RowKind::Drop | RowKind::Review);
    let rows: BTreeMap<&str, &Arc<TableRow>> =
        table.rows.iter().filter(decides).map(|row| (row.from.as_str(), row)).collect();
    let other = |row: &&Arc<TableRow>| {
        let capital: Option<String> = row.from.chars().map(other_case_of_small).collect();
        let above = rows.get(capital?.as_str())?;
        ((above.kind, &above.to) != (row.kind, &row.to)).then(|| small_letter(row, above))
    };
    rows.values().filter_map(other).collect()
}

fn small_letter(row: &TableRow, above: &TableRow) -> Error {
    let message = format!(
        "`{}` is the small letter of `{}`, which becomes `{}` ({}); the table folds case, so change that row",
        row.from, above.from, above.to, above.place
    );
    at(row, Code::M502, message)
}

/// The capital of a small letter that is its only small form; ı and ς are other letters' too.
fn other_case_of_small(character: char) -> Option<char> {
    let mut upper = character.to_uppercase();
    let capital = upper.next().filter(|&capital| capital != character)?;
    (upper.next().is_none() && other_case(capital) == Some(character)).then_some(capital)
}

/// The rules, and the same for every mixture of upper and lower case that has no rule of its own.
fn with_both_cases(mut rules: Vec<Rule>) -> Vec<Rule> {
    let written: HashSet<&[char]> = rules.iter().map(|rule| &*rule.from).collect();
    let mut added = Vec::with_capacity(rules.len());
    let has_case = |rule: &&Rule| rule.from.iter().any(|&character| other_case(character).is_some());
    for rule in rules.iter().filter(has_case) {
        let variants = case_variants(&rule.from).into_iter();
        let unwritten = variants.filter(|from| !written.contains(&**from));
        added.extend(unwritten.map(|from| Rule { from, ..rule.clone() }));
    }
    rules.extend(added);
    rules
}

fn case_variants(from: &[char]) -> BTreeSet<Box<[char]>> {
    let mut variants: Vec<Vec<char>> = vec![Vec::new()];
    for &character in from {
        let forms = [Some(character), other_case(character)];
        variants = variants
            .into_iter()
            .flat_map(|prefix| {
                forms.into_iter().flatten().map(move |form| [prefix.clone(), vec![form]].concat())
            })
            .collect();
    }
    variants.into_iter().map(Vec::into_boxed_slice).collect()
}

/// The lower-case form of a capital that has a single one.
fn other_case(character: char) -> Option<char> {
    let mut lower = character.to_lowercase();
    let form = lower.next().filter(|&form| form != character)?;
    lower.next().is_none().then_some(form)
}
