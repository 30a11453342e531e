//! What stands above rows and holds for them: groups, headings without a word for what they are, and the header of
//! another table.

use std::sync::Arc;

use matricule_record::{Code, Column, Field, Finding, Ledger, Text, message};

use super::super::columns::HeaderReading;
use super::super::ditto::Above;
use super::super::groups::Group;
use super::super::markers::Markers;
use super::super::shape::few_values;
use super::Table;
use crate::sheet_row::SheetRow;

impl Table {
    /// Begins another table in the same sheet.
    pub(super) fn begin(&mut self, reading: HeaderReading, row: &SheetRow, markers: &Markers<'_>) {
        let mut repeated = std::mem::take(&mut self.repeated);
        repeated.forget_header();
        let mut ledger = Ledger::clone(&self.ledger);
        let [used, unused] = self.groups.by_use();
        let group = |(column, value): &(usize, Text)| {
            let column = ledger.columns.get(*column)?;
            Some(Group { word: column.header.to_string(), field: column.field?, value: value.clone() })
        };
        let used: Vec<Group> = used.iter().filter_map(group).chain(self.left.drain(..)).collect();
        let unused: Vec<Group> = unused.iter().filter_map(group).collect();
        ledger.columns = reading.columns;
        *self = Self::new(Arc::new(ledger), row.row, markers);
        self.left = used.into_iter().filter(|group| self.ledger.column_of(group.field).is_none()).collect();
        for group in unused {
            self.open_group(group);
        }
        self.repeated = repeated;
        self.headers_met = self.ledger.columns.iter().map(|column| column.header.to_string()).collect();
    }

    /// Whether a text below the last record is more than a value: three words, a colon at its end, or
    /// a line to sign on. Where serials stand it may be a phrase for one, and a number beside a kind of weapon may
    /// be one.
    pub(super) fn is_closing(&self, row: &SheetRow, markers: &Markers<'_>) -> bool {
        row.cells.iter().enumerate().filter(|(at, _)| self.furniture.serial != Some(*at)).any(|(_, cell)| {
            let text = cell.text.trim();
            let names_weapon = || text.split_whitespace().any(|word| markers.is_weapon_type(word));
            let may_be_weapon = text.chars().any(char::is_numeric) && names_weapon();
            let is_more =
                text.split_whitespace().count() >= 3 || text.ends_with([':', '：']) || text.contains("__");
            is_more && !may_be_weapon
        })
    }

    /// Whether the rows below a heading have no value of a field, and the profile gives them none.
    pub(super) fn lacks(&self, field: Field, below: &SheetRow, markers: &Markers<'_>) -> bool {
        let column = self.ledger.column_of(field);
        column.is_none_or(|column| below.cells.get(column).is_blank())
            && !markers.profile.constants.contains_key(field.name())
    }

    /// Whether a text alone, where the rows are numbered or nothing is known to stand, is the type or the make which
    /// the record below it lacks.
    pub(super) fn names_group(&self, row: &SheetRow, below: &SheetRow, markers: &Markers<'_>) -> bool {
        let Some((column, true)) = few_values(&row.cells) else { return false };
        let field = self.ledger.columns.get(column).and_then(|column| column.field);
        let text = row.cells.get(column).text;
        let says = |field, is_value: bool| is_value && self.lacks(field, below, markers);
        field.is_none_or(|field| field == Field::Line)
            && self.is_record_like(&below.cells)
            && (says(Field::WeaponType, markers.is_weapon_type(text))
                || says(Field::Make, markers.is_make(text)))
    }

    /// A heading without a word for what it is: the type or the make of the rows below, where they lack it. Types are
    /// a closed vocabulary, so that any other text is refused there; a text that is no known make may be one.
    pub(super) fn open_heading(&mut self, heading: &str, below: &SheetRow, markers: &Markers<'_>) {
        self.groups.close();
        let [serial, kind, make] =
            [Field::Serial, Field::WeaponType, Field::Make].map(|field| self.lacks(field, below, markers));
        let is_kind = markers.is_weapon_type(heading);
        let field = match (kind, make) {
            _ if serial => None,
            (true, _) if is_kind => Some(Field::WeaponType),
            (_, true) if markers.is_make(heading) => Some(Field::Make),
            (true, false) => Some(Field::WeaponType),
            _ => None,
        };
        match field {
            Some(field) => {
                self.open_group(Group { word: String::new(), field, value: heading.trim().into() });
            }
            None if make && !serial && !is_kind => self.groups.doubt(heading.trim().into()),
            None => {}
        }
    }

    /// Why a row may lack what stands above it.
    pub(super) fn unsaid(&self) -> Option<Finding> {
        if let Some(heading) = self.groups.doubtful() {
            let message = message!("i111-heading", heading = heading);
            return Some(Finding::new(Code::I111, message).suggest(message!("i111-heading-repair")));
        }
        let Group { word, field, value } = self.left.first()?;
        let message = message!("i111-left-above", value = value, field = field);
        let word = if word.is_empty() { field.name() } else { word };
        Some(Finding::new(Code::I111, message).suggest(message!(
            "i111-left-above-repair",
            word = word,
            value = value
        )))
    }

    pub(super) fn open_group(&mut self, group: Group) {
        let column = self.ledger.column_of(group.field).unwrap_or_else(|| {
            let ledger = Arc::make_mut(&mut self.ledger);
            ledger.columns.push(Column {
                header: group.word.as_str().into(),
                field: Some(group.field),
                ..Column::default()
            });
            self.above = Above::new(&self.ledger);
            self.ledger.columns.len() - 1
        });
        self.above.forget_column(column);
        self.left.retain(|left| left.field != group.field);
        self.groups.open(column, group.value);
    }
}
