//! Rows that are hardly weapons in a table whose rows are numbered: those with a word where the number stands, and those
//! without a number that say little. They are sums, dates, signatures, examples, or the rest of the row above. Nothing in
//! the row says which, so it is never a weapon.

use matricule_record::{Code, Field, Finding, Ledger, message};

use super::markers::Markers;
use crate::sheet_row::SheetRow;

/// Letters of a word that is no ordinal.
const WORD: usize = 3;

/// The watch for such rows.
#[derive(Default)]
pub(crate) struct Lone {
    serial: Option<usize>,
    line: Option<usize>,
    /// Columns whose values are written once for the rows below.
    once: Vec<usize>,
    /// Records since the table began, and since the last row that was none.
    records: [u64; 2],
    /// Whether all of them were numbered, and with digits.
    is_numbered: bool,
    /// The fewest values of one of them.
    fewest: usize,
    /// The columns in which the last one breaks off within a word.
    broken: Vec<usize>,
    /// The word in the place of its number of a record that nothing numbered stands above yet.
    first_word: Option<String>,
    against_last: Option<Finding>,
}

impl Lone {
    pub fn new(ledger: &Ledger, once: &[usize]) -> Self {
        let (serial, line) = (ledger.column_of(Field::Serial), ledger.column_of(Field::Line));
        Self { serial, line, once: once.to_vec(), is_numbered: true, fewest: usize::MAX, ..Self::default() }
    }

    /// Notes a record.
    pub fn record(&mut self, row: &SheetRow) {
        let values = self.values(row);
        let has_serial = self.serial.is_some_and(|serial| !row.cells.get(serial).is_blank());
        if has_serial && values.len() > 1 {
            let word = self.line.map(|line| row.cells.get(line).text.trim()).filter(|word| is_word(word));
            self.first_word = word.filter(|_| self.records[0] == 0).map(str::to_owned);
            self.records = self.records.map(|count| count + 1);
            let is_number = |line: usize| values.contains(&line) && !is_word(row.cells.get(line).text);
            // A word where serials stand may be that of a sum; it is refused later.
            let is_serial =
                self.serial.is_some_and(|at| row.cells.get(at).text.chars().any(char::is_numeric));
            self.is_numbered &= !is_serial || self.line.is_some_and(is_number);
            self.fewest = self.fewest.min(values.len());
        }
        let breaks_off = |at: &usize| row.cells.get(*at).text.trim_end().ends_with(['-', '\u{ad}', '‐']);
        self.broken = values.into_iter().filter(breaks_off).collect();
    }

    /// Notes a row that is no record.
    pub fn pass(&mut self) {
        self.records[1] = 0;
    }

    /// Why a row is hardly a weapon. Directly below a record it may be the rest of that one, unless it counts the
    /// records.
    pub fn finding(&mut self, row: &SheetRow, last_record: u32, markers: &Markers<'_>) -> Option<Finding> {
        let line = self.line?;
        let number = row.cells.get(line).text.trim();
        if let Some(word) = self.first_word.take().filter(|_| number.chars().any(char::is_numeric)) {
            self.against_last = Some(no_number(line, &word));
            (self.records, self.is_numbered, self.fewest) = ([0; 2], true, usize::MAX);
        }
        if !self.is_numbered || self.records[0] == 0 {
            return None;
        }
        if is_word(number) && !markers.is_ditto(number) {
            return Some(no_number(line, number));
        }
        if !number.is_empty() {
            return None;
        }
        let values = self.values(row);
        let text_of = |at: &usize| row.cells.get(*at).text.trim();
        let says_one_thing = values.iter().all(|at| text_of(at) == text_of(&values[0]));
        let says_little = says_one_thing || values.len() * 2 <= self.fewest;
        let serial = self.serial.filter(|serial| values.contains(serial) && says_little)?;
        if values.contains(&line) {
            return None;
        }
        let text = row.cells.get(serial).text.trim();
        let counts = self.records.iter().any(|count| text.parse() == Ok(*count));
        let goes_on = values.len() == 1 || values.iter().any(|at| self.broken.contains(at));
        let is_rest = last_record + 1 == row.row && text.chars().all(char::is_alphanumeric) && !counts;
        self.against_last = (is_rest && goes_on).then(|| {
            let message = message!("i113-goes-on", row = row.row, text = text);
            let finding = Finding::new(Code::I113, message).at(Some(Field::Serial), Some(serial), "");
            finding.suggest(message!("i113-goes-on-repair"))
        });
        self.broken.clear();
        let finding = Finding::new(Code::I113, message!("i113-lone", text = text)).at(
            Some(Field::Serial),
            Some(serial),
            text,
        );
        Some(finding.suggest(message!("i113-lone-repair")))
    }

    /// What the last row says against the record above it, once.
    pub fn against_last(&mut self) -> Option<Finding> {
        self.against_last.take()
    }

    /// The columns that say something of a row, those under a cell merged from above and those that are written once
    /// for several rows among them.
    fn values(&self, row: &SheetRow) -> Vec<usize> {
        let mut all = Vec::with_capacity(row.cells.len() + row.spans.len() + self.once.len());
        all.extend((0..row.cells.len()).filter(|&at| !row.cells.get(at).is_blank()));
        let spans = row.spans.iter().filter(|span| span.top < row.row && !span.text.trim().is_empty());
        all.extend(spans.map(|span| span.first as usize));
        if !all.is_empty() {
            all.extend(&self.once);
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

fn no_number(line: usize, word: &str) -> Finding {
    let message = message!("i113-word", text = word);
    let finding = Finding::new(Code::I113, message).at(Some(Field::Line), Some(line), word);
    finding.suggest(message!("i113-word-repair"))
}

/// Whether a text where rows are numbered is a word, or one cut short (`e.g.`, `Ej.`): no digit, no ordinal in letters.
fn is_word(text: &str) -> bool {
    let is_roman = text.chars().all(|c| "IVXLCDMivxlcdm.)".contains(c));
    let is_cut_short = text.trim_end().ends_with('.');
    text.chars().filter(|c| c.is_alphabetic()).count() >= WORD - usize::from(is_cut_short)
        && !text.chars().any(char::is_numeric)
        && !is_roman
}
