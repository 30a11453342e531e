//! A script table: rows of all layers in order, lowest layer first, with the table's meta data.
//!
//! Checked here: that the file has the shape of one (columns, kinds, conditions, code points).
//! What the rows have to satisfy together is the compiler's business (transliteration crate).

use std::collections::BTreeMap;

use matricule_record::{Code, Reading, StoredMapping, Text, Variant};

use crate::files::{Files, Layer};
use crate::{Error, Place, hex_digest, sheet};

/// What a row does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// Converts characters.
    Map,
    /// Converts a run of ten digits.
    Digits,
    /// Names a built-in evaluator of numerals.
    Numeral,
    /// Lets a character disappear, counted and traced.
    Drop,
    /// Refuses a character until somebody decides (T310).
    Review,
    /// Names a symbol and says where it belongs.
    Symbol,
    /// Tests the table.
    Test,
    /// Accepts a merge or an ambiguity of a strict table.
    Waive,
}

const KINDS: [(&str, RowKind); 8] = [
    ("map", RowKind::Map),
    ("digits", RowKind::Digits),
    ("numeral", RowKind::Numeral),
    ("drop", RowKind::Drop),
    ("review", RowKind::Review),
    ("symbol", RowKind::Symbol),
    ("test", RowKind::Test),
    ("waive", RowKind::Waive),
];

/// Where a map row applies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum When {
    /// Everywhere.
    #[default]
    Always,
    /// First letter of a run between separators, digits or ends.
    Initial,
    /// Last letter of such a run.
    Final,
    /// Right after one of these characters.
    After(String),
    /// Right before one of these characters.
    Before(String),
    /// In this field only.
    Field(String),
}

impl When {
    fn parse(text: &str) -> Option<Self> {
        Some(match text.split_once('=') {
            None if text.is_empty() => Self::Always,
            None if text == "initial" => Self::Initial,
            None if text == "final" => Self::Final,
            Some(("after", characters)) => Self::After(characters.to_owned()),
            Some(("before", characters)) => Self::Before(characters.to_owned()),
            Some(("field", name)) => Self::Field(name.to_owned()),
            _ => return None,
        })
    }
}

/// A row of a script table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// What it does.
    pub kind: RowKind,
    /// The characters it is about.
    pub from: String,
    /// What they become.
    pub to: String,
    /// Where it applies.
    pub when: When,
    /// The standard that says so.
    pub source: Text,
    /// A note; `unverified` where no second source confirms the row.
    pub note: Text,
    /// The layer it stands in, counted from the lowest.
    pub layer: usize,
    /// The script that its layer declares, ISO 15924; `Zyyy` for rows of any script.
    pub script: Text,
    /// File and line.
    pub place: Place,
}

/// A script table with all layers below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptTable {
    /// Its id, the name of its file.
    pub id: String,
    /// Its meta rows: key, and value with source.
    pub meta: BTreeMap<String, String>,
    /// Its rows, lowest layer first.
    pub rows: Vec<TableRow>,
    canonical: String,
}

const COLUMNS: [&str; 6] = ["kind", "from", "to", "when", "source", "note"];
/// A change of the conversion itself changes every table's identity.
const ENGINE: &str = "matricule-1";

impl ScriptTable {
    pub(crate) fn load(files: &Files, id: &str) -> Result<Self, Error> {
        let mut table = Self {
            id: id.to_owned(),
            meta: BTreeMap::new(),
            rows: Vec::new(),
            canonical: ENGINE.to_owned() + "\n",
        };
        table.add_file(files, id, 0)?;
        Ok(table)
    }

    /// Adds a file, what it extends first. The meta data of the file itself wins.
    fn add_file(&mut self, files: &Files, id: &str, depth: usize) -> Result<(), Error> {
        let name = format!("scripts/{id}.csv");
        let layers = files.layers(&name)?;
        if layers.is_empty() || depth > 4 {
            let message =
                if depth > 4 { "extends a table that extends it" } else { "there is no such script table" };
            return Err(Error::new(Code::M501, &format!("mappings/{name}"), 0, message));
        }
        let parsed = layers.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
        if let Some(below) = parsed.iter().rev().find_map(|(meta, _)| meta.get("extends")) {
            self.add_file(files, below, depth + 1)?;
        }
        for (meta, rows) in parsed {
            self.add_layer(meta, rows);
        }
        Ok(())
    }

    fn add_layer(&mut self, meta: BTreeMap<String, String>, rows: Vec<TableRow>) {
        let layer = self.rows.last().map_or(0, |row| row.layer + 1);
        self.meta.extend(meta);
        let script = Text::from(self.script());
        for row in rows {
            let cells =
                [&row.from, &row.to, &format!("{:?}", row.when), row.source.as_str(), row.note.as_str()];
            self.canonical.push_str(&format!("{layer}\t{:?}\t{}\n", row.kind, cells.join("\t")));
            let script = if row.script.is_empty() { script.clone() } else { row.script };
            self.rows.push(TableRow { layer, script, ..row });
        }
    }

    /// A ledger's own rows, from its profile, as the highest layer.
    #[must_use]
    pub fn with_profile(mut self, mapping: &[(Text, Text)]) -> Self {
        let row = |(from, to): &(Text, Text)| TableRow {
            kind: RowKind::Map,
            from: from.to_string(),
            to: to.to_string(),
            when: When::Always,
            source: "ledger profile".into(),
            note: "overrides".into(),
            layer: 0,
            script: "Zyyy".into(),
            place: Place { file: "ledger.toml".into(), line: 0 },
        };
        self.add_layer(BTreeMap::new(), mapping.iter().map(row).collect());
        self
    }

    /// A meta value; empty where it is not given.
    pub fn meta(&self, key: &str) -> &str {
        self.meta.get(key).map_or("", String::as_str)
    }

    /// Script of its letters, ISO 15924.
    pub fn script(&self) -> &str {
        self.meta("script")
    }

    /// Language, ISO 639-1; empty for a table of any language.
    pub fn language(&self) -> &str {
        self.meta("language")
    }

    /// Its reading.
    pub fn reading(&self) -> Reading {
        if self.meta("reading") == "look" { Reading::Look } else { Reading::Sound }
    }

    /// Its variant.
    pub fn variant(&self) -> Variant {
        if self.meta("variant") == "strict" { Variant::Strict } else { Variant::Standard }
    }

    /// Its identity: SHA-256 of the rows of all layers, the engine and the Unicode version.
    pub fn digest(&self) -> String {
        hex_digest(self.canonical.as_bytes())
    }

    /// The rows as a registry keeps them.
    pub fn stored(&self) -> StoredMapping {
        StoredMapping {
            kind: "script",
            id: self.id.clone(),
            digest: self.digest(),
            content: self.canonical.clone(),
        }
    }
}

type Parsed = (BTreeMap<String, String>, Vec<TableRow>);

fn parse(layer: &Layer) -> Result<Parsed, Error> {
    let (mut meta, mut rows) = (BTreeMap::new(), Vec::new());
    for row in sheet::read(layer, &COLUMNS)? {
        if row.cells[0] == "meta" {
            meta.insert(row.cells[1].clone(), row.cells[2].clone());
        } else if !row.cells.iter().all(String::is_empty) {
            rows.push(parse_row(layer, &row)?);
        }
    }
    Ok((meta, rows))
}

fn parse_row(layer: &Layer, row: &sheet::SheetRow) -> Result<TableRow, Error> {
    let fault = |message: String| Error::new(Code::M502, &layer.path, row.line, message);
    let [kind, from, to, when, source, note] = &row.cells[..] else {
        return Err(fault("does not have six columns".to_owned()));
    };
    let (_, kind) = KINDS.iter().find(|(name, _)| name == kind).ok_or_else(|| {
        fault(format!(
            "`{kind}` is no kind of row; known are meta, {}",
            KINDS.map(|(name, _)| name).join(", ")
        ))
    })?;
    let when = When::parse(when).ok_or_else(|| {
        fault(format!("`{when}` is no condition; known are initial, final, after=…, before=…, field=…"))
    })?;
    let from = sheet::unescape(from).ok_or_else(|| fault(format!("`{from}` names no character")))?;
    if from.is_empty() {
        return Err(fault("says nothing in `from`".to_owned()));
    }
    let from = if *kind == RowKind::Test { from.trim_start_matches('\'').to_owned() } else { from };
    let place = Place { file: layer.path.clone(), line: row.line };
    let (to, source, note) = (to.clone(), source.as_str().into(), note.as_str().into());
    Ok(TableRow { kind: *kind, from, to, when, source, note, layer: 0, script: Text::default(), place })
}
