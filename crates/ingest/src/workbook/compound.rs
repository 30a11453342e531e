//! The workbook stream of an .xls, out of the file system inside the file (\[MS-CFB\]), and the rows that
//! its sheets hide (the record Row of \[MS-XLS\]), of which the workbook library keeps quiet.

use super::outline::Hidden;

const END_OF_CHAIN: u32 = 0xffff_fffe;
const BOUND_SHEET: u16 = 0x0085;
const ROW: u16 = 0x0208;
const END: u16 = 0x000a;

/// The workbook stream of a file. One that is not understood has none: it is the library's to refuse it.
pub(super) fn workbook_stream(file: &[u8]) -> Option<Vec<u8>> {
    Compound::read(file)?.stream(&["Workbook", "Book", "BOOK", "WORKBOOK"])
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

/// The records of the sheet that begins at a place.
pub(super) fn sheet(stream: &[u8], start: usize) -> impl Iterator<Item = (u16, &[u8])> {
    records(stream, start).take_while(|(kind, _)| *kind != END)
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
        compound.directory = compound.chain(word(file, 48)?)?;
        Some(compound)
    }

    /// The sectors that hold the table of sectors: 109 are named in the header, others in a chain.
    fn table_sectors(&self) -> Option<Vec<u32>> {
        let count = word(self.file, 44)? as usize;
        let header = self.file.get(76..512)?.chunks_exact(4).filter_map(|entry| word(entry, 0));
        let mut sectors: Vec<u32> = header.take(count).collect();
        let mut more = word(self.file, 68)?;
        while more < END_OF_CHAIN && sectors.len() < count.min(self.file.len() >> self.shift) {
            let sector = self.sector(more)?;
            let (names, last) = sector.split_at(sector.len() - 4);
            sectors
                .extend(names.chunks_exact(4).filter_map(|entry| word(entry, 0)).take(count - sectors.len()));
            more = word(last, 0)?;
        }
        Some(sectors)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)? << self.shift;
        let end = start.checked_add(1 << self.shift)?;
        self.file.get(start..end.min(self.file.len())).filter(|sector| !sector.is_empty())
    }

    /// The bytes of a chain; one that goes in a circle is none.
    fn chain(&self, first: u32) -> Option<Vec<u8>> {
        let (mut bytes, mut sector) = (Vec::new(), first);
        while sector < END_OF_CHAIN {
            bytes.extend_from_slice(self.sector(sector)?);
            if bytes.len() > self.file.len() {
                return None;
            }
            sector = *self.next.get(sector as usize)?;
        }
        Some(bytes)
    }

    /// A stream by one of its names. A short one lies in pieces of 64 bytes within that of the root.
    fn stream(&self, names: &[&str]) -> Option<Vec<u8>> {
        let entries = || self.directory.chunks_exact(128);
        let entry = names.iter().find_map(|name| entries().find(|entry| is_named(entry, name)))?;
        let (first, bytes) = (word(entry, 116)?, word(entry, 120)? as usize);
        let mut stream = if bytes < word(self.file, 56)? as usize {
            let root = self.chain(word(entries().next()?, 116)?)?;
            self.short_chain(&root, first, bytes)?
        } else {
            self.chain(first)?
        };
        stream.truncate(bytes);
        Some(stream)
    }

    fn short_chain(&self, root: &[u8], first: u32, bytes: usize) -> Option<Vec<u8>> {
        let table = self.chain(word(self.file, 60)?)?;
        let (mut stream, mut piece) = (Vec::new(), first);
        while piece < END_OF_CHAIN && stream.len() < bytes {
            let start = piece as usize * 64;
            stream.extend_from_slice(root.get(start..start + 64)?);
            piece = word(&table, piece as usize * 4)?;
        }
        Some(stream)
    }
}

fn is_named(entry: &[u8], name: &str) -> bool {
    let wide: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    entry.starts_with(&wide)
}

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
