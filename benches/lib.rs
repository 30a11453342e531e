//! What the benchmarks share: made-up ledgers whose right answer is known, a whole conversion, and medians.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use matricule_ingest::{Overrides, ReaderCommand, serve_workbook};
use matricule_mapping::Files;
use matricule_pipeline::{Declarations, Personal, Request, Split, Stages};
use matricule_record::LinkMode;
use matricule_report::Summary;

/// What ends a benchmark early.
pub type Fault = Box<dyn std::error::Error>;

/// The argument by which a benchmark, started again, is the reader of a workbook.
const READER: &str = "--read-workbook";

/// The whole of a benchmark's `main`: what is wrong is printed under its name.
pub fn run(name: &str, bench: impl FnOnce() -> Result<(), Fault>) -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    if let (Some(first), Some(path)) = (arguments.next(), arguments.next())
        && first == READER
    {
        return ExitCode::from(serve_workbook(Path::new(&path), io::stdin(), io::stdout()));
    }
    match bench() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{name}: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// The command that starts this benchmark again as the reader of a workbook.
pub fn reader() -> io::Result<ReaderCommand> {
    Ok(ReaderCommand { program: std::env::current_exe()?, arguments: vec![OsString::from(READER)] })
}

/// The stages with these mappings, for the made-up ledgers.
pub fn stages(files: Files) -> Result<Stages, Fault> {
    Ok(Stages::new(Declarations {
        files,
        profile: None,
        overrides: Overrides { language: Some("ru".into()), ..Overrides::default() },
        reader: reader()?,
        today: jiff::Zoned::now().date(),
    })?)
}

/// The request to convert a ledger into a registry; the environment says which links (`LINK=full`) and the size of
/// batches (`BATCH`).
pub fn request(ledger: &Path, registry: &Path) -> Request {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Request {
        ledgers: vec![ledger.to_owned()],
        registry: PathBuf::from(registry),
        report: registry.with_extension("report"),
        dry_run: false,
        split: Split { batch: number("BATCH", Split::for_cores(cores).batch), ..Split::for_cores(cores) },
        command: "cargo bench".to_owned(),
        operator: None,
        timings: true,
        link: if std::env::var("LINK").as_deref() == Ok("full") { LinkMode::Full } else { LinkMode::Exact },
        personal: Personal::Masked,
        parts: None,
    }
}

/// Whether a conversion of `rows` rows under one header refused as many as it had to.
pub fn check(summary: &Summary, rows: usize, refused: usize) -> Result<(), Fault> {
    let totals = &summary.totals;
    let found = (totals.rows_read, totals.rows_loaded, totals.rows_rejected);
    let expect = (rows as u64 + 1, (rows - refused) as u64, refused as u64);
    if found == expect {
        Ok(())
    } else {
        Err(format!("read, loaded, rejected are {found:?}, not {expect:?}").into())
    }
}

/// Prints the time by stage of a conversion.
pub fn print_stages(summary: &Summary) {
    println!("time by stage of the last run (stages on several threads add up):");
    for stage in summary.timings.iter().flatten() {
        println!("  {:<14} {:6.2} s", stage.stage, stage.seconds);
    }
}

const HEADER: &str = "No,Serial No.,Make,Model,Type,Calibre,Country of manufacture,Year of manufacture,Status,\
                      Date of registration,Holder,Unit,Document,Page,Remarks\n";

/// A ledger of `rows` rows and 15 columns, of which every 1,000th has a serial that is to be refused
/// and every 500th describes the weapon of the row 20,000 above it once more.
///
/// Returns how many rows are to be refused.
pub fn write_ledger(path: &Path, rows: usize) -> io::Result<usize> {
    let mut text = HEADER.to_owned();
    for row in 1..=rows {
        let weapon = if row.is_multiple_of(500) && row > 20_000 { row - 20_001 } else { row };
        let _ = writeln!(text, "{row},{},{}", serial(row, weapon), rest(row, weapon));
    }
    fs::write(path, text)?;
    Ok(rows / 1000)
}

/// A ledger of the same columns in which every row is refused, for five reasons in turn: mixed letters, an unknown
/// type, a date that is none, no serial, a sign in the serial.
pub fn write_refused_ledger(path: &Path, rows: usize) -> io::Result<()> {
    let mut text = HEADER.to_owned();
    for row in 1..=rows {
        let serial = match row % 5 {
            1 => format!("AВ {row:07}"),
            4 => String::new(),
            0 => format!("△{row}"),
            _ => format!("АВ {:07}", row * 7919 % 10_000_000),
        };
        let weapon_type = if row % 5 == 2 { "Хрымза" } else { "pistol" };
        let date = if row % 5 == 3 { "never" } else { "1950-02-03" };
        let _ = writeln!(
            text,
            "{row},{serial},Tula,TT,{weapon_type},7.62x25,SU,1945,in service,{date},Depot {},Unit {},Order {},{},",
            row % 300,
            row % 40,
            row / 50,
            row / 30
        );
    }
    fs::write(path, text)
}

/// Serials in Latin and Cyrillic letters.
fn serial(row: usize, weapon: usize) -> String {
    let number = weapon.wrapping_mul(7919) % 10_000_000;
    match weapon % 4 {
        _ if row.is_multiple_of(1000) => format!("△{number}"),
        0 => format!("АВ {number:07}"),
        1 => format!("ЖЩ{number:07}"),
        2 => format!("AB-{number:07}"),
        _ => format!("{number:07}K"),
    }
}

fn rest(row: usize, weapon: usize) -> String {
    const WEAPONS: [&str; 4] = [
        "Izhmash,PM,pistol,9x18,SU",
        "Tula,SKS,carbine,7.62x39,SU",
        "FN,FAL,rifle,7.62x51,BE",
        "Norinco,Type 56,assault rifle,7.62x39,CN",
    ];
    let year = 1940 + weapon % 50;
    let (month, day) = (1 + row % 12, 1 + row % 28);
    format!(
        "{},{year},in service,{}-{month:02}-{day:02},Depot {},Unit {},Order {},{},",
        WEAPONS[weapon % 4],
        year + 5,
        row % 300,
        row % 40,
        row / 50,
        row / 30
    )
}

/// Does something and says how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// The middle one of some durations, in seconds.
pub fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64)
}

/// A number from the environment.
pub fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Memory of the process that is resident and no file's, in bytes; 0 where the system does not tell.
pub fn resident_bytes() -> usize {
    status_bytes("RssAnon:")
}

fn status_bytes(name: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok()).unwrap_or(0) * 1024
}

/// The most memory that was ever resident, in bytes; 0 where the system does not tell.
pub fn peak_bytes() -> usize {
    status_bytes("VmHWM:")
}

/// Processor time of this process and of its children that ended, in seconds; 0 where the system does not
/// tell. Unlike the time on the clock it hardly depends on what else the machine does.
pub fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after_name.split_whitespace().skip(11).take(4).filter_map(|text| text.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS_A_SECOND
}

/// What Linux counts processor time in, on every machine.
const TICKS_A_SECOND: f64 = 100.0;
