//! A registry under a key: nothing of it can be read without, everything works with.
//!
//! `cargo test -p matricule --features sqlcipher --test encryption`

#![cfg(all(feature = "sqlcipher", unix))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

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
    check(folder, "audit --key-file key", 0, "Nothing was found");
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
