//! Which entry of a weapon states each of its fields.

use std::cmp::Ordering;

use matricule_record::{EntryFacts, EntryId, StatedBy, Survivorship, WEAPON_FIELDS};

use crate::keys::known;

/// The entries that state a weapon, field by field: of those that say something the one that the criteria
/// prefer, and the first by address where they leave it open.
pub(crate) fn stated(weapon: EntryId, entries: &[&EntryFacts]) -> StatedBy {
    let criteria = criteria(entries);
    let mut order = entries.to_vec();
    order.sort_by(|a, b| preferred(&criteria, a, b).then_with(|| a.address().cmp(&b.address())));
    let states = |field: &str| order.iter().find(|entry| says(entry, field)).map(|entry| entry.id);
    StatedBy { weapon, from: WEAPON_FIELDS.map(states) }
}

/// The criteria of the ledger that is trusted most, of those that declare some.
fn criteria(entries: &[&EntryFacts]) -> Vec<Survivorship> {
    let declared = entries.iter().filter(|entry| !entry.rules.survivorship.is_empty());
    let first = declared.min_by_key(|entry| (-i128::from(entry.rules.source_rank), entry.address()));
    first.map_or_else(|| Survivorship::SHIPPED.to_vec(), |entry| entry.rules.survivorship.clone())
}

/// Less is preferred.
fn preferred(criteria: &[Survivorship], a: &EntryFacts, b: &EntryFacts) -> Ordering {
    let by = |criterion: &Survivorship| match criterion {
        Survivorship::SourceRank => b.rules.source_rank.cmp(&a.rules.source_rank),
        Survivorship::Recency => last_date(b).cmp(last_date(a)),
        Survivorship::Completeness => b.completeness.total_cmp(&a.completeness),
    };
    criteria.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// The later of an entry's dates; dates are ISO 8601, so that their texts are in order.
fn last_date(entry: &EntryFacts) -> &str {
    entry.status_date.as_str().max(entry.registered_on.as_str())
}

fn says(entry: &EntryFacts, field: &str) -> bool {
    let value = match field {
        "serial" => return entry.has_serial(),
        "make" => &entry.make,
        "model" => &entry.model,
        "type" => &entry.weapon_type,
        "calibre" => &entry.calibre,
        "country_of_manufacture" => &entry.country,
        "year_of_manufacture" => &entry.year,
        "series_mark" => &entry.series_mark,
        "register" => &entry.register,
        "holder" => &entry.holder,
        _ => &entry.status,
    };
    known(value).is_some()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use matricule_record::DuplicateRules;

    use super::*;

    /// An entry: number, model, holder, registered on, source rank, completeness.
    fn entry(id: EntryId, model: &str, holder: &str, date: &str, rank: i64, complete: f64) -> EntryFacts {
        EntryFacts {
            id,
            file: format!("{id}.csv").into(),
            model: model.into(),
            holder: holder.into(),
            registered_on: date.into(),
            completeness: complete,
            rules: Arc::new(DuplicateRules { source_rank: rank, ..DuplicateRules::default() }),
            ..EntryFacts::default()
        }
    }

    /// The entries that state model and holder.
    fn check(entries: &[EntryFacts], model: EntryId, holder: EntryId) {
        for order in [entries.iter().collect::<Vec<_>>(), entries.iter().rev().collect()] {
            let found = stated(1, &order);
            assert_eq!((found.from[2], found.from[9]), (Some(model), Some(holder)));
        }
    }

    #[test]
    fn rank_then_recency_then_completeness_then_address() {
        let old = entry(1, "PM", "Depot 1", "1970-01-01", 0, 1.0);
        check(&[old.clone(), entry(2, "", "Depot 2", "1980-01-01", 0, 0.5)], 1, 2);
        check(
            &[entry(1, "PM", "Depot 1", "1970-01-01", 5, 0.5), entry(2, "PMM", "Depot 2", "1980", 0, 1.0)],
            1,
            1,
        );
        check(&[old.clone(), entry(2, "PMM", "Depot 2", "1970-01-01", 0, 0.5)], 1, 1);
        check(&[old.clone(), entry(2, "PMM", "Depot 2", "1970-01-01", 0, 1.0)], 1, 1);
    }

    #[test]
    fn a_ledger_declares_other_criteria() {
        let declared = |mut entry: EntryFacts| {
            let survivorship = vec![Survivorship::Completeness];
            entry.rules = Arc::new(DuplicateRules { survivorship, ..DuplicateRules::default() });
            entry
        };
        let old = declared(entry(1, "PM", "Depot 1", "1970-01-01", 0, 1.0));
        check(&[old, entry(2, "PMM", "Depot 2", "1980-01-01", 0, 0.5)], 1, 1);
    }
}
