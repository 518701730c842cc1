//! The boundary, the sectors, and the sector of a position.

use std::sync::Arc;

use super::{
    geometry::Polygon,
    level::{Level, TRANSITION_ALTITUDE_FT},
};

/// A lateral shape with vertical limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// The parts of the shape. A point in any of them is in the volume.
    pub polygons: Vec<Polygon>,
    /// In feet, inclusive; `None` means no lower limit.
    pub floor_ft: Option<f64>,
    /// In feet, inclusive; `None` means no upper limit.
    pub ceiling_ft: Option<f64>,
}

impl Volume {
    /// Whether the shape contains the point at any altitude.
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        self.polygons.iter().any(|polygon| polygon.contains(latitude, longitude))
    }

    /// Whether the limits contain the level, when both are moved outwards by `margin_ft`.
    pub fn holds(&self, level: Level, margin_ft: f64) -> bool {
        self.floor_ft.is_none_or(|floor| floor - margin_ft <= level.against(floor))
            && self.ceiling_ft.is_none_or(|ceiling| level.against(ceiling) <= ceiling + margin_ft)
    }
}

/// A sector: all volumes with one id. Moving between them is no transition.
#[derive(Debug, Clone, PartialEq)]
pub struct Sector {
    /// The id, which `sector_name` and labels contain.
    pub id: Arc<str>,
    /// The name for display.
    pub name: String,
    /// The callsigns of controllers who staff it.
    pub callsigns: Vec<String>,
    /// The frequency in the file.
    pub frequency: Option<String>,
    /// The group in the file, for display.
    pub group: Option<String>,
    /// The volumes, at least one.
    pub volumes: Vec<Volume>,
}

impl Sector {
    /// The total of all volumes in square degrees. What two of them share counts twice.
    pub fn area(&self) -> f64 {
        self.volumes.iter().flat_map(|volume| &volume.polygons).map(Polygon::area).sum()
    }

    /// Whether one of the volumes contains point and level, with limits moved outwards by `margin_ft`.
    pub fn holds(&self, latitude: f64, longitude: f64, level: Level, margin_ft: f64) -> bool {
        let holds = |volume: &Volume| {
            volume.holds(level, margin_ft) && volume.contains(latitude, longitude)
        };
        self.volumes.iter().any(holds)
    }
}

/// An airspace. It never changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Airspace {
    boundary: Vec<Polygon>,
    sectors: Vec<Sector>,
    smallest_first: Vec<usize>,
    transition_altitude_ft: f64,
    revision: String,
    is_approximate: bool,
}

impl Airspace {
    /// Creates an airspace from `sectors` in file order. Without a `boundary`, the sectors together are the
    /// boundary.
    pub fn new(
        boundary: Vec<Polygon>,
        sectors: Vec<Sector>,
        revision: String,
        is_approximate: bool,
    ) -> Self {
        // In billionths of a square degree, because the area of the same shape from another vertex differs in
        // its last digits, and must still be equal.
        let areas: Vec<f64> = sectors.iter().map(|sector| (sector.area() * 1e9).round()).collect();
        let mut smallest_first: Vec<usize> = (0..sectors.len()).collect();
        smallest_first.sort_by(|&a, &b| areas[a].total_cmp(&areas[b])); // stable: ties by file order
        let transition_altitude_ft = TRANSITION_ALTITUDE_FT;
        Self { boundary, sectors, smallest_first, transition_altitude_ft, revision, is_approximate }
    }

    /// The same airspace with this transition altitude.
    pub fn with_transition_altitude(self, transition_altitude_ft: f64) -> Self {
        Self { transition_altitude_ft, ..self }
    }

    /// Whether the boundary contains the point, including its edges and vertices.
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        if self.boundary.is_empty() {
            let mut volumes = self.sectors.iter().flat_map(|sector| &sector.volumes);
            return volumes.any(|volume| volume.contains(latitude, longitude));
        }
        self.boundary.iter().any(|polygon| polygon.contains(latitude, longitude))
    }

    /// The sector that is recorded: of those that contain the point and the altitude, the one with the
    /// smallest area, then the first in the file. The boundary is not considered.
    pub fn primary_sector(
        &self,
        latitude: f64,
        longitude: f64,
        altitude_ft: i32,
        qnh_mb: Option<i32>,
    ) -> Option<&Arc<str>> {
        self.sectors_at(latitude, longitude, altitude_ft, qnh_mb).next().map(|sector| &sector.id)
    }

    /// All sectors that contain the point and the altitude, the recorded one first.
    pub fn sectors_at(
        &self,
        latitude: f64,
        longitude: f64,
        altitude_ft: i32,
        qnh_mb: Option<i32>,
    ) -> impl Iterator<Item = &Sector> {
        let level = self.level(altitude_ft, qnh_mb);
        self.smallest_first().filter(move |sector| sector.holds(latitude, longitude, level, 0.0))
    }

    /// Whether a flight in sector `id` that is exactly in none of its volumes stays in it, because it is at
    /// most `hysteresis_ft` above or below one.
    pub fn nearly_holds(
        &self,
        id: &str,
        (latitude, longitude): (f64, f64),
        level: Level,
        hysteresis_ft: f64,
    ) -> bool {
        let sector = self.sectors.iter().find(|sector| *sector.id == *id);
        sector.is_some_and(|sector| {
            !sector.holds(latitude, longitude, level, 0.0)
                && sector.holds(latitude, longitude, level, hysteresis_ft)
        })
    }

    /// The level of a flight in this airspace.
    pub fn level(&self, altitude_ft: i32, qnh_mb: Option<i32>) -> Level {
        Level::new(altitude_ft, qnh_mb, self.transition_altitude_ft)
    }

    /// In feet. Limits up to it are altitudes, higher ones flight levels.
    pub fn transition_altitude_ft(&self) -> f64 {
        self.transition_altitude_ft
    }

    /// The sectors in the order of preference: by area, then by file order.
    pub fn smallest_first(&self) -> impl Iterator<Item = &Sector> {
        self.smallest_first.iter().map(|&index| &self.sectors[index])
    }

    /// The sectors in file order.
    pub fn sectors(&self) -> &[Sector] {
        &self.sectors
    }

    /// The boundary's polygons; empty when the sectors together are the boundary.
    pub fn boundary(&self) -> &[Polygon] {
        &self.boundary
    }

    /// 12 hexadecimal digits that identify the contents of the files.
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// Whether the file declares itself approximate.
    pub fn is_approximate(&self) -> bool {
        self.is_approximate
    }
}

#[cfg(test)]
mod tests;
