//! Abbreviated headers. Clerks cut words as the column is narrow: `Año de fab.`, `F. de ingreso`. No list has all the
//! cuts, but what is cut can be checked: each part with a point is the beginning of a part of a known word.

use std::collections::HashMap;

use matricule_text::fold;

use crate::headers::HeaderMatch;

/// Letters that an abbreviated header has at least.
const LETTERS: usize = 4;

/// The known words by how many parts they have and the letter that they begin with.
#[derive(Clone, Debug, Default)]
pub(crate) struct LongWords(HashMap<(usize, char), Vec<LongWord>>);

#[derive(Clone, Debug)]
struct LongWord {
    word: String,
    parts: Vec<String>,
    found: HeaderMatch,
}

impl LongWords {
    pub fn add(&mut self, found: &HeaderMatch, word: &str) {
        let parts: Vec<String> = parts(word).into_iter().map(|(part, _)| part).collect();
        if let Some(first) = first_letter(&parts) {
            let long = LongWord { word: word.to_owned(), parts, found: found.clone() };
            self.0.entry((long.parts.len(), first)).or_default().push(long);
        }
    }

    /// The word that an abbreviation stands for, where all words for which it may stand mean one field.
    pub fn short_for(&self, header: &str) -> Option<(&HeaderMatch, &str)> {
        let cut = parts(header);
        let letters: usize = cut.iter().map(|(part, _)| part.chars().count()).sum();
        if letters < LETTERS || !cut.iter().any(|(_, is_cut)| *is_cut) {
            return None;
        }
        let first = cut.first().and_then(|(part, _)| part.chars().next())?;
        let is_meant = |long: &&LongWord| {
            long.parts
                .iter()
                .zip(&cut)
                .all(|(long, (cut, is_cut))| long == cut || (*is_cut && long.starts_with(cut.as_str())))
        };
        let mut meant = self.0.get(&(cut.len(), first))?.iter().filter(is_meant);
        let one = meant.next()?;
        meant.all(|other| other.found.field == one.found.field).then_some((&one.found, one.word.as_str()))
    }
}

fn first_letter(parts: &[String]) -> Option<char> {
    parts.first()?.chars().next()
}

/// The parts of a header in comparable form, each with whether a point cuts it short.
fn parts(header: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for word in header.split(|c: char| c.is_whitespace() || matches!(c, '/' | ',' | '(' | ')')) {
        for part in word.split_inclusive('.') {
            let folded = fold(part);
            if !folded.is_empty() {
                found.push((folded, part.ends_with('.')));
            }
        }
    }
    found
}
