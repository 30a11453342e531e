//! `matricule rejects import`: what persons decided about refused rows, through the same stages as every row.
//!
//! A correction is for one row of one version of a ledger; identity and digest have to match what the registry
//! keeps. A row that loads becomes an entry that knows the refused row it was; a row that is still refused stays
//! as it is, and the list says why. The same file again changes nothing.

mod fix;
mod header;
mod original;
mod read;
mod text;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use matricule_ingest::ReaderCommand;
use matricule_loader::{Amended, Amendment, Load, RejectState, StoredRow};
use matricule_record::{Code, Column, Field, Reject};
use matricule_record::{cell::column_letters, message};
use matricule_report::correction::{Target, proposal};
use rayon::prelude::*;

pub use self::fix::{FoldFix, MappingFix, WrittenRow, fix_mapping, fix_mixed, take_back};
use self::read::{Correction, Line, Read, RowKey};
use crate::amend::Act;
use crate::batch::ReadyRow;
use crate::replay::Replay;
use crate::{Error, Stages, resolve};

/// A file of corrections for a registry.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// Who and where.
    pub act: Act,
    /// The repaired workbook or CSV.
    pub file: PathBuf,
    /// How to start the isolated workbook reader.
    pub reader: ReaderCommand,
}

/// What a person says about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Read it with these values.
    Correct(Vec<(Target, String)>),
    /// Read it with the values that its findings offer.
    Accept,
    /// Leave it out.
    Waive,
}

/// A line that was not followed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// An `R` code.
    pub code: Code,
    /// Where the line stands.
    pub place: String,
    /// What is wrong, in a sentence.
    pub message: String,
}

/// What became of a file of corrections.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// Refused rows that are loaded now.
    pub loaded: u64,
    /// Refused rows that are not to be loaded.
    pub waived: u64,
    /// Rows that an earlier import of the same decision settled.
    pub known: u64,
    /// Lines without a decision.
    pub left: u64,
    /// Rows that are refused as corrected, too: they stay open.
    pub refused: Vec<Reject>,
    /// Lines that were not followed.
    pub faults: Vec<Fault>,
    /// The run and the head of the chain of evidence after it, where anything changed.
    pub applied: Option<(i64, String)>,
}

/// Follows the corrections of a file. Either all that can be followed is in, or nothing is.
pub fn import(stages: &Stages, request: &ImportRequest) -> Result<Imported, Error> {
    if !request.file.exists() {
        return Err(Error::NoSuchLedger(request.file.clone()));
    }
    let read = read::read(&request.file, &request.reader)?;
    let mut done = Imported { left: read.left.len() as u64, ..Imported::default() };
    let mut load = request.act.begin(stages)?;
    let matched = matched(&load, read, &mut done)?;
    follow(stages, &mut load, matched, &mut done)?;
    if done.loaded + done.waived > 0 {
        resolve::again(&mut load)?;
        let published = load.publish()?;
        done.applied = Some((published.run_id, published.chain));
    }
    done.faults.sort_by(|a, b| order(&a.place).cmp(&order(&b.place)));
    Ok(done)
}

/// A place in the order of its file: line 9 before line 10.
fn order(place: &str) -> (&str, u32) {
    let line = place.rsplit_once('!').and_then(|(sheet, line)| Some((sheet, line.parse().ok()?)));
    line.unwrap_or((place, 0))
}

/// A correction with the refused row that it is about.
struct Matched {
    reject: i64,
    row: StoredRow,
    amendments: Vec<Amendment>,
    is_waived: bool,
    note: String,
}

/// Finds the row of each correction, and tells those that have none.
fn matched(load: &Load, read: Read, done: &mut Imported) -> Result<Vec<Matched>, Error> {
    let Read { corrections, faults, left } = read;
    done.faults = faults;
    let known = states(load, corrections.iter().map(|correction| &correction.line).chain(&left))?;
    let mut rows = load.stored().rows();
    let mut row_of = |state: Option<&RejectState>| match state {
        Some(state) => rows.reject(state.reject_id),
        None => Ok(None),
    };
    let mut matched = Vec::new();
    for lines in told_once(corrections, &mut done.faults) {
        let Some(correction) = lines.first() else { continue };
        let state = known.get(&correction.line.key);
        let row = row_of(state)?;
        // Lines that say the same are one correction; a cell typed over in any of them is another.
        let typed_over = lines.iter().filter_map(|one| cell_fault(&one.line, state, row.as_ref()));
        let typed_over: Vec<Fault> = typed_over.collect();
        if !typed_over.is_empty() {
            done.faults.extend(typed_over);
            continue;
        }
        match decide(correction, state, row) {
            Ok(Some(found)) => matched.push(found),
            Ok(None) => done.known += 1,
            Err((code, message)) => {
                done.faults.push(Fault { code, place: correction.line.place.clone(), message });
            }
        }
    }
    for line in left {
        let state = known.get(&line.key);
        done.faults.extend(cell_fault(&line, state, row_of(state)?.as_ref()));
    }
    Ok(matched)
}

/// What became of the rows that lines are about.
fn states<'a>(
    load: &Load,
    lines: impl Iterator<Item = &'a Line>,
) -> Result<HashMap<RowKey, RejectState>, Error> {
    let wanted: HashSet<&RowKey> = lines.map(|line| &line.key).collect();
    let mut known = HashMap::new();
    load.reject_states(|state| {
        let key = RowKey {
            file: state.file.clone(),
            sheet: state.sheet.clone(),
            row: state.row,
            sha256: state.sha256.clone(),
        };
        if wanted.contains(&key) {
            // The last one of a row holds: a re-run refuses it anew.
            known.insert(key, state);
        }
    })?;
    Ok(known)
}

/// What is wrong with the cells of the ledger in a line about a row as it was refused.
fn cell_fault(line: &Line, state: Option<&RejectState>, row: Option<&StoredRow>) -> Option<Fault> {
    let row = row.filter(|_| state.is_some_and(|state| state.digest == line.digest))?;
    let (code, message) = check_cells(line, row).err()?;
    Some(Fault { code, place: line.place.clone(), message })
}

/// The cells of the ledger have to stand in the line as the registry keeps them.
fn check_cells(line: &Line, row: &StoredRow) -> Result<(), (Code, String)> {
    match line.seen.differing(row) {
        None => Ok(()),
        Some((column, found)) => {
            let is_personal = row.source.ledger.columns.get(column).is_some_and(Column::holds_personal_data);
            let (key, cell, held) = (&line.key, column_letters(column), row.cells.get(column).text);
            let message = if is_personal {
                message!("r603-personal", key = key, cell = cell, masked = message!("masked"))
            } else {
                message!("r603-cell", key = key, cell = cell, found = found, held = held)
            };
            Err((Code::R603, message))
        }
    }
}

/// The lines on each row, which say the same: together they are one correction. Of lines that differ none is followed.
fn told_once(corrections: Vec<Correction>, faults: &mut Vec<Fault>) -> Vec<Vec<Correction>> {
    let mut rows: BTreeMap<(RowKey, String), Vec<Correction>> = BTreeMap::new();
    for correction in corrections {
        let line = &correction.line;
        rows.entry((line.key.clone(), line.digest.clone())).or_default().push(correction);
    }
    let mut told = Vec::new();
    for lines in rows.into_values() {
        let other = |line: &Correction| lines.iter().find(|other| other.said != line.said);
        let differing = lines.iter().filter_map(|line| Some((line, other(line)?)));
        let fault = |(line, other): (&Correction, &Correction)| Fault {
            code: Code::R608,
            place: line.line.place.clone(),
            message: message!("r608-twice", row = line.line.key, other = other.line.place),
        };
        let found: Vec<Fault> = differing.map(fault).collect();
        if found.is_empty() {
            told.push(lines);
        }
        faults.extend(found);
    }
    told
}

/// What a correction comes to; `None` where it is settled already.
fn decide(
    correction: &Correction,
    state: Option<&RejectState>,
    row: Option<StoredRow>,
) -> Result<Option<Matched>, (Code, String)> {
    let key = &correction.line.key;
    let (Some(state), Some(row)) = (state, row) else {
        return Err((Code::R602, message!("r602-no-row", key = key)));
    };
    if state.digest != correction.line.digest {
        return Err((Code::R603, message!("r603-digest", key = key)));
    }
    let amendments = match &correction.said {
        Said::Waive => Vec::new(),
        Said::Accept => amendments(&row, accepted(correction, state, &row)?, &correction.note),
        Said::Correct(values) => amendments(&row, values.clone(), &correction.note),
    };
    check_columns(&row, &amendments)?;
    check_serials(&row, &amendments, &correction.numbers)?;
    let is_waived = correction.said == Said::Waive;
    match state.state.as_str() {
        "open" => Ok(Some(Matched {
            reject: state.reject_id,
            row,
            amendments,
            is_waived,
            note: correction.note.clone(),
        })),
        "waived" if is_waived => Ok(None),
        "corrected" if !is_waived && is_same(&row.amended, &amendments) => Ok(None),
        other => Err((Code::R607, message!("r607-decided", key = key, other = other))),
    }
}

/// What is corrected has to be a cell of the row, and to be told once.
fn check_columns(row: &StoredRow, amendments: &[Amendment]) -> Result<(), (Code, String)> {
    let columns = row.source.ledger.columns.len().max(row.cells.len());
    let is_cell = |one: &Amendment| one.field.is_some() || one.column < columns;
    if let Some(beyond) = amendments.iter().find(|one| !is_cell(one)) {
        let column = column_letters(beyond.column);
        return Err((Code::R604, message!("r604-beyond", columns = columns, column = column)));
    }
    let mut seen = HashSet::new();
    match amendments.iter().find(|one| !seen.insert(place(one.field, one.column))) {
        Some(twice) => {
            let what = twice.field.map_or_else(|| column_letters(twice.column), |field| field.to_string());
            Err((Code::R604, message!("r604-two-columns", what = what)))
        }
        None => Ok(()),
    }
}

/// A serial has to be text of one line: a number may have lost its zeros.
fn check_serials(
    row: &StoredRow,
    amendments: &[Amendment],
    numbers: &[Target],
) -> Result<(), (Code, String)> {
    let columns = row.source.ledger.columns.len();
    for amendment in amendments.iter().filter(|amendment| amendment.field.is_some_and(read::is_serial)) {
        let is_number = numbers.iter().any(|target| match target {
            Target::Cell(column) => *column == amendment.column,
            Target::Field(field) => Some(*field) == amendment.field && amendment.column >= columns,
        });
        let what = if is_number {
            message!("r606-number")
        } else if amendment.cell.contains(['\n', '\r']) {
            message!("r606-line-break")
        } else {
            continue;
        };
        return Err((Code::R606, message!("r606-serial", serial = amendment.cell, what = what)));
    }
    Ok(())
}

/// The values that the findings of a row offer, where the line offered the same.
fn accepted(
    correction: &Correction,
    state: &RejectState,
    row: &StoredRow,
) -> Result<Vec<(Target, String)>, (Code, String)> {
    let Some(values) = proposal(&row.findings) else {
        let offers = row.findings.iter().find(|finding| finding.proposals().len() != 1);
        let what = offers.map_or_else(String::new, |finding| {
            let cell = finding.column.map(column_letters).unwrap_or_default();
            match finding.proposals()[..] {
                [] => message!("r605-none", code = finding.code, cell = cell, row = state.row),
                ref several => message!(
                    "r605-several",
                    code = finding.code,
                    cell = cell,
                    row = state.row,
                    values = several.join(", ")
                ),
            }
        });
        return Err((Code::R605, what));
    };
    let shown: Vec<String> =
        values.iter().map(|(column, value)| format!("{} = {value}", column_letters(*column))).collect();
    if !correction.proposal.is_empty() && correction.proposal != shown.join(", ") {
        return Err((Code::R603, message!("r603-offer", row = correction.line.key)));
    }
    Ok(values.into_iter().map(|(column, value)| (Target::Cell(column), value)).collect())
}

fn amendments(row: &StoredRow, values: Vec<(Target, String)>, note: &str) -> Vec<Amendment> {
    let ledger = &row.source.ledger;
    let amendment = |(target, cell): (Target, String)| {
        let (field, column) = match target {
            Target::Cell(column) => (
                ledger
                    .columns
                    .get(column)
                    .and_then(|c| c.field)
                    .filter(|f| ledger.column_of(*f) == Some(column)),
                column,
            ),
            Target::Field(field) => (Some(field), ledger.column_of(field).unwrap_or(ledger.columns.len())),
        };
        let before = row.cells.get(column).text.to_owned();
        let reason = if note.is_empty() { "corrected".to_owned() } else { note.to_owned() };
        Amendment { field, column, before, cell, reason }
    };
    values.into_iter().map(amendment).collect()
}

/// What is amended: a field, or a cell that is of none.
fn place(field: Option<Field>, column: usize) -> (Option<Field>, usize) {
    (field, if field.is_some() { 0 } else { column })
}

fn is_same(amended: &[Amended], amendments: &[Amendment]) -> bool {
    let mut before: Vec<_> = amended.iter().map(|a| (place(a.field, a.column), a.text.as_str())).collect();
    let mut now: Vec<_> = amendments.iter().map(|a| (place(a.field, a.column), a.cell.as_str())).collect();
    before.sort_unstable();
    now.sort_unstable();
    before == now
}

/// Reads every corrected row again and records what it comes to.
fn follow(stages: &Stages, load: &mut Load, matched: Vec<Matched>, done: &mut Imported) -> Result<(), Error> {
    let outcomes: Vec<Option<Result<ReadyRow, Reject>>> = matched
        .par_iter()
        .map_init(Replay::default, |replay, found| {
            (!found.is_waived).then(|| replay.run(stages, &with(&found.row, &found.amendments)))
        })
        .collect();
    for (found, outcome) in matched.into_iter().zip(outcomes) {
        match outcome {
            None => {
                load.waive(found.reject, &found.note)?;
                done.waived += 1;
            }
            Some(Ok(ready)) => {
                let cause = if found.note.is_empty() {
                    "corrected".to_owned()
                } else {
                    format!("corrected: {}", found.note)
                };
                let entry = load.admit(found.reject, &ready.prepared, &cause)?;
                load.correct(found.reject, Some(entry), &found.amendments)?;
                done.loaded += 1;
            }
            Some(Err(reject)) => done.refused.push(reject),
        }
    }
    Ok(())
}

/// The row with what a person says in place of its cells.
fn with(row: &StoredRow, amendments: &[Amendment]) -> StoredRow {
    let now =
        amendments.iter().map(|a| Amended { field: a.field, column: a.column, text: a.cell.as_str().into() });
    StoredRow { amended: now.collect(), ..row.clone() }
}
