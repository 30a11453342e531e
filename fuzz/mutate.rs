//! Mutations: the same seed always gives the same inputs.

/// Pieces that mean something to one of the parsers.
const PIECES: &[&str] = &[
    "\n",
    "\t",
    ";",
    ",",
    "\"",
    "\"\"",
    "\r",
    "\r\n",
    "~",
    "[0-3]",
    "[1-1^1]",
    "[0-0^2]",
    ":",
    "____",
    "1\t2\t3\t4\n",
    "Make: FN\n",
    "Type:\trifle\n",
    "Total 7\n",
    "Serial No.\tMake\tType\n",
    "Заводской №",
    "do.",
    "〃",
    "\u{0}",
    "\u{feff}",
    "#",
    "a",
    "\u{202e}",
    "[ledger]\n",
    "= \"",
    "]",
    "{",
    "header_row = 2\n",
    "map,Щ,",
    "U+0660..U+0669",
    "\nmeta,extends,common,,,\n",
    "initial",
    "\u{fffd}",
    "é",
    "\u{1f52b}",
    "99999999999999999999",
];

/// Longest input that is made.
const BYTES: usize = 4096;

/// A source of inputs.
pub struct Mutator {
    state: u64,
}

impl Mutator {
    /// A source that begins with a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    /// A number below `end`, or 0.
    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state % end.max(1) as u64) as usize
    }

    /// An input made of one of several others.
    pub fn mutate(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut input = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(6) {
            self.step(&mut input, seeds);
        }
        input.truncate(BYTES);
        input
    }

    fn step(&mut self, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let (from, to) = self.range(input.len());
        match self.below(7) {
            0 => insert(input, from, PIECES[self.below(PIECES.len())].as_bytes()),
            1 => drop(input.drain(from..to)),
            2 => {
                let part = input[from..to].to_vec();
                let at = self.below(input.len() + 1);
                insert(input, at, &part);
            }
            3 if from < input.len() => input[from] ^= 1 << self.below(8),
            4 => {
                let other = &seeds[self.below(seeds.len())];
                let (from_other, to_other) = self.range(other.len());
                insert(input, from, &other[from_other..to_other]);
            }
            5 => self.swap_lines(input),
            _ => insert(input, from, &[self.below(256) as u8]),
        }
    }

    fn range(&mut self, length: usize) -> (usize, usize) {
        let (a, b) = (self.below(length + 1), self.below(length + 1));
        let (from, to) = (a.min(b), a.max(b));
        // Short ranges change little and are the more telling.
        if self.below(2) == 0 { (from, to.min(from + 8)) } else { (from, to) }
    }

    fn swap_lines(&mut self, input: &mut Vec<u8>) {
        let mut lines: Vec<&[u8]> = input.split_inclusive(|byte| *byte == b'\n').collect();
        let (a, b) = (self.below(lines.len()), self.below(lines.len()));
        if !lines.is_empty() {
            lines.swap(a, b);
        }
        *input = lines.concat();
    }
}

fn insert(input: &mut Vec<u8>, at: usize, piece: &[u8]) {
    input.splice(at..at, piece.iter().copied());
}
