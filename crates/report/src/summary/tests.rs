use matricule_record::{Conflict, Duplicate, Finding};

use super::*;

fn sheet(read: u64, loaded: u64, rejected: u64, blank: u64) -> SheetFacts {
    let mut skipped = BTreeMap::from([(SkipClass::Header, 1)]);
    skipped.insert(SkipClass::Blank, blank);
    SheetFacts { sheet: "".into(), rows_read: read, rows_loaded: loaded, rows_rejected: rejected, skipped }
}

fn file(state: FileState, sheets: Vec<SheetFacts>, findings: Vec<FileFinding>) -> FileSummary {
    FileSummary::new(&FileFacts { path: "a.csv".into(), ..FileFacts::default() }, state, sheets, findings)
}

fn password() -> Vec<FileFinding> {
    FileFinding::all(&RejectedRow::whole("a.csv".into(), "".into(), Finding::new(Code::I102, "m")))
}

#[test]
fn exit_status_is_one_where_anything_was_refused() {
    let clean = || vec![sheet(4, 2, 0, 1)];
    let before = |run_status| FileState::AlreadyLoaded { run_id: 3, run_status };
    for (state, sheets, findings, expect) in [
        (FileState::Loaded, clean(), vec![], 0),
        (FileState::Loaded, vec![sheet(4, 1, 1, 1)], vec![], 1),
        (FileState::Loaded, clean(), password(), 1),
        (FileState::Failed, vec![], password(), 1),
        (FileState::Refused, vec![], password(), 1),
        (before(0), vec![], vec![], 0),
        (before(1), vec![], vec![], 1),
    ] {
        let files = vec![file(state, sheets, findings)];
        let summary = Summary { totals: Totals::of(&files), files, ..Summary::default() };
        assert_eq!(summary.exit_status(), expect, "{state:?}");
    }
}

#[test]
fn totals_leave_out_what_was_loaded_before() {
    let files = [
        file(FileState::Loaded, vec![sheet(4, 2, 0, 1), sheet(7, 3, 1, 2)], vec![]),
        file(FileState::AlreadyLoaded { run_id: 1, run_status: 0 }, vec![sheet(100, 99, 0, 0)], vec![]),
    ];
    let totals = Totals::of(&files);
    assert_eq!(
        (totals.rows_read, totals.rows_loaded, totals.rows_rejected, totals.rows_skipped),
        (11, 5, 1, 5)
    );
    assert_eq!(totals.skipped[&SkipClass::Blank], 3);
    assert!(totals.is_conserved());
}

#[test]
fn duplicates_are_counted_by_state_and_kind() {
    let duplicate =
        |kind, state| Duplicate { entry_a: 1, entry_b: 2, kind, bits: None, state, reasons: vec![] };
    let conflict = |state| Conflict {
        entry_a: 1,
        entry_b: 2,
        field: "calibre",
        value_a: "1".into(),
        value_b: "2".into(),
        kind: "contradiction",
        state,
    };
    let resolution = Resolution {
        duplicates: vec![
            duplicate("exact", DuplicateState::Merged),
            duplicate("separators", DuplicateState::Review),
            duplicate("confusable", DuplicateState::Review),
            duplicate("separators", DuplicateState::Review),
            duplicate("separators", DuplicateState::Refused),
        ],
        conflicts: vec![conflict("open"), conflict("confirmed")],
        crowded: vec![900],
        ..Resolution::default()
    };
    let json = serde_json::to_string(&DuplicateSummary::of(&resolution)).unwrap();
    let expect = r#"{"merged_pairs":1,"review_pairs":[{"kind":"confusable","pairs":1},{"kind":"separators","pairs":2}],"conflicts":1,"crowded":[900]}"#;
    assert_eq!(json, expect);
}

/// The schema that other people's scripts read.
#[test]
fn json_keeps_its_schema() {
    let files = vec![
        file(FileState::AlreadyLoaded { run_id: 3, run_status: 0 }, vec![sheet(3, 1, 0, 1)], vec![]),
        file(FileState::Failed, vec![], password()),
    ];
    let mut code = CodeSummary::new(Code::T301);
    code.example = Some(Example::default());
    let mut completeness = crate::CompletenessTally::default();
    completeness.add("police", 0.5, [matricule_record::Field::Make]);
    let unlisted =
        vec![Unlisted {
            field: "make", text: "Завод 9".into(), romanized: Some("ZAVOD 9".into()), rows: 1
        }];
    let completeness = completeness.summary();
    let decades_of_manufacture = vec![NamedCount { name: "1960s".into(), count: 12 }];
    let summary = Summary {
        rejects_by_code: vec![code],
        files,
        completeness,
        unlisted,
        decades_of_manufacture,
        ..Summary::default()
    };
    let mut json = Vec::new();
    write_json(&summary, &mut json).unwrap();
    assert_eq!(String::from_utf8(json).unwrap(), include_str!("schema.json"));
}
