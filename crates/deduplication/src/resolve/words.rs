//! Why two entries are listed, in words.

use matricule_record::{Conflict, EntryFacts, is_personal_column};

use super::ordered;
use crate::compare::{IMPLAUSIBLE_CALIBRE, same_page};

pub(super) const EXACT: &str = "serial, script, make, country and mark are equal; nothing contradicts";
pub(super) const HELD_APART: &str =
    "serial, script, make, country and mark are equal, but a decision on another pair keeps them apart";
pub(super) const COMMON: &str = "the serials are equal, but such serials are common: that proves little";
pub(super) const SIBLING: &str = "the serials are equal, but stand amid those of a consignment: a copy of another \
     of its weapons may have been miskeyed to this serial";
pub(super) const MERGED_BY_ODDS: &str = "merged by its odds, as merge_at_bits of both ledgers allows";

/// What is said of a pair that is proposed.
pub(super) fn proposed(a: &EntryFacts, b: &EntryFacts, words: &str) -> String {
    let (a, b) = ordered(a, b);
    let serial =
        |entry: &EntryFacts| if entry.has_serial() { entry.canonical.to_string() } else { "-".to_owned() };
    format!("{} and {}: {words}", serial(a), serial(b))
}

/// What keeps two entries of one identity apart.
pub(super) fn apart_because(
    a: &EntryFacts,
    b: &EntryFacts,
    conflicts: &[Conflict],
    doubt: Option<&'static str>,
) -> Vec<String> {
    // Reasons are read in every report, and so name no person.
    let differs = |c: &Conflict| {
        if is_personal_column(c.field) {
            return format!("{} is not the same in both", c.field);
        }
        if c.kind == IMPLAUSIBLE_CALIBRE {
            let calibre = if c.value_a.is_empty() { &c.value_b } else { &c.value_a };
            return format!(
                "{calibre} is hardly ever the calibre of that model here, and the other entry names none"
            );
        }
        format!("{} is {} in one and {} in the other", c.field, c.value_a, c.value_b)
    };
    let mut reasons: Vec<String> = conflicts.iter().map(differs).collect();
    if same_page(a, b) {
        reasons.push("both stand on one page, where a clerk counted two".to_owned());
    }
    if a.doubtful || b.doubtful {
        reasons.push("one of them was read with less confidence than its ledger asks for".to_owned());
    }
    reasons.extend(doubt.map(str::to_owned));
    if reasons.is_empty() {
        reasons.push("one of them fits several weapons that contradict each other".to_owned());
    }
    reasons
}
