//! Decisions on pairs of entries: rows that are only ever added.

use matricule_record::{EntryId, Ruling};
use matricule_text::identity_key;
use rusqlite::{Connection, OptionalExtension, params};

use crate::former::{self, Statement};
use crate::{Load, Registry, Result, Stored};

/// What a person says of two entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They are one weapon.
    Confirmed,
    /// They are two.
    Refused,
    /// What was decided before holds no longer; nothing is decided.
    Reopened,
}

impl Verdict {
    /// The word in `decision.verdict`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Reopened => "reopened",
        }
    }
}

/// A decision to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The two entries.
    pub pair: (EntryId, EntryId),
    /// What is said of them.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub operator: String,
}

/// A decision in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    /// Its number.
    pub decision_id: i64,
    /// The run that recorded it.
    pub run_id: i64,
    /// The entry with the lower number.
    pub entry_a: EntryId,
    /// The other one.
    pub entry_b: EntryId,
    /// `confirmed` or `refused`.
    pub verdict: String,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub operator: String,
}

impl Load {
    /// Records a decision; false where it says what already holds and does not wait, and then nothing is written.
    pub fn decide(&mut self, decision: &Decision) -> Result<bool> {
        self.at(record(self.connection(), self.run_id(), decision))
    }

    /// The decisions that bind a resolution.
    pub fn rulings(&self) -> Result<Vec<Ruling>> {
        self.at(rulings(self.connection()))
    }
}

impl Stored<'_> {
    /// The decisions that bind a resolution.
    pub fn rulings(&self) -> Result<Vec<Ruling>> {
        self.at(rulings(self.connection()))
    }
}

impl Registry {
    /// The decisions that bind a resolution.
    pub fn rulings(&self) -> Result<Vec<Ruling>> {
        self.at(rulings(self.connection()))
    }

    /// The decision in force on a pair.
    pub fn decision(&self, a: EntryId, b: EntryId) -> Result<Option<InForce>> {
        self.at(in_force(self.connection(), a.min(b), a.max(b)))
    }
}

/// The last decision on each pair, of those whose runs are not undone: an undo of one in the midst brings back nothing.
pub(crate) const IN_FORCE: &str =
    "SELECT decision_id, run_id, entry_a, entry_b, verdict, reason, operator FROM decision d
    WHERE NOT EXISTS (SELECT 1 FROM decision l JOIN run u ON u.run_id = l.run_id
            WHERE l.entry_a = d.entry_a AND l.entry_b = d.entry_b AND l.decision_id > d.decision_id
                AND u.state <> 'undone')
        AND EXISTS (SELECT 1 FROM run r WHERE r.run_id = d.run_id AND r.state <> 'undone')";

pub(crate) fn rulings(connection: &Connection) -> rusqlite::Result<Vec<Ruling>> {
    let sql = format!("{IN_FORCE} AND verdict <> 'reopened' ORDER BY entry_a, entry_b");
    let ruling = |row: &rusqlite::Row<'_>| {
        let is_one = row.get_ref(4)?.as_str()? == Verdict::Confirmed.name();
        let (run, a, b) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let on_hold = is_on_hold(connection, run, (a, b))?;
        Ok(Ruling { a, b, is_one, on_hold })
    };
    connection.prepare(&sql)?.query_map([], ruling)?.collect()
}

/// How many decisions on two present entries wait: one of the two names another weapon now.
pub(crate) fn waiting(connection: &Connection) -> rusqlite::Result<u64> {
    let sql = "SELECT count(*) FROM v_entry WHERE entry_id IN (?1, ?2)";
    let mut waiting = 0;
    for ruling in rulings(connection)?.iter().filter(|ruling| ruling.on_hold) {
        let present: i64 =
            connection.prepare_cached(sql)?.query_row([ruling.a, ruling.b], |row| row.get(0))?;
        waiting += u64::from(present == 2);
    }
    Ok(waiting)
}

/// What says which weapon an entry is of. A decision binds what was decided: entries of just these.
const IDENTITY: [&str; 8] = [
    "serial_canonical",
    "make",
    "country_of_manufacture",
    "series_mark",
    "component",
    "model",
    "type",
    "calibre",
];

/// Whether a decision of a run waits: one of its entries names another weapon now.
pub(crate) fn is_on_hold(
    connection: &Connection,
    run: i64,
    (a, b): (EntryId, EntryId),
) -> rusqlite::Result<bool> {
    Ok(names_another(connection, run, a)? || names_another(connection, run, b)?)
}

/// Whether an entry names another weapon now than after a run: something else where both say something.
fn names_another(connection: &Connection, run: i64, entry: EntryId) -> rusqlite::Result<bool> {
    let Some(then) = former::first_after(connection, run, entry)? else { return Ok(false) };
    let now = Statement::of(connection, entry)?;
    let key =
        |statement: &Statement, name: &str| statement.column(name).map(identity_key).unwrap_or_default();
    let differs = |name: &str| {
        let (then, now) = (key(&then, name), key(&now, name));
        then != now && (name == "serial_canonical" || !then.is_empty() && !now.is_empty())
    };
    Ok(IDENTITY.into_iter().any(differs))
}

fn in_force(connection: &Connection, a: EntryId, b: EntryId) -> rusqlite::Result<Option<InForce>> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok(InForce {
            decision_id: row.get(0)?,
            run_id: row.get(1)?,
            entry_a: row.get(2)?,
            entry_b: row.get(3)?,
            verdict: row.get(4)?,
            reason: row.get(5)?,
            operator: row.get(6)?,
        })
    };
    let sql = format!("{IN_FORCE} AND entry_a = ?1 AND entry_b = ?2");
    connection.prepare_cached(&sql)?.query_row([a, b], read).optional()
}

fn record(connection: &Connection, run_id: i64, decision: &Decision) -> rusqlite::Result<bool> {
    let (a, b) = (decision.pair.0.min(decision.pair.1), decision.pair.0.max(decision.pair.1));
    let before = in_force(connection, a, b)?;
    let reopened = Verdict::Reopened.name();
    let holds = before.as_ref().map_or(reopened, |before| before.verdict.as_str());
    // One that waits says nothing of what the entries name now: the same verdict is another decision.
    let waits = match &before {
        Some(before) if holds != reopened => is_on_hold(connection, before.run_id, (a, b))?,
        _ => false,
    };
    if holds == decision.verdict.name() && !waits {
        return Ok(false);
    }
    connection
        .prepare_cached(
            "INSERT INTO decision (run_id, entry_a, entry_b, verdict, reason, operator, supersedes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            run_id,
            a,
            b,
            decision.verdict.name(),
            decision.reason,
            decision.operator,
            before.map(|before| before.decision_id),
        ])?;
    Ok(true)
}
