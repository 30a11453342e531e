//! Bars, for numbers that a person would rather look at than read.

use crate::print::{grouped, percent};

/// Pixels of the longest bar.
const WIDTH: u64 = 240;
/// Characters of a label beside its bar.
const LABEL: usize = 28;

/// A chart of horizontal bars.
pub(super) struct Chart {
    pub id: &'static str,
    pub title: &'static str,
    pub bars: Vec<Bar>,
}

pub(super) struct Bar {
    pub label: String,
    pub short: String,
    pub shown: String,
    pub width: u64,
}

impl Chart {
    /// A chart; `None` where there is nothing to show.
    pub fn of(id: &'static str, title: &'static str, counts: Vec<(String, u64)>) -> Option<Self> {
        let most = counts.iter().map(|(_, count)| *count).max().filter(|most| *most > 0)?;
        let bar = |(label, count): (String, u64)| Bar {
            short: shortened(&label),
            label,
            shown: grouped(count),
            width: (count * WIDTH).div_ceil(most),
        };
        Some(Self { id, title, bars: counts.into_iter().map(bar).collect() })
    }

    /// A chart of shares of a whole, shown in percent; `None` where there is no whole.
    pub fn of_shares(id: &'static str, title: &'static str, shares: Vec<(String, f64)>) -> Option<Self> {
        if shares.is_empty() {
            return None;
        }
        let bar = |(label, share): (String, f64)| Bar {
            short: shortened(&label),
            label,
            shown: percent(share),
            width: pixels(share),
        };
        Some(Self { id, title, bars: shares.into_iter().map(bar).collect() })
    }

    pub fn height(&self) -> usize {
        self.bars.len() * 24
    }
}

#[expect(clippy::cast_sign_loss, reason = "a share is between 0 and 1")]
fn pixels(share: f64) -> u64 {
    (share * WIDTH as f64).ceil() as u64
}

/// The largest counts, the largest first, and the sum of all others.
pub(super) fn largest(mut counts: Vec<(String, u64)>, most: usize, others: &str) -> Vec<(String, u64)> {
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    if counts.len() > most {
        let rest: u64 = counts.drain(most..).map(|(_, count)| count).sum();
        counts.push((others.to_owned(), rest));
    }
    counts
}

fn shortened(label: &str) -> String {
    if label.chars().count() <= LABEL {
        label.to_owned()
    } else {
        label.chars().take(LABEL - 1).chain(['…']).collect()
    }
}
