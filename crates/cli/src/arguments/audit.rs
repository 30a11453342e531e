//! The arguments of `matricule audit`.

use std::path::PathBuf;

use clap::Args;

/// `audit`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  matricule audit --registry registry.db\n      every check; nothing is written\n  matricule audit --registry registry.db --expect 5f2c…\n      also that the chain head which a report of this registry printed is still one of its heads\n  matricule audit --registry registry.db --digest\n      one number for the content, equal however the work was split\n\nExit status: 0 nothing was found, 1 something was."
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
}
