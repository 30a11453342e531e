//! One file a command.

pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod convert;
pub(crate) mod dedupe;
mod difference;
pub(crate) mod docs;
pub(crate) mod entries;
pub(crate) mod erase;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod find;
pub(crate) mod inspect;
pub(crate) mod mappings;
pub(crate) mod rejects;
pub(crate) mod rerun;
pub(crate) mod review;
pub(crate) mod runs;
pub(crate) mod template;
pub(crate) mod transliterate;

use std::path::Path;

use anyhow::Context;
use matricule_ingest::{Overrides, ReaderCommand};
use matricule_mapping::{Files, Profile};
use matricule_pipeline::{Act, Declarations, Stages};
use matricule_record::is_erasable_column;

use crate::arguments::{Declared, Unmasking};

/// The body of the hidden subcommand that reads a workbook in a process of its own.
pub(crate) fn read_workbook(path: &Path) -> u8 {
    matricule_ingest::serve_workbook(path, std::io::stdin(), std::io::stdout())
}

/// The mapping files: those shipped, and an operator's over them.
fn files(directory: Option<&Path>) -> anyhow::Result<Files> {
    Ok(directory.map_or_else(|| Ok(Files::shipped()), Files::with_directory)?)
}

/// The command line, for the registry to keep: without what may name a person, because it is kept for good.
fn command_line() -> String {
    let mut names_person = false;
    let arguments = std::env::args().map(|argument| {
        let hidden = std::mem::replace(&mut names_person, argument == "--person");
        if hidden { HIDDEN.to_owned() } else { without_person(argument) }
    });
    arguments.collect::<Vec<_>>().join(" ")
}

/// What stands for a value that is not kept.
const HIDDEN: &str = "…";

/// An argument without the value of a personal field, as in `holder=NAME`.
fn without_person(argument: String) -> String {
    let (option, said) = match argument.split_once('=') {
        Some((option, said)) if option.starts_with("--") => (format!("{option}="), said),
        _ => (String::new(), argument.as_str()),
    };
    if option == "--person=" {
        return format!("{option}{HIDDEN}");
    }
    match said.split_once('=') {
        Some((name, _)) if is_erasable_column(name.trim()) => format!("{option}{name}={HIDDEN}"),
        _ => argument,
    }
}

/// How to start this program as the isolated workbook reader.
fn reader() -> anyhow::Result<ReaderCommand> {
    let program = std::env::current_exe().context("the path of this program is not known")?;
    Ok(ReaderCommand { program, arguments: vec!["read-workbook".into()] })
}

/// Everything declared on a command line, compiled.
fn stages(declared: &Declared) -> anyhow::Result<Stages> {
    let overrides = Overrides {
        reading: declared.reading.map(Into::into),
        variant: declared.variant.map(Into::into),
        register: declared.register.as_deref().map(Into::into),
        language: declared.language.as_deref().map(Into::into),
    };
    let declarations = Declarations {
        files: files(declared.mappings.as_deref())?,
        profile: declared.profile.as_deref().map(Profile::load).transpose()?,
        overrides,
        reader: reader()?,
        today: jiff::Zoned::now().date(),
    };
    Ok(Stages::new(declarations)?)
}

/// Records that somebody asks for personal data of a registry, before anything is shown.
pub(crate) fn note(unmasking: &Unmasking, registry: &Path) -> anyhow::Result<()> {
    if unmasking.unmask {
        act(registry, unmasking.operator.as_ref()).note(&stages(&Declared::default())?)?;
    }
    Ok(())
}

/// Who does this command, and where.
pub(crate) fn act(registry: &Path, operator: Option<&String>) -> Act {
    Act { registry: registry.to_owned(), command: command_line(), operator: operator.cloned() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_names_a_person_is_not_kept() {
        for (argument, kept) in [
            ("holder=Some Body", "holder=…"),
            ("--set=holder=Some Body", "--set=holder=…"),
            ("--where=remarks=of Some Body", "--where=remarks=…"),
            ("--person=Some Body", "--person=…"),
            ("serial=A 1", "serial=A 1"),
            ("--set=serial=A 1", "--set=serial=A 1"),
            ("--registry=r.db", "--registry=r.db"),
        ] {
            assert_eq!(super::without_person(argument.to_owned()), kept);
        }
    }
}
