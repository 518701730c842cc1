//! The progress bar of a long command.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar for this number of snapshots. It is hidden if standard error is not a terminal.
pub fn progress_bar(snapshots: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} snapshots, {eta} left");
    let bar = ProgressBar::new(snapshots as u64);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
