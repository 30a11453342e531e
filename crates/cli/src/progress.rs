//! Progress on a terminal: one line for the total, one for the file at hand. Silent elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use matricule_pipeline::{Progress, Watch};

/// The bars, and the wish to stop.
pub(crate) struct Bars {
    total: ProgressBar,
    file: ProgressBar,
    rows: AtomicU64,
    interrupted: Arc<AtomicBool>,
}

impl Bars {
    /// Bars on standard error; Ctrl-C asks the run to stop.
    pub fn new() -> anyhow::Result<Self> {
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;
        let bars = MultiProgress::new();
        let total = bars.add(ProgressBar::no_length());
        total.set_style(ProgressStyle::with_template(
            "{elapsed_precise} {bar:30} {percent}% of {total_bytes}  {msg}",
        )?);
        let file = bars.add(ProgressBar::new_spinner());
        file.set_style(ProgressStyle::with_template("{spinner} {msg}")?);
        Ok(Self { total, file, rows: AtomicU64::new(0), interrupted })
    }

    /// Takes the bars away.
    pub fn clear(&self) {
        self.file.finish_and_clear();
        self.total.finish_and_clear();
    }
}

impl Watch for Bars {
    fn progress(&self, progress: Progress<'_>) {
        match progress {
            Progress::Started { bytes, .. } => {
                self.total.set_length(bytes);
                self.file.enable_steady_tick(Duration::from_millis(120));
            }
            Progress::File { path } => {
                self.file.set_message(format!("reading {}", matricule_text::visible(path)));
            }
            Progress::Rows(rows) => {
                let rows = self.rows.fetch_add(rows, Ordering::Relaxed) + rows;
                self.total.set_message(format!("{rows} rows"));
            }
            Progress::FileDone { bytes } => self.total.inc(bytes),
            Progress::Resolving => self.file.set_message("looking for duplicates"),
            Progress::Publishing => self.file.set_message("publishing"),
        }
    }

    fn tell(&self, text: &str) {
        self.total.suspend(|| eprintln!("matricule: {text}"));
    }

    fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}
