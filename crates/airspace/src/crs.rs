//! The coordinate reference system of a file: longitude before latitude, or none.

use serde_json::Value;

/// The warning for EPSG:4326, which by its definition has latitude first.
pub(super) const LATITUDE_FIRST: &str =
    "its `crs` is EPSG:4326; positions are read longitude first, as in all GeoJSON: leave it out";

/// The order in which positions are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Crs {
    /// No system is given, or the one of GeoJSON.
    Crs84,
    /// WGS 84 under the name that puts latitude first, although nobody means that.
    Epsg4326,
}

/// Reads a member `crs`, which RFC 7946 no longer has.
///
/// # Errors
/// The given system, if it is any other.
pub(super) fn read(crs: Option<&Value>) -> Result<Crs, String> {
    let Some(crs) = crs.filter(|crs| !crs.is_null()) else {
        return Ok(Crs::Crs84);
    };
    known(crs).ok_or_else(|| name(crs).map_or_else(|| crs.to_string(), str::to_owned))
}

fn known(crs: &Value) -> Option<Crs> {
    if crs["type"] == "EPSG" {
        // The form of 2007: a number beside its authority.
        let code = &crs["properties"]["code"];
        return (*code == 4326 || *code == "4326").then_some(Crs::Epsg4326);
    }
    let name = name(crs)?.to_ascii_uppercase();
    let words: Vec<&str> = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    match *words.last()? {
        "CRS84" => Some(Crs::Crs84),
        "EPSG4326" => Some(Crs::Epsg4326),
        "4326" if words.contains(&"EPSG") => Some(Crs::Epsg4326),
        _ => None,
    }
}

/// `urn:ogc:def:crs:OGC:1.3:CRS84` of `{"type": "name", "properties": {"name": …}}`, or a bare text.
fn name(crs: &Value) -> Option<&str> {
    crs.as_str().or_else(|| crs["properties"]["name"].as_str())
}
