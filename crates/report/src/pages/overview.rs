//! `report.html`: a run in numbers, each with the way to what is behind it.

use std::collections::BTreeMap;
use std::io::Write;

use askama::Template;
use matricule_record::{Code, Field, ListedConflict, ListedPair, SheetFacts, message};

use super::chart::{Chart, largest};
use super::repairs::GroupLine;
use super::{Frame, OpenPage, Repairs, Shown, TableDescription, TablePlaces, manual, render, tables};
use crate::print::{grouped, percent};
use crate::summary::{CodeSummary, FileFinding, FileState, FileSummary, ReadingInForce};
use crate::texts::pages as t;
use crate::{Completeness, Result, Summary, texts};

/// Groups that the overview shows; all stand on pages of their own.
const GROUPS: usize = 50;
/// Bars of a chart.
const BARS: usize = 14;

/// All that the pages beside the rows are made of.
pub struct Overview<'a> {
    /// The run in numbers.
    pub summary: &'a Summary,
    /// The refused rows by repair.
    pub repairs: &'a Repairs,
    /// The tables in force.
    pub tables: &'a [TableDescription],
    /// The first pairs of `v_duplicate`.
    pub pairs: &'a [ListedPair],
    /// The first contradictions.
    pub conflicts: &'a [ListedConflict],
}

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage<'a> {
    frame: Frame,
    summary: &'a Summary,
    headline: String,
    files: Vec<Line>,
    totals: [String; 4],
    waived: Option<String>,
    skipped: Vec<(&'static str, String)>,
    charts: Vec<Chart>,
    completeness: Vec<CompletenessLine<'a>>,
    unstated: String,
    findings: Vec<&'a FileFinding>,
    groups: Vec<GroupLine<'a>>,
    readings: Vec<ReadingLine>,
    dropped: Vec<(&'a str, String)>,
    warnings: Vec<WarningLine>,
    merged: String,
    review: Vec<(String, String)>,
    pairs: Vec<ShownPair<'a>>,
    conflicts: &'a [ListedConflict],
    left_aside: Vec<(&'a str, &'a str)>,
}

/// A sheet of the conservation table.
struct Line {
    file: String,
    sheet: String,
    state: String,
    format: String,
    language: String,
    counts: [String; 4],
    /// Where its refused rows begin.
    first_rejected: Option<String>,
}

/// A ledger, or all of them, with the completeness of its records.
struct CompletenessLine<'a> {
    file: &'a str,
    entries: String,
    completeness: String,
}

struct ReadingLine {
    script: String,
    language: String,
    reading: &'static str,
    table: String,
    has_page: bool,
    serials: String,
}

struct WarningLine {
    code: Code,
    title: &'static str,
    rows: String,
    example: String,
}

struct ShownPair<'a> {
    entry_a: &'a str,
    serial_a: Shown,
    entry_b: &'a str,
    serial_b: Shown,
    kind: String,
    state: &'a str,
    reasons: Vec<&'a str>,
}

impl Overview<'_> {
    /// Writes `report.html` and the pages beside it, but for those of the rows ([`super::RowPages`]).
    pub fn write<W: Write>(&self, open: &mut OpenPage<'_, W>) -> Result<()> {
        let has_rejects = self.repairs.rows() > 0;
        let registry = &self.summary.registry;
        self.repairs.write(&TablePlaces::of(self.tables), registry, open)?;
        tables::write(self.tables, (has_rejects, registry), open)?;
        manual::write(open("pages/codes.html")?, has_rejects, registry)?;
        render(&self.page(has_rejects), open("report.html")?)
    }

    fn page(&self, has_rejects: bool) -> OverviewPage<'_> {
        let summary = self.summary;
        let totals = &summary.totals;
        OverviewPage {
            frame: Frame::top("overview", has_rejects, &summary.registry),
            headline: texts::headline(summary),
            files: summary.files.iter().flat_map(|file| self.lines(file)).collect(),
            totals: [totals.rows_read, totals.rows_loaded, totals.rows_rejected, totals.rows_skipped]
                .map(grouped),
            waived: summary
                .waived
                .filter(|rows| *rows > 0)
                .map(|rows| message!("page-waived", number = grouped(rows))),
            skipped: totals
                .skipped
                .iter()
                .map(|(class, rows)| (texts::skip_class(*class), grouped(*rows)))
                .collect(),
            charts: self.charts(),
            completeness: completeness(summary),
            unstated: unstated(summary),
            findings: summary.files.iter().flat_map(|file| &file.findings).collect(),
            groups: self.repairs.largest(GROUPS),
            readings: summary.readings.iter().map(|reading| self.reading(reading)).collect(),
            dropped: summary
                .characters_dropped
                .iter()
                .map(|drop| (drop.name.as_str(), grouped(drop.count)))
                .collect(),
            warnings: summary.flags_by_code.iter().map(warning).collect(),
            merged: grouped(summary.duplicates.merged_pairs),
            review: summary
                .duplicates
                .review_pairs
                .iter()
                .map(|pairs| (texts::proposal(&pairs.kind), grouped(pairs.pairs)))
                .collect(),
            pairs: self.pairs.iter().map(shown_pair).collect(),
            conflicts: self.conflicts,
            left_aside: summary
                .left_aside
                .iter()
                .map(|aside| (aside.path.as_str(), aside.reason.as_str()))
                .collect(),
            summary,
        }
    }

    /// A file in the conservation table: a line a sheet.
    fn lines(&self, file: &FileSummary) -> Vec<Line> {
        let line = |sheet: Option<&SheetFacts>| Line {
            file: file.path.to_string(),
            sheet: sheet.map(|sheet| sheet.sheet.to_string()).unwrap_or_default(),
            state: texts::file_state(file.state),
            format: [Some(&file.format), file.encoding.as_ref()]
                .into_iter()
                .flatten()
                .map(matricule_record::Text::as_str)
                .collect::<Vec<_>>()
                .join(", "),
            language: format!(
                "{}{}",
                file.language
                    .as_deref()
                    .map(|language| format!("{}, ", texts::language_name(language)))
                    .unwrap_or_default(),
                texts::reading_name(file.reading)
            ),
            first_rejected: sheet.and_then(|sheet| self.repairs.first_row(&file.path, &sheet.sheet)),
            counts: sheet.map_or([const { String::new() }; 4], |sheet| {
                [sheet.rows_read, sheet.rows_loaded, sheet.rows_rejected, sheet.rows_skipped()].map(grouped)
            }),
        };
        if file.sheets.is_empty() || !matches!(file.state, FileState::Loaded) {
            return vec![line(None)];
        }
        file.sheets.iter().map(|sheet| line(Some(sheet))).collect()
    }

    fn charts(&self) -> Vec<Chart> {
        let causes = self
            .summary
            .rejects_by_code
            .iter()
            .map(|code| (format!("{} {}", code.code, code.title), code.findings));
        let mut scripts: BTreeMap<String, u64> = BTreeMap::new();
        for reading in &self.summary.readings {
            *scripts.entry(texts::script_name(&reading.script)).or_default() += reading.serials;
        }
        let decades =
            self.summary.decades_of_manufacture.iter().map(|decade| (decade.name.clone(), decade.count));
        let fields = &self.summary.completeness.fields;
        let stated = fields.iter().map(|field| (texts::field_name(field.field), field.completeness));
        [
            Chart::of(
                "chart-causes",
                message!("page-chart-causes"),
                largest(causes.collect(), BARS, message!("page-others")),
            ),
            Chart::of(
                "chart-scripts",
                message!("page-chart-scripts"),
                largest(scripts.into_iter().collect(), BARS, message!("page-others")),
            ),
            Chart::of("chart-years", message!("page-chart-years"), decades.collect()),
            Chart::of_shares("chart-fields", message!("page-chart-fields"), stated.collect()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn reading(&self, reading: &ReadingInForce) -> ReadingLine {
        ReadingLine {
            script: texts::script_name(&reading.script),
            language: reading.language.as_deref().map(texts::language_name).unwrap_or_default(),
            reading: texts::reading_name(reading.reading),
            has_page: self.tables.iter().any(|table| *table.id == *reading.table),
            table: reading.table.to_string(),
            serials: grouped(reading.serials),
        }
    }
}

/// The completeness of each ledger that this run loaded records of, the least complete first.
fn completeness(summary: &Summary) -> Vec<CompletenessLine<'_>> {
    let files = summary.files.iter();
    let mut files: Vec<_> =
        files.filter_map(|file| Some((&*file.path, file.completeness.as_ref()?))).collect();
    files.sort_by(|(_, one), (_, other)| one.completeness.total_cmp(&other.completeness));
    let line = |(file, own): (_, &Completeness)| CompletenessLine {
        file,
        entries: grouped(own.entries),
        completeness: percent(own.completeness),
    };
    files.into_iter().map(line).collect()
}

/// The fields that no record states, by name; empty where there are no records.
fn unstated(summary: &Summary) -> String {
    if summary.completeness.all.entries == 0 {
        return String::new();
    }
    let is_stated = |field: &Field| summary.completeness.fields.iter().any(|own| own.field == field.name());
    let unstated = Field::ALL.iter().filter(|field| !is_stated(field));
    unstated.map(|field| texts::field_name(field.name())).collect::<Vec<_>>().join(", ")
}

fn warning(code: &CodeSummary) -> WarningLine {
    let example = code.example.as_ref().map(|example| {
        format!("{} {} {}", example.address, crate::print::quote(&example.text, 60), example.message)
    });
    WarningLine {
        code: code.code,
        title: code.code.title(),
        rows: grouped(code.rows),
        example: example.unwrap_or_default(),
    }
}

fn shown_pair(pair: &ListedPair) -> ShownPair<'_> {
    ShownPair {
        entry_a: &pair.entry_a,
        serial_a: Shown::exact(&pair.serial_a, true),
        entry_b: &pair.entry_b,
        serial_b: Shown::exact(&pair.serial_b, true),
        kind: texts::proposal(&pair.kind),
        state: &pair.state,
        reasons: pair.reasons.split("; ").collect(),
    }
}
