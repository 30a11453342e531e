//! The main command: ledgers into a registry, with a report.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use matricule_ingest::{Discovery, discover};
use matricule_loader::{Load, Manifest, Registry};
use matricule_record::{LinkMode, Resolution, message};
use matricule_report::{
    CodeTally, DuplicateSummary, LeftAside, NamedCount, ReadingInForce, RunState, Summary, Totals,
    check_temporary_folder,
};

use crate::clock::{Clock, Part};
use crate::known::{Holdings, Input, Nothing, Sorted, sort};
use crate::pages::Lists;
use crate::parts::{self, LeftBuilds, Parts};
use crate::report::{Contents, Report};
use crate::scans::Scans;
use crate::writer::Tally;
use crate::{Error, Progress, Split, Stages, Watch, flow, merge, standing};

/// What becomes of personal data in a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Personal {
    /// They are masked, unless they are what is wrong.
    #[default]
    Masked,
    /// They are shown.
    Shown,
}

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
    /// Which links between entries are looked for.
    pub link: LinkMode,
    /// Whether the report shows personal data.
    pub personal: Personal,
    /// How a first build is committed in parts; `None` where it is not, as in a dry run.
    pub parts: Option<Parts>,
}

/// Converts ledgers. Either everything that could be read is published, or nothing is.
pub fn convert(stages: &Stages, request: &Request, watch: &dyn Watch) -> Result<Summary, Error> {
    if let Some(missing) = request.ledgers.iter().find(|path| path.symlink_metadata().is_err()) {
        return Err(Error::NoSuchLedger(missing.clone()));
    }
    let left = LeftBuilds::of(request, watch);
    let (ledgers, merged) = merge::gather(&request.ledgers, &request.registry)?;
    // A part of a first build knows nothing of what is still to be taken over for the ledgers in it.
    let is_in_parts = ledgers.len() == request.ledgers.len();
    let request = &Request { parts: request.parts.filter(|_| is_in_parts), ..request.clone() };
    let Discovery { files, refused, left_aside, of_reports } = discover(&ledgers, stages.profile());
    if files.is_empty() && refused.is_empty() && is_in_parts {
        let names: Vec<String> = request.ledgers.iter().map(|path| path.display().to_string()).collect();
        return Err(Error::NoLedgers(names.join(", ")));
    }
    let aside =
        |(path, reason): (&Arc<str>, &str)| LeftAside { path: path.to_string(), reason: reason.to_owned() };
    let others = left_aside.iter().map(|path| (path, "not a ledger format"));
    let reported = of_reports.iter().map(|path| (path, message!("aside-of-report")));
    let mut summary = Summary {
        registry: request.registry.display().to_string(),
        left_aside: others.chain(reported).map(aside).collect(),
        ..Summary::default()
    };
    let found = Input { ledgers: files, refused, ..merged };
    let registry = holdings(&request.registry)?;
    if request.registry.exists() && !request.dry_run {
        left.remove();
    }
    let input = take_known(&mut summary, sort(found, &*registry, (stages, watch))?);
    if input.is_idle(&*registry)? {
        left.tell_idle();
        summary.left_aside.extend(not_taken_over(&*registry, &input)?);
        return Ok(summary);
    }
    drop(registry);
    load_and_publish(stages, request, input, (watch, &left), summary)
}

/// The registry, where there is one, to be asked without writing to it.
fn holdings(path: &Path) -> Result<Box<dyn Holdings>, Error> {
    Ok(if path.exists() { Box::new(Registry::open(path)?) } else { Box::new(Nothing) })
}

/// Decisions of other registries that do not hold.
fn not_taken_over(registry: &dyn Holdings, input: &Input) -> Result<Vec<LeftAside>, Error> {
    registry.stored()?.map_or(Ok(Vec::new()), |stored| merge::not_taken_over(&stored, &input.decisions))
}

fn take_known(summary: &mut Summary, sorted: Sorted) -> Input {
    summary.files.extend(sorted.known);
    summary.left_aside.extend(sorted.copies);
    sorted.new
}

fn load_and_publish(
    stages: &Stages,
    request: &Request,
    input: Input,
    (watch, left): (&dyn Watch, &LeftBuilds<'_>),
    mut summary: Summary,
) -> Result<Summary, Error> {
    // A report without its workbook would be noticed when all is read.
    check_temporary_folder().map_err(|error| Error::from(error).at(&request.report))?;
    let clock = Clock::default();
    let manifest = manifest(stages, request);
    let mut load = match request.parts {
        // What is not published leaves alone the registry, its folder, and what was begun to be one.
        _ if request.dry_run => Load::rehearse(&request.registry, &manifest)?,
        Some(Parts { resume, .. }) => Load::begin_in_parts(
            &request.registry,
            &manifest,
            parts::inputs(stages, request, &input),
            resume,
        )?,
        None => Load::begin(&request.registry, &manifest)?,
    };
    left.tell_begun(&load, request.parts.is_some())?;
    let scans = Scans::new(&input.ledgers, &request.report);
    let counted = parts::counted(&load)?;
    // Another run may have loaded some of them since the registry was asked.
    let remaining = sort(parts::remaining(input, &counted), &load, (stages, watch))?;
    let input = take_known(&mut summary, remaining);
    let merged_bytes = input.merged.iter().map(|ledger| ledger.facts.bytes);
    watch.progress(Progress::Started {
        files: (input.ledgers.len() + input.refused.len() + input.merged.len()) as u64,
        bytes: input.ledgers.iter().map(|ledger| ledger.bytes).chain(merged_bytes).sum(),
    });
    let not_looked_for = standing::not_looked_for(&load, request.link)?;
    let flowed = flow::run(stages, (&input, counted), request, &mut load, (&clock, watch));
    let is_kept = load.keeps_parts();
    let published = flowed.and_then(|flowed| {
        watch.progress(Progress::Publishing);
        summary.left_aside.extend(not_taken_over(&load, &input)?);
        summary.duplicates.not_looked_for = not_looked_for;
        let summary = publish(stages, request, (load, flowed), (&clock, &scans, watch), summary)?;
        if !request.dry_run {
            left.remove();
        }
        Ok(summary)
    });
    published.map_err(|error| match error {
        Error::Unreported { .. } => error,
        error if is_kept => left.unfinished(error),
        error => error,
    })
}

/// Writes the report, and makes the run visible.
fn publish(
    stages: &Stages,
    request: &Request,
    (load, (tally, resolution)): (Load, (Tally, Resolution)),
    (clock, scans, watch): (&Clock, &Scans, &dyn Watch),
    mut summary: Summary,
) -> Result<Summary, Error> {
    let in_force = tally.readings.iter().map(|reading| reading.table.to_string()).collect();
    let registry = summary.registry.clone();
    let unmask = request.personal == Personal::Shown;
    let contents = Contents { source: &load, stages, in_force, scans, registry: &registry, unmask };
    let mut report = clock.time(Part::Report, || Report::write(&request.report, &contents))?;
    let lists = Lists::of(load.stored(), contents.unmask)?;
    // A newer version of a ledger is resolved as a part, which leaves out what stands.
    let found = if load.has_renewed() {
        standing::duplicates(load.stored())?
    } else {
        DuplicateSummary::of(&resolution)
    };
    let not_looked_for = summary.duplicates.not_looked_for;
    summary.duplicates = DuplicateSummary { not_looked_for, not_asked: resolution.not_asked as u64, ..found };
    let codes = complete(&mut summary, stages, tally);
    summary.rejects_by_code = report.rejects.clone().into_summaries();
    summary.flags_by_code = codes.into_summaries();
    summary.rejected_csv = Some(report.rejected_csv().display().to_string());
    if request.dry_run {
        summary.state = RunState::DryRun;
        drop(load);
    } else {
        let published = clock.time(Part::Publish, || load.publish())?;
        (summary.run_id, summary.chain_head) = (Some(published.run_id), Some(published.chain));
        summary.state = RunState::Published;
    }
    summary.timings = request.timings.then(|| clock.times());
    let unreported = |error| match summary.run_id {
        Some(run) => Error::Unreported { run, error: Box::new(error) },
        None => error,
    };
    let kept = report.finish(&summary, &lists).map_err(unreported)?;
    for kept in &kept {
        watch.tell(&kept.told());
    }
    Ok(summary)
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
fn complete(summary: &mut Summary, stages: &Stages, tally: Tally) -> CodeTally {
    summary.files.extend(tally.files);
    summary.files.sort_by(|a, b| a.path.cmp(&b.path));
    summary.totals = Totals::of(&summary.files);
    summary.completeness = tally.completeness.summary();
    summary.unlisted = tally.unlisted.into_list();
    summary.readings = readings(tally.readings, stages);
    summary.characters_dropped = dropped(&tally.dropped, stages);
    summary.decades_of_manufacture = standing::named_decades(tally.decades);
    tally.flags
}

/// The readings in force. A table's language is named where it was the ledger's; where the language
/// was not known, the table only speaks for all that agree with it.
pub(crate) fn readings(counted: Vec<ReadingInForce>, stages: &Stages) -> Vec<ReadingInForce> {
    let mut readings: Vec<ReadingInForce> = Vec::new();
    for mut reading in counted {
        let table = stages.transliteration.tables().iter().find(|table| *table.id() == reading.table);
        let language = table.map(|table| table.table().language());
        reading.language = reading.language.filter(|known| Some(known.as_str()) == language);
        let is_same = |known: &&mut ReadingInForce| {
            (&known.table, &known.language, &known.script)
                == (&reading.table, &reading.language, &reading.script)
        };
        match readings.iter_mut().find(is_same) {
            Some(known) => known.serials += reading.serials,
            None => readings.push(reading),
        }
    }
    readings
}

/// What disappeared from serials, by the name that the drop row gives it.
fn dropped(counted: &BTreeMap<char, u64>, stages: &Stages) -> Vec<NamedCount> {
    let mut named: BTreeMap<String, u64> = BTreeMap::new();
    for (&character, times) in counted {
        let point = format!("U+{:04X}", u32::from(character));
        let name = stages.transliteration.drop_name(character).map_or(point, str::to_owned);
        *named.entry(name).or_default() += times;
    }
    named.into_iter().map(|(name, count)| NamedCount { name, count }).collect()
}
