//! How fast entries are written: rows of 15 columns into an empty registry, and the check that
//! they are all there. A registry that is named is kept, and added to where it exists.
//! `cargo run --release -p matricule-loader --example insert_speed [ROWS [REGISTRY]]`

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use matricule_loader::{EntryShape, Load, Manifest, PreparedEntry, Registry};
use matricule_record::{
    Cells, Column, ConvertedRow, Field, FieldValue, Fields, FileFacts, Ledger, LinkKeys, LinkedRow, Marking,
    Reading, SerialState, SheetFacts, Source, Text,
};

const COLUMNS: [(&str, Field, &str); 14] = [
    ("Тип", Field::WeaponType, "RIFLE"),
    ("Завод", Field::Make, "TULA ARMS PLANT"),
    ("Модель", Field::Model, "Винтовка 1891/30"),
    ("Калибр", Field::Calibre, "7.62×54R"),
    ("Страна", Field::CountryOfManufacture, "SU"),
    ("Год", Field::YearOfManufacture, "1943"),
    ("Держатель", Field::Holder, "в/ч 12345"),
    ("Часть", Field::Unit, "2 рота"),
    ("Документ", Field::Document, "накладная 17 от 03.04.1987"),
    ("Состояние", Field::Status, "IN_SERVICE"),
    ("Дата", Field::RegisteredOn, "1987-04-03"),
    ("Книга", Field::Book, "2"),
    ("Лист", Field::Page, "118"),
    ("Примечание", Field::Remarks, "ложа заменена"),
];

const BATCH: u32 = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
    let rows: u32 = std::env::args().nth(1).map_or(Ok(1_000_000), |rows| rows.parse())?;
    let directory = tempfile::tempdir()?;
    let path = std::env::args().nth(2).map_or_else(|| directory.path().join("registry.db"), PathBuf::from);
    let ledger = Arc::new(ledger());
    let mut load = Load::begin(&path, &Manifest::default())?;
    load.start_file(&FileFacts::default())?;
    load.start_sheet(&ledger)?;
    let mut inserting = Duration::ZERO;
    for first in (1..=rows).step_by(BATCH as usize) {
        let shape = EntryShape::of(&ledger);
        let batch: Vec<PreparedEntry> =
            (first..(first + BATCH).min(rows + 1)).map(|at| shape.prepare(&row(&ledger, at).row)).collect();
        let start = Instant::now();
        for row in &batch {
            load.entry(row)?;
        }
        inserting += start.elapsed();
    }
    let count = u64::from(rows);
    load.end_sheet(&SheetFacts { rows_read: count, rows_loaded: count, ..SheetFacts::default() })?;
    load.end_file()?;
    let start = Instant::now();
    load.publish()?;
    let publishing = start.elapsed();
    let runs = Registry::open(&path)?.runs()?;
    assert_eq!(runs.last().map(|run| run.rows.loaded), Some(count), "rows were lost");
    let speed = |time: Duration| f64::from(rows) / time.as_secs_f64();
    println!("{rows} rows: inserted at {:.0} rows/s, published in {publishing:.2?}", speed(inserting));
    println!("in all {:.0} rows/s, {} bytes", speed(inserting + publishing), path.metadata()?.len());
    Ok(())
}

fn ledger() -> Ledger {
    let column =
        |header: &str, field| Column { header: header.into(), field: Some(field), ..Column::default() };
    let mut columns = vec![column("Заводской №", Field::Serial)];
    columns.extend(COLUMNS.iter().map(|(header, field, _)| column(header, *field)));
    Ledger { file: "book.csv".into(), columns, ..Ledger::default() }
}

fn row(ledger: &Arc<Ledger>, at: u32) -> LinkedRow {
    let number = u64::from(at) * 2_654_435_761 % 100_000_000;
    let original = format!("АВ {number:08}");
    let mut cells = Cells::from_texts([original.as_str()]);
    let mut fields = Fields::default();
    for (at, (_, field, text)) in COLUMNS.iter().enumerate() {
        cells.push(matricule_record::CellKind::Text, text);
        fields.set(*field, FieldValue { text: Text::from(*text), column: Some(at + 1) });
    }
    let serial = SerialState::Converted(Marking {
        field: Field::Serial,
        original: original.as_str().into(),
        canonical: original.replace(' ', "").into(),
        script: "Cyrl".into(),
        converted: format!("AV{number:08}").into(),
        table: "cyrl-rus-icao9303".into(),
        reading: Reading::Sound,
        other_reading: Some(format!("AB{number:08}").into()),
        plain_key: None,
        written: Text::default(),
        dropped: Text::default(),
    });
    let source = Source { ledger: Arc::clone(ledger), row: at };
    let (carried, markings, flags) = (vec![], vec![], vec![]);
    let row = ConvertedRow { source, cells, carried, fields, serial, markings, completeness: 1.0, flags };
    LinkedRow { row, keys: LinkKeys::default() }
}
