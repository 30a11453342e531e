//! Calibre: every spelling of a cartridge to its normal form (domain page, section 2).
//!
//! Metric bore × case with the rim letter (`7.62x54R`), gauge (`12 ga`), and names by the list of
//! `mappings/vocabulary/calibre.csv`. Two cartridges are one only where the list says so.

use matricule_mapping::{Lookup, Vocabulary};

use crate::cell::ascii_digits;

/// What a cell of a calibre column says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Calibre {
    /// A calibre of the list, in normal form.
    Listed(String),
    /// Of the form of a calibre, but not in the list.
    Unlisted(String),
    /// Not a calibre.
    NotUnderstood,
}

/// Signs between bore and case, in lower case.
const CROSSES: [char; 6] = ['x', '×', 'х', '*', '✕', '✖'];
/// Bores of shotguns by gauge.
const GAUGES: [u32; 10] = [4, 8, 10, 12, 14, 16, 20, 24, 28, 32];
/// Chamber lengths of shotguns, in millimetres.
const CHAMBERS: [u32; 7] = [50, 60, 65, 67, 70, 76, 89];
/// Bores that are nothing but a gauge, whatever stands beside them.
const SURE_GAUGES: [u32; 3] = [12, 16, 20];
/// Words for gauge; Russian has `калибр` for it, and no inch calibres.
const GAUGE_WORDS: [&str; 6] = ["ga", "gauge", "bore", "кал", "к", "калибр"];
/// Words for calibre, which may be a gauge or hundredths of an inch.
const CALIBRE_WORDS: [&str; 5] = ["cal", "calibre", "caliber", "kal", "kaliber"];
const MILLIMETRES: [&str; 8] = ["mm", "мм", "مم", "ملم", "毫米", "มม", "mm.", "χιλ"];

/// Reads a cleaned cell.
pub(crate) fn read(text: &str, list: &Vocabulary) -> Calibre {
    let plain = ascii_digits(text).replace(',', ".").to_lowercase();
    if let Some(form) = metric(&plain).or_else(|| gauge(&plain)) {
        // By its exact text: a key without points would take 76.2x39 for 7.62x39.
        return match list.exact_value(&form) {
            Some(value) => Calibre::Listed(value.to_owned()),
            None if list.has_value(&form) || form.ends_with(" ga") => Calibre::Listed(form),
            None => Calibre::Unlisted(form),
        };
    }
    match list.lookup(text, None) {
        Lookup::Found(value) => Calibre::Listed(value.to_owned()),
        _ if has_form_of_a_name(&plain) => Calibre::Unlisted(text.to_owned()),
        _ => Calibre::NotUnderstood,
    }
}

/// `7.62 х 39 мм` → `7.62x39`; `12x70` → `12 ga`.
fn metric(plain: &str) -> Option<String> {
    let tight: String = without_millimetres(plain).chars().filter(|c| !c.is_whitespace()).collect();
    let (bore, case) = tight.split_once(CROSSES)?;
    let rim_at = case.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(case.len());
    let (length, rim) = case.split_at(rim_at);
    let (bore, length) = (decimal(bore)?, decimal(length)?);
    if is_chambered_gauge(&bore, &length) && rim.is_empty() {
        return Some(format!("{bore} ga"));
    }
    let rim = match rim {
        "" => "",
        "r" | "р" => "R",
        "sr" => "SR",
        "rb" => "RB",
        _ => return None,
    };
    Some(format!("{bore}x{length}{rim}"))
}

/// `12 ga`, `12/70`, `кал. 12`, `12`. A point before the number makes it an inch calibre, and so may
/// the word calibre: `32 cal` is no gauge for certain.
fn gauge(plain: &str) -> Option<String> {
    let (text, chamber) = plain.split_once('/').unwrap_or((plain, ""));
    if !chamber.is_empty() && !chamber.trim().parse().is_ok_and(|length| CHAMBERS.contains(&length)) {
        return None;
    }
    let (mut numbers, mut said) = (Vec::new(), Vec::new());
    for word in text.split_whitespace() {
        let word = word.trim_end_matches('.');
        let digits = word.trim_end_matches(char::is_alphabetic);
        said.extend((digits.len() < word.len()).then(|| &word[digits.len()..]));
        numbers.extend((!digits.is_empty()).then(|| digits.parse::<u32>()));
    }
    let [Ok(bore)] = numbers[..] else { return None };
    let is_gauge = match said[..] {
        [] => !chamber.is_empty() || SURE_GAUGES.contains(&bore),
        [word] if GAUGE_WORDS.contains(&word) => true,
        [word] if CALIBRE_WORDS.contains(&word) => SURE_GAUGES.contains(&bore),
        _ => false,
    };
    (is_gauge && GAUGES.contains(&bore)).then(|| format!("{bore} ga"))
}

fn is_chambered_gauge(bore: &str, length: &str) -> bool {
    bore.parse().is_ok_and(|bore| GAUGES.contains(&bore) && bore > 9)
        && length.parse().is_ok_and(|length| CHAMBERS.contains(&length))
}

/// A number without zeros that say nothing: `9.0` → `9`, `07.62` is none.
fn decimal(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 3
        || whole.starts_with('0')
        || fraction.len() > 3
        || !digits(whole)
        || !digits(fraction)
    {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

fn without_millimetres(plain: &str) -> &str {
    let text = plain.trim().trim_end_matches('.');
    MILLIMETRES.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(text).trim_end()
}

/// A bore by itself (`7.62 mm`) or an inch name (`.303 British`): a number first, then at most four
/// words.
fn has_form_of_a_name(plain: &str) -> bool {
    let text = without_millimetres(plain);
    let starts = text.trim_start_matches('.').starts_with(|c: char| c.is_ascii_digit());
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    starts && !text.ends_with(CROSSES) && digits <= 6 && text.split_whitespace().count() <= 5
}

#[cfg(test)]
mod tests {
    use super::*;
    use matricule_mapping::Files;

    fn check(spellings: &[&str], expect: &Calibre) {
        let list = Files::shipped().vocabulary("calibre").unwrap();
        for text in spellings {
            assert_eq!(read(text, &list), *expect, "{text}");
        }
    }

    fn listed(form: &str) -> Calibre {
        Calibre::Listed(form.to_owned())
    }

    #[test]
    fn all_spellings_of_a_cartridge_have_one_form() {
        check(
            &[
                "7.62x39",
                "7,62х39",
                "7.62 x 39 mm",
                "7.62×39",
                "7,62 Х 39 мм",
                "7.62*39",
                "٧٫٦٢x٣٩".replace('٫', ".").as_str(),
            ],
            &listed("7.62x39"),
        );
        check(&["7.62x54R", "7,62х54R", "7,62х54Р", "7.62 × 54 R"], &listed("7.62x54R"));
        check(&["9x19", "9mm Para", "9 mm Parabellum", "9 Luger"], &listed("9x19"));
        check(&["9x18", "9,0x18"], &listed("9x18"));
        check(&[".38 Special", ".38 Spl", "38 Special"], &listed(".38 Special"));
        check(&["12 ga", "12/70", "кал. 12", "12 bore", "12ga", "12", "12x70", "cal. 12"], &listed("12 ga"));
    }

    #[test]
    fn different_cartridges_stay_apart() {
        check(&["7.62x25"], &listed("7.62x25"));
        check(&["7.62x51"], &listed("7.62x51"));
        for text in [".32", "32 cal", "cal. 32", ".28", ".410", "10", "8"] {
            let list = Files::shipped().vocabulary("calibre").unwrap();
            assert!(
                !matches!(read(text, &list), Calibre::Listed(form) if form.ends_with(" ga")),
                "{text} is no gauge"
            );
        }
        check(&["32 ga", "кал. 32"], &listed("32 ga"));
        check(&["76.2x39"], &Calibre::Unlisted("76.2x39".to_owned()));
        check(&["9x17", ".380 ACP", "9 kurz"], &listed("9x17"));
        check(&["7.63x25", "7.63 x 25"], &listed("7.63x25"));
        check(&["9.3x99"], &Calibre::Unlisted("9.3x99".to_owned()));
    }

    #[test]
    fn what_has_the_form_of_a_calibre_is_kept_and_the_rest_refused() {
        check(&["7.62 mm"], &Calibre::Unlisted("7.62 mm".to_owned()));
        check(&[".577 Snider"], &Calibre::Unlisted(".577 Snider".to_owned()));
        check(&["qqq", "???", "большой", "x", "7.62x", "1987-05-12"], &Calibre::NotUnderstood);
    }
}
