//! The arguments of `matricule template`.

use std::path::PathBuf;

use clap::Args;

/// `template`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  matricule template --language ar\n      writes ledger-ar.xlsx: Arabic headers, right to left, lists of types, countries and statuses in Arabic\n  matricule template --language fr --content eu --out brigade-4.xlsx\n      the columns that Directive (EU) 2021/555 asks for\n\nEach column says what belongs into it when one of its cells is chosen. What is typed there,\n`matricule convert` reads. A file that is there already is not overwritten."
)]
pub struct Template {
    /// The language of its headers and lists, such as ar.
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub language: String,
    /// The minimum content whose fields it has.
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = ["default", "iti", "eu"])]
    pub content: String,
    /// The workbook [default: ledger-LANGUAGE.xlsx].
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The office's own mapping files, laid over the shipped ones.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
}
