//! Group rows: `Make: IZHMASH` above the rows of that make. Their value holds for the blank cells below
//! until the next group of that kind; a group inside another ends with it.

use matricule_record::{Cells, Field, SkipClass, Text};

use super::markers::Markers;
use super::table::Told;

/// Fields that a group may name. A serial is never one.
const FIELDS: [Field; 10] = [
    Field::Make,
    Field::WeaponType,
    Field::Model,
    Field::Calibre,
    Field::CountryOfManufacture,
    Field::YearOfManufacture,
    Field::Holder,
    Field::Unit,
    Field::Book,
    Field::Page,
];

/// Fields that a line above the first header may name. A year, a model, a calibre or a holder there is as well that of
/// the register, of the form or of whoever keeps it.
const FIELDS_ABOVE: [Field; 6] =
    [Field::Make, Field::WeaponType, Field::CountryOfManufacture, Field::Unit, Field::Book, Field::Page];

/// What a group row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// The word for the field, as it stands there.
    pub word: String,
    /// The field.
    pub field: Field,
    /// The value of the rows below.
    pub value: Text,
}

impl Group {
    /// Reads a row that names a field, a colon and a value, in one cell or in two, and nothing else.
    pub fn read(cells: &Cells, markers: &Markers<'_>, language: Option<&Text>) -> Option<Self> {
        let mut texts = cells.iter().filter(|cell| !cell.is_blank()).map(|cell| cell.text.trim());
        let (first, second) = (texts.next()?, texts.next());
        if texts.next().is_some() {
            return None;
        }
        let (word, rest) = first.split_once([':', '：'])?;
        let value = match (rest.trim(), second) {
            ("", Some(second)) => second,
            (rest, None) if !rest.is_empty() => rest,
            _ => return None,
        };
        // `Make: FN, Model: FAL`: where one value ends and the next begins is not known.
        if value.contains([':', '：']) {
            return None;
        }
        let field = field_of(word.trim(), markers, language)?;
        Some(Self { word: word.trim().to_owned(), field, value: value.into() })
    }

    /// Whether it may hold for a table above whose first header it stands.
    pub fn holds_above(&self) -> bool {
        FIELDS_ABOVE.contains(&self.field)
    }
}

/// The one field of a group that a word means, in the ledger's language or, without one, in any.
fn field_of(word: &str, markers: &Markers<'_>, language: Option<&Text>) -> Option<Field> {
    if let Some(field) = markers.profile.column_field(word) {
        return FIELDS.contains(&field).then_some(field);
    }
    let found = markers.headers.matches(word);
    let own = |found: &&matricule_mapping::HeaderMatch| language.is_none_or(|own| found.language == *own);
    let mut fields: Vec<Field> = found.iter().filter(own).map(|found| found.field).collect();
    fields.dedup();
    match fields.as_slice() {
        [field] if FIELDS.contains(field) => Some(*field),
        _ => None,
    }
}

/// The values that hold for the rows below, by column, the outer ones first.
#[derive(Default)]
pub(crate) struct Groups {
    open: Vec<(usize, Text)>,
    /// How many of them, from the first, have had a record.
    used: usize,
    /// A heading that may say what the rows below it lack.
    doubtful: Option<Text>,
    /// Whether a sum stands below them that may be theirs.
    is_doubted: bool,
}

impl Groups {
    /// Opens a group; what was opened inside the last one of its kind ends, and doubt about a heading where it says
    /// what that may have said.
    pub fn open(&mut self, column: usize, value: Text, ends_doubt: bool) {
        if let Some(at) = self.open.iter().position(|(open, _)| *open == column) {
            self.truncate(at);
        }
        self.open.push((column, value));
        if ends_doubt {
            self.doubtful = None;
        }
        self.is_doubted = false;
    }

    fn truncate(&mut self, length: usize) {
        self.open.truncate(length);
        self.used = self.used.min(length);
    }

    /// Ends all groups below a heading which nobody understands.
    pub fn doubt(&mut self, heading: Text) {
        self.close();
        self.doubtful = Some(heading);
    }

    /// The heading above, where it may say what the rows below it lack.
    pub fn doubtful(&self) -> Option<&Text> {
        self.doubtful.as_ref()
    }

    /// Ends the group of a column, and none other. One that no record has had yet stands where `is_new` says so.
    pub fn end(&mut self, column: usize, is_new: bool) {
        let at = self.open.iter().position(|(open, _)| *open == column);
        if let Some(at) = at.filter(|at| !is_new || *at < self.used) {
            self.open.remove(at);
            self.used -= usize::from(at < self.used);
        }
    }

    /// Ends all groups.
    pub fn close(&mut self) {
        self.truncate(0);
        self.doubtful = None;
    }

    /// Notes what a row is: a sum may be that of a page, which a header or a sum carried forward
    /// follows, or that of the group, which then has ended.
    pub fn pass(&mut self, told: &Told) {
        match told {
            Told::Skip(SkipClass::Subtotal) => self.is_doubted = true,
            Told::Skip(SkipClass::RepeatHeader | SkipClass::CarriedForward) => self.is_doubted = false,
            Told::Record(..) | Told::Refuse(_) if self.is_doubted => self.close(),
            Told::Record(..) => self.used = self.open.len(),
            _ => {}
        }
    }

    /// The values with their columns, divided into those that have had a record and those that have not.
    pub fn by_use(&self) -> [&[(usize, Text)]; 2] {
        let (used, unused) = self.values().split_at(self.used.min(self.values().len()));
        [used, unused]
    }

    /// The values with their columns.
    pub fn values(&self) -> &[(usize, Text)] {
        if self.is_doubted { &[] } else { &self.open }
    }
}
