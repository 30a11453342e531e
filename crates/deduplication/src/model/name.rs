//! Names of people and institutions: words in any order, initials, spellings.

use strsim::jaro_winkler;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::level::Level;

/// Lower case without accents.
pub(crate) fn plain(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .replace('ı', "i")
}

/// A name for comparison: plain words in the order of the alphabet.
pub(crate) fn canonical(text: &str) -> String {
    let plain = plain(text).replace(['\'', '’'], "");
    let mut words: Vec<&str> =
        plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

/// The relation of two canonical names that are not equal.
pub(crate) fn relation(a: &str, b: &str) -> Level {
    let (mut shorter, mut longer): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    if shorter.len() > longer.len() {
        std::mem::swap(&mut shorter, &mut longer);
    }
    let wanted = shorter.len();
    let equal = take(&mut shorter, &mut longer, |x, y| x == y);
    let alike = equal + take(&mut shorter, &mut longer, alike);
    let initials = take(&mut shorter, &mut longer, is_initial);
    let whole = jaro_winkler(&a.replace(' ', ""), &b.replace(' ', "")) >= 0.93;
    match alike {
        _ if whole && digits(a) == digits(b) => Level::Near,
        0 => Level::Different,
        count if count + initials == wanted && wanted > 1 => Level::Near,
        _ if equal > 0 || wanted == 1 => Level::Similar,
        _ => Level::Partial,
    }
}

/// Takes out words of both that fit each other, and says how many they were.
fn take(a: &mut Vec<&str>, b: &mut Vec<&str>, fits: impl Fn(&str, &str) -> bool) -> usize {
    let before = a.len();
    a.retain(|word| match b.iter().position(|other| fits(word, other)) {
        Some(at) => {
            b.remove(at);
            false
        }
        None => true,
    });
    before - a.len()
}

fn alike(a: &str, b: &str) -> bool {
    !a.starts_with(|c: char| c.is_ascii_digit()) && a.len().min(b.len()) > 1 && jaro_winkler(a, b) >= 0.82
}

fn is_initial(a: &str, b: &str) -> bool {
    (a.chars().count() == 1 || b.chars().count() == 1) && a.chars().next() == b.chars().next()
}

fn digits(text: &str) -> impl PartialEq {
    text.chars().filter(char::is_ascii_digit).collect::<String>()
}

/// The initials of a canonical name, in the order of the alphabet.
pub(crate) fn initials(name: &str) -> String {
    let mut initials: Vec<char> = name.split(' ').filter_map(|word| word.chars().next()).collect();
    initials.sort_unstable();
    initials.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations() {
        let check = |a, b, expect| assert_eq!(relation(&canonical(a), &canonical(b)), expect, "{a} | {b}");
        check("Mohammed Bato Khoury", "Mohamad Bato Khouri", Level::Near);
        check("M. Bato Khoury", "Mohammed Bato Khoury", Level::Near);
        check("Police Dept 03", "Police Dept 04", Level::Similar);
        check("Ivan Petrov", "Kofi Mensah", Level::Different);
        check("Al-Hassan", "Alhassan", Level::Near);
    }
}
