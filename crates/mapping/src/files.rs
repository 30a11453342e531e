//! Where mapping files come from: the shipped ones, embedded, and an operator's directory over them.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use matricule_record::Code;

use crate::script_table::{Tables, letter_names};
use crate::{Error, HeaderWords, ScriptTable, Symbols, Vocabulary};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../mappings"]
#[include = "*.csv"]
struct Shipped;

/// What a directory of mappings holds.
const PARTS: [&str; 6] = ["scripts", "lexicon", "symbols", "vocabulary", "headers.csv", "headers.xlsx"];

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
        if PARTS.into_iter().any(holds) {
            check_names(directory)?;
            return Ok(Self { directory: Some(directory.to_owned()) });
        }
        let message = format!(
            "there is no such directory of mappings: it has none of {}; check the path given with --mappings",
            PARTS.join(", ")
        );
        Err(Error::new(Code::M501, &directory.display().to_string(), 0, message))
    }

    /// The layers of a file, lowest first; empty where neither is there.
    pub(crate) fn layers(&self, name: &str) -> Result<Vec<Layer>, Error> {
        let shipped = Shipped::get(name)
            .map(|file| Layer { path: format!("mappings/{name}"), bytes: file.data.into_owned() });
        Ok(shipped.into_iter().chain(self.operator_layer(name)?).collect())
    }

    /// The operator's file of a name, as CSV or as a workbook.
    fn operator_layer(&self, name: &str) -> Result<Option<Layer>, Error> {
        let Some(path) = self.directory.as_ref().map(|directory| directory.join(name)) else {
            return Ok(None);
        };
        let workbook = path.with_extension("xlsx");
        let path = match (path.exists(), workbook.exists()) {
            (false, false) => return Ok(None),
            (true, false) => path,
            (false, true) => workbook,
            (true, true) => {
                let message = "stands beside an .xlsx of the same name; take one of the two away";
                return Err(Error::new(Code::M501, &path.display().to_string(), 0, message));
            }
        };
        let shown = path.display().to_string();
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(Layer { path: shown, bytes })),
            Err(error) => Err(Error::new(Code::M501, &shown, 0, format!("cannot be read: {error}"))),
        }
    }

    /// The names without extension of the files of a folder of `mappings/`, sorted.
    pub(crate) fn ids(&self, folder: &str) -> Vec<String> {
        let shipped = Shipped::iter().filter_map(|path| id_in(folder, &path));
        let own = self.directory.iter().filter_map(|own| std::fs::read_dir(own.join(folder)).ok());
        let own = own
            .flatten()
            .flatten()
            .filter_map(|entry| id_in(folder, &format!("{folder}/{}", entry.file_name().to_string_lossy())));
        shipped.chain(own).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The ids of all script tables, sorted.
    pub fn script_ids(&self) -> Vec<String> {
        self.ids("scripts")
    }

    /// A script table with every layer below it.
    pub fn script_table(&self, id: &str) -> Result<ScriptTable, Error> {
        Tables::new(self).load(id)
    }

    /// Every script table, by id, or what is wrong with it.
    pub fn script_tables(&self) -> Vec<Result<ScriptTable, Error>> {
        let mut tables = Tables::new(self);
        self.script_ids().iter().map(|id| tables.load(id)).collect()
    }

    /// The names of Latin letters in every language that has a lexicon, in small letters.
    pub fn letter_names(&self) -> Result<HashSet<String>, Error> {
        letter_names(self)
    }

    /// A vocabulary of `mappings/vocabulary/`.
    pub fn vocabulary(&self, name: &str) -> Result<Vocabulary, Error> {
        Vocabulary::load(self, name)
    }

    /// The symbol rows: none is shipped, an operator decides which signs have a name.
    pub fn symbols(&self) -> Result<Symbols, Error> {
        Symbols::load(self)
    }

    /// The header words.
    pub fn header_words(&self) -> Result<HeaderWords, Error> {
        HeaderWords::load(self)
    }
}

/// Refuses what would silently not be used: a folder under another name, a file that is no table.
fn check_names(directory: &Path) -> Result<(), Error> {
    for (entry, name) in entries(directory) {
        let is_folder = entry.is_dir();
        if is_folder && !PARTS.contains(&name.as_str()) && name != "ledgers" {
            let message = format!("would not be used: folders of mappings are {}", PARTS[..4].join(", "));
            return Err(Error::new(Code::M501, &entry.display().to_string(), 0, message));
        }
        let tables = if is_folder { entries(&entry) } else { Vec::new() };
        if let Some((file, _)) = tables.iter().find(|(_, name)| !is_table(name)) {
            let message = "would not be used: a table is a file whose name ends in .csv or .xlsx";
            return Err(Error::new(Code::M501, &file.display().to_string(), 0, message));
        }
    }
    Ok(())
}

/// What a folder holds, sorted, without hidden files and the lock files of spreadsheet programs.
fn entries(folder: &Path) -> Vec<(PathBuf, String)> {
    let found = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let named = found.map(|entry| (entry.path(), entry.file_name().to_string_lossy().into_owned()));
    let mut named: Vec<_> = named.filter(|(_, name)| !is_aside(name)).collect();
    named.sort();
    named
}

fn is_aside(name: &str) -> bool {
    name.starts_with(['.', '~']) || name.to_lowercase().starts_with("readme")
}

fn is_table(name: &str) -> bool {
    [".csv", ".xlsx"].iter().any(|extension| name.strip_suffix(extension).is_some())
}

fn id_in(folder: &str, path: &str) -> Option<String> {
    let name = path.strip_prefix(folder)?.strip_prefix('/')?;
    name.strip_suffix(".csv").or_else(|| name.strip_suffix(".xlsx")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workbook(path: &Path, rows: &[[&str; 6]]) {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                sheet.write_string(row as u32, column as u16, *cell).unwrap();
            }
        }
        book.save(path).unwrap();
    }

    #[test]
    fn a_table_may_be_a_workbook() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("scripts")).unwrap();
        let path = folder.path().join("scripts/cyrl-rus-icao9303.xlsx");
        let head = ["kind", "from", "to", "when", "source", "note"];
        workbook(&path, &[head, ["map", "Х", "H", "", "office", "overrides KH"]]);
        let files = Files::with_directory(folder.path()).unwrap();
        let table = files.script_table("cyrl-rus-icao9303").unwrap();
        let own = table.rows.iter().find(|row| row.note == "overrides KH").unwrap();
        assert_eq!((own.from.as_str(), own.to.as_str()), ("Х", "H"));
        assert!(own.place.to_string().ends_with("cyrl-rus-icao9303.xlsx!B2"), "{}", own.place);
        std::fs::write(path.with_extension("csv"), "kind,from,to,when,source,note\n").unwrap();
        let error = files.script_table("cyrl-rus-icao9303").unwrap_err();
        assert!(error.to_string().contains("stands beside an .xlsx"), "{error}");
    }
}
