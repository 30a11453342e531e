//! What a sheet is a table of: which column is the serial, what is no table of records at all, and what stands above
//! rows and holds for them.

#![allow(clippy::format_collect, reason = "plain in a test, where speed does not matter")]

#[cfg(test)]
mod support;

use support::{check, check_columns, inspection_of, merged, row, rows_of, told, xlsx};

#[test]
fn a_header_of_many_unknown_columns_is_one() {
    let unknown: String = (0..40).map(|at| format!(",Field {at}")).collect();
    check_columns(
        &format!("No.,Type,Make,Serial No.{unknown}\n1,pistol,FN,A1{}\n", ",x".repeat(40)),
        "(line type make serial",
    );
    check_columns(&format!("No.,Remarks,Make{unknown}\n1,x,FN{}\n", ",x".repeat(40)), "failed I104");
}

#[test]
fn type_and_calibre_in_one_column_were_said_not_to_be_recorded() {
    for (columns, expect) in [
        ("Type & Calibre,Make", "failed I111"),
        ("Calibre/Type,Make", "failed I111"),
        ("Type & Calibre,Type", "(serial - type)"),
    ] {
        check_columns(&format!("Serial No.,{columns}\nA1,Pistol 9mm,FN\nA2,Rifle 7.62,FN\n"), expect);
    }
}

#[test]
fn what_a_header_says_besides_its_word_is_shown() {
    let found = inspection_of("ledger.csv", b"Serial No. (frame),Make,Calibre (mm)\nA1,FN,9\n");
    let evidence: Vec<&str> = found.sheets[0].columns.iter().map(|column| column.evidence.as_str()).collect();
    assert!(evidence[0].ends_with(": read as Serial No."), "{evidence:?}");
    assert!(evidence[2].ends_with(": read as Calibre"), "{evidence:?}");
}

#[test]
fn index_cards_were_skipped_as_headers() {
    let pairs = "failed I104 the rows are pairs of a label and its value (row";
    for text in [
        "Serial No,AB1,Make,Beretta\nType,Pistol,Country of manufacture,Italy\n\nSerial No,AB2,Make,Colt\n",
        "CARD,,,\nВид оружия,Пистолет,Марка,Ижмаш\nЗаводской номер,АБ 1234,Калибр,9х18\n",
        "Marca:,Star,Modelo:,B\nN.º de serie:,12345,Clase:,Pistola\n",
        "Serial No,AB1,Make,Beretta,Type,Pistol\n",
    ] {
        check_columns(text, pairs);
    }
    // Half of the header's words are not known; its rows are records.
    check_columns("Serial No,Foo,Make,Bar\nA1,x,FN,y\nA2,x,FN,y\n", "(serial - make -)");
    check_columns(
        "Unit:,4 Bn,Make:,FN\nSerial No,Type,Country\nA1,rifle,BE\nA2,rifle,BE\nA3,rifle,BE\n",
        "(serial type",
    );
}

#[test]
fn what_a_page_says_above_its_header_holds_for_the_page() {
    check(
        "Unit: 4 Bn,,\nSerial No.,Make,Type\nA1,FN,rifle\nUnit: 5 Bn,,\nSerial No.,Make,Type\nA2,FN,rifle\n\
         Unit: 4 Bn,,\nSerial No.,Make,Type\nA3,FN,rifle\n",
        &[
            "1 title",
            "2 header",
            "columns (serial make type unit)",
            r#"3 ["A1","FN","rifle"] 3=4 Bn"#,
            "4 group",
            "5 repeat_header",
            r#"6 ["A2","FN","rifle"] 3=5 Bn"#,
            "7 title",
            "8 repeat_header",
            r#"9 ["A3","FN","rifle"] 3=4 Bn"#,
        ],
    );
    // A page number of another form ends the page.
    check(
        "Page: 1,,\nSerial No.,Make,Type\nA1,FN,rifle\nPage 2 of 2,,\nSerial No.,Make,Type\nA2,FN,rifle\n",
        &[
            "1 title",
            "2 header",
            "columns (serial make type page)",
            r#"3 ["A1","FN","rifle"] 3=1"#,
            "4 footer",
            "5 repeat_header",
            r#"6 ["A2","FN","rifle"]"#,
        ],
    );
}

#[test]
fn a_group_above_a_second_table_was_dropped() {
    check(
        "Make: FN,,\nSerial No.,Type,Model\nA1,rifle,FAL\nMake: Colt,,\nType,Model,Serial No.\nrifle,M16,A2\n",
        &[
            "1 title",
            "2 header",
            "columns (serial type model make)",
            r#"3 ["A1","rifle","FAL"] 3=FN"#,
            "4 group",
            "5 header",
            "columns (type model serial make)",
            r#"6 ["rifle","M16","A2"] 3=Colt"#,
        ],
    );
    // One that had its rows above may hold on, or not.
    check(
        "Make: FN,,\nSerial No.,Type,Model\nA1,rifle,FAL\nType,Model,Serial No.\nrifle,M16,A2\nMake: Colt\nrifle,M16,A3\n",
        &[
            "1 title",
            "2 header",
            "columns (serial type model make)",
            r#"3 ["A1","rifle","FAL"] 3=FN"#,
            "4 header",
            "columns (type model serial)",
            r#"5 ["rifle","M16","A2"] I111"#,
            "6 group",
            "columns (type model serial make)",
            r#"7 ["rifle","M16","A3"] 3=Colt"#,
        ],
    );
}

#[test]
fn a_heading_is_the_make_where_rows_lack_it() {
    let rows: [&[&str]; 9] = [
        &["No.", "Serial No.", "Type", "Model"],
        &["BERETTA"],
        &["1", "A1", "pistol", "92"],
        &["Second store"],
        &["2", "A2", "pistol", "92"],
        &["pistols"],
        &["3", "A3", "pistol", "92"],
        &["Colt"],
        &["4", "A4", "pistol", "92"],
    ];
    let mut cells: String = (1..).zip(rows).map(|(number, cells)| row(number, cells)).collect();
    cells += &merged(&["A2:D2", "A4:D4", "A6:D6"]);
    let found = told("ledger.xlsx", &xlsx(&[("S", false, &cells)]), "");
    assert_eq!(
        rows_of(&found),
        [
            "1 header",
            "2 group",
            "columns (line serial type model make)",
            r#"3 ["1","A1","pistol","92"] 4=BERETTA"#,
            "4 group",
            // It may be a maker that nobody knows.
            r#"5 ["2","A2","pistol","92"] I111"#,
            "6 group",
            r#"7 ["3","A3","pistol","92"]"#,
            // Not merged, but a known maker in the place of a number.
            "8 group",
            r#"9 ["4","A4","pistol","92"] 4=Colt"#,
        ],
        "{found:#?}"
    );
}

#[test]
fn a_table_beside_the_weapons_says_nothing_of_them() {
    // A row on one side alone tells two tables.
    check_columns(
        "Serial No.,Make,Type,,Calibre,Rounds\nA1,FN,rifle,,7.62,100\n,,,,5.56,200\n",
        "(serial make type - - -)",
    );
    check_columns("Calibre,Rounds,,Serial No.,Make\n7.62,100,,A1,FN\n5.56,200\n", "(- - - serial make)");
    check_columns(
        "Serial No.,Make,Type,,Calibre,Rounds\nA1,FN,rifle,,7.62,100\n",
        "failed I111 the empty column 4 divides the header: whether `Calibre`",
    );
    // Nothing beyond the empty column is said of weapons; or the column is not empty.
    check_columns("Serial No.,Make,Type,,Foo,Rounds\nA1,FN,rifle,,x,100\n", "(serial make type - - -)");
    check_columns(
        "Serial No.,Make,Type,,Calibre,Rounds\nA1,FN,rifle,x,7.62,100\n",
        "(serial make type - calibre -)",
    );
}

#[test]
fn a_value_alone_among_numbered_rows_is_no_weapon() {
    check(
        "No.,Serial No.,Make\n1,AB 12,FN\n,345,\n2,B2,FN\n,2,\nChecked and signed on the day\n,01/02/1999,\n",
        &[
            "1 header",
            // The serial was cut off.
            r#"2 ["1","AB 12","FN"] I113"#,
            r#"3 ["","345",""] I113"#,
            r#"4 ["2","B2","FN"]"#,
            r#"5 ["","2",""] I113"#,
            r#"6 ["Checked and signed on the day"] I113"#,
            r#"7 ["","01/02/1999",""] I113"#,
        ],
    );
    // Where rows are not numbered it may be one.
    check("No.,Serial No.,Make\n,A1,FN\n,A2,\n", &["1 header", r#"2 ["","A1","FN"]"#, r#"3 ["","A2",""]"#]);
}

#[test]
fn a_row_that_is_struck_out_was_loaded() {
    check(
        "No.,Serial No.,Make,Remarks\n1,A1,FN,CANCELLED\nCancelled,A2,FN,\n3,A3,FN,licence cancelled\n\
         4,A4,FN,void - wrong number\n5,A5,FN,Cancelled 12/5/2009\n6,A6,FN,Cancelled licence no 3\n\
         7,A7,FN,\"cancelled, see 3\"\n8,A8,FN,Cancelled by order 3\n",
        &[
            "1 header",
            r#"2 ["1","A1","FN","CANCELLED"] I114"#,
            "3 cancelled",
            r#"4 ["3","A3","FN","licence cancelled"]"#,
            r#"5 ["4","A4","FN","void - wrong number"] I114"#,
            r#"6 ["5","A5","FN","Cancelled 12/5/2009"] I114"#,
            r#"7 ["6","A6","FN","Cancelled licence no 3"]"#,
            r#"8 ["7","A7","FN","cancelled, see 3"] I114"#,
            r#"9 ["8","A8","FN","Cancelled by order 3"] I114"#,
        ],
    );
}

#[test]
fn an_unknown_column_that_is_called_otherwise_is_another() {
    let found = told(
        "ledger.csv",
        b"Serial No.,Make,Type,Holsters\nA1,FN,rifle,2\nSerial No.,Make,Type,Cleaning kits\nA2,FN,rifle,5\n",
        "",
    );
    assert_eq!(found[4], "3 header", "{found:#?}");
    assert_eq!(found[5], r#"4 ["A2","FN","rifle","5"]"#, "{found:#?}");
}

#[test]
fn page_numbers_are_no_weapons() {
    let numbers = [
        "Page 2",
        "Page 2 of 12",
        "Page 2/12",
        "Pg. 3",
        "- 4 -",
        "Page No. 6",
        "Página 9 de 12",
        "Стр. 11",
        "Seite 13",
        "صفحة ١٤",
        "Sayfa 15",
        "第18页",
        "P.T.O.",
        "18 weapons in total",
        "In total 18",
    ];
    let rows: String = numbers.map(|number| format!("{number},,\n2,A2,FN\n")).concat();
    let found = told("ledger.csv", format!("No.,Serial No.,Make\n1,A1,FN\n{rows}").as_bytes(), "");
    let records = rows_of(&found).iter().filter(|line| line.contains('[')).count();
    assert_eq!(records, numbers.len() + 1, "{found:#?}");
}

#[test]
fn columns_may_be_numbered_in_letters() {
    for numbers in ["(a),(b),(c),(d)", "I,II,III,IV", "A,B,C,D", "1,2,3,4"] {
        let text = format!("No.,Serial No.,Make,Model\n{numbers}\n1,A1,FN,HP\n");
        check(&text, &["1 header", "2 header", r#"3 ["1","A1","FN","HP"]"#]);
    }
}

#[test]
fn a_weapon_in_words_at_the_end_was_skipped() {
    check(
        "No.,Serial No.,Make\n1,A1,FN\nAdded 1999: pistol Colt serial no. 778899\n",
        &["1 header", r#"2 ["1","A1","FN"]"#, r#"3 ["Added 1999: pistol Colt serial no. 778899"]"#],
    );
}

#[test]
fn the_end_mark_of_a_dos_file_is_no_row() {
    check("Serial No.,Make\nA1,FN\n\u{1a}", &["1 header", r#"2 ["A1","FN"]"#]);
}

#[test]
fn a_header_was_looked_for_above_the_sum() {
    let text = "Foo list,,,\nAa,Bb,Cc,Dd\n1,x,y,z\n2,x,y,z\nAll,2,,\n";
    check_columns(text, "row 2 looks most like a header");
}

#[test]
fn letters_beside_a_number_are_of_the_serial() {
    for header in ["№ п/п,Марка,Серия,Номер", "N.º,Marca,Serie,Número", "Ordem,Marca,Série,Nº"]
    {
        check(
            &format!("{header}\n1,FN,,77\n2,FN,AB,1234\n3,FN,,78\n4,FN,-,79\n5,FN,,80\n6,FN,CD,\n"),
            &[
                "1 header",
                r#"2 ["1","FN","","77"]"#,
                r#"3 ["2","FN","AB","1234"]"#,
                r#"4 ["3","FN","","78"] I111"#,
                r#"5 ["4","FN","-","79"]"#,
                r#"6 ["5","FN","","80"]"#,
                r#"7 ["6","FN","CD",""]"#,
            ],
        );
        check_columns(&format!("{header}\n1,FN,AB,1234\n"), "(line make - serial)");
    }
    // With a serial of its own the series is a mark.
    check_columns("№ п/п,Серия,Номер,Заводской номер\n1,AB,1234,A1\n", "(line series_mark - serial)");
}

#[test]
fn what_a_page_says_above_its_header_is_not_said_of_every_weapon() {
    for (title, expect) in [
        ("Year: 1987", r#"3 ["A1","FN"]"#),
        ("Model: Form 45", r#"3 ["A1","FN"]"#),
        ("Holder: Lt. Example", r#"3 ["A1","FN"]"#),
        ("Type: rifle; Calibre: 9x19", r#"3 ["A1","FN"]"#),
        ("Type: rifle", r#"3 ["A1","FN"] 2=rifle"#),
        ("Unit: 4 Bn", r#"3 ["A1","FN"] 2=4 Bn"#),
    ] {
        let found = told("ledger.csv", format!("{title},\nSerial No.,Make\nA1,FN\n").as_bytes(), "");
        assert_eq!(rows_of(&found).last(), Some(&expect), "{found:#?}");
    }
    // A page ends with its header, and nothing else does.
    check(
        "Page: 3,\nUnit: 4 Bn,\nSerial No.,Make\nA1,FN\nSerial No.,Make\nA2,FN\nPage: 5,\nSerial No.,Make\nA3,FN\n",
        &[
            "1 title",
            "2 title",
            "3 header",
            "columns (serial make page unit)",
            r#"4 ["A1","FN"] 2=3 3=4 Bn"#,
            "5 repeat_header",
            r#"6 ["A2","FN"] 3=4 Bn"#,
            "7 group",
            "8 repeat_header",
            r#"9 ["A3","FN"] 3=4 Bn 2=5"#,
        ],
    );
    // A unit of one table is no doubt about another.
    check(
        "Unit: 4 Bn,\nSerial No.,Make\nA1,FN\nMake,Serial No.\nFN,A2\n",
        &[
            "1 title",
            "2 header",
            "columns (serial make unit)",
            r#"3 ["A1","FN"] 2=4 Bn"#,
            "4 header",
            "columns (make serial)",
            r#"5 ["FN","A2"]"#,
        ],
    );
}

#[test]
fn serials_beside_the_first_under_one_heading_were_lost() {
    let rows = row(1, &["No.", "Make", "Serial Nos.", "", "", "Type"])
        + &row(2, &["1", "FN", "1001", "1002", "", "rifle"])
        + &row(3, &["2", "FN", "2001", "", "", "rifle"]);
    let found = told("ledger.xlsx", &xlsx(&[("S", false, &(rows + &merged(&["C1:E1"])))]), "");
    let expect =
        ["1 header", r#"2 ["1","FN","1001","1002","","rifle"] I111"#, r#"3 ["2","FN","2001","","","rifle"]"#];
    assert_eq!(rows_of(&found), expect, "{found:#?}");
}

#[test]
fn headings_one_in_another_hold_together() {
    let header = "No.,Serial No.,Make,Type,Year\n";
    for (rows, expect) in [
        ("BERETTA,,,,\nPistols,,,,\n1,A1,,,1950\n", r#"4 ["1","A1","","","1950"] 2=BERETTA 3=Pistols"#),
        ("ZZZ Works,,,,\nPistols,,,,\n1,A1,,,1950\n", r#"4 ["1","A1","","","1950"] 3=Pistols I111"#),
        ("ZZZ Works,,,,\nMake: FN,,,,\n1,A1,,pistol,1950\n", r#"4 ["1","A1","","pistol","1950"] 2=FN"#),
    ] {
        let found = told("ledger.csv", format!("{header}{rows}").as_bytes(), "");
        assert_eq!(rows_of(&found).last(), Some(&expect), "{found:#?}");
    }
}

#[test]
fn a_later_table_whose_serials_count_the_rows_was_loaded() {
    check(
        "Serial No.,Make\nA1,FN\nSerial No.,Number of gun,Make\n1,XX91,FN\n2,XX92,FN\nA7,XX93,FN\n",
        &["1 header", r#"2 ["A1","FN"]"#, "3 header", "4 refused I112", "5 refused I112", "6 refused I112"],
    );
}

#[test]
fn tables_on_both_sides_of_the_weapons_are_left_alone() {
    let found = told(
        "ledger.csv",
        "Holder,Unit,,Serial No.,Make,,Calibre,Rounds\nX,4 Bn,,A1,FN,,9x19,50\nY,5 Bn,,A2,FN,,.380,20\nZ,6 Bn,,,,,,\n,,,,,,.22 LR,5\n"
            .as_bytes(),
        "",
    );
    assert_eq!(found[1], "sheet (- - - serial make - - -)", "{found:#?}");
}
