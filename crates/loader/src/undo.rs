//! Taking a run back: the state before it, as a new run that is recorded like any other.

use matricule_record::EntryId;
use rusqlite::{Connection, OptionalExtension, params};

use crate::former::Statement;
use crate::load::Load;
use crate::revise::{self, PRESENT, Subject};
use crate::{Error, Result};

/// What an undo took back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Files that are no longer present, by path.
    pub files: Vec<String>,
    /// Entries that state again what they stated before.
    pub restated: u64,
    /// Other states that were set back: of entries, refused rows and files.
    pub states: u64,
}

/// Runs that stand in the way of an undo: they are published, undo nothing, and touched what the run touched.
const DEPENDENTS: &str = "
    WITH loaded AS (SELECT file_id FROM file WHERE run_id = ?1),
    entries AS (
        SELECT entry_id FROM former WHERE run_id = ?1
        UNION SELECT entry_id FROM entry WHERE run_id = ?1
        UNION SELECT subject_id FROM state_change WHERE run_id = ?1 AND subject = 'entry'
        UNION SELECT entry_id FROM amendment WHERE run_id = ?1
        UNION SELECT e.entry_id FROM entry e JOIN sheet s ON s.sheet_id = e.sheet_id
            WHERE s.file_id IN loaded),
    rejects AS (
        SELECT reject_id FROM reject WHERE run_id = ?1 OR file_id IN loaded
        UNION SELECT subject_id FROM state_change WHERE run_id = ?1 AND subject = 'reject'),
    touched AS (
        SELECT run_id, 'stated anew rows that it loaded or stated' AS what FROM former
            WHERE entry_id IN entries
        UNION SELECT run_id, 'amended rows that it loaded or stated' FROM amendment
            WHERE entry_id IN entries OR reject_id IN rejects
        UNION SELECT run_id, 'changed the state of rows that it loaded or stated' FROM state_change
            WHERE subject = 'entry' AND subject_id IN entries
        UNION SELECT run_id, 'changed the state of rows that it refused' FROM state_change
            WHERE subject = 'reject' AND subject_id IN rejects
        UNION SELECT run_id, 'replaced a file that it loaded' FROM state_change
            WHERE subject = 'file' AND (subject_id IN loaded OR subject_id IN
                (SELECT subject_id FROM state_change WHERE run_id = ?1 AND subject = 'file'))
        UNION SELECT run_id, 'changed how a sheet that it loaded is read' FROM sheet_reading
            WHERE sheet_id IN (SELECT sheet_id FROM sheet WHERE file_id IN loaded)
                OR sheet_id IN (SELECT sheet_id FROM sheet_reading WHERE run_id = ?1))
    SELECT t.run_id, min(t.what) FROM touched t JOIN run r ON r.run_id = t.run_id
    WHERE t.run_id > ?1 AND r.state = 'published' AND r.run_id NOT IN
        (SELECT run_id FROM state_change WHERE subject = 'run')
    GROUP BY t.run_id ORDER BY t.run_id";

impl Load {
    /// Brings back the state before a run. Refuses, with the reason, where there is no such run, where it is
    /// undone already or undoes another, and where later runs depend on it.
    pub fn undo(&mut self, run: i64) -> Result<Undone> {
        let reason = self.at(refusal(self.connection(), run))?;
        if let Some(reason) = reason {
            return Err(Error::NotUndone { run, reason });
        }
        self.at(undo(self.connection(), self.run_id(), run))
    }
}

fn refusal(connection: &Connection, run: i64) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT state FROM run WHERE run_id = ?1";
    let state: Option<String> = connection.query_row(sql, [run], |row| row.get(0)).optional()?;
    let undoes: Option<i64> = connection
        .query_row(
            "SELECT subject_id FROM state_change WHERE subject = 'run' AND run_id = ?1",
            [run],
            |row| row.get(0),
        )
        .optional()?;
    Ok(match (state.as_deref(), undoes) {
        (None, _) => Some("there is no such run; `matricule runs list` shows them".to_owned()),
        (Some("undone"), _) => Some("it is undone already".to_owned()),
        (_, Some(other)) => {
            Some(format!("it undoes run {other}; run the command of run {other} again instead"))
        }
        (Some("published"), None) => dependents(connection, run)?,
        _ => Some("it is not published".to_owned()),
    })
}

fn dependents(connection: &Connection, run: i64) -> rusqlite::Result<Option<String>> {
    let found: Vec<String> = connection
        .prepare(DEPENDENTS)?
        .query_map([run], |row| Ok(format!("run {} {}", row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok((!found.is_empty()).then(|| format!("{}; undo the latest of them first", found.join(", "))))
}

fn undo(connection: &Connection, by: i64, run: i64) -> rusqlite::Result<Undone> {
    let cause = format!("undo of run {run}");
    let mut undone = Undone::default();
    let restated: Vec<(EntryId, String)> = connection
        .prepare("SELECT entry_id, content FROM former WHERE run_id = ?1 ORDER BY former_id DESC")?
        .query_map([run], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (entry, content) in restated {
        revise::put_back(connection, by, entry, &Statement::read(&content), &cause)?;
        undone.restated += 1;
    }
    set_states_back(connection, by, run, &cause, &mut undone)?;
    take_out_loaded(connection, by, run, &cause, &mut undone)?;
    revise::set_state(connection, by, Subject::Run(run), "undone", &cause)?;
    Ok(undone)
}

/// Every state that the run changed, the last change first.
fn set_states_back(
    connection: &Connection,
    by: i64,
    run: i64,
    cause: &str,
    undone: &mut Undone,
) -> rusqlite::Result<()> {
    let changes: Vec<(String, i64, String)> = connection
        .prepare(
            "SELECT subject, subject_id, before FROM state_change WHERE run_id = ?1
             ORDER BY state_change_id DESC",
        )?
        .query_map([run], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (name, id, before) in changes {
        let Some(subject) = Subject::of(&name, id) else { continue };
        revise::set_state(connection, by, subject, &before, cause)?;
        undone.states += 1;
        if let (Subject::Entry(entry), PRESENT) = (subject, before.as_str()) {
            revise::moved(connection, revise::sheet_of(connection, entry)?, 1)?;
        }
    }
    Ok(())
}

/// What the run loaded leaves the present state: its files as a whole, rows of other files one by one; what it
/// refused of other files is superseded, and what persons said in it does not hold.
fn take_out_loaded(
    connection: &Connection,
    by: i64,
    run: i64,
    cause: &str,
    undone: &mut Undone,
) -> rusqlite::Result<()> {
    let files: Vec<(i64, String)> = connection
        .prepare("SELECT file_id, path FROM file WHERE run_id = ?1 AND state = 'current' ORDER BY file_id")?
        .query_map([run], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (file, path) in files {
        revise::set_state(connection, by, Subject::File(file), "withdrawn", cause)?;
        undone.files.push(path);
    }
    let ids = |sql: &str| -> rusqlite::Result<Vec<i64>> {
        connection.prepare(sql)?.query_map(params![run], |row| row.get(0))?.collect()
    };
    for entry in
        ids("SELECT entry_id FROM entry WHERE run_id = ?1 AND reject_id IS NOT NULL AND withdrawn IS NULL")?
    {
        revise::set_state(connection, by, Subject::Entry(entry), revise::WITHDRAWN, cause)?;
        revise::moved(connection, revise::sheet_of(connection, entry)?, -1)?;
        undone.states += 1;
    }
    for reject in ids("SELECT reject_id FROM reject WHERE run_id = ?1 AND state <> 'superseded'")? {
        revise::set_state(connection, by, Subject::Reject(reject), "superseded", cause)?;
    }
    for amendment in ids("SELECT amendment_id FROM amendment WHERE run_id = ?1")? {
        revise::set_state(connection, by, Subject::Amendment(amendment), "undone", cause)?;
    }
    Ok(())
}
