//! What the columns of a header mean, and the language that its words are in.

use std::collections::{BTreeMap, BTreeSet};

use matricule_record::{Cells, Code, Column, Field, Finding, SerialPart, Text, message};

use super::markers::Markers;

/// Fields that tell one weapon from another: two columns for one of them are never guessed between.
pub(super) const IDENTITY: [Field; 6] = [
    Field::Serial,
    Field::Make,
    Field::WeaponType,
    Field::CountryOfManufacture,
    Field::Model,
    Field::Calibre,
];

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
    /// Two columns that claim one field of the identity.
    pub rivals: Option<Rivals>,
    /// The language of the header, declared or read.
    pub language: Option<Text>,
    /// How many headers each language has a word for.
    pub languages: Vec<(Text, usize)>,
    /// What was read.
    pub headings: Vec<Heading>,
}

/// A serial in two columns: `Серия` and, right of it, `Номер`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Series {
    letters: usize,
    number: usize,
}

/// Two columns, by their place, that mean the same field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rivals {
    pub field: Field,
    pub holder: usize,
    pub other: usize,
}

/// What stands over a column, in one line or in two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heading {
    /// What the column is called.
    pub text: String,
    /// The word that is looked up.
    pub word: String,
    /// What it means, where its group says so.
    pub field: Option<Field>,
    /// Whether the lower of two lines is part of a known word.
    pub lower_known: bool,
    /// Whether the column is of another table beside this one.
    pub is_apart: bool,
}

impl Heading {
    /// A heading that is called as it is looked up.
    pub fn plain(text: &str) -> Self {
        Self { text: text.into(), word: text.into(), ..Self::default() }
    }

    /// A heading that is the lower of two lines.
    pub fn lower(text: &str, markers: &Markers<'_>) -> Self {
        Self { lower_known: markers.is_header_word(text), ..Self::plain(text) }
    }
}

/// What a header may mean.
#[derive(Default)]
struct Claim {
    /// The profile says so.
    declared: bool,
    /// The profile keeps rows by it: where another column claims the same, this one says what kind of
    /// thing a row is, and the other one what kind of weapon.
    gives_way: bool,
    /// Its meanings in the likely languages, or in any where it has none there; likeliest first.
    fields: Vec<Field>,
    /// Its meanings in other languages.
    foreign: Vec<Field>,
}

impl HeaderReading {
    /// Whether it names as many columns as a header does, or the serial, another that tells weapons apart and a third.
    pub fn names_enough(&self) -> bool {
        let identity = IDENTITY.iter().filter(|&&field| self.has(field)).count();
        self.fields >= 2
            && (self.fields * 3 > self.named
                || (self.has(Field::Serial) && identity >= 2 && self.fields >= 3))
    }

    /// Whether a field that tells weapons apart has a column.
    pub fn names_identity(&self) -> bool {
        self.columns.iter().filter_map(|column| column.field).any(|field| IDENTITY.contains(&field))
    }

    /// Whether a column has this field.
    pub fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|column| column.field == Some(field))
    }

    /// Whether a column has a header that neither the profile nor its group says the meaning of.
    pub fn is_free(&self, at: usize, markers: &Markers<'_>) -> bool {
        !self.headings[at].text.is_empty() && self.may_mean(at, markers)
    }

    /// The same of a column that may have no header at all.
    pub fn may_mean(&self, at: usize, markers: &Markers<'_>) -> bool {
        let heading = &self.headings[at];
        let is_said = heading.field.is_some() || heading.is_apart;
        !is_said && markers.profile.column_field(&heading.text).is_none()
    }

    /// Whether its header is a word for a number and says no more.
    pub fn is_number(&self, at: usize, markers: &Markers<'_>) -> bool {
        markers.headers.is_number(&self.headings[at].word)
    }

    /// Whether its header may name one of these fields, in any language.
    pub fn means_also(&self, at: usize, fields: &[Field], markers: &Markers<'_>) -> bool {
        markers.headers.matches(&self.headings[at].word).iter().any(|found| fields.contains(&found.field))
    }

    /// Whether the column to the left holds the names of persons.
    pub fn is_beside_name(&self, at: usize, markers: &Markers<'_>) -> bool {
        let left = at.checked_sub(1).and_then(|left| self.columns.get(left));
        left.is_some_and(|left| left.field == Some(Field::Holder) || markers.is_name_of_person(&left.header))
    }

    /// Why the columns cannot be told, where two of them claim one field.
    pub fn ambiguity(&self) -> Option<Finding> {
        let Rivals { field, holder, other } = self.rivals?;
        let names = [holder.min(other), holder.max(other)].map(|at| (&self.columns[at].header, at));
        let [first, second] =
            names.map(|(header, at)| message!("column-of", header = header, number = at + 1));
        let message = message!("i111-one-field", first = first, second = second, field = field);
        let finding = Finding::new(Code::I111, message).at(Some(field), None, "");
        Some(if names[0].0 == names[1].0 {
            finding.suggest(message!("i111-side-by-side-repair"))
        } else {
            finding.suggest(message!(
                "i111-one-field-repair",
                header = format!("{:?}", names[0].0.as_str()),
                field = field
            ))
        })
    }
}

/// Reads a row as a header.
pub(crate) fn read_header(cells: &Cells, markers: &Markers<'_>, declared: Option<&Text>) -> HeaderReading {
    let headings: Vec<Heading> = cells.iter().map(|cell| Heading::plain(cell.text.trim())).collect();
    read_headings(&headings, markers, declared)
}

/// Reads what stands over the columns. Declared columns choose first; then those whose word has one
/// meaning, so that a `№` beside a `Serial No.` is the running number.
pub(crate) fn read_headings(
    headings: &[Heading],
    markers: &Markers<'_>,
    declared: Option<&Text>,
) -> HeaderReading {
    let last = headings.iter().rposition(|heading| !heading.text.is_empty()).map_or(0, |at| at + 1);
    let headings = &headings[..last];
    let languages = count_languages(headings, markers);
    let language = declared.cloned().or_else(|| leading(&languages));
    let likely: Vec<&Text> =
        language.as_ref().map_or_else(|| likeliest(&languages), |language| vec![language]);
    let claims: Vec<Claim> = headings.iter().map(|heading| claim(heading, markers, &likely)).collect();
    let mut fields = with_pairs(assign(&claims), headings, markers);
    let series = series_of(&claims, &fields, headings, markers);
    let mut parts: Vec<Option<SerialPart>> =
        headings.iter().map(|it| markers.serial_part(&it.text)).collect();
    if let Some(Series { letters, number }) = series {
        (fields[letters], fields[number]) = (None, Some(Field::Serial));
        parts[letters] = Some(SerialPart::Prefix);
    }
    let runners_up = claims.iter().zip(&fields).map(|(claim, &field)| {
        claim.fields.iter().chain(&claim.foreign).copied().find(|&other| Some(other) != field)
    });
    HeaderReading {
        runners_up: runners_up.collect(),
        fields: fields.iter().flatten().count(),
        named: headings.iter().filter(|heading| !heading.text.is_empty()).count(),
        rivals: rivals(headings, &claims, &fields).filter(|rivals| !is_settled_by(series, *rivals)),
        columns: headings
            .iter()
            .zip(fields.iter().zip(parts))
            .map(|(heading, (&field, part))| Column {
                header: heading.text.as_str().into(),
                field,
                part: part.filter(|_| field.is_none()),
                ..Column::default()
            })
            .collect(),
        language,
        languages,
        headings: headings.to_vec(),
    }
}

/// How many headers are words of each language, most first.
fn count_languages(headings: &[Heading], markers: &Markers<'_>) -> Vec<(Text, usize)> {
    let mut counts = BTreeMap::<Text, usize>::new();
    for heading in headings.iter().filter(|heading| !heading.word.is_empty()) {
        let found = markers.headers.matches(&heading.word);
        let languages: BTreeSet<&Text> = found.iter().map(|found| &found.language).collect();
        for language in languages.into_iter().filter(|language| !matches!(language.as_str(), "" | "und")) {
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

/// The languages that most headers are words of.
fn likeliest(counts: &[(Text, usize)]) -> Vec<&Text> {
    let most = counts.first().map_or(0, |(_, count)| *count);
    counts.iter().filter(|(_, count)| *count == most).map(|(language, _)| language).collect()
}

/// What a header may mean, the likeliest first. A word of the likely languages has no other
/// meaning: `S/N` beside an English `Serial No.` is no Turkish running number.
fn claim(heading: &Heading, markers: &Markers<'_>, likely: &[&Text]) -> Claim {
    if (heading.text.is_empty() && heading.field.is_none()) || heading.is_apart {
        return Claim::default();
    }
    if let Some(field) = markers.profile.column_field(&heading.text) {
        return Claim { declared: true, fields: vec![field], ..Claim::default() };
    }
    if markers.profile.column_part(&heading.text).is_some() {
        return Claim { declared: true, ..Claim::default() };
    }
    if let Some(field) = heading.field {
        return Claim { fields: vec![field], ..Claim::default() };
    }
    let gives_way = markers.keeps_by(&heading.text);
    let found = markers.headers.matches(&heading.word);
    if found.is_empty() {
        let field = markers.headers.short_for(&heading.word).map(|(found, _)| found.field);
        return Claim { gives_way, fields: field.into_iter().collect(), ..Claim::default() };
    }
    let fields = |own: bool| {
        let mut fields = Vec::new();
        for found in found.iter().filter(|found| likely.contains(&&found.language) == own) {
            if !fields.contains(&found.field) {
                fields.push(found.field);
            }
        }
        fields
    };
    let (own, other) = (fields(true), fields(false));
    if own.is_empty() {
        Claim { gives_way, fields: other, foreign: own, ..Claim::default() }
    } else {
        Claim { gives_way, fields: own, foreign: other, ..Claim::default() }
    }
}

/// Gives each column the first field that it may mean and no other column has.
fn assign(claims: &[Claim]) -> Vec<Option<Field>> {
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|&column| {
        let claim = &claims[column];
        (!claim.declared, claim.gives_way, claim.fields.len().min(2))
    });
    let mut taken = BTreeSet::new();
    let mut fields = vec![None; claims.len()];
    for column in order {
        fields[column] = claims[column].fields.iter().copied().find(|&field| taken.insert(field));
    }
    fields
}

/// The same with the column that holds make and model together, where neither has a column of its own.
fn with_pairs(
    mut fields: Vec<Option<Field>>,
    headings: &[Heading],
    markers: &Markers<'_>,
) -> Vec<Option<Field>> {
    let has_own = [Field::Make, Field::Model].iter().any(|own| fields.contains(&Some(*own)));
    let is_pair = |heading: &Heading| markers.headers.is_pair(&heading.word, Field::Make, Field::Model);
    let pairs = || (0..fields.len()).filter(|&at| fields[at].is_none() && is_pair(&headings[at]));
    if let (false, Some(at), None) = (has_own, pairs().next(), pairs().nth(1)) {
        fields[at] = Some(Field::Make);
    }
    fields
}

/// The columns of a serial in two parts: letters that no other column is the serial of, and right of them a number
/// that is not the row's, as another column has that one.
fn series_of(
    claims: &[Claim],
    fields: &[Option<Field>],
    headings: &[Heading],
    markers: &Markers<'_>,
) -> Option<Series> {
    let means = |at: usize, field: Field| {
        markers.headers.matches(&headings[at].word).iter().any(|found| found.field == field)
    };
    let is_own = |at: usize| !claims[at].declared && headings[at].field.is_none() && !headings[at].is_apart;
    let has_line = fields.contains(&Some(Field::Line));
    let mut serials = (0..fields.len()).filter(|&at| fields[at] == Some(Field::Serial));
    let serial = serials.next();
    (1..fields.len()).filter(|_| has_line).find_map(|number| {
        let letters = number - 1;
        let is_series = matches!(fields[letters], None | Some(Field::Serial | Field::SeriesMark))
            && means(letters, Field::SeriesMark);
        let is_number = fields[number].is_none() && means(number, Field::Line);
        let is_only = serial.is_none_or(|serial| serial == letters);
        (is_series && is_number && is_only && is_own(letters) && is_own(number))
            .then_some(Series { letters, number })
    })
}

/// Whether two columns that claim the serial are the two parts of it.
fn is_settled_by(series: Option<Series>, rivals: Rivals) -> bool {
    series.is_some_and(|series| {
        rivals.field == Field::Serial
            && [rivals.holder, rivals.other].iter().all(|at| [series.letters, series.number].contains(at))
    })
}

/// Two columns that claim a field of the identity, so that nothing but their order would decide.
/// What the profile declares is no claim: it is decided, unless it is said of two columns.
fn rivals(headings: &[Heading], claims: &[Claim], fields: &[Option<Field>]) -> Option<Rivals> {
    (0..claims.len()).find_map(|other| {
        let wanted = claims[other].fields.iter().take_while(|&&field| Some(field) != fields[other]);
        wanted.filter(|field| IDENTITY.contains(field)).find_map(|&field| {
            let holder = fields.iter().position(|&held| held == Some(field))?;
            let same = headings[holder].text == headings[other].text;
            let is_settled_by = |claim: &Claim| claim.declared || claim.gives_way;
            let decided = (is_settled_by(&claims[holder]) || is_settled_by(&claims[other])) && !same;
            let settled = fields[other].is_some_and(|own| !claims[holder].fields.contains(&own));
            (!decided && !settled).then_some(Rivals { field, holder, other })
        })
    })
}
