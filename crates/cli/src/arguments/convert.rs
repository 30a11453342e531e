//! The arguments of `matricule convert`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Declared;

const CONVERT_HELP: &str = "\
Examples:
  matricule convert ledgers --registry registry.db
      every .xlsx .xls .xlsb .ods .csv .tsv in the folder `ledgers` and below
  matricule convert book2.xlsx --registry registry.db --register police
      one more ledger into the same registry; a ledger loaded before is not loaded twice
  matricule convert ledgers --registry trial.db --dry-run
      do everything but publish: see what would be refused, and why
  matricule convert ledgers --registry registry.db --mappings our-tables
      with the office's own tables laid over the shipped ones
  matricule convert other.db --registry registry.db
      merge another office's registry in: its ledgers as they stand there, with what persons said about
      their rows and pairs; its own profiles and settings hold, its earlier versions stay with it
  matricule convert ledgers --registry registry.db --resume
      go on where a first build of thousands of ledgers was cut off

A ledger.toml beside a ledger declares what cannot be detected: language, columns, constants.
Refused rows are in REPORT/rejected.xlsx with the reason and a repair, and in rejected.csv for programs;
the rest is loaded.

Exit status: 0 all rows loaded; 1 some rows or files were refused; 2 could not run, nothing
published; 130 interrupted, nothing published.";

/// `convert`.
#[derive(Debug, Args)]
#[command(after_help = CONVERT_HELP)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Convert {
    /// Ledgers, folders of ledgers, or other registries to be merged in.
    #[arg(required = true, value_name = "LEDGER|DIR")]
    pub ledgers: Vec<PathBuf>,
    /// The registry: made if it is not there, added to if it is.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// Folder of the report [default: matricule-report beside the registry].
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// How the ledgers are declared.
    #[command(flatten)]
    pub declared: Declared,
    /// Worker threads [default: one a core].
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Do everything but publish.
    #[arg(long)]
    pub dry_run: bool,
    /// Print the summary as JSON on standard output.
    #[arg(long)]
    pub json: bool,
    /// Who runs it, for the registry to remember.
    #[arg(long, value_name = "NAME", value_parser = super::not_blank)]
    pub operator: Option<String>,
    /// Which links between entries are looked for.
    #[arg(long, value_enum, default_value_t = Link::Full)]
    pub link: Link,
    /// Show personal data in the report; without it they are masked, but in rejected.csv. Recorded in the registry.
    #[arg(long, requires = "operator", conflicts_with = "dry_run")]
    pub unmask: bool,
    /// Go on with a first build of the same ledgers that was killed or interrupted, after its last part.
    #[arg(long, conflicts_with = "dry_run")]
    pub resume: bool,
    /// Rows after which the end of a ledger is the end of a part of a first build.
    #[arg(long, value_name = "ROWS", default_value_t = 250_000)]
    pub part: u64,
    /// Say where the time went, stage by stage.
    #[arg(long)]
    pub timings: bool,
    /// Rows in a batch; the result does not depend on it.
    #[arg(long, hide = true, default_value_t = 256)]
    pub batch: usize,
}

/// Which links are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Link {
    /// Entries with the same core identity.
    Exact,
    /// Also entries whose serials are alike, for a person to decide.
    Full,
}

impl From<Link> for matricule_record::LinkMode {
    fn from(link: Link) -> Self {
        match link {
            Link::Exact => Self::Exact,
            Link::Full => Self::Full,
        }
    }
}
