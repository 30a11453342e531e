//! Dates as ledgers write them, in their languages and calendars.

use matricule_mapping::Files;

use super::*;

/// What a ledger declares: language, calendar, order of day and month, pivot.
#[derive(Clone, Copy, Default)]
struct Declared {
    language: Option<&'static str>,
    calendar: Option<&'static str>,
    order: Option<&'static str>,
    pivot: Option<u16>,
}

const PLAIN: Declared = Declared { language: None, calendar: None, order: None, pivot: None };

fn check(declared: Declared, lines: &[(&str, &str)]) {
    let (months, words) =
        (Files::shipped().vocabulary("month").unwrap(), Files::shipped().vocabulary("date_word").unwrap());
    let context = Context {
        months: &months,
        words: &words,
        language: declared.language,
        order: declared.order,
        calendar: declared.calendar.and_then(Calendar::named).unwrap_or(Calendar::Gregorian),
    };
    let order = Order { context, pivot: declared.pivot, today: jiff::civil::date(2026, 6, 1) };
    for (text, expect) in lines {
        let (text, kind) =
            text.strip_prefix("cell ").map_or((*text, CellKind::Text), |day| (day, CellKind::Date));
        let found = match read(text, kind, &order) {
            Day::Known(day, Calendar::Gregorian) => day,
            Day::Known(day, calendar) => format!("{day} {}", calendar.name()),
            Day::TwoDigits(day) => format!("raw {day}"),
            Day::Unclear(doubt) => format!("{doubt:?}"),
            Day::Impossible => "impossible".to_owned(),
            Day::NotUnderstood => "no date".to_owned(),
        };
        assert_eq!(
            found, *expect,
            "{text} ({:?} {:?} {:?})",
            declared.language, declared.calendar, declared.order
        );
    }
}

fn in_calendar(calendar: &'static str, lines: &[(&str, &str)]) {
    check(Declared { calendar: Some(calendar), ..PLAIN }, lines);
}

fn in_language(language: &'static str, lines: &[(&str, &str)]) {
    check(Declared { language: Some(language), ..PLAIN }, lines);
}

#[test]
fn iso_and_unambiguous_dates_are_read() {
    check(
        PLAIN,
        &[
            ("1987-05-12", "1987-05-12"),
            ("1987-05-12T00:00:00", "1987-05-12"),
            ("1987-05-12 13:45:10.5", "1987-05-12"),
            ("1987/5/12", "1987-05-12"),
            ("19870512", "1987-05-12"),
            ("19871512", "no date"),
            ("3/13/1977 12:00:00 AM", "1977-03-13"),
            ("1977-03-13 00:00:00+00", "1977-03-13"),
            ("1977-03-13T00:00:00+00:00", "1977-03-13"),
            ("Mar 13 1977 12:00AM", "1977-03-13"),
            ("1º de março de 1977", "1977-03-01"),
            ("ngày 12 tháng 3 năm 1977", "1977-03-12"),
            ("1899-12-30", "impossible"),
            ("1900-01-01 00:00:00", "impossible"),
            ("1900-01-01", "1900-01-01"),
            ("1753-01-01", "impossible"),
            ("cell 1899-12-30", "impossible"),
            ("١٩٨٧-٠٥-١٢", "1987-05-12"),
            ("12.05.1987", "1987-05-12"),
            ("12. 5. 1987.", "1987-05-12"),
            ("1987. 5. 12.", "1987-05-12"),
            ("13/05/1987", "1987-05-13"),
            ("05/13/1987", "1987-05-13"),
            ("05/05/1987", "1987-05-05"),
            ("cell 1987-05-12", "1987-05-12"),
        ],
    );
}

#[test]
fn what_could_be_two_days_is_not_guessed() {
    let [dmy, mdy, ymd] = ["dmy", "mdy", "ymd"].map(|order| Declared { order: Some(order), ..PLAIN });
    let pivot = Some(1950);
    check(PLAIN, &[("05/12/1987", "Order"), ("12.05.87", "raw 12.05.87"), ("05 12 1987", "Order")]);
    check(Declared { pivot, ..dmy }, &[("05/12/1987", "1987-12-05"), ("12.05.87", "1987-05-12")]);
    check(mdy, &[("05/12/1987", "1987-05-12")]);
    check(Declared { pivot, ..ymd }, &[("05/12/1987", "Order"), ("87/05/12", "1987-05-12")]);
}

#[test]
fn months_are_read_in_words_of_many_languages() {
    check(
        PLAIN,
        &[
            ("12 мая 1987 г.", "1987-05-12"),
            ("12 травня 1987 р.", "1987-05-12"),
            ("12 de mayo de 1987", "1987-05-12"),
            ("12 de maio de 1987", "1987-05-12"),
            ("12. Mai 1987", "1987-05-12"),
            ("1er août 1987", "1987-08-01"),
            ("12 maggio 1987", "1987-05-12"),
            ("12-May-1987", "1987-05-12"),
            ("12MAY1987", "1987-05-12"),
            ("May 12, 1987", "1987-05-12"),
            ("12th May 1987", "1987-05-12"),
            ("1987 май 12", "1987-05-12"),
            ("12 Mayıs 1987", "1987-05-12"),
            ("12 KASIM 1987", "1987-11-12"),
            ("12 Μαΐου 1987", "1987-05-12"),
            ("12 במאי 1987", "1987-05-12"),
            ("12 مايو 1987", "1987-05-12"),
            ("١٢ أيار ١٩٨٧", "1987-05-12"),
            ("12 كانون الثاني 1987", "1987-01-12"),
            ("۱۲ مهٔ ۱۹۸۷", "1987-05-12"),
            ("1987年5月12日", "1987-05-12"),
            ("一九八七年五月十二日", "1987-05-12"),
            ("一九八七年五月一二日", "1987-05-12"),
            ("1987년 5월 12일", "1987-05-12"),
            ("12 พฤษภาคม 1987", "1987-05-12"),
            ("१२ मई १९८७", "1987-05-12"),
            ("12 մայիսի 1987 թ.", "1987-05-12"),
            ("12 მაისი, 1987", "1987-05-12"),
            ("12 ሜይ 1987", "1987-05-12"),
            ("12 мамыр 1987 ж.", "1987-05-12"),
            ("12.V.1987", "1987-05-12"),
            ("12 mai 1987", "1987-05-12"),
        ],
    );
    in_language(
        "pl",
        &[
            ("12 maja 1987 r.", "1987-05-12"),
            ("12 marca 1977 r.", "1977-03-12"),
            ("listopad 1987", "1987-11-01/1987-11-30"),
        ],
    );
    in_language("sr", &[("12. маја 1987. године", "1987-05-12"), ("12. maja 1987.", "1987-05-12")]);
    check(PLAIN, &[("12 listopad 1987", "Word"), ("12 qqq 1987", "no date")]);
}

#[test]
fn partial_dates_are_intervals() {
    check(
        PLAIN,
        &[
            ("05.1987", "1987-05-01/1987-05-31"),
            ("1987-02", "1987-02-01/1987-02-28"),
            ("kwi 1987", "1987-04-01/1987-04-30"),
            ("May 1987", "1987-05-01/1987-05-31"),
            ("1987", "1987-01-01/1987-12-31"),
            ("1987年5月", "1987-05-01/1987-05-31"),
        ],
    );
    let pivot = Declared { pivot: Some(1950), ..PLAIN };
    check(pivot, &[("12-May-87", "1987-05-12"), ("May 87", "1987-05-01/1987-05-31")]);
    check(PLAIN, &[("12-May-87", "raw 12-May-87")]);
}

#[test]
fn a_declared_calendar_converts() {
    in_calendar(
        "hijri",
        &[
            ("1408/01/01", "1987-08-26 hijri-civil"),
            ("١٤٠٨/٠١/٠١", "1987-08-26 hijri-civil"),
            ("1 محرم 1408", "1987-08-26 hijri-civil"),
            ("1408", "1987-08-26/1988-08-13 hijri-civil"),
        ],
    );
    in_calendar("hijri-umalqura", &[("1 رمضان 1442 هـ", "2021-04-13 hijri-umalqura")]);
    in_calendar(
        "persian",
        &[
            ("1366/02/22", "1987-05-12 persian"),
            ("۲۲ اردیبهشت ۱۳۶۶", "1987-05-12 persian"),
            ("22/2/1366", "1987-05-12 persian"),
            ("2/3/1366", "1987-05-23 persian"),
            ("66/02/22", "raw 66/02/22"),
            ("1987-05-12", "1987-05-12"),
            ("12 May 1987", "1987-05-12"),
            ("1366/13/01", "impossible"),
            ("cell 1987-05-12", "1987-05-12"),
        ],
    );
    in_calendar(
        "ethiopian",
        &[
            ("4 ግንቦት 1979", "1987-05-12 ethiopian"),
            ("4/9/1979", "1987-05-12 ethiopian"),
            ("1 ጳጉሜን 1979", "1987-09-06 ethiopian"),
            ("12 ሜይ 1987", "1987-05-12"),
            ("2/13/1990", "1998-09-07 ethiopian"),
            ("cell 1979-09-04", "Cell"),
        ],
    );
    in_calendar(
        "buddhist",
        &[
            ("12 พฤษภาคม 2530", "1987-05-12 buddhist"),
            ("๑๒/๕/๒๕๓๐", "1987-05-12 buddhist"),
            ("10/1/2479", "1937-01-10 buddhist"),
            ("cell 2530-05-12", "1987-05-12 buddhist"),
            ("cell 1987-05-12", "1987-05-12"),
            ("1987-05-12", "1987-05-12"),
        ],
    );
}

#[test]
fn a_declared_reckoning_converts() {
    in_calendar(
        "minguo",
        &[
            ("民國76年5月12日", "1987-05-12 minguo"),
            ("76/5/12", "1987-05-12 minguo"),
            ("民國七六年五月一二日", "1987-05-12 minguo"),
            ("100.5.12", "2011-05-12 minguo"),
            ("1987-05-12", "1987-05-12"),
        ],
    );
    in_calendar(
        "julian",
        &[("25.10.1917", "1917-11-07 julian"), ("25 октября 1917 г.", "1917-11-07 julian")],
    );
    in_calendar(
        "rumi",
        &[
            ("31 Mart 1325", "1909-04-13 rumi"),
            ("10 Temmuz 1324", "1908-07-23 rumi"),
            ("31/3/1325", "Month"),
            ("16 Teşrinievvel 1330", "1914-10-29 rumi"),
        ],
    );
    in_calendar(
        "japanese",
        &[("昭和13年8月5日", "1938-08-05 japanese-showa"), ("13.8.5", "Era"), ("1938-08-05", "1938-08-05")],
    );
    in_calendar(
        "japanese-showa",
        &[("13.8.5", "1938-08-05 japanese-showa"), ("13.8", "1938-08-01/1938-08-31 japanese-showa")],
    );
    in_calendar(
        "rattanakosin",
        &[("10 มกราคม ร.ศ. 121", "1903-01-10 rattanakosin"), ("10/1/121", "1903-01-10 rattanakosin")],
    );
}

#[test]
fn an_era_or_a_month_names_its_calendar() {
    check(
        PLAIN,
        &[
            ("昭和13年8月5日", "1938-08-05 japanese-showa"),
            ("昭和元年12月25日", "1926-12-25 japanese-showa"),
            ("民國三十八年十月一日", "1949-10-01 minguo"),
            ("12 พ.ค. พ.ศ. 2530", "1987-05-12 buddhist"),
            ("12 พ.ค. ค.ศ. 1987", "1987-05-12"),
            ("1408/01/01 هـ", "1987-08-26 hijri-civil"),
            ("1 محرم 1408 هـ", "1987-08-26 hijri-civil"),
            ("1 رمضان 1408", "1988-04-18 hijri-civil"),
            ("1366/02/22 ه.ش", "1987-05-12 persian"),
            ("22 اردیبهشت 1366", "1987-05-12 persian"),
            ("4 ግንቦት 1979 ዓ.ም.", "1987-05-12 ethiopian"),
            ("公元1987年5月12日", "1987-05-12"),
            ("12 مايو 1408 هـ", "impossible"),
        ],
    );
    in_language("ja", &[("S13.8.5", "1938-08-05 japanese-showa")]);
    check(PLAIN, &[("S13.8.5", "no date")]);
}

#[test]
fn impossible_days_and_other_texts_are_refused() {
    check(
        PLAIN,
        &[
            ("31.02.1987", "impossible"),
            ("31 февраля 1987", "impossible"),
            ("1987-13-01", "impossible"),
            ("2031-01-01", "impossible"),
            ("0087-01-01", "impossible"),
            ("??.??.????", "no date"),
            ("XX/YY/ZZ", "no date"),
            ("1.2.3.4", "no date"),
            ("1987--05-12", "no date"),
            ("12.05/1987", "no date"),
            ("1,987", "no date"),
            ("31545", "no date"),
            ("about 1987", "no date"),
            ("昭和13年(1938)", "no date"),
            ("", "no date"),
        ],
    );
}
