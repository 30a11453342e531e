//! The arguments of `matricule erase`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::Declared;

const HELP: &str = "\
Examples:
  matricule erase --entry 17 --reason 'request of 3 May' --operator rk
      shows what would be erased of the row of entry 17: the holder, numbers and addresses of persons
  matricule erase --entry 17 --reason 'request of 3 May' --operator rk --apply
      erases it
  matricule erase --person 'Ivanov I. I.' --reason 'request of 3 May' --operator rk --apply
      every row, loaded or refused, with a personal column that says this

Erased are the cells of personal columns and what was made of them, in all statements that the entry ever made, in
refused and skipped rows of the same place, and in the log. The digest of what is erased stays, so that the chain of
evidence holds for all the rest. It cannot be undone. Copies of the registry, its reports and the ledgers themselves are
yours to erase, and the reason names nobody.

Exit status: 0 done, or shown; 1 there is nothing to erase; 2 could not run.";

/// `erase`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
#[command(group(ArgGroup::new("rows").required(true).multiple(true).args(["entry", "reject", "person"])))]
pub struct Erase {
    /// The number of an entry; may be given several times.
    #[arg(long, value_name = "ENTRY")]
    pub entry: Vec<i64>,
    /// The number of a refused row; may be given several times.
    #[arg(long, value_name = "REJECT")]
    pub reject: Vec<i64>,
    /// A person, as a ledger writes them: every row that names them in a personal column.
    #[arg(long, value_name = "NAME")]
    pub person: Option<String>,
    /// Erase remarks and documents of these rows, too.
    #[arg(long)]
    pub remarks: bool,
    /// Why, for the registry to remember; it names nobody.
    #[arg(long, value_name = "TEXT", value_parser = super::not_blank)]
    pub reason: String,
    /// Who does it, for the registry to remember.
    #[arg(long, value_name = "NAME", value_parser = super::not_blank)]
    pub operator: String,
    /// Do it. Without, it is only shown.
    #[arg(long)]
    pub apply: bool,
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// The office's own mapping files, laid over the shipped ones: their words for personal columns count.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
}

impl Erase {
    /// What is declared beside the registry's own settings.
    pub fn declared(&self) -> Declared {
        Declared { mappings: self.mappings.clone(), ..Declared::default() }
    }
}
