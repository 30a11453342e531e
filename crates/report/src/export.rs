//! Entries or weapons as CSV, JSON lines or a workbook, and the manifest that says what they are.

use std::io::{Seek, Write};

use matricule_record::is_personal_column;
use rust_xlsxwriter::{Format, Workbook};
use serde::Serialize;

use crate::{Result, check_temporary_folder, masked_entry};

/// How an export is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// CSV in UTF-8, every text as it is.
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// A workbook, every cell as text.
    Xlsx,
}

/// What an export is: written beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExportManifest {
    /// `entries` or `weapons`.
    pub what: String,
    /// The conditions, as given.
    pub filter: Vec<String>,
    /// The columns.
    pub columns: Vec<String>,
    /// Columns whose values are masked.
    pub masked: Vec<String>,
    /// Rows written.
    pub rows: u64,
    /// Head of the chain of evidence of the registry.
    pub chain_head: String,
    /// Digest of the content of the registry, equal however its work was split (`matricule audit --digest`).
    pub registry_digest: String,
    /// Name of the file.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Version of the program.
    pub version: String,
}

/// Writes a manifest as JSON.
pub fn write_manifest(manifest: &ExportManifest, mut writer: impl Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut writer, manifest)?;
    writer.write_all(b"\n")?;
    Ok(())
}

/// Writes rows under columns; values of personal fields are masked unless they are to be shown.
pub struct Export<W: Write> {
    columns: Vec<&'static str>,
    masked: Vec<bool>,
    unmask: bool,
    form: Form<W>,
    rows: u64,
}

enum Form<W: Write> {
    Csv(Box<csv::Writer<W>>),
    JsonLines(W),
    Xlsx(Box<Workbook>, W),
}

impl<W: Write + Seek + Send> Export<W> {
    /// Starts an export.
    pub fn create(writer: W, format: ExportFormat, columns: Vec<&'static str>, unmask: bool) -> Result<Self> {
        if format == ExportFormat::Xlsx {
            check_temporary_folder()?;
        }
        let masked = columns.iter().map(|name| !unmask && is_personal_column(name)).collect();
        let mut form = match format {
            ExportFormat::Csv => Form::Csv(Box::new(csv::Writer::from_writer(writer))),
            ExportFormat::JsonLines => Form::JsonLines(writer),
            ExportFormat::Xlsx => Form::Xlsx(Box::new(Workbook::new()), writer),
        };
        match &mut form {
            Form::Csv(csv) => csv.write_record(&columns)?,
            Form::JsonLines(_) => {}
            Form::Xlsx(workbook, _) => {
                let sheet = workbook.add_worksheet_with_constant_memory();
                sheet.set_freeze_panes(1, 0)?;
                for (at, name) in columns.iter().enumerate() {
                    sheet.write_string_with_format(0, at as u16, *name, &Format::new().set_bold())?;
                }
            }
        }
        Ok(Self { columns, masked, unmask, form, rows: 0 })
    }

    /// Columns whose values are masked.
    pub fn masked(&self) -> Vec<String> {
        let masked = self.columns.iter().zip(&self.masked).filter(|(_, masked)| **masked);
        masked.map(|(name, _)| (*name).to_owned()).collect()
    }

    /// Adds a row of as many values as there are columns.
    pub fn write(&mut self, values: &[Option<String>]) -> Result<()> {
        self.rows += 1;
        let said = |(value, name): (&Option<String>, &&str)| {
            value.as_deref().map(|value| masked_entry(name, value, self.unmask).into_owned())
        };
        let shown: Vec<Option<String>> = values.iter().zip(&self.columns).map(said).collect();
        match &mut self.form {
            Form::Csv(csv) => {
                csv.write_record(shown.iter().map(|value| value.as_deref().unwrap_or_default()))?;
            }
            Form::JsonLines(writer) => {
                let object: serde_json::Map<_, _> = self
                    .columns
                    .iter()
                    .zip(shown)
                    .map(|(name, value)| ((*name).to_owned(), value.into()))
                    .collect();
                serde_json::to_writer(&mut *writer, &object)?;
                writer.write_all(b"\n")?;
            }
            Form::Xlsx(workbook, _) => {
                let sheet = workbook.worksheet_from_index(0)?;
                let row = u32::try_from(self.rows).unwrap_or(u32::MAX);
                for (at, value) in shown.iter().enumerate() {
                    if let Some(value) = value {
                        sheet.write_string(row, at as u16, value)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes what is left, and says how many rows there are.
    pub fn finish(self) -> Result<u64> {
        match self.form {
            Form::Csv(mut csv) => csv.flush()?,
            Form::JsonLines(mut writer) => writer.flush()?,
            Form::Xlsx(mut workbook, mut writer) => {
                workbook.save_to_writer(&mut writer)?;
                writer.flush()?;
            }
        }
        Ok(self.rows)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::Reader as _;

    use super::*;

    fn written(format: ExportFormat, unmask: bool) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        let mut export = Export::create(&mut out, format, vec!["serial", "holder", "row"], unmask).unwrap();
        let value = |text: &str| Some(text.to_owned());
        export.write(&[value("=AB,1"), value("Example Person"), value("2")]).unwrap();
        export.write(&[None, None, value("3")]).unwrap();
        assert_eq!(export.masked(), if unmask { vec![] } else { vec!["holder"] });
        assert_eq!(export.finish().unwrap(), 2);
        out.into_inner()
    }

    #[test]
    fn personal_values_are_masked_in_every_format() {
        let text = |format, unmask| String::from_utf8(written(format, unmask)).unwrap();
        assert_eq!(text(ExportFormat::Csv, false), "serial,holder,row\n\"=AB,1\",(masked),2\n,,3\n");
        assert_eq!(text(ExportFormat::Csv, true), "serial,holder,row\n\"=AB,1\",Example Person,2\n,,3\n");
        assert_eq!(
            text(ExportFormat::JsonLines, false),
            "{\"holder\":\"(masked)\",\"row\":\"2\",\"serial\":\"=AB,1\"}\n{\"holder\":null,\"row\":\"3\",\"serial\":null}\n"
        );
        let mut book = calamine::Xlsx::new(Cursor::new(written(ExportFormat::Xlsx, false))).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        let rows: Vec<Vec<String>> =
            range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(rows, [["serial", "holder", "row"], ["=AB,1", "(masked)", "2"], ["", "", "3"]]);
    }
}
