//! How far a long command is, for who looks at a terminal.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar of so many snapshots; nothing where standard error is no terminal.
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
