//! The command line.

mod export;
mod rejects;
mod review;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use self::export::{ExportArguments, Form, What};
pub use self::rejects::{ExportRejects, FixRejects, Fold, ImportRejects, Rejects, RejectsCommand};
pub use self::review::{Apply, Review, ReviewCommand, ReviewList, ReviewShow, Verdict};

const OVERVIEW: &str = "\
Turns paper weapons ledgers, typed or scanned into spreadsheets in any script, into an electronic
registry that an auditor can defend line by line. Works offline.

Start with:
  matricule convert LEDGERS --registry registry.db     read a folder of ledgers into a registry
  matricule explain T301                               why a row was refused, and how to repair it
  matricule find 'АВ 1234' --registry registry.db      look for a weapon, in any script";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "matricule", version, about = OVERVIEW, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read ledgers into a registry and report every row that was refused.
    Convert(Convert),
    /// Show how ledgers would be read, before anything is loaded.
    Inspect(Inspect),
    /// Apply corrected mapping tables to what a registry already holds: shows the plan, --apply does it.
    Rerun(RerunRegistry),
    /// Refused rows: write them again, and feed repaired ones back.
    Rejects(Rejects),
    /// Write entries or weapons to a CSV, JSON lines or workbook, personal data masked.
    Export(ExportArguments),
    /// What an entry says and how it came to say so; amend one that was found wrong.
    Entries(Entries),
    /// Write an empty ledger workbook, for an office that still has to type.
    Template(Template),
    /// Find a weapon by its serial, in any script.
    Find(Find),
    /// Doubtful duplicates: what a person is asked, and what a person says.
    Review(Review),
    /// Check that a registry is what its runs wrote, and that each serial reads as its table says.
    Audit(AuditRegistry),
    /// The runs that a registry was made by.
    Runs(Runs),
    /// The mapping tables that convert serials.
    Mappings(Mappings),
    /// Convert serials, one a line on standard input, to tab-separated lines on standard output.
    Transliterate(Transliterate),
    /// Find the records of any CSV that describe one thing, without a registry.
    Dedupe(Dedupe),
    /// The manual page of a code, such as T301.
    Explain(Explain),
    /// Write the generated pages of docs/.
    #[command(hide = true)]
    Docs {
        /// Where to.
        folder: PathBuf,
    },
    /// Read a workbook in a process of its own, for the reader of ledgers.
    #[command(hide = true, name = "read-workbook")]
    ReadWorkbook {
        /// The workbook.
        path: PathBuf,
    },
}

const CONVERT_HELP: &str = "\
Examples:
  matricule convert ledgers --registry registry.db
      every .xlsx .xls .xlsb .ods .csv .tsv in the folder `ledgers` and below
  matricule convert book2.xlsx --registry registry.db --register police
      one more ledger into the same registry; a ledger loaded before is not loaded twice
  matricule convert ledgers --registry trial.db --dry-run
      do everything but publish: see what would be refused, and why
  matricule convert ledgers --registry registry.db --mappings our-tables
      with the office's own tables laid over the shipped ones

A ledger.toml beside a ledger declares what cannot be detected: language, columns, constants.
Refused rows are in REPORT/rejected.xlsx with the reason and a repair, and in rejected.csv for programs;
the rest is loaded.

Exit status: 0 all rows loaded; 1 some rows or files were refused; 2 could not run, nothing
published; 130 interrupted, nothing published.";

/// `convert`.
#[derive(Debug, Args)]
#[command(after_help = CONVERT_HELP)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Convert {
    /// Ledgers, or folders of ledgers.
    #[arg(required = true, value_name = "LEDGER|DIR")]
    pub ledgers: Vec<PathBuf>,
    /// The registry: made if it is not there, added to if it is.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// Folder of the report [default: matricule-report beside the registry].
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// How the ledgers are declared.
    #[command(flatten)]
    pub declared: Declared,
    /// Worker threads [default: one a core].
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Do everything but publish.
    #[arg(long)]
    pub dry_run: bool,
    /// Print the summary as JSON on standard output.
    #[arg(long)]
    pub json: bool,
    /// Who runs it, for the registry to remember.
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
    /// Which links between entries are looked for.
    #[arg(long, value_enum, default_value_t = Link::Full)]
    pub link: Link,
    /// Show personal data in the report; without it they are masked, but in rejected.csv.
    #[arg(long)]
    pub unmask: bool,
    /// Say where the time went, stage by stage.
    #[arg(long)]
    pub timings: bool,
    /// Rows in a batch; the result does not depend on it.
    #[arg(long, hide = true, default_value_t = 128)]
    pub batch: usize,
}

/// What is declared about all ledgers of a command.
#[derive(Clone, Debug, Default, Args)]
pub struct Declared {
    /// A ledger profile for all ledgers, instead of the ledger.toml beside each.
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// The office's own mapping files, laid over the shipped ones.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
    /// Whether letters are read by sound or by look.
    #[arg(long, value_enum)]
    pub reading: Option<Reading>,
    /// The register that the ledgers belong to.
    #[arg(long, value_name = "NAME")]
    pub register: Option<String>,
    /// The language of the ledgers, such as ru.
    #[arg(long, value_name = "CODE")]
    pub language: Option<String>,
    /// The named standard, or the variant that can be read back letter by letter.
    #[arg(long, value_enum)]
    pub variant: Option<Variant>,
}

/// By sound or by look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reading {
    /// АВ is AV.
    Sound,
    /// АВ is AB.
    Look,
}

impl From<Reading> for matricule_record::Reading {
    fn from(reading: Reading) -> Self {
        match reading {
            Reading::Sound => Self::Sound,
            Reading::Look => Self::Look,
        }
    }
}

/// Standard or strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Variant {
    /// Ц is TS.
    Standard,
    /// Ц is XT, which nothing else is.
    Strict,
}

impl From<Variant> for matricule_record::Variant {
    fn from(variant: Variant) -> Self {
        match variant {
            Variant::Standard => Self::Standard,
            Variant::Strict => Self::Strict,
        }
    }
}

/// Which links are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Link {
    /// Entries with the same core identity.
    Exact,
    /// Also entries whose serials are alike, for a person to decide.
    Full,
}

impl From<Link> for matricule_record::LinkMode {
    fn from(link: Link) -> Self {
        match link {
            Link::Exact => Self::Exact,
            Link::Full => Self::Full,
        }
    }
}

/// `inspect`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  matricule inspect ledgers/book2.xlsx\n      sheets, header row, columns and the fields they were matched to, first rows\n  matricule inspect ledgers/book2.xlsx --write-profile ledgers/ledger.toml\n      the same, and the profile that reads the ledger so again, to be corrected; it is also used for\n      other ledgers beside it that have the same header\n  matricule inspect ledgers/book7.csv --write-profile ledgers/book7.ledger.toml\n      one more profile in the folder, for ledgers with another header"
)]
pub struct Inspect {
    /// Ledgers, or folders of ledgers.
    #[arg(required = true, value_name = "LEDGER|DIR")]
    pub ledgers: Vec<PathBuf>,
    /// List every row that is no record, with its class.
    #[arg(long)]
    pub skipped: bool,
    /// Write the profile that reads the ledger as it is read now; for one ledger, into a new file.
    #[arg(long, value_name = "FILE")]
    pub write_profile: Option<PathBuf>,
    /// How the ledgers are declared.
    #[command(flatten)]
    pub declared: Declared,
}

/// `template`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  matricule template --language ar\n      writes ledger-ar.xlsx: Arabic headers, right to left, lists of types, countries and statuses in Arabic\n  matricule template --language fr --content eu --out brigade-4.xlsx\n      the columns that Directive (EU) 2021/555 asks for\n\nEach column says what belongs into it when one of its cells is chosen. What is typed there,\n`matricule convert` reads. A file that is there already is not overwritten."
)]
pub struct Template {
    /// The language of its headers and lists, such as ar.
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub language: String,
    /// The minimum content whose fields it has.
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = ["default", "iti", "eu"])]
    pub content: String,
    /// The workbook [default: ledger-LANGUAGE.xlsx].
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The office's own mapping files, laid over the shipped ones.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
}

const RERUN_HELP: &str = "\
Examples:
  matricule rerun --registry registry.db --mappings office
      what the tables in office/ change: entries, refused rows that load, entries that are refused
  matricule rerun --registry registry.db --mappings office --apply --plan 5f2c…
      do exactly what the plan with that digest showed; if anything moved meanwhile, nothing is done

The rows are read again from the registry; no ledger file is needed. Former serials are still found.
`matricule runs undo RUN` takes a re-run back.

Exit status: 0 nothing is to be done, or it was done; 1 the plan shows changes; 2 could not run.";

/// `rerun`.
#[derive(Debug, Args)]
#[command(after_help = RERUN_HELP)]
pub struct RerunRegistry {
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// The office's own mapping files, laid over the shipped ones.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
    /// Execute the plan.
    #[arg(long)]
    pub apply: bool,
    /// Execute the plan with this digest, and no other.
    #[arg(long, value_name = "DIGEST")]
    pub plan: Option<String>,
    /// Show every row, not only the first ones of each cause.
    #[arg(long)]
    pub all: bool,
    /// Print the plan as JSON on standard output.
    #[arg(long)]
    pub json: bool,
    /// Who runs it, for the registry to remember.
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
}

impl RerunRegistry {
    /// What is declared beside the registry's own settings.
    pub fn declared(&self) -> Declared {
        Declared { mappings: self.mappings.clone(), ..Declared::default() }
    }
}

/// `entries`.
#[derive(Debug, Args)]
pub struct Entries {
    /// What about them.
    #[command(subcommand)]
    pub command: EntriesCommand,
}

/// What about the entries.
#[derive(Debug, Subcommand)]
pub enum EntriesCommand {
    /// What an entry says, and what later runs changed in it.
    Show {
        /// Its number.
        entry: i64,
        /// The registry.
        #[arg(long, default_value = "registry.db", value_name = "FILE")]
        registry: PathBuf,
    },
    /// Give an entry other values, with the reason; they bind all later runs.
    Amend(AmendEntry),
}

const AMEND_HELP: &str = "\
Example:
  matricule entries amend 17 --set 'serial=АВ 1235' --reason 'weapon seen, last digit is 5' --operator rk
      the value is read as if the ledger said it: tables, vocabularies and checks are the same

What the ledger wrote stays as it is beside the new value, and the former serial is still found. An empty
value unsets a field. `matricule runs undo RUN` takes the amendment back.

Exit status: 0 done; 1 with these values the row would be refused; 2 could not run.";

/// `entries amend`.
#[derive(Debug, Args)]
#[command(after_help = AMEND_HELP)]
pub struct AmendEntry {
    /// Its number.
    pub entry: i64,
    /// A field and its value, as a ledger would write it; may be given several times.
    #[arg(long, required = true, value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// Why, for the registry to remember.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who does it, for the registry to remember.
    #[arg(long, value_name = "NAME")]
    pub operator: String,
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// The office's own mapping files, laid over the shipped ones.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
}

impl AmendEntry {
    /// What is declared beside the registry's own settings.
    pub fn declared(&self) -> Declared {
        Declared { mappings: self.mappings.clone(), ..Declared::default() }
    }
}
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

The column `found by` says how surely: canonical, converted, other_reading, plain_key, component,
former, look_alike, illegible, pattern, substring, the surest first.

Exit status: 0 found (or index made), 1 nothing found, 2 could not run.";

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

/// `audit`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  matricule audit --registry registry.db\n      every check; nothing is written\n  matricule audit --registry registry.db --expect 5f2c…\n      also that the chain head which a report of this registry printed is still one of its heads\n  matricule audit --registry registry.db --digest\n      one number for the content, equal however the work was split\n\nExit status: 0 nothing was found, 1 something was."
)]
pub struct AuditRegistry {
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// A chain head that was written down outside, as a report prints it.
    #[arg(long, value_name = "HEAD")]
    pub expect: Option<String>,
    /// Print the digest of the content, and nothing else.
    #[arg(long)]
    pub digest: bool,
}

/// `runs`.
#[derive(Debug, Args)]
pub struct Runs {
    /// What about them.
    #[command(subcommand)]
    pub command: RunsCommand,
}

/// What about the runs.
#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// Every run: when, what was asked, what became of the rows.
    List {
        /// The registry.
        #[arg(long, default_value = "registry.db", value_name = "FILE")]
        registry: PathBuf,
    },
    /// One run: what it did.
    Show {
        /// Its number.
        run: i64,
        /// The registry.
        #[arg(long, default_value = "registry.db", value_name = "FILE")]
        registry: PathBuf,
    },
    /// Bring back the state before a run, as a new run.
    Undo(UndoRun),
}

const UNDO_HELP: &str = "\
Example:
  matricule runs undo 4 --registry registry.db
      what run 4 loaded is no longer present, what it changed is as before; nothing is deleted

Refused (L707) where later runs rest on it; the message says which.";

/// `runs undo`.
#[derive(Debug, Args)]
#[command(after_help = UNDO_HELP)]
pub struct UndoRun {
    /// The run that is taken back.
    pub run: i64,
    /// The registry.
    #[arg(long, default_value = "registry.db", value_name = "FILE")]
    pub registry: PathBuf,
    /// The office's own mapping files, laid over the shipped ones.
    #[arg(long, value_name = "DIR")]
    pub mappings: Option<PathBuf>,
    /// Who does it, for the registry to remember.
    #[arg(long, value_name = "NAME")]
    pub operator: Option<String>,
}

impl UndoRun {
    /// What is declared beside the registry's own settings.
    pub fn declared(&self) -> Declared {
        Declared { mappings: self.mappings.clone(), ..Declared::default() }
    }
}

/// `mappings`.
#[derive(Debug, Args)]
pub struct Mappings {
    /// What about them.
    #[command(subcommand)]
    pub command: MappingsCommand,
}

/// What about the mapping tables.
#[derive(Debug, Subcommand)]
pub enum MappingsCommand {
    /// Every table: script, language, reading, edition.
    List {
        /// The office's own mapping files, laid over the shipped ones.
        #[arg(long, value_name = "DIR")]
        mappings: Option<PathBuf>,
    },
    /// The rows of a table, with their source.
    Show {
        /// Its id, such as cyrl-rus-icao9303.
        id: String,
        /// The office's own mapping files, laid over the shipped ones.
        #[arg(long, value_name = "DIR")]
        mappings: Option<PathBuf>,
    },
    /// What can be proven about every table: merged letters, whether it can be read back.
    Check {
        /// The office's own mapping files, laid over the shipped ones.
        #[arg(long, value_name = "DIR")]
        mappings: Option<PathBuf>,
        /// Also list the letters that each table writes alike, and the outputs that several scripts share.
        #[arg(long)]
        groups: bool,
    },
    /// A new table to begin with: the whole alphabet, each letter marked for review.
    #[command(
        after_help = "Example:\n  matricule mappings new --script Cher --language chr --mappings office\n      writes office/scripts/cher-chr-own.csv; without --mappings the table is printed\n\nEach letter is refused (T310) until a standard gives it a value: then write map for review, the value and its source."
    )]
    New {
        /// The script, ISO 15924, such as Cyrl.
        #[arg(long, value_name = "CODE")]
        script: String,
        /// The language, ISO 639, such as tt.
        #[arg(long, value_name = "CODE")]
        language: String,
        /// The office's own mapping files; the table is written there.
        #[arg(long, value_name = "DIR")]
        mappings: Option<PathBuf>,
    },
    /// What changes from one set of tables to another: rows, merges, serials.
    #[command(
        after_help = "Example:\n  matricule mappings diff shipped office --registry registry.db\n      the rows that office/ changes, and which serials of the registry would read otherwise\n\nExit status: 0 nothing differs, 1 something does."
    )]
    Diff {
        /// The directory of mappings before, or `shipped`.
        old: PathBuf,
        /// The directory of mappings after, or `shipped`.
        new: PathBuf,
        /// A registry whose serials are converted anew, for comparison; nothing is written.
        #[arg(long, value_name = "FILE")]
        registry: Option<PathBuf>,
    },
    /// How a serial is converted: each character, its row and its standard.
    #[command(after_help = "Example:\n  matricule mappings explain 'НХ 0715' --language ru")]
    Explain {
        /// The serial, as marked.
        serial: String,
        /// How its ledger is declared.
        #[command(flatten)]
        declared: Declared,
    },
}

/// `transliterate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Each line: the serial as given, its conversion (empty where refused), codes joined by +.\n\nExample:\n  matricule transliterate --language ru < serials\n\nExit status: 0 all converted, 1 some refused."
)]
pub struct Transliterate {
    /// How the serials' ledger is declared.
    #[command(flatten)]
    pub declared: Declared,
}

const DEDUPE_HELP: &str = "\
Examples:
  matricule dedupe registry.csv --config benches/linkage/registry.toml --out found
      writes found/pairs.csv (rec_a, rec_b, score, class) and found/clusters.csv (rec_id, cluster_id)
  matricule dedupe registry.csv --config benches/linkage/registry.toml --out found --memory 1500
      the same from ten million records, with keys and pairs in temporary files

The score is the posterior odds that two records are one, as log2: 10 is a thousand to one. Classes:
match (may be merged without a person), conflict (one weapon, stated in ways that exclude each other),
transfer (another holder later), review (a person decides). docs/design-deduplication.md teaches the
configuration and the model; configurations for public sets stand in benches/linkage/.

Exit status: 0 compared; 2 could not run.";

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
    /// Keep keys and pairs in temporary files under DIR, so that those in memory take about this much; the records
    /// themselves, some 150 bytes each, stay in memory.
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(16..))]
    pub memory: Option<u64>,
    /// Into how many shards pairs are cut in these files [default: as --memory needs]; the result does not depend on it.
    #[arg(long, value_name = "N", value_parser = shards)]
    pub shards: Option<usize>,
    /// Worker threads [default: one a core]; the result does not depend on it.
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
}

/// The number of shards: each has an open file.
fn shards(text: &str) -> Result<usize, String> {
    let number = text.parse().map_err(|_| "not a number".to_owned())?;
    if (1..=512).contains(&number) { Ok(number) } else { Err("1 to 512 can be open at a time".to_owned()) }
}

/// `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  matricule explain T301\n  matricule explain          (lists all codes)")]
pub struct Explain {
    /// The code; without it, all codes are listed.
    pub code: Option<String>,
}
