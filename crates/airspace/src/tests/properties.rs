//! Random airspaces checked with integers: no floats, no library, no preparation.

use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

use super::*;

/// In half degrees, so that a point can be between corners.
type Point = (i64, i64);
type Ring = Vec<Point>;

#[derive(Debug, Clone)]
struct Part {
    id: u8,
    floor_ft: Option<i64>,
    ceiling_ft: Option<i64>,
    /// Each polygon with its holes.
    polygons: Vec<(Ring, Vec<Ring>)>,
}

#[derive(Debug, Clone)]
struct Question {
    at: Point,
    altitude_ft: i64,
    qnh_mb: Option<i64>,
}

const FEET: [i64; 9] = [0, 4_990, 5_000, 5_010, 9_990, 10_000, 10_010, 24_000, 24_500];

fn corner() -> impl Strategy<Value = Point> {
    (0..7_i64, 0..7_i64).prop_map(|(x, y)| (2 * x, 2 * y))
}

/// A triangle, or a rectangle with or without a similar hole.
fn shape() -> impl Strategy<Value = (Ring, Vec<Ring>)> {
    let triangle = prop::array::uniform3(corner())
        .prop_filter("an area", |corners| doubled_area(corners) != 0)
        .prop_map(|corners| (corners.to_vec(), Vec::new()));
    let rectangle =
        (corner(), 1..6_i64, 1..6_i64, any::<bool>()).prop_map(|((x, y), w, h, holed)| {
            let box_of = |x, y, w, h| vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h)];
            let hole = (holed && w > 1 && h > 1).then(|| box_of(x + 2, y, 2 * w - 2, 2 * h - 2));
            (box_of(x, y, 2 * w, 2 * h), hole.into_iter().collect())
        });
    prop_oneof![triangle, rectangle]
}

fn part() -> impl Strategy<Value = Part> {
    let limits = prop::option::of((select(&FEET[..]), select(&FEET[..])));
    (0..4_u8, limits, any::<(bool, bool)>(), prop::collection::vec(shape(), 1..3)).prop_map(
        |(id, limits, (has_floor, has_ceiling), polygons)| {
            let limits = limits.filter(|(a, b)| a != b).map(|(a, b)| (a.min(b), a.max(b)));
            let floor_ft = limits.map(|limits| limits.0).filter(|_| has_floor);
            let ceiling_ft = limits.map(|limits| limits.1).filter(|_| has_ceiling);
            Part { id, floor_ft, ceiling_ft, polygons }
        },
    )
}

fn question() -> impl Strategy<Value = Question> {
    let qnh_mb =
        select(&[None, Some(0), Some(983), Some(1013), Some(1043), Some(800), Some(2144)][..]);
    ((-1..14_i64, -1..14_i64), select(&FEET[..]), -1_000..1_000_i64, any::<bool>(), qnh_mb)
        .prop_map(|(at, near_ft, off_ft, exact, qnh_mb)| Question {
            at,
            altitude_ft: if exact { near_ft } else { near_ft + off_ft },
            qnh_mb,
        })
}

fn cross(a: Point, b: Point, c: Point) -> i64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

fn sides(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    (0..ring.len()).map(|i| (ring[i], ring[(i + 1) % ring.len()]))
}

fn doubled_area(ring: &[Point]) -> i64 {
    sides(ring).map(|(a, b)| a.0 * b.1 - a.1 * b.0).sum::<i64>().abs()
}

fn is_on(ring: &[Point], at: Point) -> bool {
    let between = |a: i64, b: i64, x: i64| a.min(b) <= x && x <= a.max(b);
    sides(ring)
        .any(|(a, b)| cross(a, b, at) == 0 && between(a.0, b.0, at.0) && between(a.1, b.1, at.1))
}

/// Whether the point is inside and not on the ring, by the parity of edges to the east.
fn is_within(ring: &[Point], at: Point) -> bool {
    let crossed = sides(ring)
        .filter(|&(a, b)| (a.1 > at.1) != (b.1 > at.1) && (cross(a, b, at) > 0) == (b.1 > a.1));
    !is_on(ring, at) && crossed.count() % 2 == 1
}

impl Part {
    fn holds(&self, question: &Question, transition_ft: i64) -> bool {
        // In tenths of a foot, because a hectopascal is 28.9 ft.
        let qnh_mb = question.qnh_mb.filter(|qnh| *qnh != 0).unwrap_or(1013).clamp(850, 1100);
        let altitude = question.altitude_ft * 10;
        let pressure = altitude - (qnh_mb - 1013) * 289;
        let of = |limit: i64| if limit <= transition_ft { altitude } else { pressure };
        self.floor_ft.is_none_or(|floor| floor * 10 <= of(floor))
            && self.ceiling_ft.is_none_or(|ceiling| of(ceiling) <= ceiling * 10)
            && self.polygons.iter().any(|(exterior, holes)| {
                (is_on(exterior, question.at) || is_within(exterior, question.at))
                    && !holes.iter().any(|hole| is_within(hole, question.at))
            })
    }

    fn doubled_area(&self) -> i64 {
        let of = |(exterior, holes): &(Ring, Vec<Ring>)| {
            doubled_area(exterior) - holes.iter().map(|hole| doubled_area(hole)).sum::<i64>()
        };
        self.polygons.iter().map(of).sum()
    }

    fn feature(&self) -> Value {
        let ring = |ring: &Ring| -> Vec<[f64; 2]> {
            let closed = ring.iter().chain(ring.first());
            closed.map(|&(x, y)| [x as f64 / 2.0, y as f64 / 2.0]).collect()
        };
        let polygons: Vec<Vec<_>> = self
            .polygons
            .iter()
            .map(|(exterior, holes)| std::iter::once(exterior).chain(holes).map(ring).collect())
            .collect();
        json!({
            "type": "Feature",
            "properties": {"role": "sector", "id": self.id.to_string(),
                "floor_ft": self.floor_ft, "ceiling_ft": self.ceiling_ft},
            "geometry": {"type": "MultiPolygon", "coordinates": polygons},
        })
    }
}

/// The ids of all sectors that contain the point, smallest first, then in the order of the file.
fn expected(parts: &[Part], question: &Question, transition_ft: i64) -> Vec<String> {
    let mut ids: Vec<u8> = Vec::new();
    for part in parts {
        if !ids.contains(&part.id) {
            ids.push(part.id);
        }
    }
    let of = |id: u8| parts.iter().filter(move |part| part.id == id);
    ids.sort_by_key(|&id| of(id).map(Part::doubled_area).sum::<i64>());
    ids.retain(|&id| of(id).any(|part| part.holds(question, transition_ft)));
    ids.iter().map(u8::to_string).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..sectorwatch_seed::config() })]

    #[test]
    fn the_smallest_sector_is_primary(
        parts in prop::collection::vec(part(), 1..7),
        transition_ft in select(&FEET[..]),
        questions in prop::collection::vec(question(), 40),
    ) {
        let features: Vec<Value> = parts.iter().map(Part::feature).collect();
        let text = json!({"type": "FeatureCollection", "features": features,
            "transition_altitude_ft": transition_ft});
        let (airspace, _) = airspace(Contents::read(&text.to_string()).expect("an airspace"));
        for question in &questions {
            let (longitude, latitude) = (question.at.0 as f64 / 2.0, question.at.1 as f64 / 2.0);
            let altitude_ft = i32::try_from(question.altitude_ft).expect("small");
            let qnh_mb = question.qnh_mb.map(|qnh| i32::try_from(qnh).expect("small"));
            let found = airspace.sectors_at(latitude, longitude, altitude_ft, qnh_mb);
            let found: Vec<String> = found.map(|sector| sector.id.to_string()).collect();
            let expected = expected(&parts, question, transition_ft);
            let primary = airspace.primary_sector(latitude, longitude, altitude_ft, qnh_mb);
            prop_assert_eq!(primary.map(|id| id.to_string()), expected.first().cloned());
            prop_assert_eq!(found, expected, "{:?}", question);
        }
    }
}
