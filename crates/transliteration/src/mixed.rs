//! Look-alike letters of several scripts in one serial: the two readings that a person may have
//! meant, by the look tables.

use std::collections::HashMap;

use matricule_record::Mixed;
use matricule_text::{look_alike_script, nfc};

use crate::convert::Transliterator;

/// Letters that look like a Latin capital, in both directions.
#[derive(Clone, Debug, Default)]
pub(crate) struct LookAlikes {
    latin: HashMap<char, char>,
    native: HashMap<(char, String), char>,
}

impl LookAlikes {
    /// From the single letters of the look tables.
    pub fn new<'a>(look_tables: impl Iterator<Item = &'a Transliterator>) -> Self {
        let mut found = Self::default();
        for table in look_tables {
            let letters: Vec<char> = table.table().meta("alphabet").chars().collect();
            for letter in letters {
                if let Some(latin) = single_output(table, letter) {
                    found.latin.insert(letter, latin);
                    found.native.entry((latin, table.table().script().to_owned())).or_insert(letter);
                }
            }
        }
        found
    }

    /// The serial with every look-alike read as the policy says; `None` where a letter has no
    /// look-alike, or the policy is to refuse.
    pub fn fold(&self, serial: &str, policy: Mixed) -> Option<String> {
        let serial = nfc(serial);
        let native = serial.chars().filter_map(look_alike_script).find(|script| *script != "Latn")?;
        serial
            .chars()
            .map(|character| match (policy, look_alike_script(character)) {
                (Mixed::FoldToLatin, Some(script)) if script != "Latn" => {
                    self.latin.get(&upper(character)).copied()
                }
                (Mixed::FoldToNative, Some("Latn")) => {
                    self.native.get(&(upper(character), native.to_owned())).copied()
                }
                (Mixed::Reject, _) => None,
                _ => Some(character),
            })
            .collect()
    }
}

fn single_output(table: &Transliterator, letter: char) -> Option<char> {
    let mut output = table.automaton.plain_output(letter)?.chars();
    output.next().filter(|_| output.next().is_none())
}

fn upper(character: char) -> char {
    character.to_uppercase().next().unwrap_or(character)
}
