//! What must hold for any text in any table: nothing but A–Z 0–9 comes out, no character is lost
//! without a drop row, and the automaton does what a slow and obvious reading of the rows does.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::sync::{Arc, OnceLock};

use matricule_mapping::{Files, RowKind, When};
use matricule_record::{Code, Field, Reading, Settings};
use matricule_text::{NumeralSystem, decimal_digit, invisible_name, is_separator, nfc};
use matricule_transliteration::{Conversion, Transliteration, Transliterator};
use proptest::prelude::*;

fn stage() -> &'static Transliteration {
    static STAGE: OnceLock<Transliteration> = OnceLock::new();
    STAGE.get_or_init(|| Transliteration::new(Files::shipped()).unwrap_or_else(|faults| panic!("{faults:?}")))
}

/// A table, and characters that its rows are about, in any order, with strangers between them.
fn table_and_text() -> impl Strategy<Value = (Arc<Transliterator>, String)> {
    (0..stage().tables().len()).prop_flat_map(|at| {
        let table = Arc::clone(&stage().tables()[at]);
        let known: Vec<char> = table.table().rows.iter().flat_map(|row| row.from.chars()).collect();
        let character = prop_oneof![
            8 => proptest::sample::select(known),
            1 => any::<char>(),
            1 => proptest::sample::select("0123456789 -/.AZaz\u{200f}".chars().collect::<Vec<_>>()),
        ];
        (Just(table), proptest::collection::vec(character, 0..12).prop_map(|text| text.into_iter().collect()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_but_letters_and_digits_comes_out((table, text) in table_and_text()) {
        let mut conversion = Conversion::default();
        table.convert(&text, Field::Serial, &mut conversion);
        prop_assert!(conversion.converted.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
    }

    #[test]
    fn every_character_is_accounted_for((table, text) in table_and_text()) {
        let mut conversion = Conversion::default();
        table.convert(&text, Field::Serial, &mut conversion);
        let length = nfc(&text).chars().count();
        let mut accounted = vec![false; length];
        for step in &conversion.steps {
            for at in step.at..step.at + step.length {
                prop_assert!(!std::mem::replace(&mut accounted[at as usize], true), "a character converted twice");
            }
        }
        let refused = conversion.faults.iter().any(|fault| fault.character.is_some() || fault.code == Code::T302);
        prop_assert!(refused || accounted.iter().all(|done| *done), "a character is lost: {text:?} in {}", table.id());
    }

    #[test]
    fn the_automaton_does_what_the_rows_say((table, text) in table_and_text()) {
        let mut conversion = Conversion::default();
        table.convert_by_letter(&text, Field::Serial, &mut conversion);
        let refused = conversion.faults.iter().any(|fault| matches!(fault.code, Code::T301 | Code::T303 | Code::T305 | Code::T310 | Code::T304));
        // Mixed scripts are refused as a whole, whatever rows there are.
        prop_assume!(!conversion.faults.iter().any(|fault| fault.code == Code::T302));
        let expect = by_the_rows(&table, &nfc(&text).chars().collect::<Vec<_>>());
        prop_assert_eq!((!refused).then(|| conversion.converted.clone()), expect, "{:?} in {}", text, table.id());
    }

    #[test]
    fn any_serial_is_converted_or_refused(text in "\\PC{0,16}") {
        let settings = Settings::default();
        if let Some(explanation) = stage().explain(&text, &settings) {
            let conversion = explanation.conversion;
            prop_assert!(conversion.faults.is_empty() == conversion.result().is_ok());
            prop_assert!(conversion.result().is_err() || !conversion.converted.is_empty());
        }
        let _ = stage().choose(&text, &settings, Reading::Look);
    }
}

/// A reading of the rows that is as slow as it is plain: at each place every row of every layer is
/// tried, and the longest, then the one with a condition, then the highest layer wins. `None` where a
/// character has no row, or one that refuses.
fn by_the_rows(table: &Transliterator, text: &[char]) -> Option<String> {
    let (mut out, mut at) = (String::new(), 0);
    while at < text.len() {
        if let Some((length, value)) = numeral(table, text, at) {
            out.push_str(&value?);
            at += length;
            continue;
        }
        let (length, output) = best_row(table, text, at)?;
        out.push_str(&output?);
        at += length;
    }
    Some(out)
}

/// A numeral of one of the table's systems; beside a decimal digit only digits for digits have a value.
fn numeral(table: &Transliterator, text: &[char], at: usize) -> Option<(usize, Option<String>)> {
    let rows = table.table().rows.iter().filter(|row| row.kind == RowKind::Numeral);
    let system = |row: &Arc<matricule_mapping::TableRow>| NumeralSystem::from_name(&row.from);
    let read = |system: NumeralSystem| Some((system, system.read(&text[at..], false)?));
    let (system, (length, value)) = rows.filter_map(system).find_map(read)?;
    let is_number = |c: &char| decimal_digit(*c).is_some() || NumeralSystem::of(*c).is_some();
    let mut before = text[..at].iter().rev().filter(|c| !is_separator(**c));
    let mut behind = text[at + length..].iter().filter(|c| !is_separator(**c));
    let beside = before.next().is_some_and(is_number) || behind.next().is_some_and(is_number);
    Some((length, value.filter(|_| !beside || system.is_digit_by_digit(&text[at..at + length]))))
}

/// What decides between rows: length, a condition, written so and not folded, layer.
type Rank = (usize, bool, bool, u16);

/// The row that applies: how many characters it takes, and its output; no output where it refuses.
fn best_row(table: &Transliterator, text: &[char], at: usize) -> Option<(usize, Option<String>)> {
    let folds = table.table().meta("case") == "fold";
    let mut best: Option<(Rank, usize, Option<String>)> = None;
    for row in &table.table().rows {
        let found = match row.kind {
            RowKind::Digits => digit_of(row.from.as_str(), text[at]).map(|digit| (1, true, Some(digit))),
            RowKind::Map | RowKind::Drop | RowKind::Review => {
                let from: Vec<char> = row.from.chars().collect();
                let small = |c: char| folds.then(|| lower(c)).flatten();
                let taken = taken(&text[at..], &from, |a, b| a == b || Some(a) == small(b));
                taken.filter(|length| holds(table, &row.when, text, at, at + length)).map(|length| {
                    let exact = taken_exactly(&text[at..], &from);
                    (length, exact, output_of(row.kind, &row.to))
                })
            }
            _ => None,
        };
        if let Some((length, exact, output)) = found {
            let own = if row.kind == RowKind::Digits { 1 } else { row.from.chars().count() };
            let rank = (own, row.when != When::Always, exact, row.layer);
            if best.as_ref().is_none_or(|(known, ..)| rank >= *known) {
                best = Some((rank, length, output));
            }
        }
    }
    best.map(|(_, length, output)| (length, output))
}

/// How many characters stand for a row's, past those that nobody sees between them.
fn taken(text: &[char], from: &[char], same: impl Fn(char, char) -> bool) -> Option<usize> {
    let mut at = 0;
    for (number, &wanted) in from.iter().enumerate() {
        while number > 0 && text.get(at).is_some_and(|&c| !same(c, wanted) && is_unseen(c)) {
            at += 1;
        }
        text.get(at).filter(|&&c| same(c, wanted))?;
        at += 1;
    }
    Some(at)
}

fn taken_exactly(text: &[char], from: &[char]) -> bool {
    taken(text, from, |a, b| a == b).is_some()
}

fn is_unseen(character: char) -> bool {
    !matches!(character, '\u{200c}' | '\u{200d}') && invisible_name(character).is_some()
}

fn output_of(kind: RowKind, to: &str) -> Option<String> {
    match kind {
        RowKind::Map => Some(to.to_owned()),
        RowKind::Drop => Some(String::new()),
        _ => None,
    }
}

fn lower(character: char) -> Option<char> {
    let mut lower = character.to_lowercase();
    let form = lower.next()?;
    lower.next().is_none().then_some(form)
}

fn digit_of(run: &str, character: char) -> Option<String> {
    let (first, last) = run.split_once("..")?;
    let point = |text: &str| u32::from_str_radix(text.trim_start_matches("U+"), 16).unwrap();
    let here = u32::from(character);
    (point(first)..=point(last)).contains(&here).then(|| (here - point(first)).to_string())
}

fn holds(table: &Transliterator, when: &When, text: &[char], at: usize, end: usize) -> bool {
    let is_letter = |c: char| c.is_alphabetic() && decimal_digit(c).is_none();
    let unseen = |c: char| {
        let drops = |row: &Arc<matricule_mapping::TableRow>| {
            row.kind == RowKind::Drop && row.when == When::Always && row.from == c.to_string()
        };
        !is_separator(c) && table.table().rows.iter().any(drops)
    };
    let seen = |c: char| matches!(c, '\u{200c}' | '\u{200d}') || invisible_name(c).is_none();
    let same =
        |set: &str, c: char| set.chars().any(|other| other == c || other.to_lowercase().eq(c.to_lowercase()));
    match when {
        When::Always => true,
        When::Initial => !text[..at].iter().rev().find(|&&c| !unseen(c)).is_some_and(|&c| is_letter(c)),
        When::Final => !text[end..].iter().find(|&&c| !unseen(c)).is_some_and(|&c| is_letter(c)),
        When::After(set) => text[..at].iter().rev().find(|c| seen(**c)).is_some_and(|&c| same(set, c)),
        When::Before(set) => text[end..].iter().find(|c| seen(**c)).is_some_and(|&c| same(set, c)),
        When::Field(name) => &**name == "serial",
    }
}

/// What the proof says of strict tables, seen without it: no two texts of up to two letters become the same.
#[test]
fn strict_tables_write_different_letters_differently() {
    let mut conversion = Conversion::default();
    let strict: Vec<_> = stage().tables().iter().filter(|table| table.id().ends_with("-strict")).collect();
    assert!(strict.len() > 30, "{} strict tables", strict.len());
    for table in strict {
        let letters: Vec<String> = table.table().meta("alphabet").chars().map(String::from).collect();
        let pairs = letters.iter().flat_map(|a| letters.iter().map(move |b| format!("{a}{b}")));
        let mut seen = std::collections::HashMap::new();
        for text in pairs.chain(letters.iter().cloned()).filter(|text| nfc(text) == *text) {
            table.convert_by_letter(&text, Field::Serial, &mut conversion);
            if conversion.faults.is_empty() {
                let known = seen.insert(conversion.converted.clone(), text.to_lowercase());
                assert!(known.is_none_or(|known| known == text.to_lowercase()), "{text} in {}", table.id());
            }
        }
        assert!(seen.len() > letters.len(), "{} converts hardly anything", table.id());
    }
}
