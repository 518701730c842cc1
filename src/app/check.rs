//! `check-airspace FILE`.

use std::path::Path;

use crate::{airspace, cli};

/// Prints what the file holds, what was repaired, and what to look at.
pub fn airspace(file: &Path) -> anyhow::Result<()> {
    let (_, report) = airspace::load(Some(file))?;
    cli::print(&format!("{report}\n"));
    Ok(())
}
