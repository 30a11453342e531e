//! A ledger that is sent again: which of its rows are those that are already loaded.
//!
//! A row whose cells are the same is the same row. Of the others, one with the serial of one that is gone is
//! that row, changed; so is one that stands in its place, where the sheet has as many rows as before. What is
//! left is new, or gone; a row in the place of one that is withdrawn, with the same cells, is that row come back.
//! Where the bytes are those of the version before, as when another profile reads it, a row is the one that stands
//! in its place, and no other.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use matricule_record::{Cells, EntryId, Reject};
use rusqlite::{Connection, params};

use crate::entry::{Inserter, PreparedEntry};
use crate::evidence::FileEvidence;
use crate::former::{self, Statement};
use crate::json;
use crate::place::OpenFile;
use crate::revise::{self, Subject};
use crate::seal::Salt;
use crate::stored::FieldChange;

/// What a new version of a ledger changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Renewed {
    /// The run that loaded the version before.
    pub of_run: i64,
    /// Rows that are as they were.
    pub unchanged: u64,
    /// Rows that say something else.
    pub changed: u64,
    /// Rows that were not there.
    pub new: u64,
    /// Rows that are gone.
    pub withdrawn: u64,
}

/// The version before, while the new one is read.
#[derive(Debug)]
pub(crate) struct Renewal {
    file: i64,
    of_run: i64,
    /// Entries whose row was not met yet.
    gone: BTreeMap<EntryId, Old>,
    by_cells: HashMap<u64, VecDeque<EntryId>>,
    /// For the same bytes, read otherwise: the entry of each place.
    by_place: Option<HashMap<(String, u32), EntryId>>,
    /// Entries that persons amended or corrected: what they said binds this version too.
    amended: HashSet<EntryId>,
    /// Those of them that were met: they are to be stated anew.
    kept: Vec<EntryId>,
    /// Rows of each sheet, of the version before.
    rows: BTreeMap<String, u64>,
    /// Rows of the new version that are not met in the old one.
    aside: Vec<Aside>,
    entries: u64,
    renewed: Renewed,
}

#[derive(Debug)]
struct Old {
    sheet: String,
    row: u32,
    canonical: String,
}

#[derive(Debug)]
struct Aside {
    sheet_id: i64,
    sheet: String,
    prepared: PreparedEntry,
}

/// What became of a row of a ledger that is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Met {
    /// It is this entry's.
    Entry(EntryId),
    /// It is set aside until all rows are read.
    Aside,
}

fn amended(connection: &Connection, file: i64) -> rusqlite::Result<HashSet<EntryId>> {
    connection
        .prepare(
            "SELECT DISTINCT a.entry_id FROM amendment a JOIN entry e ON e.entry_id = a.entry_id
             JOIN sheet s ON s.sheet_id = e.sheet_id
             WHERE s.file_id = ?1 AND NOT EXISTS (SELECT 1 FROM state_change c
                WHERE c.subject = 'amendment' AND c.subject_id = a.amendment_id)",
        )?
        .query_map([file], |row| row.get(0))?
        .collect()
}

fn hash_of(cells: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    cells.hash(&mut hasher);
    hasher.finish()
}

/// Why an entry was withdrawn whose row an older version had.
const GONE: &str = "its row is gone from the ledger that was sent again";

/// Why an entry says something else whose row has the same cells.
const SAME_ROW: &str = "its row is as it was, and is read otherwise: by other tables, words or columns, or by what stands above it";

/// Why a serial is another whose cell says the same.
const CONVERTED: &str = "its serial is as it was, and the tables of this run convert it otherwise";

/// What only tables make of a serial.
const OF_TABLES: [&str; 5] = ["serial", "serial_table", "serial_reading", "other_reading", "plain_key"];

/// Sheet, row and hash of the cells.
type RowPlace = (String, u32, u64);

impl Aside {
    fn place(&self) -> RowPlace {
        (self.sheet.clone(), self.prepared.row(), hash_of(self.prepared.text("cells")))
    }
}

impl Renewal {
    /// What is loaded of the version before.
    pub fn start(
        connection: &Connection,
        (file, of_run): (i64, i64),
        is_same_bytes: bool,
    ) -> rusqlite::Result<Self> {
        let mut renewal = Self {
            file,
            of_run,
            gone: BTreeMap::new(),
            by_cells: HashMap::new(),
            by_place: is_same_bytes.then(HashMap::new),
            amended: amended(connection, file)?,
            kept: Vec::new(),
            rows: BTreeMap::new(),
            aside: Vec::new(),
            entries: 0,
            renewed: Renewed { of_run, ..Renewed::default() },
        };
        let mut query = connection.prepare(
            "SELECT e.entry_id, s.sheet, e.row, coalesce(e.serial_canonical, ''), e.cells FROM entry e
             JOIN sheet s ON s.sheet_id = e.sheet_id
             WHERE s.file_id = ?1 AND e.withdrawn IS NULL ORDER BY e.sheet_id, e.row",
        )?;
        let mut rows = query.query([file])?;
        while let Some(row) = rows.next()? {
            let entry = row.get(0)?;
            let old = Old { sheet: row.get(1)?, row: row.get(2)?, canonical: row.get(3)? };
            if let Some(places) = &mut renewal.by_place {
                places.insert((old.sheet.clone(), old.row), entry);
            } else {
                let met = renewal.by_cells.entry(hash_of(row.get_ref(4)?.as_str()?)).or_default();
                met.push_back(entry);
            }
            renewal.gone.insert(entry, old);
        }
        renewal.entries = renewal.gone.len() as u64;
        let mut sheets = connection.prepare("SELECT sheet, rows_read FROM sheet WHERE file_id = ?1")?;
        let mut rows = sheets.query([file])?;
        while let Some(row) = rows.next()? {
            renewal.rows.insert(row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned());
        }
        Ok(renewal)
    }

    /// A row of the new version.
    pub fn meet(
        &mut self,
        connection: &Connection,
        run: i64,
        sheet_id: i64,
        prepared: &PreparedEntry,
    ) -> rusqlite::Result<Met> {
        if let Some(entry) = self.entry_of(prepared) {
            self.gone.remove(&entry);
            if self.amended.contains(&entry) {
                self.keep(connection, run, (entry, sheet_id), (prepared.row(), prepared.text("carried")))?;
                return Ok(Met::Entry(entry));
            }
            let loaded_by = (run, self.of_run);
            let changes = self.state_anew(connection, loaded_by, (entry, sheet_id), (prepared, true))?;
            let count = if changes == 0 { &mut self.renewed.unchanged } else { &mut self.renewed.changed };
            *count += 1;
            return Ok(Met::Entry(entry));
        }
        let sheet = prepared.ledger.sheet.to_string();
        self.aside.push(Aside { sheet_id, sheet, prepared: prepared.clone() });
        Ok(Met::Aside)
    }

    /// The entry that a row of the new version is of.
    fn entry_of(&mut self, prepared: &PreparedEntry) -> Option<EntryId> {
        match &mut self.by_place {
            Some(places) => places.remove(&(prepared.ledger.sheet.to_string(), prepared.row())),
            None => self.by_cells.get_mut(&hash_of(prepared.text("cells")))?.pop_front(),
        }
    }

    /// A refused row of the new version; whether it is the row of an entry that a person corrected, which stays.
    pub fn meet_refused(
        &mut self,
        connection: &Connection,
        run: i64,
        sheet_id: i64,
        reject: &Reject,
    ) -> rusqlite::Result<bool> {
        let row = reject.source.row;
        let Some(entry) = self.corrected(&reject.source.ledger.sheet, row, &reject.cells) else {
            return Ok(false);
        };
        self.gone.remove(&entry);
        let mut carried = String::new();
        json::carried(&mut carried, &reject.carried);
        let carried = json::close(&mut carried).unwrap_or_default();
        self.keep(connection, run, (entry, sheet_id), (row, carried))?;
        Ok(true)
    }

    fn corrected(&mut self, sheet: &str, row: u32, cells: &Cells) -> Option<EntryId> {
        if let Some(places) = &self.by_place {
            let entry = places.get(&(sheet.to_owned(), row)).copied();
            return entry.filter(|entry| self.amended.contains(entry));
        }
        let mut text = String::new();
        json::cells(&mut text, cells);
        let met = self.by_cells.get_mut(&hash_of(&text))?;
        let at = met.iter().position(|entry| self.amended.contains(entry))?;
        met.remove(at)
    }

    /// An entry that a person amended stays, in its place of the new version; what it states under the tables of
    /// this run is found once the file is read.
    fn keep(
        &mut self,
        connection: &Connection,
        run: i64,
        (entry, sheet_id): (EntryId, i64),
        (row, carried): (u32, &str),
    ) -> rusqlite::Result<()> {
        revise::keep_former(connection, run, entry)?;
        connection
            .prepare_cached(
                "UPDATE entry SET sheet_id = ?2, row = ?3, run_id = coalesce(run_id, ?4),
                    carried = nullif(?5, ''), salt = ?6, erased = NULL WHERE entry_id = ?1",
            )?
            .execute(params![entry, sheet_id, row, self.of_run, carried, Salt::draw().as_str()])?;
        self.kept.push(entry);
        self.renewed.unchanged += 1;
        Ok(())
    }

    /// Entries that persons amended and whose rows were met.
    pub fn take_kept(&mut self) -> Vec<EntryId> {
        std::mem::take(&mut self.kept)
    }

    /// Why rows say something else.
    fn cause(&self) -> &'static str {
        if self.by_place.is_some() { "read by another profile" } else { "the ledger was sent again" }
    }

    /// Makes an entry state its row of the new version, whose cells are as they were or not; how many columns changed.
    fn state_anew(
        &self,
        connection: &Connection,
        (run, loaded_by): (i64, i64),
        (entry, sheet_id): (EntryId, i64),
        (prepared, is_same_row): (&PreparedEntry, bool),
    ) -> rusqlite::Result<usize> {
        let before = revise::keep_former(connection, run, entry)?;
        // Its file is another now; the run that loaded it stays the same.
        let after = before.anew(sheet_id, run, prepared).loaded_by(loaded_by);
        after.put(connection, entry, &before)?;
        let changes = differences(&before, &after);
        let count = changes.len();
        let (of_tables, others) = divided(changes);
        let (cause, of_serial) = match &self.by_place {
            Some(_) => (self.cause(), self.cause()),
            None if is_same_row => (SAME_ROW, SAME_ROW),
            None => (self.cause(), CONVERTED),
        };
        revise::tell(connection, (entry, run), &others, cause)?;
        revise::tell(connection, (entry, run), &of_tables, of_serial)?;
        Ok(count)
    }

    /// Whether what was read is another version of the ledger, and not another ledger of the same name: at
    /// least half of what was loaded is in it, as it was or under the same serial.
    pub fn is_same_ledger(&self) -> bool {
        let met = self.entries - self.gone.len() as u64 + self.by_serial().len() as u64;
        self.by_place.is_some() || met * 2 >= self.entries
    }

    /// Where an entry stood that a person amended, and whose row says something else now or is gone.
    pub fn amended_and_changed(&self) -> Option<String> {
        let old = self.gone.iter().find(|(entry, _)| self.amended.contains(entry));
        old.map(|(entry, old)| format!("entry {entry} ({}!{})", old.sheet, old.row))
    }

    /// Settles the rows that were set aside, once all are read. `rows` are the rows of each sheet as read now.
    pub fn settle(
        mut self,
        connection: &Connection,
        run: i64,
        file: &mut OpenFile,
        rows: &BTreeMap<String, u64>,
    ) -> rusqlite::Result<Renewed> {
        let partners = self.partners(rows);
        let mut returning = self.returning(connection)?;
        let aside = std::mem::take(&mut self.aside);
        for (at, row) in aside.iter().enumerate() {
            if let Some(entry) = partners.get(&at) {
                self.gone.remove(entry);
                let places = ((run, self.of_run), (*entry, row.sheet_id));
                self.state_anew(connection, places.0, places.1, (&row.prepared, false))?;
                self.renewed.changed += 1;
            } else if let Some((entry, loaded_by)) = returning.remove(&row.place()) {
                revise::set_state(connection, run, Subject::Entry(entry), revise::PRESENT, self.cause())?;
                let places = ((run, loaded_by), (entry, row.sheet_id));
                self.state_anew(connection, places.0, places.1, (&row.prepared, true))?;
                self.renewed.new += 1;
            } else {
                insert(connection, row, &mut file.evidence)?;
                self.renewed.new += 1;
            }
        }
        for entry in self.gone.keys() {
            let cause = match self.by_place {
                Some(_) => "its row is refused by another profile, or is no record to it",
                None => GONE,
            };
            revise::set_state(connection, run, Subject::Entry(*entry), revise::WITHDRAWN, cause)?;
            revise::moved(connection, revise::sheet_of(connection, *entry)?, -1)?;
            self.renewed.withdrawn += 1;
        }
        self.waive(connection, run, file.file_id)?;
        revise::set_state(connection, run, Subject::File(self.file), "superseded", self.cause())?;
        Ok(self.renewed)
    }

    /// Entries of older versions of the ledger that are withdrawn, whatever withdrew them (their row was gone, or refused, or
    /// the run that loaded it was undone), with the runs that loaded them. A row that comes back to its place with the same
    /// cells is the same row, and what was decided of it holds.
    fn returning(&self, connection: &Connection) -> rusqlite::Result<HashMap<RowPlace, (EntryId, i64)>> {
        if self.by_place.is_some() || self.aside.is_empty() {
            return Ok(HashMap::new());
        }
        let mut query = connection.prepare(
            "SELECT s.sheet, e.row, e.cells, e.entry_id, coalesce(e.run_id, f.run_id)
             FROM file n JOIN file f ON f.path = n.path
             JOIN sheet s ON s.file_id = f.file_id JOIN entry e ON e.sheet_id = s.sheet_id
             WHERE n.file_id = ?1 AND e.withdrawn IS NOT NULL ORDER BY e.entry_id",
        )?;
        let found = |row: &rusqlite::Row<'_>| {
            let place = (row.get(0)?, row.get(1)?, hash_of(row.get_ref(2)?.as_str()?));
            Ok((place, (row.get(3)?, row.get(4)?)))
        };
        query.query_map([self.file], found)?.collect()
    }

    /// Rows that a person set aside stay so where the same bytes are read otherwise.
    fn waive(&self, connection: &Connection, run: i64, new_file: i64) -> rusqlite::Result<()> {
        if self.by_place.is_none() {
            return Ok(());
        }
        let waived: Vec<i64> = connection
            .prepare(
                "SELECT n.reject_id FROM reject o JOIN sheet s ON s.sheet_id = o.sheet_id
                 JOIN sheet t ON t.file_id = ?2 AND t.sheet = s.sheet
                 JOIN reject n ON n.file_id = ?2 AND n.sheet_id = t.sheet_id AND n.row = o.row
                 WHERE o.file_id = ?1 AND o.state = 'waived' ORDER BY n.reject_id",
            )?
            .query_map([self.file, new_file], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let cause = "waived before another profile read it";
        waived.into_iter().try_for_each(|reject| {
            revise::set_state(connection, run, Subject::Reject(reject), "waived", cause)
        })
    }

    /// Rows set aside that have the serial of an entry that is gone, each of the two the only one.
    fn by_serial(&self) -> BTreeMap<usize, EntryId> {
        let key = |sheet: &str, canonical: &str| {
            (!canonical.is_empty()).then(|| (sheet.to_owned(), canonical.to_owned()))
        };
        let old =
            self.gone.iter().filter_map(|(entry, old)| Some((key(&old.sheet, &old.canonical)?, *entry)));
        let old = unique(old);
        let canonical = |row: &Aside| key(&row.sheet, row.prepared.text("serial_canonical"));
        let new = unique(self.aside.iter().enumerate().filter_map(|(at, row)| Some((canonical(row)?, at))));
        new.iter().filter_map(|(key, at)| Some((*at, *old.get(key)?))).collect()
    }

    /// Which rows set aside are rows of entries that are gone, changed: by serial, or by place.
    fn partners(&self, rows: &BTreeMap<String, u64>) -> BTreeMap<usize, EntryId> {
        if self.by_place.is_some() {
            return BTreeMap::new();
        }
        let mut partners = self.by_serial();
        let taken: HashSet<EntryId> = partners.values().copied().collect();
        let is_as_long =
            |sheet: &str| self.rows.contains_key(sheet) && self.rows.get(sheet) == rows.get(sheet);
        let free = self.gone.iter().filter(|(entry, old)| !taken.contains(entry) && is_as_long(&old.sheet));
        let places = unique(free.map(|(entry, old)| ((old.sheet.clone(), old.row), *entry)));
        for (at, row) in self.aside.iter().enumerate() {
            if let Some(entry) = places.get(&(row.sheet.clone(), row.prepared.row())) {
                partners.entry(at).or_insert(*entry);
            }
        }
        partners
    }
}

/// What is found under each key that only one has.
fn unique<K: Ord, V>(pairs: impl Iterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut found: BTreeMap<K, Option<V>> = BTreeMap::new();
    for (key, value) in pairs {
        found.entry(key).and_modify(|known| *known = None).or_insert(Some(value));
    }
    found.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

fn insert(connection: &Connection, row: &Aside, evidence: &mut FileEvidence) -> rusqlite::Result<()> {
    Inserter::start(connection, row.sheet_id)?.insert(&row.prepared)?;
    evidence.entry(row.prepared.digest());
    Ok(())
}

/// The columns that differ, and whether further components do.
fn differences(before: &Statement, after: &Statement) -> Vec<FieldChange> {
    let mut changes = former::difference(before, after);
    for (table, field) in [("marking", "markings"), ("event", "events")] {
        if before.children(table) != after.children(table) {
            changes.push(FieldChange { field, before: String::new(), after: String::new() });
        }
    }
    changes
}

/// The changes that only tables can have made, and all others. Where the serial is another in its own script, so is what
/// they make of it.
fn divided(changes: Vec<FieldChange>) -> (Vec<FieldChange>, Vec<FieldChange>) {
    let is_other = changes.iter().any(|change| {
        ["serial_canonical", "serial_original", "serial_script", "no_serial"].contains(&change.field)
    });
    changes.into_iter().partition(|change| !is_other && OF_TABLES.contains(&change.field))
}
