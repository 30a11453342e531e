//! Countries whose code another state had before or after, by `mappings/vocabulary/country_year.csv`.

use matricule_mapping::{Error, Files, Table};
use matricule_record::StoredMapping;

const COLUMNS: [&str; 4] = ["value", "word", "first_year", "last_year"];

/// The states of a code, each with its years.
pub(crate) struct CountryYears {
    table: Table,
}

impl CountryYears {
    /// Reads the list.
    pub(crate) fn load(files: &Files) -> Result<Self, Error> {
        Ok(Self { table: Table::load(files, "country_year", &COLUMNS)? })
    }

    /// The rows as a registry keeps them.
    pub(crate) fn stored(&self) -> &StoredMapping {
        self.table.stored()
    }

    /// Whether a word needs a year to be one state.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.rows(word).next().is_some()
    }

    /// The state that a word meant in a year, or in each year of a range: `1954`, `1983/1984`.
    pub(crate) fn of_years(&self, word: &str, years: &str) -> Option<&str> {
        let (from, to) = years.split_once('/').unwrap_or((years, years));
        let (from, to): (u16, u16) = from.parse().ok().zip(to.parse().ok())?;
        let holds = |row: &&[String; 4]| {
            let years = row[2].parse::<u16>().ok().zip(row[3].parse::<u16>().ok());
            years.is_some_and(|(first, last)| first <= from && from <= to && to <= last)
        };
        self.rows(word).find(holds).map(|row| row[0].as_str())
    }

    /// All states of a word with their years, for a message.
    pub(crate) fn meanings(&self, word: &str) -> String {
        let state = |row: &[String; 4]| format!("{} from {} to {}", row[0], row[2], row[3]);
        self.rows(word).map(state).collect::<Vec<_>>().join(" and ")
    }

    fn rows(&self, word: &str) -> impl Iterator<Item = &[String; 4]> {
        let rows = self.table.rows().iter().filter_map(|row| row.as_slice().try_into().ok());
        rows.filter(move |row: &&[String; 4]| row[1] == word)
    }
}
