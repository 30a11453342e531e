//! Limits on what a file may cost, by the names that a profile's `[limits]` uses.
//!
//! To add one: a line in the table below, and its name among the profile keys of the mapping crate.

use std::collections::BTreeMap;

use matricule_record::{Code, Finding, message};
use serde::{Deserialize, Serialize};

/// A limit as documented: its name, its default and its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The key in a profile's `[limits]`.
    pub name: &'static str,
    /// What holds without a profile.
    pub default: u64,
    /// What it limits, in a sentence.
    pub description: &'static str,
}

macro_rules! limits {
    ($($name:ident $default:literal $description:literal;)*) => {
        /// Every limit, for `docs/profiles.md`.
        pub const LIMITS: &[Limit] =
            &[$(Limit { name: stringify!($name), default: $default, description: $description }),*];

        /// What a file may cost before it, or the row concerned, is refused (I107).
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Limits { $(#[doc = $description] pub $name: u64),* }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default),* }
            }
        }

        impl Limits {
            fn by_name(&mut self, name: &str) -> Option<&mut u64> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }
        }
    };
}

limits! {
    cell_characters 32_767 "characters in one cell";
    columns 1_024 "columns of a sheet; a value further to the right refuses its row";
    rows 100_000_000 "rows of a sheet";
    memory_megabytes 1_000 "address space of the process that reads a workbook, in MiB; not held on Windows, where only time and the directory of a zip are";
    seconds 120 "seconds that a workbook may take to read; two more are allowed for each MiB of the file";
    expansion 200 "how many times its size a workbook or a packed text may inflate to; 256 MiB are always allowed";
    archive_entries 20_000 "files in a zip archive, which a workbook is too";
    line_bytes 1_048_576 "bytes of a physical line of a CSV";
    quoted_bytes 65_536 "bytes of a quoted cell of a CSV; one that is longer counts as not closed (I106)";
    quoted_lines 64 "physical lines of a quoted cell of a CSV; one of more counts as not closed (I106)";
    formula_depth 64 "functions and parentheses inside each other in a formula that is nothing but text; deeper ones have no value (I110)";
}

/// What a quoted cell of a CSV may hold before it counts as not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QuotedCell {
    pub bytes: usize,
    pub lines: usize,
}

/// What a file may always inflate to, in bytes.
const ALWAYS_ALLOWED: u64 = 256 << 20;

impl Limits {
    /// The most that a file of that size may inflate to, in bytes.
    pub(crate) fn inflated(&self, bytes: u64) -> u64 {
        bytes.saturating_mul(self.expansion).max(ALWAYS_ALLOWED)
    }

    /// Bytes of the longest line, as a length in memory.
    pub(crate) fn line_length(&self) -> usize {
        usize::try_from(self.line_bytes).unwrap_or(usize::MAX).max(1)
    }

    /// What a quoted cell of a CSV may hold.
    pub(crate) fn quoted(&self) -> QuotedCell {
        let length = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX).max(1);
        QuotedCell { bytes: length(self.quoted_bytes), lines: length(self.quoted_lines) }
    }

    /// These limits, changed by a profile's section; M506 where a name is not known.
    pub fn changed_by(&self, section: &BTreeMap<String, u64>) -> Result<Self, Finding> {
        let mut limits = self.clone();
        for (name, value) in section {
            let Some(limit) = limits.by_name(name) else {
                let known: Vec<&str> = LIMITS.iter().map(|limit| limit.name).collect();
                let message = message!("m506-limit", name = name, known = known.join(", "));
                return Err(Finding::new(Code::M506, message));
            };
            *limit = *value;
        }
        Ok(limits)
    }

    /// Seconds for a workbook of that size.
    pub(crate) fn seconds_for(&self, bytes: u64) -> u64 {
        self.seconds.saturating_add(2 * (bytes >> 20))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_changes_limits_by_name() {
        let changed = |name: &str| Limits::default().changed_by(&BTreeMap::from([(name.to_owned(), 7)]));
        for limit in LIMITS {
            let mut limits = changed(limit.name).unwrap();
            assert_eq!(limits.by_name(limit.name), Some(&mut 7), "{}", limit.name);
        }
        assert!(changed("colums").is_err_and(|finding| finding.code == Code::M506));
    }
}
