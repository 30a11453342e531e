//! `matricule find`: a weapon by its serial, in any script.

use std::collections::BTreeSet;

use matricule_loader::{FindQuery, Registry};
use matricule_mapping::Files;
use matricule_record::Field;
use matricule_text::canonical_serial;
use matricule_transliteration::{Conversion, Transliteration};

use crate::Status;
use crate::arguments::Find;
use crate::output::{print, shown, table};

pub(crate) fn run(arguments: &Find) -> Status {
    let registry = Registry::open(&arguments.registry)?;
    let query = FindQuery {
        canonical: vec![canonical_serial(&arguments.serial)],
        converted: conversions(&arguments.serial)?.into_iter().collect(),
    };
    let found = registry.find(&query)?;
    if found.is_empty() {
        eprintln!(
            "No entry has the serial {}, nor any conversion of it: {}.",
            shown(&arguments.serial, 60),
            query.converted.join(", ")
        );
        return Ok(1);
    }
    let row = |entry: &matricule_loader::FoundEntry| {
        let address = format!("{}!{}!{}", entry.file, entry.sheet, entry.row).replace("!!", "!");
        let texts = [&entry.serial_original, &entry.make, &entry.model, &entry.calibre];
        let [original, make, model, calibre] = texts.map(|text| shown(text.as_deref().unwrap_or("-"), 30));
        let serial = entry.serial.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            entry.weapon_id.to_string(),
            serial,
            original,
            make,
            model,
            calibre,
            entry.matched_by.name().to_owned(),
            address,
        ]
    };
    let rows: Vec<Vec<String>> = found.iter().map(row).collect();
    print(&table(
        &["weapon", "serial", "as written", "make", "model", "calibre", "found by", "address"],
        &rows,
    ))?;
    Ok(0)
}

/// What the serial may have become: by every table that converts it.
fn conversions(serial: &str) -> anyhow::Result<BTreeSet<String>> {
    let stage = Transliteration::new(Files::shipped()).map_err(matricule_pipeline::Error::Mappings)?;
    let mut conversion = Conversion::default();
    let mut found = BTreeSet::new();
    for table in stage.tables() {
        table.convert(serial, Field::Serial, &mut conversion);
        found.extend(conversion.result().ok().map(str::to_owned));
    }
    Ok(found)
}
