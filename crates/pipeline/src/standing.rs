//! What a registry holds at present, as the summary that the pages of a report are made of.

use std::path::Path;

use matricule_loader::{PresentFile, PresentReading, Stored};
use matricule_report::{
    DuplicateSummary, FileState, FileSummary, ReadingInForce, ReviewPairs, RunState, Summary, Totals,
};

use crate::Error;

/// The summary of a registry; its refused rows are counted by whoever writes them.
pub(crate) fn summary(stored: Stored<'_>, path: &Path) -> Result<Summary, Error> {
    let files: Vec<FileSummary> = stored.present_files()?.into_iter().map(file).collect();
    Ok(Summary {
        chain_head: Some(stored.head()?),
        state: RunState::Standing,
        registry: path.display().to_string(),
        totals: Totals::of(&files),
        files,
        readings: stored.present_readings()?.into_iter().map(reading).collect(),
        duplicates: duplicates(stored)?,
        ..Summary::default()
    })
}

/// The pairs and contradictions of a registry, counted.
pub(crate) fn duplicates(stored: Stored<'_>) -> Result<DuplicateSummary, Error> {
    let links = stored.present_links()?;
    let review = |(kind, pairs)| ReviewPairs { kind, pairs };
    Ok(DuplicateSummary {
        merged_pairs: links.merged,
        review_pairs: links.review.into_iter().map(review).collect(),
        conflicts: links.conflicts,
        crowded: Vec::new(),
    })
}

fn file(file: PresentFile) -> FileSummary {
    let state = if file.is_failed { FileState::Failed } else { FileState::Loaded };
    FileSummary::new(&file.facts, state, file.sheets, Vec::new())
}

fn reading(found: PresentReading) -> ReadingInForce {
    ReadingInForce {
        script: found.script,
        language: None,
        reading: found.reading,
        table: found.table.into(),
        serials: found.serials,
    }
}
