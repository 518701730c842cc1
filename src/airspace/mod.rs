//! Airspace files: GeoJSON in, [`crate::domain::airspace::Airspace`] and a report out.
//!
//! Never decides where a flight is: that is the domain's. A new file format goes here.

/// The built-in airspace, written from public facts and approximate.
pub const AUSTRALIA: &str = include_str!("../../airspace/australia.geojson");
