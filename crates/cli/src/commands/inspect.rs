//! `matricule inspect`: how ledgers would be read, before anything is loaded.

use matricule_ingest::{ColumnInspection, Inspection, SheetInspection, discover};
use matricule_record::Finding;
use matricule_record::cell::column_letters;

use crate::Status;
use crate::arguments::Inspect;
use crate::output::{print, shown, table};

/// Columns of a sample row that fit on a screen.
const SAMPLE_COLUMNS: usize = 8;

pub(crate) fn run(arguments: &Inspect) -> Status {
    let stages = super::stages(&arguments.declared)?;
    let ingest = stages.ingest();
    let found = discover(&arguments.ledgers);
    let mut is_refused = !found.refused.is_empty();
    for (facts, finding) in &found.refused {
        print(&format!("{}\n  {}\n", shown(&facts.path, 200), refusal(finding)))?;
    }
    for file in &found.files {
        let inspection = ingest.inspect(file);
        is_refused |=
            inspection.failure.is_some() || inspection.sheets.iter().any(|sheet| sheet.finding.is_some());
        print(&describe(&inspection))?;
    }
    Ok(u8::from(is_refused))
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

fn describe(inspection: &Inspection) -> String {
    let facts = &inspection.facts;
    let mut text =
        format!("{}\n  format    {}, {} bytes\n", shown(&facts.path, 200), facts.format, facts.bytes);
    let because = |value: &Option<matricule_record::Text>, why: &Option<String>| {
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
    text.extend(inspection.sheets.iter().map(sheet));
    text + "\n"
}

fn sheet(sheet: &SheetInspection) -> String {
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
    let columns: Vec<Vec<String>> =
        sheet.columns.iter().enumerate().map(|(at, found)| column(at, found)).collect();
    let columns = indented(&table(&["column", "header", "field", "or"], &columns));
    format!(
        "{name}  header    {header}\n  language  {language} (header words: {})\n{columns}{}",
        languages.join(", "),
        samples(sheet)
    )
}

fn column(at: usize, column: &ColumnInspection) -> Vec<String> {
    let field = column.field.map_or_else(|| "(kept as extra data)".to_owned(), |field| field.to_string());
    let runner_up = column.runner_up.map(|field| field.to_string()).unwrap_or_default();
    vec![column_letters(at), shown(&column.header, 40), field, runner_up]
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
