//! The arguments of `review`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Unmasking;

/// `review`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  matricule review list --limit 20\n      the pairs whose decision is worth most\n  matricule review show 12 845\n      why these two entries may be one weapon, to be read aloud\n  matricule review confirm 12 845 --operator 'A. Clerk' --reason 'the weapon was looked at'\n  matricule review list --csv > pairs.csv\n      fill in the columns verdict and reason, then:\n  matricule review apply pairs.csv --operator 'A. Clerk'"
)]
pub struct Review {
    /// What about doubtful pairs.
    #[command(subcommand)]
    pub command: ReviewCommand,
}

/// What about doubtful pairs.
#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// The pairs to be decided, those first whose decision is worth most.
    List(ReviewList),
    /// Why two entries may be one weapon, and what speaks against it.
    Show(ReviewShow),
    /// They are one weapon. Binds all later runs.
    Confirm(Verdict),
    /// They are two weapons: never merged, never proposed again.
    Refuse(Verdict),
    /// What was decided before holds no longer.
    Reopen(Verdict),
    /// Decisions from a CSV file, as `review list --csv` writes it.
    Apply(Apply),
}

/// `review list`.
#[derive(Debug, Args)]
#[command(
    after_help = "A decision is worth the probability that the two are one weapon, times the entries on either side.\n\nExamples:\n  matricule review list --kind conflict --make Zastava\n  matricule review list --least-bits 8 --csv > sure.csv\n  matricule review list --state refused\n  matricule review list --csv --unmask --operator rk > pairs.csv\n      with the holders, which are masked otherwise; the registry records who asked"
)]
pub struct ReviewList {
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// Only pairs of this kind, such as conflict or separators; may be given several times.
    #[arg(long, value_name = "KIND")]
    pub kind: Vec<String>,
    /// Only pairs in this state.
    #[arg(long, value_enum, default_value_t = PairState::Review)]
    pub state: PairState,
    /// Only pairs with an entry of a file whose path has this in it.
    #[arg(long, value_name = "TEXT")]
    pub file: Option<String>,
    /// Only pairs with an entry of this make.
    #[arg(long, value_name = "NAME")]
    pub make: Option<String>,
    /// Only pairs with an entry in this register.
    #[arg(long, value_name = "NAME")]
    pub register: Option<String>,
    /// Only pairs with at least these odds, as log2: 10 is a thousand to one.
    #[arg(long, value_name = "BITS", allow_negative_numbers = true)]
    pub least_bits: Option<f64>,
    /// Only pairs with at most these odds.
    #[arg(long, value_name = "BITS", allow_negative_numbers = true)]
    pub most_bits: Option<f64>,
    /// How many at most.
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// As CSV with empty columns verdict and reason, for `review apply`.
    #[arg(long)]
    pub csv: bool,
    /// Whether holders are shown.
    #[command(flatten)]
    pub unmasking: Unmasking,
}

/// What became of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PairState {
    /// A person is asked.
    Review,
    /// Merged by the rule.
    Merged,
    /// A person said that they are one weapon.
    Confirmed,
    /// A person said that they are two.
    Refused,
    /// Any of these.
    All,
}

impl PairState {
    /// The word in `v_duplicate.state`; `None` for all.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Review => Some("review"),
            Self::Merged => Some("merged"),
            Self::Confirmed => Some("confirmed"),
            Self::Refused => Some("refused"),
            Self::All => None,
        }
    }
}

/// `review show`.
#[derive(Debug, Args)]
#[command(
    after_help = "Holders are compared and masked.\n\nExamples:\n  matricule review show 12 845\n  matricule review show 12 845 --unmask --operator rk\n      with the holders; the registry records who asked"
)]
pub struct ReviewShow {
    /// The two entries.
    #[command(flatten)]
    pub pair: Pair,
    /// Whether holders are shown.
    #[command(flatten)]
    pub unmasking: Unmasking,
}

/// Two entries of a registry.
#[derive(Debug, Args)]
pub struct Pair {
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// An entry: its number, or its address such as book2.csv!17 or book2.xlsx!Sheet1!17.
    #[arg(value_name = "ENTRY")]
    pub a: String,
    /// The other entry.
    #[arg(value_name = "ENTRY")]
    pub b: String,
}

/// `review confirm`, `refuse` and `reopen`.
#[derive(Debug, Args)]
pub struct Verdict {
    /// The two entries.
    #[command(flatten)]
    pub pair: Pair,
    /// Why; it is kept for ever.
    #[arg(long, value_name = "TEXT", value_parser = super::not_blank)]
    pub reason: String,
    /// Who decides; it is kept for ever.
    #[arg(long, value_name = "NAME", value_parser = super::not_blank)]
    pub operator: String,
}

/// `review apply`.
#[derive(Debug, Args)]
#[command(
    after_help = "The file has the columns address_a, address_b, verdict (confirm, refuse or reopen; empty leaves the pair\nundecided) and reason; others are not read. All decisions are recorded in one run, or none is."
)]
pub struct Apply {
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// The decisions.
    #[arg(value_name = "FILE.csv")]
    pub file: PathBuf,
    /// Who decides; it is kept for ever.
    #[arg(long, value_name = "NAME", value_parser = super::not_blank)]
    pub operator: String,
}
