//! The columns of types, countries and makes, where the header does not tell them and the cells below do. These are
//! closed vocabularies, which the cells of no other column are words of.

use std::collections::BTreeSet;

use matricule_record::{Field, Text};
use matricule_text::fold;

use super::columns::{HeaderReading, Rivals, read_headings};
use super::counting::records;
use super::markers::Markers;
use crate::sheet_row::SheetRow;

/// Words of the vocabulary that a column has to hold before it is believed.
const WORDS: usize = 3;

/// Fields that another thing than the weapon may have: the country of a person, or that it came from.
const OTHERS: [Field; 4] = [Field::Holder, Field::HolderAddress, Field::ReceivedFrom, Field::IssuedTo];

/// Reads a header anew where two columns claim the type and one of them holds no type, where a column of countries
/// holds none and may mean another thing, or where no column claims a field and one holds its words.
pub(crate) fn settle_by_values(
    mut reading: HeaderReading,
    below: &[SheetRow],
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> HeaderReading {
    let holds = |field: Field, column: usize| Held::count(below, column, field, markers);
    if let Some(Rivals { field: field @ Field::WeaponType, holder, other }) = reading.rivals {
        let other = match [holder, other].map(|column| holds(field, column)) {
            [found, none] if found.is_the_field() && none.known == 0 => other,
            [none, found] if found.is_the_field() && none.known == 0 => holder,
            _ => return reading,
        };
        return read_again(reading, other, None, markers, language);
    }
    let countries = |at: &usize| reading.columns[*at].field == Some(Field::CountryOfManufacture);
    if let Some(column) = (0..reading.columns.len()).find(countries) {
        let held = holds(Field::CountryOfManufacture, column);
        let may_be_other = reading.means_also(column, &[Field::ReceivedFrom], markers);
        if may_be_other && held.values >= WORDS && held.known == 0 {
            reading = read_again(reading, column, None, markers, language);
        }
    }
    [Field::WeaponType, Field::CountryOfManufacture, Field::Make]
        .into_iter()
        .fold(reading, |reading, field| settle_open(reading, field, below, markers, language))
}

/// The header with a field that no column claims, where one column without a meaning holds its words.
fn settle_open(
    reading: HeaderReading,
    field: Field,
    below: &[SheetRow],
    markers: &Markers<'_>,
    language: Option<&Text>,
) -> HeaderReading {
    let is_told = reading.has(field) || markers.profile.constants.contains_key(field.name());
    let is_anothers = |at: usize| {
        field == Field::CountryOfManufacture && OTHERS.iter().any(|&other| reading.has(other))
            || markers.is_personal(&reading.columns[at].header)
    };
    let is_free = |at: usize| match field {
        Field::WeaponType | Field::Make => reading.may_mean(at, markers),
        _ => reading.is_free(at, markers),
    };
    let is_open = |at: &usize| reading.columns[*at].field.is_none() && is_free(*at);
    let holds = |at: &usize| !is_anothers(*at) && Held::count(below, *at, field, markers).is_the_field();
    let mut found = (0..reading.columns.len()).filter(|at| !is_told && is_open(at) && holds(at));
    match (found.next(), found.next()) {
        (Some(column), None) => read_again(reading, column, Some(field), markers, language),
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
    field: Field,
    values: usize,
    known: usize,
    different: usize,
}

impl Held {
    /// Counts the values of the rows that may be records, and those that are words for a field.
    fn count(rows: &[SheetRow], column: usize, field: Field, markers: &Markers<'_>) -> Self {
        let texts = records(rows).map(|row| row.cells.get(column).text.trim());
        let may_be_code = |text: &str| field == Field::CountryOfManufacture && markers.is_country_code(text);
        let says = |text: &&str| !text.is_empty() && !markers.is_ditto(text) && !may_be_code(text);
        let texts: Vec<&str> = texts.filter(says).collect();
        let is_known = |text: &&&str| match field {
            Field::WeaponType => markers.is_weapon_type(text),
            Field::Make => markers.is_make(text),
            _ => markers.is_country(text),
        };
        let known: Vec<String> = texts.iter().filter(is_known).map(|text| fold(text)).collect();
        let different = known.iter().collect::<BTreeSet<_>>().len();
        Self { field, values: texts.len(), known: known.len(), different }
    }

    /// Whether two of three values are words for the field, and enough of them. A maker's name is a person's too:
    /// one that comes again and again is not enough.
    fn is_the_field(&self) -> bool {
        let different = if self.field == Field::Make { WORDS } else { 1 };
        self.known >= WORDS && self.different >= different && self.known * 3 >= self.values * 2
    }
}
