//! Workbooks from bytes to events, read by a child process.

#[cfg(test)]
mod support;

use std::time::{Duration, Instant};

use matricule_record::Code;
use support::{Sample, Words, events_of, inspection_of, row, told, told_by, xlsx, zip};

fn check(sheets: &[(&str, bool, &str)], profile: &str, expect: &[&str]) {
    assert_eq!(told("ledger.xlsx", &xlsx(sheets), profile), expect);
}

fn table(from: u32) -> String {
    row(from, &["Serial No.", "Make"]) + &row(from + 1, &["A 1", "Tula"])
}

#[test]
fn cells_keep_their_place_and_their_kind() {
    let values = "<row r=\"5\"><c r=\"A5\" s=\"2\"><v>12345</v></c><c r=\"B5\" s=\"1\"><v>31837</v></c>\
                  <c r=\"C5\"><v>9.65</v></c><c r=\"D5\" t=\"b\"><v>1</v></c><c r=\"E5\" t=\"e\"><v>#REF!</v></c>\
                  <c r=\"F5\"><f>A1&amp;\"x\"</f></c><c r=\"G5\"><f>\"00\"&amp;\"7\"</f></c></row>";
    let header = row(3, &["Serial No.", "Make", "Model", "Type", "a", "b", "c"]);
    check(
        &[("Лист", false, &(header + values))],
        "",
        &[
            "file xlsx - en",
            "sheet Лист(serial make model type - - -)",
            "3 header",
            r##"5 [{"number":"00012345"},{"date":"1987-03-01"},{"number":"9.65"},{"boolean":"TRUE"},{"error":"#REF!"},{"formula":"=A1&\"x\""},"007"]"##,
            "read 5, blank 3",
            "end",
        ],
    );
}

#[test]
fn hidden_sheets_are_counted_and_others_without_a_table_are_named() {
    let (tables, stray) = ([table(1), table(2)], row(1, &["hello"]));
    let sheets = [
        ("H", true, tables[0].as_str()),
        ("Notes", false, &stray),
        ("B", false, &tables[1]),
        ("Empty", false, ""),
    ];
    check(
        &sheets,
        "",
        &[
            "file xlsx - en",
            "Notes: I104 none of the first 1 rows with a value names two known columns.",
            "sheet B(serial make)",
            "2 header",
            r#"3 ["A 1","Tula"]"#,
            "read 3, blank 1",
            "sheet H()",
            "1 hidden",
            "2 hidden",
            "read 2, blank 0",
            "end",
        ],
    );
    let loaded = told("ledger.xlsx", &xlsx(&sheets[..1]), "[file]\nhidden = \"load\"\n");
    assert_eq!(loaded[1], "sheet H(serial make)");
    let other = told("ledger.xlsx", &xlsx(&sheets), "[ledger]\nsheets = [\"b*\"]\n");
    assert!(other.contains(&"1 not_a_weapon".to_owned()), "{other:?}");
}

#[test]
fn a_value_at_the_far_corner_costs_its_row_only() {
    let corner = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    check(
        &[("S", false, &(table(1) + corner))],
        "",
        &[
            "file xlsx - en",
            "sheet S(serial make)",
            "1 header",
            r#"2 ["A 1","Tula"]"#,
            "1048576 refused I107",
            "read 1048576, blank 1048573",
            "end",
        ],
    );
    let alone = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>".to_owned() + corner;
    let expect = "failed I107 holds a value to the right of column 1024, the last one allowed.";
    check(&[("S", false, &alone)], "", &[expect]);
}

#[test]
fn damage_is_told_and_not_guessed_around() {
    let whole = xlsx(&[("S", false, &table(1))]);
    let found = told("ledger.xlsx", &whole[..whole.len() / 2], "");
    assert!(found[0].starts_with("failed I101 the workbook is damaged"), "{found:?}");
    let broken = table(1) + "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>99</v></c></row>";
    let found = told("ledger.xlsx", &xlsx(&[("S", false, &broken)]), "");
    assert!(found.last().unwrap().contains("I101"), "{found:?}");
    let found = told("ledger.xlsx", b"PK\x03\x04 and nothing else", "");
    assert!(found[0].starts_with("failed I101"), "{found:?}");
}

#[test]
fn a_bomb_is_refused_before_it_is_inflated() {
    let zeros = vec![b' '; 300 << 20];
    let bomb = zip(&[("xl/workbook.xml", b"<workbook/>"), ("xl/sharedStrings.xml", &zeros)]);
    let found = told("bomb.xlsx", &bomb, "");
    assert!(found[0].starts_with("failed I107") && found[0].contains("expansion"), "{found:?}");
}

#[test]
fn memory_is_limited() {
    let long = row(1, &["Serial No.", &"x".repeat(100 << 20)]);
    let found = told("ledger.xlsx", &xlsx(&[("S", false, &long)]), "[limits]\nmemory_megabytes = 64\n");
    assert!(found[0].starts_with("failed I107 reading the workbook took more memory"), "{found:?}");
}

#[test]
fn an_endless_workbook_is_ended() {
    // The library looks for the end of a table for ever where the file ends before.
    let content = "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"S\">";
    let ods = zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ]);
    let found = told("ledger.ods", &ods, "[limits]\nseconds = 1\n");
    assert!(found[0].starts_with("failed I107 reading the workbook took"), "{found:?}");
}

#[test]
fn a_reader_that_does_not_answer_is_ended() {
    let sample = Sample::new("ledger.xlsx", &xlsx(&[("S", false, &table(1))]));
    let words = Words::load();
    for (program, arguments, expect) in [
        ("sleep", vec!["60"], Code::I107),
        ("false", vec![], Code::I101),
        ("sh", vec!["-c", "kill -ABRT $$"], Code::I107),
        ("sh", vec!["-c", "printf '\\377\\377\\377\\377'"], Code::I101),
        ("/nonexistent/reader", vec![], Code::I101),
    ] {
        let mut ingest = words.ingest(None);
        ingest.reader.program = program.into();
        ingest.reader.arguments = arguments.iter().map(Into::into).collect();
        // `sleep 60 path` would end at once for its second operand.
        if program == "sleep" {
            ingest.reader.program = "sh".into();
            ingest.reader.arguments = ["-c", "exec sleep 60"].map(Into::into).to_vec();
            ingest.limits.seconds = 1;
        }
        let since = Instant::now();
        let events = events_of(&ingest, &sample.discover().files[0]);
        let matricule_ingest::Event::Failed(_, finding) = &events[0] else { panic!("{events:?}") };
        assert_eq!(finding.code, expect, "{program}: {}", finding.message);
        assert!(since.elapsed() < Duration::from_secs(20));
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    let bytes = xlsx(&[("S", false, &table(1))]);
    let found = told_by("ledger.xlsx", &bytes, "", |ingest, file| {
        std::fs::OpenOptions::new()
            .append(true)
            .open(&file.path)
            .unwrap()
            .set_modified(std::time::UNIX_EPOCH)
            .unwrap();
        events_of(ingest, file)
    });
    assert_eq!(found.last().unwrap(), "failed I101 the file was changed while it was read.");
}

#[test]
fn an_inspection_shows_what_reading_would_do() {
    let seen = inspection_of("ledger.csv", "Book\nNo.;Serial No.;Make\n1;A;B\n".as_bytes());
    assert_eq!(seen.sheets[0].header_row, Some(2));
    assert_eq!(seen.sheets[0].samples.len(), 1);
    assert_eq!(seen.sheets[0].languages[0], ("en".into(), 3));
    assert_eq!(seen.encoding_evidence.as_deref(), Some("ASCII only"));
    assert_eq!(seen.dialect_evidence.as_deref(), Some("most rows have 3 columns; 3 known header words"));
    let seen = inspection_of("ledger.xlsx", &xlsx(&[("S", false, &table(1))]));
    assert_eq!((seen.sheets[0].rows_read, seen.failure), (2, None));
}
