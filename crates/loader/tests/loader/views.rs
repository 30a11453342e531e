//! The public views against the contract (design page, section 5).

use matricule_record::Field;

use crate::fixture::{Place, reader};

/// Every view and the columns that the contract names; `…fields` stands for every field.
const CONTRACT: &[(&str, &str)] = &[
    (
        "v_run",
        "run_id started_at finished_at state command operator version tables profiles \
         rows_read rows_loaded rows_rejected rows_skipped",
    ),
    (
        "v_file",
        "file_id run_id path sha256 bytes format encoding dialect language reading register state \
         rows_read rows_loaded rows_rejected rows_skipped skipped",
    ),
    ("v_sheet", "file_id sheet rows_read rows_loaded rows_rejected rows_skipped skipped"),
    (
        "v_entry",
        "entry_id run_id file_id file sheet row …fields serial_original serial_canonical serial_script \
         serial_table serial_reading no_serial originals completeness flags extra weapon_id",
    ),
    (
        "v_weapon",
        "weapon_id serial serial_original serial_script no_serial make model type calibre \
         country_of_manufacture year_of_manufacture series_mark register entries conflicts",
    ),
    ("v_marking", "entry_id component kind original script converted table"),
    (
        "v_reject",
        "reject_id finding run_id file_id file sheet row cell field code original message suggestion state",
    ),
    ("v_duplicate", "entry_a entry_b kind bits state reasons"),
    ("v_event", "entry_id kind date from_party to_party document"),
    ("v_completeness", "scope name entries completeness"),
    ("v_conflict", "conflict_id entry_a entry_b weapon_a weapon_b field value_a value_b kind state"),
    ("v_decision", "decision_id run_id entry_a entry_b verdict reason operator supersedes in_force"),
    ("v_change", "entry_id run_id field before after cause"),
];

#[test]
fn every_view_begins_with_the_columns_of_the_contract() {
    let place = Place::with(&["A1"]);
    let connection = reader(&place.path);
    let fields: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
    for (view, columns) in CONTRACT {
        let wanted = columns.replace("…fields", &fields.join(" "));
        let wanted: Vec<&str> = wanted.split_whitespace().collect();
        let query = connection.prepare(&format!("SELECT * FROM {view}")).unwrap();
        let found: Vec<&str> = query.column_names().collect();
        assert_eq!(found.get(..wanted.len()), Some(&wanted[..]), "{view} has {found:?}");
    }
}

#[test]
fn there_is_no_view_without_a_contract() {
    let place = Place::with(&["A1"]);
    let views: String =
        place.value("SELECT group_concat(name, ' ' ORDER BY name) FROM sqlite_master WHERE type = 'view'");
    let mut wanted: Vec<&str> = CONTRACT.iter().map(|(view, _)| *view).collect();
    wanted.sort_unstable();
    assert_eq!(views, wanted.join(" "));
}

#[test]
fn searches_use_their_indexes() {
    let place = Place::with(&["A1"]);
    let connection = reader(&place.path);
    for column in ["serial", "serial_canonical", "other_reading"] {
        let plan: Vec<String> = connection
            .prepare(&format!(
                "EXPLAIN QUERY PLAN SELECT * FROM v_entry WHERE {column} = 'A1' ORDER BY entry_id"
            ))
            .unwrap()
            .query_map([], |row| row.get("detail"))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(plan.iter().any(|step| step.starts_with("SEARCH e USING INDEX")), "{column}: {plan:?}");
    }
}
