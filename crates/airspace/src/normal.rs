//! The normal form of an airspace, which is compared and digested.
//!
//! It is independent of white space, the order of keys, the spelling of numbers, the start and direction of a
//! ring, and repeated points. It must never change for existing contents, because the revision is stored with
//! every visit.

use std::cmp::Ordering;

use geo::Coord;
use serde::Serialize;
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
    let mut all = vec![
        polygons(&contents.boundary),
        list(contents.sectors.iter().map(sector)),
        json(&contents.transition_altitude_ft.map(feet)),
    ];
    // What files did not say before stands behind the rest, so that older files keep their revision.
    all.extend(contents.positions.iter().filter(|file| !file.positions.is_empty()).map(|file| {
        let positions = list(file.positions.iter().map(position));
        list([json(&file.cut_hyphen), positions])
    }));
    let digest = Sha256::digest(list(all));
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// A digest of all that a file can say of a sector.
pub(super) fn of_sector(sector: &Sector) -> [u8; 32] {
    Sha256::digest(self::sector(sector)).into()
}

/// One position with all that decides whom it is staffed by.
fn position(position: &Position) -> String {
    let Position { id, prefixes, suffix, frequency_hz } = position;
    json(&(id, prefixes, suffix, frequency_hz))
}

fn sector(sector: &Sector) -> String {
    let Sector { id, name, callsigns, frequency, group, volumes, .. } = sector;
    let mut all = vec![
        json(&**id),
        json(name),
        json(callsigns),
        json(frequency),
        json(group),
        list(volumes.iter().map(volume)),
    ];
    let Sector { owners, kind, airports, capacity, .. } = sector;
    if !owners.is_empty() || kind.is_some() || !airports.is_empty() || capacity.is_some() {
        all.push(json(&(owners, kind, airports, capacity)));
    }
    list(all)
}

fn volume(volume: &Volume) -> String {
    let Volume { floor_ft, ceiling_ft, polygons: shape, active_when } = volume;
    let mut all = vec![json(&floor_ft.map(feet)), json(&ceiling_ft.map(feet)), polygons(shape)];
    all.extend(active_when.as_deref().map(json));
    list(all)
}

/// Without the sign of zero.
fn feet(feet: f64) -> f64 {
    feet + 0.0
}

fn polygons(polygons: &[Polygon]) -> String {
    list(
        polygons.iter().map(|polygon| {
            list(std::iter::once(&polygon.exterior).chain(&polygon.holes).map(ring))
        }),
    )
}

/// The vertices from the least one on, in the direction that gives the lesser list.
fn ring(ring: &Ring) -> String {
    let mut vertices: Vec<[i64; 2]> = ring.vertices().iter().map(parts).collect();
    vertices.dedup();
    while vertices.len() > 1 && vertices.first() == vertices.last() {
        vertices.pop();
    }
    let mut backwards: Vec<[i64; 2]> = vertices.iter().rev().copied().collect();
    for way in [&mut vertices, &mut backwards] {
        let start = least_start(way);
        way.rotate_left(start);
    }
    json(&vertices.min(backwards))
}

/// Where the least of all rotations of a list begins. A ring may pass its least vertex more than once, and each time go
/// on alike for long: of two starts that are alike so far, the one that is greater is never better later.
fn least_start(vertices: &[[i64; 2]]) -> usize {
    let number = vertices.len();
    let at = |start: usize, step: usize| vertices[(start + step) % number];
    let (mut one, mut other, mut same) = (0, 1, 0);
    while one < number && other < number && same < number {
        match at(one, same).cmp(&at(other, same)) {
            Ordering::Equal => {
                same += 1;
                continue;
            }
            Ordering::Greater => one += same + 1,
            Ordering::Less => other += same + 1,
        }
        other += usize::from(one == other);
        same = 0;
    }
    one.min(other)
}

/// A millionth of a degree has ten parts, so that rounding of the last bits has no effect.
fn parts(vertex: &Coord) -> [i64; 2] {
    // Degrees are within ±360, so that nothing is cut.
    [vertex.x, vertex.y].map(|degrees| (degrees * PARTS).round() as i64)
}

/// Text, not values: those of a large airspace would not fit into memory.
fn json<T: Serialize + ?Sized>(value: &T) -> String {
    // Texts, numbers and lists of them can always be written.
    serde_json::to_string(value).unwrap_or_default()
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    format!("[{}]", items.join(","))
}
