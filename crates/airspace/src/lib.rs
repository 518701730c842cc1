//! Airspace files: GeoJSON in, [`sectorwatch_core::airspace::Airspace`] and a report out.
//!
//! Never decides where a flight is: that is the domain's. A new member of a collection goes into
//! `collection.rs`, a new property of a feature into `feature.rs`, a new repair into `ring.rs`, a new
//! finding into `survey.rs`; a new file format gets a file of its own. What makes two airspaces the
//! same is in `normal.rs`.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]

mod collection;
mod crs;
mod error;
mod feature;
mod files;
pub mod import;
mod normal;
mod positions;
mod report;
mod ring;
mod shapes;
mod survey;

use std::{
    fs,
    path::{Path, PathBuf},
};

use sectorwatch_core::airspace::Airspace;

pub use error::{AirspaceError, FeatureFault};
pub use report::Report;

use collection::Contents;
use files::Joined;
use report::Notes;

/// The built-in airspace, written from public facts and approximate.
pub const AUSTRALIA: &str = include_str!("../../../airspace/australia.geojson");

/// Reads airspace files, and folders of them, as one airspace; without any path, the built-in one.
///
/// # Errors
///
/// Names the file, the feature and the reason.
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

/// Reads the text of an airspace file.
///
/// # Errors
///
/// Names the feature and the reason.
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

fn airspace(contents: Contents) -> (Airspace, Notes) {
    let Contents { boundary, sectors, transition_altitude_ft, is_approximate, notes } = contents;
    let revision = normal::revision(&boundary, &sectors, transition_altitude_ft);
    let airspace = Airspace::new(boundary, sectors, revision, is_approximate);
    match transition_altitude_ft {
        Some(ft) => (airspace.with_transition_altitude(ft), notes),
        None => (airspace, notes),
    }
}

#[cfg(test)]
mod tests;
