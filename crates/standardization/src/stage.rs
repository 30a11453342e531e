//! The stage of the pipeline: a ledger row becomes a row of values.

mod across;
mod calibre;
mod carried;
mod components;
mod content;
mod dates;
mod findings;
mod history;
mod make_and_model;
mod serial_parts;
mod vocabularies;

use std::borrow::Cow;

use jiff::civil::Date;
use matricule_mapping::{Lookup, Vocabulary};
use matricule_record::{
    Cell, CellKind, Code, Field, FieldKind, FieldValue, Fields, Finding, Flag, HistoryEvent, Ledger,
    LedgerRow, StandardRow, Text, WrittenMarking, WrittenSerial, message, messages, proposed,
};

use crate::cell::{clean, says_nothing, unquoted};
use crate::make::Make;
use crate::memo::{Memo, Memos, Outcome};
use crate::model::{Models, Said};
use crate::numeral;
use crate::{EXACT_DIGITS, UNKNOWN};
use findings::{error_value, formula};

pub use vocabularies::Vocabularies;

/// The stage.
pub struct Standardization {
    vocabularies: Vocabularies,
    today: Date,
    memos: Memos,
}

impl Standardization {
    /// With its vocabularies and the day after which a date is impossible.
    pub fn new(vocabularies: Vocabularies, today: Date) -> Self {
        Self { vocabularies, today, memos: Memos::default() }
    }

    /// Reads the cells of a row; for many rows, take a [`Standardization::reader`].
    pub fn standardize(&self, row: LedgerRow) -> StandardRow {
        self.reader().standardize(row)
    }

    /// A reader for the rows of a batch: what cells came to is looked up once a batch, not once a row.
    pub fn reader(&self) -> Reader<'_> {
        Reader { stage: self, memo: None }
    }
}

/// The stage at work on a batch.
pub struct Reader<'a> {
    stage: &'a Standardization,
    memo: Option<Memo>,
}

impl Reader<'_> {
    /// Reads the cells of a row. Findings travel with the row: the next stage adds its own before
    /// the row is refused, so that a reject names everything at once.
    pub fn standardize(&mut self, row: LedgerRow) -> StandardRow {
        let ledger = std::sync::Arc::clone(&row.source.ledger);
        if self.memo.as_ref().is_some_and(|memo| !memo.is_of(&ledger)) {
            self.give_back();
        }
        let mut work = Work {
            stage: self.stage,
            ledger: &ledger,
            row: &row,
            fields: Fields::with_capacity(ledger.columns.len() + 2),
            serial: WrittenSerial::Refused,
            markings: Vec::new(),
            events: Vec::new(),
            marks: Vec::new(),
            dated_country: None,
            beside: Vec::new(),
            found_beside: Vec::new(),
            flags: Vec::new(),
            findings: Vec::new(),
            memo: self.memo.get_or_insert_with(|| self.stage.memos.take(&ledger)),
        };
        work.read_columns();
        work.read_constants();
        work.settle_country();
        work.check_carried_make();
        work.place_beside();
        work.place_marks();
        work.settle_markings();
        work.read_model();
        work.annotate_serial();
        work.read_register();
        work.read_history();
        work.check_confidence();
        work.check_content();
        let completeness = work.completeness();
        let Work { fields, serial, markings, events, flags, mut findings, .. } = work;
        let mut all = row.findings;
        all.append(&mut findings);
        StandardRow {
            source: row.source,
            cells: row.cells,
            carried: row.carried,
            fields,
            serial,
            markings,
            events,
            completeness,
            flags,
            findings: all,
        }
    }

    fn give_back(&mut self) {
        if let Some(memo) = self.memo.take() {
            self.stage.memos.put(memo);
        }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// One row being read.
struct Work<'a> {
    stage: &'a Standardization,
    ledger: &'a Ledger,
    row: &'a LedgerRow,
    fields: Fields,
    serial: WrittenSerial,
    markings: Vec<WrittenMarking>,
    events: Vec<HistoryEvent>,
    /// Marks taken out of the serial, each with its field.
    marks: Vec<(Field, Text)>,
    /// A country whose code another state had too, with its column: its year has to explain it.
    dated_country: Option<(Option<usize>, Text)>,
    /// What the cell being read says of other fields …
    beside: Vec<(Field, Text)>,
    /// … and what the cells read so far said, each with its column.
    found_beside: Vec<(Field, Text, Option<usize>)>,
    flags: Vec<Flag>,
    findings: Vec<Finding>,
    memo: &'a mut Memo,
}

impl Work<'_> {
    fn read_columns(&mut self) {
        for (at, column) in self.ledger.columns.iter().enumerate() {
            let Some(field) = column.field else { continue };
            if self.row.findings.iter().any(|finding| finding.column == Some(at)) {
                continue;
            }
            let row = self.row;
            self.read_cell(field, Some(at), meant(row, at));
        }
    }

    /// What the profile says of fields that have no column.
    fn read_constants(&mut self) {
        for (field, text) in &self.ledger.settings.constants {
            if self.ledger.column_of(*field).is_none() {
                self.read_cell(*field, None, Cell { kind: CellKind::Text, text });
            }
        }
    }

    /// The register of the ledger, where the row names none.
    fn read_register(&mut self) {
        if let Some(register) =
            self.ledger.settings.register.as_deref().filter(|_| !self.is_present(Field::Register))
        {
            self.set(Field::Register, register, None);
        }
    }

    fn read_cell(&mut self, field: Field, column: Option<usize>, cell: Cell<'_>) {
        match (cell.kind, field.kind()) {
            (CellKind::Error, _) => self.refuse(field, column, cell.text, error_value(cell.text)),
            (CellKind::Formula, _) => self.refuse(field, column, cell.text, formula(cell.text)),
            (_, FieldKind::Serial) => self.read_serial(field, column, cell),
            _ if says_nothing(unquoted(cell.text)) || self.says_unknown(field, unquoted(cell.text)) => {}
            (_, FieldKind::Status) if self.says_condition(cell.text) => {
                self.take_condition(column, cell.text);
            }
            _ => self.read_value(field, column, cell),
        }
    }

    /// Words that say that a number or day is not known leave the field unset, as a blank does.
    fn says_unknown(&self, field: Field, text: &str) -> bool {
        let may_be_unset = matches!(
            field.kind(),
            FieldKind::Calibre | FieldKind::Year | FieldKind::Date | FieldKind::Chamber
        );
        let is_dated = matches!(field.kind(), FieldKind::Year | FieldKind::Date);
        (is_dated && text.chars().all(|c| matches!(c, '/' | '-' | '_' | '.' | ' ')))
            || (field == Field::Model && is_doubt(text))
            || ((may_be_unset || field == Field::Model) && self.is_unknown(text))
    }

    /// Whether the cell of a status says how well the weapon works, and nothing that is a status.
    fn says_condition(&self, text: &str) -> bool {
        let (words, text) = (&self.stage.vocabularies, clean(text));
        let language = self.ledger.settings.language.as_deref();
        words.status.lookup(&text, language) == Lookup::Unknown
            && words.condition.lookup(&text, language) != Lookup::Unknown
    }

    fn take_condition(&mut self, column: Option<usize>, text: &str) {
        let text = clean(text);
        self.flags.push(Flag::new(Code::W424, Some(Field::Status), &*text));
        if self.ledger.column_of(Field::Remarks).is_none() {
            self.set(Field::Remarks, &text, column);
        }
    }

    fn is_unknown(&self, text: &str) -> bool {
        let language = self.ledger.settings.language.as_deref();
        !text.bytes().any(|b| b.is_ascii_digit())
            && self.stage.vocabularies.no_serial.lookup(text, language) == Lookup::Found("UNKNOWN")
    }

    /// Reads a cell, or remembers what the same text came to before.
    fn read_value(&mut self, field: Field, column: Option<usize>, cell: Cell<'_>) {
        let word = cell.text.trim();
        if field == Field::CountryOfManufacture && self.stage.vocabularies.country_year.has(word) {
            self.dated_country = Some((column, word.into()));
            return;
        }
        if field.kind() == FieldKind::Text && field != Field::Make {
            let value = self.value(field, cell);
            return self.take(field, column, cell.text, value);
        }
        if let Some(Outcome { value, beside, flags }) = self.memo.get(field, cell) {
            self.flags.extend(flags.iter().cloned());
            self.found_beside.extend(beside.iter().map(|(field, text)| (*field, text.clone(), column)));
            let value = value.clone();
            return self.take(field, column, cell.text, value);
        }
        let before = self.flags.len();
        let value = self.value(field, cell);
        let (flags, beside) = (self.flags[before..].to_vec(), std::mem::take(&mut self.beside));
        self.found_beside.extend(beside.iter().map(|(field, text)| (*field, text.clone(), column)));
        self.memo.set(field, cell, Outcome { value: value.clone(), beside, flags });
        self.take(field, column, cell.text, value);
    }

    /// Sets a field to what its cell came to, or refuses the row.
    fn take(
        &mut self,
        field: Field,
        column: Option<usize>,
        original: &str,
        value: Result<Text, Box<Finding>>,
    ) {
        match value {
            Ok(text) => self.fields.set(field, FieldValue { text, column }),
            Err(finding) => self.refuse(field, column, original, *finding),
        }
    }

    fn value(&mut self, field: Field, cell: Cell<'_>) -> Result<Text, Box<Finding>> {
        let text = self.with_digits(field, clean(cell.text));
        let words = &self.stage.vocabularies;
        match field.kind() {
            FieldKind::WeaponType => self.of_vocabulary(&text, &words.weapon_type, Code::S204, "weapon_type"),
            FieldKind::Country => self.of_vocabulary(&text, &words.country, Code::S205, "country"),
            FieldKind::Status => self.of_vocabulary(&text, &words.status, Code::S209, "status"),
            FieldKind::Calibre => self.of_calibre(&text, cell.kind),
            FieldKind::Year => self.of_year(field, &text, cell.kind),
            FieldKind::Date => self.of_date(field, &text, cell.kind),
            FieldKind::Chamber => self.of_chamber(&text, cell.kind),
            FieldKind::Share => self.of_share(&text, cell.kind),
            FieldKind::Text | FieldKind::Serial => {
                let value = of_text(field, &text, cell.kind, &mut self.flags)?;
                match field {
                    Field::Make if self.is_make_and_model() => self.of_make_and_model(value),
                    Field::Make => Ok(self.of_make(value)),
                    _ => Ok(value),
                }
            }
        }
    }

    /// A maker's accepted name; any other name is kept as written and told.
    /// A make that is not known is said so in one way, because it must not become an identity.
    fn of_make(&mut self, text: Text) -> Text {
        if is_doubt(&text) || self.is_unknown(&text) {
            return UNKNOWN.into();
        }
        let code = match self.stage.vocabularies.make.read(&text) {
            Make::Known(maker) => return maker.into(),
            Make::Designer => Code::W417,
            Make::Shared | Make::Unlisted => Code::W416,
        };
        self.flags.push(Flag::new(code, Some(Field::Make), text.as_str()));
        text
    }

    /// A maker's model by its one name, and whether it goes together with what else is said.
    fn read_model(&mut self) {
        let model = self.fields.get(Field::Model).cloned();
        let is_listed = !self.flags.iter().any(|flag| flag.code == Code::W407);
        let said = Said {
            make: self.fields.text(Field::Make),
            model: model.as_ref().map_or("", |model| &model.text),
            weapon_type: self.fields.text(Field::WeaponType),
            calibre: if is_listed { self.fields.text(Field::Calibre) } else { "" },
            country: self.fields.text(Field::CountryOfManufacture),
            year: self.fields.text(Field::YearOfManufacture),
        };
        if said.make.is_empty() && said.model.is_empty() {
            return;
        }
        let key = said.key();
        let cell = Cell { kind: CellKind::Text, text: &key };
        let known = self.memo.get(Field::Model, cell).cloned();
        let outcome = known.unwrap_or_else(|| {
            let outcome = of_model(&self.stage.vocabularies.model, &said);
            self.memo.set(Field::Model, cell, outcome.clone());
            outcome
        });
        self.flags.extend(outcome.flags);
        if let (Ok(name), Some(model)) = (outcome.value, model) {
            self.fields.set(Field::Model, FieldValue { text: name, column: model.column });
        }
    }

    /// A value whose letters the profile declares to be numerals, in digits.
    fn with_digits<'t>(&self, field: Field, text: Cow<'t, str>) -> Cow<'t, str> {
        let settings = &self.ledger.settings;
        let is_declared = settings.numerals.contains(&field);
        let digits = is_declared.then(|| numeral::decimal(&text, settings.language.as_deref())).flatten();
        digits.map_or(text, |digits| Cow::Owned(digits.into()))
    }

    fn of_vocabulary(
        &self,
        text: &str,
        words: &Vocabulary,
        code: Code,
        name: &str,
    ) -> Result<Text, Box<Finding>> {
        // A clerk's question mark is doubt, which no word of a vocabulary expresses.
        let is_doubtful = text.contains(['?', '？']);
        let language = self.ledger.settings.language.as_deref();
        let finding = match if is_doubtful { Lookup::Unknown } else { words.lookup(text, language) } {
            Lookup::Found(value) => return Ok(value.into()),
            Lookup::Ambiguous(values) => {
                let message =
                    message!("vocabulary-two-meanings", text = text, values = messages::either(&values));
                let repair = message!("vocabulary-repair-language");
                Finding::new(code, message).suggest(repair)
            }
            Lookup::Unknown => {
                let near = words
                    .nearest(text)
                    .map(|row| {
                        format!(
                            " {}",
                            message!("vocabulary-nearest", word = proposed(&row.word), value = row.value)
                        )
                    })
                    .unwrap_or_default();
                let repair = message!("vocabulary-repair", name = name) + &near;
                Finding::new(code, message!("vocabulary-unknown", text = text)).suggest(repair)
            }
        };
        Err(Box::new(finding))
    }

    fn set(&mut self, field: Field, text: &str, column: Option<usize>) {
        self.fields.set(field, FieldValue { text: text.into(), column });
    }

    fn refuse(&mut self, field: Field, column: Option<usize>, original: &str, finding: Finding) {
        self.findings.push(finding.at(Some(field), column, original));
    }
}

/// Question marks and nothing else.
fn is_doubt(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '?' | '？' | ' '))
}

/// A cell, or what is carried down to it.
fn meant(row: &LedgerRow, column: usize) -> Cell<'_> {
    let carried = row.carried.iter().find(|(carried, _)| *carried == column);
    carried.map_or_else(|| row.cells.get(column), |(_, text)| Cell { kind: CellKind::Text, text })
}

/// A model's one name where its maker is known, and what contradicts it.
fn of_model(models: &Models, said: &Said<'_>) -> Outcome {
    let why = models.contradiction(said);
    let name = models.of_make(said.make, said.model).map_or(said.model, |known| &known.name);
    let field = if said.model.is_empty() { Field::CountryOfManufacture } else { Field::Model };
    let flags = why.map(|why| Flag::new(Code::W418, Some(field), why.as_str()));
    Outcome { value: Ok(name.into()), beside: Vec::new(), flags: flags.into_iter().collect() }
}

/// What a spreadsheet made of a text; `None` where it may stand there as it was typed.
fn damage(text: &str, kind: CellKind) -> Option<&'static str> {
    match kind {
        CellKind::Date => Some(message!("s210-date")),
        CellKind::Boolean => Some(message!("s210-logical")),
        CellKind::Number if text.bytes().filter(u8::is_ascii_digit).count() > EXACT_DIGITS => {
            Some(message!("s210-number"))
        }
        _ => None,
    }
}

/// Whether what a spreadsheet made of its text refuses the row: it belongs to the weapon, or to a document of the holder.
const fn is_exact(field: Field) -> bool {
    matches!(
        field,
        Field::Make
            | Field::Model
            | Field::Component
            | Field::SeriesMark
            | Field::ImportMark
            | Field::OwnerMark
            | Field::OtherMark
            | Field::HolderId
            | Field::LicenceNumber
    )
}

/// A text, unless a spreadsheet made something else of one that has to be exact; of another it is told.
fn of_text(field: Field, text: &str, kind: CellKind, flags: &mut Vec<Flag>) -> Result<Text, Box<Finding>> {
    let Some(what) = damage(text, kind).filter(|_| !matches!(field, Field::Remarks | Field::History)) else {
        return Ok(text.into());
    };
    if !is_exact(field) {
        flags.push(Flag::new(Code::W423, Some(field), text));
        return Ok(text.into());
    }
    let message = message!("s210-damaged", what = what, text = text);
    let repair = message!("s210-repair");
    Err(Box::new(Finding::new(Code::S210, message).suggest(repair)))
}
