//! The closing summary on the terminal: what a person has to know after a run, in about a screen.
//!
//! Everything that came from a ledger passes through [`crate::print`]; every word of ours stands in
//! [`crate::texts`]. Lines keep to the width but for addresses, which are never cut.

use matricule_record::message;
use std::collections::BTreeMap;

use crate::print::{grouped, percent, quote, wrap};
use crate::summary::{CodeSummary, Example, FileFinding, FileState, Summary};
use crate::{RunState, texts};

/// Files, reasons with an example, and other lists are shown up to this many.
const SHOWN: usize = 5;
/// Text of a cell is shown at least this wide, however narrow the terminal.
const NARROWEST_TEXT: usize = 16;
/// The least width that is used.
const NARROWEST: usize = 40;

/// The closing summary, for a terminal of that many columns.
pub fn render(summary: &Summary, width: usize, colour: bool) -> String {
    let mut page = Page { out: String::new(), width: width.max(NARROWEST), colour };
    headline(&mut page, summary);
    rows(&mut page, summary);
    completeness(&mut page, summary);
    files(&mut page, summary);
    rejects(&mut page, summary);
    skipped(&mut page, summary);
    duplicates(&mut page, summary);
    readings(&mut page, summary);
    warnings(&mut page, summary);
    asides(&mut page, summary);
    timings(&mut page, summary);
    next(&mut page, summary);
    page.out
}

/// How a word is set off, where colour is asked for: the parameter of an SGR sequence.
#[derive(Clone, Copy)]
enum Style {
    Bold,
    Refused,
    Warned,
}

impl Style {
    const fn parameter(self) -> &'static str {
        match self {
            Self::Bold => "1",
            Self::Refused => "1;31",
            Self::Warned => "1;33",
        }
    }
}

/// The text so far and how it is set.
struct Page {
    out: String,
    width: usize,
    colour: bool,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// A heading, after an empty line.
    fn heading(&mut self, text: &str) {
        let text = self.styled(text, Style::Bold);
        self.line("");
        self.line(&text);
    }

    fn styled(&self, text: &str, style: Style) -> String {
        if self.colour { format!("\u{1b}[{}m{text}\u{1b}[0m", style.parameter()) } else { text.to_owned() }
    }

    /// A sentence under an indent, in at most `lines` lines.
    fn sentence(&mut self, indent: usize, text: &str, lines: usize) {
        for line in wrap(text, self.width.saturating_sub(indent), lines) {
            self.line(&format!("{:indent$}{line}", ""));
        }
    }

    /// Numbers right-aligned before their words.
    fn counts(&mut self, counts: &[(u64, String)]) {
        let digits = counts.iter().map(|(number, _)| grouped(*number).len()).max().unwrap_or(0);
        for (number, words) in counts {
            self.line(&format!("  {:>digits$}  {words}", grouped(*number)));
        }
    }
}

fn headline(page: &mut Page, summary: &Summary) {
    let text = page.styled(&texts::headline(summary), Style::Bold);
    page.line(&text);
    let mut by_run: BTreeMap<i64, usize> = BTreeMap::new();
    for file in &summary.files {
        if let FileState::AlreadyLoaded { run_id, .. } = file.state {
            *by_run.entry(run_id).or_default() += 1;
        }
    }
    for (run, files) in by_run.iter().take(SHOWN) {
        page.line(&texts::already_loaded(*files, *run));
    }
    let renewed = summary.files.iter().filter(|file| matches!(file.state, FileState::Renewed { .. }));
    for file in renewed.take(SHOWN) {
        page.line(&texts::renewed(&crate::print::escape(&file.path), file.state));
    }
}

fn rows(page: &mut Page, summary: &Summary) {
    let totals = &summary.totals;
    let parts = [totals.rows_loaded, totals.rows_rejected, totals.rows_skipped];
    let labels = [message!("summary-loaded"), message!("summary-rejected"), message!("summary-skipped")];
    let read = grouped(totals.rows_read);
    let digits = parts.iter().map(|part| grouped(*part).len()).max().unwrap_or(0).max(read.len());
    page.heading(&format!("{:<12}{read:>digits$}", message!("summary-rows-read")));
    for (label, part) in labels.iter().zip(parts) {
        page.line(&format!("  {label:<10}{:>digits$}", grouped(part)));
    }
    let sign = if totals.is_conserved() { "=" } else { "≠" };
    let sum = parts.map(grouped).join(" + ");
    page.line(&format!("  {:<10}{read:>digits$} {sign} {sum}", message!("summary-sum")));
    if !totals.is_conserved() {
        let text = page.styled(message!("summary-not-conserved"), Style::Refused);
        page.line(&text);
    }
}

/// In whole percent; registers are told apart where there are several.
fn completeness(page: &mut Page, summary: &Summary) {
    let all = &summary.completeness.all;
    if all.entries == 0 {
        return;
    }
    page.heading(&format!("{}: {}", message!("summary-completeness"), percent(all.completeness)));
    let registers = &summary.completeness.registers;
    for own in registers.iter().filter(|_| registers.len() > 1).take(SHOWN) {
        let name = if own.register.is_empty() {
            message!("summary-no-register").to_owned()
        } else {
            quote(&own.register, page.width)
        };
        page.line(&format!("  {:>5}  {name}", percent(own.records.completeness)));
    }
    more(page, if registers.len() > 1 { registers.len() } else { 0 });
}

fn files(page: &mut Page, summary: &Summary) {
    let findings: Vec<&FileFinding> = summary.files.iter().flat_map(|file| &file.findings).collect();
    if findings.is_empty() {
        return;
    }
    page.heading(&format!("{}: {}", message!("summary-files-not-loaded"), grouped(findings.len() as u64)));
    for finding in findings.iter().take(SHOWN) {
        let code = page.styled(finding.code.name(), Style::Refused);
        page.line(&format!("  {code}  {}: {}", quote(&finding.address, usize::MAX), finding.title));
        page.sentence(8, &advice(&finding.message, &finding.suggestion), 3);
    }
    more(page, findings.len());
}

fn rejects(page: &mut Page, summary: &Summary) {
    let mut codes: Vec<&CodeSummary> = summary.rejects_by_code.iter().filter(|code| code.rows > 0).collect();
    if codes.is_empty() {
        return;
    }
    codes.sort_by(|a, b| b.rows.cmp(&a.rows).then(a.code.cmp(&b.code)));
    page.heading(message!("summary-rejected-by-reason"));
    let digits = grouped(codes[0].rows).len();
    for (at, code) in codes.iter().enumerate() {
        let name = page.styled(code.code.name(), Style::Refused);
        page.line(&format!("  {name}  {:>digits$}  {}", grouped(code.rows), code.title));
        if let Some(example) = code.example.as_ref().filter(|_| at < SHOWN) {
            show_example(page, example, digits + 10);
        }
    }
}

fn show_example(page: &mut Page, example: &Example, indent: usize) {
    let address = quote(&example.address, usize::MAX);
    let room = page.width.saturating_sub(indent + address.chars().count() + 4).max(NARROWEST_TEXT);
    let text = quote(&example.text, room);
    let text = if text.is_empty() { text } else { format!("  \"{text}\"") };
    page.line(&format!("{:indent$}{address}{text}", ""));
    page.sentence(indent, &advice(&example.message, &example.suggestion), 3);
}

/// What is wrong and what to do, in one paragraph.
fn advice(message: &str, suggestion: &str) -> String {
    format!("{message} {suggestion}")
}

fn skipped(page: &mut Page, summary: &Summary) {
    let skipped = &summary.totals.skipped;
    let counts: Vec<_> = skipped.iter().filter(|(_, rows)| **rows > 0).collect();
    if counts.is_empty() {
        return;
    }
    page.heading(message!("summary-skipped-by-class"));
    let counts: Vec<_> =
        counts.iter().map(|(class, rows)| (**rows, texts::skip_class(**class).to_owned())).collect();
    page.counts(&counts);
}

fn duplicates(page: &mut Page, summary: &Summary) {
    let found = &summary.duplicates;
    let review: u64 = found.review_pairs.iter().map(|kind| kind.pairs).sum();
    let told = found.merged_pairs
        + review
        + found.conflicts
        + found.repeated_serials
        + found.on_hold
        + found.not_looked_for
        + found.not_asked;
    if told == 0 && found.crowded.is_empty() {
        return;
    }
    page.heading(message!("summary-duplicates"));
    let mut counts = vec![
        (found.merged_pairs, message!("summary-merged").to_owned()),
        (review, message!("summary-to-decide").to_owned()),
    ];
    for kind in &found.review_pairs {
        counts.push((kind.pairs, format!("  {}", texts::proposal(&kind.kind))));
    }
    counts.push((found.conflicts, message!("summary-contradictions").to_owned()));
    let seldom = [
        (found.repeated_serials, message!("summary-repeated")),
        (found.on_hold, message!("summary-on-hold")),
        (found.not_looked_for, message!("summary-not-looked-for")),
        (found.not_asked, message!("summary-not-asked")),
    ];
    counts.extend(
        seldom.into_iter().filter(|(count, _)| *count > 0).map(|(count, text)| (count, text.to_owned())),
    );
    page.counts(&counts);
    for &entries in found.crowded.iter().take(SHOWN) {
        page.sentence(2, &texts::crowded(entries), 2);
    }
    more(page, found.crowded.len());
}

fn readings(page: &mut Page, summary: &Summary) {
    if summary.readings.is_empty() {
        return;
    }
    page.heading(message!("summary-readings"));
    for r in &summary.readings {
        let text = texts::reading(&r.script, r.language.as_deref(), r.reading, &r.table, r.serials);
        page.line(&format!("  {text}"));
    }
    let dropped = &summary.characters_dropped;
    let dropped: Vec<_> =
        dropped.iter().map(|rule| format!("{} {}", rule.name, grouped(rule.count))).collect();
    if !dropped.is_empty() {
        page.sentence(2, &format!("{}: {}", message!("summary-dropped"), dropped.join(", ")), 2);
    }
}

fn warnings(page: &mut Page, summary: &Summary) {
    if summary.flags_by_code.is_empty() {
        return;
    }
    page.heading(message!("summary-warnings"));
    let digits = summary.flags_by_code.iter().map(|code| grouped(code.rows).len()).max().unwrap_or(0);
    for code in &summary.flags_by_code {
        let name = page.styled(code.code.name(), Style::Warned);
        page.line(&format!("  {name}  {:>digits$}  {}", grouped(code.rows), code.title));
    }
}

fn asides(page: &mut Page, summary: &Summary) {
    let files = &summary.left_aside;
    if files.is_empty() {
        return;
    }
    page.heading(&format!("{}: {}", message!("summary-left-aside"), grouped(files.len() as u64)));
    for file in files.iter().take(SHOWN) {
        page.line(&format!("  {}: {}", quote(&file.path, usize::MAX), quote(&file.reason, page.width)));
    }
    more(page, files.len());
}

fn timings(page: &mut Page, summary: &Summary) {
    let Some(stages) = &summary.timings else { return };
    page.heading(message!("summary-timings"));
    for stage in stages {
        page.line(&format!("  {:>9.3} s  {}", stage.seconds, quote(&stage.stage, page.width)));
    }
}

fn next(page: &mut Page, summary: &Summary) {
    let steps = steps(summary);
    page.heading(message!("next"));
    for (at, step) in steps.iter().enumerate() {
        page.line(&format!("  {}. {step}", at + 1));
    }
}

fn steps(summary: &Summary) -> Vec<String> {
    let mut steps = Vec::new();
    if let Some(path) = summary.rejected_csv.as_ref().filter(|_| !summary.rejects_by_code.is_empty()) {
        steps.push(texts::open_rejected(path));
    }
    if let Some(code) = commonest(summary) {
        steps.push(texts::explain(code.code.name()));
    }
    steps.extend(
        advised(summary).into_iter().filter(|(applies, _)| *applies).map(|(_, text)| text.to_owned()),
    );
    if steps.is_empty() {
        steps.push(message!("next-nothing").to_owned());
    }
    steps
}

/// Every advice that can be given, in order, and whether it applies.
fn advised(summary: &Summary) -> [(bool, &'static str); 9] {
    let found = &summary.duplicates;
    let published = summary.state == RunState::Published;
    let files = summary.files.iter().any(|file| !file.findings.is_empty());
    let rows = summary.totals.rows_rejected > 0;
    let none = summary.totals.rows_read > 0 && summary.totals.rows_loaded == 0 && !rows;
    [
        (files, message!("next-files")),
        (none && !files, message!("next-none-loaded")),
        (rows, message!("next-correct")),
        (files || rows, message!("next-convert")),
        (rows && published, message!("next-rerun")),
        (summary.exit_status() != 0 && !files && !rows, message!("next-earlier")),
        (published && !found.review_pairs.is_empty(), message!("next-review")),
        (published && found.conflicts > 0, message!("next-conflicts")),
        (summary.state == RunState::DryRun, message!("next-publish")),
    ]
}

/// The code with most rows, or else the first of a refused file.
fn commonest(summary: &Summary) -> Option<&CodeSummary> {
    let codes = summary.rejects_by_code.iter();
    codes.max_by(|a, b| a.rows.cmp(&b.rows).then(b.code.cmp(&a.code)))
}

/// The line for what a list of that length does not show.
fn more(page: &mut Page, length: usize) {
    if length > SHOWN {
        page.line(&format!("  {}", texts::and_more(length - SHOWN)));
    }
}

#[cfg(test)]
mod tests;
