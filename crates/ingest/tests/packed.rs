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
