//! The polygons of one feature.

use geojson::{Geometry, GeometryValue, PolygonType};

use super::{
    crs::{self, Crs},
    error::FeatureFault,
    ring::{self, Repairs},
};
use sectorwatch_core::{geometry::Polygon, meetings::Effort};

/// The polygons of a geometry as they are drawn.
#[derive(Debug, Default)]
pub(super) struct Drawn<'a> {
    pub polygons: Vec<&'a PolygonType>,
    /// Members of a collection that have no area, by their type.
    left_out: Vec<&'static str>,
    /// Some member names EPSG:4326.
    names_epsg_4326: bool,
}

impl<'a> Drawn<'a> {
    /// Reads a geometry; collections of polygons, too.
    pub fn of(geometry: Option<&'a Geometry>) -> Result<Self, FeatureFault> {
        let mut drawn = Self::default();
        let Some(geometry) = geometry else {
            return Err(FeatureFault::Geometry { found: "null" });
        };
        drawn.add(geometry, false)?;
        match drawn.polygons.is_empty() {
            true => Err(FeatureFault::Geometry { found: geometry.value.type_name() }),
            false => Ok(drawn),
        }
    }

    fn add(&mut self, geometry: &'a Geometry, is_member: bool) -> Result<(), FeatureFault> {
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

    fn polygons(&mut self, coordinates: &'a [PolygonType]) -> Result<(), FeatureFault> {
        if coordinates.is_empty() || coordinates.iter().any(Vec::is_empty) {
            return Err(FeatureFault::NoPolygon);
        }
        self.polygons.extend(coordinates);
        Ok(())
    }
}

/// What a geometry holds, and what is to be said of it.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    pub polygons: Vec<Polygon>,
    pub repairs: Repairs,
    left_out: Vec<&'static str>,
    pub names_epsg_4326: bool,
}

impl Shapes {
    /// Reads the polygons of a geometry.
    pub fn of(geometry: Option<&Geometry>, effort: &mut Effort) -> Result<Self, FeatureFault> {
        let Drawn { polygons, left_out, names_epsg_4326 } = Drawn::of(geometry)?;
        let mut shapes = Self { left_out, names_epsg_4326, ..Self::default() };
        for (polygon, rings) in polygons.into_iter().enumerate() {
            let mut read = Vec::with_capacity(rings.len());
            for (place, positions) in rings.iter().enumerate() {
                let ring = ring::read(positions, place == 0, &mut shapes.repairs, effort)
                    .map_err(|fault| FeatureFault::Ring { polygon, ring: place, fault })?;
                read.push(ring);
            }
            let holes = read.split_off(1);
            shapes.polygons.extend(read.pop().map(|exterior| Polygon { exterior, holes }));
        }
        Ok(shapes)
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
