//! Every code is raised by something that can be run: those that refuse by a row of `samples/*/truth.csv`, warnings by one
//! of `samples/flagged/flags.csv`, and what no ledger alone can raise (mapping files, corrections, registries) by a line of
//! the table below. A code without any of them fails here.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use matricule_record::Code;
use rusqlite::Connection;
use support::{check, copy, matricule, root};

/// A ledger with one refused row: А Cyrillic, A Latin.
const BOOK: &str = "Serial number,Make,Model,Type,Calibre,Country,Holder\n\
    ХА 12,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n\
    АA 13,FN,FAL,rifle,7.62x51,Belgium,Depot 1\n";

/// What is changed in a folder that holds the ledger, its registry and its report; the registry where it stays open.
type Prepare = fn(&Path) -> Option<Connection>;

/// A code, what leads to it, and the command that tells it.
type Raised = (Code, Prepare, &'static str);

const IMPORT: &str = "rejects import repaired.csv --operator rk";

const RAISED: [Raised; 25] = [
    (
        Code::M501,
        |here| own(here, "scripts/cyrl-rus-icao9303.csv", "kind;from\n"),
        "mappings check --mappings own",
    ),
    (Code::M502, |here| table(here, "map,Ж,Ж,,office,overrides"), "mappings check --mappings own"),
    (Code::M503, |here| table(here, "map,Ж,J,,office,"), "mappings check --mappings own"),
    (Code::M504, |here| table(here, "meta,alphabet,ЖѢ,,,"), "mappings check --mappings own"),
    (Code::M505, |here| table(here, "test,Ж 1,J1,,,"), "mappings check --mappings own"),
    (
        Code::M506,
        |here| write(here, "ledger.toml", "[ledger]\nlangauge = \"ru\"\n"),
        "convert book.csv --registry new.db",
    ),
    (Code::M507, merging_in_a_strict_table, "mappings check --mappings own"),
    (Code::R601, |here| write(here, "repaired.csv", BOOK), IMPORT),
    (Code::R602, |here| repaired(here, &[("sha256", "0"), ("correct_A", "АА 13")]), IMPORT),
    (Code::R603, |here| repaired(here, &[("digest", "0"), ("correct_A", "АА 13")]), IMPORT),
    (Code::R604, |here| repaired(here, &[("action", "delete")]), IMPORT),
    (Code::R605, |here| repaired(here, &[("action", "accept suggestion")]), IMPORT),
    (Code::R606, |here| repaired(here, &[("correct_G", "(masked)")]), IMPORT),
    (Code::R607, corrected_otherwise, IMPORT),
    (Code::R608, told_twice, IMPORT),
    (Code::L701, |here| Some(change(here, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE")), "find --index"),
    (
        Code::L702,
        |here| write(here, "book.csv", &BOOK.replace("ХА 12", "Ц 1").replace("АA 13", "Ц 2")),
        "convert book.csv",
    ),
    (Code::L703, |_| None, "convert book.csv"),
    (Code::L704, |here| Some(change(here, "PRAGMA user_version = 1000")), "find HA12"),
    (Code::L705, |_| None, "convert book.csv --registry no/such/folder/registry.db"),
    (
        Code::L706,
        |here| table(here, "map,Х,H,,office,overrides KH"),
        "rerun --mappings own --plan 0 --operator rk",
    ),
    (Code::L707, |here| run(here, "runs undo 1"), "runs undo 1"),
    (Code::L708, another_registry, "convert other.db --registry new.db"),
    (
        Code::L710,
        |here| table(here, "map,Х,H,,office,overrides KH"),
        "entries amend 1 --set remarks=seen --reason seen --operator rk --mappings own",
    ),
    (Code::L709, registry_of_the_first_version, "erase --entry 1 --reason request --operator rk --apply"),
];

fn write(here: &Path, name: &str, text: &str) -> Option<Connection> {
    fs::write(here.join(name), text).unwrap();
    None
}

/// A file of the office's own mappings.
fn own(here: &Path, name: &str, text: &str) -> Option<Connection> {
    let path = here.join("own").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    None
}

/// A row over the Russian table.
fn table(here: &Path, row: &str) -> Option<Connection> {
    own(here, "scripts/cyrl-rus-icao9303.csv", &format!("kind,from,to,when,source,note\n{row}\n"))
}

fn merging_in_a_strict_table(here: &Path) -> Option<Connection> {
    own(here, "scripts/cyrl-rus-strict.csv", "kind,from,to,when,source,note\nmap,Ж,Z,,office,overrides\n")
}

fn run(here: &Path, command: &str) -> Option<Connection> {
    matricule(here, command.split(' '));
    None
}

/// The registry after a statement, left open.
fn change(here: &Path, statement: &str) -> Connection {
    let registry = Connection::open(here.join("registry.db")).unwrap();
    registry.execute_batch(statement).unwrap();
    registry
}

/// The report's CSV for people, with values written into the line of the refused row.
fn repaired(here: &Path, values: &[(&str, &str)]) -> Option<Connection> {
    let text = fs::read_to_string(here.join("report/rejected-safe.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut line: Vec<String> = reader.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
    for (name, value) in values {
        (*value).clone_into(&mut line[header.iter().position(|column| column == *name).unwrap()]);
    }
    let mut writer = csv::Writer::from_path(here.join("repaired.csv")).unwrap();
    writer.write_record(&header).unwrap();
    writer.write_record(&line).unwrap();
    writer.flush().unwrap();
    None
}

fn corrected_otherwise(here: &Path) -> Option<Connection> {
    repaired(here, &[("correct_A", "АА 13")]);
    run(here, IMPORT);
    repaired(here, &[("correct_A", "АА 14")])
}

fn told_twice(here: &Path) -> Option<Connection> {
    repaired(here, &[("correct_A", "АА 13")]);
    let first = fs::read_to_string(here.join("repaired.csv")).unwrap();
    repaired(here, &[("correct_A", "АА 14")]);
    let second = fs::read_to_string(here.join("repaired.csv")).unwrap();
    write(here, "repaired.csv", &format!("{first}{}", second.split_once('\n').unwrap().1))
}

fn another_registry(here: &Path) -> Option<Connection> {
    table(here, "map,Х,H,,office,overrides KH");
    run(here, "convert book.csv --language ru --mappings own --registry other.db")
}

fn registry_of_the_first_version(here: &Path) -> Option<Connection> {
    fs::remove_file(here.join("registry.db")).unwrap();
    let made = fs::File::open(root().join("crates/cli/tests/data/registry-of-version-1.zip")).unwrap();
    zip::ZipArchive::new(made).unwrap().extract(here).unwrap();
    run(here, "convert ledgers")
}

#[test]
fn every_code_is_raised() {
    let start = tempfile::tempdir().unwrap();
    write(start.path(), "book.csv", BOOK);
    check(start.path(), "convert book.csv --language ru --report report", 1);
    for (code, prepare, command) in RAISED {
        let folder = tempfile::tempdir().unwrap();
        copy(start.path(), folder.path());
        let open = prepare(folder.path());
        let output = matricule(folder.path(), command.split(' '));
        let said =
            [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
        assert!(said.contains(code.name()), "{command} does not say {code}:\n{said}");
        drop(open);
    }
    let raised: BTreeSet<&str> = RAISED.iter().map(|(code, ..)| code.name()).collect();
    let shown = shown_by_samples();
    let missing: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.name())
        .filter(|code| !raised.contains(code) && !shown.contains(*code))
        .collect();
    assert!(missing.is_empty(), "nothing raises {missing:?}");
}

/// Codes of rows in the tables that were written by hand beside the samples; other tests hold the program to them.
fn shown_by_samples() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for (case, file, column) in [
        ("tour", "truth.csv", 4),
        ("declared", "truth.csv", 4),
        ("refused", "truth.csv", 4),
        ("values", "truth.csv", 4),
        ("flagged", "flags.csv", 3),
    ] {
        let mut reader = csv::Reader::from_path(root().join("samples").join(case).join(file)).unwrap();
        for record in reader.records() {
            codes.extend(record.unwrap()[column].split('+').map(str::to_owned));
        }
    }
    codes
}
