//! A small airspace of rectangles, in which a point is located by comparing numbers.

use serde_json::{Value, json};

struct Rectangle {
    south: f64,
    north: f64,
    west: f64,
    east: f64,
}

struct Feature {
    id: &'static str,
    // The second rectangle is a hole.
    shapes: &'static [(Rectangle, Option<Rectangle>)],
    floor_ft: Option<i32>,
    ceiling_ft: Option<i32>,
}

const fn area(south: f64, north: f64, west: f64, east: f64) -> Rectangle {
    Rectangle { south, north, west, east }
}

const fn feature(
    id: &'static str,
    floor_ft: Option<i32>,
    ceiling_ft: Option<i32>,
    shapes: &'static [(Rectangle, Option<Rectangle>)],
) -> Feature {
    Feature { id, shapes, floor_ft, ceiling_ft }
}

/// This is between the limits of N and H, one of which is an altitude and the other a flight level.
const TRANSITION_ALTITUDE_FT: i32 = 9_500;
/// The default of the service.
const HYSTERESIS_FT: f64 = 100.0;

const BOUNDARY: Rectangle = area(10.0, 20.0, 100.0, 140.0);

/// The sectors are adjacent, overlap with the same size (A, E), are nested (N in A), have a hole
/// (B), lie above others (H), have two volumes with a gap between them (C), or have two parts of
/// which one crosses the boundary (D).
const SECTORS: [Feature; 8] = [
    feature("A", None, None, &[(area(10.0, 15.0, 100.0, 120.0), None)]),
    feature(
        "B",
        None,
        None,
        &[(area(15.0, 20.0, 100.0, 120.0), Some(area(16.0, 18.0, 104.0, 108.0)))],
    ),
    feature("N", None, Some(9_500), &[(area(11.0, 13.0, 104.0, 110.0), None)]),
    feature("H", Some(9_501), Some(30_000), &[(area(10.0, 20.0, 104.0, 106.0), None)]),
    feature("C", None, Some(10_000), &[(area(10.0, 20.0, 120.0, 130.0), None)]),
    feature("C", Some(24_500), None, &[(area(10.0, 20.0, 120.0, 125.0), None)]),
    feature(
        "D",
        None,
        None,
        &[(area(10.0, 12.0, 130.0, 132.0), None), (area(18.0, 22.0, 130.0, 132.0), None)],
    ),
    feature("E", None, None, &[(area(10.0, 15.0, 110.0, 130.0), None)]),
];

impl Rectangle {
    fn holds(&self, latitude: f64, longitude: f64) -> bool {
        (self.south..=self.north).contains(&latitude)
            && (self.west..=self.east).contains(&longitude)
    }

    fn holds_within(&self, latitude: f64, longitude: f64) -> bool {
        self.south < latitude
            && latitude < self.north
            && self.west < longitude
            && longitude < self.east
    }

    fn square_degrees(&self) -> f64 {
        (self.north - self.south) * (self.east - self.west)
    }

    fn ring(&self) -> Value {
        let Self { south, north, west, east } = self;
        json!([[west, south], [east, south], [east, north], [west, north], [west, south]])
    }
}

impl Feature {
    /// Whether the sector contains the point, with its vertical limits extended by `margin_ft` at
    /// both ends.
    fn holds(&self, (latitude, longitude): (f64, f64), height: Height, margin_ft: f64) -> bool {
        let is_above = |floor| height.compared_with(floor) >= f64::from(floor) - margin_ft;
        let is_below = |ceiling| height.compared_with(ceiling) <= f64::from(ceiling) + margin_ft;
        self.floor_ft.is_none_or(is_above)
            && self.ceiling_ft.is_none_or(is_below)
            && self.shapes.iter().any(|(outer, hole)| {
                outer.holds(latitude, longitude)
                    && hole.as_ref().is_none_or(|hole| !hole.holds_within(latitude, longitude))
            })
    }

    fn square_degrees(&self) -> f64 {
        let hole = |hole: &Option<Rectangle>| hole.as_ref().map_or(0.0, Rectangle::square_degrees);
        let shapes = self.shapes.iter();
        shapes.map(|(outer, inner)| outer.square_degrees() - hole(inner)).sum()
    }
}

/// Whether the boundary contains the point.
pub fn contains(latitude: f64, longitude: f64) -> bool {
    BOUNDARY.holds(latitude, longitude)
}

/// The height that a record reports.
#[derive(Clone, Copy)]
pub struct Height {
    pub altitude_ft: i64,
    pub qnh_mb: Option<i64>,
}

impl Height {
    fn compared_with(self, limit_ft: i32) -> f64 {
        if limit_ft <= TRANSITION_ALTITUDE_FT {
            return self.altitude_ft as f64;
        }
        let qnh_mb = self.qnh_mb.filter(|qnh| *qnh != 0);
        let qnh_mb = qnh_mb.map_or(1013, |qnh| qnh.clamp(850, 1100));
        self.altitude_ft as f64 - (qnh_mb - 1013) as f64 * 28.9
    }
}

/// Whether a flight in sector `id` stays in it because of the hysteresis, although it is outside.
pub fn stays(id: &str, at: (f64, f64), height: Height) -> bool {
    let volumes = || SECTORS.iter().filter(|sector| sector.id == id);
    !volumes().any(|volume| volume.holds(at, height, 0.0))
        && volumes().any(|volume| volume.holds(at, height, HYSTERESIS_FT))
}

/// The smallest sector that contains the point, and among sectors of the same size the first in the
/// file.
pub fn primary(at: (f64, f64), height: Height) -> Option<&'static str> {
    let whole = |id: &str| -> f64 {
        let volumes = SECTORS.iter().filter(|sector| sector.id == id);
        volumes.map(Feature::square_degrees).sum()
    };
    let holding = SECTORS.iter().filter(|sector| sector.holds(at, height, 0.0));
    // `min_by` returns the first of several minima.
    holding.map(|sector| sector.id).min_by(|a, b| whole(a).total_cmp(&whole(b)))
}

/// The airspace as GeoJSON.
pub fn geojson() -> String {
    let boundary = json!({"type": "Feature", "properties": {"role": "boundary"},
        "geometry": {"type": "Polygon", "coordinates": [BOUNDARY.ring()]}});
    let sectors = SECTORS.iter().map(|sector| {
        let polygons = sector.shapes.iter().map(|(outer, hole)| {
            let rings = std::iter::once(outer).chain(hole);
            rings.map(Rectangle::ring).collect::<Vec<_>>()
        });
        let mut properties = json!({"role": "sector", "id": sector.id, "name": sector.id});
        if let Some(floor_ft) = sector.floor_ft {
            properties["floor_ft"] = json!(floor_ft);
        }
        if let Some(ceiling_ft) = sector.ceiling_ft {
            properties["ceiling_ft"] = json!(ceiling_ft);
        }
        json!({"type": "Feature", "properties": properties,
            "geometry": {"type": "MultiPolygon", "coordinates": polygons.collect::<Vec<_>>()}})
    });
    let features: Vec<_> = std::iter::once(boundary).chain(sectors).collect();
    json!({"type": "FeatureCollection", "features": features,
        "transition_altitude_ft": TRANSITION_ALTITUDE_FT})
    .to_string()
}
