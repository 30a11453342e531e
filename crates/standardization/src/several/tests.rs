use matricule_mapping::Files;

use super::*;

fn check(texts: &[(&str, Option<&str>)]) {
    let letter_names = Files::shipped().letter_names().unwrap();
    for (text, expect) in texts {
        assert_eq!(more_than_a_serial(text, &letter_names), *expect, "{text}");
    }
}

#[test]
fn what_is_beside_a_serial_is_seen() {
    check(
        &[
            ("AB1234 to AB1240", "the first and the last of several"),
            ("AB1234 TO AB1240", "the first and the last of several"),
            ("AB 1234 - AB 1240", "the first and the last of several"),
            ("1001-1010", "the first and the last of several"),
            ("AB1234-AB1240", "the first and the last of several"),
            ("с АВ1234 по АВ1240", "the first and the last of several"),
            ("AB1234 à AB1240", "the first and the last of several"),
            ("101-110", "the first and the last of several"),
            ("AB101-110", "the first and the last of several"),
            ("995-1005", "the first and the last of several"),
            ("1001-10", "the first and the last of several"),
            ("1001–1200", "the first and the last of several"),
            ("AB1234..1240", "the first and the last of several"),
            ("1234 - 1240", "the first and the last of several"),
            ("1234 – 1240", "the first and the last of several"),
            ("1234 1235", "the first and the last of several"),
            ("١٢٣٤ إلى ١٢٤٠", "the first and the last of several"),
            ("१२३४ से १२४०", "the first and the last of several"),
            ("1234 ถึง 1240", "the first and the last of several"),
            ("AB12 e CD34", "a serial and words"),
            ("1234 ex 5678", "a serial and words"),
            ("12345 de 1943", "a serial and words"),
            ("12345 cal 7.62", "a serial and words"),
            ("12345 CAL 7.62", "a serial and a measure"),
            ("12345 9mm", "a serial and words"),
            ("26 cm", "a serial and words"),
            ("1950 г.", "a serial and words"),
            ("12345 RUSTY", "a serial and words"),
            ("12345 ржавый", "a serial and words"),
            ("CD34 replaced 1987", "a serial and words"),
            ("old no. 1234 new no. 5678", "a serial and words"),
            ("1950 г. № 1234", "a serial and words"),
            ("12345 12/05/1987", "a serial and a date"),
            ("12345 1987-05-12", "a serial and a date"),
        ]
        .map(|(text, expect)| (text, Some(expect))),
    );
}

#[test]
fn lists_labels_and_words_before_a_number_are_seen() {
    check(
        &[
            ("12.05.1987 1234", "a serial and a date"),
            ("1234 12.5.87", "a serial and a date"),
            ("1234,1235", "the first and the last of several"),
            ("1234/1235", "the first and the last of several"),
            ("12345,12346", "the first and the last of several"),
            ("12345,67890", "the first and the last of several"),
            ("A1234/1235", "the first and the last of several"),
            ("998 TO 1005", "the first and the last of several"),
            ("AB998 TO AB1005", "the first and the last of several"),
            ("1 - 10", "the first and the last of several"),
            ("98 - 105", "the first and the last of several"),
            ("001 - 010", "the first and the last of several"),
            ("1234 - 40", "the first and the last of several"),
            ("1234- 1240", "the first and the last of several"),
            ("1234 و 5678", "the first and the last of several"),
            ("1234 و5678", "the first and the last of several"),
            ("AB1234/CD5678", "two serials"),
            ("AB1234,CD5678", "two serials"),
            ("AB1234 CD5678", "two serials"),
            ("RAM12 CEV13", "two serials"),
            ("7.62 1234", "a serial and a measure"),
            ("9MM 1234", "a serial and a measure"),
            ("1234 9MM", "a serial and a measure"),
            ("9mm", "a serial and a measure"),
            ("9x19", "a serial and a measure"),
            ("7,62X39 1234", "a serial and a measure"),
            ("no 55", "a label before the serial"),
            ("No 1234", "a label before the serial"),
            ("number 1234", "a label before the serial"),
            ("Nummer 1234", "a label before the serial"),
            ("номер 1234", "a label before the serial"),
            ("Nr.1234", "a label before the serial"),
            ("NO.1234", "a label before the serial"),
            ("S/N:1234", "a label before the serial"),
            ("АВ № 1234", "a label before the serial"),
            ("Reg. no. 1234", "a serial and words"),
            ("Reg.no.1234", "a serial and words"),
            ("see page 4", "a serial and words"),
            ("same as 12", "a serial and words"),
            ("do. 12", "a serial and words"),
            ("formerly AB1234", "a serial and words"),
            ("depot 1234", "a serial and words"),
            ("weapon-1234", "a serial and words"),
            ("Laufnummer 12", "a serial and words"),
            ("RASPADA 123", "a serial and words"),
            ("NUMERAÇÃO 123456", "a serial and words"),
            ("MADE IN CHINA 12345", "a serial and words"),
            ("МАКАРОВ 1234", "a serial and words"),
            ("ماكاروف 1234", "a serial and words"),
            ("マカロフ 1234", "a serial and words"),
            ("BODY NO 1234", "a label before the serial"),
            ("SEE NO 12", "a label before the serial"),
        ]
        .map(|(text, expect)| (text, Some(expect))),
    );
}

#[test]
fn one_serial_is_one() {
    check(
        &[
            "25 ИК 1777",
            "ab 1234",
            "1234 a",
            "1234a",
            "4567bb",
            "12 34 a",
            "123 456",
            "12 345 678",
            "1234-1440",
            "123-45",
            "1010-1001",
            "8702-8",
            "12-34",
            "8702-01",
            "SRB 8702-01",
            "16-03-103-96",
            "16-03-103-104",
            "16-03-0007-04",
            "AB 12.345",
            "BXYZ 123",
            "1234 AB 5678",
            "ჟღ 12 აბ",
            "क ख १२३४",
            "أ ب ١٢٣٤",
            "1234 ب 56",
            "эй-кей 47",
            "Эй Кей 47",
            "икс игрек 3",
            "五六式 1234",
            "△66 10121943",
            "A①②③45",
            "SRB 2019 2101",
        ]
        .map(|text| (text, None)),
    );
}

#[test]
fn what_is_plainly_a_serial_keeps_loading() {
    check(
        &[
            "NO 1234",
            "NO1234",
            "OLD 5",
            "RAM 12345",
            "FN 1234",
            "12/34",
            "123/456",
            "AB/1234",
            "A12/34",
            "1234/1300",
            "1234/5678",
            "AB12/CD34",
            "AB12-CD34",
            "AB-1234",
            "1,234",
            "12-05-87",
            "AB 16-03-96",
            "16 - 03",
            "8702 - 01",
            "12 - 3456",
            "AB - 1234",
            "M16 A1234",
            "123 AB 1234",
            "1234 MA",
            "12X345",
            "9X19",
            "abc1234",
            "A.1234",
            "Н-1234",
            "№ 1234",
            "أب١٢٣٤",
        ]
        .map(|text| (text, None)),
    );
}
