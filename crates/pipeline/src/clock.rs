//! Where the time goes, stage by stage, for `--timings`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use matricule_report::StageTime;

/// The parts of a run whose time is taken. Stages on several threads add up the time of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Ingest,
    Standardize,
    Transliterate,
    Link,
    Prepare,
    Load,
    Resolve,
    Report,
    Publish,
}

const NAMES: [&str; 9] =
    ["ingest", "standardize", "transliterate", "link", "prepare", "load", "resolve", "report", "publish"];

/// Nanoseconds by part.
#[derive(Debug, Default)]
pub(crate) struct Clock([AtomicU64; 9]);

impl Clock {
    /// Does something and takes its time.
    pub fn time<T>(&self, part: Part, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.0[part as usize].fetch_add(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
        result
    }

    /// Waits for somebody else in the midst of a part, whose time that is not.
    pub fn pause<T>(&self, part: Part, wait: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = wait();
        self.0[part as usize].fetch_sub(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
        result
    }

    /// Seconds by part, in the order of the flow.
    pub fn times(&self) -> Vec<StageTime> {
        let seconds = |nanoseconds: &AtomicU64| nanoseconds.load(Ordering::Relaxed) as f64 / 1e9;
        NAMES
            .iter()
            .zip(&self.0)
            .map(|(name, time)| StageTime { stage: (*name).to_owned(), seconds: seconds(time) })
            .collect()
    }
}
