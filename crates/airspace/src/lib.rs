//! Reads airspace files: GeoJSON in, [`sectorwatch_core::airspace::Airspace`] and a report out.
//!
//! It does not decide where a flight is; the core does. Add a member of a collection in `collection.rs`, a
//! property of a feature in `feature.rs`, a repair in `ring.rs`, a warning in `survey.rs`, a file format in a
//! file of its own. `normal.rs` defines when two airspaces are the same.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

mod collection;
mod crs;
mod error;
mod feature;
mod files;
pub mod import;
pub mod lookup;
mod normal;
mod owners;
mod positions;
mod report;
mod ring;
mod shapes;
mod survey;
mod visible;

use std::{
    fs,
    path::{Path, PathBuf},
};

use sectorwatch_core::{airspace::Airspace, positions::Positions};

pub use error::{AirspaceError, FeatureFault};
pub use report::Report;

use collection::Contents;
use files::Joined;
use report::Notes;

/// The built-in airspace, approximate, from public facts.
pub const AUSTRALIA: &str = include_str!("../../../airspace/australia.geojson");

/// The files that [`load`] reads: those named, with the files of each folder in its place.
///
/// # Errors
///
/// A folder that cannot be read, or that has no airspace file.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, AirspaceError> {
    files::named(paths)
}

/// Reads airspace files and folders as one airspace; without a path, the built-in one.
///
/// # Errors
///
/// The error names the file, the feature and the reason.
pub fn load(paths: &[PathBuf]) -> Result<(Airspace, Report), AirspaceError> {
    match &files::named(paths)?[..] {
        [] => parse(AUSTRALIA),
        [file] => Ok(build(read(file)?)),
        files => {
            let mut joined = Joined::default();
            for file in files {
                joined.add(file, read(file)?)?;
            }
            Ok(build(joined.contents))
        }
    }
}

/// Parses the text of an airspace file.
///
/// # Errors
///
/// The error names the feature and the reason.
pub fn parse(text: &str) -> Result<(Airspace, Report), AirspaceError> {
    Contents::read(text).map(build)
}

fn read(file: &Path) -> Result<Contents, AirspaceError> {
    let text = fs::read_to_string(file).map_err(AirspaceError::Unreadable);
    text.and_then(|text| Contents::read(&text)).map_err(|source| source.of(file))
}

fn build(contents: Contents) -> (Airspace, Report) {
    let (airspace, notes) = airspace(contents);
    let report = Report::new(&airspace, notes);
    (airspace, report)
}

fn airspace(mut contents: Contents) -> (Airspace, Notes) {
    let revision = normal::revision(&contents);
    owners::settle(&mut contents);
    let Contents { boundary, sectors, positions, transition_altitude_ft, is_approximate, notes } =
        contents;
    let airspace = Airspace::new(boundary, sectors, revision, is_approximate)
        .with_positions(Positions::new(positions));
    match transition_altitude_ft {
        Some(ft) => (airspace.with_transition_altitude(ft), notes),
        None => (airspace, notes),
    }
}

#[cfg(test)]
mod tests;
