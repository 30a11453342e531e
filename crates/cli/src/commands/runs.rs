//! `matricule runs`: the runs that a registry was made by, and taking one back.

use matricule_loader::{Registry, RunRow};
use matricule_pipeline::undo;

use crate::Status;
use crate::arguments::{Runs, RunsCommand, UndoRun};
use crate::output::{print, shown, table};

pub(crate) fn run(arguments: &Runs) -> Status {
    match &arguments.command {
        RunsCommand::List { registry } => list(&Registry::open(registry)?),
        RunsCommand::Show { run, registry } => show(*run, &Registry::open(registry)?),
        RunsCommand::Undo(arguments) => take_back(arguments),
    }
}

fn list(registry: &Registry) -> Status {
    let runs = registry.runs()?;
    let row = |run: &RunRow| {
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

fn show(run: i64, registry: &Registry) -> Status {
    let Some(found) = registry.runs()?.into_iter().find(|found| found.run_id == run) else {
        eprintln!("There is no run {run}; `matricule runs list` shows them.");
        return Ok(1);
    };
    let said = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let mut rows = vec![
        ("run", found.run_id.to_string()),
        ("state", found.state),
        ("started", found.started_at),
        ("finished", said(found.finished_at)),
        ("operator", said(found.operator)),
        ("version", found.version),
        ("command", matricule_text::visible(&found.command)),
    ];
    for (name, count) in registry.work_of(run)? {
        rows.push((name, count.to_string()));
    }
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, said)| vec![name.to_owned(), said]).collect();
    print(&table(&["", ""], &rows).lines().skip(1).map(|line| format!("{line}\n")).collect::<String>())?;
    Ok(0)
}

fn take_back(arguments: &UndoRun) -> Status {
    let stages = super::stages(&arguments.declared())?;
    let act = super::act(&arguments.registry, arguments.operator.as_ref());
    let (undone, published) = undo(&stages, &act, arguments.run)?;
    let mut text = format!("Run {} is undone.\n", arguments.run);
    for path in &undone.files {
        text.push_str(&format!("  {} is no longer present\n", matricule_text::visible(path)));
    }
    text.push_str(&format!(
        "  {} entries say again what they said before; {} other states were set back\nDone as run {}; chain head {}.\n",
        undone.restated, undone.states, published.run_id, published.chain
    ));
    print(&text)?;
    Ok(0)
}
