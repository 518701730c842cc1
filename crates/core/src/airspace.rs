//! The boundary and the sectors, and which sector a flight is in.

use std::sync::Arc;

use super::{
    geometry::Polygon,
    level::{Level, TRANSITION_ALTITUDE_FT},
};

/// One lateral shape with its limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// Parts of the shape; a point in any of them is in the volume.
    pub polygons: Vec<Polygon>,
    /// Feet, inclusive; `None` has no lower limit.
    pub floor_ft: Option<f64>,
    /// Feet, inclusive; `None` has no upper limit.
    pub ceiling_ft: Option<f64>,
}

impl Volume {
    /// Whether the shape holds the point, whatever the altitude.
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        self.polygons.iter().any(|polygon| polygon.contains(latitude, longitude))
    }

    /// Whether the limits hold the level, whatever the point, when each is moved outwards by
    /// `margin_ft`.
    pub fn holds(&self, level: Level, margin_ft: f64) -> bool {
        self.floor_ft.is_none_or(|floor| floor - margin_ft <= level.against(floor))
            && self.ceiling_ft.is_none_or(|ceiling| level.against(ceiling) <= ceiling + margin_ft)
    }
}

/// One sector: all the volumes of one id. Moving between them is no transition.
#[derive(Debug, Clone, PartialEq)]
pub struct Sector {
    /// What `sector_name` and every label hold.
    pub id: Arc<str>,
    /// The name that people read.
    pub name: String,
    /// Controllers who can staff it.
    pub callsigns: Vec<String>,
    /// As the file states it.
    pub frequency: Option<String>,
    /// What the file puts it with, for display.
    pub group: Option<String>,
    /// What the sector covers; at least one volume.
    pub volumes: Vec<Volume>,
}

impl Sector {
    /// Square degrees of all volumes together; what two of them share counts twice.
    pub fn area(&self) -> f64 {
        self.volumes.iter().flat_map(|volume| &volume.polygons).map(Polygon::area).sum()
    }

    /// Whether one of the volumes holds point and level, its limits moved outwards by `margin_ft`.
    pub fn holds(&self, latitude: f64, longitude: f64, level: Level, margin_ft: f64) -> bool {
        let holds = |volume: &Volume| {
            volume.holds(level, margin_ft) && volume.contains(latitude, longitude)
        };
        self.volumes.iter().any(holds)
    }
}

/// An airspace file, ready to be asked. Never changes.
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
    /// An airspace of `sectors` in file order. With an empty `boundary` the sectors together are it.
    pub fn new(
        boundary: Vec<Polygon>,
        sectors: Vec<Sector>,
        revision: String,
        is_approximate: bool,
    ) -> Self {
        // In billionths of a square degree: the same shape drawn from another vertex differs in the
        // last digits of its area, and must still tie.
        let areas: Vec<f64> = sectors.iter().map(|sector| (sector.area() * 1e9).round()).collect();
        let mut smallest_first: Vec<usize> = (0..sectors.len()).collect();
        smallest_first.sort_by(|&a, &b| areas[a].total_cmp(&areas[b])); // stable: ties by file order
        let transition_altitude_ft = TRANSITION_ALTITUDE_FT;
        Self { boundary, sectors, smallest_first, transition_altitude_ft, revision, is_approximate }
    }

    /// The same airspace with a transition altitude of its own.
    pub fn with_transition_altitude(self, transition_altitude_ft: f64) -> Self {
        Self { transition_altitude_ft, ..self }
    }

    /// Whether the boundary holds the point; its edges and vertices belong to it.
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        if self.boundary.is_empty() {
            let mut volumes = self.sectors.iter().flat_map(|sector| &sector.volumes);
            return volumes.any(|volume| volume.contains(latitude, longitude));
        }
        self.boundary.iter().any(|polygon| polygon.contains(latitude, longitude))
    }

    /// The sector that is recorded: of those that hold the point and the altitude, the one of the
    /// smallest area, and of equal ones the first in the file. Does not ask the boundary.
    pub fn primary_sector(
        &self,
        latitude: f64,
        longitude: f64,
        altitude_ft: i32,
        qnh_mb: Option<i32>,
    ) -> Option<&Arc<str>> {
        self.sectors_at(latitude, longitude, altitude_ft, qnh_mb).next().map(|sector| &sector.id)
    }

    /// All sectors that hold the point and the altitude, the primary one first.
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

    /// Whether a flight in sector `id` that is exactly in none of its volumes stays in it, since it
    /// is above or below one by no more than `hysteresis_ft`.
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

    /// How high a flight is in this airspace.
    pub fn level(&self, altitude_ft: i32, qnh_mb: Option<i32>) -> Level {
        Level::new(altitude_ft, qnh_mb, self.transition_altitude_ft)
    }

    /// Feet: limits up to it are altitudes, those above it flight levels.
    pub fn transition_altitude_ft(&self) -> f64 {
        self.transition_altitude_ft
    }

    /// The sectors in the order in which they are preferred: by area, then by file order.
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

    /// 12 hex digits that name the file's text.
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// Whether the file says of itself that it is drawn roughly.
    pub fn is_approximate(&self) -> bool {
        self.is_approximate
    }
}

#[cfg(test)]
mod tests;
