//! `matricule rejects`: refused rows out of a registry, and repaired ones back into it.

use anyhow::{Context, bail};

use matricule_loader::{Registry, RejectQuery};
use matricule_pipeline::{
    FoldFix, ImportRequest, Imported, LanguageFix, MappingFix, Personal, RerunRequest, Shown, Silent,
    WrittenRow, export_rejects, fix_mapping, fix_mixed, import, take_back,
};
use matricule_record::{Code, message};

use crate::Status;
use crate::arguments::{Declared, ExportRejects, FixRejects, Fold, ImportRejects, Rejects, RejectsCommand};
use crate::output::{print, print_done, shown};

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
    let personal = if arguments.unmasking.unmask { Personal::Shown } else { Personal::Masked };
    let shown = Shown { personal, ledgers: arguments.ledgers.as_deref() };
    let (rows, kept) = export_rejects(&stages, &registry, query, &arguments.report, shown)?;
    for kept in &kept {
        eprintln!("matricule: {}", kept.told());
    }
    line(&message!("rejects-exported", rows = rows, folder = arguments.report.display()))?;
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
    print_done(&describe(&done));
    Ok(u8::from(!done.faults.is_empty() || !done.refused.is_empty()))
}

fn fix(arguments: &FixRejects) -> Status {
    match Code::from_name(&arguments.code) {
        Some(code @ (Code::T301 | Code::T303 | Code::T310)) => fix_character(arguments, code),
        Some(Code::T302) => fix_ledger(arguments),
        Some(Code::T311) => fix_language(arguments),
        _ => bail!(message!("fix-no-repair", code = arguments.code)),
    }
}

/// Writes the mapping row, and shows what it changes in the registry. A row by which the mappings are not valid is
/// taken back: no command would run with them.
fn fix_character(arguments: &FixRejects, code: Code) -> Status {
    let needed = message!("fix-needs-character");
    let mappings = arguments.office_mappings();
    let declared = Declared { mappings: Some(mappings.clone()), ..Declared::default() };
    let fix = MappingFix {
        code,
        character: arguments.character.context(needed)?,
        to: arguments.map.clone().context(needed)?,
        belongs: arguments.belongs.clone(),
        source: source(arguments),
        table: arguments.table.clone(),
        mappings: mappings.clone(),
    };
    let has_own = std::fs::read_dir(&mappings).is_ok_and(|mut folder| folder.next().is_some());
    let before = if has_own { declared.clone() } else { Declared::default() };
    let written = fix_mapping(&super::stages(&before)?, &arguments.registry, &fix)?;
    let stages = match super::stages(&declared) {
        Ok(stages) => stages,
        Err(fault) => {
            take_back(&written)?;
            return Err(fault.context(message!("fix-taken-back")));
        }
    };
    for WrittenRow { file, row, stood, .. } in &written {
        let file = file.display();
        line(&if *stood {
            message!("fix-stood", file = file, row = row)
        } else {
            message!("fix-written", file = file, row = row)
        })?;
    }
    print("\n")?;
    super::rerun::show(&stages, &arguments.registry, &mappings)
}

/// Who says so, where nobody gave a source: a row of a table needs one.
fn source(arguments: &FixRejects) -> String {
    let date = jiff::Zoned::now().date();
    match (&*arguments.source, &arguments.operator) {
        ("", None) => message!("fix-source", date = date),
        ("", Some(operator)) => message!("fix-source-operator", operator = operator, date = date),
        (source, _) => source.to_owned(),
    }
}

fn fix_ledger(arguments: &FixRejects) -> Status {
    let needed = message!("fix-needs-fold");
    let request = FoldFix {
        act: super::act(&arguments.registry, arguments.operator.as_ref()),
        ledger: arguments.ledger.clone().context(needed)?,
        latin: arguments.fold.context(needed)? == Fold::Latin,
        reason: if arguments.source.is_empty() {
            message!("fix-letters").to_owned()
        } else {
            arguments.source.clone()
        },
        apply: arguments.apply,
    };
    let done = fix_mixed(&super::stages(&Declared::default())?, &request)?;
    print(&describe(&done))?;
    if !arguments.apply {
        line(message!("fix-apply"))?;
    }
    Ok(u8::from(!arguments.apply || !done.refused.is_empty()))
}

fn fix_language(arguments: &FixRejects) -> Status {
    let needed = message!("fix-needs-language");
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
    print(&format!("{}\n{profile}", message!("fix-profile")))?;
    if !arguments.apply {
        line(message!("fix-apply"))?;
    }
    Ok(u8::from(!arguments.apply))
}

fn line(text: &str) -> anyhow::Result<()> {
    print(&format!("{text}\n"))
}

fn describe(done: &Imported) -> String {
    let mut text = message!(
        "import-done",
        loaded = done.loaded,
        waived = done.waived,
        refused = done.refused.len(),
        known = done.known,
        left = done.left,
        faults = done.faults.len()
    );
    text.push('\n');
    if !done.refused.is_empty() {
        text.push_str(&format!("\n{}\n", message!("import-refused")));
        for reject in done.refused.iter().take(TOLD) {
            for finding in &reject.findings {
                text.push_str(&format!("  {}\n", shown(&reject.describe(finding), 400)));
            }
        }
        text.push_str(&rest(done.refused.len()));
    }
    if !done.faults.is_empty() {
        text.push_str(&format!("\n{}\n", message!("import-faults")));
        for fault in done.faults.iter().take(TOLD) {
            let (place, message) = (shown(&fault.place, 200), shown(&fault.message, 600));
            text.push_str(&format!("  {} {place}: {message}.\n", fault.code));
        }
        text.push_str(&rest(done.faults.len()));
    }
    let end = match &done.applied {
        Some((run, chain)) => message!("done-as-run", run = run, chain = chain),
        None => message!("import-nothing").to_owned(),
    };
    text.push_str(&format!("\n{end}\n"));
    text
}

fn rest(all: usize) -> String {
    if all > TOLD { format!("  {}\n", message!("and-more", number = all - TOLD)) } else { String::new() }
}
