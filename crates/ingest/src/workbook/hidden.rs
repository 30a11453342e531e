//! Which rows of a sheet are hidden. The workbook library does not tell, and a row that a clerk
//! filtered out or folded away must not become a weapon unseen.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use zip::ZipArchive;

use super::failure::Failure;

/// Hidden rows as first and last, counted from 0, in order.
pub(crate) type Hidden = Vec<(u32, u32)>;

type Archive = ZipArchive<BufReader<File>>;

/// The hidden rows of an xlsx, read sheet by sheet.
pub(crate) struct XlsxHidden {
    archive: Archive,
    /// The part of each sheet, by its name.
    parts: HashMap<String, String>,
}

impl XlsxHidden {
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let mut archive = open_zip(path)?;
        let workbook = workbook_part(&mut archive)?;
        let (folder, name) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
        let targets = relationships(&mut archive, &format!("{folder}/_rels/{name}.rels"))?;
        let mut parts = HashMap::new();
        read_part(&mut archive, &workbook, |element| {
            if element.is_start && element.name() == "sheet" {
                let target = element.attribute("id").and_then(|id| targets.get(&id).cloned());
                if let (Some(name), Some((target, _))) = (element.attribute("name"), target) {
                    parts.insert(name, absolute(folder, &target));
                }
            }
            true
        })?;
        Ok(Self { archive, parts })
    }

    /// The hidden rows of a sheet.
    pub fn of(&mut self, sheet: &str) -> Result<Hidden, Failure> {
        let Some(part) = self.parts.get(sheet) else {
            return Err(Failure::Damaged(format!("the part of the sheet {sheet:?} is not named")));
        };
        let (mut hidden, mut next) = (Hidden::new(), 0_u32);
        read_part(&mut self.archive, part, |element| {
            if element.is_start && element.name() == "row" {
                let number = element.attribute("r").and_then(|number| number.trim().parse::<u32>().ok());
                let row = number.map_or(next, |number| number.saturating_sub(1));
                if element
                    .attribute("hidden")
                    .is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
                {
                    hidden.push((row, row));
                }
                next = row.saturating_add(1);
            }
            element.is_start || element.name() != "sheetData"
        })?;
        hidden.sort_unstable();
        Ok(hidden)
    }
}

/// The hidden rows of every table of an ods, by its name.
pub(crate) fn hidden_in_ods(path: &Path) -> Result<HashMap<String, Hidden>, Failure> {
    let mut archive = open_zip(path)?;
    let mut tables = HashMap::new();
    // A table may stand in a cell of another.
    let mut open: Vec<(String, u32, Hidden)> = Vec::new();
    read_part(&mut archive, "content.xml", |element| {
        match (element.name(), element.is_start) {
            ("table", true) => open.push((element.attribute("name").unwrap_or_default(), 0, Vec::new())),
            ("table", false) => {
                if let Some((name, _, hidden)) = open.pop().filter(|_| open.is_empty()) {
                    tables.insert(name, hidden);
                }
            }
            ("table-row", true) => {
                if let Some((_, next, hidden)) = open.last_mut() {
                    let repeated = element.attribute("number-rows-repeated");
                    let rows = repeated.and_then(|rows| rows.trim().parse::<u32>().ok()).unwrap_or(1).max(1);
                    let visibility = element.attribute("visibility");
                    if visibility.is_some_and(|value| matches!(value.trim(), "collapse" | "filter")) {
                        hidden.push((*next, next.saturating_add(rows - 1)));
                    }
                    *next = next.saturating_add(rows);
                }
            }
            _ => {}
        }
        true
    })?;
    Ok(tables)
}

/// An element's beginning or end; one without content has a beginning and an end.
struct Element<'a> {
    start: Option<&'a BytesStart<'a>>,
    end_name: &'a str,
    is_start: bool,
}

impl Element<'_> {
    /// Its name without prefix.
    fn name(&self) -> &str {
        let name = self.start.map_or(self.end_name, |start| start.name().into_inner());
        name.rsplit(':').next().unwrap_or(name)
    }

    /// An attribute by its name without prefix.
    fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.start?.attributes();
        let found = attributes
            .with_checks(false)
            .flatten()
            .find(|attribute| attribute.key.into_inner().rsplit(':').next().is_some_and(|key| key == name))?;
        Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
    }
}

/// Gives every element of a part until it is told to stop.
fn read_part(
    archive: &mut Archive,
    part: &str,
    mut take: impl FnMut(&Element<'_>) -> bool,
) -> Result<(), Failure> {
    let alike = |name: &Cow<'_, str>| name.replace('\\', "/").eq_ignore_ascii_case(part);
    let name = archive.file_names().flatten().find(alike).map(Cow::into_owned);
    let name = name.ok_or_else(|| Failure::Damaged(format!("the part {part} is missing")))?;
    let entry = archive.by_name(&name).map_err(|error| Failure::damaged(&error))?;
    read_elements(BufReader::new(entry), &mut take)
}

fn read_elements(input: impl BufRead, take: &mut dyn FnMut(&Element<'_>) -> bool) -> Result<(), Failure> {
    let mut reader = Reader::from_reader(input);
    let settings = reader.config_mut();
    settings.check_end_names = false;
    settings.expand_empty_elements = true;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let more = match reader.read_event_into(&mut buffer).map_err(|error| Failure::damaged(&error))? {
            Event::Start(start) => take(&Element { start: Some(&start), end_name: "", is_start: true }),
            Event::End(end) => {
                take(&Element { start: None, end_name: end.name().into_inner(), is_start: false })
            }
            Event::Eof => false,
            _ => true,
        };
        if !more {
            return Ok(());
        }
    }
}

fn open_zip(path: &Path) -> Result<Archive, Failure> {
    let file = File::open(path).map_err(|error| Failure::damaged(&error))?;
    ZipArchive::new(BufReader::new(file)).map_err(|error| Failure::damaged(&error))
}

/// The part of the workbook itself.
fn workbook_part(archive: &mut Archive) -> Result<String, Failure> {
    let targets = relationships(archive, "_rels/.rels")?;
    let workbook = targets.into_values().find(|(_, kind)| kind.ends_with("/officeDocument"));
    Ok(workbook.map_or_else(|| "xl/workbook.xml".to_owned(), |(target, _)| absolute("", &target)))
}

/// Target and type of each relationship of a part, by its id.
fn relationships(archive: &mut Archive, part: &str) -> Result<HashMap<String, (String, String)>, Failure> {
    let mut targets = HashMap::new();
    read_part(archive, part.trim_start_matches('/'), |element| {
        if element.is_start && element.name() == "Relationship" {
            let [id, target, kind] =
                ["Id", "Target", "Type"].map(|name| element.attribute(name).unwrap_or_default());
            targets.insert(id, (target, kind));
        }
        true
    })?;
    Ok(targets)
}

/// A target as the name of a part.
fn absolute(folder: &str, target: &str) -> String {
    match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None if folder.is_empty() => target.to_owned(),
        None => format!("{folder}/{target}"),
    }
}
