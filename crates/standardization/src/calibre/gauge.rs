//! Shotgun bores: `12`, `12 ga`, `кал. 12`, `12/70`, `12x76`, `12 ga 2 3/4`.

use super::key::{GAUGE, Key, Token};

/// Bores of shotguns by gauge.
const GAUGES: [u32; 10] = [4, 8, 10, 12, 14, 16, 20, 24, 28, 32];
/// Bores that are nothing but a gauge, whatever stands beside them.
const SURE: [u32; 5] = [12, 16, 20, 24, 28];
/// Bores of which no inch calibre has the number: a point before them is a clerk's habit.
const NO_INCH: [u32; 2] = [12, 16];
/// A bore that is as often hundredths of an inch as a gauge.
const INCHES_IN_SOUTH_ASIA: u32 = 32;
/// Chamber lengths in millimetres.
const CHAMBERS: [u32; 10] = [50, 60, 63, 65, 67, 70, 73, 76, 79, 89];
/// The numbers of a chamber in inches and parts of one (`2 3/4`), which nothing else is written with.
const FRACTION: usize = 3;
/// Chamber lengths in inches, as their numbers stand in a row, and in millimetres.
const INCHES: [(&[&str], u32); 8] = [
    (&["2", "1", "2"], 65),
    (&["2.5"], 65),
    (&["2", "3", "4"], 70),
    (&["2.75"], 70),
    (&["3"], 76),
    (&["3.0"], 76),
    (&["3", "1", "2"], 89),
    (&["3.5"], 89),
];

/// The gauge of a key and its chamber in millimetres.
pub(super) fn read(key: &Key) -> Option<(u32, Option<u32>)> {
    let (mut numbers, mut is_said, mut is_crossed, mut is_magnum) = (Vec::new(), false, false, false);
    for token in &key.tokens {
        match token {
            Token::Number { text, has_point, joined } => numbers.push((text.as_str(), *has_point, *joined)),
            Token::Cross if numbers.len() == 1 => is_crossed = true,
            Token::Word(word) if word == GAUGE && !is_crossed => is_said = true,
            // A letter for gauge, where no cartridge has the number: `9 k` is a cartridge.
            Token::Word(word) if matches!(word.as_str(), "g" | "b" | "k") && is_sure(&numbers) => {
                is_said = true;
            }
            Token::Word(word) if word == "magnum" => is_magnum = true,
            _ => return None,
        }
    }
    let [(bore, false, joined), rest @ ..] = numbers.as_slice() else { return None };
    let bore: u32 = bore.parse().ok().filter(|bore| GAUGES.contains(bore))?;
    if key.is_bore && bore == INCHES_IN_SOUTH_ASIA {
        return None;
    }
    let is_inch = *joined == Some('.') && !NO_INCH.contains(&bore) && !(is_said && SURE.contains(&bore));
    let texts: Vec<&str> = rest.iter().map(|(text, _, _)| *text).collect();
    let chamber = chamber(&texts);
    let is_gauge = match (&chamber, texts.is_empty()) {
        (_, true) => is_said || (SURE.contains(&bore) && !is_crossed),
        (Some((_, true)), _) => bore > 9 || is_said,
        (Some((_, false)), _) => is_said || (SURE.contains(&bore) && (is_magnum || texts.len() == FRACTION)),
        (None, false) => false,
    };
    (is_gauge && !is_inch && (!is_magnum || is_said || SURE.contains(&bore)))
        .then(|| (bore, chamber.map(|(length, _)| length)))
}

/// The chamber of a `.410`, also written as 36 gauge: `410/76`, `.410 x 3"`.
pub(super) fn small_bore(key: &Key) -> Option<u32> {
    let mut numbers = Vec::new();
    for token in &key.tokens {
        match token {
            Token::Number { text, .. } => numbers.push(text.as_str()),
            Token::Cross => {}
            Token::Word(word) if matches!(word.as_str(), "ga" | "magnum" | "mm") => {}
            Token::Word(_) => return None,
        }
    }
    let (bore, length) = numbers.split_first()?;
    matches!(*bore, "410" | "36").then(|| chamber(length)).flatten().map(|(length, _)| length)
}

/// A chamber's length by itself, in millimetres.
pub(super) fn length(key: &Key) -> Option<u32> {
    let numbers: Option<Vec<&str>> = key
        .tokens
        .iter()
        .filter(|token| !matches!(token, Token::Word(word) if matches!(word.as_str(), "mm" | "magnum")))
        .map(|token| if let Token::Number { text, .. } = token { Some(text.as_str()) } else { None })
        .collect();
    chamber(&numbers?).map(|(length, _)| length)
}

fn is_sure(numbers: &[(&str, bool, Option<char>)]) -> bool {
    matches!(numbers, [(bore, ..)] if bore.parse().is_ok_and(|bore| SURE.contains(&bore)))
}

/// A chamber's length in millimetres, and whether it was given so.
fn chamber(numbers: &[&str]) -> Option<(u32, bool)> {
    if let [length] = numbers
        && let Some(length) = length.parse().ok().filter(|length| CHAMBERS.contains(length))
    {
        return Some((length, true));
    }
    INCHES.iter().find(|(inches, _)| *inches == numbers).map(|(_, length)| (*length, false))
}
