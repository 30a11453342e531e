//! The arguments of `matricule rejects`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{Declared, Unmasking};

/// `rejects`.
#[derive(Debug, Args)]
pub struct Rejects {
    /// What about them.
    #[command(subcommand)]
    pub command: RejectsCommand,
}

/// What about the refused rows.
#[derive(Debug, Subcommand)]
pub enum RejectsCommand {
    /// Write the refused rows of a registry again: rejected.xlsx, .csv, -safe.csv and .json, and report.html.
    Export(ExportRejects),
    /// One repair for many rows: a mapping row, a named sign, the letters that a ledger means.
    Fix(FixRejects),
    /// Feed a repaired rejected.xlsx or rejected-safe.csv back.
    Import(ImportRejects),
}

const EXPORT_HELP: &str = "\
Examples:
  matricule rejects export --registry registry.db --report to-repair
      every refused row that is still open, and report.html: what the registry holds at present
  matricule rejects export --registry registry.db --report of-run-1 --run 1 --all
      what run 1 refused, repaired since or not

Personal data that nothing is wrong with are masked in all forms but rejected.csv; --unmask shows them, and the
registry records who asked.

Exit status: 0 no row is refused; 1 the rows are written; 2 could not run.";

/// `rejects export`.
#[derive(Debug, Args)]
#[command(after_help = EXPORT_HELP)]
pub struct ExportRejects {
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// Folder of the files.
    #[arg(long, value_name = "DIR")]
    pub report: PathBuf,
    /// Only rows that this run refused.
    #[arg(long, value_name = "RUN")]
    pub run: Option<i64>,
    /// Also rows that were corrected, waived or superseded since.
    #[arg(long)]
    pub all: bool,
    /// Folder in which the ledgers stand, as it was given to convert: page scans that they name are linked.
    #[arg(long, value_name = "DIR")]
    pub ledgers: Option<PathBuf>,
    /// The office's own mapping files, laid over the shipped ones: their tables have pages in the report.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
    /// Whether personal data are shown.
    #[command(flatten)]
    pub unmasking: Unmasking,
}

impl ExportRejects {
    /// What is declared beside the registry's own settings.
    pub fn declared(&self) -> Declared {
        Declared { mappings: self.mappings.clone(), ..Declared::default() }
    }
}

const IMPORT_HELP: &str = "\
Examples:
  matricule rejects import report/rejected.xlsx --registry registry.db --operator rk
      every row with a decision: corrected values, accepted suggestions, waived rows
  matricule rejects import rejected-safe.csv --registry registry.db --operator rk
      the same from the CSV, repaired

The file may be half filled, sorted, its columns moved, saved by another spreadsheet program, and imported again. A
line whose identity or digest does not match is told with an R code and not followed (matricule explain R603). A
row that is refused as corrected, too, stays open. `matricule runs undo RUN` takes an import back.

Exit status: 0 every decision was followed; 1 some lines were not followed or rows are still refused; 2 could
not run, nothing was changed.";

/// `rejects import`.
#[derive(Debug, Args)]
#[command(after_help = IMPORT_HELP)]
pub struct ImportRejects {
    /// The repaired file.
    #[arg(value_name = "FILE.xlsx|FILE.csv")]
    pub file: PathBuf,
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// Who decided, for the registry to remember.
    #[arg(long, value_name = "NAME", value_parser = super::not_blank)]
    pub operator: String,
    /// The office's own mapping files, laid over the shipped ones.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
}

impl ImportRejects {
    /// What is declared beside the registry's own settings.
    pub fn declared(&self) -> Declared {
        Declared { mappings: self.mappings.clone(), ..Declared::default() }
    }
}

const FIX_HELP: &str = "\
Examples:
  matricule rejects fix --code T301 --character Ѣ --map E --source 'order 12 of 2026' --mappings office
      writes the row into office/scripts/ for each table that refused rows name, and shows the re-run plan; a row by
      which the mappings would not be valid is not kept
  matricule rejects fix --code T310 --character Ь --map X --source 'order 12 of 2026' --mappings office
      a letter that its table marks for review
  matricule rejects fix --code T303 --character △ --map TRIANGLE --as series_mark --mappings office
      a sign that is a mark and no part of the serial
  matricule rejects fix --code T302 --ledger book2.xlsx --fold latin --operator rk
      shows what becomes of the serials of book2.xlsx that mix scripts; --apply records it
  matricule rejects fix --code T311 --ledger book3.csv --language uk --operator rk
      reads book3.csv again as Ukrainian and shows what becomes of its rows; --apply records it

Exit status: 0 nothing is left to do; 1 a plan is shown, or some rows are still refused; 2 could not run.";

/// `rejects fix`.
#[derive(Debug, Args)]
#[command(after_help = FIX_HELP)]
pub struct FixRejects {
    /// The code that is repaired: T301, T310, T303, T302 or T311.
    #[arg(long, value_name = "CODE")]
    pub code: String,
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// The character (T301, T310, T303).
    #[arg(long, value_name = "CHARACTER")]
    pub character: Option<char>,
    /// What it becomes: letters A-Z and digits 0-9, or the name of a sign.
    #[arg(long, value_name = "VALUE")]
    pub map: Option<String>,
    /// The field that a sign belongs to (T303).
    #[arg(long = "as", value_name = "FIELD", default_value = "series_mark")]
    pub belongs: String,
    /// The order or standard that says so; it stands in the row [without it: who decided, and the day].
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub source: String,
    /// Only this table, where refused rows name several.
    #[arg(long, value_name = "ID")]
    pub table: Option<String>,
    /// The office's own mapping files; the row is written there [without it: the folder mappings beside the registry].
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
    /// The ledger, by its path in the registry (T302, T311).
    #[arg(long, value_name = "PATH")]
    pub ledger: Option<String>,
    /// Which letters are meant (T302).
    #[arg(long, value_enum)]
    pub fold: Option<Fold>,
    /// The language of the ledger, ISO 639-1 (T311).
    #[arg(long, value_name = "CODE")]
    pub language: Option<String>,
    /// Record it (T302, T311).
    #[arg(long, requires = "operator")]
    pub apply: bool,
    /// Who decided, for the registry to remember.
    #[arg(long, value_name = "NAME", value_parser = super::not_blank)]
    pub operator: Option<String>,
}

impl FixRejects {
    /// Where the office's own mapping files are.
    pub fn office_mappings(&self) -> PathBuf {
        self.mappings.clone().unwrap_or_else(|| self.registry.with_file_name("mappings"))
    }
}

/// Which of two letters that look alike is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fold {
    /// The Latin one.
    Latin,
    /// That of the ledger's own script.
    Native,
}
