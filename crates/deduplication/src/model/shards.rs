//! Lists that are too long for the memory, cut into shards: in memory as one, or in files that are read one by one.
//!
//! A shard is written to its end before any is read. Files lie in a folder that the caller gives and removes.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::Error;

/// Where lists are spilled to, and into how many shards.
#[derive(Clone, Debug)]
pub struct Spill {
    /// An empty folder on a disk with room for some 40 bytes a record and key.
    pub folder: PathBuf,
    /// How many shards a list is cut into.
    pub shards: usize,
}

/// What a list holds: a fixed number of bytes each.
pub(crate) trait Item: Copy {
    const BYTES: usize;
    fn put(self, bytes: &mut Vec<u8>);
    fn get(bytes: &[u8]) -> Self;
}

/// A pair of records.
impl Item for u64 {
    const BYTES: usize = 8;
    fn put(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_le_bytes());
    }
    fn get(bytes: &[u8]) -> Self {
        Self::from_le_bytes(array(bytes))
    }
}

/// A key and its record.
impl Item for (u64, u32) {
    const BYTES: usize = 12;
    fn put(self, bytes: &mut Vec<u8>) {
        self.0.put(bytes);
        bytes.extend_from_slice(&self.1.to_le_bytes());
    }
    fn get(bytes: &[u8]) -> Self {
        (u64::get(&bytes[..8]), u32::from_le_bytes(array(&bytes[8..])))
    }
}

/// The likelihoods of a pair.
impl Item for [f32; 4] {
    const BYTES: usize = 16;
    fn put(self, bytes: &mut Vec<u8>) {
        for value in self {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    }
    fn get(bytes: &[u8]) -> Self {
        std::array::from_fn(|at| f32::from_le_bytes(array(&bytes[4 * at..4 * at + 4])))
    }
}

/// The first bytes of a slice.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    std::array::from_fn(|at| bytes[at])
}

/// A list in shards.
pub(crate) struct Shards<T> {
    lists: Vec<List<T>>,
}

enum List<T> {
    Memory(Vec<T>),
    File { path: PathBuf, writer: BufWriter<File> },
}

/// The buffer of a file that is written.
const BUFFER: usize = 1 << 16;

impl<T: Item> Shards<T> {
    /// An empty list: one shard in memory, or files of this name.
    pub(crate) fn new(spill: Option<&Spill>, name: &str) -> Result<Self, Error> {
        let count = spill.map_or(1, |spill| spill.shards);
        Self::of(spill.map(|spill| spill.folder.as_path()), name, count)
    }

    /// The same in another number of shards.
    pub(crate) fn of(folder: Option<&Path>, name: &str, count: usize) -> Result<Self, Error> {
        let list = |at: usize| match folder {
            None => Ok(List::Memory(Vec::new())),
            Some(folder) => {
                let path = folder.join(format!("{name}-{at}"));
                let writer = BufWriter::with_capacity(BUFFER, File::create(&path)?);
                Ok(List::File { path, writer })
            }
        };
        Ok(Self { lists: (0..count).map(list).collect::<Result<_, Error>>()? })
    }

    /// How many shards there are.
    pub(crate) fn count(&self) -> usize {
        self.lists.len()
    }

    /// Adds to the end of a shard.
    pub(crate) fn append(&mut self, shard: usize, items: Vec<T>) -> Result<(), Error> {
        match &mut self.lists[shard] {
            List::Memory(list) if list.is_empty() => *list = items,
            List::Memory(list) => list.extend(items),
            List::File { writer, .. } => {
                let mut bytes = Vec::with_capacity(items.len().min(BUFFER) * T::BYTES);
                for part in items.chunks(BUFFER) {
                    bytes.clear();
                    for item in part {
                        item.put(&mut bytes);
                    }
                    writer.write_all(&bytes)?;
                }
            }
        }
        Ok(())
    }

    /// All items of a shard.
    pub(crate) fn read(&mut self, shard: usize) -> Result<Cow<'_, [T]>, Error> {
        match &mut self.lists[shard] {
            List::Memory(list) => Ok(Cow::Borrowed(list)),
            List::File { path, writer } => {
                writer.flush()?;
                read(path).map(Cow::Owned)
            }
        }
    }

    /// All items of a shard, for the last time: they are gone from the memory and from the disk.
    pub(crate) fn take(&mut self, shard: usize) -> Result<Vec<T>, Error> {
        let items = self.read(shard)?.into_owned();
        match &mut self.lists[shard] {
            List::Memory(list) => *list = Vec::new(),
            List::File { path, .. } => std::fs::remove_file(path)?,
        }
        Ok(items)
    }
}

fn read<T: Item>(path: &Path) -> Result<Vec<T>, Error> {
    let mut file = File::open(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX) / T::BYTES;
    let mut items = Vec::with_capacity(length);
    let mut bytes = vec![0; BUFFER * T::BYTES];
    while items.len() < length {
        let part = &mut bytes[..(length - items.len()).min(BUFFER) * T::BYTES];
        file.read_exact(part)?;
        items.extend(part.chunks_exact(T::BYTES).map(T::get));
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    #[test]
    fn a_file_gives_back_what_it_was_given() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill { folder: folder.path().to_owned(), shards: 3 };
        for spill in [None, Some(&spill)] {
            let mut keys = Shards::<(u64, u32)>::new(spill, "keys").unwrap();
            let last = keys.count() - 1;
            let items: Vec<(u64, u32)> = (0..200_000_u32).map(|n| (u64::MAX - u64::from(n), n)).collect();
            keys.append(last, items[..7].to_vec()).unwrap();
            keys.append(last, items[7..].to_vec()).unwrap();
            assert_eq!(keys.read(last).unwrap(), items);
            assert_eq!(keys.take(last).unwrap(), items);
            let mut classes = Shards::<[f32; 4]>::new(spill, "classes").unwrap();
            classes.append(0, vec![[1.5, -0.0, f32::MIN, 1e-30]]).unwrap();
            assert_eq!(classes.take(0).unwrap(), [[1.5, -0.0, f32::MIN, 1e-30]]);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4, "two shards of three are not taken");
    }
}
