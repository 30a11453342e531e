//! Where a load stands: between files, in a file, or in one of its sheets; and what it counted there.

use std::collections::BTreeMap;
use std::sync::Arc;

use matricule_record::{FileFacts, Ledger, SheetFacts, SkipClass};
use rusqlite::{Connection, params};
use serde_json::Value;

use crate::evidence::FileEvidence;
use crate::renewal::Renewal;
use crate::totals::RowCounts;
use crate::{Error, Result, json, manifest};

/// Rows that are no record, by class.
pub(crate) type Skipped = BTreeMap<SkipClass, u64>;

/// What is open.
#[derive(Debug)]
pub(crate) enum Place {
    /// Between files.
    Between,
    /// A file, between its sheets.
    File(OpenFile),
    /// A sheet of a file.
    Sheet(OpenFile, OpenSheet),
}

/// A file being loaded.
#[derive(Debug)]
pub(crate) struct OpenFile {
    pub(crate) file_id: i64,
    pub(crate) path: String,
    pub(crate) evidence: FileEvidence,
    /// The version before, where the ledger is sent again.
    pub(crate) renewal: Option<Renewal>,
    /// Rows read of each sheet.
    pub(crate) rows: BTreeMap<String, u64>,
    counts: RowCounts,
    skipped: Skipped,
}

/// A sheet being loaded.
#[derive(Debug)]
pub(crate) struct OpenSheet {
    pub(crate) sheet_id: i64,
    /// The table that the last row was read by.
    ledger: Arc<Ledger>,
    /// Entries written so far.
    pub(crate) loaded: u64,
    /// Rejects written so far.
    pub(crate) rejected: u64,
}

impl Place {
    /// The open sheet and its file.
    pub(crate) fn sheet(&mut self, call: &'static str) -> Result<(&mut OpenFile, &mut OpenSheet)> {
        match self {
            Self::Sheet(file, sheet) => Ok((file, sheet)),
            other => Err(other.out_of_order(call)),
        }
    }

    /// The fault of a call that does not fit here.
    pub(crate) fn out_of_order(&self, call: &'static str) -> Error {
        let state = match self {
            Self::Between => "no file is open",
            Self::File(_) => "no sheet is open",
            Self::Sheet(..) => "a sheet is open",
        };
        Error::OutOfOrder { call, state }
    }
}

impl OpenFile {
    /// Records a file that is about to be read.
    pub(crate) fn start(connection: &Connection, run_id: i64, facts: &FileFacts) -> rusqlite::Result<Self> {
        let file_id = insert_file(connection, run_id, facts, "current")?;
        let path = facts.path.to_string();
        Ok(Self {
            file_id,
            path,
            evidence: FileEvidence::default(),
            renewal: None,
            rows: BTreeMap::new(),
            counts: RowCounts::default(),
            skipped: Skipped::new(),
        })
    }

    /// Adds a finished sheet, after proving that its rows add up.
    pub(crate) fn add(&mut self, sheet: &OpenSheet, facts: &SheetFacts) -> Result<()> {
        let written = (sheet.loaded, sheet.rejected);
        if !facts.is_conserved() || written != (facts.rows_loaded, facts.rows_rejected) {
            return Err(Error::Unbalanced {
                place: format!("{}!{}", self.path, facts.sheet),
                message: format!(
                    "{} rows read, {} loaded ({} written), {} rejected ({} written), {} skipped",
                    facts.rows_read,
                    facts.rows_loaded,
                    written.0,
                    facts.rows_rejected,
                    written.1,
                    facts.rows_skipped(),
                ),
            });
        }
        self.counts.add(&RowCounts::of(facts));
        self.rows.insert(facts.sheet.to_string(), facts.rows_read);
        for (class, count) in &facts.skipped {
            *self.skipped.entry(*class).or_default() += count;
        }
        Ok(())
    }

    /// Records the sums of the file's sheets.
    pub(crate) fn finish(&self, connection: &Connection) -> rusqlite::Result<()> {
        set_counts(connection, "file", self.file_id, &self.counts, &self.skipped)
    }
}

/// Whether the columns of two tables are read alike. What else is known of a column is told with the sheet.
fn is_one_table(a: &Ledger, b: &Ledger) -> bool {
    let reading = |ledger: &Ledger| -> Vec<_> {
        ledger.columns.iter().map(|c| (c.header.clone(), c.field, c.part, c.date_order.clone())).collect()
    };
    reading(a) == reading(b)
}

impl OpenSheet {
    /// Records a sheet that is about to be read.
    pub(crate) fn start(
        connection: &Connection,
        file_id: i64,
        ledger: &Arc<Ledger>,
    ) -> rusqlite::Result<Self> {
        connection
            .prepare_cached("INSERT INTO sheet (file_id, sheet, columns, settings) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![
                file_id,
                &*ledger.sheet,
                json::columns(&ledger.columns),
                json::settings(&ledger.settings),
            ])?;
        let sheet_id = connection.last_insert_rowid();
        Ok(Self { sheet_id, ledger: Arc::clone(ledger), loaded: 0, rejected: 0 })
    }

    /// Notes the table that a row is read by: a sheet may hold several, one below the other.
    pub(crate) fn read_by(
        &mut self,
        connection: &Connection,
        ledger: &Arc<Ledger>,
        row: u32,
    ) -> rusqlite::Result<()> {
        if Arc::ptr_eq(&self.ledger, ledger) {
            return Ok(());
        }
        if !is_one_table(&self.ledger, ledger) {
            connection
                .prepare_cached("INSERT INTO sheet_table (sheet_id, row, columns) VALUES (?1, ?2, ?3)")?
                .execute(params![self.sheet_id, row, json::columns(&ledger.columns)])?;
        }
        self.ledger = Arc::clone(ledger);
        Ok(())
    }

    /// Records what became of its rows.
    pub(crate) fn finish(&self, connection: &Connection, facts: &SheetFacts) -> rusqlite::Result<()> {
        set_counts(connection, "sheet", self.sheet_id, &RowCounts::of(facts), &facts.skipped)
    }
}

/// Records a file in a state and returns its number.
pub(crate) fn insert_file(
    connection: &Connection,
    run_id: i64,
    facts: &FileFacts,
    state: &str,
) -> rusqlite::Result<i64> {
    let profile =
        facts.profile.as_deref().map(|text| manifest::store_profile(connection, text)).transpose()?;
    connection
        .prepare_cached(
            "INSERT INTO file (run_id, path, sha256, bytes, format, encoding, dialect, language, reading,
                register, profile, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            run_id,
            &*facts.path,
            facts.sha256.as_str(),
            facts.bytes.cast_signed(),
            facts.format.as_str(),
            facts.encoding.as_deref(),
            facts.dialect.as_deref(),
            facts.language.as_deref(),
            facts.reading.name(),
            facts.register.as_deref(),
            profile,
            state,
        ])?;
    Ok(connection.last_insert_rowid())
}

fn set_counts(
    connection: &Connection,
    table: &str,
    id: i64,
    counts: &RowCounts,
    skipped: &Skipped,
) -> rusqlite::Result<()> {
    let skipped: Value = skipped.iter().map(|(class, count)| (class.name(), *count)).collect();
    connection
        .prepare_cached(&format!(
            "UPDATE {table} SET rows_read = ?2, rows_loaded = ?3, rows_rejected = ?4, rows_skipped = ?5,
                skipped = ?6 WHERE {table}_id = ?1"
        ))?
        .execute(params![
            id,
            counts.read.cast_signed(),
            counts.loaded.cast_signed(),
            counts.rejected.cast_signed(),
            counts.skipped.cast_signed(),
            skipped.to_string(),
        ])?;
    Ok(())
}
