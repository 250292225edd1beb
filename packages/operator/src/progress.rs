//! A bar on the terminal, nothing elsewhere.

use indicatif::{ProgressBar, ProgressStyle};

/// Shows how far long work is; hidden when standard error is no terminal.
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar of so many of something.
    pub fn of(count: usize, what: &str) -> Self {
        let bar = ProgressBar::new(u64::try_from(count).unwrap_or(u64::MAX));
        let template = format!("{{bar:40}} {{pos}}/{{len}} {what}, {{eta}} left");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        Progress(bar)
    }

    /// So many more are done.
    pub fn advance(&self, count: usize) {
        self.0.inc(u64::try_from(count).unwrap_or(u64::MAX));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
