//! What stands above rows and holds for them: groups, headings without a word for what they are, and the header of
//! another table.

use std::sync::Arc;

use matricule_record::{Code, Column, Field, Finding, Ledger, Text, message};
use matricule_text::fold;

use super::super::columns::{HeaderReading, IDENTITY};
use super::super::ditto::Above;
use super::super::groups::Group;
use super::super::markers::Markers;
use super::super::numbers::counted_instead;
use super::super::shape::few_values;
use super::Table;
use crate::sheet_row::SheetRow;

/// Words that the name of a kind or of a maker has at most.
const HEADING_WORDS: usize = 4;

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
        self.counting = Some(1);
        self.look_beside(row);
        let is_left =
            |group: &Group| IDENTITY.contains(&group.field) && self.ledger.column_of(group.field).is_none();
        self.left = used.into_iter().filter(is_left).collect();
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

    /// Whether a text alone, where the rows are numbered, serials stand or nothing is known to stand, is the type or the
    /// make which the record below it lacks.
    pub(super) fn names_group(&self, row: &SheetRow, below: &SheetRow, markers: &Markers<'_>) -> bool {
        let Some((column, true)) = few_values(&row.cells) else { return false };
        let field = self.ledger.columns.get(column).and_then(|column| column.field);
        let text = without_count(row.cells.get(column).text);
        let says = |field, is_value: bool| is_value && self.lacks(field, below, markers);
        field.is_none_or(|field| matches!(field, Field::Line | Field::Serial))
            && self.is_record_like(&below.cells)
            && (says(Field::WeaponType, markers.is_weapon_type(text))
                || says(Field::Make, markers.is_make(text)))
    }

    /// A heading without a word for what it is: the type or the make of the rows below, where they lack it. Types are
    /// a closed vocabulary, so that any other text is refused there; a text that is no known make may be one.
    pub(super) fn open_heading(&mut self, heading: &str, below: &SheetRow, markers: &Markers<'_>) {
        let heading = without_count(heading);
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
            None => self.groups.close(),
        }
    }

    /// Takes the name of the sheet, as a heading above its table: a type, where no column and no profile says one.
    pub fn name_sheet(&mut self, name: &str, markers: &Markers<'_>) {
        let field = Field::WeaponType;
        let is_told =
            self.ledger.column_of(field).is_some() || markers.profile.constants.contains_key(field.name());
        if !is_told && markers.is_one_weapon_type(name) {
            self.open_group(Group { word: String::new(), field, value: name.trim().into() });
        }
    }

    /// Notes a text alone that nobody understands, where a record below it lacks what it may say.
    pub(super) fn doubt_heading(&mut self, row: &SheetRow, below: Option<&SheetRow>, markers: &Markers<'_>) {
        self.groups.close();
        let (Some(below), Some((column, true))) = (below, few_values(&row.cells)) else { return };
        let text = row.cells.get(column).text.trim();
        let is_name = text.split_whitespace().count() <= HEADING_WORDS && !text.chars().any(char::is_numeric);
        let is_open = |field| self.ledger.column_of(field).is_some() && self.lacks(field, below, markers);
        let lacks = is_open(Field::Make) || is_open(Field::WeaponType);
        if is_name && lacks && self.is_record_like(&below.cells) {
            self.groups.doubt(text.into());
        }
    }

    /// Notes the columns that the heading of the serials lies over.
    pub(super) fn look_beside(&mut self, header: &SheetRow) {
        let serial = self.ledger.column_of(Field::Serial).map(|at| at as u32);
        let over = header.spans.iter().filter(|span| span.top == header.row && Some(span.first) == serial);
        let is_open = |at: &usize| {
            let column = self.ledger.columns.get(*at);
            column.is_none_or(|column| column.field.is_none() && column.header.is_empty())
        };
        let columns = over.flat_map(|span| span.first as usize + 1..=span.last as usize);
        self.beside = columns.filter(is_open).collect();
    }

    /// Why a row may have several serials, or one in pieces.
    pub(super) fn beside(&self, row: &SheetRow) -> Option<Finding> {
        let column = *self.beside.iter().find(|at| !row.cells.get(**at).is_blank())?;
        let text = row.cells.get(column).text;
        let finding =
            Finding::new(Code::I111, message!("i111-beside")).at(Some(Field::Serial), Some(column), text);
        Some(finding.suggest(message!("i111-beside-repair")))
    }

    /// Why the serial of a row of a later table may be its running number: those down to it count from 1, and a column
    /// without a meaning has a number, too.
    pub(super) fn counted(&mut self, row: &SheetRow) -> Option<Finding> {
        let next = self.counting.take()?;
        let serial = self.ledger.column_of(Field::Serial)?;
        let has_number = |at: &usize| row.cells.get(*at).text.chars().any(char::is_numeric);
        let mut open = (0..self.width).filter(|&at| {
            self.ledger.columns[at].field.is_none() && !self.ledger.columns[at].header.is_empty()
        });
        let other = open.find(has_number).filter(|_| fold(row.cells.get(serial).text) == next.to_string())?;
        self.counting = Some(next + 1);
        let [counted, header] = [serial, other].map(|at| self.ledger.columns[at].header.as_str());
        Some(counted_instead(counted, header))
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
        self.groups.open(column, group.value, group.field == Field::Make);
    }
}

/// A heading without the number of what stands below it: `Revolvers (2)`.
fn without_count(heading: &str) -> &str {
    let heading = heading.trim();
    let counted = heading.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let is_number = |text: &str| !text.trim().is_empty() && text.trim().chars().all(char::is_numeric);
    counted.filter(|(_, count)| is_number(count)).map_or(heading, |(name, _)| name.trim_end())
}
