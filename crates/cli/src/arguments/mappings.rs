//! The arguments of `matricule mappings`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Declared;

/// `mappings`.
#[derive(Debug, Args)]
pub struct Mappings {
    /// What about them.
    #[command(subcommand)]
    pub command: MappingsCommand,
}

/// What about the mapping tables.
#[derive(Debug, Subcommand)]
pub enum MappingsCommand {
    /// Every table: script, language, reading, edition.
    List {
        /// The office's own mapping files, laid over the shipped ones.
        #[arg(long, value_name = "DIR")]
        mappings: Option<PathBuf>,
    },
    /// The rows of a table, with their source.
    Show {
        /// Its id, such as cyrl-rus-icao9303.
        id: String,
        /// The office's own mapping files, laid over the shipped ones.
        #[arg(long, value_name = "DIR")]
        mappings: Option<PathBuf>,
    },
    /// What can be proven about every table: merged letters, whether it can be read back; and what is wrong in the
    /// vocabularies and header words, with file and line (status 1).
    Check {
        /// The office's own mapping files, laid over the shipped ones.
        #[arg(long, value_name = "DIR")]
        mappings: Option<PathBuf>,
        /// Also list the letters that each table writes alike, and the outputs that several scripts share.
        #[arg(long)]
        groups: bool,
    },
    /// A new table to begin with: the whole alphabet, each letter marked for review.
    #[command(
        after_help = "Example:\n  matricule mappings new --script Cher --language chr --mappings office\n      writes office/scripts/cher-chr-own.csv; without --mappings the table is printed\n\nEach letter is refused (T310) until a standard gives it a value: then write map for review, the value and its source."
    )]
    New {
        /// The script, ISO 15924, such as Cyrl.
        #[arg(long, value_name = "CODE")]
        script: String,
        /// The language, ISO 639, such as tt.
        #[arg(long, value_name = "CODE")]
        language: String,
        /// The office's own mapping files; the table is written there.
        #[arg(long, value_name = "DIR")]
        mappings: Option<PathBuf>,
    },
    /// What changes from one set of tables to another: rows, merges, serials.
    #[command(
        after_help = "Example:\n  matricule mappings diff shipped office --registry registry.db\n      the rows that office/ changes, and which serials of the registry would read otherwise\n\nExit status: 0 nothing differs, 1 something does."
    )]
    Diff {
        /// The directory of mappings before, or `shipped`.
        old: PathBuf,
        /// The directory of mappings after, or `shipped`.
        new: PathBuf,
        /// A registry whose serials are converted anew, for comparison; nothing is written.
        #[arg(long, value_name = "FILE")]
        registry: Option<PathBuf>,
    },
    /// How a serial is converted: each character, its row and its standard.
    #[command(after_help = "Example:\n  matricule mappings explain 'НХ 0715' --language ru")]
    Explain {
        /// The serial, as marked.
        serial: String,
        /// How its ledger is declared.
        #[command(flatten)]
        declared: Declared,
    },
}
