//! A refused serial in words: what is wrong, and the row or the line that repairs it.

use std::sync::Arc;

use matricule_record::{Code, Field, Finding, Mixed, WrittenMarking, message, proposed};
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
        Code::T301 => (message!("t301-no-mapping", sign = sign, table = table.id()), add_row(fault, &file)),
        Code::T302 => (message!("t302-mixed").to_owned(), both_readings(marking, looks)),
        Code::T303 => (message!("t303-no-name", sign = sign, table = table.id()), name_it(fault)),
        Code::T304 => (message!("t304-numeral", sign = sign), message!("t304-repair").to_owned()),
        Code::T312 => (message!("t312-letter-name", sign = sign), message!("t312-repair").to_owned()),
        Code::T305 => (message!("t305-lost", sign = sign), message!("t305-repair").to_owned()),
        Code::T306 => (message!("t306-nothing").to_owned(), message!("repair-look-at-paper").to_owned()),
        Code::T310 => (message!("t310-review", sign = sign, table = table.id()), decide(fault, &file)),
        _ => (message!("t309-hardly").to_owned(), message!("repair-look-at-paper").to_owned()),
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
            let result =
                conversion.result().map_or_else(|code| message!("t311-refused", code = code), str::to_owned);
            format!("{} = {result}", table.table().language())
        })
        .collect();
    let languages = tables.iter().map(|table| table.table().language()).collect::<Vec<_>>().join(", ");
    Finding::new(Code::T311, message!("t311-undetermined", languages = languages))
        .at(Some(marking.field), marking.column, &marking.text)
        .suggest(message!("t311-repair", readings = readings.join("; ")))
}

fn add_row(fault: &Fault, file: &str) -> String {
    let Some(character) = fault.character else { return String::new() };
    let hint = deunicode::deunicode_char(character)
        .map(str::to_ascii_uppercase)
        .filter(|hint| !hint.is_empty() && hint.bytes().all(|b| b.is_ascii_alphanumeric()))
        .map(|hint| format!(" {}", message!("t301-unverified", hint = hint)))
        .unwrap_or_default();
    let script = script_of(character);
    let repair = message!("t301-repair", character = character, file = file, script = script);
    repair + &hint
}

fn name_it(fault: &Fault) -> String {
    let sign = fault.character.map(String::from).unwrap_or_default();
    message!("t303-repair", sign = sign)
}

fn decide(fault: &Fault, file: &str) -> String {
    let character = fault.character.map(String::from).unwrap_or_default();
    message!("t310-repair", character = character, file = file)
}

fn both_readings(marking: &WrittenMarking, looks: &LookAlikes) -> String {
    let reading = |policy, name: &str| {
        let folded = looks.fold(&marking.text, policy)?;
        let script = script_of_serial(&canonical_serial(&folded));
        Some(message!("t302-reading", name = name, serial = proposed(&folded), script = script))
    };
    let readings =
        [reading(Mixed::FoldToLatin, "fold-to-latin"), reading(Mixed::FoldToNative, "fold-to-native")];
    let readings: Vec<String> = readings.into_iter().flatten().collect();
    if readings.is_empty() {
        return message!("t302-no-reading").to_owned();
    }
    message!("t302-repair", readings = readings.join("; "))
}
