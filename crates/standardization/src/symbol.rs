//! Taking named signs out of a serial: `△66 五六式 10121943` is the series mark TRIANGLE66, the model
//! 五六式 and the serial 10121943, where a table or the ledger's profile names △.

use matricule_record::{Belonging, Field, Symbol, Text};
use matricule_text::canonical_serial;

/// Typed stand-ins of signs: `/66\` is △66 on a typewriter (domain page, section 3.4b).
const TYPED: [(&str, &str, &str); 1] = [("△", "/", "\\")];

/// A serial without the signs that belong elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    /// What is left of the serial.
    pub serial: Text,
    /// Marks found, each with its field.
    pub marks: Vec<(Field, Text)>,
    /// A designation of the model that stood between the mark and the serial.
    pub model: Option<Text>,
}

/// Whether a sign may stand in a text of ASCII: it is of ASCII, or has such a stand-in, or stands around something.
pub(crate) fn may_be_typed(symbol: &Symbol) -> bool {
    let sign = symbol.sign.as_str();
    sign.is_ascii() || sign.contains('…') || TYPED.iter().any(|(typed, ..)| *typed == sign)
}

/// Divides a serial by the symbols that are active.
pub(crate) fn divide<'a>(text: &str, symbols: impl Iterator<Item = &'a Symbol>) -> Parts {
    let mut parts = Parts { serial: text.into(), ..Parts::default() };
    for symbol in symbols {
        while let Some(found) = find(&parts.serial, symbol) {
            parts.marks.push((found.field, found.mark));
            if found.rest == parts.serial {
                break;
            }
            parts.serial = found.rest;
        }
    }
    if parts.marks.iter().any(|(field, _)| *field == Field::SeriesMark) {
        take_model(&mut parts);
    }
    parts
}

struct Found {
    field: Field,
    mark: Text,
    rest: Text,
}

fn find(text: &str, symbol: &Symbol) -> Option<Found> {
    match symbol.belongs {
        Belonging::KeepLetter => {
            let mark = text.contains(symbol.sign.as_str()).then(|| symbol.name.clone())?;
            Some(Found { field: Field::SeriesMark, mark, rest: text.into() })
        }
        Belonging::ToEnd(field) => {
            let (before, after) = text.split_once(symbol.sign.as_str())?;
            let mark = format!("{} {}", symbol.name, after.trim()).trim_end().into();
            Some(Found { field, mark, rest: before.trim().into() })
        }
        Belonging::Attached(field) => attached(text, symbol).map(|(inner, rest)| Found {
            field,
            mark: format!("{}{}", symbol.name, canonical_serial(&inner)).into(),
            rest: rest.split_whitespace().collect::<Vec<_>>().join(" ").into(),
        }),
    }
}

/// The letters and digits attached to a sign, and the text without both.
fn attached(text: &str, symbol: &Symbol) -> Option<(String, String)> {
    let between = symbol.sign.split_once('…');
    let typed = TYPED.iter().find(|(sign, ..)| symbol.sign == *sign).map(|(_, open, close)| (*open, *close));
    let pairs = between.into_iter().chain(typed);
    enclosed(text, pairs).or_else(|| beside(text, &symbol.sign))
}

fn enclosed<'a>(text: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Option<(String, String)> {
    pairs.into_iter().find_map(|(open, close)| {
        let (before, rest) = text.split_once(open)?;
        let (inner, after) = rest.split_once(close)?;
        let is_mark = !inner.is_empty() && inner.chars().all(char::is_alphanumeric);
        is_mark.then(|| (inner.to_owned(), format!("{before} {after}")))
    })
}

/// What stands right behind the sign or, where nothing does, right before it.
fn beside(text: &str, sign: &str) -> Option<(String, String)> {
    let (before, after) = text.split_once(sign)?;
    let end = after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len());
    if end > 0 {
        return Some((after[..end].to_owned(), format!("{before} {}", &after[end..])));
    }
    let start = before.char_indices().rev().take_while(|(_, c)| c.is_alphanumeric()).last();
    let start = start.map_or(before.len(), |(at, _)| at);
    Some((before[start..].to_owned(), format!("{} {after}", &before[..start])))
}

/// Beside a series mark, a word that ends in 式 (type) before the serial designates the model.
fn take_model(parts: &mut Parts) {
    let words: Vec<&str> = parts.serial.split_whitespace().collect();
    let [model @ .., serial] = words.as_slice() else { return };
    if let [model] = model
        && model.ends_with(['式', '型'])
    {
        (parts.model, parts.serial) = (Some((*model).into()), (*serial).into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, serial: &str, marks: &[(Field, &str)], model: Option<&str>) {
        let symbol =
            |sign: &str, name: &str, belongs| Symbol { sign: sign.into(), name: name.into(), belongs };
        let symbols = [
            symbol("△", "TRIANGLE", Belonging::Attached(Field::SeriesMark)),
            symbol("★", "STAR", Belonging::ToEnd(Field::OwnerMark)),
            symbol("㋑", "CIRCLED-I", Belonging::KeepLetter),
        ];
        let found = divide(text, symbols.iter());
        let marks = marks.iter().map(|(field, mark)| (*field, Text::from(*mark))).collect();
        assert_eq!(found, Parts { serial: serial.into(), marks, model: model.map(Text::from) }, "{text}");
    }

    #[test]
    fn signs_leave_the_serial_with_what_belongs_to_them() {
        let series = Field::SeriesMark;
        check("△66 五六式 10121943", "10121943", &[(series, "TRIANGLE66")], Some("五六式"));
        check("/66\\ 10121943", "10121943", &[(series, "TRIANGLE66")], None);
        check("10121943 △", "10121943", &[(series, "TRIANGLE")], None);
        check("△ 1234", "1234", &[(series, "TRIANGLE")], None);
        check("66△ 1234", "1234", &[(series, "TRIANGLE66")], None);
        check("AB 12/66", "AB 12/66", &[], None);
        check("★ UG POL 00123", "", &[(Field::OwnerMark, "STAR UG POL 00123")], None);
        check("K 5512 ★ UG 7", "K 5512", &[(Field::OwnerMark, "STAR UG 7")], None);
        check("㋑ 4512", "㋑ 4512", &[(series, "CIRCLED-I")], None);
        check("AB 1234", "AB 1234", &[], None);
    }
}
