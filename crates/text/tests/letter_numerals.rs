//! Numbers written with letters, as coins, title pages and number tables have them; each line of the
//! data names where it was published.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use matricule_text::{NumeralSystem, nfc};

#[test]
fn published_numbers_have_their_value() {
    let (mut lines, mut wrong) = (0, Vec::new());
    for line in include_str!("letter_numerals.csv").lines().skip(1) {
        let mut cells = line.split(',');
        let (system, written, expect) = (cells.next().unwrap(), cells.next().unwrap(), cells.next().unwrap());
        let characters: Vec<char> = nfc(written).chars().collect();
        let system = NumeralSystem::from_name(system).unwrap_or_else(|| panic!("{line}: no such system"));
        let read = system.read(&characters, true).filter(|(length, _)| *length == characters.len());
        let found = read.and_then(|(_, value)| value).unwrap_or_else(|| "invalid".to_owned());
        // A number in unusual order has the published value, and is for a person to look at.
        let expect = if cells.next() == Some("review") { "invalid" } else { expect };
        if expect != found {
            wrong.push(format!("{line}: {found}"));
        }
        lines += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(lines > 90, "only {lines} numbers");
}
