//! How two entries stand to each other.

use matricule_record::{Conflict, EntryFacts, ProposalKind, Text};
use matricule_text::{canonical_serial, confusion_key, fold, identity_key, is_separator};

use crate::keys::{known, without_zeros};

/// Rows of a sheet that stand this close are taken for one page where the ledger names no pages.
const PAGE_ROWS: u32 = 40;

/// Whether a clerk wrote both on one page, and so counted two weapons. Where a page is not named,
/// rows that stand close are taken for one.
pub(crate) fn same_page(a: &EntryFacts, b: &EntryFacts) -> bool {
    if (&a.file, &a.sheet) != (&b.file, &b.sheet) {
        return false;
    }
    if a.page.is_empty() || b.page.is_empty() {
        return a.row.abs_diff(b.row) < PAGE_ROWS;
    }
    (&a.book, &a.page) == (&b.book, &b.page)
}

/// The fields in which two entries of one identity contradict each other: both known and not equal.
/// Being destroyed contradicts every other status.
pub(crate) fn contradictions(a: &EntryFacts, b: &EntryFacts) -> Vec<Conflict> {
    let is_destroyed = |entry: &EntryFacts| entry.status == "destroyed";
    let fates_differ = !a.status.is_empty() && !b.status.is_empty() && is_destroyed(a) != is_destroyed(b);
    let fields = [
        ("model", &a.model, &b.model, names_differ(&a.model, &b.model)),
        ("type", &a.weapon_type, &b.weapon_type, values_differ(&a.weapon_type, &b.weapon_type)),
        ("calibre", &a.calibre, &b.calibre, values_differ(&a.calibre, &b.calibre)),
        ("year_of_manufacture", &a.year, &b.year, values_differ(&a.year, &b.year)),
        ("holder", &a.holder, &b.holder, names_differ(&a.holder, &b.holder)),
        ("status", &a.status, &b.status, fates_differ),
    ];
    let conflict = |(field, x, y, _): (&'static str, &Text, &Text, bool)| Conflict {
        entry_a: a.id,
        entry_b: b.id,
        field,
        value_a: x.clone(),
        value_b: y.clone(),
    };
    fields.into_iter().filter(|(.., differ)| *differ).map(conflict).collect()
}

/// Values of a vocabulary or in normal form: they differ where they are not the same.
fn values_differ(a: &str, b: &str) -> bool {
    known(a).zip(known(b)).is_some_and(|(a, b)| a != b)
}

/// Names, which clerks write with more or fewer points and capitals.
fn names_differ(a: &str, b: &str) -> bool {
    known(a).zip(known(b)).is_some_and(|(a, b)| a != b && identity_key(a) != identity_key(b))
}

/// Why two entries of different identity may describe one weapon; `None` where they do not.
pub(crate) fn likeness(a: &EntryFacts, b: &EntryFacts) -> Option<ProposalKind> {
    let apart = names_differ(&a.make, &b.make)
        || values_differ(&a.country, &b.country)
        || canonical_serial(&a.series_mark) != canonical_serial(&b.series_mark)
        || identity_key(&a.component) != identity_key(&b.component)
        || values_differ(&a.weapon_type, &b.weapon_type)
        || values_differ(&a.calibre, &b.calibre);
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
    if a.converted != b.converted && one_script && without_zeros(&a.converted) == without_zeros(&b.converted)
    {
        return Some(ProposalKind::LeadingZeros);
    }
    let readings = |entry: &EntryFacts| {
        [Some(entry.converted.clone()), entry.other_reading.clone(), entry.plain_key.clone()]
    };
    if readings(a).iter().flatten().any(|reading| readings(b).iter().flatten().any(|other| other == reading))
    {
        return Some(ProposalKind::OtherReading);
    }
    let is_confusable = one_script && confusion_key(&a.converted) == confusion_key(&b.converted);
    is_confusable.then_some(ProposalKind::Confusable)
}
