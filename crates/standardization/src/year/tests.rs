//! Years as ledgers write them.

use matricule_mapping::Files;

use super::*;
use crate::written::Context;

fn check(calendar: &str, pivot: Option<u16>, lines: &[(&str, &str)]) {
    let (months, words) =
        (Files::shipped().vocabulary("month").unwrap(), Files::shipped().vocabulary("date_word").unwrap());
    let calendar = Calendar::named(calendar).unwrap();
    let context = Context { months: &months, words: &words, language: None, order: None, calendar };
    let order = Order { context, pivot, today: jiff::civil::date(2026, 6, 1) };
    for (text, expect) in lines {
        let (text, kind) =
            text.strip_prefix("cell ").map_or((*text, CellKind::Text), |day| (day, CellKind::Date));
        let found = match read(text, kind, &order) {
            Year::Known(year, Calendar::Gregorian) => year,
            Year::Known(year, calendar) => format!("{year} {}", calendar.name()),
            Year::TwoDigits(year) => format!("raw {year}"),
            Year::Unclear(doubt) => format!("{doubt:?}"),
            Year::Impossible => "impossible".to_owned(),
            Year::NotUnderstood => "no year".to_owned(),
        };
        assert_eq!(found, *expect, "{text} ({})", calendar.name());
    }
}

#[test]
fn years_are_read_or_refused() {
    check(
        "gregorian",
        None,
        &[
            ("1987", "1987"),
            ("١٩٨٧", "1987"),
            ("一九八八", "1988"),
            ("1987 г.", "1987"),
            ("1987年", "1987"),
            ("1987년", "1987"),
            ("1987.0", "1987"),
            ("год 1987", "1987"),
            ("سنة ١٩٨٧", "1987"),
            ("1902/1903", "1902/1903"),
            ("1941-45", "1941/1945"),
            ("1941-05", "1941"),
            ("1908-12", "Interval"),
            ("05/12/1987", "1987"),
            ("cell 1987-05-12", "1987"),
            ("cell 1905-06-09", "no year"),
            ("87", "raw 87"),
            ("1321", "impossible"),
            ("2999", "impossible"),
            ("19x7", "no year"),
            ("9x19", "no year"),
            ("model 1987", "no year"),
            ("13.8", "no year"),
            ("1943?", "no year"),
            ("197", "impossible"),
            ("", "no year"),
        ],
    );
    check("gregorian", Some(1950), &[("87", "1987"), ("49", "impossible"), ("15", "2015")]);
}

#[test]
fn years_of_other_calendars_are_the_years_they_can_mean() {
    check(
        "hijri",
        None,
        &[
            ("1321", "1903/1904 hijri-civil"),
            ("١٣٢١ هـ", "1903/1904 hijri-civil"),
            ("1987", "1987"),
            ("1321/1322", "1903/1905 hijri-civil"),
        ],
    );
    check(
        "rumi",
        None,
        &[
            ("1321", "1905/1906 rumi"),
            ("1333", "1917 rumi"),
            ("12/5/1321", "1905/1906 rumi"),
            ("1917", "1917"),
        ],
    );
    check(
        "persian",
        None,
        &[("1309", "1930/1931 persian"), ("1366 ش", "1987/1988 persian"), ("2535", "1976/1977 persian")],
    );
    check(
        "buddhist",
        None,
        &[
            ("2530", "1987 buddhist"),
            ("2478", "1935/1936 buddhist"),
            ("2483", "1940 buddhist"),
            ("1987", "1987"),
        ],
    );
    check("rattanakosin", None, &[("121", "1902/1903 rattanakosin"), ("1902", "1902")]);
    check("ethiopian", None, &[("1979", "1986/1987 ethiopian"), ("2019", "2019")]);
    check("minguo", None, &[("76", "1987 minguo"), ("民國76年", "1987 minguo"), ("1987", "1987")]);
    check(
        "japanese",
        None,
        &[
            ("昭和52年", "1977 japanese-showa"),
            ("昭和元年", "1926 japanese-showa"),
            ("13.8", "1938 japanese-showa"),
            ("14.11", "Era"),
            ("13", "Era"),
            ("大正15", "1926 japanese-taisho"),
            ("1938", "1938"),
        ],
    );
}

#[test]
fn an_era_names_the_calendar_of_a_year() {
    check(
        "gregorian",
        None,
        &[
            ("ร.ศ. 121", "1902/1903 rattanakosin"),
            ("พ.ศ. ๒๕๓๐", "1987 buddhist"),
            ("明治三十八年", "1905 japanese-meiji"),
            ("1321 هـ", "1903/1904 hijri-civil"),
            ("AD 1987", "1987"),
            ("民國廿七年", "1938 minguo"),
        ],
    );
}
