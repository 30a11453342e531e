//! `matricule entries amend` and `matricule runs undo`: what a person changes in a registry, as a run of its own.

use std::path::PathBuf;

use matricule_loader::{
    Amendment, FieldChange, Load, Manifest, Published, Registry, StoredId, StoredRow, Undone,
};
use matricule_record::{EntryId, Field, Reject};
use matricule_report::masked;

use crate::replay::Replay;
use crate::rerun::plan;
use crate::{Error, Stages, resolve};

/// Who does what to which registry.
#[derive(Clone, Debug)]
pub struct Act {
    /// The registry.
    pub registry: PathBuf,
    /// The command line, for the registry to keep.
    pub command: String,
    /// Who runs it.
    pub operator: Option<String>,
}

/// A loaded entry that is wrong.
#[derive(Clone, Debug)]
pub struct AmendRequest {
    /// Who and where.
    pub act: Act,
    /// The entry.
    pub entry: EntryId,
    /// What is to be read for fields, as a ledger would write it; an empty text unsets a field.
    pub values: Vec<(Field, String)>,
    /// Why.
    pub reason: String,
}

/// What an amendment came to.
#[derive(Clone, Debug)]
pub enum Amended {
    /// The entry states something else now.
    Done {
        /// The columns that changed.
        changes: Vec<FieldChange>,
        /// The run.
        run: i64,
        /// Head of the chain of evidence after it.
        chain: String,
    },
    /// The entry says so already.
    Same,
    /// With these values the row would be refused; nothing was changed.
    Refused(Reject),
}

impl Act {
    /// Notes in the registry that something was done which changes nothing in it, such as showing personal data.
    pub fn note(&self, stages: &Stages) -> Result<Published, Error> {
        Ok(self.begin(stages)?.publish()?)
    }

    /// Begins a run on the registry, which has to be there.
    pub(crate) fn begin(&self, stages: &Stages) -> Result<Load, Error> {
        // To the loader a registry that is not there would be a new one.
        drop(Registry::open(&self.registry)?);
        Ok(Load::begin(&self.registry, &self.manifest(stages))?)
    }

    /// Begins a run that is to be published or, where nothing is `applied`, one that is only tried: then nothing is
    /// written to the registry, which may be where nothing can be.
    pub(crate) fn begin_or_try(&self, stages: &Stages, applied: bool) -> Result<Load, Error> {
        if applied {
            return self.begin(stages);
        }
        Ok(Load::rehearse(&self.registry, &self.manifest(stages))?)
    }

    fn manifest(&self, stages: &Stages) -> Manifest {
        Manifest {
            command: self.command.clone(),
            operator: self.operator.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            mappings: stages.stored().to_vec(),
        }
    }
}

/// Amends an entry: the values go through the same stages as if the ledger said them, and bind all later runs.
pub fn amend(stages: &Stages, request: &AmendRequest) -> Result<Amended, Error> {
    let mut load = request.act.begin(stages)?;
    let row = present(&load, request.entry)?;
    read_as_stated(stages, &row, request.entry)?;
    let amendments = amendments(&row, request);
    let with = StoredRow { amended: merged(&row, &amendments), ..row.clone() };
    let ready = match Replay::default().run(stages, &with) {
        Ok(ready) => ready,
        Err(reject) => return Ok(Amended::Refused(reject)),
    };
    let stated = row.stated.ok_or(Error::NoSuchEntry(request.entry))?;
    let Some(changes) = stated.difference(&ready.prepared) else { return Ok(Amended::Same) };
    load.amend(request.entry, &amendments)?;
    let restatement = stated.anew(load.run_id(), &ready.prepared);
    load.restate(request.entry, restatement, &changes, &format!("amended: {}", request.reason))?;
    let published = finish(load)?;
    Ok(Amended::Done { changes, run: published.run_id, chain: published.chain })
}

/// Fails where these mapping files read a row otherwise than its entry states: it would change more than is amended.
fn read_as_stated(stages: &Stages, row: &StoredRow, entry: EntryId) -> Result<(), Error> {
    let change = match (Replay::default().run(stages, row), &row.stated) {
        (Ok(ready), Some(stated)) => stated.difference(&ready.prepared).map(|changes| told(&changes)),
        (Ok(_), None) => None,
        (Err(reject), _) => Some(plan::said(&reject.findings).join("; ")),
    };
    match change {
        None => Ok(()),
        Some(change) => Err(Error::ReadOtherwise { entry, address: row.source.to_string(), change }),
    }
}

/// What changes, without what can name a person.
fn told(changes: &[FieldChange]) -> String {
    let one = |change: &FieldChange| {
        let [before, after] = [&change.before, &change.after].map(|said| masked(change.field, said, false));
        format!("{} {before} → {after}", change.field)
    };
    changes.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Takes a run back, as a run of its own.
pub fn undo(stages: &Stages, act: &Act, run: i64) -> Result<(Undone, Published), Error> {
    let mut load = act.begin(stages)?;
    let undone = load.undo(run)?;
    Ok((undone, finish(load)?))
}

fn finish(mut load: Load) -> Result<Published, Error> {
    resolve::again(&mut load)?;
    Ok(load.publish()?)
}

/// States anew, under the tables of this run, the entries that persons amended and whose ledgers were sent again.
/// One that is refused under them is refused, as its row would be.
pub(crate) fn state_kept(stages: &Stages, load: &mut Load) -> Result<(), Error> {
    let cause = "amended before; read by the tables of this run";
    let mut replay = Replay::default();
    for entry in load.take_kept() {
        let row = load.stored().rows().entry(entry)?.ok_or(Error::NoSuchEntry(entry))?;
        match replay.run(stages, &row) {
            Ok(ready) => {
                let stated = row.stated.ok_or(Error::NoSuchEntry(entry))?;
                let changes = stated.difference(&ready.prepared).unwrap_or_default();
                load.restate(entry, stated.anew(load.run_id(), &ready.prepared), &changes, cause)?;
            }
            Err(reject) => load.refuse(entry, &reject, cause)?,
        }
    }
    Ok(())
}

fn present(load: &Load, entry: EntryId) -> Result<StoredRow, Error> {
    if load.stored().file_of(entry)?.is_none() {
        return Err(Error::NoSuchEntry(entry));
    }
    load.stored().rows().entry(entry)?.ok_or(Error::NoSuchEntry(entry))
}

/// The last word on each field: what was amended before, and what is amended now.
fn merged(row: &StoredRow, amendments: &[Amendment]) -> Vec<matricule_loader::Amended> {
    let is_now = |field: Option<Field>| amendments.iter().any(|amendment| amendment.field == field);
    let before =
        row.amended.iter().filter(|amended| amended.field.is_none() || !is_now(amended.field)).cloned();
    let now = amendments.iter().map(|amendment| matricule_loader::Amended {
        field: amendment.field,
        column: amendment.column,
        text: amendment.cell.as_str().into(),
    });
    before.chain(now).collect()
}

fn amendments(row: &StoredRow, request: &AmendRequest) -> Vec<Amendment> {
    let ledger = &row.source.ledger;
    let amendment = |(field, value): &(Field, String)| {
        let column = ledger.column_of(*field);
        let so_far = row.amended.iter().find(|amended| amended.field == Some(*field));
        let cell = column.map_or("", |column| row.cells.get(column).text);
        Amendment {
            field: Some(*field),
            column: column.unwrap_or(ledger.columns.len()),
            before: so_far.map_or(cell, |amended| amended.text.as_str()).to_owned(),
            cell: value.clone(),
            reason: request.reason.clone(),
        }
    };
    request.values.iter().map(amendment).collect()
}

/// The row of an entry: what a message about it names.
pub fn address(registry: &Registry, entry: EntryId) -> Result<Option<String>, Error> {
    let row = registry.stored()?.rows().entry(entry)?;
    Ok(row.filter(|row| row.id == StoredId::Entry(entry)).map(|row| row.source.to_string()))
}
