//! What the columns of a header mean, and the language that its words are in.

use std::collections::{BTreeMap, BTreeSet};

use matricule_record::{Cells, Column, Field, Text};

use super::markers::Markers;

/// A row read as a header.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HeaderReading {
    /// The columns up to the last that has a header.
    pub columns: Vec<Column>,
    /// The field that each column would also answer to.
    pub runners_up: Vec<Option<Field>>,
    /// Columns with a field of their own.
    pub fields: usize,
    /// Columns with a header.
    pub named: usize,
    /// The language of the header, declared or read.
    pub language: Option<Text>,
    /// How many headers each language has a word for.
    pub languages: Vec<(Text, usize)>,
}

/// Reads a row as a header. Columns whose word has one meaning choose before those with several,
/// so that a `№` beside a `Serial No.` is the running number.
pub(crate) fn read_header(cells: &Cells, markers: &Markers<'_>, declared: Option<&Text>) -> HeaderReading {
    let last = cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank()).map(|(at, _)| at + 1).last();
    let headers: Vec<&str> = cells.iter().take(last.unwrap_or(0)).map(|cell| cell.text.trim()).collect();
    let languages = count_languages(&headers, markers);
    let language = declared.cloned().or_else(|| leading(&languages));
    let wanted: Vec<Vec<Field>> =
        headers.iter().map(|header| candidates(header, markers, language.as_ref())).collect();
    let fields = assign(&wanted);
    let runners_up = wanted
        .iter()
        .zip(&fields)
        .map(|(wanted, &field)| wanted.iter().copied().find(|&other| Some(other) != field));
    HeaderReading {
        runners_up: runners_up.collect(),
        fields: fields.iter().flatten().count(),
        named: headers.iter().filter(|header| !header.is_empty()).count(),
        columns: headers
            .iter()
            .zip(&fields)
            .map(|(&header, &field)| Column { header: header.into(), field })
            .collect(),
        language,
        languages,
    }
}

/// How many headers are words of each language, most first.
fn count_languages(headers: &[&str], markers: &Markers<'_>) -> Vec<(Text, usize)> {
    let mut counts = BTreeMap::<Text, usize>::new();
    for header in headers.iter().filter(|header| !header.is_empty()) {
        let found: BTreeSet<&Text> =
            markers.headers.matches(header).iter().map(|found| &found.language).collect();
        for language in found.into_iter().filter(|language| !matches!(language.as_str(), "" | "und")) {
            *counts.entry(language.clone()).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// The language that more headers are words of than of any other, if there are two such headers.
fn leading(counts: &[(Text, usize)]) -> Option<Text> {
    match counts {
        [(language, count), rest @ ..]
            if *count >= 2 && rest.first().is_none_or(|(_, next)| next < count) =>
        {
            Some(language.clone())
        }
        _ => None,
    }
}

/// The fields that a header may mean, the likeliest first.
fn candidates(header: &str, markers: &Markers<'_>, language: Option<&Text>) -> Vec<Field> {
    if header.is_empty() {
        return Vec::new();
    }
    if let Some(field) = markers.profile.column_field(header) {
        return vec![field];
    }
    let found = markers.headers.matches(header);
    let (own, other): (Vec<_>, Vec<_>) = found.iter().partition(|found| Some(&found.language) == language);
    let mut fields = Vec::new();
    for found in own.into_iter().chain(other) {
        if !fields.contains(&found.field) {
            fields.push(found.field);
        }
    }
    fields
}

/// Gives each column the first field that it may mean and no other column has.
fn assign(wanted: &[Vec<Field>]) -> Vec<Option<Field>> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|&column| wanted[column].len().min(2));
    let mut taken = BTreeSet::new();
    let mut fields = vec![None; wanted.len()];
    for column in order {
        fields[column] = wanted[column].iter().copied().find(|&field| taken.insert(field));
    }
    fields
}
