//! Records of small texts, read through buffers of every size.

use proptest::prelude::*;

use super::*;

/// A reader that gives a few bytes at a time.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        let length = self.1.min(self.0.len()).min(output.len());
        output[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

fn records(text: &[u8], step: usize) -> Vec<(u32, Shape, String)> {
    let mut records = Records::new(Drip(text, step), b',', 0);
    let mut found = Vec::new();
    while let Some(record) = records.next().unwrap() {
        found.push((record.row, record.shape, String::from_utf8_lossy(record.bytes).into_owned()));
    }
    found
}

fn check(text: &str, expect: &[(Shape, &str)]) {
    let expect: Vec<_> =
        (1..).zip(expect).map(|(row, (shape, text))| (row, *shape, (*text).to_owned())).collect();
    for step in [1, 2, 3, 7, 1 << 20] {
        assert_eq!(records(text.as_bytes(), step), expect, "{text:?} in steps of {step}");
    }
}

use Shape::{BrokenQuotes, Plain, Quoted};

#[test]
fn line_ends_of_every_kind_end_a_row() {
    check("", &[]);
    check("a,b", &[(Plain, "a,b")]);
    check("a\nb\n", &[(Plain, "a"), (Plain, "b")]);
    check("a\r\nb\r\n", &[(Plain, "a"), (Plain, "b")]);
    check("a\rb\r", &[(Plain, "a"), (Plain, "b")]);
    check("a\n\n\r\nb", &[(Plain, "a"), (Plain, ""), (Plain, ""), (Plain, "b")]);
}

#[test]
fn a_quoted_line_break_is_no_row() {
    check("\"a\nb\",c\nd\n", &[(Quoted, "\"a\nb\",c"), (Plain, "d")]);
    check("x,\"a\r\nb\"\r\nd", &[(Quoted, "x,\"a\r\nb\""), (Plain, "d")]);
    check("\"say \"\"hi\"\"\",\"\"\n1\n", &[(Quoted, "\"say \"\"hi\"\"\",\"\""), (Plain, "1")]);
    check("\"a\" ,b\n", &[(Quoted, "\"a\" ,b")]);
    check("\"a,\n\"", &[(Quoted, "\"a,\n\"")]);
    check("\"\"", &[(Quoted, "\"\"")]);
}

#[test]
fn a_quote_that_the_next_record_closes_swallowed_that_record() {
    check(
        "2,A2,FN,pistol,\"\"\"\n3,A3,FN,pistol,Smith\"\n",
        &[(BrokenQuotes, "2,A2,FN,pistol,\"\"\""), (Quoted, "3,A3,FN,pistol,Smith\"")],
    );
    check("1,\"12 High St, Ely,\nCambs, UK\",x\n", &[(Quoted, "1,\"12 High St, Ely,\nCambs, UK\",x")]);
}

#[test]
fn a_quote_inside_a_cell_is_a_character() {
    check("5\" gun,x\ny\n", &[(Quoted, "5\" gun,x"), (Plain, "y")]);
}

#[test]
fn a_broken_quote_costs_its_line_only() {
    check("\"a,b\nc,d\n", &[(BrokenQuotes, "\"a,b"), (Plain, "c,d")]);
    check("\"a\"b,c\n\"d\",e\n", &[(BrokenQuotes, "\"a\"b,c"), (Quoted, "\"d\",e")]);
    check("\"He said \"hi\"\",x\nd\n", &[(BrokenQuotes, "\"He said \"hi\"\",x"), (Plain, "d")]);
    let lines = "1,2\n".repeat(100);
    let found = records(format!("\"a,b\n{lines}\"c\"\n").as_bytes(), 4096);
    assert_eq!(found.len(), 102);
    assert_eq!(found.iter().filter(|(_, shape, _)| *shape == BrokenQuotes).count(), 1);
}

#[test]
fn a_line_over_the_limit_costs_itself_only() {
    let text = format!("a\n{}\r\nb\n", "x".repeat(3 * LINE_BYTES));
    for step in [1 << 12, 1 << 20] {
        let found = records(text.as_bytes(), step);
        assert_eq!(found.len(), 3);
        assert_eq!((found[1].1, found[1].2.len()), (Shape::TooLong, SHOWN_BYTES));
        assert_eq!(found[2], (3, Plain, "b".to_owned()));
    }
}

proptest! {
    #[test]
    fn the_size_of_the_buffer_does_not_matter(text in "[a\",\r\n ]{0,60}", step in 1usize..9) {
        prop_assert_eq!(records(text.as_bytes(), step), records(text.as_bytes(), 1 << 20));
    }

    #[test]
    fn written_rows_are_read_again(rows in prop::collection::vec(prop::collection::vec("[a\",\r\n;]{0,6}", 1..5), 1..9)) {
        let quote = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let lines: Vec<String> = rows.iter().map(|row| row.iter().map(quote).collect::<Vec<_>>().join(",")).collect();
        let found: Vec<String> = records(lines.join("\r\n").as_bytes(), 5).into_iter().map(|(_, _, text)| text).collect();
        prop_assert_eq!(found, lines);
    }
}
