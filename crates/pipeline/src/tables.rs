//! The script tables that a registry kept, compiled again.

use matricule_loader::Registry;
use matricule_mapping::ScriptTable;
use matricule_transliteration::Transliteration;

use crate::Error;

/// How the first version's stored tables begin; this one does not read their form.
const FIRST_ENGINE: &str = "matricule-1\n";

/// The tables under which a registry's present serials were converted last; `None` where it keeps none that can be
/// read.
pub fn tables_in_force(registry: &Registry) -> Result<Option<Transliteration>, Error> {
    let Some(run) = registry.standing_run()? else { return Ok(None) };
    let tables = registry.mappings(run, "script")?;
    Ok(if can_be_read(&tables) { of_stored(&tables) } else { None })
}

/// Whether there are tables, in the form of this version. A run that only decides converts nothing and keeps none.
pub(crate) fn can_be_read(tables: &[(String, String)]) -> bool {
    !tables.is_empty() && !tables.iter().any(|(_, content)| content.starts_with(FIRST_ENGINE))
}

pub(crate) fn of_stored(tables: &[(String, String)]) -> Option<Transliteration> {
    let tables: Option<Vec<ScriptTable>> =
        tables.iter().map(|(id, content)| ScriptTable::of_stored(id, content)).collect();
    Transliteration::of_tables(tables?).ok()
}
