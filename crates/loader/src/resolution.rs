//! What deduplication reads of entries and what it concludes about them.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use matricule_record::{
    Conflict, Duplicate, DuplicateRules, EntryFacts, EntryId, LinkMode, Resolution, StatedBy, Text,
    WEAPON_FIELDS,
};
use matricule_text::canonical_serial;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use crate::damage::{Damage, Kept as _, Owner};
use crate::json;

/// An entry without a serial number gives an empty one: its pattern is never a duplicate key.
const FACTS: &str = "SELECT e.entry_id, f.path, s.sheet, e.row,
        CASE WHEN e.no_serial IS NULL THEN e.serial_canonical END, e.serial_script, e.serial,
        e.other_reading, e.make, e.country_of_manufacture, e.series_mark,
        coalesce(e.register, f.register), e.model, e.type, e.calibre, e.year_of_manufacture, e.holder,
        e.status, e.book, e.page, e.component, e.plain_key, e.line, e.status_date, e.registered_on,
        e.completeness, e.confidence, e.sheet_id, s.settings, e.carried, e.romanized
    FROM entry e JOIN sheet s ON s.sheet_id = e.sheet_id JOIN file f ON f.file_id = s.file_id
    WHERE f.state = 'current' AND e.withdrawn IS NULL";

/// What sheets declare about duplicates, each read once.
struct Declared<'a> {
    connection: &'a Connection,
    rules: HashMap<i64, Arc<DuplicateRules>>,
    shipped: Arc<DuplicateRules>,
}

impl<'a> Declared<'a> {
    fn none(connection: &'a Connection) -> Self {
        Self { connection, rules: HashMap::new(), shipped: Arc::default() }
    }

    fn of(&mut self, sheet_id: i64, settings: &str) -> rusqlite::Result<Arc<DuplicateRules>> {
        if !settings.contains("\"duplicates\"") {
            return Ok(Arc::clone(&self.shipped));
        }
        Ok(match self.rules.entry(sheet_id) {
            Entry::Occupied(known) => Arc::clone(known.get()),
            Entry::Vacant(place) => {
                let rules = json::duplicates_of(settings).of(self.connection, Owner::Sheet(sheet_id))?;
                Arc::clone(place.insert(Arc::new(rules)))
            }
        })
    }
}

/// Visits the present entries with numbers below `end`, in their order.
pub(crate) fn visit(
    connection: &Connection,
    end: EntryId,
    mut visitor: impl FnMut(EntryFacts),
) -> rusqlite::Result<()> {
    let sql = format!("{FACTS} AND e.entry_id < ?1 ORDER BY e.entry_id");
    let mut query = connection.prepare(&sql)?;
    let mut declared = Declared::none(connection);
    let mut rows = query.query([end])?;
    while let Some(row) = rows.next()? {
        visitor(read(row, &mut declared)?);
    }
    Ok(())
}

/// The facts of those of the entries that are present, in the order asked.
pub(crate) fn facts(connection: &Connection, entries: &[EntryId]) -> rusqlite::Result<Vec<EntryFacts>> {
    let mut query = connection.prepare_cached(&format!("{FACTS} AND e.entry_id = ?1"))?;
    let mut declared = Declared::none(connection);
    let found =
        entries.iter().map(|entry| query.query_row([entry], |row| read(row, &mut declared)).optional());
    found.filter_map(Result::transpose).collect()
}

/// The facts of the present entries with this canonical serial, in the order of their numbers.
pub(crate) fn with_canonical(connection: &Connection, canonical: &str) -> rusqlite::Result<Vec<EntryFacts>> {
    let sql = format!("{FACTS} AND e.serial_canonical = ?1 ORDER BY e.entry_id");
    let mut declared = Declared::none(connection);
    connection.prepare_cached(&sql)?.query_map([canonical], |row| read(row, &mut declared))?.collect()
}

fn read(row: &Row<'_>, declared: &mut Declared<'_>) -> rusqlite::Result<EntryFacts> {
    let text = |at: usize| -> rusqlite::Result<Option<Text>> {
        Ok(row.get_ref(at)?.as_str_or_null()?.map(Text::from))
    };
    let known = |at: usize| text(at).map(Option::unwrap_or_default);
    let settings = row.get_ref(28)?.as_str()?;
    let (connection, owner) = (declared.connection, Owner::Entry(row.get(0)?));
    let latin = row.get_ref(30)?.as_str_or_null()?.map(json::latin_names_of).transpose();
    Ok(EntryFacts {
        id: row.get(0)?,
        file: known(1)?,
        sheet: known(2)?,
        row: row.get(3)?,
        canonical: known(4)?,
        script: known(5)?,
        converted: known(6)?,
        other_reading: text(7)?,
        make: known(8)?,
        country: known(9)?,
        series_mark: known(10)?,
        register: known(11)?,
        model: known(12)?,
        weapon_type: known(13)?,
        calibre: known(14)?,
        year: known(15)?,
        holder: known(16)?,
        status: known(17)?,
        book: known(18)?,
        page: known(19)?,
        component: known(20)?,
        plain_key: text(21)?,
        line: own_line(known(22)?, row.get_ref(29)?.as_str_or_null()?).of(connection, owner)?,
        status_date: known(23)?,
        registered_on: known(24)?,
        latin: latin.of(connection, owner)?.unwrap_or_default(),
        completeness: row.get(25)?,
        doubtful: is_doubtful(&known(26)?, settings).of(connection, owner)?,
        rules: declared.of(row.get(27)?, settings)?,
    })
}

/// The line of an entry, unless it may be carried from the row above: then the clerk wrote another line.
fn own_line(line: Text, carried: Option<&str>) -> Result<Text, Damage> {
    let is_line = |(_, text): &(usize, Text)| canonical_serial(text) == canonical_serial(&line);
    let carried = carried.map(json::carried_of).transpose()?.unwrap_or_default();
    Ok(if carried.iter().any(is_line) { Text::default() } else { line })
}

/// Whether an entry was read with less confidence than the settings of its sheet ask for.
fn is_doubtful(confidence: &str, settings: &str) -> Result<bool, Damage> {
    let Ok(confidence) = confidence.parse::<f64>() else { return Ok(false) };
    Ok(json::confidence_of(settings)?.is_some_and(|least| confidence < least))
}

/// Replaces what was derived before by a resolution of all entries, and records how a run came to it.
pub(crate) fn replace(
    connection: &Connection,
    run_id: i64,
    resolution: &Resolution,
    mode: LinkMode,
) -> rusqlite::Result<()> {
    connection.execute_batch(
        "DELETE FROM merged; DELETE FROM duplicate; DELETE FROM conflict; DELETE FROM stated;",
    )?;
    insert(connection, run_id, resolution, mode)
}

/// Replaces what was derived of some entries, which are connected with no others, before or now.
pub(crate) fn replace_part(
    connection: &Connection,
    run_id: i64,
    (resolution, mode): (&Resolution, LinkMode),
    entries: &BTreeSet<EntryId>,
) -> rusqlite::Result<()> {
    let entries = entries.iter().copied().collect::<serde_json::Value>().to_string();
    for (table, column) in
        [("merged", "entry_id"), ("duplicate", "entry_a"), ("conflict", "weapon_a"), ("stated", "weapon_id")]
    {
        let sql = format!("DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?1))");
        connection.execute(&sql, [&entries])?;
    }
    insert(connection, run_id, resolution, mode)
}

fn insert(
    connection: &Connection,
    run_id: i64,
    resolution: &Resolution,
    mode: LinkMode,
) -> rusqlite::Result<()> {
    connection.execute("UPDATE run SET link = ?2 WHERE run_id = ?1", params![run_id, mode.name()])?;
    let mut merge = connection.prepare("INSERT INTO merged (entry_id, weapon_id) VALUES (?1, ?2)")?;
    for (entry, weapon) in &resolution.merged {
        merge.execute([entry, weapon])?;
    }
    insert_duplicates(connection, &resolution.duplicates)?;
    let weapons: HashMap<EntryId, EntryId> = resolution.merged.iter().copied().collect();
    insert_conflicts(connection, &resolution.conflicts, &weapons)?;
    insert_stated(connection, &resolution.stated)
}

/// Which links the last run that resolved the registry looked for.
pub(crate) fn mode(connection: &Connection) -> rusqlite::Result<Option<LinkMode>> {
    let sql = "SELECT link FROM run WHERE link IS NOT NULL ORDER BY run_id DESC LIMIT 1";
    let word: Option<String> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(word.map(|word| if word == LinkMode::Exact.name() { LinkMode::Exact } else { LinkMode::Full }))
}

/// What is derived, a line each, sorted.
pub(crate) fn derived(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut lines: Vec<String> = connection
        .prepare(
            "SELECT 'merged ' || entry_id || ' ' || weapon_id FROM merged
             UNION ALL SELECT 'conflict ' || entry_a || ' ' || entry_b || ' ' || weapon_a || ' ' || weapon_b || ' '
                || field || ' ' || value_a || ' ' || value_b || ' ' || kind || ' ' || state FROM conflict",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let pair = |row: &Row<'_>| {
        let bits = row.get::<_, Option<f64>>(2)?;
        Ok(format!("{} {bits:?} {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    };
    let pairs = "SELECT 'duplicate ' || entry_a || ' ' || entry_b || ' ' || kind, state || ' ' || reasons, bits FROM duplicate";
    let pairs = connection.prepare(pairs)?.query_map([], pair)?.collect::<rusqlite::Result<Vec<String>>>()?;
    lines.extend(pairs);
    let columns: Vec<String> =
        WEAPON_FIELDS.iter().map(|field| format!("coalesce(\"{field}\", '-')")).collect();
    let stated =
        format!("SELECT 'stated ' || weapon_id || ' ' || {} FROM stated", columns.join(" || ' ' || "));
    let stated = connection
        .prepare(&stated)?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    lines.extend(stated);
    lines.sort_unstable();
    Ok(lines)
}

/// What the tables hold as derived, beside what is derived now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Derived {
    /// Something else.
    Otherwise,
    /// The same, but for the words of reasons: those of another language, or changed ones.
    InOtherWords,
    /// The same.
    Same,
}

/// Compares what is held with what is derived now.
pub(crate) fn compared(held: &[String], now: &[String]) -> Derived {
    if held == now {
        Derived::Same
    } else if without_reasons(held) == without_reasons(now) {
        Derived::InOtherWords
    } else {
        Derived::Otherwise
    }
}

/// The lines without the reasons of pairs, which end their lines.
fn without_reasons(lines: &[String]) -> Vec<&str> {
    let fact = |line| match str::split_once(line, " [") {
        Some((pair, _)) if pair.starts_with("duplicate ") => pair,
        _ => line,
    };
    let mut facts: Vec<&str> = lines.iter().map(|line| fact(line)).collect();
    facts.sort_unstable();
    facts
}

/// A resolution as [`derived`] reads it back.
pub(crate) fn lines(resolution: &Resolution) -> Vec<String> {
    let weapons: HashMap<EntryId, EntryId> = resolution.merged.iter().copied().collect();
    let weapon = |entry: EntryId| weapons.get(&entry).copied().unwrap_or(entry);
    let merged = resolution.merged.iter().map(|(entry, weapon)| format!("merged {entry} {weapon}"));
    let duplicate = |found: &Duplicate| {
        let reasons = serde_json::Value::from(found.reasons.as_slice());
        let Duplicate { entry_a, entry_b, kind, bits, .. } = found;
        format!("duplicate {entry_a} {entry_b} {kind} {bits:?} {} {reasons}", found.state.name())
    };
    let conflict = |found: &Conflict| {
        let (a, b) = (found.entry_a, found.entry_b);
        let Conflict { field, value_a, value_b, kind, state, .. } = found;
        let (x, y) = (weapon(a), weapon(b));
        format!("conflict {a} {b} {x} {y} {field} {value_a} {value_b} {kind} {state}")
    };
    let stated = |found: &StatedBy| {
        let from = found.from.map(|entry| entry.map_or_else(|| "-".to_owned(), |entry| entry.to_string()));
        format!("stated {} {}", found.weapon, from.join(" "))
    };
    let duplicates = resolution.duplicates.iter().map(duplicate);
    let mut lines: Vec<String> =
        merged.chain(duplicates).chain(resolution.conflicts.iter().map(conflict)).collect();
    lines.extend(resolution.stated.iter().map(stated));
    lines.sort_unstable();
    lines
}

fn insert_duplicates(connection: &Connection, duplicates: &[Duplicate]) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        "INSERT INTO duplicate (entry_a, entry_b, kind, bits, state, reasons) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for found in duplicates {
        let reasons = serde_json::Value::from(found.reasons.as_slice()).to_string();
        let (state, bits) = (found.state.name(), found.bits);
        insert.execute(params![found.entry_a, found.entry_b, found.kind, bits, state, reasons])?;
    }
    Ok(())
}

fn insert_conflicts(
    connection: &Connection,
    conflicts: &[Conflict],
    weapons: &HashMap<EntryId, EntryId>,
) -> rusqlite::Result<()> {
    let weapon = |entry: EntryId| weapons.get(&entry).copied().unwrap_or(entry);
    let mut insert: CachedStatement<'_> = connection.prepare_cached(
        "INSERT INTO conflict (entry_a, entry_b, weapon_a, weapon_b, field, value_a, value_b, kind, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for found in conflicts {
        insert.execute(params![
            found.entry_a,
            found.entry_b,
            weapon(found.entry_a),
            weapon(found.entry_b),
            found.field,
            found.value_a.as_str(),
            found.value_b.as_str(),
            found.kind,
            found.state,
        ])?;
    }
    Ok(())
}

fn insert_stated(connection: &Connection, stated: &[StatedBy]) -> rusqlite::Result<()> {
    let columns = WEAPON_FIELDS.map(|field| format!("\"{field}\"")).join(", ");
    let values: Vec<String> = (2..WEAPON_FIELDS.len() + 2).map(|at| format!("?{at}")).collect();
    let sql = format!("INSERT INTO stated (weapon_id, {columns}) VALUES (?1, {})", values.join(", "));
    let mut insert = connection.prepare(&sql)?;
    for found in stated {
        let ids = std::iter::once(Some(found.weapon)).chain(found.from);
        insert.execute(rusqlite::params_from_iter(ids))?;
    }
    Ok(())
}
