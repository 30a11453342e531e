//! Taking a run back: the state before it, as a new run that is recorded like any other.

use matricule_record::EntryId;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::damage::{Kept as _, Owner};
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
        (Some("published"), None) if erased(connection, run)? => Some("what it erased is gone".to_owned()),
        (Some("published"), None) => dependents(connection, run)?,
        _ => Some("it is not published".to_owned()),
    })
}

fn erased(connection: &Connection, run: i64) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM erasure WHERE run_id = ?1)", [run], |row| row.get(0))
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
    let mut undoing = Undoing { connection, by, run, cause: &cause, undone: Undone::default() };
    // States first: they count an entry where the run left it.
    undoing.set_states_back()?;
    undoing.put_statements_back()?;
    undoing.take_out_loaded()?;
    undoing.set(Subject::Run(run), "undone")?;
    Ok(undoing.undone)
}

/// A run that is being undone, by another.
struct Undoing<'a> {
    connection: &'a Connection,
    by: i64,
    run: i64,
    cause: &'a str,
    undone: Undone,
}

impl Undoing<'_> {
    /// The rows of a query about the run.
    fn of_run<T>(
        &self,
        sql: &str,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        self.connection.prepare(sql)?.query_map([self.run], row)?.collect()
    }

    fn set(&self, subject: Subject, state: &str) -> rusqlite::Result<()> {
        revise::set_state(self.connection, self.by, subject, state, self.cause)
    }

    /// Counts an entry of a sheet in or out.
    fn moved(&self, entry: EntryId, by: i64) -> rusqlite::Result<()> {
        revise::moved(self.connection, revise::sheet_of(self.connection, entry)?, by)
    }

    /// What entries stated before the run: where it stated one several times, before the first of them.
    fn put_statements_back(&mut self) -> rusqlite::Result<()> {
        let sql = "SELECT entry_id, content, min(former_id) FROM former WHERE run_id = ?1 GROUP BY entry_id
                   ORDER BY 3 DESC";
        for (entry, content) in self.of_run(sql, |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))? {
            let statement = Statement::read(&content).of(self.connection, Owner::Entry(entry))?;
            revise::put_back(self.connection, self.by, entry, &statement, self.cause)?;
            self.undone.restated += 1;
        }
        Ok(())
    }

    /// Every state that the run changed, the last change first.
    fn set_states_back(&mut self) -> rusqlite::Result<()> {
        let sql = "SELECT subject, subject_id, before FROM state_change WHERE run_id = ?1
                   ORDER BY state_change_id DESC";
        let change = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, String>(2)?));
        for (name, id, before) in self.of_run(sql, change)? {
            let Some(subject) = Subject::of(&name, id) else { continue };
            self.set(subject, &before)?;
            self.undone.states += 1;
            if let (Subject::Entry(entry), PRESENT) = (subject, before.as_str()) {
                self.moved(entry, 1)?;
            }
        }
        Ok(())
    }

    /// What the run loaded leaves the present state: its files as a whole, rows of other files one by one; what it
    /// refused of other files is superseded, and what persons said in it does not hold.
    fn take_out_loaded(&mut self) -> rusqlite::Result<()> {
        let sql = "SELECT file_id, path FROM file WHERE run_id = ?1 AND state = 'current' ORDER BY file_id";
        for (file, path) in self.of_run(sql, |row| Ok((row.get(0)?, row.get(1)?)))? {
            self.set(Subject::File(file), "withdrawn")?;
            self.undone.files.push(path);
        }
        let number = |row: &Row<'_>| row.get(0);
        let sql =
            "SELECT entry_id FROM entry WHERE run_id = ?1 AND reject_id IS NOT NULL AND withdrawn IS NULL";
        for entry in self.of_run(sql, number)? {
            self.set(Subject::Entry(entry), revise::WITHDRAWN)?;
            self.moved(entry, -1)?;
            self.undone.states += 1;
        }
        let sql = "SELECT reject_id FROM reject WHERE run_id = ?1 AND state <> 'superseded'";
        for reject in self.of_run(sql, number)? {
            self.set(Subject::Reject(reject), "superseded")?;
        }
        for amendment in self.of_run("SELECT amendment_id FROM amendment WHERE run_id = ?1", number)? {
            self.set(Subject::Amendment(amendment), "undone")?;
        }
        Ok(())
    }
}
