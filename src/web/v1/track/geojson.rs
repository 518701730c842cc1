//! A track as GeoJSON (RFC 7946).

use serde_json::{Value, json};

use super::FEET_IN_METRES;
use sectorwatch_core::Time;
use sectorwatch_store::api::{Track, TrackPoint};

/// A position on the way, perhaps between two points where the track crosses 180°.
#[derive(Debug, Clone, Copy)]
struct Place {
    longitude: f64,
    latitude: f64,
    altitude_ft: f64,
    at_micros: i64,
}

/// Writes one `Feature`. Heights are metres, as RFC 7946 has them. The times of all positions are in
/// `coordinateProperties.times`, in the arrays of the coordinates.
pub fn feature(callsign: &str, track: &Track) -> Value {
    let parts = parts(&track.points);
    let times = |part: &[Place]| part.iter().map(|place| json!(place.time())).collect::<Value>();
    let lines = |part: &[Place]| part.iter().map(|place| place.coordinates()).collect::<Value>();
    let (geometry, times) = match &parts[..] {
        [] => (Value::Null, json!([])),
        [part] if part.len() == 1 => {
            (json!({"type": "Point", "coordinates": part[0].coordinates()}), times(part))
        }
        [part] => (json!({"type": "LineString", "coordinates": lines(part)}), times(part)),
        parts => {
            let all: Value = parts.iter().map(|part| lines(part)).collect();
            let times = parts.iter().map(|part| times(part)).collect();
            (json!({"type": "MultiLineString", "coordinates": all}), times)
        }
    };
    json!({
        "type": "Feature",
        "id": track.flight_id,
        "geometry": geometry,
        "properties": {
            "flight_id": track.flight_id,
            "callsign": callsign,
            "positions_since": track.positions_since,
            "coordinateProperties": {"times": times},
        },
    })
}

impl Place {
    fn of(point: &TrackPoint) -> Self {
        Self {
            longitude: point.longitude,
            latitude: point.latitude,
            altitude_ft: f64::from(point.altitude),
            at_micros: point.observed_at.timestamp_micros(),
        }
    }

    fn coordinates(&self) -> Value {
        let metres = (self.altitude_ft * FEET_IN_METRES * 10.0).round() / 10.0;
        json!([self.longitude, self.latitude, metres])
    }

    fn time(&self) -> Option<Time> {
        Time::from_timestamp_micros(self.at_micros)
    }
}

/// The parts of a track that do not cross 180°. Where it crosses, one part ends on that meridian and the next one
/// begins there, as RFC 7946 recommends.
fn parts(points: &[TrackPoint]) -> Vec<Vec<Place>> {
    let mut parts: Vec<Vec<Place>> = Vec::new();
    for place in points.iter().map(Place::of) {
        let before = parts.last().and_then(|part| part.last()).copied();
        match before {
            None => parts.push(vec![place]),
            Some(before) => match crossing(before, place) {
                None => parts.last_mut().into_iter().for_each(|part| part.push(place)),
                Some((there, here)) => {
                    // A part that begins where the crossing is needs no second position there.
                    parts.last_mut().into_iter().for_each(|part| part.push(there));
                    parts.push(vec![here, place]);
                }
            },
        }
    }
    parts
}

/// Where the shorter way between two places crosses 180°: the same place on either side.
fn crossing(a: Place, b: Place) -> Option<(Place, Place)> {
    let east = b.longitude - a.longitude;
    if east.abs() <= 180.0 {
        return None;
    }
    let edge = if a.longitude < 0.0 { -180.0 } else { 180.0 };
    let length = 360.0 - east.abs();
    let share = if length > 0.0 { (edge - a.longitude).abs() / length } else { 0.0 };
    let between = |a: f64, b: f64| a + (b - a) * share;
    let there = Place {
        longitude: edge,
        latitude: between(a.latitude, b.latitude),
        altitude_ft: between(a.altitude_ft, b.altitude_ft),
        at_micros: a.at_micros + ((b.at_micros - a.at_micros) as f64 * share) as i64,
    };
    Some((there, Place { longitude: -edge, ..there }))
}
