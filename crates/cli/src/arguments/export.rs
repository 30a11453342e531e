//! The arguments of `matricule export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Unmasking;

const EXPORT_HELP: &str = "\
Examples:
  matricule export entries.csv --registry registry.db
      every entry; personal data are masked
  matricule export tula.jsonl --where make=Tula --where country_of_manufacture=SUHH
      entries that meet every condition, one JSON object a line
  matricule export weapons.xlsx --what weapons --register police
      one row a weapon, as a workbook
  matricule export all.csv --unmask --operator rk
      personal data shown, and the row as its ledger wrote it; recorded in the registry

Beside the file stands its manifest (entries.csv.manifest.json): conditions, columns, count, SHA-256, and the head
of the registry's chain of evidence. CSV holds every text as it is: a program may take a cell that begins with = for
a formula, so open .xlsx in a spreadsheet program.

Exit status: 0 written; 2 could not run.";

/// `export`.
#[derive(Debug, Args)]
#[command(after_help = EXPORT_HELP)]
pub struct ExportArguments {
    /// The file to write, new: .csv, .jsonl or .xlsx.
    pub file: PathBuf,
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// Entries, as the ledgers state them, or weapons, as they are resolved.
    #[arg(long, value_enum, default_value_t = What::Entries)]
    pub what: What,
    /// How the file is written [default: as its name ends].
    #[arg(long, value_enum)]
    pub format: Option<Form>,
    /// Only rows whose column holds this; may be given several times.
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    pub conditions: Vec<String>,
    /// Only this register.
    #[arg(long, value_name = "NAME")]
    pub register: Option<String>,
    /// Only rows of this ledger, by its path in the registry.
    #[arg(long, value_name = "PATH")]
    pub ledger: Option<String>,
    /// Only what this run or a later one loaded or stated anew.
    #[arg(long, value_name = "RUN")]
    pub since_run: Option<i64>,
    /// Whether personal data are shown.
    #[command(flatten)]
    pub unmasking: Unmasking,
}

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// One row a ledger row.
    Entries,
    /// One row a weapon.
    Weapons,
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// CSV in UTF-8.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// A workbook.
    Xlsx,
}
