//! Entries by hand, and what resolution makes of them without the model.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use matricule_record::DuplicateState;

use super::*;
use crate::contradiction::contradictions;
use crate::link_entry;

type Change = fn(&mut EntryFacts);

/// A line: id, file, row, serial (Latin, or Cyrillic with its look), make, calibre.
fn entry(id: EntryId, file: &str, row: u32, serial: &str, make: &str, calibre: &str) -> EntryFacts {
    let cyrillic = serial.contains('А');
    let converted = serial.replace('А', "A").replace('В', "V").replace(['-', ' '], "");
    EntryFacts {
        id,
        file: file.into(),
        row,
        canonical: serial.replace(' ', "").into(),
        script: if cyrillic { "Cyrl" } else { "Latn" }.into(),
        other_reading: cyrillic.then(|| converted.replace('V', "B").into()),
        converted: converted.into(),
        make: make.into(),
        country: "SUHH".into(),
        calibre: calibre.into(),
        ..EntryFacts::default()
    }
}

fn check(entries: &[EntryFacts], merged: &[(EntryId, EntryId)], review: &[(EntryId, EntryId, &str)]) {
    check_decided(&[], entries, merged, review);
}

/// The same, where a person confirmed pairs.
fn check_decided(
    confirmed: &[(EntryId, EntryId)],
    entries: &[EntryFacts],
    merged: &[(EntryId, EntryId)],
    review: &[(EntryId, EntryId, &str)],
) {
    let ruling = |&(a, b): &(EntryId, EntryId)| Ruling { a, b, is_one: true, on_hold: false };
    let rulings: Vec<Ruling> = confirmed.iter().map(ruling).collect();
    for order in [entries.to_vec(), entries.iter().rev().cloned().collect()] {
        let mut linker = Linker::default();
        for entry in &order {
            linker.add(entry.id, link_entry(entry));
        }
        let facts =
            |ids: &[EntryId]| Ok::<_, ()>(entries.iter().filter(|e| ids.contains(&e.id)).cloned().collect());
        let found = linker.resolve(&rulings, facts).unwrap();
        assert_eq!(found.merged, merged);
        let weapon =
            |entry| merged.iter().find(|(one, _)| *one == entry).map_or(entry, |(_, weapon)| *weapon);
        for told in &found.conflicts {
            let is_confirmed = weapon(told.entry_a) == weapon(told.entry_b);
            assert_eq!(told.state, if is_confirmed { "confirmed" } else { "open" }, "{told:?}");
        }
        let reviewed: Vec<_> = found
            .duplicates
            .iter()
            .filter(|d| d.state == DuplicateState::Review)
            .map(|d| (d.entry_a, d.entry_b, d.kind))
            .collect();
        assert_eq!(reviewed, review);
    }
}

#[test]
fn equal_identity_merges_across_files() {
    check(
        &[entry(1, "a", 3, "АВ1234", "Izhmash", "9x18"), entry(2, "b", 9, "АВ 1234", "IZHMASH", "")],
        &[(2, 1)],
        &[],
    );
}

#[test]
fn contradictions_and_lines_of_one_page_are_not_merged() {
    check(
        &[entry(1, "a", 3, "AB1", "FN", "9x19"), entry(2, "b", 3, "AB1", "FN", "7.62x51")],
        &[],
        &[(1, 2, "conflict")],
    );
    check(&[entry(1, "a", 3, "AB1", "FN", ""), entry(2, "a", 4, "AB1", "FN", "")], &[], &[(1, 2, "exact")]);
    check(&[entry(1, "a", 3, "AB1", "FN", ""), entry(2, "a", 400, "AB1", "FN", "")], &[(2, 1)], &[]);
}

#[test]
fn an_entry_that_fits_two_contradicting_weapons_is_left_to_a_person() {
    let entries = [
        entry(1, "a", 3, "AB1", "FN", "9x19"),
        entry(2, "b", 3, "AB1", "FN", "7.62x25"),
        entry(3, "c", 3, "AB1", "FN", ""),
    ];
    check(&entries, &[], &[(1, 2, "conflict"), (1, 3, "exact"), (2, 3, "exact")]);
}

#[test]
fn a_contradiction_with_any_entry_of_a_weapon_is_reported() {
    let entries = [
        entry(1, "a", 3, "AB1", "FN", "9x19"),
        entry(2, "b", 3, "AB1", "FN", "9x19"),
        entry(3, "c", 3, "AB1", "FN", "7.62x25"),
    ];
    check(&entries, &[(2, 1)], &[(1, 3, "conflict")]);
}

/// What fits one entry of a confirmed weapon and is excluded by another one is asked about.
#[test]
fn a_confirmed_pair_draws_in_nothing_that_contradicts_it() {
    let one = |id, file, serial: &str, calibre: &str| entry(id, file, 3, serial, "FN", calibre);
    let [first, other] = [one(1, "a", "AB1", "9x19"), one(2, "b", "AB1", "7.62x25")];
    let both = [(1, 2)];
    let with = |third: EntryFacts| [first.clone(), other.clone(), third];
    check_decided(&both, &with(one(3, "c", "AB1", "")), &[(2, 1), (3, 1)], &[]);
    check_decided(&both, &with(one(3, "c", "AB1", "7.62x25")), &[(2, 1)], &[(1, 3, "conflict")]);
    let all = [(1, 2), (2, 3)];
    check_decided(&all, &with(one(3, "c", "AB1", "7.62x25")), &[(2, 1), (3, 1)], &[]);
    // So does an entry of the weapon that has another identity.
    let silent = one(1, "a", "AB1", "");
    let third = one(3, "c", "AB1", "7.62x25");
    check_decided(&both, &[silent, one(2, "b", "XY9", "9x19"), third], &[(2, 1)], &[(1, 3, "exact")]);
    let one_page = EntryFacts { row: 4, ..one(3, "a", "AB1", "9x19") };
    let copied = one(2, "b", "AB1", "9x19");
    check_decided(&both, &[first, copied, one_page], &[(2, 1)], &[(1, 3, "exact")]);
}

#[test]
fn marks_components_and_holders_tell_weapons_apart() {
    let with = |id, file, change: Change| {
        let mut entry = entry(id, file, 3, "AB1", "FN", "");
        change(&mut entry);
        entry
    };
    let cases: [(Change, Change, &str); 11] = [
        (|e| e.series_mark = "㋑".into(), |e| e.series_mark = "㋺".into(), ""),
        (|e| e.component = "frame".into(), |e| e.component = "barrel".into(), ""),
        (|e| e.series_mark = "△66".into(), |_| (), "incomplete"),
        (|e| e.component = "frame".into(), |_| (), "incomplete"),
        (|e| e.status = "stolen".into(), |e| e.status = "in service".into(), "conflict"),
        (|e| e.make = "△66".into(), |e| e.make = "★66".into(), ""),
        (|e| e.holder = "Depot 1".into(), |e| e.holder = "Depot 2".into(), "conflict"),
        (|e| e.status = "destroyed".into(), |e| e.status = "in service".into(), "conflict"),
        (|e| e.status = "deactivated".into(), |e| e.status = "lost".into(), "conflict"),
        (|e| e.status = "deactivated".into(), |e| e.status = "destroyed".into(), "conflict"),
        (|e| e.calibre = "9x19".into(), |e| e.calibre = "7.62x51".into(), "conflict"),
    ];
    for (a, b, kind) in cases {
        let review = [(1, 2, kind)];
        let review = if kind.is_empty() { &review[..0] } else { &review[..] };
        check(&[with(1, "a", a), with(2, "b", b)], &[], review);
    }
}

/// Two weapons of two workshops have the number 7, and say nothing else; a model, a holder, a year or a day is more.
#[test]
fn a_number_that_every_workshop_gives_proves_nothing_alone() {
    let craft = |id, file, serial: &str, model: &str| {
        let mut entry = entry(id, file, 3, serial, "Craft", "12 ga");
        entry.model = model.into();
        entry
    };
    let review = [(1, 2, "exact")];
    check(&[craft(1, "a", "7", ""), craft(2, "b", "7", "")], &[], &review);
    check(&[craft(1, "a", "123", ""), craft(2, "b", "123", "pistol")], &[], &review);
    check(&[craft(1, "a", "7", "M1"), craft(2, "b", "7", "M1")], &[(2, 1)], &[]);
    check(&[craft(1, "a", "1234", ""), craft(2, "b", "1234", "")], &[(2, 1)], &[]);
    let on = |day: &str, craft: EntryFacts| EntryFacts { registered_on: day.into(), ..craft };
    let [first, second] = [craft(1, "a", "7", ""), craft(2, "b", "7", "")];
    check(&[on("1990-05-01", first.clone()), on("1990-05", second.clone())], &[(2, 1)], &[]);
    check(&[on("1990-05-01", first), on("2004-07-09", second)], &[], &review);
}

#[test]
fn contradictions_across_registers_are_told_and_never_merged() {
    let with = |id, register: &str, status: &str| {
        let mut entry = entry(id, register, 3, "AB1234", "FN", "9x19");
        (entry.register, entry.status) = (register.into(), status.into());
        entry
    };
    check(&[with(1, "army", ""), with(2, "police", "")], &[], &[(1, 2, "other_register")]);
    check(&[with(1, "army", "destroyed"), with(2, "police", "in service")], &[], &[(1, 2, "conflict")]);
}

#[test]
fn likeness_is_proposed_and_never_merged() {
    for (a, b, kind) in [
        ("АВ1234", "AB1234", "other_reading"),
        ("00123", "123", "leading_zeros"),
        ("12-34", "1234", "separators"),
        ("AB1O3", "AB103", "confusable"),
    ] {
        check(&[entry(1, "a", 3, a, "FN", ""), entry(2, "b", 3, b, "FN", "")], &[], &[(1, 2, kind)]);
    }
}

#[test]
fn consecutive_serials_and_other_makes_are_no_pair() {
    check(&[entry(1, "a", 3, "AB1234", "FN", ""), entry(2, "b", 3, "AB1235", "FN", "")], &[], &[]);
    check(&[entry(1, "a", 3, "AB1234", "FN", ""), entry(2, "b", 3, "AB1234", "Colt", "")], &[], &[]);
    check(&[entry(1, "a", 3, "AB1234", "", ""), entry(2, "b", 3, "AB1234", "", "")], &[], &[]);
}

#[test]
fn a_file_that_failed_is_forgotten() {
    let mut linker = Linker::default();
    linker.add(1, link_entry(&entry(1, "a", 3, "AB1", "FN", "")));
    linker.add(2, link_entry(&entry(2, "b", 3, "AB1", "FN", "")));
    linker.forget_from(2);
    let found = linker.resolve(&[], |_| Ok::<_, ()>(Vec::new())).unwrap();
    assert_eq!(found, Resolution::default());
}

#[test]
fn a_contradiction_says_what_it_may_mean() {
    let check = |a: [&str; 2], b: [&str; 2], expect: &str| {
        let with = |id, [status, date]: [&str; 2]| {
            let mut entry = entry(id, &format!("{id}"), 3, "AB1", "FN", "");
            (entry.status, entry.status_date) = (status.into(), date.into());
            entry
        };
        let found = contradictions(&with(1, a), &with(2, b));
        assert_eq!(found.iter().map(|conflict| conflict.kind).collect::<Vec<_>>(), [expect]);
    };
    check(["in service", "1990-01-01"], ["destroyed", "1995-01-01"], "destroyed_later");
    check(["in service", "1999-01-01"], ["destroyed", "1995-01-01"], "seen_after_destruction");
    check(["in service", ""], ["destroyed", "1995-01-01"], "destroyed_and_in_use");
    check(["deactivated", "1990-01-01"], ["destroyed", "1995-01-01"], "destroyed_later");
    check(["deactivated", "1995-01-01"], ["stolen", "1990-01-01"], "deactivated_later");
    check(["deactivated", "1990-01-01"], ["stolen", "1995-01-01"], "seen_after_deactivation");
    check(["deactivated", ""], ["stolen", ""], "deactivated_and_in_use");
    check(["destroyed", "1995-05-01"], ["destroyed", "2001-05-01"], "destroyed_twice");
    check(["deactivated", "1995-05-01"], ["deactivated", "2001-05-01"], "deactivated_twice");
    check(["stolen", "1999-05-01"], ["in service", "1999-05-01"], "gone_and_in_use");
    check(["exported", ""], ["in service", "1999-05-01"], "gone_and_in_use");
    check(["destroyed", "1995"], ["in service", "1995-05-01"], "destroyed_and_in_use");
}

/// A register of stolen weapons may say when it was written, and not when they were stolen.
#[test]
fn the_day_of_registration_is_not_that_of_a_theft() {
    let check = |status: &str, expect: &[&str]| {
        let with = |id, status: &str, registered: &str| {
            let mut entry = entry(id, &format!("{id}"), 3, "AB1", "FN", "");
            (entry.status, entry.registered_on) = (status.into(), registered.into());
            entry
        };
        let found = contradictions(&with(1, status, "1990-01-01"), &with(2, "in service", "1995-01-01"));
        assert_eq!(found.iter().map(|conflict| conflict.kind).collect::<Vec<_>>(), expect);
    };
    check("stolen", &["gone_and_in_use"]);
    check("exported", &["gone_and_in_use"]);
    check("destroyed", &["seen_after_destruction"]);
}

#[test]
fn days_that_follow_each_other_are_a_history_and_no_contradiction() {
    let check = |a: [&str; 2], b: [&str; 2]| {
        let with = |id, [status, date]: [&str; 2]| {
            let mut entry = entry(id, &format!("{id}"), 3, "AB1", "FN", "");
            (entry.status, entry.status_date) = (status.into(), date.into());
            entry
        };
        assert_eq!(contradictions(&with(1, a), &with(2, b)), []);
    };
    check(["in service", "1986-03-12"], ["stolen", "1999-05-01"]);
    check(["stolen", "1999-05-01"], ["recovered", "2001-01-01"]);
    check(["stolen", "1999-05-01"], ["lost", "1999-05-01"]);
    check(["destroyed", "1995"], ["destroyed", "1995-05-01"]);
    check(["destroyed", ""], ["destroyed", "1995-05-01"]);
}
