//! `import-airspace` and `check-airspace`, as people type them.

mod download;
mod drawing;
mod joins;
mod written;

use std::path::Path;

use serde_json::Value;

use crate::support::service::{Ended, Setup};

/// Runs a command to its end.
fn run(arguments: &[&str]) -> Ended {
    Setup::bare(arguments).run()
}

/// The path of a file as an argument.
fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The report of `--report json`.
fn report(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stderr).unwrap_or_else(|error| panic!("{error}: {}", ended.stderr))
}
