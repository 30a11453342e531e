//! Where two entries exclude each other, and what that may mean.

use matricule_record::{Conflict, EntryFacts, Text};

use crate::agreement::{
    calibres_differ, holders_differ, is_before, names_differ, spans_differ, values_differ,
};
use crate::keys::known;

/// The fields in which two entries of one identity contradict each other: both known, and not the same.
/// Being destroyed contradicts every other status, and being destroyed on another day; so does being deactivated
/// every status of a weapon in use. Of a weapon that is stolen and one that is in service only the
/// days say that it was first the one, then the other.
pub(crate) fn contradictions(a: &EntryFacts, b: &EntryFacts) -> Vec<Conflict> {
    let fields = [
        ("model", &a.model, &b.model, names_differ(model(a), model(b))),
        ("type", &a.weapon_type, &b.weapon_type, values_differ(&a.weapon_type, &b.weapon_type)),
        ("calibre", &a.calibre, &b.calibre, calibres_differ(&a.calibre, &b.calibre)),
        ("year_of_manufacture", &a.year, &b.year, spans_differ(&a.year, &b.year)),
        ("holder", &a.holder, &b.holder, holders_differ(holder(a), holder(b))),
        ("status", &a.status, &b.status, ended(a, b).is_some()),
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

fn model(entry: &EntryFacts) -> (&Text, Option<&Text>) {
    (&entry.model, entry.latin.model.as_ref())
}

fn holder(entry: &EntryFacts) -> (&Text, Option<&Text>) {
    (&entry.holder, entry.latin.holder.as_ref())
}

/// The kind of a contradiction between what is written and what its model says.
pub(crate) const IMPLAUSIBLE_CALIBRE: &str = "implausible_calibre";

/// The kind of a contradiction that only another holder at another time makes.
pub(crate) const TRANSFER_CANDIDATE: &str = "transfer_candidate";

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
    match field {
        "holder" if alone && first(date_of(a), date_of(b)).is_some() => TRANSFER_CANDIDATE,
        "holder" => "two_holders",
        "status" => ended(a, b).unwrap_or("contradiction"),
        _ => "contradiction",
    }
}

/// What became of a weapon.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Held,
    /// Out of the hands of whoever held it.
    Gone,
    Deactivated,
    Destroyed,
}

fn fate(entry: &EntryFacts) -> Option<Fate> {
    Some(match known(&entry.status)? {
        "destroyed" => Fate::Destroyed,
        "deactivated" => Fate::Deactivated,
        "stolen" | "lost" | "seized" | "exported" | "temporarily exported" => Fate::Gone,
        _ => Fate::Held,
    })
}

/// The kind of a contradiction about what became of a weapon, where it is one: whether the end is the later statement,
/// where that is known.
fn ended(a: &EntryFacts, b: &EntryFacts) -> Option<&'static str> {
    let (x, y) = fate(a).zip(fate(b))?;
    if x == y {
        let twice = spans_differ(&a.status_date, &b.status_date);
        return match x {
            Fate::Destroyed if twice => Some("destroyed_twice"),
            Fate::Deactivated if twice => Some("deactivated_twice"),
            _ => None,
        };
    }
    let later = first(day_of_fate(a, x), day_of_fate(b, y)).map(|is_a_first| (x < y) == is_a_first);
    match (x.max(y), later) {
        (Fate::Destroyed, Some(true)) => Some("destroyed_later"),
        (Fate::Destroyed, Some(false)) => Some("seen_after_destruction"),
        (Fate::Destroyed, None) => Some("destroyed_and_in_use"),
        (Fate::Deactivated, Some(true)) => Some("deactivated_later"),
        (Fate::Deactivated, Some(false)) => Some("seen_after_deactivation"),
        (Fate::Deactivated, None) => Some("deactivated_and_in_use"),
        (_, Some(_)) => None,
        (_, None) => Some("gone_and_in_use"),
    }
}

/// Whether the first of two days is before the other one, where they say it.
fn first(a: &str, b: &str) -> Option<bool> {
    let (x, y) = known(a).zip(known(b))?;
    (is_before(x, y) || is_before(y, x)).then(|| is_before(x, y))
}

/// When an entry's statement was made: the date of its status, or of its registration.
fn date_of(entry: &EntryFacts) -> &str {
    if entry.status_date.is_empty() { &entry.registered_on } else { &entry.status_date }
}

/// When a weapon came to its fate. The day on which one was registered is not that on which it was stolen or lost.
fn day_of_fate(entry: &EntryFacts, fate: Fate) -> &str {
    if fate == Fate::Gone { &entry.status_date } else { date_of(entry) }
}
