//! What deduplication reads of entries and what it concludes about them.

use std::collections::HashMap;

use matricule_record::{Conflict, Duplicate, EntryFacts, EntryId, Resolution, Text};
use rusqlite::{CachedStatement, Connection, Row, params};

/// An entry without a serial number gives an empty one: its pattern is never a duplicate key.
const FACTS: &str = "SELECT e.entry_id, f.path, s.sheet, e.row,
        CASE WHEN e.no_serial IS NULL THEN e.serial_canonical END, e.serial_script, e.serial,
        e.other_reading, e.make, e.country_of_manufacture, e.series_mark,
        coalesce(e.register, f.register), e.model, e.type, e.calibre, e.year_of_manufacture, e.holder,
        e.status, e.book, e.page, e.component, e.plain_key
    FROM entry e JOIN sheet s ON s.sheet_id = e.sheet_id JOIN file f ON f.file_id = s.file_id";

/// Visits the present entries with numbers below `end`, in their order.
pub(crate) fn visit(
    connection: &Connection,
    end: EntryId,
    mut visitor: impl FnMut(EntryFacts),
) -> rusqlite::Result<()> {
    let sql = format!(
        "{FACTS} WHERE e.entry_id < ?1 AND e.withdrawn IS NULL AND f.state = 'current' ORDER BY e.entry_id"
    );
    let mut query = connection.prepare(&sql)?;
    let mut rows = query.query([end])?;
    while let Some(row) = rows.next()? {
        visitor(read(row)?);
    }
    Ok(())
}

/// The facts of entries, in the order asked.
pub(crate) fn facts(connection: &Connection, entries: &[EntryId]) -> rusqlite::Result<Vec<EntryFacts>> {
    let mut query = connection.prepare_cached(&format!("{FACTS} WHERE e.entry_id = ?1"))?;
    entries.iter().map(|entry| query.query_row([entry], read)).collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<EntryFacts> {
    let text = |at: usize| -> rusqlite::Result<Option<Text>> {
        Ok(row.get_ref(at)?.as_str_or_null()?.map(Text::from))
    };
    let known = |at: usize| text(at).map(Option::unwrap_or_default);
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
    })
}

/// Replaces what was derived before by a resolution of all entries.
pub(crate) fn replace(connection: &Connection, resolution: &Resolution) -> rusqlite::Result<()> {
    connection.execute_batch("DELETE FROM merged; DELETE FROM duplicate; DELETE FROM conflict;")?;
    let mut merge = connection.prepare("INSERT INTO merged (entry_id, weapon_id) VALUES (?1, ?2)")?;
    for (entry, weapon) in &resolution.merged {
        merge.execute([entry, weapon])?;
    }
    insert_duplicates(connection, &resolution.duplicates)?;
    let weapons: HashMap<EntryId, EntryId> = resolution.merged.iter().copied().collect();
    insert_conflicts(connection, &resolution.conflicts, &weapons)
}

/// What is derived, a line each, sorted.
pub(crate) fn derived(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut lines: Vec<String> = connection
        .prepare(
            "SELECT 'merged ' || entry_id || ' ' || weapon_id FROM merged
             UNION ALL SELECT 'duplicate ' || entry_a || ' ' || entry_b || ' ' || kind || ' ' || state || ' ' || reasons
                FROM duplicate WHERE state IN ('merged', 'review')
             UNION ALL SELECT 'conflict ' || entry_a || ' ' || entry_b || ' ' || weapon_a || ' ' || weapon_b || ' '
                || field || ' ' || value_a || ' ' || value_b FROM conflict",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    lines.sort_unstable();
    Ok(lines)
}

/// A resolution as [`derived`] reads it back.
pub(crate) fn lines(resolution: &Resolution) -> Vec<String> {
    let weapons: HashMap<EntryId, EntryId> = resolution.merged.iter().copied().collect();
    let weapon = |entry: EntryId| weapons.get(&entry).copied().unwrap_or(entry);
    let merged = resolution.merged.iter().map(|(entry, weapon)| format!("merged {entry} {weapon}"));
    let duplicate = |found: &Duplicate| {
        let reasons = serde_json::Value::from(found.reasons.as_slice());
        format!(
            "duplicate {} {} {} {} {reasons}",
            found.entry_a,
            found.entry_b,
            found.kind,
            found.state.name()
        )
    };
    let conflict = |found: &Conflict| {
        let (a, b) = (found.entry_a, found.entry_b);
        let Conflict { field, value_a, value_b, .. } = found;
        format!("conflict {a} {b} {} {} {field} {value_a} {value_b}", weapon(a), weapon(b))
    };
    let duplicates = resolution.duplicates.iter().map(duplicate);
    let mut lines: Vec<String> =
        merged.chain(duplicates).chain(resolution.conflicts.iter().map(conflict)).collect();
    lines.sort_unstable();
    lines
}

fn insert_duplicates(connection: &Connection, duplicates: &[Duplicate]) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        "INSERT INTO duplicate (entry_a, entry_b, kind, state, reasons) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for found in duplicates {
        let reasons = serde_json::Value::from(found.reasons.as_slice()).to_string();
        insert.execute(params![found.entry_a, found.entry_b, found.kind, found.state.name(), reasons])?;
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
        "INSERT INTO conflict (entry_a, entry_b, weapon_a, weapon_b, field, value_a, value_b)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
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
        ])?;
    }
    Ok(())
}
