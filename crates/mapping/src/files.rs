//! Where mapping files come from: the shipped ones, embedded, and an operator's directory over them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use matricule_record::Code;

use crate::{Error, HeaderWords, ScriptTable, Vocabulary};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../mappings"]
#[include = "*.csv"]
struct Shipped;

/// One layer of a mapping file: its path for messages and its bytes.
pub(crate) struct Layer {
    pub path: String,
    pub bytes: Vec<u8>,
}

/// All mapping files: those shipped, and an operator's over them.
#[derive(Clone, Debug, Default)]
pub struct Files {
    directory: Option<PathBuf>,
}

impl Files {
    /// The shipped files alone.
    pub fn shipped() -> Self {
        Self::default()
    }

    /// An operator's directory, laid out like `mappings/`, over the shipped files. A directory that
    /// is not there is an error, so that a typing mistake does not silently convert without it.
    pub fn with_directory(directory: &Path) -> Result<Self, Error> {
        let holds = |name: &str| directory.join(name).exists();
        if ["scripts", "vocabulary", "headers.csv"].into_iter().any(holds) {
            return Ok(Self { directory: Some(directory.to_owned()) });
        }
        let message = "there is no such directory of mappings: it has no scripts/, vocabulary/ or headers.csv; \
                       check the path given with --mappings";
        Err(Error::new(Code::M501, &directory.display().to_string(), 0, message))
    }

    /// The layers of a file, lowest first; empty where neither is there.
    pub(crate) fn layers(&self, name: &str) -> Result<Vec<Layer>, Error> {
        let shipped = Shipped::get(name)
            .map(|file| Layer { path: format!("mappings/{name}"), bytes: file.data.into_owned() });
        Ok(shipped.into_iter().chain(self.operator_layer(name)?).collect())
    }

    fn operator_layer(&self, name: &str) -> Result<Option<Layer>, Error> {
        let Some(path) = self.directory.as_ref().map(|directory| directory.join(name)) else {
            return Ok(None);
        };
        if !path.exists() {
            return Ok(None);
        }
        let shown = path.display().to_string();
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(Layer { path: shown, bytes })),
            Err(error) => Err(Error::new(Code::M501, &shown, 0, format!("cannot be read: {error}"))),
        }
    }

    /// The ids of all script tables, sorted.
    pub fn script_ids(&self) -> Vec<String> {
        let shipped = Shipped::iter().filter_map(|path| script_id(&path));
        let own =
            self.directory.iter().filter_map(|directory| std::fs::read_dir(directory.join("scripts")).ok());
        let own = own
            .flatten()
            .flatten()
            .filter_map(|entry| script_id(&format!("scripts/{}", entry.file_name().to_string_lossy())));
        shipped.chain(own).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// A script table with every layer below it.
    pub fn script_table(&self, id: &str) -> Result<ScriptTable, Error> {
        ScriptTable::load(self, id)
    }

    /// A vocabulary of `mappings/vocabulary/`.
    pub fn vocabulary(&self, name: &str) -> Result<Vocabulary, Error> {
        Vocabulary::load(self, name)
    }

    /// The header words.
    pub fn header_words(&self) -> Result<HeaderWords, Error> {
        HeaderWords::load(self)
    }
}

fn script_id(path: &str) -> Option<String> {
    path.strip_prefix("scripts/")?.strip_suffix(".csv").map(str::to_owned)
}
