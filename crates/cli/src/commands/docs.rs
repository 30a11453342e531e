//! The pages of docs/ that are generated from the code; a test holds them to it.

use std::path::Path;

use clap::CommandFactory;
use matricule_mapping::Files;
use matricule_record::{Code, Field, SerialPart};
use matricule_transliteration::Transliteration;

use crate::Status;
use crate::arguments::Arguments;

pub(crate) fn run(folder: &Path) -> Status {
    std::fs::create_dir_all(folder)?;
    for (name, text) in pages()? {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(0)
}

/// Every generated page: file name and text.
fn pages() -> anyhow::Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("cli.md", cli()),
        ("rejects.md", rejects()),
        ("tables.md", tables()?),
        ("profiles.md", profiles()),
        ("schema.md", matricule_loader::schema_page()?),
    ])
}

fn cli() -> String {
    let mut page = "# Commands\n\nWhat `matricule --help` and the help of each command say.\n".to_owned();
    let mut command = Arguments::command();
    command.build();
    describe(&mut command, "matricule", &mut page);
    page.push_str(
        "\n## report.json\n\nWhat `convert --json` prints and `report.json` holds, by an example with every key; \
         `timings` is there only with `--timings`.\n\n",
    );
    page.push_str(&format!("```json\n{}\n```\n", matricule_report::JSON_EXAMPLE.trim_end()));
    page.push_str(
        "\n## rejected.json\n\nEvery refused row, by an example with every key. `row` is null and `digest` empty where a whole file or sheet \
         was refused; `text` is null where personal data are masked; `digest` is the SHA-256 of the row's cells. `proposals` are the \
         values that a suggestion offers for the cell.\n\n",
    );
    page.push_str(&format!("```json\n{}\n```\n", matricule_report::REJECTED_JSON_EXAMPLE.trim_end()));
    page
}

fn describe(command: &mut clap::Command, name: &str, page: &mut String) {
    let help = command.clone().term_width(100).render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    page.push_str(&format!("\n## {name}\n\n```text\n{}\n```\n", help.join("\n").trim_end()));
    for sub in command.get_subcommands_mut().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        let name = format!("{name} {}", sub.get_name());
        describe(sub, &name, page);
    }
}

fn rejects() -> String {
    let mut page = "# Codes\n\nWhat `matricule explain` says of each code.\n".to_owned();
    for code in Code::ALL {
        let manual = code
            .manual()
            .lines()
            .map(|line| if line.starts_with('#') { format!("#{line}") } else { line.to_owned() });
        page.push_str(&format!("\n{}\n", manual.collect::<Vec<_>>().join("\n").trim_end()));
    }
    page
}

fn tables() -> anyhow::Result<String> {
    let stage = Transliteration::new(Files::shipped()).map_err(matricule_pipeline::Error::Mappings)?;
    let list = super::mappings::list_of(&stage);
    let (check, groups) = (super::check::report(&stage), super::check::merged_groups(&stage));
    Ok(format!(
        "# Mapping tables\n\nThe tables that are shipped under `mappings/scripts/`, as `matricule mappings list` shows them.\n\n\
         ```text\n{list}```\n\n## What is proven\n\n`matricule mappings check`: how many outputs several letters share, whether \
         no output begins another (prefix code), whether what the table writes can be read back (decodable), the shortest text \
         with two readings, and the share of two-letter prefixes that end on an output already taken. A serial's identity \
         is therefore never its converted form.\n\n```text\n{check}```\n\n## Letters written alike\n\n```text\n{groups}```\n"
    ))
}

/// Which of several profiles holds.
const SEVERAL_PROFILES: &str = "## Several profiles in one folder

Beside `ledger.toml` a folder may hold any number of files named `<name>.ledger.toml`. For each ledger one holds:

1. the one that names it under `[ledger]` in `files`;
2. else the one with `same_header = true` whose `[columns]` all stand in the header of the ledger's first table;
3. else the one without `files` and without `same_header`.

Where two hold alike, the ledger is refused (M506), as nobody knows which of them was meant. `matricule inspect LEDGER
--write-profile FILE` writes a profile with `files` and `same_header`, so that a ledger with the same header is read by it when
it comes. What such a profile declares besides (a register, `[constants]`) then holds for that ledger too: take `same_header`
out where that is not so.
";

/// What one system does not do.
const WINDOWS: &str = "
`memory_megabytes` and the processor time of `seconds` bind the process that reads a workbook on Linux and other systems with
`setrlimit`. On Windows they do not yet: there the time on the clock, the look at the zip directory and the separate process
are what protects a run.
";

fn profiles() -> String {
    let mut page = "# Ledger profiles\n\nA `ledger.toml` beside a ledger declares what cannot be detected. Every key is optional; \
                    an unknown one is an error that names the nearest known key.\n\n```toml\n"
        .to_owned();
    page.push_str(matricule_mapping::Profile::EXAMPLE);
    page.push_str("```\n\n");
    page.push_str(SEVERAL_PROFILES);
    page.push_str("\n## Limits\n\nKeys of `[limits]`, each with its default.\n\n| key | default | what |\n|---|---|---|\n");
    for limit in matricule_ingest::LIMITS {
        page.push_str(&format!("| `{}` | {} | {} |\n", limit.name, limit.default, limit.description));
    }
    page.push_str(WINDOWS);
    page.push_str("\n## Fields\n\nNames for `[columns]`, `[constants]` and `[content]`.\n\n| field | what stands in it |\n|---|---|\n");
    for field in Field::ALL {
        let personal = if field.is_personal() { "; personal data" } else { "" };
        page.push_str(&format!("| `{field}` | {}{personal} |\n", field.description()));
    }
    for part in SerialPart::ALL {
        page.push_str(&format!("| `{}` | {}; under `[columns]` only |\n", part.name(), part.description()));
    }
    page.push_str(&contents());
    page
}

/// What each minimum content asks for, and how completeness is counted.
fn contents() -> String {
    let names =
        |fields: &[Field]| fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ");
    let mut page = "\n## Minimum content\n\n`content = \"…\"` of `[ledger]`; `[content]` changes it field by field. A row without a required field is refused (S201); \
                    where the ledger's form has no such column, `default` loads it with `unknown` (W406). A blank cell of a recommended field is told (W404).\n\n\
                    | content | required | one of each | recommended |\n|---|---|---|---|\n"
        .to_owned();
    for content in matricule_mapping::Content::ALL {
        let any: Vec<String> = content.required_any.iter().map(|any| format!("({})", names(any))).collect();
        let (required, recommended) = (names(content.required), names(content.recommended));
        page.push_str(&format!("| `{}` | {required} | {} | {recommended} |\n", content.name, any.join(" ")));
    }
    page.push_str(
        "\n## Completeness\n\nOf a record: the number of required and recommended fields of its content that it states, divided by their number; a group of \
         which one is required counts as one field. `unknown` states nothing; a serial or one of the five no-serial codes states the serial. A slide counts for \
         pistols only, a cylinder for revolvers only. Of a ledger, a register and the registry: the mean of its records. It stands in \
         `v_entry.completeness`, in `v_completeness`, in `report.json` (`completeness`, and that of each file) and in the closing summary.\n\n\
         ## Confidence\n\n`confidence` of `[content]` refuses rows that were read less surely by a machine (S212). Below 1 it is a share and the column may hold shares or \
         percent; above 1 it is percent, and so is every number of the column. Without it the confidence is only kept.\n",
    );
    page
}
