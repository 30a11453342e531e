//! What can be wrong with a mapping file, with its place and the repair.

use matricule_record::Code;

/// A line of a mapping file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Path of the file, as an operator knows it.
    pub file: String,
    /// Line, counted from 1; 0 for the file as a whole.
    pub line: u64,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.line == 0 { f.write_str(&self.file) } else { write!(f, "{}:{}", self.file, self.line) }
    }
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
        Self { code, place: Place { file: file.to_owned(), line }, message: message.into() }
    }
}
