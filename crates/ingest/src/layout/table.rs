//! The rows below a header: records, and what stands between them.

use std::sync::Arc;

use matricule_record::{Cells, Code, Field, Finding, Ledger, LedgerRow, SkipClass, Source};
use matricule_text::fold;

use super::columns::read_header;
use super::ditto::Above;
use super::markers::Markers;

/// A row with more values than this is a record, whatever it begins with.
const FURNITURE_CELLS: usize = 3;

/// A sheet whose columns are known.
pub(crate) struct Table {
    ledger: Arc<Ledger>,
    above: Above,
    serial: Option<usize>,
    /// The column by which a repeated header is recognised: the serial's, or the first named.
    tell_tale: usize,
    keep: Vec<(usize, Vec<String>)>,
}

impl Table {
    pub fn new(ledger: Arc<Ledger>, markers: &Markers<'_>) -> Self {
        let serial = ledger.column_of(Field::Serial);
        let first = ledger.columns.iter().position(|column| !column.header.is_empty()).unwrap_or(0);
        let keep = kept_values(&ledger, markers);
        Self { above: Above::new(&ledger), serial, tell_tale: serial.unwrap_or(first), keep, ledger }
    }

    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    /// Makes the next ditto mark stand below nothing: the row above it could not be read.
    pub fn forget_above(&mut self) {
        self.above.forget();
    }

    /// What a row is, if it is no record.
    pub fn class_of(&self, cells: &Cells, markers: &Markers<'_>) -> Option<SkipClass> {
        if self.is_repeated_header(cells, markers) {
            return Some(SkipClass::RepeatHeader);
        }
        if let Some(class) = self.furniture(cells, markers) {
            return Some(class);
        }
        self.is_dropped(cells).then_some(SkipClass::NotAWeapon)
    }

    /// What a row with few values is, by its first words. Where the serial's column is the first
    /// one, a `Total 30` stands in it: then the row may hold one more value at most.
    fn furniture(&self, cells: &Cells, markers: &Markers<'_>) -> Option<SkipClass> {
        let serial = self.serial.filter(|&column| !cells.get(column).is_blank());
        match serial {
            None => markers.furniture_class(cells, FURNITURE_CELLS),
            Some(column) if (0..column).all(|before| cells.get(before).is_blank()) => {
                markers.furniture_class(cells, FURNITURE_CELLS - 1)
            }
            Some(_) => None,
        }
    }

    /// Whether a row is the header again: the same words, or other words for a serial and for
    /// another field (the second line of a bilingual header).
    fn is_repeated_header(&self, cells: &Cells, markers: &Markers<'_>) -> bool {
        let Some(column) = self.ledger.columns.get(self.tell_tale) else { return false };
        let text = cells.get(self.tell_tale).text.trim();
        if text == column.header {
            return self.equals_header(cells);
        }
        // Serials hold digits and headers do not: nearly every row is decided here.
        if text.is_empty() || text.bytes().any(|byte| byte.is_ascii_digit()) {
            return false;
        }
        (fold(text) == fold(&column.header) && self.equals_header(cells))
            || (markers.names_a_serial(text) && read_header(cells, markers, None).fields >= 2)
    }

    fn equals_header(&self, cells: &Cells) -> bool {
        self.ledger.columns.iter().enumerate().all(|(at, column)| {
            let text = cells.get(at).text;
            text.trim() == column.header || fold(text) == fold(&column.header)
        })
    }

    /// Whether the profile's `[rows] keep` drops a row: the value under each header it names has
    /// to be one of those it lists. A header that the sheet lacks asks nothing.
    fn is_dropped(&self, cells: &Cells) -> bool {
        self.keep.iter().any(|(column, values)| !values.contains(&fold(cells.get(*column).text)))
    }

    /// The row as a record.
    pub fn record(&mut self, row: u32, cells: Cells, markers: &Markers<'_>) -> LedgerRow {
        let carried = self.above.carry(&cells, markers);
        let mut findings = carried.findings;
        findings.extend(self.surplus(&cells));
        LedgerRow {
            source: Source { ledger: self.ledger.clone(), row },
            cells,
            carried: carried.values,
            findings,
        }
    }

    /// A value to the right of the header.
    fn surplus(&self, cells: &Cells) -> Option<Finding> {
        let columns = self.ledger.columns.len();
        let column = (columns..cells.len()).find(|&column| !cells.get(column).is_blank())?;
        let message =
            format!("there is a value in column {} under a header of {columns} columns", column + 1);
        let finding = Finding::new(Code::I108, message).at(None, Some(column), cells.get(column).text);
        Some(finding.suggest("Check whether a delimiter or a line break splits one of the cells."))
    }
}

/// The columns that `[rows] keep` names, with the values that it keeps in comparable form.
fn kept_values(ledger: &Ledger, markers: &Markers<'_>) -> Vec<(usize, Vec<String>)> {
    let keep = markers.profile.rows.keep.iter().filter_map(|(header, values)| {
        let column = ledger.columns.iter().position(|column| fold(&column.header) == fold(header))?;
        Some((column, values.iter().map(|value| fold(value)).collect()))
    });
    keep.collect()
}
