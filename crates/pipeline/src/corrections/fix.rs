//! `matricule rejects fix`: one repair for many refused rows. What a mapping row repairs is written into the
//! operator's mappings, and `rerun` applies it; what only the weapon can say (which of two look-alike letters) is
//! recorded row by row, as an import does.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use matricule_loader::{Registry, RejectQuery};
use matricule_record::{Code, Finding, message};
use matricule_report::correction::Target;
use matricule_report::pages::named_table;
use matricule_text::{canonical_serial, delimiter_of, script_of_serial};

use super::{Imported, Matched, amendments, follow};
use crate::amend::Act;
use crate::{Error, Stages, resolve};

/// A row for the operator's mappings.
#[derive(Clone, Debug)]
pub struct MappingFix {
    /// T301 or T310: a value for a letter; T303: a name for a sign.
    pub code: Code,
    /// The character.
    pub character: char,
    /// What it becomes: letters A–Z and digits 0–9, or the name of the sign.
    pub to: String,
    /// The field that a sign belongs to.
    pub belongs: String,
    /// The order or standard that says so.
    pub source: String,
    /// The table, where the refused rows name several.
    pub table: Option<String>,
    /// The operator's mappings; made where they are not there.
    pub mappings: PathBuf,
}

/// A row that an operator's file holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenRow {
    /// The file.
    pub file: PathBuf,
    /// The row.
    pub row: String,
    /// Whether it stood there before.
    pub stood: bool,
    /// How many bytes the file had before; `None` where there was none.
    before: Option<u64>,
}

/// Writes the rows that a fix asks for: one for each table that refused rows name. Nothing is written where no open
/// refused row has that character.
pub fn fix_mapping(stages: &Stages, registry: &Path, fix: &MappingFix) -> Result<Vec<WrittenRow>, Error> {
    let registry = Registry::open(registry)?;
    let is_table = |id: &str| stages.transliteration.tables().iter().any(|table| &**table.id() == id);
    let point = format!("(U+{:04X})", u32::from(fix.character));
    let mut named = BTreeSet::new();
    let mut rows = 0_u64;
    registry.refused(RejectQuery { run: None, open_only: true }, |row| {
        let is_meant = |finding: &&Finding| finding.code == fix.code && finding.message.contains(&point);
        for finding in row.row.findings.iter().filter(is_meant) {
            rows += 1;
            named.extend(named_table(&finding.message, is_table).map(str::to_owned));
        }
    })?;
    if rows == 0 {
        return Err(Error::NothingToFix(message!("fix-no-character", code = fix.code, point = point)));
    }
    if fix.code == Code::T303 {
        let row = ["symbol", &fix.character.to_string(), &fix.to, &fix.belongs, &fix.source, ""];
        return Ok(vec![append(&fix.mappings.join("symbols"), "own", row)?]);
    }
    if let Some(table) = &fix.table {
        named.retain(|id| id == table);
        if named.is_empty() {
            return Err(Error::NothingToFix(message!("fix-no-table", point = point, table = table)));
        }
    }
    let note = if fix.code == Code::T310 { "overrides review" } else { "" };
    let row = ["map", &fix.character.to_string(), &fix.to, "", &fix.source, note];
    append_all(&fix.mappings.join("scripts"), &named, row)
}

/// Adds a row to the file of each table, or to none.
fn append_all(folder: &Path, tables: &BTreeSet<String>, row: [&str; 6]) -> Result<Vec<WrittenRow>, Error> {
    let mut written = Vec::new();
    for table in tables {
        match append(folder, table, row) {
            Ok(row) => written.push(row),
            Err(error) => {
                take_back(&written)?;
                return Err(error);
            }
        }
    }
    Ok(written)
}

/// The columns of a table of an operator.
const COLUMNS: [&str; 6] = ["kind", "from", "to", "when", "source", "note"];

/// So many of them say what becomes of a character; the others say who says so.
const MEANING: usize = 4;

/// Adds a row to an operator's file, which is made where it is not there. A row that stands there stays as it is.
fn append(folder: &Path, id: &str, row: [&str; 6]) -> Result<WrittenRow, Error> {
    let file = folder.join(format!("{id}.csv"));
    let fault = |error| Error::Write { path: file.clone(), error };
    let workbook = folder.join(format!("{id}.xlsx"));
    if workbook.exists() {
        let row = Form::of("").map(|form| form.line(row)).unwrap_or_default();
        return Err(Error::NothingToFix(message!("fix-workbook", file = workbook.display(), row = row)));
    }
    fs::create_dir_all(folder).map_err(fault)?;
    let before = match fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(fault(error)),
    };
    let length = before.as_ref().map(|text| text.len() as u64);
    let text = before.as_deref().unwrap_or_default();
    let form = Form::of(text).ok_or_else(|| {
        let columns = COLUMNS.join(", ");
        Error::NothingToFix(message!("fix-no-header", file = file.display(), columns = columns))
    })?;
    if let Some(row) = form.standing(text, row) {
        return Ok(WrittenRow { row, stood: true, before: length, file });
    }
    let row = form.line(row);
    let start = match text {
        "" => format!("{}\n", COLUMNS.join(",")),
        text if text.ends_with('\n') => String::new(),
        _ => "\n".to_owned(),
    };
    let mut out = OpenOptions::new().create(true).append(true).open(&file).map_err(fault)?;
    let text = format!("{start}{row}\n");
    let written = WrittenRow { row, stood: false, before: length, file: file.clone() };
    // Half a row is none.
    out.write_all(text.as_bytes())
        .or_else(|error| take_back(std::slice::from_ref(&written)).and(Err(fault(error))))?;
    Ok(written)
}

/// How a table is written: what divides its columns, and which of them is where.
struct Form {
    delimiter: u8,
    width: usize,
    places: [usize; COLUMNS.len()],
}

impl Form {
    /// The form of a table; `None` where a column is not there. An empty one has the form of the shipped tables.
    fn of(text: &str) -> Option<Self> {
        let delimiter = delimiter_of(text.as_bytes());
        let header = match reader(text, delimiter).records().next() {
            None => COLUMNS.to_vec().into(),
            Some(header) => header.ok()?,
        };
        let mut places = [0; COLUMNS.len()];
        for (place, name) in places.iter_mut().zip(COLUMNS) {
            *place = header.iter().position(|cell| cell.trim() == name)?;
        }
        Some(Self { delimiter, width: header.len(), places })
    }

    /// A row that gives the same character the same value, whoever says so.
    fn standing(&self, text: &str, row: [&str; 6]) -> Option<String> {
        let says_same = |found: &csv::StringRecord| {
            let cells = self.places.iter().map(|&place| found.get(place).unwrap_or_default());
            cells.take(MEANING).eq(row.into_iter().take(MEANING))
        };
        let found =
            reader(text, self.delimiter).into_records().skip(1).filter_map(Result::ok).find(says_same)?;
        Some(self.joined(&found))
    }

    /// A row as a line of the table.
    fn line(&self, row: [&str; 6]) -> String {
        let mut cells = vec![""; self.width];
        for (&place, cell) in self.places.iter().zip(row) {
            cells[place] = cell;
        }
        self.joined(&csv::StringRecord::from(cells))
    }

    fn joined(&self, record: &csv::StringRecord) -> String {
        let mut out = csv::WriterBuilder::new().delimiter(self.delimiter).from_writer(Vec::new());
        // Nothing that is written into memory fails.
        let written = out.write_record(record).ok().and_then(|()| out.into_inner().ok());
        String::from_utf8_lossy(&written.unwrap_or_default()).trim_end_matches(['\r', '\n']).to_owned()
    }
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// Makes the files what they were before rows were written, the last one first: a row stands at the end of its file,
/// which is cut there.
pub fn take_back(rows: &[WrittenRow]) -> Result<(), Error> {
    for WrittenRow { file, before, .. } in rows.iter().rev().filter(|row| !row.stood) {
        let done = match before {
            Some(length) => OpenOptions::new().write(true).open(file).and_then(|out| out.set_len(*length)),
            None => fs::remove_file(file),
        };
        done.map_err(|error| Error::Write { path: file.clone(), error })?;
        // Folders that were made for it; one that holds something stays.
        let folders = file.ancestors().skip(1).take(2);
        let _ = before.is_none().then(|| folders.map(fs::remove_dir).take_while(Result::is_ok).count());
    }
    Ok(())
}

/// How the look-alike letters of a ledger's refused serials are meant.
#[derive(Clone, Debug)]
pub struct FoldFix {
    /// Who and where.
    pub act: Act,
    /// Path of the ledger in the registry.
    pub ledger: String,
    /// Whether Latin letters are meant; else those of the ledger's own script.
    pub latin: bool,
    /// Why.
    pub reason: String,
    /// Record it; else only say what would become of the rows.
    pub apply: bool,
}

/// Reads every open serial of a ledger that mixes scripts (T302) with the letters that were meant.
pub fn fix_mixed(stages: &Stages, fix: &FoldFix) -> Result<Imported, Error> {
    let registry = Registry::open(&fix.act.registry)?;
    let mut meant: Vec<(i64, Vec<(Target, String)>)> = Vec::new();
    registry.refused(RejectQuery { run: None, open_only: true }, |row| {
        if *row.row.file != *fix.ledger {
            return;
        }
        let values: Vec<_> =
            row.row.findings.iter().filter_map(|finding| folded(finding, fix.latin)).collect();
        if !values.is_empty() {
            meant.push((row.reject_id, values));
        }
    })?;
    if meant.is_empty() {
        return Err(Error::NothingToFix(message!("fix-no-mixed", ledger = fix.ledger)));
    }
    drop(registry);
    let mut load = fix.act.begin_or_try(stages, fix.apply)?;
    let mut rows = load.stored().rows();
    let mut matched = Vec::new();
    for (reject, values) in meant {
        let Some(row) = rows.reject(reject)? else { continue };
        let amendments = amendments(&row, values, &fix.reason);
        matched.push(Matched { reject, row, amendments, is_waived: false, note: fix.reason.clone() });
    }
    let mut done = Imported::default();
    follow(stages, &mut load, matched, &mut done)?;
    if fix.apply && done.loaded > 0 {
        resolve::again(&mut load)?;
        let published = load.publish()?;
        done.applied = Some((published.run_id, published.chain));
    }
    Ok(done)
}

/// The reading of a mixed serial that a finding offers in the letters meant.
fn folded(finding: &Finding, latin: bool) -> Option<(Target, String)> {
    let column = finding.column.filter(|_| finding.code == Code::T302)?;
    let is_latin = |value: &&str| script_of_serial(&canonical_serial(value)) == "Latn";
    let value = finding.proposals().into_iter().find(|value| is_latin(value) == latin)?;
    Some((Target::Cell(column), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: [&str; 6] = ["map", "Ж", "X", "", "order-12", ""];

    /// Appends to tables of a folder, two of which are there: `a` with a row of its own, `b` with this one.
    fn check(tables: &[&str], is_written: bool, after: &[(&str, Option<&str>)]) {
        let folder = tempfile::tempdir().unwrap();
        let stands = [
            ("a", "kind,from,to,when,source,note\nmap,Q,Q,,own,"),
            ("b", "from;kind;to;when;source;note;by\nЖ;map;X;;own;;me"),
        ];
        for (id, row) in stands {
            fs::write(folder.path().join(id).with_extension("csv"), row).unwrap();
        }
        fs::create_dir(folder.path().join("z.csv")).unwrap();
        let tables = tables.iter().map(|id| (*id).to_owned()).collect();
        let written = append_all(folder.path(), &tables, ROW);
        assert_eq!(written.is_ok(), is_written, "{written:?}");
        let text = |id: &str| fs::read_to_string(folder.path().join(id).with_extension("csv")).ok();
        for (id, expect) in after {
            assert_eq!(text(id).as_deref(), *expect, "{id}");
        }
        take_back(&written.unwrap_or_default()).unwrap();
        assert_eq!(["a", "b", "c"].map(text), [Some(stands[0].1.into()), Some(stands[1].1.into()), None]);
    }

    #[test]
    fn rows_are_written_to_all_tables_or_to_none() {
        let header = "kind,from,to,when,source,note\n";
        let [stood, new] = ["map,Q,Q,,own,", "map,Ж,X,,order-12,\n"];
        let b = "from;kind;to;when;source;note;by\nЖ;map;X;;own;;me";
        let after =
            [("a", format!("{header}{stood}\n{new}")), ("b", b.to_owned()), ("c", format!("{header}{new}"))];
        check(&["a", "b", "c"], true, &after.each_ref().map(|(id, text)| (*id, Some(text.as_str()))));
        check(&["a", "b", "c", "z"], false, &[("a", Some(&format!("{header}{stood}"))), ("c", None)]);
    }

    /// A table as a program saved it keeps its delimiter and the order of its columns; a workbook is told.
    #[test]
    fn a_row_is_written_as_its_table_is() {
        let folder = tempfile::tempdir().unwrap();
        let check = |before: &str, row: [&str; 6], expect: Option<&str>| {
            let file = folder.path().join("a.csv");
            fs::write(&file, before).unwrap();
            let written = append(folder.path(), "a", row).map(|row| row.row).ok();
            assert_eq!(written.as_deref(), expect, "{before:?}");
            let after = expect.map(|row| format!("{before}{row}\n")).filter(|_| !before.contains('Ж'));
            assert_eq!(fs::read_to_string(&file).unwrap(), after.unwrap_or(before.to_owned()));
        };
        check("kind;from;to;when;source;note\r\n", ROW, Some("map;Ж;X;;order-12;"));
        check("\u{feff}from\tkind\tto\twhen\tsource\tnote\n", ROW, Some("Ж\tmap\tX\t\torder-12\t"));
        let divided = ["map", "Q", "X", "", "order 12; 1998", ""];
        check("kind;from;to;when;source;note\n", divided, Some("map;Q;X;;\"order 12; 1998\";"));
        check("kind;from;to;when;source;note\nmap;Ж;X;;own;\n", ROW, Some("map;Ж;X;;own;"));
        check("from;to;source\n", ROW, None);
        fs::write(folder.path().join("w.xlsx"), "").unwrap();
        let told = append(folder.path(), "w", ROW).unwrap_err().to_string();
        assert!(told.contains("w.xlsx") && told.contains("map,Ж,X,,order-12,"), "{told}");
        assert!(!folder.path().join("w.csv").exists());
    }

    #[test]
    fn a_row_that_stood_there_is_not_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        append(folder.path(), "a", ROW).unwrap();
        let stood = append(folder.path(), "a", ROW).unwrap();
        let later = append(folder.path(), "a", ["map", "Ш", "Y", "", "own", ""]).unwrap();
        take_back(&[stood]).unwrap();
        assert!(fs::read_to_string(&later.file).unwrap().ends_with("map,Ш,Y,,own,\n"));
    }
}
