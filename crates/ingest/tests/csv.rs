//! CSV files from bytes to events.

#[cfg(test)]
mod support;

use support::told;

fn check(bytes: &[u8], profile: &str, expect: &[&str]) {
    assert_eq!(told("ledger.csv", bytes, profile), expect);
}

#[test]
fn every_row_of_a_ledger_is_accounted_for() {
    check(
        "Book 4;;\n\nSerial No.;Make;Remarks\nA 1;Tula;\n;;\nSerial No.;Make;Remarks\nA 2;〃;x\nTotal 2;;\n;;\n".as_bytes(),
        "",
        &[
            "file csv UTF-8 en",
            "sheet (serial make remarks)",
            "1 title",
            "3 header",
            r#"4 ["A 1","Tula",""]"#,
            "6 repeat_header",
            r#"7 ["A 2","〃","x"] 1=Tula"#,
            "8 subtotal",
            "read 8, blank 2",
            "end",
        ],
    );
}

#[test]
fn bad_rows_are_refused_alone() {
    check(
        b"Serial No.,Make\nA1,Tula\n\"A2,Tula\nA3,T\xffla\nA4,Tula,x\nA5,\"\"\"\"\n\xd0\x90\xd0\x92,\xd0\xa2\xd1\x83\xd0\xbb\xd0\xb0\n",
        "",
        &[
            "file csv UTF-8 en",
            "sheet (serial make)",
            "1 header",
            r#"2 ["A1","Tula"]"#,
            "3 refused I106",
            "4 refused I105",
            r#"5 ["A4","Tula","x"] I108"#,
            r#"6 ["A5","\""] 1=Tula"#,
            r#"7 ["АВ","Тула"]"#,
            "read 7, blank 0",
            "end",
        ],
    );
}

#[test]
fn encodings_and_delimiters_are_found() {
    let rows = |encoding: &str| {
        vec![
            format!("file csv {encoding} ru"),
            "sheet (serial make)".into(),
            "1 header".into(),
            r#"2 ["АВ 1","Тула"]"#.into(),
        ]
    };
    let text = "Заводской номер;Завод\r\nАВ 1;Тула\r\n";
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    let cyrillic: Vec<u8> = text
        .chars()
        .map(|c| if c.is_ascii() { c as u8 } else { (u32::from(c) - 0x410 + 0xc0) as u8 })
        .collect();
    for (encoding, bytes) in [
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8", marked(b"\xef\xbb\xbf", text.as_bytes().to_vec())),
        ("UTF-16LE", marked(b"\xff\xfe", wide(u16::to_le_bytes))),
        ("UTF-16BE", marked(b"\xfe\xff", wide(u16::to_be_bytes))),
        ("windows-1251", cyrillic),
        ("UTF-8", text.replace(';', "\t").into_bytes()),
        ("UTF-8", format!("sep=|\r\n{}", text.replace(';', "|")).into_bytes()),
    ] {
        let found = told("ledger.csv", &bytes, "");
        let found: Vec<String> = found.into_iter().filter(|line| !line.ends_with("title")).take(4).collect();
        let expect = rows(encoding);
        let shift = usize::from(bytes.starts_with(b"sep="));
        if shift == 0 {
            assert_eq!(found, expect);
        } else {
            assert_eq!(found[3], r#"3 ["АВ 1","Тула"]"#);
        }
    }
}

#[test]
fn an_unpaired_surrogate_refuses_its_row() {
    let text: Vec<u8> =
        "Serial No.\tMake\nA1\tx\nA2\ty\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut bytes = [b"\xff\xfe".as_slice(), &text].concat();
    let at = bytes.iter().position(|&byte| byte == b'x').unwrap();
    bytes[at + 1] = 0xd8;
    let found = told("ledger.csv", &bytes, "");
    assert_eq!(found[3..5], ["2 refused I105", r#"3 ["A2","y"]"#]);
}

#[test]
fn a_profile_decides() {
    check(
        b"x,y\n\xc0\xc2 1;2\nkept;3\n",
        "[file]\nencoding = \"windows-1251\"\ndelimiter = \";\"\nheader_row = 2\n[columns]\n\"АВ 1\" = \"serial\"\n",
        &[
            "file csv windows-1251 -",
            "sheet (serial -)",
            "1 title",
            "2 header",
            r#"3 ["kept","3"]"#,
            "read 3, blank 0",
            "end",
        ],
    );
    check(
        b"Serial No.,Make,Zzyzx\n1,x,gun\n2,y,car\n",
        "[rows]\nkeep = { \"zzyzx\" = [\"GUN\"] }\n",
        &[
            "file csv UTF-8 en",
            "sheet (serial make -)",
            "1 header",
            r#"2 ["1","x","gun"]"#,
            "3 not_a_weapon",
            "read 3, blank 0",
            "end",
        ],
    );
    check(
        b"Serial No.,Make\n1,x\n2,y\n",
        "[limits]\nrows = 2\n",
        &["failed I107 a sheet has more than 2 rows."],
    );
}

#[test]
fn a_file_without_a_table_is_refused() {
    check(b"a,b\n1,2\n", "", &["failed I104 none of the first 2 rows with a value names two known columns."]);
    check(b"\n \n", "", &["failed I104 there is no table in the file: no row of it is a header."]);
    check(b"", "", &["failed I101 the file is empty."]);
}

#[test]
fn ditto_marks_mean_the_record_above() {
    check(
        "Serial No.;Make;Model\n1;〃;a\n2;T;do.\n〃;Do.;-//-\n\"4\"x;\n5;〃;〃\n".as_bytes(),
        "",
        &[
            "file csv UTF-8 en",
            "sheet (serial make model)",
            "1 header",
            r#"2 ["1","〃","a"] S206"#,
            r#"3 ["2","T","do."] 2=a"#,
            r#"4 ["〃","Do.","-//-"] 1=T 2=a"#,
            "5 refused I106",
            r#"6 ["5","〃","〃"] S206 S206"#,
            "read 6, blank 0",
            "end",
        ],
    );
}

#[test]
fn a_number_sign_beside_a_serial_number_is_the_running_number() {
    let found = told("ledger.csv", b"No.,Serial No.,Make,Make\n1,A,B,C\n", "");
    assert_eq!(found[1], "sheet (line serial make -)");
}

#[test]
fn the_second_line_of_a_bilingual_header_is_no_record() {
    let found = told("ledger.csv", "Заводской номер,Завод\nSerial No.,Make\nA,B\n".as_bytes(), "");
    assert_eq!(
        found[..5],
        ["file csv UTF-8 ru", "sheet (serial make)", "1 header", "2 repeat_header", r#"3 ["A","B"]"#]
    );
}

#[test]
fn the_first_accent_may_stand_on_the_last_page() {
    let rows: Vec<String> = (0..120_000).map(|number| format!("{number},Colt USA\n")).collect();
    let bytes =
        [b"Serial No.,Make\n", rows.concat().as_bytes(), b"AB 1,\xd2\xf3\xeb\xe0\xef\xf0\xe8\xe2\xe5\xf2\n"]
            .concat();
    let found = told("ledger.csv", &bytes, "");
    assert_eq!(found[0], "file csv windows-1251 en");
    assert_eq!(found[found.len() - 3], r#"120002 ["AB 1","Тулапривет"]"#);
}
