//! What parent and child say to each other: a request one way, frames the other, each a length and
//! a postcard message of that length.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use crate::format::Format;
use crate::limits::Limits;
use crate::sheet_row::SheetRow;

/// Rows, and bytes of text, after which a frame is sent.
pub(crate) const FRAME_ROWS: usize = 256;
pub(crate) const FRAME_BYTES: usize = 1 << 20;

/// Longest message that is accepted. One row of 1,024 full cells fits.
const MESSAGE_BYTES: u32 = 256 << 20;

/// What the child is to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Request {
    pub format: Format,
    pub bytes: u64,
    pub limits: Limits,
}

/// What the child found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Frame {
    /// A sheet begins; the one before is done.
    Sheet { name: String, hidden: bool },
    /// Rows of the sheet, in order; those without a value are left out.
    Rows(Vec<SheetRow>),
    /// The sheet cannot be read on.
    SheetFailed(Failure),
    /// The workbook is done.
    End,
    /// The workbook cannot be read.
    Failed(Failure),
}

/// Writes a message.
pub(crate) fn write<T: Serialize>(message: &T, output: &mut impl Write) -> io::Result<()> {
    let bytes = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let length = u32::try_from(bytes.len()).ok().filter(|&length| length <= MESSAGE_BYTES);
    let length = length.ok_or_else(|| io::Error::other("a row is too long to be sent"))?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(&bytes)
}

/// Reads a message; `None` at the end.
pub(crate) fn read<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_le_bytes(length);
    if length > MESSAGE_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a message is too long"));
    }
    // Bytes are taken as they come, so a length alone makes nobody allocate.
    let mut bytes = Vec::new();
    input.by_ref().take(length.into()).read_to_end(&mut bytes)?;
    if bytes.len() < length as usize {
        return Ok(None);
    }
    postcard::from_bytes(&bytes).map(Some).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_as_written_and_bounded() {
        let mut bytes = Vec::new();
        write(&Frame::Sheet { name: "Лист1".into(), hidden: true }, &mut bytes).unwrap();
        write(&Frame::End, &mut bytes).unwrap();
        let mut input = bytes.as_slice();
        assert_eq!(read(&mut input).unwrap(), Some(Frame::Sheet { name: "Лист1".into(), hidden: true }));
        assert_eq!(read(&mut input).unwrap(), Some(Frame::End));
        assert_eq!(read::<Frame>(&mut input).unwrap(), None);
        assert!(read::<Frame>(&mut [0xff, 0xff, 0xff, 0xff, 0].as_slice()).is_err());
        assert_eq!(read::<Frame>(&mut [9, 0, 0, 0, 1].as_slice()).unwrap(), None);
    }
}
