//! Which encoding a CSV is in, and on what evidence.
//!
//! A declaration decides; then a byte-order mark; then the bytes. One bad byte does not make a
//! UTF-8 file something else: it refuses its row, because a guess would turn every other accent
//! of the file into a wrong letter without anybody being told.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use matricule_record::{Finding, message};

use super::confirm::Judgement;
use super::invalid;
use super::sample::Sample;
use crate::sniff::unknown;

/// The encoding of a file and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Encoded {
    /// The encoding.
    pub encoding: &'static Encoding,
    /// Bytes of the byte-order mark.
    pub mark: usize,
    /// Whether it is a guess that nothing confirms; rows with letters beyond ASCII are then refused.
    pub uncertain: bool,
    /// Another encoding that an uncertain file may be in.
    pub rival: Option<&'static Encoding>,
    /// How it was found.
    pub evidence: String,
}

/// A file is UTF-8 with faults while it has this many good letters for each bad byte.
const GOOD_FOR_BAD: usize = 4;

impl Encoded {
    /// Finds the encoding of a sample.
    pub fn detect(sample: &Sample, declared: Option<&str>) -> Result<Self, Finding> {
        if sample.head.starts_with(b"\xff\xfe\0\0") || sample.head.starts_with(b"\0\0\xfe\xff") {
            return Err(unknown(message!("i103-utf-32")));
        }
        let marked = Encoding::for_bom(&sample.head);
        if let Some(label) = declared {
            // Some labels name what must not be read, as HZ.
            let encoding = Encoding::for_label_no_replacement(label.as_bytes())
                .ok_or_else(|| invalid(message!("m506-encoding", label = format!("{:?}", label))))?;
            let mark = marked.filter(|(found, _)| *found == encoding).map_or(0, |(_, length)| length);
            return Ok(Self {
                encoding,
                mark,
                uncertain: false,
                rival: None,
                evidence: "declared in the profile".into(),
            });
        }
        Ok(match marked {
            Some((encoding, mark)) => {
                Self { encoding, mark, uncertain: false, rival: None, evidence: "byte-order mark".into() }
            }
            None => Self::by_bytes(sample),
        })
    }

    fn by_bytes(sample: &Sample) -> Self {
        let found =
            |encoding, evidence: String| Self { encoding, mark: 0, uncertain: false, rival: None, evidence };
        if let Some(encoding) = utf16(&sample.head) {
            return found(encoding, "every second byte is NUL".into());
        }
        let bytes = sample.telling();
        let (good, bad) = count_utf8(bytes);
        let escapes = memchr::memchr(0x1b, bytes).is_some();
        if bad * GOOD_FOR_BAD <= good && !(good == 0 && escapes) {
            let evidence = match (good, bad) {
                (0, _) => "ASCII only".to_owned(),
                (_, 0) => format!("{good} letters beyond ASCII, all valid UTF-8"),
                _ => format!("{good} letters beyond ASCII are valid UTF-8, {bad} places are not"),
            };
            return found(UTF_8, evidence);
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
        detector.feed(bytes, true);
        let encoding = detector.guess(None, Utf8Detection::Deny);
        let letters = bytes.iter().filter(|byte| !byte.is_ascii()).count();
        let evidence = format!("guessed from {letters} bytes beyond ASCII");
        Self { encoding, mark: 0, uncertain: true, rival: None, evidence }
    }

    /// Notes what is to be thought of a guess, and takes the better one.
    pub fn judge(&mut self, judgement: Judgement) {
        let why = match judgement {
            Judgement::Confirmed(why) => {
                self.uncertain = false;
                why
            }
            Judgement::Better(encoding, why) => {
                self.uncertain = false;
                self.encoding = encoding;
                why
            }
            Judgement::Doubtful(other) => {
                self.rival = other;
                let or = other.map(|other| format!(", {} is as likely", other.name())).unwrap_or_default();
                format!("no word confirms it{or}: declare `encoding`")
            }
        };
        self.evidence.push_str("; ");
        self.evidence.push_str(&why);
    }

    /// Whether line ends, delimiters and quotes are the bytes that they are in ASCII, so that
    /// records may be split before they are decoded. Second bytes of Shift JIS, Big5 and GBK are
    /// letters of ASCII or `|`, never a line end or quote; fields are split after decoding.
    pub fn is_split_as_bytes(&self) -> bool {
        self.encoding.is_ascii_compatible()
    }
}

/// Letters beyond ASCII that are valid UTF-8, and places that are not.
fn count_utf8(bytes: &[u8]) -> (usize, usize) {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    (good, bad)
}

/// Whether bytes come in pairs with a NUL, as digits and delimiters do in UTF-16.
pub(crate) fn looks_like_utf16(bytes: &[u8]) -> bool {
    utf16(bytes).is_some()
}

fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let bytes = &bytes[..bytes.len().min(4096)];
    let nuls = |parity: usize| bytes.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (first, second) = (nuls(0), nuls(1));
    if (first + second) * 10 < bytes.len() / 2 || first + second == 0 {
        return None;
    }
    match (first * 20 < second, second * 20 < first) {
        (true, _) => Some(UTF_16LE),
        (_, true) => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], declared: Option<&str>, expect: &str) {
        let sample = Sample { head: bytes.to_vec(), letters: Vec::new(), whole: true };
        let found = Encoded::detect(&sample, declared).map(|encoded| encoded.encoding.name());
        assert_eq!(
            found.map_err(|finding| finding.code.name()).unwrap_or_else(|code| code),
            expect,
            "{bytes:?}"
        );
    }

    #[test]
    fn encodings_are_found_by_their_bytes() {
        check(b"serial;make\n1;2\n", None, "UTF-8");
        check("серия;завод\n".as_bytes(), None, "UTF-8");
        check(b"\xef\xbb\xbfserial\n", None, "UTF-8");
        check(b"\xff\xfes\0e\0", None, "UTF-16LE");
        check(b"s\0e\0r\0;\0m\0\n\x001\0;\x002\0\n\0", None, "UTF-16LE");
        check(b"\0s\0e\0r\0;\0m\0\n\x001\0;\x002\0\n", None, "UTF-16BE");
        let cyrillic = b"\xd1\xe5\xf0\xe8\xff;\xc7\xe0\xe2\xee\xe4\n\xc0\xc2 1234;\xd2\xf3\xeb\xe0\n";
        check(cyrillic, None, "windows-1251");
        check(b"\xff\xfe\0\0s\0\0\0", None, "I103");
    }

    #[test]
    fn a_declaration_decides() {
        check(b"\xd1\xe5\xf0\xe8\xff\n", Some("koi8-r"), "KOI8-R");
        check(b"serial\n", Some("koi9"), "M506");
        check(b"serial\n", Some("hz-gb-2312"), "M506");
    }

    #[test]
    fn one_bad_byte_does_not_change_the_encoding() {
        let mut bytes = "завод;серия\nТула;АВ 12\nИжевск;".as_bytes().to_vec();
        bytes.extend(b"\xff13\n");
        check(&bytes, None, "UTF-8");
    }
}
