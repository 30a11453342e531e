//! Personal data: a ledger with a marked word in every personal column, and every report, export and command searched
//! for it. `rejected.csv` alone holds them: it is the machine's byte-exact twin of the ledger.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::path::Path;

use support::{matricule, registry, rows};

/// What no output may show.
const MARK: &str = "XMARKX";

/// Rows that load, contradict each other and warn of their persons, and rows that are refused for something else.
const LEDGER: &str = "\
Serial number,Type,Make,Country,Year,Holder,Holder ID,Address,Received from,Issued to,Issued on,Licence number,Phone,History,Status
A1001,pistol,Colt,US,1960,XMARKX One,XMARKX1,XMARKX 1,XMARKXr,XMARKXi,1.2.1990,XMARKXl,XMARKXp,XMARKX gave it to XMARKXq; then lost by XMARKX,in use
A1001,pistol,Colt,US,1960,XMARKX Two,XMARKX2,XMARKX 2,XMARKXr,XMARKXi,1.2.1990,XMARKXl,XMARKXp,issued 12.03.1994 to XMARKX,destroyed
А77,pistol,Colt,US,1960,XMARKX One,XMARKX1,XMARKX 1,XMARKXr,XMARKXi,99.99.1990,XMARKXl,XMARKXp,XMARKXh,unknown status
,pistol,Colt,XQ,1960,XMARKX One,XMARKX1,XMARKX 1,XMARKXr,XMARKXi,32.1.1990,XMARKXl,XMARKXp,XMARKXh,in use
A1002,pistol,Colt,US,1960,XMARKX One,XMARKX1,XMARKX 1,XMARKXr,XMARKXi,1.2.1990,XMARKXl,XMARKXp,XMARKXh,in use,surplus
";

/// Commands that read a registry or write from it.
const COMMANDS: [&str; 14] = [
    "convert ledgers --report report",
    "convert ledgers --json --report report-again",
    "rejects export --report standing",
    "entries show 1",
    "entries amend 1 --set holder=XMARKX-new --reason moved --operator rk",
    "entries show 1",
    "find A1001",
    "review list",
    "review show 1 2",
    "runs list",
    "rerun",
    "audit",
    "export entries.csv",
    "export weapons.xlsx --what weapons",
];

/// The texts of a file; those of a workbook are unpacked.
fn texts(path: &Path) -> String {
    if path.extension().is_none_or(|extension| extension != "xlsx") {
        return String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    }
    let mut workbook = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    (0..workbook.len()).map(|at| std::io::read_to_string(workbook.by_index(at).unwrap()).unwrap()).collect()
}

/// Every file below a folder that people are given.
fn written(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.file_name().and_then(|name| name.to_str()) {
            Some("ledgers" | "registry.db" | "rejected.csv") => {}
            _ if path.is_dir() => found.extend(written(&path)),
            _ => found.push(path),
        }
    }
    found
}

/// The lines of a text that show the mark, a little before and after it.
fn leaks(text: &str) -> Vec<String> {
    let around = |(at, _): (usize, &str)| {
        let (before, after) = text.split_at(at);
        let before: String = before.chars().rev().take(80).collect();
        before.chars().rev().chain(after.chars().take(20)).collect()
    };
    text.match_indices(MARK).map(around).collect()
}

#[test]
fn no_output_shows_a_person_unless_asked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("ledgers")).unwrap();
    fs::write(folder.join("ledgers/a.csv"), LEDGER).unwrap();
    for command in COMMANDS {
        let output = matricule(folder, command.split(' '));
        let said =
            [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{command}: {said}");
        assert_eq!(leaks(&said), Vec::<String>::new(), "{command}");
    }
    let files = written(folder);
    assert!(files.len() > 15, "only {files:?}");
    for path in files {
        assert_eq!(leaks(&texts(&path)), Vec::<String>::new(), "{}", path.display());
    }
    let logged = rows(&registry(folder), "SELECT command, tables, profiles FROM v_run");
    assert!(logged.iter().any(|run| run[0].contains("--set holder=…")), "{logged:?}");
    assert_eq!(leaks(&logged.concat().concat()), Vec::<String>::new(), "what the log keeps of the commands");
}

#[test]
fn what_is_masked_is_there_for_who_asks_and_gives_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("ledgers")).unwrap();
    fs::write(folder.join("ledgers/a.csv"), LEDGER).unwrap();
    matricule(folder, "convert ledgers".split(' '));
    for command in ["entries show 1", "rejects export --report shown", "export entries.csv"] {
        let refused = matricule(folder, format!("{command} --unmask").split(' '));
        assert_eq!(refused.status.code(), Some(2), "{command} --unmask without a name");
        let output = matricule(folder, format!("{command} --unmask --operator rk").split(' '));
        assert!(matches!(output.status.code(), Some(0 | 1)), "{command}");
    }
    let shown = texts(&folder.join("shown/rejected.json")) + &texts(&folder.join("entries.csv"));
    assert!(shown.contains("XMARKXp") && shown.contains("gave it to XMARKXq"), "{shown}");
    let asked = rows(
        &registry(folder),
        "SELECT count(*) FROM v_run WHERE command LIKE '%--unmask%' AND operator = 'rk'",
    );
    assert_eq!(asked, [["3"]]);
}
