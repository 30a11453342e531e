//! `matricule runs`: the runs that a registry was made by.

use matricule_loader::Registry;

use crate::Status;
use crate::arguments::{Runs, RunsCommand};
use crate::output::{print, shown, table};

pub(crate) fn run(arguments: &Runs) -> Status {
    let RunsCommand::List { registry } = &arguments.command;
    let runs = Registry::open(registry)?.runs()?;
    let row = |run: &matricule_loader::RunRow| {
        let counts =
            [run.rows.read, run.rows.loaded, run.rows.rejected, run.rows.skipped].map(|n| n.to_string());
        let operator = run.operator.clone().unwrap_or_else(|| "-".to_owned());
        let [read, loaded, rejected, skipped] = counts;
        let started = run.started_at.clone();
        vec![
            run.run_id.to_string(),
            started,
            run.state.clone(),
            operator,
            read,
            loaded,
            rejected,
            skipped,
            shown(&run.command, 60),
        ]
    };
    let rows: Vec<Vec<String>> = runs.iter().map(row).collect();
    let header = ["run", "started", "state", "operator", "read", "loaded", "rejected", "skipped", "command"];
    print(&table(&header, &rows))?;
    Ok(0)
}
