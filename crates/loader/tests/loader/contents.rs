//! What stands in the registry after a run, through the views.

use matricule_loader::{Decision, FindQuery, MatchedBy, Registry, Verdict};
use matricule_record::{
    Cells, Code, Conflict, Duplicate, DuplicateState, Field, FieldValue, Flag, HistoryEvent, LinkMode,
    LinkedRow, NoSerial, Resolution, SerialState, SkipClass, StatedBy, Text, WEAPON_FIELDS,
};

use crate::fixture::{Place, absent, facts, ledger, load_file, marking, ready, row, sheet_facts};

/// `sha256sum` of the profile of [`facts`].
const PROFILE_DIGEST: &str = "bf1358ad7bcd95785dd685a13135990c6b654ed5fa930a8b05eccb3135e5f6e5";

/// A registry of one ledger with this row only.
fn registry_of(build: impl FnOnce(&std::sync::Arc<matricule_record::Ledger>) -> LinkedRow) -> Place {
    let place = Place::new();
    let mut load = place.begin();
    load.start_file(&facts("a.csv")).unwrap();
    let open = ledger("a.csv");
    load.start_sheet(&open).unwrap();
    load.skip(1, SkipClass::Header, &Cells::from_texts(["№", "Make"])).unwrap();
    load.entry(&ready(&build(&open))).unwrap();
    load.end_sheet(&sheet_facts(1, 0)).unwrap();
    load.end_file().unwrap();
    load.publish().unwrap();
    place
}

/// Checks expressions over `v_entry` of the one entry; `None` is NULL.
fn check(place: &Place, wanted: &[(&str, Option<&str>)]) {
    for (expression, value) in wanted {
        let found: Option<String> = place.value(&format!("SELECT CAST({expression} AS TEXT) FROM v_entry"));
        assert_eq!(found.as_deref(), *value, "{expression}");
    }
}

#[test]
fn an_entry_says_what_the_ledger_says_and_what_was_made_of_it() {
    let place = registry_of(|ledger| {
        let serial = SerialState::Converted(marking(Field::Serial, "АВ 12", "AV12"));
        let mut linked = row(ledger, 2, &["№ АВ 12", "\"", "Б7", "top \"left\""], serial);
        let make = FieldValue { text: "Tula".into(), column: Some(1) };
        linked.row.fields.set(Field::Make, make);
        linked.row.fields.set(Field::CountryOfManufacture, FieldValue { text: "SU".into(), column: None });
        linked.row.markings = vec![marking(Field::BarrelSerial, "Б7", "B7")];
        linked.row.flags = vec![Flag::new(Code::W401, Some(Field::Serial), "")];
        linked
    });
    check(
        &place,
        &[
            ("file", Some("a.csv")),
            ("row", Some("2")),
            ("serial", Some("AV12")),
            ("serial_original", Some("АВ 12")),
            ("serial_canonical", Some("АВ12")),
            ("serial_script", Some("Cyrl")),
            ("serial_table", Some("cyrl-rus-icao9303")),
            ("serial_reading", Some("sound")),
            ("no_serial", None),
            ("make", Some("Tula")),
            ("country_of_manufacture", Some("SU")),
            ("barrel_serial", Some("B7")),
            ("model", None),
            ("originals", Some(r#"{"serial":"№ АВ 12","make":"\"","barrel_serial":"Б7"}"#)),
            ("flags", Some(r#"[{"code":"W401","field":"serial"}]"#)),
            ("extra", Some(r#"{"Shelf":"top \"left\""}"#)),
            ("cells", Some(r#"["№ АВ 12","\"","Б7","top \"left\""]"#)),
            ("completeness", Some("0.5")),
            ("weapon_id", Some("1")),
        ],
    );
    let markings: String = place.value(
        "SELECT group_concat(component || ' ' || kind || ' ' || original || ' ' || converted, '; ') FROM v_marking",
    );
    assert_eq!(markings, "control serial АВ 12 AV12; barrel serial Б7 B7");
    assert_eq!(place.value::<String>("SELECT skipped FROM v_sheet"), r#"{"header":1}"#);
    assert_eq!(place.value::<String>("SELECT content FROM profile"), "[ledger]\nlanguage = \"ru\"\n");
    let digest = "SELECT profile FROM v_file WHERE profile IN (SELECT digest FROM profile)";
    assert_eq!(place.value::<String>(digest), PROFILE_DIGEST);
    assert_eq!(place.value::<i64>("SELECT count(*) FROM v_run, json_each(profiles) WHERE key = 'a.csv'"), 1);
    assert_eq!(place.value::<String>("SELECT cells FROM skipped_row"), r#"["№","Make"]"#);
}

#[test]
fn events_told_in_words_stand_beside_those_of_the_fields() {
    let place = registry_of(|ledger| {
        let mut linked = row(ledger, 2, &["A1"], absent(NoSerial::Unknown, ""));
        let event = |kind: &str, to: Option<&str>| HistoryEvent {
            kind: kind.into(),
            date: Some("1994-03-12".into()),
            to_party: to.map(Text::from),
            original: format!("{kind} 12.03.1994").into(),
            ..HistoryEvent::default()
        };
        linked.row.events = vec![event("issued", Some("4th depot")), event("returned", None)];
        linked.row.romanized = vec![(Field::Holder, "IVANOV".into())];
        let issued = FieldValue { text: "5th depot".into(), column: None };
        linked.row.fields.set(Field::IssuedTo, issued);
        linked
    });
    let events: String = place.value(
        "SELECT group_concat(concat_ws(' ', kind, date, to_party, field), '; ' ORDER BY kind, date) FROM v_event",
    );
    assert_eq!(
        events,
        "issued 5th depot issued_to; issued 1994-03-12 4th depot history; returned 1994-03-12 history"
    );
    check(&place, &[("romanized", Some(r#"{"holder":"IVANOV"}"#))]);
}

#[test]
fn a_weapon_without_a_serial_keeps_what_was_written() {
    let place = registry_of(|ledger| row(ledger, 2, &["??36"], absent(NoSerial::Illegible, "??36")));
    check(
        &place,
        &[
            ("serial", None),
            ("no_serial", Some("ILLEGIBLE")),
            ("serial_original", Some("??36")),
            ("serial_canonical", Some("??36")),
            ("serial_table", None),
            ("extra", None),
            ("flags", None),
        ],
    );
    let mut keys = Vec::new();
    place.begin().existing(|entry| keys.push(entry.canonical)).unwrap();
    assert_eq!(keys, [""], "a pattern is never a duplicate key");
}

#[test]
fn a_value_that_came_to_nothing_is_kept_as_written() {
    let place = registry_of(|ledger| {
        let mut linked = row(ledger, 2, &["нет", "—", " "], absent(NoSerial::NoneMarked, ""));
        linked.row.fields = matricule_record::Fields::default();
        linked
    });
    check(&place, &[("make", None), ("originals", Some(r#"{"serial":"нет","make":"—"}"#))]);
    assert_eq!(place.value::<i64>("SELECT count(*) FROM v_marking"), 0);
}

#[test]
fn a_reject_is_one_line_a_finding() {
    let place = Place::new();
    let mut load = place.begin();
    load_file(&mut load, "a.csv", &["A1"], 1);
    let mut found = Vec::new();
    load.rejects(|reject| found.push(reject)).unwrap();
    let wanted = crate::fixture::reject(&ledger("a.csv"), 3, "Ѵ1");
    assert_eq!((&found[0].cells, &found[0].findings), (&wanted.cells, &wanted.findings));

    load.publish().unwrap();
    let line = |finding: i64| -> String {
        place.value(&format!(
            "SELECT concat_ws('|', reject_id, file, sheet, row, cell, field, code, original, message, suggestion, state)
             FROM v_reject WHERE finding = {finding}"
        ))
    };
    assert_eq!(line(1), "1|a.csv||3|A3|serial|T301|Ѵ1|no mapping for 'Ѵ'.|Add a row.|open");
    assert_eq!(line(2), "1|a.csv||3|make|S201||make is missing.||open");
}

#[test]
fn resolution_replaces_the_one_before() {
    let place = Place::with(&["A1", "A2", "A3"]);
    let duplicate = |entry_a, entry_b| Duplicate {
        entry_a,
        entry_b,
        kind: "exact",
        bits: Some(12.5),
        state: DuplicateState::Merged,
        reasons: vec!["equal \"identity\"".into()],
    };
    let conflict = Conflict {
        entry_a: 2,
        entry_b: 3,
        field: "model",
        value_a: "M".into(),
        value_b: "N".into(),
        kind: "contradiction",
        state: "open",
    };
    let resolutions = [
        Resolution {
            merged: vec![(2, 1), (3, 1)],
            duplicates: vec![duplicate(1, 2), duplicate(1, 3)],
            ..Resolution::default()
        },
        Resolution {
            merged: vec![(4, 1)],
            duplicates: vec![duplicate(1, 4)],
            conflicts: vec![conflict],
            ..Resolution::default()
        },
    ];
    for (run, resolution) in resolutions.iter().enumerate() {
        let mut load = place.begin();
        load_file(&mut load, &format!("{run}.csv"), &["A1"], 0);
        load.resolve(resolution, LinkMode::Full).unwrap();
        load.publish().unwrap();
    }
    let weapons: String = place.value("SELECT group_concat(weapon_id, ' ' ORDER BY entry_id) FROM v_entry");
    assert_eq!(weapons, "1 2 3 1 5");
    let sizes: String = place.value("SELECT group_concat(weapon_id || ':' || entries || ':' || conflicts, ' ' ORDER BY weapon_id) FROM v_weapon");
    assert_eq!(sizes, "1:2:0 2:1:1 3:1:1 5:1:0");
    assert_eq!(place.value::<String>("SELECT reasons FROM v_duplicate"), r#"["equal \"identity\""]"#);
    assert_eq!(
        place.value::<String>("SELECT weapon_a || field || value_b || state FROM v_conflict"),
        "2modelNopen"
    );
    assert_eq!(place.value::<i64>("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

#[test]
fn each_field_of_a_weapon_is_stated_by_the_entry_that_sources_names() {
    let place = Place::new();
    let mut load = place.begin();
    load.start_file(&facts("a.csv")).unwrap();
    let open = ledger("a.csv");
    load.start_sheet(&open).unwrap();
    for (at, model) in [(2, ""), (3, "PM"), (4, "TT")] {
        let mut linked = crate::fixture::plain(&open, at, "A1");
        linked.row.fields.set(Field::Model, FieldValue { text: model.into(), column: None });
        load.entry(&ready(&linked)).unwrap();
    }
    load.end_sheet(&sheet_facts(3, 0)).unwrap();
    load.end_file().unwrap();
    let model = WEAPON_FIELDS.iter().position(|field| *field == "model").unwrap();
    let from = std::array::from_fn(|at| if at == model { Some(3) } else { Some(1) });
    let resolution = Resolution {
        merged: vec![(2, 1), (3, 1)],
        stated: vec![StatedBy { weapon: 1, from }],
        ..Resolution::default()
    };
    load.resolve(&resolution, LinkMode::Full).unwrap();
    load.publish().unwrap();
    assert_eq!(place.value::<String>("SELECT weapon_id || model || entries FROM v_weapon"), "1TT3");
    assert_eq!(
        place.value::<String>("SELECT (sources ->> 'model') || (sources ->> 'make') FROM v_weapon"),
        "31"
    );
}

#[test]
fn decisions_supersede_each_other_and_say_a_thing_once() {
    let place = Place::with(&["A1", "A2"]);
    let mut load = place.begin();
    let decision =
        |verdict| Decision { pair: (2, 1), verdict, reason: "seen".to_owned(), operator: "clerk".to_owned() };
    let mut check = |verdict, is_new: bool, held: &[(i64, i64, bool)]| {
        assert_eq!(load.decide(&decision(verdict)).unwrap(), is_new);
        let rulings = load.rulings().unwrap();
        let found: Vec<_> = rulings.iter().map(|ruling| (ruling.a, ruling.b, ruling.is_one)).collect();
        assert_eq!(found, held);
    };
    check(Verdict::Reopened, false, &[]);
    check(Verdict::Confirmed, true, &[(1, 2, true)]);
    check(Verdict::Confirmed, false, &[(1, 2, true)]);
    check(Verdict::Refused, true, &[(1, 2, false)]);
    check(Verdict::Reopened, true, &[]);
    load.publish().unwrap();
    let held: String = place.value(
        "SELECT group_concat(verdict || coalesce(supersedes, 0) || in_force, ' ' ORDER BY decision_id) FROM v_decision",
    );
    assert_eq!(held, "confirmed00 refused10 reopened21");
    let registry = Registry::open(&place.path).unwrap();
    assert_eq!(registry.rulings().unwrap(), []);
    assert!(registry.chain().unwrap().iter().all(|link| link.recorded.as_ref() == Some(&link.found)));
}

#[test]
fn existing_entries_are_those_of_earlier_runs() {
    let place = Place::with(&["A1", "A2"]);
    let mut load = place.begin();
    load_file(&mut load, "b.csv", &["B1"], 0);
    let mut seen = Vec::new();
    load.existing(|entry| seen.push((entry.id, entry.converted.to_string(), entry.row))).unwrap();
    assert_eq!(seen, [(1, "A1".into(), 2), (2, "A2".into(), 3)]);
    let asked = load.facts(&[3, 1]).unwrap();
    let known: Vec<[&str; 4]> =
        asked.iter().map(|entry| [&*entry.file, &*entry.canonical, &*entry.make, &*entry.register]).collect();
    assert_eq!(known, [["b.csv", "B1", "Tula", "military"], ["first.csv", "A1", "Tula", "military"]]);
    assert_eq!(load.loaded("sha of b.csv").unwrap().map(|file| file.run_id), Some(2));
}

#[test]
fn a_file_is_known_by_its_digest_and_by_its_path() {
    let place = Place::with(&["A1"]);
    let registry = Registry::open(&place.path).unwrap();
    let found = registry.loaded("sha of first.csv").unwrap();
    assert_eq!(found.as_ref().map(|file| (file.run_id, file.path.as_str())), Some((1, "first.csv")));
    assert_eq!(registry.loaded_path("first.csv").unwrap(), found);
    assert_eq!(registry.loaded("").unwrap(), None);
    assert_eq!(registry.loaded_path("second.csv").unwrap(), None);
}

/// What a search finds: entries, and how each was found.
fn found(place: &Place, canonical: &str, converted: &[&str], substring: bool) -> Vec<(i64, MatchedBy)> {
    let query = FindQuery {
        canonical: vec![canonical.into()],
        converted: converted.iter().map(ToString::to_string).collect(),
        substring,
    };
    let found = Registry::open(&place.path).unwrap().find(&query).unwrap();
    assert!(!found.given_up);
    found.entries.iter().map(|entry| (entry.entry_id, entry.matched_by)).collect()
}

#[test]
fn a_serial_is_found_once_by_its_surest_way() {
    let place = registry_of(|ledger| {
        let mut linked =
            row(ledger, 2, &["АВ 12"], SerialState::Converted(marking(Field::Serial, "АВ 12", "AV12")));
        linked.row.markings = vec![marking(Field::BarrelSerial, "Б7", "B7")];
        linked
    });
    for (canonical, converted, expect) in [
        ("АВ12", vec!["AV12"], vec![(1, MatchedBy::Canonical)]),
        ("AV12", vec!["AV12", "AB12"], vec![(1, MatchedBy::Converted)]),
        ("", vec!["OTHERAV12"], vec![(1, MatchedBy::OtherReading)]),
        ("", vec!["PLAINAV12"], vec![(1, MatchedBy::PlainKey)]),
        ("Б7", vec![], vec![(1, MatchedBy::Component)]),
        ("", vec!["B7"], vec![(1, MatchedBy::Component)]),
        ("", vec!["AVI2"], vec![(1, MatchedBy::LookAlike)]),
        ("АВ?2", vec![], vec![(1, MatchedBy::Pattern)]),
        ("AV*", vec![], vec![(1, MatchedBy::Pattern)]),
        ("", vec!["A"], vec![]),
        ("", vec!["AV13"], vec![]),
    ] {
        assert_eq!(found(&place, canonical, &converted, false), expect, "{canonical} {converted:?}");
    }
}

#[test]
fn a_serial_that_was_read_in_part_is_found_by_every_serial_that_it_may_be() {
    let place = registry_of(|ledger| row(ledger, 2, &["T1102*"], absent(NoSerial::Illegible, "T1102*")));
    for (canonical, expect) in [
        ("T11023", vec![(1, MatchedBy::Illegible)]),
        ("T1102", vec![(1, MatchedBy::Illegible)]),
        ("T1102*", vec![(1, MatchedBy::Canonical)]),
        ("T1103", vec![]),
    ] {
        assert_eq!(found(&place, canonical, &[], false), expect, "{canonical}");
    }
}

#[test]
fn warnings_that_are_not_understood_are_told() {
    for (flags, told) in [
        (
            r#"[{"code":"W999"}]"#,
            "first.csv!2: `flags` is damaged, or a newer version wrote it: there is no code",
        ),
        ("[", "first.csv!2: `flags` is damaged, or a newer version wrote it: EOF"),
    ] {
        let place = Place::with(&["AB12"]);
        let connection = rusqlite::Connection::open(&place.path).unwrap();
        connection.execute("UPDATE entry SET flags = ?1", [flags]).unwrap();
        let registry = Registry::open(&place.path).unwrap();
        let error = registry.stored().unwrap().present_entries(|_| ()).unwrap_err().to_string();
        assert!(error.contains("not understood") && error.contains(told), "{error}");
    }
}

#[test]
fn a_serial_that_was_corrected_is_found_by_what_it_was() {
    let place = Place::with(&["AB12"]);
    rusqlite::Connection::open(&place.path)
        .unwrap()
        .execute("INSERT INTO former_serial VALUES ('AV12', 1)", [])
        .unwrap();
    assert_eq!(found(&place, "", &["AV12"], false), [(1, MatchedBy::Former)]);
}

#[test]
fn parts_of_serials_are_found_once_there_is_an_index_and_later_runs_keep_it_up() {
    let place = Place::with(&["AB1234", "CD_129"]);
    let query = FindQuery { substring: true, ..FindQuery::default() };
    let error = Registry::open(&place.path).unwrap().find(&query).unwrap_err();
    assert!(error.to_string().contains("find --index"), "{error}");
    matricule_loader::index_substrings(&place.path).unwrap();
    assert_eq!(place.names(), ["registry.db"]);
    let mut load = place.begin();
    load_file(&mut load, "second.csv", &["XB123", "Ж123"], 0);
    load.publish().unwrap();
    for (part, expect) in [
        ("B12", vec![1, 3]),
        ("D_1", vec![2]),
        ("D%1", vec![]),
        ("Ж12", vec![4]),
        ("b12", vec![]),
        ("123", vec![1, 3, 4]),
        ("AB1234", vec![1]),
        ("AB12345", vec![]),
        ("12", vec![]),
    ] {
        let entries: Vec<i64> = found(&place, part, &[], true).into_iter().map(|(entry, _)| entry).collect();
        assert_eq!(entries, expect, "{part}");
    }
}
