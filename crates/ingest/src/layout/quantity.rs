//! A column that says how many. A serial is of one weapon: a row of two or more is a lot, or the end of a range, and the
//! numbers between are nowhere.

use matricule_record::{Code, Field, Finding, Ledger, message};
use matricule_text::fold;

use super::markers::Markers;
use crate::sheet_row::SheetRow;

/// Where a table says how many.
#[derive(Default)]
pub(crate) struct Quantity {
    column: Option<usize>,
    serial: Option<usize>,
}

impl Quantity {
    pub fn new(ledger: &Ledger, markers: &Markers<'_>) -> Self {
        let says = |header: &str| markers.is_quantity(header);
        let column = ledger.columns.iter().position(|column| column.field.is_none() && says(&column.header));
        Self { column, serial: ledger.column_of(Field::Serial) }
    }

    /// Why a row is not one weapon: of several without a serial, one would stand for all.
    pub fn finding(&self, row: &SheetRow) -> Option<Finding> {
        let (column, serial) = (self.column?, self.serial?);
        let text = row.cells.get(column).text.trim();
        let words = fold(text);
        let digits: String = words.chars().take_while(char::is_ascii_digit).collect();
        let is_several = digits.parse().is_ok_and(|number: u64| number > 1);
        let named = row.cells.get(serial).text.trim();
        let finding = || {
            let message = message!("i113-several", quantity = text, text = named);
            let finding = Finding::new(Code::I113, message).at(Some(Field::Serial), Some(serial), named);
            finding.suggest(message!("i113-several-repair"))
        };
        (is_several && !named.is_empty()).then(finding)
    }
}
