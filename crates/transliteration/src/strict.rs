//! What a strict table has to satisfy beyond any other: nothing merged and nothing that can be read
//! in two ways, unless a waive row says so.

use matricule_mapping::{Error, RowKind, TableRow};
use matricule_record::Code;

use crate::compile::at;
use crate::convert::Transliterator;

/// The merges and the shortest ambiguity that no row waives, each as a fault.
pub(crate) fn faults(table: &Transliterator) -> Vec<Error> {
    let waived: Vec<Vec<&str>> =
        table.waive_rows().map(|row| row.from.split('=').map(str::trim).collect()).collect();
    let is_waived = |letters: &[String]| {
        waived.iter().any(|group| letters.iter().all(|letter| group.contains(&letter.as_str())))
    };
    let (merged, ambiguity) = table.strict_proof();
    let merged = merged.iter().filter(|(_, letters)| !is_waived(letters));
    let mut faults: Vec<Error> = merged
        .map(|(output, letters)| {
            let group = letters.join("=");
            let message = format!(
                "{group} all become `{output}`, which a strict table must not do; give them outputs of their own, \
                 or add `waive,{group},,,<who decided and when>,<why>`"
            );
            fault(table, letters, message)
        })
        .collect();
    faults.extend(lost_letters(table));
    faults.extend(ambiguity.map(|found| {
        let (one, other) = (found.one.join("+"), found.other.join("+"));
        let message = format!(
            "`{}` is {one} or {other}, so that a conversion cannot be read back; let no output begin another, \
             for example by an X before it",
            found.text
        );
        fault(table, &[found.one, found.other].concat(), message)
    }));
    faults
}

/// Letters that disappear, and outputs with digits, which the serial's own digits could be.
fn lost_letters(table: &Transliterator) -> Vec<Error> {
    let alphabet = table.table().meta("alphabet");
    let fault = |row: &TableRow| {
        let message = if row.kind == RowKind::Drop {
            format!("`{}` disappears, so that a conversion cannot be read back; give it an output", row.from)
        } else {
            format!("the digit in `{}` could be the serial's own; write letters only", row.to)
        };
        at(row, Code::M507, message)
    };
    let is_lost = |row: &&TableRow| match row.kind {
        RowKind::Drop => row.from.chars().any(|letter| alphabet.contains(letter)),
        RowKind::Map => {
            row.to.bytes().any(|b| b.is_ascii_digit()) && row.from.chars().any(|c| alphabet.contains(c))
        }
        _ => false,
    };
    table.rows_in_force().filter(is_lost).map(fault).collect()
}

/// A fault at the row of one of its letters: the one of the highest layer, which was changed last.
fn fault(table: &Transliterator, letters: &[String], message: String) -> Error {
    let is_about =
        |row: &&TableRow| row.kind == RowKind::Map && letters.iter().any(|letter| row.from == *letter);
    let rows = table.table().rows.iter().map(AsRef::as_ref);
    match rows.filter(is_about).max_by_key(|row| row.layer) {
        Some(row) => at(row, Code::M507, message),
        None => Error::new(Code::M507, &format!("mappings/scripts/{}.csv", table.id()), 0, message),
    }
}
