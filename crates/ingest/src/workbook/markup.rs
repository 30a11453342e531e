//! What a person sees of an xlsx beside the values of its cells: lines through them, and comments to them. The
//! workbook library gives neither.

use std::collections::{BTreeSet, HashMap};

use matricule_record::cell::column_letters;
use matricule_record::message;

use super::failure::Failure;
use super::outline::{
    Archive, Element, Outline, absolute, has_part, mentions_markup, place, read_part, region, relationships,
};
use crate::sheet_row::Note;

/// Texts of the workbook that have a line through them, by their place in its table.
pub(super) type StruckTexts = HashMap<usize, Note>;

/// A text that may be of several runs, while it is read.
#[derive(Default)]
struct Runs {
    is_struck: bool,
    is_text: bool,
    is_phonetic: bool,
    /// Whether there is text without and with a line through it.
    seen: [bool; 2],
}

impl Runs {
    fn take(&mut self, element: &Element<'_>) {
        match element.name() {
            "r" => self.is_struck = false,
            "strike" if element.is_start => {
                self.is_struck = element.attribute("val").is_none() || element.is_on("val");
            }
            "rPh" => self.is_phonetic = element.is_start,
            "t" => self.is_text = element.is_start && !self.is_phonetic,
            "" if self.is_text && !element.text.trim().is_empty() => {
                self.seen[usize::from(self.is_struck)] = true;
            }
            _ => {}
        }
    }

    fn note(&self) -> Option<Note> {
        Note::of_lines(self.seen)
    }
}

/// What may stand within a text and is none of it; the workbook library adds its words to the text.
pub(super) const NO_TEXT: [&str; 2] = ["extLst", "AlternateContent"];

/// The struck texts of the table of texts. Nearly no workbook has one, which its bytes tell.
pub(super) fn struck_texts(archive: &mut Archive, part: &str) -> Result<StruckTexts, Failure> {
    let (mut struck, mut at, mut runs) = (StruckTexts::new(), 0, Runs::default());
    if !has_part(archive, part) || !mentions_markup(archive, part)? {
        return Ok(struck);
    }
    let (mut is_open, mut fault) = (false, None);
    read_part(archive, part, |element| {
        runs.take(element);
        if element.name() == "si" {
            is_open = element.is_start;
        }
        if element.name() == "si" && !element.is_start {
            struck.extend(std::mem::take(&mut runs).note().map(|note| (at, note)));
            at += 1;
        }
        fault = NO_TEXT.into_iter().find(|name| is_open && *name == element.name());
        fault.is_none()
    })?;
    fault.map_or(Ok(struck), |name| Err(Failure::Damaged(message!("i101-value", value = name))))
}

/// A sheet whose elements are read one by one for what its cells alone do not tell.
pub(super) struct SheetPass<'a> {
    texts: &'a StruckTexts,
    pub outline: Outline,
    /// Where the next row and the next cell stand that do not say where.
    next: (u32, u32),
    /// The cell that is open.
    cell: (u32, u32),
    is_shared: bool,
    is_value: bool,
    value: String,
    runs: Runs,
    /// How many tables of rows there are, and whether one after the first has a row.
    tables: u32,
    is_divided: bool,
}

impl<'a> SheetPass<'a> {
    pub fn new(outline: Outline, texts: &'a StruckTexts) -> Self {
        Self {
            texts,
            outline,
            next: (0, 0),
            cell: (0, 0),
            is_shared: false,
            is_value: false,
            value: String::new(),
            runs: Runs::default(),
            tables: 0,
            is_divided: false,
        }
    }

    pub fn take(&mut self, element: &Element<'_>) {
        match (element.name(), element.is_start) {
            ("sheetData", true) => self.tables += 1,
            ("row", true) => self.begin_row(element),
            ("mergeCell", true) => {
                self.outline.merged.extend(element.attribute("ref").as_deref().and_then(region));
            }
            ("c", true) => self.begin_cell(element),
            ("c", false) => self.end_cell(),
            ("v", is_start) => self.is_value = is_start,
            ("", _) if self.is_value => self.value.push_str(element.text),
            _ => self.runs.take(element),
        }
    }

    fn begin_row(&mut self, element: &Element<'_>) {
        let row = element.number("r").map_or(self.next.0, |number| number.saturating_sub(1));
        let height: Option<f64> = element.attribute("ht").and_then(|height| height.trim().parse().ok());
        // Rows without cells alone are hidden by `zeroHeight`.
        if element.is_on("hidden") || height == Some(0.0) {
            self.outline.hidden.push((row, row));
        }
        self.is_divided |= self.tables > 1;
        self.cell.0 = row;
        self.next = (row.saturating_add(1), 0);
    }

    fn begin_cell(&mut self, element: &Element<'_>) {
        let stated = element.attribute("r").as_deref().and_then(place);
        self.cell = stated.unwrap_or((self.cell.0, self.next.1));
        self.next.1 = self.cell.1.saturating_add(1);
        self.is_shared = element.attribute("t").is_some_and(|kind| kind == "s");
        self.value.clear();
        self.runs = Runs::default();
    }

    fn end_cell(&mut self) {
        let (row, column) = self.cell;
        let note = if self.is_shared {
            let is_number = self.value.bytes().all(|byte| byte.is_ascii_digit());
            let index = self.value.parse().ok().filter(|_| is_number);
            if index.is_none() && !self.value.is_empty() {
                self.outline.textless.insert((row, column));
            }
            index.and_then(|index: usize| self.texts.get(&index).cloned())
        } else {
            self.runs.note()
        };
        self.outline.notes.extend(note.map(|note| (row, column, note)));
    }

    /// What was found; a sheet that has its rows in several tables is damaged: the library reads the first one only.
    pub fn finish(self) -> Result<Outline, Failure> {
        if self.is_divided {
            return Err(Failure::Damaged(message!("i101-second-table").to_owned()));
        }
        Ok(self.outline)
    }
}

/// The comments of a sheet, by its part: notes and threads. A thread leaves a note for older programs, which says no
/// more than the thread.
pub(super) fn comments(archive: &mut Archive, part: &str) -> Result<Vec<(u32, u32, Note)>, Failure> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let links = format!("{folder}/_rels/{name}.rels");
    if !has_part(archive, &links) {
        return Ok(Vec::new());
    }
    let targets = relationships(archive, &links)?;
    let mut of_kind = |kind: &str, element: &str, text: &str| {
        let parts = targets.values().filter(|(_, known)| known.ends_with(kind));
        let mut parts: Vec<String> = parts.map(|(target, _)| absolute(folder, target)).collect();
        parts.retain(|part| has_part(archive, part));
        parts.sort_unstable();
        let read = parts.iter().map(|part| read_comments(archive, part, element, text));
        read.collect::<Result<Vec<_>, _>>().map(|comments| comments.concat())
    };
    let threads = of_kind("/threadedComment", "threadedComment", "text")?;
    let mut notes = of_kind("/comments", "comment", "t")?;
    let threaded: BTreeSet<(u32, u32)> = threads.iter().map(|(row, column, _)| (*row, *column)).collect();
    notes.retain(|(row, column, _)| !threaded.contains(&(*row, *column)));
    notes.extend(threads);
    Ok(notes)
}

/// The comments of a part: each an element with a reference, its text in elements of another name.
fn read_comments(
    archive: &mut Archive,
    part: &str,
    comment: &str,
    text: &str,
) -> Result<Vec<(u32, u32, Note)>, Failure> {
    let (mut found, mut at, mut is_text, mut said) = (Vec::new(), None, false, String::new());
    read_part(archive, part, |element| {
        match (element.name(), element.is_start) {
            (name, true) if name == comment => {
                at = element.attribute("ref").as_deref().and_then(place);
                said.clear();
            }
            (name, false) if name == comment => found.extend(at.take().and_then(|at| of_cell(at, &said))),
            (name, is_start) if name == text => is_text = is_start,
            ("", _) if is_text => said.push_str(element.text),
            _ => {}
        }
        true
    })?;
    Ok(found)
}

/// A comment with the address of its cell; `None` for one that says nothing.
pub(super) fn of_cell((row, column): (u32, u32), text: &str) -> Option<(u32, u32, Note)> {
    let (text, letters) = (text.trim(), column_letters(column as usize));
    let comment = || Note::Comment(format!("{letters}{}: {text}", row + 1));
    (!text.is_empty()).then(|| (row, column, comment()))
}
