//! `matricule mappings`: the tables that convert serials.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use matricule_mapping::{Profile, RowKind, ScriptTable, TableRow};
use matricule_record::Settings;
use matricule_text::{canonical_serial, confusion_key, script_of_serial, visible};
use matricule_transliteration::{ExplainedStep, Explanation, Fault, SearchKeys, Transliteration, skeleton};

use crate::Status;
use crate::arguments::{Declared, Mappings, MappingsCommand};
use crate::output::{print, table};

pub(crate) fn run(arguments: &Mappings) -> Status {
    match &arguments.command {
        MappingsCommand::List { mappings } => list(mappings.as_deref()),
        MappingsCommand::Show { id, mappings } => show(id, mappings.as_deref()),
        MappingsCommand::Check { mappings, groups } => check(mappings.as_deref(), *groups),
        MappingsCommand::New { script, language, mappings } => new(script, language, mappings.as_deref()),
        MappingsCommand::Diff { old, new, registry } => super::difference::run(old, new, registry.as_deref()),
        MappingsCommand::Explain { serial, declared } => explain(serial, declared),
    }
}

fn check(directory: Option<&Path>, groups: bool) -> Status {
    let stage = compiled(directory)?;
    print(&super::check::report(&stage))?;
    if groups {
        print(&format!("\n{}", super::check::merged_groups(&stage)))?;
        print(&format!("\nOutputs of more than one script:\n{}", super::check::shared_outputs(&stage)))?;
    }
    let found = super::files(directory)?
        .check_vocabularies()
        .map_err(|fault| matricule_pipeline::Error::Mappings(vec![fault]))?;
    print(&super::check::vocabularies(&found))?;
    Ok(u8::from(!found.faults.is_empty()))
}

/// What a command line declares about a ledger that is not there.
pub(crate) fn settings(declared: &Declared) -> anyhow::Result<Settings> {
    let profile = declared.profile.as_deref().map(Profile::load).transpose()?;
    let mut settings = profile.map(|profile| profile.settings()).unwrap_or_default();
    settings.language = declared.language.as_deref().map(Into::into).or(settings.language);
    settings.reading = declared.reading.map_or(settings.reading, Into::into);
    settings.variant = declared.variant.map_or(settings.variant, Into::into);
    Ok(settings)
}

pub(crate) fn compiled(directory: Option<&Path>) -> anyhow::Result<Transliteration> {
    let files = super::files(directory)?;
    Ok(Transliteration::new(files).map_err(matricule_pipeline::Error::Mappings)?)
}

fn list(directory: Option<&Path>) -> Status {
    print(&list_of(&compiled(directory)?))?;
    Ok(0)
}

/// Every table, a line each.
pub(crate) fn list_of(stage: &Transliteration) -> String {
    let rows: Vec<Vec<String>> = stage
        .tables()
        .iter()
        .map(|compiled| {
            let table = compiled.table();
            let maps = table
                .rows
                .iter()
                .filter(|row| row.kind == RowKind::Map && *row.script == *table.script())
                .count();
            let variant = if table.meta("variant").is_empty() { "standard" } else { table.meta("variant") };
            let language = if table.language().is_empty() { "-" } else { table.language() };
            let texts = [
                table.id.as_str(),
                table.script(),
                language,
                table.reading().name(),
                variant,
                table.meta("edition"),
            ];
            let digest = table.digest();
            texts.map(str::to_owned).into_iter().chain([maps.to_string(), digest[..12].to_owned()]).collect()
        })
        .collect();
    table(&["table", "script", "language", "reading", "variant", "edition", "rows", "digest"], &rows)
}

fn show(id: &str, directory: Option<&Path>) -> Status {
    let stage = compiled(directory)?;
    let Some(compiled) = stage.tables().iter().find(|table| table.id().as_ref() == id) else {
        bail!("there is no table `{id}`; `matricule mappings list` lists them all");
    };
    let own = compiled.table().rows.iter().filter(|row| row.place.file.ends_with(&format!("{id}.csv")));
    let rows: Vec<Vec<String>> = own.map(|row| line(row)).collect();
    print(&table(&["kind", "from", "to", "when", "source", "note"], &rows))?;
    Ok(0)
}

fn line(row: &TableRow) -> Vec<String> {
    let kind = row.kind.name().to_owned();
    let from = row.from.chars().map(shown_character).collect();
    vec![kind, from, row.to.to_string(), row.when.to_string(), row.source.to_string(), row.note.to_string()]
}

/// A character as a person can see it: blanks and combining marks by their code point too.
fn shown_character(character: char) -> String {
    if character.is_whitespace() {
        format!("<U+{:04X}>", u32::from(character))
    } else {
        visible(&character.to_string())
    }
}

fn new(script: &str, language: &str, directory: Option<&Path>) -> Status {
    let own = directory.filter(|directory| directory.exists());
    let stage = compiled(own)?;
    let known: Vec<&ScriptTable> = stage.tables().iter().map(|table| table.table()).collect();
    let Some(text) = skeleton(script, language, &known) else {
        bail!("no letter has the script `{script}`; write its code of ISO 15924, such as Cyrl, Arab or Ethi");
    };
    let Some(directory) = directory else {
        print(&text)?;
        return Ok(0);
    };
    let folder = directory.join("scripts");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{}-{language}-own.csv", script.to_lowercase()));
    let mut file =
        std::fs::File::create_new(&path).with_context(|| format!("{} is not written", path.display()))?;
    file.write_all(text.as_bytes())?;
    print(&format!(
        "{} is written. Give each letter its value and source, then: matricule mappings check --mappings {}\n",
        path.display(),
        directory.display()
    ))?;
    Ok(0)
}

fn explain(serial: &str, declared: &Declared) -> Status {
    let stage = compiled(declared.mappings.as_deref())?;
    let settings = settings(declared)?;
    let Some(explanation) = stage.explain(serial, &settings) else {
        bail!("T311: several languages convert this serial differently; say which with --language");
    };
    print(&describe(serial, &explanation, &stage.keys(serial, &settings)))?;
    Ok(u8::from(!explanation.conversion.faults.is_empty()))
}

fn describe(serial: &str, explanation: &Explanation, keys: &SearchKeys) -> String {
    let table_of = explanation.table.table();
    let result = match explanation.conversion.result() {
        Ok(converted) => converted.to_owned(),
        Err(code) => format!("refused: {code} {}", code.title()),
    };
    let canonical = canonical_serial(serial);
    let head = format!(
        "{} → {result}\ntable {}, edition {}, read by {}\ncanonical original {}, script {}\n{}\n",
        visible(serial),
        table_of.id,
        table_of.meta("edition"),
        table_of.reading().name(),
        visible(&canonical),
        script_of_serial(&canonical),
        search_keys(explanation, keys)
    );
    let rows: Vec<Vec<String>> = explanation.steps.iter().map(step_line).collect();
    head + &table(&["sign", "code point", "becomes", "when", "source", "row"], &rows)
}

/// Under what else the serial is found, and what is to be known of its reading.
fn search_keys(explanation: &Explanation, keys: &SearchKeys) -> String {
    let Ok(converted) = explanation.conversion.result() else {
        return faults(explanation);
    };
    let by_name = explanation.conversion.letter_names;
    let other = if by_name { "letter by letter" } else { "under the other reading" };
    let named = [
        (other, keys.other_reading.as_deref()),
        ("as a foreign request spells it", keys.plain.as_deref()),
        ("with signs that are taken for each other alike", Some(&*confusion_key(converted))),
    ];
    let mut text =
        if by_name { "read by the names of Latin letters (W410)\n".to_owned() } else { String::new() };
    for (what, key) in named {
        let key = key.filter(|key| *key != converted);
        text.push_str(&key.map(|key| format!("also found as {key}, {what}\n")).unwrap_or_default());
    }
    text
}

/// Each reason of a refusal, with its place.
fn faults(explanation: &Explanation) -> String {
    let line = |fault: &Fault| {
        let character = fault.character.map(|c| {
            format!(" '{}' (U+{:04X}), character {}", visible(&c.to_string()), u32::from(c), fault.at + 1)
        });
        format!("{}: {}{}\n", fault.code, fault.code.title(), character.unwrap_or_default())
    };
    explanation.conversion.faults.iter().map(line).collect()
}

fn step_line(step: &ExplainedStep) -> Vec<String> {
    let points: Vec<String> = step.characters.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
    let becomes = match step.row.kind {
        RowKind::Drop => format!("(dropped: {})", step.row.note),
        RowKind::Review => "(refused: marked for review)".to_owned(),
        RowKind::Numeral if step.output.is_empty() => "(refused: no value, or several)".to_owned(),
        RowKind::Numeral => format!("{} (numeral, {})", step.output, step.row.from),
        _ => step.output.clone(),
    };
    vec![
        step.characters.chars().map(shown_character).collect(),
        points.join(" "),
        becomes,
        step.row.when.to_string(),
        step.row.source.to_string(),
        step.row.place.to_string(),
    ]
}
