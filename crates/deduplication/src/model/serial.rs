//! The relation of two serials is a class, not a distance.

use super::hash::{mix, of_text};
use super::level::Level;

/// Letters that are written alike in Cyrillic and Latin, or keyed for each other where the right one is missing.
const LOOK: [(char, char); 27] = [
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('И', 'N'),
    ('П', 'N'),
    ('Я', 'R'),
    ('З', '3'),
    ('Ч', '4'),
    ('Б', '6'),
    ('Ш', 'W'),
    ('Г', 'F'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('Ѕ', 'S'),
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ο', 'O'),
];

/// Digits that are read for each other.
const DIGITS: [&str; 10] = ["068", "174", "127", "385", "149", "5638", "6508", "7129", "83605", "947"];

/// So many last characters number the weapons of a consignment.
const ENDING: usize = 3;

/// The longest serial that is compared character by character.
const LONGEST: usize = 40;

/// The canonical original: upper case, ASCII digits, no blanks, no label in front.
pub(crate) fn canonical(text: &str) -> String {
    let upper: String = text.trim().chars().flat_map(char::to_uppercase).map(digit).collect();
    let bare =
        ["NO ", "NO.", "N°", "Nº", "№", "#", "S/N "].iter().find_map(|label| upper.strip_prefix(label));
    bare.unwrap_or(&upper).chars().filter(|c| !c.is_whitespace()).collect()
}

/// A decimal digit of any script as ASCII.
fn digit(c: char) -> char {
    matricule_text::decimal_digit(c).map_or(c, |value| char::from(b'0' + value))
}

/// How a serial looks: without separators, in Latin letters where others look like them.
pub(crate) fn look(canonical: &str) -> String {
    let whole = canonical.strip_suffix(".0").filter(|rest| rest.len() > 2 && is_digits(rest));
    let kept = whole.unwrap_or(canonical).chars().filter(|c| c.is_alphanumeric() || *c == '+');
    kept.map(|c| LOOK.iter().find(|(other, _)| *other == c).map_or(c, |(_, latin)| *latin)).collect()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// One character for all that are confused in writing.
pub(crate) fn fold(c: char) -> char {
    match c {
        'O' | 'Q' | 'D' => '0',
        'I' | 'L' => '1',
        'S' => '5',
        'B' => '8',
        'Z' => '2',
        'G' => '6',
        'T' => '7',
        'A' => '4',
        other => other,
    }
}

/// All but the longest run of digits of a look, and that run as a number.
pub(crate) fn series(look: &str) -> (u64, u64) {
    let (start, end) = longest_run(look.as_bytes());
    let stem = mix(of_text(&look[..start]), of_text(&look[end..]));
    (stem, number(&look[start..end]))
}

fn number(run: &str) -> u64 {
    run.get(..run.len().min(18)).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// Whether two looks in this relation have one number, written otherwise in front: without zeros, without a letter, or with a
/// character that is taken for another.
pub(crate) fn is_one_number((a, b): (&str, &str), relation: Level) -> bool {
    let (shorter, longer) = if a.len() < b.len() { (a, b) } else { (b, a) };
    match relation {
        Level::Zeros => true,
        Level::Dropped => {
            longer.strip_suffix(shorter).is_some_and(|front| front.chars().all(char::is_alphabetic))
        }
        Level::Confusable => a.chars().rev().zip(b.chars().rev()).take(ENDING).all(|(x, y)| x == y),
        _ => false,
    }
}

/// The hash of letters and digits by their kind only.
pub(crate) fn form(look: &str) -> u64 {
    hash_of(look.chars().map(class_of))
}

/// The hash of a look in which confused characters are one.
pub(crate) fn folded(look: &str) -> u64 {
    hash_of(look.chars().map(fold))
}

/// The same without leading zeros of its digits.
pub(crate) fn zeroless(look: &str) -> u64 {
    hash_of(zeros_dropped(look.chars().map(fold)))
}

fn hash_of(chars: impl Iterator<Item = char>) -> u64 {
    chars.fold(0, |sum, c| mix(sum, u64::from(c)))
}

fn class_of(c: char) -> char {
    if c.is_ascii_digit() {
        '9'
    } else if c.is_ascii() {
        'A'
    } else {
        'X'
    }
}

/// The first of the longest runs of digits.
fn longest_run(bytes: &[u8]) -> (usize, usize) {
    let (mut best, mut start) = ((0, 0), 0);
    for at in 0..=bytes.len() {
        if at < bytes.len() && bytes[at].is_ascii_digit() {
            continue;
        }
        if at - start > best.1 - best.0 {
            best = (start, at);
        }
        start = at + 1;
    }
    best
}

/// The text without zeros that begin a run of digits.
fn without_zeros(text: &str) -> String {
    zeros_dropped(text.chars()).collect()
}

fn zeros_dropped(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let mut in_number = false;
    chars.filter(move |&c| {
        in_number = c.is_ascii_digit() && (in_number || c != '0');
        in_number || c != '0'
    })
}

/// The relation of two serials by their look, if they are not equal.
pub(crate) fn relation(a: &str, b: &str) -> Level {
    let (mut left, mut right) = (['\0'; LONGEST], ['\0'; LONGEST]);
    let (a_chars, b_chars) = (fill(a, &mut left), fill(b, &mut right));
    let (short, long) = if a_chars.len() <= b_chars.len() { (a_chars, b_chars) } else { (b_chars, a_chars) };
    match long.len() - short.len() {
        _ if a.len().max(b.len()) > LONGEST && long.len() == LONGEST => Level::Different,
        0 => same_length(short, long),
        _ if without_zeros(a) == without_zeros(b) => Level::Zeros,
        1 if is_deletion(short, long) => Level::Dropped,
        _ if rounded(a, b) || rounded(b, a) => Level::Rounded,
        _ if folds_to_zeros(a, b) => Level::Confusable,
        _ => Level::Different,
    }
}

fn fill<'a>(text: &str, buffer: &'a mut [char; LONGEST]) -> &'a [char] {
    let mut length = 0;
    for (slot, c) in buffer.iter_mut().zip(text.chars()) {
        *slot = c;
        length += 1;
    }
    &buffer[..length]
}

fn same_length(a: &[char], b: &[char]) -> Level {
    let unequal = || (0..a.len()).filter(|&at| a[at] != b[at]);
    let (first, count) = (unequal().next().unwrap_or(0), unequal().count());
    let swapped = count == 2 && first + 1 < a.len() && a[first] == b[first + 1] && a[first + 1] == b[first];
    match count {
        _ if unequal().all(|at| fold(a[at]) == fold(b[at])) => Level::Confusable,
        1 if digits_alike(a[first], b[first]) => Level::Digit,
        1 => Level::Substituted,
        _ if swapped => Level::Transposed,
        _ => Level::Different,
    }
}

/// Whether two digits are read for each other.
fn digits_alike(a: char, b: char) -> bool {
    let alike = |from: char, to: char| {
        from.to_digit(10).is_some_and(|digit| DIGITS[digit as usize][1..].contains(to))
    };
    alike(a, b) || alike(b, a)
}

fn is_deletion(short: &[char], long: &[char]) -> bool {
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    short[same..] == long[same + 1..]
}

fn folds_to_zeros(a: &str, b: &str) -> bool {
    let folded = |text: &str| without_zeros(&text.chars().map(fold).collect::<String>());
    folded(a) == folded(b)
}

/// Whether `exponent` (`123457E+06`, its point already gone) is `plain` rounded.
fn rounded(exponent: &str, plain: &str) -> bool {
    let Some((digits, power)) = exponent.split_once("E+") else { return false };
    let kept = digits.len().saturating_sub(1);
    let fits = power.parse::<usize>().is_ok_and(|power| power + 1 == plain.len());
    kept >= 4 && fits && is_digits(plain) && digits.get(..kept).is_some_and(|start| plain.starts_with(start))
}

/// How far the numbers of one consignment lie apart.
pub(crate) const CONSIGNMENT: u64 = 60;

/// Whether one serial stands close behind the other in one series, by their looks.
pub(crate) fn neighbours(a: &str, b: &str) -> bool {
    let ((a_start, a_end), (b_start, b_end)) = (longest_run(a.as_bytes()), longest_run(b.as_bytes()));
    let (x, y) = (number(&a[a_start..a_end]), number(&b[b_start..b_end]));
    x != y && x.abs_diff(y) <= CONSIGNMENT && a[..a_start] == b[..b_start] && a[a_end..] == b[b_end..]
}

/// The texts that remain when one character is taken out, and the text itself, folded.
pub(crate) fn deletions(look: &str, mut each: impl FnMut(u64)) {
    let mut buffer = ['\0'; LONGEST];
    let chars = fill(look, &mut buffer);
    let hash_without = |gone: usize| {
        let kept = chars.iter().enumerate().filter(|(at, _)| *at != gone);
        kept.fold(0, |sum, (_, &c)| mix(sum, u64::from(fold(c))))
    };
    each(hash_without(usize::MAX));
    for at in 0..chars.len() {
        if at == 0 || fold(chars[at]) != fold(chars[at - 1]) {
            each(hash_without(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, expect: Level) {
        let (a, b) = (look(&canonical(a)), look(&canonical(b)));
        assert_eq!(relation(&a, &b), expect, "{a} {b}");
        assert_eq!(relation(&b, &a), expect, "{b} {a}");
    }

    #[test]
    fn relations() {
        check("AB1O34", "AB1034", Level::Confusable);
        check("A001234", "A1234", Level::Zeros);
        check("AB1243", "AB1234", Level::Transposed);
        check("AB123", "AB1234", Level::Dropped);
        check("AB11234", "AB1234", Level::Dropped);
        check("AB1284", "AB1234", Level::Digit);
        check("AB1294", "AB1234", Level::Substituted);
        check("1.23457E+06", "1234567", Level::Rounded);
        check("AB1234", "CD5678", Level::Different);
        check("123ЖE+05", "123456", Level::Different);
        check(&"1".repeat(50), &"1".repeat(60), Level::Different);
    }

    #[test]
    fn looks() {
        let check = |text: &str, expect: &str| assert_eq!(look(&canonical(text)), expect);
        check("No ЕК-٤٥٦", "EK456");
        check("123456.0", "123456");
        check(" ab 12/34 ", "AB1234");
    }

    #[test]
    fn neighbours_share_all_but_the_number() {
        let check = neighbours;
        assert!(check("AB1234", "AB1235"));
        assert!(check("A9999Z", "A10001Z"));
        assert!(!check("AB1234", "AC1235"));
        assert!(!check("AB1234", "AB1299"));
    }
}
