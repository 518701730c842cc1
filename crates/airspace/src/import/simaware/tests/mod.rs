mod callsigns;
mod elements;
mod real;

use serde_json::{Value, json};

use super::*;
use crate::import::probe::source;

/// A feature with a square of one degree whose south-west corner is at a longitude, on the equator.
fn feature(properties: Value, west: f64) -> Value {
    let east = west + 1.0;
    let ring = json!([[west, 0.0], [east, 0.0], [east, 1.0], [west, 1.0], [west, 0.0]]);
    let geometry = json!({"type": "Polygon", "coordinates": [ring]});
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

fn tracon(id: &str, prefixes: &[&str], suffix: Option<&str>, west: f64) -> Value {
    let mut properties = json!({"id": id, "prefix": prefixes, "name": format!("{id} Approach")});
    if let Some(suffix) = suffix {
        properties["suffix"] = suffix.into();
    }
    feature(properties, west)
}

fn collection(features: &[Value]) -> Value {
    json!({"type": "FeatureCollection", "features": features})
}

/// One file of all features.
fn import(features: &[Value]) -> (Draft, Findings) {
    import_files(&[source("TRACONBoundaries.geojson", collection(features).to_string())])
}

fn import_files(sources: &[Source]) -> (Draft, Findings) {
    let mut findings = Findings::default();
    let draft = read(sources, &mut findings).expect("boundaries");
    (draft, findings)
}

fn left_out(findings: &Findings) -> Vec<(&str, &str)> {
    findings.left_out.iter().map(|it| (&*it.element, &*it.reason)).collect()
}

fn repaired(findings: &Findings) -> Vec<(&str, &str)> {
    findings.repaired.iter().map(|it| (&*it.element, &*it.what)).collect()
}

fn ids(draft: &Draft) -> Vec<&str> {
    draft.sectors.iter().map(|sector| &*sector.id).collect()
}

fn owners(draft: &Draft) -> Vec<String> {
    draft.sectors.iter().map(|sector| sector.owners.join(" ")).collect()
}
