//! The rules of movements at airports.

mod naive;
mod nearest;
mod properties;
mod stored;
mod table;
mod vectors;

use super::*;
use crate::{Time, sample};

/// A point this far east of an airport, on its parallel.
fn east_of(airport: &Airport, nm: f64) -> (f64, f64) {
    let per_degree = 60.040_460 * airport.latitude.to_radians().cos();
    (airport.latitude, airport.longitude + nm / per_degree)
}

fn airport(icao: &str, latitude: f64, longitude: f64, elevation_ft: f64) -> Airport {
    Airport { icao: icao.into(), latitude, longitude, elevation_ft }
}

/// Sydney; a field 800 ft high in its circuit, 4 NM east of it; and one far away.
fn airports() -> Airports {
    let sydney = airport("YSSY", -33.9461, 151.1772, 21.0);
    let (latitude, longitude) = east_of(&sydney, 4.0);
    let hill = airport("YHIL", latitude, longitude, 800.0);
    Airports::new([sydney, hill, airport("YMML", -37.6733, 144.8433, 434.0)])
}

/// An observation at this second, a little east of Sydney.
fn at_sydney(second: i64, groundspeed: Option<i32>, altitude: i32) -> Observed {
    let (latitude, longitude) = east_of(&airports().get("YSSY").expect("an airport").clone(), 0.5);
    let at = sample::time(second);
    Observed { at, published: at, latitude, longitude, altitude, groundspeed }
}

/// The movements of one flight, each with the number of the observation that showed it.
fn movements(observations: &[Observed]) -> Vec<(usize, Happened)> {
    let (airports, thresholds) = (airports(), Thresholds::default());
    let mut state = AirportState::default();
    let mut all = Vec::new();
    for (number, seen) in observations.iter().enumerate() {
        let (next, happened) = state.step(seen, &airports, &thresholds);
        all.extend(happened.map(|happened| (number, happened)));
        state = next;
    }
    all
}

/// The movements as `kind icao at`, where `at` is a second.
fn told(observations: &[Observed]) -> Vec<String> {
    let second = |time: Time| (time - sample::time(0)).num_seconds();
    let movements = movements(observations).into_iter();
    let told = movements.map(|(_, Happened { kind, icao, fix })| {
        format!("{} {icao} {}", kind.as_str(), second(fix.at))
    });
    told.collect()
}
