//! Stating rows anew in a later run: what is said, what is refused, what is taken out of the present state.
//!
//! Nothing is lost: what an entry said before is kept in `former`, each field that changed in `change`, each
//! change of a state in `state_change`, all under the run that did it.

use matricule_record::{EntryId, Field, Reject};
use rusqlite::{Connection, params};

use crate::entry::{Inserter, PreparedEntry};
use crate::evidence::FileEvidence;
use crate::former::Statement;
use crate::load::Load;
use crate::seal::Salt;
use crate::stored::FieldChange;
use crate::{Result, former, refusal};

/// A value that a person says is to be read in place of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// The field; `None` for a column without one.
    pub field: Option<Field>,
    /// The column, from 0; behind the ledger's last one where the ledger has none for the field. It places
    /// the amendment where there is no field; where there is one, the field does.
    pub column: usize,
    /// The cell as read so far.
    pub before: String,
    /// What is read in its place.
    pub cell: String,
    /// Why.
    pub reason: String,
}

/// What has a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Entry(EntryId),
    Reject(i64),
    File(i64),
    Run(i64),
    Amendment(i64),
}

/// An entry is in the present state, or a run took it out.
pub(crate) const PRESENT: &str = "present";
pub(crate) const WITHDRAWN: &str = "withdrawn";

impl Subject {
    const fn name(self) -> &'static str {
        match self {
            Self::Entry(_) => "entry",
            Self::Reject(_) => "reject",
            Self::File(_) => "file",
            Self::Run(_) => "run",
            Self::Amendment(_) => "amendment",
        }
    }

    const fn id(self) -> i64 {
        match self {
            Self::Entry(id) | Self::Reject(id) | Self::File(id) | Self::Run(id) | Self::Amendment(id) => id,
        }
    }

    /// The subject of a row of `state_change`.
    pub fn of(name: &str, id: i64) -> Option<Self> {
        let all = [Self::Entry(id), Self::Reject(id), Self::File(id), Self::Run(id), Self::Amendment(id)];
        all.into_iter().find(|subject| subject.name() == name)
    }
}

impl Load {
    /// Makes an entry state what its row comes to now. `changes` are the columns that differ.
    pub fn restate(
        &mut self,
        entry: EntryId,
        prepared: &PreparedEntry,
        changes: &[FieldChange],
        cause: &str,
    ) -> Result<()> {
        let run = self.run_id();
        let restated = || {
            let present = keep_former(self.connection(), run, entry)?;
            let sheet = present.number("sheet_id").unwrap_or_default();
            present.anew(sheet, run, prepared).put(self.connection(), entry, &present)?;
            tell(self.connection(), (entry, run), changes, cause)
        };
        self.at(restated())
    }

    /// Loads a refused row that is understood now, or was corrected, as a new entry.
    pub fn admit(&mut self, reject: i64, prepared: &PreparedEntry, cause: &str) -> Result<EntryId> {
        let run = self.run_id();
        let sheet = self.at(sheet_of_reject(self.connection(), reject))?;
        let inserted =
            Inserter::start(self.connection(), sheet).and_then(|mut inserter| inserter.insert(prepared));
        let entry = self.at(inserted)?;
        let sql = "UPDATE entry SET run_id = ?2, reject_id = ?3 WHERE entry_id = ?1";
        self.at(self
            .connection()
            .prepare_cached(sql)
            .and_then(|mut update| update.execute(params![entry, run, reject])))?;
        self.at(set_state(self.connection(), run, Subject::Reject(reject), "corrected", cause))?;
        self.at(moved(self.connection(), sheet, 1))?;
        Ok(entry)
    }

    /// Takes an entry, whose row is refused now, out of the present state, and keeps the row with its findings.
    pub fn refuse(&mut self, entry: EntryId, reject: &Reject, cause: &str) -> Result<()> {
        let run = self.run_id();
        let sheet = self.at(sheet_of(self.connection(), entry))?;
        self.withdraw(entry, cause)?;
        self.at(refuse_in(self.connection(), run, sheet, reject))
    }

    /// Keeps a refused row with what is found wrong with it now.
    pub fn refuse_anew(&mut self, earlier: i64, reject: &Reject, cause: &str) -> Result<()> {
        let run = self.run_id();
        let sheet = self.at(sheet_of_reject(self.connection(), earlier))?;
        self.at(set_state(self.connection(), run, Subject::Reject(earlier), "superseded", cause))?;
        self.at(refuse_in(self.connection(), run, sheet, reject))
    }

    /// Takes an entry out of the present state.
    pub fn withdraw(&mut self, entry: EntryId, cause: &str) -> Result<()> {
        let run = self.run_id();
        self.at(set_state(self.connection(), run, Subject::Entry(entry), WITHDRAWN, cause))?;
        let sheet = self.at(sheet_of(self.connection(), entry))?;
        self.at(moved(self.connection(), sheet, -1))
    }

    /// Sets a refused row aside: a person says that it is no weapon, or that it is not to be repaired.
    pub fn waive(&mut self, reject: i64, cause: &str) -> Result<()> {
        self.at(set_state(self.connection(), self.run_id(), Subject::Reject(reject), "waived", cause))
    }

    /// Records what a person says is to be read in place of cells of an entry.
    pub fn amend(&mut self, entry: EntryId, amendments: &[Amendment]) -> Result<()> {
        self.at(insert_amendments(self.connection(), self.run_id(), (Some(entry), None), amendments))
    }

    /// Records what a person says is to be read in place of cells of a refused row; `entry` is what the row
    /// became, where it did.
    pub fn correct(&mut self, reject: i64, entry: Option<EntryId>, amendments: &[Amendment]) -> Result<()> {
        self.at(insert_amendments(self.connection(), self.run_id(), (entry, Some(reject)), amendments))
    }

    /// Notes that all rows of files are known to read as they do under the tables of this run.
    pub fn stand(&mut self, files: &[i64]) -> Result<()> {
        for file in files {
            let sql = "INSERT INTO standing (file_id, run_id) VALUES (?1, ?2)";
            self.at(self
                .connection()
                .prepare_cached(sql)
                .and_then(|mut s| s.execute([*file, self.run_id()])))?;
        }
        Ok(())
    }
}

/// Keeps what an entry states before it is stated anew, and returns it. What the run itself stated on its way to
/// what it states in the end was never the state of the registry, and is not kept: no head of the chain covers it.
pub(crate) fn keep_former(connection: &Connection, run: i64, entry: EntryId) -> rusqlite::Result<Statement> {
    let statement = Statement::of(connection, entry)?;
    let kept = "SELECT 1 FROM former WHERE entry_id = ?1 AND +run_id = ?2";
    if connection.prepare_cached(kept)?.exists(params![entry, run])? {
        return Ok(statement);
    }
    connection
        .prepare_cached("INSERT INTO former (entry_id, run_id, content) VALUES (?1, ?2, ?3)")?
        .execute(params![entry, run, statement.text()])?;
    if let Some(serial) = statement.column("serial") {
        connection
            .prepare_cached("INSERT OR IGNORE INTO former_serial (serial, entry_id) VALUES (?1, ?2)")?
            .execute(params![serial, entry])?;
    }
    Ok(statement)
}

/// Writes the changes of an entry into the log.
pub(crate) fn tell(
    connection: &Connection,
    (entry, run): (EntryId, i64),
    changes: &[FieldChange],
    cause: &str,
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO change (entry_id, run_id, field, before, after, cause, salt)
         VALUES (?1, ?2, ?3, nullif(?4, ''), nullif(?5, ''), ?6, ?7)",
    )?;
    for change in changes {
        let salt = Salt::draw();
        let FieldChange { field, before, after } = change;
        insert.execute(params![entry, run, field, before, after, cause, salt.as_str()])?;
    }
    Ok(())
}

/// Changes a state and writes that into the log.
pub(crate) fn set_state(
    connection: &Connection,
    run: i64,
    subject: Subject,
    after: &str,
    cause: &str,
) -> rusqlite::Result<()> {
    let id = subject.id();
    let before: String = match subject {
        Subject::Entry(_) => {
            let sql = "SELECT CASE WHEN withdrawn IS NULL THEN 'present' ELSE 'withdrawn' END FROM entry
                       WHERE entry_id = ?1";
            connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?
        }
        Subject::Amendment(_) => "in force".to_owned(),
        Subject::Reject(_) | Subject::File(_) | Subject::Run(_) => {
            let table = subject.name();
            let sql = format!("SELECT state FROM {table} WHERE {table}_id = ?1");
            connection.prepare_cached(&sql)?.query_row([id], |row| row.get(0))?
        }
    };
    match subject {
        Subject::Entry(_) => {
            let run = (after == WITHDRAWN).then_some(run);
            let sql = "UPDATE entry SET withdrawn = ?2 WHERE entry_id = ?1";
            connection.prepare_cached(sql)?.execute(params![id, run])?;
        }
        Subject::Amendment(_) => {}
        Subject::Reject(_) | Subject::File(_) | Subject::Run(_) => {
            let table = subject.name();
            let sql = format!("UPDATE {table} SET state = ?2 WHERE {table}_id = ?1");
            connection.prepare_cached(&sql)?.execute(params![id, after])?;
        }
    }
    connection
        .prepare_cached(
            "INSERT INTO state_change (run_id, subject, subject_id, before, after, cause)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![run, subject.name(), id, before, after, cause])?;
    Ok(())
}

/// Why files could not be read under a path is settled once one is.
pub(crate) fn supersede_failures(connection: &Connection, run: i64, path: &str) -> rusqlite::Result<()> {
    let open: Vec<i64> = connection
        .prepare_cached(
            "SELECT r.reject_id FROM file f JOIN reject r ON r.file_id = f.file_id
             WHERE f.state = 'failed' AND f.path = ?1 AND r.state = 'open' ORDER BY r.reject_id",
        )?
        .query_map([path], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    open.into_iter().try_for_each(|reject| {
        set_state(connection, run, Subject::Reject(reject), "superseded", "the file was read")
    })
}

/// Notes that more (or fewer) rows of a sheet are loaded than when it was published.
pub(crate) fn moved(connection: &Connection, sheet: i64, by: i64) -> rusqlite::Result<()> {
    for sql in [
        "UPDATE sheet SET moved = moved + ?2 WHERE sheet_id = ?1",
        "UPDATE file SET moved = moved + ?2 WHERE file_id = (SELECT file_id FROM sheet WHERE sheet_id = ?1)",
    ] {
        connection.prepare_cached(sql)?.execute([sheet, by])?;
    }
    Ok(())
}

pub(crate) fn sheet_of(connection: &Connection, entry: EntryId) -> rusqlite::Result<i64> {
    let sql = "SELECT sheet_id FROM entry WHERE entry_id = ?1";
    connection.prepare_cached(sql)?.query_row([entry], |row| row.get(0))
}

fn sheet_of_reject(connection: &Connection, reject: i64) -> rusqlite::Result<i64> {
    let sql = "SELECT sheet_id FROM reject WHERE reject_id = ?1";
    connection.prepare_cached(sql)?.query_row([reject], |row| row.get(0))
}

/// Writes a row that this run refuses under a sheet of an earlier one.
fn refuse_in(connection: &Connection, run: i64, sheet: i64, reject: &Reject) -> rusqlite::Result<()> {
    let sql = "SELECT file_id FROM sheet WHERE sheet_id = ?1";
    let file: i64 = connection.prepare_cached(sql)?.query_row([sheet], |row| row.get(0))?;
    // What a later run refuses is hashed with that run, from the tables.
    let mut elsewhere = FileEvidence::default();
    let reject_id = refusal::insert(connection, (file, sheet), reject, &mut elsewhere)?;
    connection
        .prepare_cached("UPDATE reject SET run_id = ?2 WHERE reject_id = ?1")?
        .execute([reject_id, run])?;
    Ok(())
}

fn insert_amendments(
    connection: &Connection,
    run: i64,
    (entry, reject): (Option<EntryId>, Option<i64>),
    amendments: &[Amendment],
) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO amendment (run_id, entry_id, reject_id, field, \"column\", before, cell, reason, salt)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for amendment in amendments {
        insert.execute(params![
            run,
            entry,
            reject,
            amendment.field.map(Field::name),
            amendment.column as u32,
            amendment.before,
            amendment.cell,
            amendment.reason,
            Salt::draw().as_str(),
        ])?;
    }
    Ok(())
}

/// Puts an entry back into a statement that it had, as a new statement of this run.
pub(crate) fn put_back(
    connection: &Connection,
    run: i64,
    entry: EntryId,
    statement: &Statement,
    cause: &str,
) -> rusqlite::Result<()> {
    let present = keep_former(connection, run, entry)?;
    statement.put(connection, entry, &present)?;
    tell(connection, (entry, run), &former::difference(&present, statement), cause)
}
