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
};

/// The resolution of coordinates, in parts of a degree.
const PARTS: f64 = 1e7;

/// 12 hexadecimal digits that identify the contents of an airspace.
pub(super) fn revision(
    boundary: &[Polygon],
    sectors: &[Sector],
    transition_altitude_ft: Option<f64>,
) -> String {
    let sectors: Vec<Value> = sectors.iter().map(sector).collect();
    let all = json!([polygons(boundary), sectors, transition_altitude_ft.map(feet)]);
    let digest = Sha256::digest(all.to_string());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The normal form of a sector with everything that a file can define.
pub(super) fn sector(sector: &Sector) -> Value {
    let Sector { id, name, callsigns, frequency, group, volumes } = sector;
    let volumes: Vec<Value> = volumes.iter().map(volume).collect();
    json!([**id, name, callsigns, frequency, group, volumes])
}

fn volume(volume: &Volume) -> Value {
    let (floor_ft, ceiling_ft) = (volume.floor_ft.map(feet), volume.ceiling_ft.map(feet));
    json!([floor_ft, ceiling_ft, polygons(&volume.polygons)])
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
