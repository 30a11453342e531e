//! The key of an encrypted registry, where the program is built with the feature `sqlcipher`: the whole file is
//! encrypted by `SQLCipher`, its journals included.
//!
//! A process works with one key, which is set before the first registry is opened; so no call has to hand it on, and
//! no message can show it.

use rusqlite::Connection;

#[cfg(feature = "sqlcipher")]
static KEY: std::sync::OnceLock<String> = std::sync::OnceLock::new();

/// Sets the key under which every registry of this process is written and read. Whether it is the first that is
/// set: a second one is not taken.
#[cfg(feature = "sqlcipher")]
pub fn set_key(key: String) -> bool {
    KEY.set(key).is_ok()
}

/// Whether a registry is written and read under a key.
#[cfg(feature = "sqlcipher")]
pub(crate) fn is_set() -> bool {
    KEY.get().is_some()
}

/// Without the feature there is no key.
#[cfg(not(feature = "sqlcipher"))]
pub(crate) fn is_set() -> bool {
    false
}

/// Gives a connection its key, before all else that it is asked.
#[cfg(feature = "sqlcipher")]
pub(crate) fn apply(connection: &Connection) -> rusqlite::Result<()> {
    KEY.get().map_or(Ok(()), |key| connection.pragma_update(None, "key", key))
}

/// Without the feature there is nothing to give.
#[cfg(not(feature = "sqlcipher"))]
#[expect(clippy::unnecessary_wraps, reason = "as with the feature")]
pub(crate) fn apply(_: &Connection) -> rusqlite::Result<()> {
    Ok(())
}
