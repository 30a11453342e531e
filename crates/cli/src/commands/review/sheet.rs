//! Pairs as a CSV that a person fills in with a spreadsheet program, and its way back.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use matricule_loader::{Decision, REVIEW_FIELDS, ReviewEntry, ReviewPair, Verdict};
use matricule_pipeline::Torn;
use matricule_record::{EntryId, message};
use matricule_report::masked;
use matricule_text::delimiter_of;

use crate::output::shown;

/// A spreadsheet program takes a file that begins with it for UTF-8.
const MARK: &str = "\u{feff}";

/// A line on which a verdict was filled in.
pub(super) struct Decided {
    pub line: u64,
    pub addresses: [String; 2],
    pub verdict: Verdict,
    pub reason: String,
}

/// All pairs, a line each; verdict and reason are left to be filled in.
pub(super) fn write(pairs: &[ReviewPair], unmask: bool) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let sides = ["a", "b"].iter().flat_map(|side| {
        ["address", "serial"].into_iter().chain(REVIEW_FIELDS).map(move |name| format!("{name}_{side}"))
    });
    let first = ["verdict", "reason", "value", "bits", "kind", "state", "why"].map(str::to_owned);
    writer.write_record(first.into_iter().chain(sides))?;
    for pair in pairs {
        let own = [
            String::new(),
            String::new(),
            format!("{:.2}", pair.value),
            pair.bits.map_or_else(String::new, |bits| format!("{bits:.2}")),
            pair.kind.clone(),
            pair.state.clone(),
            neutral(&pair.reasons.join(" / ")),
        ];
        writer.write_record(own.into_iter().chain(side(&pair.a, unmask)).chain(side(&pair.b, unmask)))?;
    }
    Ok(format!("{MARK}{}", String::from_utf8(writer.into_inner()?)?))
}

fn side(entry: &ReviewEntry, unmask: bool) -> impl Iterator<Item = String> {
    let fields = REVIEW_FIELDS.iter().zip(&entry.fields).map(move |(name, said)| masked(name, said, unmask));
    [&*entry.address, &entry.serial].into_iter().chain(fields).map(neutral)
}

/// What a spreadsheet program would take for a formula.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn neutral(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

fn original(text: &str) -> String {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text).to_owned()
}

/// The lines on which a verdict was filled in.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Decided>> {
    let bytes = std::fs::read(path)?;
    let text = String::from_utf8(bytes).context(message!("review-not-unicode"))?;
    let text = text.strip_prefix(MARK).unwrap_or(&text);
    let delimiter = delimiter_of(text.as_bytes());
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let names = reader.headers()?.clone();
    let at = |name: &str| {
        let found = names.iter().position(|text| text.trim() == name);
        found.with_context(|| message!("review-no-column", name = name))
    };
    let columns = [at("address_a")?, at("address_b")?, at("verdict")?, at("reason")?];
    let mut decided = Vec::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let [a, b, verdict, reason] = columns.map(|at| record[at].trim());
        if verdict.is_empty() {
            continue;
        }
        let verdict = verdict_of(verdict).with_context(|| message!("review-line", line = line))?;
        if reason.is_empty() {
            bail!(message!("review-no-reason", line = line));
        }
        decided.push(Decided {
            line,
            addresses: [original(a), original(b)],
            verdict,
            reason: original(reason),
        });
    }
    if decided.is_empty() {
        bail!(message!("review-no-verdict"));
    }
    Ok(decided)
}

fn verdict_of(word: &str) -> anyhow::Result<Verdict> {
    match word.to_lowercase().as_str() {
        "confirm" | "confirmed" => Ok(Verdict::Confirmed),
        "refuse" | "refused" => Ok(Verdict::Refused),
        "reopen" | "reopened" => Ok(Verdict::Reopened),
        _ => bail!(message!("review-unknown-verdict", word = shown(word, 40))),
    }
}

/// The lines of decisions on the entries that cannot be told apart and united at once; none where all are of earlier runs.
pub(super) fn lines_of(rows: &[Decided], decisions: &[Decision], torn: &Torn) -> String {
    let ends = |(a, b): (EntryId, EntryId)| [a, b];
    let entries: Vec<_> = [Some(torn.confirmed), torn.refused].into_iter().flatten().flat_map(ends).collect();
    let is_torn = |decision: &Decision| ends(decision.pair).iter().all(|entry| entries.contains(entry));
    let lines = rows.iter().zip(decisions).filter(|(_, decision)| is_torn(decision));
    lines.map(|(row, _)| row.line.to_string()).collect::<Vec<_>>().join(", ")
}

/// Refuses a pair that stands twice, and one of an entry with itself.
pub(super) fn check_unique(rows: &[Decided], decisions: &[Decision]) -> anyhow::Result<()> {
    let mut seen: BTreeMap<(EntryId, EntryId), u64> = BTreeMap::new();
    for (row, decision) in rows.iter().zip(decisions) {
        let (a, b) = decision.pair;
        if a == b {
            bail!(message!("review-line-one-entry", line = row.line, entry = a));
        }
        if let Some(line) = seen.insert((a.min(b), a.max(b)), row.line) {
            bail!(message!("review-line-twice", line = row.line, other = line));
        }
    }
    Ok(())
}
