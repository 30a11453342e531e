//! The arguments of every command that shows personal data to whoever asks for them.

use clap::Args;

/// Whether personal data are shown.
#[derive(Debug, Args)]
pub struct Unmasking {
    /// Show personal data; recorded in the registry.
    #[arg(long, requires = "operator")]
    pub unmask: bool,
    /// Who asks, for the registry to remember.
    #[arg(long, value_name = "NAME", value_parser = super::not_blank)]
    pub operator: Option<String>,
}
