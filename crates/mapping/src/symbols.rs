//! Symbol rows: `mappings/symbols/*.csv` of an operator, and `[symbols]` of a ledger profile.
//!
//! ```text
//! symbol,△,TRIANGLE,series_mark,,           the sign and what is attached to it become the series mark
//! symbol,★,STAR,owner_mark to-end,,         the sign and all that follows become the owner's mark
//! symbol,㋑,,keep-letter,,                   the serial keeps the letter, the series mark is CIRCLED-I
//! ```

use matricule_record::{Belonging, Code, Field, StoredMapping, Symbol};

use crate::files::{Files, Layer};
use crate::{Error, hex_digest, sheet};

const COLUMNS: [&str; 6] = ["kind", "from", "to", "when", "source", "note"];

/// Fields that a sign may belong to.
const FIELDS: [Field; 4] = [Field::SeriesMark, Field::OwnerMark, Field::ImportMark, Field::OtherMark];

/// The letters of ㋐ (U+32D0) to ㋾ in order, by ISO 3602.
const CIRCLED_KANA: [&str; 47] = [
    "A", "I", "U", "E", "O", "KA", "KI", "KU", "KE", "KO", "SA", "SI", "SU", "SE", "SO", "TA", "TI", "TU",
    "TE", "TO", "NA", "NI", "NU", "NE", "NO", "HA", "HI", "HU", "HE", "HO", "MA", "MI", "MU", "ME", "MO",
    "YA", "YU", "YO", "RA", "RI", "RU", "RE", "RO", "WA", "WI", "WE", "WO",
];

/// Every symbol row of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Symbols {
    rows: Vec<Symbol>,
}

impl Symbols {
    pub(crate) fn load(files: &Files) -> Result<Self, Error> {
        let mut rows = Vec::new();
        for id in files.ids("symbols") {
            for layer in files.layers(&format!("symbols/{id}.csv"))? {
                read(&layer, &mut rows)?;
            }
        }
        Ok(Self { rows })
    }

    /// The rows, in the order of the files.
    pub fn rows(&self) -> &[Symbol] {
        &self.rows
    }

    /// The rows as a registry keeps them.
    pub fn stored(&self) -> StoredMapping {
        let line = |symbol: &Symbol| format!("{}\t{}\t{:?}\n", symbol.sign, symbol.name, symbol.belongs);
        let content: String = self.rows.iter().map(line).collect();
        StoredMapping {
            kind: "symbols",
            id: "symbols".into(),
            digest: hex_digest(content.as_bytes()),
            content,
        }
    }
}

fn read(layer: &Layer, symbols: &mut Vec<Symbol>) -> Result<(), Error> {
    sheet::read(layer, &COLUMNS, |row| {
        let fault = |cell, message: String| Error::at(Code::M502, row.place(layer, cell), message);
        match row.cells[0].as_str() {
            "symbol" => {}
            "" | "meta" => return Ok(()),
            kind => {
                return Err(fault(
                    0,
                    format!("`{kind}` is no symbol row; a file of symbols/ holds `symbol` rows"),
                ));
            }
        }
        let sign = sheet::unescape(&row.cells[1]).unwrap_or_default();
        // `to-end` may stand in a cell of its own behind the field.
        let place = row.cells[3..].join(" ");
        let place: Vec<&str> = place.split_whitespace().collect();
        let known =
            |word: &&&str| matches!(**word, "to-end" | "keep-letter") || Field::from_name(word).is_some();
        let words: Vec<&str> = place.iter().filter(known).copied().collect();
        let symbol = symbol(&sign, &row.cells[2], &words).map_err(|message| fault(3, message))?;
        symbols.push(symbol);
        Ok(())
    })
}

/// A symbol of a profile: the sign, and its name and place in words (`"TRIANGLE series_mark"`).
pub(crate) fn of_profile(sign: &str, text: &str) -> Result<Symbol, String> {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    match words.split_first() {
        Some((&"keep-letter", _)) => symbol(sign, "", &words),
        Some((name, place)) => symbol(sign, name, place),
        None => Err(format!("\"{sign}\" says nothing; write \"TRIANGLE series_mark\" or the like")),
    }
}

fn symbol(sign: &str, name: &str, place: &[&str]) -> Result<Symbol, String> {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
    };
    let belongs = belonging(sign, place)?;
    let name = match belongs {
        Belonging::KeepLetter if name.is_empty() => circled(sign).ok_or_else(|| {
            format!("the sign \"{sign}\" is no circled kana; write the name of its series mark")
        })?,
        _ => name.to_owned(),
    };
    if sign.is_empty() || sign.chars().any(|c| c.is_ascii_alphanumeric() || c.is_whitespace()) {
        return Err(format!("`{sign}` is no sign: letters, digits and blanks of a serial stay in it"));
    }
    if !is_name(&name) {
        return Err(format!("the name `{name}` of the sign \"{sign}\" is not made of A–Z, 0–9 and hyphens"));
    }
    Ok(Symbol { sign: sign.into(), name: name.into(), belongs })
}

fn belonging(sign: &str, place: &[&str]) -> Result<Belonging, String> {
    if place.contains(&"keep-letter") {
        return Ok(Belonging::KeepLetter);
    }
    let field = place.iter().find_map(|word| Field::from_name(word)).filter(|field| FIELDS.contains(field));
    match (field, place.contains(&"to-end")) {
        (Some(field), true) => Ok(Belonging::ToEnd(field)),
        (Some(field), false) => Ok(Belonging::Attached(field)),
        (None, _) => {
            let known = FIELDS.map(Field::name).join(", ");
            Err(format!(
                "the sign \"{sign}\" belongs nowhere; write one of {known} (and to-end), or keep-letter"
            ))
        }
    }
}

fn circled(sign: &str) -> Option<String> {
    let mut signs = sign.chars();
    let at = u32::from(signs.next()?).checked_sub(0x32d0)? as usize;
    CIRCLED_KANA.get(at).filter(|_| signs.next().is_none()).map(|letter| format!("CIRCLED-{letter}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Result<&[(&str, &str, Belonging)], &str>) {
        let layer = Layer { path: "symbols.csv".into(), bytes: text.as_bytes().to_vec() };
        let mut symbols = Vec::new();
        match (read(&layer, &mut symbols), expect) {
            (Ok(()), Ok(expect)) => {
                let found: Vec<_> =
                    symbols.iter().map(|s| (s.sign.as_str(), s.name.as_str(), s.belongs)).collect();
                assert_eq!(found, expect);
            }
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, expect) => panic!("{text:?}: {found:?} instead of {expect:?}"),
        }
    }

    #[test]
    fn rows_of_the_domain_page_are_read() {
        let head = "kind,from,to,when,source,note\n";
        check(
            &format!(
                "{head}symbol,△,TRIANGLE,series_mark,,\nsymbol,★,STAR,owner_mark,to-end\nsymbol,㋑,,keep-letter,,\n"
            ),
            Ok(&[
                ("△", "TRIANGLE", Belonging::Attached(Field::SeriesMark)),
                ("★", "STAR", Belonging::ToEnd(Field::OwnerMark)),
                ("㋑", "CIRCLED-I", Belonging::KeepLetter),
            ]),
        );
        check(&format!("{head}symbol,△,Dreieck,series_mark,,\n"), Err("symbols.csv:2:18"));
        check(&format!("{head}symbol,△,TRIANGLE,serial,,\n"), Err("belongs nowhere"));
        check(&format!("{head}symbol,★,,keep-letter,,\n"), Err("no circled kana"));
        check(&format!("{head}symbol,A,LETTER,series_mark,,\n"), Err("is no sign"));
        check(&format!("{head}map,△,D,,,\n"), Err("is no symbol row"));
    }
}
