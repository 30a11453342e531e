//! `matricule inspect`: how ledgers would be read, before anything is loaded.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use matricule_ingest::{ColumnInspection, Inspection, SheetInspection, discover};
use matricule_record::cell::column_letters;
use matricule_record::{Finding, SerialPart, SkipClass, Text};

use crate::Status;
use crate::arguments::Inspect;
use crate::output::{print, shown, table};

/// Columns of a sample row that fit on a screen.
const SAMPLE_COLUMNS: usize = 8;

pub(crate) fn run(arguments: &Inspect) -> Status {
    let stages = super::stages(&arguments.declared)?;
    let ingest = stages.ingest();
    let found = discover(&arguments.ledgers, stages.profile());
    if arguments.write_profile.is_some() && found.files.len() != 1 {
        anyhow::bail!(
            "--write-profile takes one ledger, as a profile names its columns; {} were found",
            found.files.len()
        );
    }
    let mut is_refused = !found.refused.is_empty();
    for (facts, finding) in &found.refused {
        print(&format!("{}\n  {}\n", shown(&facts.path, 200), refusal(finding)))?;
    }
    for file in &found.files {
        let inspection = ingest.inspect(file, arguments.skipped || arguments.write_profile.is_some());
        is_refused |=
            inspection.failure.is_some() || inspection.sheets.iter().any(|sheet| sheet.finding.is_some());
        print(&describe(&inspection, arguments.skipped))?;
        if let Some(path) = &arguments.write_profile {
            write_profile(path, &inspection)?;
        }
    }
    Ok(u8::from(is_refused))
}

/// Writes the profile that reads a ledger as it was read now. A file that is there stays.
fn write_profile(path: &Path, inspection: &Inspection) -> anyhow::Result<()> {
    if let Some(finding) = &inspection.failure {
        anyhow::bail!(
            "no profile is written, as the ledger cannot be read: {finding}",
            finding = refusal(finding)
        );
    }
    let text = inspection.draft(inspection.facts.profile.as_deref().unwrap_or_default()).text();
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .with_context(|| format!("{} cannot be written as a new file", path.display()))?;
    file.write_all(text.as_bytes())?;
    print(&format!("Written: {}\n", path.display()))
}

fn refusal(finding: &Finding) -> String {
    format!(
        "{} {}: {} {}",
        finding.code,
        finding.code.title(),
        shown(&finding.message, 300),
        finding.suggestion
    )
}

fn describe(inspection: &Inspection, lists_skipped: bool) -> String {
    let facts = &inspection.facts;
    let mut text =
        format!("{}\n  format    {}, {} bytes\n", shown(&facts.path, 200), facts.format, facts.bytes);
    let because = |value: &Option<Text>, why: &Option<String>| {
        value.as_ref().map(|value| {
            format!("{value}{}", why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default())
        })
    };
    let lines = [
        ("encoding", because(&facts.encoding, &inspection.encoding_evidence)),
        ("dialect", because(&facts.dialect, &inspection.dialect_evidence)),
        ("register", facts.register.as_ref().map(ToString::to_string)),
        ("reading", Some(format!("by {}", facts.reading.name()))),
        ("refused", inspection.failure.as_ref().map(refusal)),
    ];
    for (name, value) in lines {
        text.extend(value.map(|value| format!("  {name:<9} {value}\n")));
    }
    text.extend(inspection.sheets.iter().map(|found| sheet(found, inspection.whole, lists_skipped)));
    text + "\n"
}

fn sheet(sheet: &SheetInspection, whole: bool, lists_skipped: bool) -> String {
    let name = if sheet.name.is_empty() {
        String::new()
    } else {
        format!("  sheet     {}\n", shown(&sheet.name, 60))
    };
    if let Some(finding) = &sheet.finding {
        return format!("{name}  refused   {}\n", refusal(finding));
    }
    let header = sheet.header_row.map_or_else(|| "none".to_owned(), |row| format!("row {row}"));
    let languages: Vec<String> =
        sheet.languages.iter().take(3).map(|(code, words)| format!("{code} {words}")).collect();
    let language = sheet.language.as_ref().map_or("not known", |language| language.as_str());
    let mut text = format!(
        "{name}  header    {header}\n  language  {language} (header words: {})\n{}{}{}",
        languages.join(", "),
        if whole { rows(sheet) } else { String::new() },
        columns(&sheet.columns),
        samples(sheet)
    );
    for (row, found) in &sheet.tables {
        text.push_str(&format!("  table     other columns from row {row} on\n{}", columns(found)));
    }
    if lists_skipped {
        text.push_str(&skipped(sheet));
    }
    text
}

/// What became of the rows.
fn rows(sheet: &SheetInspection) -> String {
    let classes: Vec<String> =
        sheet.classes.iter().map(|(class, count)| format!("{} {count}", class.name())).collect();
    let skipped = if classes.is_empty() { "none".to_owned() } else { classes.join(", ") };
    format!("  rows      {} records, {} refused here; skipped: {skipped}\n", sheet.records, sheet.refused)
}

fn skipped(sheet: &SheetInspection) -> String {
    let row = |(row, class, text): &(u32, SkipClass, Text)| {
        vec![row.to_string(), class.name().to_owned(), shown(text, 60)]
    };
    let rows: Vec<Vec<String>> = sheet.skipped.iter().map(row).collect();
    indented(&table(&["row", "class", "begins"], &rows))
}

fn columns(columns: &[ColumnInspection]) -> String {
    let rows: Vec<Vec<String>> = columns.iter().enumerate().map(|(at, found)| column(at, found)).collect();
    let dates: String = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !column.date_order.is_empty())
        .map(|(at, column)| {
            format!(
                "  dates     day-month order of {}: {}\n",
                column_letters(at),
                shown(&column.date_order, 100)
            )
        })
        .collect();
    indented(&table(&["column", "header", "field", "because", "or", "because"], &rows)) + &dates
}

fn column(at: usize, column: &ColumnInspection) -> Vec<String> {
    let part = column.part.map_or("(kept as extra data)", SerialPart::name);
    let field = column.field.map_or_else(|| part.to_owned(), |field| field.to_string());
    let runner_up = column.runner_up.map(|field| field.to_string()).unwrap_or_default();
    let (why, why_not) = (column.evidence.clone(), column.runner_up_evidence.clone());
    vec![column_letters(at), shown(&column.header, 40), field, why, runner_up, why_not]
}

fn samples(sheet: &SheetInspection) -> String {
    let width = sheet.columns.len().min(SAMPLE_COLUMNS);
    let header: Vec<String> =
        std::iter::once("row".to_owned()).chain((0..width).map(column_letters)).collect();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let row = |(number, cells): &(u32, matricule_record::Cells)| {
        std::iter::once(number.to_string())
            .chain((0..width).map(|at| shown(cells.get(at).text, 20)))
            .collect()
    };
    let rows: Vec<Vec<String>> = sheet.samples.iter().map(row).collect();
    indented(&table(&header, &rows))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
