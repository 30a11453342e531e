//! The columns of a file in which refused rows are repaired: `rejected.xlsx` and `rejected-safe.csv` name them
//! alike, and `matricule rejects import` finds them by these names wherever they stand.

use matricule_record::{Field, Finding, StoredReject};
use matricule_record::{cell::column_letters, message};

/// What a person decided about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Read the row with the values in the `correct_…` columns.
    Correct,
    /// Read it with the one value that each finding offers.
    Accept,
    /// Leave it out of the registry for good; the note says why.
    Waive,
    /// Nothing yet.
    Leave,
}

impl Action {
    /// Every action, in the order of the drop-down.
    pub const ALL: [Self; 4] = [Self::Correct, Self::Accept, Self::Waive, Self::Leave];

    /// The word in the column `action`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::Accept => "accept suggestion",
            Self::Waive => "waive",
            Self::Leave => "leave",
        }
    }

    /// The action of that word, however it is spaced or capitalised.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// What a person reads above the numbers of rows: the line below the names of the columns.
pub fn row_heading() -> &'static str {
    message!("workbook-row")
}

/// The names of the columns that are no cells of the ledger.
pub mod names {
    /// Path of the ledger.
    pub const FILE: &str = "file";
    /// Its sheet; empty for a CSV.
    pub const SHEET: &str = "sheet";
    /// Row number, from 1.
    pub const ROW: &str = "row";
    /// Codes joined by `+`.
    pub const CODES: &str = "codes";
    /// Cells with something wrong.
    pub const CELLS: &str = "cells";
    /// What is wrong, in words.
    pub const MESSAGES: &str = "messages";
    /// What to do.
    pub const SUGGESTION: &str = "suggestion";
    /// The value that `accept suggestion` takes.
    pub const PROPOSAL: &str = "proposal";
    /// What to do with the row: an [`Action`](super::Action).
    pub const ACTION: &str = "action";
    /// Why, in the operator's words.
    pub const NOTE: &str = "note";
    /// SHA-256 of the ledger's bytes.
    pub const SHA256: &str = "sha256";
    /// SHA-256 of the row's cells.
    pub const DIGEST: &str = "digest";
    /// What stands before the letters of a column, or the name of a field, in the name of its correction.
    pub const CORRECT: &str = "correct_";
}

/// Where a corrected value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Into a cell of the row, by its column counted from 0.
    Cell(usize),
    /// Into a field that the ledger has no column for.
    Field(Field),
}

impl Target {
    /// The name of its column: `correct_B`, `correct_make`.
    pub fn name(self) -> String {
        match self {
            Self::Cell(column) => format!("{}{}", names::CORRECT, column_letters(column)),
            Self::Field(field) => format!("{}{field}", names::CORRECT),
        }
    }

    /// The target of a column of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let what = name.trim().strip_prefix(names::CORRECT)?;
        Field::from_name(what).map(Self::Field).or_else(|| Self::cell(what).map(Self::Cell))
    }

    /// The column of the ledger that has these letters, counted from 0.
    pub fn cell(letters: &str) -> Option<usize> {
        let are_letters = letters.bytes().all(|letter| letter.is_ascii_uppercase());
        (are_letters && (1..=3).contains(&letters.len()))
            .then(|| letters.bytes().fold(0, |at, letter| at * 26 + usize::from(letter - b'A') + 1) - 1)
    }

    /// Where the findings of a row ask for another value.
    pub fn of(row: &StoredReject) -> impl Iterator<Item = Self> {
        row.row.findings.iter().filter_map(|finding| match (finding.column, finding.field) {
            (Some(column), _) => Some(Self::Cell(column)),
            (None, Some(field)) => Some(Self::Field(field)),
            (None, None) => None,
        })
    }
}

/// The values that `accept suggestion` takes, by column; `None` where a finding offers none or several.
pub fn proposal(findings: &[Finding]) -> Option<Vec<(usize, String)>> {
    let mut values = Vec::new();
    for finding in findings {
        let (column, offered) = (finding.column?, finding.proposals());
        let [value] = offered[..] else { return None };
        values.push((column, value.to_owned()));
    }
    (!values.is_empty()).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_corrections_are_read_back() {
        for target in [0, 25, 26, 701, 702]
            .map(Target::Cell)
            .into_iter()
            .chain(Field::ALL.iter().copied().map(Target::Field))
        {
            assert_eq!(Target::from_name(&target.name()), Some(target));
        }
        for other in ["correct_", "correct_b", "correct_B2", "B", "action"] {
            assert_eq!(Target::from_name(other), None);
        }
    }

    #[test]
    fn actions_are_read_as_people_type_them() {
        for (word, expect) in [
            ("correct", Some(Action::Correct)),
            (" Accept suggestion ", Some(Action::Accept)),
            ("WAIVE", Some(Action::Waive)),
            ("leave", Some(Action::Leave)),
            ("", None),
            ("delete", None),
        ] {
            assert_eq!(Action::from_name(word), expect);
        }
    }
}
