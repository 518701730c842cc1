//! Airspace files: GeoJSON in, [`crate::domain::airspace::Airspace`] and a report out.
//!
//! Never decides where a flight is: that is the domain's. A new property of a feature goes into
//! `feature.rs`, a new repair into `ring.rs`, a new finding into `survey.rs`; a new file format
//! gets a file of its own.

mod error;
mod feature;
mod report;
mod ring;
mod survey;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::domain::airspace::{Airspace, Sector, Volume};
use crate::domain::geometry::Polygon;
use crate::domain::staffing::position;

pub use error::{AirspaceError, FeatureFault};
pub use report::Report;

use feature::{Role, SectorPart};
use report::Counts;

/// The built-in airspace, written from public facts and approximate.
pub const AUSTRALIA: &str = include_str!("../../airspace/australia.geojson");

/// Reads an airspace file; without a path, the built-in one.
///
/// # Errors
///
/// Names the file, the feature and the reason.
pub fn load(path: Option<&Path>) -> Result<(Airspace, Report), AirspaceError> {
    let Some(path) = path else {
        return parse(AUSTRALIA);
    };
    let read = fs::read_to_string(path).map_err(AirspaceError::Unreadable);
    read.and_then(|text| parse(&text))
        .map_err(|source| AirspaceError::File { path: path.to_owned(), source: Box::new(source) })
}

/// Reads the text of an airspace file.
///
/// # Errors
///
/// Names the feature and the reason.
pub fn parse(text: &str) -> Result<(Airspace, Report), AirspaceError> {
    let mut counts = Counts::default();
    let mut repairs = Vec::new();
    let mut boundary: Option<(usize, Vec<Polygon>)> = None;
    let mut sectors: Vec<Sector> = Vec::new();
    let collection = collection(text)?;
    for (index, raw) in collection.features.iter().enumerate() {
        let feature = feature::parse(index, raw)?;
        counts.add(&feature.polygons);
        repairs.extend(feature.repairs.summary().map(|what| format!("{}: {what}", feature.label)));
        match feature.role {
            Role::Sector(part) => add_volume(&mut sectors, part, feature.polygons),
            Role::Boundary => {
                if let Some((first, _)) = boundary {
                    let fault = FeatureFault::SecondBoundary { first };
                    return Err(AirspaceError::Feature { feature: feature.label, fault });
                }
                boundary = Some((index, feature.polygons));
            }
        }
    }
    if boundary.is_none() && sectors.is_empty() {
        return Err(AirspaceError::Empty);
    }
    let boundary = boundary.map(|(_, polygons)| polygons).unwrap_or_default();
    let airspace = Airspace::new(boundary, sectors, revision(text), collection.approximate);
    let airspace = match collection.transition_altitude_ft {
        Some(ft) => airspace.with_transition_altitude(ft),
        None => airspace,
    };
    let report = Report::new(&airspace, counts, repairs);
    Ok((airspace, report))
}

#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(borrow)]
    features: Vec<&'a RawValue>,
    #[serde(default)]
    approximate: bool,
    transition_altitude_ft: Option<f64>,
}

/// The features are left raw, so that one that cannot be read is named by its index.
fn collection(text: &str) -> Result<Collection<'_>, AirspaceError> {
    #[derive(Deserialize)]
    struct Kind {
        #[serde(rename = "type")]
        kind: String,
    }
    let text = text.trim_start_matches('\u{feff}');
    let _: &RawValue = serde_json::from_str(text).map_err(AirspaceError::NotJson)?;
    let kind = serde_json::from_str(text).map(|Kind { kind }| kind);
    if kind.is_ok_and(|kind| kind == "FeatureCollection") {
        serde_json::from_str(text).map_err(AirspaceError::Collection)
    } else {
        Err(AirspaceError::NotFeatureCollection)
    }
}

/// Features of one id are volumes of one sector; what the first leaves out, a later one may say.
fn add_volume(sectors: &mut Vec<Sector>, part: SectorPart, polygons: Vec<Polygon>) {
    let volume = Volume { polygons, floor_ft: part.floor_ft, ceiling_ft: part.ceiling_ft };
    let Some(sector) = sectors.iter_mut().find(|sector| *sector.id == *part.id) else {
        let mut sector = Sector {
            name: part.name.unwrap_or_else(|| part.id.clone()),
            id: Arc::from(part.id),
            callsigns: Vec::new(),
            frequency: part.frequency,
            group: part.group,
            volumes: vec![volume],
        };
        add_callsigns(&mut sector, part.callsigns);
        sectors.push(sector);
        return;
    };
    if let Some(name) = part.name.filter(|_| *sector.name == *sector.id) {
        sector.name = name;
    }
    add_callsigns(sector, part.callsigns);
    sector.frequency = sector.frequency.take().or(part.frequency);
    sector.group = sector.group.take().or(part.group);
    sector.volumes.push(volume);
}

/// One of each position, as it is spelt first.
fn add_callsigns(sector: &mut Sector, callsigns: Vec<String>) {
    for callsign in callsigns {
        let is_known = |known: &String| position(known) == position(&callsign);
        if !sector.callsigns.iter().any(is_known) {
            sector.callsigns.push(callsign);
        }
    }
}

/// FNV-1a of the text, written out because it is stored with every visit and must never change
/// with a compiler or a library.
fn revision(text: &str) -> String {
    let digest = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{:012x}", digest >> 16)
}

#[cfg(test)]
mod tests;
