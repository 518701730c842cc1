//! Training flights around an aerodrome: an oval whose first straight is the runway.

use std::f64::consts::PI;

use geo::{Destination, Haversine, Point};

use super::aerodromes::METRES_PER_NM;

const STRAIGHT_NM: f64 = 2.5;
const RADIUS_NM: f64 = 0.72;
/// The length of a lap.
pub(super) const LAP_NM: f64 = 2.0 * STRAIGHT_NM + 2.0 * PI * RADIUS_NM;

/// The circuit of a runway. All of it is within 3 NM of the aerodrome.
#[derive(Debug)]
pub(super) struct Circuit {
    /// The direction of the runway, in degrees.
    pub(super) bearing: f64,
}

impl Circuit {
    /// Where an aircraft is after this distance, and its heading.
    pub(super) fn at(&self, aerodrome: Point, flown_nm: f64) -> (Point, f64) {
        let (ahead_nm, right_nm, turned) = oval(flown_nm.rem_euclid(LAP_NM));
        let bearing = self.bearing + right_nm.atan2(ahead_nm).to_degrees();
        let distance_m = ahead_nm.hypot(right_nm) * METRES_PER_NM;
        let place = Haversine.destination(aerodrome, bearing, distance_m);
        (place, (self.bearing + turned.to_degrees()).rem_euclid(360.0))
    }
}

/// The place in the oval, from the middle of the runway, and the angle through which it has turned.
fn oval(flown_nm: f64) -> (f64, f64, f64) {
    let (half_nm, turn_nm) = (STRAIGHT_NM / 2.0, PI * RADIUS_NM);
    if flown_nm < STRAIGHT_NM {
        return (flown_nm - half_nm, 0.0, 0.0);
    }
    let flown_nm = flown_nm - STRAIGHT_NM;
    if flown_nm < turn_nm {
        let angle = flown_nm / RADIUS_NM;
        return (half_nm + RADIUS_NM * angle.sin(), RADIUS_NM * (1.0 - angle.cos()), angle);
    }
    let flown_nm = flown_nm - turn_nm;
    if flown_nm < STRAIGHT_NM {
        return (half_nm - flown_nm, 2.0 * RADIUS_NM, PI);
    }
    let angle = (flown_nm - STRAIGHT_NM) / RADIUS_NM;
    (-half_nm - RADIUS_NM * angle.sin(), RADIUS_NM * (1.0 + angle.cos()), PI + angle)
}
