//! Which of several numbers is the serial, and which that of a row, a person or a rack.

#[cfg(test)]
mod support;

use support::{check_columns, told};

#[test]
fn a_row_number_was_taken_for_the_serial() {
    for (header, expect) in [
        ("S/No.,Firearm Serial No. (frame),Make", "(line serial make)"),
        ("Serial No.,Weapon Number on frame,Make", "(line serial make)"),
        ("N° de série,N° de l'arme (boîtier),Marque", "(line serial make)"),
        ("Serial,Gun No. (engraved),Make", "(line serial make)"),
        // Nobody knows what the other column is.
        ("SN,Weapon Regd. No.,Make", "failed I111 the column `SN` was taken for the serial"),
    ] {
        check_columns(&format!("{header}\n1,KP7113,FN\n2,KP7126,FN\n3,KP7139,FN\n"), expect);
    }
    // Serials that count beside what tells no rows apart; and what the profile says holds.
    check_columns("Serial No.,Zzyzx,Make\n1,50,FN\n2,50,FN\n3,60,FN\n", "(serial - make)");
    let text = "Serial No.,Zzyzx,Make\n1,A50,FN\n2,A51,FN\n3,A60,FN\n";
    let found = told("ledger.csv", text.as_bytes(), "[columns]\n\"Serial No.\" = \"serial\"\n");
    assert_eq!(found[1], "sheet (serial - make)");
}

/// A number of a line that goes on from another page, of a person or of a rack.
#[test]
fn another_number_was_taken_for_the_serial() {
    let doubt = "failed I111 the column";
    for (header, rows, expect) in [
        ("Serial,Make,Weapon Ident", ["15,FN,KJ1", "16,FN,KJ2", "17,FN,KJ9"], doubt),
        ("Serial,Make,Shelf", ["2015,FN,1", "2016,FN,2", "2017,FN,9"], "(serial make -)"),
        ("S/N,Make,Weapon S/N", ["77,FN,KJ1", "78,FN,KJ2", "79,FN,KJ9"], "(line make serial)"),
        ("S/N,Make,Weapon S/N", ["77,FN,KJ1", "78,FN,KJ2", "99,FN,KJ9"], "failed I111 the columns `S/N`"),
        ("S/N,Make,Weapon Ident", ["77,FN,KJ1", "78,FN,KJ2", "99,FN,KJ9"], doubt),
        (
            "S/N,Make,Date in",
            ["KJ1,FN,01/02/2010", "KJ2,FN,02/02/2010", "KJ9,FN,03/02/2010"],
            "(serial make -)",
        ),
        ("S/N,Make,Phone", ["77,FN,555 1234", "78,FN,555 1235", "99,FN,555 1299"], "(serial make -)"),
        ("Butt No.,Make,Zzyzx", ["12,FN,A1", "45,FN,A9", "7,FN,B1"], "(owner_mark make -)"),
        ("Nom,Matricule,Marque,Numéro", ["A,77,FN,KJ1", "B,78,FN,KJ2", "C,99,FN,KJ9"], doubt),
        ("Nombre,Matrícula,Marca", ["A,77,FN", "B,78,FN", "C,99,FN"], "it may be the number of the person"),
        ("Marca,Matrícula,Nombre", ["FN,77,A", "FN,78,B", "FN,99,C"], "(make serial"),
        ("Serial No.,Number on receiver,Make", ["1,AB1,FN", "2,AB7,FN", "3,CD1,FN"], "(line serial make)"),
    ] {
        check_columns(&format!("{header}\n{}\n", rows.join("\n")), expect);
    }
}

/// Lines that are hidden, left out, inserted, exchanged, or counted down.
#[test]
fn a_gap_in_the_row_numbers_hid_that_they_are_row_numbers() {
    let check = |header: &str, numbers: &[&str], expect: &str| {
        let rows: Vec<String> = numbers.iter().map(|number| format!("{number},KJ{number}9,FN\n")).collect();
        check_columns(&format!("{header}\n{}", rows.concat()), expect);
    };
    let doubt = "failed I111 the column `Serial No` was taken for the serial, and its numbers follow";
    for numbers in [
        &["1", "2", "3", "4", "6", "7"][..],
        &["1", "2", "2a", "3", "4", "5", "6"],
        &["001", "002", "004", "005"],
        &["6", "5", "4", "2", "1"],
        &["1", "2", "4", "3", "5", "6", "7", "8"],
    ] {
        check("Serial No,Regd No,Make", numbers, doubt);
        check("S/N,Serial No,Make", numbers, "(line serial make)");
        check("Número,Número de serie,Marca", numbers, "(line serial make)");
    }
    // More is left out than named, or they go up and down: numbers of weapons.
    for numbers in [&["3", "7", "12", "19"][..], &["2", "1", "5", "3", "4"]] {
        check("Serial No,Shelf,Make", numbers, "(serial - make)");
    }
    // Nothing else is called a number; ten weapons are seldom numbered so by their makers.
    let lines: Vec<String> = (1..=10).map(|line| format!("{line},FN,rifle\n")).collect();
    check_columns(&format!("Serial No,Make,Type\n{}", lines.concat()), doubt);
    check_columns(&format!("Serial No,Make,Type\n{}", lines[..9].concat()), "(serial make type)");
}

#[test]
fn of_two_numbers_the_one_that_counts_is_no_serial() {
    for (header, rows, expect) in [
        (
            "No,Type,Make,Number",
            ["1,pistol,FN,T 9", "2,pistol,FN,T 77", "3,pistol,FN,T 12"],
            "(line type make serial)",
        ),
        (
            "番号,種類,メーカー,番号",
            ["1,拳銃,FN,T 9", "2,拳銃,FN,T 77", "3,拳銃,FN,T 12"],
            "(line type make serial)",
        ),
        // Both count, a third may be it, one is that of a person, or none counts.
        ("No,Type,Make,Number", ["1,pistol,FN,7", "2,pistol,FN,8", "3,pistol,FN,9"], "(line type make -)"),
        (
            "No,Zzyzx,Make,Number",
            ["1,A9,FN,T 9", "2,A8,FN,T 77", "3,A7,FN,T 12"],
            "failed I111 no column is known as the serial",
        ),
        (
            "No,Make,Name,Number",
            ["1,FN,A,T 9", "2,FN,B,T 77", "3,FN,C,T 12"],
            "failed I111 no column is known as the serial",
        ),
        (
            "Number,Type,Make",
            ["T 9,pistol,FN", "T 77,pistol,FN", "T 12,pistol,FN"],
            "failed I111 no column is known as the serial",
        ),
    ] {
        check_columns(&format!("{header}\n{}\n", rows.join("\n")), expect);
    }
}
