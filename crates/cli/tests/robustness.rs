//! What must hold whatever happens: any split of the work, the same ledgers again, hostile files,
//! interruption and death at any moment.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use support::trial::{self, put_large};
use support::{case, check, check_conservation, content, matricule, registry, root, rows};

#[test]
fn the_registry_is_the_same_for_any_number_of_workers_and_any_batch() {
    let mut first = None;
    for options in
        ["--jobs 1", "--jobs 2", "--jobs 3", "--jobs 8", "--jobs 2 --batch 1", "--jobs 3 --batch 7"]
    {
        let folder = case("tour");
        check(folder.path(), &format!("convert ledgers {options}"), 1);
        let found = content(&registry(folder.path()));
        assert_eq!(&found, first.get_or_insert_with(|| found.clone()), "{options}");
    }
}

#[test]
fn the_registry_is_the_same_for_any_order_of_ledgers_and_any_number_of_runs() {
    let (a, b, c) = ("ledgers/01-garrison-ru", "ledgers/10-customs-fr", "ledgers/02-police-ar");
    let orders = [
        vec![format!("{a} {b} {c}")],
        vec![format!("{c} {b} {a}")],
        vec![b.into(), a.into(), c.into()],
        vec![format!("{c} {a}"), b.into()],
    ];
    let mut first = None;
    for runs in orders {
        let folder = case("tour");
        for ledgers in &runs {
            check(folder.path(), &format!("convert {ledgers}"), 1);
        }
        let found = content(&registry(folder.path()));
        assert_eq!(&found, first.get_or_insert_with(|| found.clone()), "{runs:?}");
    }
}

#[test]
fn the_same_ledgers_again_write_nothing_and_say_so() {
    let folder = case("tour");
    fs::write(folder.path().join("ledgers/damaged.xlsx"), b"PK\x03\x04 and then nothing").unwrap();
    check(folder.path(), "convert ledgers", 1);
    let before = fs::read(folder.path().join("registry.db")).unwrap();
    let said = check(folder.path(), "convert ledgers", 1);
    assert!(said.contains("already loaded as run 1"), "{said}");
    assert!(before == fs::read(folder.path().join("registry.db")).unwrap(), "the registry was written to");
    assert!(folder.path().join("matricule-report/rejected.csv").exists());
}

/// Files that nobody should trust, beside the ledgers of a folder.
#[test]
fn a_registry_of_the_first_version_is_brought_up_to_date_by_convert_and_left_alone_by_readers() {
    // Made by the program as it was when registries had version 1, of the ledger beside it.
    let folder = tempfile::tempdir().unwrap();
    let made = fs::File::open(root().join("crates/cli/tests/data/registry-of-version-1.zip")).unwrap();
    zip::ZipArchive::new(made).unwrap().extract(folder.path()).unwrap();
    let path = folder.path().join("registry.db");
    let old = fs::read(&path).unwrap();
    let output = matricule(folder.path(), ["find", "AB77"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("run `matricule convert` with it once"));
    assert_eq!(fs::read(&path).unwrap(), old);
    // All its ledgers are loaded already, and it is brought up to date none the less.
    check(folder.path(), "convert ledgers", 1);
    check(folder.path(), "audit", 0);
    let serials = "SELECT row, serial, serial_original, holder FROM v_entry ORDER BY row";
    let loaded = rows(&registry(folder.path()), serials);
    assert_eq!(
        loaded,
        [
            ["2", "AV1234", "АВ 1234", "Depot 1"],
            ["3", "AB77", "AB-77", "Depot 2"],
            ["5", "AB77", "AB-77", "Depot 3"]
        ]
    );
    assert_eq!(rows(&registry(folder.path()), "SELECT row, state FROM v_reject"), [["4", "open"]]);
    check(folder.path(), "find AB77", 0);
    let erased = matricule(
        folder.path(),
        ["erase", "--entry", "1", "--reason", "request", "--operator", "rk", "--apply"],
    );
    assert!(String::from_utf8_lossy(&erased.stderr).contains("L709"), "{erased:?}");
    // Both ways out that this names: what was kept is too little here, and says so without sending back; the file is enough.
    let merged = check(folder.path(), "convert registry.db --registry merged.db", 1);
    let merged = merged.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        merged.contains("Convert the file of the ledger itself") && !merged.contains("rerun"),
        "{merged}"
    );
    check(folder.path(), "convert ledgers --registry new.db", 1);
    check(folder.path(), "erase --entry 1 --reason request --operator rk --apply --registry new.db", 0);
    check(folder.path(), "audit --registry new.db", 0);
}

fn add_hostile_files(folder: &Path) {
    let put = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).unwrap();
    let whole = fs::read(root().join("samples/tour/ledgers/04-museum-el.xlsx")).unwrap();
    put("cut.xlsx", &whole[..whole.len() / 2]);
    put("empty.csv", b"");
    put("empty.xlsx", b"");
    put("zeros.xls", &[0; 4096]);
    put("noise.ods", &(0..9000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect::<Vec<_>>());
    fs::create_dir(folder.join("folder.xlsx")).unwrap();
    std::os::unix::fs::symlink("nowhere.csv", folder.join("dangling.csv")).unwrap();
    fs::copy(root().join("samples/refused/ledgers/I107-wide.xlsx"), folder.join("wide.xlsx")).unwrap();
    put_bomb(&folder.join("bomb.xlsx"));
}

/// A workbook whose one sheet is 400 MiB of blanks.
fn put_bomb(path: &Path) {
    let mut zip = zip::ZipWriter::new(fs::File::create(path).unwrap());
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let parts = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
    ];
    for (name, text) in parts {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..400 {
        zip.write_all(&blanks).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn hostile_files_are_reported_and_the_good_ledgers_load() {
    let folder = case("tour");
    check(folder.path(), "convert ledgers --registry good.db --report good", 1);
    add_hostile_files(&folder.path().join("ledgers"));
    check(folder.path(), "convert ledgers", 1);
    let db = registry(folder.path());
    check_conservation(&db);
    let good = rusqlite::Connection::open(folder.path().join("good.db")).unwrap();
    let entries = "SELECT file, sheet, row, serial, make, flags FROM v_entry ORDER BY 1, 2, 3";
    assert_eq!(
        rows(&db, entries),
        rows(&good, entries),
        "the good ledgers did not load as without the hostile files"
    );
    let codes = rows(&db, "SELECT file || ' ' || code FROM v_reject WHERE row IS NULL ORDER BY 1").concat();
    let expect = [
        "bomb.xlsx I107",
        "cut.xlsx I101",
        "dangling.csv I101",
        "empty.csv I101",
        "empty.xlsx I101",
        "folder.xlsx I101",
        "noise.ods I103",
        "wide.xlsx I107",
        "zeros.xls I103",
    ];
    assert_eq!(codes, expect);
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_matricule"))
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn ctrl_c_publishes_nothing_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    put_large(&folder.path().join("large.csv"), 200_000);
    let mut child = start(folder.path(), &["convert", "large.csv"]);
    // Interrupted as soon as the registry is being built.
    for _ in 0..20_000 {
        let names = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap());
        if names.into_iter().any(|name| name.contains(".partial.")) {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["large.csv"]);
}

#[test]
fn a_dry_run_reports_and_publishes_nothing() {
    let folder = case("tour");
    let said = check(folder.path(), "convert ledgers --dry-run --json", 1);
    let summary: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(summary["state"], "dry_run");
    assert_eq!(summary["totals"]["rows_loaded"], 95);
    assert!(!folder.path().join("registry.db").exists());
    assert!(folder.path().join("matricule-report/rejected.csv").exists());
}

#[cfg(unix)]
#[test]
fn a_dry_run_leaves_a_registry_and_its_folder_as_they_are() {
    use std::os::unix::fs::PermissionsExt;
    let folder = case("tour");
    let kept = folder.path().join("kept");
    fs::create_dir(&kept).unwrap();
    check(folder.path(), "convert ledgers --registry kept/registry.db", 1);
    fs::write(folder.path().join("more.csv"), "Serial No.,Make,Type,Country\nQQ7788,FN,rifle,BE\n").unwrap();
    let file = kept.join("registry.db");
    for (path, mode) in [(&file, 0o400), (&kept, 0o500)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    // A file that is made and removed again leaves its folder changed.
    let changed =
        |path: &Path| (path.metadata().unwrap().modified().unwrap(), path.metadata().unwrap().len());
    let before = (changed(&file), changed(&kept), trial::files(&kept));
    for registry in ["kept/registry.db", "kept/new.db"] {
        let said = check(
            folder.path(),
            &format!("convert more.csv --registry {registry} --dry-run --report r --json"),
            0,
        );
        let summary: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!((&summary["state"], &summary["totals"]["rows_loaded"]), (&"dry_run".into(), &1.into()));
    }
    assert!((changed(&file), changed(&kept), trial::files(&kept)) == before, "a dry run left a trace");
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn what_cannot_run_says_why_with_status_2() {
    let folder = case("tour");
    fs::write(folder.path().join("notes.db"), "these are notes").unwrap();
    for (arguments, part) in [
        ("convert nowhere", "nowhere"),
        ("convert ledgers --registry notes.db", "not a matricule registry"),
        ("convert ledgers --registry no/such/folder/registry.db", "could not be written"),
        ("convert ledgers --mappings nowhere", "no such directory of mappings"),
        ("convert ledgers --profile nowhere.toml", "cannot be read"),
        ("find X1", "no registry could be opened"),
        ("explain T999", "there is no code"),
        ("mappings show cyrl", "there is no table"),
    ] {
        let output = matricule(folder.path(), arguments.split(' '));
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
        assert!(said.contains(part), "{arguments}: {said}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("notes.db")).unwrap(), "these are notes");
}

#[test]
fn an_operators_tables_lie_over_the_shipped_ones() {
    let folder = case("refused");
    let put = |text: &str| {
        fs::create_dir_all(folder.path().join("own/scripts")).unwrap();
        fs::write(folder.path().join("own/scripts/cyrl-rus-icao9303.csv"), text).unwrap();
    };
    put("kind,from,to,when,source,note\nmap,Ь,Q,,office decision,overrides review\ntest,ВЬ 17,VQ17,,,\n");
    check(folder.path(), "convert ledgers/T310-review --mappings own", 0);
    assert_eq!(rows(&registry(folder.path()), "SELECT count(*) FROM v_reject").concat(), ["0"]);
    for (row, code) in [
        ("map,Ж,Ж,,,overrides", "M502"),
        ("map,Ж,J,,,", "M503"),
        ("test,Ж 1,J1,,,", "M505"),
        ("map,Ж", "M502"),
    ] {
        put(&format!("kind,from,to,when,source,note\n{row}\n"));
        let output = matricule(folder.path(), ["convert", "ledgers", "--mappings", "own"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{row}: {said}");
        assert!(said.contains(code) && said.contains("cyrl-rus-icao9303.csv:2"), "{row}: {said}");
    }
}

#[test]
fn a_ledger_is_not_read_by_its_neighbours_language() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = "Фабрички број,Марка,Модел,Калибар,Вид,Држава\nЖШ 12,FN,FAL,7.62x51,rifle,BE\nЃ 12,FN,FAL,7.62x51,rifle,BE\n";
    fs::write(folder.path().join("l.csv"), ledger).unwrap();
    check(folder.path(), "convert l.csv", 0);
    let serials = rows(&registry(folder.path()), "SELECT serial, serial_table FROM v_entry").concat();
    // Serbian would write ZS12, and has no Ѓ.
    assert_eq!(serials, ["ZHSH12", "cyrl-mkd-passport2008", "GJ12", "cyrl-mkd-passport2008"]);
}

#[test]
fn a_second_loader_says_who_is_in_the_way_and_a_reader_is_in_nobodys() {
    let folder = case("refused");
    check(folder.path(), "convert ledgers/S204-type.csv", 1);
    let before = content(&registry(folder.path()));
    let first = rusqlite::Connection::open(folder.path().join("registry.db")).unwrap();
    first.execute_batch("PRAGMA journal_mode = WAL; BEGIN IMMEDIATE").unwrap();
    for command in [vec!["convert", "ledgers/S205-country.csv"], vec!["find", "--index"]] {
        let output = matricule(folder.path(), command.clone());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
        assert!(said.contains("L701") && said.contains("Wait until it is done"), "{command:?}: {said}");
    }
    check(folder.path(), "runs list", 0);
    assert_eq!(content(&registry(folder.path())), before);
    first.execute_batch("ROLLBACK").unwrap();
    drop(first);
    check(folder.path(), "convert ledgers/S205-country.csv", 1);
}

#[test]
fn two_first_builds_at_once_end_in_one_registry_and_one_message() {
    let folder = case("tour");
    let children: Vec<Child> = (0..2)
        .map(|number| {
            let report = format!("report-{number}");
            start(folder.path(), &["convert", "ledgers", "--report", &report])
        })
        .collect();
    let mut codes: Vec<_> = children.into_iter().map(|mut child| child.wait().unwrap().code()).collect();
    codes.sort_unstable();
    // The second either finds the registry made and its ledgers loaded, or is told that it came too late.
    assert!(codes == [Some(1), Some(1)] || codes == [Some(1), Some(2)], "{codes:?}");
    check_conservation(&registry(folder.path()));
    assert_eq!(rows(&registry(folder.path()), "SELECT count(*) FROM v_run").concat(), ["1"]);
    let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().contains("partial")));
}

#[cfg(unix)]
#[test]
fn what_holds_rows_of_a_register_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = case("refused");
    check(folder.path(), "convert ledgers/S204-type.csv", 1);
    for file in ["registry.db", "matricule-report/rejected.csv", "matricule-report/report.json"] {
        let mode = fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

/// What a command says on standard error; it has to end with the status expected.
fn fails(command: &mut Command, folder: &Path, status: i32) -> String {
    let output = command.current_dir(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(status), "{command:?}: {said}");
    said
}

fn command(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_matricule"));
    command.args(arguments.split(' '));
    command
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_no_registry() {
    let folder = case("tour");
    let folder = folder.path();
    assert!(Command::new("mkfifo").arg(folder.join("pipe")).status().unwrap().success());
    std::os::unix::fs::symlink("nowhere.db", folder.join("link")).unwrap();
    for (registry, part) in [
        ("ledgers", "it is a folder"),
        ("pipe", "it is not a regular file"),
        ("/dev/null", "it is not a regular file"),
        ("link", "a link to a file that is not there"),
    ] {
        for work in ["find X1", "convert ledgers", "convert ledgers --dry-run", "find --index", "runs list"] {
            let said = fails(&mut command(&format!("{work} --registry {registry}")), folder, 2);
            assert!(said.contains(part), "{work} {registry}: {said}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_registry_may_have_any_name_of_a_file() {
    let folder = case("refused");
    let folder = folder.path();
    for name in [":memory:", "file:x.db", "a?b#c.db"] {
        check(folder, &format!("convert ledgers --registry {name}"), 1);
        assert!(folder.join(name).is_file());
        check(folder, &format!("runs list --registry {name}"), 0);
        check(folder, &format!("runs undo 1 --registry {name}"), 0);
        check(folder, &format!("audit --registry {name}"), 0);
    }
}

#[test]
fn who_and_why_are_not_blank() {
    let folder = tempfile::tempdir().unwrap();
    for work in [
        "entries amend 1 --set make=x --reason seen --operator=",
        "entries amend 1 --set make=x --operator rk --reason=",
        "erase --entry 1 --reason x --operator=",
        "erase --entry 1 --operator rk --reason=",
        "rejects import repaired.csv --operator=",
        "review refuse 1 2 --operator rk --reason=",
        "runs undo 1 --operator=",
    ] {
        let said = fails(&mut command(work), folder.path(), 2);
        assert!(said.contains("may not be blank"), "{work}: {said}");
    }
}

#[test]
fn without_a_folder_for_temporary_files_nothing_is_begun() {
    let folder = case("refused");
    let folder = folder.path();
    let before = trial::files(folder);
    let said = fails(command("convert ledgers").env("TMPDIR", folder.join("none")), folder, 2);
    assert!(said.contains("TMPDIR") && said.contains("none cannot be used"), "{said}");
    assert!(trial::files(folder) == before, "nothing is published or written");
    check(folder, "convert ledgers", 1);
    for work in [
        "rejects export --report again",
        "export all.xlsx",
        "template --language en --out t.xlsx",
        "audit --sample 3",
    ] {
        let said = fails(command(work).env("TMPDIR", folder.join("none")), folder, 2);
        assert!(said.contains("TMPDIR"), "{work}: {said}");
    }
}

#[test]
fn an_interruption_is_told_by_commands_that_do_not_wait_for_it() {
    let mut child = command("transliterate --language ru")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It is at work once it answers.
    let mut line = String::new();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all("АБ1\n".repeat(10_000).as_bytes()).unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.as_mut().unwrap()), &mut line)
        .unwrap();
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    // Until now it waited for more lines.
    drop(stdin);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(130) && said.contains("interrupted"), "{:?}: {said}", output.status);
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_done_is_done_though_nobody_can_be_told() {
    let folder = case("refused");
    let folder = folder.path();
    check(folder, "convert ledgers", 1);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let said = fails(command("runs undo 1").stdout(full), folder, 0);
    assert!(said.contains("this is done, but it could not be told"), "{said}");
    assert_eq!(
        rows(&registry(folder), "SELECT state FROM v_run ORDER BY run_id"),
        [["undone"], ["published"]]
    );
}
