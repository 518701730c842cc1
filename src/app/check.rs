//! `check-airspace FILE`.

use std::path::Path;

use crate::airspace;

/// Prints what the file holds, what was repaired, and what to look at.
pub fn airspace(file: &Path) -> anyhow::Result<()> {
    let (_, report) = airspace::load(Some(file))?;
    println!("{report}");
    Ok(())
}
