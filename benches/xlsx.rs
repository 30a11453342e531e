//! The whole `convert` of a made-up xlsx into an empty registry, beside the time that the workbook
//! library's streaming reader needs for the cells alone, in turn. Both have to give the right number.
//!
//! `cargo bench -p matricule-benches --bench xlsx` (ROWS=200000 RUNS=5 by default; LINK=full proposes pairs too).
//! The program that reads the workbook for `convert` is this one, started again.

use std::path::Path;
use std::process::ExitCode;

use calamine::{Reader, Xlsx, open_workbook};
use matricule_benches::{
    Fault, check, median, number, print_stages, processor_seconds, request, stages, timed, write_ledger,
};
use matricule_mapping::Files;
use matricule_pipeline::{Silent, convert};
use matricule_report::Summary;
use rust_xlsxwriter::Workbook;

/// Columns of the ledger.
const COLUMNS: usize = 15;
/// Columns of it that are numbers: the running number, the year, the page.
const NUMBERS: [usize; 3] = [0, 7, 13];

fn main() -> ExitCode {
    matricule_benches::run("xlsx", run)
}

fn run() -> Result<(), Fault> {
    let (rows, runs) = (number("ROWS", 200_000), number("RUNS", 5));
    let folder = tempfile::tempdir()?;
    let ledger = folder.path().join("ledger.xlsx");
    let (refused, cells) = write_workbook(&ledger, rows)?;
    let (mut ours, mut theirs, mut last) = (Vec::new(), Vec::new(), Summary::default());
    let mut processor = [0.0; 2];
    for _ in 0..runs {
        let registry = folder.path().join("registry.db");
        let start = processor_seconds();
        // Reading the tables is part of the time: a person who converts waits for it too.
        let (summary, time) = timed(|| converted(&ledger, &registry));
        last = summary?;
        check(&last, rows, refused)?;
        ours.push(time);
        let middle = processor_seconds();
        std::fs::remove_file(&registry)?;
        let (counted, time) = timed(|| count_cells(&ledger));
        if counted? != cells {
            return Err("the cells reader did not count what was written".into());
        }
        theirs.push(time);
        processor[0] += (middle - start) / runs as f64;
        processor[1] += (processor_seconds() - middle) / runs as f64;
    }
    report(rows, &last, (median(ours), median(theirs)), processor);
    Ok(())
}

/// Writes the made-up ledger as a workbook; says how many rows are to be refused, and how many cells
/// hold a value.
fn write_workbook(path: &Path, rows: usize) -> Result<(usize, usize), Fault> {
    let text = path.with_extension("csv");
    let refused = write_ledger(&text, rows)?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let mut cells = 0;
    for (row, line) in (0_u32..).zip(std::fs::read_to_string(&text)?.lines()) {
        for (column, value) in line.split(',').enumerate().filter(|(_, value)| !value.is_empty()) {
            let at = u16::try_from(column)?;
            match value.parse::<f64>().ok().filter(|_| NUMBERS.contains(&column)) {
                Some(number) => sheet.write_number(row, at, number)?,
                None => sheet.write_string(row, at, value)?,
            };
            cells += 1;
        }
    }
    book.save(path)?;
    Ok((refused, cells))
}

fn converted(ledger: &Path, registry: &Path) -> Result<Summary, Fault> {
    Ok(convert(&stages(Files::shipped())?, &request(ledger, registry), &Silent)?)
}

/// What the library needs for the cells, one after another, doing nothing with them.
fn count_cells(ledger: &Path) -> Result<usize, Fault> {
    let mut book: Xlsx<_> = open_workbook(ledger)?;
    let name = book.sheet_names().first().cloned().ok_or("the workbook has no sheet")?;
    let mut reader = book.worksheet_cells_reader(&name)?;
    let mut cells = 0;
    while let Some(cell) = reader.next_cell()? {
        cells += usize::from(*cell.get_value() != calamine::DataRef::Empty);
    }
    Ok(cells)
}

fn report(rows: usize, last: &Summary, (ours, theirs): (f64, f64), processor: [f64; 2]) {
    println!("{rows} rows, {COLUMNS} columns; medians of alternate runs");
    println!(
        "matricule convert   {ours:7.2} s   processor, all threads and the reader {:.2} s",
        processor[0]
    );
    println!("calamine, cells     {theirs:7.2} s   processor {:.2} s", processor[1]);
    println!("ratio               {:7.2}", ours / theirs);
    print_stages(last);
}
