//! What divides the columns of a CSV that people saved.

/// What divides the columns of a CSV by its first line: comma, semicolon or tab, whichever is there most often.
pub fn delimiter_of(csv: &[u8]) -> u8 {
    let header = csv.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|&byte| {
        // Of equally many the comma is meant.
        (header.split(|&found| found == byte).count(), byte == b',')
    });
    delimiter.unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_tells_the_delimiter() {
        for (csv, expect) in [
            ("a,b;c,d\n", b','),
            ("a;b\n1,2,3;4\n", b';'),
            ("a\tb\r\n1;2;3\r\n", b'\t'),
            ("a;b,c\n", b','),
            ("a\n1;2\n", b','),
            ("", b','),
        ] {
            assert_eq!(delimiter_of(csv.as_bytes()), expect, "{csv:?}");
        }
    }
}
