//! The rows below a header: records, and what stands between them.

use std::borrow::Cow;
use std::sync::Arc;

use matricule_record::{Cells, Code, Field, Finding, Ledger, LedgerRow, SkipClass, Source, Text};
use matricule_text::fold;

use super::ditto::Above;
use super::markers::Markers;
use super::second_header::{Again, SecondHeader};

/// A row with more values than this is a record, whatever it begins with.
const FURNITURE_CELLS: usize = 3;

/// A sheet whose columns are known.
pub(crate) struct Table {
    ledger: Arc<Ledger>,
    above: Above,
    serial: Option<usize>,
    /// The columns that say which weapon it is, besides the serial.
    described: Vec<usize>,
    headers: SecondHeader,
    /// The row of the header of another table, below which the columns mean something else.
    other_header: Option<u32>,
    keep: Vec<(usize, Vec<String>)>,
}

/// What a row turns out to be.
pub(crate) enum Told {
    /// No record.
    Skip(SkipClass),
    /// It cannot be read by the sheet's header.
    Refuse(Finding),
    /// A record: what its ditto marks mean, and those that mean nothing.
    Record(Vec<(usize, Text)>, Vec<Finding>),
}

impl Table {
    /// Whether a row has a serial where this table has them, with a digit in it, and two values more.
    pub fn is_record_like(&self, cells: &Cells) -> bool {
        let Some(serial) = self.ledger.column_of(Field::Serial) else { return false };
        let has_serial = cells.get(serial).text.chars().any(char::is_numeric);
        has_serial && cells.iter().filter(|cell| !cell.is_blank()).count() > 2
    }

    /// For a sheet whose header stands in a row.
    pub fn new(ledger: Arc<Ledger>, header_row: u32, markers: &Markers<'_>) -> Self {
        let described = [Field::Make, Field::WeaponType, Field::Model];
        Self {
            above: Above::new(&ledger),
            serial: ledger.column_of(Field::Serial),
            described: described.into_iter().filter_map(|field| ledger.column_of(field)).collect(),
            headers: SecondHeader::new(ledger.clone(), header_row),
            other_header: None,
            keep: kept_values(&ledger, markers),
            ledger,
        }
    }

    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    /// Makes the next ditto mark stand below nothing: the row above it could not be read.
    pub fn forget_above(&mut self) {
        self.above.forget();
    }

    /// Tells what the next row is, and what it makes of the rows below it.
    pub fn tell(&mut self, row: u32, cells: &Cells, markers: &Markers<'_>) -> Told {
        match self.headers.look(row, cells, markers) {
            Some(Again::Same) => {
                self.other_header = None;
                return Told::Skip(SkipClass::RepeatHeader);
            }
            Some(Again::Other) => {
                self.other_header = Some(row);
                self.above.forget();
                return Told::Skip(SkipClass::Header);
            }
            None => {}
        }
        if let Some(header) = self.other_header {
            let class = markers.furniture_class(cells, FURNITURE_CELLS - 1);
            return class.map_or_else(|| Told::Refuse(under_another_header(header)), Told::Skip);
        }
        self.tell_body(cells, markers)
    }

    fn tell_body(&mut self, cells: &Cells, markers: &Markers<'_>) -> Told {
        let carried = self.above.resolve(cells, markers);
        let class = self.class_of(&meant(cells, &carried.values), markers);
        if class.is_none_or(|class| stands_above(class, cells)) {
            self.above.remember(cells, &carried);
        }
        if let Some(class) = class {
            return Told::Skip(class);
        }
        let has_field = |(column, _): &(usize, Text)| self.ledger.columns[*column].field.is_some();
        Told::Record(carried.values.into_iter().filter(has_field).collect(), carried.findings)
    }

    /// What a row is, if it is no record, by the values that it means.
    fn class_of(&self, values: &Cells, markers: &Markers<'_>) -> Option<SkipClass> {
        self.furniture(values, markers).or_else(|| self.is_dropped(values).then_some(SkipClass::NotAWeapon))
    }

    /// What a row with few values is, by its first words. A row with a make, a type or a model is a
    /// record whatever it begins with; the number of a sum may stand below any of them. Where the
    /// serial's column is the first one, a `Total 30` stands in it: then the row may hold one more
    /// value at most.
    fn furniture(&self, cells: &Cells, markers: &Markers<'_>) -> Option<SkipClass> {
        let described = || self.described.iter().map(|&column| cells.get(column).text);
        if described().any(|text| text.chars().any(char::is_alphabetic)) {
            return markers.furniture_class(cells, 1);
        }
        let class = self.furniture_by_place(cells, markers)?;
        let is_sum = matches!(class, SkipClass::Subtotal | SkipClass::CarriedForward);
        (is_sum || described().all(|text| text.trim().is_empty())).then_some(class)
    }

    fn furniture_by_place(&self, cells: &Cells, markers: &Markers<'_>) -> Option<SkipClass> {
        let serial = self.serial.filter(|&column| !cells.get(column).is_blank());
        match serial {
            None => markers.furniture_class(cells, FURNITURE_CELLS),
            Some(column) if (0..column).all(|before| cells.get(before).is_blank()) => {
                markers.furniture_class(cells, FURNITURE_CELLS - 1)
            }
            Some(_) => None,
        }
    }

    /// Whether the profile's `[rows] keep` drops a row: the value under each header it names has
    /// to be one of those it lists. A header that the sheet lacks asks nothing.
    fn is_dropped(&self, cells: &Cells) -> bool {
        self.keep.iter().any(|(column, values)| !values.contains(&fold(cells.get(*column).text)))
    }

    /// A row that is a record.
    pub fn record(
        &self,
        row: u32,
        cells: Cells,
        carried: Vec<(usize, Text)>,
        mut findings: Vec<Finding>,
    ) -> LedgerRow {
        findings.extend(self.surplus(&cells));
        LedgerRow { source: Source { ledger: self.ledger.clone(), row }, cells, carried, findings }
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

/// The cells with what their ditto marks mean.
fn meant<'a>(cells: &'a Cells, carried: &[(usize, Text)]) -> Cow<'a, Cells> {
    if carried.is_empty() {
        return Cow::Borrowed(cells);
    }
    let mut values = Cells::with_capacity(cells.len(), 0);
    for (at, cell) in cells.iter().enumerate() {
        let value = carried.iter().find(|(column, _)| *column == at);
        values.push(cell.kind, value.map_or(cell.text, |(_, value)| value));
    }
    Cow::Owned(values)
}

/// Whether a skipped row is what the ditto marks below it mean: on paper it is the row above. The
/// mere word that a line is cancelled says nothing that could be repeated.
fn stands_above(class: SkipClass, cells: &Cells) -> bool {
    match class {
        SkipClass::NotAWeapon => true,
        SkipClass::Cancelled | SkipClass::Group => cells.iter().filter(|cell| !cell.is_blank()).count() > 1,
        _ => false,
    }
}

fn under_another_header(row: u32) -> Finding {
    let message =
        format!("the row stands under another header (row {row}) than the one the sheet is read by");
    Finding::new(Code::I112, message).suggest(
        "Move that header and the rows below it to a sheet or file of their own, or give them the columns of the \
         first header.",
    )
}

/// The columns that `[rows] keep` names, with the values that it keeps in comparable form.
fn kept_values(ledger: &Ledger, markers: &Markers<'_>) -> Vec<(usize, Vec<String>)> {
    let keep = markers.profile.rows.keep.iter().filter_map(|(header, values)| {
        let column = ledger.columns.iter().position(|column| fold(&column.header) == fold(header))?;
        Some((column, values.iter().map(|value| fold(value)).collect()))
    });
    keep.collect()
}
