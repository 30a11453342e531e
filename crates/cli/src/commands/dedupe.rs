//! `matricule dedupe`: reads CSV, leaves the comparison to the library, writes CSV.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, bail};
use matricule_deduplication::model::{
    Config, Hints, Outcome, Spill, Table, Vocabulary, deduplicate, score_part,
};
use matricule_text::delimiter_of;

use crate::Status;
use crate::arguments::{Dedupe, MOST_SHARDS};
use crate::output::print;

pub(crate) fn run(arguments: &Dedupe) -> Status {
    let config = config(&arguments.config)?;
    let vocabulary = vocabulary(&config, &arguments.config)?;
    let mut table = Table::new(&config);
    for file in &arguments.files {
        table.begin_list();
        read(file, &config, &mut table).with_context(|| file.display().to_string())?;
    }
    let threads = rayon::ThreadPoolBuilder::new().num_threads(arguments.jobs.unwrap_or(0)).build()?;
    let asked: Vec<[String; 2]> =
        arguments.explain.chunks_exact(2).map(|pair| [pair[0].clone(), pair[1].clone()]).collect();
    let shards = arguments.shards.or_else(|| shards(table.len(), arguments.memory));
    // What was scored in parts is joined in these parts.
    let shards = shards.map(|shards| arguments.join.unwrap_or(shards));
    let folder = shards.map(|_| spill_folder(&arguments.out)).transpose();
    let folder = folder.with_context(|| arguments.out.display().to_string())?;
    let spill = folder.as_ref().zip(shards);
    let spill = spill.map(|(folder, shards)| Spill { folder: folder.path().to_owned(), shards });
    if let Some(part) = arguments.part {
        std::fs::create_dir_all(&arguments.out)?;
        let out = &arguments.out;
        let score = || score_part(&config, table, &vocabulary, part, out, spill.as_ref());
        let scored = threads.install(score).with_context(|| out.display().to_string())?;
        print(&format!("{scored} pairs scored, in {}\n", part.file(out).display()))?;
        return Ok(0);
    }
    let parts = arguments.join.map(|count| (arguments.out.clone(), count));
    let hints = Hints { spill, parts, ..Hints::default() };
    let outcome = threads.install(|| deduplicate(&config, table, &vocabulary, &asked, hints))?;
    drop(folder);
    write(&arguments.out, &outcome).with_context(|| arguments.out.display().to_string())?;
    print(&summary(&outcome))?;
    if outcome.ids.len() as u64 * RECORD > arguments.memory << 20 {
        print(&format!(
            "warning: the records alone take about {} MiB\n",
            (outcome.ids.len() as u64 * RECORD) >> 20
        ))?;
    }
    Ok(0)
}

/// A folder for temporary files beside the output; it is removed with what is in it.
fn spill_folder(out: &Path) -> std::io::Result<tempfile::TempDir> {
    std::fs::create_dir_all(out)?;
    tempfile::Builder::new().prefix("spill-").tempdir_in(out)
}

/// Bytes that a record takes in memory, in whatever way its pairs are kept.
const RECORD: u64 = 110;

/// Bytes of a record's pairs: it has about three, each with its likelihoods.
const PAIRS: u64 = 3 * 64;

/// The least that is left for pairs, in bytes.
const LEAST: u64 = 32 << 20;

/// Into how many shards pairs are cut, so that those of one fit into what the records leave of the memory; none where all fit.
fn shards(records: usize, megabytes: u64) -> Option<usize> {
    let (records, memory) = (records as u64, megabytes.saturating_mul(1 << 20));
    let free = memory.saturating_sub(records * RECORD).max(LEAST);
    let shards = (records * PAIRS).div_ceil(free);
    (shards > 1).then(|| usize::try_from(shards).map_or(MOST_SHARDS, |shards| shards.min(MOST_SHARDS)))
}

fn config(path: &Path) -> anyhow::Result<Config> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Config::parse(&text).with_context(|| path.display().to_string())
}

/// The canonical values that the configuration names, if it names any.
fn vocabulary(config: &Config, beside: &Path) -> anyhow::Result<Vocabulary> {
    let mut vocabulary = Vocabulary::default();
    let Some(name) = &config.vocabulary else { return Ok(vocabulary) };
    let path = beside.with_file_name(name);
    let mut reader = csv::Reader::from_path(&path).with_context(|| path.display().to_string())?;
    for record in reader.deserialize() {
        let (field, within, value, alias): (String, String, String, String) =
            record.with_context(|| path.display().to_string())?;
        vocabulary.push(&field, &within, &value, &alias);
    }
    Ok(vocabulary)
}

fn read(file: &Path, config: &Config, table: &mut Table) -> anyhow::Result<()> {
    let mut bytes = BufReader::new(File::open(file)?);
    // The first buffer has the header; where it is longer, its beginning tells as much.
    let start = bytes.fill_buf()?;
    let delimiter = delimiter_of(start);
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::Headers).delimiter(delimiter).from_reader(bytes);
    let header = reader.headers()?.clone();
    let at = |name: &str| match header.iter().position(|text| text.trim_start_matches('\u{feff}') == name) {
        Some(at) => Ok(at),
        None => bail!("no column `{name}`; there are: {}", header.iter().collect::<Vec<_>>().join(", ")),
    };
    let id = at(&config.id)?;
    let columns = config.columns().map(at).collect::<anyhow::Result<Vec<usize>>>()?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let texts = columns.iter().map(|&column| &record[column]);
        table.push(record[id].trim(), texts).with_context(|| place(&record))?;
    }
    Ok(())
}

fn place(record: &csv::StringRecord) -> String {
    record.position().map_or_else(String::new, |position| format!("line {}", position.line()))
}

fn write(folder: &Path, outcome: &Outcome) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut pairs = csv::Writer::from_path(folder.join("pairs.csv"))?;
    pairs.write_record(["rec_a", "rec_b", "score", "class"])?;
    for edge in &outcome.edges {
        let score = format!("{:.3}", edge.bits);
        pairs.write_record([outcome.ids.get(edge.a), outcome.ids.get(edge.b), &score, edge.class.name()])?;
    }
    pairs.flush()?;
    let mut clusters = csv::Writer::from_path(folder.join("clusters.csv"))?;
    clusters.write_record(["rec_id", "cluster_id"])?;
    for (row, &first) in (0..).zip(&outcome.clusters) {
        clusters.write_record([outcome.ids.get(row), outcome.ids.get(first)])?;
    }
    Ok(clusters.flush()?)
}

/// What was compared, what was found, and what was left out.
fn summary(outcome: &Outcome) -> String {
    let (records, compared) = (outcome.ids.len(), outcome.compared);
    let mut text = format!("{records} records, {compared} pairs compared, {} kept\n", outcome.edges.len());
    for block in &outcome.blocks {
        text.push_str(&format!("  {}: {} pairs", block.keys, block.pairs));
        if block.dropped > 0 {
            text.push_str(&format!(
                "; {} groups with {} records were too large and are not compared under this key",
                block.dropped, block.dropped_records
            ));
        }
        text.push('\n');
    }
    for warning in &outcome.warnings {
        text.push_str(&format!("warning: {warning}\n"));
    }
    for ([a, b], explanation) in &outcome.explanations {
        text.push_str(&format!("\n{a} and {b}, {explanation}"));
    }
    text
}
