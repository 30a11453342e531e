//! Conversions as published, each with its source.

use super::*;

fn check(calendar: &str, days: &[((i32, u8, u8), &str)]) {
    let calendar = Calendar::named(calendar).unwrap();
    for ((year, month, day), expect) in days {
        let found = calendar.day(*year, *month, *day).map(|day| day.to_string()).unwrap_or_default();
        assert_eq!(found, *expect, "{} {year}-{month}-{day}", calendar.name());
    }
}

fn check_years(calendar: &str, years: &[(i32, &str)]) {
    let calendar = Calendar::named(calendar).unwrap();
    for (year, expect) in years {
        let found =
            calendar.year(*year).map(|span| format!("{}/{}", span.first, span.last)).unwrap_or_default();
        assert_eq!(found, *expect, "{} {year}", calendar.name());
    }
}

/// Reingold and Dershowitz, Calendrical Calculations, appendix C: sample dates, by Julian day.
#[test]
fn julian_hijri_persian_and_ethiopian_days_are_those_of_the_tables() {
    check(
        "julian",
        &[
            ((1917, 10, 25), "1917-11-07"),
            ((1768, 6, 8), "1768-06-19"),
            ((1900, 2, 29), "1900-03-13"),
            ((1918, 2, 1), "1918-02-14"),
            ((1941, 9, 16), "1941-09-29"),
        ],
    );
    check(
        "hijri-civil",
        &[
            ((1360, 9, 8), "1941-09-29"),
            ((1362, 4, 13), "1943-04-19"),
            ((1412, 9, 13), "1992-03-17"),
            ((1408, 1, 1), "1987-08-26"),
            ((1400, 13, 1), ""),
        ],
    );
    check(
        "persian",
        &[
            ((1320, 7, 7), "1941-09-29"),
            ((1322, 1, 29), "1943-04-19"),
            ((1370, 12, 27), "1992-03-17"),
            ((1357, 11, 22), "1979-02-11"),
            ((1400, 1, 1), "2021-03-21"),
            ((1395, 12, 30), "2017-03-20"),
            ((1396, 12, 30), ""),
        ],
    );
    check(
        "ethiopian",
        &[
            ((1934, 1, 19), "1941-09-29"),
            ((1935, 8, 11), "1943-04-19"),
            ((1984, 7, 8), "1992-03-17"),
            ((2000, 1, 1), "2007-09-12"),
            ((1999, 13, 5), "2007-09-10"),
            ((1999, 13, 6), "2007-09-11"),
            ((2000, 13, 6), ""),
        ],
    );
}

/// Umm al-Qura tables of KACST: 1 Muharram 1441, 1 Ramadan 1442, 1 Shawwal 1440. The entry stamp of King Khalid
/// International Airport of 10 Rajab 1428, and the first day of 1446 (Wikipedia, Islamic calendar).
#[test]
fn umm_al_qura_days_are_those_of_the_saudi_tables() {
    check(
        "hijri-umalqura",
        &[
            ((1441, 1, 1), "2019-08-31"),
            ((1442, 9, 1), "2021-04-13"),
            ((1440, 10, 1), "2019-06-04"),
            ((1428, 7, 10), "2007-07-24"),
            ((1446, 1, 1), "2024-07-07"),
        ],
    );
}

/// Türk Tarih Kurumu, date conversion guide: the first day of the calendar, 31 March 1325 (the
/// uprising of 13 April 1909), 10 July 1324 (23 July 1908), 18 March 1331 and the reform of 1917. A calendar leaf of
/// 1911 in six languages: 7 Nisan 1327 beside 20 April 1911 (Wikipedia, Rumi calendar).
#[test]
fn rumi_days_are_those_of_the_ottoman_archives() {
    check(
        "rumi",
        &[
            ((1256, 3, 1), "1840-03-13"),
            ((1324, 7, 10), "1908-07-23"),
            ((1325, 3, 31), "1909-04-13"),
            ((1327, 4, 7), "1911-04-20"),
            ((1330, 10, 16), "1914-10-29"),
            ((1331, 3, 5), "1915-03-18"),
            ((1332, 2, 15), "1917-02-28"),
            ((1332, 2, 16), ""),
            ((1333, 3, 1), "1917-03-01"),
            ((1333, 1, 5), ""),
            ((1334, 10, 30), "1918-10-30"),
            ((1336, 4, 23), "1920-04-23"),
            ((1341, 12, 31), "1925-12-31"),
            ((1342, 1, 1), ""),
        ],
    );
    check_years(
        "rumi",
        &[
            (1321, "1905-03-14/1906-03-13"),
            (1332, "1916-03-14/1917-02-28"),
            (1333, "1917-03-01/1917-12-31"),
            (1334, "1918-01-01/1918-12-31"),
            (1341, "1925-01-01/1925-12-31"),
            (1255, ""),
        ],
    );
}

/// Simple English Wikipedia, Thai solar calendar: before 1941 the days from January to March are of the year before, and
/// B.E. 2483 had nine months. The revolution of 24 June B.E. 2475; the royal decree that begins the year in April; the first
/// day of R.S. 108; the end of the year of nine months.
#[test]
fn thai_years_began_in_april_before_1941() {
    check(
        "buddhist",
        &[
            ((2475, 6, 24), "1932-06-24"),
            ((2475, 3, 27), "1933-03-27"),
            ((2483, 12, 31), "1940-12-31"),
            ((2483, 2, 1), ""),
            ((2484, 1, 1), "1941-01-01"),
            ((2530, 5, 12), "1987-05-12"),
            ((2431, 6, 1), ""),
        ],
    );
    check(
        "rattanakosin",
        &[
            ((108, 4, 1), "1889-04-01"),
            ((129, 10, 23), "1910-10-23"),
            ((121, 1, 10), "1903-01-10"),
            ((132, 4, 1), ""),
        ],
    );
    check_years(
        "buddhist",
        &[(2445, "1902-04-01/1903-03-31"), (2483, "1940-04-01/1940-12-31"), (2530, "1987-01-01/1987-12-31")],
    );
    check_years("rattanakosin", &[(121, "1902-04-01/1903-03-31"), (140, "")]);
}

/// The founding of the People's Republic, 1 October of Minguo 38; nambuworld.com: `13.8` is August
/// 1938; the first and last days of the eras by CLDR.
#[test]
fn years_of_the_republic_and_of_eras_count_from_one() {
    check("minguo", &[((38, 10, 1), "1949-10-01"), ((1, 1, 1), "1912-01-01"), ((0, 1, 1), "")]);
    check(
        "japanese-showa",
        &[
            ((13, 8, 5), "1938-08-05"),
            ((64, 1, 7), "1989-01-07"),
            ((64, 1, 8), ""),
            ((1, 12, 25), "1926-12-25"),
            ((1, 12, 24), ""),
        ],
    );
    check(
        "japanese-meiji",
        &[((38, 5, 27), "1905-05-27"), ((6, 1, 1), "1873-01-01"), ((5, 1, 1), ""), ((45, 8, 1), "")],
    );
    check("japanese-taisho", &[((14, 11, 3), "1925-11-03")]);
    check("japanese-heisei", &[((31, 4, 30), "2019-04-30"), ((31, 5, 1), "")]);
    check_years(
        "japanese-meiji",
        &[(1, "1868-01-25/1869-12-31"), (5, "1872-01-01/1872-12-31"), (38, "1905-01-01/1905-12-31")],
    );
    check_years("japanese-showa", &[(1, "1926-12-25/1926-12-31"), (13, "1938-01-01/1938-12-31"), (65, "")]);
    check_years("japanese", &[(13, "")]);
}

#[test]
fn lunar_and_shifted_years_lie_in_two_gregorian_ones() {
    check_years("hijri", &[(1321, "1903-03-30/1904-03-17")]);
    check_years("persian", &[(1309, "1930-03-21/1931-03-21"), (2535, "1976-03-21/1977-03-20")]);
    check_years("ethiopian", &[(1979, "1986-09-11/1987-09-11")]);
    check_years("gregorian", &[(1987, "1987-01-01/1987-12-31")]);
}
