//! What can name a person, hashed so that it can be erased by law and the chain of evidence stands.
//!
//! Of a row that holds such texts they are hashed apart from the others, with a salt that the row keeps: without the
//! salt nobody can try names until one fits. To erase them is to remove them and the salt, and to keep the digest.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Row;
use sha2::{Digest, Sha256};

use crate::evidence::{Hash, add, hexadecimal};

/// The columns of a sealed row that are the seal's own.
pub(crate) const COLUMNS: [&str; 2] = ["salt", "erased"];

/// Bytes of a salt: 96 bits are more than anybody can try.
const SALT: usize = 12;

/// A salt, as hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Salt([u8; 2 * SALT]);

impl Salt {
    /// One that was never drawn before, and that nobody can guess.
    pub fn draw() -> Self {
        static SEED: LazyLock<[u8; 32]> = LazyLock::new(seed);
        static DRAWN: AtomicU64 = AtomicU64::new(0);
        let mut hasher = Sha256::new_with_prefix(*SEED);
        hasher.update(DRAWN.fetch_add(1, Ordering::Relaxed).to_le_bytes());
        let digest = hasher.finalize();
        let digit = |half: u8| b"0123456789abcdef"[usize::from(half & 15)];
        Self(std::array::from_fn(|at| digit(digest[at / 2] >> (4 * (at % 2)))))
    }

    pub fn as_str(&self) -> &str {
        // The digits are ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// From the system's source of random numbers; every process has its own, and none keeps it.
fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    if getrandom::fill(&mut seed).is_err() {
        // A system without such a source: the time and the place in memory are all that there is.
        let place = std::ptr::from_ref(&seed) as usize;
        let time = jiff::Timestamp::now().as_nanosecond();
        let mut hasher = Sha256::new_with_prefix(time.to_le_bytes());
        hasher.update(place.to_le_bytes());
        hasher.update(std::process::id().to_le_bytes());
        seed = hasher.finalize().into();
    }
    seed
}

/// How a row keeps what can name a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seal<'a> {
    /// In the open: a row of a version that knew no seal.
    None,
    /// Hashed with this salt.
    Salt(&'a str),
    /// Erased; this is what it hashed to.
    Erased(Hash),
}

impl<'a> Seal<'a> {
    /// The seal of a row, by its columns.
    pub fn of(salt: Option<&'a str>, erased: Option<&str>) -> Self {
        match (salt, erased) {
            (_, Some(kept)) => Self::Erased(hash_of(kept)),
            (Some(salt), None) => Self::Salt(salt),
            (None, None) => Self::None,
        }
    }

    /// What texts under the seal hash to.
    pub fn hash<'n, 't>(&self, texts: impl Iterator<Item = (&'n str, &'t str)>) -> Option<Hash> {
        match self {
            Self::None => None,
            Self::Salt(salt) => Some(of_personal(salt, texts)),
            Self::Erased(kept) => Some(*kept),
        }
    }
}

/// SHA-256 of a salt and texts with their names.
pub(crate) fn of_personal<'n, 't>(salt: &str, texts: impl Iterator<Item = (&'n str, &'t str)>) -> Hash {
    let mut hasher = Sha256::new();
    add(&mut hasher, "salt", salt.as_bytes());
    texts.for_each(|(name, text)| add(&mut hasher, name, text.as_bytes()));
    hasher.finalize().into()
}

/// What the texts of a row that are under its seal hash to; `None` for a row without one.
pub(crate) fn of_row(row: &Row<'_>, sealed: &[&str]) -> rusqlite::Result<Option<Hash>> {
    let texts = texts(row, sealed)?;
    let texts = texts.iter().map(|(name, text)| (*name, text.as_str()));
    Ok(Seal::of(text(row, "salt")?.as_deref(), text(row, "erased")?.as_deref()).hash(texts))
}

/// The texts of a row in columns that are set.
pub(crate) fn texts<'c>(row: &Row<'_>, columns: &[&'c str]) -> rusqlite::Result<Vec<(&'c str, String)>> {
    let found = columns.iter().map(|name| Ok(text(row, name)?.map(|text| (*name, text))));
    found.filter_map(rusqlite::Result::transpose).collect()
}

/// A text that is set. What is no text any more reads as something else.
fn text(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<String>> {
    let value = row.get_ref(column)?;
    Ok(match value {
        rusqlite::types::ValueRef::Null => None,
        value => Some(value.as_str().unwrap_or("\u{fffd}").to_owned()),
    })
}

/// The texts of a refused row, its findings behind its cells.
pub(crate) fn refusal_texts<'a>(
    cells: Option<&'a str>,
    carried: Option<&'a str>,
    findings: impl Iterator<Item = (&'static str, &'a str)>,
) -> impl Iterator<Item = (&'static str, &'a str)> {
    let cells = cells.map(|cells| ("cells", cells));
    let carried = carried.map(|carried| ("carried", carried));
    cells.into_iter().chain(carried).chain(findings)
}

/// A digest as a row keeps it; one that is none is no digest of anything.
fn hash_of(text: &str) -> Hash {
    let mut hash = [0; 32];
    let digit = |at: usize| text.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = digit(2 * at).unwrap_or_default();
    }
    // Other letters for the same digits are another text.
    if hexadecimal(&hash) == text { hash } else { [0; 32] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_salt_is_drawn_twice() {
        let drawn: std::collections::HashSet<String> =
            (0..1000).map(|_| Salt::draw().as_str().to_owned()).collect();
        assert_eq!(drawn.len(), 1000);
        assert!(
            drawn.iter().all(|salt| salt.len() == 24 && salt.bytes().all(|byte| byte.is_ascii_hexdigit()))
        );
    }

    #[test]
    fn a_digest_is_read_as_it_is_written() {
        let hash = of_personal("salt", [("holder", "A")].into_iter());
        assert_eq!(Seal::of(None, Some(&hexadecimal(&hash))), Seal::Erased(hash));
        assert_eq!(Seal::of(None, Some(&hexadecimal(&hash).to_uppercase())), Seal::Erased([0; 32]));
    }

    #[test]
    fn another_salt_is_another_digest() {
        let hash = |salt| of_personal(salt, [("holder", "A")].into_iter());
        assert_ne!(hash("1"), hash("2"));
    }
}
