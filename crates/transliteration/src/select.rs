//! All tables of a run, and which of them converts a serial.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use matricule_mapping::{Error, Files, RowKind, ScriptTable, TableRow};
use matricule_record::{Code, Field, Mixed, Reading, Settings, Text, Variant};
use matricule_text::{canonical_serial, script_of, script_of_serial};

use crate::automaton::SharedPages;
use crate::conversion::Conversion;
use crate::convert::{Context, Transliterator};
use crate::mixed::LookAlikes;

/// The compiled tables.
struct Tables {
    /// By id.
    all: Vec<Arc<Transliterator>>,
    /// By script that they are written with, reading and variant; sorted.
    by_use: Vec<(u64, Vec<Arc<Transliterator>>)>,
    /// The one without letters of its own, for serials that need none.
    common: Arc<Transliterator>,
}

impl Tables {
    fn new(all: Vec<Arc<Transliterator>>) -> Self {
        let mut by_use: BTreeMap<u64, Vec<Arc<Transliterator>>> = BTreeMap::new();
        for table in &all {
            let script = &table.purpose.script;
            let parts = SCRIPTS_OF_JAPANESE.into_iter().filter(|part| is_written_with(script, part));
            for part in parts.chain([script.as_str()]).collect::<BTreeSet<_>>() {
                for (reading, variant) in USES.into_iter().filter(|(r, v)| table.purpose.serves(*r, *v)) {
                    by_use.entry(use_of(part, reading, variant)).or_default().push(Arc::clone(table));
                }
            }
        }
        let common = all.iter().find(|table| table.id().as_ref() == "common").unwrap_or(&all[0]);
        Self { common: Arc::clone(common), by_use: by_use.into_iter().collect(), all }
    }

    /// The tables for a reading and a variant that have letters of a serial's first script.
    fn of(&self, script: &str, reading: Reading, variant: Variant) -> &[Arc<Transliterator>] {
        let asked = use_of(script, reading, variant);
        let found = self.by_use.binary_search_by_key(&asked, |(known, _)| *known);
        found.map_or(&[], |at| &self.by_use[at].1)
    }
}

/// A script, a reading and a variant as one number.
fn use_of(script: &str, reading: Reading, variant: Variant) -> u64 {
    let (look, strict) = (reading == Reading::Look, variant == Variant::Strict);
    u64::from(tag(script)) << 2 | u64::from(look) << 1 | u64::from(strict)
}

const USES: [(Reading, Variant); 4] = [
    (Reading::Sound, Variant::Standard),
    (Reading::Sound, Variant::Strict),
    (Reading::Look, Variant::Standard),
    (Reading::Look, Variant::Strict),
];

/// The first four letters of a code as a number: the script of a serial, the code of a language. Every
/// serial asks.
pub(crate) fn tag(code: &str) -> u32 {
    code.bytes().take(4).fold(0, |tag, byte| tag << 8 | u32::from(byte))
}

/// The script of a serial's letters, `Zyyy` where it has none, `Jpan` for several of Japanese; `None`
/// for several others.
fn only_script(serial: &str) -> Option<&'static str> {
    let mut found = "Zyyy";
    if serial.is_ascii() {
        return Some(if serial.bytes().any(|byte| byte.is_ascii_alphabetic()) { "Latn" } else { "Zyyy" });
    }
    for script in serial.chars().map(script_of).filter(|script| !matches!(*script, "Zyyy" | "Zinh")) {
        found = match found {
            "Zyyy" => script,
            _ if found == script => script,
            _ if is_written_with("Jpan", found) && is_written_with("Jpan", script) => "Jpan",
            _ => return None,
        };
    }
    Some(found)
}

/// A ledger's own rows, from its profile: from, to.
type OwnRows = Vec<(Text, Text)>;

/// The stage: every table, compiled, and those with a ledger's own rows over them.
pub struct Transliteration {
    source: TableSource,
    tables: Arc<Tables>,
    with_profile: Mutex<HashMap<(OwnRows, Variant), Arc<Tables>>>,
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
    /// What they became.
    pub output: String,
    /// The row.
    pub row: TableRow,
}

impl Transliteration {
    /// Compiles every table; all faults of all tables, where there are any.
    pub fn new(files: Files) -> Result<Self, Vec<Error>> {
        Self::from_source(TableSource::Files(files))
    }

    /// Compiles tables that a registry kept, to convert as it once did.
    pub fn of_tables(tables: Vec<ScriptTable>) -> Result<Self, Vec<Error>> {
        Self::from_source(TableSource::Stored(tables))
    }

    fn from_source(source: TableSource) -> Result<Self, Vec<Error>> {
        let tables = compile_all(&source, &[], Variant::Standard)?;
        let look = tables.all.iter().filter(|table| table.table().reading() == Reading::Look);
        let look_alikes = LookAlikes::new(look.map(AsRef::as_ref));
        Ok(Self { source, tables: Arc::new(tables), with_profile: Mutex::default(), look_alikes })
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
        let asked = (settings.mapping.clone(), settings.variant);
        if let Some(tables) = known.get(&asked) {
            return Ok(Arc::clone(tables));
        }
        let tables = Arc::new(compile_all(&self.source, &settings.mapping, settings.variant)?);
        known.insert(asked, Arc::clone(&tables));
        Ok(tables)
    }

    /// The table for a serial under a ledger's settings, in the reading asked for.
    ///
    /// The script decides; where several languages write it, the ledger's language; where that is
    /// not known, the tables that have all the serial's letters, if they agree on it.
    pub fn choose(&self, serial: &str, settings: &Settings, reading: Reading) -> Choice {
        self.choose_for(&script_of_serial(&canonical_serial(serial)), serial, settings, reading)
    }

    /// Converts a serial under a ledger's settings, in one go and without allocating; `false` where several
    /// tables convert it differently (T311).
    pub fn convert(
        &self,
        serial: &str,
        settings: &Settings,
        context: impl Into<Context>,
        out: &mut Conversion,
    ) -> bool {
        let script = only_script(serial);
        // The ledger's own table, which most serials have, is used where it stands.
        let own =
            script.filter(|_| settings.mapping.is_empty()).and_then(|script| self.own(script, settings));
        if let Some(table) = own {
            table.convert(serial, context, out);
            return true;
        }
        let choice = match script {
            Some(script) => self.choose_for(script, serial, settings, settings.reading),
            None => self.choose(serial, settings, settings.reading),
        };
        let Choice::Table(table) = choice else { return false };
        table.convert(serial, context, out);
        true
    }

    /// The table of the ledger's language for a script.
    fn own(&self, script: &str, settings: &Settings) -> Option<&Transliterator> {
        let language = tag(settings.language.as_deref().unwrap_or_default());
        let tables = self.tables.of(script, settings.reading, settings.variant);
        tables.iter().find(|table| table.purpose.language_tag == language).map(AsRef::as_ref)
    }

    /// Converts what a ledger wrote as the stage does: with look-alikes folded where the settings say
    /// so. The code of the refusal, where it is refused.
    pub fn convert_written(
        &self,
        serial: &str,
        settings: &Settings,
        context: Context,
        out: &mut Conversion,
    ) -> Result<String, Code> {
        let folded = match settings.mixed {
            Mixed::Reject => None,
            _ if only_script(serial).is_some() => None,
            policy => self.look_alikes.fold(serial, policy),
        };
        let serial = folded.as_deref().unwrap_or(serial);
        if !self.convert(serial, settings, context, out) {
            return Err(Code::T311);
        }
        out.result().map(str::to_owned)
    }

    /// What is to be flagged of a conversion that [`Transliteration::convert_written`] made.
    pub fn warnings(&self, serial: &str, settings: &Settings, made: &Conversion) -> Vec<Code> {
        let Choice::Table(table) = self.choose(serial, settings, settings.reading) else { return Vec::new() };
        let is_folded = settings.mixed != Mixed::Reject && only_script(serial).is_none();
        let flags = [
            (Code::W402, made.mixed_digits),
            (Code::W408, is_folded && self.look_alikes.fold(serial, settings.mixed).is_some()),
            (Code::W409, table.unverified_row(made).is_some()),
            (Code::W410, made.letter_names),
        ];
        flags.into_iter().filter(|(_, is)| *is).map(|(code, _)| code).collect()
    }

    /// As [`Transliteration::choose`], for a serial whose script is known.
    pub(crate) fn choose_for(
        &self,
        script: &str,
        serial: &str,
        settings: &Settings,
        reading: Reading,
    ) -> Choice {
        let own_rows = (!settings.mapping.is_empty()).then(|| self.tables_of(settings).ok()).flatten();
        let tables = own_rows.as_ref().unwrap_or(&self.tables);
        let language = tag(settings.language.as_deref().unwrap_or_default());
        let deciding =
            if script.contains('+') { Cow::Owned(deciding(script)) } else { Cow::Borrowed(script) };
        let script = deciding.as_ref();
        let of_script = tables.of(script, reading, settings.variant);
        let candidates = || of_script.iter().filter(|table| is_written_in(table, script));
        if let Some(own) = candidates().find(|table| table.purpose.language_tag == language) {
            return Choice::Table(Arc::clone(own));
        }
        let mut others = candidates();
        match (others.next(), others.next()) {
            (Some(table), None) => Choice::Table(Arc::clone(table)),
            (None, _) => Choice::Table(Arc::clone(&tables.common)),
            (Some(_), Some(_)) => settle(&candidates().cloned().collect::<Vec<_>>(), serial),
        }
    }

    /// The table that spells serials of a script as a foreign request does, where there is one: the
    /// language's own, or the only one.
    pub(crate) fn plain_table(&self, script: &str, settings: &Settings) -> Option<Arc<Transliterator>> {
        if !matches!(script, "Arab" | "Hebr") {
            return None;
        }
        let language = settings.language.as_deref().unwrap_or_default();
        let is_plain =
            |table: &&Arc<Transliterator>| table.purpose.is_plain && table.purpose.script == script;
        let plain = || self.tables.all.iter().filter(is_plain);
        let own = plain().find(|table| table.purpose.language == language);
        own.or_else(|| plain().find(|table| matches!(table.purpose.language.as_str(), "ar" | "he"))).cloned()
    }

    /// What the first drop row for a character says of it; `None` where no table drops it.
    pub fn drop_name(&self, character: char) -> Option<&str> {
        let rows = self.tables.all.iter().flat_map(|table| &table.table().rows);
        let drops = |row: &&Arc<TableRow>| row.kind == RowKind::Drop && row.from.contains(character);
        rows.into_iter().find(drops).map(|row| row.note.as_str())
    }

    /// How a serial is converted under given settings; `None` where the language is undetermined.
    pub fn explain(&self, serial: &str, settings: &Settings) -> Option<Explanation> {
        let Choice::Table(table) = self.choose(serial, settings, settings.reading) else { return None };
        let mut conversion = Conversion::default();
        table.convert(serial, Context::of(Field::Serial, settings), &mut conversion);
        let (characters, mut start) = (conversion.characters(), 0);
        let explain = |step: &crate::Step| ExplainedStep {
            characters: characters[step.at as usize..(step.at + step.length) as usize].iter().collect(),
            output: conversion.converted[std::mem::replace(&mut start, step.end as usize)..step.end as usize]
                .to_owned(),
            row: table.row(*step).clone(),
        };
        let steps = conversion.steps.iter().map(explain).collect();
        Some(Explanation { table, conversion, steps })
    }
}

/// Where tables come from.
enum TableSource {
    Files(Files),
    Stored(Vec<ScriptTable>),
}

impl TableSource {
    fn tables(&self) -> Vec<Result<ScriptTable, Error>> {
        match self {
            Self::Files(files) => files.script_tables(),
            Self::Stored(tables) => tables.iter().cloned().map(Ok).collect(),
        }
    }
}

fn compile_all(source: &TableSource, own: &[(Text, Text)], variant: Variant) -> Result<Tables, Vec<Error>> {
    let (mut tables, mut faults) = (Vec::new(), Vec::new());
    let mut shared = SharedPages::default();
    for read in source.tables() {
        let compiled = read
            .map_err(|error| vec![error])
            .and_then(|table| Transliterator::compile_among(with_rows(table, own, variant), &mut shared));
        match compiled {
            Ok(table) => tables.push(Arc::new(table)),
            Err(found) => faults.extend(found),
        }
    }
    faults.dedup();
    if faults.is_empty() { Ok(Tables::new(tables)) } else { Err(faults) }
}

/// The table with those of a ledger's own rows that are for its script, where it converts for the
/// ledger's variant: what the ledger adds need not hold in the other one.
fn with_rows(table: ScriptTable, own: &[(Text, Text)], variant: Variant) -> ScriptTable {
    let script = table.script().to_owned();
    let is_for_it = |(from, _): &&(Text, Text)| {
        let of_row = script_of_serial(from);
        of_row == script || of_row == "Zyyy" || (script == "Zyyy" && of_row == "Latn")
    };
    let rows: Vec<(Text, Text)> = own.iter().filter(is_for_it).cloned().collect();
    if rows.is_empty() || !(table.serves(variant) || table.reading() == Reading::Look) {
        return table;
    }
    table.for_variant(variant).with_profile(&rows)
}

/// Whether a table, of those that have the first script of a serial, has its others too.
fn is_written_in(table: &Transliterator, script: &str) -> bool {
    script.len() == 4 || script.split('+').all(|part| is_written_with(&table.purpose.script, part))
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
