//! The command line; the arguments of each command stand in a file of its name.

mod audit;
mod convert;
mod declared;
mod dedupe;
mod entries;
mod erase;
mod export;
mod find;
mod inspect;
mod mappings;
mod rejects;
mod rerun;
mod review;
mod runs;
mod template;
mod transliterate;
mod unmasking;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use self::audit::AuditRegistry;
pub use self::convert::Convert;
pub use self::declared::Declared;
pub use self::dedupe::Dedupe;
pub(crate) use self::dedupe::MOST_SHARDS;
pub use self::entries::{AmendEntry, Entries, EntriesCommand};
pub use self::erase::Erase;
pub use self::export::{ExportArguments, Form, What};
pub use self::find::Find;
pub use self::inspect::Inspect;
pub use self::mappings::{Mappings, MappingsCommand};
pub use self::rejects::{ExportRejects, FixRejects, Fold, ImportRejects, Rejects, RejectsCommand};
pub use self::rerun::RerunRegistry;
pub use self::review::{Apply, Pair, Review, ReviewCommand, ReviewList, ReviewShow, Verdict};
pub use self::runs::{Runs, RunsCommand, UndoRun};
pub use self::template::Template;
pub use self::transliterate::Transliterate;
pub use self::unmasking::Unmasking;

const OVERVIEW: &str = "\
Turns paper weapons ledgers, typed or scanned into spreadsheets in any script, into an electronic
registry that an auditor can defend line by line. Works offline.

Start with:
  matricule convert LEDGERS --registry registry.db     read a folder of ledgers into a registry
  matricule explain T301                               why a row was refused, and how to repair it
  matricule find 'АВ 1234' --registry registry.db      look for a weapon, in any script";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "matricule", version, about = OVERVIEW, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// The key of the registry.
    #[cfg(feature = "sqlcipher")]
    #[command(flatten)]
    pub key: Key,
}

/// Where the key of an encrypted registry comes from: never from the command line or the environment, which others on
/// the machine can read.
#[cfg(feature = "sqlcipher")]
#[derive(Debug, Args)]
pub struct Key {
    /// The registry is encrypted under the text in this file, which only its owner may read.
    #[arg(long, global = true, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// The registry is encrypted under a key that is asked for on the terminal.
    #[arg(long, global = true, conflicts_with = "key_file")]
    pub ask_key: bool,
}

/// Who does something, or why: the registry keeps it for ever, so a blank says too little.
fn not_blank(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("the registry keeps it for ever, so it may not be blank");
    }
    Ok(text.to_owned())
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read ledgers into a registry and report every row that was refused.
    Convert(Convert),
    /// Show how ledgers would be read, before anything is loaded.
    Inspect(Inspect),
    /// Apply corrected mapping tables, or another profile of one ledger, to what a registry holds: shows the plan, --apply does it.
    Rerun(RerunRegistry),
    /// Refused rows: write them again, and feed repaired ones back.
    Rejects(Rejects),
    /// Write entries or weapons to a CSV, JSON lines or workbook, personal data masked.
    Export(ExportArguments),
    /// What an entry says and how it came to say so; amend one that was found wrong.
    Entries(Entries),
    /// Erase by law what names a person, and keep the evidence of all the rest.
    Erase(Erase),
    /// Write an empty ledger workbook, for an office that still has to type.
    Template(Template),
    /// Find a weapon by its serial, in any script.
    Find(Find),
    /// Doubtful duplicates: what a person is asked, and what a person says.
    Review(Review),
    /// Check that a registry is what its runs wrote, and that each serial reads as its table says.
    Audit(AuditRegistry),
    /// The runs that a registry was made by.
    Runs(Runs),
    /// The mapping tables that convert serials.
    Mappings(Mappings),
    /// Convert serials, one a line on standard input, to tab-separated lines on standard output.
    Transliterate(Transliterate),
    /// Find the records of any CSV that describe one thing, without a registry.
    Dedupe(Dedupe),
    /// The manual page of a code, such as T301.
    Explain(Explain),
    /// Write the generated pages of docs/.
    #[command(hide = true)]
    Docs {
        /// Where to.
        folder: PathBuf,
    },
    /// Read a workbook in a process of its own, for the reader of ledgers.
    #[command(hide = true, name = "read-workbook")]
    ReadWorkbook {
        /// The workbook.
        path: PathBuf,
    },
}

/// `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  matricule explain T301\n  matricule explain          (lists all codes)")]
pub struct Explain {
    /// The code; without it, all codes are listed.
    pub code: Option<String>,
}
