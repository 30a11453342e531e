//! `matricule rejects`: refused rows out of a registry, and repaired ones back into it.

use anyhow::{Context, bail};

use matricule_loader::{Registry, RejectQuery};
use matricule_pipeline::{
    FoldFix, ImportRequest, Imported, LanguageFix, MappingFix, RerunRequest, Silent, export_rejects,
    fix_mapping, fix_mixed, import,
};
use matricule_record::Code;

use crate::Status;
use crate::arguments::{Declared, ExportRejects, FixRejects, Fold, ImportRejects, Rejects, RejectsCommand};
use crate::output::{print, shown};

/// Rows and lines that are told one by one.
const TOLD: usize = 50;

pub(crate) fn run(arguments: &Rejects) -> Status {
    match &arguments.command {
        RejectsCommand::Export(arguments) => export(arguments),
        RejectsCommand::Import(arguments) => import_file(arguments),
        RejectsCommand::Fix(arguments) => fix(arguments),
    }
}

fn export(arguments: &ExportRejects) -> Status {
    let stages = super::stages(&arguments.declared())?;
    super::note(&arguments.unmasking, &arguments.registry)?;
    let registry = Registry::open(&arguments.registry)?;
    let query = RejectQuery { run: arguments.run, open_only: !arguments.all };
    let rows = export_rejects(&stages, &registry, query, &arguments.report, arguments.unmasking.unmask)?;
    print(&format!(
        "{rows} refused rows and files are written to {}: open rejected.xlsx to repair them, report.html to look at them.\n",
        arguments.report.display()
    ))?;
    Ok(u8::from(rows > 0))
}

fn import_file(arguments: &ImportRejects) -> Status {
    let stages = super::stages(&arguments.declared())?;
    let request = ImportRequest {
        act: super::act(&arguments.registry, Some(&arguments.operator)),
        file: arguments.file.clone(),
        reader: super::reader()?,
    };
    let done = import(&stages, &request)?;
    print(&describe(&done))?;
    Ok(u8::from(!done.faults.is_empty() || !done.refused.is_empty()))
}

fn fix(arguments: &FixRejects) -> Status {
    match Code::from_name(&arguments.code) {
        Some(code @ (Code::T301 | Code::T303 | Code::T310)) => fix_character(arguments, code),
        Some(Code::T302) => fix_ledger(arguments),
        Some(Code::T311) => fix_language(arguments),
        _ => bail!("`{}` has no repair for many rows; use rejects import for them", arguments.code),
    }
}

/// Writes the mapping row, and shows what it changes in the registry.
fn fix_character(arguments: &FixRejects, code: Code) -> Status {
    let needed = "give --character, --map and --mappings, as in `matricule rejects fix --help`";
    let mappings = arguments.mappings.clone().context(needed)?;
    let fix = MappingFix {
        code,
        character: arguments.character.context(needed)?,
        to: arguments.map.clone().context(needed)?,
        belongs: arguments.belongs.clone(),
        source: arguments.source.clone(),
        table: arguments.table.clone(),
        mappings: mappings.clone(),
    };
    let written = fix_mapping(&super::stages(&Declared::default())?, &arguments.registry, &fix)?;
    for row in &written {
        print(&format!("Written into {}: {}\n", row.file.display(), row.row))?;
    }
    print("\n")?;
    super::rerun::show(&arguments.registry, &mappings)
}

fn fix_ledger(arguments: &FixRejects) -> Status {
    let needed = "give --ledger and --fold, as in `matricule rejects fix --help`";
    let request = FoldFix {
        act: super::act(&arguments.registry, arguments.operator.as_ref()),
        ledger: arguments.ledger.clone().context(needed)?,
        latin: arguments.fold.context(needed)? == Fold::Latin,
        reason: if arguments.source.is_empty() {
            "letters as meant".to_owned()
        } else {
            arguments.source.clone()
        },
        apply: arguments.apply,
    };
    let done = fix_mixed(&super::stages(&Declared::default())?, &request)?;
    print(&describe(&done))?;
    if !arguments.apply {
        print("To do it: the same command with --apply --operator NAME.\n")?;
    }
    Ok(u8::from(!arguments.apply || !done.refused.is_empty()))
}

fn fix_language(arguments: &FixRejects) -> Status {
    let needed = "give --ledger and --language, as in `matricule rejects fix --help`";
    let request = LanguageFix {
        rerun: RerunRequest {
            act: super::act(&arguments.registry, arguments.operator.as_ref()),
            apply: arguments.apply,
            plan: None,
        },
        ledger: arguments.ledger.clone().context(needed)?,
        language: arguments.language.clone().context(needed)?,
    };
    let declared = Declared { mappings: arguments.mappings.clone(), ..Declared::default() };
    let (done, profile) = matricule_pipeline::fix_language(&super::stages(&declared)?, &request, &Silent)?;
    print(&super::rerun::describe(&done, false))?;
    print(&format!("The profile to keep beside the ledger (ledger.toml):\n{profile}"))?;
    if !arguments.apply {
        print("To do it: the same command with --apply --operator NAME.\n")?;
    }
    Ok(u8::from(!arguments.apply))
}

fn describe(done: &Imported) -> String {
    let mut text = format!(
        "{} rows loaded, {} waived, {} still refused, {} decided before, {} without a decision, {} lines not followed.\n",
        done.loaded,
        done.waived,
        done.refused.len(),
        done.known,
        done.left,
        done.faults.len()
    );
    if !done.refused.is_empty() {
        text.push_str("\nRefused as corrected, too (they stay open):\n");
        for reject in done.refused.iter().take(TOLD) {
            for finding in &reject.findings {
                text.push_str(&format!("  {}\n", shown(&reject.describe(finding), 400)));
            }
        }
        text.push_str(&rest(done.refused.len()));
    }
    if !done.faults.is_empty() {
        text.push_str("\nLines that were not followed (matricule explain CODE):\n");
        for fault in done.faults.iter().take(TOLD) {
            text.push_str(&format!(
                "  {} {}: {}.\n",
                fault.code,
                shown(&fault.place, 200),
                shown(&fault.message, 300)
            ));
        }
        text.push_str(&rest(done.faults.len()));
    }
    match &done.applied {
        Some((run, chain)) => text.push_str(&format!("\nDone as run {run}; chain head {chain}.\n")),
        None => text.push_str("\nNothing was changed.\n"),
    }
    text
}

fn rest(all: usize) -> String {
    if all > TOLD { format!("  … and {} more\n", all - TOLD) } else { String::new() }
}
