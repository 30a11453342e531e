//! What the benchmarks share: made-up ledgers whose right answer is known, and medians.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use matricule_ingest::{Overrides, ReaderCommand};
use matricule_mapping::Files;
use matricule_pipeline::{Declarations, Error, Personal, Request, Split, Stages};
use matricule_record::LinkMode;

/// A ledger of `rows` rows and 15 columns, of which every 1,000th has a serial that is to be refused
/// and every 500th describes the weapon of the row 20,000 above it once more.
///
/// Returns how many rows are to be refused.
pub fn write_ledger(path: &Path, rows: usize) -> io::Result<usize> {
    let mut text = "No,Serial No.,Make,Model,Type,Calibre,Country of manufacture,Year of manufacture,Status,\
                    Date of registration,Holder,Unit,Document,Page,Remarks\n"
        .to_owned();
    for row in 1..=rows {
        let weapon = if row.is_multiple_of(500) && row > 20_000 { row - 20_001 } else { row };
        let _ = writeln!(text, "{row},{},{}", serial(row, weapon), rest(row, weapon));
    }
    fs::write(path, text)?;
    Ok(rows / 1000)
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

/// The stages for the ledgers of [`write_ledger`].
pub fn stages(files: Files) -> Result<Stages, Error> {
    Stages::new(Declarations {
        files,
        profile: None,
        overrides: Overrides { language: Some("ru".into()), ..Overrides::default() },
        reader: ReaderCommand { program: PathBuf::from("not-needed-for-csv"), arguments: Vec::new() },
        today: jiff::Zoned::now().date(),
    })
}

/// A conversion of a ledger, with exact links, or with all where LINK is `full`.
pub fn request(ledger: &Path, registry: &Path) -> Request {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Request {
        ledgers: vec![ledger.to_owned()],
        registry: registry.to_owned(),
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
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok()).unwrap_or(0) * 1024
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
