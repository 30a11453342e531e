//! Whether what two entries state of one thing excludes each other. A value that is not known excludes nothing, nor
//! does one that says the same otherwise or with less.

use matricule_record::Text;
use matricule_text::{decimal_digit, fold, identity_key, is_separator};
use unicode_normalization::char::is_combining_mark;

use crate::keys::known;

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

/// Makes and models, which clerks write with more or fewer points and capitals, and one in their own letters, one in Latin ones.
pub(crate) fn names_differ(a: Name<'_>, b: Name<'_>) -> bool {
    both(a.0, b.0).is_some_and(|(x, y)| {
        let is_spelled = |name: &str| identity_key(name).chars().all(char::is_alphanumeric);
        x != y
            && identity_key(x) != identity_key(y)
            // A sign such as △ has no letter in another script.
            && !(is_spelled(x) && is_spelled(y) && latin(a, b).is_some_and(|(x, y)| identity_key(x) == identity_key(y)))
    })
}

/// People and institutions: also with the last word first, or with initials for some of them.
pub(crate) fn holders_differ(a: Name<'_>, b: Name<'_>) -> bool {
    let is_one = |(x, y): (&str, &str)| is_abbreviated(x, y);
    // `1/2` and `12` have the same letters, and are two units.
    let numbers_differ = both(a.0, b.0).is_some_and(|(x, y)| numbers(x) != numbers(y));
    numbers_differ
        || names_differ(a, b) && !both(a.0, b.0).is_some_and(is_one) && !latin(a, b).is_some_and(is_one)
}

/// Two names of which one is written in Latin letters and the other one is not. A romanization loses letters: two names
/// that are both romanized are no more alike by it.
fn latin<'a>(a: Name<'a>, b: Name<'a>) -> Option<(&'a str, &'a str)> {
    let text = |name: Name<'a>| name.1.unwrap_or(name.0).as_str();
    (a.1.is_some() != b.1.is_some()).then(|| (text(a), text(b)))
}

/// The numbers in a name, in their order.
fn numbers(name: &str) -> Vec<Vec<u8>> {
    let digits: Vec<Option<u8>> = name.chars().map(decimal_digit).collect();
    let runs = digits.split(Option::is_none).filter(|run| !run.is_empty());
    runs.map(|run| run.iter().flatten().copied().collect()).collect()
}

/// Whether two names have the same words in one order, but for those of which one has the initial only. One of them may
/// begin with the last word of the other one (`Smith, John`) where no more than one word is a number or a letter:
/// `Company 1, Battalion 2` is no other order of `Battalion 1, Company 2`.
fn is_abbreviated(a: &str, b: &str) -> bool {
    let (Some(a), Some(b)) = (words(a), words(b)) else { return false };
    if a.len() != b.len() {
        return false;
    }
    let is_ordered = a.iter().filter(|word| word.is_designation()).count() > 1;
    let turns = if is_ordered { 1 } else { b.len() };
    (0..turns).any(|turn| {
        let pairs = || a.iter().zip(b.iter().cycle().skip(turn));
        pairs().any(|(x, y)| x.text == y.text && !x.is_designation()) && pairs().all(|(x, y)| x.fits(y))
    })
}

/// A word of a name.
struct Word {
    text: String,
    /// Whether a point follows it.
    has_point: bool,
}

impl Word {
    /// Whether it is a number, or a letter in the place of one: `Unit A`, `II Battalion`.
    fn is_designation(&self) -> bool {
        let is_roman = self.text.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
        let is_letter = self.text.chars().count() == 1 && !self.has_point;
        is_roman || is_letter || self.text.chars().any(char::is_numeric)
    }

    fn fits(&self, other: &Self) -> bool {
        self.text == other.text || self.is_initial_of(other) || other.is_initial_of(self)
    }

    fn is_initial_of(&self, word: &Self) -> bool {
        let mut letters = self.text.chars();
        let first = letters.next();
        let is_initial = self.has_point && letters.next().is_none() && first.is_some_and(char::is_alphabetic);
        is_initial && first == word.text.chars().next() && !word.is_designation()
    }
}

/// The words of a name; `None` where it has a sign that belongs to it.
fn words(name: &str) -> Option<Vec<Word>> {
    let is_of_word = |c: char| c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '\'' | '’');
    if !name.chars().all(|c| is_of_word(c) || is_separator(c)) {
        return None;
    }
    let word = |part: &str| Word { text: fold(part), has_point: part.ends_with('.') };
    Some(name.split_inclusive(is_separator).map(word).filter(|word| !word.text.is_empty()).collect())
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
        check(["△66", ""], ["66", ""], true, true);
        check(["M1.6", ""], ["M16", ""], true, true);
        check(["Smith, John", ""], ["John Smith", ""], true, false);
        check(["J. Smith", ""], ["John Smith", ""], true, false);
        check(["Иванов Иван", "IVANOV IVAN"], ["Ivan Ivanov", ""], true, false);
        check(["Иванов", "IVANOV"], ["Petrov", ""], true, true);
        check(["Depot 1", ""], ["Depot 12", ""], true, true);
        check(["Depot 5", ""], ["Police HQ", ""], true, true);
        check(["Ivan Petrov", ""], ["Ivana Petrova", ""], true, true);
        check(["J. Smith", ""], ["J. Smyth", ""], true, true);
        // What a romanization brings together is two names.
        check(["МЦ21", "MTS21"], ["МТС21", "MTS21"], true, true);
        check(["Щагин", "SHCHAGIN"], ["Шчагин", "SHCHAGIN"], true, true);
        check(["سعيد حسن", "SEYD HSN"], ["صعيد هسن", "SEYD HSN"], true, true);
        check(["Иванов", "IVANOV"], ["ივანოვ", "IVANOV"], true, true);
        check(["Company 1, Battalion 2", ""], ["Company 2, Battalion 1", ""], true, true);
        check(["Company 1, Battalion 2", ""], ["Battalion 1, Company 2", ""], true, true);
        check(["1/2 Inf Bn", ""], ["2/1 Inf Bn", ""], true, true);
        check(["1/2 Inf Bn", ""], ["12 Inf Bn", ""], false, true);
        check(["Unit A", ""], ["Unit Air", ""], true, true);
        check(["Unit A, Section B", ""], ["Unit B, Section A", ""], true, true);
        check(["I Company, II Battalion", ""], ["II Company, I Battalion", ""], true, true);
        check(["First Company, Second Battalion", ""], ["Second Company, First Battalion", ""], true, true);
        check(["Depot △", ""], ["Depot ★", ""], true, true);
        check(["Майя Ким", ""], ["Ким Маия", ""], true, true);
        check(["Depot 5, North", ""], ["North Depot 5", ""], true, false);
        check(["Ivanov, I.P.", ""], ["Ivan Petrovich Ivanov", ""], true, false);
        check(["Ivanov I P", ""], ["Ivan Petrovich Ivanov", ""], true, true);
    }
}
