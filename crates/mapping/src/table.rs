//! Files of `mappings/vocabulary/` with columns of their own, such as models with their calibres.

use matricule_record::{Code, StoredMapping};

use crate::files::Files;
use crate::{Error, hex_digest, sheet};

/// The rows of such a file.
#[derive(Clone, Debug)]
pub struct Table {
    rows: Vec<Vec<String>>,
    stored: StoredMapping,
}

impl Table {
    /// Reads a file by the columns that are wanted of it; a row without the first two is not valid.
    pub fn load(files: &Files, name: &str, columns: &[&str]) -> Result<Self, Error> {
        let path = format!("vocabulary/{name}.csv");
        let mut rows = Vec::new();
        for layer in files.layers(&path)? {
            sheet::read(&layer, columns, |row| {
                if let Some(empty) = row.cells.iter().take(2).position(String::is_empty) {
                    let message = format!("a row needs {}", columns[..2].join(" and "));
                    return Err(Error::at(Code::M502, row.place(&layer, empty), message));
                }
                rows.push(row.cells);
                Ok(())
            })?;
        }
        let content: String = rows.iter().map(|row| format!("{}\n", row.join("\t"))).collect();
        let digest = hex_digest(content.as_bytes());
        Ok(Self { rows, stored: StoredMapping { kind: "vocabulary", id: name.to_owned(), digest, content } })
    }

    /// All rows, in file order.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// The rows as a registry keeps them.
    pub fn stored(&self) -> &StoredMapping {
        &self.stored
    }
}
