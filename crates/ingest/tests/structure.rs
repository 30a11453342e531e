//! What structure and values decide where words do not: sections between the records, and which column holds the
//! kinds of weapon.

#[cfg(test)]
mod support;

use support::told;

/// What becomes of the columns, and of the rows below the header.
fn check(header: &str, rows: &[&str], profile: &str, expect: &[&str]) {
    let text = format!("{header}\n{}\n", rows.join("\n"));
    let found = told("ledger.csv", text.as_bytes(), profile);
    let is_told = |line: &&str| !line.starts_with("1 ") && line.starts_with(|c: char| c.is_ascii_digit());
    let lines = || found.iter().map(String::as_str);
    let columns = lines().find(|line| line.starts_with("sheet") || line.starts_with("failed"));
    let seen: Vec<&str> = columns.into_iter().chain(lines().filter(is_told)).collect();
    assert_eq!(seen, expect, "{text}{found:#?}");
}

const HEADER: &str = "No.,Make,Model,Calibre,Country,Serial No.";
const COLUMNS: &str = "sheet (line make model calibre country_of_manufacture serial)";

#[test]
fn an_ordinal_and_a_text_between_the_records_are_a_section() {
    // A word that no vocabulary knows is refused with each of its rows, and tells nobody a wrong type.
    for (first, second, line, heading) in [
        ("I", "II", "1", ",Rifles"),
        ("I.", "II.", "2", "Rifles"),
        ("A)", "B)", "2", ",,Rifles"),
        ("一、", "二、", "2", ",,,,Rifles"),
        ("I", "II", "2", "Xyzzy"),
        ("1", "2", "1", "Rifles"),
        ("1", "2", "2", ",Rifles"),
    ] {
        let type_of = heading.trim_start_matches(',');
        check(
            HEADER,
            &[
                &format!("{first},Pistol"),
                "1,FN,HP,9x19,BE,A1",
                &format!("{second},{heading}"),
                &format!("{line},FN,FAL,7.62,BE,A2"),
            ],
            "",
            &[
                COLUMNS,
                "2 group",
                r#"3 ["1","FN","HP","9x19","BE","A1"] 6=Pistol"#,
                "4 group",
                &format!(r#"5 ["{line}","FN","FAL","7.62","BE","A2"] 6={type_of}"#),
            ],
        );
    }
}

#[test]
fn a_record_that_lost_its_cells_is_no_section() {
    for row in [
        // It counts along with the records above and below it.
        "2,Pistol",
        // It has a serial, or a phrase for one.
        "I,,,,,B7",
        "I,,,,,none marked",
        "Z9,Pistol",
        "I,FN,HP",
        // Far from its ordinal only a kind of weapon is a heading.
        "I,,FN",
    ] {
        let cells: Vec<String> = row.split(',').map(|cell| format!("{cell:?}")).collect();
        let told = format!("3 [{}]", cells.join(","));
        check(
            HEADER,
            &["1,FN,HP,9x19,BE,A1", row, "3,FN,HP,9x19,BE,A3"],
            "",
            &[
                COLUMNS,
                r#"2 ["1","FN","HP","9x19","BE","A1"]"#,
                &told,
                r#"4 ["3","FN","HP","9x19","BE","A3"]"#,
            ],
        );
    }
    // In a table of few columns two values are not few.
    check(
        "No.,Make,Serial No.",
        &["I,Pistol", "1,FN,A1"],
        "",
        &["sheet (line make serial)", r#"2 ["I","Pistol"]"#, r#"3 ["1","FN","A1"]"#],
    );
}

#[test]
fn of_two_columns_for_the_type_the_one_with_types_is_it() {
    let rows = ["A1,ARMA,rifle,FN", "A2,ARMA,pistol,FN", "A3,BALA,cartridge,FN", "A4,ARMA,rifle,FN"];
    let told = |at: usize| {
        let cells: Vec<String> = rows[at].split(',').map(|cell| format!("{cell:?}")).collect();
        format!("{} [{}]", at + 2, cells.join(","))
    };
    let told: Vec<String> = (0..rows.len()).map(told).collect();
    let with =
        |columns| -> Vec<&str> { [columns].into_iter().chain(told.iter().map(String::as_str)).collect() };
    check("Serial No.,Classe,Type,Make", &rows, "", &with("sheet (serial - type make)"));
    // A header that is not known, above types.
    check("Serial No.,Classe,Xyzzy,Make", &rows, "", &with("sheet (serial type - make)"));
    check("Serial No.,Abcde,Xyzzy,Make", &rows, "", &with("sheet (serial - type make)"));
    // The profile says what the type is.
    let constant = "[constants]\ntype = \"rifle\"\n";
    check("Serial No.,Abcde,Xyzzy,Make", &rows, constant, &with("sheet (serial - - make)"));
}

#[test]
fn types_in_two_columns_or_in_few_rows_decide_nothing() {
    for rows in
        [&["A1,rifle,rifle,FN", "A2,pistol,pistol,FN", "A3,rifle,rifle,FN"][..], &["A1,ARMA,rifle,FN"]]
    {
        let text = format!("Serial No.,Classe,Type,Make\n{}\n", rows.join("\n"));
        let found = told("ledger.csv", text.as_bytes(), "");
        assert!(found[0].starts_with("failed I111"), "{found:#?}");
    }
}

#[test]
fn a_column_of_countries_or_makes_is_known_by_its_values() {
    fn columns<const ROWS: usize>(header: &str, rows: [&str; ROWS], expect: &str) {
        let found = told("ledger.csv", format!("{header}\n{}\n", rows.join("\n")).as_bytes(), "");
        assert_eq!(found[1], format!("sheet ({expect})"), "{header}: {found:#?}");
    }
    let rows = ["A1,rifle,Belgium,FN", "A2,rifle,Italy,Beretta", "A7,rifle,Belgium,Colt"];
    columns("Serial No.,Type,Xyzzy,Zzyzx", rows, "serial type country_of_manufacture make");
    // Words that are countries by chance, the country of a person, and one name again and again.
    columns(
        "Serial No.,Type,Xyzzy,Make",
        ["A1,rifle,NO,FN", "A2,rifle,SI,FN", "A7,rifle,NO,FN"],
        "serial type - make",
    );
    columns(
        "Serial No.,Type,Xyzzy,Holder",
        ["A1,rifle,Kenya,B", "A2,rifle,Kenya,C", "A7,rifle,Kenya,D"],
        "serial type - holder",
    );
    columns(
        "Serial No.,Type,Zzyzx,Country",
        ["A1,rifle,Colt,US", "A2,rifle,Colt,US", "A7,rifle,Colt,US"],
        "serial type - country_of_manufacture",
    );
    // A column without a header may hold types or makes; a code is a country as little as it is another word.
    columns("Serial No.,,Make", ["A1,rifle,Colt", "A2,pistol,Colt", "A7,rifle,Colt"], "serial type make");
    columns(
        "Serial No.,Type,,Unit",
        ["A1,rifle,Colt,B", "A2,pistol,Walther,B", "A7,rifle,FN,B"],
        "serial type make unit",
    );
    let rows = [
        "A1,rifle,USA,Colt",
        "A2,rifle,Kenya,Colt",
        "A7,rifle,Italy,Colt",
        "A9,rifle,France,Colt",
        "B1,rifle,USA,Colt",
        "B3,rifle,USA,Colt",
    ];
    columns("Serial No.,Type,Zzyzx,Make", rows, "serial type country_of_manufacture make");
    // A word that may say where the weapon was made, or how it came here.
    let rows = ["A1,pistola,PNP,Star", "A2,pistola,EP,Star", "A7,pistola,PODER JUDICIAL,Star"];
    columns("N° de serie,Tipo,Procedencia,Marca", rows, "serial type - make");
    let rows = ["A1,pistola,España,Star", "A2,pistola,Italia,Star", "A7,pistola,España,Star"];
    columns("N° de serie,Tipo,Procedencia,Marca", rows, "serial type country_of_manufacture make");
}
