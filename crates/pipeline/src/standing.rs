//! What a registry holds at present, as the summary that the pages of a report are made of.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use matricule_loader::{Load, PresentEntry, PresentFile, PresentReading, Stored};
use matricule_record::{Cells, Code, EntryId, Flag, LinkMode, Source};
use matricule_report::{
    CodeSummary, CodeTally, CompletenessTally, DuplicateSummary, Example, FileState, FileSummary, NamedCount,
    ReadingInForce, ReviewPairs, RunState, Summary, Totals,
};

use crate::Error;

/// The summary of a registry; its refused rows are counted by whoever writes them.
pub(crate) fn summary(stored: Stored<'_>, path: &Path) -> Result<Summary, Error> {
    let files: Vec<FileSummary> = stored.present_files()?.into_iter().map(file).collect();
    let mut summary = Summary {
        chain_head: Some(stored.head()?),
        state: RunState::Standing,
        registry: path.display().to_string(),
        totals: Totals::of(&files),
        files,
        readings: stored.present_readings()?.into_iter().map(reading).collect(),
        duplicates: duplicates(stored)?,
        waived: Some(stored.waived_rows()?),
        ..Summary::default()
    };
    count(stored, &mut summary)?;
    Ok(summary)
}

/// The pairs and contradictions of a registry, counted.
pub(crate) fn duplicates(stored: Stored<'_>) -> Result<DuplicateSummary, Error> {
    let links = stored.present_links()?;
    let review = |(kind, pairs)| ReviewPairs { kind, pairs };
    Ok(DuplicateSummary {
        merged_pairs: links.merged,
        review_pairs: links.review.into_iter().map(review).collect(),
        conflicts: links.conflicts,
        repeated_serials: links.repeated_serials,
        on_hold: links.on_hold,
        not_looked_for: 0,
        not_asked: 0,
        crowded: Vec::new(),
    })
}

/// How many pairs an earlier run asked about that one in this mode does not look for.
pub(crate) fn not_looked_for(load: &Load, mode: LinkMode) -> Result<u64, Error> {
    if mode == LinkMode::Full || load.link_mode()? != Some(LinkMode::Full) {
        return Ok(0);
    }
    Ok(duplicates(load.stored())?.review_pairs.iter().map(|kind| kind.pairs).sum())
}

fn file(file: PresentFile) -> FileSummary {
    let state = if file.is_failed { FileState::Failed } else { FileState::Loaded };
    FileSummary::new(&file.facts, state, file.sheets, Vec::new())
}

fn reading(found: PresentReading) -> ReadingInForce {
    ReadingInForce {
        script: found.script,
        language: found.language,
        reading: found.reading,
        table: found.table.into(),
        serials: found.serials,
    }
}

/// What is counted of the present entries: how complete those of each ledger are, when their weapons were made, and
/// their warnings.
fn count(stored: Stored<'_>, summary: &mut Summary) -> Result<(), Error> {
    let (mut all, mut own) = (CompletenessTally::default(), BTreeMap::<String, CompletenessTally>::new());
    let mut decades = BTreeMap::new();
    let mut warnings = Warnings::default();
    stored.present_entries(|entry| {
        all.add(entry.register, entry.completeness, entry.fields.iter().copied());
        let of_file = own.entry(entry.file.to_owned()).or_default();
        of_file.add(entry.register, entry.completeness, []);
        if let Some(decade) = decade_of(entry.year_of_manufacture) {
            *decades.entry(decade).or_default() += 1;
        }
        warnings.add(entry);
    })?;
    summary.flags_by_code = warnings.summaries(stored)?;
    for file in &mut summary.files {
        file.completeness = own.get(&*file.path).map(CompletenessTally::all);
    }
    summary.completeness = all.summary();
    summary.decades_of_manufacture = named_decades(decades);
    Ok(())
}

/// The warnings of present entries, counted; the first entry of each code is its example.
#[derive(Default)]
struct Warnings {
    counted: CodeTally,
    first: BTreeMap<Code, (EntryId, Flag)>,
}

impl Warnings {
    fn add(&mut self, entry: &PresentEntry<'_>) {
        for flag in &entry.flags {
            self.first.entry(flag.code).or_insert_with(|| (entry.entry, flag.clone()));
        }
        // The cells are read of the examples only.
        let nowhere = Source { ledger: Arc::default(), row: 0 };
        self.counted.add_flags(&nowhere, &Cells::default(), &entry.flags);
    }

    fn summaries(self, stored: Stored<'_>) -> Result<Vec<CodeSummary>, Error> {
        let mut rows = stored.rows();
        let mut shown = CodeTally::default();
        for (entry, flag) in self.first.into_values() {
            if let Some(row) = rows.entry(entry)? {
                shown.add_flags(&row.source, &row.cells, &[flag]);
            }
        }
        let mut examples: BTreeMap<Code, Option<Example>> =
            shown.into_summaries().into_iter().map(|code| (code.code, code.example)).collect();
        let counted = self.counted.into_summaries().into_iter();
        Ok(counted
            .map(|code| CodeSummary { example: examples.remove(&code.code).flatten(), ..code })
            .collect())
    }
}

/// The decade of the first year that a year or a range of years names.
pub(crate) fn decade_of(years: &str) -> Option<u16> {
    years.get(..4)?.parse::<u16>().ok().map(|year| year / 10 * 10)
}

/// Decades as a report names them.
pub(crate) fn named_decades(counted: BTreeMap<u16, u64>) -> Vec<NamedCount> {
    counted.into_iter().map(|(decade, count)| NamedCount { name: format!("{decade}s"), count }).collect()
}
