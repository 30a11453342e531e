//! Why two entries are listed, in words.

use matricule_record::{Conflict, EntryFacts, is_personal_column, message};

use super::ordered;
use crate::compare::same_page;
use crate::contradiction::IMPLAUSIBLE_CALIBRE;
use crate::register::Weights;

/// What is said of a pair that is proposed.
pub(super) fn proposed(a: &EntryFacts, b: &EntryFacts, words: &str) -> String {
    let (a, b) = ordered(a, b);
    let serial =
        |entry: &EntryFacts| if entry.has_serial() { entry.canonical.to_string() } else { "-".to_owned() };
    message!("pair-proposed", one = serial(a), other = serial(b), words = words)
}

/// What keeps two entries of one identity apart.
pub(super) fn apart_because(
    a: &EntryFacts,
    b: &EntryFacts,
    conflicts: &[Conflict],
    doubt: Option<&'static str>,
) -> Vec<String> {
    let mut reasons = differences(conflicts);
    if same_page(a, b) {
        reasons.push(message!("pair-one-page").to_owned());
    }
    if a.doubtful || b.doubtful {
        reasons.push(message!("pair-doubtful").to_owned());
    }
    reasons.extend(doubt.map(str::to_owned));
    if reasons.is_empty() {
        reasons.push(message!("pair-several").to_owned());
    }
    reasons
}

/// What two entries contradict each other in.
pub(super) fn differences(conflicts: &[Conflict]) -> Vec<String> {
    // Reasons are read in every report, and so name no person.
    let differs = |c: &Conflict| {
        if is_personal_column(c.field) {
            return message!("pair-differs-masked", field = c.field);
        }
        if c.kind == IMPLAUSIBLE_CALIBRE {
            let calibre = if c.value_a.is_empty() { &c.value_b } else { &c.value_a };
            return message!("pair-unlikely-calibre", calibre = calibre);
        }
        if c.field == "status" && c.value_a == c.value_b {
            return message!("pair-twice", value = c.value_a);
        }
        message!("pair-differs", field = c.field, one = c.value_a, other = c.value_b)
    };
    conflicts.iter().map(differs).collect()
}

/// Every part of the odds of two entries, under a heading. Values are told as they are loaded; personal data are compared
/// and not told.
pub(crate) fn told(weights: &Weights<'_>, a: &EntryFacts, b: &EntryFacts) -> Vec<String> {
    let (a, b) = ordered(a, b);
    let Some(mut explanation) = weights.explain(a.id, b.id) else { return Vec::new() };
    for part in &mut explanation.evidence {
        let is_told = !is_personal_column(&part.field);
        part.values =
            if is_told { [a, b].map(|entry| stated_as(entry, &part.field)) } else { Default::default() };
    }
    let heading = message!("odds-in-bits", rival = explanation.rival);
    std::iter::once(heading).chain(explanation.lines()).collect()
}

/// What an entry says in a field of the comparison, as it is loaded; nothing where no value is told.
fn stated_as(entry: &EntryFacts, field: &str) -> String {
    let value = match field {
        "serial" => &entry.canonical,
        "make" => &entry.make,
        "model" => &entry.model,
        "type" => &entry.weapon_type,
        "calibre" => &entry.calibre,
        "year" => &entry.year,
        "date" => &entry.registered_on,
        "status" => &entry.status,
        "country" => &entry.country,
        _ => return String::new(),
    };
    value.to_string()
}
