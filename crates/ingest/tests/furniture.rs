//! Rows that look like words of the page, and are records or are none.

#[cfg(test)]
mod support;

use support::{check, rows_of, told};

#[test]
fn a_row_of_nothing_but_words_of_the_foot_is_no_record() {
    check(
        "Make,Serial No.,Type\nFN,A1,pistol\nSigned by,,Signed by:\nSigned by,A2,Signed by\n",
        &["1 header", r#"2 ["FN","A1","pistol"]"#, "3 footer", r#"4 ["Signed by","A2","Signed by"]"#],
    );
    // A line to sign on is no maker.
    check(
        "No.,Make,Serial No.\n1,FN,A1\nSigned by,____,\nSigned by,FN,\n",
        &["1 header", r#"2 ["1","FN","A1"]"#, "3 footer", r#"4 ["Signed by","FN",""] I113"#],
    );
}

#[test]
fn a_serial_that_begins_like_a_word_of_the_page_is_a_serial() {
    check(
        "Serial,Calibre\nBF 1234,9x19\nCF 1,9x19\nFL 124,9x19\nLAP 77,9x19\nLIST 78,9x19\nNB 1237,9x19\n",
        &[
            "1 header",
            r#"2 ["BF 1234","9x19"]"#,
            r#"3 ["CF 1","9x19"]"#,
            r#"4 ["FL 124","9x19"]"#,
            r#"5 ["LAP 77","9x19"]"#,
            r#"6 ["LIST 78","9x19"]"#,
            r#"7 ["NB 1237","9x19"]"#,
        ],
    );
    // What a group says of the row counts; a sum is a sum in a group too.
    check(
        "Serial,Make,Type,Calibre\nMake: Webley\nType: revolver\nBF 1234,,,\nBF 1235,,,.455\nTotal 2\n",
        &[
            "1 header",
            "2 group",
            "3 group",
            r#"4 ["BF 1234","","",""] 1=Webley 2=revolver"#,
            r#"5 ["BF 1235","","",".455"] 1=Webley 2=revolver"#,
            "6 subtotal",
        ],
    );
    // Alone it may be either; the words of a page that no serial begins with are its words.
    check(
        "Serial,Make,Year\nA1,FN,1987\nBF 1234,,\nSHEET 3,,\nCF 20,,300\nB/F,,\nTotal 30\nSheet 3\nFl. 4\nCARRIED FORWARD 30\n",
        &[
            "1 header",
            r#"2 ["A1","FN","1987"]"#,
            r#"3 ["BF 1234","",""] I113"#,
            r#"4 ["SHEET 3","",""] I113"#,
            r#"5 ["CF 20","","300"] I113"#,
            "6 carried_forward",
            "7 subtotal",
            "8 footer",
            "9 footer",
            "10 carried_forward",
        ],
    );
}

#[test]
fn rows_that_say_little_among_numbered_ones_were_loaded() {
    let header = "No.,Type,Serial No.,Make,Year\n1,rifle,A1,FN,1950\n2,rifle,A2,FN,1951\n";
    for (row, expect) in [
        // Signatures, sums, examples.
        ("Handed by,Sgt. Example,ID 12345678,,", true),
        ("Example,rifle,AB123,FN,1950", true),
        (",,2,TOTAL FAL,", true),
        ("NIL,,NIL,,", true),
        ("XII,rifle,A3,FN,1950", false),
        ("3 bis,rifle,A3,FN,1950", false),
        // The number was forgotten.
        (",rifle,A3,FN,1950", false),
        ("ditto,rifle,A3,FN,1950", false),
    ] {
        let found = told("ledger.csv", format!("{header}{row}\n").as_bytes(), "");
        let last = rows_of(&found)[3];
        assert_eq!((&last[..1], last.ends_with(" I113")), ("4", expect), "{row}: {found:#?}");
    }
    check(
        "No.,Serial No.,Make\nExample,AB 123,FN\n1,A1,FN\n2,A2,FN\n",
        &["1 header", r#"2 ["Example","AB 123","FN"] I113"#, r#"3 ["1","A1","FN"]"#, r#"4 ["2","A2","FN"]"#],
    );
    // Words where the number stands, all along.
    check(
        "No.,Serial No.,Make\none,A1,FN\ntwo,A2,FN\n",
        &["1 header", r#"2 ["one","A1","FN"]"#, r#"3 ["two","A2","FN"]"#],
    );
    // A serial over two lines, with other cells.
    check(
        "No.,Type,Make,Serial No.\n1,pistol,FN,A1\n2,pistol,Brown-,T123\n,,ing,456\n,,FN,457\n",
        &[
            "1 header",
            r#"2 ["1","pistol","FN","A1"]"#,
            r#"3 ["2","pistol","Brown-","T123"] I113"#,
            r#"4 ["","","ing","456"] I113"#,
            r#"5 ["","","FN","457"] I113"#,
        ],
    );
}

#[test]
fn a_lot_is_not_one_weapon() {
    check(
        "Serial No.,Make,Qty\nA1,FN,1\nA2,FN,\nA3,FN,12\n187-198,FN,12 pcs\nunknown,FN,5\n",
        &[
            "1 header",
            r#"2 ["A1","FN","1"]"#,
            r#"3 ["A2","FN",""]"#,
            r#"4 ["A3","FN","12"] I113"#,
            r#"5 ["187-198","FN","12 pcs"] I113"#,
            r#"6 ["unknown","FN","5"] I113"#,
        ],
    );
    check("Сер. №,Марка,Кол-во\nA1,ТОЗ,2\n", &["1 header", r#"2 ["A1","ТОЗ","2"] I113"#]);
}

#[test]
fn what_is_cancelled_by_a_mark_that_repeats_was_loaded() {
    check(
        "No.,Serial No.,Make,Remarks\n1,A1,FN,Cancelled\n2,A2,FN,do.\nVoid?,A3,FN,\n",
        &[
            "1 header",
            r#"2 ["1","A1","FN","Cancelled"] I114"#,
            r#"3 ["2","A2","FN","do."] 3=Cancelled I114"#,
            r#"4 ["Void?","A3","FN",""] I114 I113"#,
        ],
    );
}

#[test]
fn a_sum_whose_word_stands_beside_its_number_was_loaded() {
    check(
        "No.,Serial No.,Model\n1,A1,FAL\n2,A2,FAL\n,2,TOTAL FAL\n,2,Rifles total\n,TOTAL,2 rifles\n,NIL,NIL\nQty,2,\n",
        &[
            "1 header",
            r#"2 ["1","A1","FAL"]"#,
            r#"3 ["2","A2","FAL"]"#,
            r#"4 ["","2","TOTAL FAL"] I113"#,
            r#"5 ["","2","Rifles total"] I113"#,
            r#"6 ["","TOTAL","2 rifles"]"#,
            r#"7 ["","NIL","NIL"] I113"#,
            r#"8 ["Qty","2",""] I113"#,
        ],
    );
}

#[test]
fn an_example_above_the_first_row_was_loaded() {
    check(
        "No.,Make,Serial No.\ne.g.,Beretta,A12345\n1,FN,A1\n2,FN,A2\n",
        &[
            "1 header",
            r#"2 ["e.g.","Beretta","A12345"] I113"#,
            r#"3 ["1","FN","A1"]"#,
            r#"4 ["2","FN","A2"]"#,
        ],
    );
}

#[test]
fn those_who_sign_were_loaded_as_weapons() {
    check(
        "No.,Model,Serial No.,Remarks\n1,FAL,12345,good\n2,FAL,12399,bad\nNo.,Office,ID card,Seal\n1,Court,12345678,_\n",
        &[
            "1 header",
            r#"2 ["1","FAL","12345","good"]"#,
            r#"3 ["2","FAL","12399","bad"]"#,
            "4 header",
            "5 refused I112",
        ],
    );
}

#[test]
fn a_sign_that_may_be_a_ditto_mark_became_a_make() {
    check(
        "No.,Serial No.,Make,Model\n1,A1,FN,HP\n2,A2,=,-=-\n3,A3,\",,-\",-II-\n4,A4,-,/\n5,A5,FN,HP-11-A\n",
        &[
            "1 header",
            r#"2 ["1","A1","FN","HP"]"#,
            r#"3 ["2","A2","=","-=-"] S206 S206"#,
            r#"4 ["3","A3",",,-","-II-"] S206 S206"#,
            r#"5 ["4","A4","-","/"]"#,
            r#"6 ["5","A5","FN","HP-11-A"]"#,
        ],
    );
}

#[test]
fn a_line_drawn_by_a_program_is_no_record() {
    check(
        "No|Serial No|Make\n----+-----+-----\n1|A1|FN\n2|A2|FN\n",
        &["1 header", "2 footer", r#"3 ["1","A1","FN"]"#, r#"4 ["2","A2","FN"]"#],
    );
}

#[test]
fn who_signs_below_the_remarks_was_part_of_the_last_remark() {
    for text in ["Sgt. A. Example", "Side 2", "2", "......", "(signature)"] {
        let header = "Serial No.,Make,Remarks";
        check(
            &format!(
                "{header}\nA1,FN,good\n,,{text}\n{header}\nA2,FN,worn\n,,at the barrel\nA3,FN,\n,,{text}\n,,Rank\n"
            ),
            &[
                "1 header",
                r#"2 ["A1","FN","good"]"#,
                "3 footer",
                "4 repeat_header",
                r#"5 ["A2","FN","worn"] 2=worn at the barrel"#,
                "6 note",
                r#"7 ["A3","FN",""]"#,
                "8 footer",
                "9 footer",
            ],
        );
    }
}

#[test]
fn a_text_below_the_last_remark_that_may_be_a_weapon_is_no_foot() {
    check(
        "Serial No.,Make,Remarks\nA1,FN,good\n,,12345\n\nSerial No.,Make,Remarks\nA2,FN,\n,,AB1\n",
        &[
            "1 header",
            r#"2 ["A1","FN","good"]"#,
            r#"3 ["","","12345"]"#,
            "5 repeat_header",
            r#"6 ["A2","FN",""]"#,
            r#"7 ["","","AB1"]"#,
        ],
    );
}

#[test]
fn the_foot_of_a_register_was_refused_as_weapons() {
    check(
        "Serial No.,Type,Make,Model\nA1,rifle,FN,FAL\n\nPrepared by: A. Example,,,Checked by: B. Example\n\
         Date: 12/5/2009\n* = serial number read from frame\nSigned by\n",
        &["1 header", r#"2 ["A1","rifle","FN","FAL"]"#, "4 footer", "5 footer", "6 footer", "7 footer"],
    );
    // What may be a weapon is none of it, nor is what stands above one.
    check(
        "Serial No.,Type,Make\nA1,rifle,FN\n\nRank: lost\nA2,rifle,FN\n\nAB: 12\nSerial No.: 1234\nPistol: 12\nRegd: 12345\n",
        &[
            "1 header",
            r#"2 ["A1","rifle","FN"]"#,
            r#"4 ["Rank: lost"]"#,
            r#"5 ["A2","rifle","FN"]"#,
            r#"7 ["AB: 12"]"#,
            r#"8 ["Serial No.: 1234"]"#,
            r#"9 ["Pistol: 12"]"#,
            r#"10 ["Regd: 12345"]"#,
        ],
    );
}

#[test]
fn a_type_alone_where_serials_stand_is_that_of_the_rows_below() {
    check(
        "Serial No.,Make,Model\nPISTOLS\nA1,FN,HP\nRevolvers (2)\nA2,Colt,Python\n9 mm pistols\nA3,FN,HP\n",
        &[
            "1 header",
            "2 group",
            "columns (serial make model type)",
            r#"3 ["A1","FN","HP"] 3=PISTOLS"#,
            "4 group",
            r#"5 ["A2","Colt","Python"] 3=Revolvers"#,
            r#"6 ["9 mm pistols"]"#,
            r#"7 ["A3","FN","HP"]"#,
        ],
    );
}
