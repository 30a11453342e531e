//! The arguments of `matricule find`.

use std::path::PathBuf;

use clap::Args;

const FIND_HELP: &str = "\
Examples:
  matricule find 'НХ 0715' --registry registry.db
      as it is marked, in any script; 0/O, 1/I/L, 5/S and 8/B are taken for each other, last of all
  matricule find NKH0715 --registry registry.db
      as a converted serial is typed, under either reading
  matricule find 'T1102*' --registry registry.db
      a serial of which only a part can be read; one that the ledger could not read, T1102*, is found
      by T11023 too
  matricule find --index --registry registry.db
      make the index of parts of serials, once
  matricule find 0715 --substring --registry registry.db
      every serial that contains 0715

The column `entry` has the numbers that `matricule entries` and `matricule review` take.

The column `found by` says how surely: canonical, converted, other_reading, plain_key, component,
former, look_alike, illegible, pattern, substring, the surest first.

Entries that are not present any more, because their row is gone from its ledger or is refused now, or their run was
undone, are listed behind, with the run that took them out.

Exit status: 0 found (or index made), 1 no present entry found, 2 could not run.";

/// `find`.
#[derive(Debug, Args)]
#[command(after_help = FIND_HELP)]
pub struct Find {
    /// The serial, as marked or as converted; `?` is any one character, `*` any number of them.
    #[arg(required_unless_present = "index")]
    pub serial: Option<String>,
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// Find serials that only contain it, too (three characters at least).
    #[arg(long)]
    pub substring: bool,
    /// Make the index that --substring needs; later runs keep it up.
    #[arg(long)]
    pub index: bool,
    /// Print what is found as JSON on standard output.
    #[arg(long)]
    pub json: bool,
}
