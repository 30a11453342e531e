//! What the tests of the pipeline share.

use std::path::PathBuf;

use matricule_ingest::{Overrides, ReaderCommand};
use matricule_mapping::Files;
use matricule_pipeline::{Declarations, Stages};

/// All stages, by these mapping files, for CSV only: there is no program to read workbooks.
pub fn stages(files: Files, language: Option<&str>) -> Stages {
    Stages::new(Declarations {
        files,
        profile: None,
        overrides: Overrides { language: language.map(Into::into), ..Overrides::default() },
        reader: ReaderCommand { program: PathBuf::from("none"), arguments: Vec::new() },
        today: jiff::civil::date(2026, 1, 1),
    })
    .unwrap()
}
