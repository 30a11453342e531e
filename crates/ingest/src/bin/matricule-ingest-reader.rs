//! The isolated workbook reader as a program of its own: what the tests start in place of the
//! hidden subcommand of the binary.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else { return ExitCode::from(2) };
    ExitCode::from(matricule_ingest::serve_workbook(Path::new(&path), std::io::stdin(), std::io::stdout()))
}
