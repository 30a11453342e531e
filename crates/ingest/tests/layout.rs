//! Layouts: headers of two lines, tables below each other, groups, and lines that are no records.

#[cfg(test)]
mod support;

use support::{check, merged, row, rows_of, told, xlsx};

/// The same for a sheet of a workbook: its rows, and the cells that are merged in it.
fn check_sheet(rows: &[&[&str]], regions: &[&str], columns: &str, expect: &[&str]) {
    let mut cells: String = (1..).zip(rows).map(|(number, cells)| row(number, cells)).collect();
    cells += &merged(regions);
    let found = told("ledger.xlsx", &xlsx(&[("S", false, &cells)]), "");
    assert_eq!(found[1], format!("sheet S({columns})"), "{found:#?}");
    assert_eq!(rows_of(&found), expect, "{found:#?}");
}

#[test]
fn a_header_of_two_lines_is_one_header() {
    check_sheet(
        &[
            &["No.", "Weapon", "", "", "Status"],
            &["", "Make", "Serial No.", "Type", ""],
            &["1", "Tula", "A1", "pistol", "in service"],
        ],
        &["A1:A2", "B1:D1", "E1:E2"],
        "line make serial weapon_type status".replace("weapon_type", "type").as_str(),
        &["1 header", "2 header", r#"3 ["1","Tula","A1","pistol","in service"]"#],
    );
    // Halves of one name, above each other.
    check(
        "Serial,Country of,Make\nNo.,manufacture,\nA1,BE,FN\n",
        &["1 header", "2 header", r#"3 ["A1","BE","FN"]"#],
    );
    // Both lines stand on the next page too, and are no records there.
    check(
        ",Weapon,,Registration\nNo.,Make,Serial No.,Date\n1,FN,A1,1987-01-01\n,Weapon,,Registration\n\
         No.,Make,Serial No.,Date\n2,FN,A2,1987-01-01\n",
        &[
            "1 header",
            "2 header",
            r#"3 ["1","FN","A1","1987-01-01"]"#,
            "4 repeat_header",
            "5 repeat_header",
            r#"6 ["2","FN","A2","1987-01-01"]"#,
        ],
    );
}

#[test]
fn a_record_is_no_second_line_of_a_header() {
    check("Serial No.,Make,Type\nA1,FN,rifle\n", &["1 header", r#"2 ["A1","FN","rifle"]"#]);
    check("Serial No.,Make,,Remarks\nAB,FN,Model,\n", &["1 header", r#"2 ["AB","FN","Model",""]"#]);
}

#[test]
fn a_group_changes_what_its_columns_mean() {
    check_sheet(
        &[
            &["Serial No.", "Make", "Import", "", "Barrel"],
            &["", "", "Country", "Year", "Serial No."],
            &["A1", "FN", "BE", "1987", "B7"],
        ],
        &["A1:A2", "B1:B2", "C1:D1", "E1:F1"],
        "serial make import_country import_year barrel_serial",
        &["1 header", "2 header", r#"3 ["A1","FN","BE","1987","B7"]"#],
    );
    check_sheet(
        &[
            &["Weapon", "", "Registration", ""],
            &["Serial No.", "Country", "Date", "Remarks"],
            &["A1", "BE", "1987-01-01", ""],
        ],
        &["A1:B1", "C1:D1"],
        "serial country_of_manufacture registered_on remarks",
        &["1 header", "2 header", r#"3 ["A1","BE","1987-01-01"]"#],
    );
}

#[test]
fn a_merged_value_is_that_of_each_row() {
    check_sheet(
        &[
            &["Serial No.", "Make", "Model"],
            &["A1", "FN", "FAL"],
            &["A2", "", "FAL"],
            &["", "", "MAG"],
            &["A4", "", "MAG"],
            &["Total", "2"],
            &["A5", "", "MAG"],
        ],
        &["B2:B4", "A3:A4", "B6:B7"],
        "serial make model",
        &[
            "1 header",
            r#"2 ["A1","FN","FAL"]"#,
            r#"3 ["A2","","FAL"] 1=FN"#,
            // A serial is of one weapon, however its cell is merged.
            r#"4 ["","","MAG"] 1=FN"#,
            // Not merged any more, and never across a total.
            r#"5 ["A4","","MAG"]"#,
            "6 subtotal",
            r#"7 ["A5","","MAG"]"#,
        ],
    );
}

#[test]
fn tables_below_each_other_have_their_own_columns() {
    check(
        "Pistols,,\nSerial No.,Make,Model\nA1,FN,HP\n,,\nRifles,,\nMake,Type,Serial No.,Calibre\nColt,rifle,A2,5.56\nTotal 2\n\
         Serial No.,Make,Model\nA3,FN,HP\n",
        &[
            "1 title",
            "2 header",
            r#"3 ["A1","FN","HP"]"#,
            "5 title",
            "6 header",
            "columns (make type serial calibre)",
            r#"7 ["Colt","rifle","A2","5.56"]"#,
            "8 subtotal",
            "9 header",
            "columns (serial make model)",
            r#"10 ["A3","FN","HP"]"#,
        ],
    );
    // A table without serials is none that could be read.
    check(
        "Serial No.,Make,Type\nA1,FN,rifle\nMake,Calibre\nFN,5.56\n",
        &["1 header", r#"2 ["A1","FN","rifle"]"#, "3 header", "4 refused I112"],
    );
    check_sheet(
        &[
            &["Serial No.", "Make", "Model"],
            &["A1", "FN", "HP"],
            &["Weapon", "", "Country", "Make"],
            &["Serial No.", "Model", "", ""],
            &["A2", "HP", "BE", "FN"],
        ],
        &["A3:B3", "C3:C4", "D3:D4"],
        "serial make model",
        &[
            "1 header",
            r#"2 ["A1","FN","HP"]"#,
            "3 header",
            "4 header",
            "columns (serial model country_of_manufacture make)",
            r#"5 ["A2","HP","BE","FN"]"#,
        ],
    );
}

/// A column of several fields may say another value than the group, unless it says the same.
#[test]
fn a_group_row_does_not_contradict_a_column_of_several_fields() {
    check(
        "Serial No.,Type & Make,Model\nMake: Webley,,\nA1,Revolver Webley,VI\nA2,Revolver Zzyzx,\nA3,,VI\n",
        &[
            "1 header",
            "2 group",
            "columns (serial - model make)",
            r#"3 ["A1","Revolver Webley","VI"] 3=Webley"#,
            r#"4 ["A2","Revolver Zzyzx",""] 3=Webley I111"#,
            r#"5 ["A3","","VI"] 3=Webley"#,
        ],
    );
}

#[test]
fn a_group_row_holds_for_the_rows_below() {
    check(
        "Serial No.,Model,Make\nMake: FN,,\nA1,HP,\nA2,HP,Colt\nTotal 2,,\nA3,HP,〃\nMake:,Tula,\nA4,TT,\n",
        &[
            "1 header",
            "2 group",
            r#"3 ["A1","HP",""] 2=FN"#,
            r#"4 ["A2","HP","Colt"]"#,
            "5 subtotal",
            r#"6 ["A3","HP","〃"] 2=Colt"#,
            "7 group",
            r#"8 ["A4","TT",""] 2=Tula"#,
        ],
    );
    // A sum may be that of the group, and a text alone the next one's heading: then nobody knows.
    check(
        "Serial No.,Model,Make\nMake: FN,,\nA1,HP,\nTotal 1\nSerial No.,Model,Make\nA2,HP,\nTotal 1\nA3,HP,\n\
         Make: FN,,\nA4,HP,\n,COLT,\nA5,HP,\n",
        &[
            "1 header",
            "2 group",
            r#"3 ["A1","HP",""] 2=FN"#,
            "4 subtotal",
            "5 repeat_header",
            r#"6 ["A2","HP",""] 2=FN"#,
            "7 subtotal",
            r#"8 ["A3","HP",""]"#,
            "9 group",
            r#"10 ["A4","HP",""] 2=FN"#,
            r#"11 ["","COLT",""]"#,
            r#"12 ["A5","HP",""]"#,
        ],
    );
    // A ditto mark below the heading of a group means nothing that stands above it.
    check(
        "Serial No.,Model,Make\nMake: FN,,\nA1,HP,\nMake: Colt,,\nA2,〃,〃\n",
        &["1 header", "2 group", r#"3 ["A1","HP",""] 2=FN"#, "4 group", r#"5 ["A2","〃","〃"] 1=HP S206"#],
    );
    // A field without a column gets one; what is inside a group ends with it.
    check(
        "Type: rifle\nSerial No.,Model\nMake: FN\nModel: FAL\nA1,\nMake: Colt\nA2,\n",
        &[
            "1 title",
            "2 header",
            "3 group",
            "4 group",
            "columns (serial model type make)",
            r#"5 ["A1",""] 2=rifle 3=FN 1=FAL"#,
            "6 group",
            r#"7 ["A2",""] 2=rifle 3=Colt"#,
        ],
    );
    // A serial is never one, nor is a word that means nothing, nor a sentence.
    check(
        "Serial No.,Make,Model\nSerial No.: 7,,\nFoo: FN,,\nA1,,HP\n",
        &["1 header", r#"2 ["Serial No.: 7","",""]"#, r#"3 ["Foo: FN","",""]"#, r#"4 ["A1","","HP"]"#],
    );
}

#[test]
fn a_heading_merged_over_the_columns_is_no_record() {
    check_sheet(
        &[
            &["No.", "Serial No.", "Make", "Type"],
            &["Pistols of the second store"],
            &["1", "A1", "FN", "pistol"],
            &["rifle"],
            &["2", "A2", "FN", ""],
            &["AB 12"],
            &["3", "A3", "", ""],
        ],
        &["A2:D2", "A4:D4", "A6:D6"],
        "line serial make type",
        &[
            "1 header",
            "2 group",
            r#"3 ["1","A1","FN","pistol"]"#,
            "4 group",
            r#"5 ["2","A2","FN"] 3=rifle"#,
            "6 group",
            // Two things are missing here: which of them is meant nobody knows.
            r#"7 ["3","A3"] I111"#,
        ],
    );
}

#[test]
fn a_text_that_goes_on_belongs_to_the_record_above() {
    check(
        "Serial No.,Make,Remarks\nA1,FN,barrel worn\n,,and stock broken\n,,since May\nA2,FN,\n\n,,nobody knows\nA3,FN,\n",
        &[
            "1 header",
            r#"2 ["A1","FN","barrel worn"] 2=barrel worn and stock broken since May"#,
            "3 note",
            "4 note",
            r#"5 ["A2","FN",""]"#,
            r#"7 ["","","nobody knows"]"#,
            r#"8 ["A3","FN",""]"#,
        ],
    );
}

#[test]
fn lines_of_a_form_are_no_records() {
    check(
        "No.,Serial No.,Make,Model\n1,2,3,4\n1,A1,FN,HP\n1,2,3,4\n2,A2,FN,HP\nColonel of the guard Smith\nplace: ____\n",
        &[
            "1 header",
            "2 header",
            r#"3 ["1","A1","FN","HP"]"#,
            "4 repeat_header",
            r#"5 ["2","A2","FN","HP"]"#,
            "6 footer",
            "7 footer",
        ],
    );
    // The same text between records may be a record that lost its cells.
    check(
        "No.,Serial No.,Make\n1,A1,FN\nColonel of the guard\n2,A2,FN\nFN\n",
        &[
            "1 header",
            r#"2 ["1","A1","FN"]"#,
            r#"3 ["Colonel of the guard"] I113"#,
            r#"4 ["2","A2","FN"]"#,
            r#"5 ["FN"]"#,
        ],
    );
}

#[test]
fn a_column_that_counts_the_rows_is_no_serial() {
    let found = told("ledger.csv", b"Serial number,Weapon No.,Make\n1,A7,FN\n2,A9,FN\n3,B1,FN\n", "");
    assert_eq!(found[1], "sheet (line serial make)");
    // Consecutive serials beside a column that counts too, and columns that do not: nobody knows.
    for rows in ["1,1,FN\n2,2,FN\n3,3,FN\n", "7,A7,FN\n9,A9,FN\n3,B1,FN\n", "1,A7,FN\n2,A9,FN\n"] {
        let text = format!("Serial number,Weapon No.,Make\n{rows}");
        let found = told("ledger.csv", text.as_bytes(), "");
        assert!(found[0].starts_with("failed I111"), "{found:#?}");
    }
}

#[test]
fn sums_stand_in_any_column() {
    check(
        "No.,Type,Serial No.,Remarks,Make\n1,pistol,A1,,FN\n,Subtotal,,30,\n,Carried forward,30,,\n,,30,Total loss,\n\
         Total,30 pieces,,,\nTotal,30 pieces of 31,,,\n",
        &[
            "1 header",
            r#"2 ["1","pistol","A1","","FN"]"#,
            "3 subtotal",
            "4 carried_forward",
            r#"5 ["","","30","Total loss",""] I113"#,
            "6 subtotal",
            r#"7 ["Total","30 pieces of 31","","",""] I113"#,
        ],
    );
}

#[test]
fn a_make_written_once_is_filled_only_where_the_profile_says_so() {
    let text = "Serial No.,Make,Model\nA1,,HP\nA2,FN,HP\nA3,,HP\nTotal 3\nA4,,\n\"A5,x\nA6,,\n";
    let rows = |profile: &str| {
        let found = told("ledger.csv", text.as_bytes(), profile);
        found[3..found.len() - 2].to_vec()
    };
    assert_eq!(rows("")[2], r#"4 ["A3","","HP"]"#);
    assert_eq!(
        rows("[rows]\nfill = [\"make\"]\n"),
        [
            r#"2 ["A1","","HP"]"#,
            r#"3 ["A2","FN","HP"]"#,
            r#"4 ["A3","","HP"] 1=FN"#,
            "5 subtotal",
            r#"6 ["A4","",""] 1=FN"#,
            "7 refused I106",
            // What stood in the row above is not known.
            r#"8 ["A6","",""]"#,
        ]
    );
}

#[test]
fn a_header_of_groups_begins_another_table() {
    check_sheet(
        &[
            &["Serial No.", "Make", "Model"],
            &["A1", "FN", "HP"],
            &["Pistols of the second store"],
            &["No.", "Weapon", "", "", "Registration", ""],
            &["", "Make", "Type", "Serial No.", "Date", "Unit"],
            &["1", "Colt", "pistol", "A2", "1987-01-01", "4"],
            // The same over nothing that is a header is a record, whatever it is.
            &["", "Weapon", "", "", "Registration", ""],
            &["2", "Colt", "pistol", "A3", "1987-01-01", "4"],
        ],
        &["B4:D4", "E4:F4", "B7:D7", "E7:F7"],
        "serial make model",
        &[
            "1 header",
            r#"2 ["A1","FN","HP"]"#,
            "3 title",
            "4 header",
            "5 header",
            "columns (line make type serial registered_on unit)",
            r#"6 ["1","Colt","pistol","A2","1987-01-01","4"]"#,
            r#"7 ["","Weapon","","","Registration"] I111"#,
            r#"8 ["2","Colt","pistol","A3","1987-01-01","4"]"#,
        ],
    );
}

#[test]
fn a_value_merged_over_two_fields_is_refused() {
    check_sheet(
        &[
            &["Serial No.", "Make", "Model", "Remarks", "Unit"],
            &["A1", "FN HP", "", "", ""],
            &["A2", "", "", "", ""],
            &["A3", "FN", "HP", "worn", ""],
            &["A4", "", "", "", ""],
            &["A5", "FN", "FAL", "", ""],
            &["A6", "Colt", "FAL", "", ""],
        ],
        // Remarks and unit tell no weapon apart, and an empty cell says nothing.
        &["B2:C3", "D4:E4", "B5:C5", "B6:B7"],
        "serial make model remarks unit",
        &[
            "1 header",
            r#"2 ["A1","FN HP"] I111"#,
            r#"3 ["A2"] 1=FN HP I111"#,
            r#"4 ["A3","FN","HP","worn"]"#,
            r#"5 ["A4"]"#,
            r#"6 ["A5","FN","FAL"]"#,
            // What stands under a merged cell is seen by nobody.
            r#"7 ["A6","Colt","FAL"] I111"#,
        ],
    );
}

#[test]
fn a_column_by_which_rows_are_kept_leaves_its_field_to_another() {
    let text = "Serial No.,Classe,Type,Make\nA1,ARMA,rifle,FN\nA2,BALA,,FN\n";
    let found = told("ledger.csv", text.as_bytes(), "[rows]\nkeep = { \"Classe\" = [\"ARMA\"] }\n");
    assert_eq!(found[1], "sheet (serial - type make)", "{found:#?}");
    assert_eq!(rows_of(&found), ["1 header", r#"2 ["A1","ARMA","rifle","FN"]"#, "3 not_a_weapon"]);
    // Alone it is the type; and without the profile nobody knows which of the two is.
    let alone = text.replace("Type", "x");
    let found = told("ledger.csv", alone.as_bytes(), "[rows]\nkeep = { \"Classe\" = [\"ARMA\"] }\n");
    assert_eq!(found[1], "sheet (serial type - make)", "{found:#?}");
    let found = told("ledger.csv", text.as_bytes(), "");
    assert!(found[0].starts_with("failed I111"), "{found:#?}");
}

#[test]
fn a_column_under_a_group_was_not_called_by_its_own_name() {
    let rows = [
        &["Weapon", "", "Registration", ""][..],
        &["Serial No.", "Type", "Date", "Make"],
        &["A1", "gun", "1987-01-01", "FN"],
    ];
    let mut cells: String = (1..).zip(rows).map(|(number, cells)| row(number, cells)).collect();
    cells += &merged(&["A1:B1", "C1:D1"]);
    let found =
        told("ledger.xlsx", &xlsx(&[("S", false, &cells)]), "[rows]\nkeep = { \"Type\" = [\"gun\"] }\n");
    assert_eq!(found[1], "sheet S(serial type registered_on make)", "{found:#?}");
    assert_eq!(rows_of(&found)[2], r#"3 ["A1","gun","1987-01-01","FN"]"#);
}

#[test]
fn a_header_may_have_three_lines() {
    check(
        "No.,Weapon,,,Remarks\n,Serial,Make,Country of,in short\n,No.,,manufacture,\n1,A1,FN,BE,1987-01-01\n2,A2,FN,BE,\n",
        &[
            "1 header",
            "2 header",
            "3 header",
            r#"4 ["1","A1","FN","BE","1987-01-01"]"#,
            r#"5 ["2","A2","FN","BE",""]"#,
        ],
    );
}

#[test]
fn a_serbian_tip_is_the_type_where_no_other_column_is() {
    for (header, columns) in [
        ("Serijski broj,Proizvođač,Tip,Kalibar", "serial make type calibre"),
        ("Серијски број,Произвођач,Тип,Калибар", "serial make type calibre"),
        ("Serijski broj,Vrsta oružja,Proizvođač,Tip,Kalibar", "serial type make model calibre"),
    ] {
        let found = told("ledger.csv", format!("{header}\nA1,a,b,c\n").as_bytes(), "");
        assert!(found[1].ends_with(&format!("({columns})")), "{found:#?}");
    }
}
