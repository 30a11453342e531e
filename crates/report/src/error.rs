//! What can go wrong while a report is written.

/// Result of writing a report.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `rejected.csv` could not be written.
    #[error("rejected.csv could not be written: {0}")]
    Csv(#[from] csv::Error),
    /// `rejected.xlsx` could not be written.
    #[error("rejected.xlsx could not be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// `report.json` could not be written.
    #[error("report.json could not be written: {0}")]
    Json(#[from] serde_json::Error),
    /// The writer beneath could not take the last bytes.
    #[error("the report could not be written: {0}")]
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
