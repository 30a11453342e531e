//! Rows that look like words of the page, and are records or are none.

#[cfg(test)]
mod support;

use support::check;

#[test]
fn a_row_of_nothing_but_words_of_the_foot_is_no_record() {
    check(
        "Make,Serial No.,Type\nFN,A1,pistol\nSigned by,,Signed by:\nSigned by,A2,Signed by\n",
        &["1 header", r#"2 ["FN","A1","pistol"]"#, "3 footer", r#"4 ["Signed by","A2","Signed by"]"#],
    );
    // A line to sign on is no maker.
    check(
        "No.,Make,Serial No.\n1,FN,A1\nSigned by,____,\nSigned by,FN,\n",
        &["1 header", r#"2 ["1","FN","A1"]"#, "3 footer", r#"4 ["Signed by","FN",""]"#],
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
