//! Refused rows, as many as the request asks: `rejected.xlsx` alone, all forms with the pages, and the import of the
//! corrected workbook. Each part has to come to the right answer: the workbook is read back cell by cell, each row
//! stands on a page once, each correction loads its row.
//!
//! `cargo bench -p matricule-benches --bench reject` (ROWS=100000 by default). Processor time is printed beside the
//! time on the clock, because it hardly depends on what else the machine does.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, ExitCode};

use calamine::{Data, Reader, Xlsx, open_workbook};
use matricule_benches::{
    Fault, check, number, peak_bytes, processor_seconds, reader, request, stages, write_refused_ledger,
};
use matricule_loader::{Registry, RejectQuery};
use matricule_mapping::Files;
use matricule_pipeline::{
    Act, ImportRequest, Personal, Request, Shown, Silent, convert, export_rejects, import,
};
use matricule_record::LinkMode;
use matricule_report::{Layouts, RejectedXlsx};
use rust_xlsxwriter::Workbook;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const REGISTRY: &str = "registry.db";
const WORKBOOK: &str = "rejected.xlsx";
const CORRECTED: &str = "corrected.xlsx";
const OPEN: RejectQuery = RejectQuery { run: None, open_only: true };

/// The parts that are measured, each in a process of its own, so that no memory is left over from another.
const PARTS: [(&str, Part); 3] = [
    ("rejected.xlsx", write_workbook),
    ("all forms and pages", write_report),
    ("import of the corrected workbook", import_corrections),
];

/// Works in a folder that holds what the parts before it made.
type Part = fn(&Path) -> Result<(), Fault>;

fn main() -> ExitCode {
    matricule_benches::run("reject", || match std::env::var("PART") {
        Ok(name) => {
            let folder = std::env::current_dir()?;
            let part = PARTS.iter().find(|part| part.0 == name).ok_or("there is no such part")?;
            measured(part.0, || part.1(&folder))
        }
        Err(_) => run(),
    })
}

fn run() -> Result<(), Fault> {
    let rows = number("ROWS", 100_000);
    let folder = tempfile::tempdir()?;
    let here = folder.path();
    let ledger = here.join("ledger.csv");
    write_refused_ledger(&ledger, rows)?;
    let request = Request { link: LinkMode::Full, ..request(&ledger, &here.join(REGISTRY)) };
    check(&convert(&stages(Files::shipped())?, &request, &Silent)?, rows, rows)?;
    println!("{rows} refused rows, 15 columns");
    for (name, _) in PARTS {
        if name == PARTS[2].0 {
            correct(&here.join(WORKBOOK), &here.join(CORRECTED))?;
        }
        let status = Command::new(std::env::current_exe()?).env("PART", name).current_dir(here).status()?;
        if !status.success() {
            return Err(format!("{name} failed").into());
        }
        match name {
            _ if name == PARTS[0].0 => check_workbook(&here.join(WORKBOOK), &ledger)?,
            _ if name == PARTS[1].0 => check_pages(&here.join("report/pages"), rows)?,
            _ => check_registry(&here.join(REGISTRY), rows)?,
        }
    }
    Ok(())
}

/// Does a part, and prints what it cost.
fn measured(name: &str, part: impl FnOnce() -> Result<(), Fault>) -> Result<(), Fault> {
    let start = std::time::Instant::now();
    part()?;
    println!(
        "{name:<34} {:6.2} s, processor {:6.2} s, at most {:4} MB",
        start.elapsed().as_secs_f64(),
        processor_seconds(),
        peak_bytes() / 1_000_000
    );
    Ok(())
}

fn write_report(here: &Path) -> Result<(), Fault> {
    export_rejects(
        &stages(Files::shipped())?,
        &Registry::open(here.join(REGISTRY))?,
        OPEN,
        &here.join("report"),
        Shown { personal: Personal::Masked, ledgers: None },
    )?;
    Ok(())
}

fn import_corrections(here: &Path) -> Result<(), Fault> {
    let request = ImportRequest {
        act: Act {
            registry: here.join(REGISTRY),
            command: "cargo bench".to_owned(),
            operator: Some("bench".to_owned()),
        },
        file: here.join(CORRECTED),
        reader: reader()?,
    };
    let done = import(&stages(Files::shipped())?, &request)?;
    if done.faults.is_empty() && done.refused.is_empty() {
        Ok(())
    } else {
        Err(format!("{} faults, {} rows refused", done.faults.len(), done.refused.len()).into())
    }
}

/// Every corrected row is loaded, and none is open.
fn check_registry(registry: &Path, rows: usize) -> Result<(), Fault> {
    let registry = Registry::open(registry)?;
    let (mut loaded, mut open) = (0, 0);
    registry.serials(|_| loaded += 1)?;
    registry.refused(OPEN, |_| open += 1)?;
    if (loaded, open) == (rows, 0) {
        Ok(())
    } else {
        Err(format!("{loaded} rows loaded, {open} open").into())
    }
}

fn write_workbook(here: &Path) -> Result<(), Fault> {
    let registry = Registry::open(here.join(REGISTRY))?;
    let mut layouts = Layouts::default();
    registry.refused(OPEN, |row| layouts.add(&row))?;
    let mut xlsx = RejectedXlsx::create(&layouts, false, |_| Ok(File::create(here.join(WORKBOOK))?))?;
    let mut result = Ok(());
    registry.refused(OPEN, |row| {
        if result.is_ok() {
            result = xlsx.write(&row);
        }
    })?;
    result?;
    xlsx.finish()?;
    Ok(())
}

/// The lines of the one sheet of rows, below the names of their columns.
fn lines(path: &Path) -> Result<Vec<Vec<String>>, Fault> {
    let mut book: Xlsx<_> = open_workbook(path)?;
    let name = book.sheet_names().get(1).cloned().ok_or("there is no sheet of rows")?;
    let range = book.worksheet_range(&name)?;
    let text = |cell: &Data| match cell {
        Data::Empty => Ok(String::new()),
        Data::String(text) => Ok(text.clone()),
        other => Err(format!("{other} is no text")),
    };
    range.rows().map(|row| Ok(row.iter().map(text).collect::<Result<_, String>>()?)).collect()
}

/// Every cell of the ledger, the holder apart, stands in the workbook as it is.
fn check_workbook(workbook: &Path, ledger: &Path) -> Result<(), Fault> {
    let lines = lines(workbook)?;
    let ledger = fs::read_to_string(ledger)?;
    let mut found = lines.iter().skip(2);
    for expect in ledger.lines().skip(1) {
        let line = found.next().ok_or("the workbook lacks rows")?;
        for (at, cell) in expect.split(',').enumerate().filter(|(at, _)| *at != 10) {
            if line[at] != cell {
                return Err(format!("{} stands where {cell} is expected", line[at]).into());
            }
        }
    }
    if found.next().is_some() { Err("the workbook has more rows than the ledger".into()) } else { Ok(()) }
}

/// Every row stands on a page once.
fn check_pages(pages: &Path, rows: usize) -> Result<(), Fault> {
    let mut found = 0;
    for page in fs::read_dir(pages)? {
        let page = page?;
        if page.file_name().to_string_lossy().starts_with("rejects-") {
            found += fs::read_to_string(page.path())?.matches("<tr id=\"r").count();
        }
    }
    if found == rows { Ok(()) } else { Err(format!("{found} rows stand on the pages").into()) }
}

/// Writes the workbook with a value in place of whatever is wrong in each row.
fn correct(workbook: &Path, corrected: &Path) -> Result<(), Fault> {
    let mut lines = lines(workbook)?;
    let at =
        |name: &str| lines[0].iter().position(|column| column == name).ok_or(format!("no column {name}"));
    let (codes, action, row) = (at("codes")?, at("action")?, at("row")?);
    let (serial, kind, date) = (at("correct_B")?, at("correct_E")?, at("correct_J")?);
    for line in lines.iter_mut().skip(2) {
        "correct".clone_into(&mut line[action]);
        match line[codes].as_str() {
            "S204" => "pistol".clone_into(&mut line[kind]),
            "S202" => "1950-02-03".clone_into(&mut line[date]),
            _ => line[serial] = format!("ВГ {:07}", line[row].parse::<u64>()? * 7919 % 10_000_000),
        }
    }
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory();
    for (row, line) in (0_u32..).zip(&lines) {
        for (column, text) in (0_u16..).zip(line).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row, column, text)?;
        }
    }
    book.save(corrected)?;
    Ok(())
}
