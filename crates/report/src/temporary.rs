//! Whether the folder for temporary files can be used. The library that writes workbooks keeps the rows of large ones
//! there, and gives up without a word to its caller where it cannot.

use std::io::Write as _;

use crate::{Error, Result};

/// What has to have room: more than is written at a time.
const ROOM: usize = 1 << 20;

/// Fails where a workbook could not be written, before anything of it is.
pub fn check_temporary_folder() -> Result<()> {
    let write = || {
        let mut file = tempfile::tempfile()?;
        file.write_all(&vec![0; ROOM])?;
        file.flush()
    };
    write().map_err(|error| Error::Temporary { folder: std::env::temp_dir(), error })
}
