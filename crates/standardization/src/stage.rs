//! The stage of the pipeline: a ledger row becomes a row of values.

mod across;
mod findings;
mod vocabularies;

use std::borrow::Cow;

use jiff::civil::Date;
use matricule_mapping::{Lookup, Vocabulary};
use matricule_record::{
    Cell, CellKind, Code, Field, FieldKind, FieldValue, Fields, Finding, Flag, Ledger, LedgerRow,
    StandardRow, Text, WrittenMarking, WrittenSerial, proposed,
};

use crate::UNKNOWN;
use crate::calendar::Calendar;
use crate::calibre::Calibre;
use crate::cell::{clean, says_nothing};
use crate::date::{self, Day, Order};
use crate::make::Make;
use crate::memo::{Memo, Memos, Outcome};
use crate::model::Models;
use crate::numeral;
use crate::serial::{self, Said};
use crate::written::{self, Context, Family, Written};
use crate::year::{self, Year};
use findings::{error_value, formula, impossible, missing, not_a_date, unclear};

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

    /// Reads the cells of a row. Findings travel with the row: the next stage adds its own before
    /// the row is refused, so that a reject names everything at once.
    pub fn standardize(&self, row: LedgerRow) -> StandardRow {
        let ledger = std::sync::Arc::clone(&row.source.ledger);
        let mut work = Work {
            stage: self,
            ledger: &ledger,
            row: &row,
            fields: Fields::default(),
            serial: WrittenSerial::Refused,
            markings: Vec::new(),
            marks: Vec::new(),
            cs_column: None,
            flags: Vec::new(),
            findings: Vec::new(),
            memo: self.memos.take(&ledger),
        };
        work.read_columns();
        work.read_constants();
        work.settle_cs();
        work.place_marks();
        work.read_model();
        work.read_register();
        work.check_content();
        let completeness = work.completeness();
        let Work { fields, serial, markings, flags, mut findings, memo, .. } = work;
        self.memos.put(memo);
        let mut all = row.findings;
        all.append(&mut findings);
        StandardRow {
            source: row.source,
            cells: row.cells,
            carried: row.carried,
            fields,
            serial,
            markings,
            completeness,
            flags,
            findings: all,
        }
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
    /// Marks taken out of the serial, each with its field.
    marks: Vec<(Field, Text)>,
    /// The column of a country `CS`, which its year has to explain.
    cs_column: Option<usize>,
    flags: Vec<Flag>,
    findings: Vec<Finding>,
    memo: Memo,
}

impl Work<'_> {
    fn read_columns(&mut self) {
        for (at, column) in self.ledger.columns.iter().enumerate() {
            let Some(field) = column.field else { continue };
            if self.row.findings.iter().any(|finding| finding.column == Some(at)) {
                continue;
            }
            let carried = self.row.carried.iter().find(|(carried, _)| *carried == at);
            let cell = carried
                .map_or_else(|| self.row.cells.get(at), |(_, text)| Cell { kind: CellKind::Text, text });
            self.read_cell(field, Some(at), cell);
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
            _ if says_nothing(cell.text) || self.says_unknown(field, cell.text) => {}
            _ => self.read_value(field, column, cell),
        }
    }

    /// Words that say that a number or day is not known leave the field unset, as a blank does.
    fn says_unknown(&self, field: Field, text: &str) -> bool {
        matches!(field.kind(), FieldKind::Calibre | FieldKind::Year | FieldKind::Date)
            && self.is_unknown(text)
    }

    fn is_unknown(&self, text: &str) -> bool {
        let language = self.ledger.settings.language.as_deref();
        !text.bytes().any(|b| b.is_ascii_digit())
            && self.stage.vocabularies.no_serial.lookup(text, language) == Lookup::Found("UNKNOWN")
    }

    fn read_serial(&mut self, field: Field, column: Option<usize>, cell: Cell<'_>) {
        if field != Field::Serial && says_nothing(cell.text) {
            return;
        }
        let original: Text = cell.text.into();
        let words = &self.stage.vocabularies;
        let language = self.ledger.settings.language.as_deref();
        let said = serial::read(cell, language, &words.no_serial, &words.ditto);
        match (said, field) {
            (Said::Refused(finding), _) => self.refuse(field, column, cell.text, *finding),
            (Said::Number(text, flag), Field::Serial) => {
                self.serial = self.without_symbols(WrittenMarking { field, original, text, column });
                self.flags.extend(flag);
            }
            (Said::Number(text, flag), _) => {
                self.markings.push(WrittenMarking { field, original, text, column });
                self.flags.extend(flag.map(|flag| Flag { field: Some(field), ..flag }));
            }
            (Said::Absent(code, pattern), Field::Serial) => {
                if !pattern.is_empty() {
                    self.set(Field::MarkingCondition, "illegible", column);
                }
                self.serial = WrittenSerial::Absent { code, pattern };
            }
            // A component without a serial to compare has none; what the clerk wrote stays in the cells.
            (Said::Blank | Said::Absent(..), _) => {}
        }
    }

    /// Reads a cell, or remembers what the same text came to before.
    fn read_value(&mut self, field: Field, column: Option<usize>, cell: Cell<'_>) {
        if field == Field::CountryOfManufacture && column.is_some() && cell.text.trim() == "CS" {
            self.cs_column = column;
            return;
        }
        let is_plain = field.kind() == FieldKind::Text && field != Field::Make;
        let known = if is_plain { None } else { self.memo.get(field, cell).cloned() };
        let outcome = known.unwrap_or_else(|| {
            let before = self.flags.len();
            let value = self.value(field, cell);
            let outcome = Outcome { value, flags: self.flags.split_off(before) };
            if !is_plain {
                self.memo.set(field, cell, outcome.clone());
            }
            outcome
        });
        self.flags.extend(outcome.flags);
        match outcome.value {
            Ok(value) => self.set(field, &value, column),
            Err(finding) => self.refuse(field, column, cell.text, *finding),
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
            FieldKind::Text | FieldKind::Serial => {
                let value = of_text(field, &text, cell.kind)?;
                Ok(if field == Field::Make { self.of_make(value) } else { value })
            }
        }
    }

    /// A maker's accepted name; any other name is kept as written and told.
    /// A make that is not known is said so in one way, because it must not become an identity.
    fn of_make(&mut self, text: Text) -> Text {
        if self.is_unknown(&text) {
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
        let Some(model) = self.fields.get(Field::Model).cloned() else { return };
        let is_listed = !self.flags.iter().any(|flag| flag.code == Code::W407);
        let calibre = if is_listed { self.fields.text(Field::Calibre) } else { "" };
        let said =
            [self.fields.text(Field::Make), &model.text, calibre, self.fields.text(Field::YearOfManufacture)];
        let key = said.join("\u{1f}");
        let cell = Cell { kind: CellKind::Text, text: &key };
        let known = self.memo.get(Field::Model, cell).cloned();
        let outcome = known.unwrap_or_else(|| {
            let outcome = of_model(&self.stage.vocabularies.model, said);
            self.memo.set(Field::Model, cell, outcome.clone());
            outcome
        });
        self.flags.extend(outcome.flags);
        if let Ok(name) = outcome.value {
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
                let message = format!("`{text}` can mean {}.", values.join(" or "));
                let repair = "Write `language = \"…\"` under [ledger] in ledger.toml beside the file, or correct the cell.";
                Finding::new(code, message).suggest(repair)
            }
            Lookup::Unknown => {
                let near = words
                    .nearest(text)
                    .map(|row| format!(" Nearest: {} ({}).", proposed(&row.word), row.value))
                    .unwrap_or_default();
                let repair =
                    format!("Correct the cell, or add a row for it to mappings/vocabulary/{name}.csv.{near}");
                Finding::new(code, format!("`{text}` is not in the vocabulary.")).suggest(repair)
            }
        };
        Err(Box::new(finding))
    }

    fn of_calibre(&mut self, text: &str, kind: CellKind) -> Result<Text, Box<Finding>> {
        let cartridges = &self.stage.vocabularies.calibre;
        if let Some((form, chamber)) = self.gauge_of_month(text, kind) {
            let detail = format!("{text} was {form}, chamber {chamber}");
            self.flags.push(Flag::new(Code::W415, Some(Field::Calibre), detail.as_str()));
            return Ok(form.into());
        }
        let read = if kind == CellKind::Date { Calibre::NotUnderstood } else { cartridges.read(text) };
        match read {
            Calibre::Listed(form) | Calibre::Chambered(form, _) => Ok(form.into()),
            Calibre::Unlisted(form) => {
                self.flags.push(Flag::new(Code::W407, Some(Field::Calibre), form.as_str()));
                Ok(form.into())
            }
            Calibre::NotUnderstood => {
                let repair = "Correct the cell (such as 7.62x39, .38 Special, 12 ga), or add a row for it to mappings/vocabulary/calibre.csv.";
                Err(Box::new(
                    Finding::new(Code::S208, format!("`{text}` does not have the form of a calibre."))
                        .suggest(repair),
                ))
            }
        }
    }

    /// The gauge that a spreadsheet turned into a month: a cell of the first of December 1970, or its
    /// text `Dec-70`, was `12/70`.
    fn gauge_of_month(&self, text: &str, kind: CellKind) -> Option<(String, u32)> {
        let cartridges = &self.stage.vocabularies.calibre;
        if kind == CellKind::Date {
            let day = text.get(..10)?.parse::<Date>().ok().filter(|day| day.day() == 1)?;
            return cartridges.of_month(day.month().cast_unsigned(), day.year().cast_unsigned());
        }
        if !text.contains(char::is_alphabetic) || !text.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let written = written::read(text, &self.order().context).ok()?;
        match written {
            Written { month: Some((Family::Roman, month)), day: None, era: None, year, .. }
                if year.digits == 2 =>
            {
                cartridges.of_month(month, year.value as u16)
            }
            _ => None,
        }
    }

    fn of_year(&mut self, field: Field, text: &str, kind: CellKind) -> Result<Text, Box<Finding>> {
        match year::read(text, kind, &self.order()) {
            Year::Known(year, calendar) => Ok(self.converted(field, year, calendar)),
            Year::TwoDigits(year) => Ok(self.two_digits(field, &year)),
            Year::Impossible => Err(Box::new(impossible(text))),
            Year::Unclear(doubt) => Err(Box::new(unclear(text, doubt))),
            Year::NotUnderstood => Err(Box::new(not_a_date(text, "year", "a year such as 1987"))),
        }
    }

    fn of_date(&mut self, field: Field, text: &str, kind: CellKind) -> Result<Text, Box<Finding>> {
        match date::read(text, kind, &self.order_of(field)) {
            Day::Known(day, calendar) => Ok(self.converted(field, day, calendar)),
            Day::TwoDigits(day) => Ok(self.two_digits(field, &day)),
            Day::Impossible => Err(Box::new(impossible(text))),
            Day::Unclear(doubt) => Err(Box::new(unclear(text, doubt))),
            Day::NotUnderstood => Err(Box::new(not_a_date(text, "date", "a date such as 1987-05-12"))),
        }
    }

    /// What is known about the dates of the ledger.
    fn order(&self) -> Order<'_> {
        let (settings, words) = (&self.ledger.settings, &self.stage.vocabularies);
        let context = Context {
            months: &words.month,
            words: &words.date_word,
            language: settings.language.as_deref(),
            order: settings.date_order.as_deref(),
            calendar: self.calendar(),
        };
        Order { context, pivot: settings.pivot_year, today: self.stage.today }
    }

    /// The same for the dates of a column, whose first rows may have shown their order.
    fn order_of(&self, field: Field) -> Order<'_> {
        let mut order = self.order();
        let column = self.ledger.column_of(field).and_then(|at| self.ledger.columns.get(at));
        let shown = column.and_then(|column| column.date_order.as_deref());
        order.context.order = order.context.order.or(shown);
        order
    }

    fn calendar(&self) -> Calendar {
        self.ledger.settings.calendar.as_deref().and_then(Calendar::named).unwrap_or(Calendar::Gregorian)
    }

    /// A Gregorian value, with the calendar it was written in where that is another than usual.
    fn converted(&mut self, field: Field, value: String, calendar: Calendar) -> Text {
        if calendar != Calendar::Gregorian || calendar != self.calendar() {
            self.flags.push(Flag::new(Code::W414, Some(field), calendar.name()));
        }
        value.into()
    }

    fn two_digits(&mut self, field: Field, value: &str) -> Text {
        self.flags.push(Flag::new(Code::W403, Some(field), value));
        value.into()
    }

    fn set(&mut self, field: Field, text: &str, column: Option<usize>) {
        self.fields.set(field, FieldValue { text: text.into(), column });
    }

    fn refuse(&mut self, field: Field, column: Option<usize>, original: &str, finding: Finding) {
        self.findings.push(finding.at(Some(field), column, original));
    }

    /// Required fields refuse a row or, where the ledger's form lacks them, are set to "unknown";
    /// recommended ones that a clerk left blank are flagged.
    fn check_content(&mut self) {
        let ledger = self.ledger;
        for &field in &ledger.settings.required {
            if self.is_present(field) || self.is_refused(field) {
                continue;
            }
            let column = ledger.column_of(field);
            if column.is_some() || field == Field::Serial || ledger.settings.strict_content {
                self.findings.push(missing(field, column));
            } else {
                self.set(field, UNKNOWN, None);
                self.flags.push(Flag::new(Code::W406, Some(field), ""));
            }
        }
        let recommended = &ledger.settings.recommended;
        let blank = |field: &&Field| ledger.column_of(**field).is_some() && !self.is_present(**field);
        let blank: Vec<&str> = recommended.iter().filter(blank).map(|field| field.name()).collect();
        if !blank.is_empty() {
            self.flags.push(Flag::new(Code::W404, None, blank.join(", ")));
        }
    }

    fn is_present(&self, field: Field) -> bool {
        if field == Field::Serial {
            self.serial != WrittenSerial::Refused
        } else {
            self.fields.get(field).is_some()
        }
    }

    fn is_refused(&self, field: Field) -> bool {
        let about = |finding: &Finding| finding.field == Some(field);
        self.findings.iter().any(about) || self.row.findings.iter().any(about)
    }

    fn completeness(&self) -> f64 {
        let settings = &self.ledger.settings;
        let wanted = || settings.required.iter().chain(&settings.recommended);
        let is_known = |field: &&Field| self.is_present(**field) && self.fields.text(**field) != UNKNOWN;
        wanted().filter(is_known).count() as f64 / wanted().count().max(1) as f64
    }
}

/// A model's one name where its maker is known, and what contradicts it.
fn of_model(models: &Models, [make, model, calibre, year]: [&str; 4]) -> Outcome {
    let why = models.contradiction(make, model, calibre, year);
    let name = models.of_make(make, model).map_or(model, |known| &known.name);
    let flags = why.map(|why| Flag::new(Code::W418, Some(Field::Model), why.as_str()));
    Outcome { value: Ok(name.into()), flags: flags.into_iter().collect() }
}

/// A text, unless a spreadsheet made something else of one that belongs to the weapon.
fn of_text(field: Field, text: &str, kind: CellKind) -> Result<Text, Box<Finding>> {
    let is_damaged = matches!(kind, CellKind::Date | CellKind::Boolean)
        && matches!(
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
        );
    if !is_damaged {
        return Ok(text.into());
    }
    let what = if kind == CellKind::Date { "date" } else { "logical value" };
    let message = format!("a spreadsheet turned this value into the {what} {text}.");
    let repair = "Type the value again from the paper ledger, in a cell formatted as text.";
    Err(Box::new(Finding::new(Code::S210, message).suggest(repair)))
}
