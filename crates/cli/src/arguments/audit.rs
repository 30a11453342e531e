//! The arguments of `matricule audit`.

use std::path::PathBuf;

use clap::Args;

/// `audit`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  matricule audit --registry registry.db\n      every check; nothing is written\n  matricule audit --registry registry.db --expect 5f2c…\n      also that the chain head which a report of this registry printed is still one of its heads\n  matricule audit --registry registry.db --digest\n      one number for the content, equal however the work was split\n  matricule audit --registry registry.db --sample 50\n      every check, and spot-check.xlsx: 50 entries drawn by lot, to be compared with the paper\n\nExit status: 0 nothing was found; 1 something was; 2 could not run."
)]
pub struct AuditRegistry {
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// A chain head that was written down outside, as a report prints it.
    #[arg(long, value_name = "HEAD")]
    pub expect: Option<String>,
    /// Print the digest of the content, and nothing else.
    #[arg(long)]
    pub digest: bool,
    /// Draw so many entries by lot, and write them into a workbook to be compared with the paper. The same
    /// registry gives the same ones.
    #[arg(long, value_name = "N", conflicts_with = "digest")]
    pub sample: Option<usize>,
    /// The workbook of the sample, new.
    #[arg(long, value_name = "FILE", default_value = "spot-check.xlsx")]
    pub sheet: PathBuf,
}
