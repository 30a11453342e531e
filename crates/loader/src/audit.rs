//! What must hold of a registry at any time, asked of the tables themselves.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use sha2::{Digest, Sha256};

use crate::evidence::{self, hexadecimal};
use crate::history::KnownStatements;
use crate::{Registry, Result, erasure};

/// One link of the chain of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainLink {
    /// The run.
    pub run_id: i64,
    /// The head that was recorded after it; `None` for a run of a version without chain.
    pub recorded: Option<String>,
    /// The head that the tables give now.
    pub found: String,
}

impl Registry {
    /// What SQLite finds wrong with the file: damaged pages, violated constraints, references to
    /// rows that are not there. Empty where nothing is.
    pub fn integrity(&self) -> Result<Vec<String>> {
        self.require_current()?;
        self.at(integrity(self.connection()))
    }

    /// Places where rows read are not rows loaded, rejected and skipped, or not those that the tables hold.
    pub fn unbalanced(&self) -> Result<Vec<String>> {
        self.at(lines(self.connection(), UNBALANCED))
    }

    /// Mapping files and profiles whose content is not what their digest says, by digest.
    pub fn altered_files(&self) -> Result<Vec<String>> {
        self.at(altered_files(self.connection()))
    }

    /// The chain of evidence, run by run.
    pub fn chain(&self) -> Result<Vec<ChainLink>> {
        self.at(chain(self.connection()))
    }

    /// SHA-256 over the public views sorted by address, without times, operator, command and numbers:
    /// equal for any number of workers, any batch size and any order of files.
    pub fn digest(&self) -> Result<String> {
        self.require_current()?;
        self.at(digest(self.connection()))
    }

    /// The last run under whose tables present rows are known to read as they do.
    pub fn standing_run(&self) -> Result<Option<i64>> {
        self.require_current()?;
        let sql = "SELECT max(run_id) FROM (SELECT run_id FROM file WHERE state = 'current'
            UNION ALL SELECT s.run_id FROM standing s JOIN run r ON r.run_id = s.run_id WHERE r.state <> 'undone')";
        self.at(self.connection().query_row(sql, [], |row| row.get(0)))
    }

    /// The mapping files of a run of a kind: id and content.
    pub fn mappings(&self, run_id: i64, kind: &str) -> Result<Vec<(String, String)>> {
        let read = || -> rusqlite::Result<_> {
            self.connection()
                .prepare(
                    "SELECT m.id, c.content FROM run_mapping m JOIN mapping c ON c.digest = m.digest
                     WHERE m.run_id = ?1 AND m.kind = ?2 ORDER BY m.id",
                )?
                .query_map(rusqlite::params![run_id, kind], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        };
        self.at(read())
    }
}

/// States that no run writes.
const STRANGE_STATES: &str = "
    SELECT 'run ' || run_id || ' has the state ' || state FROM run WHERE state NOT IN ('published', 'undone')
    UNION ALL SELECT 'file ' || path || ' has the state ' || state FROM file
        WHERE state NOT IN ('current', 'failed', 'superseded', 'withdrawn')
    UNION ALL SELECT 'reject ' || reject_id || ' has the state ' || state FROM reject
        WHERE state NOT IN ('open', 'corrected', 'waived', 'superseded')
    UNION ALL SELECT 'the pair ' || entry_a || ', ' || entry_b || ' has the state ' || state FROM duplicate
        WHERE state NOT IN ('merged', 'review', 'confirmed', 'refused')";

/// States that are not what the log of state changes says, and former serials that no entry had.
const UNLOGGED: &str = "
    WITH last AS (SELECT subject, subject_id, after, max(state_change_id) AS id, run_id FROM state_change
        GROUP BY subject, subject_id)
    SELECT 'file ' || f.path || ' has the state ' || f.state || ', the log says otherwise' FROM file f
        LEFT JOIN last l ON l.subject = 'file' AND l.subject_id = f.file_id
        WHERE f.state <> coalesce(l.after, CASE f.state WHEN 'failed' THEN 'failed' ELSE 'current' END)
    UNION ALL
    SELECT 'reject ' || r.reject_id || ' has the state ' || r.state || ', the log says otherwise' FROM reject r
        LEFT JOIN last l ON l.subject = 'reject' AND l.subject_id = r.reject_id
        WHERE r.state <> coalesce(l.after, 'open')
    UNION ALL
    SELECT 'run ' || r.run_id || ' has the state ' || r.state || ', the log says otherwise' FROM run r
        LEFT JOIN last l ON l.subject = 'run' AND l.subject_id = r.run_id
        WHERE r.state <> coalesce(l.after, 'published')
    UNION ALL
    SELECT 'entry ' || e.entry_id || ' is withdrawn or not, the log says otherwise' FROM entry e
        LEFT JOIN last l ON l.subject = 'entry' AND l.subject_id = e.entry_id
        WHERE e.withdrawn IS NOT CASE WHEN l.after = 'withdrawn' THEN l.run_id END
    UNION ALL
    SELECT 'the former serial ' || serial || ' of entry ' || entry_id || ' is not in its history' FROM (
        SELECT serial, entry_id FROM former_serial
        EXCEPT SELECT json_extract(content, '$.serial'), entry_id FROM former WHERE json_valid(content))
    UNION ALL
    SELECT 'the serial ' || serial || ' that entry ' || entry_id || ' had is not kept' FROM (
        SELECT json_extract(content, '$.serial') AS serial, entry_id FROM former
            WHERE CASE WHEN json_valid(content) THEN json_extract(content, '$.serial') END IS NOT NULL
        EXCEPT SELECT serial, entry_id FROM former_serial)";

/// Rows whose numbers no digest holds, only their order: they are numbered from 1 on without a gap, so that no
/// number can be another.
const MISNUMBERED: &str = "
    SELECT 'the rows of skipped_row are not numbered from 1 on' FROM
        (SELECT min(skipped_id) AS first, max(skipped_id) AS last, count(*) AS all_of_them FROM skipped_row)
        WHERE first <> 1 OR last <> all_of_them
    UNION ALL
    SELECT 'the rows of former are not numbered from 1 on' FROM
        (SELECT min(former_id) AS first, max(former_id) AS last, count(*) AS all_of_them FROM former)
        WHERE first <> 1 OR last <> all_of_them
    UNION ALL
    SELECT 'the findings of reject ' || reject_id || ' are not numbered from 1 on' FROM finding
        GROUP BY reject_id HAVING min(finding) <> 1 OR max(finding) <> count(*)";

/// Rows that stand where no run put them: a refused row in a sheet of another file, or, where a later run refused it,
/// where that run took nothing out; and entries that no run stated anew, said to be stated by one.
const MISPLACED: &str = "
    SELECT 'reject ' || r.reject_id || ' stands in a sheet of another file' FROM reject r
        JOIN sheet s ON s.sheet_id = r.sheet_id WHERE s.file_id <> r.file_id
    UNION ALL
    SELECT 'reject ' || r.reject_id || ' stands where run ' || r.run_id || ' refused no row' FROM reject r
        WHERE r.run_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM state_change c JOIN reject o ON o.reject_id = c.subject_id
            WHERE c.run_id = r.run_id AND c.subject = 'reject' AND o.reject_id <> r.reject_id
                AND o.sheet_id = r.sheet_id AND o.row = r.row)
        AND NOT EXISTS (
            SELECT 1 FROM state_change c JOIN entry e ON e.entry_id = c.subject_id
            WHERE c.run_id = r.run_id AND c.subject = 'entry' AND ((e.sheet_id = r.sheet_id AND e.row = r.row)
                OR EXISTS (SELECT 1 FROM former f WHERE f.entry_id = e.entry_id AND r.sheet_id =
                        CASE WHEN json_valid(f.content) THEN f.content ->> 'sheet_id' END
                    AND r.row = CASE WHEN json_valid(f.content) THEN f.content ->> 'row' END)))
    UNION ALL
    SELECT 'entry ' || e.entry_id || ' is said to be stated by run ' || e.stated_by || ', which did not state it'
        FROM entry e WHERE e.stated_by IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM former f WHERE f.entry_id = e.entry_id)";

const UNBALANCED: &str = "
    SELECT f.path || ': ' || f.rows_read || ' rows read, ' || f.rows_loaded || ' loaded, ' || f.rows_rejected
        || ' rejected, ' || f.rows_skipped || ' skipped' FROM file f
    WHERE f.rows_read <> f.rows_loaded + f.rows_rejected + f.rows_skipped
    UNION ALL
    SELECT f.path || '!' || s.sheet || ': ' || (s.rows_loaded + s.moved) || ' rows loaded, ' ||
        (SELECT count(*) FROM entry e WHERE e.sheet_id = s.sheet_id AND e.withdrawn IS NULL) || ' entries'
    FROM sheet s JOIN file f ON f.file_id = s.file_id
    WHERE f.state IN ('current', 'failed') AND s.rows_loaded + s.moved <>
        (SELECT count(*) FROM entry e WHERE e.sheet_id = s.sheet_id AND e.withdrawn IS NULL)
    UNION ALL
    SELECT f.path || '!' || s.sheet || ': ' || (s.rows_rejected - s.moved) || ' rows rejected, ' ||
        (SELECT count(*) FROM reject r WHERE r.sheet_id = s.sheet_id AND r.row IS NOT NULL
            AND r.state IN ('open', 'waived')) || ' held'
    FROM sheet s JOIN file f ON f.file_id = s.file_id
    WHERE f.state IN ('current', 'failed') AND s.rows_rejected - s.moved <>
        (SELECT count(*) FROM reject r WHERE r.sheet_id = s.sheet_id AND r.row IS NOT NULL
            AND r.state IN ('open', 'waived'))
    UNION ALL
    SELECT f.path || ': its sheets moved ' || coalesce(sum(s.moved), 0) || ' rows, the file ' || f.moved
    FROM file f LEFT JOIN sheet s ON s.file_id = f.file_id GROUP BY f.file_id
    HAVING f.moved <> coalesce(sum(s.moved), 0)";

fn lines(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

fn integrity(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut found = lines(connection, "PRAGMA integrity_check(20)")?;
    found.retain(|line| line != "ok");
    let foreign = |row: &Row<'_>| {
        let (table, row_id): (String, Option<i64>) = (row.get(0)?, row.get(1)?);
        Ok(format!("row {} of {table} refers to a row that is not there", row_id.unwrap_or_default()))
    };
    let broken: Vec<String> = connection
        .prepare("PRAGMA foreign_key_check")?
        .query_map([], foreign)?
        .collect::<rusqlite::Result<_>>()?;
    found.extend(broken.into_iter().take(20));
    found.extend(lines(connection, STRANGE_STATES)?);
    found.extend(lines(connection, UNLOGGED)?);
    found.extend(lines(connection, MISNUMBERED)?);
    found.extend(lines(connection, MISPLACED)?);
    found.extend(erasure::altered(connection)?);
    Ok(found)
}

fn altered_files(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut altered = Vec::new();
    for table in ["mapping", "profile"] {
        let mut query =
            connection.prepare(&format!("SELECT digest, content FROM {table} ORDER BY digest"))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let bytes = match row.get_ref(1)? {
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
                _ => &[],
            };
            let digest: String = row.get(0)?;
            if hexadecimal(&Sha256::digest(bytes)) != digest {
                altered.push(digest);
            }
        }
    }
    Ok(altered)
}

fn chain(connection: &Connection) -> rusqlite::Result<Vec<ChainLink>> {
    let mut files = evidence::of_tables(connection)?;
    let runs: Vec<(i64, Option<String>)> = connection
        .prepare("SELECT run_id, chain FROM run ORDER BY run_id")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let link = |(run_id, recorded)| {
        let found = evidence::head_after(connection, run_id, &mut files, &KnownStatements::default())?;
        Ok(ChainLink { run_id, recorded, found })
    };
    runs.into_iter().map(link).collect()
}

/// Views of the digest: what is left out, and the order.
const VIEWS: [(&str, &[&str], &str); 7] = [
    ("v_file", &["file_id", "run_id", "merged_from"], "path, sha256"),
    (
        "v_entry",
        &["entry_id", "run_id", "file_id", "weapon_id", "stated_by", "reject_id"],
        "file, sheet, row",
    ),
    ("v_marking", &["entry_id"], "component, original, canonical, converted"),
    ("v_event", &["entry_id"], "kind, date, from_party, to_party"),
    ("v_reject", &["reject_id", "run_id", "file_id"], "file, sheet, row, finding"),
    ("v_conflict", &["conflict_id", "entry_a", "entry_b", "weapon_a", "weapon_b"], "field, value_a, value_b"),
    ("v_weapon", &["weapon_id", "sources"], "serial, serial_original, make, model, type, calibre"),
];

fn digest(connection: &Connection) -> rusqlite::Result<String> {
    let mut hasher = Sha256::new();
    for (view, except, order) in VIEWS {
        hasher.update(view);
        add_view(connection, &mut hasher, view, except, order)?;
    }
    add_partition(connection, &mut hasher)?;
    Ok(hexadecimal(&hasher.finalize()))
}

fn add_view(
    connection: &Connection,
    hasher: &mut Sha256,
    view: &str,
    except: &[&str],
    order: &str,
) -> rusqlite::Result<()> {
    let all = connection.prepare(&format!("SELECT * FROM {view} LIMIT 0"))?;
    let names: Vec<String> = all.column_names().map(str::to_owned).collect();
    let kept: Vec<String> = names
        .iter()
        .filter(|name| !except.contains(&name.as_str()))
        .map(|name| format!("\"{name}\""))
        .collect();
    // Rows that are equal under the order are put in order by all that is hashed of them.
    let sql = format!("SELECT {} FROM {view} ORDER BY {order}, {}", kept.join(", "), kept.join(", "));
    let mut query = connection.prepare(&sql)?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        for at in 0..kept.len() {
            match row.get_ref(at)? {
                ValueRef::Null => hasher.update([0]),
                ValueRef::Integer(number) => hasher.update(number.to_le_bytes()),
                ValueRef::Real(number) => hasher.update(number.to_bits().to_le_bytes()),
                ValueRef::Text(text) | ValueRef::Blob(text) => hasher.update(text),
            }
            hasher.update([0xff]);
        }
    }
    Ok(())
}

/// The address of an entry.
const ADDRESS: &str = "file || '!' || sheet || '!' || row";

/// Which entries describe one weapon, and which pairs were found, by their addresses.
fn add_partition(connection: &Connection, hasher: &mut Sha256) -> rusqlite::Result<()> {
    let partition = format!(
        "SELECT {ADDRESS} || '=' || min({ADDRESS}) OVER (PARTITION BY weapon_id) FROM v_entry
         WHERE weapon_id IN (SELECT weapon_id FROM merged) ORDER BY 1"
    );
    let pairs = format!(
        "WITH address AS (SELECT entry_id, {ADDRESS} AS address FROM v_entry)
         SELECT a.address || ' ' || b.address || ' ' || d.kind || ' ' || coalesce(d.bits, '') || ' ' || d.state
            || ' ' || d.reasons
         FROM duplicate d JOIN address a ON a.entry_id = d.entry_a JOIN address b ON b.entry_id = d.entry_b
         ORDER BY 1"
    );
    for query in [partition, pairs] {
        for line in lines(connection, &query)? {
            hasher.update(line);
            hasher.update([0xff]);
        }
    }
    Ok(())
}
