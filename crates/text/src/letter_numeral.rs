//! Letters that are numerals: Greek, Hebrew, Arabic abjad, Armenian, Cyrillic and Georgian.
//!
//! Each letter has a value, and the values of a number stand from the largest to the smallest. Since
//! the same letters are letters, they are read so only where a sign of numerals stands with them
//! (Greek ʹ and ͵, Hebrew ׳ and ״, Cyrillic ҂ and ҃) or where the column is declared numeral.
//!
//! Values: The Unicode Standard, sections 7.2 (Greek), 7.4 (Cyrillic), 7.6 (Armenian), 7.7 (Georgian), 9.1 (Hebrew);
//! abjad: the eastern order and the Maghrebi one give six letters other values.

use crate::NumeralSystem;

const KERAIA: char = '\u{2b9}';
const LOWER_KERAIA: char = '\u{375}';
const GERESH: char = '\u{5f3}';
const GERSHAYIM: char = '\u{5f4}';
const CYRILLIC_THOUSANDS: char = '\u{482}';
const TITLO: char = '\u{483}';

/// Whether a character marks the letters about it as a numeral.
pub(crate) fn is_sign(character: char) -> bool {
    matches!(character, KERAIA | '\u{374}' | LOWER_KERAIA | GERESH | GERSHAYIM | CYRILLIC_THOUSANDS | TITLO)
}

/// The letters of nine units, nine tens, nine hundreds and so on, a line each; `_` where a place has
/// none.
pub(crate) const fn places(system: NumeralSystem) -> &'static [&'static str] {
    match system {
        NumeralSystem::Greek => &["αβγδεϛζηθ", "ικλμνξοπϟ", "ρστυφχψωϡ"],
        NumeralSystem::Hebrew => &["אבגדהוזחט", "יכלמנסעפצ", "קרשתךםןףץ"],
        NumeralSystem::Abjad | NumeralSystem::AbjadEastern => &["ابجدهوزحط", "يكلمنسعفص", "قرشتثخذضظ", "غ"],
        NumeralSystem::Armenian => &["աբգդեզէըթ", "ժիլխծկհձղ", "ճմյնշոչպջ", "ռսվտրցւփք"],
        NumeralSystem::Cyrillic => &["авгдеѕзиѳ", "іклмнѯопч", "рстуфхѱѡц"],
        NumeralSystem::Georgian => &["აბგდევზჱთ", "იკლმნჲოპჟ", "რსტჳფქღყშ", "ჩცძწჭხჴჯჰ", "ჵ"],
        _ => &[],
    }
}

/// Other forms of the letters above.
const FORMS: [(char, char); 15] = [
    ('ϝ', 'ϛ'),
    ('ϙ', 'ϟ'),
    ('ͳ', 'ϡ'),
    ('ک', 'ك'),
    ('ی', 'ي'),
    ('ى', 'ي'),
    ('є', 'е'),
    ('ї', 'і'),
    ('ꙃ', 'ѕ'),
    ('ꙁ', 'з'),
    ('ҁ', 'ч'),
    ('ѵ', 'у'),
    ('ꙋ', 'у'),
    ('ѿ', 'ѡ'),
    ('უ', 'ჳ'),
];

/// Letters that the eastern and the Maghrebi abjad give different values.
const ABJAD_DISPUTED: &str = "سصضظغش";

/// The length of the run of letters and signs that characters begin with, and its value, or `None`
/// for the value where it has none. `None` where they begin with no such run, or with one that has no
/// sign and is not declared to be a numeral.
pub(crate) fn read(
    system: NumeralSystem,
    characters: &[char],
    declared: bool,
) -> Option<(usize, Option<String>)> {
    let belongs = |&&c: &&char| is_sign(c) || value_of(system, c).is_some();
    let length = characters.iter().take_while(belongs).count();
    let run = &characters[..length];
    let is_numeral =
        run.iter().any(|&c| value_of(system, c).is_some()) && (declared || run.iter().any(|&c| is_sign(c)));
    is_numeral.then(|| (length, number(system, run).map(|value| value.to_string())))
}

fn value_of(system: NumeralSystem, letter: char) -> Option<u64> {
    let lower = match letter {
        'Ა'..='Ჿ' => char::from_u32(u32::from(letter) - 0x1c90 + 0x10d0)?,
        _ => letter.to_lowercase().next()?,
    };
    let letter = FORMS.iter().find(|(form, _)| *form == lower).map_or(lower, |(_, letter)| *letter);
    let worth = |(line, power): (&&str, u32)| {
        let at = line.chars().position(|c| c == letter)?;
        Some((at as u64 + 1) * 10_u64.pow(power))
    };
    places(system).iter().zip(0..).find_map(worth)
}

/// The value of a whole run; `None` where its letters are not in an order that numbers have.
fn number(system: NumeralSystem, run: &[char]) -> Option<u64> {
    if system == NumeralSystem::Abjad && run.iter().any(|&c| ABJAD_DISPUTED.contains(c)) {
        return None;
    }
    match system {
        NumeralSystem::Greek => greek(run),
        NumeralSystem::Hebrew => hebrew(run),
        NumeralSystem::Cyrillic => cyrillic(run),
        _ => descending(&values(system, run)?),
    }
}

fn values(system: NumeralSystem, letters: &[char]) -> Option<Vec<u64>> {
    letters.iter().map(|&letter| value_of(system, letter)).collect()
}

/// Each place once, the largest first: every value is of a smaller power of ten than the one before.
fn descending(values: &[u64]) -> Option<u64> {
    let power = |value: &u64| value.ilog10();
    let is_ordered = !values.is_empty() && values.windows(2).all(|pair| power(&pair[0]) > power(&pair[1]));
    is_ordered.then(|| values.iter().sum())
}

/// ͵ before each letter of thousands, ʹ at the end; six is also written στ.
fn greek(run: &[char]) -> Option<u64> {
    let letters = run.strip_suffix(&[KERAIA]).unwrap_or(run);
    let mut found = Vec::new();
    let mut rest = letters;
    while let Some((&first, behind)) = rest.split_first() {
        let (value, behind) = match (first, behind.split_first()) {
            (LOWER_KERAIA, Some((&letter, behind))) => {
                (value_of(NumeralSystem::Greek, letter)? * 1000, behind)
            }
            ('σ' | 'Σ', Some((&('τ' | 'Τ'), behind))) => (6, behind),
            _ => (value_of(NumeralSystem::Greek, first)?, behind),
        };
        found.push(value);
        rest = behind;
    }
    descending(&found)
}

/// Thousands before a ׳; ״ before the last letter; ט״ו and ט״ז for 15 and 16; hundreds over four
/// are written with several letters, or with final forms.
fn hebrew(run: &[char]) -> Option<u64> {
    let run = run.strip_suffix(&[GERESH]).unwrap_or(run);
    let (thousands, rest) = match run.iter().position(|&c| c == GERESH) {
        Some(at) => (hebrew_below_thousand(&run[..at])?, &run[at + 1..]),
        None => (0, run),
    };
    let letters: Vec<char> = match rest {
        [front @ .., GERSHAYIM, last] if !front.is_empty() => [front, &[*last]].concat(),
        _ => rest.to_vec(),
    };
    if letters.is_empty() {
        return (thousands > 0).then_some(thousands * 1000);
    }
    Some(thousands * 1000 + hebrew_below_thousand(&letters)?)
}

fn hebrew_below_thousand(letters: &[char]) -> Option<u64> {
    let values = values(NumeralSystem::Hebrew, letters)?;
    let hundreds = values.iter().take_while(|&&value| value >= 100).count();
    let (hundreds, rest) = values.split_at(hundreds);
    let is_ordered = hundreds.windows(2).all(|pair| pair[0] > pair[1] || pair == [400, 400]);
    let below = match rest {
        [] => 0,
        [9, unit @ (6 | 7)] => 9 + unit,
        _ => descending(rest)?,
    };
    let total = hundreds.iter().sum::<u64>() + below;
    (is_ordered && total > 0 && total < 1000).then_some(total)
}

/// ҂ before each letter of thousands, ҃ over one letter; from 11 to 19 the unit stands before the ten.
fn cyrillic(run: &[char]) -> Option<u64> {
    let letters: Vec<char> = run.iter().copied().filter(|&c| c != TITLO).collect();
    let mut found = Vec::new();
    let mut rest = letters.as_slice();
    while let Some((&first, behind)) = rest.split_first() {
        let (value, behind) = match (first, behind.split_first()) {
            (CYRILLIC_THOUSANDS, Some((&letter, behind))) => {
                (value_of(NumeralSystem::Cyrillic, letter)? * 1000, behind)
            }
            _ => (value_of(NumeralSystem::Cyrillic, first)?, behind),
        };
        found.push(value);
        rest = behind;
    }
    if found.windows(2).any(|pair| pair[0] < 10_000 && pair[0] % 1000 == 0 && pair[1] == 10) {
        // ҂аі is 1010 to one scribe and 11000 to another.
        return None;
    }
    if let [.., unit @ 1..=9, 10] = found[..] {
        found.truncate(found.len() - 2);
        found.extend([10, unit]);
    }
    descending(&found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(system: NumeralSystem, declared: bool, lines: &[(&str, Option<&str>)]) {
        for (written, expect) in lines {
            let characters: Vec<char> = crate::nfc(written).chars().collect();
            let (length, value) = read(system, &characters, declared).unwrap_or_default();
            assert_eq!((value.as_deref(), length), (*expect, characters.len()), "{written}");
        }
    }

    #[test]
    fn letters_without_a_sign_are_letters() {
        for (system, written) in [
            (NumeralSystem::Greek, "ΑΒ"),
            (NumeralSystem::Hebrew, "אב"),
            (NumeralSystem::Cyrillic, "АВ"),
            (NumeralSystem::Armenian, "ԱԲ"),
        ] {
            assert_eq!(read(system, &written.chars().collect::<Vec<_>>(), false), None, "{written}");
        }
    }

    /// Years and numbers as textbooks and title pages have them.
    #[test]
    fn published_numbers() {
        check(
            NumeralSystem::Greek,
            false,
            &[
                ("͵αωκαʹ", Some("1821")),
                ("ϛʹ", Some("6")),
                ("στʹ", Some("6")),
                ("ιαʹ", Some("11")),
                ("χξϛʹ", Some("666")),
                ("σμαʹ", Some("241")),
                ("͵βιδʹ", Some("2014")),
                ("ακʹ", None),
                ("ααʹ", None),
            ],
        );
        check(
            NumeralSystem::Hebrew,
            false,
            &[
                ("תשמ״ד", Some("744")),
                ("ה׳תשמ״ד", Some("5744")),
                ("ט״ו", Some("15")),
                ("ט״ז", Some("16")),
                ("ה׳", Some("5")),
                ("תת״ק", Some("900")),
                ("קי״ט", Some("119")),
                ("אק״ב", None),
                ("י״י", None),
            ],
        );
        check(
            NumeralSystem::Cyrillic,
            false,
            &[
                ("҂зр҃", Some("7100")),
                ("аі҃", Some("11")),
                ("рк҃а", Some("121")),
                ("҂аѿ҃", Some("1800")),
                ("к҃а", Some("21")),
                ("ар҃", None),
            ],
        );
    }

    #[test]
    fn declared_numbers() {
        check(
            NumeralSystem::Armenian,
            true,
            &[("ՌՋՀԵ", Some("1975")), ("ՍԴ", Some("2004")), ("ՃԻ", Some("120")), ("ԱԺ", None)],
        );
        check(
            NumeralSystem::Georgian,
            true,
            &[("ჩღჲ", Some("1760")), ("რკა", Some("121")), ("ჩყ", Some("1800")), ("არ", None)],
        );
        check(
            NumeralSystem::AbjadEastern,
            true,
            &[("غشكا", Some("1321")), ("قكا", Some("121")), ("يق", None)],
        );
        check(NumeralSystem::Abjad, true, &[("قكا", Some("121")), ("غشكا", None)]);
        check(NumeralSystem::Greek, true, &[("ΩΚΑ", Some("821"))]);
        check(NumeralSystem::Hebrew, true, &[("תשמד", Some("744"))]);
    }
}
