//! What the workbook library does not tell of a sheet: which of its rows are hidden, and which of its
//! cells are merged. A row that a clerk filtered out or folded away must not become a weapon unseen,
//! and a value merged over ten rows is the value of each of them.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use matricule_record::message;
use memchr::memmem::{self, Finder};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use zip::ZipArchive;

use super::failure::Failure;
use super::markup::{NO_TEXT, SheetPass, StruckTexts, comments, struck_texts};
use super::number_format::{Shape, Styled};
use super::plain_values::PlainValues;
use crate::sheet_row::Note;

/// Hidden rows as first and last, counted from 0, in order.
pub(crate) type Hidden = Vec<(u32, u32)>;

/// Bytes of a sheet that are looked at in one go, and of those the ones that are looked at again with the next.
const SCANNED_BYTES: usize = 1 << 16;
const KEPT_BYTES: usize = 32;

/// Cells that are merged into one, by their first and last row and column, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Region {
    pub rows: (u32, u32),
    pub columns: (u32, u32),
}

/// What is known of a sheet besides its cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outline {
    /// Its hidden rows.
    pub hidden: Hidden,
    /// Its merged cells, by their first row.
    pub merged: Vec<Region>,
    /// What is said of cells beside their values, each with row and column counted from 0.
    pub notes: Vec<(u32, u32, Note)>,
    /// Cells that name no text of the workbook, by row and column.
    pub textless: BTreeSet<(u32, u32)>,
    /// Whether it is certain that no cell holds a formula.
    pub is_without_formulas: bool,
    /// Cells whose number is shown in another shape, with the place of it among `shapes`: of an ods or xlsb.
    pub shown: Vec<Styled>,
    /// What cannot be right in it.
    pub fault: Option<String>,
    /// The shapes: those that many cells have, then those of one cell.
    pub shapes: Vec<Option<Shape>>,
}

impl Outline {
    /// Notes the cells whose style has a line through their text.
    pub(super) fn strike(&mut self, cells: Vec<(u32, u32)>) {
        self.notes.extend(cells.into_iter().map(|(row, column)| (row, column, Note::Struck)));
        self.notes.sort_by_key(|(row, column, _)| (*row, *column));
        self.notes.dedup();
    }

    /// Brings it into the order of the rows.
    pub(super) fn sorted(mut self) -> Self {
        self.hidden.sort_unstable();
        self.merged.sort_unstable();
        self.shown.sort_unstable();
        self.notes.sort_by_key(|(row, column, _)| (*row, *column));
        self
    }
}

impl From<calamine::Dimensions> for Region {
    fn from(cells: calamine::Dimensions) -> Self {
        Self { rows: (cells.start.0, cells.end.0), columns: (cells.start.1, cells.end.1) }
    }
}

pub(super) type Archive = ZipArchive<BufReader<File>>;

/// The outlines of an xlsx, read sheet by sheet.
pub(crate) struct XlsxOutlines {
    archive: Archive,
    /// The part of each sheet, by its name.
    parts: HashMap<String, String>,
    /// What the parts mention, as it is found.
    scan: Receiver<(String, Result<Mentions, Failure>)>,
    scanned: HashMap<String, Result<Mentions, Failure>>,
    /// The struck texts, once they are known.
    texts: Receiver<Result<StruckTexts, Failure>>,
    struck: Option<StruckTexts>,
}

/// Whether a sheet mentions what its cells alone do not tell, and whether formulas.
type Mentions = [bool; 2];

impl XlsxOutlines {
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let mut archive = open_zip(path)?;
        let workbook = workbook_part(&mut archive)?;
        let (folder, name) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
        let targets = relationships(&mut archive, &format!("{folder}/_rels/{name}.rels"))?;
        let texts = targets.values().find(|(_, kind)| kind.ends_with("/sharedStrings"));
        let texts = texts.map(|(target, _)| absolute(folder, target)).unwrap_or_default();
        let (mut parts, mut in_order) = (HashMap::new(), Vec::new());
        read_part(&mut archive, &workbook, |element| {
            if element.is_start && element.name() == "sheet" {
                let target = element.attribute("id").and_then(|id| targets.get(&id).cloned());
                if let (Some(name), Some((target, _))) = (element.attribute("name"), target) {
                    in_order.push(absolute(folder, &target));
                    parts.insert(name, absolute(folder, &target));
                }
            }
            true
        })?;
        let ((found, scan), (struck, of_texts)) = (channel(), channel());
        let mut own = open_zip(path)?;
        // The library reads its own tables meanwhile; whoever asks waits for what is not there yet.
        thread::spawn(move || {
            if struck.send(struck_texts(&mut own, &texts)).is_err() {
                return;
            }
            for part in in_order {
                let mentions = part_reader(&mut own, &part).and_then(mentions);
                if found.send((part, mentions)).is_err() {
                    return;
                }
            }
        });
        Ok(Self { archive, parts, scan, scanned: HashMap::new(), texts: of_texts, struck: None })
    }

    fn mentions(&mut self, part: &str) -> Result<Mentions, Failure> {
        while !self.scanned.contains_key(part) {
            let Ok((part, mentions)) = self.scan.recv() else { break };
            self.scanned.insert(part, mentions);
        }
        // A part that was never scanned may mention anything.
        self.scanned.get(part).cloned().unwrap_or(Ok([true; 2]))
    }

    /// The outline of a sheet. Nearly no sheet has one, which its bytes tell faster than its elements.
    pub fn of(&mut self, sheet: &str) -> Result<Outline, Failure> {
        let Some(part) = self.parts.get(sheet).cloned() else {
            return Err(Failure::Damaged(format!("the part of the sheet {sheet:?} is not named")));
        };
        if self.struck.is_none() {
            let lost = || Err(Failure::Damaged("its texts could not be read".into()));
            self.struck = Some(self.texts.recv().unwrap_or_else(|_| lost())?);
        }
        let [outlined, formulas] = self.mentions(&part)?;
        let notes = comments(&mut self.archive, &part)?;
        let outline = Outline { is_without_formulas: !formulas, notes, ..Outline::default() };
        let Some(texts) = self.struck.as_ref().filter(|texts| outlined || !texts.is_empty()) else {
            return Ok(outline.sorted());
        };
        let mut pass = SheetPass::new(outline, texts);
        read_part(&mut self.archive, &part, |element| {
            pass.take(element);
            true
        })?;
        Ok(pass.finish()?.sorted())
    }
}

/// Words of a sheet's bytes: of hidden rows, merged cells, struck texts and texts in another notation, and of formulas,
/// whatever their prefix. A blank in a word is any space: every sheet has margins, and `right="0.7"` is no height.
const MENTIONS: [(usize, &str); 8] = [
    (0, "hidden"),
    (0, " ht=\"0"),
    (0, " ht='0"),
    (0, "mergeCell"),
    (0, STRIKE),
    (1, "f>"),
    (1, "<f "),
    (1, ":f "),
];
const STRIKE: &str = "strike";
const TABLE: &str = "sheetData";

/// Whether the bytes of a sheet name anything that its cells do not tell, and whether formulas. A sheet whose values
/// readers may take for others is damaged.
fn mentions(mut input: impl Read) -> Result<Mentions, Failure> {
    let mut finders = MENTIONS.map(|(what, word)| (what, word, Finder::new(word.trim()))).to_vec();
    let mut values = PlainValues::default();
    let (mut found, mut tables) = ([false; 2], 0);
    let mut buffer = vec![0; SCANNED_BYTES];
    let mut kept = 0;
    loop {
        let read = input.read(&mut buffer[kept..]).map_err(|error| Failure::damaged(&error))?;
        if read == 0 {
            return Ok(found);
        }
        let bytes = &buffer[..kept + read];
        if memchr::memchr(0, bytes).is_some() {
            return Err(Failure::Damaged(message!("i101-nul").to_owned()));
        }
        values.take(&bytes[kept..]);
        if let Some(value) = values.fault() {
            return Err(Failure::Damaged(message!("i101-value", value = value)));
        }
        for (what, word, finder) in &finders {
            found[*what] |= !found[*what] && finder.find_iter(bytes).any(|at| is_word_at(bytes, at, word));
        }
        finders.retain(|(what, ..)| !found[*what]);
        // A word that was seen whole in the piece before is counted.
        tables += memmem::find_iter(bytes, TABLE).filter(|at| at + TABLE.len() > kept).count();
        found[0] |= tables > 2;
        kept = bytes.len().min(KEPT_BYTES);
        let end = bytes.len();
        buffer.copy_within(end - kept..end, 0);
    }
}

/// Whether a word that is found but for its blanks has spaces where it has blanks.
fn is_word_at(bytes: &[u8], at: usize, word: &str) -> bool {
    let is_space = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_whitespace);
    let end = at + word.trim().len();
    (!word.starts_with(' ') || is_space(at.checked_sub(1))) && (!word.ends_with(' ') || is_space(Some(end)))
}

/// Whether the bytes of a table of texts name a line through one, or what is none of the texts.
pub(super) fn mentions_markup(archive: &mut Archive, part: &str) -> Result<bool, Failure> {
    let (finders, mut found) = ([STRIKE, NO_TEXT[0], NO_TEXT[1]].map(Finder::new), false);
    scan(part_reader(archive, part)?, |bytes| {
        found |= finders.iter().any(|finder| finder.find(bytes).is_some());
        found |= memchr::memchr(0, bytes).is_some();
        !found
    })?;
    Ok(found)
}

/// Gives the bytes of a part in pieces, each with the end of the one before, until it is told to stop.
fn scan(mut input: impl Read, mut look: impl FnMut(&[u8]) -> bool) -> Result<(), Failure> {
    let mut buffer = vec![0; SCANNED_BYTES];
    let mut kept = 0;
    loop {
        let read = input.read(&mut buffer[kept..]).map_err(|error| Failure::damaged(&error))?;
        let end = kept + read;
        if !look(&buffer[..end]) || read == 0 {
            return Ok(());
        }
        kept = end.min(KEPT_BYTES);
        buffer.copy_within(end - kept..end, 0);
    }
}

/// A reference such as `B2:D3` as a region.
pub(super) fn region(reference: &str) -> Option<Region> {
    let (first, last) = reference.trim().split_once(':')?;
    let ((top, left), (bottom, right)) = (place(first)?, place(last)?);
    Some(Region { rows: (top, bottom), columns: (left, right) })
}

/// A reference such as `B2` as row and column, counted from 0.
pub(super) fn place(reference: &str) -> Option<(u32, u32)> {
    let letters = reference.find(|c: char| c.is_ascii_digit()).filter(|&at| (1..=3).contains(&at))?;
    let letter = |column: u32, letter: u8| {
        letter.is_ascii_alphabetic().then(|| column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    };
    let column = reference.bytes().take(letters).try_fold(0, letter)?;
    let row: u32 = reference[letters..].parse().ok()?;
    Some((row.checked_sub(1)?, column - 1))
}

/// What text that is written as it is is called here, for which no element can be named.
pub(super) const CDATA: &str = "#cdata";

/// An element's beginning or end, or the text between two; one without content has a beginning and an end.
pub(super) struct Element<'a> {
    start: Option<&'a BytesStart<'a>>,
    end_name: &'a str,
    pub is_start: bool,
    /// The text between two elements, which has no name.
    pub text: &'a str,
}

impl Element<'_> {
    /// Its name without prefix.
    pub fn name(&self) -> &str {
        let name = self.start.map_or(self.end_name, |start| start.name().into_inner());
        name.rsplit(':').next().unwrap_or(name)
    }

    /// An attribute by its name without prefix.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.start?.attributes();
        let found = attributes
            .with_checks(false)
            .flatten()
            .find(|attribute| attribute.key.into_inner().rsplit(':').next().is_some_and(|key| key == name))?;
        Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
    }

    pub fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name)?.trim().parse().ok()
    }

    pub fn is_on(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
    }
}

/// Gives every element of a part until it is told to stop.
pub(super) fn read_part(
    archive: &mut Archive,
    part: &str,
    mut take: impl FnMut(&Element<'_>) -> bool,
) -> Result<(), Failure> {
    read_elements(BufReader::new(part_reader(archive, part)?), &mut take)
}

/// Whether there is a part of that name.
pub(super) fn has_part(archive: &Archive, part: &str) -> bool {
    part_name(archive, part).is_some()
}

fn part_name(archive: &Archive, part: &str) -> Option<String> {
    let alike = |name: &Cow<'_, str>| name.replace('\\', "/").eq_ignore_ascii_case(part);
    archive.file_names().flatten().find(alike).map(Cow::into_owned)
}

/// The bytes of a part.
pub(super) fn part_reader<'a>(archive: &'a mut Archive, part: &str) -> Result<impl Read + 'a, Failure> {
    let name =
        part_name(archive, part).ok_or_else(|| Failure::Damaged(format!("the part {part} is missing")))?;
    archive.by_name(&name).map_err(|error| Failure::damaged(&error))
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
            Event::Start(start) => {
                take(&Element { start: Some(&start), end_name: "", is_start: true, text: "" })
            }
            Event::End(end) => {
                take(&Element { start: None, end_name: end.name().into_inner(), is_start: false, text: "" })
            }
            Event::Text(text) => take(&Element { start: None, end_name: "", is_start: false, text: &text }),
            Event::GeneralRef(reference) => {
                let mut bytes = [0; 4];
                let text = match reference.resolve_char_ref() {
                    Ok(Some(sign)) => sign.encode_utf8(&mut bytes),
                    _ => entity(&reference),
                };
                take(&Element { start: None, end_name: "", is_start: false, text })
            }
            Event::CData(_) => take(&Element { start: None, end_name: CDATA, is_start: true, text: "" }),
            Event::Eof => false,
            _ => true,
        };
        if !more {
            return Ok(());
        }
    }
}

/// The sign that an entity stands for; one that none of XML's own is, by a sign that is no part of a number.
fn entity(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "\u{fffd}",
    }
}

pub(super) fn open_zip(path: &Path) -> Result<Archive, Failure> {
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
pub(super) fn relationships(
    archive: &mut Archive,
    part: &str,
) -> Result<HashMap<String, (String, String)>, Failure> {
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
pub(super) fn absolute(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    let (folder, target) = target.strip_prefix('/').map_or((folder, target), |target| ("", target));
    for step in folder.split('/').chain(target.split('/')) {
        match step {
            ".." => drop(steps.pop()),
            "" | "." => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_regions() {
        for (reference, expect) in [
            ("A1:B2", Some(((0, 1), (0, 1)))),
            ("AA10:ab12", Some(((9, 11), (26, 27)))),
            ("A1", None),
            ("A0:B1", None),
            ("1:2", None),
            ("ABCD1:ABCD2", None),
        ] {
            let found = region(reference).map(|region| (region.rows, region.columns));
            assert_eq!(found, expect, "{reference}");
        }
    }

    #[test]
    fn a_mention_is_found_across_the_ends_of_a_buffer() {
        for (text, expect) in [
            ("hidden", [true, false]),
            ("<mergeCells", [true, false]),
            ("<f>A1", [false, true]),
            ("<x:f t=\"shared\"/>", [false, true]),
            ("<f si=\"0\"/> hidden", [true, true]),
            ("hide", [false, false]),
            ("<row ht=\"0\">", [true, false]),
            ("<row\nht='0'/>", [true, false]),
            ("<f\tsi=\"0\"/>", [false, true]),
            ("<pageMargins right=\"0.7\"/>", [false, false]),
            ("<sheetData></sheetData>", [false, false]),
            ("<sheetData></sheetData><sheetData/>", [true, false]),
        ] {
            for blanks in [0, SCANNED_BYTES - 40, SCANNED_BYTES - 20, SCANNED_BYTES - 4, SCANNED_BYTES - 1] {
                let bytes = [vec![b' '; blanks], text.as_bytes().to_vec()].concat();
                assert_eq!(mentions(bytes.as_slice()).unwrap(), expect, "{text}");
            }
        }
        assert!(mentions(b"\0h".as_slice()).is_err(), "letters of two bytes");
    }
}
