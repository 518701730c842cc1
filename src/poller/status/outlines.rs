//! The lines of the map. They never change, and are no part of the JSON.

use std::sync::Arc;

use crate::domain::{
    airspace::Airspace,
    geometry::{Polygon, Ring},
};

/// Longitude and latitude, in degrees. Longitudes run on beyond ±180° where a shape crosses it.
pub type Position = (f64, f64);

/// One polygon: its exterior ring, then its holes, each with the first position again at the end.
pub type PolygonLines = Vec<Vec<Position>>;

/// Boundary and sectors, as drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outlines {
    /// Empty when the sectors together are the boundary.
    pub boundary: Vec<PolygonLines>,
    /// In the order of the file.
    pub sectors: Vec<SectorOutline>,
}

/// The lines of one sector.
#[derive(Debug, Clone, PartialEq)]
pub struct SectorOutline {
    /// Its id: the `name` in the status.
    pub id: Arc<str>,
    /// For display.
    pub name: String,
    /// Of all its volumes; they may overlap.
    pub polygons: Vec<PolygonLines>,
}

impl Outlines {
    /// Reads them off the airspace, once.
    pub fn of(airspace: &Airspace) -> Self {
        let sectors = airspace.sectors().iter().map(|sector| SectorOutline {
            id: Arc::clone(&sector.id),
            name: sector.name.clone(),
            polygons: sector
                .volumes
                .iter()
                .flat_map(|volume| &volume.polygons)
                .map(lines)
                .collect(),
        });
        Self {
            boundary: airspace.boundary().iter().map(lines).collect(),
            sectors: sectors.collect(),
        }
    }
}

fn lines(polygon: &Polygon) -> PolygonLines {
    let line = |ring: &Ring| ring.vertices().iter().map(|vertex| (vertex.x, vertex.y)).collect();
    std::iter::once(&polygon.exterior).chain(&polygon.holes).map(line).collect()
}
