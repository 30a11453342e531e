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
    let check = |name, findings| Check { name, looked_at: 0, findings };
    let mut audit = Audit::default();
    audit.checks.push(check("the file and its references", registry.integrity()?));
    audit.checks.push(check("rows read = loaded + rejected + skipped", registry.unbalanced()?));
    let altered = registry.altered_files()?;
    let altered =
        altered.into_iter().map(|digest| format!("the mapping file or profile {digest} was altered"));
    audit.checks.push(check("mapping files and profiles by their digests", altered.collect()));
    let chain = chain(registry, expect, &mut audit.head)?;
    audit.checks.push(chain);
    audit.checks.push(replay(registry)?);
    audit.checks.push(derived(registry)?);
    Ok(audit)
}

fn chain(registry: &Registry, expect: Option<&str>, head: &mut String) -> Result<Check, Error> {
    let links = registry.chain()?;
    let broken = |link: &&matricule_loader::ChainLink| {
        link.recorded.as_ref().is_some_and(|recorded| *recorded != link.found)
    };
    let mut findings: Vec<String> = links
        .iter()
        .filter(broken)
        .map(|link| format!("run {} wrote something else than the tables hold now", link.run_id))
        .collect();
    head.clone_from(&links.last().map(|link| link.found.clone()).unwrap_or_default());
    if let Some(expect) = expect
        && !links.iter().any(|link| link.found == expect)
    {
        findings.push(format!("no run has the chain head {expect} that was expected"));
    }
    Ok(Check { name: "the chain of evidence", looked_at: links.len() as u64, findings })
}

/// Converts every serial anew by the tables that its run stored.
fn replay(registry: &Registry) -> Result<Check, Error> {
    let mut check =
        Check { name: "serials converted anew by the stored tables", looked_at: 0, findings: Vec::new() };
    let mut stages: BTreeMap<i64, Option<Transliteration>> = BTreeMap::new();
    for run in registry.runs()? {
        let tables = registry.mappings(run.run_id, "script")?;
        // A run that only decides converts nothing and uses no table.
        if tables::can_be_read(&tables) {
            stages.insert(run.run_id, tables::of_stored(&tables));
        }
    }
    let mut conversion = Conversion::default();
    registry.serials(|serial| {
        // The first version kept its tables in a form that this one does not read.
        let Some(stage) = stages.get(&serial.run_id) else { return };
        check.looked_at += 1;
        let found = stage.as_ref().map(|stage| reads(stage, &serial, &mut conversion));
        if found.as_deref() != Some(&serial.converted) && check.findings.len() < TOLD {
            let place = format!("{}!{}!{}", serial.file, serial.sheet, serial.row).replace("!!", "!");
            let found = found.unwrap_or_else(|| "nothing, because its tables cannot be read".to_owned());
            check.findings.push(format!("{place}: {} was loaded, its table gives {found}", serial.converted));
        }
    })?;
    Ok(check)
}

fn reads(stage: &Transliteration, serial: &StoredSerial, conversion: &mut Conversion) -> String {
    let context = Context::of(Field::Serial, &serial.settings);
    let read = stage.convert_written(&serial.written, &serial.settings, context, conversion);
    read.unwrap_or_else(|code| format!("a refusal, {code}"))
}

/// Derives duplicates, weapons and conflicts again, with the decisions that were made.
fn derived(registry: &Registry) -> Result<Check, Error> {
    let modes =
        registry.link_mode()?.map_or_else(|| vec![LinkMode::Exact, LinkMode::Full], |mode| vec![mode]);
    let mut found = Derived::Otherwise;
    for mode in modes {
        found = found.max(registry.holds(&resolve::derived(registry, mode)?)?);
        if found == Derived::Same {
            break;
        }
    }
    let findings = match found {
        Derived::Same => Vec::new(),
        Derived::InOtherWords => vec![message!("audit-other-words").to_owned()],
        Derived::Otherwise => vec![message!("audit-otherwise").to_owned()],
    };
    Ok(Check { name: "duplicates, weapons and conflicts derived again", looked_at: 0, findings })
}
