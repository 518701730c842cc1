//! The normal form of an airspace, which is compared and digested.
//!
//! It is independent of white space, the order of keys, the spelling of numbers, the start and direction of a
//! ring, and repeated points. It must never change for existing contents, because the revision is stored with
//! every visit.

use geo::Coord;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use sectorwatch_core::{
    airspace::{Sector, Volume},
    geometry::{Polygon, Ring},
    positions::Position,
};

use super::collection::Contents;

/// Parts of a degree that make a difference.
const PARTS: f64 = 1e7;

/// 12 hex digits that name what an airspace holds.
pub(super) fn revision(contents: &Contents) -> String {
    let sectors: Vec<Value> = contents.sectors.iter().map(sector).collect();
    let transition_altitude = contents.transition_altitude_ft.map(feet);
    let mut all = vec![polygons(&contents.boundary), sectors.into(), json!(transition_altitude)];
    // What files did not say before stands behind the rest, so that older files keep their revision.
    all.extend(contents.positions.iter().filter(|file| !file.positions.is_empty()).map(|file| {
        let positions: Vec<Value> = file.positions.iter().map(position).collect();
        json!([file.cut_hyphen, positions])
    }));
    let digest = Sha256::digest(Value::from(all).to_string());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// One position with all that decides whom it is staffed by.
pub(super) fn position(position: &Position) -> Value {
    let Position { id, prefixes, suffix, frequency_hz } = position;
    json!([id, prefixes, suffix, frequency_hz])
}

/// One sector with all that a file can say of it.
pub(super) fn sector(sector: &Sector) -> Value {
    let Sector { id, name, callsigns, frequency, group, volumes, .. } = sector;
    let volumes: Vec<Value> = volumes.iter().map(volume).collect();
    let mut all = vec![
        json!(**id),
        json!(name),
        json!(callsigns),
        json!(frequency),
        json!(group),
        volumes.into(),
    ];
    let Sector { owners, kind, airports, capacity, .. } = sector;
    if !owners.is_empty() || kind.is_some() || !airports.is_empty() || capacity.is_some() {
        all.push(json!([owners, kind, airports, capacity]));
    }
    all.into()
}

fn volume(volume: &Volume) -> Value {
    let Volume { floor_ft, ceiling_ft, polygons: shape, active_when } = volume;
    let mut all = vec![json!(floor_ft.map(feet)), json!(ceiling_ft.map(feet)), polygons(shape)];
    all.extend(active_when.as_deref().map(Value::from));
    all.into()
}

/// Without the sign of zero.
fn feet(feet: f64) -> f64 {
    feet + 0.0
}

fn polygons(polygons: &[Polygon]) -> Value {
    let rings = |polygon: &Polygon| -> Value {
        std::iter::once(&polygon.exterior).chain(&polygon.holes).map(ring).collect()
    };
    polygons.iter().map(rings).collect()
}

/// The vertices from the least one on, in the direction that gives the lesser list.
fn ring(ring: &Ring) -> Value {
    let mut vertices: Vec<[i64; 2]> = ring.vertices().iter().map(parts).collect();
    vertices.dedup();
    while vertices.len() > 1 && vertices.first() == vertices.last() {
        vertices.pop();
    }
    let backwards: Vec<[i64; 2]> = vertices.iter().rev().copied().collect();
    let ways = [vertices, backwards];
    json!(ways.iter().filter_map(|way| least(way)).min())
}

/// A ring may pass its least vertex more than once.
fn least(vertices: &[[i64; 2]]) -> Option<Vec<[i64; 2]>> {
    let least = vertices.iter().min()?;
    let starts = (0..vertices.len()).filter(|&index| vertices[index] == *least);
    starts.map(|start| [&vertices[start..], &vertices[..start]].concat()).min()
}

/// A millionth of a degree has ten parts, so that rounding of the last bits has no effect.
fn parts(vertex: &Coord) -> [i64; 2] {
    // Degrees are within ±360, so that nothing is cut.
    [vertex.x, vertex.y].map(|degrees| (degrees * PARTS).round() as i64)
}
