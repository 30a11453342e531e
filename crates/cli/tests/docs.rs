//! The documents: generated pages are fresh, and the commands of README.md do what it says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use support::{check, copy, root};

#[test]
fn generated_pages_are_fresh() {
    let folder = tempfile::tempdir().unwrap();
    check(folder.path(), "docs pages", 0);
    for entry in std::fs::read_dir(folder.path().join("pages")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let fresh = std::fs::read_to_string(folder.path().join("pages").join(&name)).unwrap();
        let stored = std::fs::read_to_string(root().join("docs").join(&name)).unwrap_or_default();
        assert!(fresh == stored, "docs/{name} is stale; run `cargo run -- docs docs`");
    }
}

/// The lines of the `console` blocks of a page: commands after `$ `, each with the output under it.
fn transcripts(page: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for block in page.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        for line in block.lines() {
            match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => found.push((command.to_owned(), String::new())),
                (None, Some((_, output))) => output.push_str(&format!("{line}\n")),
                (None, None) => panic!("output without a command: {line}"),
            }
        }
    }
    found
}

/// Whether the output has the lines shown, in order; `…` stands for any lines.
fn has_lines(output: &str, shown: &str) -> bool {
    let mut lines = output.lines().map(str::trim_end);
    shown
        .lines()
        .map(str::trim_end)
        .filter(|line| *line != "…" && !line.is_empty())
        .all(|line| lines.any(|found| found == line))
}

#[test]
fn the_commands_of_the_readme_do_what_it_says() {
    check_page("README.md", "samples", 3);
}

#[test]
fn the_commands_of_the_design_of_linkage_do_what_it_says() {
    check_page("docs/design-deduplication.md", "benches/linkage", 1);
}

/// Runs the commands of a page beside a copy of a folder; there are so many of them at least.
fn check_page(page: &str, needed: &str, least: usize) {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join(needed), &folder.path().join(needed));
    let text = std::fs::read_to_string(root().join(page)).unwrap();
    let transcripts = transcripts(&text);
    assert!(transcripts.len() >= least, "{page} shows too little");
    for (command, shown) in transcripts {
        let Some(arguments) =
            command.strip_prefix("cargo run --release -- ").or_else(|| command.strip_prefix("matricule "))
        else {
            assert!(
                command.starts_with("cargo test --workspace"),
                "{page} has a command that no test runs: {command}"
            );
            continue;
        };
        let words = words(arguments);
        let output = support::matricule(folder.path(), words.iter().map(String::as_str));
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.code().is_some_and(|code| code < 2),
            "{command}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(has_lines(&text, &shown), "{command} prints\n{text}\n{page} shows\n{shown}");
    }
}

/// The odds of the worked examples are the sum of their parts, which are rounded to tenths.
#[test]
fn worked_examples_add_up() {
    let page = std::fs::read_to_string(root().join("docs/design-deduplication.md")).unwrap();
    let (mut sum, mut parts, mut examples) = (0.0, 0, 0);
    for line in page.lines() {
        let Some((bits, words)) = line.trim_start().split_once("  ") else { continue };
        let Ok(bits) = bits.parse::<f64>() else { continue };
        if words.starts_with("in all: ") {
            assert!(parts > 5 && f64::abs(sum - bits) <= 0.05 * f64::from(parts + 1), "{sum} is not {bits}");
            (sum, parts, examples) = (0.0, 0, examples + 1);
        } else {
            (sum, parts) = (sum + bits, parts + 1);
        }
    }
    assert!(examples >= 3, "{examples} examples");
}

/// Which vehicles of the example are one is known; what becomes of a pair is what a person expects of it.
#[test]
fn the_register_of_vehicles_is_linked() {
    let folder = tempfile::tempdir().unwrap();
    let example = root().join("benches/linkage/vehicles");
    let (file, config) = (example.join("vehicles.csv"), example.join("linkage.toml"));
    let arguments = format!("dedupe {} --config {} --out found", file.display(), config.display());
    check(folder.path(), &arguments, 0);
    let read = |path: &std::path::Path| -> Vec<Vec<String>> {
        let lines = csv::Reader::from_path(path).unwrap().into_deserialize();
        lines.map(Result::unwrap).collect()
    };
    let truth = read(&example.join("truth.csv"));
    let mut expected: Vec<String> =
        truth.iter().filter(|row| row[0] != row[1]).map(|row| format!("{} {}", row[1], row[0])).collect();
    let pairs = read(&folder.path().join("found/pairs.csv"));
    let mut found: Vec<String> = pairs.iter().map(|row| format!("{} {}", row[0], row[1])).collect();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    let class =
        |a: &str, b: &str| pairs.iter().find(|row| row[0] == a && row[1] == b).map(|row| row[3].clone());
    for (a, b, expect) in [
        ("V003", "V081", "match"),
        ("V010", "V083", "transfer"),
        ("V049", "V089", "conflict"),
        ("V022", "V085", "review"),
        // One of eight vans with numbers in a row: the copy may be another's.
        ("V076", "V090", "review"),
    ] {
        assert_eq!(class(a, b).as_deref(), Some(expect), "{a} {b}");
    }
}

/// The words of a command line, with single quotes.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    parts
        .flat_map(|(at, part)| {
            if at % 2 == 1 {
                vec![part.to_owned()]
            } else {
                part.split_whitespace().map(str::to_owned).collect()
            }
        })
        .collect()
}

#[test]
fn dedupe_writes_pairs_and_clusters_and_explains() {
    let folder = tempfile::tempdir().unwrap();
    let person = |id: &str, n: usize, name: &str| {
        format!(
            "{id},{name},family{n},{n},{} road,,town{},{},nsw,19{:02}0{}1{},{}\n",
            n * 7,
            n % 9,
            2000 + n,
            n % 90,
            n % 9 + 1,
            n % 9,
            5_000_000 + n * 37
        )
    };
    let header = "rec_id,given_name,surname,street_number,address_1,address_2,suburb,postcode,state,date_of_birth,soc_sec_id\n";
    let mut file = header.to_owned();
    (0..300).for_each(|n| file.push_str(&person(&format!("a{n:03}"), n, &format!("name{n}"))));
    (0..200).for_each(|n| file.push_str(&person(&format!("b{n:03}"), n, &format!("nmae{n}"))));
    std::fs::write(folder.path().join("people.csv"), file).unwrap();
    let config = root().join("benches/linkage/febrl3.toml");
    let arguments =
        format!("dedupe people.csv --config {} --out found --explain a007 b007", config.display());
    let shown = check(folder.path(), &arguments, 0);
    assert!(shown.contains("a007 and b007, against coincidence"), "{shown}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join("found").join(name)).unwrap();
    let (pairs, clusters) = (read("pairs.csv"), read("clusters.csv"));
    assert!(pairs.starts_with("rec_a,rec_b,score,class\n") && pairs.contains("a007,b007,"), "{pairs}");
    assert!(clusters.contains("b007,a007\n"), "{clusters}");
    check(
        folder.path(),
        &format!("dedupe people.csv people.csv --config {} --out twice", config.display()),
        2,
    );
}
