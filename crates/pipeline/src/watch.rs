//! What a run tells whoever watches it, and what it asks them.

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// Files are about to be read.
    Started {
        /// How many.
        files: u64,
        /// Their size.
        bytes: u64,
    },
    /// A file is being read.
    File {
        /// Its path, relative.
        path: &'a str,
    },
    /// Rows were loaded or refused.
    Rows(u64),
    /// A file is done.
    FileDone {
        /// Its size.
        bytes: u64,
    },
    /// All rows are in; links are resolved.
    Resolving,
    /// The report is written and the registry published.
    Publishing,
}

/// Somebody who watches a run.
pub trait Watch: Sync {
    /// Hears how far it is. Called from several threads.
    fn progress(&self, progress: Progress<'_>);

    /// Hears something that the result does not say.
    fn tell(&self, _text: &str) {}

    /// Whether the run is to stop and publish nothing.
    fn is_interrupted(&self) -> bool {
        false
    }
}

/// Nobody.
pub struct Silent;

impl Watch for Silent {
    fn progress(&self, _: Progress<'_>) {}
}
