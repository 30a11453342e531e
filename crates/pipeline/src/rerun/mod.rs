//! `matricule rerun`: what corrected mapping files change in what a registry already holds. The plan shows it;
//! to apply is to do exactly what the plan shows.

pub(crate) mod plan;
pub(crate) mod profile;
mod scope;

use matricule_loader::{Load, PreparedEntry, Registry, Restatement, Stated, StoredId};
use matricule_record::Reject;
use rayon::prelude::*;

pub use plan::{Change, Collision, Plan, Planned};
pub use profile::{LanguageFix, ProfileRequest, fix_language, rerun_profile};

use self::plan::{Outcome, Outcomes};
use crate::amend::Act;
use crate::replay::Replay;
use crate::{Error, Progress, Stages, Watch, resolve};

/// Rows that are read again at a time.
const CHUNK: usize = 4096;

/// What is to be read again.
#[derive(Clone, Debug)]
pub struct RerunRequest {
    /// Who and where.
    pub act: Act,
    /// Execute the plan.
    pub apply: bool,
    /// Digest of the plan that was agreed to; with another one nothing is executed.
    pub plan: Option<String>,
}

/// A plan, and what became of it.
#[derive(Clone, Debug)]
pub struct Rerun {
    /// What changes.
    pub plan: Plan,
    /// The run that executed it, and the head of the chain of evidence after it.
    pub applied: Option<(i64, String)>,
}

/// Shows what the present mapping files change in a registry, and does it where that is asked for.
pub fn rerun(stages: &Stages, request: &RerunRequest, watch: &dyn Watch) -> Result<Rerun, Error> {
    if !request.apply {
        let registry = Registry::open(&request.act.registry)?;
        let (plan, _) = plan::plan(&registry.stored()?, stages, watch)?;
        return Ok(Rerun { plan, applied: None });
    }
    let mut load = request.act.begin(stages)?;
    let (plan, outcomes) = plan::plan(&load.stored(), stages, watch)?;
    if let Some(agreed) = request.plan.as_ref().filter(|agreed| **agreed != plan.digest) {
        return Err(Error::PlanMoved { agreed: agreed.clone(), found: plan.digest });
    }
    if plan.changes.is_empty() {
        return Ok(Rerun { plan, applied: None });
    }
    execute(&mut load, stages, (&plan, outcomes), watch)?;
    resolve::again(&mut load)?;
    if watch.is_interrupted() {
        return Err(Error::Interrupted);
    }
    let published = load.publish()?;
    Ok(Rerun { plan, applied: Some((published.run_id, published.chain)) })
}

/// Does what the plan says. A plan keeps what its first rows come to; the others go through the stages once more.
fn execute(
    load: &mut Load,
    stages: &Stages,
    (plan, mut outcomes): (&Plan, Outcomes),
    watch: &dyn Watch,
) -> Result<(), Error> {
    for changes in plan.changes.chunks(CHUNK) {
        if watch.is_interrupted() {
            return Err(Error::Interrupted);
        }
        let mut rows = Vec::new();
        let mut stored = load.stored().rows();
        for change in changes.iter().filter(|change| !outcomes.contains_key(&change.id)) {
            rows.extend(match change.id {
                StoredId::Entry(entry) => stored.entry(entry)?,
                StoredId::Reject(reject) => stored.reject(reject)?,
            });
        }
        let read: Vec<(StoredId, Outcome)> = rows
            .par_iter()
            .map_init(Replay::default, |replay, row| {
                (row.id, replay.run(stages, row).map(|ready| ready.prepared))
            })
            .collect();
        let stated = rows.into_iter().map(|row| row.stated);
        outcomes.extend(read.into_iter().zip(stated).map(|((id, outcome), stated)| (id, (stated, outcome))));
        let known: Vec<_> = changes.iter().map(|change| outcomes.remove(&change.id)).collect();
        let run = load.run_id();
        let ready: Vec<Option<Ready>> =
            known.into_par_iter().map(|known| Some(Ready::of(run, known?))).collect();
        for (change, ready) in changes.iter().zip(ready) {
            execute_change(load, change, ready)?;
        }
        watch.progress(Progress::Rows(changes.len() as u64));
    }
    Ok(load.stand(&plan.files)?)
}

/// A row as it is to be written.
enum Ready {
    Restated(Restatement),
    Admitted(PreparedEntry),
    Refused(Reject),
}

impl Ready {
    fn of(run: i64, (stated, outcome): (Option<Stated>, Outcome)) -> Self {
        match (stated, outcome) {
            (Some(stated), Ok(prepared)) => Self::Restated(stated.anew(run, &prepared)),
            (None, Ok(prepared)) => Self::Admitted(prepared),
            (_, Err(reject)) => Self::Refused(reject),
        }
    }
}

fn execute_change(load: &mut Load, change: &Change, ready: Option<Ready>) -> Result<(), Error> {
    let cause = &change.cause;
    match (ready, &change.planned, change.id) {
        (Some(Ready::Restated(restatement)), Planned::Restated(changes), StoredId::Entry(entry)) => {
            load.restate(entry, restatement, changes, cause)?;
        }
        (Some(Ready::Admitted(prepared)), Planned::Admitted { .. }, StoredId::Reject(reject)) => {
            load.admit(reject, &prepared, cause)?;
        }
        (Some(Ready::Refused(reject)), Planned::Refused(_), StoredId::Entry(entry)) => {
            load.refuse(entry, &reject, cause)?;
        }
        (Some(Ready::Refused(reject)), Planned::RefusedAnew(_), StoredId::Reject(earlier)) => {
            load.refuse_anew(earlier, &reject, cause)?;
        }
        // The plan was made in the same transaction, of the same rows by the same stages.
        _ => return Err(Error::PlanMoved { agreed: "as planned".to_owned(), found: change.address.clone() }),
    }
    Ok(())
}
