//! The progress bar of a long command.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};

/// What a long command counts.
#[derive(Debug, Clone, Copy)]
pub enum Unit {
    Rows,
    Snapshots,
}

/// A progress bar for this many of them. It is hidden if standard error is not a terminal.
pub fn progress_bar(total: u64, unit: Unit) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = match unit {
        Unit::Rows => "{bar:40} {human_pos}/{human_len} rows, {eta} left",
        Unit::Snapshots => "{bar:40} {pos}/{len} snapshots, {eta} left",
    };
    let bar = ProgressBar::new(total);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
