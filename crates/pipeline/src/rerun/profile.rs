//! `matricule rerun --profile`: a ledger that the registry holds is read by another profile, without its file.
//!
//! Its rows go through layout and stages as those of a ledger that is sent again, and become its next version: all
//! that holds for versions holds here. What a file says beside its cells is not kept, so it is proven first that
//! the rows come out by the present profile as they did from the file.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use matricule_ingest::{Event, Format, KnownLedger, KnownRow, KnownSheet};
use matricule_loader::{
    Became, Load, Registry, RejectQuery, SaidOfRow, SheetRowKept, Stored, StoredFile, StoredId, StoredSheet,
};
use matricule_mapping::{Profile, differing_keys, with_language};
use matricule_record::{Code, Column, Field, Finding, Ledger, LinkMode, SkipClass, Text, message};
use matricule_report::FileState;

use super::plan::{self, Change, Plan, Planned, said};
use super::{Rerun, RerunRequest};
use crate::clock::Clock;
use crate::convert::{Personal, Request};
use crate::conveyor::Split;
use crate::known::Input;
use crate::writer::Tally;
use crate::{Error, Stages, Watch, flow};

/// Another profile for a ledger.
#[derive(Clone, Debug)]
pub struct ProfileRequest {
    /// Who and where, and whether to execute the plan.
    pub rerun: RerunRequest,
    /// Path of the ledger in the registry.
    pub ledger: String,
    /// The profile that it is to be read by.
    pub profile: Profile,
}

/// Shows what another profile changes in a ledger that the registry holds, and does it where that is asked for.
pub fn rerun_profile(stages: &Stages, request: &ProfileRequest, watch: &dyn Watch) -> Result<Rerun, Error> {
    let mut load = request.rerun.act.begin_or_try(stages, request.rerun.apply)?;
    let before = stored(&load, &request.ledger)?;
    let read_by = profile_of(&before)?;
    prove(stages, &before, &read_by)?;
    let cause = format!("profile: {}", differing_keys(&read_by.text, &request.profile.text).join("; "));
    let head = load.stored().head()?;
    if read_by.text == request.profile.text {
        return Ok(Rerun { plan: Plan::default(), applied: None });
    }
    let waived = waived(&load.stored(), before.file_id)?;
    let again = known(&before, &read_by, &request.profile);
    check_merged(stages, &before, &again)?;
    let input = Input { again: Some(again), ..Input::default() };
    let (asked, input) = (asked(&load, request)?, (&input, Tally::default()));
    let (tally, _) = flow::run(stages, input, &asked, &mut load, (&Clock::default(), watch))?;
    if let Some(file) = tally.files.iter().find(|file| file.state == FileState::Failed) {
        let why: Vec<String> = file.findings.iter().map(|finding| finding.message.clone()).collect();
        return Err(Error::NotReadAgain { ledger: request.ledger.clone(), reason: why.join(" ") });
    }
    let after = stored(&load, &request.ledger)?;
    let loads = |(sheet, row): (&str, &SheetRowKept)| {
        matches!(row.became, Became::Entry { .. }) && waived.contains(&(sheet.to_owned(), row.row))
    };
    if let Some((sheet, row)) = each(&after).find(|row| loads(*row)) {
        let place = format!("{sheet}!{}", row.row);
        return Err(Error::NotReadAgain {
            ledger: request.ledger.clone(),
            reason: format!(
                "row {} would load, which a person set aside: take that back first (matricule runs list, runs undo)",
                place.trim_start_matches('!')
            ),
        });
    }
    let mut plan = compare(&load, &before, &after, &cause)?;
    plan::collisions(&load.stored(), &mut plan)?;
    plan.digest = plan::digest(&format!("{head}{}", request.profile.text), &plan);
    if let Some(agreed) = request.rerun.plan.as_ref().filter(|agreed| **agreed != plan.digest) {
        return Err(Error::PlanMoved { agreed: agreed.clone(), found: plan.digest });
    }
    if !request.rerun.apply {
        return Ok(Rerun { plan, applied: None });
    }
    let published = load.publish()?;
    Ok(Rerun { plan, applied: Some((published.run_id, published.chain)) })
}

/// The rows of a ledger that a person set aside, by sheet and number.
pub(crate) fn waived(stored: &Stored<'_>, file: i64) -> Result<BTreeSet<(String, u32)>, Error> {
    let said = stored.said_of_rows(file)?.into_iter();
    let waived = said.filter(|(.., said)| matches!(said, SaidOfRow::Waived { .. }));
    Ok(waived.map(|(sheet, row, _)| (sheet, row)).collect())
}

/// The language of a ledger whose serials are refused because it is not determined (T311).
#[derive(Clone, Debug)]
pub struct LanguageFix {
    /// Who and where, and whether to execute the plan.
    pub rerun: RerunRequest,
    /// Path of the ledger in the registry.
    pub ledger: String,
    /// Its language, ISO 639-1.
    pub language: String,
}

/// Reads a ledger again by its profile with the language declared. The text of that profile comes with the plan: it
/// is to stand beside the ledger, for whoever converts it next.
pub fn fix_language(stages: &Stages, fix: &LanguageFix, watch: &dyn Watch) -> Result<(Rerun, String), Error> {
    let registry = Registry::open(&fix.rerun.act.registry)?;
    let mut refused = 0_u64;
    registry.refused(RejectQuery { run: None, open_only: true }, |row| {
        let is_meant = |finding: &Finding| finding.code == Code::T311;
        refused += u64::from(*row.row.file == *fix.ledger && row.row.findings.iter().any(is_meant));
    })?;
    if refused == 0 {
        return Err(Error::NothingToFix(format!("no open refused row of {} has T311", fix.ledger)));
    }
    let declared = registry.stored()?.profile_of(&fix.ledger)?.unwrap_or_default();
    drop(registry);
    let text = with_language(&declared, &fix.language);
    let profile = Profile::parse(&text, "--language")?;
    let request = ProfileRequest { rerun: fix.rerun.clone(), ledger: fix.ledger.clone(), profile };
    Ok((rerun_profile(stages, &request, watch)?, text))
}

fn stored(load: &Load, path: &str) -> Result<StoredFile, Error> {
    load.stored().ledger(path)?.ok_or_else(|| Error::NoSuchPresentLedger(path.to_owned()))
}

/// The profile that a ledger was read by.
pub(crate) fn profile_of(file: &StoredFile) -> Result<Profile, Error> {
    let text = file.facts.profile.as_deref().unwrap_or_default();
    Ok(if text.is_empty() { Profile::default() } else { Profile::parse(text, &file.facts.path)? })
}

/// What the flow asks of a run; nothing of it is reported.
fn asked(load: &Load, request: &ProfileRequest) -> Result<Request, Error> {
    let act = &request.rerun.act;
    Ok(Request {
        ledgers: Vec::new(),
        registry: act.registry.clone(),
        report: act.registry.with_extension("report"),
        dry_run: !request.rerun.apply,
        split: Split::for_cores(std::thread::available_parallelism().map_or(1, std::num::NonZero::get)),
        command: act.command.clone(),
        operator: act.operator.clone(),
        timings: false,
        link: load.link_mode()?.unwrap_or(LinkMode::Full),
        personal: Personal::Masked,
        parts: None,
    })
}

/// The ledger as the reader knows it.
pub(crate) fn known(file: &StoredFile, read_by: &Profile, profile: &Profile) -> KnownLedger {
    let row = |row: &SheetRowKept| {
        let (class, findings) = match &row.became {
            Became::Entry { .. } => (None, Vec::new()),
            Became::Refused { findings, .. } => (None, findings.clone()),
            Became::Skipped(class) => (Some(*class), Vec::new()),
        };
        let (cells, comments) = row.ledger.without_comments(&row.cells);
        KnownRow { row: row.row, cells, comments, carried: row.carried.clone(), class, findings }
    };
    let is_hidden = |row: &SheetRowKept| row.became == Became::Skipped(SkipClass::Hidden);
    let sheet = |sheet: &StoredSheet| KnownSheet {
        name: Arc::clone(&sheet.name),
        hidden: !sheet.has_table && !sheet.rows.is_empty() && sheet.rows.iter().all(is_hidden),
        settings: sheet.settings.clone(),
        refused: sheet.refused.clone(),
        rows: sheet.rows.iter().map(row).collect(),
    };
    KnownLedger {
        facts: file.facts.clone(),
        read_by: read_by.clone(),
        profile: profile.clone(),
        sheets: file.sheets.iter().map(sheet).collect(),
    }
}

/// What the reader makes of a row: its table and what it carries, or its class.
#[derive(Clone, Debug, PartialEq)]
enum Read {
    Record(Arc<Ledger>, Vec<(usize, Text)>),
    Refused,
    Skipped(SkipClass),
}

/// Every row of a ledger by sheet and number, as a profile reads it.
type Reading = BTreeMap<(Arc<str>, u32), Read>;

/// Reads the kept rows of a ledger; nothing goes further than the reader.
fn read(stages: &Stages, known: &KnownLedger) -> Result<Reading, Finding> {
    let mut found = Reading::new();
    let mut failed = None;
    stages.ingest().read_again(known, &mut |event| {
        match event {
            Event::Row(row) => {
                let place = (Arc::clone(&row.source.ledger.sheet), row.source.row);
                found.insert(place, Read::Record(row.source.ledger, row.carried));
            }
            Event::Refused(reject) => {
                found.insert((Arc::clone(&reject.source.ledger.sheet), reject.source.row), Read::Refused);
            }
            Event::Skipped { source, class, .. } => {
                found.insert((Arc::clone(&source.ledger.sheet), source.row), Read::Skipped(class));
            }
            Event::Failed(_, finding) => failed = Some(finding),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    failed.map_or(Ok(found), Err)
}

/// Whether an older version loaded a ledger, and kept less of its rows than it takes to read them again.
pub(crate) fn kept_less(file: &StoredFile) -> bool {
    file.sheets.iter().any(|sheet| !sheet.is_whole && !sheet.rows.is_empty())
}

/// Fails where the kept rows, read by the profile in force, do not come out as they did from the file.
pub(crate) fn prove(stages: &Stages, file: &StoredFile, read_by: &Profile) -> Result<(), Error> {
    let refuse = |reason: String| Error::NotReadAgain { ledger: file.facts.path.to_string(), reason };
    if kept_less(file) {
        return Err(refuse(message!("again-kept-less").to_owned()));
    }
    let reading = read(stages, &known(file, read_by, read_by)).map_err(|finding| refuse(finding.message))?;
    for sheet in &file.sheets {
        for row in &sheet.rows {
            let now = reading.get(&(Arc::clone(&sheet.name), row.row));
            if !now.is_some_and(|now| is_as_before(row, now)) {
                let place = format!("{}!{}", sheet.name, row.row);
                return Err(refuse(message!("again-otherwise", row = place.trim_start_matches('!'))));
            }
        }
    }
    Ok(())
}

fn is_as_before(row: &SheetRowKept, now: &Read) -> bool {
    let fields = |ledger: &Ledger| -> Vec<_> {
        ledger.columns.iter().map(|column| (column.field, column.part, column.date_order.clone())).collect()
    };
    match (&row.became, now) {
        (Became::Skipped(was), Read::Skipped(is)) => was == is,
        (Became::Entry { .. } | Became::Refused { .. }, Read::Record(ledger, carried)) => {
            *carried == row.carried && fields(ledger) == fields(&row.ledger)
        }
        (Became::Refused { .. }, Read::Refused) => true,
        _ => false,
    }
}

/// Fails where the new profile reads blank cells that may belong to merged ones: of those only the values are kept,
/// and only where a column had a field and the row was a record.
fn check_merged(stages: &Stages, file: &StoredFile, again: &KnownLedger) -> Result<(), Error> {
    let refuse = |reason: String| Error::NotReadAgain { ledger: file.facts.path.to_string(), reason };
    if !Format::is_workbook(&file.facts.format) {
        return Ok(());
    }
    let reading = read(stages, again).map_err(|finding| refuse(finding.message))?;
    for sheet in &file.sheets {
        for row in &sheet.rows {
            let now = reading.get(&(Arc::clone(&sheet.name), row.row));
            let Some(Read::Record(ledger, carried)) = now else { continue };
            let was_record = !matches!(row.became, Became::Skipped(_));
            let had_field =
                |at: usize| was_record && row.ledger.columns.get(at).is_some_and(|c| c.field.is_some());
            let is_lost = |(at, column): &(usize, &Column)| {
                let blank = row.cells.get(*at).is_blank() && !carried.iter().any(|(column, _)| column == at);
                column.field.is_some() && !had_field(*at) && blank
            };
            if let Some((_, column)) = ledger.columns.iter().enumerate().find(is_lost) {
                let header = format!("{:?}", column.header);
                return Err(refuse(message!("again-merged-cell", header = header, row = row.row)));
            }
        }
    }
    Ok(())
}

/// What became of each row, before and after.
fn compare(load: &Load, before: &StoredFile, after: &StoredFile, cause: &str) -> Result<Plan, Error> {
    let changed = load.changes()?;
    let mut rows: BTreeMap<(&str, u32), &SheetRowKept> = BTreeMap::new();
    for (sheet, row) in each(before) {
        rows.insert((sheet, row.row), row);
    }
    let mut plan = Plan { files: vec![after.file_id], ..Plan::default() };
    for (sheet, row) in each(after) {
        plan.rows_read += 1;
        let Some(was) = rows.get(&(sheet, row.row)) else { continue };
        let fields = |entry| changed.get(&entry).cloned().unwrap_or_default();
        let planned = match (&was.became, &row.became) {
            (Became::Entry { .. }, Became::Entry { entry, .. }) => Some(Planned::Restated(fields(*entry)))
                .filter(|planned| *planned != Planned::Restated(Vec::new())),
            (Became::Refused { .. }, Became::Entry { serial, .. }) => {
                Some(Planned::Admitted { serial: serial.clone() })
            }
            (Became::Skipped(_), Became::Entry { serial, .. }) => Some(Planned::TakenUp(Ok(serial.clone()))),
            (Became::Skipped(_), Became::Refused { findings, .. }) => {
                Some(Planned::TakenUp(Err(said(findings))))
            }
            (Became::Entry { .. }, Became::Refused { findings, .. }) => {
                Some(Planned::Refused(said(findings)))
            }
            (Became::Refused { findings: was, .. }, Became::Refused { findings: is, .. }) => {
                (was != is).then(|| Planned::RefusedAnew(said(is)))
            }
            (Became::Skipped(was), Became::Skipped(is)) => (was != is).then(|| Planned::SetAside(is.name())),
            (_, Became::Skipped(class)) => Some(Planned::SetAside(class.name())),
        };
        plan.changes.extend(planned.map(|planned| change(after, sheet, row, planned, cause)));
    }
    plan.changes.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| a.address.cmp(&b.address)));
    Ok(plan)
}

fn each(file: &StoredFile) -> impl Iterator<Item = (&str, &SheetRowKept)> {
    file.sheets.iter().flat_map(|sheet| sheet.rows.iter().map(|row| (&*sheet.name, row)))
}

fn change(file: &StoredFile, sheet: &str, row: &SheetRowKept, planned: Planned, cause: &str) -> Change {
    let (id, canonical) = match &row.became {
        Became::Entry { entry, canonical, .. } => (StoredId::Entry(*entry), canonical.clone()),
        Became::Refused { reject, .. } => (StoredId::Reject(*reject), String::new()),
        Became::Skipped(_) => (StoredId::Reject(0), String::new()),
    };
    let original = row.ledger.column_of(Field::Serial).map_or("", |column| row.cells.get(column).text);
    let address = if sheet.is_empty() {
        format!("{}!{}", file.facts.path, row.row)
    } else {
        format!("{}!{sheet}!{}", file.facts.path, row.row)
    };
    Change { id, address, original: original.to_owned(), canonical, planned, cause: cause.to_owned() }
}
