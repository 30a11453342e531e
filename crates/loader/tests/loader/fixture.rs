//! Ledgers to load: a few calls make one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use matricule_loader::{EntryShape, Load, Manifest, PreparedEntry};
use matricule_record::{
    Cells, Code, Column, ConvertedRow, EntryId, Field, FieldValue, Fields, FileFacts, Finding, Ledger,
    LinkKeys, LinkedRow, Marking, NoSerial, Reading, Reject, SerialState, SheetFacts, Source, StoredMapping,
    Text,
};
use rusqlite::types::FromSql;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

/// A directory and the place of a registry in it.
pub struct Place {
    pub directory: TempDir,
    pub path: PathBuf,
}

impl Place {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("registry.db");
        Self { directory, path }
    }

    /// The names of all files in the directory.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.directory.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A registry of one ledger with these serials.
    pub fn with(serials: &[&str]) -> Self {
        let place = Self::new();
        let mut load = place.begin();
        load_file(&mut load, "first.csv", serials, 0);
        load.publish().unwrap();
        place
    }

    pub fn begin(&self) -> Load {
        Load::begin(&self.path, &manifest()).unwrap()
    }

    /// One value of the published registry.
    pub fn value<T: FromSql>(&self, sql: &str) -> T {
        reader(&self.path)
            .query_row(sql, [], |row| row.get(0))
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }
}

/// A reader that is not of our making, such as a script.
pub fn reader(path: &Path) -> Connection {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

pub fn manifest() -> Manifest {
    let mapping = |kind: &'static str, id: &str| StoredMapping {
        kind,
        id: id.into(),
        digest: format!("digest of {id}"),
        content: format!("content of {id}"),
    };
    Manifest {
        command: "matricule convert first.csv".into(),
        operator: Some("A. Clerk".into()),
        version: "0.1.0".into(),
        mappings: vec![mapping("script", "latn"), mapping("vocabulary", "country")],
    }
}

pub fn facts(path: &str) -> FileFacts {
    FileFacts {
        path: path.into(),
        sha256: format!("sha of {path}").into(),
        bytes: 12,
        format: "csv".into(),
        encoding: Some("UTF-8".into()),
        register: Some("military".into()),
        profile: Some("[ledger]\nlanguage = \"ru\"\n".into()),
        ..FileFacts::default()
    }
}

/// A sheet with columns for serial, make, barrel and one that matches no field.
pub fn ledger(file: &str) -> Arc<Ledger> {
    let column = |header: &str, field| Column { header: header.into(), field, ..Column::default() };
    Arc::new(Ledger {
        file: file.into(),
        columns: vec![
            column("№", Some(Field::Serial)),
            column("Make", Some(Field::Make)),
            column("Barrel", Some(Field::BarrelSerial)),
            column("Shelf", None),
        ],
        ..Ledger::default()
    })
}

pub fn marking(field: Field, original: &str, converted: &str) -> Marking {
    Marking {
        field,
        original: original.into(),
        canonical: original.replace(' ', "").into(),
        script: "Cyrl".into(),
        converted: converted.into(),
        table: "cyrl-rus-icao9303".into(),
        reading: Reading::Sound,
        other_reading: Some(format!("OTHER{converted}").into()),
        written: format!("WRITTEN{converted}").into(),
        plain_key: Some(format!("PLAIN{converted}").into()),
        dropped: Text::default(),
    }
}

/// A row of `cells` under the columns of [`ledger`], with its make as written.
pub fn row(ledger: &Arc<Ledger>, at: u32, cells: &[&str], serial: SerialState) -> LinkedRow {
    let mut fields = Fields::default();
    if let Some(make) = cells.get(1) {
        fields.set(Field::Make, FieldValue { text: Text::from(*make), column: Some(1) });
    }
    let row = ConvertedRow {
        source: Source { ledger: Arc::clone(ledger), row: at },
        cells: Cells::from_texts(cells.iter().copied()),
        carried: vec![],
        fields,
        serial,
        markings: vec![],
        completeness: 0.5,
        flags: vec![],
    };
    LinkedRow { row, keys: LinkKeys::default() }
}

/// A row whose serial is converted as it stands.
pub fn plain(ledger: &Arc<Ledger>, at: u32, serial: &str) -> LinkedRow {
    let state = SerialState::Converted(marking(Field::Serial, serial, serial));
    row(ledger, at, &[serial, "Tula"], state)
}

pub fn absent(code: NoSerial, pattern: &str) -> SerialState {
    SerialState::Absent { code, pattern: pattern.into() }
}

pub fn reject(ledger: &Arc<Ledger>, at: u32, serial: &str) -> Reject {
    let no_mapping = Finding::new(Code::T301, "no mapping for 'Ѵ'").suggest("Add a row.");
    Reject {
        source: Source { ledger: Arc::clone(ledger), row: at },
        cells: Cells::from_texts([serial, ""]),
        carried: vec![],
        findings: vec![
            no_mapping.at(Some(Field::Serial), Some(0), serial),
            Finding::new(Code::S201, "make is missing").at(Some(Field::Make), None, ""),
        ],
    }
}

/// Loads a file of one sheet: a header, then the serials, then as many rejects.
pub fn load_file(load: &mut Load, path: &str, serials: &[&str], rejects: u32) -> Vec<EntryId> {
    load.start_file(&facts(path)).unwrap();
    let ledger = ledger(path);
    load.start_sheet(&ledger).unwrap();
    let rows = 2..;
    let entries = rows
        .zip(serials)
        .map(|(at, serial)| load.entry(&ready(&plain(&ledger, at, serial))).unwrap())
        .collect();
    let after = serials.len() as u32 + 2;
    for at in after..after + rejects {
        load.reject(&reject(&ledger, at, "Ѵ1")).unwrap();
    }
    load.end_sheet(&sheet_facts(serials.len() as u64, u64::from(rejects))).unwrap();
    load.end_file().unwrap();
    entries
}

/// The counts of a sheet with a header row.
pub fn sheet_facts(loaded: u64, rejected: u64) -> SheetFacts {
    SheetFacts {
        rows_read: loaded + rejected + 1,
        rows_loaded: loaded,
        rows_rejected: rejected,
        skipped: [(matricule_record::SkipClass::Header, 1)].into(),
        ..SheetFacts::default()
    }
}

/// A row as a worker makes it ready to be written.
pub fn ready(row: &LinkedRow) -> PreparedEntry {
    EntryShape::of(&row.row.source.ledger).prepare(&row.row)
}
