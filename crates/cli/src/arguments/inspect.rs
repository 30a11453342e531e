//! The arguments of `matricule inspect`.

use std::path::PathBuf;

use clap::Args;

use super::Declared;

/// `inspect`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  matricule inspect ledgers/book2.xlsx\n      sheets, header row, columns and the fields they were matched to, first rows\n  matricule inspect ledgers/book2.xlsx --write-profile ledgers/ledger.toml\n      the same, and the profile that reads the ledger so again, to be corrected; it is also used for\n      other ledgers beside it that have the same header\n  matricule inspect ledgers/book7.csv --write-profile ledgers/book7.ledger.toml\n      one more profile in the folder, for ledgers with another header"
)]
pub struct Inspect {
    /// Ledgers, or folders of ledgers.
    #[arg(required = true, value_name = "LEDGER|DIR")]
    pub ledgers: Vec<PathBuf>,
    /// List every row that is no record, with its class.
    #[arg(long)]
    pub skipped: bool,
    /// Write the profile that reads the ledger as it is read now; for one ledger, into a new file.
    #[arg(long, value_name = "FILE")]
    pub write_profile: Option<PathBuf>,
    /// How the ledgers are declared.
    #[command(flatten)]
    pub declared: Declared,
}
