//! The arguments of `matricule transliterate`.

use clap::Args;

use super::Declared;

/// `transliterate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each line: the serial as given, its conversion (empty where refused), codes joined by +.\n\nExample:\n  matricule transliterate --language ru < serials\n\nExit status: 0 all converted, 1 some refused."
)]
pub struct Transliterate {
    /// How the serials' ledger is declared.
    #[command(flatten)]
    pub declared: Declared,
}
