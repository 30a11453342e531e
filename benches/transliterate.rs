//! Serials in every script that ships, converted with full trace on one core, beside `deunicode` and
//! `any_ascii`, which explain nothing, on the same serials, in turn.
//!
//! The right answer is known by construction: each serial is made of letters with one row each, and
//! every conversion is compared with the outputs of those rows. A conversion that allocates fails.
//!
//! `cargo bench -p matricule-benches --bench transliterate` (ROWS=1000000 RUNS=7 by default).

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

use matricule_benches::{median, number, resident_bytes, timed};
use matricule_mapping::{Files, RowKind, ScriptTable, When};
use matricule_record::{Field, Reading, Settings, Variant};
use matricule_text::decimal_digit;
use matricule_transliteration::{Conversion, Transliteration};

type Fault = Box<dyn std::error::Error>;

/// Letters of a table that become the same wherever they stand, each with its output.
type Letters = Vec<(char, String)>;

struct Serial {
    settings: usize,
    text: String,
    expect: String,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("transliterate: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Fault> {
    let (rows, runs) = (number("ROWS", 1_000_000), number("RUNS", 7));
    let before = resident_bytes();
    let (stage, compiling) = timed(|| Transliteration::new(Files::shipped()));
    let stage = stage.map_err(|faults| format!("{faults:?}"))?;
    let tables = resident_bytes().saturating_sub(before);
    let (settings, serials) = serials(&stage, rows);
    let bytes: usize = serials.iter().map(|serial| serial.text.len()).sum();
    println!("{rows} serials, {} tables, {:.1} MB", settings.len(), bytes as f64 / 1e6);
    println!("tables: {} ms to compile and prove, {:.1} MB", compiling.as_millis(), tables as f64 / 1e6);
    let mut times: [Vec<Duration>; 3] = Default::default();
    for _ in 0..runs {
        times[0].push(ours(&stage, &settings, &serials)?);
        times[1].push(peer(&serials, deunicode::deunicode));
        times[2].push(peer(&serials, any_ascii::any_ascii));
    }
    for (name, times) in ["matricule", "deunicode", "any_ascii"].into_iter().zip(times) {
        println!("{name:10} {:5.1} M serials/s", rows as f64 / median(times) / 1e6);
    }
    Ok(())
}

/// Converts every serial and compares it, untimed; then again, timed: the length of all conversions
/// and traces together has to be the same, and nothing may be allocated.
fn ours(stage: &Transliteration, settings: &[Settings], serials: &[Serial]) -> Result<Duration, Fault> {
    let mut conversion = Conversion::default();
    let wrong = |serial: &&Serial| !is_right(stage, settings, serial, &mut conversion);
    if let Some(serial) = serials.iter().find(wrong) {
        return Err(format!("{} does not become {}", serial.text, serial.expect).into());
    }
    let expect: usize = serials.iter().map(|serial| serial.expect.len() + serial.text.chars().count()).sum();
    let mut pass = || -> usize {
        let one = |serial: &Serial| {
            stage.convert(&serial.text, &settings[serial.settings], Field::Serial, &mut conversion);
            conversion.converted.len() + conversion.steps.len()
        };
        serials.iter().map(one).sum()
    };
    let mut result = (0, Duration::ZERO);
    let counted = allocation_counter::measure(|| result = timed(&mut pass));
    match (result, counted.count_total) {
        ((found, time), 0) if found == expect => Ok(time),
        ((found, _), 0) => Err(format!("{found} letters and rows, not {expect}").into()),
        (_, allocations) => Err(format!("{allocations} allocations").into()),
    }
}

/// Whether a serial becomes what its rows say, with every character in its trace.
fn is_right(
    stage: &Transliteration,
    settings: &[Settings],
    serial: &Serial,
    conversion: &mut Conversion,
) -> bool {
    let is_known = stage.convert(&serial.text, &settings[serial.settings], Field::Serial, conversion);
    let traced: u32 = conversion.steps.iter().map(|step| step.length).sum();
    is_known && conversion.converted == serial.expect && traced as usize == conversion.characters().len()
}

fn peer(serials: &[Serial], convert: impl Fn(&str) -> String) -> Duration {
    timed(|| serials.iter().for_each(|serial| _ = black_box(convert(&serial.text)))).1
}

/// Serials of every language in turn: two or three letters, a blank, four to six digits.
fn serials(stage: &Transliteration, rows: usize) -> (Vec<Settings>, Vec<Serial>) {
    let tables = stage.tables().iter().map(|table| table.table());
    let tables: Vec<(Settings, Letters)> =
        tables.filter(|table| is_asked(table)).map(|table| (settings(table), letters(table))).collect();
    let mut random = 1_u64;
    let mut pick = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    let serial = |row: usize| {
        let (_, letters) = &tables[row % tables.len()];
        let (mut text, mut expect) = (String::new(), String::new());
        for _ in 0..2 + pick(2) {
            let (letter, output) = &letters[pick(letters.len())];
            text.push(*letter);
            expect.push_str(output);
        }
        let number = (1000 + pick(900_000)).to_string();
        Serial { settings: row % tables.len(), text: text + " " + &number, expect: expect + &number }
    };
    let serials = (0..rows).map(serial).collect();
    (tables.into_iter().map(|(settings, _)| settings).collect(), serials)
}

/// The standard tables by sound of every script.
fn is_asked(table: &ScriptTable) -> bool {
    table.script() != "Zyyy"
        && table.serves(Variant::Standard)
        && table.reading() == Reading::Sound
        && table.meta("alphabet").chars().any(char::is_alphabetic)
}

fn settings(table: &ScriptTable) -> Settings {
    let language = (!table.language().is_empty()).then(|| table.language().into());
    Settings { language, ..Settings::default() }
}

fn letters(table: &ScriptTable) -> Letters {
    let of = |character: char| table.rows.iter().filter(move |row| row.from.contains(character));
    let only = |character: char| {
        let [row] = of(character).collect::<Vec<_>>()[..] else { return None };
        let is_plain = row.kind == RowKind::Map && row.when == When::Always && row.from.chars().count() == 1;
        is_plain.then(|| (character, row.to.to_string()))
    };
    let characters =
        table.meta("alphabet").chars().filter(|&c| c.is_alphabetic() && decimal_digit(c).is_none());
    let found: Letters = characters.filter_map(only).collect();
    if found.is_empty() { vec![('A', "A".to_owned())] } else { found }
}
