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
            "file xlsx - -",
            "sheet Notes()",
            "1 refused I104",
            "read 1, blank 0",
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
    let found = told("ledger.xlsx", &xlsx(&[("S", false, &alone)]), "");
    let expect = "failed I107 holds a value to the right of column 1024, the last one allowed.";
    assert_eq!(found.last().unwrap(), expect);
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
fn what_stands_twice_is_not_chosen_from() {
    let cell = |text: &str| format!("<c r=\"A3\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let in_a_row = format!("<row r=\"3\">{}{}</row>", cell("B 1"), cell("B 2"));
    let in_two_rows = format!("<row r=\"3\">{}</row><row r=\"3\">{}</row>", cell("B 1"), cell("B 2"));
    let alike = format!("<row r=\"3\">{}{}</row>", cell("B 1"), cell("B 1"));
    for (rows, expect) in
        [(in_a_row, "3 refused I101"), (in_two_rows, "3 refused I101"), (alike, r#"3 ["B 1"]"#)]
    {
        let found = told("ledger.xlsx", &xlsx(&[("S", false, &(table(1) + &rows))]), "");
        assert_eq!(found[4], expect, "{rows}");
    }
    let found = told("ledger.xlsx", &xlsx(&[("S", false, &table(1)), ("S", false, &table(4))]), "");
    let failed = found.iter().filter(|line| line.contains("I101") && line.contains("several sheets")).count();
    assert_eq!(failed, 1, "{found:?}");
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
    assert_eq!(
        seen.dialect_evidence.as_deref(),
        Some("most rows have 3 columns; 3 known header words; no quotes")
    );
    let seen = inspection_of("ledger.xlsx", &xlsx(&[("S", false, &table(1))]));
    assert_eq!((seen.sheets[0].rows_read, seen.failure), (2, None));
}

#[test]
fn a_declared_header_has_to_stand_in_one_of_the_sheets() {
    let other = row(1, &["Butt", "Make"]) + &row(2, &["7", "FN"]);
    let sheets = [("A", false, table(1)), ("B", false, other)];
    let sheets: Vec<_> = sheets.iter().map(|(name, hidden, rows)| (*name, *hidden, rows.as_str())).collect();
    let columns = "[columns]\n\"Butt\" = \"serial\"\n";
    let found = told("ledger.xlsx", &xlsx(&sheets), columns);
    assert_eq!(found.last().unwrap(), "end");
    let found = told("ledger.xlsx", &xlsx(&sheets), &format!("[ledger]\nsheets = [\"A\"]\n{columns}"));
    assert!(found.last().unwrap().starts_with("failed M506"), "{found:?}");
}

#[test]
fn a_sheet_with_two_columns_for_one_field_is_refused_alone() {
    let twice = row(1, &["Serial No.", "Weapon No", "Make"]) + &row(2, &["A", "B", "FN"]);
    let found = told("ledger.xlsx", &xlsx(&[("A", false, &twice), ("B", false, &table(1))]), "");
    let refused: Vec<_> = found.iter().filter(|line| line.ends_with("refused I111")).collect();
    assert_eq!(refused, ["1 refused I111", "2 refused I111"], "{found:?}");
    assert!(found.contains(&r#"2 ["A 1","Tula"]"#.to_owned()), "{found:?}");
    assert_eq!(found.last().unwrap(), "end");
}

#[test]
fn hidden_rows_were_loaded() {
    let hide = |row: String| row.replace("<row ", "<row hidden=\"1\" ");
    let rows = hide(row(1, &["serial", "make"]))
        + &row(2, &["Serial No.", "Make"])
        + &row(3, &["A 1", "Tula"])
        + &hide(row(4, &["A 2", "Colt"]))
        + &row(5, &["A 3", "do."]);
    let sheet = [("S &amp; T", false, rows.as_str())];
    check(
        &sheet,
        "",
        &[
            "file xlsx - en",
            "sheet S & T(serial make)",
            "1 hidden",
            "2 header",
            r#"3 ["A 1","Tula"]"#,
            "4 hidden",
            r#"5 ["A 3","do."] 1=Colt"#,
            "read 5, blank 0",
            "end",
        ],
    );
    let found = told("ledger.xlsx", &xlsx(&sheet), "[file]\nhidden = \"load\"\n");
    assert_eq!(found[5], r#"4 ["A 2","Colt"]"#);
}

fn ods(rows: &str) -> Vec<u8> {
    ods_of(&format!("<table:table table:name=\"S\">{rows}</table:table>"))
}

fn ods_of(tables: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>\
         {tables}</office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

#[test]
fn a_number_of_an_ods_is_given_as_it_is_shown_wherever_it_stands() {
    let text = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    // A drawing of the table itself has text that is no cell's.
    let drawing = "<table:shapes><draw:frame><text:p>stamp</text:p></draw:frame></table:shapes>";
    let header =
        format!("{drawing}<table:table-row>{}{}</table:table-row>", text("Serial No."), text("Barrel No."));
    for (cell, expect) in [
        // Twice in a row, and in two rows; behind a comment; in pieces.
        ("table:number-columns-repeated=\"2\" V=\"12\"><text:p>AB0012</text:p>", r#"["AB0012","AB0012"]"#),
        (
            "V=\"1234\"><office:annotation><text:p>note</text:p></office:annotation><text:p>001234</text:p>",
            r#"[{"number":"001234"}]"#,
        ),
        ("V=\"13\"><text:p>AB<text:s/>00<text:span>13</text:span></text:p>", r#"["AB 0013"]"#),
        ("V=\"15\"><text:p>A&amp;B-0015</text:p>", r#"["A&B-0015"]"#),
        ("V=\"15\"><text:p>15</text:p>", r#"[{"number":"15"}]"#),
    ] {
        let cell = cell.replace("V=", "office:value-type=\"float\" office:value=");
        let row = format!(
            "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell {cell}</table:table-cell></table:table-row>"
        );
        let found = told("ledger.ods", &ods(&(header.clone() + &row)), "");
        // A comment is a column more.
        for row in [2, 3] {
            let begins = format!("{row} {}", expect.trim_end_matches(']'));
            assert!(found.iter().any(|line| line.starts_with(&begins)), "{cell}: {found:?}");
        }
    }
}

#[test]
fn hidden_rows_of_an_ods_were_loaded() {
    let row = |shown: &str, cells: [&str; 2]| {
        let cell = |text: &str| {
            format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
            )
        };
        format!("<table:table-row{shown}>{}</table:table-row>", cells.map(cell).concat())
    };
    let rows = [
        row("", ["Serial No.", "Make"]),
        "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>".into(),
        row(" table:visibility=\"filter\" table:number-rows-repeated=\"2\"", ["A 1", "Colt"]),
        row(" table:visibility=\"collapse\"", ["A 2", "Colt"]),
        row(" table:visibility=\"visible\"", ["A 3", "Tula"]),
    ];
    let found = told("ledger.ods", &ods(&rows.concat()), "");
    assert_eq!(
        found[2..],
        ["1 header", "4 hidden", "5 hidden", "6 hidden", r#"7 ["A 3","Tula"]"#, "read 7, blank 2", "end"]
    );
}

#[test]
fn letters_that_only_the_number_format_holds_were_lost() {
    let cells = "<row r=\"2\"><c r=\"A2\" s=\"3\"><v>12</v></c><c r=\"B2\" s=\"3\"><v>1.5</v></c></row>";
    let found = told("ledger.xlsx", &xlsx(&[("S", false, &(row(1, &["Serial No.", "Make"]) + cells))]), "");
    assert_eq!(found[3], r#"2 ["AB0012",{"number":"1.5"}]"#);
}

/// Whether a workbook is told to be damaged, in these words.
fn check_damaged(name: &str, bytes: &[u8], words: &str) {
    let found = told(name, bytes, "");
    assert!(
        found.iter().any(|line| line.contains("I101") && line.contains(words)),
        "{name}: {words}: {found:?}"
    );
}

#[test]
fn damage_that_the_library_does_not_see_was_read_as_other_values() {
    let damaged = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/damaged");
    for (name, words) in [
        ("changed-bit.xlsb", "cannot be read to its end"),
        ("cut-stream.xls", "before its end record"),
        ("circle.xls", "streams do not hold together"),
        ("other-circle.xls", "streams do not hold together"),
        ("table-count.xls", "streams do not hold together"),
        ("long-record.xls", ""),
        ("text-goes-on.xls", "goes on behind its record"),
        ("cell-twice.xls", "row 4 is given twice"),
        ("no-such-text.xls", "row 4 names a text"),
        ("wide-sheet.xlsx", ""),
    ] {
        check_damaged(name, &std::fs::read(damaged.join(name)).unwrap(), words);
    }
    let formats = told("formats.xlsb", &std::fs::read(damaged.join("formats.xlsb")).unwrap(), "");
    for shown in
        [r#"{"number":"001234"}"#, r#""AB-01234""#, r#""001-234""#, "1.23E+3", r#""D1234""#, r#""12/34""#]
    {
        assert!(formats.iter().any(|line| line.contains(shown)), "{shown}: {formats:?}");
    }
    let letters = told("book.xls", &std::fs::read(damaged.join("no-code-page.xls")).unwrap(), "");
    assert!(letters.iter().filter(|line| line.ends_with("refused I105")).count() >= 4, "{letters:?}");
}

#[test]
fn a_changed_sum_of_a_part_is_damage() {
    let mut bytes = xlsx(&[("S", false, &table(1))]);
    let name = bytes.windows(13).rposition(|window| window == b"xl/styles.xml").unwrap();
    bytes[name - 30] ^= 1;
    check_damaged("ledger.xlsx", &bytes, "xl/styles.xml cannot be read to its end");
}

#[test]
fn a_part_that_stands_twice_is_not_chosen_from() {
    for name in [b"content", b"Content"] {
        let mut bytes = zip(&[("content.xml", b"<a/>"), ("contenx.xml", b"<b/>")]);
        while let Some(at) = bytes.windows(7).position(|window| window == b"contenx") {
            bytes[at..at + 7].copy_from_slice(name);
        }
        check_damaged("ledger.ods", &bytes, "stands in it twice");
    }
}

#[test]
fn values_that_readers_see_otherwise_were_taken_for_the_first_text() {
    for value in ["t=\"s\"><v> 2 </v>", "t=\"s\"><v>3.0</v>", "><v>12<!-- -->34</v>", "><v>12&#51;4</v>"] {
        let rows = table(1) + &format!("<row r=\"3\"><c r=\"A3\" {value}</c></row>");
        check_damaged("ledger.xlsx", &xlsx(&[("S", false, &rows)]), "not written as plain text");
    }
    let cells = "<row r=\"2\"><c r=\"A2\"><f t=\"shared\" ref=\"A2:B2\" si=\"0\">\"A\"&amp;\"7\"</f></c>\
                 <c r=\"B2\"><f t=\"shared\" si=\"0\"/></c></row>";
    let rows = row(1, &["Serial No.", "Make"]) + cells;
    assert_eq!(told("ledger.xlsx", &xlsx(&[("S", false, &rows)]), "")[3], r#"2 ["A7","A7"]"#);
}

#[test]
fn what_an_ods_holds_beside_its_values_was_read_or_lost() {
    let cell = |inner: &str| {
        format!("<table:table-row><table:table-cell {inner}</table:table-cell></table:table-row>")
    };
    let text = "office:value-type=\"string\"><text:p>A 1</text:p>";
    for (tables, words) in [
        (format!("<table:table>{}</table:table>", cell(text)), "has no name"),
        (
            cell(text).replace("<table:table-row>", "<table:table-row table:number-rows-repeated=\"0\">"),
            "repeated 0 times",
        ),
        (cell(&format!("table:number-columns-repeated=\"x\" {text}")), "damaged"),
        (
            cell(&format!("{text}<draw:frame><text:p>stamp</text:p></draw:frame>")),
            "drawing in a cell of row 1",
        ),
        (cell("office:value-type=\"string\"><text:p><![CDATA[A 1]]></text:p>"), "CDATA"),
        (cell("><text:p>A 1</text:p>"), "cell of row 1 shows a text"),
    ] {
        let is_table = tables.starts_with("<table:table>");
        check_damaged("ledger.ods", &if is_table { ods_of(&tables) } else { ods(&tables) }, words);
    }
}

#[test]
fn the_name_of_a_sheet_is_the_type_where_nothing_else_says_one() {
    for (name, header, expect) in [
        ("Pistols", "Make", "2 [\"A 1\",\"Tula\"] 2=Pistols"),
        ("Pistols", "Type", "2 [\"A 1\",\"Tula\"]"),
        ("Sheet1", "Make", "2 [\"A 1\",\"Tula\"]"),
    ] {
        let rows = row(1, &["Serial No.", header]) + &row(2, &["A 1", "Tula"]);
        let found = told("ledger.xlsx", &xlsx(&[(name, false, &rows)]), "");
        assert!(found.iter().any(|line| line == expect), "{name} {header}: {found:#?}");
    }
}
