//! The files that operators edit: script tables, vocabularies, header words and ledger profiles.
//!
//! Everything under `mappings/` is embedded, so the binary alone works; an operator's directory
//! lies over it, file by file and row by row. This crate reads, checks the shape of, layers and
//! digests the files. What the rows of a script table mean is the transliteration crate's business.

mod abbreviation;
mod content;
mod digest;
mod error;
mod escape;
mod files;
mod headers;
mod profile;
mod qualifier;
mod script_table;
mod sheet;
mod symbols;
mod table;
mod vocabulary;
mod vocabulary_check;

pub use content::Content;
pub use digest::hex_digest;
pub use error::{Error, Place};
pub use files::Files;
pub use headers::{HeaderMatch, HeaderWords};
pub use profile::{Draft, Profile, differing_keys, with_language};
pub use script_table::{RowKind, ScriptTable, TableRow, When};
pub use symbols::Symbols;
pub use table::Table;
pub use vocabulary::{Lookup, Vocabulary, VocabularyRow};
pub use vocabulary_check::VocabularyCheck;
