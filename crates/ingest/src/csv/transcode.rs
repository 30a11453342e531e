//! Text whose line ends are not the bytes they are in ASCII (UTF-16, ISO-2022-JP), as UTF-8.
//!
//! A sequence that the encoding does not have becomes the byte FF, which no UTF-8 has: the row it
//! stands in is then refused as any other with undecodable bytes, and no replacement character
//! ever enters the data.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};

const MALFORMED: u8 = 0xff;

/// A reader of UTF-8 over a reader of another encoding.
pub(crate) struct Transcoder<R> {
    input: R,
    decoder: Decoder,
    raw: Buffer,
    text: Buffer,
    ended: bool,
    finished: bool,
}

/// Bytes of which some are taken already.
struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

const BUFFER_BYTES: usize = 1 << 16;

impl Buffer {
    fn new() -> Self {
        Self { bytes: vec![0; BUFFER_BYTES], start: 0, end: 0 }
    }

    fn left(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }
}

impl<R: Read> Transcoder<R> {
    pub fn new(input: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { input, decoder, raw: Buffer::new(), text: Buffer::new(), ended: false, finished: false }
    }

    /// Decodes some bytes; one byte of room is kept for the mark of a malformed sequence.
    fn decode(&mut self) -> io::Result<()> {
        if self.raw.left().is_empty() && !self.ended {
            self.raw.start = 0;
            self.raw.end = self.input.read(&mut self.raw.bytes)?;
            self.ended = self.raw.end == 0;
        }
        let room = &mut self.text.bytes[..BUFFER_BYTES - 1];
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(self.raw.left(), room, self.ended);
        self.raw.start += read;
        (self.text.start, self.text.end) = (0, written);
        if matches!(result, DecoderResult::Malformed(..)) {
            self.text.bytes[written] = MALFORMED;
            self.text.end += 1;
        }
        self.finished = self.ended && matches!(result, DecoderResult::InputEmpty);
        Ok(())
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        while self.text.left().is_empty() && !self.finished {
            self.decode()?;
        }
        let length = self.text.left().len().min(output.len());
        output[..length].copy_from_slice(&self.text.left()[..length]);
        self.text.start += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{ISO_2022_JP, UTF_16LE};

    use super::*;

    fn check(bytes: &[u8], encoding: &'static Encoding, expect: &[u8]) {
        let mut found = Vec::new();
        Transcoder::new(bytes, encoding).read_to_end(&mut found).unwrap();
        assert_eq!(found, expect);
    }

    #[test]
    fn text_becomes_utf8_and_faults_become_ff() {
        check(b"A\0\x16\x04\n\0", UTF_16LE, "AЖ\n".as_bytes());
        check(b"A\0\x00\xd8B\0", UTF_16LE, b"A\xffB");
        check(b"A\0B", UTF_16LE, b"A\xff");
        check(b"\x1b$B=F\x1b(B1\n", ISO_2022_JP, "銃1\n".as_bytes());
    }
}
