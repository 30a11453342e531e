//! The stages of a run, made ready once from the mapping files.

use std::panic::resume_unwind;
use std::sync::Arc;

use jiff::civil::Date;
use matricule_ingest::{Ingest, Limits, Overrides, ReaderCommand};
use matricule_mapping::{Files, HeaderWords, Lookup, Profile, Vocabulary};
use matricule_record::{Column, Ledger, StoredMapping};
use matricule_standardization::{Standardization, Vocabularies};
use matricule_transliteration::Transliteration;

use crate::Error;

/// What is declared about all ledgers of a run.
#[derive(Clone, Debug)]
pub struct Declarations {
    /// The shipped mapping files, with an operator's over them.
    pub files: Files,
    /// A profile for all ledgers; without it, the `ledger.toml` beside each.
    pub profile: Option<Profile>,
    /// Reading, register and language given on the command line.
    pub overrides: Overrides,
    /// How to start the isolated workbook reader.
    pub reader: ReaderCommand,
    /// The day after which a date is impossible.
    pub today: Date,
}

/// Everything that the stages need, compiled.
pub struct Stages {
    /// Standardization.
    pub standardization: Standardization,
    /// Transliteration.
    pub transliteration: Transliteration,
    headers: HeaderWords,
    furniture: Vocabulary,
    ditto: Vocabulary,
    personal: Vocabulary,
    words: Vec<Vocabulary>,
    declarations: Declarations,
    stored: Vec<StoredMapping>,
}

/// Words that only the reader of ledgers uses: for parts of a serial, and for a quantity.
const SERIAL_PART: &str = "serial_part";
const QUANTITY: &str = "quantity";

/// The words of the mapping files.
struct Words {
    vocabularies: Vocabularies,
    headers: HeaderWords,
    furniture: Vocabulary,
    ditto: Vocabulary,
    personal: Vocabulary,
    /// What cells may hold.
    cells: Vec<Vocabulary>,
}

impl Words {
    fn read(files: &Files) -> Result<Self, Error> {
        let cells =
            ["weapon_type", "country", "status", "make", SERIAL_PART, "personal", QUANTITY, "event_word"]
                .map(|name| files.vocabulary(name));
        Ok(Self {
            vocabularies: Vocabularies::load(files)?,
            headers: files.header_words()?,
            furniture: files.vocabulary("furniture")?,
            ditto: files.vocabulary("ditto")?,
            personal: files.vocabulary("personal")?,
            cells: cells.into_iter().collect::<Result<_, _>>()?,
        })
    }
}

impl Stages {
    /// Reads and compiles the mapping files; every fault in them, where there is one.
    pub fn new(declarations: Declarations) -> Result<Self, Error> {
        let files = &declarations.files;
        // Compiling the tables takes about as long as everything else, and every run waits for both.
        let (transliteration, words) = std::thread::scope(|scope| {
            let compiled = scope.spawn(|| Transliteration::new(files.clone()));
            let words = Words::read(files);
            (compiled.join().unwrap_or_else(|panic| resume_unwind(panic)), words)
        });
        let transliteration = transliteration.map_err(Error::Mappings)?;
        let Words { vocabularies, headers, furniture, ditto, personal, cells } = words?;
        let of_ingest = |words: &&Vocabulary| [SERIAL_PART, QUANTITY].contains(&words.stored().id.as_str());
        let parts = cells.iter().filter(of_ingest);
        let words = [furniture.stored(), personal.stored()].into_iter().chain(parts.map(Vocabulary::stored));
        let words = vocabularies.stored().into_iter().chain(words).cloned();
        let words = words.chain([vocabularies.symbols().stored()]);
        let tables = transliteration.tables().iter().map(|table| table.table().stored());
        let stored = tables.chain(words).chain(headers.stored().cloned()).collect();
        let standardization = Standardization::new(vocabularies, declarations.today);
        Ok(Self {
            standardization,
            transliteration,
            headers,
            furniture,
            ditto,
            personal,
            words: cells,
            declarations,
            stored,
        })
    }

    /// The reader of ledgers.
    pub fn ingest(&self) -> Ingest<'_> {
        Ingest {
            headers: &self.headers,
            furniture: &self.furniture,
            ditto: &self.ditto,
            words: &self.words,
            profile: self.declarations.profile.as_ref(),
            overrides: self.declarations.overrides.clone(),
            reader: self.declarations.reader.clone(),
            limits: Limits::default(),
        }
    }

    /// The profile that is given for all ledgers, if there is one.
    pub fn profile(&self) -> Option<&Profile> {
        self.declarations.profile.as_ref()
    }

    /// What the command line declares about all ledgers.
    pub(crate) fn overrides(&self) -> &Overrides {
        &self.declarations.overrides
    }

    /// A ledger whose columns with personal data are marked, by the words of their headers.
    pub fn with_personal_columns(&self, ledger: &Arc<Ledger>) -> Arc<Ledger> {
        let language = ledger.settings.language.as_deref();
        let is_personal = |column: &Column| self.personal.lookup(&column.header, language) != Lookup::Unknown;
        let marked = ledger.columns.iter().map(|column| {
            // A field tells by itself.
            let is_personal = column.field.is_none() && (column.is_comments() || is_personal(column));
            Column { is_personal, ..column.clone() }
        });
        Arc::new(Ledger { columns: marked.collect(), ..Ledger::clone(ledger) })
    }

    /// Every mapping file, for the registry to keep.
    pub fn stored(&self) -> &[StoredMapping] {
        &self.stored
    }
}
