//! A registry under a key: nothing of it can be read without, everything works with.
//!
//! `cargo test -p matricule --features sqlcipher --test encryption`

#![cfg(all(feature = "sqlcipher", unix))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use matricule_loader::{Load, Manifest, set_key};
use matricule_record::StoredMapping;
use support::trial::{files, put_large};
use support::{copy, matricule, root};

fn put_key(path: &Path, key: &str, mode: u32) {
    fs::write(path, key).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs a command; its status and what it said has to contain.
fn check(folder: &Path, command: &str, status: i32, says: &str) {
    let output = matricule(folder, command.split(' '));
    let said =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert_eq!(output.status.code(), Some(status), "{command}: {said}");
    assert!(said.contains(says), "{command} does not say {says:?}: {said}");
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_registry_under_a_key_is_read_with_it_and_not_without() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    copy(&root().join("samples/tour/ledgers"), &folder.join("ledgers"));
    put_key(&folder.join("key"), "a key, with ' in it\n", 0o600);
    put_key(&folder.join("other"), "another\n", 0o600);
    put_key(&folder.join("open"), "a key, with ' in it\n", 0o644);
    put_key(&folder.join("empty"), "\n", 0o600);
    check(folder, "convert ledgers", 1, "Run 1 is published");
    let plain = fs::read(folder.join("registry.db")).unwrap();
    assert!(contains(&plain, "NKH0715") && contains(&plain, "SQLite format 3"));
    fs::remove_file(folder.join("registry.db")).unwrap();

    check(folder, "convert ledgers --key-file key", 1, "Run 1 is published");
    let encrypted = fs::read(folder.join("registry.db")).unwrap();
    assert!(!contains(&encrypted, "NKH0715") && !contains(&encrypted, "SQLite format 3"));
    check(folder, "find NKH0715 --key-file key", 0, "Izhmash");
    check(folder, "audit --key-file key", 0, "The registry is whole");
    check(folder, "convert ledgers --key-file key", 1, "");
    for key in ["", " --key-file other"] {
        check(folder, &format!("find NKH0715{key}"), 2, "encrypted under another key");
        check(folder, &format!("convert ledgers{key}"), 2, "encrypted under another key");
    }
    check(folder, "find NKH0715 --key-file open", 2, "chmod 600 open");
    check(folder, "find NKH0715 --key-file empty", 2, "the key is empty");
    check(folder, "find NKH0715 --key-file none", 2, "the key could not be read");
    assert_eq!(
        fs::read(folder.join("registry.db")).unwrap(),
        encrypted,
        "nothing was written without the key"
    );
}

/// The ledgers of the tour, divided between two folders.
fn put_offices(folder: &Path) {
    copy(&root().join("samples/tour/ledgers"), &folder.join("one"));
    fs::create_dir(folder.join("two")).unwrap();
    let mut names: Vec<_> =
        fs::read_dir(folder.join("one")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    for name in names.iter().step_by(2) {
        fs::rename(folder.join("one").join(name), folder.join("two").join(name)).unwrap();
    }
}

fn digest(folder: &Path, registry: &str) -> String {
    let output = matricule(folder, ["audit", "--digest", "--registry", registry, "--key-file", "key"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_registry_under_the_same_key_is_merged_in_and_another_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    put_offices(folder);
    put_key(&folder.join("key"), "a key\n", 0o600);
    put_key(&folder.join("other"), "another\n", 0o600);
    for (ledgers, name, key) in [
        ("one", "one.db", " --key-file key"),
        ("two", "two.db", " --key-file key"),
        ("one two", "all.db", " --key-file key"),
        ("two", "strange.db", " --key-file other"),
        ("two", "plain.db", ""),
    ] {
        check(folder, &format!("convert {ledgers} --registry {name}{key}"), 1, "Run 1 is published");
    }
    let before = fs::read(folder.join("one.db")).unwrap();
    // What does not open with the key is a file like any other; what is not encrypted shows what it is.
    check(folder, "convert strange.db --registry one.db --key-file key --dry-run", 1, "I103");
    check(folder, "convert plain.db --registry one.db --key-file key", 2, "under another key or none");
    check(folder, "convert one.db --registry plain.db --dry-run", 1, "I103");
    assert_eq!(fs::read(folder.join("one.db")).unwrap().len(), before.len());
    check(folder, "convert two.db --registry one.db --key-file key", 1, "Run 2 is published");
    assert_eq!(digest(folder, "one.db"), digest(folder, "all.db"));
    check(folder, "audit --registry one.db --key-file key", 0, "The registry is whole");
    let merged = fs::read(folder.join("one.db")).unwrap();
    assert!(!contains(&merged, "NKH0715") && !contains(&merged, "SQLite format 3"));
}

#[test]
fn a_plan_is_tried_under_the_key_and_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let ledger = "Serial No.,Make,Model,Type,Country of manufacture\nГИ 1001,Izhmash,PM,pistol,SU\n";
    fs::write(folder.join("book.csv"), ledger).unwrap();
    fs::write(folder.join("new.toml"), "[ledger]\nlanguage = \"uk\"\n").unwrap();
    put_key(&folder.join("key"), "a key\n", 0o600);
    check(folder, "convert book.csv --key-file key", 1, "Run 1 is published");
    let before = files(folder);
    let plan = "rerun --profile new.toml --ledger book.csv --key-file key";
    check(folder, plan, 1, "HY1001");
    assert!(files(folder) == before, "a plan left a trace");
    check(folder, &format!("{plan} --apply"), 0, "Done as run 2");
    // A dry run, a repair that is only planned, what would be erased.
    fs::write(folder.join("more.csv"), ledger.replace("1001", "1002")).unwrap();
    let before = files(folder);
    check(folder, "convert more.csv --key-file key --dry-run --report r", 1, "T311");
    fs::remove_dir_all(folder.join("r")).unwrap();
    assert!(files(folder) == before, "a dry run left a trace");
    check(folder, "convert more.csv --key-file key", 1, "Run 3 is published");
    let before = files(folder);
    let fix = "rejects fix --code T311 --ledger more.csv --language uk --operator rk --key-file key";
    check(folder, fix, 1, "HY1002");
    assert!(files(folder) == before, "a plan of repairs left a trace");
    check(folder, &format!("{fix} --apply"), 0, "run 4");
    check(folder, "audit --key-file key", 0, "The registry is whole");
}

#[test]
fn what_is_stated_anew_taken_back_and_erased_stays_under_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let ledger = "Serial No.,Make,Type,Country of manufacture,Holder\nAB 1001,FN,rifle,BE,Quirinus\n";
    fs::write(folder.join("book.csv"), ledger).unwrap();
    put_key(&folder.join("key"), "a key\n", 0o600);
    check(folder, "convert book.csv --key-file key", 0, "Run 1 is published");
    let amend = "entries amend 1 --set make=Zastava --reason seen --operator rk --key-file key";
    check(folder, amend, 0, "Done as run 2");
    check(folder, "runs undo 2 --key-file key", 0, "run 3");
    check(folder, "find AB1001 --key-file key", 0, "FN");
    let erase = "erase --person Quirinus --reason request --operator rk --key-file key";
    check(folder, erase, 0, "Nothing was changed");
    check(folder, &format!("{erase} --apply"), 0, "run 4");
    check(folder, erase, 1, "nothing to erase");
    check(folder, "audit --key-file key", 0, "The registry is whole");
    for (name, bytes) in files(folder).into_iter().filter(|(name, _)| name.starts_with("registry.db")) {
        assert!(!contains(&bytes, "AB1001") && !contains(&bytes, "Quirinus"), "{name} can be read");
    }
}

/// The partial files of a folder.
fn partials(folder: &Path) -> Vec<PathBuf> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_partial = |path: &PathBuf| {
        path.extension().is_some_and(|name| name.len() == 16) && path.to_string_lossy().contains(".partial.")
    };
    names.filter(is_partial).collect()
}

#[test]
fn a_build_that_was_cut_off_is_gone_on_with_under_its_key_and_left_alone_under_another() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("ledgers")).unwrap();
    for ledger in 0..6 {
        put_large(&folder.join(format!("ledgers/{ledger}.csv")), 200 + ledger);
    }
    put_key(&folder.join("key"), "a key\n", 0o600);
    put_key(&folder.join("other"), "another\n", 0o600);
    // Nothing can be written below a file: the ledgers are in by then, each a part.
    check(
        folder,
        "convert ledgers --part 1 --key-file key --report other/report",
        2,
        "with --resume goes on",
    );
    let left = partials(folder);
    let [left] = left.as_slice() else { panic!("{left:?}") };
    for (path, bytes) in files(folder).into_iter().filter(|(path, _)| path.contains(".partial.")) {
        assert!(!contains(&bytes, "AB000001"), "{path} can be read");
    }
    let before = fs::read(left).unwrap();
    let name = left.file_name().unwrap().to_string_lossy().into_owned();
    // Without its key it is somebody else's: told, left as it is, and not gone on with.
    for options in ["", " --resume --key-file other"] {
        check(folder, &format!("convert ledgers/0.csv{options}"), 1, &name);
        assert!(fs::read(left).unwrap() == before, "the build of another key was touched");
        fs::remove_file(folder.join("registry.db")).unwrap();
    }
    check(folder, "convert ledgers --part 1 --resume --key-file key", 1, "Run 1 is published");
    assert_eq!(partials(folder), [] as [PathBuf; 0]);
    check(folder, "convert ledgers --registry whole.db --key-file key", 1, "Run 1 is published");
    assert_eq!(digest(folder, "registry.db"), digest(folder, "whole.db"));
    check(folder, "audit --key-file key", 0, "The registry is whole");
    // The other way round: what was begun without a key is nobody's under one.
    let plain = folder.join("registry.db.partial.000000000000cafe");
    fs::remove_file(folder.join("registry.db")).unwrap();
    check(folder, "convert ledgers/0.csv --registry plain.db", 1, "Run 1 is published");
    fs::rename(folder.join("plain.db"), &plain).unwrap();
    check(folder, "convert ledgers/0.csv --key-file key", 1, "000000000000cafe");
    assert!(plain.exists());
}

/// What this process holds open, a file whose name is taken away included: whether a text can be read in it.
#[cfg(target_os = "linux")]
fn is_held_open(text: &str) -> bool {
    let open = fs::read_dir("/proc/self/fd").unwrap().map(|entry| entry.unwrap().path());
    let is_file = |path: &PathBuf| fs::metadata(path).is_ok_and(|file| file.is_file());
    open.filter(is_file).any(|path| contains(&fs::read(path).unwrap(), text))
}

#[cfg(target_os = "linux")]
#[test]
fn the_copy_in_which_a_plan_is_tried_can_be_read_by_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (path, text) = (folder.path().join("registry.db"), "a table of Quirinus. ");
    let mapping = |digest: &str, content: String| StoredMapping {
        kind: "script",
        id: digest.into(),
        digest: digest.into(),
        content,
    };
    let manifest = |mappings| Manifest { mappings, ..Manifest::default() };
    // Only this test of the process opens a registry, the others ask the program to.
    assert!(set_key("a key".to_owned()));
    // More than the cache of a run holds.
    let large = manifest(vec![mapping("a", text.repeat(3_000_000))]);
    Load::begin(&path, &large).unwrap().publish().unwrap();
    assert!(fs::metadata(&path).unwrap().len() > 50_000_000);
    fs::write(folder.path().join("control"), text).unwrap();
    let control = fs::File::open(folder.path().join("control")).unwrap();
    assert!(is_held_open(text), "what is looked for would be found");
    drop(control);
    let load = Load::rehearse(&path, &manifest(vec![mapping("b", text.repeat(3_000_000))])).unwrap();
    assert!(!is_held_open(text), "the copy is written where it can be read");
    drop(load);
}
