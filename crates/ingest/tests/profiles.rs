//! Which profile of a folder holds for which of its ledgers.

#[cfg(test)]
mod support;

use support::columns_in;

/// Two headers, neither of which names a serial that is known.
const BUTT: &[u8] = b"Butt,Make,Type\nA1,FN,rifle\n";
const RACK: &[u8] = b"Rack,Make,Type\nA1,FN,rifle\n";

fn check(files: &[(&str, &[u8])], expect: &[&str]) {
    assert_eq!(columns_in(files), expect);
}

#[test]
fn a_profile_written_for_a_header_holds_for_each_ledger_with_it() {
    let butt = b"[ledger]\nfiles = [\"a.csv\"]\nsame_header = true\n[columns]\n\"Butt\" = \"serial\"\n\"Make\" = \"make\"\n";
    let rack = b"[ledger]\nfiles = [\"c.csv\"]\nsame_header = true\n[columns]\n\"Rack\" = \"serial\"\n\"Make\" = \"make\"\n";
    let ledgers = [("a.csv", BUTT), ("b.csv", BUTT), ("c.csv", RACK), ("d.csv", RACK)];
    let other: (&str, &[u8]) = ("e.csv", b"Serial No.,Make,Type\nA1,FN,rifle\n");
    let with = |profiles: &[(&'static str, &'static [u8])]| [&ledgers[..], &[other], profiles].concat();
    check(
        &with(&[("ledger.toml", butt), ("racks.ledger.toml", rack)]),
        &[
            "a.csv: (serial make type)",
            "b.csv: (serial make type)",
            "c.csv: (serial make type)",
            "d.csv: (serial make type)",
            "e.csv: (serial make type)",
        ],
    );
    check(
        &with(&[("racks.ledger.toml", rack)]),
        &[
            "a.csv: (- make type)",
            "b.csv: (- make type)",
            "c.csv: (serial make type)",
            "d.csv: (serial make type)",
            "e.csv: (serial make type)",
        ],
    );
    // A profile for all is there for what nothing nearer holds for.
    let all = b"[file]\nheader_row = 2\n";
    let read = columns_in(&with(&[("ledger.toml", all), ("racks.ledger.toml", rack)]));
    assert_eq!(read[3], "d.csv: (serial make type)");
    assert_eq!(read[4], "e.csv: (- - -)");
}

#[test]
fn two_profiles_that_hold_alike_refuse_the_ledger() {
    let declared = b"[ledger]\nfiles = [\"a*\"]\n";
    let read = columns_in(&[("a.csv", BUTT), ("1.ledger.toml", declared), ("2.ledger.toml", declared)]);
    assert_eq!(read, ["a.csv: M506 two profiles hold for the file: 1.ledger.toml and 2.ledger.toml."]);
}

#[test]
fn what_a_packed_ledger_may_become_is_declared() {
    let text = b"Serial No.,Make\nA1,FN\n";
    let zip = support::zip(&[("book.csv", text), ("more.csv", text)]);
    check(&[("b.zip", &zip)], &["b.zip/book.csv: (serial make)", "b.zip/more.csv: (serial make)"]);
    let read = columns_in(&[("b.zip", &zip), ("ledger.toml", b"[limits]\narchive_entries = 1\n")]);
    assert_eq!(read, ["b.zip: I107 the zip archive has more than 1 entries."]);
    let read = support::told("l.csv", b"Serial No.,Make\nA1,FN\nA2,FN\n", "[limits]\nline_bytes = 1\n");
    assert!(
        read.iter().all(|line| !line.contains("I107")),
        "a limit too low to be meant is the lowest one: {read:?}"
    );
    let long = format!("Serial No.,Make\nA1,{}\n", "x".repeat(2_000));
    let read = support::told("l.csv", long.as_bytes(), "[limits]\nline_bytes = 1000\n");
    assert!(read.contains(&"2 refused I107".to_owned()), "{read:?}");
}
