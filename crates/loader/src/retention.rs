//! How long entries have been kept. Nothing is ever deleted: what a period has run out for is named, so
//! that those who answer for the register can decide.
//!
//! The International Tracing Instrument (paragraph 12) asks for 30 years for records of manufacture and 20 for
//! all others; which a ledger holds only its keepers know, so both are told.

use jiff::civil::Date;
use jiff::{Error as DateError, Span};
use rusqlite::{Connection, Row, params};

use crate::{Error, Registry, Result};

/// Years for which records other than of manufacture are kept at least.
pub const YEARS: i32 = 20;
/// Years for which records of manufacture are kept at least.
pub const YEARS_OF_MANUFACTURE: i32 = 30;

/// What the periods have run out for in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Path of the file.
    pub file: String,
    /// Entries that are [`YEARS`] old or older.
    pub entries: u64,
    /// Of those, the ones that are [`YEARS_OF_MANUFACTURE`] old.
    pub entries_of_manufacture: u64,
    /// The oldest day among them, `YYYY-MM-DD`.
    pub oldest: String,
}

/// The last day that an entry names (registration, status), or the day on which it was loaded. Of a range its
/// end counts, and of a year or a month its last day: no period is said to have run out too early. A
/// date that is no date, as one of a year in two digits, is none.
const AGES: &str = "
    WITH dated AS (
        SELECT f.path AS file, substr(r.finished_at, 1, 10) AS loaded, e.registered_on AS a, e.status_date AS b
        FROM entry e JOIN sheet s ON s.sheet_id = e.sheet_id JOIN file f ON f.file_id = s.file_id
        JOIN run r ON r.run_id = coalesce(e.run_id, f.run_id)
        WHERE f.state = 'current' AND e.withdrawn IS NULL
    ), ends AS (
        SELECT file, loaded, substr(a, 1 + instr(a, '/')) AS a, substr(b, 1 + instr(b, '/')) AS b FROM dated
    ), days AS (
        SELECT file, loaded,
            CASE WHEN a GLOB '[0-9][0-9][0-9][0-9]*' THEN
                a || CASE length(a) WHEN 4 THEN '-12-31' WHEN 7 THEN '-31' ELSE '' END END AS a,
            CASE WHEN b GLOB '[0-9][0-9][0-9][0-9]*' THEN
                b || CASE length(b) WHEN 4 THEN '-12-31' WHEN 7 THEN '-31' ELSE '' END END AS b
        FROM ends
    ), aged AS (
        SELECT file, coalesce(max(a, b), a, b, loaded) AS day FROM days
    )
    SELECT file, count(*) AS entries, count(*) FILTER (WHERE day <= ?2) AS entries_of_manufacture,
        min(day) AS oldest
    FROM aged WHERE day <= ?1 GROUP BY file ORDER BY file";

impl Registry {
    /// What the periods of retention have run out for on a day, by file.
    pub fn retention(&self, today: Date) -> Result<Vec<Retention>> {
        self.require_current()?;
        let before = |years| today.checked_sub(Span::new().years(years));
        let limits = before(YEARS).and_then(|first| Ok((first, before(YEARS_OF_MANUFACTURE)?)));
        let (first, second) = limits.map_err(|error: DateError| Error::NotReadable {
            path: self.path().to_owned(),
            reason: format!("the clock of this machine says {today}: {error}"),
        })?;
        self.at(aged(self.connection(), &first.to_string(), &second.to_string()))
    }
}

fn aged(connection: &Connection, first: &str, second: &str) -> rusqlite::Result<Vec<Retention>> {
    connection.prepare(AGES)?.query_map(params![first, second], read)?.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Retention> {
    Ok(Retention {
        file: row.get("file")?,
        entries: row.get::<_, i64>("entries")?.cast_unsigned(),
        entries_of_manufacture: row.get::<_, i64>("entries_of_manufacture")?.cast_unsigned(),
        oldest: row.get("oldest")?,
    })
}
