//! The arguments of `matricule dedupe`.

use std::path::PathBuf;

use clap::Args;
use matricule_deduplication::model::Part;

const DEDUPE_HELP: &str = "\
Examples:
  matricule dedupe registry.csv --config benches/linkage/registry.toml --out found
      writes found/pairs.csv (rec_a, rec_b, score, class) and found/clusters.csv (rec_id, cluster_id)
  matricule dedupe registry.csv --config benches/linkage/registry.toml --out found --memory 500
      the same in less memory, with keys and pairs in temporary files
  matricule dedupe registry.csv --config benches/linkage/registry.toml --out found --part 1/2
  matricule dedupe registry.csv --config benches/linkage/registry.toml --out found --part 2/2
  matricule dedupe registry.csv --config benches/linkage/registry.toml --out found --join 2
      the same on two machines: each scores its part, and one joins what stands in found/

The score is the posterior odds that two records are one, as log2: 10 is a thousand to one. Classes:
match (may be merged without a person), conflict (one weapon, stated in ways that exclude each other),
transfer (another holder later), review (a person decides). docs/design-deduplication.md teaches the
configuration and the model; configurations for public sets stand in benches/linkage/.

Exit status: 0 compared; 2 could not run.";

/// Each shard has an open file.
pub(crate) const MOST_SHARDS: usize = 512;

/// `dedupe`.
#[derive(Debug, Args)]
#[command(after_help = DEDUPE_HELP)]
pub struct Dedupe {
    /// The records; several files are compared as one.
    #[arg(required = true, value_name = "FILE.csv")]
    pub files: Vec<PathBuf>,
    /// Which columns are compared, and how.
    #[arg(long, value_name = "FILE.toml")]
    pub config: PathBuf,
    /// Where pairs.csv and clusters.csv are written.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Also print why these two records have their score; may be given several times.
    #[arg(long, num_args = 2, value_names = ["ID", "ID"])]
    pub explain: Vec<String>,
    /// What it may take in memory. Records take about 110 bytes each and stay there; where the rest is too little for
    /// their pairs, keys and pairs go to temporary files under DIR.
    #[arg(long, value_name = "MIB", default_value_t = 1024, value_parser = clap::value_parser!(u64).range(16..))]
    pub memory: u64,
    /// Put keys and pairs into temporary files and cut pairs into so many shards [default: as --memory needs]; the result does not depend on it.
    #[arg(long, value_name = "N", value_parser = shards)]
    pub shards: Option<usize>,
    /// Score only the pairs of part I of N, into DIR/part-I-of-N: several machines each take one. All read all records.
    #[arg(long, value_name = "I/N", value_parser = part, conflicts_with_all = ["join", "explain"])]
    pub part: Option<Part>,
    /// Take the pairs from the N parts that stand in DIR; the result is that of one machine.
    #[arg(long, value_name = "N", value_parser = shards)]
    pub join: Option<usize>,
    /// Worker threads [default: one a core]; the result does not depend on it.
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
}

/// `2/5`: the second of five.
fn part(text: &str) -> Result<Part, String> {
    let parsed =
        text.split_once('/').and_then(|(number, count)| Some((number.parse().ok()?, shards(count).ok()?)));
    let part = parsed.filter(|(number, count)| (1..=*count).contains(number));
    let part = part.map(|(number, count)| Part { number, count });
    part.ok_or_else(|| format!("write 2/5 for the second of five, with {MOST_SHARDS} at most"))
}

/// The number of shards: each has an open file.
fn shards(text: &str) -> Result<usize, String> {
    let number = text.parse().map_err(|_| "not a number".to_owned())?;
    let fits = (1..=MOST_SHARDS).contains(&number);
    fits.then_some(number).ok_or_else(|| format!("1 to {MOST_SHARDS} can be open at a time"))
}
