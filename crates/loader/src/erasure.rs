//! Erasure by law: what names a person in rows of ledgers is removed wherever the registry keeps it, and the chain of
//! evidence stands, because of what was removed the digest is kept ([`crate::seal`]).

mod refused;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use matricule_record::{CellKind, Cells, EntryId, Field, Ledger, Source, message};
use rusqlite::{Connection, Row, params};

use self::refused::RefusedRow;
use crate::damage::{self, Damage, Kept as _, Owner};
use crate::evidence::{Hash, SEALED_AMENDMENT, SEALED_CHANGE, hexadecimal};
use crate::former::Statement;
use crate::load::Load;
use crate::seal::{self, of_personal};
use crate::stored::{Ledgers, StoredId};
use crate::{Error, Result, json};

/// A row of a ledger: the number of its sheet, and its own.
pub type LedgerPlace = (i64, u32);

/// What names a person.
pub struct Personal<'a> {
    /// Fields.
    pub fields: &'a [Field],
    /// Columns of a ledger, from 0, whatever their field.
    pub columns: &'a dyn Fn(&Ledger) -> Vec<usize>,
}

/// What was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Entries that state less now, or stated more before.
    pub entries: BTreeSet<EntryId>,
    /// Statements of entries: those of now, and former ones.
    pub statements: u64,
    /// Refused rows.
    pub rejects: u64,
    /// Rows that are no record.
    pub skipped: u64,
    /// Changes and amendments in the log.
    pub log: u64,
}

impl Erased {
    /// Whether there was nothing to erase.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Load {
    /// The rows of ledgers that entries and refused rows are of, or were of in earlier versions.
    pub fn places_of(&self, ids: &[StoredId]) -> Result<BTreeSet<LedgerPlace>> {
        self.at(places_of(self.connection(), ids))
    }

    /// The rows of ledgers in which a text that `is_named` recognises stands among what names persons, now or in a
    /// former statement. All rows are read.
    pub fn places_naming(
        &self,
        personal: &Personal<'_>,
        is_named: &dyn Fn(&str) -> bool,
    ) -> Result<BTreeSet<LedgerPlace>> {
        self.at(places_naming(self.connection(), personal, is_named))
    }

    /// How a message names a row of a ledger.
    pub fn address(&self, (sheet, row): LedgerPlace) -> Result<String> {
        let ledger = Ledgers::default().of(self.connection(), sheet, row);
        Ok(Source { ledger: self.at(ledger)?, row }.to_string())
    }

    /// Erases what names a person in rows of ledgers, in whatever the registry made of them. It cannot be undone.
    ///
    /// Fails with L709 where a row is of an older version, whose evidence cannot outlive it.
    pub fn erase(
        &mut self,
        places: &BTreeSet<LedgerPlace>,
        personal: &Personal<'_>,
        reason: &str,
    ) -> Result<Erased> {
        let run = self.run_id();
        let mut erasing = Erasing {
            connection: self.connection(),
            run,
            personal,
            reason,
            ledgers: Ledgers::default(),
            erased: Erased::default(),
            is_sealed: true,
        };
        self.at(erasing.erase(places))?;
        if !erasing.is_sealed {
            return Err(Error::Unsealed { path: self.path.clone() });
        }
        Ok(erasing.erased)
    }
}

fn places_of(connection: &Connection, ids: &[StoredId]) -> rusqlite::Result<BTreeSet<LedgerPlace>> {
    let place = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let mut places = BTreeSet::new();
    for id in ids {
        let (number, queries): (i64, &[&str]) = match id {
            StoredId::Entry(entry) => (
                *entry,
                &[
                    "SELECT sheet_id, row FROM entry WHERE entry_id = ?1",
                    "SELECT content ->> 'sheet_id', content ->> 'row' FROM former WHERE entry_id = ?1",
                ],
            ),
            StoredId::Reject(reject) => {
                (*reject, &["SELECT sheet_id, row FROM reject WHERE reject_id = ?1 AND row IS NOT NULL"])
            }
        };
        for sql in queries {
            let mut query = connection.prepare_cached(sql)?;
            let found = query.query_map([number], place)?.collect::<rusqlite::Result<Vec<LedgerPlace>>>()?;
            places.extend(found);
        }
    }
    Ok(places)
}

fn places_naming(
    connection: &Connection,
    personal: &Personal<'_>,
    is_named: &dyn Fn(&str) -> bool,
) -> rusqlite::Result<BTreeSet<LedgerPlace>> {
    let mut ledgers = Ledgers::default();
    let mut places = BTreeSet::new();
    let fields: Vec<String> = personal.fields.iter().map(|field| format!("\"{field}\"")).collect();
    let of_entries = format!("SELECT sheet_id, row, cells, {} FROM entry", fields.join(", "));
    for sql in [
        of_entries.as_str(),
        "SELECT sheet_id, row, cells FROM reject WHERE row IS NOT NULL",
        "SELECT sheet_id, row, cells FROM skipped_row",
    ] {
        let mut query = connection.prepare(sql)?;
        let columns = query.column_count();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let place: LedgerPlace = (row.get(0)?, row.get(1)?);
            let mut names = false;
            for at in 3..columns {
                names = names || row.get_ref(at)?.as_str_or_null()?.is_some_and(is_named);
            }
            if !names {
                let ledger = ledgers.of(connection, place.0, place.1)?;
                let cells = row.get_ref(2)?.as_str_or_null()?.map(json::cells_of).transpose();
                let cells = cells.of(connection, Owner::Row(place.0, place.1))?.unwrap_or_default();
                names = (personal.columns)(&ledger).iter().any(|column| is_named(cells.get(*column).text));
            }
            if names {
                places.insert(place);
            }
        }
    }
    let mut formers = connection.prepare("SELECT content, entry_id FROM former")?;
    let mut rows = formers.query([])?;
    while let Some(row) = rows.next()? {
        let owner = Owner::Entry(row.get(1)?);
        let statement = Statement::read(row.get_ref(0)?.as_str()?).of(connection, owner)?;
        let place = place_of(&statement).of(connection, owner)?;
        let states = personal.fields.iter().any(|field| statement.column(field.name()).is_some_and(is_named));
        let cells = json::cells_of(statement.column("cells").unwrap_or_default()).of(connection, owner)?;
        let ledger = ledgers.of(connection, place.0, place.1)?;
        if states || (personal.columns)(&ledger).iter().any(|column| is_named(cells.get(*column).text)) {
            places.insert(place);
        }
    }
    Ok(places)
}

/// The row that a statement is of.
fn place_of(statement: &Statement) -> std::result::Result<LedgerPlace, Damage> {
    let row = statement.number("row").and_then(|row| u32::try_from(row).ok());
    statement.number("sheet_id").zip(row).ok_or_else(|| Damage::new("content", message!("damaged-place")))
}

/// An erasure that is being done.
struct Erasing<'a> {
    connection: &'a Connection,
    run: i64,
    personal: &'a Personal<'a>,
    reason: &'a str,
    ledgers: Ledgers,
    erased: Erased,
    /// Whether all that was met could be erased.
    is_sealed: bool,
}

impl Erasing<'_> {
    fn erase(&mut self, places: &BTreeSet<LedgerPlace>) -> rusqlite::Result<()> {
        // What is removed is overwritten, too.
        self.connection.execute_batch(
            "PRAGMA secure_delete = ON;
             CREATE TEMP TABLE erasing (sheet_id INTEGER, row INTEGER, PRIMARY KEY (sheet_id, row)) WITHOUT ROWID",
        )?;
        for (sheet, row) in places {
            let sql = "INSERT INTO temp.erasing VALUES (?1, ?2)";
            self.connection.prepare_cached(sql)?.execute(params![sheet, row])?;
        }
        let of_places = |sql: &str| -> rusqlite::Result<Vec<i64>> {
            self.connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
        };
        let entries = of_places(
            "SELECT e.entry_id FROM entry e JOIN temp.erasing p ON p.sheet_id = e.sheet_id AND p.row = e.row
             UNION SELECT f.entry_id FROM former f JOIN temp.erasing p
                ON p.sheet_id = f.content ->> 'sheet_id' AND p.row = f.content ->> 'row' ORDER BY 1",
        )?;
        let rejects = of_places(
            "SELECT r.reject_id FROM reject r JOIN temp.erasing p ON p.sheet_id = r.sheet_id AND p.row = r.row
             ORDER BY 1",
        )?;
        let skipped = of_places(
            "SELECT k.skipped_id FROM skipped_row k JOIN temp.erasing p ON p.sheet_id = k.sheet_id AND p.row = k.row
             ORDER BY 1",
        )?;
        self.connection.execute_batch("DROP TABLE temp.erasing")?;
        entries.into_iter().try_for_each(|entry| self.erase_entry(entry))?;
        rejects.into_iter().try_for_each(|reject| self.erase_reject(reject))?;
        skipped.into_iter().try_for_each(|skipped| self.erase_skipped(skipped))
    }

    /// The table that a row was read by, and its columns that name a person.
    fn columns(&mut self, (sheet, row): LedgerPlace) -> rusqlite::Result<(Arc<Ledger>, Vec<usize>)> {
        let ledger = self.ledgers.of(self.connection, sheet, row)?;
        let columns = (self.personal.columns)(&ledger);
        Ok((ledger, columns))
    }

    fn erase_entry(&mut self, entry: EntryId) -> rusqlite::Result<()> {
        let present = Statement::of(self.connection, entry)?;
        let owner = Owner::Entry(entry);
        if let Some(without) = self.without(&present, owner)? {
            without.put(self.connection, entry, &present)?;
            self.record_statement(entry, &without)?;
        }
        let formers: Vec<(i64, String)> = self
            .connection
            .prepare_cached("SELECT former_id, content FROM former WHERE entry_id = ?1 ORDER BY former_id")?
            .query_map([entry], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        for (former, content) in formers {
            let statement = Statement::read(&content).of(self.connection, owner)?;
            if let Some(without) = self.without(&statement, owner)? {
                let sql = "UPDATE former SET content = ?2 WHERE former_id = ?1";
                self.connection.prepare_cached(sql)?.execute(params![former, without.text()])?;
                self.record_statement(entry, &without)?;
            }
        }
        let fields: Vec<&str> = self.personal.fields.iter().map(|field| field.name()).collect();
        let is_erased = |field: &str| fields.contains(&field) || Statement::AS_WRITTEN.contains(&field);
        self.erase_log(
            ("change", &SEALED_CHANGE, "before = NULL, after = NULL"),
            "entry_id",
            entry,
            |row| Ok(is_erased(row.get_ref("field")?.as_str()?)),
        )?;
        let (_, columns) = self.columns(place_of(&present).of(self.connection, owner)?)?;
        self.erase_amendments(("entry_id", entry), owner, &columns)
    }

    fn erase_amendments(
        &mut self,
        (key, id): (&str, i64),
        owner: Owner,
        columns: &[usize],
    ) -> rusqlite::Result<()> {
        let (fields, connection) = (self.personal.fields, self.connection);
        self.erase_log(("amendment", &SEALED_AMENDMENT, "before = '', cell = ''"), key, id, |row| {
            let column = row.get::<_, u32>("column")? as usize;
            let field = damage::field(row.get_ref("field")?.as_str_or_null()?).of(connection, owner)?;
            Ok(field.map_or_else(|| columns.contains(&column), |field| fields.contains(&field)))
        })
    }

    /// Erases what rows of the log about an entry or a refused row say of persons.
    fn erase_log(
        &mut self,
        (table, sealed, set): (&str, &[&str], &str),
        key: &str,
        id: i64,
        is_erased: impl Fn(&Row<'_>) -> rusqlite::Result<bool>,
    ) -> rusqlite::Result<()> {
        let sql = format!("SELECT * FROM {table} WHERE {key} = ?1 ORDER BY {table}_id");
        let mut query = self.connection.prepare(&sql)?;
        let mut rows = query.query([id])?;
        while let Some(row) = rows.next()? {
            if !is_erased(row)? || seal::texts(row, sealed)?.iter().all(|(_, text)| text.is_empty()) {
                continue;
            }
            let number: i64 = row.get(format!("{table}_id").as_str())?;
            let Some(kept) = self.kept(seal::of_row(row, sealed)?) else { continue };
            let sql = format!("UPDATE {table} SET {set}, salt = NULL, erased = ?2 WHERE {table}_id = ?1");
            self.connection.prepare_cached(&sql)?.execute(params![number, kept])?;
            let left = format!("SELECT * FROM {table} WHERE {table}_id = ?1");
            let left =
                self.connection.prepare_cached(&left)?.query_row([number], |row| left_of(row, sealed))?;
            self.record(None, &kept, &left)?;
            self.erased.log += 1;
        }
        Ok(())
    }

    fn erase_reject(&mut self, reject: i64) -> rusqlite::Result<()> {
        let row = RefusedRow::read(self.connection, reject)?;
        let (_, columns) = self.columns(row.place)?;
        row.fields()
            .try_for_each(|name| damage::field(Some(name)).map(drop))
            .of(self.connection, Owner::Reject(reject))?;
        let fields: Vec<&str> = self.personal.fields.iter().map(|field| field.name()).collect();
        let names = |finding: &[String; 7]| {
            let column = finding[2].parse().ok();
            fields.contains(&finding[1].as_str()) || column.is_some_and(|column| columns.contains(&column))
        };
        let without = row.without(&columns, &names).of(self.connection, Owner::Reject(reject))?;
        if without != row {
            let Some(kept) = self.kept(row.seal().hash(row.texts())) else { return Ok(()) };
            without.put(self.connection, reject, &kept)?;
            self.record(None, &kept, &of_personal("", without.texts()))?;
            self.erased.rejects += 1;
        }
        self.erase_amendments(("reject_id", reject), Owner::Reject(reject), &columns)
    }

    fn erase_skipped(&mut self, skipped: i64) -> rusqlite::Result<()> {
        let sql = "SELECT sheet_id, row, cells, salt, erased FROM skipped_row WHERE skipped_id = ?1";
        let read =
            |row: &Row<'_>| Ok(((row.get(0)?, row.get(1)?), row.get(2)?, seal::of_row(row, &["cells"])?));
        let (place, cells, personal): (LedgerPlace, String, _) =
            self.connection.prepare_cached(sql)?.query_row([skipped], read)?;
        let without = blanked(&cells, &self.columns(place)?.1);
        let without = without.of(self.connection, Owner::Skipped(skipped))?;
        if without == cells {
            return Ok(());
        }
        let Some(kept) = self.kept(personal) else { return Ok(()) };
        let sql = "UPDATE skipped_row SET cells = ?2, salt = NULL, erased = ?3 WHERE skipped_id = ?1";
        self.connection.prepare_cached(sql)?.execute(params![skipped, without, kept])?;
        self.record(None, &kept, &of_personal("", [("cells", without.as_str())].into_iter()))?;
        self.erased.skipped += 1;
        Ok(())
    }

    /// A statement without what names a person; `None` where it says nothing of the kind, or cannot be erased.
    fn without(&mut self, statement: &Statement, owner: Owner) -> rusqlite::Result<Option<Statement>> {
        let (ledger, columns) = self.columns(place_of(statement).of(self.connection, owner)?)?;
        let without =
            statement.without(self.personal.fields, &columns, &ledger).of(self.connection, owner)?;
        if without == *statement {
            return Ok(None);
        }
        Ok(self.kept(statement.personal()).map(|kept| without.erased(&kept)))
    }

    /// The digest that stands in for what is erased; `None` where nothing can.
    fn kept(&mut self, personal: Option<Hash>) -> Option<String> {
        self.is_sealed &= personal.is_some();
        personal.map(|personal| hexadecimal(&personal))
    }

    fn record_statement(&mut self, entry: EntryId, without: &Statement) -> rusqlite::Result<()> {
        let kept = without.column("erased").unwrap_or_default();
        self.record(Some(entry), kept, &without.personal_with(""))?;
        self.erased.entries.insert(entry);
        self.erased.statements += 1;
        Ok(())
    }

    fn record(&self, entry: Option<EntryId>, kept: &str, left: &Hash) -> rusqlite::Result<()> {
        let sql =
            "INSERT INTO erasure (run_id, entry_id, erased, remaining, reason) VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = params![self.run, entry, kept, hexadecimal(left), self.reason];
        self.connection.prepare_cached(sql)?.execute(values).map(|_| ())
    }
}

/// What a finding says whose words named a person.
const ERASED: &str = "erased by law";

/// The cells of a row without those of some columns, as JSON.
pub(crate) fn blanked(cells: &str, columns: &[usize]) -> std::result::Result<String, Damage> {
    let read = json::cells_of(cells)?;
    let mut left = Cells::default();
    for (at, cell) in read.iter().enumerate() {
        if columns.contains(&at) {
            left.push(CellKind::Text, "");
        } else {
            left.push(cell.kind, cell.text);
        }
    }
    let mut text = String::new();
    json::cells(&mut text, &left);
    Ok(text)
}

/// Values that stand elsewhere without those of some columns, as JSON; empty where none is left.
pub(crate) fn uncarried(carried: &str, columns: &[usize]) -> std::result::Result<String, Damage> {
    let left: Vec<_> =
        json::carried_of(carried)?.into_iter().filter(|(column, _)| !columns.contains(column)).collect();
    let mut text = String::new();
    json::carried(&mut text, &left);
    Ok(json::close(&mut text).unwrap_or_default().to_owned())
}

/// What is left of a row of the log, as an erasure records it.
fn left_of(row: &Row<'_>, sealed: &[&str]) -> rusqlite::Result<Hash> {
    let texts = seal::texts(row, sealed)?;
    Ok(of_personal("", texts.iter().map(|(name, text)| (*name, text.as_str()))))
}

/// Rows of which something was erased and that are not what was left of them then.
pub(crate) fn altered(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let recorded: BTreeMap<String, String> = connection
        .prepare("SELECT erased, remaining FROM erasure ORDER BY erasure_id")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut altered = Vec::new();
    let mut check = |what: String, kept: &str, left: Hash| {
        if recorded.get(kept).is_none_or(|recorded| *recorded != hexadecimal(&left)) {
            altered.push(format!("{what} is not what was left of it when it was erased"));
        }
    };
    let numbers = |sql: &str| -> rusqlite::Result<Vec<i64>> {
        connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
    };
    for entry in numbers("SELECT entry_id FROM entry WHERE erased IS NOT NULL")? {
        let statement = Statement::of(connection, entry)?;
        let kept = statement.column("erased").unwrap_or_default();
        check(format!("entry {entry}"), kept, statement.personal_with(""));
    }
    // What is no statement is told by another check.
    let mut formers = connection.prepare(
        "SELECT entry_id, content FROM former
         WHERE CASE WHEN json_valid(content) THEN content ->> 'erased' END IS NOT NULL",
    )?;
    let mut rows = formers.query([])?;
    while let Some(row) = rows.next()? {
        let statement = Statement::hashed(row.get_ref(1)?.as_str()?);
        let kept = statement.column("erased").unwrap_or_default();
        check(format!("what entry {} stated", row.get::<_, i64>(0)?), kept, statement.personal_with(""));
    }
    for reject in numbers("SELECT reject_id FROM reject WHERE erased IS NOT NULL")? {
        let row = RefusedRow::read(connection, reject)?;
        let kept = row.erased.as_deref().unwrap_or_default();
        check(format!("reject {reject}"), kept, of_personal("", row.texts()));
    }
    for (table, sealed) in [
        ("change", &SEALED_CHANGE[..]),
        ("amendment", &SEALED_AMENDMENT[..]),
        ("skipped_row", &["cells"][..]),
    ] {
        let mut query = connection.prepare(&format!("SELECT * FROM {table} WHERE erased IS NOT NULL"))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let kept: String = row.get("erased")?;
            check(format!("a row of {table}"), &kept, left_of(row, sealed)?);
        }
    }
    Ok(altered)
}
