//! One sheet of `rejected.xlsx` while its rows are written.

use matricule_record::cell::column_letters;
use matricule_record::{StoredReject, message};
use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, ProtectionOptions, Workbook, Worksheet};

use super::layout::{Layout, Role, SheetColumn};
use crate::Result;
use crate::correction::{Action, proposal};
use crate::rejected::{cell_name, joined};
use crate::texts::workbook as texts;

/// Rows above the first refused one: names (hidden) and headers.
const HEAD: u32 = 2;
/// Characters that fit into a cell of a workbook.
const CELL_CHARACTERS: usize = 32_767;

/// How cells look.
pub(super) struct Formats {
    plain: Format,
    offending: Format,
    header: Format,
    open_header: Format,
    open: Format,
    guide: Format,
}

impl Formats {
    pub fn new() -> Self {
        let text = || Format::new().set_num_format("@").set_align(FormatAlign::Top);
        let header = |colour| {
            let format = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
            format.set_background_color(Color::RGB(colour))
        };
        Self {
            plain: text(),
            offending: text()
                .set_background_color(Color::RGB(0x00FF_D9CC))
                .set_font_color(Color::RGB(0x0066_1100))
                .set_bold(),
            header: header(0x00E4_E7EB),
            open_header: header(0x00CF_E8CF),
            open: text().set_unlocked().set_background_color(Color::RGB(0x00F3_FAF3)),
            guide: Format::new().set_text_wrap().set_align(FormatAlign::Top),
        }
    }
}

/// A sheet of one layout.
pub(super) struct OpenSheet {
    index: usize,
    columns: Vec<SheetColumn>,
    rows: u32,
}

impl OpenSheet {
    pub fn start(workbook: &mut Workbook, layout: &Layout, number: usize, formats: &Formats) -> Result<Self> {
        let columns = layout.columns();
        let index = workbook.worksheets().len();
        let sheet = workbook.add_worksheet_with_constant_memory();
        sheet.set_name(sheet_name(number, &layout.title))?;
        sheet.set_right_to_left(layout.right_to_left);
        for (at, column) in columns.iter().enumerate() {
            let at = at as u16;
            sheet.set_column_width(at, column.role.width())?;
            if column.role.is_hidden() {
                sheet.set_column_hidden(at)?;
            }
            if column.role.is_open() {
                sheet.set_column_format(at, &formats.open)?;
            }
        }
        sheet.set_row_hidden(0)?;
        for (at, column) in columns.iter().enumerate() {
            sheet.write_string(0, at as u16, column.role.name())?;
        }
        for (at, column) in columns.iter().enumerate() {
            let format = if column.role.is_open() { &formats.open_header } else { &formats.header };
            sheet.write_string_with_format(1, at as u16, cut(&column.header), format)?;
        }
        sheet.set_freeze_panes(HEAD, 0)?;
        Ok(Self { index, columns, rows: 0 })
    }

    pub fn write(
        &mut self,
        workbook: &mut Workbook,
        row: &StoredReject,
        unmask: bool,
        formats: &Formats,
    ) -> Result<()> {
        let line = HEAD + self.rows;
        self.rows += 1;
        let sheet = workbook.worksheet_from_index(self.index)?;
        for (at, column) in self.columns.iter().enumerate() {
            write_cell(sheet, (line, at as u16), column.role, row, unmask, formats)?;
        }
        Ok(())
    }

    pub fn finish(&self, workbook: &mut Workbook) -> Result<()> {
        let sheet = workbook.worksheet_from_index(self.index)?;
        let last = HEAD + self.rows.max(1) - 1;
        sheet.autofilter(1, 0, last, self.columns.len() as u16 - 1)?;
        if let Some(action) = self.columns.iter().position(|column| column.role == Role::Action) {
            let words = Action::ALL.map(Action::name);
            let choice = DataValidation::new()
                .allow_list_strings(&words)?
                .set_error_title(message!("workbook-action"))?
                .set_error_message(message!("workbook-action-help"))?;
            sheet.add_data_validation(HEAD, action as u16, last, action as u16, &choice)?;
        }
        let options = ProtectionOptions {
            use_autofilter: true,
            sort: true,
            format_columns: true,
            format_rows: true,
            ..ProtectionOptions::new()
        };
        sheet.protect_with_options(&options);
        Ok(())
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    (line, at): (u32, u16),
    role: Role,
    row: &StoredReject,
    unmask: bool,
    formats: &Formats,
) -> Result<()> {
    if role.is_open() {
        // The format of its column holds for a cell that is not there.
        return Ok(());
    }
    let is_offending = matches!(role, Role::Cell(column) if row.is_offending(column));
    let text = text_of(role, row, unmask);
    if is_offending {
        if text.is_empty() {
            sheet.write_blank(line, at, &formats.offending)?;
        } else {
            sheet.write_string_with_format(line, at, cut(&text), &formats.offending)?;
        }
    } else if !text.is_empty() {
        sheet.write_string_with_format(line, at, cut(&text), &formats.plain)?;
    }
    Ok(())
}

/// What stands under a role that is not the operator's.
fn text_of(role: Role, row: &StoredReject, unmask: bool) -> String {
    let findings = &row.row.findings;
    match role {
        Role::Cell(column)
            if !unmask && row.is_masked(column) && !row.row.cells.get(column).text.is_empty() =>
        {
            message!("masked").to_owned()
        }
        Role::Cell(column) => row.row.cells.get(column).text.to_owned(),
        Role::File => row.row.file.to_string(),
        Role::Sheet => row.row.sheet.to_string(),
        Role::Row => row.row.row.map(|row| row.to_string()).unwrap_or_default(),
        Role::Codes => joined(findings.iter().map(|finding| finding.code.to_string()), "+"),
        Role::Messages => joined(findings.iter().map(|finding| message(row, finding)), " | "),
        Role::Suggestion => joined(findings.iter().map(|finding| finding.suggestion.clone()), " | "),
        Role::Proposal => joined(
            proposal(&row.row.findings)
                .unwrap_or_default()
                .into_iter()
                .map(|(column, value)| format!("{} = {value}", column_letters(column))),
            ", ",
        ),
        Role::Sha256 => row.table.sha256.to_string(),
        Role::Digest => row.digest.clone(),
        Role::Action | Role::Correct(_) | Role::Note => String::new(),
    }
}

fn message(row: &StoredReject, finding: &matricule_record::Finding) -> String {
    match cell_name(row.row.row, finding) {
        Some(cell) => format!("{cell}: {}", finding.message),
        None => finding.message.clone(),
    }
}

/// The text as far as a cell of a workbook holds it.
fn cut(text: &str) -> String {
    if text.chars().count() <= CELL_CHARACTERS {
        return text.to_owned();
    }
    let kept: String =
        text.chars().take(CELL_CHARACTERS - message!("workbook-cut").chars().count()).collect();
    kept + message!("workbook-cut")
}

/// A name of a sheet that every spreadsheet program takes.
fn sheet_name(number: usize, title: &str) -> String {
    let title = title.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c });
    format!("{number} {}", title.take(24).collect::<String>().trim())
}

/// The sheet of refused files and sheets: nothing in it can be repaired here.
pub(super) struct FilesSheet {
    index: usize,
    rows: u32,
}

impl FilesSheet {
    pub fn start(workbook: &mut Workbook, formats: &Formats) -> Result<Self> {
        let index = workbook.worksheets().len();
        let sheet = workbook.add_worksheet_with_constant_memory();
        sheet.set_name(message!("workbook-files-sheet"))?;
        let headers = [
            (message!("workbook-file"), 26.0),
            (message!("workbook-sheet"), 16.0),
            (message!("workbook-codes"), 12.0),
            (message!("workbook-messages"), 60.0),
            (message!("workbook-suggestion"), 60.0),
        ];
        for (at, (header, width)) in headers.into_iter().enumerate() {
            sheet.set_column_width(at as u16, width)?;
            sheet.write_string_with_format(0, at as u16, header, &formats.header)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(Self { index, rows: 0 })
    }

    pub fn write(&mut self, workbook: &mut Workbook, row: &StoredReject) -> Result<()> {
        let sheet = workbook.worksheet_from_index(self.index)?;
        self.rows += 1;
        let [codes, messages, suggestions] =
            [Role::Codes, Role::Messages, Role::Suggestion].map(|role| text_of(role, row, true));
        let texts = [row.row.file.to_string(), row.row.sheet.to_string(), codes, messages, suggestions];
        for (at, text) in texts.iter().enumerate() {
            sheet.write_string(self.rows, at as u16, cut(text))?;
        }
        Ok(())
    }
}

/// The first sheet: how to use the others.
pub(super) fn guide(workbook: &mut Workbook, formats: &Formats) -> Result<()> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(message!("workbook-guide-sheet"))?;
    sheet.set_column_width(0, 100.0)?;
    for (line, text) in texts::guide().iter().enumerate() {
        let format = if line == 0 { &formats.header } else { &formats.guide };
        sheet.write_string_with_format(line as u32, 0, *text, format)?;
    }

    Ok(())
}
