//! `matricule find`: a weapon by its serial, in any script.

use std::collections::BTreeSet;

use matricule_loader::{FindQuery, Found, FoundEntry, GoneEntry, Registry, index_substrings};
use matricule_mapping::Files;
use matricule_record::{Field, message};
use matricule_text::canonical_serial;
use matricule_transliteration::{Conversion, Transliteration};
use serde_json::json;

use crate::Status;
use crate::arguments::Find;
use crate::output::{print, shown, table};

/// Parts of serials that are shorter are not in the index.
const SHORTEST_PART: usize = 3;

pub(crate) fn run(arguments: &Find) -> Status {
    if arguments.index {
        index_substrings(&arguments.registry)?;
    }
    let Some(serial) = &arguments.serial else { return Ok(0) };
    let canonical = canonical_serial(serial);
    if arguments.substring && canonical.chars().count() < SHORTEST_PART {
        anyhow::bail!("a part of a serial has to have {SHORTEST_PART} characters at least; give more of it");
    }
    let registry = Registry::open(&arguments.registry)?;
    let query = FindQuery {
        converted: conversions(&registry, serial)?.into_iter().collect(),
        canonical: vec![canonical],
        substring: arguments.substring,
    };
    let found = registry.find(&query)?;
    if found.given_up {
        eprintln!(
            "There may be more: the pattern fits too many serials. Give more characters of its beginning."
        );
    }
    if arguments.json {
        print(&format!("{:#}\n", as_json(&found)))?;
    } else {
        if found.entries.is_empty() {
            eprintln!("{}", nothing(serial, &query));
        } else {
            print(&as_table(&found.entries))?;
        }
        if !found.gone.is_empty() {
            print(&as_list(&found.gone))?;
        }
    }
    Ok(u8::from(found.entries.is_empty()))
}

fn nothing(serial: &str, query: &FindQuery) -> String {
    let conversions = match query.converted.join(", ") {
        none if none.is_empty() => String::new(),
        some => format!(", nor any conversion of it: {some}"),
    };
    format!("No entry has the serial {}{conversions}.", shown(serial, 60))
}

/// Entries that are not present any more, each with what took it out.
fn as_list(gone: &[GoneEntry]) -> String {
    let line = |gone: &GoneEntry| {
        let serial = gone.entry.serial_original.as_deref().or(gone.entry.serial.as_deref()).unwrap_or("-");
        let line = message!(
            "find-gone",
            entry = gone.entry.entry_id,
            serial = serial,
            address = address(&gone.entry),
            way = gone.entry.matched_by.name(),
            run = gone.run_id.map_or_else(|| "-".to_owned(), |run| run.to_string()),
            cause = gone.cause
        );
        format!("  {}\n", shown(&line, 200))
    };
    format!("{}\n{}", message!("find-gone-title"), gone.iter().map(line).collect::<String>())
}

fn address(entry: &FoundEntry) -> String {
    format!("{}!{}!{}", entry.file, entry.sheet, entry.row).replace("!!", "!")
}

fn as_table(entries: &[FoundEntry]) -> String {
    let row = |entry: &FoundEntry| {
        let address = address(entry);
        let texts = [&entry.serial_original, &entry.make, &entry.model, &entry.calibre];
        let [original, make, model, calibre] = texts.map(|text| shown(text.as_deref().unwrap_or("-"), 30));
        let serial = entry.serial.clone().unwrap_or_else(|| "-".to_owned());
        let found_by = entry.matched_by.name().to_owned();
        vec![
            entry.entry_id.to_string(),
            entry.weapon_id.to_string(),
            serial,
            original,
            make,
            model,
            calibre,
            found_by,
            address,
        ]
    };
    let rows: Vec<Vec<String>> = entries.iter().map(row).collect();
    let header =
        ["entry", "weapon", "serial", "as written", "make", "model", "calibre", "found by", "address"];
    table(&header, &rows)
}

fn as_json(found: &Found) -> serde_json::Value {
    let entry = |entry: &FoundEntry| {
        json!({
            "entry_id": entry.entry_id,
            "weapon_id": entry.weapon_id,
            "found_by": entry.matched_by.name(),
            "file": entry.file,
            "sheet": entry.sheet,
            "row": entry.row,
            "serial": entry.serial,
            "serial_original": entry.serial_original,
            "make": entry.make,
            "model": entry.model,
            "calibre": entry.calibre,
        })
    };
    let gone = |gone: &GoneEntry| {
        let mut object = entry(&gone.entry);
        (object["withdrawn_by"], object["cause"]) = (json!(gone.run_id), json!(gone.cause));
        object
    };
    json!({
        "entries": found.entries.iter().map(entry).collect::<Vec<_>>(),
        "withdrawn": found.gone.iter().map(gone).collect::<Vec<_>>(),
        "given_up": found.given_up,
    })
}

/// What the serial may have become: by every table that converts it, of those that the registry was last read
/// by, an office's own among them.
fn conversions(registry: &Registry, serial: &str) -> anyhow::Result<BTreeSet<String>> {
    let shipped = || Transliteration::new(Files::shipped()).map_err(matricule_pipeline::Error::Mappings);
    let stage = matricule_pipeline::tables_in_force(registry)?.map_or_else(shipped, Ok)?;
    let mut conversion = Conversion::default();
    let mut found = BTreeSet::new();
    for table in stage.tables() {
        table.convert(serial, Field::Serial, &mut conversion);
        found.extend(conversion.result().ok().map(str::to_owned));
    }
    Ok(found)
}
