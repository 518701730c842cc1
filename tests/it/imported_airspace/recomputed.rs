//! The sectors of a point, computed without the program's own crates and without `geo`: winding numbers and areas in
//! whole numbers, over the JSON as it is.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

/// Parts of a degree. Their products have 30 digits, which an `i128` holds.
const PARTS: f64 = 1e12;
const TURN: i128 = 360_000_000_000_000;
/// The areas of two drawings of one shape differ in their last digits; these parts of a square degree are equal.
const AREA_PARTS: i128 = 1_000_000_000_000_000;

/// Where a flight is.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub latitude: f64,
    pub longitude: f64,
    pub altitude_ft: i64,
    pub qnh_mb: Option<i64>,
}

impl Point {
    /// The position of a pilot's record.
    pub fn of(pilot: &Value) -> Self {
        let degrees = |field: &str| pilot[field].as_f64().expect("degrees");
        Self {
            latitude: degrees("latitude"),
            longitude: degrees("longitude"),
            altitude_ft: pilot["altitude"].as_i64().expect("feet"),
            qnh_mb: pilot["qnh_mb"].as_i64(),
        }
    }

    /// What a limit is compared with.
    fn height(&self, limit_ft: f64, transition_ft: f64) -> f64 {
        if limit_ft <= transition_ft {
            return self.altitude_ft as f64;
        }
        let qnh_mb = self.qnh_mb.filter(|qnh| *qnh != 0).map_or(1013, |qnh| qnh.clamp(850, 1100));
        self.altitude_ft as f64 - (qnh_mb - 1013) as f64 * 28.9
    }
}

/// A place in parts of a degree: east, north.
type Place = (i128, i128);

struct Volume {
    sector: String,
    floor_ft: Option<f64>,
    ceiling_ft: Option<f64>,
    /// Each an exterior with its holes.
    polygons: Vec<Vec<Ring>>,
}

struct Ring {
    places: Vec<Place>,
    least: Place,
    most: Place,
}

/// Where a point is, seen from a ring or what is made of rings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Outside,
    Inside,
    /// Closer to an edge than can be judged.
    Edge,
}

/// An airspace file.
pub struct Airspace {
    volumes: Vec<Volume>,
    /// By sector: its area, in which equal drawings are equal, and its place in the file.
    order: BTreeMap<String, (i128, usize)>,
    transition_ft: f64,
}

impl Airspace {
    pub fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).expect("the profile");
        Self::of(&serde_json::from_str(&text).expect("JSON"))
    }

    /// Reads a collection without a boundary.
    pub fn of(collection: &Value) -> Self {
        let features = collection["features"].as_array().expect("features");
        let volumes: Vec<Volume> = features.iter().map(Volume::of).collect();
        let mut order = BTreeMap::<String, (i128, usize)>::new();
        for volume in &volumes {
            let next = order.len();
            order.entry(volume.sector.clone()).or_insert((0, next)).0 += volume.twice_the_area();
        }
        for (area, _) in order.values_mut() {
            // Half of it, to the nearest part.
            *area = (*area + AREA_PARTS) / (2 * AREA_PARTS);
        }
        let transition_ft = collection["transition_altitude_ft"].as_f64().unwrap_or(10_000.0);
        Self { volumes, order, transition_ft }
    }

    /// The sectors that hold a point, the recorded one first; `None` where the point is closer than `margin` degrees to
    /// an edge on which that depends.
    pub fn sectors_at(&self, point: &Point, margin: f64) -> Option<Vec<&str>> {
        let mut found: Vec<&str> = Vec::new();
        for volume in self.volumes.iter().filter(|it| it.reaches(point, self.transition_ft)) {
            match volume.side(point, margin) {
                Side::Edge => return None,
                Side::Inside if !found.contains(&&*volume.sector) => found.push(&volume.sector),
                Side::Inside | Side::Outside => {}
            }
        }
        found.sort_by_key(|sector| self.order[*sector]);
        Some(found)
    }

    /// Whether a point is in some sector, whatever its altitude; `None` closer than `margin` to an edge on which that
    /// depends.
    pub fn covers(&self, point: &Point, margin: f64) -> Option<bool> {
        let sides = self.volumes.iter().map(|volume| volume.side(point, margin));
        match sides.fold(Side::Outside, |all, side| match (all, side) {
            (Side::Inside, _) | (_, Side::Inside) => Side::Inside,
            _ => all.max(side),
        }) {
            Side::Inside => Some(true),
            Side::Outside => Some(false),
            Side::Edge => None,
        }
    }

    /// The first of the points that each volume covers, exactly at each of its limits.
    pub fn at_limits(&self, points: &[Point]) -> Vec<Point> {
        let of_volume = |volume: &Volume| {
            let limits = [volume.floor_ft, volume.ceiling_ft].into_iter().flatten();
            let mut limits = limits.filter(|limit_ft| limit_ft.fract() == 0.0).peekable();
            let is_inside = |point: &&Point| volume.side(point, 0.0) == Side::Inside;
            let point = limits.peek().and_then(|_| points.iter().find(is_inside));
            let at = |limit_ft: f64| {
                let altitude_ft = limit_ft as i64;
                point.map(|point| Point { altitude_ft, qnh_mb: None, ..point.clone() })
            };
            limits.filter_map(at).collect::<Vec<_>>()
        };
        self.volumes.iter().flat_map(of_volume).collect()
    }
}

impl Volume {
    fn of(feature: &Value) -> Self {
        let (properties, geometry) = (&feature["properties"], &feature["geometry"]);
        assert_eq!(properties["role"], "sector", "the sectors are the boundary");
        let coordinates = geometry["coordinates"].as_array().expect("coordinates");
        let rings = |rings: &Value| -> Vec<Ring> {
            rings.as_array().expect("rings").iter().map(Ring::of).collect()
        };
        let polygons = match geometry["type"].as_str() {
            Some("Polygon") => vec![rings(&geometry["coordinates"])],
            Some("MultiPolygon") => coordinates.iter().map(rings).collect(),
            other => panic!("{other:?} is no polygon"),
        };
        Self {
            sector: properties["id"].as_str().expect("an id").to_owned(),
            floor_ft: properties["floor_ft"].as_f64(),
            ceiling_ft: properties["ceiling_ft"].as_f64(),
            polygons,
        }
    }

    fn reaches(&self, point: &Point, transition_ft: f64) -> bool {
        let height = |limit_ft| point.height(limit_ft, transition_ft);
        self.floor_ft.is_none_or(|floor_ft| height(floor_ft) >= floor_ft)
            && self.ceiling_ft.is_none_or(|ceiling_ft| height(ceiling_ft) <= ceiling_ft)
    }

    fn side(&self, point: &Point, margin: f64) -> Side {
        let sides = self.polygons.iter().map(|rings| {
            let mut sides = rings.iter().map(|ring| ring.side(point, margin));
            let exterior = sides.next().unwrap_or(Side::Outside);
            match (exterior, sides.max().unwrap_or(Side::Outside)) {
                (Side::Outside, _) => Side::Outside,
                (Side::Edge, _) | (_, Side::Edge) => Side::Edge,
                (Side::Inside, Side::Inside) => Side::Outside,
                (Side::Inside, Side::Outside) => Side::Inside,
            }
        });
        sides.max().unwrap_or(Side::Outside)
    }

    fn twice_the_area(&self) -> i128 {
        let of_polygon = |rings: &Vec<Ring>| -> i128 {
            let (exterior, holes) = rings.split_first().expect("an exterior");
            exterior.twice_the_area() - holes.iter().map(Ring::twice_the_area).sum::<i128>()
        };
        self.polygons.iter().map(of_polygon).sum()
    }
}

impl Ring {
    fn of(positions: &Value) -> Self {
        let places: Vec<Place> = positions
            .as_array()
            .expect("positions")
            .iter()
            .map(|position| {
                let part = |at: usize| position[at].as_f64().expect("a number");
                (parts(part(0)), parts(part(1)))
            })
            .collect();
        let (east, north) =
            (places.iter().map(|place| place.0), places.iter().map(|place| place.1));
        let least = (east.clone().min().unwrap_or(0), north.clone().min().unwrap_or(0));
        let most = (east.max().unwrap_or(0), north.max().unwrap_or(0));
        Self { places, least, most }
    }

    fn edges(&self) -> impl Iterator<Item = (Place, Place)> {
        self.places.iter().copied().zip(self.places.iter().copied().skip(1))
    }

    /// −180° is 180°, and a ring may run on beyond it: a turn to either side is the same place.
    fn side(&self, point: &Point, margin: f64) -> Side {
        let (east, north) = (parts(point.longitude), parts(point.latitude));
        let sides = [-TURN, 0, TURN].map(|turn| self.side_of((east + turn, north), margin));
        sides.into_iter().max().unwrap_or(Side::Outside)
    }

    fn side_of(&self, point: Place, margin: f64) -> Side {
        let reach = parts(margin);
        let is_beside = point.0 < self.least.0 - reach
            || point.0 > self.most.0 + reach
            || point.1 < self.least.1 - reach
            || point.1 > self.most.1 + reach;
        if is_beside {
            return Side::Outside;
        }
        if self.edges().any(|edge| distance(point, edge) <= margin) {
            return Side::Edge;
        }
        let mut winding = 0;
        for (from, to) in self.edges() {
            let left = turn(from, to, point);
            if from.1 <= point.1 && to.1 > point.1 && left > 0 {
                winding += 1;
            } else if from.1 > point.1 && to.1 <= point.1 && left < 0 {
                winding -= 1;
            }
        }
        if winding == 0 { Side::Outside } else { Side::Inside }
    }

    fn twice_the_area(&self) -> i128 {
        let Some(&origin) = self.places.first() else { return 0 };
        self.edges().map(|(from, to)| turn(origin, from, to)).sum::<i128>().abs()
    }
}

/// The nearest part of a degree.
fn parts(degrees: f64) -> i128 {
    (degrees * PARTS).round() as i128
}

/// Positive where `c` is on the left of the line from `a` to `b`.
fn turn(a: Place, b: Place, c: Place) -> i128 {
    (b.0 - a.0) * (c.1 - a.1) - (c.0 - a.0) * (b.1 - a.1)
}

/// Degrees from a point to an edge.
fn distance(point: Place, (from, to): (Place, Place)) -> f64 {
    let degrees = |a: Place, b: Place| ((b.0 - a.0) as f64 / PARTS, (b.1 - a.1) as f64 / PARTS);
    let (edge, way) = (degrees(from, to), degrees(from, point));
    let length = edge.0.hypot(edge.1);
    if length == 0.0 {
        return way.0.hypot(way.1);
    }
    let along = (way.0 * edge.0 + way.1 * edge.1) / length;
    match along {
        _ if along < 0.0 => way.0.hypot(way.1),
        _ if along > length => (way.0 - edge.0).hypot(way.1 - edge.1),
        // Exact, where the distance is small beside the coordinates.
        _ => (turn(from, to, point) as f64 / PARTS / PARTS / length).abs(),
    }
}
