use matricule_record::{Code, FileFacts, Finding, Reading, RejectedRow, SheetFacts, SkipClass};

use super::*;
use crate::{
    DuplicateSummary, FileSummary, LeftAside, NamedCount, ReadingInForce, ReviewPairs, StageTime, Totals,
};

fn sheet() -> SheetFacts {
    let skipped = BTreeMap::from([(SkipClass::Title, 2), (SkipClass::Header, 1), (SkipClass::Blank, 30)]);
    SheetFacts { sheet: "Book 1".into(), rows_read: 12_345, rows_loaded: 11_900, rows_rejected: 412, skipped }
}

fn file(path: &str, state: FileState, sheets: Vec<SheetFacts>, finding: Option<Finding>) -> FileSummary {
    let findings = finding.map(|f| FileFinding::all(&RejectedRow::whole(path.into(), "".into(), f)));
    let facts = FileFacts { path: path.into(), ..FileFacts::default() };
    FileSummary::new(&facts, state, sheets, findings.unwrap_or_default())
}

fn code(code: Code, rows: u64, address: &str, text: &str, message: &str, suggestion: &str) -> CodeSummary {
    let example = Example {
        address: address.into(),
        text: text.into(),
        message: message.into(),
        suggestion: suggestion.into(),
    };
    CodeSummary { rows, findings: rows, example: Some(example), ..CodeSummary::new(code) }
}

fn reading(script: &str, language: Option<&str>, table: &str, serials: u64) -> ReadingInForce {
    let language = language.map(Into::into);
    ReadingInForce { script: script.into(), language, reading: Reading::Sound, table: table.into(), serials }
}

fn password() -> Finding {
    Finding::new(Code::I102, "The workbook asks for a password.")
        .suggest("Save a copy without a password and convert again.")
}

/// A run with something under every heading.
fn full() -> Summary {
    let password = password();
    let files = vec![
        file("ledger-1987.xlsx", FileState::Loaded, vec![sheet()], None),
        file("police-1990.xlsx", FileState::Failed, vec![], Some(password)),
        file("depot-1979.csv", FileState::AlreadyLoaded { run_id: 3, run_status: 0 }, vec![], None),
    ];
    let mut whole = CodeSummary::new(Code::I102);
    whole.findings = 1;
    let unmapped = code(
        Code::T301,
        310,
        "ledger-1987.xlsx!Book 1!C42",
        "Ѣ\u{202e} 8",
        "no mapping for 'Ѣ' in cyrl-rus-icao9303.",
        "Add a row to mappings/scripts/cyrl-rus-icao9303.csv, or a line under [mapping] in ledger.toml: \"Ѣ\" = \"E\".",
    );
    let country = code(
        Code::S205,
        98,
        "ledger-1987.xlsx!Book 1!F7",
        "Tula works, of the former state that is no longer in any list, as the clerk of 1987 says",
        "no country of that name.",
        "",
    );
    let review = |kind: &str, pairs| ReviewPairs { kind: kind.into(), pairs };
    Summary {
        chain_head: None,
        run_id: Some(12),
        state: RunState::Published,
        registry: "registry.db".into(),
        rejected_csv: Some("matricule-report/rejected.csv".into()),
        totals: Totals::of(&files),
        files,
        rejects_by_code: vec![whole, country, unmapped],
        flags_by_code: vec![
            code(Code::W401, 1_204, "ledger-1987.xlsx!Book 1!C9", "123", "", ""),
            code(Code::W405, 9, "ledger-1987.xlsx!Book 1!C10", "0123", "", ""),
        ],
        completeness: completeness(),
        waived: None,
        unlisted: vec![],
        duplicates: DuplicateSummary {
            merged_pairs: 14,
            review_pairs: vec![review("leading_zeros", 9), review("other_reading", 1_012)],
            conflicts: 2,
            repeated_serials: 1,
            on_hold: 3,
            not_looked_for: 0,
            not_asked: 5,
            crowded: vec![],
        },
        readings: vec![
            reading("Cyrl", Some("ru"), "cyrl-rus-icao9303", 412),
            reading("Latn", None, "common", 11_000),
        ],
        decades_of_manufacture: Vec::new(),
        characters_dropped: vec![NamedCount { name: "zero-width space".into(), count: 3 }],
        left_aside: vec![LeftAside { path: "photo.jpg".into(), reason: "not a ledger".into() }],
        timings: None,
    }
}

fn completeness() -> crate::CompletenessSummary {
    let mut tally = crate::CompletenessTally::default();
    for (name, share) in [("police", 0.5), ("police", 0.7), ("", 0.25)] {
        tally.add(name, share, []);
    }
    tally.summary()
}

const FULL: &str = r#"Run 12 is published in registry.db (2 files).
1 file was already loaded as run 3 (L703).

Rows read   12,345
  loaded    11,900
  rejected     412
  skipped       33
  sum       12,345 = 11,900 + 412 + 33

Completeness of the loaded records: 48 %
   25 %  no register named
   60 %  police

Files and sheets that could not be loaded: 1
  I102  police-1990.xlsx: password-protected file
        The workbook asks for a password. Save a copy without a password and
        convert again.

Rejected rows by reason (a row can have more than one)
  T301  310  no mapping for a character
             ledger-1987.xlsx!Book 1!C42  "Ѣ<U+202E> 8"
             no mapping for 'Ѣ' in cyrl-rus-icao9303. Add a row to
             mappings/scripts/cyrl-rus-icao9303.csv, or a line under [mapping]
             in ledger.toml: "Ѣ" = "E".
  S205   98  unknown country
             ledger-1987.xlsx!Book 1!F7  "Tula works, of the former state that…"
             no country of that name.

Skipped rows, because they are not weapons
   2  titles above the header
   1  header rows
  30  blank rows

Possible duplicates
     14  pairs merged: the same weapon, and nothing contradicts
  1,021  pairs to be decided by a person
      9    equal but for leading zeros
  1,012    equal in another reading of the same marks
      2  contradictions: the same weapon with different facts; not merged
      1  contradictions of weapons that share a serial and are hardly one
      3  decisions wait: an entry names another weapon now; asked again
      5  pairs with one number that every workshop gives: hardly one weapon, not asked about

How serial numbers were converted
  Cyrillic, Russian: by sound, table cyrl-rus-icao9303, 412 serials
  Latin: by sound, table common, 11,000 serials
  Characters removed from serial numbers: zero-width space 3

Warnings on loaded rows
  W401  1,204  leading zeros may be lost
  W405      9  a similar serial exists

Files left aside: 1
  photo.jpg: not a ledger

What to do next
  1. Open matricule-report/rejected.xlsx: every rejected row, the reason, and where to repair it.
  2. Type: matricule explain T301   (what it means and how to repair it)
  3. Repair the files named above: each line says how.
  4. Correct the ledger, ledger.toml or a mapping table, as each line says.
  5. After a corrected ledger: run matricule convert again.
  6. After a corrected table: run matricule rerun, which shows what it changes.
  7. Decide the pairs: matricule review list shows those first that matter most.
  8. Look into the contradictions: matricule review list --kind conflict, and view v_conflict.
"#;

const CLEAN: &str = "Dry run for r.db (1 file): nothing was written.

Rows read   12,345
  loaded    12,312
  rejected       0
  skipped       33
  sum       12,345 = 12,312 + 0 + 33

Skipped rows, because they are not weapons
   2  titles above the header
   1  header rows
  30  blank rows

Time
      1.250 s  ingest

What to do next
  1. Run again without --dry-run to write the registry.
";

const AGAIN: &str = "Nothing new for r.db (1 file): nothing was written.
1 file was already loaded as run 3 (L703).

Rows read   0
  loaded    0
  rejected  0
  skipped   0
  sum       0 = 0 + 0 + 0

What to do next
  1. The earlier run rejected rows or files: its report says which and why.
";

#[test]
fn a_run_with_everything_in_it() {
    assert_eq!(render(&full(), 80, false), FULL);
}

#[test]
fn a_clean_run_is_short() {
    let mut clean = sheet();
    clean.rows_loaded += clean.rows_rejected;
    clean.rows_rejected = 0;
    let files = vec![file("a.csv", FileState::Loaded, vec![clean], None)];
    let totals = Totals::of(&files);
    let timings = Some(vec![StageTime { stage: "ingest".into(), seconds: 1.25 }]);
    let state = RunState::DryRun;
    let summary = Summary { state, registry: "r.db".into(), files, totals, timings, ..Summary::default() };
    assert_eq!(render(&summary, 80, false), CLEAN);
}

/// It said that every row was loaded.
#[test]
fn a_run_that_skips_every_row_says_so() {
    let totals = |rows_read, rows_loaded| Totals { rows_read, rows_loaded, ..Totals::default() };
    for (totals, is_none) in [(totals(7, 0), true), (totals(7, 6), false), (totals(0, 0), false)] {
        let steps = steps(&Summary { totals, state: RunState::Published, ..Summary::default() });
        assert_eq!(steps[0].starts_with("No row was loaded"), is_none, "{steps:?}");
    }
}

#[test]
fn a_ledger_sent_again_says_so() {
    let state = FileState::AlreadyLoaded { run_id: 3, run_status: 1 };
    let files = vec![file("a.csv", state, vec![], None)];
    let summary = Summary { registry: "r.db".into(), files, ..Summary::default() };
    assert_eq!(render(&summary, 80, false), AGAIN);
}

#[test]
fn colour_only_adds_to_the_text() {
    let coloured = render(&full(), 80, true);
    assert!(coloured.contains("\u{1b}[1;31mT301\u{1b}[0m"));
    let mut plain = coloured;
    for code in ["\u{1b}[1;31m", "\u{1b}[1;33m", "\u{1b}[1m", "\u{1b}[0m"] {
        plain = plain.replace(code, "");
    }
    assert_eq!(plain, FULL);
}

#[test]
fn no_control_character_reaches_the_terminal() {
    let evil = "\u{1b}]0;x\u{7}\u{202e}\n\u{2066}";
    let mut summary = full();
    summary.registry = evil.into();
    summary.left_aside[0] = LeftAside { path: evil.into(), reason: evil.into() };
    summary.characters_dropped[0].name = evil.into();
    summary.readings[0].table = evil.into();
    summary.readings[0].script = evil.into();
    summary.duplicates.review_pairs[0].kind = evil.into();
    summary.completeness.registers[1].register = evil.into();
    summary.rejected_csv = Some(evil.into());
    summary.rejects_by_code[1].example = Some(Example {
        address: evil.into(),
        text: evil.into(),
        message: evil.into(),
        suggestion: evil.into(),
    });
    summary.files[1].findings[0] = FileFinding {
        code: Code::I101,
        title: "t".into(),
        address: evil.into(),
        message: evil.into(),
        suggestion: evil.into(),
    };
    let shown = render(&summary, 80, false);
    let lines = shown.lines().count();
    assert!(
        shown
            .chars()
            .all(|c| c == '\n'
                || !(c.is_control() || ('\u{2066}'..='\u{2069}').contains(&c) || c == '\u{202e}'))
    );
    assert!(lines < 70, "the text was broken into {lines} lines");
}

#[test]
fn numbers_that_do_not_add_up_are_said_so() {
    let mut summary = full();
    summary.totals.rows_read += 1;
    let shown = render(&summary, 80, false);
    assert!(shown.contains("12,346 ≠ 11,900 + 412 + 33\nThese numbers do not add up."), "{shown}");
}
