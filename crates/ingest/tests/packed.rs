//! Texts in archives, from bytes to events.

#[cfg(test)]
mod support;

use std::io::Write;

use support::{Sample, told, zip};

/// What becomes of the first file among the bytes of a packed one.
fn check_packed(name: &str, bytes: &[u8], expect: &[&str]) {
    let found = told(name, bytes, "");
    assert_eq!(found, expect);
}

#[test]
fn packed_texts_are_read() {
    let text = "Serial No.;Make\nАВ 1;Tula\n";
    let expect = [
        "file csv UTF-8 en",
        "sheet (serial make)",
        "1 header",
        r#"2 ["АВ 1","Tula"]"#,
        "read 2, blank 0",
        "end",
    ];
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(b"\xef\xbb\xbf").unwrap();
    gzip.write_all(text.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    check_packed("ledger.csv.gz", &gzip, &expect);
    check_packed("ledger", &gzip, &expect);
    // Zeros up to the end of a tape's block; anything else behind the last member is damage.
    check_packed("ledger.csv.gz", &[&gzip[..], &[0; 700]].concat(), &expect);
    let found = told("ledger.csv.gz", &[&gzip[..], &[0, 0, 7]].concat(), "");
    assert!(found.iter().any(|event| event.starts_with("failed I101")), "{found:?}");
    check_packed(
        "ledger.csv.gz",
        &gzip[..gzip.len() - 9],
        &["failed I101 the file cannot be read: incomplete deflate stream."],
    );
    let zip = zip(&[("photo.jpg", b"\xff\xd8"), ("__MACOSX/b.csv", b"x"), ("books/b.csv", text.as_bytes())]);
    check_packed("ledgers.zip", &zip, &expect);
    let sample = Sample::new(
        "ledgers.zip",
        &support::zip(&[("b.tsv", b"x\ty"), ("a.csv", b"x"), ("c.txt", b"PK\x03\x04")]),
    );
    let found = sample.discover();
    let paths: Vec<_> = found.files.iter().map(|file| (&*file.relative, file.format.name())).collect();
    assert_eq!(paths, [("ledgers.zip/a.csv", "csv"), ("ledgers.zip/b.tsv", "tsv")]);
    assert_eq!(found.refused.len(), 1);
    // A workbook in an archive is told, whatever its bytes look like, and texts beside it are read.
    let book = support::xlsx(&[("S", false, "")]);
    let sample = Sample::new("books.zip", &support::stored(&[("a.csv", text.as_bytes()), ("b.xlsx", &book)]));
    let found = sample.discover();
    assert_eq!((found.files.len(), found.refused.len()), (1, 1));
    assert!(found.refused[0].1.message.contains("unpack it"), "{:?}", found.refused);
    let mut damaged = zip.clone();
    // Within the deflated text of the last entry.
    let directory = damaged.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    damaged[directory - 20] ^= 4;
    assert!(told("ledgers.zip", &damaged, "")[0].starts_with("failed I101"), "a changed bit");
    check_packed(
        "photos.zip",
        &support::zip(&[("photo.jpg", b"\xff\xd8")]),
        &["failed I103 the file is a zip archive without a workbook or a CSV in it."],
    );
}

#[test]
fn a_packed_text_that_becomes_too_much_is_refused() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..300 {
        gzip.write_all(&blanks).unwrap();
    }
    let found = told("ledger.csv.gz", &gzip.finish().unwrap(), "");
    assert!(found[0].starts_with("failed I107"), "{found:?}");
}

#[test]
fn members_of_a_zip_were_passed_over_without_a_word() {
    let text = b"Serial No.,Make\nA 1,Tula\n";
    let members: [(&str, &[u8]); 7] = [
        ("./a.csv", text),
        ("~Book 2.csv", text),
        ("~$b.csv", b"x"),
        ("../c.csv", text),
        ("d.csv.gz", b"x"),
        ("e.zip", b"x"),
        ("bad.csv", b"Serial No.,Make\nA 2,Colt\n"),
    ];
    let mut bytes = support::stored(&members);
    let at = bytes.windows(8).position(|window| window == b"A 2,Colt").unwrap();
    bytes[at] = b'B';
    let found = Sample::new("ledgers.zip", &bytes).discover();
    let paths: Vec<_> = found.files.iter().map(|file| &*file.relative).collect();
    assert_eq!(paths, ["ledgers.zip/a.csv", "ledgers.zip/~Book 2.csv"]);
    let refused: Vec<_> =
        found.refused.iter().map(|(facts, finding)| (&*facts.path, finding.code.name())).collect();
    let expect = [("../c.csv", "I103"), ("bad.csv", "I101"), ("d.csv.gz", "I103"), ("e.zip", "I103")];
    let expect = expect.map(|(name, code)| (format!("ledgers.zip/{name}"), code));
    assert_eq!(refused, expect.each_ref().map(|(path, code)| (path.as_str(), *code)));
    let mut twice = support::stored(&[("x/a.csv", text), ("x/b.csv", text), ("x\\a.csv", text)]);
    assert!(told("ledgers.zip", &twice, "")[0].contains("two files of one name"), "two ways to write a path");
    twice = support::stored(&[("a.csv", text), ("b.csv", text)]);
    while let Some(at) = twice.windows(5).position(|window| window == b"b.csv") {
        twice[at] = b'a';
    }
    assert!(told("ledgers.zip", &twice, "")[0].contains("two files of one name"), "one name");
}
