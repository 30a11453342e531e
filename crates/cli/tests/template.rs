//! What `template` writes, `convert` reads: a workbook of every language that has header words is filled and
//! converted without being told anything.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use matricule_mapping::Files;
use support::{matricule, registry, rows};

/// What is typed into a field, and what stands in the registry; words of lists are looked up.
const TYPED: [(&str, &str, &str); 14] = [
    ("serial", "17042", "17042"),
    ("make", "Beretta", "Beretta"),
    ("type", "", "pistol"),
    ("country_of_manufacture", "", "IT"),
    ("status", "", "lost"),
    ("import_country", "", "FR"),
    ("model", "92", "92"),
    ("calibre", "9x19", "9x19"),
    ("year_of_manufacture", "1987", "1987"),
    ("import_year", "1990", "1990"),
    ("status_date", "1999-05-25", "1999-05-25"),
    ("registered_on", "1987-05-25", "1987-05-25"),
    ("holder", "Rossi", "Rossi"),
    ("page", "12", "12"),
];

/// The word of a list for a value: in the language, else in English.
fn word(field: &str, value: &str, language: &str) -> String {
    let name = if field.ends_with("country") || field.starts_with("country") {
        "country"
    } else if field == "type" {
        "weapon_type"
    } else {
        "status"
    };
    let vocabulary = Files::shipped().vocabulary(name).unwrap();
    vocabulary
        .words_of(language)
        .iter()
        .find(|(known, _)| *known == value)
        .map(|(_, word)| (*word).to_owned())
        .unwrap()
}

/// Types a row of texts under the header of a workbook.
fn fill(path: &Path, cells: &[(String, String)]) {
    let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.push((part.name().unwrap().into_owned(), bytes));
    }
    let cells: String = cells
        .iter()
        .map(|(column, text)| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            format!("<c r=\"{column}2\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        })
        .collect();
    let mut writer = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in parts {
        writer.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            let sheet = String::from_utf8(bytes).unwrap();
            let filled = sheet.replace("</sheetData>", &format!("<row r=\"2\">{cells}</row></sheetData>"));
            assert_ne!(filled, sheet);
            writer.write_all(filled.as_bytes()).unwrap();
        } else {
            writer.write_all(&bytes).unwrap();
        }
    }
    writer.finish().unwrap();
}

/// Writes, fills and converts templates of some languages in one folder; what differs.
fn check(content: &str, languages: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("ledgers")).unwrap();
    let mut faults = Vec::new();
    let mut expected = Vec::new();
    for language in languages {
        let name = format!("ledgers/{language}.xlsx");
        let made = matricule(
            folder.path(),
            ["template", "--language", language, "--content", content, "--out", &name],
        );
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let listing = String::from_utf8(made.stdout).unwrap();
        let mut cells = Vec::new();
        for line in listing.lines().skip(1) {
            let parts: Vec<&str> = line.split('\t').collect();
            let Some((field, typed, value)) = TYPED.iter().find(|(field, ..)| *field == parts[1]) else {
                continue;
            };
            let typed = if typed.is_empty() { word(field, value, language) } else { (*typed).to_owned() };
            cells.push((parts[0].to_owned(), typed));
            expected.push((format!("{language}.xlsx"), *field, *value));
        }
        fill(&folder.path().join(&name), &cells);
    }
    matricule(folder.path(), ["convert", "ledgers", "--registry", "registry.db"]);
    let db = registry(folder.path());
    for (file, field, value) in expected {
        let found = rows(&db, &format!("SELECT \"{field}\" FROM v_entry WHERE file = '{file}'"));
        if found != [[value.to_owned()]] {
            let why = rows(&db, &format!("SELECT code, message FROM v_reject WHERE file = '{file}'"));
            faults.push(format!("{content} {file} {field}: {found:?}, expected {value}; {why:?}"));
        }
    }
    faults
}

#[test]
fn what_template_writes_convert_reads() {
    let headers = Files::shipped().header_words().unwrap();
    let languages: Vec<&str> =
        headers.languages().into_iter().filter(|language| *language != "und").collect();
    assert!(languages.len() >= 27, "{languages:?}");
    let some = ["ar", "fr", "zh"];
    let mut faults = check("default", &languages);
    faults.extend(["iti", "eu"].iter().flat_map(|content| check(content, &some)));
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_language_without_words_and_a_file_that_is_there_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str], part: &str| {
        let output = matricule(folder.path(), arguments.iter().copied());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(part), "{said}");
    };
    refused(&["template", "--language", "qq"], "no header words of the language `qq`");
    fs::write(folder.path().join("ledger-en.xlsx"), "mine").unwrap();
    refused(&["template"], "is there already");
    assert_eq!(fs::read_to_string(folder.path().join("ledger-en.xlsx")).unwrap(), "mine");
}
