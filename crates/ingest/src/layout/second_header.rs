//! Headers below the header: the same one on a later page, its second line in another language, or
//! that of another table, whose rows must not be read by the columns of the first.

use std::collections::HashMap;
use std::sync::Arc;

use matricule_record::{Cells, Column, Field, Ledger};
use matricule_text::fold;

use super::columns::read_header;
use super::markers::Markers;

/// Texts that are remembered to be words of a header or not.
const REMEMBERED: usize = 1 << 14;
/// No header word is longer, in bytes.
const WORD_BYTES: usize = 200;

/// A header below the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// It gives the columns the same meaning.
    Same,
    /// It gives them another.
    Other,
}

/// The watch for headers below the header.
pub(crate) struct SecondHeader {
    ledger: Arc<Ledger>,
    /// The column by which the same words are recognised: the serial's, or the first named.
    tell_tale: usize,
    /// The row of the header, or of the last like it.
    header_row: u32,
    words: HashMap<String, bool>,
    words_with_digits: usize,
}

impl SecondHeader {
    pub fn new(ledger: Arc<Ledger>, header_row: u32) -> Self {
        let named = |column: &&Column| !column.header.is_empty();
        let first = ledger.columns.iter().position(|column| !column.header.is_empty()).unwrap_or(0);
        let tell_tale = ledger.column_of(Field::Serial).unwrap_or(first);
        let own = ledger.columns.iter().filter(named).map(|column| (column.header.to_string(), true));
        let words = own.collect();
        let words_with_digits = ledger.columns.iter().filter(|column| has_digit(&column.header)).count();
        Self { ledger, tell_tale, header_row, words, words_with_digits }
    }

    /// What a row is, if it is a header.
    pub fn look(&mut self, row: u32, cells: &Cells, markers: &Markers<'_>) -> Option<Again> {
        if self.is_equal(cells) {
            return Some(Again::Same);
        }
        self.read(row, cells, markers).or_else(|| self.numbers_again(cells).then_some(Again::Other))
    }

    /// Whether a row has the very word where the rows are numbered that the header has there, and words alone: the
    /// header of a table of something else, such as those who sign.
    fn numbers_again(&self, cells: &Cells) -> bool {
        let Some(line) = self.ledger.column_of(Field::Line) else { return false };
        let word = cells.get(line).text.trim();
        !word.is_empty()
            && word == self.ledger.columns[line].header
            && cells.iter().filter(|cell| !cell.is_blank()).count() > 2
            && cells.iter().all(|cell| !has_digit(cell.text))
    }

    /// Notes that a row was the header, or a line of it.
    pub fn met(&mut self, row: u32) {
        self.header_row = row;
    }

    /// A row is a header when at least half of its values are header words, of two fields or more.
    /// Words of which none tells weapons apart (`Page 3 Date 1987`) have to be all that it holds.
    fn read(&mut self, row: u32, cells: &Cells, markers: &Markers<'_>) -> Option<Again> {
        let strangers = self.strangers(cells, markers)?;
        let language = self.ledger.settings.language.clone();
        let readings = [language.as_ref(), None].map(|language| read_header(cells, markers, language));
        let header = readings
            .iter()
            .any(|reading| reading.fields >= 2 && (strangers == 0 || reading.names_identity()));
        let below = row == self.header_row + 1;
        let same = readings.iter().any(|reading| is_same(&self.ledger.columns, &reading.columns, below));
        header.then_some(if same { Again::Same } else { Again::Other })
    }

    /// How many values of a row are no header words; `None` where those are more than half, or there
    /// is one value only.
    fn strangers(&mut self, cells: &Cells, markers: &Markers<'_>) -> Option<usize> {
        // Values with a digit are no words: nearly every row is decided by counting them.
        let (mut values, mut numbers) = (0, 0);
        for cell in cells.iter().filter(|cell| !cell.is_blank()) {
            values += 1;
            numbers += usize::from(has_digit(cell.text));
        }
        let allowed = values / 2;
        if allowed == 0 || numbers > allowed + self.words_with_digits {
            return None;
        }
        let mut strangers = 0;
        for text in cells.iter().map(|cell| cell.text.trim()).filter(|text| !text.is_empty()) {
            strangers += usize::from(!self.is_word(text, markers));
            if strangers > allowed {
                return None;
            }
        }
        Some(strangers)
    }

    /// Whether a text is a header of the sheet or a known header word.
    fn is_word(&mut self, text: &str, markers: &Markers<'_>) -> bool {
        if let Some(&known) = self.words.get(text) {
            return known;
        }
        let word = text.len() <= WORD_BYTES && !has_digit(text) && markers.is_header_word(text);
        if self.words.len() < REMEMBERED && text.len() <= WORD_BYTES {
            self.words.insert(text.to_owned(), word);
        }
        word
    }

    fn is_equal(&self, cells: &Cells) -> bool {
        let Some(column) = self.ledger.columns.get(self.tell_tale) else { return false };
        let text = cells.get(self.tell_tale).text.trim();
        let alike = text == column.header
            || (!text.is_empty() && !has_digit(text) && fold(text) == fold(&column.header));
        alike
            && (self.ledger.columns.len()..cells.len()).all(|at| cells.get(at).is_blank())
            && self.ledger.columns.iter().enumerate().all(|(at, column)| {
                let text = cells.get(at).text;
                text.trim() == column.header || fold(text) == fold(&column.header)
            })
    }
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether two columns without a field are called the same; a blank says nothing.
fn is_same_word(first: Option<&Column>, second: Option<&Column>) -> bool {
    let [first, second] =
        [first, second].map(|column| column.map_or(String::new(), |column| fold(&column.header)));
    first == second || first.is_empty() || second.is_empty()
}

/// Whether two headers give the columns the same meaning. Of one directly below the first nothing
/// more is asked than that it contradicts nowhere: one of two languages may lack a word.
fn is_same(first: &[Column], second: &[Column], below: bool) -> bool {
    let field = |columns: &[Column], at: usize| columns.get(at).and_then(|column| column.field);
    (0..first.len().max(second.len())).all(|at| match (field(first, at), field(second, at)) {
        (None, None) => below || is_same_word(first.get(at), second.get(at)),
        (Some(first), Some(second)) => first == second,
        _ => below,
    })
}
