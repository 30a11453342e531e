//! A writer that keeps its first fault for the end: the writer of zip archives panics where the one below it fails.

use std::io::{Error, Result, Seek, SeekFrom, Write};

/// Writes as long as that goes well, and then only counts.
pub(super) struct Patient<W> {
    writer: W,
    fault: Option<Error>,
    position: u64,
    end: u64,
}

impl<W: Write + Seek> Patient<W> {
    pub fn new(writer: W) -> Self {
        Self { writer, fault: None, position: 0, end: 0 }
    }

    /// The first fault, where there was one.
    pub fn finish(mut self) -> Result<()> {
        match self.fault {
            Some(fault) => Err(fault),
            None => self.writer.flush(),
        }
    }

    /// Does what is asked of the writer, unless something failed before.
    fn attempt(&mut self, work: impl FnOnce(&mut W) -> Result<()>) {
        if self.fault.is_none() {
            self.fault = work(&mut self.writer).err();
        }
    }
}

impl<W: Write + Seek> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.attempt(|writer| writer.write_all(bytes));
        self.position += bytes.len() as u64;
        self.end = self.end.max(self.position);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.attempt(Write::flush);
        Ok(())
    }
}

impl<W: Write + Seek> Seek for Patient<W> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = target.ok_or_else(|| Error::other("a place before the start"))?;
        let at = self.position;
        self.attempt(|writer| writer.seek(SeekFrom::Start(at)).map(drop));
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn what_is_written_and_written_over_is_as_it_would_be_below() {
        let mut patient = Patient::new(Cursor::new(Vec::new()));
        patient.write_all(b"head body").unwrap();
        patient.seek(SeekFrom::Start(0)).unwrap();
        patient.write_all(b"HEAD").unwrap();
        assert_eq!(patient.seek(SeekFrom::End(-1)).unwrap(), 8);
        assert_eq!(patient.stream_position().unwrap(), 8);
        assert_eq!(patient.writer.get_ref(), b"HEAD body");
        patient.finish().unwrap();
    }

    #[test]
    fn the_first_fault_is_told_at_the_end() {
        let mut room = [0; 4];
        let mut patient = Patient::new(Cursor::new(&mut room[..]));
        patient.write_all(b"more than four").unwrap();
        patient.seek(SeekFrom::Start(2)).unwrap();
        patient.write_all(b"x").unwrap();
        assert!(patient.finish().is_err());
    }
}
