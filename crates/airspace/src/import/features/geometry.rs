//! The polygons of a geometry, as they are drawn.

use std::{borrow::Cow, fmt};

use geo::Coord;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{DEEPEST, Outline};

/// Polygons of a `Polygon`, a `MultiPolygon` or a `GeometryCollection` of them.
///
/// # Errors
/// Says what is wrong, and names the point where it is one.
pub(super) fn outlines(geometry: &RawValue) -> Result<Vec<Outline>, String> {
    let mut polygons = Vec::new();
    add(geometry, &mut polygons, 0)?;
    for (polygon, rings) in (1..).zip(&polygons) {
        for (ring, points) in (1..).zip(rings) {
            for (position, &Point(point)) in (1..).zip(points) {
                if !is_on_globe(point) {
                    let Coord { x, y } = point;
                    return Err(format!(
                        "position {position} of ring {ring} of polygon {polygon}, [{x}, {y}], \
                         is not on the globe"
                    ));
                }
            }
        }
    }
    let outlines: Vec<Outline> = polygons.into_iter().filter_map(outline).collect();
    if outlines.is_empty() {
        return Err("its geometry has no polygon".into());
    }
    Ok(outlines)
}

/// Longitudes beyond 180 are a way to cross the antimeridian.
fn is_on_globe(Coord { x, y }: Coord) -> bool {
    y.abs() <= 90.0 && x.abs() <= 360.0
}

fn outline(rings: Rings) -> Option<Outline> {
    let mut rings =
        rings.into_iter().map(|points| points.into_iter().map(|Point(point)| point).collect());
    let exterior: Vec<Coord> = rings.next()?;
    (!exterior.is_empty()).then(|| Outline { exterior, holes: rings.collect() })
}

type Rings = Vec<Vec<Point>>;

/// A geometry, its coordinates unread.
#[derive(Deserialize)]
struct Shape<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    coordinates: Option<&'a RawValue>,
    #[serde(borrow, default)]
    geometries: Option<Vec<&'a RawValue>>,
}

fn add(geometry: &RawValue, polygons: &mut Vec<Rings>, depth: usize) -> Result<(), String> {
    let bad = |error: serde_json::Error| format!("its geometry: {error}");
    let shape: Shape = serde_json::from_str(geometry.get()).map_err(bad)?;
    let coordinates = || shape.coordinates.map(RawValue::get).ok_or("its geometry is empty");
    // The line is counted from where the coordinates begin.
    let bad = |error: serde_json::Error| format!("its coordinates: {error}");
    match &*shape.kind {
        "Polygon" => polygons.push(serde_json::from_str(coordinates()?).map_err(bad)?),
        "MultiPolygon" => {
            polygons.extend(serde_json::from_str::<Vec<Rings>>(coordinates()?).map_err(bad)?);
        }
        "GeometryCollection" if depth < DEEPEST => {
            for inner in shape.geometries.unwrap_or_default() {
                add(inner, polygons, depth + 1)?;
            }
        }
        "GeometryCollection" => {
            return Err(format!("its geometries are in one another more than {DEEPEST} deep"));
        }
        other => return Err(format!("its geometry is a {other}, no polygon")),
    }
    Ok(())
}

/// Longitude and latitude; an altitude behind them is skipped.
struct Point(Coord);

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Numbers;

        impl<'de> Visitor<'de> for Numbers {
            type Value = Point;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("a point of longitude and latitude")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Point, A::Error> {
                use serde::de::Error as _;
                let mut next = |already| {
                    let number = numbers.next_element::<f64>()?;
                    number.ok_or_else(|| A::Error::invalid_length(already, &self))
                };
                let (x, y) = (next(0)?, next(1)?);
                while numbers.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Point(Coord { x, y }))
            }
        }

        deserializer.deserialize_seq(Numbers)
    }
}
