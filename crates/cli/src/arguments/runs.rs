//! The arguments of `matricule runs`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Declared;

/// `runs`.
#[derive(Debug, Args)]
pub struct Runs {
    /// What about them.
    #[command(subcommand)]
    pub command: RunsCommand,
}

/// What about the runs.
#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// Every run: when, what was asked, what became of the rows.
    List {
        /// The registry.
        #[arg(long, default_value = "registry.db", value_name = "FILE")]
        registry: PathBuf,
    },
    /// One run: what it did.
    Show {
        /// Its number.
        run: i64,
        /// The registry.
        #[arg(long, default_value = "registry.db", value_name = "FILE")]
        registry: PathBuf,
    },
    /// Bring back the state before a run, as a new run.
    Undo(UndoRun),
}

const UNDO_HELP: &str = "\
Example:
  matricule runs undo 4 --registry registry.db
      what run 4 loaded is no longer present, what it changed is as before; nothing is deleted

Refused (L707) where later runs rest on it; the message says which.";

/// `runs undo`.
#[derive(Debug, Args)]
#[command(after_help = UNDO_HELP)]
pub struct UndoRun {
    /// The run that is taken back.
    pub run: i64,
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// The office's own mapping files, laid over the shipped ones.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
    /// Who does it, for the registry to remember.
    #[arg(long, value_name = "NAME", value_parser = super::not_blank)]
    pub operator: Option<String>,
}

impl UndoRun {
    /// What is declared beside the registry's own settings.
    pub fn declared(&self) -> Declared {
        Declared { mappings: self.mappings.clone(), ..Declared::default() }
    }
}
