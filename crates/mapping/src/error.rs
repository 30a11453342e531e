//! What can be wrong with a mapping file, with its place and the repair.

use std::sync::Arc;

use matricule_record::Code;

/// A place in a mapping file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Path of the file, as an operator knows it.
    pub file: Arc<str>,
    /// Line, counted from 1; 0 for the file as a whole.
    pub line: u64,
    /// Where in the line, counted from 1: the character in a text file, the column in a workbook; 0
    /// for the line as a whole.
    pub column: u32,
}

impl Place {
    /// A line of a file.
    pub fn new(file: impl Into<Arc<str>>, line: u64) -> Self {
        Self { file: file.into(), line, column: 0 }
    }

    /// The same line at a column.
    #[must_use]
    pub fn at(&self, column: u32) -> Self {
        Self { column, ..self.clone() }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        match (self.line, self.column) {
            (0, _) => Ok(()),
            (line, 0) => write!(f, ":{line}"),
            (line, column) if is_workbook(&self.file) => {
                write!(f, "!{}{line}", column_letters(column))
            }
            (line, column) => write!(f, ":{line}:{column}"),
        }
    }
}

/// Whether a mapping file is a workbook, by its name.
pub(crate) fn is_workbook(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"))
}

/// `A` for 1, `AA` for 27.
fn column_letters(column: u32) -> String {
    let letter = char::from(b'A' + ((column - 1) % 26) as u8);
    if column <= 26 { letter.to_string() } else { format!("{}{letter}", column_letters((column - 1) / 26)) }
}

/// A fault of a mapping file or a ledger profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code} {place}: {message}")]
pub struct Error {
    /// An `M5` code.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// What is wrong and what to do.
    pub message: String,
}

impl Error {
    /// A fault at a line of a file; line 0 for the file as a whole.
    pub fn new(code: Code, file: &str, line: u64, message: impl Into<String>) -> Self {
        Self { code, place: Place::new(file, line), message: message.into() }
    }

    /// A fault at a place.
    pub fn at(code: Code, place: Place, message: impl Into<String>) -> Self {
        Self { code, place, message: message.into() }
    }
}
