//! All tables of a run, and which of them converts a serial.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use matricule_mapping::{Error, Files, TableRow};
use matricule_record::{Code, Field, Reading, Settings, Text, Variant};
use matricule_text::{canonical_serial, script_of_serial};

use crate::convert::{Conversion, Transliterator};
use crate::mixed::LookAlikes;

/// The compiled tables.
struct Tables {
    /// By id.
    all: Vec<Arc<Transliterator>>,
    /// By each script that they are written with.
    by_script: HashMap<Text, Vec<Arc<Transliterator>>>,
}

impl Tables {
    fn new(all: Vec<Arc<Transliterator>>) -> Self {
        let mut by_script: HashMap<Text, Vec<Arc<Transliterator>>> = HashMap::new();
        for table in &all {
            let script = &table.purpose.script;
            let parts = SCRIPTS_OF_JAPANESE.into_iter().filter(|part| is_written_with(script, part));
            for part in parts.chain([script.as_str()]).collect::<BTreeSet<_>>() {
                by_script.entry(part.into()).or_default().push(Arc::clone(table));
            }
        }
        Self { all, by_script }
    }

    /// The tables that have letters of a serial's first script.
    fn of(&self, script: &str) -> &[Arc<Transliterator>] {
        let first = script.split('+').next().unwrap_or_default();
        self.by_script.get(first).map_or(&[], Vec::as_slice)
    }
}

/// A ledger's own rows, from its profile: from, to.
type OwnRows = Vec<(Text, Text)>;

/// The stage: every table, compiled, and those with a ledger's own rows over them.
pub struct Transliteration {
    files: Files,
    tables: Arc<Tables>,
    with_profile: Mutex<HashMap<OwnRows, Arc<Tables>>>,
    pub(crate) look_alikes: LookAlikes,
}

/// Which table converts a serial.
#[derive(Clone, Debug)]
pub enum Choice {
    /// This one.
    Table(Arc<Transliterator>),
    /// Several, which convert it differently: T311.
    Undetermined(Vec<Arc<Transliterator>>),
}

/// How a serial is converted, for a person.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The table.
    pub table: Arc<Transliterator>,
    /// The conversion.
    pub conversion: Conversion,
    /// Its steps: characters and row.
    pub steps: Vec<ExplainedStep>,
}

/// Characters of a serial and the row that converted them.
#[derive(Clone, Debug)]
pub struct ExplainedStep {
    /// The characters, in NFC.
    pub characters: String,
    /// The row.
    pub row: TableRow,
}

impl Transliteration {
    /// Compiles every table; all faults of all tables, where there are any.
    pub fn new(files: Files) -> Result<Self, Vec<Error>> {
        let tables = compile_all(&files, &[])?;
        let look = tables.all.iter().filter(|table| table.table().reading() == Reading::Look);
        let look_alikes = LookAlikes::new(look.map(AsRef::as_ref));
        Ok(Self { files, tables: Arc::new(tables), with_profile: Mutex::default(), look_alikes })
    }

    /// Every table, by id.
    pub fn tables(&self) -> &[Arc<Transliterator>] {
        &self.tables.all
    }

    /// Makes the tables of a ledger ready; the faults of its own rows, where there are any.
    pub fn prepare(&self, settings: &Settings) -> Result<(), Vec<Error>> {
        self.tables_of(settings).map(|_| ())
    }

    fn tables_of(&self, settings: &Settings) -> Result<Arc<Tables>, Vec<Error>> {
        if settings.mapping.is_empty() {
            return Ok(Arc::clone(&self.tables));
        }
        let is_plain = |(from, _): &&(Text, Text)| from.chars().all(|c| c.is_ascii_alphanumeric());
        if let Some((from, to)) = settings.mapping.iter().find(is_plain) {
            let message =
                format!("[mapping] would turn `{from}` into `{to}`; what is A–Z 0–9 already stays as it is");
            return Err(vec![Error::new(Code::M506, "ledger.toml", 0, message)]);
        }
        let mut known = self.with_profile.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(tables) = known.get(&settings.mapping) {
            return Ok(Arc::clone(tables));
        }
        let tables = Arc::new(compile_all(&self.files, &settings.mapping)?);
        known.insert(settings.mapping.clone(), Arc::clone(&tables));
        Ok(tables)
    }

    /// The table for a serial under a ledger's settings, in the reading asked for.
    ///
    /// The script decides; where several languages write it, the ledger's language; where that is
    /// not known, the tables that have all the serial's letters, if they agree on it.
    pub fn choose(&self, serial: &str, settings: &Settings, reading: Reading) -> Choice {
        self.choose_for(&script_of_serial(&canonical_serial(serial)), serial, settings, reading)
    }

    /// As [`Transliteration::choose`], for a serial whose script is known.
    pub(crate) fn choose_for(
        &self,
        script: &str,
        serial: &str,
        settings: &Settings,
        reading: Reading,
    ) -> Choice {
        let tables = self.tables_of(settings).unwrap_or_else(|_| Arc::clone(&self.tables));
        let language = settings.language.as_deref().unwrap_or_default();
        let deciding =
            if script.contains('+') { Cow::Owned(deciding(script)) } else { Cow::Borrowed(script) };
        let script = deciding.as_ref();
        let candidates = || tables.of(script).iter().filter(|table| is_for(table, script, reading, settings));
        let own = candidates().find(|table| table.purpose.language == language);
        let mut others = candidates();
        match (own, others.next(), others.next()) {
            (Some(table), ..) | (None, Some(table), None) => Choice::Table(Arc::clone(table)),
            (None, None, _) => Choice::Table(common(&tables)),
            (None, ..) => settle(&candidates().cloned().collect::<Vec<_>>(), serial),
        }
    }

    /// How a serial is converted under given settings; `None` where the language is undetermined.
    pub fn explain(&self, serial: &str, settings: &Settings) -> Option<Explanation> {
        let Choice::Table(table) = self.choose(serial, settings, settings.reading) else { return None };
        let mut conversion = Conversion::default();
        table.convert(serial, Field::Serial, &mut conversion);
        let characters: Vec<char> = matricule_text::nfc(serial).chars().collect();
        let explain = |step: &crate::Step| ExplainedStep {
            characters: characters[step.at as usize..(step.at + step.length) as usize].iter().collect(),
            row: table.row(*step).clone(),
        };
        let steps = conversion.steps.iter().map(explain).collect();
        Some(Explanation { table, conversion, steps })
    }
}

fn compile_all(files: &Files, own: &[(Text, Text)]) -> Result<Tables, Vec<Error>> {
    let (mut tables, mut faults) = (Vec::new(), Vec::new());
    for id in files.script_ids() {
        let compiled = files
            .script_table(&id)
            .map_err(|error| vec![error])
            .and_then(|table| Transliterator::compile(with_rows(table, own)));
        match compiled {
            Ok(table) => tables.push(Arc::new(table)),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(Tables::new(tables)) } else { Err(faults) }
}

/// The table with those of a ledger's own rows that are for its script.
fn with_rows(table: matricule_mapping::ScriptTable, own: &[(Text, Text)]) -> matricule_mapping::ScriptTable {
    let script = table.script().to_owned();
    let is_for_it = |(from, _): &&(Text, Text)| {
        let of_row = script_of_serial(from);
        of_row == script || of_row == "Zyyy" || (script == "Zyyy" && of_row == "Latn")
    };
    let rows: Vec<(Text, Text)> = own.iter().filter(is_for_it).cloned().collect();
    if rows.is_empty() { table } else { table.with_profile(&rows) }
}

fn common(tables: &Tables) -> Arc<Transliterator> {
    let fallback = || Arc::clone(&tables.all[0]);
    tables.all.iter().find(|table| table.id().as_ref() == "common").map_or_else(fallback, Arc::clone)
}

fn is_for(table: &Transliterator, script: &str, reading: Reading, settings: &Settings) -> bool {
    let purpose = &table.purpose;
    let is_variant = purpose.variant == settings.variant || purpose.variant == Variant::Standard;
    let has_script = script.split('+').all(|part| is_written_with(&purpose.script, part));
    has_script && purpose.reading == reading && is_variant
}

/// The scripts that Japanese is written with (`Jpan` in ISO 15924).
const SCRIPTS_OF_JAPANESE: [&str; 3] = ["Hira", "Kana", "Hani"];

/// Whether letters of a script stand in texts of another.
pub(crate) fn is_written_with(script: &str, part: &str) -> bool {
    script == part || (script == "Jpan" && SCRIPTS_OF_JAPANESE.contains(&part))
}

/// The scripts of a serial that decide about its table: every table has the Latin letters of the
/// common one, so they decide only where they stand alone.
fn deciding(script: &str) -> String {
    let others: Vec<&str> = script.split('+').filter(|part| *part != "Latn").collect();
    if others.is_empty() { script.to_owned() } else { others.join("+") }
}

/// Of several languages, those whose tables have all the serial's letters; their common result, or
/// none.
fn settle(candidates: &[Arc<Transliterator>], serial: &str) -> Choice {
    let mut conversion = Conversion::default();
    let mut results: Vec<(Result<String, Code>, Arc<Transliterator>)> = Vec::new();
    for table in candidates {
        table.convert(serial, Field::Serial, &mut conversion);
        let result = conversion.result().map(str::to_owned);
        if result != Err(Code::T301) {
            results.push((result, Arc::clone(table)));
        }
    }
    match results.split_first() {
        None => Choice::Table(Arc::clone(&candidates[0])),
        Some((first, others)) if others.iter().all(|(result, _)| *result == first.0) => {
            Choice::Table(Arc::clone(&first.1))
        }
        Some(_) => Choice::Undetermined(results.into_iter().map(|(_, table)| table).collect()),
    }
}
