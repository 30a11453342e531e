//! What persons said in another registry about rows and pairs.

use std::collections::BTreeMap;

use matricule_loader::{Amended, Decision, Load, SaidOfRow, Stored, StoredId, StoredRow, Verdict};
use matricule_record::{EntryId, message};
use matricule_report::LeftAside;

use super::{MergedDecision, Origin, loaded_now};
use crate::known::Input;
use crate::replay::Replay;
use crate::{Error, Stages};

/// Takes over what persons said about the rows and pairs of the ledgers that this run took over; whether anything
/// was said.
pub(crate) fn take_over(stages: &Stages, input: &Input, load: &mut Load) -> Result<bool, Error> {
    let mut has_said = false;
    for ledger in &input.merged {
        let Some(file) = loaded_now(load, ledger)? else { continue };
        let registry = ledger.origin.open()?;
        let stored = registry.stored()?;
        let all_said = stored.said_of_rows(ledger.file)?;
        if !ledger.origin.is_unchanged(&registry)? {
            return Err(Error::NotMerged {
                registry: ledger.origin.path.clone(),
                reason: message!("l708-changed").to_owned(),
            });
        }
        for (sheet, row, said) in all_said {
            let here = load.stored().row_at(file, &sheet, row)?;
            let there = match &said {
                SaidOfRow::Amended { entry, .. } => stored.rows().entry(*entry)?,
                SaidOfRow::Waived { .. } => None,
            };
            let is_done = follow(stages, load, &ledger.origin, (here, there, said))?;
            has_said = true;
            if !is_done {
                let reason = format!(
                    "what was said of {}!{sheet}!{row} does not give the same here",
                    ledger.facts.path
                );
                return Err(Error::NotMerged { registry: ledger.origin.path.clone(), reason });
            }
        }
    }
    let mut rulings = Rulings::of(&load.stored())?;
    for merged in &input.decisions {
        has_said |= decide(load, merged, &mut rulings)?;
    }
    Ok(has_said)
}

/// Says of a row here what was said of it there; whether it states the same afterwards.
fn follow(
    stages: &Stages,
    load: &mut Load,
    origin: &Origin,
    (here, there, said): (Option<StoredId>, Option<StoredRow>, SaidOfRow),
) -> Result<bool, Error> {
    match (here, there, said) {
        (Some(StoredId::Reject(reject)), None, SaidOfRow::Waived { cause }) => {
            load.waive(reject, &format!("{cause} (in {})", origin.name()))?;
            Ok(true)
        }
        (Some(here), Some(there), SaidOfRow::Amended { mut amendments, .. }) => {
            let cause =
                amendments.last().map(|last| format!("amended in {}: {}", origin.name(), last.reason));
            for amendment in &mut amendments {
                amendment.reason = format!("{} (in {})", amendment.reason, origin.name());
            }
            let entry = amend(stages, load, (here, &there.amended, &cause.unwrap_or_default()))?;
            let Some(entry) = entry else { return Ok(false) };
            match here {
                StoredId::Entry(_) => load.amend(entry, &amendments)?,
                StoredId::Reject(reject) => load.correct(reject, Some(entry), &amendments)?,
            }
            let now = load.stored().rows().entry(entry)?;
            Ok(now.is_some_and(|now| now.stated == there.stated && now.amended == there.amended))
        }
        _ => Ok(false),
    }
}

/// Makes a row state what it comes to with amendments; its entry, `None` where it has none.
fn amend(
    stages: &Stages,
    load: &mut Load,
    (here, amended, cause): (StoredId, &[Amended], &str),
) -> Result<Option<EntryId>, Error> {
    let row = match here {
        StoredId::Entry(entry) => load.stored().rows().entry(entry)?,
        StoredId::Reject(reject) => load.stored().rows().reject(reject)?,
    };
    let Some(row) = row else { return Ok(None) };
    let with = StoredRow { amended: amended.to_vec(), ..row.clone() };
    let Ok(ready) = Replay::default().run(stages, &with) else { return Ok(None) };
    Ok(Some(match here {
        StoredId::Entry(entry) => {
            if let Some(stated) = row.stated
                && let Some(changes) = stated.difference(&ready.prepared)
            {
                load.restate(entry, stated.anew(load.run_id(), &ready.prepared), &changes, cause)?;
            }
            entry
        }
        StoredId::Reject(reject) => load.admit(reject, &ready.prepared, cause)?,
    }))
}

/// How a decision of another registry stands to a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is to be recorded on this pair, of which nothing that holds is decided.
    New(EntryId, EntryId),
    /// The same was decided.
    Holds,
    /// The contrary was decided: what was decided here stays.
    Contrary,
    /// One of the rows is not present.
    Absent,
    /// It waits there: one of the rows names another weapon than when it was decided.
    Waiting,
}

/// What is decided here and does not wait, by pair.
pub(crate) struct Rulings(BTreeMap<(EntryId, EntryId), bool>);

impl Rulings {
    pub fn of(here: &Stored<'_>) -> Result<Self, Error> {
        let rulings = here.rulings()?.into_iter().filter(|ruling| !ruling.on_hold);
        Ok(Self(rulings.map(|ruling| ((ruling.a, ruling.b), ruling.is_one)).collect()))
    }

    /// How a decision of another registry stands to what is decided here.
    pub fn standing(&self, here: &Stored<'_>, merged: &MergedDecision) -> Result<Standing, Error> {
        let (a, b) = &merged.decision.places;
        let (Some(a), Some(b)) = (here.entry_at(a)?, here.entry_at(b)?) else { return Ok(Standing::Absent) };
        let (a, b) = (a.min(b), a.max(b));
        Ok(match self.0.get(&(a, b)) {
            _ if merged.decision.on_hold => Standing::Waiting,
            None => Standing::New(a, b),
            Some(is_one) if *is_one == merged.decision.is_one => Standing::Holds,
            Some(_) => Standing::Contrary,
        })
    }
}

fn decide(load: &mut Load, merged: &MergedDecision, rulings: &mut Rulings) -> Result<bool, Error> {
    let Standing::New(a, b) = rulings.standing(&load.stored(), merged)? else { return Ok(false) };
    rulings.0.insert((a, b), merged.decision.is_one);
    let MergedDecision { origin, decision, .. } = merged;
    let verdict = if decision.is_one { Verdict::Confirmed } else { Verdict::Refused };
    let reason = format!("{} (run {} of {})", decision.reason, decision.run_id, origin.name());
    Ok(load.decide(&Decision { pair: (a, b), verdict, reason, operator: decision.operator.clone() })?)
}

/// Decisions that do not hold here, each with the reason.
pub(crate) fn not_taken_over(
    here: &Stored<'_>,
    decisions: &[MergedDecision],
) -> Result<Vec<LeftAside>, Error> {
    let (rulings, mut left) = (Rulings::of(here)?, Vec::new());
    for merged in decisions {
        let reason = match rulings.standing(here, merged)? {
            Standing::Holds | Standing::New(..) => continue,
            Standing::Contrary => message!("merge-contrary"),
            Standing::Absent => message!("merge-absent"),
            Standing::Waiting => message!("merge-on-hold"),
        };
        left.push(left_aside(merged, reason));
    }
    Ok(left)
}

/// A decision that does not hold here, with the reason.
pub(crate) fn left_aside(merged: &MergedDecision, reason: &str) -> LeftAside {
    let (a, b) = &merged.decision.places;
    let said = if merged.decision.is_one { "one weapon" } else { "two weapons" };
    let path = format!(
        "{}: the decision of run {} that {}!{} and {}!{} (SHA-256 {:.8}, {:.8}) are {said}",
        merged.origin.name(),
        merged.decision.run_id,
        a.sheet,
        a.row,
        b.sheet,
        b.row,
        a.sha256,
        b.sha256
    );
    LeftAside { path, reason: reason.to_owned() }
}
