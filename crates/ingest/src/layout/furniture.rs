//! Rows that are known by a word of theirs: totals, sums carried forward, notes, the foot of a page.
//! What a word may decide depends on where it stands.

use matricule_record::{Cells, Code, Field, Finding, Ledger, SkipClass, message};
use matricule_text::has_case;

use super::columns::IDENTITY;
use super::markers::Markers;

/// A row with more values than this is a record, whatever it begins with.
pub(crate) const FURNITURE_CELLS: usize = 3;
/// Letters that a serial may begin with: a word of more is a word …
const PREFIX: usize = 4;
/// … and of more than so many where it numbers pages or sums, for those stand alone in their rows.
const PAGE_PREFIX: usize = 5;
/// Letters of a prefix in small letters, or of a script that has no capitals.
const SMALL_PREFIX: usize = 2;
/// Where the signs begin of which one or two are a word.
const IDEOGRAPHS: char = '\u{2e80}';

/// The columns of a table, as far as they say what a word in them may mean.
pub(crate) struct Furniture {
    /// Where serials stand.
    pub serial: Option<usize>,
    /// The columns that say which weapon it is, besides the serial.
    described: Vec<usize>,
    /// The columns in which any word is said of a weapon.
    said: Vec<usize>,
    /// The columns that tell weapons apart.
    identity: Vec<usize>,
    /// Where the rows are numbered.
    line: Option<usize>,
    remarks: Option<usize>,
}

impl Furniture {
    pub fn new(ledger: &Ledger) -> Self {
        let columns =
            |fields: [Field; 3]| fields.into_iter().filter_map(|field| ledger.column_of(field)).collect();
        Self {
            serial: ledger.column_of(Field::Serial),
            described: columns([Field::Make, Field::WeaponType, Field::Model]),
            identity: IDENTITY.into_iter().filter_map(|field| ledger.column_of(field)).collect(),
            line: ledger.column_of(Field::Line),
            remarks: ledger.column_of(Field::Remarks),
            said: columns([Field::Remarks, Field::Status, Field::Serial]),
        }
    }

    /// What a row with few values is, by its first words. A row with a make, a type or a model is a
    /// record whatever it begins with, unless the word of a sum is what stands there; the number of a
    /// sum may stand below any of them. Where the serial's column is the first one, a `Total 30` stands
    /// in it: then the row may hold one more value at most.
    pub fn class(&self, cells: &Cells, markers: &Markers<'_>) -> Option<SkipClass> {
        if let Some(sum) = self.lone_sum(cells, markers) {
            return Some(sum);
        }
        if self.is_page_number(cells, markers) || is_rule(cells) {
            return Some(SkipClass::Footer);
        }
        // A word in the place of the row's number is said of the whole row.
        if self
            .line
            .is_some_and(|line| markers.is_cancelled(cells.get(line).text) && !is_doubt(cells.get(line).text))
        {
            return Some(SkipClass::Cancelled);
        }
        if let Some(class) = markers.furniture_throughout(cells).filter(|class| *class == SkipClass::Footer) {
            return Some(class);
        }
        let described = || self.described.iter().map(|&column| cells.get(column).text);
        if described().any(|text| text.chars().any(char::is_alphabetic)) {
            return markers.furniture_class(cells, 1);
        }
        let class = self.by_place(cells, markers)?;
        (is_sum(class) || described().all(is_open)).then_some(class)
    }

    /// A row of two values, the word of a sum and a number to the right of it, in whatever columns they
    /// stand: but a word among remarks is said of a weapon.
    fn lone_sum(&self, cells: &Cells, markers: &Markers<'_>) -> Option<SkipClass> {
        let mut values = cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
        let ((at, _), (_, number)) = (values.next()?, values.next()?);
        if values.next().is_some() || !is_amount(number.text) || self.said.contains(&at) {
            return None;
        }
        markers.furniture_class(cells, 2).filter(|class| is_sum(*class))
    }

    /// A row of one value, which is the number of a page and may be no serial.
    fn is_page_number(&self, cells: &Cells, markers: &Markers<'_>) -> bool {
        let mut values = cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
        let (Some((at, cell)), None) = (values.next(), values.next()) else { return false };
        let may_be_serial = || self.serial == Some(at) && may_be_serial(cell.text, SkipClass::Footer);
        markers.is_page_number(cell.text) && !may_be_serial()
    }

    /// Why a row may be struck out: its remark is a word for that, or begins with it and goes on with why or when. It may
    /// as well be said of a licence.
    pub fn cancelled(&self, cells: &Cells, markers: &Markers<'_>) -> Option<Finding> {
        let text_of = |at: usize| cells.get(at).text;
        let remarks = self.remarks.filter(|&at| markers.begins_cancelled(text_of(at)));
        let column = remarks.or_else(|| self.line.filter(|&at| markers.is_cancelled(text_of(at))))?;
        let text = text_of(column).trim();
        let finding = || {
            let finding = Finding::new(Code::I114, message!("i114-cancelled", text = text));
            let field = if self.line == Some(column) { Field::Line } else { Field::Remarks };
            finding.at(Some(field), Some(column), text).suggest(message!("i114-cancelled-repair"))
        };
        Some(finding())
    }

    fn by_place(&self, cells: &Cells, markers: &Markers<'_>) -> Option<SkipClass> {
        let serial = self.serial.filter(|&column| !cells.get(column).is_blank());
        match serial {
            None => markers.furniture_class(cells, FURNITURE_CELLS),
            Some(column) if self.is_first(column, cells) => {
                let class = markers.furniture_class(cells, FURNITURE_CELLS - 1);
                class.filter(|class| !may_be_serial(cells.get(column).text, *class))
            }
            Some(_) => None,
        }
    }

    fn is_first(&self, column: usize, cells: &Cells) -> bool {
        self.serial == Some(column) && (0..column).all(|before| cells.get(before).is_blank())
    }

    /// Why a row may as well be a line of the page as a weapon: `CF 1` where serials stand, and nothing that is said
    /// of a weapon beside it. What is carried down to the row counts.
    pub fn doubt(&self, cells: &Cells, markers: &Markers<'_>) -> Option<Finding> {
        let column = self.serial.filter(|&column| self.is_first(column, cells))?;
        let text = cells.get(column).text.trim();
        if self.is_sum_of_what_is_beside(column, cells, markers) {
            return Some(or_page(column, text, SkipClass::Subtotal));
        }
        let class = markers.furniture_class(cells, FURNITURE_CELLS - 1)?;
        let mut said = self.identity.iter().filter(|&&at| at != column).map(|&at| cells.get(at).text);
        if !may_be_serial(text, class) || said.any(|text| !text.trim().is_empty() && !is_amount(text)) {
            return None;
        }
        Some(or_page(column, text, class))
    }

    /// Whether a row of two values is a number where serials stand and, to the right of it, the word of a sum, before
    /// or behind what was counted: `2 | TOTAL FAL`, `2 | Rifles total`.
    fn is_sum_of_what_is_beside(&self, serial: usize, cells: &Cells, markers: &Markers<'_>) -> bool {
        let mut beside = cells.iter().enumerate().filter(|(at, cell)| *at != serial && !cell.is_blank());
        let (Some((at, cell)), None) = (beside.next(), beside.next()) else { return false };
        is_amount(cells.get(serial).text) && !self.said.contains(&at) && markers.names_sum(cell.text)
    }
}

fn or_page(serial: usize, text: &str, class: SkipClass) -> Finding {
    let message = message!("i113-or-page", text = text, class = class.name().replace('_', " "));
    let finding = Finding::new(Code::I113, message).at(Some(Field::Serial), Some(serial), text);
    finding.suggest(message!("i113-or-page-repair"))
}

/// Whether a text that begins with the word of a class may be a serial: `BF 1234`, but not `Page 3`. A word alone
/// is none.
pub(crate) fn may_be_serial(text: &str, class: SkipClass) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let is_small = |c: char| c.is_lowercase() || !has_case(c);
    let most = match class {
        _ if letters().any(is_small) => SMALL_PREFIX,
        SkipClass::Footer | SkipClass::CarriedForward => PAGE_PREFIX,
        _ => PREFIX,
    };
    let is_abbreviated = text.contains('.') && letters().any(char::is_lowercase);
    text.chars().any(char::is_numeric)
        && letters().all(|c| c < IDEOGRAPHS)
        && letters().count() <= most
        && !is_abbreviated
}

/// Whether a text is a number, or one with a word for what was counted: `30`, `30 pieces`.
fn is_amount(text: &str) -> bool {
    let is_number = |word: &str| word.chars().all(|c| c.is_numeric() || matches!(c, '.' | ','));
    let mut words = text.split_whitespace().skip_while(|word| is_number(word));
    let unit = words.next();
    let is_word = |word: &str| word.chars().all(|c| !c.is_numeric());
    let has_number = text.trim_start().starts_with(char::is_numeric);
    words.next().is_none() && unit.is_none_or(|unit| has_number && is_word(unit))
}

/// Whether a row is a line that a database program draws: `----+------`.
fn is_rule(cells: &Cells) -> bool {
    let mut values = cells.iter().map(|cell| cell.text.trim()).filter(|text| !text.is_empty());
    let (Some(line), None) = (values.next(), values.next()) else { return false };
    line.contains("--") && line.contains('+') && line.chars().all(|c| matches!(c, '-' | '+'))
}

/// Whether somebody asks, and does not say.
fn is_doubt(text: &str) -> bool {
    text.contains(['?', '？', '؟'])
}

/// Whether a text says nothing, or is a line to sign on.
fn is_open(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || matches!(c, '_' | '.' | '…'))
}

fn is_sum(class: SkipClass) -> bool {
    matches!(class, SkipClass::Subtotal | SkipClass::CarriedForward)
}
