//! Finding entries by serial: what is surest first, and never by reading the whole table.
//!
//! To add a way of matching that is an equality: a line in [`WAYS`] and, where it needs one, an index.

use std::collections::HashSet;

use matricule_record::EntryId;
use rusqlite::{Connection, Row};

use crate::substring;
use crate::walk::{self, Place};

/// The serials looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindQuery {
    /// In converted form (A–Z 0–9), under every reading that may be meant.
    pub converted: Vec<String>,
    /// In canonical form, in their own script; `?` is any one character, `*` any number of them.
    pub canonical: Vec<String>,
    /// Whether serials that only contain one of these are found too. Needs the substring index.
    pub substring: bool,
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
    /// A serial that it had before it was corrected.
    Former,
    /// A serial that differs in characters that are taken for each other (0/O, 1/I/L, 5/S, 8/B).
    LookAlike,
    /// The places of a serial that was read in part: `T1102*` may be T11023.
    Illegible,
    /// The pattern that was asked for.
    Pattern,
    /// A part of its serial.
    Substring,
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

/// An entry that was found and is not present any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoneEntry {
    /// What it says; its weapon is itself.
    pub entry: FoundEntry,
    /// The run that took it, or its ledger, out.
    pub run_id: Option<i64>,
    /// Why.
    pub cause: String,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The entries, the surest first.
    pub entries: Vec<FoundEntry>,
    /// Entries that are not present any more, in the same order.
    pub gone: Vec<GoneEntry>,
    /// Whether the pattern says too little: more may fit than were looked at.
    pub given_up: bool,
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
            Self::Former => "former",
            Self::LookAlike => "look_alike",
            Self::Illegible => "illegible",
            Self::Pattern => "pattern",
            Self::Substring => "substring",
        }
    }
}

type Candidates = fn(&FindQuery) -> &[String];

/// The ways of matching that are equalities, surest first: what each is called, which list it takes,
/// and its condition.
const WAYS: [(MatchedBy, Candidates, &str); 7] = [
    (MatchedBy::Canonical, canonical, CANONICAL),
    (MatchedBy::Converted, converted, SERIAL),
    (MatchedBy::OtherReading, converted, "other_reading = ?1"),
    (MatchedBy::PlainKey, converted, "plain_key = ?1"),
    (MatchedBy::Component, canonical, "entry_id IN (SELECT entry_id FROM marking WHERE canonical = ?1)"),
    (MatchedBy::Component, converted, "entry_id IN (SELECT entry_id FROM marking WHERE converted = ?1)"),
    (MatchedBy::Former, converted, "entry_id IN (SELECT entry_id FROM former_serial WHERE serial = ?1)"),
];

const CANONICAL: &str = "serial_canonical = ?1";
const SERIAL: &str = "serial = ?1";

fn canonical(query: &FindQuery) -> &[String] {
    &query.canonical
}

fn converted(query: &FindQuery) -> &[String] {
    &query.converted
}

/// The first text at or behind a bound in an index that is walked.
const FIRST_SERIAL: &str = "SELECT serial FROM entry WHERE serial >= ?1 ORDER BY serial LIMIT 1";
const FIRST_CANONICAL: &str =
    "SELECT serial_canonical FROM entry WHERE serial_canonical >= ?1 ORDER BY serial_canonical LIMIT 1";

/// Every entry that matches, once, by its surest way; within a way in order of entries.
pub(crate) fn find(connection: &Connection, query: &FindQuery) -> rusqlite::Result<Found> {
    let mut search = Search { connection, seen: HashSet::new(), found: Found::default() };
    for (way, candidates, condition) in WAYS {
        search.add(way, condition, candidates(query))?;
    }
    for serial in &query.converted {
        let pattern: Vec<Place> = serial.chars().map(|c| Place::Of(taken_for(c))).collect();
        search.walk(MatchedBy::LookAlike, &walk::fitting(connection, FIRST_SERIAL, &pattern)?, SERIAL)?;
    }
    for serial in &query.canonical {
        if let Some(pattern) = pattern_of(serial) {
            for (first, condition) in [(FIRST_CANONICAL, CANONICAL), (FIRST_SERIAL, SERIAL)] {
                let walked = walk::fitting(connection, first, &pattern)?;
                search.walk(MatchedBy::Pattern, &walked, condition)?;
            }
        } else {
            // A serial that was read in part is kept as its pattern, in canonical form.
            let walked = walk::fitted_by(connection, FIRST_CANONICAL, serial)?;
            search.walk(MatchedBy::Illegible, &walked, CANONICAL)?;
        }
    }
    if query.substring {
        search.substrings(query)?;
    }
    Ok(search.found)
}

/// A search while it goes on.
struct Search<'a> {
    connection: &'a Connection,
    seen: HashSet<EntryId>,
    found: Found,
}

impl Search<'_> {
    /// The entries for which a condition holds of one of the keys.
    fn add(
        &mut self,
        way: MatchedBy,
        condition: &str,
        keys: &[impl rusqlite::ToSql],
    ) -> rusqlite::Result<()> {
        let mut entries = self.connection.prepare_cached(&entries_where(condition))?;
        for key in keys {
            for entry in entries.query_map([key], |row| read(row, way))? {
                let entry = entry?;
                if self.seen.insert(entry.entry_id) {
                    self.found.entries.push(entry);
                }
            }
        }
        let mut gone = self.connection.prepare_cached(&gone_where(condition))?;
        for key in keys {
            for entry in gone.query_map([key], |row| read_gone(row, way))? {
                let entry = entry?;
                if self.seen.insert(entry.entry.entry_id) {
                    self.found.gone.push(entry);
                }
            }
        }
        Ok(())
    }

    fn walk(&mut self, way: MatchedBy, walked: &walk::Walked, condition: &str) -> rusqlite::Result<()> {
        self.found.given_up |= walked.given_up;
        self.add(way, condition, &walked.texts)
    }

    fn substrings(&mut self, query: &FindQuery) -> rusqlite::Result<()> {
        let mut entries: Vec<EntryId> = Vec::new();
        for (column, parts) in [("serial_canonical", &query.canonical), ("serial", &query.converted)] {
            for part in parts {
                entries.extend(substring::containing(self.connection, column, part)?);
            }
        }
        entries.sort_unstable();
        entries.dedup();
        self.add(MatchedBy::Substring, "entry_id = ?1", &entries)
    }
}

fn entries_where(condition: &str) -> String {
    format!(
        "SELECT entry_id, weapon_id, file, sheet, row, serial, serial_original, make, model, calibre
         FROM v_entry WHERE {condition} ORDER BY entry_id"
    )
}

/// The same of entries that are not present any more, with the last change that took them out.
fn gone_where(condition: &str) -> String {
    let last = |column: &str| {
        format!(
            "coalesce((SELECT c.{column} FROM state_change c WHERE c.subject = 'entry' AND c.subject_id = e.entry_id
                    AND e.withdrawn IS NOT NULL ORDER BY c.state_change_id DESC LIMIT 1),
                (SELECT c.{column} FROM state_change c WHERE c.subject = 'file' AND c.subject_id = f.file_id
                    ORDER BY c.state_change_id DESC LIMIT 1))"
        )
    };
    format!(
        "SELECT e.entry_id, e.entry_id AS weapon_id, f.path AS file, s.sheet, e.row, e.serial, e.serial_original,
            e.make, e.model, e.calibre, {} AS run_id, {} AS cause
         FROM entry e JOIN sheet s ON s.sheet_id = e.sheet_id JOIN file f ON f.file_id = s.file_id
         WHERE e.{condition} AND (e.withdrawn IS NOT NULL OR f.state <> 'current') ORDER BY e.entry_id",
        last("run_id"),
        last("cause")
    )
}

/// The characters that one is taken for, itself among them.
fn taken_for(character: char) -> Vec<char> {
    const ALIKE: [&str; 4] = ["0O", "1IL", "5S", "8B"];
    let group = ALIKE.iter().find(|group| group.contains(character));
    group.map_or_else(|| vec![character], |group| group.chars().collect())
}

/// A serial with signs for what is not known as a pattern; `None` for one without.
fn pattern_of(serial: &str) -> Option<Vec<Place>> {
    let place = |c| match c {
        '?' => Place::Any,
        '*' | '…' => Place::Run,
        other => Place::Of(vec![other]),
    };
    serial.contains(['?', '*', '…']).then(|| serial.chars().map(place).collect())
}

fn read_gone(row: &Row<'_>, matched_by: MatchedBy) -> rusqlite::Result<GoneEntry> {
    Ok(GoneEntry {
        entry: read(row, matched_by)?,
        run_id: row.get("run_id")?,
        cause: row.get::<_, Option<String>>("cause")?.unwrap_or_default(),
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;
    use matricule_text::confusion_key;

    /// The steps of a query as SQLite takes them.
    fn plan(connection: &Connection, sql: &str) -> Vec<String> {
        let mut query = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        query.query_map(["X"], |row| row.get("detail")).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn no_way_of_matching_reads_a_whole_table() {
        let connection = Connection::open_in_memory().unwrap();
        schema::migrate(&connection).unwrap();
        schema::index(&connection).unwrap();
        substring::build(&connection).unwrap();
        let by_index =
            WAYS.iter().flat_map(|(_, _, condition)| [entries_where(condition), gone_where(condition)]);
        let walked = [FIRST_SERIAL, FIRST_CANONICAL].map(str::to_owned);
        let substrings = ["serial", "serial_canonical"].map(substring::query);
        let all = by_index.chain([entries_where("entry_id = ?1")]).chain(walked).chain(substrings);
        for sql in all {
            let steps = plan(&connection, &sql);
            // `SCAN … VIRTUAL TABLE INDEX` is a look into the full-text index; the list of an IN is scanned.
            let is_bad = |step: &&String| {
                step.starts_with("SCAN")
                    && !step.contains("VIRTUAL TABLE INDEX 0:L")
                    && !step.contains("LIST")
            };
            assert_eq!(steps.iter().find(is_bad), None, "{sql}\n{steps:#?}");
        }
    }

    #[test]
    fn characters_are_taken_for_those_of_their_confusion_key() {
        for character in ('A'..='Z').chain('0'..='9') {
            let key = |c: char| confusion_key(&c.to_string());
            let alike: HashSet<char> =
                ('A'..='Z').chain('0'..='9').filter(|&other| key(other) == key(character)).collect();
            assert_eq!(taken_for(character).into_iter().collect::<HashSet<_>>(), alike, "{character}");
        }
    }
}
