//! The arguments of `matricule entries`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Declared, Unmasking};

/// `entries`.
#[derive(Debug, Args)]
pub struct Entries {
    /// What about them.
    #[command(subcommand)]
    pub command: EntriesCommand,
}

/// What about the entries.
#[derive(Debug, Subcommand)]
pub enum EntriesCommand {
    /// What an entry says, and what later runs changed in it; personal data are masked.
    #[command(
        after_help = "Examples:\n  matricule entries show 17 --registry registry.db\n  matricule entries show 17 --registry registry.db --unmask --operator rk\n      personal data and the row as its ledger wrote it; the registry records who asked"
    )]
    Show {
        /// Its number.
        entry: i64,
        /// The registry.
        #[arg(long, default_value = "registry.db", value_name = "FILE")]
        registry: PathBuf,
        /// Whether personal data are shown.
        #[command(flatten)]
        unmasking: Unmasking,
    },
    /// Give an entry other values, with the reason; they bind all later runs.
    Amend(AmendEntry),
}

const AMEND_HELP: &str = "\
Examples:
  matricule entries amend 17 --set 'serial=АВ 1235' --reason 'weapon seen, last digit is 5' --operator rk
      the value is read as if the ledger said it: tables, vocabularies and checks are the same
  matricule entries amend 17 --set serial=UNTRANSLATABLE --reason 'no office can read the mark' --operator rk
      the weapon has no serial to compare; what the ledger wrote is kept, and found

What the ledger wrote stays as it is beside the new value, and the former serial is still found. An empty
value unsets a field. `matricule runs undo RUN` takes the amendment back.

Exit status: 0 done; 1 with these values the row would be refused; 2 could not run.";

/// `entries amend`.
#[derive(Debug, Args)]
#[command(after_help = AMEND_HELP)]
pub struct AmendEntry {
    /// Its number.
    pub entry: i64,
    /// A field and its value, as a ledger would write it; may be given several times.
    #[arg(long, required = true, value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// Why, for the registry to remember.
    #[arg(long, value_name = "TEXT", value_parser = super::not_blank)]
    pub reason: String,
    /// Who does it, for the registry to remember.
    #[arg(long, value_name = "NAME", value_parser = super::not_blank)]
    pub operator: String,
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// The office's own mapping files, laid over the shipped ones.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
}

impl AmendEntry {
    /// What is declared beside the registry's own settings.
    pub fn declared(&self) -> Declared {
        Declared { mappings: self.mappings.clone(), ..Declared::default() }
    }
}
