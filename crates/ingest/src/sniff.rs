//! Which format a file has, by its content: names lie, and a `.xls` is often a web page.

use std::cmp::Reverse;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use matricule_record::{Code, Finding, message};
use memchr::memmem;

use crate::format::{Container, Format};

/// What files begin with that are no tables.
fn marks() -> [(&'static [u8], &'static str); 17] {
    [
        (b"<html", message!("i103-web-page")),
        (b"<!doctype", message!("i103-web-page")),
        (b"<table", message!("i103-web-page")),
        (b"mime-version:", message!("i103-web-archive")),
        (b"from: <saved by", message!("i103-web-archive")),
        (b"<?xml", message!("i103-xml")),
        (b"<workbook", message!("i103-xml")),
        (b"%pdf", message!("i103-pdf")),
        (b"{\\rtf", message!("i103-document")),
        (b"\x89png", message!("i103-picture")),
        (b"\xff\xd8\xff", message!("i103-picture")),
        (b"gif8", message!("i103-picture")),
        (b"ii*\0", message!("i103-picture")),
        (b"mm\0*", message!("i103-picture")),
        (b"rar!", message!("i103-archive")),
        (b"7z\xbc\xaf", message!("i103-archive")),
        (b"sqlite format 3", message!("i103-database")),
    ]
}

/// What an XML file names that is a spreadsheet of Excel 2002 and later.
const XML_SPREADSHEET: &[u8] = b"urn:schemas-microsoft-com:office:spreadsheet";

/// Bytes looked at on either end of a file.
const WINDOW: u64 = 64 * 1024;

/// The format of a file, or why it has none that can be read.
pub(crate) fn sniff(path: &Path, file: &mut File) -> io::Result<Result<Format, Finding>> {
    let claimed = Format::from_extension(path);
    let head = window(file, SeekFrom::Start(0))?;
    let found = match head.as_slice() {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => zip_format(&head, &tail(file)?, claimed),
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => ole_format(&directory(file, &head)?, claimed),
        [0x09, 0x00 | 0x02 | 0x04 | 0x08, 4..=16, 0, ..] => Err(too_old()),
        _ => text_format(&head, claimed),
    };
    Ok(found.map_err(|finding| if claimed.is_some() { misnamed(path, finding) } else { finding }))
}

/// What a file is, where its name says something else.
fn misnamed(path: &Path, mut finding: Finding) -> Finding {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let prefix = message!("i103-format", what = "");
    if let Some(what) = finding.message.strip_prefix(prefix.as_str()).map(str::to_owned) {
        finding.message = message!("i103-misnamed", extension = extension, what = what);
    }
    finding
}

/// The format of a packed text, by the name that it has there.
pub(crate) fn sniff_packed(name: &str, input: impl Read) -> io::Result<Result<Format, Finding>> {
    let name = Path::new(name.trim_end_matches(".gz"));
    let mut head = Vec::new();
    input.take(WINDOW).read_to_end(&mut head)?;
    Ok(match head.as_slice() {
        [b'P', b'K', 3 | 5, 4 | 6, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] | [0x1f, 0x8b, ..] => {
            Err(unknown(message!("i103-nested")))
        }
        _ => text_format(&head, Format::from_extension(name)),
    })
}

fn window(file: &mut File, from: SeekFrom) -> io::Result<Vec<u8>> {
    file.seek(from)?;
    let mut bytes = Vec::new();
    file.by_ref().take(WINDOW).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The end of a file, where a zip keeps the names of its entries.
fn tail(file: &mut File) -> io::Result<Vec<u8>> {
    let bytes = file.metadata()?.len();
    window(file, SeekFrom::Start(bytes.saturating_sub(WINDOW)))
}

fn zip_format(head: &[u8], tail: &[u8], claimed: Option<Format>) -> Result<Format, Finding> {
    let is_in = |name: &str| [head, tail].iter().any(|bytes| memmem::find(bytes, name.as_bytes()).is_some());
    let names = names_in(tail);
    // Bytes tell where the directory is damaged; but a packed workbook brings names of its own.
    let has = |sign: &str| match &names {
        Some(names) if sign.starts_with("application/") => names.contains(&&b"mimetype"[..]) && is_in(sign),
        Some(names) => names.iter().any(|name| name.starts_with(sign.as_bytes())),
        None => is_in(sign),
    };
    let mut formats: Vec<Format> =
        Format::ALL.iter().copied().filter(|format| format.sign().0 == Container::Zip).collect();
    // The longest sign says most: every Excel workbook has `xl/`.
    formats.sort_by_key(|format| Reverse(format.sign().1.len()));
    let signed =
        formats.iter().find(|format| has(format.sign().1) || has(&format.sign().1.replace('/', "\\")));
    for (sign, what) in [
        ("word/document", "is a word-processor document"),
        ("application/vnd.oasis.opendocument.text", "is a word-processor document"),
        ("ppt/presentation", "is a presentation"),
        ("Index/Document.iwa", "is a document of iWork"),
    ] {
        if signed.is_none() && has(sign) {
            return Err(unknown(what));
        }
    }
    let claimed = claimed.filter(|format| format.sign().0 == Container::Zip);
    signed.copied().or(claimed).ok_or_else(|| unknown(message!("i103-empty-archive")))
}

/// The names of a zip's entries, by the directory at its end; `None` where it is not whole or not there.
fn names_in(tail: &[u8]) -> Option<Vec<&[u8]>> {
    let number = |at: usize, bytes: usize| {
        let bytes = tail.get(at..at + bytes)?;
        Some(bytes.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte)))
    };
    let end = memmem::rfind(tail, b"PK\x05\x06")?;
    let mut at = end.checked_sub(number(end + 12, 4)?)?;
    let mut names = Vec::new();
    while at < end {
        tail.get(at..)?.strip_prefix(b"PK\x01\x02")?;
        let [name, extra, comment] = [number(at + 28, 2)?, number(at + 30, 2)?, number(at + 32, 2)?];
        names.push(tail.get(at + 46..at + 46 + name)?);
        at += 46 + name + extra + comment;
    }
    Some(names)
}

/// The directory of an OLE2 file, where the names of its streams stand.
fn directory(file: &mut File, head: &[u8]) -> io::Result<Vec<u8>> {
    let number = |at: usize| head.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let shift = if head.get(30) == Some(&12) { 12 } else { 9 };
    window(file, SeekFrom::Start((u64::from(number(48)) + 1) << shift))
}

fn ole_format(directory: &[u8], claimed: Option<Format>) -> Result<Format, Finding> {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(directory, &wide).is_some()
    };
    if has("EncryptedPackage") {
        Err(password())
    } else if has("Workbook") || has("Book") || has("BOOK") || has("WORKBOOK") {
        Ok(Format::Xls)
    } else {
        match claimed {
            Some(Format::Xls) if directory.is_empty() => Ok(Format::Xls),
            _ => Err(unknown(message!("i103-office"))),
        }
    }
}

fn text_format(head: &[u8], claimed: Option<Format>) -> Result<Format, Finding> {
    let start: Vec<u8> = head.iter().take(512).map(u8::to_ascii_lowercase).collect();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start).trim_ascii_start();
    if let Some((_, what)) = marks().into_iter().find(|(mark, _)| start.starts_with(mark)) {
        let is_spreadsheet = memmem::find(start, XML_SPREADSHEET).is_some();
        return Err(unknown(if is_spreadsheet { message!("i103-xml-spreadsheet") } else { what }));
    }
    if is_binary(head) {
        return Err(unknown(message!("i103-binary")));
    }
    Ok(if claimed == Some(Format::Tsv) { Format::Tsv } else { Format::Csv })
}

/// Whether there are control characters that no text has. A NUL is one, unless the bytes come in
/// pairs as in UTF-16.
fn is_binary(head: &[u8]) -> bool {
    if crate::csv::looks_like_utf16(head) || head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return false;
    }
    let controls =
        head.iter().filter(|&&byte| byte < 32 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a | 0x1b));
    controls.count() * 50 > head.len()
}

/// A file in no format that can be read.
pub(crate) fn unknown(what: &str) -> Finding {
    Finding::new(Code::I103, message!("i103-format", what = what)).suggest(message!("i103-repair"))
}

fn too_old() -> Finding {
    Finding::new(Code::I103, message!("i103-too-old")).suggest(message!("i103-too-old-repair"))
}

/// A file that needs a password.
pub(crate) fn password() -> Finding {
    Finding::new(Code::I102, message!("i102-password")).suggest(message!("i102-repair"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn check(name: &str, bytes: &[u8], expect: Result<Format, Code>) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let found = sniff(Path::new(name), &mut file).unwrap().map_err(|finding| finding.code);
        assert_eq!(found, expect, "{name}");
    }

    #[test]
    fn content_decides_and_the_name_breaks_ties() {
        check("a.csv", b"serial;make\n1;2\n", Ok(Format::Csv));
        check("a.tsv", b"serial\tmake\n", Ok(Format::Tsv));
        check("a.xls", b"serial\tmake\n", Ok(Format::Csv));
        check("a.csv", b"PK\x03\x04....xl/workbook.xml", Ok(Format::Xlsx));
        check("a.xlsx", b"PK\x03\x04....xl/workbook.bin", Ok(Format::Xlsb));
        check(
            "a.zip",
            b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK",
            Ok(Format::Ods),
        );
        check("a.xlsx", b"PK\x03\x04....", Ok(Format::Xlsx));
        check("a.csv", "s\u{0}e\u{0}r\u{0},\u{0}m\u{0}\n\u{0}".as_bytes(), Ok(Format::Csv));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        check("a.zip", b"PK\x03\x04....word/document.xml", Err(Code::I103));
        check("a.xls", b"<html><table><tr><td>1</table>", Err(Code::I103));
        check("a.xls", b"\x09\x00\x04\x00\x02\x00\x10\x00", Err(Code::I103));
        check("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01", Err(Code::I103));
    }

    #[test]
    fn a_name_that_says_something_else_is_told() {
        for (name, bytes, expect) in [
            ("a.xls", &b"<!DOCTYPE html><table>"[..], "the file is named .xls but is a web page"),
            ("a.XLSX", b"%PDF-1.4", "the file is named .XLSX but is a PDF"),
            (
                "a.xls",
                b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                "the file is named .xls but is an XML spreadsheet",
            ),
            (
                "a.xlsx",
                b"PK\x03\x04 word/document.xml",
                "the file is named .xlsx but is a word-processor document",
            ),
            ("scan.csv", b"\xff\xd8\xff\xe0\0\x10JFIF", "the file is named .csv but is a picture"),
            ("page", b"<html>", "the file is a web page"),
        ] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            let found = sniff(Path::new(name), &mut file).unwrap().unwrap_err();
            assert_eq!(found.message.trim_end_matches('.'), expect, "{name}");
        }
    }

    #[test]
    fn an_encrypted_package_needs_its_password() {
        let mut bytes = vec![0; 512];
        bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.extend(name);
        check("a.xlsx", &bytes, Err(Code::I102));
    }
}
