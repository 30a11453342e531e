//! The column of types, where the header does not tell it and the cells below do. Kinds of weapon are a closed
//! vocabulary, which the cells of no other column are words of.

use matricule_record::{Field, Text};

use super::columns::{HeaderReading, Rivals, read_headings};
use super::counting::records;
use super::markers::Markers;
use crate::sheet_row::SheetRow;

/// Words of the vocabulary that a column has to hold before it is believed.
const WORDS: usize = 3;

/// Reads a header anew where two columns claim the type and one of them holds no type, or where none claims it and
/// one holds them.
pub(crate) fn settle_by_values(
    reading: HeaderReading,
    below: &[SheetRow],
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> HeaderReading {
    let holds = |column: usize| Held::count(below, column, markers);
    if let Some(Rivals { field: Field::WeaponType, holder, other }) = reading.rivals {
        let other = match [holder, other].map(holds) {
            [found, none] if found.are_types() && none.types == 0 => other,
            [none, found] if found.are_types() && none.types == 0 => holder,
            _ => return reading,
        };
        return read_again(reading, other, None, markers, language);
    }
    let is_told = reading.columns.iter().any(|column| column.field == Some(Field::WeaponType))
        || markers.profile.constants.contains_key(Field::WeaponType.name());
    let is_open = |at: usize| reading.columns[at].field.is_none() && !reading.columns[at].header.is_empty();
    let found: Vec<usize> =
        (0..reading.columns.len()).filter(|&at| !is_told && is_open(at) && holds(at).are_types()).collect();
    match found[..] {
        [column] => read_again(reading, column, Some(Field::WeaponType), markers, language),
        _ => reading,
    }
}

/// The header with a column that means this field, or none.
fn read_again(
    reading: HeaderReading,
    column: usize,
    field: Option<Field>,
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> HeaderReading {
    let mut headings = reading.headings;
    for heading in headings.iter_mut().skip(column).take(1) {
        heading.field = field;
        if field.is_none() {
            heading.word.clear();
        }
    }
    read_headings(&headings, markers, language)
}

/// What a column holds.
struct Held {
    values: usize,
    types: usize,
}

impl Held {
    /// Counts the values of the rows that may be records, and those that are words for a kind of weapon.
    fn count(rows: &[SheetRow], column: usize, markers: &Markers<'_>) -> Self {
        let texts = records(rows).map(|row| row.cells.get(column).text.trim());
        let mut held = Self { values: 0, types: 0 };
        for text in texts.filter(|text| !text.is_empty() && !markers.is_ditto(text)) {
            held.values += 1;
            held.types += usize::from(markers.is_weapon_type(text));
        }
        held
    }

    /// Whether two of three values are types, and enough of them.
    fn are_types(&self) -> bool {
        self.types >= WORDS && self.types * 3 >= self.values * 2
    }
}
