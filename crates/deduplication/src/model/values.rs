//! Canonical forms of all values, each made once, and the relation of two of them.

use std::collections::BTreeMap;

use rayon::prelude::*;
use strsim::{jaro_winkler, osa_distance};

use super::Error;
use super::config::{Config, Field, Kind};
use super::hash::{Interner, Rows};
use super::level::Level;
use super::name;
use super::serial;
use super::table::{Column, Columns};
use super::vocabulary::{Vocabulary, folded};
use crate::agreement::spans_differ;

/// A column in its canonical form; 0 is missing.
pub(crate) struct Values {
    pub(crate) kind: Kind,
    pub(crate) rows: Rows,
    pub(crate) texts: Interner,
    /// For serials: the look of each canonical serial.
    pub(crate) looks: Vec<u32>,
    pub(crate) look_texts: Interner,
}

impl Values {
    pub(crate) fn text(&self, row: u32) -> &str {
        self.texts.get(self.rows.get(row))
    }

    pub(crate) fn is_missing(&self, row: u32) -> bool {
        self.rows.get(row) == 0
    }

    /// The number of a serial's look; of other values, their own.
    pub(crate) fn look(&self, row: u32) -> u32 {
        let value = self.rows.get(row);
        if self.looks.is_empty() { value } else { self.looks[value as usize] }
    }

    pub(crate) fn look_text(&self, row: u32) -> &str {
        self.look_texts.get(self.look(row))
    }

    /// The relation of the values of two records.
    pub(crate) fn compare(&self, a: u32, b: u32) -> Level {
        let (x, y) = (self.rows.get(a), self.rows.get(b));
        match self.kind {
            Kind::Key => Level::Missing,
            _ if x == 0 || y == 0 => Level::Missing,
            _ if x == y => Level::Exact,
            Kind::Serial if self.looks[x as usize] == self.looks[y as usize] => Level::Written,
            Kind::Serial => serial::relation(self.look_text(a), self.look_text(b)),
            Kind::Category => category(self.texts.get(x), self.texts.get(y)),
            Kind::Name => name::relation(self.texts.get(x), self.texts.get(y)),
            Kind::Text => text(self.texts.get(x), self.texts.get(y)),
            Kind::Code => code(self.texts.get(x), self.texts.get(y)),
            Kind::Date => date(self.texts.get(x), self.texts.get(y)),
            Kind::Number => number(self.texts.get(x), self.texts.get(y)),
        }
    }
}

fn category(a: &str, b: &str) -> Level {
    let same_digits = digits(a).eq(digits(b));
    if same_digits && jaro_winkler(a, b) >= 0.92 { Level::Near } else { Level::Different }
}

/// The digits of a text: AK47 and AK74 are two models, not two spellings.
fn digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(char::is_ascii_digit)
}

fn text(a: &str, b: &str) -> Level {
    let alike = jaro_winkler(a, b);
    match alike {
        _ if alike >= 0.93 || osa_distance(a, b) <= 1 => Level::Near,
        _ if alike >= 0.82 => Level::Similar,
        _ if a.split(' ').any(|word| word.len() > 2 && b.split(' ').any(|other| other == word)) => {
            Level::Partial
        }
        _ => Level::Different,
    }
}

fn code(a: &str, b: &str) -> Level {
    match osa_distance(a, b) {
        0 | 1 => Level::Near,
        2 => Level::Similar,
        _ if a.len() > 3 && b.len() > 3 && a.get(..3) == b.get(..3) => Level::Partial,
        _ => Level::Different,
    }
}

fn date(a: &str, b: &str) -> Level {
    let part =
        |range: std::ops::Range<usize>| a.len() == 8 && b.len() == 8 && a.get(range.clone()) == b.get(range);
    let turned = part(0..4) && a.get(4..6) == b.get(6..8) && a.get(6..8) == b.get(4..6);
    match osa_distance(a, b) {
        0 | 1 => Level::Near,
        _ if turned => Level::Near,
        2 => Level::Similar,
        _ if part(0..4) || part(4..8) => Level::Partial,
        _ => Level::Different,
    }
}

fn number(a: &str, b: &str) -> Level {
    let value = |text: &str| text.parse::<i64>().ok();
    let apart = value(a).zip(value(b)).map(|(x, y)| x.abs_diff(y));
    match apart {
        // A year of another calendar lies in two: `1903/1904`.
        None if (a.contains('/') || b.contains('/')) && !spans_differ(a, b) => Level::Near,
        Some(0 | 1) => Level::Near,
        _ if osa_distance(a, b) <= 1 => Level::Similar,
        _ => Level::Different,
    }
}

/// All columns in canonical form.
pub(crate) fn all(
    config: &Config,
    mut table: Columns,
    vocabulary: &Vocabulary,
) -> Result<Vec<Values>, Error> {
    let mut done: Vec<Values> = Vec::new();
    for field in &config.fields {
        let column = std::mem::take(&mut table.columns[done.len()]);
        let parent = field.given.first().map(|given| config.field(given)).transpose()?;
        let parent = parent.filter(|&at| at < done.len());
        if !field.vocabulary {
            done.push(plain(field, column));
            continue;
        }
        let named = named(field, &column, parent.map(|at| &done[at]), vocabulary);
        if let Some(parent) = parent {
            fill(&mut done[parent], &named.implied);
        }
        done.push(named.values);
    }
    for values in &mut done {
        values.texts.close();
    }
    Ok(done)
}

/// So many distinct texts are made canonical at a time.
const WINDOW: usize = 1 << 16;

/// A column without a vocabulary: one canonical text for each distinct text.
fn plain(field: &Field, column: Column) -> Values {
    let missing: Vec<String> = field.placeholders.iter().map(|text| text.to_uppercase()).collect();
    let mut raw = column.values.into_texts();
    let mut texts = Interner::default();
    let mut numbers: Vec<u32> = Vec::with_capacity(raw.len());
    for start in (0..raw.len()).step_by(WINDOW) {
        let end = (start + WINDOW).min(raw.len());
        let window = (start as u32..end as u32).into_par_iter();
        let canonical: Vec<String> =
            window.map(|number| canonical(field.kind, raw.get(number), &missing)).collect();
        numbers.extend(canonical.iter().map(|text| texts.number(text)));
        raw.forget_before(end);
    }
    drop(raw);
    let rows = column.rows.iter().map(|raw| numbers[raw as usize]).collect();
    let mut values = of(field.kind, rows, texts);
    if field.kind == Kind::Serial {
        add_looks(&mut values);
    }
    values
}

fn of(kind: Kind, rows: Rows, texts: Interner) -> Values {
    Values { kind, rows, texts, looks: Vec::new(), look_texts: Interner::default() }
}

fn add_looks(values: &mut Values) {
    values.texts.close();
    let count = values.texts.len();
    values.looks.reserve_exact(count);
    for start in (0..count).step_by(WINDOW) {
        let window = (start as u32..(start + WINDOW).min(count) as u32).into_par_iter();
        let looks: Vec<String> = window.map(|number| serial::look(values.texts.get(number))).collect();
        values.looks.extend(looks.iter().map(|look| values.look_texts.number(look)));
    }
    values.look_texts.close();
}

fn canonical(kind: Kind, text: &str, missing: &[String]) -> String {
    if missing.contains(&text.to_uppercase()) {
        return String::new();
    }
    match kind {
        Kind::Serial => serial::canonical(text),
        Kind::Name => name::canonical(text),
        Kind::Category | Kind::Code => folded(text),
        Kind::Text => name::plain(text),
        Kind::Date => text.chars().filter(char::is_ascii_digit).collect(),
        Kind::Number | Kind::Key => text.to_owned(),
    }
}

/// A column whose values a vocabulary names, within the values of another column.
struct Named {
    values: Values,
    /// Records in which the value leaves no choice of the other column's.
    implied: Vec<(u32, String)>,
}

fn named(field: &Field, column: &Column, parent: Option<&Values>, vocabulary: &Vocabulary) -> Named {
    let mut texts = Interner::default();
    let mut known: BTreeMap<(u32, u32), (u32, String)> = BTreeMap::new();
    let (mut rows, mut implied) = (Rows::default(), Vec::new());
    for (row, raw) in (0..).zip(column.rows.iter()) {
        let within = parent.map_or(0, |parent| parent.rows.get(row));
        let (number, scope) = known.entry((within, raw)).or_insert_with(|| {
            let scope = parent.map_or("", |parent| parent.texts.get(within));
            let text = column.values.get(raw);
            let found = vocabulary.find(&field.name, scope, text);
            let (scope, value) = found.unwrap_or_else(|| (String::new(), folded(text)));
            (texts.number(&value), scope)
        });
        rows.push(*number);
        if within == 0 && !scope.is_empty() {
            implied.push((row, scope.clone()));
        }
    }
    Named { values: of(field.kind, rows, texts), implied }
}

/// Where a value leaves no choice of the value above it, that one is filled in.
fn fill(parent: &mut Values, implied: &[(u32, String)]) {
    for (row, text) in implied {
        parent.rows.set(*row, parent.texts.number(text));
    }
}
