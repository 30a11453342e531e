//! The words that tell rows and columns apart, looked up once a file and not once a row.

use std::collections::HashSet;

use foldhash::fast::RandomState;
use matricule_mapping::{HeaderWords, Lookup, Profile, Vocabulary};
use matricule_record::{CellKind, Cells, Field, SerialPart, SkipClass};
use matricule_text::{fold, is_ditto_mark, plain_quotes, unframed};

/// Header words, furniture and ditto marks, and what the profile says about them.
pub(crate) struct Markers<'a> {
    /// What columns are called.
    pub headers: &'a HeaderWords,
    /// The profile.
    pub profile: &'a Profile,
    furniture: &'a Vocabulary,
    words: &'a [Vocabulary],
    ditto: HashSet<String, RandomState>,
    /// The same without the signs around them.
    framed: HashSet<String, RandomState>,
    ditto_bytes: usize,
}

/// The vocabulary of the headers of personal data.
const PERSONAL: &str = "personal";

/// The vocabulary of the words around events, and its value for papers.
const EVENT_WORD: &str = "event_word";
const DOCUMENT: &str = "document";

/// The type of weapons that are of none of the others.
const OTHER: &str = "other";

/// Letters of a country's code at most.
const CODE: usize = 3;

/// Letters of a word between the number of a page and that of all pages.
const BETWEEN_NUMBERS: usize = 3;

/// Letters of a word that in capitals is a code of something else.
const SHORT_WORD: usize = 2;
/// Bytes that may frame a word.
const FRAME: usize = 8;

/// Bytes of a text that is put in lower case without allocating.
const SHORT: usize = 32;

/// A short text of ASCII letters and signs other than quotation marks, as [`plain_quotes`] has it: most cells
/// that are not longer than a ditto mark are such words.
fn in_lower_case<'b>(text: &str, buffer: &'b mut [u8; SHORT]) -> Option<&'b str> {
    let small = buffer.get_mut(..text.len())?;
    small.copy_from_slice(text.as_bytes());
    small.make_ascii_lowercase();
    let is_plain = small.iter().all(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\'' | b'`'));
    std::str::from_utf8(small).ok().filter(|_| is_plain)
}

impl<'a> Markers<'a> {
    pub fn new(
        headers: &'a HeaderWords,
        (furniture, ditto, words): (&'a Vocabulary, &'a Vocabulary, &'a [Vocabulary]),
        profile: &'a Profile,
    ) -> Self {
        let ditto: HashSet<String, _> = ditto.rows().iter().map(|row| plain_quotes(&row.word)).collect();
        let is_word = |word: &String| word.chars().any(char::is_alphabetic);
        let framed = ditto.iter().map(|word| unframed(word).unwrap_or_else(|| word.clone())).filter(is_word);
        let framed = framed.collect();
        let ditto_bytes = ditto.iter().map(String::len).max().unwrap_or(0) + FRAME;
        Self { headers, profile, furniture, words, ditto, framed, ditto_bytes }
    }

    /// Whether a cell's text repeats the value above it.
    pub fn is_ditto(&self, text: &str) -> bool {
        // Most cells are longer than any mark, or hold a digit, which no mark does.
        let text = text.trim();
        if text.is_empty() || text.len() > self.ditto_bytes || text.bytes().any(|byte| byte.is_ascii_digit())
        {
            return false;
        }
        match in_lower_case(text, &mut [0; SHORT]) {
            // `DO` is the Dominican Republic.
            Some(small) => {
                (self.ditto.contains(small) && (small != "do" || text != "DO"))
                    || is_ditto_mark(text)
                    || self.is_framed_ditto(text)
            }
            None => {
                self.ditto.contains(text)
                    || is_ditto_mark(text)
                    || self.ditto.contains(&plain_quotes(text))
                    || self.is_framed_ditto(text)
            }
        }
    }

    /// `(idem)`, `..do..`, `Id. id.`: a word for the same in a frame. Of two letters it is none in capitals alone.
    fn is_framed_ditto(&self, text: &str) -> bool {
        let is_open = |c: Option<char>| c.is_some_and(|c| !c.is_alphabetic());
        let may_be = is_open(text.chars().next()) || is_open(text.chars().next_back()) || text.contains(' ');
        let Some(bare) = may_be.then(|| unframed(text)).flatten() else { return false };
        let is_short = bare.chars().count() <= SHORT_WORD && !text.chars().any(char::is_lowercase);
        !is_short && self.framed.contains(&bare)
    }

    /// The part of a serial that a column holds, declared or by its name.
    pub fn serial_part(&self, header: &str) -> Option<SerialPart> {
        let by_name = || SerialPart::from_name(self.words_of("serial_part")?.value_of(header.trim())?);
        if self.profile.column_field(header).is_some() {
            return None;
        }
        self.profile.column_part(header).or_else(by_name)
    }

    /// Whether a text is a word for a kind of weapon, in any language.
    pub fn is_weapon_type(&self, text: &str) -> bool {
        self.is_word_of("weapon_type", text)
    }

    /// Whether a text means one kind of weapon in every language that has the word, and not just another one.
    pub fn is_one_weapon_type(&self, text: &str) -> bool {
        let value = self.words_of("weapon_type").and_then(|words| words.value_of(text.trim()));
        value.is_some_and(|value| value != OTHER)
    }

    /// Whether a text is a name of a maker.
    pub fn is_make(&self, text: &str) -> bool {
        self.is_word_of("make", text)
    }

    /// Whether a header says that its column counts pieces.
    pub fn is_quantity(&self, header: &str) -> bool {
        self.is_word_of("quantity", header)
    }

    /// Whether a text is a name of a country. Short ones are codes, and other words too (`SI`, `NO`).
    pub fn is_country(&self, text: &str) -> bool {
        (text.trim().len() > CODE || !text.is_ascii()) && self.is_word_of("country", text)
    }

    /// Whether a text may be the code of a country: it says neither that its column is one of countries nor that it is not.
    pub fn is_country_code(&self, text: &str) -> bool {
        !self.is_country(text) && self.is_word_of("country", text)
    }

    /// Whether a column of that header holds personal data.
    pub fn is_personal(&self, header: &str) -> bool {
        self.is_word_of(PERSONAL, header)
    }

    /// Whether a column of that header holds the names of persons.
    pub fn is_name_of_person(&self, header: &str) -> bool {
        self.words_of(PERSONAL).and_then(|words| words.value_of(header.trim())) == Some("name")
    }

    fn is_word_of(&self, vocabulary: &str, text: &str) -> bool {
        self.words_of(vocabulary).is_some_and(|words| words.lookup(text.trim(), None) != Lookup::Unknown)
    }

    fn words_of(&self, vocabulary: &str) -> Option<&Vocabulary> {
        self.words.iter().find(|words| words.stored().id == vocabulary)
    }

    /// Whether a text as a whole says that its line does not count.
    pub fn is_cancelled(&self, text: &str) -> bool {
        let is_word = text.chars().any(char::is_alphabetic);
        let value = is_word.then(|| self.furniture.value_of(text.trim())).flatten();
        value.and_then(SkipClass::from_name) == Some(SkipClass::Cancelled)
    }

    /// Whether a text begins with the word for a line that does not count, and does not go on with the paper that was
    /// cancelled: `cancelled - entered twice`, but not `cancelled licence no 3`.
    pub fn begins_cancelled(&self, text: &str) -> bool {
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_word = |words: &[&str]| self.is_cancelled(&words.join(" "));
        let Some(count) = (1..=words.len()).rev().find(|&count| is_word(&words[..count])) else {
            return false;
        };
        let is_aside = words[count - 1].ends_with(|c: char| !c.is_alphanumeric());
        let is_paper = |word: &&str| {
            let value = self.words_of(EVENT_WORD).and_then(|words| words.value_of(word));
            value == Some(DOCUMENT)
        };
        is_aside || !words.get(count).is_some_and(is_paper)
    }

    /// Whether a text is the number of a page: `Page 2 of 12`, `Стр. 11`, `第18页`, `- 4 -`.
    pub fn is_page_number(&self, text: &str) -> bool {
        let text = text.trim();
        let is_number = |c: char| c.is_numeric();
        if let Some(number) =
            text.strip_prefix(['-', '–', '—']).and_then(|text| text.strip_suffix(['-', '–', '—']))
        {
            return !number.trim().is_empty() && number.trim().chars().all(is_number);
        }
        let words: Vec<&str> = text.split(is_number).map(str::trim).filter(|word| !word.is_empty()).collect();
        let numbers = text.split(|c| !is_number(c)).filter(|number| !number.is_empty()).count();
        let is_page = |word: &str| self.headers.matches(word).iter().any(|found| found.field == Field::Page);
        let is_short = |word: &&str| word.chars().count() <= BETWEEN_NUMBERS;
        match words[..] {
            // With a colon it says on which page the rows below stand.
            [word, ref between @ ..]
                if text.starts_with(word) && is_page(word) && !word.ends_with([':', '：']) =>
            {
                numbers == between.len() + 1 && between.len() <= 1 && between.iter().all(is_short)
            }
            ["第", word] => numbers == 1 && text.ends_with(word) && is_page(word),
            _ => false,
        }
    }

    /// Every word that is known, as it is written.
    pub fn written_words(&self) -> impl Iterator<Item = &str> {
        let stored = self.headers.stored().map_or("", |stored| stored.content.as_str());
        let headers = stored.lines().filter_map(|line| line.split('\t').nth(2));
        // Names of makers are written alike in every encoding that has their letters.
        let is_of_cells = |id: &str| !matches!(id, "make" | PERSONAL | EVENT_WORD);
        let cells = self.words.iter().filter(move |words| is_of_cells(words.stored().id.as_str()));
        let vocabularies = cells.chain([self.furniture]);
        let words = vocabularies.flat_map(Vocabulary::rows).map(|row| row.word.as_str());
        headers.chain(words).chain(self.ditto.iter().map(String::as_str))
    }

    /// What a row of so many values at most is, by its first words, if it is no record.
    pub fn furniture_class(&self, cells: &Cells, most: usize) -> Option<SkipClass> {
        let values = || cells.iter().filter(|cell| !cell.is_blank());
        if values().nth(most).is_some() {
            return None;
        }
        let first = values().find(|cell| cell.kind == CellKind::Text)?;
        let class = |text| self.furniture.prefix_value(text).and_then(SkipClass::from_name);
        // `18 weapons in total`
        let counted = first.text.trim_start().trim_start_matches(char::is_numeric);
        let is_counted = counted.len() < first.text.trim_start().len();
        let sum = || class(counted).filter(|class| *class == SkipClass::Subtotal);
        class(first.text).or_else(|| is_counted.then(sum).flatten())
    }

    /// Whether a text begins or ends with the word of a sum.
    pub fn names_sum(&self, text: &str) -> bool {
        let last = text.split_whitespace().next_back();
        let mut classes = [Some(text), last]
            .into_iter()
            .flatten()
            .filter_map(|text| self.furniture.prefix_value(text).and_then(SkipClass::from_name));
        classes.any(|class| matches!(class, SkipClass::Subtotal | SkipClass::CarriedForward))
    }

    /// What a row of several values is, where each of them is a word of the same kind of furniture and nothing more:
    /// `Prepared by … Approved by`.
    pub fn furniture_throughout(&self, cells: &Cells) -> Option<SkipClass> {
        let mut classes = cells.iter().filter(|cell| !cell.is_blank()).map(|cell| {
            let value = (cell.kind == CellKind::Text).then(|| self.furniture.value_of(cell.text)).flatten();
            value.and_then(SkipClass::from_name)
        });
        let (first, second) = (classes.next()??, classes.next()?);
        (second == Some(first) && classes.all(|class| class == Some(first))).then_some(first)
    }

    /// Whether the profile keeps rows by the column of that header.
    pub fn keeps_by(&self, header: &str) -> bool {
        let keep = &self.profile.rows.keep;
        !keep.is_empty() && keep.keys().any(|named| fold(named) == fold(header))
    }

    /// Whether a text is a header word, known or declared.
    pub fn is_header_word(&self, text: &str) -> bool {
        self.profile.column_field(text).is_some()
            || self.serial_part(text).is_some()
            || !self.headers.matches(text).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_compares_as_any_other() {
        for (text, is_short) in [
            ("FN", true),
            ("Do.", true),
            ("-//-", true),
            ("\"", false),
            ("Ж", false),
            (&"x".repeat(33), false),
        ] {
            let mut buffer = [0; SHORT];
            let found = in_lower_case(text, &mut buffer);
            assert_eq!(found.is_some(), is_short, "{text}");
            assert!(found.is_none_or(|small| small == plain_quotes(text)), "{text}");
        }
    }
}
