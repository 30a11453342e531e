//! A first build in parts, so that one that was killed can be gone on with.
//!
//! At the end of a ledger, the partial file is committed with what its run had counted until then. No
//! reader sees it before it is published, as ever; but whoever starts the same build again may go on after the
//! last part that was committed. The file is named by what it is built from, so that nothing else is gone on with.

use std::io::ErrorKind;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use crate::live::{Live, open};
use crate::load::Target;
use crate::partial::Partial;
use crate::place::Place;
use crate::{Error, Load, Manifest, Result, access, evidence};

impl Load {
    /// Starts a run as [`Load::begin`] does. Where it is a first build, it can be committed in parts, under the
    /// number that stands for all it is built from; with `resume` it goes on after the last part that a killed build
    /// of that number committed, where there is one.
    ///
    /// Fails with L701 where the same build is being made.
    pub fn begin_in_parts(
        path: impl AsRef<Path>,
        manifest: &Manifest,
        inputs: u64,
        resume: bool,
    ) -> Result<Self> {
        let path = path.as_ref();
        let at = |error: std::io::Error| match error.kind() {
            ErrorKind::WouldBlock => Error::Locked { path: path.to_owned() },
            _ => Error::io(path, &error),
        };
        access::require_file(path)?;
        if path.try_exists().map_err(at)? {
            return Self::begin(path, manifest);
        }
        let left = if resume { Partial::left_behind(path, inputs).map_err(at)? } else { None };
        if let Some(partial) = left {
            let unread = |error| Error::sqlite(partial.path(), error);
            let connection = Live(open(partial.path()).map_err(unread)?);
            if has_part(&connection).map_err(unread)? {
                return Self::go_on(path, connection, partial, manifest);
            }
            drop(connection);
            partial.discard();
        }
        Self::first_build(path, Partial::create_named(path, inputs).map_err(at)?, manifest)
    }

    fn go_on(path: &Path, connection: Live, partial: Partial, manifest: &Manifest) -> Result<Self> {
        let at = |error| Error::sqlite(path, error);
        connection.execute_batch("BEGIN EXCLUSIVE").map_err(at)?;
        let ask = |sql| connection.query_row(sql, [], |row| row.get(0)).map_err(at);
        let run_id = ask("SELECT run_id FROM run WHERE state = 'loading'")?;
        name_again(&connection, manifest).map_err(at)?;
        let next_entry = ask("SELECT coalesce(max(entry_id), 0) + 1 FROM entry")?;
        let evidence = evidence::of_tables(&connection).map_err(at)?;
        let target = Target::Partial(partial);
        let mut load = Self::started((path, connection, target), run_id, 1);
        (load.next_entry, load.evidence) = (next_entry, evidence);
        Ok(load)
    }

    /// Whether the registry is made by this run.
    pub fn is_first_build(&self) -> bool {
        matches!(self.target, Target::Partial(_))
    }

    /// What [`Load::commit_part`] was given last, by this process or the one that it goes on after.
    pub fn progress(&self) -> Result<Option<String>> {
        let connection = &self.connection;
        let progress = has_part(connection).and_then(|has_part| {
            let ask = || connection.query_row("SELECT progress FROM part", [], |row| row.get(0)).optional();
            if has_part { ask() } else { Ok(None) }
        });
        self.at(progress)
    }

    /// Commits what a first build wrote so far, with what its caller needs to go on. An existing registry is
    /// left as it is: there a run is one transaction, because readers would see its parts.
    pub fn commit_part(&mut self, progress: &str) -> Result<()> {
        let Place::Between = self.place else { return Err(self.place.out_of_order("commit a part")) };
        let Target::Partial(partial) = &mut self.target else { return Ok(()) };
        let written = self
            .connection
            .execute_batch(
                "CREATE TABLE IF NOT EXISTS part (progress TEXT NOT NULL) STRICT; DELETE FROM part",
            )
            .and_then(|()| self.connection.execute("INSERT INTO part VALUES (?1)", [progress]))
            .and_then(|_| self.connection.execute_batch("COMMIT; BEGIN EXCLUSIVE"));
        written.map_err(|error| Error::sqlite(&self.path, error))?;
        partial.keep();
        Ok(())
    }

    /// Whether a part was committed: then it stays when the run ends without being published.
    pub fn keeps_parts(&self) -> bool {
        matches!(&self.target, Target::Partial(partial) if partial.is_kept())
    }
}

/// Names who went on with the run, and by which command, beside who began it.
fn name_again(connection: &Connection, manifest: &Manifest) -> rusqlite::Result<()> {
    let sql = "UPDATE run SET command = command || '; ' || ?1,
        operator = CASE WHEN operator = ?2 THEN operator ELSE nullif(concat_ws(', ', operator, ?2), '') END
        WHERE state = 'loading'";
    connection.execute(sql, (&manifest.command, &manifest.operator)).map(|_| ())
}

/// Whether the file holds a part of a build.
pub(crate) fn has_part(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) > 0 FROM sqlite_master WHERE name = 'part'", [], |row| row.get(0))
}

/// Removes what only a build in parts needs.
pub(crate) fn forget(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("DROP TABLE IF EXISTS part")
}
