//! `matricule erase`: what names a person is removed by law, and the evidence of all the rest stands.

use std::sync::Arc;

use matricule_loader::{Erased, Personal, StoredId};
use matricule_record::{Field, Ledger};
use matricule_text::fold;

use crate::amend::Act;
use crate::{Error, Stages, resolve};

/// What is to be erased.
#[derive(Clone, Debug)]
pub struct EraseRequest {
    /// Who and where.
    pub act: Act,
    /// Entries and refused rows.
    pub rows: Vec<StoredId>,
    /// A person: every row that names them in a personal column, and says nothing else there.
    pub person: Option<String>,
    /// Also remarks and documents, which may name anybody.
    pub words: bool,
    /// Why, for the registry to remember; it names no person.
    pub reason: String,
    /// Do it; else it is only shown.
    pub apply: bool,
}

/// What an erasure comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    /// The rows of ledgers concerned, as messages name them.
    pub rows: Vec<String>,
    /// What of them is erased.
    pub erased: Erased,
    /// The run that did it, and the head of the chain of evidence after it.
    pub applied: Option<(i64, String)>,
}

/// Erases what names persons in rows, in whatever the registry made of them: it cannot be undone.
///
/// Fails with L709 where a version of the program loaded the rows whose evidence cannot outlive them.
pub fn erase(stages: &Stages, request: &EraseRequest) -> Result<Erasure, Error> {
    let mut load = request.act.begin_or_try(stages, request.apply)?;
    let words = [Field::Remarks, Field::Document];
    let is_named = |field: &Field| field.is_personal() || (request.words && words.contains(field));
    let fields: Vec<Field> = Field::ALL.iter().copied().filter(is_named).collect();
    let columns = |ledger: &Ledger| -> Vec<usize> {
        let ledger = stages.with_personal_columns(&Arc::new(ledger.clone()));
        let columns = ledger.columns.iter().enumerate();
        let named =
            columns.filter(|(_, column)| column.is_personal || column.field.as_ref().is_some_and(is_named));
        named.map(|(at, _)| at).collect()
    };
    let personal = Personal { fields: &fields, columns: &columns };
    let mut places = load.places_of(&request.rows)?;
    if let Some(person) = request.person.as_deref().map(fold).filter(|person| !person.is_empty()) {
        places.extend(load.places_naming(&personal, &|text| fold(text) == person)?);
    }
    let rows = places.iter().map(|place| load.address(*place)).collect::<Result<_, _>>()?;
    let erased = load.erase(&places, &personal, &request.reason)?;
    if !request.apply || erased.is_empty() {
        return Ok(Erasure { rows, erased, applied: None });
    }
    resolve::again(&mut load)?;
    let published = load.publish()?;
    Ok(Erasure { rows, erased, applied: Some((published.run_id, published.chain)) })
}
