//! The polygons of one feature.

use geojson::{Geometry, GeometryValue, PolygonType};

use super::{
    crs::{self, Crs},
    error::FeatureFault,
    ring::{self, Repairs},
};
use sectorwatch_core::geometry::Polygon;

/// The polygons of a geometry, and notes on it.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    pub polygons: Vec<Polygon>,
    pub repairs: Repairs,
    /// The types of members without an area.
    pub left_out: Vec<&'static str>,
    /// Whether a member names EPSG:4326.
    pub names_epsg_4326: bool,
}

impl Shapes {
    /// Reads a geometry, including collections of polygons.
    pub fn of(geometry: Option<&Geometry>) -> Result<Self, FeatureFault> {
        let mut shapes = Self::default();
        let Some(geometry) = geometry else {
            return Err(FeatureFault::Geometry { found: "null" });
        };
        shapes.add(geometry, false)?;
        match shapes.polygons.is_empty() {
            true => Err(FeatureFault::Geometry { found: geometry.value.type_name() }),
            false => Ok(shapes),
        }
    }

    fn add(&mut self, geometry: &Geometry, is_member: bool) -> Result<(), FeatureFault> {
        let stated = geometry.foreign_members.as_ref().and_then(|members| members.get("crs"));
        let crs = crs::read(stated).map_err(|found| FeatureFault::Crs { found })?;
        self.names_epsg_4326 |= crs == Crs::Epsg4326;
        match &geometry.value {
            GeometryValue::Polygon { coordinates } => {
                self.polygons(std::slice::from_ref(coordinates))
            }
            GeometryValue::MultiPolygon { coordinates } => self.polygons(coordinates),
            GeometryValue::GeometryCollection { geometries } => {
                geometries.iter().try_for_each(|member| self.add(member, true))
            }
            other => {
                self.left_out.extend(is_member.then(|| other.type_name()));
                Ok(())
            }
        }
    }

    fn polygons(&mut self, coordinates: &[PolygonType]) -> Result<(), FeatureFault> {
        if coordinates.is_empty() || coordinates.iter().any(Vec::is_empty) {
            return Err(FeatureFault::NoPolygon);
        }
        for rings in coordinates {
            let polygon = self.polygons.len();
            let mut read = Vec::with_capacity(rings.len());
            for (place, positions) in rings.iter().enumerate() {
                let ring = ring::read(positions, place == 0, &mut self.repairs)
                    .map_err(|fault| FeatureFault::Ring { polygon, ring: place, fault })?;
                read.push(ring);
            }
            let holes = read.split_off(1);
            self.polygons.extend(read.pop().map(|exterior| Polygon { exterior, holes }));
        }
        Ok(())
    }

    /// Warnings about parts that the author may not have intended.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.names_epsg_4326 {
            warnings.push(crs::LATITUDE_FIRST.to_owned());
        }
        warnings.extend(self.repairs.long_edges());
        let mut kinds = self.left_out.clone();
        kinds.sort_unstable();
        warnings.extend(kinds.chunk_by(|a, b| a == b).map(|same| {
            let (number, kind) = (same.len(), same[0]);
            format!("{number} {kind}(s) of its GeometryCollection left out")
        }));
        warnings
    }
}
