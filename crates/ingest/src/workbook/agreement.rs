//! The cells of workbooks as the library gives them, beside ours: where they differ it is for one of the
//! reasons named here, each of which is why this crate does not take the library's word.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::{Data, Range, Reader, open_workbook_auto};
use matricule_record::CellKind;

use super::book::open;
use super::frame::{self, Frame};
use super::row_builder::RowBuilder;
use crate::format::Format;
use crate::limits::Limits;

type Place = (String, u32, u32);
type Ours = BTreeMap<Place, (CellKind, String)>;
type Theirs = BTreeMap<Place, Data>;

/// Why a cell of ours is not the library's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// A date is ISO 8601; the library has the number of days.
    Date,
    /// A number is shown as its format shows it: zeros in front, an exponent, letters.
    Shown,
    /// The file holds no value for a formula; the library leaves the cell out.
    Formula,
    /// Errors and truth values are written as spreadsheet programs write them.
    Word,
    /// None of them.
    Unknown,
}

fn ours(path: &Path, format: Format) -> Result<Ours, String> {
    let mut book = open(path, format).map_err(|failure| failure.finding().message)?;
    let mut cells = Ours::new();
    for (sheet, _) in book.sheets() {
        let mut sent = Vec::new();
        let mut rows = RowBuilder::new(&Limits { columns: 16_384, ..Limits::default() }, &mut sent);
        book.rows(&sheet, &mut rows).map_err(|failure| failure.finding().message)?;
        rows.finish().map_err(|failure| failure.finding().message)?;
        let mut sent = sent.as_slice();
        while let Some(Frame::Rows(rows)) = frame::read(&mut sent).map_err(|error| error.to_string())? {
            for row in rows {
                for (column, cell) in (0..).zip(row.cells.iter()).filter(|(_, cell)| !cell.text.is_empty()) {
                    let place = (sheet.clone(), row.row - 1, column);
                    cells.insert(place, (cell.kind, cell.text.to_owned()));
                }
            }
        }
    }
    Ok(cells)
}

fn theirs(path: &Path) -> Result<Theirs, String> {
    let mut book = open_workbook_auto(path).map_err(|error| error.to_string())?;
    let mut cells = Theirs::new();
    for sheet in book.sheet_names() {
        let range: Range<Data> = book.worksheet_range(&sheet).map_err(|error| error.to_string())?;
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            if !value.to_string().is_empty() {
                cells.insert((sheet.clone(), top + row as u32, left + column as u32), value.clone());
            }
        }
    }
    Ok(cells)
}

/// The cells that differ, with both texts and the reason.
fn differences(path: &Path, format: Format) -> Result<Vec<(Place, Reason, String, String)>, String> {
    let (ours, theirs) = (ours(path, format)?, theirs(path)?);
    let places: std::collections::BTreeSet<&Place> = ours.keys().chain(theirs.keys()).collect();
    let compared = places.into_iter().filter_map(|place| {
        let (own, other) = (ours.get(place), theirs.get(place));
        let text = own.map_or("", |(_, text)| text.as_str());
        let shown = other.map(ToString::to_string).unwrap_or_default();
        (text != shown).then(|| (place.clone(), reason(own, other), text.to_owned(), shown))
    });
    Ok(compared.collect())
}

fn reason(ours: Option<&(CellKind, String)>, theirs: Option<&Data>) -> Reason {
    let number = |text: &str| text.parse::<f64>().ok();
    match (ours, theirs) {
        (Some((CellKind::Date, _)), Some(Data::DateTime(_) | Data::DateTimeIso(_))) => Reason::Date,
        // A number that no calendar has a day for.
        (Some((CellKind::Number, text)), Some(Data::DateTime(date)))
            if number(text) == Some(date.as_f64()) =>
        {
            Reason::Date
        }
        (Some((CellKind::Number, text)), Some(Data::Float(value)))
            if number(text).is_some_and(|number| (number - value).abs() <= value.abs() / 100.0) =>
        {
            Reason::Shown
        }
        (Some((CellKind::Text, text)), Some(Data::Float(value)))
            if text.replace(|c: char| !c.is_ascii_digit(), "").contains(&value.to_string()) =>
        {
            Reason::Shown
        }
        (Some((CellKind::Formula | CellKind::Text, _)), None) => Reason::Formula,
        (Some((CellKind::Boolean, _)), Some(Data::Bool(_)))
        | (Some((CellKind::Error, _)), Some(Data::Error(_))) => Reason::Word,
        _ => Reason::Unknown,
    }
}

#[test]
fn the_cells_of_the_samples_are_those_that_the_library_gives() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let (mut compared, mut reasons) = (0, BTreeMap::<Reason, usize>::new());
    // The workbooks of `refused` are hostile: the library does not come back from them.
    let readable = ["tour", "layouts", "declared"].map(|name| samples.join(name));
    for entry in readable.iter().flat_map(walkdir::WalkDir::new) {
        let entry = entry.unwrap();
        let path = entry.path();
        let Some(format) = Format::from_extension(path).filter(|format| !format.is_text()) else { continue };
        compared += ours(path, format).unwrap().len();
        for (place, reason, ours, theirs) in differences(path, format).unwrap() {
            assert_ne!(reason, Reason::Unknown, "{}: {place:?}: {ours:?}, {theirs:?}", path.display());
            *reasons.entry(reason).or_default() += 1;
        }
    }
    assert!(compared > 500, "only {compared} cells were compared");
    assert!(reasons.contains_key(&Reason::Date), "{reasons:?}");
}
