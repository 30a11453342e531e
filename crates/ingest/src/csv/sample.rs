//! The bytes by which a CSV is judged: its beginning, and where that is plain ASCII, the place
//! where other letters begin. A ledger's first accent may stand in its last page.

use std::io::{self, Read};

use super::encoding::{Encoded, looks_like_utf16};

const SAMPLE_BYTES: usize = 1 << 20;

/// Parts of a CSV.
pub(crate) struct Sample {
    /// The beginning of the file.
    pub head: Vec<u8>,
    /// The part that tells the encoding; empty where the beginning does.
    pub letters: Vec<u8>,
    /// Whether the head is the whole file.
    pub whole: bool,
}

impl Sample {
    /// Reads what is needed of a file.
    pub fn take(mut file: impl Read) -> io::Result<Self> {
        let mut head = Vec::new();
        file.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut head)?;
        let whole = head.len() < SAMPLE_BYTES;
        let plain = head.is_ascii() && !looks_like_utf16(&head);
        let letters = if whole || !plain { Vec::new() } else { first_letters(&mut file)? };
        Ok(Self { head, letters, whole })
    }

    /// The part that tells the encoding, cut at a line end so that no character is cut.
    pub fn telling(&self) -> &[u8] {
        if !self.letters.is_empty() {
            return &self.letters;
        }
        match memchr::memrchr(b'\n', &self.head) {
            Some(end) if !self.whole => &self.head[..=end],
            _ => &self.head,
        }
    }

    /// The beginning as text, whole lines only.
    pub fn text(&self, encoded: &Encoded) -> String {
        let (text, _) =
            encoded.encoding.decode_without_bom_handling(&self.head[encoded.mark.min(self.head.len())..]);
        match text.rfind(['\n', '\r']) {
            Some(end) if !self.whole => text[..=end].to_owned(),
            _ => text.into_owned(),
        }
    }
}

/// Whole lines from the first part of a file that has bytes beyond ASCII; empty where none has.
fn first_letters(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut part = vec![0; SAMPLE_BYTES];
    loop {
        let mut filled = 0;
        while filled < part.len() {
            match file.read(&mut part[filled..])? {
                0 => break,
                read => filled += read,
            }
        }
        let found = &part[..filled];
        if !found.is_ascii() {
            let start = memchr::memchr(b'\n', found).map_or(0, |at| at + 1);
            let end = memchr::memrchr(b'\n', found).map_or(filled, |at| at + 1);
            let lines = &found[start.min(end)..end];
            return Ok(if lines.is_ascii() { found.to_vec() } else { lines.to_vec() });
        }
        if filled < part.len() {
            return Ok(Vec::new());
        }
    }
}
