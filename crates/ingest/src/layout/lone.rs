//! A value alone where serials stand, in a table whose rows are numbered: a sum, a date, or the rest of the serial
//! above. Nothing in the row says which, so it is never a weapon.

use matricule_record::{Cells, Code, Field, Finding, Ledger, message};

use crate::sheet_row::SheetRow;

/// The watch for such rows.
#[derive(Default)]
pub(crate) struct Lone {
    serial: Option<usize>,
    line: Option<usize>,
    /// Records since the table began, and since the last row that was none.
    records: [u64; 2],
    /// Whether all of them were numbered.
    is_numbered: bool,
    against_last: Option<Finding>,
}

impl Lone {
    pub fn new(ledger: &Ledger) -> Self {
        let (serial, line) = (ledger.column_of(Field::Serial), ledger.column_of(Field::Line));
        Self { serial, line, is_numbered: true, ..Self::default() }
    }

    /// Notes a record.
    pub fn record(&mut self, cells: &Cells) {
        let has_serial = self.serial.is_some_and(|serial| !cells.get(serial).is_blank());
        if has_serial && self.alone(cells).is_none() {
            self.records = self.records.map(|count| count + 1);
            self.is_numbered &= self.line.is_some_and(|line| !cells.get(line).is_blank());
        }
    }

    /// Notes a row that is no record.
    pub fn pass(&mut self) {
        self.records[1] = 0;
    }

    /// Why a row is hardly a weapon. Directly below a record it may be the rest of that one's serial, unless it counts
    /// the records.
    pub fn finding(&mut self, row: &SheetRow, last_record: u32) -> Option<Finding> {
        let text = self.alone(&row.cells).filter(|_| self.is_numbered && self.records[0] > 0)?;
        let serial = self.serial?;
        let refused = |message| Finding::new(Code::I113, message).at(Some(Field::Serial), Some(serial), text);
        let counts = self.records.iter().any(|count| text.parse() == Ok(*count));
        let is_rest = last_record + 1 == row.row && text.chars().all(char::is_alphanumeric) && !counts;
        self.against_last = is_rest.then(|| {
            let message = message!("i113-goes-on", row = row.row, text = text);
            let finding = Finding::new(Code::I113, message).at(Some(Field::Serial), Some(serial), "");
            finding.suggest(message!("i113-goes-on-repair"))
        });
        Some(refused(message!("i113-lone", text = text)).suggest(message!("i113-lone-repair")))
    }

    /// What the last row says against the record above it, once.
    pub fn against_last(&mut self) -> Option<Finding> {
        self.against_last.take()
    }

    /// The only value of a row, where it is in the column of serials.
    fn alone<'a>(&self, cells: &'a Cells) -> Option<&'a str> {
        let mut values = cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
        let ((at, cell), None) = (values.next()?, values.next()) else { return None };
        (self.serial == Some(at)).then(|| cell.text.trim())
    }
}
