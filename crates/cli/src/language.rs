//! The language of messages and reports: English, or a translation that the environment names.

use anyhow::{Context, ensure};
use matricule_record::messages;

/// The variable that names a translated copy of `crates/record/src/messages/en.ftl`.
const VARIABLE: &str = "MATRICULE_MESSAGES";

/// Lays the translation that the environment names over the English texts.
pub(crate) fn choose() -> anyhow::Result<()> {
    let Some(path) = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()) else { return Ok(()) };
    let shown = path.to_string_lossy().into_owned();
    let texts = std::fs::read_to_string(&path).with_context(|| format!("{VARIABLE}: {shown}"))?;
    let faults = messages::translate(&texts);
    ensure!(faults.is_empty(), "{VARIABLE}: {shown}: {}", faults.join("; "));
    Ok(())
}
