//! The boundary, the sectors, and the sector of a position.

use std::{collections::HashMap, sync::Arc};

pub use super::sector::{Sector, Volume};
use super::{
    geometry::Polygon,
    index::Index,
    level::{Level, TRANSITION_ALTITUDE_FT},
    positions::Positions,
};

/// An airspace file, ready to be asked. Never changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Airspace {
    boundary: Vec<Polygon>,
    sectors: Vec<Sector>,
    smallest_first: Vec<usize>,
    by_id: HashMap<Arc<str>, usize>,
    index: Index,
    positions: Positions,
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
        let ids = sectors.iter().enumerate().map(|(at, sector)| (Arc::clone(&sector.id), at));
        let by_id = ids.collect();
        let ranked = smallest_first.iter().map(|&at| &sectors[at]).enumerate();
        let index = Index::of(ranked.flat_map(|(rank, sector)| {
            let polygons = sector.volumes.iter().flat_map(|volume| &volume.polygons);
            polygons.map(move |polygon| (rank, polygon))
        }));
        let transition_altitude_ft = TRANSITION_ALTITUDE_FT;
        Self {
            boundary,
            sectors,
            smallest_first,
            by_id,
            index,
            positions: Positions::default(),
            transition_altitude_ft,
            revision,
            is_approximate,
        }
    }

    /// The same airspace with this transition altitude.
    pub fn with_transition_altitude(self, transition_altitude_ft: f64) -> Self {
        Self { transition_altitude_ft, ..self }
    }

    /// The same airspace with the positions that own its sectors.
    pub fn with_positions(self, positions: Positions) -> Self {
        Self { positions, ..self }
    }

    /// The positions that own sectors.
    pub fn positions(&self) -> &Positions {
        &self.positions
    }

    /// Whether the boundary holds the point; its edges and vertices belong to it.
    pub fn contains(&self, latitude: f64, longitude: f64) -> bool {
        if self.boundary.is_empty() {
            let mut sectors = self.around(latitude, longitude);
            return sectors.any(|sector| sector.covers(latitude, longitude));
        }
        self.boundary.iter().any(|polygon| polygon.contains(latitude, longitude))
    }

    /// Whether the boundary holds the point, and the sector that is recorded where it does. The same as [`contains`]
    /// and [`primary_sector`] together, in one look-up.
    ///
    /// [`contains`]: Self::contains
    /// [`primary_sector`]: Self::primary_sector
    pub fn locate(
        &self,
        latitude: f64,
        longitude: f64,
        altitude_ft: i32,
        qnh_mb: Option<i32>,
    ) -> (bool, Option<&Arc<str>>) {
        let primary = || self.primary_sector(latitude, longitude, altitude_ft, qnh_mb);
        match self.boundary.is_empty() {
            true => match primary() {
                Some(sector) => (true, Some(sector)),
                // It may be above or below all sectors.
                None => (self.contains(latitude, longitude), None),
            },
            false if self.contains(latitude, longitude) => (true, primary()),
            false => (false, None),
        }
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
        let around = self.around(latitude, longitude);
        around.filter(move |sector| sector.holds(latitude, longitude, level, 0.0))
    }

    /// All sectors that hold the point at some altitude, the smallest first.
    pub fn sectors_over(&self, latitude: f64, longitude: f64) -> impl Iterator<Item = &Sector> {
        let around = self.around(latitude, longitude);
        around.filter(move |sector| sector.covers(latitude, longitude))
    }

    /// The sectors of which a box holds the point, the smallest first.
    fn around(&self, latitude: f64, longitude: f64) -> impl Iterator<Item = &Sector> {
        let ranks = self.index.around(latitude, longitude).into_iter();
        ranks.map(|rank| &self.sectors[self.smallest_first[rank]])
    }

    /// The sector of an id.
    pub fn sector(&self, id: &str) -> Option<&Sector> {
        self.by_id.get(id).map(|&at| &self.sectors[at])
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
        self.sector(id).is_some_and(|sector| {
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
