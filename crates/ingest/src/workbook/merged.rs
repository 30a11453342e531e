//! Merged cells, row by row: where a region lies in a row, and what its first cell says.

use std::iter::Peekable;
use std::vec::IntoIter;

use matricule_record::Cells;

use super::outline::Region;
use crate::sheet_row::Span;

/// The merged regions of a sheet while its rows go by.
#[derive(Default)]
pub(crate) struct Merged {
    coming: Option<Peekable<IntoIter<Region>>>,
    open: Vec<(Region, String)>,
    /// Regions in one row at most; as they do not overlap, there are no more than columns.
    most: usize,
}

impl Merged {
    /// For regions in the order of their first rows.
    pub fn new(regions: Vec<Region>, columns: u64) -> Self {
        let most = usize::try_from(columns).unwrap_or(usize::MAX);
        Self { coming: Some(regions.into_iter().peekable()), open: Vec::new(), most }
    }

    /// The regions that lie in a row, from the left. Rows come in order.
    pub fn spans(&mut self, row: u32, cells: &Cells) -> Vec<Span> {
        let Some(coming) = &mut self.coming else { return Vec::new() };
        self.open.retain(|(region, _)| region.rows.1 >= row);
        while let Some(region) = coming.next_if(|region| region.rows.0 <= row) {
            if region.rows.1 >= row && self.open.len() < self.most {
                let begins = region.rows.0 == row;
                let text = if begins { cells.get(region.columns.0 as usize).text } else { "" };
                self.open.push((region, text.to_owned()));
            }
        }
        let mut spans: Vec<Span> = self.open.iter().map(|(region, text)| span(region, text, row)).collect();
        spans.sort_unstable_by_key(|span| span.first);
        spans
    }
}

fn span(region: &Region, text: &str, row: u32) -> Span {
    let (first, last) = region.columns;
    let text = if region.rows.0 == row { "" } else { text };
    Span { first, last, top: region.rows.0 + 1, text: text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_says_in_each_row_what_its_first_cell_says() {
        let region = |rows, columns| Region { rows, columns };
        let mut merged = Merged::new(vec![region((0, 2), (1, 1)), region((1, 1), (2, 4))], 10);
        let mut spans = |row, texts: &[&str]| {
            let found = merged.spans(row, &Cells::from_texts(texts.iter().copied()));
            found
                .iter()
                .map(|span| (span.first, span.last, span.top, span.text.to_string()))
                .collect::<Vec<_>>()
        };
        assert_eq!(spans(0, &["a", "b"]), [(1, 1, 1, String::new())]);
        assert_eq!(spans(1, &["", "", "c"]), [(1, 1, 1, "b".to_owned()), (2, 4, 2, String::new())]);
        assert_eq!(spans(2, &["x"]), [(1, 1, 1, "b".to_owned())]);
        assert_eq!(spans(3, &["x"]), []);
    }
}
