//! What a registry keeps and gives back: a mapping file, a refused row, a pair, a contradiction.

use std::sync::Arc;

use crate::{Column, Field, Finding, RejectedRow, Text};

/// A mapping file by digest, with all that is needed to replay a conversion years later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredMapping {
    /// `script`, `vocabulary` or `headers`; `v_run.tables` lists those of kind `script`.
    pub kind: &'static str,
    /// Its name within the kind, for instance `cyrl-rus-icao9303`.
    pub id: String,
    /// Its identity: SHA-256 in hexadecimal. Content of a digest already stored is not stored again.
    pub digest: String,
    /// The rows of all its layers.
    pub content: String,
}

/// What the refused rows of one table of a ledger share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RefusedTable {
    /// SHA-256 of the bytes of its file, hexadecimal; empty where they could not be read.
    pub sha256: Text,
    /// Its columns, first one first.
    pub columns: Vec<Column>,
    /// Language of the ledger, where it was decided.
    pub language: Option<Text>,
    /// Register of the ledger.
    pub register: Option<Text>,
}

/// A refused row, or file, as a registry keeps it, with what its repair needs.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredReject {
    /// Its number in the registry.
    pub reject_id: i64,
    /// `open`, `corrected`, `waived` or `superseded`.
    pub state: Text,
    /// Its table; shared by the rows of one.
    pub table: Arc<RefusedTable>,
    /// SHA-256 of its cells, hexadecimal: a correction that is made for other cells is told by it.
    pub digest: String,
    /// The row with its findings.
    pub row: RejectedRow,
}

impl StoredReject {
    /// Whether a finding is on that column.
    pub fn is_offending(&self, column: usize) -> bool {
        is_offending(&self.row.findings, column)
    }

    /// The field of a column.
    pub fn field(&self, column: usize) -> Option<Field> {
        self.table.columns.get(column).and_then(|column| column.field)
    }

    /// Whether a reader who may not see personal data has to be spared a cell: its column holds them, by its
    /// field or its header, and nothing is wrong with it.
    pub fn is_masked(&self, column: usize) -> bool {
        is_masked(&self.table.columns, &self.row.findings, column)
    }
}

fn is_offending(findings: &[Finding], column: usize) -> bool {
    findings.iter().any(|finding| finding.column == Some(column))
}

/// [`StoredReject::is_masked`], by the columns of the row and what was found wrong with it.
pub fn is_masked(columns: &[Column], findings: &[Finding], column: usize) -> bool {
    columns.get(column).is_some_and(Column::holds_personal_data) && !is_offending(findings, column)
}

/// Two entries that may be one weapon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedPair {
    /// Address of the first.
    pub entry_a: String,
    /// Its serial as written.
    pub serial_a: String,
    /// Address of the second.
    pub entry_b: String,
    /// Its serial as written.
    pub serial_b: String,
    /// As in `v_duplicate`.
    pub kind: String,
    /// `merged`, `review`, `confirmed` or `refused`.
    pub state: String,
    /// What speaks for it, joined by `; `.
    pub reasons: String,
}

/// A field in which two entries of one weapon contradict each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedConflict {
    /// Address of the first.
    pub entry_a: String,
    /// Address of the second.
    pub entry_b: String,
    /// The field.
    pub field: String,
    /// What the first says.
    pub value_a: String,
    /// What the second says.
    pub value_b: String,
}
