//! `matricule find`: what finds what, and how the ways are told.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::fs;

use support::{case, check, matricule};

#[test]
fn a_serial_is_found_by_what_a_request_may_say() {
    let folder = case("tour");
    check(folder.path(), "convert ledgers", 1);
    check(folder.path(), "find --index", 0);
    for (arguments, expect) in [
        (vec!["НХ 0715"], "canonical"),
        (vec!["нх0715"], "canonical"),
        (vec!["NKH0715"], "converted"),
        (vec!["HX0715"], "other_reading"),
        (vec!["NKHO7I5"], "look_alike"),
        (vec!["NKH07*"], "pattern"),
        (vec!["Н?0715"], "pattern"),
        (vec!["T11023"], "illegible"),
        (vec!["T1102*"], "canonical"),
        (vec!["Х0715", "--substring"], "substring"),
        (vec!["KH0715", "--substring"], "substring"),
        (vec!["NKH0716"], "nothing"),
        (vec!["KH0715"], "nothing"),
    ] {
        let output = matricule(folder.path(), [&["find", "--json"], arguments.as_slice()].concat());
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let by = found["entries"][0]["found_by"].as_str().unwrap_or("nothing");
        assert_eq!(by, expect, "{arguments:?}: {found:#}");
        assert_eq!(output.status.code(), Some(i32::from(expect == "nothing")), "{arguments:?}");
    }
}

#[test]
fn parts_of_serials_need_their_index_and_three_characters() {
    let folder = case("tour");
    check(folder.path(), "convert ledgers", 1);
    for (arguments, part) in [
        (["find", "0715", "--substring"], "matricule find --index --registry registry.db"),
        (["find", "07", "--substring"], "3 characters"),
        (["find", "--index", "--registry=no.db"], "no registry could be opened"),
    ] {
        let output = matricule(folder.path(), arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(part), "{arguments:?}: {said}");
    }
    assert!(!folder.path().join("no.db").exists());
}

#[test]
fn a_request_is_converted_by_the_tables_of_the_registry() {
    let folder = case("tour");
    let scripts = folder.path().join("office/scripts");
    fs::create_dir_all(&scripts).unwrap();
    let table = "kind,from,to,when,source,note\nmap,Х,QX,,office,overrides ICAO 9303\n";
    fs::write(scripts.join("cyrl-rus-icao9303.csv"), table).unwrap();
    check(folder.path(), "convert ledgers --mappings office", 1);
    for (asked, expect) in [("НХ0715", "canonical"), ("NQX0715", "converted")] {
        let found = check(folder.path(), &format!("find {asked} --json"), 0);
        let found: serde_json::Value = serde_json::from_str(&found).unwrap();
        assert_eq!(found["entries"][0]["found_by"].as_str(), Some(expect), "{asked}: {found:#}");
    }
}

#[test]
fn what_is_no_longer_present_is_found_behind_and_says_what_took_it_out() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let put = |rows: &str| {
        let ledger = format!(
            "Serial No.,Make,Type,Country of manufacture\nAB12,FN,rifle,BE\n{rows}AB78,FN,rifle,BE\n"
        );
        fs::write(folder.join("book.csv"), ledger).unwrap();
    };
    put("AB56,FN,rifle,BE\n");
    check(folder, "convert book.csv", 0);
    put("");
    check(folder, "convert book.csv", 0);
    // The number is what `entries` takes.
    let said = check(folder, "find AB78", 0);
    let (header, line) = said.split_once('\n').unwrap();
    assert!(header.starts_with("entry  weapon") && line.starts_with("3      3"), "{said}");
    assert!(check(folder, "entries show 3", 0).contains("AB78"));
    let said = check(folder, "find AB56", 1);
    assert!(
        said.contains("entry 2, AB56, book.csv!3") && said.contains("by run 2 (its row is gone"),
        "{said}"
    );
    let found: serde_json::Value = serde_json::from_str(&check(folder, "find AB5* --json", 1)).unwrap();
    assert_eq!(found["entries"], serde_json::json!([]));
    assert_eq!(
        (&found["withdrawn"][0]["entry_id"], &found["withdrawn"][0]["withdrawn_by"]),
        (&2.into(), &2.into())
    );
    check(folder, "runs undo 2", 0);
    let said = check(folder, "find AB56", 0);
    assert!(!said.contains("No longer present"), "{said}");
    check(folder, "runs undo 1", 0);
    let said = check(folder, "find AB12", 1);
    assert!(said.contains("by run 4 (undo of run 1)"), "{said}");
}
