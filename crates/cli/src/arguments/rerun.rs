//! The arguments of `matricule rerun`.

use std::path::PathBuf;

use clap::Args;

use super::Declared;

const RERUN_HELP: &str = "\
Examples:
  matricule rerun --registry registry.db --mappings office
      what the tables in office/ change: entries, refused rows that load, entries that are refused
  matricule rerun --registry registry.db --mappings office --apply --plan 5f2c…
      do exactly what the plan with that digest showed; if anything moved meanwhile, nothing is done
  matricule rerun --registry registry.db --ledger depot/book2.xlsx --profile ledger.toml
      what another profile changes in one ledger: columns, language, reading, order of dates, which rows
      are weapons at all; --apply makes it the next version of that ledger

The rows are read again from the registry; no ledger file is needed. Former serials are still found. What
only the file itself could tell (its encoding, its merged cells) is not guessed: then the command says so.
`matricule runs undo RUN` takes a re-run back.

Exit status: 0 nothing is to be done, or it was done; 1 the plan shows changes, or leaves ledgers
out; 2 could not run.";

/// `rerun`.
#[derive(Debug, Args)]
#[command(after_help = RERUN_HELP)]
pub struct RerunRegistry {
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// The office's own mapping files, laid over the shipped ones.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
    /// Another profile (ledger.toml) for one ledger.
    #[arg(long, value_name = "FILE", requires = "ledger")]
    pub profile: Option<PathBuf>,
    /// The ledger that the profile is for, by its path in the registry.
    #[arg(long, value_name = "PATH", requires = "profile")]
    pub ledger: Option<String>,
    /// Execute the plan.
    #[arg(long)]
    pub apply: bool,
    /// Execute the plan with this digest, and no other.
    #[arg(long, value_name = "DIGEST")]
    pub plan: Option<String>,
    /// Show every row, not only the first ones of each cause.
    #[arg(long)]
    pub all: bool,
    /// Print the plan as JSON on standard output.
    #[arg(long)]
    pub json: bool,
    /// Who runs it, for the registry to remember.
    #[arg(long, value_name = "NAME", value_parser = super::not_blank)]
    pub operator: Option<String>,
}

impl RerunRegistry {
    /// What is declared beside the registry's own settings.
    pub fn declared(&self) -> Declared {
        Declared { mappings: self.mappings.clone(), profile: self.profile.clone(), ..Declared::default() }
    }
}
