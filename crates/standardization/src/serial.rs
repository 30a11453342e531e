//! What stands in a serial column: a serial, words that mean that there is none, or damage.

use std::borrow::Cow;
use std::collections::HashSet;

use matricule_mapping::{Lookup, Vocabulary};
use matricule_record::{
    Cell, CellKind, Code, Field, Finding, Flag, NoSerial, Text, message, messages, proposed,
};

use matricule_text::{NumeralSystem, is_dash, is_ditto_mark};

use crate::EXACT_DIGITS;
use crate::cell::{ascii_digits, is_null, unquoted};
use crate::several::{behind_label, is_date, more_than_a_serial};

/// The words that say what stands in a serial column.
#[derive(Clone, Copy)]
pub(crate) struct SerialWords<'a> {
    /// Phrases that mean that there is no serial.
    pub no_serial: &'a Vocabulary,
    /// Marks that mean the value above.
    pub ditto: &'a Vocabulary,
    /// Names of months.
    pub month: &'a Vocabulary,
    /// Names of Latin letters, in small letters: `эй кей 47` is a serial.
    pub letter_names: &'a HashSet<String>,
}

/// What a serial cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Nothing.
    Blank,
    /// A serial as written, with a warning on how it was stored.
    Number(Text, Option<Flag>),
    /// A phrase, or a serial with unreadable places.
    Absent(NoSerial, Text),
    /// Something that is no serial.
    Refused(Box<Finding>),
}

/// Dots or low lines of a form that lead to what was written on it; fewer stand for places.
const LEADER: usize = 5;

/// Letters that the name of a month has at least.
const MONTH: usize = 3;

/// Signs that a clerk puts where a character could not be read.
const UNREADABLE: [char; 6] = ['?', '*', '…', '#', '？', '＊'];

/// Reads a serial cell. Invisible characters stay: the mapping tables drop them, by name.
pub(crate) fn read(cell: Cell<'_>, language: Option<&str>, words: SerialWords<'_>) -> Said {
    let text = if cell.text.contains('_') {
        Cow::Owned(cell.text.replace("_x000D_", "\n"))
    } else {
        Cow::Borrowed(cell.text)
    };
    let text = unquoted(&text).trim();
    match cell.kind {
        _ if text.is_empty() => Said::Blank,
        CellKind::Number => of_number(text),
        CellKind::Date => Said::Refused(Box::new(date_damage(text))),
        CellKind::Error | CellKind::Formula => Said::Blank,
        CellKind::Boolean => Said::Refused(Box::new(no_single_serial(text, message!("t309-logical")))),
        CellKind::Text => of_text(text, language, words),
    }
}

fn of_number(text: &str) -> Said {
    if text.len() > EXACT_DIGITS || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Said::Refused(Box::new(number_damage(text)));
    }
    let flag = Flag::new(Code::W401, Some(Field::Serial), message!("w401-number-cell"));
    Said::Number(text.into(), Some(flag))
}

fn of_text(text: &str, language: Option<&str>, words: SerialWords<'_>) -> Said {
    // The dots of a form lead to what was written on them.
    let text = without_leader(text);
    if text.is_empty() {
        return Said::Blank;
    }
    if is_shown_exponent(text) {
        return Said::Refused(Box::new(number_damage(text)));
    }
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    if is_ditto_mark(text) || (!has_digit && words.ditto.exact_value(text).is_some()) {
        return Said::Refused(Box::new(ditto()));
    }
    if is_null(text) && text != "None" {
        return Said::Blank;
    }
    let phrase = if has_digit { Lookup::Unknown } else { words.no_serial.lookup(text, language) };
    match phrase {
        Lookup::Found(value) => return absent(value, text),
        Lookup::Ambiguous(values) => return Said::Refused(Box::new(two_meanings(text, &values))),
        Lookup::Unknown => {}
    }
    if is_whole_date(text, words.month) {
        return Said::Refused(Box::new(date_damage(text)));
    }
    if let Some(what) = more_than_a_serial(text, words.letter_names) {
        let finding = no_single_serial(text, what);
        let alone =
            behind_label(text).filter(|alone| more_than_a_serial(alone, words.letter_names).is_none());
        return Said::Refused(Box::new(match alone {
            Some(alone) => finding.suggest(message!("t309-label-repair", serial = proposed(alone))),
            None => finding,
        }));
    }
    let serial = without_label(text);
    if is_shown_fraction(serial) {
        let message = message!("t307-fraction", text = text);
        return Said::Refused(Box::new(
            Finding::new(Code::T307, message).suggest(message!("repair-type-serial")),
        ));
    }
    if serial.is_empty() || has_unreadable_place(serial) {
        return Said::Absent(NoSerial::Illegible, serial.into());
    }
    if is_word(serial) {
        return Said::Refused(Box::new(no_single_serial(text, message!("t309-letters"))));
    }
    Said::Number(serial.into(), None)
}

/// The text behind the dots or the line of a form, which lead to what was written there. A few of them stand for places
/// that could not be read.
fn without_leader(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| matches!(c, '.' | '…' | '_') || c.is_whitespace());
    let signs = text[..text.len() - rest.len()].chars();
    let length: usize = signs.map(|c| if c == '…' { 3 } else { usize::from(!c.is_whitespace()) }).sum();
    if length >= LEADER || rest.is_empty() { rest } else { text }
}

/// The text behind `#`, `№` or `№.`.
fn without_label(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| matches!(c, '#' | '№' | '＃') || c.is_whitespace());
    if rest.len() == text.len() || rest.starts_with("..") {
        return without_leader(rest);
    }
    without_leader(rest.strip_prefix('.').unwrap_or(rest).trim_start())
}

/// Whether a clerk marked a place that could not be read: by a sign for it, a dot at the beginning, or dots, dashes or
/// low lines in a row.
fn has_unreadable_place(serial: &str) -> bool {
    let signs = || serial.chars().filter(|c| !c.is_whitespace()).map(|c| if is_dash(c) { '-' } else { c });
    let is_repeated =
        signs().zip(signs().skip(1)).any(|(one, next)| one == next && matches!(one, '.' | '-' | '_'));
    serial.contains(UNREADABLE) || is_repeated || serial.starts_with(['.', '_']) || serial.ends_with('_')
}

/// Whether a whole cell is a day, written out or as a spreadsheet shows one: `12/05/2010`, `5-Dec`, `2010年5月12日`.
fn is_whole_date(text: &str, month: &Vocabulary) -> bool {
    let text = ascii_digits(text);
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((&text, ""));
    let is_time = time.contains(':') && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.'));
    if (time.is_empty() || is_time) && is_date(date) {
        return true;
    }
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if let Some((before, day)) = text.strip_suffix('日').and_then(|rest| rest.split_once('月')) {
        return is_number(day) && before.split('年').all(is_number);
    }
    let parts: Vec<&str> =
        text.split(|c: char| matches!(c, '-' | '.' | '/' | ',') || c.is_whitespace()).collect();
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let is_short = |part: &&str| (1..=2).contains(&part.len()) && is_number(part);
    let is_year =
        |part: &&str| part.len() == 4 && part.parse().is_ok_and(|year: u16| (1800..2100).contains(&year));
    let is_name = |part: &&str| {
        part.chars().count() >= MONTH
            && part.chars().all(char::is_alphabetic)
            && month.lookup(part, None) != Lookup::Unknown
    };
    let names = parts.iter().filter(|part| is_name(part)).count();
    let (days, years) =
        (parts.iter().filter(|it| is_short(it)).count(), parts.iter().filter(|it| is_year(it)).count());
    names == 1 && matches!((days, years), (1, 0 | 1) | (2, 0)) && parts.len() == names + days + years
}

/// Whether a text is letters without a digit or numeral of any script, or a sign by which letters are numerals. A
/// word alone in the column (`GLOCK`, `TBA`) is a value of another one, or a phrase that the vocabulary lacks.
fn is_word(text: &str) -> bool {
    let is_sign =
        |c: char| matches!(c, '\u{374}' | '\u{375}' | '\u{482}' | '\u{483}' | '\u{5f3}' | '\u{5f4}');
    let is_number = |c: char| c.is_numeric() || NumeralSystem::of(c).is_some() || is_sign(c);
    text.chars().any(char::is_alphabetic) && !text.chars().any(is_number)
}

pub(crate) fn ditto() -> Finding {
    Finding::new(Code::S207, message!("s207-ditto")).suggest(message!("s207-repair"))
}

pub(crate) fn no_single_serial(text: &str, what: &str) -> Finding {
    Finding::new(Code::T309, message!("t309-not-one", text = text, what = what))
        .suggest(message!("t309-repair"))
}

fn absent(value: &str, text: &str) -> Said {
    match NoSerial::from_name(value) {
        Some(code) => Said::Absent(code, Text::default()),
        None => Said::Refused(Box::new(two_meanings(text, &[value]))),
    }
}

/// `1.01E+17`: a decimal point, an exponent and its sign is how a spreadsheet shows a number; `1E5`
/// is a serial.
fn is_shown_exponent(text: &str) -> bool {
    let plain = text.replace(',', ".").to_ascii_uppercase();
    let Some((digits, exponent)) = plain.split_once("E+") else { return false };
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    is_number(exponent)
        && digits.split_once('.').is_some_and(|(whole, rest)| is_number(whole) && is_number(rest))
}

/// `12345.0`, `12.345,00`, `1.5`: digits, in groups of three perhaps, with one or two behind a point or only zeros there,
/// are how a spreadsheet or a database writes a number; `12.345` and `01.02` are serials.
fn is_shown_fraction(text: &str) -> bool {
    let text = ascii_digits(text);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let Some((whole, rest)) = text.rsplit_once(['.', ',']) else { return false };
    let mut groups = whole.split(|c: char| matches!(c, '.' | ',') || c.is_whitespace());
    let is_whole =
        groups.next().is_some_and(is_number) && groups.all(|group| group.len() == 3 && is_number(group));
    let is_zero = rest.bytes().all(|b| b == b'0');
    let is_padded = whole.len() > 1 && whole.starts_with('0');
    is_whole && is_number(rest) && (is_zero || (rest.len() < 3 && !is_padded))
}

fn number_damage(text: &str) -> Finding {
    let message = message!("t307-number", text = text);
    Finding::new(Code::T307, message).suggest(message!("repair-type-serial"))
}

fn date_damage(text: &str) -> Finding {
    let message = message!("t308-date", text = text);
    // A cell that holds a date shows it as ISO 8601.
    let is_of_cell = text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok();
    let day = text.get(5..10).filter(|_| is_of_cell);
    let short = day.map(|day| format!(" {}", message!("t308-may-be", day = day))).unwrap_or_default();
    Finding::new(Code::T308, message).suggest(message!("repair-type-serial").to_owned() + &short)
}

fn two_meanings(text: &str, values: &[&str]) -> Finding {
    let message = message!("t309-two-meanings", text = text, values = messages::either(values));
    Finding::new(Code::T309, message).suggest(message!("repair-language"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use matricule_mapping::Files;

    fn check(kind: CellKind, text: &str, expect: &str) {
        let files = Files::shipped();
        let [no_serial, ditto, month] =
            ["no_serial", "ditto", "month"].map(|name| files.vocabulary(name).unwrap());
        let letter_names = files.letter_names().unwrap();
        let words =
            SerialWords { no_serial: &no_serial, ditto: &ditto, month: &month, letter_names: &letter_names };
        let found = match read(Cell { kind, text }, None, words) {
            Said::Blank => "blank".to_owned(),
            Said::Number(text, None) => text.to_string(),
            Said::Number(text, Some(flag)) => format!("{text} {}", flag.code),
            Said::Absent(code, pattern) => format!("{} {pattern}", code.name()).trim_end().to_owned(),
            Said::Refused(finding) => finding.code.to_string(),
        };
        assert_eq!(found, expect, "{kind:?} {text:?}");
    }

    #[test]
    fn text_cells() {
        for (text, expect) in [
            ("  АВ 1234 ", "АВ 1234"),
            ("№ 12345", "12345"),
            ("#12345", "12345"),
            ("1E5", "1E5"),
            ("06E2", "06E2"),
            ("1.01E+17", "T307"),
            ("12345.0", "T307"),
            ("00123,00", "T307"),
            ("1.5", "T307"),
            ("=\"00123\"", "00123"),
            ("№ 12345.0", "T307"),
            ("12.345,00", "T307"),
            ("1 234,00", "T307"),
            ("١٢٣.٠", "T307"),
            ("12.345", "12.345"),
            ("01.02", "01.02"),
            ("1.234.567", "1.234.567"),
            ("........1234", "1234"),
            ("№ ......1234", "1234"),
            ("......", "blank"),
            ("AB12..", "ILLEGIBLE AB12.."),
            ("...123", "ILLEGIBLE ...123"),
            ("…123", "ILLEGIBLE …123"),
            ("..123", "ILLEGIBLE ..123"),
            (".3673", "ILLEGIBLE .3673"),
            ("__3671", "ILLEGIBLE __3671"),
            ("_ _ 123", "ILLEGIBLE _ _ 123"),
            ("----123", "ILLEGIBLE ----123"),
            ("12--45", "ILLEGIBLE 12--45"),
            ("12 - - 45", "ILLEGIBLE 12 - - 45"),
            ("______123", "123"),
            ("№.1234", "1234"),
            ("№ ...1234", "ILLEGIBLE ...1234"),
            ("…", "blank"),
            ("A-12-3", "A-12-3"),
            ("12/05/2010", "T308"),
            ("2010-05-12", "T308"),
            ("2010-05-12 00:00:00", "T308"),
            ("12.05.2010", "T308"),
            ("١٢/٥/٢٠١٠", "T308"),
            ("12-May-10", "T308"),
            ("12 May 2010", "T308"),
            ("5-Dec", "T308"),
            ("Dec-05", "T308"),
            ("05-дек", "T308"),
            ("12-ene", "T308"),
            ("5月12日", "T308"),
            ("12/1943", "12/1943"),
            ("MAR 1234", "MAR 1234"),
        ] {
            check(CellKind::Text, text, expect);
        }
    }

    #[test]
    fn further_text_cells() {
        for (text, expect) in [
            ("DEC 12345", "DEC 12345"),
            ("??3669", "ILLEGIBLE ??3669"),
            ("T1102*", "ILLEGIBLE T1102*"),
            ("12#45", "ILLEGIBLE 12#45"),
            ("SUPRIMIDO", "OBLITERATED"),
            ("RASPADO", "OBLITERATED"),
            ("б/н", "NONE_MARKED"),
            ("None", "NONE_MARKED"),
            ("NULL", "blank"),
            ("\\N", "blank"),
            ("(null)", "blank"),
            ("nan", "blank"),
            ("без номера", "NONE_MARKED"),
            ("بدون رقم", "NONE_MARKED"),
            ("无号", "NONE_MARKED"),
            ("то же", "S207"),
            ("do.", "S207"),
            ("n.t.", "S207"),
            ("do", "S207"),
            ("SAMA", "T309"),
            ("АВ № 1234", "T309"),
            ("GLOCK", "T309"),
            ("يحذف", "T309"),
            ("三八", "三八"),
            ("፲፱፻፵፪", "፲፱፻፵፪"),
            ("Б", "T309"),
            ("〃", "S207"),
            ("\"", "S207"),
            ("-'-", "S207"),
            ("A1, A2", "T309"),
            ("A1 / B2", "T309"),
            ("AB 1234\nAB 1235", "T309"),
            ("see remarks", "T309"),
            ("S/N 123", "T309"),
            ("No. 123", "T309"),
            ("NO 123", "NO 123"),
            ("12/34", "12/34"),
            ("أ ب ١٢٣٤", "أ ب ١٢٣٤"),
            ("", "blank"),
        ] {
            check(CellKind::Text, text, expect);
        }
    }

    #[test]
    fn what_stands_behind_a_label_is_proposed() {
        let (none, letter_names) = (Files::shipped().vocabulary("no_serial").unwrap(), HashSet::new());
        let words = SerialWords { no_serial: &none, ditto: &none, month: &none, letter_names: &letter_names };
        for (text, expect) in [
            ("No WDEY232", Some("WDEY232")),
            ("Nr. 55512", Some("55512")),
            ("S/N A 12", Some("A 12")),
            ("Nr. 12 see remarks", None),
            ("A1, A2", None),
        ] {
            let Said::Refused(finding) = of_text(text, None, words) else { panic!("{text} is read") };
            assert_eq!(finding.proposals().first().copied(), expect, "{text}");
        }
    }

    #[test]
    fn typed_cells() {
        check(CellKind::Number, "12345", "12345 W401");
        check(CellKind::Number, "123456789012345678", "T307");
        check(CellKind::Number, "1234.5", "T307");
        check(CellKind::Boolean, "TRUE", "T309");
        check(CellKind::Date, "2019-12-05", "T308");
    }
}
