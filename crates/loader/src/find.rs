//! Finding entries by serial: exact matches, by what is surest first.
//!
//! To add a way of matching: a line in [`WAYS`] and, where it needs one, an index.

use std::collections::HashSet;

use matricule_record::EntryId;
use rusqlite::{Connection, Row};

/// The serials looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindQuery {
    /// In converted form (A–Z 0–9), under every reading that may be meant.
    pub converted: Vec<String>,
    /// In canonical form, in their own script.
    pub canonical: Vec<String>,
}

/// By what an entry was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchedBy {
    /// Its canonical serial: the same characters in the same script.
    Canonical,
    /// Its converted serial.
    Converted,
    /// Its serial under the other reading.
    OtherReading,
    /// Its serial as a foreign request spells it (Arabic, Hebrew).
    PlainKey,
    /// The serial of another component, such as the barrel.
    Component,
}

/// An entry that was found. Fields that are not set are `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundEntry {
    /// Its number.
    pub entry_id: EntryId,
    /// The weapon that it describes.
    pub weapon_id: EntryId,
    /// By what it was found: the surest way, where there are several.
    pub matched_by: MatchedBy,
    /// Path of its file.
    pub file: String,
    /// Its sheet; empty for a CSV.
    pub sheet: String,
    /// Its row, from 1.
    pub row: u32,
    /// The converted serial.
    pub serial: Option<String>,
    /// The serial as written.
    pub serial_original: Option<String>,
    /// Manufacturer.
    pub make: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Calibre.
    pub calibre: Option<String>,
}

impl MatchedBy {
    /// The name in messages and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Canonical => "canonical",
            Self::Converted => "converted",
            Self::OtherReading => "other_reading",
            Self::PlainKey => "plain_key",
            Self::Component => "component",
        }
    }
}

/// The ways of matching, surest first: what it is called, which list it takes, and its condition.
const WAYS: [(MatchedBy, Candidates, &str); 6] = [
    (MatchedBy::Canonical, |query| &query.canonical, "serial_canonical = ?1"),
    (MatchedBy::Converted, |query| &query.converted, "serial = ?1"),
    (MatchedBy::OtherReading, |query| &query.converted, "other_reading = ?1"),
    (MatchedBy::PlainKey, |query| &query.converted, "plain_key = ?1"),
    (
        MatchedBy::Component,
        |query| &query.canonical,
        "entry_id IN (SELECT entry_id FROM marking WHERE canonical = ?1)",
    ),
    (
        MatchedBy::Component,
        |query| &query.converted,
        "entry_id IN (SELECT entry_id FROM marking WHERE converted = ?1)",
    ),
];

type Candidates = fn(&FindQuery) -> &[String];

/// Every entry that matches, once, by its surest way; within a way in order of entries.
pub(crate) fn find(connection: &Connection, query: &FindQuery) -> rusqlite::Result<Vec<FoundEntry>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for (way, candidates, condition) in WAYS {
        let mut entries = connection.prepare(&format!(
            "SELECT entry_id, weapon_id, file, sheet, row, serial, serial_original, make, model, calibre
             FROM v_entry WHERE {condition} ORDER BY entry_id"
        ))?;
        for candidate in candidates(query) {
            for entry in entries.query_map([candidate], |row| read(row, way))? {
                let entry = entry?;
                if seen.insert(entry.entry_id) {
                    found.push(entry);
                }
            }
        }
    }
    Ok(found)
}

fn read(row: &Row<'_>, matched_by: MatchedBy) -> rusqlite::Result<FoundEntry> {
    Ok(FoundEntry {
        entry_id: row.get("entry_id")?,
        weapon_id: row.get("weapon_id")?,
        matched_by,
        file: row.get("file")?,
        sheet: row.get("sheet")?,
        row: row.get("row")?,
        serial: row.get("serial")?,
        serial_original: row.get("serial_original")?,
        make: row.get("make")?,
        model: row.get("model")?,
        calibre: row.get("calibre")?,
    })
}
