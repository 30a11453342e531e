//! How two entries stand to each other.

use matricule_record::{Conflict, EntryFacts, ProposalKind, Text};
use matricule_text::{fold, is_separator};

use crate::keys::{confusable, known, without_zeros};

/// Rows of a sheet that stand this close are taken for one page where the ledger names no pages.
const PAGE_ROWS: u32 = 40;

/// Whether a clerk wrote both on one page, and so counted two weapons.
pub(crate) fn same_page(a: &EntryFacts, b: &EntryFacts) -> bool {
    if (&a.file, &a.sheet) != (&b.file, &b.sheet) {
        return false;
    }
    if a.page.is_empty() && b.page.is_empty() {
        return a.row.abs_diff(b.row) < PAGE_ROWS;
    }
    (&a.book, &a.page) == (&b.book, &b.page)
}

/// The fields in which two entries of one identity contradict each other: both known and not equal.
pub(crate) fn contradictions(a: &EntryFacts, b: &EntryFacts) -> Vec<Conflict> {
    let fields: [(&'static str, &Text, &Text); 4] = [
        ("model", &a.model, &b.model),
        ("type", &a.weapon_type, &b.weapon_type),
        ("calibre", &a.calibre, &b.calibre),
        ("year_of_manufacture", &a.year, &b.year),
    ];
    let differ = |(_, x, y): &(&str, &Text, &Text)| differs(x, y);
    fields
        .into_iter()
        .filter(differ)
        .map(|(field, x, y)| Conflict {
            entry_a: a.id,
            entry_b: b.id,
            field,
            value_a: x.clone(),
            value_b: y.clone(),
        })
        .collect()
}

fn differs(a: &str, b: &str) -> bool {
    known(a).zip(known(b)).is_some_and(|(a, b)| a != b && (fold(a) != fold(b) || fold(a).is_empty()))
}

/// Why two entries of different identity may describe one weapon; `None` where they do not.
pub(crate) fn likeness(a: &EntryFacts, b: &EntryFacts) -> Option<ProposalKind> {
    let apart = differs(&a.make, &b.make)
        || differs(&a.country, &b.country)
        || fold(&a.series_mark) != fold(&b.series_mark)
        || differs(&a.weapon_type, &b.weapon_type)
        || differs(&a.calibre, &b.calibre);
    if apart { None } else { serial_likeness(a, b) }
}

fn serial_likeness(a: &EntryFacts, b: &EntryFacts) -> Option<ProposalKind> {
    let bare = |serial: &str| serial.chars().filter(|&c| !is_separator(c)).collect::<String>();
    let one_script = a.script == b.script;
    if one_script && a.canonical == b.canonical {
        let other_register = fold(&a.register) != fold(&b.register);
        return Some(if other_register { ProposalKind::OtherRegister } else { ProposalKind::Incomplete });
    }
    if one_script && bare(&a.canonical) == bare(&b.canonical) {
        return Some(ProposalKind::Separators);
    }
    if one_script && without_zeros(&a.converted) == without_zeros(&b.converted) {
        return Some(ProposalKind::LeadingZeros);
    }
    let readings = |entry: &EntryFacts| [Some(entry.converted.clone()), entry.other_reading.clone()];
    if readings(a).iter().flatten().any(|reading| readings(b).iter().flatten().any(|other| other == reading))
    {
        return Some(ProposalKind::OtherReading);
    }
    let is_confusable = one_script && confusable(&a.converted) == confusable(&b.converted);
    is_confusable.then_some(ProposalKind::Confusable)
}
