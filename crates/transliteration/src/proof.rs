//! What can be proven about a table: which letters it merges, and whether what it writes can be
//! read back.
//!
//! The outputs of a table are a code. It is **uniquely decodable** if no text can be cut into
//! outputs in two ways. Sardinas and Patterson (1953) decide that by looking at what is left over:
//! where one output begins another, the rest of the longer one dangles, and has to be matched by
//! further outputs of the shorter side. Where a dangling rest is itself an output, two ways meet:
//!
//! ```text
//! Ц        T S          TS begins with T, so S dangles …
//! Т + С    T | S        … and S is an output: TS = Ц | Т+С
//! ```
//!
//! The search below goes through dangling rests in order of the text's length, then of the
//! alphabet, so that what it finds first is the shortest ambiguity, the same one every time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::ops::Bound;

use matricule_mapping::{RowKind, TableRow, When};
use matricule_text::canonical_serial;
use unicode_normalization::UnicodeNormalization;

use crate::convert::Transliterator;

/// What is proven about a table's own letters. The Latin letters and digits that it shares with
/// every table are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Letters of the declared alphabet.
    pub letters: usize,
    /// Outputs that several letters share, with the letters.
    pub merged: Vec<Merged>,
    /// Whether no output begins another one.
    pub is_prefix_code: bool,
    /// The shortest text that can be cut in two ways; `None` where the code is uniquely decodable.
    pub ambiguity: Option<Ambiguity>,
    /// Of all pairs of letters, how many end on an output that another pair has, in tenths of a
    /// percent.
    pub merged_pairs: usize,
    /// Whether waive rows accept every merge: the letters are the same in another form.
    pub is_waived: bool,
}

/// A text with its two readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ambiguity {
    /// The text.
    pub text: String,
    /// The letters of one reading.
    pub one: Vec<String>,
    /// The letters of the other.
    pub other: Vec<String>,
}

/// An output that several letters share, with the letters.
pub type Merged = (String, Vec<String>);

/// Outputs, each with the letters that have it.
type Code = BTreeMap<String, Vec<String>>;

impl Transliterator {
    /// Proves what can be proven.
    pub fn proof(&self) -> Proof {
        let code = self.code();
        let mut outputs = code.keys().zip(code.keys().skip(1));
        Proof {
            letters: self.table.meta("alphabet").chars().count(),
            merged: merged(&code),
            // In sorted order an output stands right before those that it begins.
            is_prefix_code: !outputs.any(|(shorter, longer)| longer.starts_with(shorter.as_str())),
            ambiguity: shortest_ambiguity(&code, &[]),
            merged_pairs: merged_pairs(&code),
            is_waived: self.table.is_strict() && !merged(&code).is_empty(),
        }
    }

    /// Merges and the shortest ambiguity among all that the table's own rows write, under whatever
    /// condition: what a strict table must not have. Compatibility forms of a letter are the letter.
    pub(crate) fn strict_proof(&self) -> (Vec<Merged>, Option<Ambiguity>) {
        let alphabet: BTreeSet<char> = self.table.meta("alphabet").chars().collect();
        let mut code = Code::new();
        for row in self.own_rows() {
            let is_letter = row.from.chars().all(|c| alphabet.contains(&c));
            if is_letter || is_own_compatibility_form(&row.from) {
                let letters = code.entry(row.to.to_string()).or_default();
                if !letters.iter().any(|letter| is_same_mark(letter, &row.from)) {
                    letters.push(row.from.to_string());
                }
            }
        }
        let waived: Vec<&str> = self.waive_rows().map(|row| row.from.as_str()).collect();
        (merged(&code), shortest_ambiguity(&code, &waived))
    }

    /// The rows that waive a merge (`Ё=Е`) or an ambiguity (`TS`).
    pub(crate) fn waive_rows(&self) -> impl Iterator<Item = &TableRow> {
        self.table.rows.iter().map(AsRef::as_ref).filter(|row| row.kind == RowKind::Waive)
    }

    /// The rows about characters that are in force: of each characters and condition the highest layer's.
    pub(crate) fn rows_in_force(&self) -> impl Iterator<Item = &TableRow> {
        let decides = |row: &&TableRow| matches!(row.kind, RowKind::Map | RowKind::Drop | RowKind::Review);
        let rows = self.table.rows.iter().map(AsRef::as_ref).filter(decides);
        let in_force: BTreeMap<(&str, &When), &TableRow> =
            rows.map(|row| ((row.from.as_str(), &row.when), row)).collect();
        in_force.into_values()
    }

    /// The map rows of the table's own script that are in force: of each characters and condition the
    /// highest layer's.
    fn own_rows(&self) -> impl Iterator<Item = &TableRow> {
        let own = |row: &&TableRow| row.kind == RowKind::Map && *row.script == *self.table.script();
        self.rows_in_force().filter(own)
    }

    /// The outputs of the letters of the declared alphabet, by the rows that always apply.
    fn code(&self) -> Code {
        let alphabet: BTreeSet<char> = self.table.meta("alphabet").chars().collect();
        let mut code = Code::new();
        for row in self.own_rows().filter(|row| row.when == When::Always) {
            let mut characters = row.from.chars();
            let is_letter =
                characters.next().is_some_and(|c| alphabet.contains(&c)) && characters.next().is_none();
            let letters = code.entry(row.to.to_string()).or_default();
            if is_letter && !letters.iter().any(|letter| is_same_mark(letter, &row.from)) {
                letters.push(row.from.to_string());
            }
        }
        code.retain(|_, letters| !letters.is_empty());
        code
    }
}

/// Whether two letters are one in a serial's identity: a capital and its small letter, a letter and its
/// final form of the same capital.
fn is_same_mark(a: &str, b: &str) -> bool {
    a == b || canonical_serial(a) == canonical_serial(b)
}

/// Whether a text stays as it is in Normalization Form KC.
fn is_own_compatibility_form(text: &str) -> bool {
    text.nfkc().eq(text.chars())
}

fn merged(code: &Code) -> Vec<Merged> {
    let several = code.iter().filter(|(_, letters)| letters.len() > 1);
    several.map(|(output, letters)| (output.clone(), letters.clone())).collect()
}

/// A search in progress: the text so far, what dangles, and the outputs that each side has used. The
/// first side is the one ahead.
type State = Reverse<(usize, String, String, Vec<String>, Vec<String>)>;

fn shortest_ambiguity(code: &Code, waived: &[&str]) -> Option<Ambiguity> {
    let mut queue: BinaryHeap<State> = BinaryHeap::new();
    for (shorter, (longer, rest)) in code.keys().flat_map(|a| continued(code, a).map(move |b| (a, b))) {
        queue.push(Reverse((
            longer.len(),
            longer.clone(),
            rest,
            vec![longer.clone()],
            vec![shorter.clone()],
        )));
    }
    let mut seen = BTreeSet::new();
    while let Some(Reverse((_, text, dangling, ahead, behind))) = queue.pop() {
        if dangling.is_empty() {
            if waived.contains(&text.as_str()) {
                continue;
            }
            let letters = |outputs: &[String]| outputs.iter().map(|output| code[output][0].clone()).collect();
            return Some(Ambiguity { text, one: letters(&ahead), other: letters(&behind) });
        }
        if seen.insert(dangling.clone()) {
            let next = (1..=dangling.len()).filter_map(|end| code.get_key_value(&dangling[..end]));
            let next =
                next.map(|(output, _)| output).chain(continued(code, &dangling).map(|(output, _)| output));
            queue.extend(next.filter_map(|output| step(output, &text, &dangling, &ahead, &behind)));
        }
    }
    None
}

/// The outputs that begin with a text and go on, each with the rest.
fn continued<'a>(code: &'a Code, text: &'a str) -> impl Iterator<Item = (&'a String, String)> {
    let from = code.range::<str, _>((Bound::Excluded(text), Bound::Unbounded));
    from.map_while(move |(output, _)| Some((output, output.strip_prefix(text)?.to_owned())))
}

/// The side that is behind uses an output: it catches up in part, exactly, or overtakes.
fn step(output: &str, text: &str, dangling: &str, ahead: &[String], behind: &[String]) -> Option<State> {
    let behind = [behind, &[output.to_owned()]].concat();
    if let Some(rest) = dangling.strip_prefix(output) {
        return Some(Reverse((text.len(), text.to_owned(), rest.to_owned(), ahead.to_vec(), behind)));
    }
    let more = output.strip_prefix(dangling)?;
    Some(Reverse((text.len() + more.len(), format!("{text}{more}"), more.to_owned(), behind, ahead.to_vec())))
}

/// Of all pairs of letters, the share that is written as another pair is, in tenths of a percent.
fn merged_pairs(code: &Code) -> usize {
    let letters: Vec<&str> =
        code.iter().flat_map(|(output, letters)| letters.iter().map(move |_| output.as_str())).collect();
    let pairs: Vec<String> =
        letters.iter().flat_map(|a| letters.iter().map(move |b| format!("{a}{b}"))).collect();
    let distinct: BTreeSet<&String> = pairs.iter().collect();
    if pairs.is_empty() { 0 } else { ((pairs.len() - distinct.len()) * 1000 + pairs.len() / 2) / pairs.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(outputs: &[&str], ambiguity: Option<(&str, &[&str], &[&str])>) {
        let code: Code =
            outputs.iter().map(|output| ((*output).to_owned(), vec![(*output).to_owned()])).collect();
        let found = shortest_ambiguity(&code, &[]);
        let texts = |letters: &[&str]| letters.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
        let expect =
            ambiguity.map(|(text, one, other)| (text.to_owned(), BTreeSet::from([texts(one), texts(other)])));
        assert_eq!(found.map(|a| (a.text, BTreeSet::from([a.one, a.other]))), expect, "{outputs:?}");
    }

    #[test]
    fn codes_of_the_literature() {
        // Prefix codes, suffix codes, and the examples of Sardinas and Patterson's algorithm in textbooks.
        check(&["0", "10", "11"], None);
        check(&["0", "01", "11"], None);
        // The textbook shows 011101110011; 111011 is shorter: 1110·1·1 and 1·1·1·011.
        let code = ["1", "011", "01110", "1110", "10011"];
        check(&code, Some(("111011", &["1110", "1", "1"], &["1", "1", "1", "011"])));
        check(&["0", "01", "10"], Some(("010", &["0", "10"], &["01", "0"])));
        check(&["TS", "T", "S"], Some(("TS", &["TS"], &["T", "S"])));
        check(&["A"], None);
        check(&[], None);
    }

    #[test]
    fn the_shortest_ambiguity_comes_first() {
        check(&["SH", "CH", "SHCH", "S", "H"], Some(("SH", &["SH"], &["S", "H"])));
        check(&["SH", "CH", "SHCH"], Some(("SHCH", &["SHCH"], &["SH", "CH"])));
    }
}
