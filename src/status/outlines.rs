//! The lines of the map. They never change, and are not part of the JSON.

use std::sync::Arc;

use sectorwatch_core::{
    airspace::{Airspace, Volume},
    geometry::{Polygon, Ring},
    level::Level,
};

/// Longitude and latitude, in degrees. Longitudes continue beyond ±180° where a shape crosses it.
pub type Position = (f64, f64);

/// A polygon: its exterior ring, then its holes. Each ring ends with its first position.
pub type PolygonLines = Vec<Vec<Position>>;

/// Boundary and sectors of the map.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outlines {
    /// Empty when the sectors together are the boundary.
    pub boundary: Vec<PolygonLines>,
    /// In the order of the airspace file.
    pub sectors: Vec<SectorOutline>,
}

/// The lines of one sector.
#[derive(Debug, Clone, PartialEq)]
pub struct SectorOutline {
    /// The id, which is `name` in the status.
    pub id: Arc<str>,
    /// The name for display.
    pub name: String,
    /// Its volumes, which may overlap.
    pub volumes: Vec<VolumeOutline>,
}

/// The lines of one volume, and its limits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VolumeOutline {
    /// Feet, inclusive; `None` has no lower limit.
    pub floor_ft: Option<f64>,
    /// Feet, inclusive; `None` has no upper limit.
    pub ceiling_ft: Option<f64>,
    /// The parts of its shape.
    pub polygons: Vec<PolygonLines>,
}

impl VolumeOutline {
    fn of(volume: &Volume) -> Self {
        Self {
            floor_ft: volume.floor_ft,
            ceiling_ft: volume.ceiling_ft,
            polygons: volume.polygons.iter().map(lines).collect(),
        }
    }

    /// Whether its limits hold the level, by the rule that flights are judged by.
    pub fn holds(&self, level: Level) -> bool {
        level.is_between(self.floor_ft, self.ceiling_ft, 0.0)
    }
}

impl Outlines {
    /// The outlines of the built-in airspace.
    #[cfg(test)]
    pub(crate) fn built_in() -> Self {
        let (airspace, _) = sectorwatch_airspace::load(&[]).expect("the built-in airspace");
        Self::of(&airspace)
    }

    /// Takes the outlines from an airspace.
    pub fn of(airspace: &Airspace) -> Self {
        let sectors = airspace.sectors().iter().map(|sector| SectorOutline {
            id: Arc::clone(&sector.id),
            name: sector.name.clone(),
            volumes: sector.volumes.iter().map(VolumeOutline::of).collect(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ring_of_the_airspace_is_there_longitude_first() {
        let square = |west: i32, size: i32| {
            let (east, north) = (west + size, size);
            format!("[[{west},0],[{east},0],[{east},{north}],[{west},{north}],[{west},0]]")
        };
        let sector = |polygon: &str| {
            format!(
                r#"{{"type":"Feature","properties":{{"role":"sector","id":"S","name":"Shown"}},
                "geometry":{{"type":"Polygon","coordinates":[{polygon}]}}}}"#
            )
        };
        let hole = "[[172,1],[173,1],[173,2],[172,2],[172,1]]";
        let features = [sector(&format!("{},{hole}", square(170, 9))), sector(&square(100, 4))];
        let file = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
        let (airspace, _) = sectorwatch_airspace::parse(&file).expect("an airspace");
        let outlines = Outlines::of(&airspace);
        assert_eq!(outlines.boundary, Vec::<PolygonLines>::new());
        let [sector] = &outlines.sectors[..] else { panic!("{:?}", outlines.sectors) };
        assert_eq!((&*sector.id, sector.name.as_str()), ("S", "Shown"));
        let rings: Vec<_> = sector.volumes.iter().map(|volume| volume.polygons[0].len()).collect();
        assert_eq!(rings, [2, 1], "a hole, and a second volume");
        for (ring, west, east) in [(0, 170.0, 179.0), (1, 172.0, 173.0)] {
            let longitudes =
                sector.volumes[0].polygons[0][ring].iter().map(|(longitude, _)| *longitude);
            let (low, high) = longitudes.fold((f64::MAX, f64::MIN), |(low, high), longitude| {
                (low.min(longitude), high.max(longitude))
            });
            assert_eq!((low, high), (west, east));
        }

        let australia = Outlines::built_in();
        assert_eq!((australia.boundary.len(), australia.sectors.len()), (1, 10));
        assert_eq!(australia.boundary[0][0].first(), australia.boundary[0][0].last());
    }
}
