//! The summary of a run: `report.json`, and the source of the closing text on the terminal.
//!
//! Scripts of other people read the JSON: a field is added, never renamed or removed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use matricule_record::{
    Code, Conflict, DuplicateState, FileFacts, Reading, RejectedRow, Resolution, SheetFacts, SkipClass, Text,
};
use serde::{Deserialize, Serialize};

use crate::{Completeness, CompletenessSummary, Result, Unlisted};

/// What became of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// The registry holds it.
    Published,
    /// There was nothing to write: every file was loaded before, refused or could not be read.
    #[default]
    NothingNew,
    /// All was done but publishing.
    DryRun,
    /// No run: what a registry holds at present.
    Standing,
}

/// A run in numbers, with one example for each reason.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Number of the run in the registry; `null` where nothing was published.
    pub run_id: Option<i64>,
    /// Head of the chain of evidence after the run: whoever keeps it outside can prove later that
    /// nothing was changed (`matricule audit --expect`).
    pub chain_head: Option<String>,
    /// What became of the run.
    pub state: RunState,
    /// Path of the registry, as given.
    pub registry: String,
    /// Path of `rejected.csv`, as given; `null` where none was written.
    pub rejected_csv: Option<String>,
    /// Every file that was taken for a ledger, in path order.
    pub files: Vec<FileSummary>,
    /// Rows of the files that this run read; see [`Totals::of`].
    pub totals: Totals,
    /// Rejected rows of which a person said why they are not to be loaded, where it is a registry that is told of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waived: Option<u64>,
    /// Rejects by code, in code order.
    pub rejects_by_code: Vec<CodeSummary>,
    /// Warnings on loaded entries by code, in code order.
    pub flags_by_code: Vec<CodeSummary>,
    /// How complete the records of this run are, all and by register.
    pub completeness: CompletenessSummary,
    /// Makers and calibres that no list has, the most frequent first: proposed to the operator's own list.
    pub unlisted: Vec<Unlisted>,
    /// Links made and proposed between the entries of this registry.
    pub duplicates: DuplicateSummary,
    /// The tables that converted serials, with the reading in force.
    pub readings: Vec<ReadingInForce>,
    /// Characters that a named rule dropped from serials.
    pub characters_dropped: Vec<NamedCount>,
    /// Loaded entries by decade of manufacture, in order of time: `1960s`.
    pub decades_of_manufacture: Vec<NamedCount>,
    /// Files that were found but not taken for ledgers.
    pub left_aside: Vec<LeftAside>,
    /// Time per stage, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timings: Option<Vec<StageTime>>,
}

impl Summary {
    /// The exit status of the run: 0 all done and nothing rejected, 1 some rows or files rejected.
    pub fn exit_status(&self) -> u8 {
        u8::from(self.totals.rows_rejected > 0 || self.files.iter().any(FileSummary::has_rejects))
    }
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FileState {
    /// Its accepted rows are loaded (or would be, in a dry run).
    Loaded,
    /// It could not be read; its findings say why.
    Failed,
    /// The same bytes are already in the registry; nothing was read again.
    AlreadyLoaded {
        /// The run that loaded them.
        run_id: i64,
        /// The exit status of that run, which is this file's status too.
        run_status: u8,
    },
    /// It is a new version of a loaded ledger: its rows are loaded, the version before is superseded.
    Renewed {
        /// The run that loaded the version before.
        of_run: i64,
        /// Rows that are as they were.
        unchanged: u64,
        /// Rows that say something else.
        changed: u64,
        /// Rows that were not there.
        new: u64,
        /// Rows that are gone.
        withdrawn: u64,
    },
    /// It was refused as a whole; its findings say why.
    Refused,
}

/// One file of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileSummary {
    /// Path relative to the argument it came from, with `/`.
    pub path: Arc<str>,
    /// SHA-256 of its bytes, hexadecimal; empty where they could not be read.
    pub sha256: Text,
    /// Size in bytes.
    pub bytes: u64,
    /// `csv`, `tsv`, `xlsx`, `xls`, `xlsb`, `ods`; empty where not known.
    pub format: Text,
    /// Encoding of a CSV, by its WHATWG name.
    pub encoding: Option<Text>,
    /// Delimiter and quoting of a CSV, in words.
    pub dialect: Option<Text>,
    /// Language read or declared.
    pub language: Option<Text>,
    /// By sound or by look.
    pub reading: Reading,
    /// Register.
    pub register: Option<Text>,
    /// What became of it: `state`, and for `already_loaded` also `run_id` and `run_status`.
    #[serde(flatten)]
    pub state: FileState,
    /// Counts per sheet.
    pub sheets: Vec<SheetFacts>,
    /// How complete its records are; `null` where this run loaded none.
    pub completeness: Option<Completeness>,
    /// Why the file, or one of its sheets, was refused; empty where none was.
    pub findings: Vec<FileFinding>,
}

impl FileSummary {
    /// A file with what is known about it.
    pub fn new(
        facts: &FileFacts,
        state: FileState,
        sheets: Vec<SheetFacts>,
        findings: Vec<FileFinding>,
    ) -> Self {
        Self {
            path: Arc::clone(&facts.path),
            sha256: facts.sha256.clone(),
            bytes: facts.bytes,
            format: facts.format.clone(),
            encoding: facts.encoding.clone(),
            dialect: facts.dialect.clone(),
            language: facts.language.clone(),
            reading: facts.reading,
            register: facts.register.clone(),
            state,
            sheets,
            completeness: None,
            findings,
        }
    }

    /// Whether the file, a sheet or a row of it was refused, now or by the run that loaded it.
    pub fn has_rejects(&self) -> bool {
        match self.state {
            FileState::Failed | FileState::Refused => true,
            FileState::AlreadyLoaded { run_status, .. } => run_status != 0,
            FileState::Loaded | FileState::Renewed { .. } => {
                !self.findings.is_empty() || self.sheets.iter().any(|sheet| sheet.rows_rejected > 0)
            }
        }
    }

    /// Whether this run read its rows.
    pub fn is_read(&self) -> bool {
        matches!(self.state, FileState::Loaded | FileState::Renewed { .. } | FileState::Failed)
    }
}

/// Why a file or a sheet was refused as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFinding {
    /// What is wrong.
    pub code: Code,
    /// What the code means, in a few words.
    pub title: Cow<'static, str>,
    /// Where: the file, the sheet, or the place in it where reading stopped.
    pub address: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do, in a sentence; may be empty.
    pub suggestion: String,
}

impl FileFinding {
    /// The findings of a refused file or sheet.
    pub fn all(row: &RejectedRow) -> Vec<Self> {
        let finding = |finding: &matricule_record::Finding| Self {
            code: finding.code,
            title: finding.code.title().into(),
            address: row.address(finding),
            message: finding.message.clone(),
            suggestion: finding.suggestion.clone(),
        };
        row.findings.iter().map(finding).collect()
    }
}

/// Rows of the run. `rows_read` equals the sum of the others; see [`Totals::is_conserved`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Rows read.
    pub rows_read: u64,
    /// Rows loaded as entries.
    pub rows_loaded: u64,
    /// Rows refused.
    pub rows_rejected: u64,
    /// Rows that are no record.
    pub rows_skipped: u64,
    /// Rows that are no record, by class.
    pub skipped: BTreeMap<SkipClass, u64>,
}

impl Totals {
    /// The sum over all sheets that this run read. A file that was loaded before is not counted.
    pub fn of(files: &[FileSummary]) -> Self {
        let mut totals = Self::default();
        for sheet in files.iter().filter(|file| file.is_read()).flat_map(|file| &file.sheets) {
            totals.add(sheet);
        }
        totals
    }

    /// Whether every row read is accounted for.
    pub fn is_conserved(&self) -> bool {
        self.rows_read == self.rows_loaded + self.rows_rejected + self.rows_skipped
    }

    fn add(&mut self, sheet: &SheetFacts) {
        self.rows_read += sheet.rows_read;
        self.rows_loaded += sheet.rows_loaded;
        self.rows_rejected += sheet.rows_rejected;
        self.rows_skipped += sheet.rows_skipped();
        for (class, rows) in &sheet.skipped {
            *self.skipped.entry(*class).or_default() += rows;
        }
    }
}

/// What was counted under one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSummary {
    /// The code.
    pub code: Code,
    /// What it means, in a few words.
    pub title: Cow<'static, str>,
    /// Rows concerned; 0 where whole files or sheets are.
    pub rows: u64,
    /// Findings; a row may have several of one code.
    pub findings: u64,
    /// The first one.
    pub example: Option<Example>,
}

impl CodeSummary {
    /// A code of which nothing is counted yet.
    pub fn new(code: Code) -> Self {
        Self { code, title: Cow::Borrowed(code.title()), rows: 0, findings: 0, example: None }
    }
}

/// One finding or warning, shown for its code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// Where it stands: `file!sheet!C42`.
    pub address: String,
    /// The text of the cell, as written.
    pub text: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do, in a sentence; may be empty.
    pub suggestion: String,
}

/// Links between entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DuplicateSummary {
    /// Pairs that describe one weapon.
    pub merged_pairs: u64,
    /// Pairs that a person has to decide, by kind.
    pub review_pairs: Vec<ReviewPairs>,
    /// Contradictions between entries of one identity, but for those on which a person decided.
    pub conflicts: u64,
    /// Contradictions between entries that are hardly one weapon: two weapons may have one serial.
    #[serde(skip_serializing_if = "is_zero")]
    pub repeated_serials: u64,
    /// Decided pairs that are to be decided again, because an entry names another weapon now.
    #[serde(skip_serializing_if = "is_zero")]
    pub on_hold: u64,
    /// Pairs that an earlier run asked about and this one, which links entries of one identity only, does not look for.
    #[serde(skip_serializing_if = "is_zero")]
    pub not_looked_for: u64,
    /// Pairs of one identity whose serial every workshop has given, which are too unlikely to be asked about.
    #[serde(skip_serializing_if = "is_zero")]
    pub not_asked: u64,
    /// Sizes of the groups of similar serials that were too large to be compared pair by pair.
    pub crowded: Vec<u64>,
}

/// Pairs to be decided, of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReviewPairs {
    /// `exact`, `separators`, `other_reading`, `leading_zeros`, … as in `v_duplicate.kind`.
    pub kind: String,
    /// How many.
    pub pairs: u64,
}

impl DuplicateSummary {
    /// The counts of a resolution.
    pub fn of(resolution: &Resolution) -> Self {
        let mut merged_pairs = 0;
        let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
        for duplicate in &resolution.duplicates {
            match duplicate.state {
                DuplicateState::Merged => merged_pairs += 1,
                DuplicateState::Review => *kinds.entry(duplicate.kind).or_default() += 1,
                DuplicateState::Confirmed | DuplicateState::Refused => {}
            }
        }
        let review = |(kind, pairs): (&str, u64)| ReviewPairs { kind: kind.to_owned(), pairs };
        Self {
            merged_pairs,
            review_pairs: kinds.into_iter().map(review).collect(),
            conflicts: resolution.conflicts.iter().filter(|conflict| is_open(conflict)).count() as u64,
            repeated_serials: resolution.conflicts.iter().filter(|conflict| is_repeated(conflict)).count()
                as u64,
            on_hold: resolution.on_hold as u64,
            not_looked_for: 0,
            not_asked: resolution.not_asked as u64,
            crowded: resolution.crowded.iter().map(|&entries| entries as u64).collect(),
        }
    }
}

/// Whether somebody has to look into it: nobody decided, and the entries may be one weapon.
fn is_open(conflict: &Conflict) -> bool {
    conflict.state == "open" && conflict.kind != "repeated_serial"
}

/// Whether its entries are hardly one weapon, and nobody decided.
fn is_repeated(conflict: &Conflict) -> bool {
    conflict.state == "open" && conflict.kind == "repeated_serial"
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A table that converted serials of one script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingInForce {
    /// ISO 15924 code; `Zyyy` for serials of digits only.
    pub script: Text,
    /// ISO 639-1 code, where the table has one.
    pub language: Option<Text>,
    /// By sound or by look.
    pub reading: Reading,
    /// Id of the table.
    pub table: Arc<str>,
    /// Serials that it converted.
    pub serials: u64,
}

/// A count under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedCount {
    /// The name of the rule.
    pub name: String,
    /// How many characters.
    pub count: u64,
}

/// A file that was not taken for a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftAside {
    /// Its path, as found.
    pub path: String,
    /// Why, in a few words.
    pub reason: String,
}

/// Time that a stage took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageTime {
    /// The stage.
    pub stage: String,
    /// Seconds.
    pub seconds: f64,
}

/// Writes the summary as JSON: `report.json`, or standard output for `--json`.
pub fn write_json(summary: &Summary, mut writer: impl Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut writer, summary)?;
    writer.write_all(b"\n")?;
    writer.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests;
