//! Digests of mapping files: a conversion can be replayed years later only from the same rows.

use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal.
pub fn hex_digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
