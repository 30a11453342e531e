//! `matricule review`: what a person is asked about duplicates, and what a person says.

mod explain;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, bail};
use matricule_loader::{Decision, Manifest, Registry, ReviewFilter, ReviewPair, Verdict};
use matricule_pipeline::resolve::explained;
use matricule_pipeline::{Error, decide};
use matricule_record::{EntryId, ProposalKind, message};
use matricule_text::fold;

use crate::Status;
use crate::arguments::{Apply, Pair, Review, ReviewCommand, ReviewList, ReviewShow};
use crate::output::{print, print_done, shown, table};

pub(crate) fn run(arguments: &Review) -> Status {
    match &arguments.command {
        ReviewCommand::List(arguments) => list(arguments),
        ReviewCommand::Show(arguments) => show(arguments),
        ReviewCommand::Confirm(arguments) => say(arguments, Verdict::Confirmed),
        ReviewCommand::Refuse(arguments) => say(arguments, Verdict::Refused),
        ReviewCommand::Reopen(arguments) => say(arguments, Verdict::Reopened),
        ReviewCommand::Apply(arguments) => apply(arguments),
    }
}

fn list(arguments: &ReviewList) -> Status {
    super::note(&arguments.unmasking, &arguments.registry)?;
    let filter = ReviewFilter {
        kinds: arguments.kind.clone(),
        state: arguments.state.name().map(str::to_owned),
        file: arguments.file.clone(),
        make: arguments.make.clone(),
        register: arguments.register.clone(),
        least_bits: arguments.least_bits,
        most_bits: arguments.most_bits,
    };
    let registry = Registry::open(&arguments.registry)?;
    check_known(&registry, &filter)?;
    let mut pairs = registry.review(&filter)?;
    let found = pairs.len();
    pairs.truncate(arguments.limit.unwrap_or(usize::MAX));
    if arguments.csv {
        print(&sheet::write(&pairs, arguments.unmasking.unmask)?)?;
        return Ok(0);
    }
    let header = [
        message!("column-entries"),
        message!("column-value"),
        message!("column-bits"),
        message!("column-kind"),
        message!("column-serials"),
        message!("column-make"),
        message!("column-state"),
        message!("column-addresses"),
    ];
    print(&table(&header, &pairs.iter().map(line).collect::<Vec<_>>()))?;
    if found > pairs.len() {
        eprintln!("{}", message!("review-limited", shown = pairs.len(), found = found));
    }
    Ok(0)
}

/// A kind or a register that is not there is a slip, not a list without pairs.
fn check_known(registry: &Registry, filter: &ReviewFilter) -> anyhow::Result<()> {
    let unknown = filter.kinds.iter().find(|kind| !ProposalKind::names().any(|name| name == kind.as_str()));
    if let Some(kind) = unknown {
        let kinds = ProposalKind::names().collect::<Vec<_>>().join(", ");
        bail!(message!("review-unknown-kind", kind = shown(kind, 40), kinds = kinds));
    }
    let Some(register) = &filter.register else { return Ok(()) };
    let registers = registry.registers()?;
    if !registers.iter().any(|known| fold(known) == fold(register)) {
        let known: Vec<String> = registers.iter().map(|register| shown(register, 40)).collect();
        bail!(message!(
            "review-unknown-register",
            register = shown(register, 40),
            registers = known.join(", ")
        ));
    }
    Ok(())
}

fn line(pair: &ReviewPair) -> Vec<String> {
    let both = |a: &str, b: &str| {
        if a == b { shown(a, 24) } else { format!("{} | {}", shown(a, 24), shown(b, 24)) }
    };
    vec![
        format!("{} {}", pair.a.entry_id, pair.b.entry_id),
        format!("{:.2}", pair.value),
        pair.bits.map_or_else(|| "-".to_owned(), |bits| format!("{bits:+.1}")),
        pair.kind.clone(),
        both(&pair.a.serial, &pair.b.serial),
        both(&pair.a.fields[0], &pair.b.fields[0]),
        pair.state.clone(),
        format!("{} | {}", shown(&pair.a.address, 60), shown(&pair.b.address, 60)),
    ]
}

fn show(arguments: &ReviewShow) -> Status {
    let named = &arguments.pair;
    let registry = Registry::open(&named.registry)?;
    let (a, b) = ends(&registry, named)?;
    super::note(&arguments.unmasking, &named.registry)?;
    let mut pair = registry.review_pair(a, b)?.context(message!("review-entry-gone"))?;
    if !explain::has_odds(&pair) {
        pair.reasons.extend(explained(&registry, (a, b))?);
    }
    let decision = registry.decision(a, b)?;
    print(&explain::page(&pair, decision.as_ref(), arguments.unmasking.unmask))?;
    Ok(0)
}

/// The two entries that are named by number or address.
fn ends(registry: &Registry, named: &Pair) -> anyhow::Result<(EntryId, EntryId)> {
    let addresses: BTreeSet<String> =
        [&named.a, &named.b].into_iter().filter(|text| text.parse::<EntryId>().is_err()).cloned().collect();
    let found = if addresses.is_empty() { BTreeMap::new() } else { registry.entries_at(&addresses)? };
    let entry = |text: &String| -> anyhow::Result<EntryId> {
        let entry = text.parse().ok().or_else(|| found.get(text).copied());
        match entry {
            Some(entry) if registry.is_present(entry)? => Ok(entry),
            _ => bail!(message!("review-no-entry", entry = shown(text, 80))),
        }
    };
    let (a, b) = (entry(&named.a)?, entry(&named.b)?);
    if a == b {
        bail!(message!("review-one-entry", entry = a));
    }
    Ok((a, b))
}

fn say(arguments: &crate::arguments::Verdict, verdict: Verdict) -> Status {
    let pair = ends(&Registry::open(&arguments.pair.registry)?, &arguments.pair)?;
    let (reason, operator) = (arguments.reason.clone(), arguments.operator.clone());
    record(&arguments.pair.registry, &arguments.operator, &[Decision { pair, verdict, reason, operator }])
}

fn apply(arguments: &Apply) -> Status {
    let rows = sheet::read(&arguments.file).with_context(|| arguments.file.display().to_string())?;
    let addresses: BTreeSet<String> = rows.iter().flat_map(|row| row.addresses.clone()).collect();
    let found = Registry::open(&arguments.registry)?.entries_at(&addresses)?;
    let decision = |row: &sheet::Decided| -> anyhow::Result<Decision> {
        let entry = |at: usize| {
            let address = &row.addresses[at];
            found
                .get(address)
                .copied()
                .with_context(|| message!("review-line-entry", line = row.line, entry = shown(address, 80)))
        };
        let (reason, operator) = (row.reason.clone(), arguments.operator.clone());
        Ok(Decision { pair: (entry(0)?, entry(1)?), verdict: row.verdict, reason, operator })
    };
    let decisions = rows.iter().map(decision).collect::<anyhow::Result<Vec<_>>>()?;
    sheet::check_unique(&rows, &decisions)?;
    let done = record(&arguments.registry, &arguments.operator, &decisions);
    done.map_err(|error| match error.downcast_ref::<Error>() {
        Some(Error::Undecidable(torn)) => {
            let lines = sheet::lines_of(&rows, &decisions, torn);
            if lines.is_empty() { error } else { error.context(message!("review-lines", lines = lines)) }
        }
        _ => error,
    })
}

fn record(registry: &Path, operator: &str, decisions: &[Decision]) -> Status {
    let blank = |text: &str| text.trim().is_empty();
    if blank(operator) || decisions.iter().any(|decision| blank(&decision.reason)) {
        bail!(message!("review-needs"));
    }
    let manifest = Manifest {
        command: std::env::args().collect::<Vec<_>>().join(" "),
        operator: Some(operator.to_owned()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mappings: Vec::new(),
    };
    let decided = decide(registry, &manifest, decisions)?;
    let text = match &decided.published {
        None => message!("review-nothing").to_owned(),
        Some(run) => {
            let all = decided.recorded + decided.unchanged;
            let recorded =
                message!("review-recorded", run = run.run_id, recorded = decided.recorded, all = all);
            format!("{recorded}\n{}", message!("review-chain", chain = run.chain))
        }
    };
    print_done(&format!("{text}\n"));
    Ok(0)
}
