//! Rows that are known by a word of theirs: totals, sums carried forward, notes, the foot of a page.
//! What a word may decide depends on where it stands.

use matricule_record::{Cells, Field, Ledger, SkipClass};

use super::markers::Markers;

/// A row with more values than this is a record, whatever it begins with.
pub(crate) const FURNITURE_CELLS: usize = 3;

/// The columns of a table, as far as they say what a word in them may mean.
pub(crate) struct Furniture {
    /// Where serials stand.
    pub serial: Option<usize>,
    /// The columns that say which weapon it is, besides the serial.
    described: Vec<usize>,
    /// The columns in which any word is said of a weapon.
    said: Vec<usize>,
}

impl Furniture {
    pub fn new(ledger: &Ledger) -> Self {
        let columns =
            |fields: [Field; 3]| fields.into_iter().filter_map(|field| ledger.column_of(field)).collect();
        Self {
            serial: ledger.column_of(Field::Serial),
            described: columns([Field::Make, Field::WeaponType, Field::Model]),
            said: columns([Field::Remarks, Field::Status, Field::Serial]),
        }
    }

    /// What a row with few values is, by its first words. A row with a make, a type or a model is a
    /// record whatever it begins with, unless the word of a sum is what stands there; the number of a
    /// sum may stand below any of them. Where the serial's column is the first one, a `Total 30` stands
    /// in it: then the row may hold one more value at most.
    pub fn class(&self, cells: &Cells, markers: &Markers<'_>) -> Option<SkipClass> {
        if let Some(sum) = self.lone_sum(cells, markers) {
            return Some(sum);
        }
        if let Some(class) = markers.furniture_throughout(cells).filter(|class| *class == SkipClass::Footer) {
            return Some(class);
        }
        let described = || self.described.iter().map(|&column| cells.get(column).text);
        if described().any(|text| text.chars().any(char::is_alphabetic)) {
            return markers.furniture_class(cells, 1);
        }
        let class = self.by_place(cells, markers)?;
        (is_sum(class) || described().all(is_open)).then_some(class)
    }

    /// A row of two values, the word of a sum and a number to the right of it, in whatever columns they
    /// stand: but a word among remarks is said of a weapon.
    fn lone_sum(&self, cells: &Cells, markers: &Markers<'_>) -> Option<SkipClass> {
        let mut values = cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
        let ((at, _), (_, number)) = (values.next()?, values.next()?);
        if values.next().is_some() || !is_amount(number.text) || self.said.contains(&at) {
            return None;
        }
        markers.furniture_class(cells, 2).filter(|class| is_sum(*class))
    }

    fn by_place(&self, cells: &Cells, markers: &Markers<'_>) -> Option<SkipClass> {
        let serial = self.serial.filter(|&column| !cells.get(column).is_blank());
        match serial {
            None => markers.furniture_class(cells, FURNITURE_CELLS),
            Some(column) if (0..column).all(|before| cells.get(before).is_blank()) => {
                markers.furniture_class(cells, FURNITURE_CELLS - 1)
            }
            Some(_) => None,
        }
    }
}

/// Whether a text is a number, or one with a word for what was counted: `30`, `30 pieces`.
fn is_amount(text: &str) -> bool {
    let is_number = |word: &str| word.chars().all(|c| c.is_numeric() || matches!(c, '.' | ','));
    let mut words = text.split_whitespace().skip_while(|word| is_number(word));
    let unit = words.next();
    let is_word = |word: &str| word.chars().all(|c| !c.is_numeric());
    let has_number = text.trim_start().starts_with(char::is_numeric);
    words.next().is_none() && unit.is_none_or(|unit| has_number && is_word(unit))
}

/// Whether a text says nothing, or is a line to sign on.
fn is_open(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || matches!(c, '_' | '.' | '…'))
}

fn is_sum(class: SkipClass) -> bool {
    matches!(class, SkipClass::Subtotal | SkipClass::CarriedForward)
}
