//! `check-airspace FILE`.

use std::path::PathBuf;

use crate::cli;
use sectorwatch_airspace as airspace;

/// Prints what the files hold together, what was repaired, and what to look at.
pub fn airspace(files: &[PathBuf]) -> anyhow::Result<()> {
    let (_, report) = airspace::load(files)?;
    cli::print(&format!("{report}\n"));
    Ok(())
}
