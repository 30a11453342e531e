//! A CSV of corrections as text: what spreadsheet programs save under that name.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use matricule_text::delimiter_of;

/// The text of a file: UTF-8, or what its byte-order mark says. `None` where any byte of it is no text in that
/// encoding: a file in another one would be half right, and half of its letters others.
pub(super) fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..])
}

/// The records of a text, by the delimiter that its first line has most of.
pub(super) fn records(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter_of(text.as_bytes()))
        .from_reader(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expect: Option<&str>) {
        assert_eq!(decoded(bytes).as_deref(), expect);
    }

    #[test]
    fn a_mark_tells_the_encoding_and_nothing_is_replaced() {
        check("Ж;1".as_bytes(), Some("Ж;1"));
        check("\u{feff}Ж;1".as_bytes(), Some("Ж;1"));
        check(b"\xff\xfe\x16\x04;\0", Some("Ж;"));
        check(b"\xfe\xff\x04\x16\0;", Some("Ж;"));
        check(b"\xc6;1", None);
        check(b"\xff\xfe\x16\x04;", None);
        check(b"\xff\xfe\0\xd8;\0", None);
    }

    #[test]
    fn the_first_line_tells_the_delimiter() {
        for (text, cells) in [("a,b;c,d\n", 3), ("a;b\n1,2;3\n", 2), ("a\tb\n", 2), ("a\rb\r", 1)] {
            assert_eq!(records(text).records().next().unwrap().unwrap().len(), cells, "{text:?}");
        }
    }
}
