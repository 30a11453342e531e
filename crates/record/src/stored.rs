//! A mapping file as a registry keeps it.

/// A mapping file by digest, with all that is needed to replay a conversion years later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredMapping {
    /// `script`, `vocabulary` or `headers`; `v_run.tables` lists those of kind `script`.
    pub kind: &'static str,
    /// Its name within the kind, for instance `cyrl-rus-icao9303`.
    pub id: String,
    /// Its identity: SHA-256 in hexadecimal. Content of a digest already stored is not stored again.
    pub digest: String,
    /// The rows of all its layers.
    pub content: String,
}
