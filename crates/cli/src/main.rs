//! The binary: arguments, progress, messages. The only place that talks to the terminal.

mod arguments;
mod commands;
#[cfg(feature = "sqlcipher")]
mod key;
mod language;
mod output;
mod progress;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};

/// What a command comes to, as an exit status: 0 all done, 1 some rows or files rejected (find:
/// nothing found), 2 could not run, 130 interrupted.
pub(crate) type Status = anyhow::Result<u8>;

/// Rows are made on one thread and freed on another, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    #[cfg(feature = "sqlcipher")]
    if let Err(error) = key::take(&arguments.key) {
        eprintln!("matricule: {error:#}");
        return ExitCode::from(2);
    }
    if !watches_signals(&arguments.command) {
        // Where that cannot be, a signal ends it as it ends any program: without a word.
        let _ = ctrlc::set_handler(end_at_once);
    }
    match language::choose().and_then(|()| run(arguments.command)) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("matricule: {error:#}");
            let interrupted = error.downcast_ref().is_some_and(matricule_pipeline::Error::is_interruption);
            ExitCode::from(if interrupted { 130 } else { 2 })
        }
    }
}

/// Whether a command is asked to stop by a signal, and stops by itself.
fn watches_signals(command: &Command) -> bool {
    matches!(command, Command::Convert(_) | Command::Rerun(_) | Command::ReadWorkbook { .. })
}

/// Ends a command that a signal interrupts. What it had not published yet is as if it had never begun: the registry
/// rolls it back when it is opened next.
fn end_at_once() {
    eprintln!("matricule: {}", matricule_record::message!("interrupted"));
    std::process::exit(130);
}

fn run(command: Command) -> Status {
    match command {
        Command::Convert(arguments) => commands::convert::run(&arguments),
        Command::Inspect(arguments) => commands::inspect::run(&arguments),
        Command::Rerun(arguments) => commands::rerun::run(&arguments),
        Command::Export(arguments) => commands::export::run(&arguments),
        Command::Rejects(arguments) => commands::rejects::run(&arguments),
        Command::Entries(arguments) => commands::entries::run(&arguments),
        Command::Erase(arguments) => commands::erase::run(&arguments),
        Command::Template(arguments) => commands::template::run(&arguments),
        Command::Find(arguments) => commands::find::run(&arguments),
        Command::Review(arguments) => commands::review::run(&arguments),
        Command::Audit(arguments) => commands::audit::run(&arguments),
        Command::Runs(arguments) => commands::runs::run(&arguments),
        Command::Mappings(arguments) => commands::mappings::run(&arguments),
        Command::Transliterate(arguments) => commands::transliterate::run(&arguments),
        Command::Dedupe(arguments) => commands::dedupe::run(&arguments),
        Command::Explain(arguments) => commands::explain::run(&arguments),
        Command::Docs { folder } => commands::docs::run(&folder),
        Command::ReadWorkbook { path } => Ok(commands::read_workbook(&path)),
    }
}
