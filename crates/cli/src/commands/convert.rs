//! `matricule convert`: ledgers into a registry.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use matricule_pipeline::{Parts, Personal, Request, Split, convert};
use matricule_report::{render, write_json};

use crate::Status;
use crate::arguments::Convert;
use crate::output::print;
use crate::progress::Bars;

/// Columns of the summary where the terminal does not say.
const WIDTH: usize = 100;

pub(crate) fn run(arguments: &Convert) -> Status {
    // First of all, so that Ctrl-C means the same from the beginning.
    let bars = Bars::new()?;
    let stages = super::stages(&arguments.declared)?;
    let result = convert(&stages, &request(arguments), &bars);
    bars.clear();
    let summary = result?;
    if arguments.json {
        let mut json = Vec::new();
        write_json(&summary, &mut json)?;
        print(&String::from_utf8_lossy(&json))?;
    } else {
        let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        print(&render(&summary, WIDTH, colour))?;
    }
    Ok(summary.exit_status())
}

fn request(arguments: &Convert) -> Request {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let workers = arguments.jobs.unwrap_or(cores);
    Request {
        ledgers: arguments.ledgers.clone(),
        registry: arguments.registry.clone(),
        report: arguments.report.clone().unwrap_or_else(|| beside(&arguments.registry)),
        dry_run: arguments.dry_run,
        split: Split { workers, batch: arguments.batch.max(1) },
        command: super::command_line(),
        operator: arguments.operator.clone(),
        timings: arguments.timings,
        link: arguments.link.into(),
        parts: (!arguments.dry_run).then_some(Parts { rows: arguments.part, resume: arguments.resume }),
        personal: if arguments.unmask { Personal::Shown } else { Personal::Masked },
    }
}

fn beside(registry: &Path) -> PathBuf {
    registry.parent().unwrap_or(Path::new("")).join("matricule-report")
}
