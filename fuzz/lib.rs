//! Fuzzing without a special toolchain: seeds are mutated by a driver that always does the same for the
//! same seed, and each target says what has to hold for any input.
//!
//! To add a target: one function here, and a line in [`TARGETS`].

mod mutate;

use std::panic::{AssertUnwindSafe, catch_unwind};

use matricule_ingest::{Ingest, Limits, Overrides, ReaderCommand, fuzzing};
use matricule_mapping::{Draft, Files, HeaderWords, Profile, Vocabulary};
use matricule_record::Field;
use matricule_transliteration::{Conversion, Transliterator};

pub use mutate::Mutator;

/// What was found to be wrong.
pub type Verdict = Result<(), String>;

/// A target: its name, its seeds, and what it does with an input.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Inputs to begin with.
    pub seeds: &'static [&'static str],
    /// Runs it.
    pub run: fn(&mut World, &[u8]) -> Verdict,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "csv", seeds: SHEETS, run: |_, bytes| csv(bytes) },
    Target { name: "layout", seeds: SHEETS, run: layout },
    Target { name: "profile", seeds: PROFILES, run: |_, bytes| profile(bytes) },
    Target { name: "table", seeds: TABLES, run: table },
];

const SHEETS: &[&str] = &[
    "Serial No.\tMake\tType\tRemarks\nA1\tFN\tpistol\t\nA2\t\"\tdo.\tworn\nTotal 2\nA3,\"x\"\"y\n\",7\n",
    "\tWeapon\t\tImport\n[1-2]No.\tSerial No.\tMake\tCountry\n1\t2\t3\t4\n1\tAB 7\tTula\tBE\n[0-3]Pistols\n[2-2^1]2\tAB 8\t\tBE\n",
    "Register of arms, page 3\n\nN°;Numéro de série;Fabricant;Observations\nFabricant : MAS\n1;F 1;;usé\n;;;et réparé\n~2;F 2;MAS;\n",
    "Заводской №\tЗавод\tМодель\nАВ 1\tТула\tТТ\nто же\t-\"-\tТТ\nИтого 2\nЗавод\tЗаводской №\tВид\nТула\tАВ 3\tпистолет\nПодпись: ____\n",
];

const PROFILES: &[&str] = &[
    Profile::EXAMPLE,
    "[ledger]\nlanguage = \"ru\"\n[rows]\nfill = [\"make\"]\nkeep = { \"Вид\" = [\"a\"] }\n[limits]\nrows = 7\n",
];

const TABLES: &[&str] = &[
    include_str!("../mappings/scripts/cyrl-mkd-passport2008.csv"),
    "kind,from,to,when,source,note\nmeta,id,zz,,,\nmeta,script,Cyrl,,,\nmeta,language,ru,,,\nmap,Щ,SHCH,,x,\nmap,Ш,SH,initial,x,\nreview,Ь,,,x,\ntest,ЩЩ,SHCHSHCH,,,\n",
];

/// What targets need and need not make anew each time.
pub struct World {
    headers: HeaderWords,
    furniture: Vocabulary,
    ditto: Vocabulary,
    profiles: [Profile; 2],
    folder: tempfile::TempDir,
}

impl World {
    /// The shipped words and a folder to write to.
    ///
    /// # Errors
    /// Where the shipped mappings or the folder are not usable.
    pub fn new() -> Result<Self, String> {
        let files = Files::shipped();
        let text = |error: matricule_mapping::Error| error.to_string();
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        std::fs::create_dir(folder.path().join("scripts")).map_err(|error| error.to_string())?;
        Ok(Self {
            headers: files.header_words().map_err(text)?,
            furniture: files.vocabulary("furniture").map_err(text)?,
            ditto: files.vocabulary("ditto").map_err(text)?,
            profiles: [
                Profile::default(),
                Profile::parse("[rows]\nfill = [\"make\", \"type\"]\n", "").map_err(text)?,
            ],
            folder,
        })
    }
}

/// Runs a target; a panic is a find too.
///
/// # Errors
/// What does not hold.
pub fn run(target: &Target, world: &mut World, input: &[u8]) -> Verdict {
    catch_unwind(AssertUnwindSafe(|| (target.run)(world, input))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(format!("panic: {}", text.unwrap_or_default()))
    })
}

fn csv(bytes: &[u8]) -> Verdict {
    let delimiter = [b'\t', b';', b','][bytes.len() % 3];
    fuzzing::csv(bytes, delimiter)
}

fn layout(world: &mut World, bytes: &[u8]) -> Verdict {
    let ingest = Ingest {
        headers: &world.headers,
        furniture: &world.furniture,
        ditto: &world.ditto,
        words: &[],
        profile: None,
        overrides: Overrides::default(),
        reader: ReaderCommand { program: "none".into(), arguments: Vec::new() },
        limits: Limits::default(),
    };
    let profile = &world.profiles[bytes.len() % 2];
    fuzzing::layout(&String::from_utf8_lossy(bytes).replace(';', "\t"), &ingest, profile)
}

/// What is read can be written down and read again.
fn profile(bytes: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let Ok(read) = Profile::parse(&text, "ledger.toml") else { return Ok(()) };
    let draft = Draft { declared: text, file: "a.csv".into(), ..Draft::default() };
    let again = Profile::parse(&draft.text(), "draft.toml").map_err(|error| error.to_string())?;
    let same = again.columns == read.columns && again.rows == read.rows && again.limits == read.limits;
    if same { Ok(()) } else { Err("a profile changed when it was written down".into()) }
}

/// A table is refused, or gives nothing but A-Z and 0-9.
fn table(world: &mut World, bytes: &[u8]) -> Verdict {
    let path = world.folder.path().join("scripts/zz.csv");
    std::fs::write(path, bytes).map_err(|error| error.to_string())?;
    let Ok(files) = Files::with_directory(world.folder.path()) else { return Ok(()) };
    let Ok(table) = files.script_table("zz") else { return Ok(()) };
    let Ok(compiled) = Transliterator::compile(table) else { return Ok(()) };
    let mut conversion = Conversion::default();
    for serial in ["ЩШ 12-Ь", "Ѓ7", "AB", "١٢"] {
        compiled.convert(serial, Field::Serial, &mut conversion);
        let converted = conversion.result().unwrap_or_default();
        if !converted.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            return Err(format!("`{serial}` becomes `{converted}`"));
        }
    }
    Ok(())
}
