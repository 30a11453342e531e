//! `matricule audit`: whether a registry is what its runs wrote.

use matricule_loader::{Incompatible, Registry, Retention, YEARS, YEARS_OF_MANUFACTURE};
use matricule_pipeline::{Audit, Check, audit, spot_check};
use matricule_record::message;
use matricule_report::masked;

use crate::Status;
use crate::arguments::AuditRegistry;
use crate::output::{print, shown};

pub(crate) fn run(arguments: &AuditRegistry) -> Status {
    let registry = Registry::open(&arguments.registry)?;
    if arguments.digest {
        print(&format!("{}\n", registry.digest()?))?;
        return Ok(0);
    }
    let found = audit(&registry, arguments.expect.as_deref())?;
    // Told before anything else is asked of a registry that may be damaged.
    print(&describe(&found))?;
    match beside(&registry) {
        Ok(text) => print(&text)?,
        // What cannot be asked of a damaged registry is told above.
        Err(_) if !found.is_clean() => return Ok(1),
        Err(error) => return Err(error),
    }
    if let Some(entries) = arguments.sample {
        let written = spot_check(&registry, entries, &arguments.sheet)?;
        print(&format!(
            "\n{written} entries drawn by lot are in {}: compare them with the paper.\n",
            arguments.sheet.display()
        ))?;
    }
    Ok(u8::from(!found.is_clean()))
}

/// What is asked of a registry that is whole: no fault of it.
fn beside(registry: &Registry) -> anyhow::Result<String> {
    let kept = registry.retention(jiff::Zoned::now().date())?;
    let incompatible = registry.stored()?.incompatible()?;
    Ok(contradictions(&incompatible) + &retention(&kept))
}

fn describe(audit: &Audit) -> String {
    let mut text: String = audit.checks.iter().map(line).collect();
    text.push_str(&format!("\nchain head {}\n", audit.head));
    text.push_str(if audit.is_clean() {
        "The registry is whole: nothing contradicts its evidence.\n"
    } else {
        "The registry is not as its runs left it.\n"
    });
    text
}

fn line(check: &Check) -> String {
    let looked_at = if check.looked_at > 0 { format!(" ({})", check.looked_at) } else { String::new() };
    let state = if check.findings.is_empty() { "ok   " } else { "FOUND" };
    let findings: String =
        check.findings.iter().map(|finding| format!("         {}\n", shown(finding, 200))).collect();
    format!("  {state}  {}{looked_at}\n{findings}", check.name)
}

/// Records that exclude each other: what the ledgers say, and no fault of the registry.
fn contradictions(kinds: &[Incompatible]) -> String {
    if kinds.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", message!("audit-incompatible"));
    for kind in kinds {
        text.push_str(&format!("  {:>7}  {}\n", kind.count, kind.kind));
        for found in &kind.first {
            let [one, other] =
                [&found.value_a, &found.value_b].map(|value| masked(&found.field, value, false));
            let line = message!(
                "audit-incompatible-pair",
                a = found.entry_a,
                b = found.entry_b,
                field = found.field,
                one = one,
                other = other
            );
            text.push_str(&format!("             {}\n", shown(&line, 200)));
        }
    }
    text
}

/// What a period of retention has run out for: told, and no fault.
fn retention(kept: &[Retention]) -> String {
    if kept.is_empty() {
        return String::new();
    }
    let lines: String = kept
        .iter()
        .map(|file| {
            format!(
                "  {}: {} of {YEARS} years or more, {} of them of {YEARS_OF_MANUFACTURE} or more; the oldest of {}\n",
                shown(&file.file, 60),
                file.entries,
                file.entries_of_manufacture,
                shown(&file.oldest, 10),
            )
        })
        .collect();
    format!(
        "\nEntries whose last date is {YEARS} years ago or more ({YEARS_OF_MANUFACTURE} for records of manufacture). Nothing was \
         deleted, and nothing is; who answers for the register decides.\n{lines}"
    )
}
