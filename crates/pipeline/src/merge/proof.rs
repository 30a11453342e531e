//! Whether a ledger of another registry says here what it says there.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use matricule_deduplication::link;
use matricule_ingest::Event;
use matricule_loader::{
    Amended, Became, FieldChange, SheetRowKept, Stated, Stored, StoredFile, StoredId, StoredRows,
};
use matricule_record::{Code, Finding, LedgerRow, message};
use matricule_report::masked;
use matricule_transliteration::Conversion;

use super::{MergedLedger, refusal};
use crate::batch::Preparation;
use crate::replay::Replay;
use crate::rerun::plan::{self, Outcome, Planned};
use crate::rerun::profile;
use crate::{Error, Stages, source};

/// Fails with the first row that would say something else than the other registry states.
pub(crate) fn prove(stages: &Stages, ledger: &MergedLedger) -> Result<(), Finding> {
    let unread = |error: Error| match error {
        Error::NotReadAgain { reason, .. } => refusal(reason),
        other => refusal(other.to_string()),
    };
    let registry = ledger.origin.open().map_err(unread)?;
    let file = ledger.stored(&registry)?;
    if profile::kept_less(&file) {
        let finding = Finding::new(Code::L708, message!("again-kept-less"));
        return Err(finding.suggest(message!("l708-kept-less-repair")));
    }
    let read_by = profile::profile_of(&file).map_err(unread)?;
    profile::prove(stages, &file, &read_by).map_err(unread)?;
    let stored = registry.stored().map_err(|error| unread(error.into()))?;
    let mut proof = Proof {
        stages,
        ledger,
        places: places(&file),
        rows: stored.rows(),
        conversion: Conversion::default(),
        preparation: Preparation::default(),
        replay: Replay::default(),
    };
    let mut found = Ok(());
    let known = profile::known(&file, &read_by, &read_by);
    let _ = source::read_known(stages, &known, &mut |event| {
        found = proof.event(event);
        if found.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    found?;
    let left = proof.places.iter().find(|(_, row)| !matches!(row.became, Became::Skipped(_)));
    left.map_or(Ok(()), |((sheet, row), _)| Err(proof.refuse((sheet, *row), message!("l708-record-gone"))))
}

/// Sheet and row.
type Address = (String, u32);

/// The rows of a ledger that hold a value.
type Places<'a> = BTreeMap<Address, &'a SheetRowKept>;

fn places(file: &StoredFile) -> Places<'_> {
    let mut places = Places::new();
    for sheet in &file.sheets {
        places.extend(sheet.rows.iter().map(|row| ((sheet.name.to_string(), row.row), row)));
    }
    places
}

/// A row, for messages.
fn shown((sheet, row): (&str, u32)) -> String {
    if sheet.is_empty() {
        message!("l708-row", row = row)
    } else {
        message!("l708-row-of-sheet", row = row, sheet = sheet)
    }
}

struct Proof<'a> {
    stages: &'a Stages,
    ledger: &'a MergedLedger,
    /// Rows that were not met yet.
    places: Places<'a>,
    rows: StoredRows<'a>,
    conversion: Conversion,
    preparation: Preparation,
    replay: Replay,
}

impl Proof<'_> {
    fn event(&mut self, event: Event) -> Result<(), Finding> {
        match event {
            Event::Row(row) => {
                let place = (row.source.ledger.sheet.to_string(), row.source.row);
                let outcome = self.outcome(row);
                self.row(&place, outcome)
            }
            Event::Refused(reject) => {
                let place = (reject.source.ledger.sheet.to_string(), reject.source.row);
                self.row(&place, Err(reject))
            }
            Event::Failed(_, finding) => Err(refusal(finding.message)),
            // Which rows are no records was proven before, and blank ones are only counted.
            _ => Ok(()),
        }
    }

    /// What the stages make of a row.
    fn outcome(&mut self, row: LedgerRow) -> Outcome {
        let standard = self.stages.standardization.standardize(row);
        let converted = self.stages.transliteration.transliterate(standard, &mut self.conversion)?;
        Ok(self.preparation.prepare(link(converted)).prepared)
    }

    fn row(&mut self, place: &Address, outcome: Outcome) -> Result<(), Finding> {
        let at = (place.0.as_str(), place.1);
        let Some(row) = self.places.remove(place) else {
            return Err(self.refuse(at, message!("l708-no-record")));
        };
        let stored = match row.became {
            Became::Entry { entry, .. } => self.rows.entry(entry),
            Became::Refused { reject, .. } => self.rows.reject(reject),
            Became::Skipped(_) => return Err(self.refuse(at, message!("l708-no-record"))),
        };
        let stored = stored.map_err(|error| refusal(error.to_string()))?;
        let stored = stored.ok_or_else(|| self.refuse(at, message!("l708-not-there")))?;
        let outcome = match (stored.amended.is_empty(), stored.id) {
            (true, _) => outcome,
            (false, StoredId::Entry(_)) => self.replay.run(self.stages, &stored).map(|ready| ready.prepared),
            (false, StoredId::Reject(_)) => {
                return Err(self.refuse(at, message!("l708-corrected")));
            }
        };
        match plan::planned(&stored, &outcome) {
            None => Ok(()),
            Some(planned) => Err(self.refuse(at, &otherwise(&planned))),
        }
    }

    fn refuse(&self, place: (&str, u32), what: &str) -> Finding {
        let other = self.ledger.origin.name();
        refusal(message!("l708-otherwise", place = shown(place), other = other, what = what))
    }
}

fn otherwise(planned: &Planned) -> String {
    match planned {
        Planned::Restated(changes) => {
            let change = |change: &FieldChange| {
                let [before, after] =
                    [&change.before, &change.after].map(|text| masked(change.field, text, false));
                let [before, after] = [before, after].map(|text| format!("{text:?}"));
                message!("l708-field", field = change.field, before = before, after = after)
            };
            changes.iter().map(change).collect::<Vec<_>>().join("; ")
        }
        Planned::Admitted { serial } => message!("l708-admitted", serial = format!("{serial:?}")),
        Planned::Refused(said) => message!("l708-refused", findings = said.join("; ")),
        Planned::RefusedAnew(said) => message!("l708-anew", findings = said.join("; ")),
        Planned::TakenUp(_) | Planned::SetAside(_) => message!("l708-kind").to_owned(),
    }
}

/// Fails with the first row of a ledger that is loaded here already and says something else in the other registry.
pub(crate) fn is_same(
    ledger: &MergedLedger,
    here: &Stored<'_>,
    file: i64,
) -> Result<Result<(), Finding>, Error> {
    let registry = ledger.origin.open()?;
    let there = match ledger.stored(&registry) {
        Ok(there) => there,
        Err(finding) => return Ok(Err(finding)),
    };
    let Some(own) = here.ledger_numbered(file)? else { return Ok(Ok(())) };
    let stored = registry.stored()?;
    let (mut own, mut other) = (Side::of(here, &own)?, Side::of(&stored, &there)?);
    let all: BTreeSet<Address> = own.places.keys().chain(other.places.keys()).cloned().collect();
    for place in &all {
        if own.says(place)? != other.says(place)? {
            let row = shown((&place.0, place.1));
            let message = message!("l708-loaded-otherwise", row = row, other = ledger.origin.name());
            return Ok(Err(refusal(message)));
        }
    }
    Ok(Ok(()))
}

/// A ledger as one of two registries holds it.
struct Side<'a> {
    places: Places<'a>,
    rows: StoredRows<'a>,
    waived: BTreeSet<Address>,
}

/// What a row says, without its numbers in a registry: its statement, its findings, what persons said.
type Says = (Option<Stated>, Vec<Finding>, Vec<Amended>, bool);

impl<'a> Side<'a> {
    fn of(stored: &Stored<'a>, file: &'a StoredFile) -> Result<Self, Error> {
        let waived = profile::waived(stored, file.file_id)?;
        Ok(Self { places: places(file), rows: stored.rows(), waived })
    }

    /// What a row says; `None` where it is no record.
    fn says(&mut self, place: &Address) -> Result<Option<Says>, Error> {
        let row = match self.places.get(place).map(|row| &row.became) {
            Some(Became::Entry { entry, .. }) => self.rows.entry(*entry)?,
            Some(Became::Refused { reject, .. }) => self.rows.reject(*reject)?,
            Some(Became::Skipped(_)) | None => None,
        };
        let is_waived = self.waived.contains(place);
        Ok(row.map(|row| (row.stated, row.findings, row.amended, is_waived)))
    }
}
