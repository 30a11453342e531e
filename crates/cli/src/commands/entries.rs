//! `matricule entries`: what one entry says, how it came to say so, and its amendment.

use anyhow::{Context, bail};
use matricule_loader::{EntryHistory, FieldChange, Registry};
use matricule_pipeline::{AmendRequest, Amended, address, amend};
use matricule_record::{Field, message};
use matricule_report::{masked, masked_entry};

use crate::Status;
use crate::arguments::{AmendEntry, Entries, EntriesCommand};
use crate::output::{print, print_done, shown, table};

pub(crate) fn run(arguments: &Entries) -> Status {
    match &arguments.command {
        EntriesCommand::Show { entry, registry, unmasking } => {
            super::note(unmasking, registry)?;
            show(*entry, &Registry::open(registry)?, unmasking.unmask)
        }
        EntriesCommand::Amend(arguments) => change(arguments),
    }
}

fn show(entry: i64, registry: &Registry, unmask: bool) -> Status {
    let Some(history) = registry.history(entry)? else {
        eprintln!("{}", message!("entries-none", entry = entry));
        return Ok(1);
    };
    let address = address(registry, entry)?.unwrap_or_default();
    print(&describe(entry, &address, &history, unmask))?;
    Ok(0)
}

fn describe(entry: i64, address: &str, history: &EntryHistory, unmask: bool) -> String {
    let heading = if history.is_present {
        message!("entries-entry", entry = entry, address = address)
    } else {
        message!("entries-gone", entry = entry, address = address)
    };
    let mut text = format!("{heading}\n\n");
    let open = |name: &str, said: &str, width| shown(&masked_entry(name, said, unmask), width);
    let rows: Vec<Vec<String>> =
        history.columns.iter().map(|(name, said)| vec![name.clone(), open(name, said, 100)]).collect();
    text.push_str(&table(&[message!("column-column"), message!("column-says")], &rows));
    if !history.changes.is_empty() {
        text.push('\n');
        let row = |change: &matricule_loader::LoggedChange| {
            let said = |text: &Option<String>| {
                text.as_deref().map_or_else(|| "-".to_owned(), |text| open(&change.field, text, 40))
            };
            let (before, after) = (said(&change.before), said(&change.after));
            vec![change.run_id.to_string(), change.field.clone(), before, after, shown(&change.cause, 80)]
        };
        let rows: Vec<Vec<String>> = history.changes.iter().map(row).collect();
        let header = [
            message!("column-run"),
            message!("column-field"),
            message!("column-before"),
            message!("column-after"),
            message!("column-cause"),
        ];
        text.push_str(&table(&header, &rows));
    }
    text
}

fn change(arguments: &AmendEntry) -> Status {
    let stages = super::stages(&arguments.declared())?;
    let values = arguments.set.iter().map(|said| assignment(said)).collect::<anyhow::Result<_>>()?;
    let request = AmendRequest {
        act: super::act(&arguments.registry, Some(&arguments.operator)),
        entry: arguments.entry,
        values,
        reason: arguments.reason.clone(),
    };
    match amend(&stages, &request)? {
        Amended::Done { changes, run, chain } => {
            let row = |change: &FieldChange| {
                let said = |text: &str| match masked(change.field, text, false) {
                    "" => "-".to_owned(),
                    text => shown(text, 60),
                };
                vec![change.field.to_owned(), said(&change.before), said(&change.after)]
            };
            let rows: Vec<Vec<String>> = changes.iter().map(row).collect();
            let header = [message!("column-field"), message!("column-before"), message!("column-after")];
            let end = message!("done-as-run", run = run, chain = chain);
            print_done(&format!("{}{end}\n", table(&header, &rows)));
            Ok(0)
        }
        Amended::Same => {
            print(&format!("{}\n", message!("entries-same")))?;
            Ok(0)
        }
        Amended::Refused(reject) => {
            eprintln!("{}", message!("entries-refused"));
            for finding in &reject.findings {
                eprintln!("{}", shown(&reject.describe(finding), 400));
            }
            Ok(1)
        }
    }
}

/// `field=value`.
fn assignment(said: &str) -> anyhow::Result<(Field, String)> {
    let (name, value) =
        said.split_once('=').with_context(|| message!("entries-no-assignment", said = said))?;
    let Some(field) = Field::from_name(name.trim()) else {
        let names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        bail!(message!("entries-no-field", name = name, fields = names.join(", ")));
    };
    Ok((field, value.to_owned()))
}
