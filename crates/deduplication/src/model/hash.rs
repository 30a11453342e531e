//! Hashes that are the same in every run, and a store that gives equal texts one number.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

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
    text: String,
    ends: Vec<usize>,
    index: HashedMap<u32>,
}

impl Default for Interner {
    fn default() -> Self {
        let mut new = Self { text: String::new(), ends: Vec::new(), index: HashedMap::default() };
        new.number("");
        new
    }
}

impl Interner {
    /// The number of a text.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        let mut hash = of_text(text);
        while let Some(&found) = self.index.get(&hash) {
            if self.get(found) == text {
                return found;
            }
            hash = mix(hash, 1);
        }
        let number = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.index.insert(hash, number);
        number
    }

    /// The text of a number.
    pub(crate) fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Gives back the memory of the index, when no more texts come.
    pub(crate) fn close(&mut self) {
        self.index = HashedMap::default();
        self.text.shrink_to_fit();
    }
}
