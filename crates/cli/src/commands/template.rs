//! `matricule template`: an empty ledger workbook that `convert` reads without being told anything.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use matricule_mapping::{Content, Files, HeaderWords, Vocabulary};
use matricule_record::cell::column_letters;
use matricule_record::{Field, FieldKind};
use matricule_report::check_temporary_folder;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, Format, Formula, Workbook, Worksheet, XlsxError,
};

use crate::Status;
use crate::arguments::Template;
use crate::output::print;

/// Rows that have lists and help.
const ROWS: u32 = 5000;
/// Fields that every template ends with, where its content does not name them.
const CLOSING: [Field; 4] = [Field::Book, Field::Page, Field::Line, Field::Remarks];
/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 5] = ["ar", "fa", "he", "ps", "ur"];
/// The name of the sheet with the words of the lists, which is hidden and therefore never read.
const LISTS: &str = "lists";
/// Characters that a spreadsheet program shows as help at most.
const HELP: usize = 255;

/// A column of the workbook.
struct TemplateColumn<'a> {
    field: Field,
    header: &'a str,
    is_required: bool,
    /// What may be chosen; empty where anything may be typed.
    words: Vec<&'a str>,
}

/// Writes the workbook, and prints a line for each column: letters, field, header, whether it has to be
/// filled.
pub(crate) fn run(asked: &Template) -> Status {
    let files = super::files(asked.mappings.as_deref())?;
    let headers = files.header_words()?;
    let language = asked.language.as_str();
    if !headers.languages().contains(language) {
        let known: Vec<&str> = headers.languages().into_iter().collect();
        bail!(
            "no header words of the language `{language}`; there are words of {}. Add rows for it to mappings/headers.csv.",
            known.join(", ")
        );
    }
    let content = Content::named(&asked.content).context("there is no such content")?;
    let vocabularies = Vocabularies::load(&files)?;
    let columns = columns(&content, &headers, &vocabularies, language);
    let path = asked.out.clone().unwrap_or_else(|| PathBuf::from(format!("ledger-{language}.xlsx")));
    if path.exists() {
        bail!("{} is there already; give another name with --out.", path.display());
    }
    check_temporary_folder()?;
    write(&path, &columns, RIGHT_TO_LEFT.contains(&language))
        .with_context(|| format!("{} could not be written", path.display()))?;
    print(&listing(&path, &columns))?;
    Ok(0)
}

/// The vocabularies of the lists.
struct Vocabularies {
    weapon_type: Vocabulary,
    country: Vocabulary,
    status: Vocabulary,
}

impl Vocabularies {
    fn load(files: &Files) -> anyhow::Result<Self> {
        let [weapon_type, country, status] =
            ["weapon_type", "country", "status"].map(|name| files.vocabulary(name));
        Ok(Self { weapon_type: weapon_type?, country: country?, status: status? })
    }

    /// The words of a field's list in a language, in English where it has none.
    fn words(&self, field: Field, language: &str) -> Vec<&str> {
        let vocabulary = match field.kind() {
            FieldKind::WeaponType => &self.weapon_type,
            FieldKind::Country => &self.country,
            FieldKind::Status => &self.status,
            _ => return Vec::new(),
        };
        vocabulary.words_of(language).into_iter().map(|(_, word)| word).collect()
    }
}

/// The fields of a content, what is required first, each with a header that the reader knows.
fn columns<'a>(
    content: &Content,
    headers: &'a HeaderWords,
    vocabularies: &'a Vocabularies,
    language: &str,
) -> Vec<TemplateColumn<'a>> {
    let any = content.required_any.iter().copied().flatten();
    let fields = content.required.iter().chain(any).chain(content.recommended).chain(&CLOSING);
    let mut columns: Vec<TemplateColumn<'a>> = Vec::new();
    for &field in fields {
        let header = headers.word_of(field, language).or_else(|| headers.word_of(field, "en"));
        let Some(header) = header.filter(|_| columns.iter().all(|column| column.field != field)) else {
            continue;
        };
        let is_required = content.required.contains(&field);
        columns.push(TemplateColumn {
            field,
            header,
            is_required,
            words: vocabularies.words(field, language),
        });
    }
    columns
}

fn write(path: &Path, columns: &[TemplateColumn<'_>], right_to_left: bool) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    let mut ledger = Worksheet::new();
    let mut lists = Worksheet::new();
    ledger.set_name("ledger")?.set_right_to_left(right_to_left).set_freeze_panes(1, 0)?;
    lists.set_name(LISTS)?.set_hidden(true);
    let (head, text) = (Format::new().set_bold().set_num_format("@"), Format::new().set_num_format("@"));
    for (column, at) in columns.iter().zip(0..) {
        ledger.set_column_format(at, &text)?.set_column_width(at, 18)?;
        ledger.write_string_with_format(0, at, column.header, &head)?;
        ledger.add_data_validation(1, at, ROWS, at, &validation(column, at)?)?;
        for (word, row) in column.words.iter().zip(0..) {
            lists.write_string_with_format(row, at, *word, &text)?;
        }
    }
    workbook.push_worksheet(ledger);
    workbook.push_worksheet(lists);
    workbook.save(path)
}

/// The list of a column, where it has one, and its line of help. What is not in the list may be typed
/// all the same: the reader knows more words than one for a value.
fn validation(column: &TemplateColumn<'_>, at: u16) -> Result<DataValidation, XlsxError> {
    let rule = if column.words.is_empty() {
        DataValidation::new().allow_any_value()
    } else {
        let letters = column_letters(usize::from(at));
        let list = format!("={LISTS}!${letters}$1:${letters}${}", column.words.len());
        DataValidation::new()
            .allow_list_formula(Formula::new(list))
            .set_error_style(DataValidationErrorStyle::Warning)
    };
    rule.set_input_title(column.field.name())?.set_input_message(help(column))
}

/// What belongs into a column, in a line.
fn help(column: &TemplateColumn<'_>) -> String {
    let example = match column.field.kind() {
        FieldKind::Serial => " As it stands on the weapon, in its own script.",
        FieldKind::Calibre => " Such as 9x19, .38 Special, 12/70.",
        FieldKind::Year => " Such as 1987.",
        FieldKind::Date => " Such as 1987-05-12.",
        FieldKind::WeaponType | FieldKind::Country | FieldKind::Status => " Choose from the list.",
        FieldKind::Chamber => " Such as 70.",
        FieldKind::Share => " Such as 0.93.",
        FieldKind::Text => "",
    };
    let description = column.field.description();
    let required = if column.is_required { " Required." } else { "" };
    format!("{description}.{example}{required}").chars().take(HELP).collect()
}

fn listing(path: &Path, columns: &[TemplateColumn<'_>]) -> String {
    let mut lines = format!("{}\n", path.display());
    for (at, column) in columns.iter().enumerate() {
        let required = if column.is_required { "required" } else { "" };
        let line = format!("{}\t{}\t{}\t{required}", column_letters(at), column.field, column.header);
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    lines
}
