//! The plan of a re-run: every row that the present mapping files read otherwise, and why.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use matricule_loader::{
    FieldChange, PreparedEntry, StandingFile, Stated, Stored, StoredId, StoredRow, StoredRows,
};
use matricule_record::{Field, FieldKind, Finding, Reject, message};
use matricule_text::canonical_serial;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::scope::{self, Concerned, Scope};
use crate::batch::ReadyRow;
use crate::replay::Replay;
use crate::{Error, Progress, Stages, Watch};

/// Rows that are read again at a time.
const CHUNK: usize = 4096;

/// Changes whose rows are kept as they come to be, for the plan to be executed; of others they are read once more.
const KEPT: usize = 16_384;

/// What changed rows state and come to, of the first changes of a plan.
pub(super) type Outcomes = HashMap<StoredId, (Option<Stated>, Outcome)>;

/// What a re-run changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Digest of the registry's history and of everything below: what a person agrees to.
    pub digest: String,
    /// Every row that is read otherwise.
    pub changes: Vec<Change>,
    /// Converted serials that stand for several originals afterwards and did not before.
    pub opened: Vec<Collision>,
    /// Converted serials that stood for several originals before and do not afterwards.
    pub closed: Vec<Collision>,
    /// The files that were looked at: all their rows read as planned afterwards.
    pub files: Vec<i64>,
    /// Rows that were read again.
    pub rows_read: u64,
    /// Files that an older version loaded, which kept less than a re-run needs.
    pub left_out: Vec<String>,
    /// Mapping files that changed and tell which rows are records and what their columns mean. Rows that are there are
    /// not read by them again: another profile does that.
    pub of_ingest: Vec<String>,
}

/// One row that is read otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The row.
    pub id: StoredId,
    /// Where it stands in its ledger.
    pub address: String,
    /// Its serial as the ledger wrote it.
    pub original: String,
    /// The serial in canonical form, where the row gives one now.
    pub canonical: String,
    /// What becomes of it.
    pub planned: Planned,
    /// The changed row of a mapping file, or the changed file.
    pub cause: String,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Planned {
    /// An entry states something else.
    Restated(Vec<FieldChange>),
    /// A refused row loads, with this serial.
    Admitted {
        /// The converted serial; empty where it has none.
        serial: String,
    },
    /// An entry is refused: codes and messages.
    Refused(Vec<String>),
    /// A refused row is refused for other reasons.
    RefusedAnew(Vec<String>),
    /// A row that was no record is one: it loads with this serial, or is refused with these codes and messages.
    TakenUp(Result<String, Vec<String>>),
    /// A row is no record any more, or of another kind: the name of its class.
    SetAside(&'static str),
}

/// A converted serial that stands for several originals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// The converted serial.
    pub serial: String,
    /// The originals, in canonical form with their script.
    pub originals: Vec<String>,
}

/// The plan for a registry under the present mapping files, and what the rows that it changes come to.
pub(super) fn plan(
    stored: &Stored<'_>,
    stages: &Stages,
    watch: &dyn Watch,
) -> Result<(Plan, Outcomes), Error> {
    let mut plan = Plan::default();
    let mut scopes: BTreeMap<(i64, String), Scope> = BTreeMap::new();
    let mut concerned: BTreeMap<i64, &Scope> = BTreeMap::new();
    let files = stored.files()?;
    for file in &files {
        let key = (file.standing, file.version.clone());
        if !scopes.contains_key(&key) {
            scopes.insert(key.clone(), Scope::since(stored, file.standing, &file.version, stages)?);
        }
    }
    for file in &files {
        let scope = &scopes[&(file.standing, file.version.clone())];
        match (scope, file.is_whole) {
            (Scope::Nothing, _) => {}
            (_, false) => plan.left_out.push(file.path.clone()),
            _ => {
                concerned.insert(file.file_id, scope);
            }
        }
    }
    let runs: BTreeSet<i64> = files.iter().map(|file| file.standing).collect();
    for run in runs {
        plan.of_ingest.extend(scope::of_ingest(stored, run, stages)?);
    }
    plan.of_ingest.sort();
    plan.of_ingest.dedup();
    let mut work = Work { stored, stages, watch, plan, outcomes: Outcomes::new() };
    work.serials(&concerned)?;
    for file in files.iter().filter(|file| concerned.contains_key(&file.file_id)) {
        work.file(file, concerned[&file.file_id])?;
    }
    work.since(&files, &concerned)?;
    let (mut plan, outcomes) = (work.plan, work.outcomes);
    plan.changes.sort_by_key(|change| change.id);
    collisions(stored, &mut plan)?;
    plan.digest = digest(&stored.head()?, &plan);
    Ok((plan, outcomes))
}

struct Work<'a> {
    stored: &'a Stored<'a>,
    stages: &'a Stages,
    watch: &'a dyn Watch,
    plan: Plan,
    outcomes: Outcomes,
}

impl Work<'_> {
    /// Entries whose serials hold what changed, of files where only serials can be concerned.
    fn serials(&mut self, concerned: &BTreeMap<i64, &Scope>) -> Result<(), Error> {
        let sought: BTreeSet<&str> = concerned.values().flat_map(|scope| scope.sought()).collect();
        let entries = self.stored.entries_holding(&sought)?;
        let mut rows = self.stored.rows();
        let mut chunk = Vec::new();
        for entry in entries {
            let Some((file, row)) = rows.present_entry(entry)? else { continue };
            let Some(scope) = concerned.get(&file).filter(|scope| matches!(scope, Scope::Serials(_))) else {
                continue;
            };
            chunk.push((row, *scope));
            self.flush(&mut chunk, CHUNK)?;
        }
        self.flush(&mut chunk, 1)
    }

    /// The rows of a file that can be concerned: all entries where more than serials can, and refused rows.
    fn file(&mut self, file: &StandingFile, scope: &Scope) -> Result<(), Error> {
        let mut rows = self.stored.rows();
        self.plan.files.push(file.file_id);
        if matches!(scope, Scope::Everything(..)) {
            let mut chunk = Vec::new();
            let mut fault = None;
            rows.entries_of(file.file_id, |row| {
                chunk.push((row, scope));
                if fault.is_none() {
                    fault = self.flush(&mut chunk, CHUNK).err();
                }
            })?;
            fault.map_or(Ok(()), Err)?;
            self.flush(&mut chunk, 1)?;
        }
        self.rejects(file, scope, &mut rows)
    }

    /// Rows that an amendment, a correction or an undo stated after the run under whose tables their file stands: they
    /// may have been read by others. Those that were read above are not read once more.
    fn since(&mut self, files: &[StandingFile], concerned: &BTreeMap<i64, &Scope>) -> Result<(), Error> {
        let mut rows = self.stored.rows();
        let mut chunk = Vec::new();
        for (file, id) in self.stored.stated_since(files)? {
            let scope = concerned.get(&file).copied().unwrap_or(&Scope::Nothing);
            let is_left_out = files.iter().any(|known| known.file_id == file && !known.is_whole);
            if is_left_out || matches!(scope, Scope::Everything(..)) {
                continue;
            }
            let row = match id {
                StoredId::Entry(entry) => rows.entry(entry)?,
                StoredId::Reject(reject) => rows.reject(reject)?,
            };
            let Some(row) = row.filter(|row| !serials(row).iter().any(|serial| scope.concerns(serial)))
            else {
                continue;
            };
            if !self.plan.files.contains(&file) {
                self.plan.files.push(file);
            }
            chunk.push((row, scope));
            self.flush(&mut chunk, CHUNK)?;
        }
        self.flush(&mut chunk, 1)
    }

    fn rejects(
        &mut self,
        file: &StandingFile,
        scope: &Scope,
        rows: &mut StoredRows<'_>,
    ) -> Result<(), Error> {
        let mut chunk = Vec::new();
        for reject in rows.open_rejects_of(file.file_id)? {
            let Some(row) = rows.reject(reject)? else { continue };
            if serials(&row).iter().any(|serial| scope.concerns(serial))
                || matches!(scope, Scope::Everything(..))
            {
                chunk.push((row, scope));
            }
            self.flush(&mut chunk, CHUNK)?;
        }
        self.flush(&mut chunk, 1)
    }

    /// Reads rows again, once there are enough of them.
    fn flush(&mut self, chunk: &mut Vec<(StoredRow, &Scope)>, enough: usize) -> Result<(), Error> {
        if chunk.len() < enough {
            return Ok(());
        }
        if self.watch.is_interrupted() {
            return Err(Error::Interrupted);
        }
        self.plan.rows_read += chunk.len() as u64;
        self.watch.progress(Progress::Rows(chunk.len() as u64));
        let stages = self.stages;
        let changes: Vec<Option<(Change, Outcome)>> = chunk
            .par_iter()
            .map_init(Replay::default, |replay, (row, scope)| changed(row, scope, replay.run(stages, row)))
            .collect();
        for ((row, _), changed) in chunk.drain(..).zip(changes) {
            let Some((change, outcome)) = changed else { continue };
            if self.outcomes.len() < KEPT {
                self.outcomes.insert(change.id, (row.stated, outcome));
            }
            self.plan.changes.push(change);
        }
        Ok(())
    }
}

/// What a row comes to.
pub(crate) type Outcome = Result<PreparedEntry, Reject>;

/// How a row is read otherwise, and what it comes to; `None` where it says the same.
fn changed(row: &StoredRow, scope: &Scope, outcome: Result<ReadyRow, Reject>) -> Option<(Change, Outcome)> {
    let outcome = outcome.map(|ready| ready.prepared);
    let planned = planned(row, &outcome)?;
    let original = row.source.ledger.column_of(Field::Serial);
    let change = Change {
        id: row.id,
        address: row.source.to_string(),
        original: original.map_or("", |column| row.cells.get(column).text).to_owned(),
        canonical: outcome.as_ref().map_or(String::new(), canonical),
        cause: cause(row, scope, &planned),
        planned,
    };
    Some((change, outcome))
}

/// Why a row is read otherwise: what changed in mapping files or, where nothing of them says so, that a person's run
/// read it by others.
fn cause(row: &StoredRow, scope: &Scope, planned: &Planned) -> String {
    let cause = scope.cause(&serials(row), concerned(row, planned));
    if cause.is_empty() { message!("rerun-cause-other-files").to_owned() } else { cause }
}

/// Columns that say how a serial is converted, beside those whose name begins with `serial`.
const OF_SERIALS: [&str; 4] = ["other_reading", "plain_key", "series_mark", "markings"];

/// What is read otherwise: of a serial, or of anything else. Warnings follow from either, and say nothing alone.
fn concerned(row: &StoredRow, planned: &Planned) -> Concerned {
    let both = Concerned { serial: true, rest: true };
    let of_columns = |fields: &[FieldChange]| {
        let is_of_serial = |name: &str| name.starts_with("serial") || OF_SERIALS.contains(&name);
        let told = || fields.iter().map(|change| change.field).filter(|name| *name != "flags");
        Concerned { serial: told().any(is_of_serial), rest: told().any(|name| !is_of_serial(name)) }
    };
    let of_findings = |findings: &[String]| {
        let before = row.findings.iter().map(|finding| finding.code.name());
        let codes = || before.clone().chain(findings.iter().map(String::as_str));
        let is_of_serial = |code: &str| code.starts_with('T');
        Concerned { serial: codes().any(is_of_serial), rest: codes().any(|code| !is_of_serial(code)) }
    };
    let found = match planned {
        Planned::Restated(fields) => of_columns(fields),
        Planned::Refused(findings) | Planned::RefusedAnew(findings) => of_findings(findings),
        Planned::Admitted { .. } => of_findings(&[]),
        Planned::TakenUp(_) | Planned::SetAside(_) => both,
    };
    if found.serial || found.rest { found } else { both }
}

/// Whether two lists of findings say the same, in whatever order.
fn same_findings(one: &[Finding], other: &[Finding]) -> bool {
    one.len() == other.len() && one.iter().all(|finding| other.contains(finding))
}

/// What the row's serials may be, in canonical form: the cells of its serial columns.
fn serials(row: &StoredRow) -> Vec<String> {
    let ledger = &row.source.ledger;
    let is_serial = |field: Option<Field>| field.is_some_and(|field| field.kind() == FieldKind::Serial);
    let columns = ledger.columns.iter().enumerate().filter(|(_, column)| is_serial(column.field));
    let cells = columns.map(|(at, _)| row.cells.get(at).text);
    let amended = row.amended.iter().filter(|amended| is_serial(amended.field));
    cells.chain(amended.map(|amended| amended.text.as_str())).map(canonical_serial).collect()
}

/// What becomes of a row; `None` where nothing does.
pub(crate) fn planned(row: &StoredRow, outcome: &Outcome) -> Option<Planned> {
    match (outcome, &row.stated) {
        (Ok(prepared), Some(stated)) => stated.difference(prepared).map(Planned::Restated),
        (Ok(prepared), None) => Some(Planned::Admitted { serial: prepared.text("serial").to_owned() }),
        (Err(reject), Some(_)) => Some(Planned::Refused(said(&reject.findings))),
        (Err(reject), None) if !same_findings(&reject.findings, &row.findings) => {
            Some(Planned::RefusedAnew(said(&reject.findings)))
        }
        (Err(_), None) => None,
    }
}

/// The identity that a serial has in its own script; empty where there is none to compare.
fn canonical(prepared: &PreparedEntry) -> String {
    let column = if prepared.text("no_serial").is_empty() { "serial_canonical" } else { "serial" };
    prepared.text(column).to_owned()
}

pub(crate) fn said(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect()
}

/// Which converted serials come to stand for several originals, and which no longer do.
pub(super) fn collisions(stored: &Stored<'_>, plan: &mut Plan) -> Result<(), Error> {
    let mut before: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut after: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let changed: HashSet<StoredId> = plan.changes.iter().map(|change| change.id).collect();
    for change in &plan.changes {
        let (old, new) = match &change.planned {
            Planned::Restated(fields) => match fields.iter().find(|field| field.field == "serial") {
                Some(field) => (field.before.as_str(), field.after.as_str()),
                None => continue,
            },
            Planned::Admitted { serial } | Planned::TakenUp(Ok(serial)) => ("", serial.as_str()),
            Planned::Refused(_)
            | Planned::RefusedAnew(_)
            | Planned::TakenUp(Err(_))
            | Planned::SetAside(_) => continue,
        };
        for (serial, originals) in [(old, &mut before), (new, &mut after)] {
            if !serial.is_empty() {
                originals.entry(serial.to_owned()).or_default().insert(change.canonical.clone());
            }
        }
    }
    // Entries that stay as they are stand on both sides.
    let serials: BTreeSet<String> = before.keys().chain(after.keys()).cloned().collect();
    for serial in serials {
        let is_changed = |entry| changed.contains(&StoredId::Entry(entry));
        for (_, canonical) in stored.with_serial(&serial, is_changed)? {
            for originals in [&mut before, &mut after] {
                originals.entry(serial.clone()).or_default().insert(canonical.clone());
            }
        }
    }
    let several = |originals: &BTreeMap<String, BTreeSet<String>>, serial: &str| {
        originals.get(serial).is_some_and(|originals| originals.len() > 1)
    };
    let only = |here: &BTreeMap<String, BTreeSet<String>>, there: &BTreeMap<String, BTreeSet<String>>| {
        let only = here.iter().filter(|(serial, originals)| originals.len() > 1 && !several(there, serial));
        only.map(|(serial, originals)| Collision {
            serial: serial.clone(),
            originals: originals.iter().cloned().collect(),
        })
        .collect()
    };
    plan.opened = only(&after, &before);
    plan.closed = only(&before, &after);
    Ok(())
}

/// The registry's history and every change, as one number.
pub(super) fn digest(head: &str, plan: &Plan) -> String {
    let mut hasher = Sha256::new();
    hasher.update(head);
    for change in &plan.changes {
        hasher.update(format!("{:?}", (change.id, &change.planned)));
        hasher.update([0xff]);
    }
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
