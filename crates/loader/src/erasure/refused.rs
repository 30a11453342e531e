//! A refused row of which something is erased.

use rusqlite::{Connection, params};

use super::{ERASED, LedgerPlace, blanked, uncarried};
use crate::damage::Damage;
use crate::evidence::{self, finding_texts};
use crate::seal::{Seal, refusal_texts};

/// A refused row with all that it says.
#[derive(Clone, PartialEq)]
pub(super) struct RefusedRow {
    pub place: LedgerPlace,
    cells: Option<String>,
    carried: Option<String>,
    salt: Option<String>,
    pub erased: Option<String>,
    /// In the order of [`finding_texts`].
    findings: Vec<[String; 7]>,
}

impl RefusedRow {
    pub fn read(connection: &Connection, reject: i64) -> rusqlite::Result<Self> {
        let sql = "SELECT sheet_id, row, cells, carried, salt, erased FROM reject WHERE reject_id = ?1";
        let findings = evidence::findings_of(connection, reject)?;
        connection.prepare_cached(sql)?.query_row([reject], |row| {
            Ok(Self {
                place: (row.get(0)?, row.get(1)?),
                cells: row.get(2)?,
                carried: row.get(3)?,
                salt: row.get(4)?,
                erased: row.get(5)?,
                findings,
            })
        })
    }

    pub fn seal(&self) -> Seal<'_> {
        Seal::of(self.salt.as_deref(), self.erased.as_deref())
    }

    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let texts = self
            .findings
            .iter()
            .flat_map(|found| finding_texts(std::array::from_fn(|at| found[at].as_str())));
        refusal_texts(self.cells.as_deref(), self.carried.as_deref(), texts)
    }

    /// The names of the fields that its findings are about.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.findings.iter().map(|[_, field, ..]| field.as_str()).filter(|field| !field.is_empty())
    }

    /// The row without the cells of some columns and what findings say of them.
    pub fn without(&self, columns: &[usize], names: &dyn Fn(&[String; 7]) -> bool) -> Result<Self, Damage> {
        let mut left = self.clone();
        left.cells = self.cells.as_deref().map(|cells| blanked(cells, columns)).transpose()?;
        left.carried = self.carried.as_deref().map(|carried| uncarried(carried, columns)).transpose()?;
        left.carried = left.carried.filter(|carried| !carried.is_empty());
        for finding in left.findings.iter_mut().filter(|finding| names(finding)) {
            let [.., original, message, suggestion] = finding;
            (*original, *suggestion) = (String::new(), String::new());
            ERASED.clone_into(message);
        }
        Ok(left)
    }

    /// Writes what is left of it.
    pub fn put(&self, connection: &Connection, reject: i64, kept: &str) -> rusqlite::Result<()> {
        let sql = "UPDATE reject SET cells = ?2, carried = ?3, salt = NULL, erased = ?4 WHERE reject_id = ?1";
        connection.prepare_cached(sql)?.execute(params![reject, self.cells, self.carried, kept])?;
        let sql = "UPDATE finding SET original = ?3, message = ?4, suggestion = ?5
                   WHERE reject_id = ?1 AND finding = ?2";
        for (at, [.., original, message, suggestion]) in (1..).zip(&self.findings) {
            let values = params![reject, at, original, message, suggestion];
            connection.prepare_cached(sql)?.execute(values)?;
        }
        Ok(())
    }
}
