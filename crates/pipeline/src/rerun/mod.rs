//! `matricule rerun`: what corrected mapping files change in what a registry already holds. The plan shows it;
//! to apply is to do exactly what the plan shows.

pub(crate) mod plan;
pub(crate) mod profile;
mod scope;

use matricule_loader::{Load, Registry, StoredId};
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
        outcomes.extend(read);
        for change in changes {
            execute_change(load, change, outcomes.remove(&change.id))?;
        }
        watch.progress(Progress::Rows(changes.len() as u64));
    }
    Ok(load.stand(&plan.files)?)
}

fn execute_change(load: &mut Load, change: &Change, outcome: Option<Outcome>) -> Result<(), Error> {
    let cause = &change.cause;
    match (outcome, &change.planned, change.id) {
        (Some(Ok(prepared)), Planned::Restated(changes), StoredId::Entry(entry)) => {
            load.restate(entry, &prepared, changes, cause)?;
        }
        (Some(Ok(prepared)), Planned::Admitted { .. }, StoredId::Reject(reject)) => {
            load.admit(reject, &prepared, cause)?;
        }
        (Some(Err(reject)), Planned::Refused(_), StoredId::Entry(entry)) => {
            load.refuse(entry, &reject, cause)?;
        }
        (Some(Err(reject)), Planned::RefusedAnew(_), StoredId::Reject(earlier)) => {
            load.refuse_anew(earlier, &reject, cause)?;
        }
        // The plan was made in the same transaction, of the same rows by the same stages.
        _ => return Err(Error::PlanMoved { agreed: "as planned".to_owned(), found: change.address.clone() }),
    }
    Ok(())
}
