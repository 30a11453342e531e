//! Whether what two entries state of one thing excludes each other. A value that is not known excludes nothing, nor
//! does one that says the same otherwise or with less.

use matricule_record::Text;
use matricule_text::identity_key;

use crate::keys::known;
use crate::model::name;

/// A name as it is written, and in Latin letters where it is written in others.
pub(crate) type Name<'a> = (&'a Text, Option<&'a Text>);

/// Values of a vocabulary or in normal form: they differ where they are not the same.
pub(crate) fn values_differ(a: &str, b: &str) -> bool {
    both(a, b).is_some_and(|(a, b)| a != b)
}

/// Days, months, years, or two of them with a stroke between: they differ where no day is in both.
pub(crate) fn spans_differ(a: &str, b: &str) -> bool {
    both(a, b).is_some_and(|(a, b)| is_before(a, b) || is_before(b, a))
}

/// Whether all of one time lies before all of another.
pub(crate) fn is_before(a: &str, b: &str) -> bool {
    let (last, first) = (a.rsplit('/').next().unwrap_or(a), b.split('/').next().unwrap_or(b));
    // ISO 8601: what both name is compared, the year before the month before the day.
    let shared = last.len().min(first.len());
    last.as_bytes()[..shared] < first.as_bytes()[..shared]
}

/// Calibres: one that names the bore alone is no other one.
pub(crate) fn calibres_differ(a: &str, b: &str) -> bool {
    values_differ(a, b) && !is_bore_of(a, b) && !is_bore_of(b, a)
}

/// Whether a calibre is no more than the bore of another one: `9 mm` of `9x19`, `.45` of `.45 ACP`.
fn is_bore_of(bore: &str, calibre: &str) -> bool {
    let bore = bore.strip_suffix("mm").unwrap_or(bore).trim_end();
    let is_number = !bore.is_empty() && bore.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_number && calibre.strip_prefix(bore).is_some_and(|rest| rest.starts_with(['x', ' ']))
}

/// Makes and models, which clerks write with more or fewer points and capitals, and in their own letters.
pub(crate) fn names_differ(a: Name<'_>, b: Name<'_>) -> bool {
    both(a.0, b.0).is_some_and(|(x, y)| {
        let is_spelled = |name: &str| identity_key(name).chars().all(char::is_alphanumeric);
        x != y
            && identity_key(x) != identity_key(y)
            // A sign such as △ has no letter in another script.
            && !(is_spelled(x) && is_spelled(y) && latin(a, b).is_some_and(|(x, y)| identity_key(x) == identity_key(y)))
    })
}

/// People and institutions: also with their words in another order, or with initials for some of them.
pub(crate) fn holders_differ(a: Name<'_>, b: Name<'_>) -> bool {
    let is_one = |(x, y): (&str, &str)| name::is_abbreviated(&name::canonical(x), &name::canonical(y));
    names_differ(a, b) && !both(a.0, b.0).is_some_and(is_one) && !latin(a, b).is_some_and(is_one)
}

/// Two names in Latin letters, where that says more than how they are written.
fn latin<'a>(a: Name<'a>, b: Name<'a>) -> Option<(&'a str, &'a str)> {
    let text = |name: Name<'a>| name.1.unwrap_or(name.0).as_str();
    (a.1.is_some() || b.1.is_some()).then(|| (text(a), text(b)))
}

fn both<'a>(a: &'a str, b: &'a str) -> Option<(&'a str, &'a str)> {
    known(a).zip(known(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_otherwise_or_with_less_excludes_nothing() {
        let check = |differ: fn(&str, &str) -> bool, a: &str, b: &str, expect: bool| {
            assert_eq!((differ(a, b), differ(b, a)), (expect, expect), "{a} | {b}");
        };
        check(spans_differ, "1903", "1903/1904", false);
        check(spans_differ, "1904", "1903/1904", false);
        check(spans_differ, "1905", "1903/1904", true);
        check(spans_differ, "1995-05", "1995-05-17", false);
        check(spans_differ, "1995-05-17", "1995-06", true);
        check(spans_differ, "1995", "", false);
        check(calibres_differ, "9 mm", "9x19", false);
        check(calibres_differ, "9 mm", "9x18", false);
        check(calibres_differ, "7.62", "7.62x39", false);
        check(calibres_differ, ".45", ".45 ACP", false);
        check(calibres_differ, "7.62", "7.65x17", true);
        check(calibres_differ, "9 mm", "9.3x62", true);
        check(calibres_differ, "7.62x39", "7.62x51", true);
        check(calibres_differ, "", "9x19", false);
    }

    #[test]
    fn names_in_another_order_or_in_other_letters_are_the_same() {
        let check = |a: [&str; 2], b: [&str; 2], names: bool, holders: bool| {
            let texts = [a, b].map(|name| name.map(Text::from));
            let [a, b] =
                [&texts[0], &texts[1]].map(|text| (&text[0], Some(&text[1]).filter(|t| !t.is_empty())));
            assert_eq!((names_differ(a, b), holders_differ(a, b)), (names, holders), "{texts:?}");
            assert_eq!((names_differ(b, a), holders_differ(b, a)), (names, holders), "{texts:?}");
        };
        check(["ИЖ-27", "IZH 27"], ["IZH-27", ""], false, false);
        check(["△66", ""], ["△ 66", ""], false, false);
        check(["△66", ""], ["66", ""], true, false);
        check(["M1.6", ""], ["M16", ""], true, true);
        check(["Smith, John", ""], ["John Smith", ""], true, false);
        check(["J. Smith", ""], ["John Smith", ""], true, false);
        check(["Иванов Иван", "IVANOV IVAN"], ["Ivan Ivanov", ""], true, false);
        check(["Иванов", "IVANOV"], ["Petrov", ""], true, true);
        check(["Depot 1", ""], ["Depot 12", ""], true, true);
        check(["Depot 5", ""], ["Police HQ", ""], true, true);
        check(["Ivan Petrov", ""], ["Ivana Petrova", ""], true, true);
        check(["J. Smith", ""], ["J. Smyth", ""], true, true);
    }
}
