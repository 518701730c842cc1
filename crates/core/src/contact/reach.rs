//! How far two radios hear each other.

use crate::{controller::Antenna, distance::great_circle_nm};

const METRES_PER_FOOT: f64 = 0.3048;
/// What the network takes for a height at or below the sea, and we for one that cannot be true.
const ASSUMED_M: f64 = 50.0;
/// Nothing that flies on the network is higher.
const HIGHEST_M: f64 = 30_000.0;

/// Where a radio is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Latitude and longitude in degrees.
    point: (f64, f64),
    /// The square root of the height in feet.
    root_ft: f64,
}

impl Place {
    /// Where a radio is.
    pub fn of(antenna: &Antenna) -> Self {
        let is_true = |height: &f64| *height > 0.0 && *height <= HIGHEST_M;
        let height_m = antenna.height_msl_m.filter(is_true).unwrap_or(ASSUMED_M);
        Self {
            point: (antenna.latitude, antenna.longitude),
            root_ft: (height_m / METRES_PER_FOOT).sqrt(),
        }
    }

    /// The great-circle distance in nautical miles.
    pub fn distance_nm(&self, other: &Self) -> f64 {
        great_circle_nm(self.point, other.point)
    }

    /// How far two radios above the horizon hear each other, in nautical miles. The network's radius of a radio is
    /// 4193.18014745372·√metres in metres, which is 1.25·√feet in nautical miles.
    pub fn horizon_nm(&self, other: &Self) -> f64 {
        1.25 * (self.root_ft + other.root_ft)
    }
}
