//! The test vectors of the domain page for the scripts that ship, and the rules behind them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use matricule_mapping::Files;
use matricule_record::{Code, Field, Mixed, Reading, Settings};
use matricule_transliteration::{Choice, Conversion, Transliteration};

fn stage() -> Transliteration {
    Transliteration::new(Files::shipped()).unwrap_or_else(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("shipped tables do not compile:\n{}", faults.join("\n"))
    })
}

fn settings(language: &str) -> Settings {
    Settings { language: (!language.is_empty()).then(|| language.into()), ..Settings::default() }
}

fn convert(
    stage: &Transliteration,
    serial: &str,
    settings: &Settings,
    reading: Reading,
) -> Result<String, Code> {
    match stage.choose(serial, settings, reading) {
        Choice::Undetermined(_) => Err(Code::T311),
        Choice::Table(table) => {
            let mut conversion = Conversion::default();
            table.convert(serial, Field::Serial, &mut conversion);
            conversion.result().map(str::to_owned)
        }
    }
}

/// Each line: language, reading, serial, and the conversion or `!` with the code.
fn check(lines: &[(&str, Reading, &str, &str)]) {
    let stage = stage();
    for &(language, reading, serial, expect) in lines {
        let found = match convert(&stage, serial, &settings(language), reading) {
            Ok(converted) => converted,
            Err(code) => format!("!{code}"),
        };
        assert_eq!(found, expect, "{serial} ({language})");
    }
}

#[test]
fn vectors_of_the_domain_page() {
    use Reading::{Look, Sound};
    check(&[
        ("ru", Sound, "АВ 1234", "AV1234"),
        ("ru", Look, "АВ 1234", "AB1234"),
        ("ru", Sound, "AB 1234", "AB1234"),
        ("ru", Sound, "НХ 0715", "NKH0715"),
        ("ru", Sound, "ЖЩ 331", "ZHSHCH331"),
        ("ru", Sound, "ВЬ 17", "!T310"),
        ("ru", Sound, "АA 100", "!T302"),
        ("uk", Sound, "ЇЖ 450", "YIZH450"),
        ("uk", Sound, "КЄ 12", "KIE12"),
        ("uk", Sound, "12-Є", "12YE"),
        ("uk", Sound, "ЗГ 900", "ZGH900"),
        ("bg", Sound, "ЪХ 314", "AH314"),
        ("bg", Sound, "ИЯ 12", "IYA12"),
        ("sr", Sound, "ЉЊ 1972", "LJNJ1972"),
        ("el", Sound, "ΘΞ 1203", "THX1203"),
        ("el", Sound, "ΓΓ 1", "GG1"),
        ("el", Sound, "ΜΠ 1", "MP1"),
        ("he", Sound, "צ 45120", "XTS45120"),
        ("he", Sound, "ץ 5", "XTS5"),
        ("ar", Sound, "أ ب ١٢٣٤", "XAEB1234"),
        ("ar", Sound, "ط ظ ص ض ٩", "XTTXZZXSSXDZ9"),
        ("ar", Sound, "بغداد ١٩٨٧", "BGDAD1987"),
        ("fa", Sound, "ژ۳ ۱۲۳۴۵", "XJ312345"),
        ("ar", Sound, "مـم ٤٤", "MM44"),
        ("zh", Sound, "五六式 1234", "56SHI1234"),
        ("ja", Sound, "三八式 100", "38SIKI100"),
        ("am", Sound, "፲፱፻፵፪", "1942"),
        ("", Sound, "፲፱፻፵፪", "1942"),
        ("", Sound, "௧௲௯௱௪௰௨", "1942"),
        ("zh", Sound, "〡〢〣〤", "1234"),
        ("zh", Sound, "二〇二三", "2023"),
        ("zh", Sound, "廿一", "21"),
        ("zh", Sound, "三万一", "!T304"),
        ("", Sound, "A①②③45", "A12345"),
    ]);
}

#[test]
fn vectors_of_the_domain_page_in_scripts_of_the_east() {
    use Reading::Sound;
    check(&[
        ("hy", Sound, "ԽՂ 33", "KHGH33"),
        ("hy", Sound, "ԵՈ 1", "YEO1"),
        ("ka", Sound, "ჟღ 12", "ZHGH12"),
        ("hi", Sound, "क ख १२३४", "KAKHA1234"),
        ("th", Sound, "กท ๑๒๓๔", "KTH1234"),
        ("ko", Sound, "가나 1234", "GANA1234"),
        ("ja", Sound, "イロハ 1234", "IROHA1234"),
        ("ja", Sound, "ヲヰヱ 3", "WOWIWE3"),
        ("ja", Sound, "㋑ 45", "I45"),
        ("zh", Sound, "甲 12", "JIA12"),
        ("ja", Sound, "甲 12", "KO12"),
        ("ja", Sound, "イ号 12", "IGO12"),
        ("zh", Sound, "A甲 12", "AJIA12"),
        ("", Sound, "甲 12", "!T311"),
        ("am", Sound, "ቤጌፖ-ጦመ-0001", "BEGEPOTOME0001"),
        ("de", Sound, "MÜ 4471", "MUE4471"),
        ("es", Sound, "Ñ-20457", "N20457"),
        ("tr", Sound, "İĞ 7731", "IG7731"),
        ("mk", Sound, "ЌЃ 12", "KJGJ12"),
        ("", Sound, "ＡＫ－４７１２３", "AK47123"),
        ("", Sound, "٤۴", "44"),
        ("", Sound, "12-34", "1234"),
        ("", Sound, "00123", "00123"),
        ("", Sound, "๑๒๓๔", "1234"),
        ("", Sound, "△ 1234", "!T303"),
        ("", Sound, "★ 56", "!T303"),
        ("", Sound, "A\u{fffd}1", "!T305"),
        ("", Sound, "A\u{e001}1", "!T305"),
    ]);
}

#[test]
fn what_no_table_has_is_refused() {
    check(&[
        ("", Reading::Sound, "ⰀⰁ 123", "!T301"),
        ("ru", Reading::Sound, "ЇЖ 450", "!T301"),
        ("", Reading::Sound, "-/-", "!T306"),
        ("", Reading::Sound, "000000", "!T309"),
        ("zh", Reading::Sound, "槍 12", "!T301"),
        ("", Reading::Sound, "A½ 12", "!T301"),
    ]);
}

#[test]
fn letter_case_and_combining_marks_do_not_matter() {
    check(&[
        ("ru", Reading::Sound, "жщ 331", "ZHSHCH331"),
        ("uk", Reading::Sound, "зг 900", "ZGH900"),
        ("uk", Reading::Sound, "Зг 900", "ZGH900"),
        ("uk", Reading::Sound, "и\u{306}1", "Y1"),
        ("uk", Reading::Sound, "А\u{ad}Є 1", "AIE1"),
        ("el", Reading::Sound, "ας 1", "AS1"),
    ]);
}

#[test]
fn without_a_language_tables_that_agree_convert_and_others_do_not() {
    check(&[
        ("", Reading::Sound, "АВ 1234", "AV1234"),
        ("", Reading::Sound, "Щ 12", "!T311"),
        ("", Reading::Sound, "ЉЊ 1972", "LJNJ1972"),
        ("fr", Reading::Sound, "ВЬ 17", "!T311"),
    ]);
}

#[test]
fn letter_names_numerals_of_letters_and_their_limits() {
    use Reading::Sound;
    check(&[
        ("hi", Sound, "ए.के. 1234", "AK1234"),
        ("th", Sound, "เอ็ม 16", "M16"),
        ("my", Sound, "ဘီအေ 12", "BA12"),
        ("ko", Sound, "에이케이 47", "AK47"),
        ("ko", Sound, "가나 1234", "GANA1234"),
        ("ko", Sound, "비 12", "BI12"),
        ("ru", Sound, "Эй-Кей 47", "AK47"),
        ("ru", Sound, "ЗЕД 12", "ZED12"),
        ("ru", Sound, "КА 1234", "KA1234"),
        ("ar", Sound, "إيه كيه ٤٧", "AK47"),
        ("ar", Sound, "بي كيه ٤", "!T312"),
        ("el", Sound, "͵αωκαʹ", "1821"),
        ("el", Sound, "ΑΩ 21", "AO21"),
        ("he", Sound, "תשמ״ד", "744"),
        ("he", Sound, "אב 12", "AB12"),
        ("", Sound, "十5", "!T304"),
        ("", Sound, "二5", "25"),
        ("ru", Sound, "҂зр҃5", "!T304"),
    ]);
}

/// A zero that vanished, a digit that came from nowhere, an abbreviation that became a number.
#[test]
fn numerals_lose_and_invent_nothing() {
    use Reading::Sound;
    check(&[
        ("zh", Sound, "〇十五", "!T304"),
        ("zh", Sound, "〇〇十", "!T304"),
        ("zh", Sound, "二千零百", "!T304"),
        ("zh", Sound, "二十〇五", "!T304"),
        ("zh", Sound, "二千零五", "2005"),
        ("zh", Sound, "二千零五十", "2050"),
        ("zh", Sound, "一万零五百", "10500"),
        ("zh", Sound, "〇一二", "012"),
        ("zh", Sound, "十 5", "!T304"),
        ("zh", Sound, "三-万", "!T304"),
        ("ja", Sound, "陸 1234", "!T304"),
        ("ja", Sound, "万 12", "!T304"),
        ("am", Sound, "፲ 5", "!T304"),
        ("he", Sound, "מ״ג 12", "!T304"),
    ]);
}

#[test]
fn what_nobody_sees_changes_nothing() {
    use Reading::Sound;
    check(&[
        ("my", Sound, "ဘဲ 1", "BE1"),
        ("my", Sound, "ဘ\u{34f}ဲ 1", "BE1"),
        ("hy", Sound, "ԷԵ 1", "EYE1"),
        ("hy", Sound, "Է\u{ad}Ե 1", "EYE1"),
        ("hy", Sound, "ՕԵՒ 1", "OYEV1"),
        ("hy", Sound, "ՕԵ\u{34f}Ւ 1", "OYEV1"),
        ("th", Sound, "เอ็\u{ad}ม 16", "M16"),
        ("hy", Sound, "OՕ 1", "!T302"),
        ("ar", Sound, "پ 12", "P12"),
        ("hi", Sound, "ABके 3", "ABKE3"),
    ]);
}

#[test]
fn strict_conversion_reads_no_letter_names_and_lets_no_row_break_it() {
    let stage = stage();
    let strict = |language: &str, mapping: &[(&str, &str)]| Settings {
        variant: matricule_record::Variant::Strict,
        mapping: mapping.iter().map(|(from, to)| ((*from).into(), (*to).into())).collect(),
        ..settings(language)
    };
    for (language, a, b) in
        [("hi", "आई 1", "इ 1"), ("th", "ที 1", "ฏ 1"), ("my", "ယူ 1", "ဥ 1"), ("ps", "ې 1", "ي 1")]
    {
        let read = |serial| stage.explain(serial, &strict(language, &[])).unwrap().conversion.converted;
        assert_ne!(read(a), read(b), "{a} and {b}");
    }
    let own = strict("ru", &[("Ѣ", "TS")]);
    assert!(stage.prepare(&own).is_err_and(|faults| faults.iter().any(|fault| fault.code == Code::M507)));
}

#[test]
fn strict_tables_refuse_nothing_that_they_can_tell_apart() {
    let stage = stage();
    for (language, serial, expect) in [
        ("ru", "ЦА 512", Ok("XTA512".to_owned())),
        ("ru", "ТСА 512", Ok("TSA512".to_owned())),
        ("ru", "ВЬ 17", Ok("VXF17".to_owned())),
        ("ar", "ط ظ ٩", Ok("XTTXZZ9".to_owned())),
        ("ja", "ンア 1", Ok("XNA1".to_owned())),
        ("ja", "ナ 1", Ok("NA1".to_owned())),
        ("ko", "각아 1", Ok("GAXGQA1".to_owned())),
        ("ru", "АA 100", Err(Code::T302)),
        ("ru", "ЂА 4", Err(Code::T301)),
    ] {
        let strict = Settings { variant: matricule_record::Variant::Strict, ..settings(language) };
        assert_eq!(convert(&stage, serial, &strict, Reading::Sound), expect, "{serial}");
    }
}

#[test]
fn search_keys_find_and_never_decide() {
    let stage = stage();
    for (language, serial, other, plain) in [
        ("ru", "АВ 1234", Some("AB1234"), None),
        ("ar", "أ ب ١٢٣٤", None, Some("AB1234")),
        ("he", "צ 45120", None, Some("TS45120")),
        ("ko", "에이케이 47", Some("EIKEI47"), None),
        ("", "AB 1234", None, None),
    ] {
        let keys = stage.keys(serial, &settings(language));
        assert_eq!((keys.other_reading.as_deref(), keys.plain.as_deref()), (other, plain), "{serial}");
    }
}

#[test]
fn a_ledger_may_add_rows_of_its_own() {
    let stage = stage();
    // A sequence of the same letter twice needs the letter twice.
    let twice = Settings { mapping: vec![("ЖЖ".into(), "ZZ".into())], ..settings("ru") };
    assert_eq!(convert(&stage, "ЖЖ 1", &twice, Reading::Sound), Ok("ZZ1".into()));
    assert_eq!(convert(&stage, "ЖГ 1", &twice, Reading::Sound), Ok("ZHG1".into()));
    let own = Settings { mapping: vec![("Ѣ".into(), "E".into())], ..settings("ru") };
    stage.prepare(&own).unwrap();
    assert_eq!(convert(&stage, "Ѣ 12", &own, Reading::Sound), Ok("E12".into()));
    assert_eq!(convert(&stage, "Ѣ 12", &settings("ru"), Reading::Sound), Err(Code::T301));
    let plain = Settings { mapping: vec![("7".into(), "1".into())], ..settings("ru") };
    assert!(stage.prepare(&plain).is_err_and(|faults| faults[0].code == Code::M506), "7 is 7");
    let wrong = Settings { mapping: vec![("Ѣ".into(), "Е".into())], ..settings("ru") };
    assert!(
        stage.prepare(&wrong).is_err_and(|faults| faults[0].code == Code::M502),
        "a Cyrillic Е is no output"
    );
}

#[test]
fn every_character_can_say_by_which_row() {
    let stage = stage();
    let explanation = stage.explain("НХ 07", &settings("ru")).unwrap();
    let steps: Vec<(&str, &str)> =
        explanation.steps.iter().map(|step| (step.characters.as_str(), step.row.to.as_str())).collect();
    assert_eq!(steps, [("Н", "N"), ("Х", "KH"), (" ", ""), ("0", "0..9"), ("7", "0..9")]);
    assert!(explanation.steps[0].row.source.contains("9303"));
    assert!(explanation.steps[0].row.place.to_string().contains("cyrl-rus-icao9303.csv:"));
}

#[test]
fn mixed_digits_are_noticed() {
    let stage = stage();
    let conversion = stage.explain("٤۴", &settings("")).unwrap().conversion;
    assert!(conversion.mixed_digits);
    assert!(!stage.explain("٤٤", &settings("")).unwrap().conversion.mixed_digits);
}

#[test]
fn settings_default_refuses_mixed_scripts() {
    assert_eq!(Settings::default().mixed, Mixed::Reject);
}
