//! A repaired file as corrections: workbook or CSV, columns in any order, any part of the rows.

use std::path::Path;

use matricule_ingest::{ReaderCommand, is_workbook, plain_rows};
use matricule_record::{CellKind, Cells, Code, Field, FieldKind, message};
use matricule_report::correction::{Action, Target, names, row_heading};

use super::header::{First, Header};
use super::original::{Seen, is_cut};
use super::{Fault, Said, text};
use crate::Error;

/// What a person writes for: the cell holds nothing.
const EMPTY: &str = "(empty)";

/// Which refused row a line is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct RowKey {
    pub file: String,
    pub sheet: String,
    pub row: u32,
    pub sha256: String,
}

impl std::fmt::Display for RowKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sheet = if self.sheet.is_empty() { String::new() } else { format!("!{}", self.sheet) };
        write!(f, "{}{sheet}!{}", self.file, self.row)
    }
}

/// A line of the file, and which refused row it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Where it stands in the file of corrections.
    pub place: String,
    pub key: RowKey,
    pub digest: String,
    /// The cells of the ledger, as the file shows them.
    pub seen: Seen,
}

/// What a line says about a refused row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Correction {
    pub line: Line,
    /// What the line offers to accept.
    pub proposal: String,
    pub said: Said,
    pub note: String,
    /// Values that the file holds as numbers: fit for a year, not for a serial.
    pub numbers: Vec<Target>,
}

/// What is in a file of corrections.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub corrections: Vec<Correction>,
    pub faults: Vec<Fault>,
    /// Lines that say nothing.
    pub left: Vec<Line>,
}

/// Reads a file of corrections.
pub(crate) fn read(path: &Path, command: &ReaderCommand) -> Result<Read, Error> {
    let is_csv = !is_workbook(path);
    let mut reading = Reading {
        is_csv,
        read: Read::default(),
        name: path.display().to_string(),
        header: First::Other,
        sheet: None,
        found: false,
    };
    if is_csv {
        reading.csv(path)?;
    } else {
        let result = plain_rows(path, command, |sheet, row, cells| reading.row(sheet, row, cells));
        if let Err(finding) = result {
            reading.fault(
                Code::R601,
                path.display().to_string(),
                message!("r601-workbook", code = finding.code, message = finding.message),
            );
            reading.found = true;
        }
    }
    if !reading.found {
        let message = message!("r601-no-columns").to_owned();
        reading.fault(Code::R601, path.display().to_string(), message);
    }
    Ok(reading.read)
}

struct Reading {
    is_csv: bool,
    read: Read,
    name: String,
    /// What the first row of the sheet is.
    header: First,
    sheet: Option<String>,
    /// Whether any sheet speaks of corrections.
    found: bool,
}

impl Reading {
    fn fault(&mut self, code: Code, place: String, message: String) {
        self.read.faults.push(Fault { code, place, message });
    }

    fn csv(&mut self, path: &Path) -> Result<(), Error> {
        let bytes = std::fs::read(path).map_err(|error| Error::Read { path: path.to_owned(), error })?;
        let Some(csv) = text::decoded(&bytes) else {
            self.found = true;
            self.fault(Code::R601, self.name.clone(), message!("r601-not-unicode").to_owned());
            return Ok(());
        };
        for (at, record) in text::records(&csv).records().enumerate() {
            match record {
                Ok(record) => {
                    let cells = Cells::from_texts(record.iter().map(unneutral));
                    self.row("", at as u32 + 1, &cells);
                }
                Err(error) => {
                    let place = format!("{}!{}", self.name, at + 1);
                    self.fault(Code::R601, place, message!("r601-line", error = error));
                }
            }
        }
        Ok(())
    }

    fn row(&mut self, sheet: &str, row: u32, cells: &Cells) {
        if self.sheet.as_deref() != Some(sheet) {
            self.sheet = Some(sheet.to_owned());
            self.header = First::of(cells);
            self.found |= !matches!(self.header, First::Other);
            if let First::Unfit(message) = &self.header {
                let message = message.clone();
                self.fault(Code::R601, self.place(sheet, None), message);
            }
            return;
        }
        match std::mem::replace(&mut self.header, First::Other) {
            First::Names(header) => {
                self.line(&header, sheet, row, cells);
                self.header = First::Names(header);
            }
            First::Other if Header::lacks(cells).is_empty() => {
                self.found = true;
                let message = message!("r601-not-first").to_owned();
                self.fault(Code::R601, self.place(sheet, Some(row)), message.clone());
                self.header = First::Unfit(message);
            }
            other => self.header = other,
        }
    }

    fn place(&self, sheet: &str, row: Option<u32>) -> String {
        let sheet = if sheet.is_empty() { String::new() } else { format!("!{sheet}") };
        let row = row.map_or_else(String::new, |row| format!("!{row}"));
        format!("{}{sheet}{row}", self.name)
    }

    fn line(&mut self, header: &Header, sheet: &str, row: u32, cells: &Cells) {
        let written = header.text(cells, names::ROW).trim();
        let place = self.place(sheet, Some(row));
        let note = header.text(cells, names::NOTE).trim().to_owned();
        let said = said(header, cells, &note);
        let Ok(number) = written.parse() else {
            // The headers that people read, and lines of a refused file, have no row of a ledger.
            if written != row_heading() && said != Ok(None) {
                let message = message!("r602-no-number", written = written);
                self.fault(Code::R602, place, message);
            }
            return;
        };
        let text = |name| header.text(cells, name).to_owned();
        let key = RowKey {
            file: text(names::FILE),
            sheet: text(names::SHEET),
            row: number,
            sha256: text(names::SHA256).trim().to_owned(),
        };
        let digest = header.text(cells, names::DIGEST).trim().to_owned();
        let seen = header.seen(cells, self.is_csv);
        match said {
            Ok(None) => self.read.left.push(Line { place, key, digest, seen }),
            Ok(Some(said)) => {
                let is_number = |at: usize| cells.get(at).kind == CellKind::Number;
                let numbers = header.targets.iter().filter(|(_, at)| is_number(*at));
                let correction = Correction {
                    numbers: numbers.map(|(target, _)| *target).collect(),
                    line: Line { place, key, digest, seen },
                    proposal: text(names::PROPOSAL),
                    said,
                    note,
                };
                self.read.corrections.push(correction);
            }
            Err((code, message)) => self.fault(code, place, message),
        }
    }
}

/// What a line says; `None` where it says nothing.
fn said(header: &Header, cells: &Cells, note: &str) -> Result<Option<Said>, (Code, String)> {
    let word = header.text(cells, names::ACTION).trim();
    let action = if word.is_empty() { None } else { Some(Action::from_name(word)) };
    let values = values(header, cells)?;
    let wrong = |message: &str| Err((Code::R604, message.to_owned()));
    match action {
        Some(None) => {
            let known = Action::ALL.map(Action::name).join(", ");
            Err((Code::R604, message!("r604-action", word = word, known = known)))
        }
        Some(Some(Action::Leave)) => Ok(None),
        None if values.is_empty() => Ok(None),
        Some(Some(Action::Correct)) if values.is_empty() => wrong(message!("r604-no-value")),
        None | Some(Some(Action::Correct)) => Ok(Some(Said::Correct(values))),
        Some(Some(_)) if !values.is_empty() => wrong(message!("r604-value")),
        Some(Some(Action::Accept)) => Ok(Some(Said::Accept)),
        Some(Some(Action::Waive)) if note.is_empty() => wrong(message!("r604-no-note")),
        Some(Some(Action::Waive)) => Ok(Some(Said::Waive)),
    }
}

fn values(header: &Header, cells: &Cells) -> Result<Vec<(Target, String)>, (Code, String)> {
    let mut values = Vec::new();
    if let Some((name, _)) = header.unknown.iter().find(|(_, at)| !cells.get(*at).is_blank()) {
        return Err((Code::R604, message!("r604-no-cell", name = name)));
    }
    for (target, at) in &header.targets {
        let cell = cells.get(*at);
        let text = cell.text;
        if cell.is_blank() {
            continue;
        }
        match cell.kind {
            CellKind::Text | CellKind::Number => {}
            kind => {
                return Err((
                    Code::R606,
                    message!("r606-kind", column = target.name(), kind = kind_name(kind), text = text),
                ));
            }
        }
        if text == message!("masked") || is_cut(text) {
            return Err((Code::R606, message!("r606-not-whole", column = target.name(), text = text)));
        }
        values.push((*target, if text.trim() == EMPTY { String::new() } else { text.to_owned() }));
    }
    values.sort_by_key(|(target, _)| *target);
    Ok(values)
}

pub(super) fn is_serial(field: Field) -> bool {
    field.kind() == FieldKind::Serial
}

fn kind_name(kind: CellKind) -> &'static str {
    match kind {
        CellKind::Text => "text",
        CellKind::Number => message!("kind-number"),
        CellKind::Date => message!("kind-date"),
        CellKind::Boolean => message!("kind-logical"),
        CellKind::Error => message!("kind-error"),
        CellKind::Formula => message!("kind-formula"),
    }
}

/// A cell of a CSV for people as it was before its `'` was put in front.
pub(super) fn unneutral(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if matricule_report::safe::neutral(rest).len() > rest.len() => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the lines of a CSV say: place of a correction or fault, and what.
    fn check(csv: &str, expect: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.csv");
        std::fs::write(&path, csv).unwrap();
        let command = ReaderCommand { program: "none".into(), arguments: Vec::new() };
        let read = read(&path, &command).unwrap();
        let corrections = read.corrections.iter().map(|c| format!("{} {:?} {}", c.line.key, c.said, c.note));
        let faults = read.faults.iter().map(|fault| format!("{} {}", fault.code, fault.message));
        assert_eq!(corrections.chain(faults).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn lines_are_found_by_the_names_of_their_columns() {
        check(
            "\u{feff}digest;sha256;note;correct_make;action;row;sheet;file;correct_B\n\
             d;s;;Tula;;7;S;a.xlsx;'-5\n\
             d;s;;;;8;S;a.xlsx;\n\
             d;s;;(empty);Correct;9;;a.csv;\n\
             d;s;no weapon;;waive;10;;a.csv;\n",
            &[
                "a.xlsx!S!7 Correct([(Cell(1), \"-5\"), (Field(Make), \"Tula\")]) ",
                "a.csv!9 Correct([(Field(Make), \"\")]) ",
                "a.csv!10 Waive no weapon",
            ],
        );
    }

    #[test]
    fn what_does_not_go_together_is_told() {
        let head = "file,sheet,row,sha256,digest,action,note,correct_A\n";
        check(
            &format!(
                "{head}a,,1,s,d,delete,,\na,,2,s,d,correct,,\na,,3,s,d,waive,,\na,,4,s,d,accept suggestion,,x\na,,5,s,d,leave,,x\n"
            ),
            &[
                "R604 the action is `delete`; it has to be one of correct, accept suggestion, waive, leave",
                "R604 the action is `correct`, but no corrected value is written",
                "R604 the action is `waive`, but the note does not say why",
                "R604 a corrected value is written, but the action is not `correct`",
            ],
        );
        check(
            &format!("{head}a,,7.0,s,d,correct,,x\na,,Row,s,d,Action,,x\na,,,s,d,,,\n"),
            &["R602 the line says something of a row, but its row `7.0` is no number"],
        );
        check(
            "file,sheet,row,sha256,digest,action,correct_colour\na,,1,s,d,,red\na,,2,s,d,,\n",
            &["R604 `correct_colour` is the name of no cell and no field"],
        );
        check(
            "file,sheet,row,sha256,digest,action,correct_A,correct_A\na,,1,s,d,,x,y\n",
            &["R601 two columns are called correct_A; no line of this sheet was read"],
        );
        check(
            "a,b\n1,2\n",
            &["R601 no sheet has the columns file, sheet, row, sha256, digest and action in its first row"],
        );
    }
}
