//! What must hold of a registry at any time, asked of the tables themselves.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use sha2::{Digest, Sha256};

use crate::evidence::{self, hexadecimal};
use crate::{Registry, Result};

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

const UNBALANCED: &str = "
    SELECT f.path || ': ' || f.rows_read || ' rows read, ' || f.rows_loaded || ' loaded, ' || f.rows_rejected
        || ' rejected, ' || f.rows_skipped || ' skipped' FROM file f
    WHERE f.rows_read <> f.rows_loaded + f.rows_rejected + f.rows_skipped
    UNION ALL
    SELECT f.path || '!' || s.sheet || ': ' || s.rows_loaded || ' rows loaded, ' ||
        (SELECT count(*) FROM entry e WHERE e.sheet_id = s.sheet_id) || ' entries' FROM sheet s
    JOIN file f ON f.file_id = s.file_id
    WHERE s.rows_loaded <> (SELECT count(*) FROM entry e WHERE e.sheet_id = s.sheet_id)
    UNION ALL
    SELECT f.path || '!' || s.sheet || ': ' || s.rows_rejected || ' rows rejected, ' ||
        (SELECT count(*) FROM reject r WHERE r.sheet_id = s.sheet_id AND r.row IS NOT NULL) || ' held'
    FROM sheet s JOIN file f ON f.file_id = s.file_id
    WHERE s.rows_rejected <>
        (SELECT count(*) FROM reject r WHERE r.sheet_id = s.sheet_id AND r.row IS NOT NULL)";

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
        .prepare("SELECT run_id, chain FROM run WHERE state = 'published' ORDER BY run_id")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let link = |(run_id, recorded)| {
        let found = evidence::head_after(connection, run_id, &mut files)?;
        Ok(ChainLink { run_id, recorded, found })
    };
    runs.into_iter().map(link).collect()
}

/// Views of the digest: what is left out, and the order.
const VIEWS: [(&str, &[&str], &str); 7] = [
    ("v_file", &["file_id", "run_id"], "path, sha256"),
    ("v_entry", &["entry_id", "run_id", "file_id", "weapon_id"], "file, sheet, row"),
    ("v_marking", &["entry_id"], "component, original, canonical, converted"),
    ("v_event", &["entry_id"], "kind, date, from_party, to_party"),
    ("v_reject", &["reject_id", "run_id", "file_id"], "file, sheet, row, finding"),
    ("v_conflict", &["conflict_id", "entry_a", "entry_b", "weapon_a", "weapon_b"], "field, value_a, value_b"),
    ("v_weapon", &["weapon_id"], "serial, serial_original, make, model, type, calibre"),
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

/// Which entries describe one weapon, by their addresses.
fn add_partition(connection: &Connection, hasher: &mut Sha256) -> rusqlite::Result<()> {
    let mut query = connection.prepare(
        "SELECT e.file, e.sheet, e.row, w.file, w.sheet, w.row FROM merged m
         JOIN v_entry e ON e.entry_id = m.entry_id JOIN v_entry w ON w.entry_id = m.weapon_id
         ORDER BY 1, 2, 3",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let line = format!(
            "{}!{}!{}={}!{}!{}",
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, i64>(2)?,
            row.get::<_, String>(3)?,
            row.get::<_, String>(4)?,
            row.get::<_, i64>(5)?
        );
        hasher.update(line);
    }
    Ok(())
}
