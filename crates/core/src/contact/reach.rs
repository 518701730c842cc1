//! How far two radios hear each other.

use crate::controller::Antenna;

/// Mean radius of the earth in nautical miles.
const EARTH_NM: f64 = 3_440.065;
const METRES_PER_FOOT: f64 = 0.3048;
/// What the network takes for a height at or below the sea, and we for one that cannot be true.
const ASSUMED_M: f64 = 50.0;
/// Nothing that flies on the network is higher.
const HIGHEST_M: f64 = 30_000.0;

/// A place with what does not change from one comparison to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    latitude: f64,
    longitude: f64,
    cosine: f64,
    /// The square root of the height in feet.
    root_ft: f64,
}

impl Place {
    /// Where a radio is.
    pub fn of(antenna: &Antenna) -> Self {
        let latitude = antenna.latitude.to_radians();
        let is_true = |height: &f64| *height > 0.0 && *height <= HIGHEST_M;
        let height_m = antenna.height_msl_m.filter(is_true).unwrap_or(ASSUMED_M);
        Self {
            latitude,
            longitude: antenna.longitude.to_radians(),
            cosine: latitude.cos(),
            root_ft: (height_m / METRES_PER_FOOT).sqrt(),
        }
    }

    /// The great-circle distance in nautical miles.
    pub fn distance_nm(&self, other: &Self) -> f64 {
        let half = |a: f64, b: f64| ((a - b) / 2.0).sin().powi(2);
        let chord = half(self.latitude, other.latitude)
            + self.cosine * other.cosine * half(self.longitude, other.longitude);
        2.0 * EARTH_NM * chord.sqrt().min(1.0).asin()
    }

    /// How far two radios above the horizon hear each other, in nautical miles. The network's radius of a radio is
    /// 4193.18014745372·√metres in metres, which is 1.25·√feet in nautical miles.
    pub fn horizon_nm(&self, other: &Self) -> f64 {
        1.25 * (self.root_ft + other.root_ft)
    }
}
