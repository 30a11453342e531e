//! Pairs of entries for a person: what is proposed, and what has been decided.

use std::collections::{BTreeMap, BTreeSet};

use matricule_record::EntryId;
use matricule_text::fold;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::damage::{Kept as _, Owner};
use crate::{Registry, Result, json};

/// Which pairs are asked for; what is left out does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReviewFilter {
    /// Of these kinds.
    pub kinds: Vec<String>,
    /// In this state: `merged`, `review`, `confirmed`, `refused`.
    pub state: Option<String>,
    /// One of the files has this in its path.
    pub file: Option<String>,
    /// One of the entries has this make.
    pub make: Option<String>,
    /// One of the entries stands in this register.
    pub register: Option<String>,
    /// At least these odds.
    pub least_bits: Option<f64>,
    /// At most these odds.
    pub most_bits: Option<f64>,
}

/// A pair of entries.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewPair {
    /// Kind, as in `v_duplicate.kind`.
    pub kind: String,
    /// The posterior log2 odds that they are one weapon; `None` where the model was not asked.
    pub bits: Option<f64>,
    /// State, as in `v_duplicate.state`.
    pub state: String,
    /// Why, in words and bits.
    pub reasons: Vec<String>,
    /// What a decision is worth: see [`ReviewPair::expected_value`].
    pub value: f64,
    /// The entry with the lower address.
    pub a: ReviewEntry,
    /// The other one.
    pub b: ReviewEntry,
}

/// One side of a pair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewEntry {
    /// Its number.
    pub entry_id: EntryId,
    /// `file!sheet!row`; no sheet for a CSV.
    pub address: String,
    /// How many entries its weapon has.
    pub entries: u64,
    /// The serial as written.
    pub serial: String,
    /// Its fields, in the order of [`REVIEW_FIELDS`]; empty where not set.
    pub fields: [String; REVIEW_FIELDS.len()],
}

/// The fields that a person compares, beside the serial.
pub const REVIEW_FIELDS: [&str; 14] = [
    "make",
    "model",
    "type",
    "calibre",
    "country_of_manufacture",
    "year_of_manufacture",
    "series_mark",
    "register",
    "holder",
    "status",
    "status_date",
    "registered_on",
    "page",
    "line",
];

impl ReviewPair {
    /// The pairs of entries that a decision is expected to bring together: the probability that they are one
    /// weapon, times the entries on either side. Where the model was not asked, the chances are even.
    fn expected_value(bits: Option<f64>, entries: [u64; 2]) -> f64 {
        let probability = bits.map_or(0.5, |bits| 1.0 / (1.0 + (-bits).exp2()));
        probability * (entries[0] * entries[1]) as f64
    }
}

impl Registry {
    /// The pairs that a filter lets through, those first whose decision is worth most.
    pub fn review(&self, filter: &ReviewFilter) -> Result<Vec<ReviewPair>> {
        self.require_current()?;
        self.at(pairs(self.connection(), filter))
    }

    /// The registers in which present entries stand.
    pub fn registers(&self) -> Result<Vec<String>> {
        self.require_current()?;
        self.at(registers(self.connection()))
    }

    /// The pair of two entries, whether or not anything links them; `None` where one of them is not there.
    pub fn review_pair(&self, a: EntryId, b: EntryId) -> Result<Option<ReviewPair>> {
        self.require_current()?;
        self.at(pair_of(self.connection(), a, b))
    }

    /// The present entries at addresses (`file!sheet!row`; `file!row` or `file!!row` for a CSV), one look at
    /// the registry for all.
    pub fn entries_at(&self, addresses: &BTreeSet<String>) -> Result<BTreeMap<String, EntryId>> {
        self.require_current()?;
        self.at(entries_at(self.connection(), addresses))
    }

    /// Whether an entry is present.
    pub fn is_present(&self, entry: EntryId) -> Result<bool> {
        let sql = "SELECT 1 FROM v_entry WHERE entry_id = ?1";
        let found = self.connection().query_row(sql, [entry], |_| Ok(())).optional();
        Ok(self.at(found)?.is_some())
    }
}

/// The columns of one side.
fn side(name: &str) -> String {
    let fields = REVIEW_FIELDS.map(|field| format!("{name}.\"{field}\"")).join(", ");
    format!(
        "{name}.entry_id, replace({name}.file || '!' || {name}.sheet || '!' || {name}.row, '!!', '!'),
         1 + (SELECT count(*) FROM merged m WHERE m.weapon_id = {name}.weapon_id),
         coalesce({name}.serial_original, {name}.no_serial), {fields}"
    )
}

fn pairs(connection: &Connection, filter: &ReviewFilter) -> rusqlite::Result<Vec<ReviewPair>> {
    let sql = format!(
        "SELECT d.kind, d.bits, d.state, d.reasons, {}, {}
         FROM duplicate d JOIN v_entry a ON a.entry_id = d.entry_a JOIN v_entry b ON b.entry_id = d.entry_b
         WHERE (?1 IS NULL OR d.state = ?1) AND (?2 IS NULL OR d.bits >= ?2) AND (?3 IS NULL OR d.bits <= ?3)
            AND (?4 IS NULL OR instr(a.file, ?4) OR instr(b.file, ?4))",
        side("a"),
        side("b")
    );
    let bound = rusqlite::params![filter.state, filter.least_bits, filter.most_bits, filter.file];
    let mut found: Vec<ReviewPair> = connection
        .prepare(&sql)?
        .query_map(bound, |row| read(connection, row))?
        .collect::<rusqlite::Result<_>>()?;
    found.retain(|pair| filter.kinds.is_empty() || filter.kinds.contains(&pair.kind));
    found.retain(|pair| says(pair, "make", filter.make.as_deref()));
    found.retain(|pair| says(pair, "register", filter.register.as_deref()));
    found.sort_by(|x, y| {
        let addresses = || (&x.a.address, &x.b.address).cmp(&(&y.a.address, &y.b.address));
        y.value.total_cmp(&x.value).then_with(addresses)
    });
    Ok(found)
}

/// Whether one of two entries says this in a field, however it is written.
fn says(pair: &ReviewPair, field: &str, wanted: Option<&str>) -> bool {
    let at = REVIEW_FIELDS.iter().position(|name| *name == field);
    at.zip(wanted).is_none_or(|(at, wanted)| {
        [&pair.a, &pair.b].iter().any(|entry| fold(&entry.fields[at]) == fold(wanted))
    })
}

fn registers(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT DISTINCT register FROM v_entry WHERE register IS NOT NULL ORDER BY register";
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

fn pair_of(connection: &Connection, a: EntryId, b: EntryId) -> rusqlite::Result<Option<ReviewPair>> {
    let sql = format!(
        "SELECT coalesce(d.kind, ''), d.bits, coalesce(d.state, ''), coalesce(d.reasons, '[]'), {}, {}
         FROM v_entry a JOIN v_entry b ON b.entry_id = ?2
         LEFT JOIN duplicate d ON d.entry_a = a.entry_id AND d.entry_b = b.entry_id
         WHERE a.entry_id = ?1",
        side("a"),
        side("b")
    );
    let mut query = connection.prepare(&sql)?;
    let found = query.query_row([a, b], |row| read(connection, row)).optional()?;
    if found.as_ref().is_some_and(|pair| !pair.kind.is_empty()) {
        return Ok(found);
    }
    let turned = query.query_row([b, a], |row| read(connection, row)).optional()?;
    Ok(turned.filter(|pair| !pair.kind.is_empty()).or(found))
}

fn read(connection: &Connection, row: &Row<'_>) -> rusqlite::Result<ReviewPair> {
    let reasons = json::reasons_of(row.get_ref(3)?.as_str()?);
    let reasons = reasons.of(connection, Owner::Entry(row.get(4)?))?;
    let (a, b) = (read_side(row, 4)?, read_side(row, 4 + 4 + REVIEW_FIELDS.len())?);
    let bits = row.get(1)?;
    Ok(ReviewPair {
        kind: row.get(0)?,
        bits,
        state: row.get(2)?,
        reasons,
        value: ReviewPair::expected_value(bits, [a.entries, b.entries]),
        a,
        b,
    })
}

fn read_side(row: &Row<'_>, first: usize) -> rusqlite::Result<ReviewEntry> {
    let text = |at: usize| row.get::<_, Option<String>>(first + at).map(Option::unwrap_or_default);
    let mut fields: [String; REVIEW_FIELDS.len()] = Default::default();
    for (at, field) in fields.iter_mut().enumerate() {
        *field = text(4 + at)?;
    }
    Ok(ReviewEntry {
        entry_id: row.get(first)?,
        address: text(1)?,
        entries: row.get::<_, i64>(first + 2)?.cast_unsigned(),
        serial: text(3)?,
        fields,
    })
}

fn entries_at(
    connection: &Connection,
    addresses: &BTreeSet<String>,
) -> rusqlite::Result<BTreeMap<String, EntryId>> {
    let mut query = connection.prepare("SELECT file, sheet, row, entry_id FROM v_entry")?;
    let mut rows = query.query([])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (file, sheet) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
        let (number, entry): (i64, EntryId) = (row.get(2)?, row.get(3)?);
        let mut spellings = vec![format!("{file}!{sheet}!{number}")];
        if sheet.is_empty() {
            spellings.push(format!("{file}!{number}"));
        }
        for address in spellings.into_iter().filter(|address| addresses.contains(address)) {
            found.insert(address, entry);
        }
    }
    Ok(found)
}
