//! Chains as clerks write them, and what is not taken for an event.

use jiff::civil::date;

use super::*;
use crate::calendar::Calendar;
use crate::written::Context;

/// `kind date < from > to # document`, clauses by `;`; what is not understood stands behind `?`.
fn check(language: &str, lines: &[(&str, &str)]) {
    let files = Files::shipped();
    let (events, months, words) = (
        Events::load(&files).unwrap(),
        files.vocabulary("month").unwrap(),
        files.vocabulary("date_word").unwrap(),
    );
    let language = (!language.is_empty()).then_some(language);
    let context =
        Context { months: &months, words: &words, language, order: None, calendar: Calendar::Gregorian };
    let order = Order { context, pivot: None, today: date(2026, 6, 1) };
    for (text, expect) in lines {
        let told = events.read(text, Field::History, &order);
        let unknown = told.unknown.iter().map(|clause| format!("? {clause}"));
        let found: Vec<String> = told.events.iter().map(shown).chain(unknown).collect();
        assert_eq!(found.join("; "), *expect, "{text}");
    }
}

fn shown(event: &HistoryEvent) -> String {
    let part = |sign: &str, text: &Option<Text>| {
        text.as_deref().map(|text| format!(" {sign}{text}")).unwrap_or_default()
    };
    let parts = [
        part("", &event.date),
        part("< ", &event.from_party),
        part("> ", &event.to_party),
        part("# ", &event.document),
    ];
    format!("{}{}", event.kind, parts.concat())
}

#[test]
fn chains_in_spaced_scripts() {
    check(
        "en",
        &[
            (
                "issued 12.03.1994 to 4th depot, act 17; returned 1996",
                "issued 1994-03-12 > 4th depot # act 17; returned 1996-01-01/1996-12-31",
            ),
            (
                "Received from Central Stores on 5 May 1987 (invoice 12/87)",
                "received 1987-05-05 < Central Stores # invoice 12/87",
            ),
            (
                "transferred from depot 3 to 5 Regiment 1999-02-01",
                "transferred 1999-02-01 < depot 3 > 5 Regiment",
            ),
            ("issued to regiment 1805", "issued > regiment 1805"),
            (
                "lost 1995. Found March 12, 1996. Destroyed 2001-07-09, protocol 4",
                "lost 1995-01-01/1995-12-31; found 1996-03-12; destroyed 2001-07-09 # protocol 4",
            ),
            ("barrel replaced 1998", "component replaced 1998-01-01/1998-12-31"),
            ("was issued to Ivanov, returned 1996", "issued > Ivanov; returned 1996-01-01/1996-12-31"),
        ],
    );
    check(
        "ru",
        &[
            (
                "выдано 12.03.1994 в/ч 12345, акт № 17 от 10.03.1994; возвращено 1996 г.",
                "issued 1994-03-12 > в/ч 12345 # акт № 17 от 10.03.1994; returned 1996-01-01/1996-12-31",
            ),
            ("получено со склада 4 в 1987 г.", "received 1987-01-01/1987-12-31 < склада 4"),
            (
                "передано из части 5 в часть 6 21.02.1999 по акту 3",
                "transferred 1999-02-21 < части 5 > часть 6 # по акту 3",
            ),
            ("Замена ствола 1998 г.; списано", "component replaced 1998-01-01/1998-12-31; written off"),
        ],
    );
}

#[test]
fn chains_of_other_languages() {
    check(
        "ar",
        &[(
            "صرف إلى المستودع الرابع بتاريخ ٢٥/٠٣/١٩٩٤، محضر رقم ١٧",
            "issued 1994-03-25 > المستودع الرابع # محضر رقم ١٧",
        )],
    );
    check(
        "fr",
        &[(
            "remis le 25/03/1994 à la brigade de Lyon, PV 17",
            "issued 1994-03-25 > la brigade de Lyon # PV 17",
        )],
    );
    check(
        "es",
        &[(
            "entregado a la comisaría 4 el 25/03/1994, acta 17",
            "issued 1994-03-25 > la comisaría 4 # acta 17",
        )],
    );
    check("pt", &[("distribuído em 25/03/1994 ao 4º batalhão", "issued 1994-03-25 > 4º batalhão")]);
    check(
        "de",
        &[("ausgegeben am 12. März 1994 an Depot 4, Beleg 17", "issued 1994-03-12 > Depot 4 # Beleg 17")],
    );
    check("tr", &[("25.03.1994 tarihinde 4. depoya verildi", "issued 1994-03-25 > 4. depoya")]);
    check("hi", &[("जारी 25.03.1994", "issued 1994-03-25")]);
    check("pl", &[("wydano 25.03.1994 do magazynu 4", "issued 1994-03-25 > magazynu 4")]);
}

#[test]
fn chains_in_scripts_without_blanks() {
    check(
        "zh",
        &[(
            "1994年3月12日发给四号仓库；1996年归还",
            "issued 1994-03-12 > 四号仓库; returned 1996-01-01/1996-12-31",
        )],
    );
    check("ja", &[("1994年3月12日 第4倉庫へ払出", "issued 1994-03-12 > 第4倉庫")]);
    check("ko", &[("1994년 3월 12일 4대대에 지급", "issued 1994-03-12 > 4대대")]);
    check("th", &[("จ่ายให้ คลัง 4 เมื่อ 12 มีนาคม 1994", "issued 1994-03-12 > คลัง 4")]);
}

#[test]
fn what_is_not_understood_is_left_whole() {
    for text in [
        "to be destroyed 1999",
        "issued 03/04/1994 to depot",
        "issued 12.03.94 to depot",
        "issued 1994 returned 1996",
        "returned broken",
        "issued to Ivanov, barrel cracked",
        "not lost",
        "good condition",
        "issued 31.02.1994 to depot",
    ] {
        check("en", &[(text, &format!("? {text}"))]);
    }
    check("de", &[("nicht ausgegeben", "? nicht ausgegeben")]);
    check("hi", &[("जारी नहीं", "? जारी नहीं")]);
    check("zh", &[("未发放", "? 未发放")]);
    check("ru", &[("не выдано 1994", "? не выдано 1994"), ("выдано не было", "? выдано не было")]);
    check("", &[("issued A Company 1994-03-12", "issued 1994-03-12 > A Company")]);
}

#[test]
fn remarks_that_cannot_tell_an_event_are_not_read() {
    let events = Events::load(&Files::shipped()).unwrap();
    for (text, expect) in [
        ("issued 12.03.1994 to depot", true),
        ("then returned 1996", true),
        ("1994年归还", true),
        ("issued to depot", false),
        ("good condition 1994", false),
        ("", false),
    ] {
        assert_eq!(events.may_tell(text), expect, "{text}");
    }
}

#[test]
fn every_kind_has_words_of_twelve_languages() {
    let events = Events::load(&Files::shipped()).unwrap();
    let mut languages: HashMap<&str, HashSet<&str>> = HashMap::new();
    for row in events.kinds.rows() {
        languages.entry(&row.value).or_default().insert(&row.language);
    }
    assert!(languages.len() >= 20, "{languages:?}");
    for (kind, languages) in languages {
        assert!(languages.len() >= 12, "{kind}: {}", languages.len());
    }
}
