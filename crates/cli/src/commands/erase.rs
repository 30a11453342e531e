//! `matricule erase`: what names a person, removed by law.

use matricule_loader::StoredId;
use matricule_pipeline::{EraseRequest, Erasure, erase};

use crate::Status;
use crate::arguments::Erase;
use crate::output::{print, shown};

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
        print("There is nothing to erase; nothing was changed.\n")?;
        return Ok(1);
    }
    print(&describe(&erasure))?;
    Ok(0)
}

fn describe(erasure: &Erasure) -> String {
    let mut text = String::new();
    for row in erasure.rows.iter().take(LISTED) {
        text.push_str(&format!("  {}\n", shown(row, 100)));
    }
    if erasure.rows.len() > LISTED {
        text.push_str(&format!("  … and {} more rows\n", erasure.rows.len() - LISTED));
    }
    let erased = &erasure.erased;
    text.push_str(&format!(
        "Of {} rows: {} entries in {} statements, {} refused rows, {} skipped rows, {} lines of the log.\n",
        erasure.rows.len(),
        erased.entries.len(),
        erased.statements,
        erased.rejects,
        erased.skipped,
        erased.log
    ));
    match &erasure.applied {
        Some((run, chain)) => text.push_str(&format!(
            "Erased by run {run}; chain head {chain}. Reports, exports and copies made before still hold it.\n"
        )),
        None => text.push_str("Nothing was changed. With --apply it is erased, and cannot be brought back.\n"),
    }
    text
}
