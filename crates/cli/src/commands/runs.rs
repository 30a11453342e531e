//! `matricule runs`: the runs that a registry was made by, and taking one back.

use matricule_loader::{Registry, RunRow};
use matricule_pipeline::undo;
use matricule_record::message;

use crate::Status;
use crate::arguments::{Runs, RunsCommand, UndoRun};
use crate::output::{print, print_done, shown, table};

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
    let header = [
        message!("column-run"),
        message!("column-started"),
        message!("column-state"),
        message!("column-operator"),
        message!("column-read"),
        message!("column-loaded"),
        message!("column-rejected"),
        message!("column-skipped"),
        message!("column-command"),
    ];
    print(&table(&header, &rows))?;
    Ok(0)
}

fn show(run: i64, registry: &Registry) -> Status {
    let Some(found) = registry.runs()?.into_iter().find(|found| found.run_id == run) else {
        eprintln!("{}", message!("runs-none", run = run));
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
    let mut lines = vec![message!("runs-undone", run = arguments.run)];
    let gone =
        |path: &String| format!("  {}", message!("runs-file-gone", path = matricule_text::visible(path)));
    lines.extend(undone.files.iter().map(gone));
    let back = message!("runs-set-back", entries = undone.restated, states = undone.states);
    lines.push(format!("  {back}"));
    lines.push(message!("done-as-run", run = published.run_id, chain = published.chain));
    print_done(&lines.into_iter().map(|line| line + "\n").collect::<String>());
    Ok(0)
}
