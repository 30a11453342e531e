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
    check(
        b"a,b\n1,2\n",
        "",
        &[
            "failed I104 none of the first 2 rows with a value names two known columns; row 1 looks most like a header: `a`, `b`.",
        ],
    );
    check(b"\n \n", "", &["failed I104 there is no table in the file: no row of it is a header."]);
    check(b"", "", &["failed I101 the file is empty."]);
}

#[test]
fn ditto_marks_mean_the_record_above() {
    check(
        "Serial No.;Make;Model\n1;〃;a\n2;T;do.\n〃;Do.;-//-\n3;Do. do.;(DO)\n\"4\"x;\n5;〃;〃\n".as_bytes(),
        "",
        &[
            "file csv UTF-8 en",
            "sheet (serial make model)",
            "1 header",
            r#"2 ["1","〃","a"] S206"#,
            r#"3 ["2","T","do."] 2=a"#,
            r#"4 ["〃","Do.","-//-"] 1=T 2=a"#,
            r#"5 ["3","Do. do.","(DO)"] 1=T"#,
            "6 refused I106",
            r#"7 ["5","〃","〃"] S206 S206"#,
            "read 7, blank 0",
            "end",
        ],
    );
}

#[test]
fn a_number_sign_beside_a_serial_number_is_the_running_number() {
    let found = told("ledger.csv", b"No.,Serial No.,Make,Remarks,Remarks\n1,A,B,C,D\n", "");
    assert_eq!(found[1], "sheet (line serial make remarks -)");
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
    // No known word confirms the guess, so the last row depends on what is declared.
    let found = told("ledger.csv", &bytes, "");
    assert_eq!(found[0], "file csv windows-1251 en");
    assert_eq!(
        found[found.len() - 4..found.len() - 2],
        [r#"120001 ["119999","Colt USA"]"#, "120002 refused I105"]
    );
    let found = told("ledger.csv", &bytes, "[ledger]\nlanguage = \"ru\"\n");
    assert_eq!(found[found.len() - 3], r#"120002 ["AB 1","Тулапривет"]"#);
}

/// What becomes of the rows of bytes that are no UTF-8.
fn check_bytes(bytes: &[u8], expect: &[&str]) {
    let found = told("ledger.csv", bytes, "");
    assert_eq!(found[2..found.len() - 2], *expect, "{found:#?}");
}

/// What becomes of the rows, without what is said of the file.
fn check_rows(text: &str, profile: &str, expect: &[&str]) {
    let found = told("ledger.csv", text.as_bytes(), profile);
    let rows =
        found.iter().filter(|line| line.starts_with(|c: char| c.is_ascii_digit()) || line.contains("failed"));
    assert_eq!(rows.map(String::as_str).collect::<Vec<_>>(), expect, "{found:#?}");
}

#[test]
fn weapons_above_a_fuller_header_were_skipped_as_titles() {
    check_rows(
        "Serial No.,Make,Type,Country\nA1,FN,rifle,BE\nA2,FN,rifle,BE\nA3,FN,rifle,BE\n\n\
         Serial No.,Make,Type,Country,Model,Calibre\nA4,FN,rifle,BE,FAL,7.62\n",
        "",
        &[
            "1 header",
            r#"2 ["A1","FN","rifle","BE"]"#,
            r#"3 ["A2","FN","rifle","BE"]"#,
            r#"4 ["A3","FN","rifle","BE"]"#,
            "6 header",
            r#"7 ["A4","FN","rifle","BE","FAL","7.62"]"#,
        ],
    );
    check_rows(
        "Serial No.,Make\nA1,FN\nSerial No.,Make,Type\nA2,FN,rifle\n",
        "",
        &["1 header", r#"2 ["A1","FN"]"#, "3 header", r#"4 ["A2","FN","rifle"]"#],
    );
    // Under no header at all, nobody knows what the cells mean.
    check_rows(
        "A1,FN,rifle\nSerial No.,Make,Type\nA2,FN,rifle\n",
        "",
        &["1 refused I112", "2 header", r#"3 ["A2","FN","rifle"]"#],
    );
    // A block of a few words above the header is a title still.
    check_rows(
        "Book,4\nPage,7,No.\nby hand\nSerial No.,Make,Type\nA1,FN,rifle\n",
        "",
        &["1 title", "2 title", "3 title", "4 header", r#"5 ["A1","FN","rifle"]"#],
    );
}

#[test]
fn rows_below_a_reordered_header_were_read_by_the_first() {
    check_rows(
        "Serial No.,Make\nA1,FN\nMake,Serial No.\nColt,A2\nTotal 2,\nSerial No.,Make\nA3,FN\n",
        "",
        &[
            "1 header",
            r#"2 ["A1","FN"]"#,
            "3 header",
            r#"4 ["Colt","A2"]"#,
            "5 subtotal",
            "6 header",
            r#"7 ["A3","FN"]"#,
        ],
    );
    check_rows(
        "Make,Model,Serial No.,Zzyzx\nFN,FAL,A1,x\nSerial No.,Make,Model,Zzyzx\nA2,FN,FAL,x\n",
        "",
        &["1 header", r#"2 ["FN","FAL","A1","x"]"#, "3 header", r#"4 ["A2","FN","FAL","x"]"#],
    );
    check_rows(
        "Serial No.,Make,Type\nA1,FN,rifle\nPage,3,Book,7\nSerial No.,Make\nA2,FN\n",
        "",
        &[
            "1 header",
            r#"2 ["A1","FN","rifle"]"#,
            r#"3 ["Page","3","Book","7"] I108"#,
            "4 header",
            r#"5 ["A2","FN"]"#,
        ],
    );
}

#[test]
fn the_second_line_of_a_header_may_lack_words() {
    check_rows(
        "Заводской номер,Завод,Zzyzx,Тип\nSerial No.,Make,Model,\nA1,B,C,D\n",
        "",
        &["1 header", "2 repeat_header", r#"3 ["A1","B","C","D"]"#],
    );
}

#[test]
fn two_columns_for_one_field_were_decided_by_their_order() {
    let refused =
        "failed I111 the columns `Weapon No` (column 2) and `Serial No.` (column 3) both mean serial.";
    check_rows("No.,Weapon No,Serial No.,Make\n1,7,A1,FN\n", "", &[refused]);
    check_rows(
        "Serial No.,Make,Serial No.,Make\nA1,FN,A2,FN\n",
        "",
        &["failed I111 the columns `Serial No.` (column 1) and `Serial No.` (column 3) both mean serial."],
    );
    // The Turkish running number is no way out of an English header.
    check_rows(
        "S/N,Serial No.,Make\n1,A1,FN\n",
        "",
        &["failed I111 the columns `S/N` (column 1) and `Serial No.` (column 2) both mean serial."],
    );
    check_rows(
        "S/N,Serial No.,Завод,Модель\nA,B,C,D\n",
        "",
        &["failed I111 the columns `S/N` (column 1) and `Serial No.` (column 2) both mean serial."],
    );
    let found = told(
        "ledger.csv",
        b"No.,Weapon No,Serial No.,Make\n1,7,A1,FN\n",
        "[columns]\n\"Serial No.\" = \"serial\"\n",
    );
    assert_eq!(found[1], "sheet (line - serial make)");
}

#[test]
fn weapons_whose_serial_begins_like_furniture_were_skipped() {
    check_rows(
        "Serial No.,Make,Model\nVOID 7,FN,\nTotal 1,,30\nCancelled,,1911\nCancelled,,\nNote,Colt,\n,Note,\n",
        "",
        &[
            "1 header",
            r#"2 ["VOID 7","FN",""]"#,
            "3 subtotal",
            r#"4 ["Cancelled","","1911"]"#,
            "5 cancelled",
            r#"6 ["Note","Colt",""]"#,
            "7 note",
        ],
    );
}

#[test]
fn a_ditto_mark_meant_the_row_above_a_skipped_one() {
    check_rows(
        "Serial No.,Make,Zzyzx\nA1,FN,gun\nA2,Colt,car\nA3,〃,gun\nA4,〃,〃\nA5,FN,car\nA6,〃,〃\n",
        "[rows]\nkeep = { \"Zzyzx\" = [\"gun\"] }\n",
        &[
            "1 header",
            r#"2 ["A1","FN","gun"]"#,
            "3 not_a_weapon",
            r#"4 ["A3","〃","gun"] 1=Colt"#,
            r#"5 ["A4","〃","〃"] 1=Colt"#,
            "6 not_a_weapon",
            "7 not_a_weapon",
        ],
    );
    check_rows(
        "No.,Serial No.,Make,Calibre\n1,A1,FN,7.62\nCancelled,,,9\n3,A3,FN,〃\nCancelled,,,\n4,A4,〃,〃\n",
        "",
        &[
            "1 header",
            r#"2 ["1","A1","FN","7.62"]"#,
            "3 cancelled",
            r#"4 ["3","A3","FN","〃"] 3=9"#,
            "5 cancelled",
            r#"6 ["4","A4","〃","〃"] 2=FN 3=9"#,
        ],
    );
}

#[test]
fn declarations_that_hold_for_no_column_were_ignored() {
    let text = "No.,Serial No.,Make\n1,A1,FN\n";
    for (profile, expect) in [
        (
            "[columns]\n\"Serial No\" = \"serial\"\n",
            "failed M506 [columns] names the header `Serial No`, which the file does not have.",
        ),
        (
            "[rows]\nkeep = { \"Class\" = [\"gun\"] }\n",
            "failed M506 [rows] keep names the header `Class`, which the file does not have.",
        ),
        (
            "[columns]\n\"No.\" = \"serial\"\n\"Serial No.\" = \"serial\"\n",
            "failed M506 [columns] gives serial to both `No.` and `Serial No.`.",
        ),
    ] {
        check_rows(text, profile, &[expect]);
        check_rows(
            text,
            &format!("[ledger]\nfiles = [\"other*\"]\n{profile}"),
            &["1 header", r#"2 ["1","A1","FN"]"#],
        );
    }
}

#[test]
fn a_declared_column_lost_its_field_to_a_header_word() {
    let found = told("ledger.csv", b"Serial No.,Butt,Make\nA1,7,FN\n", "[columns]\n\"Butt\" = \"serial\"\n");
    assert_eq!(found[1], "sheet (- serial make)");
}

#[test]
fn letters_of_a_guessed_encoding_were_taken_on_trust() {
    let bytes = b"Serial No.,Make,\xf9\xe8\xf2\nA1,FN,1\nA2,\xd2\xf3\xeb\xe0,2\n";
    let rows = |bytes: &[u8], profile: &str| {
        let found = told("ledger.csv", bytes, profile);
        found.into_iter().filter(|line| line.starts_with(['2', '3', '4'])).collect::<Vec<_>>()
    };
    assert_eq!(rows(bytes, ""), [r#"2 ["A1","FN","1"]"#, "3 refused I105"]);
    let declared = "[file]\nencoding = \"windows-1251\"\n";
    assert_eq!(rows(bytes, declared)[1], r#"3 ["A2","Тула","2"]"#);
    // A total at the foot of the page is a known word.
    let foot = [bytes.as_slice(), b"\xc8\xf2\xee\xe3\xee 2,,\n"].concat();
    assert_eq!(rows(&foot, "")[1..], [r#"3 ["A2","Тула","2"]"#, "4 subtotal"]);
}

#[test]
fn mac_cyrillic_was_taken_for_another_encoding() {
    let text = "№;Марка;Серія;Номер;Калібр;Рік;Власник\n1;ТОЗ34;ЛЯ;907250;7,62;1992;БОНДАР Ю.С.\n";
    let (bytes, _, _) = encoding_rs::X_MAC_CYRILLIC.encode(text);
    let found = told("ledger.csv", &bytes, "");
    assert!(found[0].starts_with("file csv x-mac-cyrillic"), "{found:#?}");
    assert_eq!(found[3], r#"2 ["1","ТОЗ34","ЛЯ","907250","7,62","1992","БОНДАР Ю.С."]"#);
}

#[test]
fn a_multiplication_sign_needs_no_confirmed_encoding() {
    check_bytes(
        b"Serial No.,Make,Calibre\nA1,FN,7.62\xd739\nA2,FN,9 \xd7 19\nA3,F\xd7N,9x19\nA4,F\xfcN,9x19\n",
        &[
            "1 header",
            r#"2 ["A1","FN","7.62×39"]"#,
            r#"3 ["A2","FN","9 × 19"]"#,
            "4 refused I105",
            "5 refused I105",
        ],
    );
}
