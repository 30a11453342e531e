//! Numerals that are no decimal digits: Ethiopic, Han with its financial and Suzhou forms, Tamil and
//! Malayalam with their signs for ten, hundred and thousand, Roman number forms.
//!
//! Each system has a grammar, and a run that does not follow it, or that has two readings, has no
//! value: `三万一` is 31000 to one reader and 30001 to another. Values of single characters are those
//! of the Unicode Character Database (`Numeric_Value`; for Han `kPrimaryNumeric` and
//! `kAccountingNumeric`).

use crate::letter_numeral;

/// A system of numerals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumeralSystem {
    /// ፩–፼: units and tens added, times hundred, times ten thousand (The Unicode Standard, section 19.1).
    Ethiopic,
    /// 〇一二…, 十百千万, 廿卅, financial 壹貳…, Suzhou 〡〢〣….
    Han,
    /// Tamil digits with ௰ ௱ ௲.
    Tamil,
    /// Malayalam digits with ൰ ൱ ൲.
    Malayalam,
    /// Ⅰ–ↈ.
    Roman,
    /// α–ϡ with ʹ and ͵.
    Greek,
    /// א–ת with ׳ and ״.
    Hebrew,
    /// Arabic letters as numerals, where east and Maghreb agree on their value.
    Abjad,
    /// Arabic letters as numerals, in the eastern order.
    AbjadEastern,
    /// Ա–Ք.
    Armenian,
    /// а–ѡ with ҂ and ҃.
    Cyrillic,
    /// ა–ჵ.
    Georgian,
}

/// What a character of a system is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Digit(u64),
    Tens(u64),
    Unit(u64),
}

impl NumeralSystem {
    /// Every system.
    pub const ALL: [Self; 12] = [
        Self::Ethiopic,
        Self::Han,
        Self::Tamil,
        Self::Malayalam,
        Self::Roman,
        Self::Greek,
        Self::Hebrew,
        Self::Abjad,
        Self::AbjadEastern,
        Self::Armenian,
        Self::Cyrillic,
        Self::Georgian,
    ];

    /// The name in mapping tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ethiopic => "ethiopic",
            Self::Han => "han",
            Self::Tamil => "tamil",
            Self::Malayalam => "malayalam",
            Self::Roman => "roman",
            Self::Greek => "greek",
            Self::Hebrew => "hebrew",
            Self::Abjad => "abjad",
            Self::AbjadEastern => "abjad-eastern",
            Self::Armenian => "armenian",
            Self::Cyrillic => "cyrillic",
            Self::Georgian => "georgian",
        }
    }

    /// The system of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.name() == name)
    }

    /// Whether a character marks the letters about it as a numeral of letters.
    pub fn is_letter_sign(character: char) -> bool {
        letter_numeral::is_sign(character)
    }

    /// The system whose sign a character is; decimal digits and letters are signs of none by
    /// themselves.
    pub fn of(character: char) -> Option<Self> {
        Some(match character {
            '\u{1369}'..='\u{137c}' => Self::Ethiopic,
            '௰'..='௲' | '௧'..='௯' => Self::Tamil,
            '൰'..='൲' | '൧'..='൯' => Self::Malayalam,
            '\u{2160}'..='\u{2188}' if roman_letters(character).is_some() => Self::Roman,
            '\u{3007}'..='\u{9fff}' if han(character).is_some() => Self::Han,
            _ => return None,
        })
    }

    /// Whether a run of the system is a digit for each sign, as 二〇二三 is and 二十三 is not.
    pub fn is_digit_by_digit(self, run: &[char]) -> bool {
        self == Self::Han && run.iter().all(|&sign| matches!(han(sign), Some(Part::Digit(_))))
    }

    /// The length of the run of the system that characters begin with, and its value in decimal
    /// digits, or `None` for the value where it has none or several. `None` where they begin with no
    /// such run. Letters are a run only with a sign among them, or where they are declared numerals.
    pub fn read(self, characters: &[char], letters_declared: bool) -> Option<(usize, Option<String>)> {
        if !letter_numeral::places(self).is_empty() {
            return letter_numeral::read(self, characters, letters_declared);
        }
        let length = characters.iter().take_while(|&&c| Self::of(c) == Some(self)).count();
        let run = &characters[..length];
        let value = match self {
            _ if run.is_empty() => return None,
            Self::Ethiopic => ethiopic(run).map(|value| value.to_string()),
            Self::Roman => roman(run).map(|value| value.to_string()),
            Self::Han => han_value(run),
            Self::Tamil | Self::Malayalam if run.iter().all(|&c| crate::decimal_digit(c).is_some()) => {
                return None;
            }
            Self::Tamil | Self::Malayalam => {
                let parts: Option<Vec<Part>> = run.iter().map(|&c| south_indian(c)).collect();
                parts.and_then(|parts| multiplied(&parts)).map(|value| value.to_string())
            }
            _ => return None,
        };
        Some((length, value))
    }
}

/// Units and tens in groups of two, between them hundred and ten thousand in turn.
fn ethiopic(run: &[char]) -> Option<u64> {
    let (mut total, mut group) = (0_u64, 0_u64);
    for &character in run {
        match u32::from(character) - 0x1368 {
            unit @ 1..=9 if group % 10 == 0 => group += u64::from(unit),
            ten @ 10..=18 if group == 0 => group += u64::from(ten - 9) * 10,
            19 if total % 10_000 == 0 => (total, group) = (total + group.max(1) * 100, 0),
            20 if total < 10_000 => (total, group) = ((total + group).max(1) * 10_000, 0),
            _ => return None,
        }
    }
    Some(total + group)
}

fn han(character: char) -> Option<Part> {
    const DIGITS: [&str; 10] = [
        "〇零",
        "一壹壱〡",
        "二貳贰弐〢",
        "三叁參叄参〣",
        "四肆〤",
        "五伍〥",
        "六陸陆〦",
        "七柒漆〧",
        "八捌〨",
        "九玖〩",
    ];
    if let Some(digit) = DIGITS.iter().position(|forms| forms.contains(character)) {
        return Some(Part::Digit(digit as u64));
    }
    Some(match character {
        '廿' | '〹' => Part::Tens(20),
        '卅' | '〺' => Part::Tens(30),
        '卌' => Part::Tens(40),
        '十' | '拾' | '〸' => Part::Unit(10),
        '百' | '佰' => Part::Unit(100),
        '千' | '仟' => Part::Unit(1000),
        '万' | '萬' => Part::Unit(10_000),
        _ => return None,
    })
}

/// Place by place where no unit occurs, else digits times units. A financial sign or a large unit alone
/// is as likely the word as the number: 陸 is the army, too.
fn han_value(run: &[char]) -> Option<String> {
    if let [sign] = run
        && !"〇零一二三四五六七八九十廿卅卌〡〢〣〤〥〦〧〨〩".contains(*sign)
    {
        return None;
    }
    let parts: Vec<Part> = run.iter().filter_map(|&c| han(c)).collect();
    let places: Option<String> = parts
        .iter()
        .map(|part| match part {
            Part::Digit(digit) => char::from_digit(*digit as u32, 10),
            Part::Tens(_) | Part::Unit(_) => None,
        })
        .collect();
    places.or_else(|| multiplied(&parts).map(|value| value.to_string()))
}

fn south_indian(character: char) -> Option<Part> {
    match character {
        '௰' | '൰' => Some(Part::Unit(10)),
        '௱' | '൱' => Some(Part::Unit(100)),
        '௲' | '൲' => Some(Part::Unit(1000)),
        _ => crate::decimal_digit(character).map(|digit| Part::Digit(u64::from(digit))),
    }
}

/// Digits times units, largest unit first. A digit at the end may stand only right below a ten, or
/// after a zero that marks the place left out: without one it may mean the next lower unit.
fn multiplied(parts: &[Part]) -> Option<u64> {
    let (mut total, mut section, mut last_unit) = (0_u64, 0_u64, u64::MAX);
    let (mut digit, mut zero) = (None, false);
    for &part in parts {
        // A zero marks a place left out: something stands before it, and a digit behind it.
        let follows_zero = zero && digit.is_none();
        let skips_place = |unit: u64| !zero || unit * 10 < last_unit;
        match part {
            Part::Digit(0) if digit.is_none() && !zero && total + section > 0 && last_unit > 10 => {
                zero = true;
            }
            Part::Digit(0) => return None,
            Part::Digit(value) if digit.is_none() => digit = Some(value),
            _ if follows_zero => return None,
            Part::Unit(10_000) if total == 0 && !zero => {
                total = (section + digit.take().unwrap_or(0)).max(1) * 10_000;
                (section, last_unit, zero) = (0, 10_000, false);
            }
            Part::Unit(unit) if unit < last_unit && unit < 10_000 && skips_place(unit) => {
                section += digit.take().unwrap_or(1) * unit;
                (last_unit, zero) = (unit, false);
            }
            Part::Tens(tens) if digit.is_none() && last_unit > 10 && skips_place(10) => {
                section += tens;
                (last_unit, zero) = (10, false);
            }
            _ => return None,
        }
    }
    match digit {
        None if zero => None,
        None => Some(total + section),
        Some(value) => (zero || last_unit == 10).then_some(total + section + value),
    }
}

fn roman_letters(character: char) -> Option<&'static str> {
    const LETTERS: [&str; 16] =
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "L", "C", "D", "M"];
    let at = match character {
        '\u{2160}'..='\u{216f}' => u32::from(character) - 0x2160,
        '\u{2170}'..='\u{217f}' => u32::from(character) - 0x2170,
        _ => return None,
    };
    LETTERS.get(at as usize).copied()
}

/// A Roman number in its one regular form, up to 3999.
fn roman(run: &[char]) -> Option<u64> {
    const FORMS: [(u64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let written: String = run.iter().filter_map(|&c| roman_letters(c)).collect();
    let (mut value, mut rest) = (0, written.as_str());
    for (worth, form) in FORMS {
        let mut times = 0;
        while let Some(shorter) = rest.strip_prefix(form) {
            (value, rest, times) = (value + worth, shorter, times + 1);
            let once = form.len() > 1 || form.starts_with(['V', 'L', 'D']);
            if times > if once { 1 } else { 3 } {
                return None;
            }
        }
    }
    rest.is_empty().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(system: NumeralSystem, lines: &[(&str, Option<&str>)]) {
        for (text, expect) in lines {
            let characters: Vec<char> = text.chars().collect();
            let (length, value) = system.read(&characters, false).unwrap_or((0, None));
            assert_eq!(length, characters.len(), "{text}");
            assert_eq!(value.as_deref(), *expect, "{text}");
        }
    }

    #[test]
    fn ethiopic_numbers() {
        // The examples of The Unicode Standard's description, and of the domain page.
        check(
            NumeralSystem::Ethiopic,
            &[
                ("፲፱፻፵፪", Some("1942")),
                ("፩", Some("1")),
                ("፲", Some("10")),
                ("፻", Some("100")),
                ("፻፩", Some("101")),
                ("፳፻፲፯", Some("2017")),
                ("፼", Some("10000")),
                ("፲፪፼፴፬፻፶፮", Some("123456")),
                ("፩፪", None),
                ("፩፲", None),
                ("፻፻", None),
            ],
        );
    }

    #[test]
    fn han_numbers() {
        check(
            NumeralSystem::Han,
            &[
                ("五六", Some("56")),
                ("三八", Some("38")),
                ("二〇二三", Some("2023")),
                ("〡〢〣〤", Some("1234")),
                ("〡二〣", Some("123")),
                ("廿一", Some("21")),
                ("卅", Some("30")),
                ("十五", Some("15")),
                ("二十", Some("20")),
                ("一千九百四十二", Some("1942")),
                ("壹仟贰佰", Some("1200")),
                ("一千零五", Some("1005")),
                ("三万一千", Some("31000")),
                ("十万", Some("100000")),
                ("三万一", None),
                ("二百五", None),
                ("十百", None),
                ("五十六七", None),
            ],
        );
    }

    #[test]
    fn tamil_and_malayalam_numbers() {
        check(NumeralSystem::Tamil, &[("௧௲௯௱௪௰௨", Some("1942")), ("௲", Some("1000")), ("௰௲", None)]);
        check(NumeralSystem::Malayalam, &[("൨൰൫", Some("25")), ("൱", Some("100"))]);
        assert_eq!(NumeralSystem::Tamil.read(&['௧', '௨'], false), None, "plain digits are decimal");
    }

    #[test]
    fn roman_numbers() {
        check(
            NumeralSystem::Roman,
            &[
                ("Ⅳ", Some("4")),
                ("ⅩⅣ", Some("14")),
                ("ⅯⅭⅯⅩⅬⅠⅠ", Some("1942")),
                ("Ⅻ", Some("12")),
                ("ⅰⅹ", Some("9")),
                ("ⅠⅠⅠⅠ", None),
                ("ⅠⅬ", None),
                ("ⅤⅤ", None),
            ],
        );
    }
}
