//! A refused serial in words: what is wrong, and the row or the line that repairs it.

use std::sync::Arc;

use matricule_record::{Code, Field, Finding, Mixed, WrittenMarking, proposed};
use matricule_text::{canonical_serial, script_of, script_of_serial, visible};

use crate::conversion::{Conversion, Fault};
use crate::convert::Transliterator;
use crate::mixed::LookAlikes;

/// The finding for a fault in the conversion of a marking.
pub(crate) fn finding(
    fault: &Fault,
    table: &Transliterator,
    marking: &WrittenMarking,
    looks: &LookAlikes,
) -> Finding {
    let sign = fault
        .character
        .map(|c| format!("'{}' (U+{:04X})", visible(&c.to_string()), u32::from(c)))
        .unwrap_or_default();
    let file = format!("mappings/scripts/{}.csv", table.id());
    let (message, suggestion) = match fault.code {
        Code::T301 => (format!("no mapping for {sign} in {}.", table.id()), add_row(fault, &file)),
        Code::T302 => {
            ("letters of several scripts that look alike.".to_owned(), both_readings(marking, looks))
        }
        Code::T303 => (format!("the symbol {sign} has no name in {}.", table.id()), name_it(fault)),
        Code::T304 => (
            format!("the numeral that begins with {sign} has no value, or several."),
            "Write the number in decimal digits, as the weapon or the paper ledger has it.".to_owned(),
        ),
        Code::T312 => (
            format!("the letter name that begins with {sign} can mean several Latin letters."),
            "Write the Latin letters that are marked on the weapon in the place of their names.".to_owned(),
        ),
        Code::T305 => (format!("{sign} stands for a character that was lost."), LOST.to_owned()),
        Code::T306 => ("nothing is left after conversion.".to_owned(), LOOK_AT_PAPER.to_owned()),
        Code::T310 => (
            format!("{sign} is marked for review in {}: no standard gives it a value.", table.id()),
            decide(fault, &file),
        ),
        _ => (
            "this is hardly a serial: all zeros, longer than 32 characters, or a phrase.".to_owned(),
            LOOK_AT_PAPER.to_owned(),
        ),
    };
    Finding::new(fault.code, message)
        .at(Some(marking.field), marking.column, &marking.text)
        .suggest(suggestion)
}

/// The finding where the languages that remain possible convert a marking differently.
pub(crate) fn undetermined(tables: &[Arc<Transliterator>], marking: &WrittenMarking) -> Finding {
    let mut conversion = Conversion::default();
    let readings: Vec<String> = tables
        .iter()
        .map(|table| {
            table.convert(&marking.text, Field::Serial, &mut conversion);
            let result = conversion.result().map_or_else(|code| format!("refused, {code}"), str::to_owned);
            format!("{} = {result}", table.table().language())
        })
        .collect();
    let languages = tables.iter().map(|table| table.table().language()).collect::<Vec<_>>().join(", ");
    Finding::new(
        Code::T311,
        format!("the language of the ledger is not known, and {languages} convert this serial differently."),
    )
    .at(Some(marking.field), marking.column, &marking.text)
    .suggest(format!(
        "Write `[ledger]` and `language = \"…\"` into ledger.toml beside the file: {}.",
        readings.join("; ")
    ))
}

const LOST: &str = "Look at the paper ledger and type the character again.";
const LOOK_AT_PAPER: &str = "Look at the paper ledger; correct the cell, or write why there is no serial.";

fn add_row(fault: &Fault, file: &str) -> String {
    let Some(character) = fault.character else { return String::new() };
    let hint = deunicode::deunicode_char(character)
        .map(str::to_ascii_uppercase)
        .filter(|hint| !hint.is_empty() && hint.bytes().all(|b| b.is_ascii_alphanumeric()))
        .map(|hint| format!(" Unverified: `{hint}`."))
        .unwrap_or_default();
    let script = script_of(character);
    format!(
        "Add a row `map,{character},…` to {file} or to [mapping] in ledger.toml, if its script ({script}) is right.{hint}"
    )
}

fn name_it(fault: &Fault) -> String {
    let sign = fault.character.map(String::from).unwrap_or_default();
    format!(
        "If it is a mark, name it: `\"{sign}\" = \"NAME series_mark\"` under [symbols] in ledger.toml, or a row \
         `symbol,{sign},NAME,series_mark,,` in mappings/symbols/; if it was typed by mistake, correct the ledger."
    )
}

fn decide(fault: &Fault, file: &str) -> String {
    let character = fault.character.map(String::from).unwrap_or_default();
    format!(
        "Decide its value: write `\"{character}\" = \"…\"` under [mapping] in ledger.toml, or override the row of {file}."
    )
}

fn both_readings(marking: &WrittenMarking, looks: &LookAlikes) -> String {
    let reading = |policy, name: &str| {
        let folded = looks.fold(&marking.text, policy)?;
        let script = script_of_serial(&canonical_serial(&folded));
        Some(format!("`mixed = \"{name}\"` reads {} with {script} letters only", proposed(&folded)))
    };
    let readings =
        [reading(Mixed::FoldToLatin, "fold-to-latin"), reading(Mixed::FoldToNative, "fold-to-native")];
    let readings: Vec<String> = readings.into_iter().flatten().collect();
    if readings.is_empty() {
        return "No single script has letters that look like all of these: look at the paper ledger."
            .to_owned();
    }
    format!("Look at the weapon or the paper; for a whole ledger, in ledger.toml: {}.", readings.join("; "))
}
