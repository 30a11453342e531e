//! Refused rows by what repairs them: one mapping row, one line of a profile, one word of a vocabulary.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use askama::Template;
use matricule_record::{Code, Finding, StoredReject, message};

use super::{Frame, OpenPage, Pager, Shown, TablePlaces, render, rows};
use crate::Result;
use crate::print::grouped;
use crate::texts::pages as t;

/// Examples that are shown of a group.
const EXAMPLES: usize = 5;
/// Links to rows, and groups, after which another page begins.
const PAGE_ROWS: usize = 5000;
const PAGE_GROUPS: usize = 100;

/// A group with its key.
type GroupRef<'a> = (&'a (Code, String), &'a Group);

/// A group on a page, or as much of it as a page holds.
struct Part<'a> {
    /// The number of the group, from 1.
    number: usize,
    code: Code,
    group: &'a Group,
    /// Which of its rows.
    rows: Range<usize>,
}

/// Refused rows by what repairs them.
#[derive(Default)]
pub struct Repairs {
    groups: BTreeMap<(Code, String), Group>,
    /// File and sheet of the places.
    places: Vec<(Arc<str>, Arc<str>)>,
    /// The first row of each place among all refused rows.
    firsts: Vec<u64>,
    rows: u64,
}

/// Rows that one repair brings in.
struct Group {
    title: String,
    suggestion: String,
    message: String,
    examples: Vec<Example>,
    /// Place, row number (0 for a whole file) and ordinal among all refused rows.
    rows: Vec<(u32, u32, u64)>,
    files: BTreeSet<Arc<str>>,
}

pub(super) struct Example {
    pub address: String,
    pub text: Shown,
}

/// A group as the overview lists it.
pub(super) struct GroupLine<'a> {
    pub code: Code,
    pub title: &'a str,
    pub suggestion: &'a str,
    pub extent: String,
    pub href: String,
}

#[derive(Template)]
#[template(path = "repairs.html")]
struct RepairsPage<'a> {
    frame: Frame,
    pager: Pager,
    groups: Vec<GroupView<'a>>,
}

struct GroupView<'a> {
    number: usize,
    code: Code,
    title: &'a str,
    suggestion: &'a str,
    extent: String,
    table: Option<String>,
    examples: &'a [Example],
    places: Vec<PlaceView>,
}

struct PlaceView {
    title: String,
    rows: Vec<RowLink>,
}

struct RowLink {
    page: u64,
    ordinal: u64,
    label: String,
}

impl Repairs {
    /// Takes the next row into account.
    pub fn add(&mut self, row: &StoredReject) {
        let place = (Arc::clone(&row.row.file), Arc::clone(&row.row.sheet));
        if self.places.last() != Some(&place) {
            self.places.push(place);
            self.firsts.push(self.rows);
        }
        let line = (self.places.len() as u32 - 1, row.row.row.unwrap_or(0), self.rows);
        for finding in &row.row.findings {
            let group = self
                .groups
                .entry((finding.code, key(row, finding)))
                .or_insert_with(|| Group::new(row, finding));
            group.add(row, finding, line);
        }
        self.rows += 1;
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The link from the folder of the pages to the first refused row of a sheet.
    pub(super) fn first_row(&self, file: &str, sheet: &str) -> Option<String> {
        let at = self.places.iter().position(|place| (&*place.0, &*place.1) == (file, sheet))?;
        Some(format!("rejects-{}.html#r{}", rows::page_of(self.firsts[at]), self.firsts[at]))
    }

    /// The groups, the largest first.
    fn ordered(&self) -> Vec<GroupRef<'_>> {
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_by(|a, b| b.1.rows.len().cmp(&a.1.rows.len()).then_with(|| a.0.cmp(b.0)));
        groups
    }

    /// Which groups stand on which page, in order.
    fn paged(&self) -> Vec<Vec<Part<'_>>> {
        let mut pages: Vec<Vec<Part<'_>>> = Vec::new();
        let mut links = 0;
        for (at, ((code, _), group)) in self.ordered().into_iter().enumerate() {
            let all = group.rows.len();
            for start in (0..all).step_by(PAGE_ROWS) {
                let rows = start..(start + PAGE_ROWS).min(all);
                let has_room = |page: &Vec<_>| page.len() < PAGE_GROUPS && links + rows.len() <= PAGE_ROWS;
                if !pages.last().is_some_and(has_room) {
                    pages.push(Vec::new());
                    links = 0;
                }
                links += rows.len();
                let part = Part { number: at + 1, code: *code, group, rows };
                if let Some(page) = pages.last_mut() {
                    page.push(part);
                }
            }
        }
        pages
    }

    /// The largest groups, for the overview.
    pub(super) fn largest(&self, most: usize) -> Vec<GroupLine<'_>> {
        let mut lines = Vec::new();
        for (page, parts) in self.paged().into_iter().enumerate() {
            for Part { number, code, group, .. } in parts.into_iter().filter(|part| part.rows.start == 0) {
                let href = format!("repairs-{}.html#g{number}", page + 1);
                let extent = group.extent();
                lines.push(GroupLine {
                    code,
                    title: &group.title,
                    suggestion: &group.suggestion,
                    extent,
                    href,
                });
            }
        }
        lines.truncate(most);
        lines
    }

    /// Writes `pages/repairs-1.html` and so on.
    pub(super) fn write<W: Write>(
        &self,
        tables: &TablePlaces,
        registry: &str,
        open: &mut OpenPage<'_, W>,
    ) -> Result<()> {
        let pages = self.paged();
        for (at, parts) in pages.iter().enumerate() {
            let template = RepairsPage {
                frame: Frame::page("repairs", true, registry),
                pager: Pager { stem: "repairs", number: at + 1, last: pages.len() },
                groups: parts.iter().map(|part| self.view(part, tables)).collect(),
            };
            render(&template, open(&format!("pages/repairs-{}.html", at + 1))?)?;
        }
        Ok(())
    }

    fn view<'a>(&self, part: &Part<'a>, tables: &TablePlaces) -> GroupView<'a> {
        let group = part.group;
        let mut places: Vec<(u32, PlaceView)> = Vec::new();
        for &(place, row, ordinal) in &group.rows[part.rows.clone()] {
            if places.last().is_none_or(|(known, _)| *known != place) {
                places.push((place, PlaceView { title: self.place(place), rows: Vec::new() }));
            }
            let label = if row == 0 {
                message!("page-whole-file").to_owned()
            } else {
                format!("{} {row}", message!("page-row"))
            };
            if let Some((_, view)) = places.last_mut() {
                view.rows.push(RowLink { page: rows::page_of(ordinal), ordinal, label });
            }
        }
        GroupView {
            number: part.number,
            code: part.code,
            title: &group.title,
            suggestion: &group.suggestion,
            extent: part.extent(),
            table: tables.link(&group.message),
            examples: &group.examples,
            places: places.into_iter().map(|(_, view)| view).collect(),
        }
    }

    fn place(&self, place: u32) -> String {
        let (file, sheet) = &self.places[place as usize];
        super::cut(&if sheet.is_empty() { file.to_string() } else { format!("{file}!{sheet}") })
    }
}

impl Part<'_> {
    /// How many rows the group has, and which of them stand here.
    fn extent(&self) -> String {
        let all = self.group.extent();
        if self.rows.len() == self.group.rows.len() {
            return all;
        }
        let [first, last] = [self.rows.start + 1, self.rows.end].map(|row| grouped(row as u64));
        message!("page-part", all = all, first = first, last = last)
    }
}

impl Group {
    fn new(row: &StoredReject, finding: &Finding) -> Self {
        let title = match by(finding.code) {
            By::Message => finding.message.clone(),
            By::File => format!("{} ({})", finding.code.title(), row.row.file),
            By::Field => finding.field.map_or_else(
                || finding.code.title().to_owned(),
                |field| format!("{}: {field}", finding.code.title()),
            ),
        };
        Self {
            title: super::cut(&title),
            suggestion: super::cut(&finding.suggestion),
            message: finding.message.clone(),
            examples: Vec::new(),
            rows: Vec::new(),
            files: BTreeSet::new(),
        }
    }

    fn add(&mut self, row: &StoredReject, finding: &Finding, line: (u32, u32, u64)) {
        if self.rows.last().is_some_and(|last| last.2 == line.2) {
            return;
        }
        self.rows.push(line);
        if !self.files.contains(&row.row.file) {
            self.files.insert(Arc::clone(&row.row.file));
        }
        if self.examples.len() < EXAMPLES && !finding.original.is_empty() {
            let is_serial =
                finding.field.is_some_and(|field| field.kind() == matricule_record::FieldKind::Serial);
            self.examples.push(Example {
                address: row.row.address(finding),
                text: Shown::exact(&finding.original, is_serial),
            });
        }
    }

    fn extent(&self) -> String {
        t::extent(self.rows.len() as u64, self.files.len())
    }
}

/// What decides that two findings of a code are repaired together.
enum By {
    /// Their message: it names the character or the word.
    Message,
    /// Their file: one line of its profile repairs them.
    File,
    /// Their field.
    Field,
}

fn by(code: Code) -> By {
    match code {
        Code::T301 | Code::T303 | Code::T310 | Code::S204 | Code::S205 | Code::S208 | Code::S209 => {
            By::Message
        }
        Code::T302 | Code::T311 | Code::I112 => By::File,
        code if code.name().starts_with('I') => By::File,
        _ => By::Field,
    }
}

fn key(row: &StoredReject, finding: &Finding) -> String {
    match by(finding.code) {
        By::Message => finding.message.clone(),
        By::File => row.row.file.to_string(),
        By::Field => finding.field.map_or_else(String::new, |field| field.to_string()),
    }
}
