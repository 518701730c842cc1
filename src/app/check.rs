//! `check-airspace FILE`.

use std::path::PathBuf;

use crate::cli;
use sectorwatch_airspace as airspace;

/// Prints what the files contain together, what was repaired, and the warnings.
pub fn airspace(files: &[PathBuf]) -> anyhow::Result<()> {
    let (_, report) = airspace::load(files)?;
    cli::print(&format!("{report}\n"));
    Ok(())
}
