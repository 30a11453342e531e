//! `matricule audit`: whether a registry is what its runs wrote, and whether each serial still reads as its
//! table says.

use std::collections::BTreeMap;

use matricule_loader::{Derived, Registry, StoredSerial};
use matricule_record::{Field, LinkMode, message};
use matricule_transliteration::{Context, Conversion, Transliteration};

use crate::{Error, resolve, tables};

/// One check of an audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was checked, in words.
    pub name: &'static str,
    /// How many things it looked at, where that says something.
    pub looked_at: u64,
    /// What it found; empty where all is as it should be.
    pub findings: Vec<String>,
}

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Every check, in order.
    pub checks: Vec<Check>,
    /// Head of the chain of evidence as the tables give it now.
    pub head: String,
}

impl Audit {
    /// Whether no check found anything.
    pub fn is_clean(&self) -> bool {
        self.checks.iter().all(|check| check.findings.is_empty())
    }
}

/// Most findings of one check that are told one by one.
const TOLD: usize = 20;

/// Audits a registry; nothing is written.
///
/// A head given in `expect` has to be that of one of its runs: what was recorded outside.
pub fn audit(registry: &Registry, expect: Option<&str>) -> Result<Audit, Error> {
    let mut head = String::new();
    let checks = vec![
        check("the file and its references", |check| {
            check.findings = registry.integrity()?;
            Ok(())
        })?,
        check("tables, views and indexes as this version makes them", |check| {
            check.findings = registry.misshapen()?;
            Ok(())
        })?,
        check("rows read = loaded + rejected + skipped", |check| {
            check.findings = registry.unbalanced()?;
            Ok(())
        })?,
        check("cells, columns, settings and findings can be read", |check| {
            check.findings = registry.damaged(TOLD)?;
            Ok(())
        })?,
        check("mapping files and profiles by their digests", |check| altered(registry, check))?,
        check("the chain of evidence", |check| chain(registry, expect, &mut head, check))?,
        check("serials converted anew by the stored tables", |check| replay(registry, check))?,
        check("duplicates, weapons and conflicts derived again", |check| derived(registry, check))?,
    ];
    Ok(Audit { checks, head })
}

/// What a check comes to. Something damaged that it cannot go on without is a finding, and the next check goes on.
fn check(name: &'static str, make: impl FnOnce(&mut Check) -> Result<(), Error>) -> Result<Check, Error> {
    let mut check = Check { name, looked_at: 0, findings: Vec::new() };
    match make(&mut check) {
        Err(Error::Registry(matricule_loader::Error::NotUnderstood { reason, .. })) => {
            check.findings.push(reason);
        }
        Err(Error::Registry(matricule_loader::Error::Damaged { reason, .. })) => {
            check.findings.push(message!("audit-not-made", reason = reason));
        }
        Err(Error::Registry(matricule_loader::Error::Sqlite { source, .. })) => {
            check.findings.push(message!("audit-not-made", reason = source));
        }
        other => other?,
    }
    Ok(check)
}

fn altered(registry: &Registry, check: &mut Check) -> Result<(), Error> {
    let altered = registry.altered_files()?.into_iter();
    check.findings =
        altered.map(|digest| format!("the mapping file or profile {digest} was altered")).collect();
    Ok(())
}

fn chain(
    registry: &Registry,
    expect: Option<&str>,
    head: &mut String,
    check: &mut Check,
) -> Result<(), Error> {
    let links = registry.chain()?;
    let broken = |link: &&matricule_loader::ChainLink| {
        link.recorded.as_ref().is_some_and(|recorded| *recorded != link.found)
    };
    let told = |link: &matricule_loader::ChainLink| {
        format!("run {} wrote something else than the tables hold now", link.run_id)
    };
    check.findings = links.iter().filter(broken).map(told).collect();
    head.clone_from(&links.last().map(|link| link.found.clone()).unwrap_or_default());
    if let Some(expect) = expect
        && !links.iter().any(|link| link.found == expect)
    {
        check.findings.push(format!("no run has the chain head {expect} that was expected"));
    }
    check.looked_at = links.len() as u64;
    Ok(())
}

/// Converts every serial anew by the tables that its run stored.
fn replay(registry: &Registry, check: &mut Check) -> Result<(), Error> {
    let mut stages: BTreeMap<i64, Option<Transliteration>> = BTreeMap::new();
    for run in registry.runs()? {
        let tables = registry.mappings(run.run_id, "script")?;
        // A run that only decides converts nothing and uses no table.
        if tables::can_be_read(&tables) {
            stages.insert(run.run_id, tables::of_stored(&tables));
        }
    }
    let mut conversion = Conversion::default();
    let mut tell = |finding| {
        if check.findings.len() < TOLD {
            check.findings.push(finding);
        }
    };
    let mut looked_at = 0;
    registry.serials(|serial| {
        let serial = match serial {
            Ok(serial) => serial,
            Err(damaged) => return tell(damaged.to_string()),
        };
        // The first version kept its tables in a form that this one does not read.
        let Some(stage) = stages.get(&serial.run_id) else { return };
        looked_at += 1;
        let found = stage.as_ref().map(|stage| reads(stage, &serial, &mut conversion));
        if found.as_deref() != Some(&serial.converted) {
            let place = format!("{}!{}!{}", serial.file, serial.sheet, serial.row).replace("!!", "!");
            let found = found.unwrap_or_else(|| "nothing, because its tables cannot be read".to_owned());
            tell(format!("{place}: {} was loaded, its table gives {found}", serial.converted));
        }
    })?;
    check.looked_at = looked_at;
    Ok(())
}

fn reads(stage: &Transliteration, serial: &StoredSerial, conversion: &mut Conversion) -> String {
    let context = Context::of(Field::Serial, &serial.settings);
    let read = stage.convert_written(&serial.written, &serial.settings, context, conversion);
    read.unwrap_or_else(|code| format!("a refusal, {code}"))
}

/// Derives duplicates, weapons and conflicts again, with the decisions that were made.
fn derived(registry: &Registry, check: &mut Check) -> Result<(), Error> {
    let modes =
        registry.link_mode()?.map_or_else(|| vec![LinkMode::Exact, LinkMode::Full], |mode| vec![mode]);
    let mut found = Derived::Otherwise;
    for mode in modes {
        found = found.max(registry.holds(&resolve::derived(registry, mode)?)?);
        if found == Derived::Same {
            break;
        }
    }
    check.findings = match found {
        Derived::Same => Vec::new(),
        Derived::InOtherWords => vec![message!("audit-other-words").to_owned()],
        Derived::Otherwise => vec![message!("audit-otherwise").to_owned()],
    };
    Ok(())
}
