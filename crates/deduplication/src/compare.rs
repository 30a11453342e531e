//! How two entries stand to each other.

use matricule_record::{Conflict, EntryFacts, ProposalKind, Text};
use matricule_text::{canonical_serial, confusion_key, fold, identity_key, is_separator};

use crate::keys::{known, without_label, without_zeros};

/// Rows of a sheet that stand this close are taken for one page where the ledger names no pages.
const PAGE_ROWS: u32 = 40;

/// Whether a clerk wrote both on one page, and so counted two weapons. Where a page is not named,
/// rows that stand close are taken for one. One line of one page that was keyed twice counts one, where both rows
/// say that it is one line and give it no two dates.
pub(crate) fn same_page(a: &EntryFacts, b: &EntryFacts) -> bool {
    if (&a.file, &a.sheet) != (&b.file, &b.sheet) {
        return false;
    }
    if a.page.is_empty() || b.page.is_empty() {
        return a.row.abs_diff(b.row) < PAGE_ROWS;
    }
    let one_line = !a.line.is_empty()
        && a.line == b.line
        && !values_differ(&a.registered_on, &b.registered_on)
        && !values_differ(&a.status_date, &b.status_date);
    (&a.book, &a.page) == (&b.book, &b.page) && !one_line
}

/// The fields in which two entries of one identity contradict each other: both known and not equal.
/// Being destroyed contradicts every other status; being deactivated every status of a weapon in use.
pub(crate) fn contradictions(a: &EntryFacts, b: &EntryFacts) -> Vec<Conflict> {
    let fates_differ = fate(a).zip(fate(b)).is_some_and(|(x, y)| x != y);
    let fields = [
        ("model", &a.model, &b.model, names_differ(&a.model, &b.model)),
        ("type", &a.weapon_type, &b.weapon_type, values_differ(&a.weapon_type, &b.weapon_type)),
        ("calibre", &a.calibre, &b.calibre, values_differ(&a.calibre, &b.calibre)),
        ("year_of_manufacture", &a.year, &b.year, values_differ(&a.year, &b.year)),
        ("holder", &a.holder, &b.holder, names_differ(&a.holder, &b.holder)),
        ("status", &a.status, &b.status, fates_differ),
    ];
    let differing: Vec<_> = fields.into_iter().filter(|(.., differ)| *differ).collect();
    let alone = differing.len() == 1;
    let conflict = |(field, x, y, _): (&'static str, &Text, &Text, bool)| Conflict {
        entry_a: a.id,
        entry_b: b.id,
        field,
        value_a: x.clone(),
        value_b: y.clone(),
        kind: conflict_kind(field, alone, a, b),
        state: "open",
    };
    differing.into_iter().map(conflict).collect()
}

/// The kind of a contradiction between what is written and what its model says.
pub(crate) const IMPLAUSIBLE_CALIBRE: &str = "implausible_calibre";

/// A calibre that the model of its entry hardly ever has, where the other entry names none.
pub(crate) fn implausible_calibre(a: &EntryFacts, b: &EntryFacts) -> Conflict {
    Conflict {
        entry_a: a.id,
        entry_b: b.id,
        field: "calibre",
        value_a: a.calibre.clone(),
        value_b: b.calibre.clone(),
        kind: IMPLAUSIBLE_CALIBRE,
        state: "open",
    }
}

/// What a contradiction may mean.
fn conflict_kind(field: &str, alone: bool, a: &EntryFacts, b: &EntryFacts) -> &'static str {
    let dates = known(date_of(a)).zip(known(date_of(b))).filter(|(x, y)| x != y);
    match (field, dates) {
        ("holder", Some(_)) if alone => "transfer_candidate",
        ("holder", _) => "two_holders",
        ("status", Some((x, y))) => ended(a, b, Some((fate(a) > fate(b)) == (x > y))),
        ("status", None) => ended(a, b, None),
        _ => "contradiction",
    }
}

/// What became of a weapon.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    InUse,
    Deactivated,
    Destroyed,
}

fn fate(entry: &EntryFacts) -> Option<Fate> {
    Some(match known(&entry.status)? {
        "destroyed" => Fate::Destroyed,
        "deactivated" => Fate::Deactivated,
        _ => Fate::InUse,
    })
}

/// The kind of a contradiction about what became of a weapon: whether the end is the later statement, where that is known.
fn ended(a: &EntryFacts, b: &EntryFacts, later: Option<bool>) -> &'static str {
    match (fate(a).max(fate(b)), later) {
        (Some(Fate::Destroyed), Some(true)) => "destroyed_later",
        (Some(Fate::Destroyed), Some(false)) => "seen_after_destruction",
        (Some(Fate::Destroyed), None) => "destroyed_and_in_use",
        (_, Some(true)) => "deactivated_later",
        (_, Some(false)) => "seen_after_deactivation",
        (_, None) => "deactivated_and_in_use",
    }
}

/// When an entry's statement was made: the date of its status, or of its registration.
fn date_of(entry: &EntryFacts) -> &str {
    if entry.status_date.is_empty() { &entry.registered_on } else { &entry.status_date }
}

/// Values of a vocabulary or in normal form: they differ where they are not the same.
fn values_differ(a: &str, b: &str) -> bool {
    known(a).zip(known(b)).is_some_and(|(a, b)| a != b)
}

/// Names, which clerks write with more or fewer points and capitals.
fn names_differ(a: &str, b: &str) -> bool {
    known(a).zip(known(b)).is_some_and(|(a, b)| a != b && identity_key(a) != identity_key(b))
}

/// Whether marks or components tell two entries apart, whatever else they say.
pub(crate) fn marked_apart(a: &EntryFacts, b: &EntryFacts) -> bool {
    canonical_serial(&a.series_mark) != canonical_serial(&b.series_mark)
        || identity_key(&a.component) != identity_key(&b.component)
}

/// Whether two entries name two makers.
pub(crate) fn makes_differ(a: &EntryFacts, b: &EntryFacts) -> bool {
    names_differ(&a.make, &b.make)
}

/// Whether two entries stand in two registers.
pub(crate) fn other_register(a: &EntryFacts, b: &EntryFacts) -> bool {
    fold(&a.register) != fold(&b.register)
}

/// Why two entries of different identity may describe one weapon; `None` where they do not.
pub(crate) fn likeness(a: &EntryFacts, b: &EntryFacts) -> Option<ProposalKind> {
    let apart = names_differ(&a.make, &b.make)
        || values_differ(&a.country, &b.country)
        || marked_apart(a, b)
        || values_differ(&a.weapon_type, &b.weapon_type)
        || values_differ(&a.calibre, &b.calibre);
    if apart { None } else { serial_likeness(a, b) }
}

fn serial_likeness(a: &EntryFacts, b: &EntryFacts) -> Option<ProposalKind> {
    let one_script = a.script == b.script;
    if one_script && a.canonical == b.canonical {
        return Some(if other_register(a, b) {
            ProposalKind::OtherRegister
        } else {
            ProposalKind::Incomplete
        });
    }
    if one_script && bare(&a.canonical) == bare(&b.canonical) {
        return Some(ProposalKind::Separators);
    }
    if a.converted == b.converted {
        return Some(collision(a, b));
    }
    if one_script && without_zeros(&a.converted) == without_zeros(&b.converted) {
        return Some(ProposalKind::LeadingZeros);
    }
    if readings(a).any(|reading| readings(b).any(|other| other == reading)) {
        return Some(ProposalKind::OtherReading);
    }
    let labelled = |a: &EntryFacts, b: &EntryFacts| without_label(&a.converted) == Some(b.converted.as_str());
    if labelled(a, b) || labelled(b, a) {
        return Some(ProposalKind::Label);
    }
    let is_confusable = one_script && confusion_key(&a.converted) == confusion_key(&b.converted);
    is_confusable.then_some(ProposalKind::Confusable)
}

fn bare(serial: &str) -> String {
    serial.chars().filter(|&c| !is_separator(c)).collect()
}

/// The serial of an entry in every reading.
fn readings(entry: &EntryFacts) -> impl Iterator<Item = &Text> {
    [Some(&entry.converted), entry.other_reading.as_ref(), entry.plain_key.as_ref()].into_iter().flatten()
}

/// Whether two originals have one converted serial.
pub(crate) fn is_collision(a: &EntryFacts, b: &EntryFacts) -> bool {
    a.has_serial()
        && a.converted == b.converted
        && (a.script != b.script || bare(&a.canonical) != bare(&b.canonical))
}

/// Why two originals have one converted serial.
fn collision(a: &EntryFacts, b: &EntryFacts) -> ProposalKind {
    let length = |entry: &EntryFacts| bare(&entry.canonical).chars().count();
    if a.script != b.script {
        ProposalKind::CrossScript
    } else if length(a) == length(b) {
        ProposalKind::MergeGroup
    } else {
        ProposalKind::Digraph
    }
}
