use super::*;

fn check(text: &str, expect: &str) {
    check_in(None, text, expect);
}

fn check_in(language: Option<&str>, text: &str, expect: &str) {
    let components = Components::load(&Files::shipped()).unwrap();
    let found = match components.divide(text, language) {
        Division::Whole => "whole".to_owned(),
        Division::Unclear => "unclear".to_owned(),
        Division::Parts(parts) => {
            let shown =
                |part: &Part| format!("{}={}", part.component.as_deref().unwrap_or_default(), part.serial);
            parts.iter().map(shown).collect::<Vec<_>>().join(" ")
        }
    };
    assert_eq!(found, expect, "{text} {language:?}");
}

#[test]
fn a_bare_word_is_a_component_only_as_its_language_writes_it() {
    for (language, text, expect) in [
        (Some("en"), "FRAME 1234", "frame=1234"),
        (Some("en"), "frame 1234", "frame=1234"),
        (Some("en"), "LADA 1234", "unclear"),
        (Some("en"), "KAST 12", "unclear"),
        (Some("en"), "STEL 9", "unclear"),
        (Some("en"), "MARCO 1", "unclear"),
        (Some("sv"), "LADA 1234", "unclear"),
        (Some("sv"), "LÅDA 1234", "receiver=1234"),
        (None, "LADA 1234", "unclear"),
        (None, "frame 1234", "frame=1234"),
        (Some("en"), "枪管 12", "barrel=12"),
        (Some("en"), "bbl 12", "barrel=12"),
        (Some("en"), "BBL 12", "whole"),
        (Some("sr"), "cev 12", "barrel=12"),
        (Some("en"), "lock 1234", "lock=1234"),
        (Some("fr"), "LOCK 1234", "unclear"),
        (None, "1234 RAM", "whole"),
    ] {
        check_in(language, text, expect);
    }
}

#[test]
fn serials_with_the_words_of_their_components_are_divided() {
    for (text, expect) in [
        ("AANK242 (armação); YWL058 (cano)", "frame=AANK242 barrel=YWL058"),
        ("AANK242 (armação) YWL058 (cano)", "frame=AANK242 barrel=YWL058"),
        ("AANK 242 armação / YWL058 cano", "frame=AANK 242 barrel=YWL058"),
        ("ствольная коробка АВ 1234, затвор АВ 1235", "receiver=АВ 1234 bolt=АВ 1235"),
        ("ствол: № 77; рамка: № 78", "barrel=77 frame=78"),
        ("12345 (barrel 678)", "=12345 barrel=678"),
        ("12345; ствол 678", "=12345 barrel=678"),
        ("Rahmen 12 Lauf 13 Schlitten 14", "frame=12 barrel=13 slide=14"),
        ("机匣12345，枪管12346", "receiver=12345 barrel=12346"),
        ("機関部 1234、銃身 1235", "receiver=1234 barrel=1235"),
        ("البدن ١٢٣٤ - السبطانة ٥٦٧", "frame=١٢٣٤ barrel=٥٦٧"),
        ("โครงปืน ๑๒๓ ลำกล้อง ๑๒๔", "frame=๑๒๓ barrel=๑๒๔"),
        ("σκελετός: A12, κάννη: A13", "frame=A12 barrel=A13"),
        ("gövde no. 55; namlu no. 56", "frame=55 barrel=56"),
        ("frame 12; mag. 13", "frame=12 magazine=13"),
        ("frame RASPADO; barrel 12", "frame=RASPADO barrel=12"),
        ("frame 1234", "frame=1234"),
        ("1234 (barrel)", "barrel=1234"),
        ("枪管 12", "barrel=12"),
        ("рам: 12", "frame=12"),
        ("frame no 55; barrel no 56", "frame=55 barrel=56"),
        ("frame no: 1234", "frame=1234"),
        ("frame Nr 55", "frame=55"),
        ("frame number 1234", "frame=1234"),
        ("frame NUMBER 1234", "frame=1234"),
        ("frame No. 1234", "frame=1234"),
        ("frame N1234; barrel NO1235", "frame=N1234 barrel=NO1235"),
        ("barrel no 7", "barrel=7"),
        ("frame№1234", "frame=1234"),
        ("ствол№12; рамка№13", "barrel=12 frame=13"),
        ("سبطانة١٢٣٤", "barrel=١٢٣٤"),
        ("frame 12/barrel 13", "frame=12 barrel=13"),
        ("1234 frame/1235 barrel", "frame=1234 barrel=1235"),
        ("frame 12/34", "frame=12/34"),
        ("frame 1234; barrel 126", "frame=1234 barrel=126"),
        ("LOCK 5; BARREL 6", "lock=5 barrel=6"),
        ("A1 (frame); mag 201; stock 301", "frame=A1 magazine=201 stock=301"),
    ] {
        check(text, expect);
    }
}

#[test]
fn what_leaves_a_doubt_is_not_divided() {
    for text in [
        "12345 barrel 678",
        "12345; 678; barrel 9",
        "barrel 12; 13",
        "barrel 12; barrel 13",
        "frame 12; receiver 13",
        "12; frame 13",
        "(armação) AANK242 (cano) YWL058",
        "barrel",
        "frame SN 1234",
        "frame NO 55; barrel NO 56",
        "frame N 1234; barrel N 1235",
        "1234 + 2 mag.",
        "1234 (2 mag.)",
        "A22; barrel 26",
        "A1234 (frame); mag 2",
    ] {
        check(text, "unclear");
    }
}

#[test]
fn a_serial_without_the_name_of_a_component_stays_whole() {
    for text in [
        "AB 1234",
        "CANO1234",
        "12-34",
        "五六式 1234",
        "К 123; К 124",
        "LAUFEN 12",
        "קת 926",
        "РАМ 12",
        "CEV 12",
        "A1 / B2",
        "A1/B2",
        "AB/1234",
    ] {
        check(text, "whole");
    }
}

#[test]
fn the_words_are_of_many_languages_and_every_value_is_known() {
    let components = Components::load(&Files::shipped()).unwrap();
    let rows = components.words.rows();
    let languages: HashSet<&str> = rows.iter().map(|row| row.language.as_str()).collect();
    assert!(languages.len() >= 20, "{languages:?}");
    let with_field = ["frame", "receiver", "barrel", "slide", "bolt", "cylinder"];
    for name in with_field {
        assert!(field(name).is_some() && rows.iter().any(|row| row.value == name), "{name}");
    }
    let others = ["magazine", "stock", "bayonet", "bolt_carrier", "top_cover", "lock", "upper", "lower"];
    for row in rows {
        let is_known = with_field.contains(&row.value.as_str()) || others.contains(&row.value.as_str());
        assert!(is_known, "{row:?}");
    }
}
