//! `matricule mappings check`: what can be proven about each table.

use std::collections::{BTreeMap, BTreeSet};

use matricule_mapping::{RowKind, VocabularyCheck};
use matricule_text::script_of;
use matricule_transliteration::{Proof, Transliteration};

use crate::output::table;

/// The proof of every table, a line each, and what tables of different scripts have in common.
pub(crate) fn report(stage: &Transliteration) -> String {
    let proofs: Vec<(String, Proof)> =
        stage.tables().iter().map(|table| (table.id().to_string(), table.proof())).collect();
    let rows: Vec<Vec<String>> = proofs.iter().map(|(id, proof)| line(id, proof)).collect();
    let header =
        ["table", "letters", "merged", "prefix code", "decodable", "shortest ambiguity", "pairs merged"];
    format!("{}\n{}", table(&header, &rows), across_scripts(stage))
}

fn line(id: &str, proof: &Proof) -> Vec<String> {
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let ambiguity = proof.ambiguity.as_ref().map_or_else(
        || "none".to_owned(),
        |found| format!("{} = {} | {}", found.text, found.one.join("+"), found.other.join("+")),
    );
    let is_decodable = proof.ambiguity.is_none() && proof.merged.is_empty();
    vec![
        id.to_owned(),
        proof.letters.to_string(),
        proof.merged.len().to_string(),
        yes(proof.is_prefix_code),
        if proof.is_waived && proof.ambiguity.is_none() { "waived".to_owned() } else { yes(is_decodable) },
        ambiguity,
        format!("{}.{} %", proof.merged_pairs / 10, proof.merged_pairs % 10),
    ]
}

/// The groups of letters that a table writes alike.
pub(crate) fn merged_groups(stage: &Transliteration) -> String {
    let mut text = String::new();
    for compiled in stage.tables() {
        let groups: Vec<String> = compiled
            .proof()
            .merged
            .iter()
            .map(|(output, letters)| format!("{output} = {}", letters.join(" ")))
            .collect();
        if !groups.is_empty() {
            text.push_str(&format!("{}: {}\n", compiled.id(), groups.join(", ")));
        }
    }
    text
}

/// What was looked at in the vocabularies, and what is wrong there.
pub(crate) fn vocabularies(found: &VocabularyCheck) -> String {
    let rows: usize = found.files.iter().map(|(_, rows)| rows).sum();
    let faults = found.faults.iter().map(|fault| format!("{fault}\n")).collect::<String>();
    format!("{rows} rows in {} vocabularies: {} faults.\n{faults}", found.files.len(), found.faults.len())
}

/// Outputs that letters of several scripts share: why identity is never the converted form alone.
fn across_scripts(stage: &Transliteration) -> String {
    let scripts = scripts_by_output(stage);
    let shared = scripts.values().filter(|scripts| scripts.len() > 1).count();
    format!("{shared} of {} outputs are written by letters of more than one script.\n", scripts.len())
}

/// Each of them, with the scripts: `AB = Arab Cyrl`.
pub(crate) fn shared_outputs(stage: &Transliteration) -> String {
    let shared = scripts_by_output(stage).into_iter().filter(|(_, scripts)| scripts.len() > 1);
    let line = |(output, scripts): (String, BTreeSet<String>)| {
        format!("{output} = {}\n", scripts.into_iter().collect::<Vec<_>>().join(" "))
    };
    shared.map(line).collect()
}

fn scripts_by_output(stage: &Transliteration) -> BTreeMap<String, BTreeSet<String>> {
    let mut scripts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    // Plain tables make search keys, which are meant to meet those of other scripts.
    for own in stage.tables().iter().map(|table| table.table()).filter(|own| own.meta("variant") != "plain") {
        for row in own.rows.iter().filter(|row| row.kind == RowKind::Map && *row.script == *own.script()) {
            let script = row.from.chars().map(script_of).find(|script| !matches!(*script, "Zyyy" | "Zinh"));
            let script = script.unwrap_or(own.script()).to_owned();
            scripts.entry(row.to.to_string()).or_default().insert(script);
        }
    }
    scripts
}
