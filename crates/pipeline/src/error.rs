//! Why a run ends without being published.

use std::fmt::Display;
use std::io::ErrorKind;
use std::path::PathBuf;

use matricule_record::message;

use crate::decide::Torn;

/// A run that could not go on. Nothing of it is visible in the registry.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody interrupted it.
    #[error("interrupted; nothing was published and the registry is as it was")]
    Interrupted,
    /// It ended, but what was done of a first build is kept.
    #[error(
        "{0}. What was read of the first ledgers is kept: the same command with --resume goes on after it"
    )]
    Unfinished(Box<Error>),
    /// What a part of a build says is not understood.
    #[error("the build that was left behind cannot be gone on with ({0}); convert without --resume")]
    Part(String),
    /// A stage panicked: a defect of this program.
    #[error(
        "{stage} failed in an unforeseen way ({message}); nothing was published and the registry is as it was. Please report this"
    )]
    Panicked {
        /// Which thread.
        stage: &'static str,
        /// What it said.
        message: String,
    },
    /// Mapping files that are not valid.
    #[error("the mapping files are not valid:\n{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Mappings(Vec<matricule_mapping::Error>),
    /// The registry.
    #[error(transparent)]
    Registry(#[from] matricule_loader::Error),
    /// The content of a file of the report.
    #[error("{}: {}", .path.display(), not_written(.error, .error.is_disk_full()))]
    Report {
        /// The file.
        path: PathBuf,
        /// Why.
        error: matricule_report::Error,
    },
    /// The same, before it is known which file it is of.
    #[error("a file of the report: {}", not_written(.0, .0.is_disk_full()))]
    Content(matricule_report::Error),
    /// A file of the report.
    #[error("{}: {}", .path.display(), not_written(.error, .error.kind() == ErrorKind::StorageFull))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A file that is given.
    #[error("{}: {error}. Check that it is there and that you may read it", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The report of a run that is published.
    #[error(
        "run {run} is published, but its report is not complete: {error}. Then `matricule rejects export --report DIR` writes the refused rows again"
    )]
    Unreported {
        /// The run.
        run: i64,
        /// Why.
        error: Box<Error>,
    },
    /// What would change is not what was agreed to.
    #[error(
        "L706 the plan is now {found}, not {agreed}: something moved meanwhile, nothing was changed. Run `matricule rerun` again and read the new plan"
    )]
    PlanMoved {
        /// Digest of the plan that was agreed to.
        agreed: String,
        /// Digest of what would change now.
        found: String,
    },
    /// The mapping files read an entry otherwise than it states, before anything is amended.
    #[error(
        "L710 entry {entry} ({address}) is read otherwise by these mapping files: {change}. Nothing was changed. Give the --mappings that its ledger was read by or, where they were corrected since, run `matricule rerun` with them first"
    )]
    ReadOtherwise {
        /// The entry.
        entry: i64,
        /// Where its row stands.
        address: String,
        /// What is read otherwise.
        change: String,
    },
    /// No ledger of that path is present.
    #[error(
        "the registry holds no present ledger {0:?}; give its path as the column path of the view v_file has it"
    )]
    NoSuchPresentLedger(String),
    /// A ledger cannot be read again from the registry.
    #[error(
        "{ledger} cannot be read by another profile without its file: {reason}. Nothing was changed. Undo the run that loaded it (matricule runs undo) and convert the file with the new profile"
    )]
    NotReadAgain {
        /// Its path.
        ledger: String,
        /// Why.
        reason: String,
    },
    /// A registry cannot be merged in.
    #[error("{}: the ledgers of this registry cannot be taken over: {reason}. Nothing was changed", .registry.display())]
    NotMerged {
        /// The registry.
        registry: PathBuf,
        /// Why.
        reason: String,
    },
    /// There is no such entry, or it is not present.
    #[error("entry {0} is not there; `matricule find SERIAL` shows the numbers of entries")]
    NoSuchEntry(i64),
    /// Nothing that was refused is what a repair is for.
    #[error("there is nothing to repair: {0}")]
    NothingToFix(String),
    /// An argument names nothing.
    #[error("{}: there is no such file or folder", .0.display())]
    NoSuchLedger(PathBuf),
    /// There is nothing to read.
    #[error(
        "there is no ledger in {0}; give files or folders with .xlsx, .xls, .xlsb, .ods, .csv or .tsv files"
    )]
    NoLedgers(String),
    /// The shipped configuration of the model is not valid: a defect of this program.
    #[error("duplicates cannot be weighed: {0}. Please report this")]
    Linkage(#[from] matricule_deduplication::model::Error),
    /// Decisions that cannot all hold.
    #[error("{0}")]
    Undecidable(Torn),
}

/// Why a file could not be written, and what to do.
fn not_written(error: &dyn Display, is_disk_full: bool) -> String {
    let reason = error.to_string();
    if is_disk_full {
        message!("disk-full", reason = reason)
    } else {
        message!("not-written", reason = reason)
    }
}

impl From<matricule_report::Error> for Error {
    fn from(error: matricule_report::Error) -> Self {
        Self::Content(error)
    }
}

impl From<matricule_mapping::Error> for Error {
    fn from(error: matricule_mapping::Error) -> Self {
        Self::Mappings(vec![error])
    }
}

impl Error {
    /// Whether somebody interrupted the run.
    pub fn is_interruption(&self) -> bool {
        match self {
            Self::Interrupted => true,
            Self::Unfinished(error) => error.is_interruption(),
            _ => false,
        }
    }

    /// The same fault, with the place of what could not be written.
    pub(crate) fn at(self, path: &std::path::Path) -> Self {
        match self {
            Self::Content(error) => Self::Report { path: path.to_owned(), error },
            other => other,
        }
    }
}
