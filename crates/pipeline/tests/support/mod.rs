//! What the tests of the pipeline share.

use std::path::{Path, PathBuf};

use matricule_ingest::{Overrides, ReaderCommand};
use matricule_mapping::Files;
use matricule_pipeline::{Declarations, Personal, Request, Split, Stages};
use matricule_record::LinkMode;

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

/// The conversion of what has this name in a folder, into a registry and a report beside it.
pub fn request(folder: &Path, ledgers: &str, split: Split) -> Request {
    Request {
        ledgers: vec![folder.join(ledgers)],
        registry: folder.join("registry.db"),
        report: folder.join("report"),
        dry_run: false,
        split,
        command: "test".to_owned(),
        operator: None,
        timings: false,
        link: LinkMode::Full,
        personal: Personal::Masked,
        parts: None,
    }
}
