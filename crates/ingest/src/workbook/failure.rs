//! Why a workbook, or a sheet of it, cannot be read: what the child tells the parent.

use matricule_record::{Code, Finding, message};
use serde::{Deserialize, Serialize};

use crate::sniff;

/// A failure, by what a person has to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Failure {
    /// Its bytes are not what the format says.
    Damaged(String),
    /// It needs a password.
    Password,
    /// Its format is not one that is read.
    Format(String),
    /// It is, or would become, too large.
    Limit(String),
}

impl Failure {
    /// Damage, in the words of the library that met it.
    pub fn damaged(error: &impl std::fmt::Display) -> Self {
        Self::Damaged(error.to_string())
    }

    /// The failure as a person reads it.
    pub fn finding(&self) -> Finding {
        match self {
            Self::Damaged(what) => Finding::new(Code::I101, message!("i101-workbook", what = quoted(what)))
                .suggest(message!("i101-workbook-repair")),
            Self::Password => sniff::password(),
            Self::Format(what) => sniff::unknown(what),
            Self::Limit(what) => {
                Finding::new(Code::I107, what.clone()).suggest(message!("i107-workbook-repair"))
            }
        }
    }
}

/// A foreign message, escaped and cut, as it may quote the file.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN: usize = 300;
    let escaped: String = text.trim().chars().take(SHOWN).flat_map(char::escape_debug).collect();
    escaped.replace("\\'", "'").replace("\\\"", "\"")
}
