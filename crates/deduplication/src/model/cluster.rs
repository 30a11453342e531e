//! Rivals of near edges, and clusters that keep to what a ledger says.

use std::collections::BTreeMap;

use super::Edge;

/// A record whose serial was miskeyed has one true origin. The odds of a near edge are shared with
/// the rivals of the same record: other serials that it may as well be a keying error of.
pub(crate) fn weigh_rivals(edges: &mut [Edge], look: impl Fn(u32) -> u32) {
    let mut sides: Vec<(u32, u32, usize)> = Vec::new();
    for (at, edge) in edges.iter().enumerate().filter(|(_, edge)| edge.near && edge.bits > -10.0) {
        sides.push((edge.a, look(edge.b), at));
        sides.push((edge.b, look(edge.a), at));
    }
    sides.sort_unstable();
    let mut losses = vec![0.0_f32; edges.len()];
    for group in sides.chunk_by(|a, b| a.0 == b.0) {
        let rivals = best_by_serial(group, edges);
        let mut odds: Vec<f32> = rivals.values().map(|bits| bits.exp2()).collect();
        odds.sort_by(f32::total_cmp);
        let total = 1.0 + odds.iter().sum::<f32>();
        for &(_, look, at) in group {
            let others = (total - rivals[&look].exp2()).max(1.0).log2();
            losses[at] = losses[at].max(others);
        }
    }
    for (edge, loss) in edges.iter_mut().zip(losses) {
        edge.bits -= loss;
    }
}

fn best_by_serial(group: &[(u32, u32, usize)], edges: &[Edge]) -> BTreeMap<u32, f32> {
    let mut best = BTreeMap::new();
    for &(_, look, at) in group {
        let entry = best.entry(look).or_insert(f32::MIN);
        *entry = entry.max(edges[at].bits.min(60.0));
    }
    best
}

/// Records that became one.
pub(crate) struct Clusters {
    parent: Vec<u32>,
    next: Vec<u32>,
    size: Vec<u32>,
}

impl Clusters {
    pub(crate) fn new(rows: usize) -> Self {
        let each: Vec<u32> = (0..rows as u32).collect();
        Self { parent: each.clone(), next: each, size: vec![1; rows] }
    }

    /// The first record of a record's cluster.
    pub(crate) fn root(&self, mut row: u32) -> u32 {
        while self.parent[row as usize] != row {
            row = self.parent[row as usize];
        }
        row
    }

    fn members(&self, row: u32) -> impl Iterator<Item = u32> {
        let mut at = row;
        std::iter::from_fn(move || {
            at = self.next[at as usize];
            Some(at)
        })
        .take(self.size[self.root(row) as usize] as usize)
    }

    /// Unites two clusters, unless they would become too large or two of their members may not be one.
    pub(crate) fn unite(&mut self, a: u32, b: u32, largest: usize, never: impl Fn(u32, u32) -> bool) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return true;
        }
        let size = self.size[a as usize] + self.size[b as usize];
        if size as usize > largest || self.members(a).any(|x| self.members(b).any(|y| never(x, y))) {
            return false;
        }
        let (first, second) = (a.min(b), a.max(b));
        self.parent[second as usize] = first;
        self.size[first as usize] = size;
        self.next.swap(a as usize, b as usize);
        true
    }
}
