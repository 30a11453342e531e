//! What can go wrong while a report is written.

use std::io::ErrorKind;

/// Result of writing a report.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A CSV file could not be written.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// A workbook could not be written.
    #[error(transparent)]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// A JSON file could not be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The writer beneath could not take the last bytes.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Nothing can be written where temporary files go.
    #[error(
        "a workbook needs the folder for temporary files, and {} cannot be used ({error}): make room there, or name another \
         folder in TMPDIR",
        .folder.display()
    )]
    Temporary {
        /// The folder.
        folder: std::path::PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A row holds text in a column for which the header has no letter; nothing of it was written.
    #[error(
        "{address}: the row holds text in column {column}, but rejected.csv was created with {columns} columns"
    )]
    TooWide {
        /// Where the row stands.
        address: String,
        /// Letters of the last column that holds text.
        column: String,
        /// Columns that the header has.
        columns: usize,
    },
}

impl Error {
    /// Whether the disk has no room left.
    pub fn is_disk_full(&self) -> bool {
        let kind = match self {
            Self::Csv(error) => match error.kind() {
                csv::ErrorKind::Io(error) => Some(error.kind()),
                _ => None,
            },
            Self::Workbook(rust_xlsxwriter::XlsxError::IoError(error))
            | Self::Io(error)
            | Self::Temporary { error, .. } => Some(error.kind()),
            Self::Json(error) => error.io_error_kind(),
            _ => None,
        };
        kind == Some(ErrorKind::StorageFull)
    }
}
