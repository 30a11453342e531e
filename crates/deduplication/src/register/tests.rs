//! A register of six hundred pistols and rifles made by rule, and entries planted in it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use matricule_record::{DuplicateState, Resolution};

use super::*;

fn entry(id: EntryId, file: &str, row: u32, serial: &str) -> EntryFacts {
    let converted = serial.replace(['-', ' '], "");
    EntryFacts {
        id,
        file: file.into(),
        row,
        canonical: serial.into(),
        script: "Latn".into(),
        converted: converted.into(),
        make: "FN".into(),
        model: "FAL".into(),
        weapon_type: "rifle".into(),
        calibre: "7.62x51".into(),
        country: "BE".into(),
        register: "army".into(),
        ..EntryFacts::default()
    }
}

/// The number of the entry that is planted.
const COPY: EntryId = 10_000;

/// Weapons that have nothing to do with each other.
fn background() -> Vec<EntryFacts> {
    weapons(600)
}

fn weapons(count: u32) -> Vec<EntryFacts> {
    let weapon = |n: u32| {
        let number = 100_000 + (n * 7_919) % 899_981;
        let mut entry =
            entry(i64::from(n) + 1, ["x", "y", "z"][n as usize % 3], n + 2, &format!("K{number}"));
        entry.holder = format!("Depot {}", n % 40).into();
        entry.registered_on = format!("19{}-0{}-1{}", 60 + n % 30, n % 9 + 1, n % 7).into();
        entry
    };
    (0..count).map(weapon).collect()
}

fn resolve(entries: &[EntryFacts], rulings: &[Ruling]) -> Resolution {
    let mut register = Register::new(Linker::new(false)).unwrap();
    for entry in entries {
        register.add(entry);
    }
    let facts = |ids: &[EntryId]| {
        Ok::<_, Error>(entries.iter().filter(|entry| ids.contains(&entry.id)).cloned().collect())
    };
    register.resolve(rulings, facts).unwrap()
}

/// Entry 100 once more in another ledger, changed as told: kind and state of the pair, or nothing.
fn check(change: impl Fn(&mut EntryFacts, &mut EntryFacts), expect: &str) {
    check_among(background(), change, expect);
}

fn check_among(
    mut entries: Vec<EntryFacts>,
    change: impl Fn(&mut EntryFacts, &mut EntryFacts),
    expect: &str,
) {
    let mut copy = entries[99].clone();
    (copy.id, copy.file, copy.row) = (COPY, "copies".into(), 5);
    copy.registered_on = "1995-01-02".into();
    change(&mut entries[99], &mut copy);
    entries.push(copy);
    let found = resolve(&entries, &[]);
    let pair = found.duplicates.iter().find(|pair| pair.entry_a.max(pair.entry_b) == COPY);
    let told = pair.map(|pair| format!("{} {}", pair.kind, pair.state.name())).unwrap_or_default();
    assert_eq!(told, expect, "{pair:?}");
    assert!(pair.is_none_or(|pair| pair.bits.is_some()));
}

#[test]
fn the_exact_rule_merges_and_the_model_only_asks() {
    check(|_, _| (), "exact merged");
    check(|_, copy| set(copy, &copy.canonical.replacen('1', "I", 1)), "confusable review");
    let same_day = |entry: &mut EntryFacts, copy: &mut EntryFacts| {
        set(copy, &transposed(&copy.canonical));
        copy.registered_on = entry.registered_on.clone();
    };
    check(same_day, "transposed review");
    check(|_, copy| copy.register = "police".into(), "other_register review");
    check(|_, copy| copy.country = "".into(), "incomplete review");
    check(|_, copy| copy.calibre = "9x19".into(), "conflict review");
    check(|_, copy| copy.component = "barrel".into(), "incomplete review");
    check(|_, copy| copy.series_mark = "△".into(), "incomplete review");
    check(|entry, copy| (entry.series_mark, copy.series_mark) = ("★".into(), "△".into()), "");
}

fn set(entry: &mut EntryFacts, serial: &str) {
    entry.canonical = serial.into();
    entry.converted = serial.into();
}

/// The last two characters exchanged.
fn transposed(serial: &str) -> String {
    let mut chars: Vec<char> = serial.chars().collect();
    let end = chars.len();
    chars.swap(end - 2, end - 1);
    chars.into_iter().collect()
}

#[test]
fn what_is_read_with_doubt_is_not_merged() {
    check(|_, copy| copy.doubtful = true, "exact review");
}

#[test]
fn an_entry_without_a_serial_is_no_key() {
    let no_serial =
        |entry: &mut EntryFacts| (entry.canonical, entry.converted) = ("".into(), "NOSERIAL".into());
    let both = |a: &mut EntryFacts, b: &mut EntryFacts| {
        no_serial(a);
        no_serial(b);
        b.registered_on = "1995-01-02".into();
    };
    check(both, "");
}

#[test]
fn the_model_merges_where_both_ledgers_say_so() {
    let allow = |entry: &mut EntryFacts, bits: f64| {
        entry.rules = Arc::new(DuplicateRules { merge_at_bits: Some(bits), ..DuplicateRules::default() });
    };
    let miskeyed = |copy: &mut EntryFacts| set(copy, &copy.canonical.replacen('1', "I", 1));
    check(
        |entry, copy| {
            miskeyed(copy);
            allow(entry, 0.5);
            allow(copy, 1.5);
        },
        "confusable merged",
    );
    check(
        |entry, copy| {
            miskeyed(copy);
            allow(entry, 0.5);
            allow(copy, 90.0);
        },
        "confusable review",
    );
    check(
        |_, copy| {
            miskeyed(copy);
            allow(copy, 0.5);
        },
        "confusable review",
    );
}

#[test]
fn a_conversion_that_brings_two_originals_together_is_named_and_never_merged() {
    let cyrillic = |entry: &mut EntryFacts, serial: &str, converted: &str| {
        (entry.canonical, entry.converted, entry.script) = (serial.into(), converted.into(), "Cyrl".into());
        entry.rules = Arc::new(DuplicateRules { merge_at_bits: Some(-90.0), ..DuplicateRules::default() });
    };
    let collide = |x: &'static str, y: &'static str, converted: &'static str| {
        move |a: &mut EntryFacts, b: &mut EntryFacts| {
            cyrillic(a, x, converted);
            cyrillic(b, y, converted);
        }
    };
    check(collide("ИК4711", "ЙК4711", "IK4711"), "merge_group review");
    check(collide("Ц4711", "ТС4711", "TS4711"), "digraph review");
    check(
        |a, b| {
            cyrillic(a, "ШК4711", "SHK4711");
            set(b, "SHK4711");
        },
        "cross_script review",
    );
    check(
        |a, b| {
            cyrillic(a, "ВЛ4711", "VL4711");
            a.other_reading = Some("BL4711".into());
            set(b, "BL4711");
        },
        "other_reading review",
    );
}

#[test]
fn decisions_bind_what_the_model_says() {
    let mut entries = background();
    let mut copy = entries[99].clone();
    (copy.id, copy.file, copy.row) = (1_000, "copies".into(), 5);
    set(&mut copy, &transposed(&entries[99].canonical));
    let mut again = copy.clone();
    (again.id, again.file) = (1_001, "more copies".into());
    entries.extend([copy, again]);
    let check = |rulings: &[Ruling], merged: &[(EntryId, EntryId)], states: &[&str]| {
        let found = resolve(&entries, rulings);
        assert_eq!(found.merged, merged);
        let told: Vec<String> = found
            .duplicates
            .iter()
            .filter(|pair| pair.state != DuplicateState::Merged)
            .map(|pair| format!("{}-{} {}", pair.entry_a, pair.entry_b, pair.state.name()))
            .collect();
        assert_eq!(told, states);
    };
    let ruling = |a, b, is_one| Ruling { a, b, is_one, on_hold: false };
    check(&[], &[(1_001, 1_000)], &["1000-100 review", "1001-100 review"]);
    check(&[ruling(1_000, 100, true)], &[(1_000, 100), (1_001, 100)], &["1000-100 confirmed"]);
    // Of the weapon that a person kept apart no other entry is asked about.
    check(&[ruling(100, 1_000, false)], &[(1_001, 1_000)], &["1000-100 refused"]);
    check(
        &[ruling(1_000, 1_001, false), ruling(1_000, 100, true)],
        &[(1_000, 100)],
        &["1000-100 confirmed", "1000-1001 refused"],
    );
    // What was decided of another weapon waits: what was confirmed is asked again, what was refused stays apart.
    let waiting = |a, b, is_one| Ruling { on_hold: true, ..ruling(a, b, is_one) };
    check(&[waiting(1_000, 100, true)], &[(1_001, 1_000)], &["1000-100 review", "1001-100 review"]);
    check(&[waiting(1_000, 1_001, true)], &[(1_001, 1_000)], &["1000-100 review", "1001-100 review"]);
    check(&[waiting(1_000, 1_001, false)], &[], &["1000-100 review", "1000-1001 review", "1001-100 review"]);
}

/// A person may unite what contradicts itself: it is named before, and stays in sight after.
#[test]
fn what_a_confirmed_weapon_contradicts_itself_in_is_told_once() {
    let mut entries = background();
    let mut copy = entries[99].clone();
    (copy.id, copy.file, copy.row) = (1_000, "copies".into(), 5);
    set(&mut copy, &entries[99].canonical.replacen('1', "I", 1));
    (entries[99].status, entries[99].status_date) = ("destroyed".into(), "1995-01-01".into());
    (copy.status, copy.status_date) = ("in service".into(), "2001-01-01".into());
    let mut again = copy.clone();
    (again.id, again.file) = (1_001, "more copies".into());
    entries.extend([copy, again]);
    let check = |rulings: &[Ruling], expect: &[&str]| {
        let found = resolve(&entries, rulings);
        let named =
            found.duplicates.iter().find(|pair| (pair.entry_a, pair.entry_b) == (1_000, 100)).unwrap();
        assert!(named.reasons.iter().any(|reason| reason.contains("destroyed")), "{named:?}");
        let told: Vec<String> = found
            .conflicts
            .iter()
            .map(|c| format!("{}-{} {} {}", c.entry_a, c.entry_b, c.kind, c.state))
            .collect();
        assert_eq!(told, expect);
    };
    let ruling = |is_one| Ruling { a: 100, b: 1_000, is_one, on_hold: false };
    check(&[], &[]);
    check(&[ruling(true)], &["1000-100 seen_after_destruction confirmed"]);
}

/// A question stays, whatever is answered to another one: of a pair that is too unlikely to be asked about another one
/// takes the place.
#[test]
fn a_question_outlives_the_answer_to_another() {
    let mut entries = background();
    let mut again = entries[99].clone();
    (again.id, again.file, again.row, again.doubtful) = (1_001, "more copies".into(), 5, true);
    let mut other = again.clone();
    (other.id, other.file, other.doubtful) = (1_000, "copies".into(), false);
    (other.model, other.registered_on) = ("HP".into(), "1999-03-03".into());
    (other.calibre, other.weapon_type, other.holder) = Default::default();
    entries.extend([again, other]);
    for rulings in [&[][..], &[Ruling { a: 100, b: 1_000, is_one: true, on_hold: false }]] {
        let found = resolve(&entries, rulings);
        let asked = found.duplicates.iter().find(|pair| (pair.entry_a, pair.entry_b) == (1_001, 100));
        assert_eq!(
            asked.map(|pair| (pair.kind, pair.state)),
            Some(("exact", DuplicateState::Review)),
            "{:?}",
            found.duplicates
        );
    }
}

/// Two lines of one page with one number are always asked about; where they stand apart, odds decide, and what is left
/// out is counted.
#[test]
fn lines_of_one_page_with_one_identity_are_asked_about() {
    let check = |is_one_page: bool, asked: usize, left_out: usize| {
        let mut entries = background();
        let mut copy = entries[99].clone();
        (copy.id, copy.row) = (COPY, copy.row + if is_one_page { 1 } else { 4_000 });
        copy.registered_on = "1999-03-03".into();
        entries.push(copy);
        for (at, entry) in entries.iter_mut().enumerate() {
            (entry.model, entry.holder) = Default::default();
            if at < 99 {
                set(entry, &format!("{}", at % 33 + 1));
            }
        }
        for at in [99, 600] {
            set(&mut entries[at], "77");
        }
        let found = resolve(&entries, &[]);
        let of_copy = |pair: &&matricule_record::Duplicate| [pair.entry_a, pair.entry_b].contains(&COPY);
        assert_eq!((found.duplicates.iter().filter(of_copy).count(), found.not_asked), (asked, left_out));
    };
    // Of 33 numbers the lines of two pages stand in the same file.
    check(true, 1, 33);
    check(false, 0, 34);
}

/// Twelve rifles once more in another ledger, changed as told: what is asked of the third of them.
fn check_run(change: impl Fn(u32, &mut EntryFacts), expect: &str) {
    let mut entries = background();
    let of = |file: &str, first: EntryId, n: u32| {
        let mut entry = entry(first + EntryId::from(n), file, 900 + n, &format!("B{}", 45_120 + n));
        (entry.holder, entry.registered_on, entry.year) =
            ("Depot 5".into(), "1980-02-01".into(), "1978".into());
        (entry.page, entry.line) = ("7".into(), n.to_string().into());
        entry
    };
    entries.extend((0..12).map(|n| of("lot", 700, n)));
    entries.extend((0..12).map(|n| {
        let mut copy = of("copies", 800, n);
        change(45_120 + n, &mut copy);
        copy
    }));
    let found = resolve(&entries, &[]);
    let of_third = |pair: &&matricule_record::Duplicate| [pair.entry_a, pair.entry_b].contains(&802);
    let told: Vec<String> = (found.duplicates.iter().filter(of_third))
        .map(|pair| format!("{}-{} {} {}", pair.entry_a, pair.entry_b, pair.kind, pair.state.name()))
        .collect();
    assert_eq!(told.join(", "), expect);
}

/// What a whole ledger writes otherwise is one habit, not twelve errors, and no two consignments.
#[test]
fn a_run_that_is_written_otherwise_all_along_is_asked_about() {
    check_run(|_, _| (), "802-702 exact merged");
    check_run(|number, copy| set(copy, &number.to_string()), "802-702 dropped review");
    check_run(|number, copy| set(copy, &format!("8{number}")), "802-702 confusable review");
    let moved = |copy: &mut EntryFacts| {
        (copy.holder, copy.registered_on) = ("Police HQ".into(), "1999-03-03".into());
    };
    check_run(|_, copy| moved(copy), "802-702 conflict review");
    // Another letter is another series.
    check_run(|number, copy| set(copy, &format!("C{number}")), "");
}

#[test]
fn the_order_of_entries_and_their_numbers_change_nothing() {
    let mut entries = background();
    for n in (0..600_u32).step_by(37) {
        let mut copy = entries[n as usize].clone();
        (copy.file, copy.row, copy.id) = ("copies".into(), n, 5_000 + i64::from(n));
        set(&mut copy, &transposed(&entries[n as usize].canonical));
        entries.push(copy);
    }
    // Pairs by address with all that is said of them, whatever the entries are called.
    let told = |entries: &[EntryFacts]| -> Vec<String> {
        let found = resolve(entries, &[]);
        let of = |id: EntryId| entries.iter().find(|entry| entry.id == id).unwrap();
        let line = |pair: &matricule_record::Duplicate| {
            let (a, b) = (of(pair.entry_a), of(pair.entry_b));
            format!("{:?} {:?} {} {:?} {:?}", a.address(), b.address(), pair.kind, pair.bits, pair.reasons)
        };
        let mut lines: Vec<String> = found.duplicates.iter().map(line).collect();
        lines.sort_unstable();
        lines
    };
    let once = told(&entries);
    assert!(once.len() > 10, "{}", once.len());
    let count = i64::try_from(entries.len()).unwrap();
    for (at, entry) in (0..).zip(&mut entries) {
        entry.id = (at * 331) % count + 1;
    }
    entries.sort_by_key(|entry| entry.id);
    assert_eq!(told(&entries), once);
}

/// A lone copy of a weapon that stands amid its consignment is asked about, where the consignment is copied with it, it is merged;
/// so is one line that was keyed twice, unless its two rows name two days.
#[test]
fn a_copy_from_a_consignment_is_merged_where_it_cannot_be_a_siblings() {
    let check = |copied: u32, (same_line, same_day): (bool, bool), expect: &str| {
        let mut entries = background();
        let day = |entry: &mut EntryFacts| {
            (entry.holder, entry.registered_on) = ("Depot 3".into(), "1971-02-03".into());
        };
        let lot = |file: &str, first: EntryId, at: u32| {
            let mut entry =
                entry(first + EntryId::from(at), file, 900 + at, &format!("K44{:04}", 5_120 + at));
            day(&mut entry);
            (entry.book, entry.page, entry.line) = ("1".into(), "7".into(), at.to_string().into());
            entry
        };
        entries.extend((0..20).map(|at| lot("x", 700, at)));
        let copies = (5..5 + copied).map(|at| {
            let mut copy = lot(if same_line { "x" } else { "copies" }, 1_000, at);
            copy.row += 200;
            if !same_day {
                copy.registered_on = "1972-02-03".into();
            }
            copy
        });
        entries.extend(copies);
        let found = resolve(&entries, &[]);
        let pair = found.duplicates.iter().find(|pair| (pair.entry_a, pair.entry_b) == (705, 1_005));
        let pair = pair.or(found.duplicates.iter().find(|pair| (pair.entry_a, pair.entry_b) == (1_005, 705)));
        assert_eq!(
            pair.map(|pair| format!("{} {}", pair.kind, pair.state.name())).unwrap_or_default(),
            expect
        );
    };
    check(1, (false, true), "exact review");
    check(6, (false, true), "exact merged");
    check(1, (true, true), "exact merged");
    check(1, (true, false), "exact review");
}

#[test]
fn a_label_that_may_be_letters_is_asked_about() {
    check(|_, copy| set(copy, &format!("NO{}", copy.canonical)), "label review");
    check(|_, copy| set(copy, &format!("NP{}", copy.canonical)), "");
}

#[test]
fn a_contradiction_is_one_however_the_serial_is_written() {
    let destroyed = |change: fn(&mut EntryFacts), expect: &str| {
        let contradicting = |entry: &mut EntryFacts, copy: &mut EntryFacts| {
            change(copy);
            copy.registered_on = entry.registered_on.clone();
            (entry.status, copy.status) = ("in service".into(), "destroyed".into());
        };
        check(contradicting, expect);
    };
    destroyed(|copy| set(copy, &format!("NO{}", copy.canonical)), "conflict review");
    destroyed(|copy| copy.canonical = format!("K-{}", &copy.canonical[1..]).into(), "conflict review");
    destroyed(|copy| copy.country = "".into(), "conflict review");
    // What a conversion brings together keeps the name of its cause.
    destroyed(|copy| copy.script = "Cyrl".into(), "cross_script review");
}

#[test]
fn a_calibre_that_its_model_never_has_contradicts_an_entry_without_one() {
    let change = |entry: &mut EntryFacts, copy: &mut EntryFacts| {
        copy.registered_on = entry.registered_on.clone();
        (entry.calibre, copy.calibre) = ("".into(), ".45 ACP".into());
    };
    let usual = |entry: &mut EntryFacts, copy: &mut EntryFacts| {
        change(entry, copy);
        copy.calibre = "7.62x51".into();
    };
    check_among(weapons(1_200), change, "conflict review");
    check_among(weapons(1_200), usual, "exact merged");
    // A small register does not know what is usual.
    check(change, "exact merged");
}
