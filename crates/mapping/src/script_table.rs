//! A script table: rows of all layers in order, lowest layer first, with the table's meta data.
//!
//! Checked here: that the file has the shape of one (columns, kinds, conditions, code points).
//! What the rows have to satisfy together is the compiler's business (transliteration crate).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use matricule_record::{Code, Reading, StoredMapping, Text, Variant};

use crate::escape::{escaped, unescaped};
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
    /// Names a symbol and says where it belongs; in `mappings/symbols/` only.
    Symbol,
    /// The name of a Latin letter in the table's script (`에이` for A), a row of `mappings/lexicon/`;
    /// one that may name several letters says nothing in `to`.
    Name,
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

impl RowKind {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("name", |(name, _)| name)
    }
}

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
    After(Box<str>),
    /// Right before one of these characters.
    Before(Box<str>),
    /// In this field only.
    Field(Box<str>),
}

impl When {
    fn parse(text: &str) -> Option<Self> {
        Some(match text.split_once('=') {
            None if text.is_empty() => Self::Always,
            None if text == "initial" => Self::Initial,
            None if text == "final" => Self::Final,
            Some(("after", characters)) => Self::After(characters.into()),
            Some(("before", characters)) => Self::Before(characters.into()),
            Some(("field", name)) => Self::Field(name.into()),
            _ => return None,
        })
    }
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Always => Ok(()),
            Self::Initial => f.write_str("initial"),
            Self::Final => f.write_str("final"),
            Self::After(set) => write!(f, "after={set}"),
            Self::Before(set) => write!(f, "before={set}"),
            Self::Field(name) => write!(f, "field={name}"),
        }
    }
}

/// A row of a script table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// What it does.
    pub kind: RowKind,
    /// The characters it is about.
    pub from: Text,
    /// What they become.
    pub to: Text,
    /// Where it applies.
    pub when: When,
    /// The standard that says so.
    pub source: Arc<str>,
    /// A note; `unverified` where no second source confirms the row.
    pub note: Text,
    /// The layer it stands in, counted from the lowest.
    pub layer: u16,
    /// The script that its layer declares, ISO 15924; `Zyyy` for rows of any script.
    pub script: Arc<str>,
    /// File, line and the column of `from`.
    pub place: Place,
    /// The column of `to`.
    pub to_column: u32,
}

/// A script table with all layers below it. Tables share the rows of the layers that they share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScriptTable {
    /// Its id, the name of its file.
    pub id: String,
    /// Its meta rows: key and value.
    pub meta: BTreeMap<String, String>,
    /// Where the alphabet is declared.
    pub alphabet_place: Option<Place>,
    /// Its rows, lowest layer first.
    pub rows: Vec<Arc<TableRow>>,
}

const COLUMNS: [&str; 6] = ["kind", "from", "to", "when", "source", "note"];
/// A change of the conversion itself changes every table's identity.
const ENGINE: &str = "matricule-2";
/// Keys of meta rows.
const META: [&str; 11] = [
    "id", "edition", "script", "language", "reading", "variant", "extends", "case", "alphabet", "shortest",
    "names",
];

/// Reads script tables, each file once: most extend the common one.
pub(crate) struct Tables<'a> {
    files: &'a Files,
    known: HashMap<String, ScriptTable>,
}

impl<'a> Tables<'a> {
    pub fn new(files: &'a Files) -> Self {
        Self { files, known: HashMap::new() }
    }

    /// A table with every layer below it, and the letter names of its language above.
    pub fn load(&mut self, id: &str) -> Result<ScriptTable, Error> {
        let mut table = self.load_file(id, 0)?;
        let language = table.language().to_owned();
        if !language.is_empty() && table.reading() == Reading::Sound {
            // An operator's file need not say again what the shipped one does.
            let mut known = BTreeMap::new();
            for layer in self.files.layers(&format!("lexicon/{language}.csv"))? {
                let Parsed { meta, rows, .. } = parse(&layer)?;
                known.extend(meta);
                match known.get("script") {
                    None => {
                        let message = "declares no script: add `meta,script,…`, such as Deva";
                        return Err(Error::new(Code::M502, &layer.path, 0, message));
                    }
                    Some(script) if script == table.script() => table.add_names(&known, rows),
                    Some(_) => {}
                }
            }
        }
        Ok(table)
    }

    /// A table with what it extends below it. The meta data of the file itself wins.
    fn load_file(&mut self, id: &str, depth: usize) -> Result<ScriptTable, Error> {
        if let Some(table) = self.known.get(id) {
            return Ok(table.clone());
        }
        let name = format!("scripts/{id}.csv");
        let layers = self.files.layers(&name)?;
        if layers.is_empty() || depth > 4 {
            let message =
                if depth > 4 { "extends a table that extends it" } else { "there is no such script table" };
            return Err(Error::new(Code::M501, &format!("mappings/{name}"), 0, message));
        }
        let parsed = layers.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
        let mut table = match parsed.iter().rev().find_map(|layer| layer.meta.get("extends")) {
            Some(below) => self.load_file(below, depth + 1).map_err(|error| extended_by(id, below, error))?,
            None => ScriptTable::default(),
        };
        id.clone_into(&mut table.id);
        for Parsed { meta, alphabet_place, rows } in parsed {
            table.alphabet_place = alphabet_place.or(table.alphabet_place);
            table.add_layer(meta, rows);
        }
        self.known.insert(id.to_owned(), table.clone());
        Ok(table)
    }
}

/// A fault of a table that another one extends, where it is not there: what names it is to be corrected.
fn extended_by(id: &str, below: &str, error: Error) -> Error {
    if error.place.line > 0 {
        return error;
    }
    Error { message: format!("{}, and {id} extends `{below}`", error.message), ..error }
}

impl ScriptTable {
    fn add_layer(&mut self, meta: BTreeMap<String, String>, rows: Vec<TableRow>) {
        let layer = self.rows.last().map_or(0, |row| row.layer + 1);
        self.meta.extend(meta);
        let script: Arc<str> = self.script().into();
        for row in rows {
            let script = if row.script.is_empty() { Arc::clone(&script) } else { row.script };
            self.rows.push(Arc::new(TableRow { layer, script, ..row }));
        }
    }

    /// Adds the letter names of a language: in a lexicon, map and review rows are about names.
    fn add_names(&mut self, meta: &BTreeMap<String, String>, rows: Vec<TableRow>) {
        let kind = |kind| if matches!(kind, RowKind::Map | RowKind::Review) { RowKind::Name } else { kind };
        let rows = rows.into_iter().map(|row| TableRow { kind: kind(row.kind), ..row }).collect();
        let own = |(key, _): &(&String, &String)| matches!(key.as_str(), "shortest" | "names");
        let meta = meta.iter().filter(own).map(|(key, value)| (key.clone(), value.clone()));
        self.add_layer(meta.collect(), rows);
    }

    /// A ledger's own rows, from its profile, as the highest layer.
    #[must_use]
    pub fn with_profile(mut self, mapping: &[(Text, Text)]) -> Self {
        let row = |(from, to): &(Text, Text)| TableRow {
            kind: RowKind::Map,
            from: from.clone(),
            to: to.clone(),
            when: When::Always,
            source: "ledger profile".into(),
            note: "overrides".into(),
            layer: 0,
            script: script_of_row(from).into(),
            place: Place::new("ledger.toml", 0),
            to_column: 0,
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
        Reading::from_name(self.meta("reading")).unwrap_or_default()
    }

    /// Whether it converts for a variant: `standard`, `strict`, or `both` where what the standard
    /// says is uniquely decodable already. A `plain` table converts for none: it makes search keys.
    pub fn serves(&self, variant: Variant) -> bool {
        match self.meta("variant") {
            "both" => true,
            "" => variant == Variant::Standard,
            name => name == variant.name(),
        }
    }

    /// The table as one that serves this variant only.
    #[must_use]
    pub fn for_variant(mut self, variant: Variant) -> Self {
        if self.meta("variant") == "both" {
            self.meta.insert("variant".to_owned(), variant.name().to_owned());
        }
        self
    }

    /// Whether every conversion of it has to be readable back.
    pub fn is_strict(&self) -> bool {
        self.serves(Variant::Strict)
    }

    /// Its identity: SHA-256 of the rows of all layers, the engine and the Unicode version.
    pub fn digest(&self) -> String {
        hex_digest(self.canonical().as_bytes())
    }

    /// The rows as a registry keeps them.
    pub fn stored(&self) -> StoredMapping {
        let content = self.canonical();
        StoredMapping { kind: "script", id: self.id.clone(), digest: hex_digest(content.as_bytes()), content }
    }

    /// The table as a registry kept it; `None` where the text is none. Its rows do not know their
    /// files any more.
    pub fn of_stored(id: &str, content: &str) -> Option<Self> {
        let mut table = Self { id: id.to_owned(), ..Self::default() };
        let place = Place::new("stored", 0);
        for line in content.lines().skip(1) {
            let cells: Vec<String> = line.split('\t').map(unescaped).collect();
            if let [kind, key, value] = &cells[..]
                && kind == "meta"
            {
                table.meta.insert(key.clone(), value.clone());
                continue;
            }
            let [layer, kind, script, from, to, when, source, note] = &cells[..] else { return None };
            let kind = KINDS.iter().find(|(name, _)| name == kind).map_or(RowKind::Name, |(_, kind)| *kind);
            table.rows.push(Arc::new(TableRow {
                kind,
                from: from.into(),
                to: to.into(),
                when: When::parse(when)?,
                source: source.as_str().into(),
                note: note.into(),
                layer: layer.parse().ok()?,
                script: script.as_str().into(),
                place: place.clone(),
                to_column: 0,
            }));
        }
        Some(table)
    }

    /// Meta data and rows of all layers, a line each, tab-separated, after the engine and its
    /// Unicode version.
    fn canonical(&self) -> String {
        let (major, minor, update) = matricule_text::UNICODE_VERSION;
        let mut text = format!("{ENGINE}\tUnicode {major}.{minor}.{update}\n");
        for (key, value) in &self.meta {
            text.push_str(&format!("meta\t{}\t{}\n", escaped(key), escaped(value)));
        }
        for row in &self.rows {
            text.push_str(&row.layer.to_string());
            let when = row.when.to_string();
            let cells = [row.kind.name(), &row.script, &row.from, &row.to, &when, &row.source, &row.note];
            for cell in cells {
                text.push('\t');
                text.push_str(&escaped(cell));
            }
            text.push('\n');
        }
        text
    }
}

/// The script of the first letter; `Zyyy` where there is none.
fn script_of_row(from: &str) -> &'static str {
    let scripts = from.chars().map(matricule_text::script_of);
    scripts.into_iter().find(|script| !matches!(*script, "Zyyy" | "Zinh")).unwrap_or("Zyyy")
}

/// One file of a table.
#[derive(Default)]
struct Parsed {
    meta: BTreeMap<String, String>,
    alphabet_place: Option<Place>,
    rows: Vec<TableRow>,
}

/// The names of Latin letters in every language that has a lexicon, in small letters.
pub(crate) fn letter_names(files: &Files) -> Result<HashSet<String>, Error> {
    let mut names = HashSet::new();
    for language in files.ids("lexicon") {
        for layer in files.layers(&format!("lexicon/{language}.csv"))? {
            let rows = parse(&layer)?.rows.into_iter();
            let rows = rows.filter(|row| matches!(row.kind, RowKind::Map | RowKind::Review));
            names.extend(rows.map(|row| row.from.as_str().to_lowercase()));
        }
    }
    Ok(names)
}

fn parse(layer: &Layer) -> Result<Parsed, Error> {
    let (mut parsed, mut texts) = (Parsed::default(), Texts::default());
    sheet::read(layer, &COLUMNS, |row| {
        if row.cells[0] == "meta" {
            check_meta(layer, &row)?;
            if row.cells[1] == "alphabet" {
                parsed.alphabet_place = Some(row.place(layer, 2));
            }
            parsed.meta.insert(row.cells[1].clone(), row.cells[2].clone());
        } else if !row.cells.iter().all(String::is_empty) {
            parsed.rows.push(parse_row(layer, &row, &mut texts)?);
        }
        Ok(())
    })?;
    Ok(parsed)
}

fn check_meta(layer: &Layer, row: &sheet::SheetRow) -> Result<(), Error> {
    let (key, value) = (row.cells[1].as_str(), row.cells[2].as_str());
    let known: &[&str] = match key {
        "reading" => &["sound", "look"],
        "variant" => &["standard", "strict", "both", "plain"],
        "case" => &["fold"],
        "names" => &["divided"],
        "alphabet" | "script" | "id" if value.is_empty() => &["a value"],
        _ if META.contains(&key) => return Ok(()),
        _ => {
            let message = format!("`{key}` is no meta key; known are {}", META.join(", "));
            return Err(Error::at(Code::M502, row.place(layer, 1), message));
        }
    };
    if known.contains(&value) {
        return Ok(());
    }
    let message = format!("{key} `{value}` is not known; write {}", known.join(" or "));
    Err(Error::at(Code::M502, row.place(layer, 2), message))
}

/// Texts that many rows of a file have, each once.
#[derive(Default)]
struct Texts(HashMap<String, Arc<str>>);

impl Texts {
    fn share(&mut self, text: &str) -> Arc<str> {
        match self.0.get(text) {
            Some(known) => Arc::clone(known),
            None => Arc::clone(self.0.entry(text.to_owned()).or_insert_with(|| text.into())),
        }
    }

    /// A place in the file, whose name all places share.
    fn place(&mut self, place: &Place) -> Place {
        Place { file: self.share(&place.file), ..place.clone() }
    }
}

fn parse_row(layer: &Layer, row: &sheet::SheetRow, texts: &mut Texts) -> Result<TableRow, Error> {
    let fault = |cell, message: String| Error::at(Code::M502, row.place(layer, cell), message);
    let [kind, from, to, when, source, note] = &row.cells[..] else {
        return Err(fault(0, "does not have six columns".to_owned()));
    };
    let (_, kind) = KINDS.iter().find(|(name, _)| name == kind).ok_or_else(|| {
        let known = KINDS.map(|(name, _)| name).join(", ");
        fault(0, format!("`{kind}` is no kind of row; known are meta, {known}"))
    })?;
    let when =
        if *kind == RowKind::Symbol { Some(When::Always) } else { When::parse(when) }.ok_or_else(|| {
            fault(
                3,
                format!("`{when}` is no condition; known are initial, final, after=…, before=…, field=…"),
            )
        })?;
    let unescaped = |cell: usize, text: &str| {
        sheet::unescape(text).ok_or_else(|| fault(cell, format!("`{text}` names no character")))
    };
    let from = unescaped(1, from)?;
    if from.is_empty() {
        return Err(fault(
            1,
            "says nothing in `from`: write the character or characters it is about".to_owned(),
        ));
    }
    let from = if *kind == RowKind::Test { from.trim_start_matches('\'').to_owned() } else { from };
    let [from, to, note] = [from.as_str(), to, note].map(Text::from);
    let (source, script) = (texts.share(source), texts.share(""));
    let (place, to_column) = (texts.place(&row.place(layer, 1)), row.starts[2]);
    Ok(TableRow { kind: *kind, from, to, when, source, note, layer: 0, script, place, to_column })
}
