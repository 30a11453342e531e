//! What can go wrong between a run and its registry, each with the place and the repair.

use std::path::{Path, PathBuf};

use matricule_record::Code;
use rusqlite::ErrorCode;

/// A fault of a registry, or of the way it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another run writes to the registry.
    #[error("L701 {}: another run is writing to this registry. Wait until it is done and run again", .path.display())]
    Locked {
        /// The registry.
        path: PathBuf,
    },
    /// Another run published a registry under this name while this one was being built.
    #[error(
        "L701 {}: another run made this registry meanwhile; it was left as it is and this run published \
         nothing. Run again to add to it",
        .path.display()
    )]
    Appeared {
        /// The registry.
        path: PathBuf,
    },
    /// The registry has a schema that this version does not know.
    #[error(
        "L704 {}: made by a newer version (schema {found}, this program knows up to {known}). Install that \
         version or name another registry",
        .path.display()
    )]
    Newer {
        /// The registry.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The newest schema version known here.
        known: i64,
    },
    /// The file, its directory or the disk refuses.
    #[error(
        "L705 {}: could not be written ({reason}). Check that its directory exists, may be written to and has \
         room; nothing was published",
        .path.display()
    )]
    NotWritable {
        /// The registry.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// There is no room for a copy in which a run could be tried.
    #[error(
        "{}: what this would change could not be tried in a temporary copy ({reason}). Give the folder for temporary \
         files (TMPDIR) as much room as the registry takes; nothing was changed",
        .path.display()
    )]
    NotCopied {
        /// The registry.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// There is no such file, or it may not be read.
    #[error("{}: no registry could be opened there ({reason}). Check the path given with --registry", .path.display())]
    NotReadable {
        /// The registry.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// An older version of the program made it, and it lacks what is asked.
    #[error("{}: an older version of matricule made this registry; keep a copy, then run `matricule convert` with it once, which brings it up to date", path.display())]
    Older {
        /// The registry.
        path: PathBuf,
    },
    /// Parts of serials are asked for, and nobody has made the index of them.
    #[error("{}: has no index of parts of serials yet. Make it with `matricule find --index --registry {}`; later runs keep it up", .path.display(), .path.display())]
    NoSubstringIndex {
        /// The registry.
        path: PathBuf,
    },
    /// There is a file, but it is something else.
    #[error("{}: not a matricule registry ({reason}). It was left as it is; name another file", .path.display())]
    NotARegistry {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The rows of a sheet do not add up; to publish them would be a lie.
    #[error(
        "{place}: {message}. Nothing of this run is published; please report this as a fault of the program"
    )]
    Unbalanced {
        /// File and sheet.
        place: String,
        /// The two counts.
        message: String,
    },
    /// A run cannot be taken back.
    #[error("L707 run {run} cannot be undone: {reason}")]
    NotUndone {
        /// The run.
        run: i64,
        /// Why.
        reason: String,
    },
    /// What is to be erased was written by a version whose evidence cannot outlive it.
    #[error(
        "L709 {}: an older version of matricule loaded some of these rows, and their evidence would break with \
         them. Convert their ledgers into a new registry (matricule convert LEDGERS --registry new.db) or, without their files, \
         what this registry kept of them (matricule convert {} --registry new.db), and erase there",
        .path.display(), .path.display()
    )]
    Unsealed {
        /// The registry.
        path: PathBuf,
    },
    /// A call of the loader came out of order: a fault of the calling program.
    #[error("the loader was asked to {call}, but {state}; this is a fault of the program")]
    OutOfOrder {
        /// What was asked.
        call: &'static str,
        /// What is open.
        state: &'static str,
    },
    /// A condition names no column of what is exported.
    #[error("`{name}` is no column of {what}; the columns are {known}")]
    NoSuchColumn {
        /// The name.
        name: String,
        /// What is exported.
        what: &'static str,
        /// The columns.
        known: String,
    },
    /// A cell of the registry holds what this version does not know.
    #[error(
        "{}: not understood ({reason}). A newer version of matricule or another program wrote it: install the newest \
         version, and ask `matricule audit` whether the registry is as its runs left it",
        .path.display()
    )]
    NotUnderstood {
        /// The registry.
        path: PathBuf,
        /// What, and where.
        reason: String,
    },
    /// The file was cut off, or bytes of it were changed.
    #[error(
        "{}: the file is damaged ({reason}). It was cut off, or something other than matricule wrote into it: take up a \
         copy from before",
        .path.display()
    )]
    Damaged {
        /// The registry.
        path: PathBuf,
        /// What SQLite says.
        reason: String,
    },
    /// Anything else that SQLite says.
    #[error("{}: {source}", .path.display())]
    Sqlite {
        /// The registry.
        path: PathBuf,
        /// What it says.
        source: rusqlite::Error,
    },
}

/// Result of a call of this crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Its code, where it has a manual page.
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Locked { .. } | Self::Appeared { .. } => Some(Code::L701),
            Self::Newer { .. } => Some(Code::L704),
            Self::NotUndone { .. } => Some(Code::L707),
            Self::Unsealed { .. } => Some(Code::L709),
            Self::NotWritable { .. } => Some(Code::L705),
            _ => None,
        }
    }

    /// What SQLite says of the registry at `path`, in the words of this crate.
    pub(crate) fn sqlite(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { path },
            Some(
                ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::SystemIoFailure,
            ) => Self::NotWritable { path, reason: source.to_string() },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, reason: source.to_string() },
            Some(ErrorCode::NotADatabase) if cfg!(feature = "sqlcipher") => Self::NotARegistry {
                path,
                reason: format!("{source}, or encrypted under another key or none"),
            },
            Some(ErrorCode::NotADatabase) => Self::NotARegistry { path, reason: source.to_string() },
            _ => match source {
                rusqlite::Error::FromSqlConversionFailure(_, _, reason) => {
                    Self::NotUnderstood { path, reason: reason.to_string() }
                }
                source => Self::Sqlite { path, source },
            },
        }
    }

    /// The same while only reading: a file that does not open is not there to read.
    pub(crate) fn reading(path: &Path, source: rusqlite::Error) -> Self {
        match Self::sqlite(path, source) {
            Self::NotWritable { path, reason } => Self::NotReadable { path, reason },
            other => other,
        }
    }

    /// What the file system says of the registry at `path`.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::NotWritable { path: path.to_owned(), reason: error.to_string() }
    }
}
