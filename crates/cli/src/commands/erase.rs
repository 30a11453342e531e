//! `matricule erase`: what names a person, removed by law.

use matricule_loader::StoredId;
use matricule_pipeline::{EraseRequest, Erasure, erase};
use matricule_record::message;

use crate::Status;
use crate::arguments::Erase;
use crate::output::{print, print_done, shown};

/// Rows that are listed one by one.
const LISTED: usize = 50;

pub(crate) fn run(arguments: &Erase) -> Status {
    let stages = super::stages(&arguments.declared())?;
    let entries = arguments.entry.iter().map(|entry| StoredId::Entry(*entry));
    let rejects = arguments.reject.iter().map(|reject| StoredId::Reject(*reject));
    let request = EraseRequest {
        act: super::act(&arguments.registry, Some(&arguments.operator)),
        rows: entries.chain(rejects).collect(),
        person: arguments.person.clone(),
        words: arguments.remarks,
        reason: arguments.reason.clone(),
        apply: arguments.apply,
    };
    let erasure = erase(&stages, &request)?;
    if erasure.erased.is_empty() {
        print(&format!("{}\n", message!("erase-nothing")))?;
        return Ok(1);
    }
    match erasure.applied {
        Some(_) => print_done(&describe(&erasure)),
        None => print(&describe(&erasure))?,
    }
    Ok(0)
}

fn describe(erasure: &Erasure) -> String {
    let mut text = String::new();
    for row in erasure.rows.iter().take(LISTED) {
        text.push_str(&format!("  {}\n", shown(row, 100)));
    }
    if erasure.rows.len() > LISTED {
        text.push_str(&format!("  {}\n", message!("and-more-rows", number = erasure.rows.len() - LISTED)));
    }
    let erased = &erasure.erased;
    let said = message!(
        "erase-done",
        rows = erasure.rows.len(),
        entries = erased.entries.len(),
        statements = erased.statements,
        rejects = erased.rejects,
        skipped = erased.skipped,
        log = erased.log
    );
    let end = match &erasure.applied {
        Some((run, chain)) => message!("erase-applied", run = run, chain = chain),
        None => message!("erase-plan").to_owned(),
    };
    text.push_str(&format!("{said}\n{end}\n"));
    text
}
