//! What is declared about all ledgers of a command: profile, mappings, language, reading.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What is declared about all ledgers of a command.
#[derive(Clone, Debug, Default, Args)]
pub struct Declared {
    /// A ledger profile for all ledgers, instead of the ledger.toml beside each.
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// The office's own mapping files, laid over the shipped ones.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
    /// Whether letters are read by sound or by look.
    #[arg(long, value_enum)]
    pub reading: Option<Reading>,
    /// The register that the ledgers belong to.
    #[arg(long, value_name = "NAME")]
    pub register: Option<String>,
    /// The language of the ledgers, such as ru.
    #[arg(long, value_name = "CODE")]
    pub language: Option<String>,
    /// The named standard, or the variant that can be read back letter by letter.
    #[arg(long, value_enum)]
    pub variant: Option<Variant>,
}

/// By sound or by look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reading {
    /// АВ is AV.
    Sound,
    /// АВ is AB.
    Look,
}

impl From<Reading> for matricule_record::Reading {
    fn from(reading: Reading) -> Self {
        match reading {
            Reading::Sound => Self::Sound,
            Reading::Look => Self::Look,
        }
    }
}

/// Standard or strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Variant {
    /// Ц is TS.
    Standard,
    /// Ц is XT, which nothing else is.
    Strict,
}

impl From<Variant> for matricule_record::Variant {
    fn from(variant: Variant) -> Self {
        match variant {
            Variant::Standard => Self::Standard,
            Variant::Strict => Self::Strict,
        }
    }
}
