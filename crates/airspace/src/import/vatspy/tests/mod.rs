mod boundaries;
mod hostile;
mod join;
mod real;
mod rows;

use serde_json::{Value, json};

use super::*;
use crate::import::probe::source;

/// A square of one degree whose south-west corner is at a longitude, on the equator.
fn square(west: f64) -> Value {
    let east = west + 1.0;
    json!([[west, 0.0], [east, 0.0], [east, 1.0], [west, 1.0], [west, 0.0]])
}

fn feature(id: &str, oceanic: &str, west: f64) -> Value {
    json!({
        "type": "Feature",
        "properties": {"id": id, "oceanic": oceanic, "region": null, "division": "VATTEST"},
        "geometry": {"type": "MultiPolygon", "coordinates": [[square(west)]]},
    })
}

fn collection(features: &[Value]) -> String {
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

fn import(rows: impl Into<Vec<u8>>, boundaries: impl Into<Vec<u8>>) -> (Draft, Findings) {
    let mut findings = Findings::default();
    let sources = [source("VATSpy.dat", rows), source("Boundaries.geojson", boundaries)];
    let draft = read(&sources, &mut findings).expect("boundaries");
    (draft, findings)
}

/// What was left out: the element and why.
fn left_out(findings: &Findings) -> Vec<(&str, &str)> {
    findings.left_out.iter().map(|it| (&*it.element, &*it.reason)).collect()
}

fn repaired(findings: &Findings) -> Vec<(&str, &str)> {
    findings.repaired.iter().map(|it| (&*it.element, &*it.what)).collect()
}

fn ids(draft: &Draft) -> Vec<&str> {
    draft.sectors.iter().map(|sector| &*sector.id).collect()
}

fn owners<'a>(draft: &'a Draft, sector: &str) -> Vec<&'a str> {
    let sector = draft.sectors.iter().find(|it| it.id == sector).expect("a sector");
    sector.owners.iter().map(String::as_str).collect()
}
