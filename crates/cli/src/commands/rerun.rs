//! `matricule rerun`: what corrected mapping files change in what a registry holds.

use std::collections::BTreeMap;
use std::path::Path;

use matricule_loader::FieldChange;
use matricule_pipeline::{
    Change, Collision, Plan, Planned, ProfileRequest, Rerun, RerunRequest, Silent, Stages, rerun,
    rerun_profile,
};
use matricule_record::message;
use matricule_report::masked;
use serde_json::{Value, json};

use crate::Status;
use crate::arguments::RerunRegistry;
use crate::output::{print, print_done, shown, table};
use crate::progress::Bars;

/// Rows that are shown of each cause; `--all` shows every one.
const SHOWN: usize = 10;

pub(crate) fn run(arguments: &RerunRegistry) -> Status {
    let bars = Bars::new()?;
    let stages = super::stages(&arguments.declared())?;
    let request = RerunRequest {
        act: super::act(&arguments.registry, arguments.operator.as_ref()),
        apply: arguments.apply || arguments.plan.is_some(),
        plan: arguments.plan.clone(),
    };
    let result = match arguments.ledger.clone().zip(stages.profile().cloned()) {
        Some((ledger, profile)) => {
            rerun_profile(&stages, &ProfileRequest { rerun: request, ledger, profile }, &bars)
        }
        None => rerun(&stages, &request, &bars),
    };
    bars.clear();
    let done = result?;
    let text = if arguments.json { json_of(&done) } else { describe(&done, arguments.all) };
    match done.applied {
        Some(_) => print_done(&text),
        None => print(&text)?,
    }
    let is_open = done.applied.is_none() && !done.plan.changes.is_empty();
    Ok(u8::from(is_open || !done.plan.left_out.is_empty()))
}

/// The plan of a re-run under an operator's mappings; nothing is changed.
pub(crate) fn show(stages: &Stages, registry: &Path, mappings: &Path) -> Status {
    let act = super::act(registry, None);
    let done = rerun(stages, &RerunRequest { act, apply: false, plan: None }, &Silent)?;
    print(&describe(&done, false))?;
    if !done.plan.changes.is_empty() {
        let (plan, registry, mappings) = (&done.plan.digest, registry.display(), mappings.display());
        let command =
            format!("matricule rerun --apply --plan {plan} --registry {registry} --mappings {mappings}");
        print(&format!("{}\n", message!("rerun-command", command = command)))?;
    }
    Ok(u8::from(!done.plan.changes.is_empty()))
}

pub(crate) fn describe(done: &Rerun, all: bool) -> String {
    let plan = &done.plan;
    let mut text = String::new();
    for (cause, changes) in by_cause(plan) {
        text.push_str(&format!("{cause}\n"));
        text.push_str(&of_cause(&changes, if all { usize::MAX } else { SHOWN }));
    }
    text.push_str(&collisions(&plan.opened, |count| message!("rerun-opened", number = count)));
    text.push_str(&collisions(&plan.closed, |count| message!("rerun-closed", number = count)));
    if !plan.left_out.is_empty() {
        let ledgers = plan.left_out.join(", ");
        text.push_str(&format!("{}\n", message!("rerun-left-out", ledgers = ledgers)));
    }
    if !plan.of_ingest.is_empty() {
        text.push_str(&format!("{}\n", message!("rerun-of-ingest", files = plan.of_ingest.join(", "))));
    }
    text.push_str(&totals(plan));
    let end = match &done.applied {
        Some((run, chain)) => message!("done-as-run", run = run, chain = chain),
        None if plan.changes.is_empty() && plan.left_out.is_empty() => message!("rerun-nothing").to_owned(),
        None if plan.changes.is_empty() => message!("rerun-nothing-else").to_owned(),
        None => message!("rerun-plan", plan = plan.digest),
    };
    text.push_str(&format!("{end}\n"));
    text
}

fn by_cause(plan: &Plan) -> BTreeMap<&str, Vec<&Change>> {
    let mut causes: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in &plan.changes {
        causes.entry(&change.cause).or_default().push(change);
    }
    causes
}

fn of_cause(changes: &[&Change], limit: usize) -> String {
    let rows: Vec<Vec<String>> = changes.iter().take(limit).flat_map(|change| rows_of(change)).collect();
    let header = [
        message!("column-address"),
        message!("column-written"),
        message!("column-what"),
        message!("column-before"),
        message!("column-after"),
    ];
    let lines = table(&header, &rows);
    let mut text: String = lines.lines().map(|line| format!("  {line}\n")).collect();
    if changes.len() > limit {
        text.push_str(&format!("  {}\n", message!("rerun-more", number = changes.len() - limit)));
    }
    text
}

/// A line a field that changes.
fn rows_of(change: &Change) -> Vec<Vec<String>> {
    let line = |what: &str, before: &str, after: &str| {
        let [before, after] = [before, after].map(|text| if text.is_empty() { "-" } else { text });
        vec![
            shown(&change.address, 60),
            shown(&change.original, 30),
            what.to_owned(),
            shown(before, 40),
            shown(after, 60),
        ]
    };
    match &change.planned {
        Planned::Restated(changes) => {
            let row = |change: &FieldChange| {
                let [before, after] = masked_pair(change);
                line(change.field, before, after)
            };
            changes.iter().map(row).collect()
        }
        Planned::Admitted { serial } => {
            vec![line(message!("rerun-loads"), message!("rerun-refused"), serial)]
        }
        Planned::Refused(findings) => {
            vec![line(message!("rerun-refused"), message!("rerun-loaded"), &findings.join(" "))]
        }
        Planned::RefusedAnew(findings) => {
            vec![line(message!("rerun-refused-otherwise"), message!("rerun-refused"), &findings.join(" "))]
        }
        Planned::TakenUp(Ok(serial)) => {
            vec![line(message!("rerun-loads"), message!("rerun-no-record"), serial)]
        }
        Planned::TakenUp(Err(findings)) => {
            vec![line(message!("rerun-refused"), message!("rerun-no-record"), &findings.join(" "))]
        }
        Planned::SetAside(class) => vec![line(message!("rerun-no-record"), message!("rerun-read"), class)],
    }
}

/// What a field said and says; a plan is no place for personal data.
fn masked_pair(change: &FieldChange) -> [&str; 2] {
    [&change.before, &change.after].map(|said| masked(change.field, said, false))
}

fn collisions(found: &[Collision], what: impl Fn(usize) -> String) -> String {
    if found.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", what(found.len()));
    for collision in found.iter().take(SHOWN) {
        text.push_str(&format!("  {}: {}\n", collision.serial, shown(&collision.originals.join(", "), 80)));
    }
    text
}

fn totals(plan: &Plan) -> String {
    let count = |wanted: fn(&Planned) -> bool| plan.changes.iter().filter(|c| wanted(&c.planned)).count();
    let mut text = message!(
        "rerun-totals",
        rows = plan.rows_read,
        changed = count(|planned| matches!(planned, Planned::Restated(_))),
        admitted = count(|planned| matches!(planned, Planned::Admitted { .. })),
        refused = count(|planned| matches!(planned, Planned::Refused(_))),
        anew = count(|planned| matches!(planned, Planned::RefusedAnew(_)))
    );
    let (taken, aside) = (
        count(|planned| matches!(planned, Planned::TakenUp(_))),
        count(|planned| matches!(planned, Planned::SetAside(_))),
    );
    if taken + aside > 0 {
        text.push('\n');
        text.push_str(&message!("rerun-records", taken = taken, aside = aside));
    }
    text + "\n"
}

fn json_of(done: &Rerun) -> String {
    let plan = &done.plan;
    let change = |change: &Change| {
        let (becomes, detail) = match &change.planned {
            Planned::Restated(fields) => (
                "restated",
                fields
                    .iter()
                    .map(|f| (f.field, masked_pair(f)))
                    .map(|(field, [before, after])| json!({ "field": field, "before": before, "after": after }))
                    .collect::<Value>(),
            ),
            Planned::Admitted { serial } => ("admitted", json!({ "serial": serial })),
            Planned::Refused(findings) => ("refused", json!(findings)),
            Planned::RefusedAnew(findings) => ("refused_anew", json!(findings)),
            Planned::TakenUp(Ok(serial)) => ("taken_up", json!({ "serial": serial })),
            Planned::TakenUp(Err(findings)) => ("taken_up_and_refused", json!(findings)),
            Planned::SetAside(class) => ("set_aside", json!({ "class": class })),
        };
        json!({ "address": change.address, "original": change.original, "cause": change.cause,
            "becomes": becomes, "detail": detail })
    };
    let collision = |found: &Collision| json!({ "serial": found.serial, "originals": found.originals });
    let object = json!({
        "plan": plan.digest,
        "rows_read": plan.rows_read,
        "changes": plan.changes.iter().map(change).collect::<Value>(),
        "collisions_opened": plan.opened.iter().map(collision).collect::<Value>(),
        "collisions_closed": plan.closed.iter().map(collision).collect::<Value>(),
        "left_out": plan.left_out,
        "of_ingest": plan.of_ingest,
        "run_id": done.applied.as_ref().map(|(run, _)| run),
        "chain_head": done.applied.as_ref().map(|(_, chain)| chain),
    });
    format!("{object:#}\n")
}
