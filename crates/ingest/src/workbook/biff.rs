//! A look into the workbook stream of an .xls before the library reads it: which version of BIFF
//! it is, and whether it is encrypted in the way that the library overlooks.

/// What the workbook stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Excel 97 to 2003.
    Biff8,
    /// Excel 5 and 95.
    Older,
    /// It needs a password.
    Encrypted,
    /// Not found.
    Unknown,
}

/// Streams begin where a sector does; those of the mini stream every 64 bytes.
const SECTOR: usize = 64;
/// A password record stands among the first records.
const FIRST_RECORDS: usize = 8;

/// Finds the workbook stream by its first record. A file for both Excel 95 and 97 has two of them,
/// of which the library reads the later version.
pub(crate) fn look(file: &[u8]) -> Stream {
    let streams = file.chunks(SECTOR).enumerate().skip(8).filter_map(|(at, sector)| match sector {
        // BOF, its length, its version, and 5 for the globals of a workbook.
        [0x09, 0x08, 8 | 16, 0, 0x00, version @ (5 | 6), 5, 0, ..] => Some((*version, at * SECTOR)),
        _ => None,
    });
    match streams.max_by_key(|(version, _)| *version) {
        None => Stream::Unknown,
        Some((_, start)) if is_encrypted(&file[start..]) => Stream::Encrypted,
        Some((6, _)) => Stream::Biff8,
        Some(_) => Stream::Older,
    }
}

fn is_encrypted(stream: &[u8]) -> bool {
    let mut rest = stream;
    for _ in 0..FIRST_RECORDS {
        match rest {
            [0x2f, 0x00, ..] => return true,
            [_, _, low, high, data @ ..] => {
                let length = usize::from(u16::from_le_bytes([*low, *high]));
                rest = data.get(length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(records: &[&[u8]], expect: Stream) {
        let mut file = vec![0; 512];
        file.extend(records.concat());
        assert_eq!(look(&file), expect);
    }

    #[test]
    fn the_first_record_tells_the_version() {
        let bof8: &[u8] = b"\x09\x08\x10\0\0\x06\x05\0________________"[..20].as_ref();
        let bof5: &[u8] = b"\x09\x08\x08\0\0\x05\x05\0____";
        check(&[bof8, b"\xe1\0\x02\0\xb0\x04"], Stream::Biff8);
        check(&[bof5, b"\x42\0\x02\0\xe4\x04"], Stream::Older);
        check(&[bof8, b"\xe1\0\x02\0\xb0\x04", b"\x2f\0\x06\0\0\0\x12\x34\x56\x78"], Stream::Encrypted);
        check(&[bof8, &[0; 44], bof5], Stream::Biff8);
        check(&[bof5, &[0; 52], bof8], Stream::Biff8);
        check(&[b"\0\0\0\0"], Stream::Unknown);
    }
}
