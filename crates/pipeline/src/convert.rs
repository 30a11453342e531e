//! The main command: ledgers into a registry, with a report.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use matricule_ingest::{Discovery, LedgerFile, discover};
use matricule_loader::{Load, Manifest, Registry};
use matricule_record::{Code, FileFacts, Finding, Resolution};
use matricule_report::{
    CodeTally, DuplicateSummary, FileState, LeftAside, ReadingInForce, RejectedCsv, RunState, Summary, Totals, write_json,
};

use crate::clock::{Clock, Part};
use crate::known::{Holdings, Sorted, sort};
use crate::writer::Tally;
use crate::{Error, Progress, Split, Stages, Watch, flow};

/// What is to be converted, and where to.
#[derive(Clone, Debug)]
pub struct Request {
    /// Ledgers and folders of ledgers.
    pub ledgers: Vec<PathBuf>,
    /// The registry.
    pub registry: PathBuf,
    /// The folder of the report.
    pub report: PathBuf,
    /// Do everything but publish.
    pub dry_run: bool,
    /// How the work is split.
    pub split: Split,
    /// The command line, for the registry to keep.
    pub command: String,
    /// Who runs it.
    pub operator: Option<String>,
    /// Whether the summary says where the time went.
    pub timings: bool,
    /// Link only entries of one identity; propose nothing.
    pub exact_links_only: bool,
}

/// What a run reads: ledgers, and files that are refused before they are opened.
pub(crate) struct Input {
    pub ledgers: Vec<LedgerFile>,
    pub refused: Vec<(FileFacts, Finding)>,
}

/// Converts ledgers. Either everything that could be read is published, or nothing is.
pub fn convert(stages: &Stages, request: &Request, watch: &dyn Watch) -> Result<Summary, Error> {
    let discovery = discover(&request.ledgers);
    if discovery.files.is_empty() && discovery.refused.is_empty() {
        let names: Vec<String> = request.ledgers.iter().map(|path| path.display().to_string()).collect();
        return Err(Error::NoLedgers(names.join(", ")));
    }
    let mut summary = begin_summary(request, &discovery);
    let sorted = sort_by_registry(discovery.files, &request.registry)?;
    let nothing_new = sorted.new.is_empty() && discovery.refused.is_empty();
    let input = take_known(&mut summary, sorted, discovery.refused);
    if nothing_new {
        return Ok(summary);
    }
    load_and_publish(stages, request, input, watch, summary)
}

fn begin_summary(request: &Request, discovery: &Discovery) -> Summary {
    let aside = |path: &std::sync::Arc<str>| LeftAside { path: path.to_string(), reason: "not a ledger format".to_owned() };
    Summary {
        registry: request.registry.display().to_string(),
        left_aside: discovery.left_aside.iter().map(aside).collect(),
        ..Summary::default()
    }
}

/// Asks the registry, where there is one, without writing to it.
fn sort_by_registry(ledgers: Vec<LedgerFile>, path: &Path) -> Result<Sorted, Error> {
    if path.exists() { sort(ledgers, &Registry::open(path)?) } else { sort(ledgers, &Nothing) }
}

/// A registry that is not there yet.
struct Nothing;

impl Holdings for Nothing {
    fn with_bytes(&self, _: &str) -> Result<Option<matricule_loader::LoadedFile>, Error> {
        Ok(None)
    }
    fn with_path(&self, _: &str) -> Result<Option<matricule_loader::LoadedFile>, Error> {
        Ok(None)
    }
}

fn take_known(summary: &mut Summary, sorted: Sorted, refused: Vec<(FileFacts, Finding)>) -> Input {
    summary.files.extend(sorted.known);
    summary.left_aside.extend(sorted.copies);
    Input { ledgers: sorted.new, refused }
}

fn load_and_publish(
    stages: &Stages,
    request: &Request,
    input: Input,
    watch: &dyn Watch,
    mut summary: Summary,
) -> Result<Summary, Error> {
    let clock = Clock::default();
    let mut load = Load::begin(&request.registry, &manifest(stages, request))?;
    // Another run may have loaded some of them since the registry was asked.
    let input = take_known(&mut summary, sort(input.ledgers, &load)?, input.refused);
    watch.progress(Progress::Started {
        files: (input.ledgers.len() + input.refused.len()) as u64,
        bytes: input.ledgers.iter().map(|ledger| ledger.bytes).sum(),
    });
    let (tally, resolution) = flow::run(stages, &input, request, &mut load, (&clock, watch))?;
    if is_known_failure(&tally, &load)? {
        summary.files.extend(tally.files);
        return Ok(summary);
    }
    watch.progress(Progress::Publishing);
    let report = clock.time(Part::Report, || Report::write(&request.report, &load, tally.widest))?;
    let codes = complete(&mut summary, stages, tally, &resolution);
    summary.rejects_by_code = report.rejects.clone().into_summaries();
    summary.flags_by_code = codes.into_summaries();
    summary.rejected_csv = Some(report.path.display().to_string());
    if request.dry_run {
        summary.state = RunState::DryRun;
        drop(load);
    } else {
        summary.run_id = Some(clock.time(Part::Publish, || load.publish())?);
        summary.state = RunState::Published;
    }
    summary.timings = request.timings.then(|| clock.times());
    report.finish(&summary)?;
    Ok(summary)
}

/// Whether a run would only repeat that files which were refused before are still refused.
fn is_known_failure(tally: &Tally, load: &Load) -> Result<bool, Error> {
    for file in &tally.files {
        let codes: Vec<Code> = file.findings.iter().map(|finding| finding.code).collect();
        let repeated = file.state == FileState::Failed && load.has_failed(&file.path, &file.sha256, &codes)?;
        if !repeated {
            return Ok(false);
        }
    }
    Ok(true)
}

fn manifest(stages: &Stages, request: &Request) -> Manifest {
    Manifest {
        command: request.command.clone(),
        operator: request.operator.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mappings: stages.stored().to_vec(),
    }
}

/// Puts what was counted into the summary; gives back the warnings.
fn complete(summary: &mut Summary, stages: &Stages, tally: Tally, resolution: &Resolution) -> CodeTally {
    summary.files.extend(tally.files);
    summary.files.sort_by(|a, b| a.path.cmp(&b.path));
    summary.totals = Totals::of(&summary.files);
    summary.duplicates = DuplicateSummary::of(resolution);
    summary.readings = tally.readings.into_iter().map(|reading| with_language(reading, stages)).collect();
    tally.flags
}

fn with_language(reading: ReadingInForce, stages: &Stages) -> ReadingInForce {
    let table = stages.transliteration.tables().iter().find(|table| *table.id() == reading.table);
    let language = table.map(|table| table.table().language()).filter(|language| !language.is_empty());
    ReadingInForce { language: language.map(Into::into), ..reading }
}

/// The report's files while they are not yet in place.
struct Report {
    folder: PathBuf,
    path: PathBuf,
    rejects: CodeTally,
}

const PARTIAL: &str = "rejected.csv.partial";

impl Report {
    /// Writes the rejected rows of the run beside their final place.
    fn write(folder: &Path, load: &Load, widest: usize) -> Result<Self, Error> {
        let partial = folder.join(PARTIAL);
        let fault = |error| Error::Write { path: partial.clone(), error };
        fs::create_dir_all(folder).map_err(fault)?;
        let file = BufWriter::new(File::create(&partial).map_err(fault)?);
        let mut rejected = RejectedCsv::create(file, widest)?;
        let mut rejects = CodeTally::default();
        let mut result = Ok(());
        load.rejects(|row| {
            rejects.add_rejected(&row);
            if result.is_ok() {
                result = rejected.write(&row);
            }
        })?;
        result?;
        rejected.finish()?.flush().map_err(fault)?;
        Ok(Self { folder: folder.to_owned(), path: folder.join("rejected.csv"), rejects })
    }

    /// Puts the report in place, once the registry is.
    fn finish(self, summary: &Summary) -> Result<(), Error> {
        let json = self.folder.join("report.json");
        let partial = self.folder.join("report.json.partial");
        let fault = |path: &Path| {
            let path = path.to_owned();
            move |error| Error::Write { path, error }
        };
        let mut file = BufWriter::new(File::create(&partial).map_err(fault(&partial))?);
        write_json(summary, &mut file)?;
        file.flush().map_err(fault(&partial))?;
        fs::rename(&partial, &json).map_err(fault(&json))?;
        fs::rename(self.folder.join(PARTIAL), &self.path).map_err(fault(&self.path))
    }
}
