//! A registry under a key: nothing of it can be read without, everything works with.
//!
//! `cargo test -p matricule --features sqlcipher --test encryption`

#![cfg(all(feature = "sqlcipher", unix))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use support::trial::files;
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
}
