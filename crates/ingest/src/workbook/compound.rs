//! The workbook stream of an .xls, out of the file system inside the file (\[MS-CFB\]), and the rows that
//! its sheets hide (the record Row of \[MS-XLS\]), of which the workbook library keeps quiet.

use std::collections::HashSet;

use super::outline::Hidden;

const END_OF_CHAIN: u32 = 0xffff_fffe;
const BOUND_SHEET: u16 = 0x0085;
const ROW: u16 = 0x0208;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
/// Names of sectors that are none.
const NO_SECTOR: u32 = 0xffff_fffc;
/// Streams that are shorter lie in pieces of 64 bytes; the workbook library knows no other measure.
const SHORT_STREAM: u32 = 4096;

/// The workbook stream of a file. One whose sectors do not hold together has none, as the workbook library would read
/// other bytes there, or fewer.
pub(super) fn workbook_stream(file: &[u8]) -> Option<Vec<u8>> {
    let compound = Compound::read(file)?;
    compound.stream("Workbook").unwrap_or_else(|| compound.stream("Book").flatten())
}

/// The records of the workbook itself.
pub(super) fn globals(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    records(stream, 0).take_while(|(kind, _)| *kind != END)
}

/// Where the sheets of a workbook begin, in the order in which it names them.
pub(super) fn sheet_starts(stream: &[u8]) -> impl Iterator<Item = usize> {
    let sheets = globals(stream).filter(|(kind, _)| *kind == BOUND_SHEET);
    sheets.filter_map(|(_, data)| Some(word(data, 0)? as usize))
}

/// The records of the sheet that begins at a place, without those of charts within it, to its end record.
pub(super) fn sheet(stream: &[u8], start: usize) -> impl Iterator<Item = (u16, &[u8])> {
    let mut depth = 0_usize;
    records(stream, start)
        .map_while(move |record| {
            let (kind, inner) = (record.0, depth > 1);
            match kind {
                BEGIN => depth += 1,
                END if depth <= 1 => return None,
                END => depth -= 1,
                _ => {}
            }
            Some(Some(record).filter(|_| !inner && kind != BEGIN && kind != END))
        })
        .flatten()
}

/// Whether the sheet that begins at a place ends with its end record.
pub(super) fn is_ended(stream: &[u8], start: usize) -> bool {
    let mut depth = 0_usize;
    for (kind, data) in records(stream, start) {
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => return data.is_empty(),
            END => depth -= 1,
            _ => {}
        }
    }
    false
}

/// The rows that a sheet hides.
pub(super) fn hidden_rows(stream: &[u8], start: usize) -> Hidden {
    let rows = sheet(stream, start).filter(|(kind, _)| *kind == ROW);
    let hidden = rows.filter(|(_, data)| data.get(12).is_some_and(|flags| flags & 0x20 != 0));
    let mut hidden: Hidden =
        hidden.filter_map(|(_, data)| half(data, 0)).map(|row| (u32::from(row), u32::from(row))).collect();
    hidden.sort_unstable();
    hidden
}

/// The records of a stream from a place on: kind and data.
fn records(stream: &[u8], start: usize) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream.get(start..).unwrap_or_default();
    std::iter::from_fn(move || {
        let [kind_low, kind_high, low, high, after @ ..] = rest else { return None };
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        let data = after.get(..length)?;
        rest = &after[length..];
        Some((u16::from_le_bytes([*kind_low, *kind_high]), data))
    })
}

/// The file system inside a file.
struct Compound<'a> {
    file: &'a [u8],
    shift: u32,
    /// The sector after each sector.
    next: Vec<u32>,
    directory: Vec<u8>,
}

impl<'a> Compound<'a> {
    fn read(file: &'a [u8]) -> Option<Self> {
        let shift = u32::from(*file.get(30)?);
        if !matches!(shift, 9 | 12) {
            return None;
        }
        let mut compound = Self { file, shift, next: Vec::new(), directory: Vec::new() };
        for sector in compound.table_sectors()? {
            let sector = compound.sector(sector)?;
            compound.next.extend(sector.chunks_exact(4).filter_map(|entry| word(entry, 0)));
        }
        compound.directory = compound.bytes_of(&compound.chain(word(file, 48)?, None)?)?;
        (word(file, 56)? == SHORT_STREAM).then_some(compound)
    }

    /// The sectors that hold the table of sectors: 109 are named in the header, others in a chain. As many as the
    /// header says, no more: the workbook library takes all that are named.
    fn table_sectors(&self) -> Option<Vec<u32>> {
        let count = word(self.file, 44)? as usize;
        let is_sector = |number: &u32| *number < NO_SECTOR;
        let names =
            |bytes: &[u8]| bytes.chunks_exact(4).filter_map(|entry| word(entry, 0)).collect::<Vec<_>>();
        let mut sectors = names(self.file.get(76..512)?);
        let (mut more, mut chained) = (word(self.file, 68)?, 0);
        while more < NO_SECTOR {
            let sector = self.sector(more)?;
            let (inner, last) = sector.split_at(sector.len().checked_sub(4)?);
            sectors.extend(names(inner));
            more = word(last, 0)?;
            chained += 1;
            if chained > self.file.len() >> self.shift {
                return None;
            }
        }
        sectors.retain(is_sector);
        (sectors.len() == count).then_some(sectors)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)? << self.shift;
        let end = start.checked_add(1 << self.shift)?;
        self.file.get(start..end.min(self.file.len())).filter(|sector| !sector.is_empty())
    }

    /// The sectors of a chain, as many as its bytes need; one that goes in a circle is none, and so is one that ends
    /// before.
    fn chain(&self, first: u32, bytes: Option<u32>) -> Option<Vec<u32>> {
        let needed = bytes.map_or(usize::MAX, |bytes| (bytes as usize).div_ceil(1 << self.shift));
        let (mut sectors, mut known, mut sector) = (Vec::new(), HashSet::new(), first);
        while sectors.len() < needed && (sector != END_OF_CHAIN || bytes.is_some()) {
            if !known.insert(sector) {
                return None;
            }
            sectors.push(sector);
            if sectors.len() < needed {
                sector = *self.next.get(sector as usize)?;
            }
        }
        Some(sectors)
    }

    fn bytes_of(&self, sectors: &[u32]) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for sector in sectors {
            bytes.extend_from_slice(self.sector(*sector)?);
        }
        Some(bytes)
    }

    /// A stream by its name, `None` where there is none of that name; `Some(None)` where its sectors do not hold
    /// together. A short one lies in pieces of 64 bytes within that of the root.
    fn stream(&self, name: &str) -> Option<Option<Vec<u8>>> {
        let entry = self.directory.chunks_exact(128).position(|entry| is_named(entry, name))?;
        Some(self.stream_of(entry))
    }

    fn stream_of(&self, at: usize) -> Option<Vec<u8>> {
        let entries: Vec<&[u8]> = self.directory.chunks_exact(128).collect();
        let entry = entries.get(at)?;
        let (first, bytes) = (word(entry, 116)?, word(entry, 120)?);
        let mut stream = if bytes < SHORT_STREAM {
            let root = entries.first()?;
            let root = self.chain(word(root, 116)?, Some(word(root, 120)?))?;
            self.short_chain(&self.bytes_of(&root)?, first, bytes as usize)?
        } else {
            let chain = self.chain(first, Some(bytes))?;
            let own: HashSet<u32> = chain.iter().copied().collect();
            let others = entries.iter().enumerate().filter(|(other, _)| *other != at);
            let mut sectors = others.filter_map(|(_, entry)| self.sectors_of(entry)).flatten();
            if sectors.any(|sector| own.contains(&sector)) {
                return None;
            }
            self.bytes_of(&chain)?
        };
        (stream.len() >= bytes as usize).then(|| {
            stream.truncate(bytes as usize);
            stream
        })
    }

    /// The sectors of another stream, or of the pieces of the short ones, as far as they are understood.
    fn sectors_of(&self, entry: &[u8]) -> Option<Vec<u32>> {
        let (kind, bytes) = (*entry.get(66)?, word(entry, 120)?);
        let is_long = (kind == 2 && bytes >= SHORT_STREAM) || (kind == 5 && bytes > 0);
        if is_long { self.chain(word(entry, 116)?, Some(bytes)) } else { None }
    }

    fn short_chain(&self, root: &[u8], first: u32, bytes: usize) -> Option<Vec<u8>> {
        let table = self.bytes_of(&self.chain(word(self.file, 60)?, None)?)?;
        let (mut stream, mut piece) = (Vec::new(), first);
        while piece < END_OF_CHAIN && stream.len() < bytes {
            let start = piece as usize * 64;
            stream.extend_from_slice(root.get(start..root.len().min(start + 64))?);
            piece = word(&table, piece as usize * 4)?;
        }
        Some(stream)
    }
}

/// Whether an entry of the directory has a name, in any letter case.
fn is_named(entry: &[u8], name: &str) -> bool {
    let letters = entry.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let wanted = name.encode_utf16().chain([0]);
    let fold = |letter: u16| u8::try_from(letter).map_or(letter, |letter| letter.to_ascii_lowercase().into());
    letters.take(name.len() + 1).map(fold).eq(wanted.map(fold))
}

/// A number of four bytes.
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A number of two bytes.
pub(super) fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_hidden_by_a_flag() {
        let row = |number: u16, flags: u8| {
            let mut data = [0; 16];
            data[..2].copy_from_slice(&number.to_le_bytes());
            data[12] = flags;
            [&[0x08, 0x02, 16, 0][..], &data].concat()
        };
        let stream = [row(3, 0x20), row(4, 0x40), row(1, 0x21), vec![0x0a, 0, 0, 0], row(9, 0x20)].concat();
        assert_eq!(hidden_rows(&stream, 0), [(1, 1), (3, 3)]);
        assert_eq!(hidden_rows(&stream, 1 << 20), []);
    }

    #[test]
    fn what_is_no_file_system_has_no_workbook() {
        for file in [&[][..], &[0; 600], &[9; 2048], &[0xff; 4096]] {
            assert_eq!(workbook_stream(file), None);
        }
    }
}
