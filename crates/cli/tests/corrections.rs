//! The correction cycle: refused rows out, repaired ones back in, and nothing twice.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::Path;

use support::{case, check, check_conservation, matricule, registry, rows};

/// A CSV as its cells, by the names of its header.
struct Sheet(Vec<String>, Vec<BTreeMap<String, String>>);

impl Sheet {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let line = |record: csv::StringRecord| {
            header.iter().cloned().zip(record.iter().map(str::to_owned)).collect()
        };
        let lines = reader.records().map(|record| line(record.unwrap())).collect();
        Self(header, lines)
    }

    /// The line of a row, to be written into.
    fn line(&mut self, file: &str, row: &str) -> &mut BTreeMap<String, String> {
        let is_it = |line: &&mut BTreeMap<String, String>| line["file"].ends_with(file) && line["row"] == row;
        self.1.iter_mut().find(is_it).unwrap_or_else(|| panic!("{file} {row} is not refused"))
    }

    fn set(&mut self, place: (&str, &str), values: &[(&str, &str)]) {
        let line = self.line(place.0, place.1);
        for (name, value) in values {
            assert!(line.contains_key(*name), "no column {name}");
            line.insert((*name).to_owned(), (*value).to_owned());
        }
    }

    /// Writes the columns in another order than they were read.
    fn write(&self, path: &Path) {
        let mut writer = csv::Writer::from_path(path).unwrap();
        let header: Vec<&String> = self.0.iter().rev().collect();
        writer.write_record(&header).unwrap();
        for line in &self.1 {
            writer.write_record(header.iter().map(|name| &line[*name])).unwrap();
        }
        writer.flush().unwrap();
    }
}

/// Writes texts into cells of a sheet of a workbook, as a person would: line of the sheet, name of the column, text.
fn fill(workbook: &Path, sheet: &str, cells: &[(u32, &str, &str)]) {
    rewrite(workbook, sheet, |xml| {
        cells.iter().fold(xml, |xml, (line, column, text)| filled(&xml, *line, column, text))
    });
}

/// Writes a workbook anew with another XML of one sheet.
fn rewrite(workbook: &Path, sheet: &str, change: impl Fn(String) -> String) {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(workbook).unwrap()).unwrap();
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut text = Vec::new();
        part.read_to_end(&mut text).unwrap();
        parts.push((part.name().unwrap().into_owned(), text));
    }
    let mut out = zip::ZipWriter::new(std::fs::File::create(workbook).unwrap());
    for (name, mut bytes) in parts {
        if name == sheet {
            bytes = change(String::from_utf8(bytes).unwrap()).into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap();
}

/// The sheet with a text in a cell that is not there yet.
fn filled(xml: &str, line: u32, column: &str, text: &str) -> String {
    let named = xml.split("<c r=\"").find(|cell| cell.contains(&format!("<t>{column}</t>"))).unwrap();
    let letters: String = named.chars().take_while(char::is_ascii_uppercase).collect();
    let row = xml.find(&format!("<row r=\"{line}\"")).unwrap();
    let end = row + xml[row..].find("</row>").unwrap();
    let order = |letters: &str| (letters.len(), letters.to_owned());
    let stands_after = |at: &usize| {
        let found: String = xml[at + 6..].chars().take_while(char::is_ascii_uppercase).collect();
        order(&found) > order(&letters)
    };
    let cells = xml[row..end].match_indices("<c r=\"").map(|(at, _)| row + at);
    let place = cells.into_iter().find(stands_after).unwrap_or(end);
    let cell = format!("<c r=\"{letters}{line}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    format!("{}{cell}{}", &xml[..place], &xml[place..])
}

/// What becomes of the first ledger's workbook lines, repaired in `rejected.xlsx` and then handed to `resave`.
fn check_workbook(resave: impl Fn(&Path)) {
    let folder = case("tour");
    check(folder.path(), "convert ledgers --registry registry.db --report report", 1);
    let workbook = folder.path().join("report/rejected.xlsx");
    fill(
        &workbook,
        "xl/worksheets/sheet2.xml",
        &[
            (4, "action", "correct"),
            (4, "correct_B", "АА 100"),
            (5, "correct_C", "Ижмаш"),
            (6, "action", "waive"),
            (6, "note", "struck out on paper"),
        ],
    );
    resave(&workbook);
    let import = "rejects import report/rejected.xlsx --registry registry.db --operator rk";
    let told = check(folder.path(), import, 0);
    assert!(
        told.contains(
            "2 rows loaded, 1 waived, 0 still refused, 0 decided before, 20 without a decision, 0 lines"
        ),
        "{told}"
    );
    let loaded = "SELECT row, serial FROM v_entry WHERE file LIKE '01-%' AND row IN (8, 10) ORDER BY row";
    assert_eq!(rows(&registry(folder.path()), loaded), [["8", "AA100"], ["10", "EIA8890"]]);
}

#[test]
fn a_repaired_workbook_is_followed() {
    check_workbook(|_| {});
}

#[test]
#[ignore = "needs LibreOffice: cargo test -p matricule --test corrections -- --ignored"]
fn a_workbook_saved_again_by_libreoffice_is_followed() {
    check_workbook(|workbook| {
        let folder = workbook.parent().unwrap();
        let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
        let arguments = [
            "--headless",
            "--norestore",
            &profile,
            "--convert-to",
            "xlsx",
            "--outdir",
            "saved",
            "rejected.xlsx",
        ];
        let status =
            std::process::Command::new("soffice").args(arguments).current_dir(folder).status().unwrap();
        assert!(status.success());
        std::fs::rename(folder.join("saved/rejected.xlsx"), workbook).unwrap();
    });
}

const IMPORT: &str = "rejects import repaired.csv --registry registry.db --operator rk";

#[test]
fn a_repaired_file_is_followed_line_by_line() {
    let folder = case("tour");
    check(folder.path(), "convert ledgers --registry registry.db --report report", 1);
    let refused =
        rows(&registry(folder.path()), "SELECT DISTINCT reject_id FROM v_reject WHERE state = 'open'").len();
    let mut sheet = Sheet::read(&folder.path().join("report/rejected-safe.csv"));
    sheet.set(("01-garrison-ru.xlsx", "8"), &[("action", "correct"), ("correct_B", "АА 100")]);
    sheet.set(("01-garrison-ru.xlsx", "10"), &[("correct_C", "Ижмаш"), ("note", "seen on the weapon")]);
    sheet.set(("01-garrison-ru.xlsx", "17"), &[("action", "waive"), ("note", "struck out on paper")]);
    sheet.set(("03-border-fa.csv", "9"), &[("action", "accept suggestion")]);
    sheet.set(("01-garrison-ru.xlsx", "18"), &[("correct_E", "Хрымзы")]);
    sheet.set(("04-museum-el.xlsx", "12"), &[("action", "accept suggestion")]);
    sheet.set(("07-arsenal-bg.xls", "13"), &[("action", "delete")]);
    sheet.set(("02-police-ar.csv", "12"), &[("correct_B", "ثج ٧٤"), ("digest", "0")]);
    sheet.set(("02-police-ar.csv", "13"), &[("correct_G", "بلجيكا"), ("sha256", "0")]);
    sheet.write(&folder.path().join("repaired.csv"));

    let told = check(folder.path(), IMPORT, 1);
    for line in [
        "3 rows loaded, 1 waived, 1 still refused, 0 decided before,",
        "4 lines not followed.",
        "S204 01-garrison-ru/01-garrison-ru.xlsx!Книга 2!E18 (type): `Хрымзы` is not in the vocabulary.",
        "R602 repaired.csv!",
        "R603 repaired.csv!",
        "R604 repaired.csv!",
        "R605 repaired.csv!",
        "T302 B12 offers several values: AB 12, ΑΒ 12.",
        "Done as run 2;",
    ] {
        assert!(told.contains(line), "{line:?} is not in\n{told}");
    }
    let db = registry(folder.path());
    check_conservation(&db);
    let entries = rows(
        &db,
        "SELECT e.row, e.serial, e.make, e.country_of_manufacture, r.code, r.state FROM v_entry e
         JOIN entry x ON x.entry_id = e.entry_id JOIN v_reject r ON r.reject_id = x.reject_id ORDER BY e.file, e.row",
    );
    assert_eq!(
        entries,
        [
            ["8", "AA100", "Izhmash", "SUHH", "T302", "corrected"],
            ["10", "EIA8890", "Izhmash", "SUHH", "S201", "corrected"],
            ["9", "B2045", "FN", "ZW", "S205", "corrected"],
        ]
        .map(|row| row.map(str::to_owned).to_vec())
    );
    let amended = rows(&db, "SELECT before, cell, reason FROM amendment ORDER BY cell");
    assert_eq!(amended[1], ["", "Ижмаш", "seen on the weapon"]);
    let open = rows(&db, "SELECT DISTINCT reject_id FROM v_reject WHERE state = 'open'").len();
    assert_eq!(open, refused - 4);
    assert_eq!(rows(&db, "SELECT operator FROM v_run WHERE run_id = 2"), [["rk"]]);
    drop(db);

    let again = check(folder.path(), IMPORT, 1);
    assert!(again.contains("0 rows loaded, 0 waived, 1 still refused, 4 decided before"), "{again}");
    assert!(again.contains("Nothing was changed."), "{again}");
    check(folder.path(), "audit --registry registry.db", 0);
    check(folder.path(), "runs undo 2 --registry registry.db --operator rk", 0);
    assert!(check(folder.path(), IMPORT, 1).contains("3 rows loaded, 1 waived"));
}

#[test]
fn a_row_decided_otherwise_and_a_row_told_twice_are_refused() {
    let folder = case("tour");
    check(folder.path(), "convert ledgers --registry registry.db --report report", 1);
    let mut sheet = Sheet::read(&folder.path().join("report/rejected-safe.csv"));
    sheet.set(("01-garrison-ru.xlsx", "8"), &[("correct_B", "АА 100")]);
    sheet.write(&folder.path().join("repaired.csv"));
    check(folder.path(), IMPORT, 0);
    sheet.set(("01-garrison-ru.xlsx", "8"), &[("correct_B", "АА 101")]);
    let twice = sheet.line("01-garrison-ru.xlsx", "10").clone();
    sheet.1.push(twice);
    sheet.set(("01-garrison-ru.xlsx", "10"), &[("correct_C", "Ижмаш")]);
    sheet.1.last_mut().unwrap().insert("correct_C".to_owned(), "FN".to_owned());
    sheet.write(&folder.path().join("repaired.csv"));
    let told = check(folder.path(), IMPORT, 1);
    for code in ["R607", "R608"] {
        assert!(told.contains(code), "{code} is not in\n{told}");
    }
    assert_eq!(told.matches("R608").count(), 2, "neither of the two is followed\n{told}");
    sheet.1.pop();
    sheet.0.push("correct_make".to_owned());
    sheet.1.iter_mut().for_each(|line| _ = line.insert("correct_make".to_owned(), String::new()));
    sheet.set(("01-garrison-ru.xlsx", "10"), &[("correct_make", "FN")]);
    sheet.write(&folder.path().join("repaired.csv"));
    assert!(check(folder.path(), IMPORT, 1).contains("two columns of the line correct make"));
    std::fs::write(folder.path().join("repaired.csv"), "a,b\n1,2\n").unwrap();
    assert!(check(folder.path(), IMPORT, 1).contains("R601"));
}

/// A change of the file between its export and its import.
type Spoil = fn(&mut Sheet, &Path);

/// Files that are told and not followed, and what is told of them.
const SPOILT: [(Spoil, &str); 12] = [
    (
        |_, path| bytes(path, |text| [text.as_bytes(), b"\xc6"].concat()),
        "R601 repaired.csv: the file is neither UTF-8",
    ),
    (|sheet, path| told_twice(sheet, path, ("H", "1972")), "`1972` here and `1971` in the ledger"),
    (
        |_, path| bytes(path, |text| text.replacen("digest", "digests", 1).into()),
        "R601 repaired.csv: the first row of the sheet lacks digest;",
    ),
    (
        |_, path| bytes(path, |text| format!("from the office\n{text}").into()),
        "R601 repaired.csv!2: the names of the columns do not stand in the first row",
    ),
    (|sheet, path| typed(sheet, path, ("B", "АА 101")), "`АА 101` here and `АA 100` in the ledger"),
    (|sheet, path| typed(sheet, path, ("B", "?A 100")), "`?A 100` here and `АA 100` in the ledger"),
    (
        |sheet, path| typed(sheet, path, ("G", "")),
        "cell G of 01-garrison-ru/01-garrison-ru.xlsx!Книга 2!8 is `` here",
    ),
    (|sheet, path| typed(sheet, path, ("H", "1972")), "`1972` here and `1971` in the ledger"),
    (
        |sheet, path| typed(sheet, path, ("J", "05/06/1972")),
        "`05/06/1972` here and `1972-06-05` in the ledger",
    ),
    (
        |sheet, path| typed(sheet, path, ("J", "1972-05-06")),
        "`1972-05-06` here and `1972-06-05` in the ledger",
    ),
    (
        |sheet, path| typed(sheet, path, ("K", "(widow of Petrov)")),
        "holds personal data, and is here neither as it is in the ledger nor (masked).",
    ),
    (
        |sheet, path| typed(sheet, path, ("correct_K", "(masked)")),
        "correct_K holds `(masked)`, which stands for a value",
    ),
];

/// Files that a spreadsheet program saved in its own way, and that say the same.
const SAVED_OTHERWISE: [Spoil; 4] = [
    |_, path| bytes(path, |text| format!("\u{feff}{text}").into()),
    |_, path| bytes(path, |text| utf16(text, u16::to_le_bytes)),
    |_, path| bytes(path, |text| utf16(text, u16::to_be_bytes)),
    |sheet, path| typed(sheet, path, ("J", "1972/6/5")),
];

#[test]
fn a_file_that_is_not_as_it_was_written_is_told() {
    let folder = case("tour");
    check(folder.path(), "convert ledgers --registry registry.db --report report", 1);
    let path = folder.path().join("repaired.csv");
    let imported = |spoil: Spoil| {
        let mut sheet = Sheet::read(&folder.path().join("report/rejected-safe.csv"));
        typed(&mut sheet, &path, ("correct_B", "АА 100"));
        spoil(&mut sheet, &path);
        let output = matricule(folder.path(), IMPORT.split(' '));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for (spoil, told) in SPOILT {
        let found = imported(spoil);
        assert!(found.contains(told) && found.contains("0 rows loaded"), "{told:?} is not in\n{found}");
    }
    let found = imported(|sheet, path| {
        sheet.set(("01-garrison-ru.xlsx", "10"), &[("C", "Ижмаш")]);
        sheet.write(path);
    });
    let told = found.contains("1 rows loaded") && found.contains("cell C of 01-garrison-ru");
    assert!(told, "a line without a decision\n{found}");
    for spoil in SAVED_OTHERWISE {
        let found = imported(spoil);
        assert!(found.contains("1 decided before") && found.contains(" 0 lines not followed"), "{found}");
    }
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(order).collect()
}

/// Writes a CSV with other bytes.
fn bytes(path: &Path, change: impl Fn(&str) -> Vec<u8>) {
    std::fs::write(path, change(&std::fs::read_to_string(path).unwrap())).unwrap();
}

/// Writes the sheet with something typed into the line of the test.
fn typed(sheet: &mut Sheet, path: &Path, cell: (&str, &str)) {
    sheet.set(("01-garrison-ru.xlsx", "8"), &[cell]);
    sheet.write(path);
}

/// Writes the line of the test twice, with something typed over in the second one.
fn told_twice(sheet: &mut Sheet, path: &Path, (name, text): (&str, &str)) {
    let mut again = sheet.line("01-garrison-ru.xlsx", "8").clone();
    again.insert(name.to_owned(), text.to_owned());
    sheet.1.push(again);
    sheet.write(path);
}

#[test]
fn a_sheet_of_a_workbook_that_is_not_as_it_was_written_is_told() {
    let folder = case("tour");
    check(folder.path(), "convert ledgers --registry registry.db --report report", 1);
    let workbook = folder.path().join("report/rejected.xlsx");
    let whole = std::fs::read(&workbook).unwrap();
    let without_first_row = |xml: String| {
        let end = xml.find("</row>").unwrap() + "</row>".len();
        format!("{}{}", &xml[..xml.find("<row ").unwrap()], &xml[end..])
    };
    let lacks = |names| {
        format!("R601 report/rejected.xlsx!1 01-garrison-ru: the first row of the sheet lacks {names};")
    };
    let here = |text| format!("`{text}` here and `1972-06-05` in the ledger");
    for (change, fault) in [
        (without_first_row as fn(String) -> String, lacks("file, sheet, row, sha256, digest, action")),
        (|xml| xml.replace("<t>digest</t>", "<t>digests</t>"), lacks("digest")),
        (|xml| xml.replacen("<t>1972-06-05</t>", "<t>1972-05-06</t>", 1), here("1972-05-06")),
        (|xml| xml.replacen("<t>1972-06-05</t>", "<t>05.06.1972</t>", 1), here("05.06.1972")),
    ] {
        std::fs::write(&workbook, &whole).unwrap();
        fill(&workbook, "xl/worksheets/sheet2.xml", &[(4, "correct_B", "АА 100")]);
        rewrite(&workbook, "xl/worksheets/sheet2.xml", change);
        let told = check(folder.path(), "rejects import report/rejected.xlsx --operator rk", 1);
        assert!(
            told.contains(&fault) && told.contains("Nothing was changed."),
            "{fault:?} is not in\n{told}"
        );
    }
}

#[test]
fn refused_rows_are_written_again_and_who_asks_for_personal_data_is_recorded() {
    let folder = case("tour");
    check(folder.path(), "convert ledgers --registry registry.db --report report", 1);
    let same = |name: &str, other: &str| {
        let read = |folder_name: &str| std::fs::read(folder.path().join(folder_name).join(name)).unwrap();
        assert!(read("report") == read(other), "{name} differs");
    };
    check(folder.path(), "rejects export --registry registry.db --report again", 1);
    for name in
        ["rejected.csv", "rejected-safe.csv", "rejected.json", "pages/repairs-1.html", "pages/rejects-1.html"]
    {
        same(name, "again");
    }
    let overview = std::fs::read_to_string(folder.path().join("again/report.html")).unwrap();
    let read = rows(&registry(folder.path()), "SELECT sum(rows_read), sum(rows_loaded) FROM v_file");
    let warned = "Warnings on loaded rows";
    for text in ["What registry.db holds at present", warned, "W402", &read[0][0], &read[0][1]] {
        assert!(overview.contains(text), "{text:?} is not in\n{overview}");
    }
    let text = |folder_name: &str| {
        std::fs::read_to_string(folder.path().join(folder_name).join("rejected-safe.csv")).unwrap()
    };
    assert!(text("again").contains("(masked)"));
    let nobody = matricule(folder.path(), ["rejects", "export", "--report", "open", "--unmask"]);
    assert_eq!(nobody.status.code(), Some(2), "nobody asked");
    check(folder.path(), "rejects export --report open --unmask --operator rk", 1);
    assert!(!text("open").contains("(masked)"));
    let run = rows(
        &registry(folder.path()),
        "SELECT operator, command LIKE '%--unmask%' FROM v_run WHERE run_id = 2",
    );
    assert_eq!(run, [["rk", "1"]]);
    check(folder.path(), "audit --registry registry.db", 0);
}

#[test]
fn an_export_says_what_it_is_and_masks_persons() {
    let folder = case("tour");
    check(folder.path(), "convert ledgers --registry registry.db --report report", 1);
    let db = registry(folder.path());
    let count = |sql: &str| rows(&db, sql)[0][0].clone();
    check(folder.path(), "export entries.csv --where make=Izhmash --where model=AKM", 0);
    let exported = Sheet::read(&folder.path().join("entries.csv"));
    let wanted = count("SELECT count(*) FROM v_entry WHERE make = 'Izhmash' AND model = 'AKM'");
    assert_ne!(wanted, "0");
    assert_eq!(exported.1.len().to_string(), wanted);
    assert!(exported.1.iter().all(|line| ["", "(masked)"].contains(&line["holder"].as_str())));
    assert!(exported.1.iter().any(|line| line["holder"] == "(masked)"));
    assert!(!exported.0.iter().any(|name| ["cells", "originals", "extra"].contains(&name.as_str())));
    let manifest = std::fs::read_to_string(folder.path().join("entries.csv.manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["rows"].to_string(), wanted);
    assert_eq!(manifest["chain_head"], count("SELECT chain FROM v_run"));
    let digest = check(folder.path(), "audit --digest", 0);
    assert_eq!(manifest["registry_digest"], digest.trim());
    assert_eq!(manifest["filter"], serde_json::json!(["make=Izhmash", "model=AKM"]));
    assert!(manifest["masked"].as_array().unwrap().contains(&"holder".into()));

    check(folder.path(), "export weapons.jsonl --what weapons", 0);
    let weapons = std::fs::read_to_string(folder.path().join("weapons.jsonl")).unwrap();
    assert_eq!(weapons.lines().count().to_string(), count("SELECT count(*) FROM v_weapon"));
    check(folder.path(), "export none.csv --since-run 2", 0);
    assert_eq!(Sheet::read(&folder.path().join("none.csv")).1.len(), 0);
    for refused in
        ["export entries.csv", "export x.txt", "export x.csv --where colour=red", "export x.csv --unmask"]
    {
        assert_eq!(matricule(folder.path(), refused.split(' ')).status.code(), Some(2), "{refused}");
    }
    assert!(!folder.path().join("x.csv").exists());
    let shown = check(folder.path(), "entries show 1", 0);
    assert!(shown.contains("(masked)") && !shown.contains("cells      ["), "{shown}");
    for refused in [
        "entries show 1 --unmask",
        "convert ledgers --unmask",
        "convert ledgers --unmask --dry-run --operator rk",
    ] {
        assert_eq!(matricule(folder.path(), refused.split(' ')).status.code(), Some(2), "{refused}");
    }
    check(folder.path(), "export open.csv --unmask --operator rk", 0);
    let open = Sheet::read(&folder.path().join("open.csv"));
    assert!(open.1.iter().any(|line| !line["holder"].is_empty() && line["holder"] != "(masked)"));
    assert_eq!(count("SELECT count(*) FROM v_run WHERE operator = 'rk'"), "1");
}

#[test]
fn only_a_person_says_that_a_serial_cannot_be_converted() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let word = "UNTRANSLATABLE";
    let lines = ["ВЬ 1", word, "АВ 3", word].map(|serial| format!("{serial},FN,rifle,BE\n")).concat();
    let ledger = format!("Serial No.,Make,Type,Country of manufacture\n{lines}");
    std::fs::write(here.join("book.csv"), ledger).unwrap();
    check(here, "convert book.csv --language ru", 1);
    let refused = "SELECT row, code FROM v_reject WHERE state = 'open' ORDER BY row";
    assert_eq!(rows(&registry(here), refused), [["2", "T310"], ["3", "T309"], ["5", "T309"]]);
    let mut sheet = Sheet::read(&here.join("matricule-report/rejected-safe.csv"));
    for row in ["2", "3"] {
        sheet.set(("book.csv", row), &[("action", "correct"), ("correct_A", word)]);
    }
    sheet.write(&here.join("repaired.csv"));
    check(here, "rejects import repaired.csv --operator rk", 0);
    check(here, "entries amend 1 --set serial=UNTRANSLATABLE --reason seen --operator rk", 0);
    let said = "SELECT row, serial_original, serial, no_serial, marking_condition FROM v_entry ORDER BY row";
    let expect = [["2", "ВЬ 1", "", word, ""], ["3", word, "", word, ""], ["4", "АВ 3", "", word, ""]];
    assert_eq!(rows(&registry(here), said), expect);
    check(here, "audit", 0);
    // What the ledger wrote is found, and so is what it was; nothing is to be done.
    for serial in ["ВЬ1", "АВ3", "AV3"] {
        check(here, &format!("find {serial}"), 0);
    }
    assert!(check(here, "rerun", 0).contains("Nothing is to be done"));
    check(here, "runs undo 3", 0);
    assert_eq!(rows(&registry(here), said)[2], ["4", "АВ 3", "AV3", "", ""]);
    check(here, "audit", 0);
}
