//! The catalogue of texts: every text is used, every used one is there, and nothing that people read in a report
//! stands outside it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use matricule_record::messages::{ENGLISH, placeholders};
use support::{copy, root};

/// Keys that are put together when they are asked for: by the code of a script, a language or a reject, or a field.
const FAMILIES: [&str; 4] = ["script-", "language-", "code-", "field-"];

/// Every source file of the product, its tests left out.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "html" || extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let tests = text.find("#[cfg(test)]").unwrap_or(text.len());
            let lines = text[..tests].lines().filter(|line| !line.trim_start().starts_with("//"));
            found.push((name, lines.collect::<Vec<_>>().join("\n")));
        }
    }
}

/// The texts that a source asks for: key and placeholders.
fn asked(source: &str) -> Vec<(&str, BTreeSet<String>)> {
    let calls = ["message!(", "t::say("].into_iter().flat_map(|call| source.split(call).skip(1));
    calls
        .filter_map(|call| {
            let key = call.trim_start().strip_prefix('"')?;
            let (key, rest) = key.split_once('"')?;
            Some((key, arguments(rest)))
        })
        .collect()
}

/// The names before each `=` of a call, outside of brackets of its own.
fn arguments(rest: &str) -> BTreeSet<String> {
    let (mut depth, mut names, mut word, mut in_text) = (0_i32, BTreeSet::new(), String::new(), false);
    let mut fresh = false;
    for character in rest.chars() {
        match character {
            '"' => in_text = !in_text,
            _ if in_text => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => (word, fresh) = (String::new(), true),
            '=' if fresh && depth == 0 => {
                names.insert(word.trim().replace('_', "-"));
                fresh = false;
            }
            other if fresh => word.push(other),
            _ => {}
        }
    }
    names
}

#[test]
fn every_text_is_used_and_every_used_one_is_there() {
    let mut files = Vec::new();
    for name in fs::read_dir(root().join("crates")).unwrap() {
        let name = name.unwrap().path();
        for part in ["src", "templates"].map(|part| name.join(part)).iter().filter(|part| part.exists()) {
            sources(part, &mut files);
        }
    }
    let catalogue = placeholders(ENGLISH);
    let mut used = BTreeSet::new();
    for (file, source) in &files {
        for (key, names) in asked(source) {
            let known = catalogue.get(key).unwrap_or_else(|| panic!("{file}: no text has the key {key}"));
            let known: BTreeSet<String> = known.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(names, known, "{file}: the placeholders of {key}");
            used.insert(key);
        }
    }
    let is_family = |key: &str| FAMILIES.iter().any(|family| key.starts_with(family));
    let unused: Vec<_> = catalogue.keys().filter(|key| !used.contains(*key) && !is_family(key)).collect();
    assert!(unused.is_empty(), "no code asks for {unused:?}");
    assert!(used.len() > 300, "only {} texts are asked for", used.len());
}

/// A letter of the language that nobody speaks: each Latin letter in its full-width form.
fn foreign(character: char) -> char {
    let wide =
        if character.is_ascii_alphabetic() { u32::from(character) + 0xfee0 } else { u32::from(character) };
    char::from_u32(wide).unwrap()
}

/// The English texts in that language; keys, placeholders and comments stay.
fn translated() -> String {
    let mut out = String::new();
    for line in ENGLISH.lines().filter(|line| !line.starts_with('#')) {
        let (key, text) =
            if line.starts_with(' ') { ("", line) } else { line.split_once('=').unwrap_or(("", line)) };
        out.push_str(key);
        out.push_str(if key.is_empty() { "" } else { "=" });
        let mut depth = 0;
        // A choice among forms has its names in brackets; its texts follow them.
        let is_form = text.trim_start().starts_with(['[', '*']);
        let (form, text) = text.split_once(']').filter(|_| is_form).unwrap_or(("", text));
        out.push_str(form);
        out.push_str(if form.is_empty() { "" } else { "]" });
        for character in text.chars() {
            depth += i32::from(character == '{') - i32::from(character == '}');
            out.push(if depth > 0 { character } else { foreign(character) });
        }
        out.push('\n');
    }
    out
}

/// The texts of a page or of a sheet's XML, without its marks, styles and scripts.
fn shown(page: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        texts.push(before.trim().to_owned());
        let end = if after.starts_with("style") {
            "</style>"
        } else if after.starts_with("script") {
            "</script>"
        } else {
            ">"
        };
        rest = after.split_once(end).map_or("", |(_, rest)| rest);
    }
    texts.retain(|text| !text.is_empty());
    texts
}

/// Three words of small Latin letters after each other: no cell of the samples says that, English does. Words of two
/// letters are passed over: they may be codes of languages.
fn is_sentence(text: &str) -> bool {
    let words = text.split(' ').map(|word| word.trim_matches([',', '.', ':', ';', '(', ')']));
    let mut run = 0;
    words.filter(|word| word.len() > 2).any(|word| {
        run = if word.chars().all(|c| c.is_ascii_lowercase()) { run + 1 } else { 0 };
        run == 3
    })
}

/// Everything that people read after a run: the pages but for the manual and the tables with their sources, and the
/// sheets of the workbook.
fn read_by_people(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    found.insert("report.html".to_owned(), shown(&fs::read_to_string(folder.join("report.html")).unwrap()));
    for entry in fs::read_dir(folder.join("pages")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("rejects") || name.starts_with("repairs") {
            found.insert(name, shown(&fs::read_to_string(&path).unwrap()));
        }
    }
    let mut workbook = zip::ZipArchive::new(fs::File::open(folder.join("rejected.xlsx")).unwrap()).unwrap();
    let mut texts = Vec::new();
    for at in 0..workbook.len() {
        let part = workbook.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        if name.contains("worksheets/sheet") || name.ends_with("sharedStrings.xml") {
            texts.extend(shown(&std::io::read_to_string(part).unwrap()));
        }
    }
    found.insert("rejected.xlsx".to_owned(), texts);
    found
}

/// What ledgers say in a language of their own.
fn texts_below(folder: &Path) -> String {
    let mut texts = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let own = if path.is_dir() {
            texts_below(&path)
        } else {
            String::from_utf8_lossy(&fs::read(path).unwrap()).into()
        };
        texts.push_str(&own);
    }
    texts
}

#[test]
fn nothing_is_left_in_english_where_the_texts_are_translated() {
    let folder = tempfile::tempdir().unwrap();
    let texts = folder.path().join("other.ftl");
    fs::write(&texts, translated()).unwrap();
    for (sample, link) in
        [("tour", "full"), ("refused", "exact"), ("declared", "exact"), ("layouts", "exact")]
    {
        let work = folder.path().join(sample);
        copy(&root().join("samples").join(sample).join("ledgers"), &work.join("ledgers"));
        let output = Command::new(env!("CARGO_BIN_EXE_matricule"))
            .args(["convert", "ledgers", "--registry", "registry.db", "--report", "report", "--link", link])
            .env("MATRICULE_MESSAGES", &texts)
            .current_dir(&work)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{sample}: {said}");
        let ledgers = texts_below(&work.join("ledgers"));
        let read = read_by_people(&work.join("report"));
        assert!(read.len() >= 4, "{sample}: only {:?}", read.keys());
        for (name, texts) in &read {
            let foreign =
                texts.iter().filter(|text| text.chars().any(|c| ('\u{ff21}'..='\u{ff5a}').contains(&c)));
            assert!(foreign.count() > 3, "{sample}: {name} is not translated");
            let english: Vec<_> =
                texts.iter().filter(|text| is_sentence(text) && !ledgers.contains(*text)).collect();
            assert!(english.is_empty(), "{sample}: {name}: {english:#?}");
        }
    }
}

#[test]
fn commands_are_translated_and_a_registry_is_read_in_any_language() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("other.ftl"), translated()).unwrap();
    copy(&root().join("samples/tour/ledgers"), &here.join("ledgers"));
    fs::create_dir_all(here.join("office/scripts")).unwrap();
    let row = "kind,from,to,when,source,note\nmap,Ь,X,,office,overrides review\n";
    fs::write(here.join("office/scripts/cyrl-rus-icao9303.csv"), row).unwrap();
    let said = |command: &str, texts: &str| {
        let mut run = Command::new(env!("CARGO_BIN_EXE_matricule"));
        run.args(command.split(' ')).env("MATRICULE_MESSAGES", texts).current_dir(here);
        let output = run.output().unwrap();
        [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat()
    };
    said("convert ledgers", "other.ftl");
    for command in [
        "rerun --mappings office",
        "review show 10-customs-fr/10-customs-fr.tsv!2 10-customs-fr/10-customs-fr.tsv!3",
        "review list --limit 1",
        "entries show 999",
        "entries amend 1 --set model=AKM --reason seen --operator rk",
        "runs undo 2 --operator rk",
        "runs show 99",
        "erase --entry 1 --reason request --operator rk",
    ] {
        let text = said(command, "other.ftl");
        let foreign = text.chars().any(|c| ('\u{ff21}'..='\u{ff5a}').contains(&c));
        let cells = text.lines().flat_map(|line| line.split("  "));
        let english: Vec<&str> = cells.filter(|cell| is_sentence(cell)).collect();
        assert!(foreign && english.is_empty(), "{command}: {english:#?}\n{text}");
    }
    let audit = said("audit", "other.ftl");
    assert!(!audit.contains("FOUND"), "{audit}");
    let english = fs::read_to_string(root().join("crates/record/src/messages/en.ftl")).unwrap();
    fs::write(here.join("en.ftl"), english).unwrap();
    let audit = said("audit", "en.ftl");
    assert!(audit.contains("told in other words than here"), "{audit}");
}
