//! Columns of several fields at once, such as `Type & Make`. No field is read from one, so a make that a group row,
//! a merged cell or the row above carries down would stand beside what the row itself says in such a column.

use matricule_record::{Code, Field, Finding, Ledger, Text, message};
use matricule_text::fold;

use super::columns::HeaderReading;
use super::markers::Markers;
use crate::sheet_row::SheetRow;

/// Signs between the names of two fields.
const SIGNS: [char; 10] = ['&', '/', '+', ',', ';', '(', ')', '\n', '、', '،'];

/// The columns without a field whose header names some, each with those.
#[derive(Default)]
pub(crate) struct Joint {
    columns: Vec<(usize, Vec<Field>)>,
}

impl Joint {
    /// Looks through the headers of a sheet.
    pub fn new(ledger: &Ledger, markers: &Markers<'_>) -> Self {
        let columns = ledger.columns.iter().enumerate().filter(|(_, column)| column.field.is_none());
        let named = |(at, header): (usize, &str)| {
            let parts = header.split(SIGNS).map(str::trim).filter(|part| *part != header.trim());
            let found = parts.flat_map(|part| markers.headers.matches(part).into_owned());
            let fields: Vec<Field> = found.map(|found| found.field).collect();
            (!fields.is_empty()).then_some((at, fields))
        };
        Self { columns: columns.filter_map(|(at, column)| named((at, &column.header))).collect() }
    }

    /// Why a row cannot take a value that is carried down to its blank cell: a cell of its own has to say what
    /// the field is, and does not say the same.
    pub fn finding(&self, row: &SheetRow, carried: &[(usize, Text)], ledger: &Ledger) -> Option<Finding> {
        let is_blank = |at: usize| row.cells.get(at).is_blank();
        carried.iter().filter(|(at, _)| is_blank(*at)).find_map(|(at, text)| {
            let field = ledger.columns.get(*at)?.field?;
            let own = |(at, fields): &&(usize, Vec<Field>)| fields.contains(&field) && !is_blank(*at);
            let (column, _) =
                self.columns.iter().filter(own).find(|(at, _)| !says(row.cells.get(*at).text, text))?;
            let header = &ledger.columns[*column].header;
            let message = message!("i111-carried", value = text.trim(), field = field, header = header);
            let own = row.cells.get(*column).text;
            let finding = Finding::new(Code::I111, message).at(Some(field), Some(*column), own);
            Some(finding.suggest(message!("i111-carried-repair")))
        })
    }
}

/// Why a table cannot be read: one column has type and calibre together, and neither has a column of its own, so that
/// both would be said not to be recorded.
pub(crate) fn undivided(reading: &HeaderReading, markers: &Markers<'_>) -> Option<Finding> {
    let (kind, calibre) = (Field::WeaponType, Field::Calibre);
    let is_told = |field: Field| reading.has(field) || markers.profile.constants.contains_key(field.name());
    let is_pair = |at: &usize| {
        let word = &reading.headings[*at].word;
        reading.columns[*at].field.is_none()
            && reading.is_free(*at, markers)
            && (markers.headers.is_pair(word, kind, calibre) || markers.headers.is_pair(word, calibre, kind))
    };
    let at = (0..reading.columns.len()).find(|at| !is_told(kind) && !is_told(calibre) && is_pair(at))?;
    let header = &reading.columns[at].header;
    let message = message!("i111-undivided", header = header, first = kind, second = calibre);
    let finding = Finding::new(Code::I111, message).at(None, Some(at), "");
    Some(finding.suggest(message!("i111-undivided-repair", header = header)))
}

/// Whether a text has a value in it, word for word.
fn says(text: &str, value: &str) -> bool {
    let words = |text: &str| {
        let words: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).map(fold).collect();
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>()
    };
    let (text, value) = (words(text), words(value));
    !value.is_empty() && text.windows(value.len()).any(|part| part == value)
}
