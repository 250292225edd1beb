//! A bar on the terminal, nothing elsewhere.

use indicatif::{ProgressBar, ProgressStyle};

/// Shows how far a run is; hidden when standard error is no terminal.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar of so many blocks.
    pub fn new(blocks: u32) -> Self {
        Self::of(blocks, "blocks")
    }

    /// A bar of so many of something.
    pub fn of(count: u32, what: &str) -> Self {
        let bar = ProgressBar::new(u64::from(count));
        let template = format!("{{msg:<24}} {{bar:40}} {{pos}}/{{len}} {what}, {{eta}} left");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// A hidden bar.
    #[cfg(test)]
    pub fn hidden() -> Self {
        Self {
            bar: ProgressBar::hidden(),
        }
    }

    /// Says what goes on now.
    pub fn says(&self, what: &'static str) {
        self.bar.set_message(what);
        self.bar.tick();
    }

    /// One more block, or whatever is counted, is done.
    pub fn block(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
