//! Hashes that are the same in every run, and a store that gives equal texts one number.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use hashbrown::HashTable;

/// A hasher for numbers.
#[derive(Clone, Copy, Default)]
pub(crate) struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |sum, &byte| mix(sum, u64::from(byte)));
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = mix(value, 0);
    }
}

/// A map from hashes.
pub(crate) type HashedMap<T> = HashMap<u64, T, BuildHasherDefault<Identity>>;

/// One more value into a hash.
pub(crate) fn mix(sum: u64, value: u64) -> u64 {
    let product = u128::from(sum ^ value ^ 0x9e37_79b9_7f4a_7c15) * 0xa076_1d64_78bd_642f_u128;
    (product as u64) ^ ((product >> 64) as u64).rotate_left(23)
}

/// The hash of a text.
pub(crate) fn of_text(text: &str) -> u64 {
    let chunks = text.as_bytes().chunks(8);
    chunks.fold(text.len() as u64, |sum, chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        mix(sum, u64::from_le_bytes(word))
    })
}

/// The hash of several numbers.
pub(crate) fn of_numbers(numbers: &[u64]) -> u64 {
    numbers.iter().fold(numbers.len() as u64, |sum, &number| mix(sum, number))
}

/// Distinct texts, numbered as they come; 0 is the empty text, which means that nothing is written.
pub(crate) struct Interner {
    texts: Texts,
    index: HashTable<u32>,
}

impl Default for Interner {
    fn default() -> Self {
        let mut new = Self { texts: Texts::default(), index: HashTable::new() };
        new.number("");
        new
    }
}

impl Interner {
    /// The number of a text.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        let hash = of_text(text);
        if let Some(&found) = self.index.find(hash, |&number| self.texts.get(number) == text) {
            return found;
        }
        let number = self.texts.push(text);
        self.index.insert_unique(hash, number, |&number| of_text(self.texts.get(number)));
        number
    }

    /// The text of a number.
    pub(crate) fn get(&self, number: u32) -> &str {
        self.texts.get(number)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Gives back the memory of the index, when no more texts come.
    pub(crate) fn close(&mut self) {
        self.index = HashTable::new();
    }

    /// The texts alone.
    pub(crate) fn into_texts(self) -> Texts {
        self.texts
    }
}

/// Texts one after the other, four bytes each beside their own. They lie in chunks, so that none is moved when more come.
#[derive(Default)]
pub(crate) struct Texts {
    chunks: Vec<Chunk>,
    length: usize,
}

#[derive(Default)]
struct Chunk {
    text: String,
    ends: Vec<u32>,
}

/// So many texts lie in one chunk.
const CHUNK: usize = 1 << 12;

/// No text may be longer: the ends of a chunk are numbers of 32 bits.
pub(crate) const LONGEST_TEXT: usize = 1 << 18;

impl Texts {
    /// Adds a text and gives its number.
    pub(crate) fn push(&mut self, text: &str) -> u32 {
        if self.length.is_multiple_of(CHUNK) {
            if let Some(full) = self.chunks.last_mut() {
                full.text.shrink_to_fit();
            }
            self.chunks
                .push(Chunk { text: String::new(), ends: Vec::with_capacity(CHUNK.min(self.length + 8)) });
        }
        let number = self.length as u32;
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.text.push_str(text);
            chunk.ends.push(chunk.text.len() as u32);
            self.length += 1;
        }
        number
    }

    /// The text of a number.
    pub(crate) fn get(&self, number: u32) -> &str {
        let (chunk, at) = (&self.chunks[number as usize / CHUNK], number as usize % CHUNK);
        let start = if at == 0 { 0 } else { chunk.ends[at - 1] as usize };
        &chunk.text[start..chunk.ends[at] as usize]
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Gives back the memory of the texts before a number; they cannot be asked for any more.
    pub(crate) fn forget_before(&mut self, number: usize) {
        for chunk in &mut self.chunks[..number / CHUNK] {
            *chunk = Chunk::default();
        }
    }
}

/// A number for each record, in as few bytes as the largest of them needs.
pub(crate) enum Rows {
    /// Numbers below 2^8.
    Byte(Vec<u8>),
    /// Numbers below 2^16.
    Short(Vec<u16>),
    /// All others.
    Wide(Vec<u32>),
}

impl Default for Rows {
    fn default() -> Self {
        Self::Byte(Vec::new())
    }
}

impl Rows {
    /// One more record.
    pub(crate) fn push(&mut self, number: u32) {
        self.make_room(number);
        match self {
            Self::Byte(list) => list.push(number as u8),
            Self::Short(list) => list.push(number as u16),
            Self::Wide(list) => list.push(number),
        }
    }

    /// The number of a record.
    pub(crate) fn get(&self, row: u32) -> u32 {
        match self {
            Self::Byte(list) => u32::from(list[row as usize]),
            Self::Short(list) => u32::from(list[row as usize]),
            Self::Wide(list) => list[row as usize],
        }
    }

    /// Gives a record another number.
    pub(crate) fn set(&mut self, row: u32, number: u32) {
        self.make_room(number);
        match self {
            Self::Byte(list) => list[row as usize] = number as u8,
            Self::Short(list) => list[row as usize] = number as u16,
            Self::Wide(list) => list[row as usize] = number,
        }
    }

    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Byte(list) => list.len(),
            Self::Short(list) => list.len(),
            Self::Wide(list) => list.len(),
        }
    }

    /// The numbers of all records.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        (0..self.len() as u32).map(|row| self.get(row))
    }

    /// The records in another order, which names each by its place before.
    pub(crate) fn in_order(&self, order: &[u32]) -> Self {
        let each = || order.iter().map(|&row| row as usize);
        match self {
            Self::Byte(list) => Self::Byte(each().map(|row| list[row]).collect()),
            Self::Short(list) => Self::Short(each().map(|row| list[row]).collect()),
            Self::Wide(list) => Self::Wide(each().map(|row| list[row]).collect()),
        }
    }

    /// Makes the numbers as wide as one of them needs.
    fn make_room(&mut self, number: u32) {
        let fits = match self {
            Self::Byte(_) => u8::try_from(number).is_ok(),
            Self::Short(_) => u16::try_from(number).is_ok(),
            Self::Wide(_) => true,
        };
        if fits {
            return;
        }
        *self = match self {
            Self::Byte(list) if u16::try_from(number).is_ok() => {
                Self::Short(list.iter().map(|&each| u16::from(each)).collect())
            }
            _ => Self::Wide(self.iter().collect()),
        };
    }
}

impl FromIterator<u32> for Rows {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut new = Self::default();
        numbers.into_iter().for_each(|number| new.push(number));
        new
    }
}
