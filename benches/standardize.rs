//! What standardization costs for each field, alone and with values that repeat as in a ledger.
//!
//! `cargo bench -p matricule-benches --bench standardize` (ROWS=200000 RUNS=5 by default). Every value
//! is compared with the right one, so a run that computes the wrong thing fails.

use std::process::ExitCode;
use std::sync::Arc;

use matricule_benches::{median, timed};
use matricule_mapping::{Files, Profile};
use matricule_record::{Cells, Column, Field, Ledger, LedgerRow, Source};
use matricule_standardization::{Standardization, Vocabularies};

type Fault = Box<dyn std::error::Error>;

/// A field, what a clerk writes in it, and what it comes to.
const FIELDS: [(Field, &[(&str, &str)]); 9] = [
    (Field::Make, &[("Ижмаш", "Izhmash"), ("S&W", "Smith & Wesson"), ("Glock Ges.m.b.H.", "Glock")]),
    (Field::Model, &[("ПМ", "ПМ"), ("Model 10", "Model 10"), ("G17", "G17")]),
    (Field::WeaponType, &[("Пистолет", "pistol"), ("revolver", "revolver"), ("Винтовка", "rifle")]),
    (Field::Calibre, &[("9х18 мм", "9x18"), (".38 Spl", ".38 Special"), ("12/70", "12 ga")]),
    (Field::CountryOfManufacture, &[("СССР", "SUHH"), ("Австрия", "AT"), ("США", "US")]),
    (Field::YearOfManufacture, &[("1987", "1987"), ("1902/1903", "1902/1903"), ("1987 г.", "1987")]),
    (Field::Status, &[("на вооружении", "in service"), ("утеряно", "lost"), ("передано", "transferred")]),
    (
        Field::RegisteredOn,
        &[("12.05.1987", "1987-05-12"), ("12 мая 1987 г.", "1987-05-12"), ("1987-05-12", "1987-05-12")],
    ),
    (
        Field::Holder,
        &[("Склад № 4", "Склад № 4"), ("Иванов И. И.", "Иванов И. И."), ("В/ч 12345", "В/ч 12345")],
    ),
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("standardize: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn run() -> Result<(), Fault> {
    let (rows, runs) = (number("ROWS", 200_000), number("RUNS", 5));
    let stage = Standardization::new(Vocabularies::load(&Files::shipped())?, jiff::civil::date(2026, 6, 1));
    println!("{rows} rows; medians of {runs} runs; microseconds a field");
    for (field, values) in FIELDS {
        println!("  {:<24} {:6.3}", field.name(), cost(&stage, &[(field, values)], rows, runs)?);
    }
    let all = cost(&stage, &FIELDS, rows, runs)?;
    println!("  all together             {all:6.3}  (to reach: 0.2)");
    Ok(())
}

/// Microseconds for each field of rows whose columns are those given.
fn cost(
    stage: &Standardization,
    fields: &[(Field, &[(&str, &str)])],
    rows: usize,
    runs: usize,
) -> Result<f64, Fault> {
    let ledger = Arc::new(ledger(fields)?);
    let mut times = Vec::new();
    for _ in 0..runs {
        let input: Vec<LedgerRow> = (0..rows).map(|at| row(&ledger, fields, at)).collect();
        let (wrong, time) = timed(|| {
            let standard = input.into_iter().enumerate().map(|(at, row)| (at, stage.standardize(row)));
            standard
                .filter(|(at, row)| {
                    fields.iter().any(|(field, values)| {
                        let expect = values[at % values.len()].1;
                        *field != Field::Model && row.fields.text(*field) != expect
                    })
                })
                .count()
        });
        if wrong > 0 {
            return Err(format!("{wrong} of {rows} rows are wrong").into());
        }
        times.push(time);
    }
    Ok(median(times) * 1e6 / (rows * fields.len()) as f64)
}

fn ledger(fields: &[(Field, &[(&str, &str)])]) -> Result<Ledger, Fault> {
    let column = |(field, _): &(Field, &[(&str, &str)])| Column {
        header: field.name().into(),
        field: Some(*field),
        ..Column::default()
    };
    let mut settings = Profile::parse("[ledger]\nlanguage = \"ru\"", "ledger.toml")?.settings();
    settings.required.clear();
    settings.recommended.clear();
    Ok(Ledger { columns: fields.iter().map(column).collect(), settings, ..Ledger::default() })
}

fn row(ledger: &Arc<Ledger>, fields: &[(Field, &[(&str, &str)])], at: usize) -> LedgerRow {
    let texts = fields.iter().map(|(_, values)| values[at % values.len()].0);
    LedgerRow::new(Source { ledger: Arc::clone(ledger), row: at as u32 }, Cells::from_texts(texts))
}
